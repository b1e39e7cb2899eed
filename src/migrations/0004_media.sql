-- media_media: a picture of a workspace. The content is a blob named by its SHA-256; the same content is one row a workspace.
create table media_media (
    workspace_id TEXT not null,
    id           TEXT not null,
    sha256       TEXT not null,
    mime         TEXT not null,
    bytes        I64 not null,
    width        I64 not null,
    height       I64 not null,
    created_at   I64 not null,
    primary key (workspace_id, id),
    unique (workspace_id, sha256)
);
create index media_media_content on media_media (sha256); -- is a blob used by anybody?

create view media_v_media as
    select workspace_id, id, sha256, mime, bytes, width, height from media_media;
