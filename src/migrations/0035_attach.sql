-- What came with something said: fetched once, kept as blobs of the workspace beside the library.

-- A file somebody sent. The content is a blob named by its SHA-256; the row is what keeps it. What it is was found by its content, never by what somebody called it.
create table media_kept (
    workspace_id TEXT not null,
    id           TEXT not null,
    kind         I64 not null,    -- 0 picture, 1 video, 2 sound, 3 file: only ever downloaded
    sha256       TEXT not null,
    thumb_sha256 TEXT,
    name         TEXT not null,   -- as its sender called it; ''
    mime         TEXT not null,
    bytes        I64 not null,
    width        I64 not null,
    height       I64 not null,
    duration_ms  I64 not null,
    created_at   I64 not null,
    primary key (workspace_id, id)
);
create index media_kept_content on media_kept (sha256);
create index media_kept_thumb on media_kept (thumb_sha256) where thumb_sha256 is not null;

-- One attachment of something said (engage_talk.attachments[ordinal]) that is fetched.
create table engage_file (
    workspace_id TEXT not null,
    id           TEXT not null,
    talk_id      TEXT not null,
    account_id   TEXT not null,
    ordinal      I64 not null,
    state        I64 not null,    -- 0 fetching, 1 ready, 2 gone, 3 too large, 4 refused, 5 unreachable
    kind         I64 not null,    -- networks/talk.h
    url          TEXT,            -- where it lies, or
    content_id   TEXT,            -- what the network's own call takes
    name         TEXT not null,
    kept_id      TEXT,            -- media_kept; ready
    asked_at     I64 not null,    -- since when it is being fetched
    primary key (workspace_id, id),
    unique (workspace_id, talk_id, ordinal)
);

-- Kept files as other features' statements may see them.
create view media_v_kept as
    select workspace_id, id, kind, thumb_sha256 is not null as has_thumb, mime, bytes, width, height, duration_ms from media_kept;
