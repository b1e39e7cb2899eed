-- What a workspace wants to reach, and what was out of the ordinary.

-- A goal: a count that stands (followers) on a day, or a sum over the days until then.
create table measure_goal (
    workspace_id TEXT not null,
    id           TEXT not null,
    name         TEXT not null,
    metric       TEXT not null,    -- as hib_measure_daily knows it
    account_id   TEXT,             -- null: all together
    starts_on    I64 not null,     -- yyyymmdd in the workspace's zone
    due_on       I64 not null,     -- the last day that counts
    target       I64 not null,
    owner_id     TEXT,             -- person; null: nobody's
    outcome      I64 not null,     -- 0 open, 1 reached, 2 missed
    settled_at   I64,
    created_at   I64 not null,
    created_by   TEXT,             -- person; null: the system
    updated_at   I64 not null,
    archived_at  I64,
    version      I64 not null,
    primary key (workspace_id, id)
);

-- A stretch of days on which a metric of an account was not as it usually is.
create table measure_anomaly (
    workspace_id TEXT not null,
    id           TEXT not null,
    metric       TEXT not null,
    account_id   TEXT not null,
    first_day    I64 not null,     -- yyyymmdd
    last_day     I64 not null,
    is_above     BOOL not null,
    actual       F64 not null,     -- what those days came to
    expected     F64 not null,     -- what was to be expected of them
    low          F64 not null,     -- 95 % of that
    high         F64 not null,
    surprise     F64 not null,     -- how far off, in usual errors
    status       I64 not null,     -- 0 open, 1 dismissed, 2 explained
    note         TEXT not null,
    found_at     I64 not null,
    updated_at   I64 not null,
    updated_by   TEXT,             -- person; null: the system
    version      I64 not null,
    primary key (workspace_id, id)
);
create unique index measure_anomaly_begin on measure_anomaly (workspace_id, account_id, metric, first_day);
create index measure_anomaly_last on measure_anomaly (workspace_id, last_day);

-- How far the search for them went.
create table measure_looked (
    workspace_id TEXT not null,
    day          I64 not null,     -- the last day that was looked at
    primary key (workspace_id)
);
