-- The statements of campaigns.

-- name: campaign_list (workspace text)
--       -> many CampaignRow (id text, name text, created_at time, ended_at time?, n_posts int)
select c.id, c.name, c.created_at, c.ended_at,
       (select count(*) from plan_campaign_post p where p.workspace_id = c.workspace_id and p.campaign_id = c.id) as n_posts
  from plan_campaign c where c.workspace_id = :workspace order by (c.ended_at is not null), c.created_at desc, c.id;

-- name: campaign_get (workspace text, id text)
--       -> one CampaignRow (id text, name text, created_at time, ended_at time?, n_posts int)
select c.id, c.name, c.created_at, c.ended_at,
       (select count(*) from plan_campaign_post p where p.workspace_id = c.workspace_id and p.campaign_id = c.id) as n_posts
  from plan_campaign c where c.workspace_id = :workspace and c.id = :id;

-- name: campaign_insert (workspace text, id text, name text, created_at time, created_by text?) -> none
insert into plan_campaign (workspace_id, id, name, created_at, created_by) values (:workspace, :id, :name, :created_at, :created_by);

-- name: campaign_change (workspace text, id text, name text, ended_at time?) -> count
update plan_campaign set name = :name, ended_at = :ended_at where workspace_id = :workspace and id = :id;

-- name: campaign_put (workspace text, post_id text, campaign_id text) -> none
insert into plan_campaign_post (workspace_id, post_id, campaign_id) values (:workspace, :post_id, :campaign_id)
on conflict (workspace_id, post_id) do update set campaign_id = excluded.campaign_id;

-- name: campaign_drop (workspace text, post_id text) -> none
delete from plan_campaign_post where workspace_id = :workspace and post_id = :post_id;

-- name: campaign_of (workspace text, post_id text) -> one (campaign_id text)
select campaign_id from plan_campaign_post where workspace_id = :workspace and post_id = :post_id;
