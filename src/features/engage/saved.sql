-- The statements of saved replies.

-- name: saved_list (workspace text) -> many SavedRow (id text, folder text, name text, shortcut text, text text, n_used int, updated_at time, version int)
select id, folder, name, shortcut, text, n_used, updated_at, version from engage_saved_reply where workspace_id = :workspace order by folder, name, id;

-- name: saved_get (workspace text, id text) -> one SavedRow (id text, folder text, name text, shortcut text, text text, n_used int, updated_at time, version int)
select id, folder, name, shortcut, text, n_used, updated_at, version from engage_saved_reply where workspace_id = :workspace and id = :id;

-- name: saved_taken (workspace text, folder text, name text, shortcut text, but_id text) -> many (name text, shortcut text)
select name, shortcut from engage_saved_reply
 where workspace_id = :workspace and id <> :but_id and ((folder = :folder and name = :name) or (shortcut = :shortcut and :shortcut <> ''));

-- name: saved_n (workspace text) -> one (n int)
select count(*) as n from engage_saved_reply where workspace_id = :workspace;

-- name: saved_insert (workspace text, id text, folder text, name text, shortcut text, text text, now time) -> none
insert into engage_saved_reply (workspace_id, id, folder, name, shortcut, text, n_used, updated_at, version)
values (:workspace, :id, :folder, :name, :shortcut, :text, 0, :now, 1);

-- name: saved_update (workspace text, id text, version int, folder text, name text, shortcut text, text text, now time) -> count
-- Only the version the writer saw.
update engage_saved_reply set folder = :folder, name = :name, shortcut = :shortcut, text = :text, updated_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version;

-- name: saved_use (workspace text, id text) -> count
update engage_saved_reply set n_used = n_used + 1 where workspace_id = :workspace and id = :id;

-- name: saved_delete (workspace text, id text) -> count
delete from engage_saved_reply where workspace_id = :workspace and id = :id;
