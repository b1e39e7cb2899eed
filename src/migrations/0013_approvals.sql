-- Approvals: what a workspace asks for, what was asked about a post, who said what, comments, and links for clients without an account.
create table plan_approval_policy (
    workspace_id TEXT not null primary key, -- no row: nothing is asked for
    mode         I64 not null,     -- 0 none, 1 one person, 2 two persons, 3 one of the team and the client
    remind_after_h I64 not null,   -- hours until those who are asked are reminded
    changed_at   I64 not null
);

-- What is asked about a post. A round ends when the post is edited: the votes of the round before no longer count.
create table plan_approval (
    workspace_id TEXT not null,
    post_id      TEXT not null,
    state        I64 not null,     -- 0 not asked, 1 waiting, 2 approved, 3 changes asked for
    round        I64 not null,
    digest       TEXT not null,    -- of what is judged: texts, pictures, choices; not its time
    note         TEXT,             -- of who asked
    asked_at     I64 not null,
    asked_by     TEXT,             -- person; null: the system
    edited_by    TEXT,             -- who changed the content last
    owed_until   I64,              -- approved urgently by one alone: the others are to look until then
    n_reminders  I64 not null,
    primary key (workspace_id, post_id)
);
create index plan_approval_owed on plan_approval (workspace_id, owed_until, post_id) where owed_until is not null;

create table plan_vote (
    workspace_id TEXT not null,
    id           TEXT not null,
    post_id      TEXT not null,
    round        I64 not null,
    is_approval  BOOL not null,    -- else: changes are asked for
    is_client    BOOL not null,
    is_urgent    BOOL not null,
    person_id    TEXT,             -- null: by a link
    link_id      TEXT,
    name         TEXT not null,
    reason       TEXT,
    client       TEXT not null,    -- the address it came from
    post_version I64 not null,
    at           I64 not null,
    primary key (workspace_id, id)
);
create index plan_vote_post on plan_vote (workspace_id, post_id, at, id);

create table plan_comment (
    workspace_id TEXT not null,
    id           TEXT not null,
    post_id      TEXT not null,
    person_id    TEXT,             -- null: by a link
    link_id      TEXT,
    name         TEXT not null,
    text         TEXT not null,
    is_shared    BOOL not null,    -- clients see it too
    account_id   TEXT,             -- whose own text it is about; null: the post's
    quote        TEXT,             -- the spot, as it read; null: about the whole post
    before       TEXT,             -- what stood around it, to find it again
    after        TEXT,
    start_at     I64,              -- where it stood, in characters
    at           I64 not null,
    resolved_at  I64,
    resolved_by  TEXT,
    primary key (workspace_id, id)
);
create index plan_comment_post on plan_comment (workspace_id, post_id, at, id);

create table plan_review_link (
    workspace_id TEXT not null,
    id           TEXT not null,
    post_id      TEXT not null,
    token_hash   TEXT not null unique,
    name         TEXT not null,    -- for whom it was made
    created_by   TEXT,
    created_at   I64 not null,
    expires_at   I64 not null,
    revoked_at   I64,
    seen_at      I64,              -- opened last
    primary key (workspace_id, id)
);
create index plan_review_link_post on plan_review_link (workspace_id, post_id);

-- For publish/: scheduled posts that must not go out as they are.
create view plan_v_unapproved as
    select p.workspace_id, p.id as post_id
      from plan_approval_policy y join plan_post p on p.workspace_id = y.workspace_id
     where y.mode > 0 and p.state = 1 and p.deleted_at is null
       and not exists (select 1 from plan_approval a where a.workspace_id = p.workspace_id and a.post_id = p.id and a.state = 2);
