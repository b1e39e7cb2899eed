-- What posts are made of: their words, and the files they carry.

-- name: made_posts (workspace text, account text?, from time, until time, only_settled bool)
--       -> many (delivery_id text, post_id text, published_at time, engagements_48 int?, tags text?, text text, network text?, format int?, is_outside bool)
-- By time: published here, or known by an import.
select m.delivery_id, m.post_id, m.published_at, m.engagements_48, m.tags, coalesce(d.text, o.text, '') as text, m.network, m.format, o.id is not null as is_outside
  from measure_post m left join publish_v_delivery d on d.workspace_id = m.workspace_id and d.id = m.delivery_id
       left join measure_outside o on o.workspace_id = m.workspace_id and o.id = m.delivery_id
 where m.workspace_id = :workspace and m.published_at >= :from and m.published_at < :until and (:account is null or m.account_id = :account)
   and (not :only_settled or m.engagements_48 is not null) and (d.id is not null or o.id is not null)
 order by m.published_at, m.delivery_id;

-- name: made_media (workspace text, account text?, from time, until time, only_settled bool) -> many (post_id text, kind text)
-- What the posts of those carried, one row a file: image, gif, video. (`cross join`: SQLite then starts from the posts of the time.)
select m.post_id, v.kind
  from measure_post m cross join plan_v_media p cross join media_v_media v
 where p.workspace_id = m.workspace_id and p.post_id = m.post_id and v.workspace_id = p.workspace_id and v.id = p.media_id
   and m.workspace_id = :workspace and m.published_at >= :from and m.published_at < :until and (:account is null or m.account_id = :account)
   and (not :only_settled or m.engagements_48 is not null);
