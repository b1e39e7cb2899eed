-- accounts_account: one row an account on a network. A disconnected one keeps its row (its history stays) but not its grant.
create table accounts_account (
    workspace_id       TEXT not null,
    id                 TEXT not null,
    network            TEXT not null,
    service            TEXT not null,  -- base URL of the server the account lives on
    remote_id          TEXT not null,  -- the network's stable id
    login              TEXT not null,  -- what a person typed to connect it: handle or channel id; '' where nothing was typed
    handle             TEXT not null,
    display_name       TEXT not null,
    avatar_url         TEXT not null,
    grant_sealed       TEXT,           -- tokens, sealed for this account; null once disconnected
    grant_version      I64 not null,   -- counts every stored grant: a refresh replaces only the one it started from
    granted_at         I64 not null,   -- when that grant was stored
    access_expires_at  I64,
    refresh_expires_at I64,
    acts_at            I64,            -- when a person must act if no refresh succeeds; null: not known, or never
    is_own_service     BOOL not null,  -- the service came from our own configuration: it may be a private address
    is_practice        BOOL not null,  -- lives on a practice network
    state              I64 not null,   -- 0 ok, 1 needs_reconnect, 2 paused
    state_reason       TEXT,
    connected_at       I64 not null,
    disconnected_at    I64,
    checked_at         I64,            -- last successful call
    error_at           I64,            -- last failed call, in the network's words
    error_class        I64,            -- HibNetClass
    error_status       I64,
    error_code         TEXT,
    error_text         TEXT,
    rate_remaining     I64,            -- calls left in the network's rate window, as it last said
    rate_reset_at      I64,
    rate_as_of         I64,
    followers          I64,
    followers_as_of    I64,
    posting_until      I64,            -- the last scheduled post: until then quotas are read every hour
    options            TEXT,           -- the network's own choices for this account, JSON, kept a few minutes
    options_as_of      I64,
    lease_owner        TEXT,           -- who refreshes just now
    lease_until        I64,
    primary key (workspace_id, id),
    unique (workspace_id, network, remote_id)
);

-- A developer app registered with a network. Its webhook verify token is made of the key file and the hook's key, so it is not stored.
create table accounts_app (
    workspace_id  TEXT not null,
    id            TEXT not null,
    network       TEXT not null,
    service       TEXT not null,  -- the network's own, or the instance (Mastodon)
    client_id     TEXT not null,
    secret_sealed TEXT not null,
    is_automatic  BOOL not null,  -- registered by us, not by a person
    created_at    I64 not null,
    changed_at    I64 not null,
    primary key (workspace_id, id),
    unique (workspace_id, network, service)
);

-- A person sent to a network to approve. The state is used once; what came back waits here, sealed, only while there is a choice to make.
create table accounts_connection (
    workspace_id    TEXT not null,
    id              TEXT not null,
    network         TEXT not null,
    service         TEXT not null,
    is_own_service  BOOL not null,
    is_practice     BOOL not null,
    person_id       TEXT not null,
    account_id      TEXT,           -- reconnecting this one
    state_hash      TEXT not null,
    verifier_sealed TEXT not null,
    step            I64 not null,   -- 0 waiting, 1 exchanging, 2 choose, 3 done, 4 failed
    reason          TEXT,           -- slug of the sentence
    message         TEXT,           -- the network's words
    grants_sealed   TEXT,
    account_ids     TEXT not null,  -- JSON list of what was connected
    created_at      I64 not null,
    expires_at      I64 not null,
    changed_at      I64 not null,
    primary key (workspace_id, id)
);
create unique index accounts_connection_state on accounts_connection (state_hash);
create index accounts_connection_expires on accounts_connection (expires_at);

-- What is left of a network's quotas, as it last said; and what we took since, so that there is an answer between two readings.
create table accounts_quota (
    workspace_id TEXT not null,
    account_id   TEXT not null,
    name         TEXT not null,
    used         I64 not null,
    most         I64 not null,  -- -1: no limit
    resets_at    I64,           -- null: a rolling window
    as_of        I64 not null,
    primary key (workspace_id, account_id, name)
);
create table accounts_quota_use (
    workspace_id TEXT not null,
    account_id   TEXT not null,
    name         TEXT not null,
    at           I64 not null,
    id           TEXT not null,
    n            I64 not null,  -- below zero: given back
    primary key (workspace_id, account_id, name, at, id)
);
create index accounts_quota_use_at on accounts_quota_use (at);

-- An address a network may call: of a developer app, or of one account (LINE). The key is random: it is all the address tells.
create table accounts_hook (
    workspace_id  TEXT not null,
    key           TEXT not null,
    network       TEXT not null,
    app_id        TEXT,
    account_id    TEXT,
    secret_sealed TEXT,           -- of the channel; null: the app's
    created_at    I64 not null,
    window_at     I64 not null,   -- the running minute, and calls in it
    window_n      I64 not null,
    n_taken       I64 not null,
    n_refused     I64 not null,
    taken_at      I64,
    refused_at    I64,
    primary key (workspace_id, key)
);
create unique index accounts_hook_key on accounts_hook (key);

-- What networks told us, once each, kept for 30 days. `data` is what was said (JSON): it stands here and in no event and no log.
create table accounts_hook_event (
    workspace_id TEXT not null,
    network      TEXT not null,
    event_id     TEXT not null,
    id           TEXT not null,
    account_id   TEXT not null,
    kind         TEXT not null,  -- talk, publish, follow, unfollow, deauthorized, quota
    remote_id    TEXT,
    data         TEXT not null,
    at           I64 not null,
    received_at  I64 not null,
    primary key (workspace_id, network, event_id)
);
create unique index accounts_hook_event_id on accounts_hook_event (workspace_id, id);
create index accounts_hook_event_received on accounts_hook_event (received_at);
