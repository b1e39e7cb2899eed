-- The statements of developer apps, and of the addresses networks call.

-- name: app_list (workspace text)
--       -> many AppRow (id text, network text, service text, client_id text, secret_sealed text, is_automatic bool, created_at time,
--          changed_at time, hook_key text?, n_accounts int)
-- Without those of practice networks, which nobody registered.
select a.id, a.network, a.service, a.client_id, a.secret_sealed, a.is_automatic, a.created_at, a.changed_at, h.key as hook_key,
       (select count(*) from accounts_account c where c.workspace_id = a.workspace_id and c.network = a.network and c.service = a.service
           and not c.is_practice and c.disconnected_at is null) as n_accounts
  from accounts_app a left join accounts_hook h on h.workspace_id = a.workspace_id and h.app_id = a.id
 where a.workspace_id = :workspace and a.service <> 'practice'
 order by a.network, a.service;

-- name: app_find (workspace text, network text, service text)
--       -> one (id text, client_id text, secret_sealed text, is_automatic bool)
select id, client_id, secret_sealed, is_automatic
  from accounts_app where workspace_id = :workspace and network = :network and service = :service;

-- name: app_add (workspace text, id text, network text, service text, client_id text, secret_sealed text, is_automatic bool, now time) -> count
-- 0: another was quicker; its app counts.
insert into accounts_app (workspace_id, id, network, service, client_id, secret_sealed, is_automatic, created_at, changed_at)
values (:workspace, :id, :network, :service, :client_id, :secret_sealed, :is_automatic, :now, :now)
on conflict (workspace_id, network, service) do nothing;

-- name: app_change (workspace text, id text, client_id text, secret_sealed text, now time) -> none
update accounts_app set client_id = :client_id, secret_sealed = :secret_sealed, is_automatic = false, changed_at = :now
 where workspace_id = :workspace and id = :id;

-- name: app_delete (workspace text, id text) -> count
delete from accounts_app where workspace_id = :workspace and id = :id;

-- name: hook_add (workspace text, key text, network text, app_id text?, account_id text?, secret_sealed text?, now time) -> none
insert into accounts_hook (workspace_id, key, network, app_id, account_id, secret_sealed, created_at, window_at, window_n, n_taken, n_refused)
values (:workspace, :key, :network, :app_id, :account_id, :secret_sealed, :now, :now, 0, 0, 0);

-- name: hook_drop_app (workspace text, app_id text) -> none
delete from accounts_hook where workspace_id = :workspace and app_id = :app_id;

-- name: hook_drop_account (workspace text, account text) -> none
delete from accounts_hook where workspace_id = :workspace and account_id = :account;

-- name: hook_of_account (workspace text, account text)
--       -> one HookState (key text, n_taken int, n_refused int, taken_at time?, refused_at time?)
select key, n_taken, n_refused, taken_at, refused_at from accounts_hook where workspace_id = :workspace and account_id = :account;

-- name: hook_of_app (workspace text, network text, service text)
--       -> one HookState (key text, n_taken int, n_refused int, taken_at time?, refused_at time?)
select h.key, h.n_taken, h.n_refused, h.taken_at, h.refused_at
  from accounts_app a join accounts_hook h on h.workspace_id = a.workspace_id and h.app_id = a.id
 where a.workspace_id = :workspace and a.network = :network and a.service = :service;

-- name: hook_secret (workspace text, key text, secret_sealed text) -> none
-- A channel's secret was typed anew.
update accounts_hook set secret_sealed = :secret_sealed where workspace_id = :workspace and key = :key;
