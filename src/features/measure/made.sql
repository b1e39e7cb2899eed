-- What posts are made of.

-- name: made_posts (workspace text, account text?, from time, until time, only_settled bool) -> many (delivery_id text, published_at time, engagements_48 int?, tags text?, made int)
-- By time: published here, or known by an import.
select delivery_id, published_at, engagements_48, tags, made from measure_post
 where workspace_id = :workspace and published_at >= :from and published_at < :until and (:account is null or account_id = :account) and (not :only_settled or engagements_48 is not null)
 order by published_at, delivery_id;

-- name: made_media (workspace text, post text) -> many (kind text)
-- What a post carries, one row a file: image, gif, video.
select v.kind from plan_v_media p join media_v_media v on v.workspace_id = p.workspace_id and v.id = p.media_id where p.workspace_id = :workspace and p.post_id = :post;
