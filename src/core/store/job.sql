-- Jobs: what is to be done, and when. The claims are the only statements with a text for each database.

-- name: job_add (workspace text, id text, kind text, job_key text?, subject text?, payload text, due_at time, now time)
--       -> one (id text)
-- global: the workspace of a global piece of work is ''
insert into store_job (workspace_id, id, kind, job_key, subject, payload, state, due_at, attempt, failures, lease_until,
                       changed_at)
values (:workspace, :id, :kind, :job_key, :subject, :payload, 'waiting', :due_at, 0, 0, 0, :now)
on conflict (workspace_id, kind, job_key) where state = 'waiting' and job_key is not null
do update set due_at = excluded.due_at, payload = excluded.payload, subject = excluded.subject,
              changed_at = excluded.changed_at
returning id;

-- name: job_add_plain (workspace text, id text, kind text, subject text, due_at time, now time) -> none
-- Without a key, so that none of them can meet another.
-- global: the workspace of a global piece of work is ''
-- many: yes
insert into store_job (workspace_id, id, kind, job_key, subject, payload, state, due_at, attempt, failures, lease_until,
                       changed_at)
values (:workspace, :id, :kind, null, :subject, '{}', 'waiting', :due_at, 0, 0, 0, :now);

-- name: job_move (workspace text, kind text, subject text, due_at time, now time) -> count
-- global: the workspace of a global piece of work is ''
update store_job set due_at = :due_at, changed_at = :now
 where workspace_id = :workspace and kind = :kind and subject = :subject and state = 'waiting';

-- name: job_cancel (workspace text, kind text, subject text) -> count
-- global: the workspace of a global piece of work is ''
delete from store_job where workspace_id = :workspace and kind = :kind and subject = :subject and state = 'waiting';

-- name: job_claim (kind text, owner text, now time, lease_until time, most int)
--       -> many JobClaim (workspace text, id text, kind text, subject text?, payload text, due_at time, attempt int, failures int)
-- What is due, the earliest first. One kind at a time, so that the index gives nothing but what is taken: a million jobs of
-- one kind cost the others nothing.
-- global: a runner serves all workspaces
update store_job set state = 'running', owner = :owner, lease_until = :lease_until, attempt = attempt + 1, changed_at = :now
 where (workspace_id, id) in (select workspace_id, id from store_job
                               where state = 'waiting' and kind = :kind and due_at <= :now order by due_at limit :most)
returning workspace_id, id, kind, subject, payload, due_at, attempt, failures;
-- postgres:
with due as materialized (select workspace_id, id from store_job
                           where state = 'waiting' and kind = :kind and due_at <= :now
                           order by due_at limit :most for update skip locked)
update store_job j set state = 'running', owner = :owner, lease_until = :lease_until, attempt = attempt + 1, changed_at = :now
  from due where j.workspace_id = due.workspace_id and j.id = due.id
returning j.workspace_id, j.id, j.kind, j.subject, j.payload, j.due_at, j.attempt, j.failures;

-- name: job_claim_lost (kinds text, owner text, now time, lease_until time, most int)
--       -> many JobClaim (workspace text, id text, kind text, subject text?, payload text, due_at time, attempt int, failures int)
-- Those whose lease has run out; kinds: ",a.b,c.d,". Few run at a time.
-- global: a runner serves all workspaces
update store_job set owner = :owner, lease_until = :lease_until, attempt = attempt + 1, changed_at = :now
 where (workspace_id, id) in (select workspace_id, id from store_job
                               where state = 'running' and lease_until <= :now and :kinds like '%,' || kind || ',%'
                               order by lease_until limit :most)
returning workspace_id, id, kind, subject, payload, due_at, attempt, failures;
-- postgres:
with lost as materialized (select workspace_id, id from store_job
                            where state = 'running' and lease_until <= :now and :kinds like '%,' || kind || ',%'
                            order by lease_until limit :most for update skip locked)
update store_job j set owner = :owner, lease_until = :lease_until, attempt = attempt + 1, changed_at = :now
  from lost where j.workspace_id = lost.workspace_id and j.id = lost.id
returning j.workspace_id, j.id, j.kind, j.subject, j.payload, j.due_at, j.attempt, j.failures;

-- name: job_next (kind text) -> one (due_at time)
-- global: a runner serves all workspaces
select due_at from store_job where state = 'waiting' and kind = :kind order by due_at limit 1;

-- name: job_done (workspace text, id text, owner text) -> none
-- many: yes
-- global: a runner serves all workspaces
delete from store_job where workspace_id = :workspace and id = :id and owner = :owner and state = 'running';

-- name: job_drop_doubled (workspace text, id text, owner text) -> none
-- many: yes
-- One that would wait again although another with its key waits already, a newer one or one that ended in the same round: that one stands for both.
-- global: a runner serves all workspaces
delete from store_job
 where workspace_id = :workspace and id = :id and owner = :owner and state = 'running' and job_key is not null
   and exists (select 1 from store_job other
                where other.workspace_id = store_job.workspace_id and other.kind = store_job.kind
                  and other.job_key = store_job.job_key and other.state = 'waiting');

-- name: job_again (workspace text, id text, owner text, due_at time, now time) -> none
-- many: yes
-- global: a runner serves all workspaces
update store_job set state = 'waiting', due_at = :due_at, attempt = 0, failures = 0, owner = null, lease_until = 0,
       error_reason = null, error_text = null, changed_at = :now
 where workspace_id = :workspace and id = :id and owner = :owner and state = 'running'
   and (job_key is null or not exists (select 1 from store_job other where other.workspace_id = store_job.workspace_id and other.kind = store_job.kind
                                          and other.job_key = store_job.job_key and other.state = 'waiting'));

-- name: job_retry (workspace text, id text, owner text, due_at time, reason text, text text, now time) -> none
-- many: yes
-- global: a runner serves all workspaces
update store_job set state = 'waiting', due_at = :due_at, failures = failures + 1, owner = null, lease_until = 0,
       error_reason = :reason, error_text = :text, changed_at = :now
 where workspace_id = :workspace and id = :id and owner = :owner and state = 'running'
   and (job_key is null or not exists (select 1 from store_job other where other.workspace_id = store_job.workspace_id and other.kind = store_job.kind
                                          and other.job_key = store_job.job_key and other.state = 'waiting'));

-- name: job_fail (workspace text, id text, owner text, reason text, text text, now time) -> none
-- many: yes
-- global: a runner serves all workspaces
update store_job set state = 'failed', failures = failures + 1, owner = null, lease_until = 0,
       error_reason = :reason, error_text = :text, changed_at = :now
 where workspace_id = :workspace and id = :id and owner = :owner and state = 'running';

-- name: job_back (workspace text, id text, owner text, now time) -> none
-- many: yes
-- Claimed and never begun.
-- global: a runner serves all workspaces
update store_job set state = 'waiting', attempt = attempt - 1, owner = null, lease_until = 0, changed_at = :now
 where workspace_id = :workspace and id = :id and owner = :owner and state = 'running'
   and (job_key is null or not exists (select 1 from store_job other where other.workspace_id = store_job.workspace_id and other.kind = store_job.kind
                                          and other.job_key = store_job.job_key and other.state = 'waiting'));

-- name: job_renew (workspace text, id text, owner text, lease_until time) -> none
-- many: yes
-- global: a runner serves all workspaces
update store_job set lease_until = :lease_until
 where workspace_id = :workspace and id = :id and owner = :owner and state = 'running';

-- name: job_owners () -> many (owner text)
-- global: leases of all workspaces
select distinct owner from store_job where state = 'running' and owner is not null and lease_until > 0;

-- name: job_release (owner text) -> count
-- Ends the leases of an owner that is gone.
-- global: leases of all workspaces
update store_job set lease_until = 0 where state = 'running' and owner = :owner;

-- name: job_state ()
--       -> one (n_waiting int, n_running int, n_failed int, oldest_due_at time?)
-- global: figures of the whole instance
select (select count(*) from store_job where state = 'waiting'), (select count(*) from store_job where state = 'running'),
       (select count(*) from store_job where state = 'failed'), (select min(due_at) from store_job where state = 'waiting');

-- name: job_drop_failed (until time, most int) -> count
-- global: retention of all workspaces
delete from store_job
 where (workspace_id, id) in (select workspace_id, id from store_job where state = 'failed' and changed_at < :until limit :most);
