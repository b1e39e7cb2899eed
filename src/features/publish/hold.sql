-- The statements of the hold switches. What holds a delivery: the workspace's switch, its account's, that of its post's campaign, or disaster mode
-- (scope 3), which lets posts through that a person cleared.

-- name: hold_all (workspace text)
--       -> many HoldRow (scope int, subject_id text, is_held bool, reason text?, since time?, by_id text?)
select scope, subject_id, is_held, reason, since, by_id from publish_hold where workspace_id = :workspace and is_held
 order by scope, since, subject_id;

-- name: hold_get (workspace text, scope int, subject_id text)
--       -> one HoldRow (scope int, subject_id text, is_held bool, reason text?, since time?, by_id text?)
select scope, subject_id, is_held, reason, since, by_id from publish_hold
 where workspace_id = :workspace and scope = :scope and subject_id = :subject_id;

-- name: hold_set (workspace text, scope int, subject_id text, is_held bool, reason text?, since time?, by_id text?) -> none
insert into publish_hold (workspace_id, scope, subject_id, is_held, reason, since, by_id, n_marked)
values (:workspace, :scope, :subject_id, :is_held, :reason, :since, :by_id, 0)
on conflict (workspace_id, scope, subject_id)
do update set is_held = excluded.is_held, reason = excluded.reason, since = excluded.since, by_id = excluded.by_id;

-- name: hold_on (workspace text, id text) -> one (n int)
-- How many switches hold a delivery.
select count(*) as n from publish_delivery d join publish_hold h on h.workspace_id = d.workspace_id and h.is_held
   and (h.scope = 0 or (h.scope = 3 and not exists (select 1 from publish_cleared k where k.workspace_id = :workspace and k.post_id = d.post_id)) or 
        (h.scope = 1 and h.subject_id = d.account_id)
        or (h.scope = 2 and h.subject_id = (select c.campaign_id from plan_v_campaign_post c
             where c.workspace_id = :workspace and c.post_id = d.post_id)))
 where d.workspace_id = :workspace and d.id = :id;

-- name: hold_lock (workspace text) -> none
-- Marking a delivery and looking for what may go again wait for each other here; what is read afterwards is what the other left.
insert into publish_hold (workspace_id, scope, subject_id, is_held, reason, since, by_id, n_marked)
values (:workspace, 0, '', false, null, null, null, 1)
on conflict (workspace_id, scope, subject_id) do update set n_marked = publish_hold.n_marked + 1;

-- name: hold_released (workspace text)
--       -> many (id text, due_at time)
-- Marked ones that nothing holds any more, in the order they were due.
select d.id, d.due_at from publish_delivery d
 where d.workspace_id = :workspace and d.held_at is not null
   and not exists (select 1 from publish_hold h where h.workspace_id = :workspace and h.is_held
                      and (h.scope = 0 or (h.scope = 3 and not exists (select 1 from publish_cleared k where k.workspace_id = :workspace and k.post_id = d.post_id)) or 
        (h.scope = 1 and h.subject_id = d.account_id)
                           or (h.scope = 2 and h.subject_id = (select c.campaign_id from plan_v_campaign_post c
                                where c.workspace_id = :workspace and c.post_id = d.post_id))))
 order by d.due_at, d.id;

-- name: hold_unmark (workspace text, id text, now time) -> none
update publish_delivery set held_at = null, late_from = :now where workspace_id = :workspace and id = :id and state = 0;

-- name: hold_campaign_posts (workspace text)
--       -> many (post_id text)
-- Posts whose campaign is held.
select c.post_id from publish_hold h
  join plan_v_campaign_post c on c.workspace_id = h.workspace_id and c.campaign_id = h.subject_id
 where h.workspace_id = :workspace and h.scope = 2 and h.is_held;

-- name: hold_cleared (workspace text)
--       -> many (post_id text)
-- Posts still waiting that a person cleared.
select distinct k.post_id from publish_cleared k
  join publish_delivery d on d.workspace_id = k.workspace_id and d.post_id = k.post_id and d.state = 0 where k.workspace_id = :workspace;

-- name: care_get (workspace text) -> one (holds_days bool)
select holds_days from publish_care where workspace_id = :workspace;

-- name: care_set (workspace text, holds_days bool) -> none
insert into publish_care (workspace_id, holds_days) values (:workspace, :holds_days)
on conflict (workspace_id) do update set holds_days = excluded.holds_days;

-- name: care_cleared (workspace text, post_id text) -> one (at time)
select at from publish_cleared where workspace_id = :workspace and post_id = :post_id;

-- name: care_clear (workspace text, post_id text, reason text, at time, by_id text?) -> none
insert into publish_cleared (workspace_id, post_id, reason, at, by_id) values (:workspace, :post_id, :reason, :at, :by_id)
on conflict (workspace_id, post_id) do update set reason = excluded.reason, at = excluded.at, by_id = excluded.by_id;
