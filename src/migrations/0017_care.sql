-- Care for what happens: disaster mode is a switch of publish_hold (scope 3); a post that a person cleared goes out in spite of it, and on a sensitive day.
create table publish_cleared (
    workspace_id TEXT not null,
    post_id      TEXT not null,
    reason       TEXT not null,
    at           I64 not null,
    by_id        TEXT,             -- person; null: the system
    primary key (workspace_id, post_id)
);
create table publish_care (
    workspace_id TEXT not null,
    holds_days   BOOL not null,    -- what is due on a day that asks to hold waits for a person
    primary key (workspace_id)
);
