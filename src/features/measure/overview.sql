-- What the dashboard asks: roll-ups only.

-- name: measure_days (workspace text, from int, until int, account text?)
--       -> many (day int, account_id text, posts int, likes int, reposts int, replies int, quotes int, others int, followers int?, followers_as_of time?)
select day, account_id, posts, likes, reposts, replies, quotes, others, followers, followers_as_of from measure_day
 where workspace_id = :workspace and day >= :from and day < :until and (:account is null or account_id = :account)
 order by day, account_id;

-- name: measure_sums (workspace text, from int, until int, account text?) -> many (metric int, day int, value int)
-- In the order of the key, so that nothing is sorted: likes, reposts, replies, quotes, saves, shares, posts (ids of the dictionary, 119: posts).
select metric, at as day, cast(sum(value) as bigint) as value from measure_roll
 where workspace_id = :workspace and grain = 1 and is_own = false and metric in (1, 2, 3, 4, 5, 6, 119) and at >= :from and at < :until
   and (:account is null or account_id = :account)
 group by metric, at order by metric, at;

-- name: measure_followers_days (workspace text, from int, until int, account text?) -> many (day int, account_id text, followers int, followers_as_of time)
select at as day, account_id, value as followers, as_of as followers_as_of from measure_roll
 where workspace_id = :workspace and grain = 1 and is_own = true and metric = 50 and at >= :from and at < :until and (:account is null or account_id = :account)
 order by at, account_id;

-- name: measure_followers_before (workspace text, day int, account text?) -> many (account_id text, followers int, followers_as_of time)
-- The last follower count of each account before a day. (50: followers.)
with newest as (
  select account_id, max(at) as at from measure_roll
   where workspace_id = :workspace and grain = 1 and is_own = true and metric = 50 and at < :day and (:account is null or account_id = :account)
   group by account_id)
select r.account_id, r.value as followers, r.as_of as followers_as_of from newest n
  join measure_roll r on r.workspace_id = :workspace and r.grain = 1 and r.is_own = true and r.metric = 50 and r.at = n.at and r.account_id = n.account_id
 order by r.account_id;

-- name: measure_posts_between (workspace text, from time, until time, account text?) -> many (published_at time, engagements int, engagements_48 int?, as_of time?)
select published_at, engagements, engagements_48, as_of from measure_post
 where workspace_id = :workspace and published_at >= :from and published_at < :until and (:account is null or account_id = :account)
 order by published_at;

-- name: measure_best (workspace text, from time, until time, account text?, most int)
--       -> many (delivery_id text, account_id text, post_id text, published_at time, likes int?, reposts int?, replies int?, quotes int?, engagements int)
-- The narrow index says which; only those are read.
with best as (
  select delivery_id from measure_post
   where workspace_id = :workspace and published_at >= :from and published_at < :until and (:account is null or account_id = :account) and as_of is not null
   order by engagements desc, published_at desc limit :most)
select m.delivery_id, m.account_id, m.post_id, m.published_at, m.likes, m.reposts, m.replies, m.quotes, m.engagements
  from best b join measure_post m on m.workspace_id = :workspace and m.delivery_id = b.delivery_id
 order by m.engagements desc, m.published_at desc;

-- name: measure_newest (workspace text, account text?) -> one (as_of time?)
select as_of from measure_post
 where workspace_id = :workspace and as_of is not null and (:account is null or account_id = :account)
 order by as_of desc limit 1;

-- name: measure_first_day (workspace text, account text?) -> one (day int)
-- From when on anything is known.
select at as day from measure_roll
 where workspace_id = :workspace and grain = 1 and is_own in (false, true) and metric in (1, 2, 3, 4, 5, 6, 7, 9, 50, 119) and (:account is null or account_id = :account)
   and at < 31 + (select min(at) from measure_roll where workspace_id = :workspace and grain = 3 and is_own in (false, true)
                       and metric in (1, 2, 3, 4, 5, 6, 7, 9, 50, 119) and (:account is null or account_id = :account))
 order by at limit 1;
