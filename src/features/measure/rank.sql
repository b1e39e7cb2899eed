-- Posts with their newest numbers: ranked, or put together by what they are.

-- name: measure_rank (workspace text, from time, until time, account text?, network text?, format int?, campaign text?)
--       -> many (delivery_id text, account_id text, post_id text, published_at time, engagements int, as_of time?, network text?, format int?, tags text?, numbers bytes?, campaign_id text?)
select m.delivery_id, m.account_id, m.post_id, m.published_at, m.engagements, m.as_of, m.network, m.format, m.tags, m.numbers, m.campaign_id
  from measure_post m
 where m.workspace_id = :workspace and m.published_at >= :from and m.published_at < :until and (:account is null or m.account_id = :account)
   and (:network is null or m.network = :network) and (:format is null or m.format = :format) and (:campaign is null or m.campaign_id = :campaign)
 order by m.published_at;

-- name: measure_own_numbers (workspace text) -> many (account_id text, numbers bytes?)
select account_id, numbers from measure_account where workspace_id = :workspace;

-- name: measure_pack_sources (workspace text, subject text) -> many (source text)
-- Who told the numbers of a post or an account.
select distinct source from measure_pack where workspace_id = :workspace and subject = :subject order by source;
