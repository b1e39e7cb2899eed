-- Readings and their roll-ups: what is written, and what writing needs to know.

-- name: measure_snapshot_add (workspace text, account text, delivery text, metric text, as_of time, value int) -> count
-- many: yes
insert into measure_snapshot (workspace_id, account_id, delivery_id, metric, as_of, value)
values (:workspace, :account, :delivery, :metric, :as_of, :value)
on conflict (workspace_id, account_id, delivery_id, metric, as_of) do nothing;

-- name: measure_snapshot_before (workspace text, account text, delivery text, metric text, as_of time) -> one MeasureNeighbour (as_of time, value int)
select as_of, value from measure_snapshot
 where workspace_id = :workspace and account_id = :account and delivery_id = :delivery and metric = :metric and as_of <= :as_of
 order by as_of desc limit 1;

-- name: measure_snapshot_after (workspace text, account text, delivery text, metric text, as_of time) -> one MeasureNeighbour (as_of time, value int)
select as_of, value from measure_snapshot
 where workspace_id = :workspace and account_id = :account and delivery_id = :delivery and metric = :metric and as_of > :as_of
 order by as_of limit 1;

-- name: measure_snapshots_of (workspace text, account text, delivery text) -> many (metric text, as_of time, value int)
select metric, as_of, value from measure_snapshot
 where workspace_id = :workspace and account_id = :account and delivery_id = :delivery
 order by metric, as_of;

-- name: measure_snapshots_all (workspace text) -> many (account_id text, delivery_id text, metric text, as_of time, value int)
select account_id, delivery_id, metric, as_of, value from measure_snapshot where workspace_id = :workspace
 order by account_id, delivery_id, as_of, metric;

-- name: measure_post_add (workspace text, delivery text, account text, post text, published_at time, next_read_at time?) -> count
insert into measure_post (workspace_id, delivery_id, account_id, post_id, published_at, engagements, next_read_at, is_gone)
values (:workspace, :delivery, :account, :post, :published_at, 0, :next_read_at, false)
on conflict (workspace_id, delivery_id) do nothing;

-- name: measure_post_get (workspace text, delivery text)
--       -> one MeasurePost (delivery_id text, account_id text, post_id text, published_at time, likes int?, reposts int?, replies int?, quotes int?,
--          engagements int, engagements_48 int?, as_of time?, next_read_at time?, is_gone bool)
select delivery_id, account_id, post_id, published_at, likes, reposts, replies, quotes, engagements, engagements_48, as_of, next_read_at, is_gone
  from measure_post where workspace_id = :workspace and delivery_id = :delivery;

-- name: measure_post_set (workspace text, delivery text, likes int?, reposts int?, replies int?, quotes int?, engagements int, engagements_48 int?, as_of time?) -> none
-- many: yes
update measure_post
   set likes = :likes, reposts = :reposts, replies = :replies, quotes = :quotes, engagements = :engagements, engagements_48 = :engagements_48, as_of = :as_of
 where workspace_id = :workspace and delivery_id = :delivery;

-- name: measure_day_add (workspace text, day int, account text, posts int, likes int, reposts int, replies int, quotes int) -> none
-- many: yes
insert into measure_day (workspace_id, day, account_id, posts, likes, reposts, replies, quotes)
values (:workspace, :day, :account, :posts, :likes, :reposts, :replies, :quotes)
on conflict (workspace_id, day, account_id) do update
   set posts = measure_day.posts + excluded.posts, likes = measure_day.likes + excluded.likes, reposts = measure_day.reposts + excluded.reposts,
       replies = measure_day.replies + excluded.replies, quotes = measure_day.quotes + excluded.quotes;

-- name: measure_day_followers (workspace text, day int, account text, followers int, as_of time) -> none
-- many: yes
insert into measure_day (workspace_id, day, account_id, posts, likes, reposts, replies, quotes, followers, followers_as_of)
values (:workspace, :day, :account, 0, 0, 0, 0, 0, :followers, :as_of)
on conflict (workspace_id, day, account_id) do update
   set followers = excluded.followers, followers_as_of = excluded.followers_as_of
 where measure_day.followers_as_of is null or measure_day.followers_as_of < excluded.followers_as_of;

-- name: measure_clear_days (workspace text) -> none
delete from measure_day where workspace_id = :workspace;

-- name: measure_clear_posts (workspace text) -> none
update measure_post set likes = null, reposts = null, replies = null, quotes = null, engagements = 0, engagements_48 = null, as_of = null
 where workspace_id = :workspace;

-- name: measure_published (workspace text) -> many (account_id text, published_at time)
select account_id, published_at from measure_post where workspace_id = :workspace;
