-- publish_delivery: one row a (post, account) and what follows it there (texts of a thread, the first comment), and one an answer that no post stands
-- behind. Everything that identifies the effect on the network stands here before the network is called.
create table publish_delivery (
    workspace_id  TEXT not null,
    id            TEXT not null,
    post_id       TEXT,            -- null: an answer
    account_id    TEXT not null,
    network       TEXT not null,
    handle        TEXT not null,   -- the account's name when it was scheduled
    text          TEXT not null,   -- what goes out
    lang          TEXT,            -- null: told from the text when sent
    n_media       I64 not null,    -- they are read from the post
    kind          I64 not null,    -- 0 the post, 1 a further text of its thread, 2 its first comment, 3 an answer
    part          I64 not null,    -- 0 the post, 1 … what follows it
    parent_id     TEXT,            -- the delivery it follows
    n_following   I64 not null,    -- deliveries that follow it once it is out
    reply_to      TEXT,            -- remote id of what it stands under or answers
    reply_root    TEXT,            -- remote id of the thread's first post
    reply_token   TEXT,            -- LINE: answers for free while it lives
    format        I64 not null,    -- as in the contract
    title         TEXT,
    options       TEXT,            -- the network's own choices, a JSON object
    recipient     TEXT,
    is_advertising BOOL not null,
    is_own_brand  BOOL not null,
    is_ai_made    BOOL not null,
    price_micros  I64,             -- what it costs, what follows it included; null: nothing
    currency      TEXT,
    quota         TEXT,            -- which quota of the network it takes from, and how much: reserved until it is sent
    quota_takes   I64,
    state         I64 not null,    -- 0 waiting, 1 sending, 2 published, 3 failed, 4 unknown, 5 cancelled
    version       I64 not null,    -- grows with every change by a person; what a claim was prepared for
    due_at        I64 not null,
    late_from     I64 not null,    -- lateness counts from here: due_at, or the release, or the person's retry
    next_at       I64,             -- next attempt or reading, when it is not due_at
    held_at       I64,             -- its time came while everything was held
    remote_key    TEXT,            -- write-ahead handle (record key); kept, so that no second effect can have another name
    handle_at     I64,             -- since when: some networks forget theirs
    created_at    I64,             -- what the post says; fixed with the handle
    fingerprint   TEXT,            -- SHA-256 of what is sent
    progress      TEXT not null,   -- what the finished steps learnt (upload references, container ids): JSON of the connector
    is_dispatched BOOL not null,   -- the publishing call may have been made: only reading back may follow
    job_id        TEXT,            -- who claimed it
    busy_until    I64,             -- until then the claimer may still be at work
    attempts      I64 not null,    -- publishing calls
    failures      I64 not null,    -- in a row; for the back-off
    reads         I64 not null,    -- readings back in a row
    sent_at       I64,
    published_at  I64,
    remote_id     TEXT,
    is_found      BOOL not null,   -- remote_id was read back, not answered: an answer that names it wins
    removed_at    I64,             -- a person took it from the network again
    url           TEXT,
    error_class   I64,             -- HibNetClass
    error_status  I64,
    error_code    TEXT,
    error_message TEXT,
    error_at      I64,
    primary key (workspace_id, id),
    unique (workspace_id, post_id, account_id, part)
);
-- A post on the network is one delivery's, whoever finds it: two of open outcome never settle on the same.
create unique index publish_delivery_remote on publish_delivery (workspace_id, account_id, remote_id) where remote_id is not null;
create index publish_delivery_recent on publish_delivery (workspace_id, account_id, published_at) where remote_id is not null;
create index publish_delivery_due on publish_delivery (workspace_id, due_at, id);
create index publish_delivery_state on publish_delivery (workspace_id, state, due_at, id);
create index publish_delivery_account on publish_delivery (workspace_id, account_id, state, due_at, id);
create index publish_delivery_held on publish_delivery (workspace_id, due_at, id) where held_at is not null;

-- What happened to a delivery, in order.
create table publish_step (
    workspace_id TEXT not null,
    delivery_id  TEXT not null,
    seq          I64 not null,
    at           I64 not null,
    what         I64 not null,     -- as in the contract: 0 scheduled, 1 moved, 2 held, …
    name         TEXT,             -- of a step: upload, container, process, publish, confirm, …
    detail       TEXT,
    primary key (workspace_id, delivery_id, seq)
);

-- The switches: one row a workspace, account or campaign that was ever held. What holds a delivery is any of the three.
create table publish_hold (
    workspace_id TEXT not null,
    scope        I64 not null,     -- 0 the whole workspace, 1 an account, 2 a campaign
    subject_id   TEXT not null,    -- account or campaign; '' for the workspace
    is_held      BOOL not null,
    reason       TEXT,
    since        I64,
    by_id        TEXT,
    n_marked     I64 not null,     -- counts deliveries that met the switch: marking one and releasing all wait for each other here
    primary key (workspace_id, scope, subject_id)
);
