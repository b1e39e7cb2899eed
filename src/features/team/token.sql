-- API tokens: they act for the person who made them, in one workspace, no further than their scopes.

-- name: token_add (workspace text, id text, token_hash text, person text, name text, hint text, scopes int, at time,
--       expires_at time?) -> none
insert into team_token (workspace_id, id, token_hash, person_id, name, hint, scopes, created_at, expires_at, last_used_at, revoked_at)
values (:workspace, :id, :token_hash, :person, :name, :hint, :scopes, :at, :expires_at, null, null);

-- name: token_list (workspace text)
--       -> many TokenRow (id text, name text, hint text, scopes int, created_at time, expires_at time?, last_used_at time?,
--                         created_by text)
select t.id, t.name, t.hint, t.scopes, t.created_at, t.expires_at, t.last_used_at, coalesce(p.name, '') as created_by
  from team_token t left join team_person p on p.id = t.person_id
 where t.workspace_id = :workspace and t.revoked_at is null
 order by t.created_at desc, t.id;

-- name: token_get (workspace text, id text)
--       -> one TokenRow (id text, name text, hint text, scopes int, created_at time, expires_at time?, last_used_at time?,
--                        created_by text)
select t.id, t.name, t.hint, t.scopes, t.created_at, t.expires_at, t.last_used_at, coalesce(p.name, '') as created_by
  from team_token t left join team_person p on p.id = t.person_id
 where t.workspace_id = :workspace and t.id = :id and t.revoked_at is null;

-- name: token_find (hash text)
--       -> one (id text, workspace_id text, person_id text, scopes int, expires_at time?, last_used_at time?, revoked_at time?,
--               locale text, role text?)
-- global: this is how a program becomes known
select t.id, t.workspace_id, t.person_id, t.scopes, t.expires_at, t.last_used_at, t.revoked_at, p.locale, m.role
  from team_token t
  join team_person p on p.id = t.person_id
  left join team_member m on m.workspace_id = t.workspace_id and m.person_id = t.person_id
 where t.token_hash = :hash;

-- name: token_touch (space text, id text, at time) -> none
-- global: noting the use is no change of the workspace
update team_token set last_used_at = :at
 where workspace_id = :space and id = :id and (last_used_at is null or last_used_at < :at);

-- name: token_revoke (workspace text, id text, at time) -> count
update team_token set revoked_at = :at where workspace_id = :workspace and id = :id and revoked_at is null;

-- name: tokens_revoke_of (workspace text, person text, at time) -> count
update team_token set revoked_at = :at where workspace_id = :workspace and person_id = :person and revoked_at is null;

-- name: token_this (id text) -> one (name text, workspace_id text, workspace_name text, zone text, scopes int)
-- global: a program asks where its token belongs
select t.name, t.workspace_id, w.name, w.zone, t.scopes
  from team_token t join team_workspace w on w.workspace_id = t.workspace_id
 where t.id = :id;
