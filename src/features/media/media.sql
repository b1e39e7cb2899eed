-- The statements of media.

-- name: media_get (workspace text, id text) -> one MediaRow (id text, sha256 text, mime text, bytes int, width int, height int, created_at time)
select id, sha256, mime, bytes, width, height, created_at from media_media where workspace_id = :workspace and id = :id;

-- name: media_get_content (workspace text, sha256 text)
--       -> one MediaRow (id text, sha256 text, mime text, bytes int, width int, height int, created_at time)
select id, sha256, mime, bytes, width, height, created_at from media_media where workspace_id = :workspace and sha256 = :sha256;

-- name: media_insert (workspace text, id text, sha256 text, mime text, bytes int, width int, height int, created_at time) -> count
-- The same content twice in a workspace is one row: the first.
insert into media_media (workspace_id, id, sha256, mime, bytes, width, height, created_at)
values (:workspace, :id, :sha256, :mime, :bytes, :width, :height, :created_at)
on conflict (workspace_id, sha256) do nothing;

-- name: media_used (sha256 text) -> one (sha256 text)
-- global: a blob is kept once for all workspaces
select sha256 from media_media where sha256 = :sha256 limit 1;
