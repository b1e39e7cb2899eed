-- The statements of the calendar: the posts of a stretch of time, as little of each as drawing takes.

-- name: calendar_spots (workspace text, from time, until time, most int)
--       -> many SpotRow (id text, due_at time, state int, account_id text?)
-- One row a variant, those of a post together. The walk itself reads only the index plan_post_due.
select p.id, p.due_at, p.state, v.account_id
  from plan_post p left join plan_variant v on v.workspace_id = p.workspace_id and v.post_id = p.id
 where p.workspace_id = :workspace and p.deleted_at is null and p.due_at >= :from and p.due_at < :until
 order by p.due_at, p.id limit :most;

-- name: calendar_campaigns (workspace text, from time, until time) -> many SpotCampaignRow (post_id text, campaign_id text)
select p.id as post_id, c.campaign_id
  from plan_post p join plan_campaign_post c on c.workspace_id = p.workspace_id and c.post_id = p.id
 where p.workspace_id = :workspace and p.deleted_at is null and p.due_at >= :from and p.due_at < :until;

-- name: calendar_texts (workspace text, from time, until time) -> many SpotTextRow (post_id text, text text)
-- What a search looks through: the texts of the posts and those of their variants that have their own.
select p.id as post_id, p.text from plan_post p
 where p.workspace_id = :workspace and p.deleted_at is null and p.due_at >= :from and p.due_at < :until
union all
select p.id, v.text from plan_post p join plan_variant v on v.workspace_id = p.workspace_id and v.post_id = p.id
 where p.workspace_id = :workspace and p.deleted_at is null and p.due_at >= :from and p.due_at < :until and v.text is not null;

-- name: calendar_heads (workspace text, ids text, n_posts int)
--       -> many HeadRow (id text, due_at time?, state int, version int, head text, variant_head text?, campaign_id text?, has_media bool)
-- By the list of ids, 36 characters each, as post.sql does.
with recursive page (i, part) as (
    select 0, substr(:ids, 1, 900)
    union all
    select i + 1, case when (i + 1) % 25 = 0 then substr(:ids, (i + 1) * 36 + 1, 900) else part end from page where i + 1 < :n_posts)
select p.id, p.due_at, p.state, p.version, substr(p.text, 1, 60) as head,
       case when p.text = '' then (select substr(v.text, 1, 60) from plan_variant v
         where v.workspace_id = p.workspace_id and v.post_id = p.id and v.text is not null order by v.ordinal limit 1) end as variant_head,
       c.campaign_id, exists (select 1 from plan_media g where g.workspace_id = p.workspace_id and g.post_id = p.id) as has_media
  from page cross join plan_post p left join plan_campaign_post c on c.workspace_id = p.workspace_id and c.post_id = p.id
 where p.workspace_id = :workspace and p.id = substr(page.part, page.i % 25 * 36 + 1, 36);

-- name: calendar_undated (workspace text, most int) -> many (id text)
select p.id from plan_post p
 where p.workspace_id = :workspace and p.state in (0, 6, 7) and p.deleted_at is null and p.due_at is null
 order by p.created_at desc, p.id desc limit :most;

-- name: plan_set_due (workspace text, id text, due_at time?, now time) -> count
-- When a draft is meant to go out; null: nobody knows yet.
update plan_post set due_at = :due_at, updated_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and state in (0, 6, 7) and deleted_at is null;
