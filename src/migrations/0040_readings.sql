-- Readings packed, and roll-ups of every metric of the dictionary (rules/metrics.json).

-- Readings of one delivery or account as one source told them, in the order they came (measure/pack.c). The newest row grows until it is full; a late reading or a correction begins
-- a further one. Nothing in it is ever changed.
create table measure_pack (
    workspace_id TEXT not null,
    subject      TEXT not null,    -- id of the delivery, or of the account
    number       I64 not null,     -- from 1
    source       TEXT not null,    -- a network, practice, import:…
    readings     I64 not null,
    data         BYTES not null,
    primary key (workspace_id, subject, number)
);

alter table measure_post add column packs I64 not null default 0; -- how many rows measure_pack has of it
alter table measure_post add column numbers BYTES;                -- the newest number of each metric
alter table measure_post add column days BYTES;                   -- what each day gained, by metric
-- What a post is, for adding up by it; written when it is followed. null network: not yet (it was followed before).
alter table measure_post add column network TEXT;
alter table measure_post add column format I64;                   -- as in the contract
alter table measure_post add column tags TEXT;                    -- hashtags without #, folded, one a line
alter table measure_account add column packs I64 not null default 0;
alter table measure_account add column numbers BYTES;
alter table measure_account add column as_of I64;                 -- of the newest reading of the account itself

-- What came in within an hour (of the last two weeks), day, week or month of the workspace's zone. Of a gauge: the last reading of that time.
create table measure_roll (
    workspace_id TEXT not null,
    grain        I64 not null,     -- 0 hour (yyyymmddhh), 1 day (yyyymmdd), 2 week (its Monday), 3 month (its first day)
    is_own       BOOL not null,    -- of the account itself, not of its posts
    metric       I64 not null,     -- id of the dictionary
    at           I64 not null,
    account_id   TEXT not null,
    value        I64 not null,
    readings     I64 not null,
    falls        I64 not null,     -- readings below the one before
    gaps         I64 not null,     -- readings whose one before is older than the day before: what came in belongs to several days
    inexact      I64 not null,     -- readings that are estimated or partial
    as_of        I64 not null,     -- of the newest reading in it
    primary key (workspace_id, grain, is_own, metric, at, account_id)
);

drop table measure_day;
create view measure_day as
select workspace_id, at as day, account_id,
       cast(coalesce(sum(case when metric = 119 then value end), 0) as I64) as posts,
       cast(coalesce(sum(case when metric = 1 then value end), 0) as I64) as likes,
       cast(coalesce(sum(case when metric = 2 then value end), 0) as I64) as reposts,
       cast(coalesce(sum(case when metric = 3 then value end), 0) as I64) as replies,
       cast(coalesce(sum(case when metric = 4 then value end), 0) as I64) as quotes,
       cast(coalesce(sum(case when metric in (5, 6) then value end), 0) as I64) as others, -- saves, shares: engagement too
       max(case when metric = 50 then value end) as followers,
       max(case when metric = 50 then as_of end) as followers_as_of
  from measure_roll
 where grain = 1 and is_own in (false, true) and is_own = (metric = 50) and metric in (1, 2, 3, 4, 5, 6, 50, 119)
 group by workspace_id, at, account_id;

-- What was read before is packed in the background.
insert into store_job (workspace_id, id, kind, job_key, payload, state, due_at, attempt, failures, lease_until, changed_at)
select workspace_id, 'measure-pack-readings', 'measure.pack', 'all', '{}', 'waiting', 0, 0, 0, 0, 0
  from (select distinct workspace_id from measure_post union select distinct workspace_id from measure_snapshot) as known;
