-- One metric over time.

-- name: series_rolls (workspace text, grain int, is_own bool, metric int, from int, until int, account text?)
--       -> many (at int, account_id text, value int, readings int, falls int, gaps int, inexact int, as_of time)
select at, account_id, value, readings, falls, gaps, inexact, as_of from measure_roll
 where workspace_id = :workspace and grain = :grain and is_own = :is_own and metric = :metric and at >= :from and at < :until
   and (:account is null or account_id = :account)
 order by at, account_id;

-- name: series_before (workspace text, metric int, day int, account text?) -> many (account_id text, value int, as_of time)
-- A level as each account's last reading before a day said it.
with newest as (
  select account_id, max(at) as at from measure_roll
   where workspace_id = :workspace and grain = 1 and is_own = true and metric = :metric and at < :day and (:account is null or account_id = :account)
   group by account_id)
select r.account_id, r.value, r.as_of from newest n
  join measure_roll r on r.workspace_id = :workspace and r.grain = 1 and r.is_own = true and r.metric = :metric and r.at = n.at and r.account_id = n.account_id
 order by r.account_id;
