-- Roll-ups by what a post is.

-- name: measure_part_add (workspace text, part int, name text, metric int, grain int, at int, account text, value int) -> none
-- many: yes
insert into measure_part (workspace_id, part, name, metric, grain, at, account_id, value)
values (:workspace, :part, :name, :metric, :grain, :at, :account, :value)
on conflict (workspace_id, part, name, metric, grain, at, account_id) do update set value = measure_part.value + excluded.value;

-- name: measure_part_clear (workspace text) -> none
delete from measure_part where workspace_id = :workspace;

-- name: measure_part_forget_hours (workspace text, before int) -> none
delete from measure_part where workspace_id = :workspace and grain = 0 and at < :before;

-- name: measure_part_tidy (workspace text, part int, name text) -> none
-- What came to nothing because a post left.
delete from measure_part where workspace_id = :workspace and part = :part and name = :name and value = 0;

-- name: measure_parts (workspace text, part int, name text, metric int, grain int, from int, until int, account text?) -> many (at int, account_id text, value int)
select at, account_id, value from measure_part
 where workspace_id = :workspace and part = :part and name = :name and metric = :metric and grain = :grain and at >= :from and at < :until
   and (:account is null or account_id = :account) and value <> 0
 order by at, account_id;

-- name: measure_parts_all (workspace text) -> many (part int, name text, metric int, grain int, at int, account_id text, value int)
select part, name, metric, grain, at, account_id, value from measure_part
 where workspace_id = :workspace and value <> 0 order by part, name, metric, grain, at, account_id;

-- name: measure_labels_of (workspace text, post text)
--       -> many (delivery_id text, account_id text, published_at time, network text?, format int?, tags text?, campaign_id text?, made int, days bytes?)
select delivery_id, account_id, published_at, network, format, tags, campaign_id, made, days from measure_post where workspace_id = :workspace and post_id = :post order by delivery_id;

-- name: measure_accounts_of (workspace text, post text) -> many (account_id text)
select account_id from measure_post where workspace_id = :workspace and post_id = :post;

-- name: measure_campaign_of (workspace text, post text) -> one (campaign_id text)
select campaign_id from plan_v_campaign_post where workspace_id = :workspace and post_id = :post;

-- name: measure_label_set (workspace text, delivery text, tags text?, campaign text?, made int) -> none
update measure_post set tags = :tags, campaign_id = :campaign, made = :made where workspace_id = :workspace and delivery_id = :delivery;
