-- The statements of campaigns.

-- name: campaign_list (workspace text)
--       -> many CampaignRow (id text, name text, status int, starts_on text?, ends_on text?, goal_metric text?, goal_target real?,
--          goal_due_on text?, budget_minor int?, currency text?, networks text, industries text, relation int, tags text, brief text,
--          created_at time, updated_at time, ended_at time?, created_by_name text?, version int)
select c.id, c.name, c.status, c.starts_on, c.ends_on, c.goal_metric, c.goal_target, c.goal_due_on, c.budget_minor, c.currency, c.networks,
       c.industries, c.relation, c.tags, c.brief, c.created_at, c.updated_at, c.ended_at, a.name as created_by_name, c.version
  from plan_campaign c left join team_v_person a on a.id = c.created_by
 where c.workspace_id = :workspace order by (c.ended_at is not null), c.created_at desc, c.id;

-- name: campaign_get (workspace text, id text)
--       -> one CampaignRow (id text, name text, status int, starts_on text?, ends_on text?, goal_metric text?, goal_target real?,
--          goal_due_on text?, budget_minor int?, currency text?, networks text, industries text, relation int, tags text, brief text,
--          created_at time, updated_at time, ended_at time?, created_by_name text?, version int)
select c.id, c.name, c.status, c.starts_on, c.ends_on, c.goal_metric, c.goal_target, c.goal_due_on, c.budget_minor, c.currency, c.networks,
       c.industries, c.relation, c.tags, c.brief, c.created_at, c.updated_at, c.ended_at, a.name as created_by_name, c.version
  from plan_campaign c left join team_v_person a on a.id = c.created_by
 where c.workspace_id = :workspace and c.id = :id;

-- name: campaign_counts (workspace text, id text?)
--       -> many (campaign_id text, state int, n int, first_at time?, last_at time?)
-- The posts of one campaign, or of all, by state.
select c.campaign_id, p.state, count(*) as n, min(p.due_at) as first_at, max(p.due_at) as last_at
  from plan_campaign_post c join plan_post p on p.workspace_id = c.workspace_id and p.id = c.post_id
 where c.workspace_id = :workspace and (:id is null or c.campaign_id = :id) and p.deleted_at is null
 group by c.campaign_id, p.state;

-- name: campaign_insert (workspace text, id text, name text, status int, starts_on text?, ends_on text?, goal_metric text?, goal_target real?,
--       goal_due_on text?, budget_minor int?, currency text?, networks text, industries text, relation int, tags text, brief text, now time,
--       ended_at time?, created_by text?) -> none
insert into plan_campaign (workspace_id, id, name, status, starts_on, ends_on, goal_metric, goal_target, goal_due_on, budget_minor, currency,
                           networks, industries, relation, tags, brief, created_at, updated_at, ended_at, created_by, version)
values (:workspace, :id, :name, :status, :starts_on, :ends_on, :goal_metric, :goal_target, :goal_due_on, :budget_minor, :currency,
        :networks, :industries, :relation, :tags, :brief, :now, :now, :ended_at, :created_by, 1);

-- name: campaign_update (workspace text, id text, version int, name text, status int, starts_on text?, ends_on text?, goal_metric text?,
--       goal_target real?, goal_due_on text?, budget_minor int?, currency text?, networks text, industries text, relation int, tags text, brief text,
--       now time, ended_at time?) -> count
-- Only the version the writer saw.
update plan_campaign
   set name = :name, status = :status, starts_on = :starts_on, ends_on = :ends_on, goal_metric = :goal_metric, goal_target = :goal_target,
       goal_due_on = :goal_due_on, budget_minor = :budget_minor, currency = :currency, networks = :networks, industries = :industries, relation = :relation,
       tags = :tags, brief = :brief, updated_at = :now, ended_at = :ended_at, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version;

-- name: campaign_put (workspace text, post_id text, campaign_id text) -> none
-- many: yes
insert into plan_campaign_post (workspace_id, post_id, campaign_id) values (:workspace, :post_id, :campaign_id)
on conflict (workspace_id, post_id) do update set campaign_id = excluded.campaign_id;

-- name: campaign_drop (workspace text, post_id text) -> none
delete from plan_campaign_post where workspace_id = :workspace and post_id = :post_id;

-- name: campaign_of (workspace text, post_id text) -> one (campaign_id text)
select campaign_id from plan_campaign_post where workspace_id = :workspace and post_id = :post_id;
