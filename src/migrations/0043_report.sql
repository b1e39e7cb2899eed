-- Reports: what is reported (a period, for whom), how it looks, and which sections in which order. The figures are measure's and are read when a report is made.
create table report_report (
    workspace_id TEXT not null,
    id           TEXT not null,
    kind         I64 not null,      -- 0 weekly, 1 monthly, 2 of a campaign
    name         TEXT not null,
    client       TEXT not null,     -- whose name stands on it; '': nobody's
    campaign_id  TEXT,              -- kind 2
    from_day     I64 not null,      -- yyyymmdd in the workspace's zone, both within
    until_day    I64 not null,
    logo_id      TEXT,              -- a picture of the library; null: none
    accent       I64 not null,      -- 0xRRGGBB; 0: ours
    locale       TEXT not null,     -- 'ja', 'en'
    created_at   I64 not null,
    created_by   TEXT,
    updated_at   I64 not null,
    version      I64 not null,
    primary key (workspace_id, id)
);
create index report_report_made on report_report (workspace_id, created_at, id);

create table report_section (
    workspace_id TEXT not null,
    report_id    TEXT not null,
    kind         I64 not null,      -- HibSectionKind
    at           I64 not null,      -- its place, from 0
    is_hidden    BOOL not null,
    note         TEXT not null,     -- what a person adds; '': nothing
    primary key (workspace_id, report_id, kind)
);

-- A suggestion that became a task, so that it is not made twice.
create table report_task (
    workspace_id TEXT not null,
    report_id    TEXT not null,
    suggestion   TEXT not null,
    task_id      TEXT not null,
    primary key (workspace_id, report_id, suggestion)
);
