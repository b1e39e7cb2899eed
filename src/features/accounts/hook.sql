-- The statements of webhooks: whom an address belongs to, and each event once.

-- name: hook_by_key (key text)
--       -> one HookRow (workspace_id text, key text, network text, account_id text?, hook_sealed text?, app_id text?, app_sealed text?,
--          window_at time, window_n int)
-- global: a network knows the address only; it names the workspace
select h.workspace_id, h.key, h.network, h.account_id, h.secret_sealed as hook_sealed, a.id as app_id, a.secret_sealed as app_sealed,
       h.window_at, h.window_n
  from accounts_hook h left join accounts_app a on a.workspace_id = h.workspace_id and a.id = h.app_id
 where h.key = :key;

-- name: hook_taken (workspace text, key text, n_calls int, now time) -> none
update accounts_hook set n_taken = n_taken + :n_calls, taken_at = :now where workspace_id = :workspace and key = :key;

-- name: hook_refused (workspace text, key text, now time, window_from time) -> none
update accounts_hook
   set n_refused = n_refused + 1, refused_at = :now,
       window_n = case when window_at > :window_from then window_n + 1 else 1 end,
       window_at = case when window_at > :window_from then window_at else :now end
 where workspace_id = :workspace and key = :key;

-- name: hook_account (workspace text, network text, remote_id text)
--       -> one HookAccount (id text, grant_version int, granted_at time)
select id, grant_version, granted_at from accounts_account
 where workspace_id = :workspace and network = :network and remote_id = :remote_id and disconnected_at is null;

-- name: hook_account_id (workspace text, id text) -> one HookAccount (id text, grant_version int, granted_at time)
select id, grant_version, granted_at from accounts_account where workspace_id = :workspace and id = :id and disconnected_at is null;

-- name: hook_event_add (workspace text, network text, event_id text, id text, account text, kind text, remote_id text?, data text,
--       at time, now time, is_waiting bool) -> count
-- 0: it was here before.
insert into accounts_hook_event (workspace_id, network, event_id, id, account_id, kind, remote_id, data, at, received_at, is_waiting)
values (:workspace, :network, :event_id, :id, :account, :kind, :remote_id, :data, :at, :now, :is_waiting)
on conflict (workspace_id, network, event_id) do nothing;

-- name: hook_event_get (workspace text, id text)
--       -> one (network text, account_id text, kind text, remote_id text?, data text, at time)
select network, account_id, kind, remote_id, data, at from accounts_hook_event where workspace_id = :workspace and id = :id;

-- name: hook_heard (workspace text, account_id text, most int) -> many (id text, data text)
-- What was said to the account and is not taken yet, as it came in.
select id, data from accounts_hook_event where workspace_id = :workspace and account_id = :account_id and is_waiting order by received_at, id limit :most;

-- name: hook_heard_done (workspace text, id text) -> none
-- What was said stands elsewhere now; that it was told stays, so that it is not heard twice.
-- many: yes
update accounts_hook_event set is_waiting = false, data = '{}' where workspace_id = :workspace and id = :id;

-- name: hook_event_sweep (until time) -> none
-- global: upkeep of all workspaces; kept for 30 days
delete from accounts_hook_event where received_at < :until;

-- name: hook_forget (workspace text, network text, account_id text, author text) -> count
-- That it was told stays, so that it is not taken in a second time; not what.
update accounts_hook_event set data = '{}', remote_id = null
 where workspace_id = :workspace and network = :network and account_id = :account_id and not is_waiting
   and (remote_id = :author or replace(data, :author, '') <> data);

-- name: hook_left (workspace text, network text, account_id text, author text) -> one (n int)
select count(*) as n from accounts_hook_event
 where workspace_id = :workspace and network = :network and account_id = :account_id and (remote_id = :author or replace(data, :author, '') <> data);
