-- plan_post: one message. Its variants (one an account) and pictures follow in their own tables, in the writer's order.
create table plan_post (
    workspace_id TEXT not null,
    id           TEXT not null,
    text         TEXT not null,
    lang         TEXT,            -- null: told from the text when sent
    state        I64 not null,    -- 0 draft, 1 scheduled, 2 sending, 3 published, 4 failed, 5 unknown
    due_at       I64,             -- null: no time yet
    created_at   I64 not null,
    updated_at   I64 not null,
    created_by   TEXT,            -- person; null: the system
    deleted_at   I64,             -- taken away; gone for good 30 days later
    version      I64 not null,
    primary key (workspace_id, id)
);
-- The calendar and the lists page through these by (due_at, id).
create index plan_post_due on plan_post (workspace_id, due_at, id) where deleted_at is null;
create index plan_post_state_due on plan_post (workspace_id, state, due_at, id) where deleted_at is null;
create index plan_post_untimed on plan_post (workspace_id, created_at, id) where deleted_at is null and due_at is null;

create table plan_variant (
    workspace_id TEXT not null,
    post_id      TEXT not null,
    ordinal     I64 not null,
    account_id   TEXT not null,
    text         TEXT,            -- null: the post's
    primary key (workspace_id, post_id, ordinal),
    unique (workspace_id, post_id, account_id)
);

create table plan_image (
    workspace_id TEXT not null,
    post_id      TEXT not null,
    ordinal     I64 not null,
    media_id     TEXT not null,
    alt          TEXT not null,
    primary key (workspace_id, post_id, ordinal)
);
