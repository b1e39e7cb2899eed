-- A workspace's care of the rules that look at a text before it goes out.

create table check_tune (
    workspace_id TEXT not null,
    rule_id      TEXT not null,      -- of Hibiki's rules or of the workspace's own
    is_off       BOOL not null,
    severity     I64,                -- 0 info, 1 warn, 2 block; null: the rule's own
    updated_at   I64 not null,
    primary key (workspace_id, rule_id)
);

create table check_file (
    workspace_id TEXT not null,
    name         TEXT not null,      -- rules, terms
    body         TEXT not null,      -- as it was given; '' where it was taken away
    n_rules      I64 not null,
    updated_at   I64 not null,
    primary key (workspace_id, name)
);

-- What was told of texts that went out, each once, and whether somebody said that it was wrong: a rule's precision.
create table check_told (
    workspace_id TEXT not null,
    rule_id      TEXT not null,
    fingerprint  TEXT not null,      -- of the text and the words found in it
    found        TEXT not null,
    is_false     BOOL not null,
    at           I64 not null,
    primary key (workspace_id, rule_id, fingerprint)
);

create table check_setting (
    workspace_id TEXT not null primary key,
    industries   TEXT not null,      -- "cosme food": which rules of industries hold for all its texts
    updated_at   I64 not null
);

-- A person with the right role said why something may go out although a rule blocks it: for these very texts.
create table check_override (
    workspace_id TEXT not null,
    subject_id   TEXT not null,      -- a post
    fingerprint  TEXT not null,      -- of all its texts
    reason       TEXT not null,
    at           I64 not null,
    primary key (workspace_id, subject_id, fingerprint)
);
