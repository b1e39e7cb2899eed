-- The statements of uploads: large files on their way in.

-- name: upload_get (workspace text, id text)
--       -> one UploadRow (id text, name text, bytes int, sha256 text?, received int, hashing bytes, created_at time, touched_at time)
select id, name, bytes, sha256, received, hashing, created_at, touched_at from media_upload where workspace_id = :workspace and id = :id;

-- name: upload_insert (workspace text, id text, name text, bytes int, sha256 text?, hashing bytes, at time) -> none
insert into media_upload (workspace_id, id, name, bytes, sha256, received, hashing, created_at, touched_at)
values (:workspace, :id, :name, :bytes, :sha256, 0, :hashing, :at, :at);

-- name: upload_advance (workspace text, id text, before int, received int, hashing bytes, at time) -> count
-- 0: another part came first.
update media_upload set received = :received, hashing = :hashing, touched_at = :at
 where workspace_id = :workspace and id = :id and received = :before;

-- name: upload_delete (workspace text, id text) -> count
delete from media_upload where workspace_id = :workspace and id = :id;

-- name: upload_open (workspace text) -> one (n int, bytes int)
-- How many are on their way, and what they announced.
select count(*) as n, cast(coalesce(sum(bytes), 0) as bigint) as bytes from media_upload where workspace_id = :workspace;

-- name: upload_drop_old (until time) -> count
-- global: uploads of all workspaces that nobody touched since; their drafts are swept with the blobs
delete from media_upload where touched_at < :until;
