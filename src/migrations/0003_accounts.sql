-- accounts_account: one row an account on a network. A disconnected one keeps its row (its history stays) but not its grant.
create table accounts_account (
    workspace_id       TEXT not null,
    id                 TEXT not null,
    network            TEXT not null,
    service            TEXT not null,  -- base URL of the server the account lives on
    remote_id          TEXT not null,  -- the network's stable id
    handle             TEXT not null,
    display_name       TEXT not null,
    avatar_url         TEXT not null,
    grant_sealed       TEXT,           -- tokens, sealed for this account; null once disconnected
    grant_version      I64 not null,   -- counts every stored grant: a refresh replaces only the one it started from
    access_expires_at  I64,
    refresh_expires_at I64,
    is_own_service     BOOL not null,  -- the service came from our own configuration: it may be a private address
    state              I64 not null,   -- 0 ok, 1 needs_reconnect, 2 paused
    state_reason       TEXT,
    connected_at       I64 not null,
    disconnected_at    I64,
    checked_at         I64,            -- last successful call
    followers          I64,
    followers_as_of    I64,
    lease_owner        TEXT,           -- who refreshes just now
    lease_until        I64,
    primary key (workspace_id, id),
    unique (workspace_id, network, remote_id)
);
