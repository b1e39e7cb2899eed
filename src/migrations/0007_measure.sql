-- Readings are append-only; what the screens ask for is kept beside them, written in the same transaction.

-- One reading of one metric: what the network said at that moment. For a delivery, or (delivery_id '') for the account itself.
create table measure_snapshot (
    workspace_id TEXT not null,
    account_id   TEXT not null,
    delivery_id  TEXT not null,
    metric       TEXT not null,
    as_of        I64 not null,
    value        I64 not null,
    primary key (workspace_id, account_id, delivery_id, metric, as_of)
);

-- A published delivery: its newest numbers, and when it is read next.
create table measure_post (
    workspace_id   TEXT not null,
    delivery_id    TEXT not null,
    account_id     TEXT not null,
    post_id        TEXT not null,
    published_at   I64 not null,
    likes          I64,            -- null: never read
    reposts        I64,
    replies        I64,
    quotes         I64,
    engagements    I64 not null,   -- the sum of those known
    engagements_48 I64,            -- at the first reading 48 h after publishing; null while younger
    as_of          I64,            -- of the newest reading
    next_read_at   I64,            -- null: never again
    is_gone        BOOL not null,  -- the network no longer has it
    primary key (workspace_id, delivery_id)
);
create index measure_post_published on measure_post (workspace_id, published_at);
create index measure_post_next on measure_post (workspace_id, account_id, next_read_at);
create index measure_post_read on measure_post (workspace_id, as_of);

-- What came in on one day of the workspace's zone. `day` is yyyymmdd.
create table measure_day (
    workspace_id    TEXT not null,
    day             I64 not null,
    account_id      TEXT not null,
    posts           I64 not null,
    likes           I64 not null,
    reposts         I64 not null,
    replies         I64 not null,
    quotes          I64 not null,
    followers       I64,           -- the last reading of the day; null: none
    followers_as_of I64,
    primary key (workspace_id, day, account_id)
);

-- How collection of an account stands.
create table measure_account (
    workspace_id TEXT not null,
    account_id   TEXT not null,
    read_at      I64,              -- last reading of the account itself
    not_before   I64 not null,     -- no call before this: the network asked for it, or a person must reconnect first; 0: none
    failures     I64 not null,     -- in a row
    primary key (workspace_id, account_id)
);
