-- People who were deleted while something they had said before was still on its way into the store: it is not stored any more.

create table engage_gone (
    workspace_id TEXT not null,
    account_id   TEXT not null,
    author       TEXT not null,     -- SHA-256 of the account's id and the network's id of them
    at           I64 not null,      -- when they were deleted; the row goes with the days something can be on its way
    primary key (workspace_id, account_id, author)
);
create index engage_gone_at on engage_gone (workspace_id, account_id, at);
create index engage_gone_kept on engage_gone (at);
