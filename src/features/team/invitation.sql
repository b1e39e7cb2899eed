-- Invitations: a link for one e-mail address, good for seven days and once.

-- name: invitation_add (workspace text, id text, token_hash text, email text, role text, created_by text, at time, expires_at time)
--       -> none
insert into team_invitation (workspace_id, id, token_hash, email, role, created_by, created_at, expires_at, ended_at)
values (:workspace, :id, :token_hash, :email, :role, :created_by, :at, :expires_at, null);

-- name: invitation_list (workspace text, at time)
--       -> many InvitationRow (id text, email text, role text, created_at time, expires_at time, invited_by text)
select i.id, i.email, i.role, i.created_at, i.expires_at, coalesce(p.name, '') as invited_by
  from team_invitation i left join team_person p on p.id = i.created_by
 where i.workspace_id = :workspace and i.ended_at is null and i.expires_at > :at
 order by i.created_at desc, i.id;

-- name: invitation_find (hash text)
--       -> one InvitationFound (workspace_id text, id text, email text, role text, expires_at time, ended_at time?,
--                               workspace_name text)
-- global: whoever holds the link is not a member yet
select i.workspace_id, i.id, i.email, i.role, i.expires_at, i.ended_at, w.name
  from team_invitation i join team_workspace w on w.workspace_id = i.workspace_id
 where i.token_hash = :hash;

-- name: invitation_end (workspace text, id text, at time) -> count
update team_invitation set ended_at = :at where workspace_id = :workspace and id = :id and ended_at is null and expires_at > :at;

-- name: invitation_end_email (workspace text, email text, at time) -> count
-- A new invitation takes the place of an older one to the same address.
update team_invitation set ended_at = :at where workspace_id = :workspace and email = :email and ended_at is null;

-- name: invitation_end_by (workspace text, person text, at time) -> count
-- What somebody could hand out ends with their right to hand it out.
update team_invitation set ended_at = :at where workspace_id = :workspace and created_by = :person and ended_at is null;
