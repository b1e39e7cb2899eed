-- Ideas on their board, and tasks of people.
create table plan_idea (
    workspace_id TEXT not null,
    id           TEXT not null,
    title        TEXT not null,
    note         TEXT not null,
    status       I64 not null,     -- the column: 0 new, 1 shaping, 2 ready, 3 drafted, 4 dropped
    rank         I64 not null,     -- its place in the column, from the top; with gaps
    campaign_id  TEXT,
    owner_id     TEXT,             -- person who looks after it
    due_on       TEXT,             -- YYYY-MM-DD in the workspace's zone
    url          TEXT,
    media_id     TEXT,
    tags         TEXT not null,    -- one a line
    post_id      TEXT,             -- the draft that was made of it
    created_at   I64 not null,
    updated_at   I64 not null,
    created_by   TEXT,             -- person; null: the system
    version      I64 not null,
    primary key (workspace_id, id)
);
create index plan_idea_board on plan_idea (workspace_id, status, rank, id);

create table plan_task (
    workspace_id TEXT not null,
    id           TEXT not null,
    title        TEXT not null,
    note         TEXT not null,
    assignee_id  TEXT,             -- person; null: anybody
    due_on       TEXT,
    campaign_id  TEXT,
    post_id      TEXT,
    done_at      I64,
    done_by      TEXT,
    created_at   I64 not null,
    updated_at   I64 not null,
    created_by   TEXT,
    version      I64 not null,
    primary key (workspace_id, id)
);
create index plan_task_open on plan_task (workspace_id, due_on, id) where done_at is null;
create index plan_task_done on plan_task (workspace_id, done_at, id) where done_at is not null;
