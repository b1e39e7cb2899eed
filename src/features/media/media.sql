-- The statements of media: the rows of what people brought.

-- name: media_get (workspace text, id text)
--       -> one MediaRow (id text, sha256 text, name text, kind text, mime text, bytes int, width int, height int, duration_ms int, fps real, bitrate int, has_audio bool, is_faststart bool,
--       video_codec text?, audio_codec text?, state text, reason text?, thumb_sha256 text?, created_at time, deleted_at time?)
select id, sha256, name, kind, mime, bytes, width, height, duration_ms, fps, bitrate, has_audio, is_faststart,
       video_codec, audio_codec, state, reason, thumb_sha256, created_at, deleted_at
  from media_media where workspace_id = :workspace and id = :id;

-- name: media_get_content (workspace text, sha256 text)
--       -> one MediaRow (id text, sha256 text, name text, kind text, mime text, bytes int, width int, height int, duration_ms int, fps real, bitrate int, has_audio bool, is_faststart bool,
--       video_codec text?, audio_codec text?, state text, reason text?, thumb_sha256 text?, created_at time, deleted_at time?)
select id, sha256, name, kind, mime, bytes, width, height, duration_ms, fps, bitrate, has_audio, is_faststart,
       video_codec, audio_codec, state, reason, thumb_sha256, created_at, deleted_at
  from media_media where workspace_id = :workspace and sha256 = :sha256;

-- name: media_many (workspace text, ids text, n_media int)
--       -> many MediaRow (id text, sha256 text, name text, kind text, mime text, bytes int, width int, height int, duration_ms int, fps real, bitrate int, has_audio bool, is_faststart bool,
--       video_codec text?, audio_codec text?, state text, reason text?, thumb_sha256 text?, created_at time, deleted_at time?)
-- Ids end to end, 36 characters each.
with recursive page (i, part) as (
    select 0, substr(:ids, 1, 900)
    union all
    select i + 1, case when (i + 1) % 25 = 0 then substr(:ids, (i + 1) * 36 + 1, 900) else part end from page where i + 1 < :n_media)
select m.id, m.sha256, m.name, m.kind, m.mime, m.bytes, m.width, m.height, m.duration_ms, m.fps, m.bitrate, m.has_audio, m.is_faststart,
       m.video_codec, m.audio_codec, m.state, m.reason, m.thumb_sha256, m.created_at, m.deleted_at
  from page cross join media_media m where m.workspace_id = :workspace and m.id = substr(page.part, page.i % 25 * 36 + 1, 36);

-- name: media_list (workspace text, before time, before_id text, most int)
--       -> many MediaRow (id text, sha256 text, name text, kind text, mime text, bytes int, width int, height int, duration_ms int, fps real, bitrate int, has_audio bool, is_faststart bool,
--       video_codec text?, audio_codec text?, state text, reason text?, thumb_sha256 text?, created_at time, deleted_at time?)
-- Newest first, from after (before, before_id).
select id, sha256, name, kind, mime, bytes, width, height, duration_ms, fps, bitrate, has_audio, is_faststart,
       video_codec, audio_codec, state, reason, thumb_sha256, created_at, deleted_at
  from media_media
 where workspace_id = :workspace and deleted_at is null and (created_at, id) < (:before, :before_id)
 order by created_at desc, id desc limit :most;

-- name: media_insert (workspace text, id text, sha256 text, name text, words text, kind text, mime text, bytes int, width int, height int, created_at time) -> count
-- Not looked at yet. The same content twice in a workspace is one row: the first; one that was deleted or failed begins anew.
insert into media_media (workspace_id, id, sha256, name, words, kind, mime, bytes, width, height, duration_ms, fps, bitrate, has_audio, is_faststart, state, created_at)
values (:workspace, :id, :sha256, :name, :words, :kind, :mime, :bytes, :width, :height, 0, 0, 0, false, false, 'working', :created_at)
on conflict (workspace_id, sha256) do update set state = 'working', reason = null, deleted_at = null, created_at = excluded.created_at
 where media_media.deleted_at is not null or media_media.state = 'failed';

-- name: media_looked (workspace text, id text, kind text, mime text, width int, height int, duration_ms int, fps real, bitrate int,
--       has_audio bool, is_faststart bool, video_codec text?, audio_codec text?, thumb_sha256 text?) -> count
update media_media
   set state = 'ready', reason = null, kind = :kind, mime = :mime, width = :width, height = :height, duration_ms = :duration_ms, fps = :fps,
       bitrate = :bitrate, has_audio = :has_audio, is_faststart = :is_faststart, video_codec = :video_codec, audio_codec = :audio_codec,
       thumb_sha256 = :thumb_sha256
 where workspace_id = :workspace and id = :id and state = 'working';

-- name: media_fail (workspace text, id text, reason text) -> count
update media_media set state = 'failed', reason = :reason where workspace_id = :workspace and id = :id and state = 'working';

-- name: media_forget (workspace text, id text) -> count
-- What was refused before anybody could use it.
delete from media_media where workspace_id = :workspace and id = :id and state <> 'ready';

-- name: media_delete (workspace text, id text, at time) -> count
update media_media set deleted_at = :at where workspace_id = :workspace and id = :id and deleted_at is null;

-- name: media_used (sha256 text) -> one (sha256 text)
-- global: a blob is kept once for all workspaces
select sha256 from media_media where sha256 = :sha256 and deleted_at is null
union all select thumb_sha256 from media_media where thumb_sha256 = :sha256
union all select sha256 from media_rendition where sha256 = :sha256
union all select sha256 from media_kept where sha256 = :sha256
union all select thumb_sha256 from media_kept where thumb_sha256 = :sha256
limit 1;

-- name: media_public (workspace text, sha256 text) -> one (mime text)
-- global: who asks has no session; the token that was signed names the workspace
select mime from media_media where workspace_id = :workspace and sha256 = :sha256 and deleted_at is null and state = 'ready'
union all select mime from media_rendition where workspace_id = :workspace and sha256 = :sha256
limit 1;
