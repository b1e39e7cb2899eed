-- Workspaces and who belongs to them.

-- name: workspace_add (space text, name text, zone text, is_practice bool, at time) -> none
-- global: the workspace is being made
insert into team_workspace (workspace_id, name, zone, is_practice, version, created_at)
values (:space, :name, :zone, :is_practice, 1, :at);

-- name: workspace_get (workspace text)
--       -> one WorkspaceRow (id text, name text, zone text, is_practice bool, created_at time)
select workspace_id, name, zone, is_practice, created_at from team_workspace where workspace_id = :workspace;

-- name: workspaces_all () -> many WorkspaceRow (id text, name text, zone text, is_practice bool, created_at time)
-- global: commands and jobs walk all of them
select workspace_id, name, zone, is_practice, created_at from team_workspace order by created_at, workspace_id;

-- name: workspace_change (workspace text, name text?, zone text?) -> count
update team_workspace set name = coalesce(:name, name), zone = coalesce(:zone, zone), version = version + 1
 where workspace_id = :workspace;

-- name: workspace_lock (workspace text) -> count
-- Two changes of members go one after the other: each sees the owners the one before left.
update team_workspace set version = version + 1 where workspace_id = :workspace;

-- name: member_add (workspace text, person text, role text, at time) -> none
insert into team_member (workspace_id, person_id, role, joined_at) values (:workspace, :person, :role, :at);

-- name: member_add_in (space text, person text, role text, at time) -> none
-- global: the workspace is being made
insert into team_member (workspace_id, person_id, role, joined_at) values (:space, :person, :role, :at);

-- name: member_get (workspace text, person text)
--       -> one MemberRow (person_id text, name text, email text, role text, has_totp bool, joined_at time, seen_at time?)
select m.person_id, p.name, p.email, m.role, p.totp_sealed is not null as has_totp, m.joined_at,
       (select max(s.seen_at) from team_session s where s.person_id = m.person_id) as seen_at
  from team_member m join team_person p on p.id = m.person_id
 where m.workspace_id = :workspace and m.person_id = :person;

-- name: member_list (workspace text)
--       -> many MemberRow (person_id text, name text, email text, role text, has_totp bool, joined_at time, seen_at time?)
select m.person_id, p.name, p.email, m.role, p.totp_sealed is not null as has_totp, m.joined_at,
       (select max(s.seen_at) from team_session s where s.person_id = m.person_id) as seen_at
  from team_member m join team_person p on p.id = m.person_id
 where m.workspace_id = :workspace
 order by m.joined_at, m.person_id;

-- name: member_by_email (workspace text, email text) -> one (person_id text)
select m.person_id from team_member m join team_person p on p.id = m.person_id
 where m.workspace_id = :workspace and p.email = :email;

-- name: member_first_owner (workspace text) -> one (person_id text)
select person_id from team_member where workspace_id = :workspace and role = 'owner' order by joined_at, person_id limit 1;

-- name: member_owners (workspace text) -> one (n int)
select count(*) from team_member where workspace_id = :workspace and role = 'owner';

-- name: member_set_role (workspace text, person text, role text) -> count
update team_member set role = :role where workspace_id = :workspace and person_id = :person;

-- name: member_remove (workspace text, person text) -> count
delete from team_member where workspace_id = :workspace and person_id = :person;

-- name: memberships_of (person text)
--       -> many MembershipRow (workspace_id text, name text, zone text, is_practice bool, role text)
-- global: a person chooses among all their workspaces
select m.workspace_id, w.name, w.zone, w.is_practice, m.role
  from team_member m join team_workspace w on w.workspace_id = m.workspace_id
 where m.person_id = :person
 order by w.created_at, m.workspace_id;
