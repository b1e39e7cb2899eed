-- Short links on our own domain, their clicks, and how links are named.

create table links_link (
    workspace_id  TEXT not null,
    id            TEXT not null,
    code          TEXT not null,    -- what stands behind /l/
    target        TEXT not null,
    title         TEXT not null,
    ios_url       TEXT,             -- deep links: opened there instead of the target
    android_url   TEXT,
    expires_at    I64,
    click_limit   I64,              -- of people's clicks; null: none
    ended_url     TEXT,             -- where it leads once it ended; null: a page of ours that says so
    post_id       TEXT,             -- made for this post on this account: its clicks are theirs alone
    account_id    TEXT,
    network       TEXT,             -- of that account
    campaign_id   TEXT,
    created_by    TEXT,             -- null: the system
    created_at    I64 not null,
    updated_at    I64 not null,
    archived_at   I64,
    version       I64 not null,
    primary key (workspace_id, id)
);
create unique index links_link_code on links_link (code);
create index links_link_at on links_link (workspace_id, created_at, id);
create index links_link_post on links_link (workspace_id, post_id, account_id) where post_id is not null;
create index links_link_campaign on links_link (workspace_id, campaign_id) where campaign_id is not null;
create index links_link_updated on links_link (updated_at); -- the table in memory is kept fresh by it

-- Another target on one network.
create table links_variant (
    workspace_id TEXT not null,
    link_id      TEXT not null,
    network      TEXT not null,
    target       TEXT not null,
    primary key (workspace_id, link_id, network)
);

-- A click of a person or a program. What a flood adds is only counted (links_hour).
create table links_click (
    workspace_id TEXT not null,
    id           I64 not null,      -- its place in the spool: the same one is stored once
    at           I64 not null,
    link_id      TEXT not null,
    network      TEXT not null,     -- where it was clicked, as far as it can be told; '': it cannot
    referrer     I64 not null,      -- class: HibLinkReferrer
    device       I64 not null,      -- class: HibLinkDevice
    language     TEXT not null,     -- primary subtag; '': none said
    is_bot       BOOL not null,
    visitor      I64 not null,      -- hash salted for the day; tells visitors of one day apart, never who they are
    contact_id   TEXT,              -- of a link made personal
    primary key (workspace_id, at, id)
);
create index links_click_link on links_click (workspace_id, link_id, at);
create index links_click_contact on links_click (workspace_id, contact_id, at) where contact_id is not null;

create table links_hour (
    workspace_id TEXT not null,
    link_id      TEXT not null,
    hour         I64 not null,      -- its first instant
    network      TEXT not null,
    clicks       I64 not null,      -- people's
    visitors     I64 not null,      -- of them the first of a visitor on the day
    bots         I64 not null,
    floods       I64 not null,
    primary key (workspace_id, link_id, hour, network)
);
create index links_hour_at on links_hour (workspace_id, hour);

-- Who was here today (UTC), so that a visitor is counted once; gone with the salt.
create table links_visitor (
    workspace_id TEXT not null,
    link_id      TEXT not null,
    day          I64 not null,
    visitor      I64 not null,
    primary key (workspace_id, link_id, day, visitor)
);
create index links_visitor_day on links_visitor (day);

-- The salt of a day, thrown away when the day is over. Above workspaces: a click is hashed before anybody asks the store.
create table links_salt (
    day  I64 primary key,
    salt TEXT not null
);

-- Where short links live: what stands before a code. One row, written at every start; texts are worded by it where no program is at hand.
create table links_domain (
    id   I64 primary key,          -- 1
    base TEXT not null
);

-- How far a spool of clicks has been taken into the store; written with the clicks.
create table links_spool (
    workspace_id TEXT not null,
    spool        TEXT not null,
    done         I64 not null,      -- records
    at           I64 not null,
    primary key (workspace_id, spool)
);
create index links_spool_at on links_spool (at);

-- How links to own sites are marked was the plan's; links in posts and short links share it now.
create table links_utm (
    workspace_id TEXT not null,
    is_on        BOOL not null,
    hosts        TEXT not null,     -- own sites, one a line
    medium       TEXT not null,     -- utm_medium
    is_lower     BOOL not null,     -- values are lower case
    primary key (workspace_id)
);
insert into links_utm (workspace_id, is_on, hosts, medium, is_lower) select workspace_id, is_on, hosts, medium, false from plan_link_tags;
drop table plan_link_tags;

-- What a utm_ field may say.
create table links_utm_rule (
    workspace_id TEXT not null,
    field        I64 not null,      -- 0 source, 1 medium, 2 campaign, 3 term, 4 content
    is_required  BOOL not null,
    allowed      TEXT not null,     -- values, one a line; '': any
    pattern      TEXT,              -- of a value, with * for any run of characters and ? for one; null: any
    primary key (workspace_id, field)
);

-- Links of a post are made short when it is scheduled.
alter table plan_post add column is_short BOOL not null default false;

-- For the statements of other features.
create view links_v_link as
    select workspace_id, id, code, target, title, post_id, account_id, network, campaign_id, created_at, archived_at from links_link;
create view links_v_click as
    select c.workspace_id, c.id, c.at, c.link_id, c.network, c.referrer, c.device, c.language, c.is_bot, c.visitor, c.contact_id, l.post_id, l.account_id, l.campaign_id
      from links_click c join links_link l on l.workspace_id = c.workspace_id and l.id = c.link_id;
create view links_v_hour as
    select h.workspace_id, h.link_id, h.hour, h.network, h.clicks, h.visitors, h.bots, h.floods, l.post_id, l.account_id, l.campaign_id
      from links_hour h join links_link l on l.workspace_id = h.workspace_id and l.id = h.link_id;
