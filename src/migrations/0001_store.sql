-- The store's own tables: events and jobs. The table of applied migrations is made by the store itself before this one runs.

-- What happened. number grows in the order of the commits.
create table store_event (
    number       SERIAL64,
    workspace_id TEXT not null,             -- '' for what belongs to no workspace
    kind         TEXT not null,             -- post.scheduled
    subject      TEXT,                      -- id of the thing
    data         TEXT,                      -- compact JSON, never a secret
    actor_kind   I64 not null,              -- HibActorKind
    actor_id     TEXT,
    at           I64 not null
);
create index store_event_workspace on store_event (workspace_id, number);

-- What is to be done, and when. A crash loses a lease, never a job.
create table store_job (
    workspace_id TEXT not null,             -- '' for what belongs to no workspace
    id           TEXT not null,
    kind         TEXT not null,             -- publish.deliver
    job_key      TEXT,                      -- unique among the waiting ones of the workspace and kind
    subject      TEXT,
    payload      TEXT not null,
    state        TEXT not null check (state in ('waiting', 'running', 'failed')),
    due_at       I64 not null,
    attempt      I64 not null,              -- runs of this step, those a crash cut short too
    failures     I64 not null,              -- of this step; what `tries` is compared with
    owner        TEXT,                      -- the runner that has the lease
    lease_until  I64 not null,
    error_reason TEXT,
    error_text   TEXT,
    changed_at   I64 not null,
    primary key (workspace_id, id)
);
create index store_job_due on store_job (state, kind, due_at);
create index store_job_lease on store_job (lease_until) where state = 'running';
create index store_job_subject on store_job (workspace_id, subject, kind) where subject is not null;
create unique index store_job_key on store_job (workspace_id, kind, job_key) where state = 'waiting' and job_key is not null;
