-- Campaigns (so far what holds posts together), posts that come again, and the slots of a queue.
create table plan_campaign (
    workspace_id TEXT not null,
    id           TEXT not null,
    name         TEXT not null,
    created_at   I64 not null,
    created_by   TEXT,             -- person; null: the system
    ended_at     I64,              -- put away; its posts keep it
    primary key (workspace_id, id)
);

create table plan_campaign_post (
    workspace_id TEXT not null,
    post_id      TEXT not null,    -- a post belongs to one campaign at most
    campaign_id  TEXT not null,
    primary key (workspace_id, post_id)
);
create index plan_campaign_post_campaign on plan_campaign_post (workspace_id, campaign_id, post_id);

create view plan_v_campaign_post as
    select workspace_id, post_id, campaign_id from plan_campaign_post;

-- A post that comes again by a rule on the wall clock of a zone. Its templates are drafts, taken in turn.
create table publish_series (
    workspace_id TEXT not null,
    id           TEXT not null,
    name         TEXT not null,
    rule         TEXT not null,    -- JSON: see recurrence.h
    zone         TEXT not null,    -- IANA
    state        I64 not null,     -- 0 running, 1 paused, 2 ended
    made_until   I64 not null,     -- occurrences up to here exist as posts
    n_made       I64 not null,     -- which template is next
    version      I64 not null,
    created_at   I64 not null,
    created_by   TEXT,
    primary key (workspace_id, id)
);

create table publish_series_post (
    workspace_id TEXT not null,
    series_id    TEXT not null,
    ordinal      I64 not null,
    post_id      TEXT not null,    -- the template
    primary key (workspace_id, series_id, ordinal)
);

-- One occurrence, named by its instant: made once, whoever makes it.
create table publish_occurrence (
    workspace_id TEXT not null,
    series_id    TEXT not null,
    due_at       I64 not null,
    post_id      TEXT,             -- null: could not be made
    post_version I64 not null,     -- of the post as it was made: has a person touched it since?
    error_reason TEXT,             -- why it could not be scheduled; null: it was
    primary key (workspace_id, series_id, due_at)
);

-- When an account likes to post: wall times of a week in the workspace's zone.
create table publish_slot (
    workspace_id TEXT not null,
    account_id   TEXT not null,
    weekday      I64 not null,     -- 1 Monday … 7
    minute       I64 not null,     -- of the day
    primary key (workspace_id, account_id, weekday, minute)
);
