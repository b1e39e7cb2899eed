-- The statements of comments and of the links that clients get.

-- name: comment_insert (workspace text, id text, post_id text, person_id text?, link_id text?, name text, text text, is_shared bool,
--       account_id text?, quote text?, before text?, after text?, start_at int?, at time) -> none
insert into plan_comment (workspace_id, id, post_id, person_id, link_id, name, text, is_shared, account_id, quote, before, after, start_at, at)
values (:workspace, :id, :post_id, :person_id, :link_id, :name, :text, :is_shared, :account_id, :quote, :before, :after, :start_at, :at);

-- name: comment_list (workspace text, post_id text)
--       -> many CommentRow (id text, post_id text, person_id text?, link_id text?, name text, text text, is_shared bool, account_id text?,
--          quote text?, before text?, after text?, start_at int?, at time, resolved_at time?, resolved_by text?, resolved_by_name text?)
select c.id, c.post_id, c.person_id, c.link_id, c.name, c.text, c.is_shared, c.account_id, c.quote, c.before, c.after, c.start_at, c.at,
       c.resolved_at, c.resolved_by, p.name as resolved_by_name
  from plan_comment c left join team_v_person p on p.id = c.resolved_by
 where c.workspace_id = :workspace and c.post_id = :post_id order by c.at, c.id;

-- name: comment_get (workspace text, id text)
--       -> one CommentRow (id text, post_id text, person_id text?, link_id text?, name text, text text, is_shared bool, account_id text?,
--          quote text?, before text?, after text?, start_at int?, at time, resolved_at time?, resolved_by text?, resolved_by_name text?)
select c.id, c.post_id, c.person_id, c.link_id, c.name, c.text, c.is_shared, c.account_id, c.quote, c.before, c.after, c.start_at, c.at,
       c.resolved_at, c.resolved_by, p.name as resolved_by_name
  from plan_comment c left join team_v_person p on p.id = c.resolved_by
 where c.workspace_id = :workspace and c.id = :id;

-- name: comment_resolve (workspace text, id text, resolved_at time?, resolved_by text?) -> count
update plan_comment set resolved_at = :resolved_at, resolved_by = :resolved_by where workspace_id = :workspace and id = :id;

-- name: comment_purge (workspace text, post_id text) -> none
delete from plan_comment where workspace_id = :workspace and post_id = :post_id;

-- name: review_insert (workspace text, id text, token_hash text, name text, created_by text?, created_at time, expires_at time) -> none
insert into plan_review_link (workspace_id, id, token_hash, name, created_by, created_at, expires_at)
values (:workspace, :id, :token_hash, :name, :created_by, :created_at, :expires_at);

-- name: review_show (workspace text, link_id text, post_id text, ordinal int) -> none
-- A post that is named twice is shown once.
insert into plan_review_post (workspace_id, link_id, post_id, ordinal) values (:workspace, :link_id, :post_id, :ordinal) on conflict do nothing;

-- name: review_list (workspace text, open_at time?, most int)
--       -> many ReviewRow (id text, name text, n_posts int, created_by_name text?, created_at time, expires_at time, revoked_at time?, seen_at time?)
select r.id, r.name, (select count(*) from plan_review_post o cross join plan_post p
         where o.workspace_id = r.workspace_id and o.link_id = r.id and p.workspace_id = o.workspace_id and p.id = o.post_id
           and p.deleted_at is null) as n_posts,
       a.name as created_by_name, r.created_at, r.expires_at, r.revoked_at, r.seen_at
  from plan_review_link r left join team_v_person a on a.id = r.created_by
 where r.workspace_id = :workspace and (:open_at is null or (r.revoked_at is null and r.expires_at > :open_at))
 order by r.created_at desc, r.id desc limit :most;

-- name: review_of_post (workspace text, post_id text)
--       -> many ReviewRow (id text, name text, n_posts int, created_by_name text?, created_at time, expires_at time, revoked_at time?, seen_at time?)
select r.id, r.name, (select count(*) from plan_review_post o cross join plan_post p
         where o.workspace_id = r.workspace_id and o.link_id = r.id and p.workspace_id = o.workspace_id and p.id = o.post_id
           and p.deleted_at is null) as n_posts,
       a.name as created_by_name, r.created_at, r.expires_at, r.revoked_at, r.seen_at
  from plan_review_post s join plan_review_link r on r.workspace_id = s.workspace_id and r.id = s.link_id
  left join team_v_person a on a.id = r.created_by
 where s.workspace_id = :workspace and s.post_id = :post_id order by r.created_at desc, r.id desc;

-- name: review_get (workspace text, id text)
--       -> one ReviewRow (id text, name text, n_posts int, created_by_name text?, created_at time, expires_at time, revoked_at time?, seen_at time?)
select r.id, r.name, (select count(*) from plan_review_post o cross join plan_post p
         where o.workspace_id = r.workspace_id and o.link_id = r.id and p.workspace_id = o.workspace_id and p.id = o.post_id
           and p.deleted_at is null) as n_posts,
       a.name as created_by_name, r.created_at, r.expires_at, r.revoked_at, r.seen_at
  from plan_review_link r left join team_v_person a on a.id = r.created_by
 where r.workspace_id = :workspace and r.id = :id;

-- name: review_posts (workspace text, link_id text) -> many (post_id text)
-- What a link shows, in its order; not what was deleted. (`cross join`: SQLite then starts from the link's few.)
select o.post_id from plan_review_post o cross join plan_post p
 where p.workspace_id = o.workspace_id and p.id = o.post_id and o.workspace_id = :workspace and o.link_id = :link_id and p.deleted_at is null order by o.ordinal, o.post_id;

-- name: review_media (workspace text, link_id text, media_id text) -> one (n int)
-- Whether a post of the link shows it.
select count(*) as n from plan_review_post o join plan_post p on p.workspace_id = o.workspace_id and p.id = o.post_id
  join plan_media m on m.workspace_id = o.workspace_id and m.post_id = o.post_id
 where o.workspace_id = :workspace and o.link_id = :link_id and m.media_id = :media_id and p.deleted_at is null;

-- name: review_find (hash text)
--       -> one ReviewFound (workspace_id text, id text, name text, expires_at time, revoked_at time?)
-- global: whoever holds the link belongs to no workspace
select workspace_id, id, name, expires_at, revoked_at from plan_review_link where token_hash = :hash;

-- name: review_seen (workspace text, id text, now time) -> count
update plan_review_link set seen_at = :now where workspace_id = :workspace and id = :id;

-- name: review_revoke (workspace text, id text, now time) -> count
update plan_review_link set revoked_at = :now where workspace_id = :workspace and id = :id and revoked_at is null;

-- name: review_acts (workspace text, link_id text, since time) -> one (n int)
-- What came through a link lately.
select (select count(*) from plan_review_post o join plan_vote v on v.workspace_id = o.workspace_id and v.post_id = o.post_id
         where o.workspace_id = :workspace and o.link_id = :link_id and v.link_id = :link_id and v.at >= :since)
     + (select count(*) from plan_review_post o join plan_comment c on c.workspace_id = o.workspace_id and c.post_id = o.post_id
         where o.workspace_id = :workspace and o.link_id = :link_id and c.link_id = :link_id and c.at >= :since) as n;

-- name: review_purge (workspace text, post_id text) -> none
delete from plan_review_post where workspace_id = :workspace and post_id = :post_id;
