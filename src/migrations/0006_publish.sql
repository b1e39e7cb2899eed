-- publish_delivery: one row a (post, account). Everything that identifies the effect on the network stands here before the network is called.
create table publish_delivery (
    workspace_id  TEXT not null,
    id            TEXT not null,
    post_id       TEXT not null,
    account_id    TEXT not null,
    network       TEXT not null,
    handle        TEXT not null,   -- the account's name when it was scheduled
    text          TEXT not null,   -- what goes out
    lang          TEXT,            -- null: told from the text when sent
    n_images      I64 not null,    -- their content is read from the post
    state         I64 not null,    -- 0 waiting, 1 sending, 2 published, 3 failed, 4 unknown, 5 cancelled
    version       I64 not null,    -- grows with every change by a person; what a claim was prepared for
    due_at        I64 not null,
    late_from     I64 not null,    -- lateness counts from here: due_at, or the release, or the person's retry
    next_at       I64,             -- next attempt or reading, when it is not due_at
    held_at       I64,             -- its time came while everything was held
    remote_key    TEXT,            -- write-ahead handle (record key); kept for good, so that no second effect can have another name
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
    url           TEXT,
    error_class   I64,             -- HibNetClass
    error_status  I64,
    error_code    TEXT,
    error_message TEXT,
    error_at      I64,
    primary key (workspace_id, id),
    unique (workspace_id, post_id, account_id)
);
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
