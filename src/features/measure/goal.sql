-- Goals and who looks after them.

-- name: goal_list (workspace text, is_archived bool)
--       -> many GoalRow (id text, name text, metric text, account_id text?, starts_on int, due_on int, target int, owner_id text?, owner_name text?,
--          outcome int, settled_at time?, created_at time, created_by_name text?, updated_at time, archived_at time?, version int)
-- The nearest day first.
select g.id, g.name, g.metric, g.account_id, g.starts_on, g.due_on, g.target, g.owner_id, o.name as owner_name,
       g.outcome, g.settled_at, g.created_at, c.name as created_by_name, g.updated_at, g.archived_at, g.version
  from measure_goal g left join team_v_person o on o.id = g.owner_id left join team_v_person c on c.id = g.created_by
 where g.workspace_id = :workspace and (g.archived_at is not null) = :is_archived order by g.due_on, g.id;

-- name: goal_get (workspace text, id text)
--       -> one GoalRow (id text, name text, metric text, account_id text?, starts_on int, due_on int, target int, owner_id text?, owner_name text?,
--          outcome int, settled_at time?, created_at time, created_by_name text?, updated_at time, archived_at time?, version int)
select g.id, g.name, g.metric, g.account_id, g.starts_on, g.due_on, g.target, g.owner_id, o.name as owner_name,
       g.outcome, g.settled_at, g.created_at, c.name as created_by_name, g.updated_at, g.archived_at, g.version
  from measure_goal g left join team_v_person o on o.id = g.owner_id left join team_v_person c on c.id = g.created_by
 where g.workspace_id = :workspace and g.id = :id;

-- name: goal_n (workspace text) -> one (n int)
select count(*) as n from measure_goal where workspace_id = :workspace;

-- name: goal_insert (workspace text, id text, name text, metric text, account_id text?, starts_on int, due_on int, target int, owner_id text?,
--       now time, created_by text?) -> none
insert into measure_goal (workspace_id, id, name, metric, account_id, starts_on, due_on, target, owner_id, outcome, created_at, created_by, updated_at, version)
values (:workspace, :id, :name, :metric, :account_id, :starts_on, :due_on, :target, :owner_id, 0, :now, :created_by, :now, 1);

-- name: goal_update (workspace text, id text, version int, name text, metric text, account_id text?, starts_on int, due_on int, target int,
--       owner_id text?, now time) -> count
-- Only the version the writer saw. What is wanted anew is open again.
update measure_goal
   set name = :name, metric = :metric, account_id = :account_id, starts_on = :starts_on, due_on = :due_on, target = :target, owner_id = :owner_id,
       outcome = 0, settled_at = null, updated_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version;

-- name: goal_archive (workspace text, id text, archived_at time?, now time) -> none
update measure_goal set archived_at = :archived_at, updated_at = :now, version = version + 1 where workspace_id = :workspace and id = :id;

-- name: goal_settle (workspace text, id text, outcome int, now time) -> count
update measure_goal set outcome = :outcome, settled_at = :now where workspace_id = :workspace and id = :id and outcome = 0 and archived_at is null;
