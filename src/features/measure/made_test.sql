-- For made_test.c: files, as the library has them, and a post that carries one.

-- name: test_file_add (workspace text, id text, kind text) -> none
insert into media_media (workspace_id, id, sha256, name, kind, mime, bytes, width, height, duration_ms, fps, bitrate, has_audio, is_faststart, state, created_at)
values (:workspace, :id, :id, '', :kind, 'x/x', 1, 1, 1, 0, 0, 0, false, false, 'ready', 0);

-- name: test_carry (workspace text, post text, ordinal int, file text) -> none
insert into plan_media (workspace_id, post_id, variant, part, ordinal, media_id, alt) values (:workspace, :post, 0, 0, :ordinal, :file, '');

-- name: test_edit (workspace text, delivery text, text text) -> none
-- As a network's edit leaves it.
update publish_delivery set text = :text where workspace_id = :workspace and id = :delivery;
