-- When an account and its posts are read next.

-- name: measure_post_next (workspace text, delivery text, next_read_at time?, is_gone bool) -> none
update measure_post set next_read_at = :next_read_at, is_gone = :is_gone where workspace_id = :workspace and delivery_id = :delivery;

-- name: measure_due (workspace text, account text, until time, most int) -> many (delivery_id text, published_at time)
select delivery_id, published_at from measure_post
 where workspace_id = :workspace and account_id = :account and next_read_at <= :until
 order by next_read_at limit :most;

-- name: measure_next_due (workspace text, account text) -> one (at time?)
select min(next_read_at) as at from measure_post where workspace_id = :workspace and account_id = :account and next_read_at is not null;

-- name: measure_account_get (workspace text, account text) -> one (read_at time?, not_before time, failures int)
select read_at, not_before, failures from measure_account where workspace_id = :workspace and account_id = :account;

-- name: measure_account_set (workspace text, account text, read_at time?, not_before time, failures int) -> none
insert into measure_account (workspace_id, account_id, read_at, not_before, failures)
values (:workspace, :account, :read_at, :not_before, :failures)
on conflict (workspace_id, account_id) do update
   set read_at = excluded.read_at, not_before = excluded.not_before, failures = excluded.failures;

-- name: measure_hold (workspace text, account text) -> none
-- many: yes
-- A row that is not there cannot be held, so it is made; one that is there stays what it was.
insert into measure_account (workspace_id, account_id, not_before, failures) values (:workspace, :account, 0, 0)
on conflict (workspace_id, account_id) do update set failures = measure_account.failures;
