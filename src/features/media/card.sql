-- The statements of the library: cards of media, their tags, and what looks alike. Lists of ids come end to end, 36 characters each, walked 25 at a time (see plan/post.sql).

-- name: card_many (workspace text, ids text, n_media int)
--       -> many CardRow (id text, title text, note text, alt text, owner text, licence int, terms text, source text, expires_on text?, consent int, consent_until text?,
--       consent_paper text, version int)
with recursive page (i, part) as (
    select 0, substr(:ids, 1, 900)
    union all
    select i + 1, case when (i + 1) % 25 = 0 then substr(:ids, (i + 1) * 36 + 1, 900) else part end from page where i + 1 < :n_media)
select m.id, m.title, m.note, m.alt, m.owner, m.licence, m.terms, m.source, m.expires_on, m.consent, m.consent_until, m.consent_paper, m.version
  from page cross join media_media m
 where m.workspace_id = :workspace and m.id = substr(page.part, page.i % 25 * 36 + 1, 36);

-- name: card_tags (workspace text, ids text, n_media int)
--       -> many (media_id text, tag text)
with recursive page (i, part) as (
    select 0, substr(:ids, 1, 900)
    union all
    select i + 1, case when (i + 1) % 25 = 0 then substr(:ids, (i + 1) * 36 + 1, 900) else part end from page where i + 1 < :n_media)
select t.media_id, t.tag from page cross join media_tag t
 where t.workspace_id = :workspace and t.media_id = substr(page.part, page.i % 25 * 36 + 1, 36)
 order by t.media_id, t.tag;

-- name: card_update (workspace text, id text, version int, title text, note text, alt text, owner text, licence int, terms text, source text, expires_on text?, consent int,
--       consent_until text?, consent_paper text) -> count
update media_media
   set title = :title, note = :note, alt = :alt, owner = :owner, licence = :licence, terms = :terms, source = :source, expires_on = :expires_on,
       consent = :consent, consent_until = :consent_until, consent_paper = :consent_paper, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version and deleted_at is null;

-- name: card_touch (workspace text, id text) -> count
-- Its tags changed.
update media_media set version = version + 1 where workspace_id = :workspace and id = :id and deleted_at is null;

-- name: card_words (workspace text, id text, words text) -> none
update media_media set words = :words where workspace_id = :workspace and id = :id;

-- name: card_add_tag (workspace text, media_id text, tag text) -> count
insert into media_tag (workspace_id, media_id, tag) values (:workspace, :media_id, :tag) on conflict (workspace_id, media_id, tag) do nothing;

-- name: card_drop_tag (workspace text, media_id text, tag text) -> count
delete from media_tag where workspace_id = :workspace and media_id = :media_id and tag = :tag;

-- name: card_drop_tags (workspace text, media_id text) -> none
delete from media_tag where workspace_id = :workspace and media_id = :media_id;

-- name: card_all_tags (workspace text, most int)
--       -> many (tag text, n int)
select t.tag, count(*) as n from media_tag t join media_media m on m.workspace_id = t.workspace_id and m.id = t.media_id and m.deleted_at is null
 where t.workspace_id = :workspace group by t.tag order by n desc, t.tag limit :most;

-- name: alike_set_hash (workspace text, id text, hash bytes?, quality int?) -> count
-- quality null: to be computed.
update media_media set hash = :hash, quality = :quality where workspace_id = :workspace and id = :id and deleted_at is null;

-- name: alike_hash (workspace text, id text) -> one (hash bytes?)
select hash from media_media where workspace_id = :workspace and id = :id and deleted_at is null;

-- name: alike_all (workspace text)
--       -> many (id text, hash bytes?)
select id, hash from media_media where workspace_id = :workspace and hash is not null and deleted_at is null;

-- name: alike_add (workspace text, media_id text, other_id text, distance int) -> none
insert into media_alike (workspace_id, media_id, other_id, distance) values (:workspace, :media_id, :other_id, :distance)
on conflict (workspace_id, media_id, other_id) do update set distance = excluded.distance;

-- name: alike_forget (workspace text, id text) -> none
delete from media_alike where workspace_id = :workspace and (media_id = :id or other_id = :id);

-- name: alike_of (workspace text, media_id text, most int)
--       -> many (other_id text, distance int)
-- The nearest first.
select a.other_id, a.distance from media_alike a join media_media m on m.workspace_id = a.workspace_id and m.id = a.other_id and m.deleted_at is null
 where a.workspace_id = :workspace and a.media_id = :media_id order by a.distance, a.other_id limit :most;

-- name: alike_unhashed (most int)
--       -> many (workspace_id text, id text)
-- global: what came before there were hashes, of every workspace
select workspace_id, id from media_media where quality is null and state = 'ready' and deleted_at is null order by workspace_id, id limit :most;
