-- What the dashboard and the collection schedule ask: roll-ups only.

-- name: measure_days (workspace text, from int, until int, account text?)
--       -> many (day int, account_id text, posts int, likes int, reposts int, replies int, quotes int, followers int?)
select day, account_id, posts, likes, reposts, replies, quotes, followers from measure_day
 where workspace_id = :workspace and day >= :from and day < :until and (:account is null or account_id = :account)
 order by day, account_id;

-- name: measure_followers_before (workspace text, day int, account text?) -> many (account_id text, day int, followers int)
-- The last follower count of each account before a day.
with newest as (
  select account_id, max(day) as day from measure_day
   where workspace_id = :workspace and day < :day and followers is not null and (:account is null or account_id = :account)
   group by account_id)
select d.account_id, d.day, coalesce(d.followers, 0) as followers from newest n
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
select max(as_of) as as_of from measure_post where workspace_id = :workspace and (:account is null or account_id = :account);

-- name: measure_due (workspace text, account text, until time, most int) -> many (delivery_id text, published_at time, next_read_at time)
select delivery_id, published_at, coalesce(next_read_at, 0) as next_read_at from measure_post
 where workspace_id = :workspace and account_id = :account and next_read_at <= :until
 order by next_read_at limit :most;

-- name: measure_next_due (workspace text, account text) -> one (at time?)
select min(next_read_at) as at from measure_post where workspace_id = :workspace and account_id = :account and next_read_at is not null;

-- name: measure_account_get (workspace text, account text) -> one (read_at time?, failures int)
select read_at, failures from measure_account where workspace_id = :workspace and account_id = :account;

-- name: measure_account_set (workspace text, account text, read_at time?, failures int) -> none
insert into measure_account (workspace_id, account_id, read_at, failures) values (:workspace, :account, :read_at, :failures)
on conflict (workspace_id, account_id) do update set read_at = excluded.read_at, failures = excluded.failures;
