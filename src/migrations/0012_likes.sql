-- Others' campaigns that a workspace keeps an eye on, so that its own do not repeat them by accident.
create table plan_tracked (
    workspace_id TEXT not null,
    id           TEXT not null,
    who          TEXT not null,    -- whose campaign it is
    text         TEXT not null,
    url          TEXT,             -- where it was seen
    on_day       I64 not null,     -- when it ran: YYYYMMDD
    created_at   I64 not null,
    created_by   TEXT,             -- person; null: the system
    primary key (workspace_id, id)
);
-- What changed since an index of texts was last brought up to date.
create index plan_post_changed on plan_post (workspace_id, updated_at, id);
