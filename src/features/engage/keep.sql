-- How long what came with something said is kept.

-- name: keep_get (workspace text) -> one (file_days int)
select file_days from engage_keep where workspace_id = :workspace;

-- name: keep_set (workspace text, file_days int) -> none
insert into engage_keep (workspace_id, file_days) values (:workspace, :file_days)
on conflict (workspace_id) do update set file_days = excluded.file_days;

-- name: keep_workspaces () -> many (workspace_id text)
-- global: looked at once a day
select distinct workspace_id from engage_file where state = 1;

-- name: keep_over (workspace text, before time, most int) -> many (id text, kept_id text, thread_id text?)
select f.id, f.kept_id, t.thread_id
  from engage_file f join engage_talk t on t.workspace_id = f.workspace_id and t.id = f.talk_id
 where f.workspace_id = :workspace and f.state = 1 and f.asked_at < :before order by f.asked_at limit :most;

-- name: keep_removed (workspace text, id text) -> count
-- The row stays: it says why nothing is there.
update engage_file set state = 6, kept_id = null where workspace_id = :workspace and id = :id and state = 1;
