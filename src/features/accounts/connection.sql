-- The statements of connections: a person sent to a network, and what came back.

-- name: connection_add (workspace text, id text, network text, service text, is_own_service bool, is_practice bool, person text,
--       account text?, state_hash text, verifier_sealed text, now time, expires_at time) -> none
insert into accounts_connection (workspace_id, id, network, service, is_own_service, is_practice, person_id, account_id, state_hash,
                                 verifier_sealed, step, account_ids, created_at, expires_at, changed_at)
values (:workspace, :id, :network, :service, :is_own_service, :is_practice, :person, :account, :state_hash,
        :verifier_sealed, 0, '[]', :now, :expires_at, :now);

-- name: connection_get (workspace text, id text)
--       -> one ConnectionRow (workspace_id text, id text, network text, service text, is_own_service bool, is_practice bool, person_id text,
--          account_id text?, verifier_sealed text, step int, reason text?, message text?, grants_sealed text?, account_ids text,
--          expires_at time, changed_at time)
select workspace_id, id, network, service, is_own_service, is_practice, person_id, account_id, verifier_sealed, step, reason, message,
       grants_sealed, account_ids, expires_at, changed_at
  from accounts_connection where workspace_id = :workspace and id = :id;

-- name: connection_by_state (hash text)
--       -> one ConnectionRow (workspace_id text, id text, network text, service text, is_own_service bool, is_practice bool, person_id text,
--          account_id text?, verifier_sealed text, step int, reason text?, message text?, grants_sealed text?, account_ids text,
--          expires_at time, changed_at time)
-- global: the browser comes back with the state alone; it names the workspace
select workspace_id, id, network, service, is_own_service, is_practice, person_id, account_id, verifier_sealed, step, reason, message,
       grants_sealed, account_ids, expires_at, changed_at
  from accounts_connection where state_hash = :hash;

-- name: connection_claim (workspace text, id text, now time) -> count
-- Once: who changes the row may exchange the code.
update accounts_connection set step = 1, changed_at = :now
 where workspace_id = :workspace and id = :id and step = 0 and expires_at > :now;

-- name: connection_offer (workspace text, id text, grants_sealed text, now time, expires_at time) -> count
update accounts_connection set step = 2, grants_sealed = :grants_sealed, changed_at = :now, expires_at = :expires_at
 where workspace_id = :workspace and id = :id and step = 1;

-- name: connection_done (workspace text, id text, from_step int, account_ids text, now time) -> count
update accounts_connection set step = 3, grants_sealed = null, account_ids = :account_ids, reason = null, message = null, changed_at = :now
 where workspace_id = :workspace and id = :id and step = :from_step;

-- name: connection_fail (workspace text, id text, reason text, message text?, now time) -> none
update accounts_connection set step = 4, grants_sealed = null, reason = :reason, message = :message, changed_at = :now
 where workspace_id = :workspace and id = :id and step < 3;

-- name: connection_sweep (until time) -> none
-- global: upkeep of all workspaces; what ended long ago, and whatever it still held sealed
delete from accounts_connection where expires_at < :until;
