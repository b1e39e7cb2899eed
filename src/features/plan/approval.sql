-- The statements of approvals: what is asked for, what was asked, who said what. The post's own row is the lock: whatever votes or edits writes it first.

-- name: approval_policy (workspace text) -> one ApprovalPolicy (mode int, remind_after_h int)
select mode, remind_after_h from plan_approval_policy where workspace_id = :workspace;

-- name: approval_set_policy (workspace text, mode int, remind_after_h int, now time) -> none
insert into plan_approval_policy (workspace_id, mode, remind_after_h, changed_at) values (:workspace, :mode, :remind_after_h, :now)
on conflict (workspace_id) do update set mode = excluded.mode, remind_after_h = excluded.remind_after_h, changed_at = excluded.changed_at;

-- name: approval_get (workspace text, post_id text)
--       -> one ApprovalRow (post_id text, state int, round int, digest text, note text?, asked_at time, asked_by text?, asked_by_name text?,
--          edited_by text?, owed_until time?, n_reminders int)
select a.post_id, a.state, a.round, a.digest, a.note, a.asked_at, a.asked_by, p.name as asked_by_name, a.edited_by, a.owed_until, a.n_reminders
  from plan_approval a left join team_v_person p on p.id = a.asked_by
 where a.workspace_id = :workspace and a.post_id = :post_id;

-- name: approval_put (workspace text, post_id text, state int, round int, digest text, note text?, asked_at time, asked_by text?, edited_by text?,
--       owed_until time?) -> none
insert into plan_approval (workspace_id, post_id, state, round, digest, note, asked_at, asked_by, edited_by, owed_until, n_reminders)
values (:workspace, :post_id, :state, :round, :digest, :note, :asked_at, :asked_by, :edited_by, :owed_until, 0)
on conflict (workspace_id, post_id) do update
   set state = excluded.state, round = excluded.round, digest = excluded.digest, note = excluded.note, asked_at = excluded.asked_at,
       asked_by = excluded.asked_by, edited_by = excluded.edited_by, owed_until = excluded.owed_until, n_reminders = 0;

-- name: approval_settle (workspace text, post_id text, state int, owed_until time?) -> count
update plan_approval set state = :state, owed_until = :owed_until where workspace_id = :workspace and post_id = :post_id;

-- name: approval_reminded (workspace text, post_id text) -> count
update plan_approval set n_reminders = n_reminders + 1 where workspace_id = :workspace and post_id = :post_id;

-- name: approval_lock_post (workspace text, post_id text, version int) -> count
-- Two votes, or a vote and an edit, go one after the other.
update plan_post set updated_at = updated_at where workspace_id = :workspace and id = :post_id and version = :version and deleted_at is null;

-- name: approval_in_review (workspace text, most int) -> many (post_id text)
select id from plan_post where workspace_id = :workspace and state = 6 and deleted_at is null order by due_at, id limit :most;

-- name: approval_owed (workspace text, most int) -> many (post_id text)
select post_id from plan_approval where workspace_id = :workspace and owed_until is not null order by owed_until, post_id limit :most;

-- name: vote_insert (workspace text, id text, post_id text, round int, is_approval bool, is_client bool, is_urgent bool, person_id text?,
--       for_id text?, link_id text?, name text, reason text?, client text, post_version int, at time) -> none
insert into plan_vote (workspace_id, id, post_id, round, is_approval, is_client, is_urgent, person_id, for_id, link_id, name, reason, client, post_version, at)
values (:workspace, :id, :post_id, :round, :is_approval, :is_client, :is_urgent, :person_id, :for_id, :link_id, :name, :reason, :client, :post_version, :at);

-- name: vote_list (workspace text, post_id text)
--       -> many VoteRow (id text, round int, is_approval bool, is_client bool, is_urgent bool, person_id text?, for_id text?, for_name text?, link_id text?,
--          name text, reason text?, client text, post_version int, at time)
select v.id, v.round, v.is_approval, v.is_client, v.is_urgent, v.person_id, v.for_id, p.name as for_name, v.link_id, v.name, v.reason, v.client,
       v.post_version, v.at
  from plan_vote v left join team_v_person p on p.id = v.for_id
 where v.workspace_id = :workspace and v.post_id = :post_id order by v.at, v.id;

-- name: approval_purge (workspace text, post_id text) -> none
delete from plan_approval where workspace_id = :workspace and post_id = :post_id;

-- name: vote_purge (workspace text, post_id text) -> none
delete from plan_vote where workspace_id = :workspace and post_id = :post_id;

-- name: deputy_list (workspace text, from_on text, until_on text)
--       -> many DeputyRow (person_id text, person_name text, person_role text, deputy_id text, deputy_name text, deputy_role text, from_on text,
--          until_on text)
-- Those of some day between the two, as long as both belong to the workspace.
select d.person_id, p.name as person_name, p.role as person_role, d.deputy_id, q.name as deputy_name, q.role as deputy_role, d.from_on, d.until_on
  from plan_deputy d join team_v_member p on p.workspace_id = d.workspace_id and p.person_id = d.person_id
  join team_v_member q on q.workspace_id = d.workspace_id and q.person_id = d.deputy_id
 where d.workspace_id = :workspace and d.from_on <= :until_on and d.until_on >= :from_on order by d.person_id;

-- name: deputy_put (workspace text, person_id text, deputy_id text, from_on text, until_on text, now time, created_by text?) -> none
insert into plan_deputy (workspace_id, person_id, deputy_id, from_on, until_on, created_at, created_by)
values (:workspace, :person_id, :deputy_id, :from_on, :until_on, :now, :created_by)
on conflict (workspace_id, person_id) do update set deputy_id = excluded.deputy_id, from_on = excluded.from_on, until_on = excluded.until_on,
       created_at = excluded.created_at, created_by = excluded.created_by;

-- name: deputy_drop (workspace text, person_id text) -> count
delete from plan_deputy where workspace_id = :workspace and person_id = :person_id;
