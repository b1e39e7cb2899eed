-- What deliveries take of money and quota.

-- name: cost_keep (workspace text, id text, micros int, currency text?, quota text?, takes int) -> none
update publish_delivery set price_micros = :micros, currency = :currency, quota = :quota, quota_takes = :takes
 where workspace_id = :workspace and id = :id;

-- name: cost_reserved (workspace text, account text, quota text, post text, from time, until time)
--       -> one (takes int)
-- By what waits for a time within the quota's window, or is just being sent, but not yet counted as taken; the post that asks aside.
select coalesce(sum(quota_takes), 0) as takes from publish_delivery
 where workspace_id = :workspace and account_id = :account and state in (0, 1) and not is_dispatched and quota = :quota
   and due_at >= :from and due_at < :until
   and (post_id is null or post_id <> :post);
