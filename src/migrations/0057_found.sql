-- What was found out about an account's posts, kept for as long as the posts are the same.
create table measure_found (
    workspace_id TEXT not null,
    account_id   TEXT not null,
    basis        TEXT not null,    -- hash of all it was made of: another basis, another answer
    found        TEXT not null,    -- finding_store.c
    found_at     I64 not null,
    primary key (workspace_id, account_id)
);
