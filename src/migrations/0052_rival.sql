-- Accounts of others that the team compares itself with: public figures only, no texts.

create table measure_rival (
    workspace_id TEXT not null,
    id           TEXT not null,
    network      TEXT not null,
    remote_id    TEXT not null,     -- lasts when the handle changes
    handle       TEXT not null,     -- as it is now
    handle_before TEXT not null,    -- the one before it was renamed; '': it never was
    name         TEXT not null,
    url          TEXT not null,
    followers    I64,               -- null: not told
    posts        I64,
    covers_from  I64 not null,      -- every post since then is in measure_rival_post; 0: all there are
    state        I64 not null,      -- as in the contract
    reason       TEXT not null,     -- the network's own words of a failure; ''
    read_at      I64 not null,      -- the newest figures
    next_at      I64 not null,
    failures     I64 not null,      -- in a row
    created_at   I64 not null,
    created_by   TEXT,              -- person; null: the system
    primary key (workspace_id, id),
    unique (workspace_id, network, remote_id)
);

-- What a post of theirs came to, at the newest reading.
create table measure_rival_post (
    workspace_id TEXT not null,
    rival_id     TEXT not null,
    remote_id    TEXT not null,
    published_at I64 not null,
    engagements  I64 not null,      -- likes, reposts, replies, quotes that were told
    primary key (workspace_id, rival_id, remote_id)
);
create index measure_rival_post_at on measure_rival_post (workspace_id, rival_id, published_at);

-- Their followers, one reading a day of the workspace's zone.
create table measure_rival_day (
    workspace_id TEXT not null,
    rival_id     TEXT not null,
    day          I64 not null,      -- yyyymmdd
    followers    I64 not null,
    primary key (workspace_id, rival_id, day)
);
