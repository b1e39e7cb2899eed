-- The statements of renditions: versions of a media that fit what a network takes.

-- name: rendition_get (workspace text, id text)
--       -> one RenditionRow (id text, media_id text, state text, progress real, reason text?, actual text?, most text?, sha256 text?, kind text, mime text, bytes int, width int,
--       height int, duration_ms int, fps real, bitrate int, has_audio bool, is_faststart bool, video_codec text?, audio_codec text?, spec text, created_at time, changed_at time)
select id, media_id, state, progress, reason, actual, most, sha256, kind, mime, bytes, width,
       height, duration_ms, fps, bitrate, has_audio, is_faststart, video_codec, audio_codec, spec, created_at, changed_at
  from media_rendition where workspace_id = :workspace and id = :id;

-- name: rendition_find (workspace text, media_id text, spec_hash text)
--       -> one RenditionRow (id text, media_id text, state text, progress real, reason text?, actual text?, most text?, sha256 text?, kind text, mime text, bytes int, width int,
--       height int, duration_ms int, fps real, bitrate int, has_audio bool, is_faststart bool, video_codec text?, audio_codec text?, spec text, created_at time, changed_at time)
select id, media_id, state, progress, reason, actual, most, sha256, kind, mime, bytes, width,
       height, duration_ms, fps, bitrate, has_audio, is_faststart, video_codec, audio_codec, spec, created_at, changed_at
  from media_rendition where workspace_id = :workspace and media_id = :media_id and spec_hash = :spec_hash;

-- name: rendition_begin (workspace text, id text, media_id text, spec_hash text, spec text, kind text, mime text, at time) -> count
-- One wish is one row; one that failed or was cancelled begins anew.
insert into media_rendition (workspace_id, id, media_id, spec_hash, spec, state, progress, kind, mime, bytes, width, height, duration_ms, fps, bitrate,
                             has_audio, is_faststart, created_at, changed_at)
values (:workspace, :id, :media_id, :spec_hash, :spec, 'working', 0, :kind, :mime, 0, 0, 0, 0, 0, 0, false, false, :at, :at)
on conflict (workspace_id, media_id, spec_hash) do update
   set state = 'working', progress = 0, reason = null, actual = null, most = null, changed_at = excluded.changed_at
 where media_rendition.state in ('failed', 'cancelled');

-- name: rendition_ready (workspace text, id text, sha256 text, kind text, mime text, bytes int, width int, height int, duration_ms int, fps real, bitrate int,
--       has_audio bool, is_faststart bool, video_codec text?, audio_codec text?, at time) -> count
update media_rendition
   set state = 'ready', progress = 1, sha256 = :sha256, kind = :kind, mime = :mime, bytes = :bytes, width = :width, height = :height,
       duration_ms = :duration_ms, fps = :fps, bitrate = :bitrate, has_audio = :has_audio, is_faststart = :is_faststart, video_codec = :video_codec,
       audio_codec = :audio_codec, changed_at = :at
 where workspace_id = :workspace and id = :id and state = 'working';

-- name: rendition_end (workspace text, id text, state text, reason text?, actual text?, most text?, at time) -> count
-- Failed or cancelled.
update media_rendition set state = :state, reason = :reason, actual = :actual, most = :most, changed_at = :at
 where workspace_id = :workspace and id = :id and state = 'working';

-- name: rendition_progress (workspace text, id text, progress real, at time) -> count
-- 0: it was cancelled meanwhile.
update media_rendition set progress = :progress, changed_at = :at where workspace_id = :workspace and id = :id and state = 'working';

-- name: rendition_forget (workspace text, media_id text) -> count
delete from media_rendition where workspace_id = :workspace and media_id = :media_id;

-- name: rendition_list (workspace text, media_id text)
--       -> many RenditionRow (id text, media_id text, state text, progress real, reason text?, actual text?, most text?, sha256 text?, kind text, mime text, bytes int, width int,
--       height int, duration_ms int, fps real, bitrate int, has_audio bool, is_faststart bool, video_codec text?, audio_codec text?, spec text, created_at time, changed_at time)
select id, media_id, state, progress, reason, actual, most, sha256, kind, mime, bytes, width,
       height, duration_ms, fps, bitrate, has_audio, is_faststart, video_codec, audio_codec, spec, created_at, changed_at
  from media_rendition where workspace_id = :workspace and media_id = :media_id order by created_at, id;
