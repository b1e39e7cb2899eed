-- The statements of tasks.

-- name: task_open (workspace text, assignee_id text?, campaign_id text?, most int)
--       -> many TaskRow (id text, title text, note text, assignee_id text?, assignee_name text?, due_on text?, campaign_id text?, post_id text?,
--          done_at time?, done_by_name text?, created_at time, updated_at time, created_by_name text?, version int)
-- The nearest date first, those without one last.
select t.id, t.title, t.note, t.assignee_id, o.name as assignee_name, t.due_on, t.campaign_id, t.post_id, t.done_at, d.name as done_by_name,
       t.created_at, t.updated_at, a.name as created_by_name, t.version
  from plan_task t left join team_v_person o on o.id = t.assignee_id left join team_v_person d on d.id = t.done_by
  left join team_v_person a on a.id = t.created_by
 where t.workspace_id = :workspace and t.done_at is null and (:assignee_id is null or t.assignee_id = :assignee_id)
   and (:campaign_id is null or t.campaign_id = :campaign_id)
 order by (t.due_on is null), t.due_on, t.id limit :most;

-- name: task_done (workspace text, assignee_id text?, campaign_id text?, most int)
--       -> many TaskRow (id text, title text, note text, assignee_id text?, assignee_name text?, due_on text?, campaign_id text?, post_id text?,
--          done_at time?, done_by_name text?, created_at time, updated_at time, created_by_name text?, version int)
-- The last done first.
select t.id, t.title, t.note, t.assignee_id, o.name as assignee_name, t.due_on, t.campaign_id, t.post_id, t.done_at, d.name as done_by_name,
       t.created_at, t.updated_at, a.name as created_by_name, t.version
  from plan_task t left join team_v_person o on o.id = t.assignee_id left join team_v_person d on d.id = t.done_by
  left join team_v_person a on a.id = t.created_by
 where t.workspace_id = :workspace and t.done_at is not null and (:assignee_id is null or t.assignee_id = :assignee_id)
   and (:campaign_id is null or t.campaign_id = :campaign_id)
 order by t.done_at desc, t.id desc limit :most;

-- name: task_get (workspace text, id text)
--       -> one TaskRow (id text, title text, note text, assignee_id text?, assignee_name text?, due_on text?, campaign_id text?, post_id text?,
--          done_at time?, done_by_name text?, created_at time, updated_at time, created_by_name text?, version int)
select t.id, t.title, t.note, t.assignee_id, o.name as assignee_name, t.due_on, t.campaign_id, t.post_id, t.done_at, d.name as done_by_name,
       t.created_at, t.updated_at, a.name as created_by_name, t.version
  from plan_task t left join team_v_person o on o.id = t.assignee_id left join team_v_person d on d.id = t.done_by
  left join team_v_person a on a.id = t.created_by
 where t.workspace_id = :workspace and t.id = :id;

-- name: task_insert (workspace text, id text, title text, note text, assignee_id text?, due_on text?, campaign_id text?, post_id text?, now time,
--       created_by text?) -> none
insert into plan_task (workspace_id, id, title, note, assignee_id, due_on, campaign_id, post_id, created_at, updated_at, created_by, version)
values (:workspace, :id, :title, :note, :assignee_id, :due_on, :campaign_id, :post_id, :now, :now, :created_by, 1);

-- name: task_update (workspace text, id text, version int, title text, note text, assignee_id text?, due_on text?, campaign_id text?,
--       post_id text?, now time) -> count
-- Only the version the writer saw.
update plan_task
   set title = :title, note = :note, assignee_id = :assignee_id, due_on = :due_on, campaign_id = :campaign_id, post_id = :post_id,
       updated_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version;

-- name: task_set_done (workspace text, id text, done_at time?, done_by text?, now time) -> none
update plan_task set done_at = :done_at, done_by = :done_by, updated_at = :now, version = version + 1 where workspace_id = :workspace and id = :id;

-- name: task_delete (workspace text, id text) -> count
delete from plan_task where workspace_id = :workspace and id = :id;
