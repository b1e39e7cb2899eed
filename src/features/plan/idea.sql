-- The statements of ideas. A post that was deleted is no post: the idea can be drafted again.

-- name: idea_list (workspace text, owner_id text?, open_only bool, most int)
--       -> many IdeaRow (id text, title text, note text, status int, rank int, campaign_id text?, owner_id text?, owner_name text?, due_on text?,
--          url text?, media_id text?, tags text, post_id text?, post_state int?, created_at time, updated_at time, created_by_name text?, version int)
-- Column by column, from the top.
select i.id, i.title, i.note, i.status, i.rank, i.campaign_id, i.owner_id, o.name as owner_name, i.due_on, i.url, i.media_id, i.tags,
       p.id as post_id, p.state as post_state, i.created_at, i.updated_at, a.name as created_by_name, i.version
  from plan_idea i left join team_v_person o on o.id = i.owner_id left join team_v_person a on a.id = i.created_by
  left join plan_post p on p.workspace_id = i.workspace_id and p.id = i.post_id and p.deleted_at is null
 where i.workspace_id = :workspace and (:owner_id is null or i.owner_id = :owner_id) and (i.status < 3 or not :open_only)
 order by i.status, i.rank, i.id limit :most;

-- name: idea_get (workspace text, id text)
--       -> one IdeaRow (id text, title text, note text, status int, rank int, campaign_id text?, owner_id text?, owner_name text?, due_on text?,
--          url text?, media_id text?, tags text, post_id text?, post_state int?, created_at time, updated_at time, created_by_name text?, version int)
select i.id, i.title, i.note, i.status, i.rank, i.campaign_id, i.owner_id, o.name as owner_name, i.due_on, i.url, i.media_id, i.tags,
       p.id as post_id, p.state as post_state, i.created_at, i.updated_at, a.name as created_by_name, i.version
  from plan_idea i left join team_v_person o on o.id = i.owner_id left join team_v_person a on a.id = i.created_by
  left join plan_post p on p.workspace_id = i.workspace_id and p.id = i.post_id and p.deleted_at is null
 where i.workspace_id = :workspace and i.id = :id;

-- name: idea_top (workspace text, status int) -> one (rank int?)
select min(rank) as rank from plan_idea where workspace_id = :workspace and status = :status;

-- name: idea_bottom (workspace text, status int, but_id text) -> one (rank int?)
select max(rank) as rank from plan_idea where workspace_id = :workspace and status = :status and id <> :but_id;

-- name: idea_above (workspace text, status int, rank int, but_id text) -> one (rank int?)
select max(rank) as rank from plan_idea where workspace_id = :workspace and status = :status and rank < :rank and id <> :but_id;

-- name: idea_column (workspace text, status int) -> many (id text)
select id from plan_idea where workspace_id = :workspace and status = :status order by rank, id;

-- name: idea_set_rank (workspace text, id text, rank int) -> none
update plan_idea set rank = :rank where workspace_id = :workspace and id = :id;

-- name: idea_insert (workspace text, id text, title text, note text, status int, rank int, campaign_id text?, owner_id text?, due_on text?, url text?,
--       media_id text?, tags text, now time, created_by text?) -> none
insert into plan_idea (workspace_id, id, title, note, status, rank, campaign_id, owner_id, due_on, url, media_id, tags, created_at, updated_at,
                       created_by, version)
values (:workspace, :id, :title, :note, :status, :rank, :campaign_id, :owner_id, :due_on, :url, :media_id, :tags, :now, :now, :created_by, 1);

-- name: idea_update (workspace text, id text, version int, title text, note text, status int, rank int, campaign_id text?, owner_id text?,
--       due_on text?, url text?, media_id text?, tags text, now time) -> count
-- Only the version the writer saw.
update plan_idea
   set title = :title, note = :note, status = :status, rank = :rank, campaign_id = :campaign_id, owner_id = :owner_id, due_on = :due_on,
       url = :url, media_id = :media_id, tags = :tags, updated_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version;

-- name: idea_place (workspace text, id text, status int, rank int, now time) -> none
update plan_idea set status = :status, rank = :rank, updated_at = :now, version = version + 1 where workspace_id = :workspace and id = :id;

-- name: idea_set_post (workspace text, id text, version int, post_id text, now time) -> count
-- 0: somebody was quicker.
update plan_idea set post_id = :post_id, updated_at = :now, version = version + 1 where workspace_id = :workspace and id = :id and version = :version;

-- name: idea_delete (workspace text, id text) -> count
delete from plan_idea where workspace_id = :workspace and id = :id;
