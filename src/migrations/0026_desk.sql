-- Work on the inbox: notes, saved replies, hours and promises, rules, answers that wait for an approval, who is typing.

create table engage_note (
    workspace_id TEXT not null,
    id           TEXT not null,
    thread_id    TEXT not null,
    person_id    TEXT,              -- null: a rule or the system
    text         TEXT not null,
    at           I64 not null,
    primary key (workspace_id, id)
);
create index engage_note_thread on engage_note (workspace_id, thread_id, at, id);

create table engage_saved_reply (
    workspace_id TEXT not null,
    id           TEXT not null,
    folder       TEXT not null,     -- "": none
    name         TEXT not null,
    shortcut     TEXT not null,     -- what is typed after "/"; "": none
    text         TEXT not null,     -- with blanks, see features/engage/saved.h
    n_used       I64 not null,
    updated_at   I64 not null,
    version      I64 not null,
    primary key (workspace_id, id)
);
create unique index engage_saved_reply_name on engage_saved_reply (workspace_id, folder, name);
create unique index engage_saved_reply_shortcut on engage_saved_reply (workspace_id, shortcut) where shortcut <> '';

-- When the team is at work, and how soon it answers. No row: the usual (features/engage/hours.c).
create table engage_hours (
    workspace_id       TEXT not null,
    zone               TEXT not null,
    week               TEXT not null,   -- seven days, Monday first, "|" between: "09:00-12:00,13:00-18:00"
    closed_on_holidays BOOL not null,   -- of Japan
    closed             TEXT not null,   -- days of one's own, "," between: "2026-12-29"
    minutes            TEXT not null,   -- allowed for low, normal, high, now; "," between; 0: no promise
    now_always         BOOL not null,   -- the gravest are counted round the clock
    version            I64 not null,
    primary key (workspace_id)
);

create table engage_rule (
    workspace_id TEXT not null,
    id           TEXT not null,
    name         TEXT not null,
    is_on        BOOL not null,
    ordinal      I64 not null,
    is_any       BOOL not null,
    conditions   TEXT not null,     -- JSON, see features/engage/rule_json.c
    actions      TEXT not null,     -- JSON
    updated_at   I64 not null,
    version      I64 not null,
    primary key (workspace_id, id)
);
create unique index engage_rule_name on engage_rule (workspace_id, name);

-- What a rule met, once each.
create table engage_rule_met (
    workspace_id TEXT not null,
    rule_id      TEXT not null,
    talk_id      TEXT not null,
    thread_id    TEXT not null,
    rule_name    TEXT not null,     -- as it was called then
    at           I64 not null,
    primary key (workspace_id, rule_id, talk_id)
);
create index engage_rule_met_thread on engage_rule_met (workspace_id, thread_id, at);

-- What is to be hidden at the network, or shown again: written before the network is called.
create table engage_hide (
    workspace_id TEXT not null,
    talk_id      TEXT not null,
    is_hidden    BOOL not null,     -- what is wanted
    state        I64 not null,      -- 0 waiting, 1 done, 2 unknown (is called again: setting it twice is harmless), 3 refused
    reason       TEXT,              -- the network's, when refused
    at           I64 not null,
    primary key (workspace_id, talk_id)
);

-- Accounts whose answers somebody looks at first.
create table engage_approval (
    workspace_id TEXT not null,
    account_id   TEXT not null,
    primary key (workspace_id, account_id)
);
create table engage_reply_wait (
    workspace_id TEXT not null,
    id           TEXT not null,
    talk_id      TEXT not null,
    thread_id    TEXT not null,
    account_id   TEXT not null,
    text         TEXT not null,     -- as it was asked for
    again        BOOL not null,     -- a second answer is meant
    person_id    TEXT,              -- whose it is
    at           I64 not null,
    state        I64 not null,      -- 0 waiting, 1 approved, 2 refused, 3 withdrawn
    decided_by   TEXT,
    decided_at   I64,
    note         TEXT,              -- why it was refused
    sent_text    TEXT,              -- as it was approved
    delivery_id  TEXT,
    primary key (workspace_id, id)
);
create index engage_reply_wait_state on engage_reply_wait (workspace_id, state, at, id);
create index engage_reply_wait_thread on engage_reply_wait (workspace_id, thread_id, at);
create unique index engage_reply_wait_talk on engage_reply_wait (workspace_id, talk_id) where state = 0; -- one at a time

-- Who is writing an answer just now; a mark that ends by itself.
create table engage_typing (
    workspace_id TEXT not null,
    thread_id    TEXT not null,
    person_id    TEXT not null,
    until_at     I64 not null,
    primary key (workspace_id, thread_id, person_id)
);

alter table engage_thread add column is_held BOOL not null default false; -- nobody answers until somebody lets it go
create index engage_talk_received on engage_talk (workspace_id, received_at, id); -- the history a rule is tried on
