-- The statements of kept files.

-- name: kept_add (workspace text, id text, kind int, sha256 text, thumb_sha256 text?, name text, mime text, bytes int, width int, height int, duration_ms int, created_at time) -> none
insert into media_kept (workspace_id, id, kind, sha256, thumb_sha256, name, mime, bytes, width, height, duration_ms, created_at)
values (:workspace, :id, :kind, :sha256, :thumb_sha256, :name, :mime, :bytes, :width, :height, :duration_ms, :created_at);

-- name: kept_get (workspace text, id text)
--       -> one (id text, kind int, sha256 text, thumb_sha256 text?, name text, mime text, bytes int, width int, height int, duration_ms int)
select id, kind, sha256, thumb_sha256, name, mime, bytes, width, height, duration_ms from media_kept where workspace_id = :workspace and id = :id;

-- name: kept_drop (workspace text, id text) -> none
delete from media_kept where workspace_id = :workspace and id = :id;
