-- What people say counts on the paths to a conversion; files that came with it are kept for so many days.

alter table links_site add column counts_said BOOL not null default true; -- comments, mentions and messages stand in paths beside clicks

create table engage_keep (
    workspace_id TEXT not null,
    file_days    I64 not null,      -- files are taken away so many days after they came; no row: HIB_KEEP_DAYS
    primary key (workspace_id)
);
create index engage_file_kept on engage_file (workspace_id, asked_at) where state = 1;
