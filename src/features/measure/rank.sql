-- Posts with their newest numbers: ranked, or put together by what they are.

-- name: measure_rank (workspace text, from time, until time, account text?, network text?, format int?, campaign text?, by int, with_ids bool, with_accounts bool)
--       -> many (delivery_id text?, account_id text?, published_at time, as_of time?, network text?, format int?, campaign_id text?, numbers bytes?)
-- All of it lies in measure_post_line: a column that is not there would have every row read with its days. Texts come only where they are asked for (by: 0 network, 2 campaign): thousands of
-- posts are read at once.
select case when :with_ids then m.delivery_id end as delivery_id, case when :with_accounts then m.account_id end as account_id, m.published_at, m.as_of,
       case when :by = 0 then m.network end as network, m.format, case when :by = 2 then m.campaign_id end as campaign_id, m.numbers
  from measure_post m
 where m.workspace_id = :workspace and m.published_at >= :from and m.published_at < :until and (:account is null or m.account_id = :account)
   and (:network is null or m.network = :network) and (:format is null or m.format = :format) and (:campaign is null or m.campaign_id = :campaign)
 order by m.published_at;

-- name: measure_rank_tagged (workspace text, from time, until time, account text?, network text?, format int?, campaign text?, by int, with_ids bool, with_accounts bool)
--       -> many (delivery_id text?, account_id text?, published_at time, as_of time?, network text?, format int?, campaign_id text?, numbers bytes?, tags text?)
-- The same with the hashtags, from the rows.
select case when :with_ids then m.delivery_id end as delivery_id, case when :with_accounts then m.account_id end as account_id, m.published_at, m.as_of,
       case when :by = 0 then m.network end as network, m.format, case when :by = 2 then m.campaign_id end as campaign_id, m.numbers, m.tags
  from measure_post m
 where m.workspace_id = :workspace and m.published_at >= :from and m.published_at < :until and (:account is null or m.account_id = :account)
   and (:network is null or m.network = :network) and (:format is null or m.format = :format) and (:campaign is null or m.campaign_id = :campaign)
 order by m.published_at;

-- name: measure_own_numbers (workspace text) -> many (account_id text, numbers bytes?)
select account_id, numbers from measure_account where workspace_id = :workspace;

-- name: measure_pack_sources (workspace text, subject text) -> many (source text)
-- Who told the numbers of a post or an account.
select distinct source from measure_pack where workspace_id = :workspace and subject = :subject order by source;
