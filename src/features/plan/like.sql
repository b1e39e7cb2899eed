-- The statements of texts that are nearly the same, and of others' campaigns that a workspace tracks.

-- name: like_posts (workspace text, since time, after_id text, oldest time, most int)
--       -> many (id text, text text, updated_at time, deleted_at time?)
-- What changed, in the order it did; posts long over are left out.
select id, text, updated_at, deleted_at from plan_post
 where workspace_id = :workspace and (updated_at, id) > (:since, :after_id) and (due_at is null or due_at >= :oldest)
 order by updated_at, id limit :most;

-- name: like_variants (workspace text, since time, after_id text, until time, until_id text)
--       -> many (post_id text, ordinal int, text text)
-- The texts of their own that variants of those posts have.
select v.post_id, v.ordinal, v.text from plan_post p join plan_variant v on v.workspace_id = p.workspace_id and v.post_id = p.id
 where p.workspace_id = :workspace and (p.updated_at, p.id) > (:since, :after_id) and (p.updated_at, p.id) <= (:until, :until_id)
   and v.text is not null order by p.updated_at, p.id, v.ordinal;

-- name: tracked_list (workspace text)
--       -> many TrackedRow (id text, who text, text text, url text?, on_day int, created_at time, by_name text?)
select t.id, t.who, t.text, t.url, t.on_day, t.created_at, a.name as by_name
  from plan_tracked t left join team_v_person a on a.id = t.created_by
 where t.workspace_id = :workspace order by t.on_day desc, t.id;

-- name: tracked_get (workspace text, id text)
--       -> one TrackedRow (id text, who text, text text, url text?, on_day int, created_at time, by_name text?)
select t.id, t.who, t.text, t.url, t.on_day, t.created_at, a.name as by_name
  from plan_tracked t left join team_v_person a on a.id = t.created_by
 where t.workspace_id = :workspace and t.id = :id;

-- name: tracked_n (workspace text) -> one (n int)
select count(*) as n from plan_tracked where workspace_id = :workspace;

-- name: tracked_insert (workspace text, id text, who text, text text, url text?, on_day int, created_at time, created_by text?) -> none
insert into plan_tracked (workspace_id, id, who, text, url, on_day, created_at, created_by)
values (:workspace, :id, :who, :text, :url, :on_day, :created_at, :created_by);

-- name: tracked_delete (workspace text, id text) -> count
delete from plan_tracked where workspace_id = :workspace and id = :id;
