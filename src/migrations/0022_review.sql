-- Approvals: deputies of approvers who are away, and links that show a client several posts.

-- Who looks in an approver's place while they are away, and whose place a vote was given in.
create table plan_deputy (
    workspace_id TEXT not null,
    person_id    TEXT not null,    -- the approver who is away
    deputy_id    TEXT not null,
    from_on      TEXT not null,    -- YYYY-MM-DD in the workspace's zone, both days included
    until_on     TEXT not null,
    created_at   I64 not null,
    created_by   TEXT,             -- person; null: the system
    primary key (workspace_id, person_id)
);
alter table plan_vote add column for_id TEXT; -- the approver in whose place; null: in the voter's own right

-- A client's link shows one post or several.
create table plan_review_post (
    workspace_id TEXT not null,
    link_id      TEXT not null,
    post_id      TEXT not null,
    ordinal      I64 not null,     -- its place on the page
    primary key (workspace_id, link_id, post_id)
);
create index plan_review_post_post on plan_review_post (workspace_id, post_id);
insert into plan_review_post (workspace_id, link_id, post_id, ordinal) select workspace_id, id, post_id, 0 from plan_review_link;
drop index plan_review_link_post;
alter table plan_review_link drop column post_id;
create index plan_review_link_made on plan_review_link (workspace_id, created_at, id); -- the list of them
