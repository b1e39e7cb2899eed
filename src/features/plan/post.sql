-- The statements of posts. A page of posts is read in at most five, however long: posts with a time, posts without, then the
-- variants, the texts that follow (where there are any) and the media of all of them by the list of their ids: 36 characters each, end to end, walked 25 at a time, because
-- substr counts characters from the start of its text on both databases (500 ids walked in one text took PostgreSQL 18 ms; so 4 ms).

-- name: plan_get (workspace text, id text)
--       -> one PostRow (id text, text text, lang text?, is_advertising bool, is_own_brand bool, is_ai_made bool, is_short bool, state int, due_at time?,
--          created_at time, updated_at time, created_by text?, created_by_name text?, deleted_at time?, version int, campaign_id text?)
select p.id, p.text, p.lang, p.is_advertising, p.is_own_brand, p.is_ai_made, p.is_short, p.state, p.due_at, p.created_at, p.updated_at, p.created_by, a.name as created_by_name, p.deleted_at, p.version, c.campaign_id
  from plan_post p left join team_v_person a on a.id = p.created_by
  left join plan_campaign_post c on c.workspace_id = p.workspace_id and c.post_id = p.id
 where p.workspace_id = :workspace and p.id = :id;

-- name: plan_list_timed (workspace text, after_at time, after_id text, until time, most int)
--       -> many PostRow (id text, text text, lang text?, is_advertising bool, is_own_brand bool, is_ai_made bool, is_short bool, state int, due_at time?,
--          created_at time, updated_at time, created_by text?, created_by_name text?, deleted_at time?, version int, campaign_id text?)
select p.id, p.text, p.lang, p.is_advertising, p.is_own_brand, p.is_ai_made, p.is_short, p.state, p.due_at, p.created_at, p.updated_at, p.created_by, a.name as created_by_name, p.deleted_at, p.version, c.campaign_id
  from plan_post p left join team_v_person a on a.id = p.created_by
  left join plan_campaign_post c on c.workspace_id = p.workspace_id and c.post_id = p.id
 where p.workspace_id = :workspace and p.deleted_at is null and p.due_at < :until and (p.due_at, p.id) > (:after_at, :after_id)
 order by p.due_at, p.id limit :most;

-- name: plan_list_timed_in_state (workspace text, after_at time, after_id text, until time, state int, most int)
--       -> many PostRow (id text, text text, lang text?, is_advertising bool, is_own_brand bool, is_ai_made bool, is_short bool, state int, due_at time?,
--          created_at time, updated_at time, created_by text?, created_by_name text?, deleted_at time?, version int, campaign_id text?)
select p.id, p.text, p.lang, p.is_advertising, p.is_own_brand, p.is_ai_made, p.is_short, p.state, p.due_at, p.created_at, p.updated_at, p.created_by, a.name as created_by_name, p.deleted_at, p.version, c.campaign_id
  from plan_post p left join team_v_person a on a.id = p.created_by
  left join plan_campaign_post c on c.workspace_id = p.workspace_id and c.post_id = p.id
 where p.workspace_id = :workspace and p.state = :state and p.deleted_at is null and p.due_at < :until and (p.due_at, p.id) > (:after_at, :after_id)
 order by p.due_at, p.id limit :most;

-- name: plan_list_untimed (workspace text, before_at time, before_id text, most int)
--       -> many PostRow (id text, text text, lang text?, is_advertising bool, is_own_brand bool, is_ai_made bool, is_short bool, state int, due_at time?,
--          created_at time, updated_at time, created_by text?, created_by_name text?, deleted_at time?, version int, campaign_id text?)
select p.id, p.text, p.lang, p.is_advertising, p.is_own_brand, p.is_ai_made, p.is_short, p.state, p.due_at, p.created_at, p.updated_at, p.created_by, a.name as created_by_name, p.deleted_at, p.version, c.campaign_id
  from plan_post p left join team_v_person a on a.id = p.created_by
  left join plan_campaign_post c on c.workspace_id = p.workspace_id and c.post_id = p.id
 where p.workspace_id = :workspace and p.deleted_at is null and p.due_at is null and (p.created_at, p.id) < (:before_at, :before_id)
 order by p.created_at desc, p.id desc limit :most;

-- name: plan_list_untimed_in_state (workspace text, before_at time, before_id text, state int, most int)
--       -> many PostRow (id text, text text, lang text?, is_advertising bool, is_own_brand bool, is_ai_made bool, is_short bool, state int, due_at time?,
--          created_at time, updated_at time, created_by text?, created_by_name text?, deleted_at time?, version int, campaign_id text?)
select p.id, p.text, p.lang, p.is_advertising, p.is_own_brand, p.is_ai_made, p.is_short, p.state, p.due_at, p.created_at, p.updated_at, p.created_by, a.name as created_by_name, p.deleted_at, p.version, c.campaign_id
  from plan_post p left join team_v_person a on a.id = p.created_by
  left join plan_campaign_post c on c.workspace_id = p.workspace_id and c.post_id = p.id
 where p.workspace_id = :workspace and p.state = :state and p.deleted_at is null and p.due_at is null and (p.created_at, p.id) < (:before_at, :before_id)
 order by p.created_at desc, p.id desc limit :most;

-- name: plan_list_timed_of_campaign (workspace text, campaign_id text, after_at time, after_id text, until time, state int?, most int)
--       -> many PostRow (id text, text text, lang text?, is_advertising bool, is_own_brand bool, is_ai_made bool, is_short bool, state int, due_at time?,
--          created_at time, updated_at time, created_by text?, created_by_name text?, deleted_at time?, version int, campaign_id text?)
select p.id, p.text, p.lang, p.is_advertising, p.is_own_brand, p.is_ai_made, p.is_short, p.state, p.due_at, p.created_at, p.updated_at, p.created_by, a.name as created_by_name, p.deleted_at, p.version, c.campaign_id
  from plan_campaign_post c join plan_post p on p.workspace_id = c.workspace_id and p.id = c.post_id
  left join team_v_person a on a.id = p.created_by
 where c.workspace_id = :workspace and c.campaign_id = :campaign_id and p.deleted_at is null and (:state is null or p.state = :state)
   and p.due_at < :until and (p.due_at, p.id) > (:after_at, :after_id)
 order by p.due_at, p.id limit :most;

-- name: plan_list_untimed_of_campaign (workspace text, campaign_id text, before_at time, before_id text, state int?, most int)
--       -> many PostRow (id text, text text, lang text?, is_advertising bool, is_own_brand bool, is_ai_made bool, is_short bool, state int, due_at time?,
--          created_at time, updated_at time, created_by text?, created_by_name text?, deleted_at time?, version int, campaign_id text?)
select p.id, p.text, p.lang, p.is_advertising, p.is_own_brand, p.is_ai_made, p.is_short, p.state, p.due_at, p.created_at, p.updated_at, p.created_by, a.name as created_by_name, p.deleted_at, p.version, c.campaign_id
  from plan_campaign_post c join plan_post p on p.workspace_id = c.workspace_id and p.id = c.post_id
  left join team_v_person a on a.id = p.created_by
 where c.workspace_id = :workspace and c.campaign_id = :campaign_id and p.deleted_at is null and (:state is null or p.state = :state)
   and p.due_at is null and (p.created_at, p.id) < (:before_at, :before_id)
 order by p.created_at desc, p.id desc limit :most;

-- name: plan_variants_of (workspace text, ids text, n_posts int)
--       -> many VariantRow (post_id text, account_id text, text text?, format int, title text?, options text?, recipient text?,
--          first_comment text?, n_thread int)
with recursive page (i, part) as (
    select 0, substr(:ids, 1, 900)
    union all
    select i + 1, case when (i + 1) % 25 = 0 then substr(:ids, (i + 1) * 36 + 1, 900) else part end from page where i + 1 < :n_posts)
select v.post_id, v.account_id, v.text, v.format, v.title, v.options, v.recipient, v.first_comment, v.n_thread
  from page cross join plan_variant v
 where v.workspace_id = :workspace and v.post_id = substr(page.part, page.i % 25 * 36 + 1, 36)
 order by v.post_id, v.ordinal;

-- name: plan_thread_of (workspace text, ids text, n_posts int)
--       -> many ThreadRow (post_id text, variant int, text text)
with recursive page (i, part) as (
    select 0, substr(:ids, 1, 900)
    union all
    select i + 1, case when (i + 1) % 25 = 0 then substr(:ids, (i + 1) * 36 + 1, 900) else part end from page where i + 1 < :n_posts)
select t.post_id, t.variant, t.text
  from page cross join plan_thread t
 where t.workspace_id = :workspace and t.post_id = substr(page.part, page.i % 25 * 36 + 1, 36)
 order by t.post_id, t.variant, t.part;

-- name: plan_media_of (workspace text, ids text, n_posts int)
--       -> many MediaRow (post_id text, variant int, part int, media_id text, alt text, focus_x real?, focus_y real?, cover_ms int?, crops text?,
--          mime text, sha256 text, bytes int, width int, height int, duration_ms int, state text)
with recursive page (i, part) as (
    select 0, substr(:ids, 1, 900)
    union all
    select i + 1, case when (i + 1) % 25 = 0 then substr(:ids, (i + 1) * 36 + 1, 900) else part end from page where i + 1 < :n_posts)
select g.post_id, g.variant, g.part, g.media_id, g.alt, g.focus_x, g.focus_y, g.cover_ms, g.crops, m.mime, m.sha256, m.bytes, m.width, m.height,
       m.duration_ms, m.state
  from page cross join plan_media g join media_v_media m on m.workspace_id = g.workspace_id and m.id = g.media_id
 where g.workspace_id = :workspace and g.post_id = substr(page.part, page.i % 25 * 36 + 1, 36)
 order by g.post_id, g.variant, g.part, g.ordinal;

-- name: plan_insert (workspace text, id text, text text, lang text?, is_advertising bool, is_own_brand bool, is_ai_made bool, is_short bool, state int,
--       due_at time?, created_at time, updated_at time, created_by text?, deleted_at time?, version int) -> none
-- many: yes
insert into plan_post (workspace_id, id, text, lang, is_advertising, is_own_brand, is_ai_made, is_short, state, due_at, created_at, updated_at,
                       created_by, deleted_at, version)
values (:workspace, :id, :text, :lang, :is_advertising, :is_own_brand, :is_ai_made, :is_short, :state, :due_at, :created_at, :updated_at,
        :created_by, :deleted_at, :version);

-- name: plan_insert_variant (workspace text, post_id text, ordinal int, account_id text, text text?, format int, title text?,
--       options text?, recipient text?, first_comment text?, n_thread int) -> none
-- many: yes
insert into plan_variant (workspace_id, post_id, ordinal, account_id, text, format, title, options, recipient, first_comment, n_thread)
values (:workspace, :post_id, :ordinal, :account_id, :text, :format, :title, :options, :recipient, :first_comment, :n_thread);

-- name: plan_insert_thread (workspace text, post_id text, variant int, part int, text text) -> none
-- many: yes
insert into plan_thread (workspace_id, post_id, variant, part, text)
values (:workspace, :post_id, :variant, :part, :text);

-- name: plan_insert_media (workspace text, post_id text, variant int, part int, ordinal int, media_id text, alt text, focus_x real?,
--       focus_y real?, cover_ms int?, crops text?) -> none
-- many: yes
insert into plan_media (workspace_id, post_id, variant, part, ordinal, media_id, alt, focus_x, focus_y, cover_ms, crops)
values (:workspace, :post_id, :variant, :part, :ordinal, :media_id, :alt, :focus_x, :focus_y, :cover_ms, :crops);

-- name: plan_update (workspace text, id text, version int, text text, lang text?, is_advertising bool, is_own_brand bool,
--       is_ai_made bool, is_short bool, due_at time?, now time) -> count
-- Posts that are not on their way and not out only, and only the version the writer saw. A scheduled one never loses its time.
update plan_post
   set text = :text, lang = :lang, is_advertising = :is_advertising, is_own_brand = :is_own_brand, is_ai_made = :is_ai_made, is_short = :is_short,
       due_at = case when state = 1 then coalesce(:due_at, due_at) else :due_at end, updated_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version and deleted_at is null and state in (0, 1, 4, 6, 7);

-- name: plan_hold (workspace text, id text) -> count
update plan_post set updated_at = updated_at where workspace_id = :workspace and id = :id;

-- name: plan_touch_schedule (workspace text, id text, state int, due_at time?, now time) -> count
update plan_post set state = :state, due_at = coalesce(:due_at, due_at), updated_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and deleted_at is null;

-- name: plan_touch_state (workspace text, id text, state int, now time) -> count
update plan_post set state = :state, updated_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and deleted_at is null;

-- name: plan_delete (workspace text, id text, now time) -> count
update plan_post set deleted_at = :now, updated_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and deleted_at is null;

-- name: plan_restore (workspace text, id text, now time) -> count
update plan_post set deleted_at = null, state = 0, updated_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and deleted_at is not null;

-- name: plan_drop_variants (workspace text, post_id text) -> none
delete from plan_variant where workspace_id = :workspace and post_id = :post_id;

-- name: plan_drop_thread (workspace text, post_id text) -> none
delete from plan_thread where workspace_id = :workspace and post_id = :post_id;

-- name: plan_drop_media (workspace text, post_id text) -> none
delete from plan_media where workspace_id = :workspace and post_id = :post_id;

-- name: plan_purge (workspace text, id text, deleted_until time) -> count
delete from plan_post where workspace_id = :workspace and id = :id and deleted_at <= :deleted_until;

-- name: plan_waiting_with (workspace text, media_id text) -> one (id text)
-- A post that has not gone out and shows the media.
select p.id from plan_media g join plan_post p on p.workspace_id = g.workspace_id and p.id = g.post_id
 where g.workspace_id = :workspace and g.media_id = :media_id and p.deleted_at is null and p.state in (0, 1, 2, 6, 7)
 limit 1;
