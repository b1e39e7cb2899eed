-- What a post said before: its states one after another, so that they can be compared and brought back. A post that nobody changed has none: it says itself.
create table plan_version (
    workspace_id TEXT not null,
    post_id      TEXT not null,
    version      I64 not null,     -- of the post as this was saved
    began_at     I64 not null,     -- saves of one person within minutes are one state: the first of them
    saved_at     I64 not null,     -- and the last
    saved_by     TEXT,             -- person; null: the system
    is_whole     BOOL not null,    -- nothing more is merged into it
    content      TEXT not null,    -- PostDraft of the contract
    primary key (workspace_id, post_id, version)
);

-- The words a workspace uses again: sets of hashtags, people and brands with their handle on each network, and how its own links are marked.
create table plan_tag_set (
    workspace_id TEXT not null,
    id           TEXT not null,
    name         TEXT not null,
    tags         TEXT not null,    -- without #, one a line
    updated_at   I64 not null,
    version      I64 not null,
    primary key (workspace_id, id),
    unique (workspace_id, name)
);

create table plan_mention (
    workspace_id TEXT not null,
    id           TEXT not null,
    name         TEXT not null,    -- as a text calls it: @{name}
    handles      TEXT not null,    -- "network handle", one a line
    updated_at   I64 not null,
    version      I64 not null,
    primary key (workspace_id, id),
    unique (workspace_id, name)
);

create table plan_link_tags (
    workspace_id TEXT not null,
    is_on        BOOL not null,
    hosts        TEXT not null,    -- own sites, one a line
    medium       TEXT not null,    -- utm_medium
    primary key (workspace_id)
);

-- What utm_campaign says for a campaign; without one, its id.
create table plan_link_code (
    workspace_id TEXT not null,
    campaign_id  TEXT not null,
    code         TEXT not null,
    primary key (workspace_id, campaign_id)
);
