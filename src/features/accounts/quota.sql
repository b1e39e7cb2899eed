-- The statements of quotas and of an account's health.

-- name: quota_set (workspace text, account text, name text, used int, most int, resets_at time?, as_of time) -> none
insert into accounts_quota (workspace_id, account_id, name, used, most, resets_at, as_of)
values (:workspace, :account, :name, :used, :most, :resets_at, :as_of)
on conflict (workspace_id, account_id, name) do update
   set used = excluded.used, most = excluded.most, resets_at = excluded.resets_at, as_of = excluded.as_of
 where accounts_quota.as_of <= excluded.as_of;

-- name: quota_list (workspace text, account text)
--       -> many QuotaRow (name text, used int, most int, resets_at time?, as_of time)
select name, used, most, resets_at, as_of from accounts_quota where workspace_id = :workspace and account_id = :account order by name;

-- name: quota_get (workspace text, account text, name text)
--       -> one QuotaRow (name text, used int, most int, resets_at time?, as_of time)
select name, used, most, resets_at, as_of from accounts_quota
 where workspace_id = :workspace and account_id = :account and name = :name;

-- name: quota_use_add (workspace text, account text, name text, at time, id text, amount int) -> none
insert into accounts_quota_use (workspace_id, account_id, name, at, id, n) values (:workspace, :account, :name, :at, :id, :amount);

-- name: quota_used_since (workspace text, account text, name text, since time) -> one (used int, first_at time?)
-- What we took after a moment, and when the first of it was.
select coalesce(sum(n), 0) as used, min(at) as first_at from accounts_quota_use
 where workspace_id = :workspace and account_id = :account and name = :name and at > :since;

-- name: quota_use_sweep (until time) -> none
-- global: upkeep of all workspaces; no window is longer than a month
delete from accounts_quota_use where at < :until;

-- name: accounts_posting (workspace text, id text, until time) -> count
update accounts_account set posting_until = :until
 where workspace_id = :workspace and id = :id and disconnected_at is null and (posting_until is null or posting_until < :until);

-- name: accounts_health (workspace text, id text)
--       -> one (network text, service text, state int, state_reason text?, connected_at time, granted_at time, checked_at time?, access_expires_at time?,
--          refresh_expires_at time?, acts_at time?, error_at time?, error_class int?, error_status int?, error_code text?, error_text text?,
--          rate_remaining int?, rate_reset_at time?, rate_as_of time?, posting_until time?, options text?, options_as_of time?)
select network, service, state, state_reason, connected_at, granted_at, checked_at, access_expires_at, refresh_expires_at, acts_at, error_at, error_class,
       error_status, error_code, error_text, rate_remaining, rate_reset_at, rate_as_of, posting_until, options, options_as_of
  from accounts_account where workspace_id = :workspace and id = :id and disconnected_at is null;

-- name: accounts_set_options (workspace text, id text, options text, now time) -> none
update accounts_account set options = :options, options_as_of = :now where workspace_id = :workspace and id = :id;
