-- What the dashboard asks: roll-ups only.

-- name: measure_days (workspace text, from int, until int, account text?)
--       -> many (day int, account_id text, posts int, likes int, reposts int, replies int, quotes int, followers int?, followers_as_of time?)
select day, account_id, posts, likes, reposts, replies, quotes, followers, followers_as_of from measure_day
 where workspace_id = :workspace and day >= :from and day < :until and (:account is null or account_id = :account)
 order by day, account_id;

-- name: measure_followers_before (workspace text, day int, account text?) -> many (account_id text, followers int, followers_as_of time)
-- The last follower count of each account before a day.
with newest as (
  select account_id, max(day) as day from measure_day
   where workspace_id = :workspace and day < :day and followers is not null and (:account is null or account_id = :account)
   group by account_id)
select d.account_id, coalesce(d.followers, 0) as followers, coalesce(d.followers_as_of, 0) as followers_as_of from newest n
  join measure_day d on d.workspace_id = :workspace and d.day = n.day and d.account_id = n.account_id
 order by d.account_id;

-- name: measure_posts_between (workspace text, from time, until time, account text?) -> many (published_at time, engagements int, engagements_48 int?, as_of time?)
select published_at, engagements, engagements_48, as_of from measure_post
 where workspace_id = :workspace and published_at >= :from and published_at < :until and (:account is null or account_id = :account)
 order by published_at;

-- name: measure_best (workspace text, from time, until time, account text?, most int)
--       -> many (delivery_id text, account_id text, post_id text, published_at time, likes int?, reposts int?, replies int?, quotes int?, engagements int)
select delivery_id, account_id, post_id, published_at, likes, reposts, replies, quotes, engagements from measure_post
 where workspace_id = :workspace and published_at >= :from and published_at < :until and (:account is null or account_id = :account) and as_of is not null
 order by engagements desc, published_at desc limit :most;

-- name: measure_newest (workspace text, account text?) -> one (as_of time?)
select as_of from measure_post
 where workspace_id = :workspace and as_of is not null and (:account is null or account_id = :account)
 order by as_of desc limit 1;

-- name: measure_first_day (workspace text, account text?) -> one (day int)
-- From when on anything is known.
select day from measure_day where workspace_id = :workspace and (:account is null or account_id = :account) order by day limit 1;
