-- The statements of what a post said before.

-- name: version_list (workspace text, post_id text)
--       -> many (version int, began_at time, saved_at time, saved_by text?, saved_by_name text?)
-- The newest first.
select v.version, v.began_at, v.saved_at, v.saved_by, a.name as saved_by_name
  from plan_version v left join team_v_person a on a.id = v.saved_by
 where v.workspace_id = :workspace and v.post_id = :post_id order by v.version desc;

-- name: version_get (workspace text, post_id text, version int)
--       -> one (version int, began_at time, saved_at time, saved_by text?, saved_by_name text?, content text)
select v.version, v.began_at, v.saved_at, v.saved_by, a.name as saved_by_name, v.content
  from plan_version v left join team_v_person a on a.id = v.saved_by
 where v.workspace_id = :workspace and v.post_id = :post_id and v.version = :version;

-- name: version_last (workspace text, post_id text) -> one (version int, began_at time, saved_by text?, is_whole bool)
select version, began_at, saved_by, is_whole from plan_version
 where workspace_id = :workspace and post_id = :post_id order by version desc limit 1;

-- name: version_insert (workspace text, post_id text, version int, began_at time, saved_at time, saved_by text?, is_whole bool,
--       content text) -> none
insert into plan_version (workspace_id, post_id, version, began_at, saved_at, saved_by, is_whole, content)
values (:workspace, :post_id, :version, :began_at, :saved_at, :saved_by, :is_whole, :content);

-- name: version_merge (workspace text, post_id text, version int, to_version int, saved_at time, content text) -> none
update plan_version set version = :to_version, saved_at = :saved_at, content = :content
 where workspace_id = :workspace and post_id = :post_id and version = :version;

-- name: version_close (workspace text, post_id text, version int) -> none
update plan_version set is_whole = true where workspace_id = :workspace and post_id = :post_id and version = :version;

-- name: version_trim (workspace text, post_id text, most int) -> none
-- The oldest beyond so many.
delete from plan_version where workspace_id = :workspace and post_id = :post_id and version <= (
    select version from plan_version where workspace_id = :workspace and post_id = :post_id order by version desc limit 1 offset :most);

-- name: version_drop (workspace text, post_id text) -> none
delete from plan_version where workspace_id = :workspace and post_id = :post_id;
