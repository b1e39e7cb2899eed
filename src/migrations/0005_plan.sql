-- plan_post: one message. Its variants (one an account), what follows it and its pictures and videos are in their own tables, in the writer's order.
create table plan_post (
    workspace_id TEXT not null,
    id           TEXT not null,
    text         TEXT not null,
    lang         TEXT,            -- null: told from the text when sent
    is_advertising BOOL not null, -- what a reader must be told: paid by somebody else,
    is_own_brand BOOL not null,   -- promotes one's own business,
    is_ai_made   BOOL not null,   -- made by a machine
    state        I64 not null,    -- 0 draft, 1 scheduled, 2 sending, 3 published, 4 failed, 5 unknown
    due_at       I64,             -- null: no time yet
    created_at   I64 not null,
    updated_at   I64 not null,
    created_by   TEXT,            -- person; null: the system
    deleted_at   I64,             -- taken away; gone for good 30 days later
    version      I64 not null,
    primary key (workspace_id, id)
);
-- The calendar and the lists page through these by (due_at, id).
create index plan_post_due on plan_post (workspace_id, due_at, id) where deleted_at is null;
create index plan_post_state_due on plan_post (workspace_id, state, due_at, id) where deleted_at is null;
create index plan_post_untimed on plan_post (workspace_id, created_at, id) where deleted_at is null and due_at is null;

create table plan_variant (
    workspace_id  TEXT not null,
    post_id       TEXT not null,
    ordinal       I64 not null,
    account_id    TEXT not null,
    text          TEXT,            -- null: the post's
    format        I64 not null,    -- as in the contract: 0 post, 1 reel, 2 story, …
    title         TEXT,
    options       TEXT,            -- the network's own choices, a JSON object
    recipient     TEXT,            -- LINE: audience or user
    first_comment TEXT,
    n_thread      I64 not null,    -- texts that follow the first
    primary key (workspace_id, post_id, ordinal),
    unique (workspace_id, post_id, account_id)
);

-- The texts that follow a variant's first: 1, 2, …
create table plan_thread (
    workspace_id TEXT not null,
    post_id      TEXT not null,
    variant      I64 not null,     -- its ordinal
    part         I64 not null,
    text         TEXT not null,
    primary key (workspace_id, post_id, variant, part)
);

-- Pictures and videos: of the post (variant -1, part 0), which every variant shows, and of the texts that follow.
create table plan_media (
    workspace_id TEXT not null,
    post_id      TEXT not null,
    variant      I64 not null,
    part         I64 not null,
    ordinal      I64 not null,
    media_id     TEXT not null,
    alt          TEXT not null,
    focus_x      F64,              -- what a crop keeps, 0..1 from the upper left; null: the middle
    focus_y      F64,
    cover_ms     I64,              -- the frame that stands for a video; null: the network chooses
    primary key (workspace_id, post_id, variant, part, ordinal)
);
create index plan_media_media on plan_media (workspace_id, media_id); -- is a media used by anybody?
