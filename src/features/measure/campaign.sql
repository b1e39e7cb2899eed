-- What the posts of a campaign came to.

-- name: measure_campaign (workspace text, campaign text)
--       -> many CampaignReading (post_id text, account_id text, published_at time, likes int?, reposts int?, replies int?, quotes int?,
--          engagements int, as_of time?)
-- One row a publication, those of a post together. (`cross join`: SQLite then starts from the campaign's posts.)
select m.post_id, m.account_id, m.published_at, m.likes, m.reposts, m.replies, m.quotes, m.engagements, m.as_of
  from plan_v_campaign_post c cross join measure_post m
 where m.workspace_id = c.workspace_id and m.post_id = c.post_id and c.workspace_id = :workspace and c.campaign_id = :campaign order by m.post_id, m.account_id;
