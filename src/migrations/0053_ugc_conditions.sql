-- A campaign may ask that whoever takes part follows the account, reposted its post or liked it; the network is asked once entries are closed.
alter table ugc_campaign add column asks TEXT not null default '';   -- follow, repost, like; a blank between; '': nothing

-- How asking the network stands: one row a thing asked of an account. Its cursor moves with the facts it brought, in one transaction.
create table ugc_probe (
    workspace_id TEXT not null,
    campaign_id  TEXT not null,
    account_id   TEXT not null,     -- whom it asks, and whom to follow
    network      TEXT not null,
    deed         I64 not null,      -- 0 follow, 1 repost, 2 like
    post         TEXT not null,     -- remote id of the post that is to be reposted or liked; '': none
    cursor       TEXT not null,     -- where it goes on; '': from the start
    n_read       I64 not null,      -- people the network has told of
    begun_at     I64,
    ended_at     I64,               -- null: it goes on
    next_at      I64 not null,
    fault        TEXT not null,     -- why it waits, or could not be: a slug of ours, or ''
    said         TEXT not null,     -- and the network's own words
    primary key (workspace_id, campaign_id, account_id, deed, post)
);

-- What the network said of an entry, and when: what the draw rests on. Never edited but to a better knowledge.
create table ugc_fact (
    workspace_id TEXT not null,
    campaign_id  TEXT not null,
    entry_id     TEXT not null,
    deed         I64 not null,
    outcome      I64 not null,      -- 0 no, 1 yes, 2 could not be checked
    at           I64 not null,
    primary key (workspace_id, campaign_id, entry_id, deed)
);
