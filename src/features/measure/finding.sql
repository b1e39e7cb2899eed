-- What the numbers of posts may have to do with how they were made.

-- name: finding_posts (workspace text, account text, since time)
--       -> many (delivery_id text, post_id text, published_at time, engagements_48 int, text text, network text?, format int?, is_outside bool)
-- Those old enough to be compared, by time: published here, or known by an import.
select m.delivery_id, m.post_id, m.published_at, coalesce(m.engagements_48, 0) as engagements_48, coalesce(d.text, o.text, '') as text, m.network, m.format, o.id is not null as is_outside
  from measure_post m left join publish_v_delivery d on d.workspace_id = m.workspace_id and d.id = m.delivery_id
       left join measure_outside o on o.workspace_id = m.workspace_id and o.id = m.delivery_id
 where m.workspace_id = :workspace and m.account_id = :account and m.published_at >= :since and m.engagements_48 is not null and (d.id is not null or o.id is not null)
 order by m.published_at, m.delivery_id;

-- name: finding_kept (workspace text, account text, basis text) -> one (found text)
select found from measure_found where workspace_id = :workspace and account_id = :account and basis = :basis;

-- name: finding_keep (workspace text, account text, basis text, found text, now time) -> none
insert into measure_found (workspace_id, account_id, basis, found, found_at) values (:workspace, :account, :basis, :found, :now)
on conflict (workspace_id, account_id) do update set basis = excluded.basis, found = excluded.found, found_at = excluded.found_at;

-- name: finding_media (workspace text, account text, since time) -> many (post_id text, kind text)
-- What the posts of those carried, one row a file: image, gif, video. (`cross join`: SQLite then starts from the posts of the time.)
select m.post_id, v.kind
  from measure_post m cross join plan_v_media p cross join media_v_media v
 where p.workspace_id = m.workspace_id and p.post_id = m.post_id and v.workspace_id = p.workspace_id and v.id = p.media_id
   and m.workspace_id = :workspace and m.account_id = :account and m.published_at >= :since and m.engagements_48 is not null
 order by m.published_at, m.post_id, v.kind;
