-- What people say to the accounts, and how reading an account's talk stands.

-- Deliveries as other features' statements may see them.
create view publish_v_delivery as
    select workspace_id, id, post_id, account_id, state, text, remote_id, published_at from publish_delivery;

create table engage_talk (
    workspace_id   TEXT not null,
    id             TEXT not null,
    account_id     TEXT not null,
    remote_id      TEXT not null,    -- the network's id: the same thing told twice is one row
    kind           I64 not null,     -- 0 comment, 1 mention, 2 message
    text           TEXT not null,
    post_remote_id TEXT,             -- the own post it stands under
    parent_id      TEXT,             -- remote id of what it answers
    conversation   TEXT,             -- of a message: where an answer goes
    author_id      TEXT not null,
    author_handle  TEXT not null,
    author_name    TEXT not null,
    url            TEXT not null,
    reply_token    TEXT,             -- LINE: answers for free for a minute; useless after that
    at             I64 not null,
    received_at    I64 not null,
    is_own         BOOL not null,    -- said by the account itself, here or elsewhere
    is_deleted     BOOL not null,
    answer_id      TEXT,             -- our last answer: a delivery
    primary key (workspace_id, id)
);
create unique index engage_talk_remote on engage_talk (workspace_id, account_id, remote_id);
create index engage_talk_at on engage_talk (workspace_id, at, id);
create index engage_talk_post on engage_talk (workspace_id, account_id, post_remote_id, at) where post_remote_id is not null;

create table engage_account (
    workspace_id TEXT not null,
    account_id   TEXT not null,
    cursor       TEXT,               -- where reading goes on; null: from the start
    read_at      I64,
    failures     I64 not null,       -- in a row
    primary key (workspace_id, account_id)
);
