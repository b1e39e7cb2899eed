-- Who follows an account, as its network told; readings stay, so that it shows how the audience changes.

-- How asking for it stands; no row: never asked.
create table measure_audience (
    workspace_id TEXT not null,
    account_id   TEXT not null,
    asked_at     I64 not null,     -- the last question
    next_at      I64 not null,     -- the next one
    read_at      I64,              -- the newest reading that told something; null: none yet
    state        I64 not null,     -- as in the contract: 0 told, 1 withheld, 2 refused, 3 unreachable
    total        I64,              -- followers the counts are of; null: not said
    reason       TEXT not null,    -- the network's own words when it refused; ''
    failures     I64 not null,     -- in a row
    primary key (workspace_id, account_id)
);

-- One group of one reading.
create table measure_audience_group (
    workspace_id TEXT not null,
    account_id   TEXT not null,
    read_at      I64 not null,
    part         I64 not null,     -- as in the contract: 0 age, 1 gender …
    name         TEXT not null,
    share        I64 not null,     -- in millionths
    members      I64,              -- null: only the share was said
    primary key (workspace_id, account_id, read_at, part, name)
);
