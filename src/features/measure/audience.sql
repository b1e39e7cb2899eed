-- Who follows an account.

-- name: audience_get (workspace text, account text)
--       -> one (asked_at time, next_at time, read_at time?, state int, total int?, reason text, failures int)
select asked_at, next_at, read_at, state, total, reason, failures from measure_audience where workspace_id = :workspace and account_id = :account;

-- name: audience_set (workspace text, account text, asked_at time, next_at time, read_at time?, state int, total int?, reason text, failures int) -> none
insert into measure_audience (workspace_id, account_id, asked_at, next_at, read_at, state, total, reason, failures)
values (:workspace, :account, :asked_at, :next_at, :read_at, :state, :total, :reason, :failures)
on conflict (workspace_id, account_id) do update
   set asked_at = excluded.asked_at, next_at = excluded.next_at, read_at = excluded.read_at, state = excluded.state, total = excluded.total, reason = excluded.reason,
       failures = excluded.failures;

-- name: audience_add (workspace text, account text, read_at time, part int, name text, share int, members int?) -> none
insert into measure_audience_group (workspace_id, account_id, read_at, part, name, share, members)
values (:workspace, :account, :read_at, :part, :name, :share, :members)
on conflict (workspace_id, account_id, read_at, part, name) do nothing;

-- name: audience_groups (workspace text, account text, read_at time) -> many (part int, name text, share int, members int?)
select part, name, share, members from measure_audience_group
 where workspace_id = :workspace and account_id = :account and read_at = :read_at order by part, share desc, name;

-- name: audience_before (workspace text, account text, until time) -> one (read_at time)
select read_at from measure_audience_group
 where workspace_id = :workspace and account_id = :account and read_at <= :until order by read_at desc limit 1;
