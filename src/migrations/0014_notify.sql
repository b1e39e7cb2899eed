-- Notifications: what a person is to hear, how each wants to hear what, and where else it is sent.
create table notify_notice (
    workspace_id TEXT not null,
    id           TEXT not null,
    person_id    TEXT not null,
    source       TEXT not null,    -- the job that told it: a second run tells nobody twice
    kind         I64 not null,     -- as in the contract
    word         TEXT not null,    -- which sentence: messages/ under notice.word
    who          TEXT not null,    -- what its blanks say
    what         TEXT not null,
    place        TEXT not null,    -- where on the page it leads
    is_shown     BOOL not null,    -- in the app; else only sent
    at           I64 not null,
    read_at      I64,
    primary key (workspace_id, id),
    unique (workspace_id, person_id, source)
);
create index notify_notice_person on notify_notice (workspace_id, person_id, at, id);
create index notify_notice_unread on notify_notice (workspace_id, person_id, at) where read_at is null and is_shown;

create table notify_choice (
    workspace_id TEXT not null,
    person_id    TEXT not null,
    kind         I64 not null,
    ways         I64 not null,     -- 1 app, 2 e-mail, 4 webhook
    primary key (workspace_id, person_id, kind)
);

create table notify_hook (
    workspace_id TEXT not null,
    person_id    TEXT not null,
    format       I64 not null,     -- 0 JSON, 1 Slack, 2 LINE
    url_sealed   TEXT not null,    -- some services' addresses are the secret itself
    host         TEXT not null,    -- what of it may be shown
    secret_sealed TEXT not null,   -- signs what is sent; LINE: the channel's token
    recipient    TEXT,             -- LINE: to whom
    sent_at      I64,
    failed_at    I64,
    reason       TEXT,             -- why it failed last
    primary key (workspace_id, person_id)
);

-- For other features' statements: who belongs to a workspace and how they are reached.
create view team_v_member as
    select m.workspace_id, m.person_id, m.role, p.name, p.email, p.locale
      from team_member m join team_person p on p.id = m.person_id;
