-- The calendar: what its walk over a stretch of days reads stands in the index, and how far apart an account's posts should be.
drop index plan_post_due;
create index plan_post_due on plan_post (workspace_id, due_at, id, state, deleted_at) where deleted_at is null;

create table publish_rhythm (
    workspace_id    TEXT not null,
    account_id      TEXT not null,
    min_gap_minutes I64 not null,  -- two posts nearer than this are shown as colliding; 0: never
    primary key (workspace_id, account_id)
);
