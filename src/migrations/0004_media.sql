-- media_media: a picture, animation or video of a workspace. The content is a blob named by its SHA-256; the same content is one row a workspace.
create table media_media (
    workspace_id TEXT not null,
    id           TEXT not null,
    sha256       TEXT not null,
    name         TEXT not null,   -- as the person's file was called; '' where nobody said
    kind         TEXT not null,   -- image, gif, video
    mime         TEXT not null,
    bytes        I64 not null,
    width        I64 not null,    -- as shown
    height       I64 not null,
    duration_ms  I64 not null,
    fps          F64 not null,
    bitrate      I64 not null,
    has_audio    BOOL not null,
    is_faststart BOOL not null,
    video_codec  TEXT,
    audio_codec  TEXT,
    state        TEXT not null,   -- working, ready, failed
    reason       TEXT,            -- why it failed
    thumb_sha256 TEXT,
    created_at   I64 not null,
    deleted_at   I64,             -- the content is gone, the thumbnail stays
    primary key (workspace_id, id),
    unique (workspace_id, sha256)
);
create index media_media_content on media_media (sha256); -- is a blob used by anybody?
create index media_media_thumb on media_media (thumb_sha256) where thumb_sha256 is not null;
create index media_media_newest on media_media (workspace_id, created_at, id) where deleted_at is null;

-- media_rendition: a version of a media made for what a network takes. spec_hash names the wish, so that the same is made once.
create table media_rendition (
    workspace_id TEXT not null,
    id           TEXT not null,
    media_id     TEXT not null,
    spec_hash    TEXT not null,
    spec         TEXT not null,   -- JSON
    state        TEXT not null,   -- working, ready, failed, cancelled
    progress     F64 not null,
    reason       TEXT,
    actual       TEXT,
    most         TEXT,            -- the limit that was not kept
    sha256       TEXT,
    kind         TEXT not null,
    mime         TEXT not null,
    bytes        I64 not null,
    width        I64 not null,
    height       I64 not null,
    duration_ms  I64 not null,
    fps          F64 not null,
    bitrate      I64 not null,
    has_audio    BOOL not null,
    is_faststart BOOL not null,
    video_codec  TEXT,
    audio_codec  TEXT,
    created_at   I64 not null,
    changed_at   I64 not null,
    primary key (workspace_id, id),
    unique (workspace_id, media_id, spec_hash)
);
create index media_rendition_content on media_rendition (sha256) where sha256 is not null;

-- media_upload: a large file on its way in, part by part. The bytes so far are in a draft blob of the same name.
create table media_upload (
    workspace_id TEXT not null,
    id           TEXT not null,
    name         TEXT not null,
    bytes        I64 not null,    -- announced
    sha256       TEXT,            -- announced; null: not
    received     I64 not null,    -- on disk for certain
    hashing      BYTES not null,  -- SHA-256 of what was received, unfinished
    created_at   I64 not null,
    touched_at   I64 not null,
    primary key (workspace_id, id)
);
create index media_upload_touched on media_upload (touched_at);

create view media_v_media as
    select workspace_id, id, sha256, kind, mime, bytes, width, height, duration_ms, state from media_media;
