-- Team: people, workspaces, who belongs where with which role, how they get in, and what they changed.
-- Times are µs UTC. Tokens of every kind are kept as SHA-256 (hex), passwords as Argon2id, TOTP seeds sealed.

create table team_workspace (
    workspace_id TEXT not null primary key,
    name TEXT not null,
    zone TEXT not null,
    is_practice BOOL not null,
    version I64 not null,
    created_at I64 not null
);

create table team_person (
    id TEXT not null primary key,
    email TEXT not null unique,
    name TEXT not null,
    locale TEXT not null,
    theme TEXT not null,
    password_hash TEXT not null,
    totp_sealed TEXT,
    totp_pending TEXT,
    totp_step I64 not null,
    created_at I64 not null
);

create table team_member (
    workspace_id TEXT not null references team_workspace (workspace_id),
    person_id TEXT not null references team_person (id),
    role TEXT not null check (role in ('owner', 'manager', 'editor', 'approver', 'analyst', 'client')),
    joined_at I64 not null,
    primary key (workspace_id, person_id)
);
create index team_member_person on team_member (person_id);

create table team_recovery (
    person_id TEXT not null references team_person (id),
    code_hash TEXT not null,
    used_at I64,
    primary key (person_id, code_hash)
);

-- previous_hash: the token before the last rotation, good until previous_until for requests that were under way.
create table team_session (
    id TEXT not null primary key,
    person_id TEXT not null references team_person (id),
    token_hash TEXT not null unique,
    previous_hash TEXT unique,
    previous_until I64 not null,
    created_at I64 not null,
    rotated_at I64 not null,
    seen_at I64 not null,
    client TEXT not null,
    agent TEXT not null
);
create index team_session_person on team_session (person_id);
create index team_session_seen on team_session (seen_at);
create index team_session_created on team_session (created_at);

create table team_invitation (
    workspace_id TEXT not null references team_workspace (workspace_id),
    id TEXT not null,
    token_hash TEXT not null unique,
    email TEXT not null,
    role TEXT not null,
    created_by TEXT not null,
    created_at I64 not null,
    expires_at I64 not null,
    ended_at I64,
    primary key (workspace_id, id)
);

create table team_token (
    workspace_id TEXT not null references team_workspace (workspace_id),
    id TEXT not null,
    token_hash TEXT not null unique,
    person_id TEXT not null references team_person (id),
    name TEXT not null,
    hint TEXT not null,
    scopes I64 not null,
    created_at I64 not null,
    expires_at I64,
    last_used_at I64,
    revoked_at I64,
    primary key (workspace_id, id)
);
create unique index team_token_id on team_token (id);

-- subject: "email:…" or "client:…"; attempts are counted before a password is looked at.
create table team_throttle (
    subject TEXT not null primary key,
    failures I64 not null,
    last_at I64 not null,
    blocked_until I64 not null
);
create index team_throttle_last on team_throttle (last_at);

create table team_audit (
    workspace_id TEXT not null,
    id TEXT not null,
    at I64 not null,
    actor_kind TEXT not null,
    actor_id TEXT,
    action TEXT not null,
    subject_kind TEXT not null,
    subject_id TEXT,
    before_json TEXT,
    after_json TEXT,
    primary key (workspace_id, id)
);
create index team_audit_subject on team_audit (workspace_id, subject_id, id);

-- One row from the moment the first owner exists: two set-ups at the same time cannot both win.
create table team_founded (
    only_row I64 not null primary key check (only_row = 1),
    at I64 not null
);

-- For other features' statements: who a person is called.
create view team_v_person as select id, name from team_person;
