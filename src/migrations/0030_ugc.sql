-- What customers post about us, whether we may use it, and campaigns people take part in by posting.

-- What is collected without asking, and the words a request is made of. One row a workspace; none: nothing was chosen yet.
create table ugc_setting (
    workspace_id TEXT not null,
    tags         TEXT not null,     -- hashtags without #, folded, a line each
    mentions     BOOL not null,     -- whatever mentions an account
    wording      TEXT not null,     -- with {name} {purpose} {places} {until} {yes}; '': as it comes
    yes_words    TEXT not null,     -- a line each: how somebody agrees
    no_words     TEXT not null,
    talk_id      TEXT not null,     -- how far talk was looked through
    version      I64 not null,
    primary key (workspace_id)
);

create table ugc_item (
    workspace_id  TEXT not null,
    id            TEXT not null,
    talk_id       TEXT,             -- where it came in; null: added by its link
    account_id    TEXT,             -- through which the author can be asked; null: nobody can be asked from here
    network       TEXT not null,
    url           TEXT not null,
    text          TEXT not null,
    author_id     TEXT not null,
    author_handle TEXT not null,
    author_name   TEXT not null,
    attachments   TEXT,             -- as in engage_v_talk; null: none
    posted_at     I64 not null,
    found_at      I64 not null,
    state         I64 not null,     -- 0 found, 1 asked, 2 granted, 3 refused, 4 expired, 5 withdrawn
    purpose       TEXT not null,    -- what was asked for, and where
    places        TEXT not null,
    until_day     TEXT,             -- YYYY-MM-DD, the last day; null: no end
    asked_at      I64,
    asked_text    TEXT,
    delivery_id   TEXT,             -- the request
    answer_id     TEXT,             -- talk that answers it and waits for a person to confirm, or was confirmed
    answer        I64,              -- what it seems to say: 0 unclear, 1 yes, 2 no
    proof         TEXT not null,    -- where the consent stands: a link
    media_id      TEXT,             -- in the library, with its card
    decided_at    I64,
    version       I64 not null,
    primary key (workspace_id, id)
);
create unique index ugc_item_talk on ugc_item (workspace_id, talk_id) where talk_id is not null;
create unique index ugc_item_url on ugc_item (workspace_id, url) where url <> '';
create index ugc_item_found on ugc_item (workspace_id, found_at, id);
create index ugc_item_state on ugc_item (workspace_id, state, found_at, id);
create index ugc_item_until on ugc_item (workspace_id, until_day) where state = 2 and until_day is not null;

-- The request's history: append-only.
create table ugc_step (
    workspace_id TEXT not null,
    item_id      TEXT not null,
    id           TEXT not null,
    at           I64 not null,
    kind         I64 not null,      -- 0 found, 1 asked, 2 answered, 3 granted, 4 refused, 5 expired, 6 withdrawn, 7 media taken
    text         TEXT not null,     -- the words: of the request, the answer, the reason
    ref          TEXT,              -- delivery, talk or media
    person_id    TEXT,              -- null: the program, or the author
    primary key (workspace_id, item_id, id)
);

create table ugc_campaign (
    workspace_id TEXT not null,
    id           TEXT not null,
    campaign_id  TEXT,              -- of plan; null: none
    name         TEXT not null,
    state        I64 not null,      -- 0 draft, 1 open, 2 closed, 3 drawn
    premium      I64 not null,      -- 0 general, 1 joint, 2 all, 3 open: check's kinds
    price_yen    I64 not null,      -- of what is bought
    sales_yen    I64 not null,      -- planned, of what the prizes go with
    opens_at     I64 not null,
    closes_at    I64 not null,
    way          I64 not null,      -- 0 hashtag, 1 mention, 2 comment on a post, 3 message
    tag          TEXT not null,     -- without #, folded; '': none asked for
    post_id      TEXT,              -- whose comments count; null: any
    networks     TEXT not null,     -- a blank between; '': all
    also         TEXT not null,     -- conditions no network tells us, as people write them: checked by a person before winners are told
    staff        TEXT not null,     -- handles that may not take part, a line each
    blocked      TEXT not null,
    n_substitutes I64 not null,
    wording      TEXT not null,     -- to winners: {name} {prize} {deadline} {campaign}
    answer_days  I64 not null,
    checked      TEXT not null,     -- rules of the networks that were ticked, a line each
    talk_id      TEXT not null,     -- how far talk was looked through
    closed_at    I64,
    entries_hash TEXT,              -- SHA-256 of the eligible entries, once closed
    created_at   I64 not null,
    created_by   TEXT,
    version      I64 not null,
    primary key (workspace_id, id)
);
create index ugc_campaign_opens on ugc_campaign (workspace_id, opens_at, id);
create table ugc_prize (
    workspace_id TEXT not null,
    campaign_id  TEXT not null,
    at           I64 not null,      -- its place, from 0: the first is drawn first
    name         TEXT not null,
    n            I64 not null,
    value_yen    I64 not null,
    primary key (workspace_id, campaign_id, at)
);

create table ugc_entry (
    workspace_id  TEXT not null,
    campaign_id   TEXT not null,
    id            TEXT not null,    -- of the talk
    account_id    TEXT not null,
    network       TEXT not null,
    author_id     TEXT not null,
    author_handle TEXT not null,
    author_name   TEXT not null,
    url           TEXT not null,
    at            I64 not null,
    reason        I64 not null,     -- 0 eligible, 1 too early, 2 too late, 3 the person's second, 4 blocked, 5 staff, 6 an own account, 7 taken away
    primary key (workspace_id, campaign_id, id)
);
create index ugc_entry_at on ugc_entry (workspace_id, campaign_id, at, id);
create index ugc_entry_author on ugc_entry (workspace_id, account_id, author_id);

-- A draw: the seed's hash is there before anything is drawn, the seed itself only afterwards. Never edited.
create table ugc_draw (
    workspace_id TEXT not null,
    campaign_id  TEXT not null,
    n            I64 not null,      -- 1, 2 …; the last one counts
    reason       TEXT not null,     -- why it was drawn again; '' for the first
    commitment   TEXT not null,     -- SHA-256 of the seed
    committed_at I64 not null,
    sealed       TEXT not null,     -- the seed, closed until it is drawn
    seed         TEXT,              -- revealed
    outside      TEXT,              -- a value from outside, as it was typed; '' none
    entries_hash TEXT not null,
    n_entries    I64 not null,
    drawn_at     I64,
    drawn_by     TEXT,
    primary key (workspace_id, campaign_id, n)
);
create table ugc_winner (
    workspace_id TEXT not null,
    campaign_id  TEXT not null,
    draw         I64 not null,
    rank         I64 not null,      -- 1 … in the order they were drawn
    entry_id     TEXT not null,
    score        TEXT not null,
    prize        I64,               -- ugc_prize.at; null: a substitute who waits
    state        I64 not null,      -- 0 drawn, 1 told, 2 accepted, 3 lapsed, 4 substitute, 5 could not be told
    delivery_id  TEXT,
    told_at      I64,
    answer_by    I64,
    answered_at  I64,
    fault        TEXT not null,     -- the slug of why not; ''
    primary key (workspace_id, campaign_id, draw, rank)
);
create index ugc_winner_due on ugc_winner (workspace_id, answer_by) where state = 1;

-- Posts that show a medium, for the statements of other features.
create view plan_v_media as
    select m.workspace_id, m.media_id, p.id as post_id, p.state, p.text, p.created_by
      from plan_media m join plan_post p on p.workspace_id = m.workspace_id and p.id = m.post_id and p.deleted_at is null;
