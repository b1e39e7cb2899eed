-- Who reads reports without an account, and when reports are made and sent by themselves.

-- A secret link to a report, or (report_id null) to the figures of the last days.
create table report_link (
    workspace_id  TEXT not null,
    id            TEXT not null,
    token_hash    TEXT not null unique, -- SHA-256; the token itself is told once
    report_id     TEXT,
    n_days        I64 not null,         -- of figures: how many whole days until yesterday; 0 with a report
    account_id    TEXT,                 -- of figures: of one account; null: of all
    locale        TEXT not null,        -- 'ja', 'en'
    name          TEXT not null,        -- for whom it was made; the title of figures
    password_hash TEXT,                 -- Argon2id; null: the link is enough
    created_at    I64 not null,
    created_by    TEXT,
    expires_at    I64 not null,
    revoked_at    I64,
    seen_at       I64,                  -- opened last
    n_seen        I64 not null,
    primary key (workspace_id, id)
);
create index report_link_made on report_link (workspace_id, created_at, id);
create index report_link_report on report_link (workspace_id, report_id);

-- Reports of one workspace or several that are made and sent at a wall-clock time of this workspace's zone.
create table report_schedule (
    workspace_id  TEXT not null,
    id            TEXT not null,
    name          TEXT not null,        -- also the title of the reports
    kind          I64 not null,         -- 0 weekly, 1 monthly: of the week or month before
    on_day        I64 not null,         -- weekly: 1 Monday … 7; monthly: 1 … 31, the last day where there is no such
    minute        I64 not null,         -- of the day
    shift         I64 not null,         -- when that day is no working day: 0 sent all the same, 1 the one before, 2 the one after
    client        TEXT not null,
    logo_id       TEXT,
    accent        I64 not null,
    locale        TEXT not null,
    files         I64 not null,         -- bits: 1 PDF, 2 XLSX, 4 PPTX; they go with an e-mail about one workspace
    link_days     I64 not null,         -- how long its secret link lives; 0: none is made
    mails         TEXT not null,        -- a JSON array of addresses
    url_sealed    TEXT,                 -- the webhook's address; null: none
    host          TEXT,                 -- of it, to be shown
    secret_sealed TEXT,                 -- what signs
    next_at       I64,                  -- null: paused
    created_at    I64 not null,
    created_by    TEXT not null,        -- whose right to read the workspaces it uses
    updated_at    I64 not null,
    version       I64 not null,
    primary key (workspace_id, id)
);

create table report_schedule_of (
    workspace_id TEXT not null,
    schedule_id  TEXT not null,
    of_workspace TEXT not null,
    at           I64 not null,
    primary key (workspace_id, schedule_id, of_workspace)
);

-- One time it was due, once.
create table report_run (
    workspace_id TEXT not null,
    id           TEXT not null,
    schedule_id  TEXT not null,
    due_at       I64 not null,
    from_day     I64 not null,
    until_day    I64 not null,
    ended_at     I64,                   -- when all was made and every sending had its outcome
    primary key (workspace_id, id),
    unique (workspace_id, schedule_id, due_at)
);

-- The report of each workspace: its ids are chosen before it is made, so that making it twice makes one.
create table report_run_part (
    workspace_id TEXT not null,
    run_id       TEXT not null,
    at           I64 not null,
    of_workspace TEXT not null,
    report_id    TEXT not null,
    link_id      TEXT not null,
    state        I64 not null,          -- 0 to be made, 1 made, 2 failed
    reason       TEXT,                  -- why it failed: a slug
    primary key (workspace_id, run_id, at)
);

-- To whom a run goes, and what came of it.
create table report_sending (
    workspace_id TEXT not null,
    id           TEXT not null,
    run_id       TEXT not null,
    at           I64 not null,
    is_hook      BOOL not null,
    recipient    TEXT not null,         -- the address, or the webhook's host
    state        I64 not null,          -- 0 waits, 1 being sent, 2 sent, 3 failed, 4 nobody knows: it ended while it was being sent
    reason       TEXT,
    changed_at   I64 not null,
    primary key (workspace_id, id),
    unique (workspace_id, run_id, at)
);
