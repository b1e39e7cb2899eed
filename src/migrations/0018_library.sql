-- The library: what people say of a media (its card), what it looks like, and what looks like it.
alter table media_media add column title TEXT not null default '';
alter table media_media add column note TEXT not null default '';
alter table media_media add column alt TEXT not null default '';       -- what it shows; a post begins with it
alter table media_media add column owner TEXT not null default '';
alter table media_media add column licence I64 not null default 0;     -- 0 unsaid, 1 own, 2 licensed, 3 ugc_permitted, 4 stock, 5 public_domain, 6 ai_generated, 7 other, 8 unknown
alter table media_media add column terms TEXT not null default '';     -- of the licence, in words
alter table media_media add column source TEXT not null default '';
alter table media_media add column expires_on TEXT;                    -- YYYY-MM-DD, the last day in the workspace's zone; null: never
alter table media_media add column consent I64 not null default 0;     -- of who is seen: 0 unsaid, 1 not_needed, 2 obtained, 3 missing
alter table media_media add column consent_until TEXT;                 -- YYYY-MM-DD, the last day
alter table media_media add column consent_paper TEXT not null default ''; -- where it lies
alter table media_media add column words TEXT not null default '';     -- all that is searched, folded
alter table media_media add column version I64 not null default 1;     -- of the card
alter table media_media add column hash BYTES;                         -- perceptual, 256 bits; null: nothing to compare
alter table media_media add column quality I64;                        -- of the hash, 0..100; null: not computed yet; -1: could not be
create index media_media_unhashed on media_media (workspace_id, id) where quality is null and state = 'ready' and deleted_at is null;

create table media_tag (
    workspace_id TEXT not null,
    media_id     TEXT not null,
    tag          TEXT not null,
    primary key (workspace_id, media_id, tag)
);
create index media_tag_tag on media_tag (workspace_id, tag);

-- Pairs that look alike, each in both directions.
create table media_alike (
    workspace_id TEXT not null,
    media_id     TEXT not null,
    other_id     TEXT not null,
    distance     I64 not null,    -- bits of the hashes that differ
    primary key (workspace_id, media_id, other_id)
);

create view media_v_library as
    select workspace_id, id, kind, words, licence, expires_on, consent, consent_until, created_at from media_media where deleted_at is null;
create view media_v_tag as select workspace_id, media_id, tag from media_tag;
create view media_v_alike as select workspace_id, media_id, other_id, distance from media_alike;

-- What is kept of a picture on one network: JSON, [{"network", "x", "y", "width", "height"}] in shares of it; null: all of it.
alter table plan_media add column crops TEXT;
