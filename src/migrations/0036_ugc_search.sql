-- Public posts are searched for hashtags at the networks; the networks' own rules of a giveaway are answered one by one; winners hear it by message too.
alter table ugc_setting add column networks TEXT not null default '';       -- where the hashtags are searched for, a blank between; '': nowhere
alter table ugc_setting add column most_a_day I64 not null default 200;     -- posts read a day at most, at a network that charges for them
alter table ugc_item add column remote_id TEXT;                             -- the network's own id, of what a search found; null: heard, or added by hand
alter table ugc_item add column tag TEXT not null default '';               -- the hashtag that was searched for; '': none was
create index ugc_item_remote on ugc_item (workspace_id, network, remote_id) where remote_id is not null;
create index ugc_entry_person on ugc_entry (workspace_id, campaign_id, network, author_id);

-- One row a hashtag an account searches for.
create table ugc_search (
    workspace_id TEXT not null,
    account_id   TEXT not null,
    tag          TEXT not null,     -- as it is written, without #
    cursor       TEXT not null,     -- where the next search goes on; '': from the beginning
    searched_at  I64,               -- the last time it worked
    next_at      I64 not null,
    n_found      I64 not null,      -- posts that were new
    day          TEXT not null,     -- YYYY-MM-DD (UTC) of n_day
    n_day        I64 not null,      -- posts read on that day
    fault        TEXT not null,     -- why the last one did not work: a slug of ours, or ''
    said         TEXT not null,     -- and the network's own words
    primary key (workspace_id, account_id, tag)
);

-- Which of the networks' rules somebody answered for a campaign: append-only but for taking an answer back.
create table ugc_tick (
    workspace_id TEXT not null,
    campaign_id  TEXT not null,
    rule         TEXT not null,     -- of rules/promotion.json
    at           I64 not null,
    person_id    TEXT,              -- null: the program
    primary key (workspace_id, campaign_id, rule)
);

-- The direct message beside the answer, where the network can send one.
alter table ugc_winner add column message_id TEXT;                          -- its delivery
alter table ugc_winner add column message_fault TEXT not null default '';   -- the slug of why there is none; ''
