-- The statements of what came with something said.

-- name: attached_add (workspace text, id text, talk_id text, account_id text, ordinal int, kind int, url text?, content_id text?, name text, asked_at time) -> none
insert into engage_file (workspace_id, id, talk_id, account_id, ordinal, state, kind, url, content_id, name, asked_at)
values (:workspace, :id, :talk_id, :account_id, :ordinal, 0, :kind, :url, :content_id, :name, :asked_at);

-- name: attached_get (workspace text, id text)
--       -> one (id text, talk_id text, thread_id text?, account_id text, ordinal int, state int, kind int, url text?, content_id text?, name text, kept_id text?, asked_at time)
select f.id, f.talk_id, t.thread_id, f.account_id, f.ordinal, f.state, f.kind, f.url, f.content_id, f.name, f.kept_id, f.asked_at
  from engage_file f join engage_talk t on t.workspace_id = f.workspace_id and t.id = f.talk_id
 where f.workspace_id = :workspace and f.id = :id;

-- name: attached_many (workspace text, ids text, n_talk int)
--       -> many (id text, talk_id text, ordinal int, state int, name text, kind int?, has_thumb bool?, mime text?, bytes int?, width int?, height int?, duration_ms int?)
-- Ids of talk end to end, 36 characters each.
with recursive page (i, part) as (
    select 0, substr(:ids, 1, 900)
    union all
    select i + 1, case when (i + 1) % 25 = 0 then substr(:ids, (i + 1) * 36 + 1, 900) else part end from page where i + 1 < :n_talk)
select f.id, f.talk_id, f.ordinal, f.state, f.name, k.kind, k.has_thumb, k.mime, k.bytes, k.width, k.height, k.duration_ms
  from page cross join engage_file f
  left join media_v_kept k on k.workspace_id = f.workspace_id and k.id = f.kept_id
 where f.workspace_id = :workspace and f.talk_id = substr(page.part, page.i % 25 * 36 + 1, 36);

-- name: attached_of (workspace text, talk_id text) -> many (id text)
select id from engage_file where workspace_id = :workspace and talk_id = :talk_id;

-- name: attached_of_author (workspace text, account_id text, author_id text) -> many (id text)
select f.id from engage_talk t join engage_file f on f.workspace_id = t.workspace_id and f.talk_id = t.id
 where t.workspace_id = :workspace and t.account_id = :account_id and t.author_id = :author_id;

-- name: attached_ready (workspace text, id text, kept_id text) -> count
update engage_file set state = 1, kept_id = :kept_id where workspace_id = :workspace and id = :id and state = 0;

-- name: attached_end (workspace text, id text, state int) -> count
update engage_file set state = :state where workspace_id = :workspace and id = :id and state = 0;

-- name: attached_drop (workspace text, id text) -> one (kept_id text?)
delete from engage_file where workspace_id = :workspace and id = :id returning kept_id;
