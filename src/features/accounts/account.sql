-- The statements of accounts: reading, connecting, and keeping the grant.

-- name: accounts_list (workspace text)
--       -> many AccountRow (id text, network text, service text, remote_id text, handle text, display_name text, avatar_url text, is_practice bool,
--          state int, state_reason text?, connected_at time, granted_at time, disconnected_at time?, checked_at time?, refresh_expires_at time?, acts_at time?,
--          followers int?)
select id, network, service, remote_id, handle, display_name, avatar_url, is_practice, state, state_reason, connected_at, granted_at, disconnected_at,
       checked_at, refresh_expires_at, acts_at, followers
  from accounts_account where workspace_id = :workspace and disconnected_at is null
 order by connected_at, id;

-- name: accounts_get (workspace text, id text)
--       -> one AccountRow (id text, network text, service text, remote_id text, handle text, display_name text, avatar_url text, is_practice bool,
--          state int, state_reason text?, connected_at time, granted_at time, disconnected_at time?, checked_at time?, refresh_expires_at time?, acts_at time?,
--          followers int?)
select id, network, service, remote_id, handle, display_name, avatar_url, is_practice, state, state_reason, connected_at, granted_at, disconnected_at,
       checked_at, refresh_expires_at, acts_at, followers
  from accounts_account where workspace_id = :workspace and id = :id;

-- name: accounts_get_remote (workspace text, network text, remote_id text)
--       -> one (id text, state int, disconnected_at time?, grant_version int)
select id, state, disconnected_at, grant_version
  from accounts_account where workspace_id = :workspace and network = :network and remote_id = :remote_id;

-- name: accounts_grant (workspace text, id text)
--       -> one (network text, service text, remote_id text, login text, handle text, display_name text, avatar_url text, grant_sealed text?,
--          grant_version int, granted_at time, access_expires_at time?, refresh_expires_at time?, is_own_service bool, is_practice bool,
--          state int, state_reason text?, checked_at time?)
-- What a call needs. Nothing for a disconnected account.
select network, service, remote_id, login, handle, display_name, avatar_url, grant_sealed, grant_version, granted_at, access_expires_at,
       refresh_expires_at, is_own_service, is_practice, state, state_reason, checked_at
  from accounts_account where workspace_id = :workspace and id = :id and disconnected_at is null;

-- name: accounts_insert (workspace text, id text, network text, service text, remote_id text, login text, handle text, display_name text,
--       avatar_url text, grant_sealed text, access_expires_at time?, refresh_expires_at time?, acts_at time?, is_own_service bool,
--       is_practice bool, connected_at time) -> none
insert into accounts_account (workspace_id, id, network, service, remote_id, login, handle, display_name, avatar_url, grant_sealed, grant_version,
                              granted_at, access_expires_at, refresh_expires_at, acts_at, is_own_service, is_practice, state, connected_at)
values (:workspace, :id, :network, :service, :remote_id, :login, :handle, :display_name, :avatar_url, :grant_sealed, 1,
        :connected_at, :access_expires_at, :refresh_expires_at, :acts_at, :is_own_service, :is_practice, 0, :connected_at);

-- name: accounts_reopen (workspace text, id text, service text, login text, handle text, display_name text, avatar_url text, grant_sealed text,
--       access_expires_at time?, refresh_expires_at time?, acts_at time?, is_own_service bool, is_practice bool, now time) -> count
-- A person signed in again: the grant is new, whatever state the account was in.
update accounts_account
   set service = :service, login = :login, handle = :handle, display_name = :display_name, avatar_url = :avatar_url,
       grant_sealed = :grant_sealed, grant_version = grant_version + 1, granted_at = :now, access_expires_at = :access_expires_at,
       refresh_expires_at = :refresh_expires_at, acts_at = :acts_at, is_own_service = :is_own_service, is_practice = :is_practice,
       state = 0, state_reason = null, checked_at = :now, error_at = null, error_class = null, error_status = null, error_code = null,
       error_text = null, options = null, options_as_of = null,
       connected_at = case when disconnected_at is null then connected_at else :now end, disconnected_at = null,
       lease_owner = null, lease_until = null
 where workspace_id = :workspace and id = :id;

-- name: accounts_store_refreshed (workspace text, id text, version int, service text, handle text, display_name text, avatar_url text,
--       grant_sealed text, access_expires_at time?, refresh_expires_at time?, acts_at time?, now time) -> count
-- A refresh replaces only the grant it started from.
update accounts_account
   set service = :service, handle = :handle, display_name = :display_name, avatar_url = :avatar_url, grant_sealed = :grant_sealed,
       grant_version = grant_version + 1, granted_at = :now, access_expires_at = :access_expires_at,
       refresh_expires_at = :refresh_expires_at, acts_at = :acts_at, checked_at = :now, lease_owner = null, lease_until = null
 where workspace_id = :workspace and id = :id and grant_version = :version and disconnected_at is null;

-- name: accounts_take_lease (workspace text, id text, owner text, now time, until time) -> count
update accounts_account set lease_owner = :owner, lease_until = :until
 where workspace_id = :workspace and id = :id and disconnected_at is null and (lease_until is null or lease_until <= :now);

-- name: accounts_end_lease (workspace text, id text, owner text) -> none
update accounts_account set lease_owner = null, lease_until = null
 where workspace_id = :workspace and id = :id and lease_owner = :owner;

-- name: accounts_set_state (workspace text, id text, version int, state int, reason text?) -> count
-- Only for the grant the network spoke about: a reconnect in between wins.
update accounts_account set state = :state, state_reason = :reason
 where workspace_id = :workspace and id = :id and grant_version = :version and disconnected_at is null and state <> :state;

-- name: accounts_set_checked (workspace text, id text, now time) -> none
update accounts_account set checked_at = :now
 where workspace_id = :workspace and id = :id and (checked_at is null or checked_at < :now);

-- name: accounts_set_rate (workspace text, id text, remaining int, reset_at time?, now time) -> none
update accounts_account set rate_remaining = :remaining, rate_reset_at = :reset_at, rate_as_of = :now
 where workspace_id = :workspace and id = :id;

-- name: accounts_set_error (workspace text, id text, version int, class int, status int, code text, words text, now time) -> none
update accounts_account set error_at = :now, error_class = :class, error_status = :status, error_code = :code, error_text = :words
 where workspace_id = :workspace and id = :id and grant_version = :version;

-- name: accounts_set_followers (workspace text, id text, followers int, as_of time) -> count
update accounts_account set followers = :followers, followers_as_of = :as_of
 where workspace_id = :workspace and id = :id and (followers_as_of is null or followers_as_of <= :as_of);

-- name: accounts_disconnect (workspace text, id text, now time) -> count
update accounts_account
   set disconnected_at = :now, grant_sealed = null, grant_version = grant_version + 1, access_expires_at = null,
       refresh_expires_at = null, acts_at = null, options = null, options_as_of = null, lease_owner = null, lease_until = null
 where workspace_id = :workspace and id = :id and disconnected_at is null;
