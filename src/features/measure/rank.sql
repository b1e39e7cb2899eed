-- Posts with their newest numbers: ranked, or put together by what they are.

-- name: measure_rank (workspace text, from time, until time, account text?, network text?, format int?, made int?, campaign text?, bare bool, by int, with_ids bool, with_accounts bool, settled bool)
--       -> many (delivery_id text?, account_id text?, published_at time, as_of time?, network text?, format int?, campaign_id text?, numbers bytes?, engagements_48 int?)
-- All of it lies in measure_post_line: a column that is not there would have every row read with its days. Texts come only where they are asked for (by: 0 network, 2 campaign): thousands of
-- posts are read at once.
select case when :with_ids then m.delivery_id end as delivery_id, case when :with_accounts then m.account_id end as account_id, m.published_at, m.as_of,
       case when :by = 0 then m.network end as network, m.format, case when :by = 2 then m.campaign_id end as campaign_id, m.numbers,
       case when :settled then m.engagements_48 end as engagements_48
  from measure_post m
 where m.workspace_id = :workspace and m.published_at >= :from and m.published_at < :until and (:account is null or m.account_id = :account)
   and (:network is null or m.network = :network) and (:format is null or m.format = :format) and (:made is null or m.made = :made)
   and (:campaign is null or m.campaign_id = :campaign) and (not :bare or m.campaign_id is null)
 order by m.published_at;

-- name: measure_rank_tagged (workspace text, from time, until time, account text?, network text?, format int?, made int?, campaign text?, bare bool, by int, with_ids bool, with_accounts bool, settled bool)
--       -> many (delivery_id text?, account_id text?, published_at time, as_of time?, network text?, format int?, campaign_id text?, numbers bytes?, engagements_48 int?, tags text?)
-- The same with the hashtags, from the rows.
select case when :with_ids then m.delivery_id end as delivery_id, case when :with_accounts then m.account_id end as account_id, m.published_at, m.as_of,
       case when :by = 0 then m.network end as network, m.format, case when :by = 2 then m.campaign_id end as campaign_id, m.numbers,
       case when :settled then m.engagements_48 end as engagements_48, m.tags
  from measure_post m
 where m.workspace_id = :workspace and m.published_at >= :from and m.published_at < :until and (:account is null or m.account_id = :account)
   and (:network is null or m.network = :network) and (:format is null or m.format = :format) and (:made is null or m.made = :made)
   and (:campaign is null or m.campaign_id = :campaign) and (not :bare or m.campaign_id is null)
 order by m.published_at;

-- name: measure_rank_gains (workspace text, from time, until time, account text?, network text?, format int?, made int?, campaign text?, bare bool, with_tags bool)
--       -> many (delivery_id text, account_id text, published_at time, as_of time?, network text?, format int?, campaign_id text?, numbers bytes?, days bytes?, tags text?)
-- Posts that may have gained in that time: out before its end, read after its begin. One whose whole life lies in it gained its newest numbers: only of the others are the rows read, for their
-- days. (`+`: SQLite then goes by measure_post_line, which has all but those.)
select m.delivery_id, m.account_id, m.published_at, m.as_of, m.network, m.format, m.campaign_id, m.numbers,
       case when m.published_at < :from or m.as_of >= :until then m.days end as days, case when :with_tags then m.tags end as tags
  from measure_post m
 where m.workspace_id = :workspace and m.published_at < :until and +m.as_of >= :from and (:account is null or m.account_id = :account)
   and (:network is null or m.network = :network) and (:format is null or m.format = :format) and (:made is null or m.made = :made)
   and (:campaign is null or m.campaign_id = :campaign) and (not :bare or m.campaign_id is null)
 order by m.published_at;

-- name: measure_own_numbers (workspace text) -> many (account_id text, numbers bytes?)
select account_id, numbers from measure_account where workspace_id = :workspace;

-- name: measure_pack_sources (workspace text, subject text) -> many (source text)
-- Who told the numbers of a post or an account.
select distinct source from measure_pack where workspace_id = :workspace and subject = :subject order by source;
