-- The audit log. Rows are only ever added.

-- name: audit_add (workspace text, id text, at time, actor_kind text, actor_id text?, action text, subject_kind text,
--       subject_id text?, before_json text?, after_json text?) -> none
insert into team_audit (workspace_id, id, at, actor_kind, actor_id, action, subject_kind, subject_id, before_json, after_json)
values (:workspace, :id, :at, :actor_kind, :actor_id, :action, :subject_kind, :subject_id, :before_json, :after_json);

-- name: audit_add_in (space text, id text, at time, actor_kind text, actor_id text?, action text, subject_kind text,
--       subject_id text?, before_json text?, after_json text?) -> none
-- global: a new workspace is written before any handle can be scoped to it
insert into team_audit (workspace_id, id, at, actor_kind, actor_id, action, subject_kind, subject_id, before_json, after_json)
values (:space, :id, :at, :actor_kind, :actor_id, :action, :subject_kind, :subject_id, :before_json, :after_json);

-- name: audit_add_everywhere (person text, id text, at time, actor_kind text, actor_id text?, action text,
--       before_json text?, after_json text?) -> none
-- global: what a person does to their own account is seen in each workspace they belong to
insert into team_audit (workspace_id, id, at, actor_kind, actor_id, action, subject_kind, subject_id, before_json, after_json)
select workspace_id, :id, :at, :actor_kind, :actor_id, :action, 'person', :person, :before_json, :after_json
  from team_member where person_id = :person;

-- name: audit_page (workspace text, kind text?, below text?, most int)
--       -> many AuditRow (id text, at time, actor_kind text, actor_id text?, actor_name text, action text, subject_kind text,
--                         subject_id text?, before_json text?, after_json text?)
select a.id, a.at, a.actor_kind, a.actor_id, coalesce(p.name, t.name, '') as actor_name, a.action, a.subject_kind, a.subject_id,
       a.before_json, a.after_json
  from team_audit a
  left join team_person p on p.id = a.actor_id
  left join team_token t on t.workspace_id = a.workspace_id and t.id = a.actor_id
 where a.workspace_id = :workspace and (:kind is null or a.subject_kind = :kind) and (:below is null or a.id < :below)
 order by a.id desc limit :most;

-- name: audit_page_about (workspace text, subject text, below text?, most int)
--       -> many AuditRow (id text, at time, actor_kind text, actor_id text?, actor_name text, action text, subject_kind text,
--                         subject_id text?, before_json text?, after_json text?)
select a.id, a.at, a.actor_kind, a.actor_id, coalesce(p.name, t.name, '') as actor_name, a.action, a.subject_kind, a.subject_id,
       a.before_json, a.after_json
  from team_audit a
  left join team_person p on p.id = a.actor_id
  left join team_token t on t.workspace_id = a.workspace_id and t.id = a.actor_id
 where a.workspace_id = :workspace and a.subject_id = :subject and (:below is null or a.id < :below)
 order by a.id desc limit :most;

-- name: audit_has (workspace text, subject text, action text, actor_kind text, actor_id text?, since time) -> one (id text)
select id from team_audit
 where workspace_id = :workspace and subject_id = :subject and action = :action and actor_kind = :actor_kind and actor_id is not distinct from :actor_id and at >= :since
 limit 1;
