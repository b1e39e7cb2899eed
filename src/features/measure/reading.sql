-- Readings and their roll-ups: what is written, and what writing needs to know.

-- name: measure_pack_put (workspace text, subject text, number int, source text, readings int, data bytes) -> none
-- many: yes
insert into measure_pack (workspace_id, subject, number, source, readings, data)
values (:workspace, :subject, :number, :source, :readings, :data)
on conflict (workspace_id, subject, number) do update set readings = excluded.readings, data = excluded.data;

-- name: measure_packs_of (workspace text, subject text) -> many (number int, source text, readings int, data bytes)
select number, source, readings, data from measure_pack where workspace_id = :workspace and subject = :subject order by number;

-- name: measure_post_add (workspace text, delivery text, account text, post text, published_at time, next_read_at time?, network text, format int, tags text, campaign text?, made int) -> count
insert into measure_post (workspace_id, delivery_id, account_id, post_id, published_at, engagements, next_read_at, is_gone, network, format, tags, campaign_id, made)
values (:workspace, :delivery, :account, :post, :published_at, 0, :next_read_at, false, :network, :format, :tags, :campaign, :made)
on conflict (workspace_id, delivery_id) do nothing;

-- name: measure_post_get (workspace text, delivery text)
--       -> one MeasurePost (delivery_id text, account_id text, post_id text, published_at time, likes int?, reposts int?, replies int?, quotes int?,
--          engagements int, engagements_48 int?, as_of time?, next_read_at time?, is_gone bool, packs int, numbers bytes?, days bytes?,
--          network text?, format int?, tags text?, campaign_id text?, source text?, tail bytes?)
-- With its newest pack, which grows.
select m.delivery_id, m.account_id, m.post_id, m.published_at, m.likes, m.reposts, m.replies, m.quotes, m.engagements, m.engagements_48, m.as_of, m.next_read_at, m.is_gone,
       m.packs, m.numbers, m.days, m.network, m.format, m.tags, m.campaign_id, p.source, p.data as tail
  from measure_post m left join measure_pack p on p.workspace_id = m.workspace_id and p.subject = m.delivery_id and p.number = m.packs
 where m.workspace_id = :workspace and m.delivery_id = :delivery;

-- name: measure_post_set (workspace text, delivery text, likes int?, reposts int?, replies int?, quotes int?, engagements int, engagements_48 int?, as_of time?, packs int, numbers bytes, days bytes) -> none
-- many: yes
update measure_post
   set likes = :likes, reposts = :reposts, replies = :replies, quotes = :quotes, engagements = :engagements, engagements_48 = :engagements_48, as_of = :as_of,
       packs = :packs, numbers = :numbers, days = :days
 where workspace_id = :workspace and delivery_id = :delivery;

-- name: measure_own_get (workspace text, account text) -> one (packs int, numbers bytes?, as_of time?, source text?, tail bytes?)
select m.packs, m.numbers, m.as_of, p.source, p.data as tail
  from measure_account m left join measure_pack p on p.workspace_id = m.workspace_id and p.subject = m.account_id and p.number = m.packs
 where m.workspace_id = :workspace and m.account_id = :account;

-- name: measure_own_set (workspace text, account text, as_of time?, packs int, numbers bytes) -> none
-- many: yes
insert into measure_account (workspace_id, account_id, not_before, failures, as_of, packs, numbers)
values (:workspace, :account, 0, 0, :as_of, :packs, :numbers)
on conflict (workspace_id, account_id) do update set as_of = excluded.as_of, packs = excluded.packs, numbers = excluded.numbers;

-- name: measure_roll_add (workspace text, grain int, is_own bool, metric int, at int, account text, value int, readings int, falls int, gaps int, inexact int, as_of time) -> none
-- many: yes
insert into measure_roll (workspace_id, grain, is_own, metric, at, account_id, value, readings, falls, gaps, inexact, as_of)
values (:workspace, :grain, :is_own, :metric, :at, :account, :value, :readings, :falls, :gaps, :inexact, :as_of)
on conflict (workspace_id, grain, is_own, metric, at, account_id) do update
   set value = measure_roll.value + excluded.value, readings = measure_roll.readings + excluded.readings, falls = measure_roll.falls + excluded.falls,
       gaps = measure_roll.gaps + excluded.gaps, inexact = measure_roll.inexact + excluded.inexact,
       as_of = case when excluded.as_of > measure_roll.as_of then excluded.as_of else measure_roll.as_of end;

-- name: measure_roll_last (workspace text, grain int, is_own bool, metric int, at int, account text, value int, readings int, inexact int, as_of time) -> none
-- many: yes
-- Of a gauge: the last reading of that time.
insert into measure_roll (workspace_id, grain, is_own, metric, at, account_id, value, readings, falls, gaps, inexact, as_of)
values (:workspace, :grain, :is_own, :metric, :at, :account, :value, :readings, 0, 0, :inexact, :as_of)
on conflict (workspace_id, grain, is_own, metric, at, account_id) do update
   set value = case when excluded.as_of >= measure_roll.as_of then excluded.value else measure_roll.value end,
       as_of = case when excluded.as_of >= measure_roll.as_of then excluded.as_of else measure_roll.as_of end,
       readings = measure_roll.readings + excluded.readings, inexact = measure_roll.inexact + excluded.inexact;

-- name: measure_roll_forget_hours (workspace text, before int) -> none
delete from measure_roll where workspace_id = :workspace and grain = 0 and at < :before;

-- name: measure_roll_clear (workspace text) -> none
delete from measure_roll where workspace_id = :workspace;

-- name: measure_published (workspace text)
--       -> many (delivery_id text, account_id text, published_at time, network text?, format int?, tags text?, campaign_id text?)
select delivery_id, account_id, published_at, network, format, tags, campaign_id from measure_post where workspace_id = :workspace order by delivery_id;

-- name: measure_owns (workspace text) -> many (account_id text)
select account_id from measure_account where workspace_id = :workspace order by account_id;

-- name: measure_snapshots_some (workspace text, most int) -> many (account_id text, delivery_id text, metric text, as_of time, value int)
-- Readings as they were kept before they were packed.
select account_id, delivery_id, metric, as_of, value from measure_snapshot where workspace_id = :workspace
 order by account_id, delivery_id, metric, as_of limit :most;

-- name: measure_snapshot_drop (workspace text, account text, delivery text, metric text, as_of time) -> none
-- many: yes
delete from measure_snapshot where workspace_id = :workspace and account_id = :account and delivery_id = :delivery and metric = :metric and as_of = :as_of;

-- name: measure_rolls (workspace text, grain int, is_own bool, metric int, from int, until int)
--       -> many MeasureRoll (at int, account_id text, value int, readings int, falls int, gaps int, inexact int, as_of time)
-- One metric of all accounts.
select at, account_id, value, readings, falls, gaps, inexact, as_of from measure_roll
 where workspace_id = :workspace and grain = :grain and is_own = :is_own and metric = :metric and at >= :from and at < :until order by at, account_id;

-- name: measure_unlabelled (workspace text, after text, most int) -> many (delivery_id text)
-- Followed before a post's network, format and hashtags were kept.
select delivery_id from measure_post where workspace_id = :workspace and delivery_id > :after and network is null order by delivery_id limit :most;

-- name: measure_label (workspace text, delivery text, network text, format int, tags text) -> none
-- many: yes
update measure_post set network = :network, format = :format, tags = :tags where workspace_id = :workspace and delivery_id = :delivery;

-- name: measure_packs_drop (workspace text, subject text, source text) -> none
delete from measure_pack where workspace_id = :workspace and subject = :subject and source = :source;

-- name: measure_post_drop (workspace text, delivery text) -> none
delete from measure_post where workspace_id = :workspace and delivery_id = :delivery;

-- name: measure_rolls_drop_own (workspace text, account text) -> none
delete from measure_roll where workspace_id = :workspace and grain in (0, 1, 2, 3) and is_own = true and account_id = :account;

-- name: measure_rolls_drop_empty (workspace text, account text) -> none
-- What nothing stands in any more.
delete from measure_roll
 where workspace_id = :workspace and grain in (0, 1, 2, 3) and is_own = false and account_id = :account and readings = 0 and value = 0 and falls = 0 and gaps = 0 and inexact = 0;

-- name: measure_roll_settle (workspace text, grain int, is_own bool, metric int, at int, account text, value int, readings int, as_of time) -> none
-- many: yes
-- As the readings that are left say it; where one came in meanwhile, that one is the newest.
update measure_roll set as_of = :as_of
 where workspace_id = :workspace and grain = :grain and is_own = :is_own and metric = :metric and at = :at and account_id = :account
   and value = :value and readings = :readings and as_of > :as_of;

-- name: measure_posts_of (workspace text, account text, after text, most int) -> many (delivery_id text, published_at time)
select delivery_id, published_at from measure_post where workspace_id = :workspace and account_id = :account and delivery_id > :after order by delivery_id limit :most;
