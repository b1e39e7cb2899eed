-- The statements of moderation rules, of what they see, and of what is hidden for them.

-- name: rule_list (workspace text)
--       -> many RuleRow (id text, name text, is_on bool, ordinal int, is_any bool, conditions text, actions text, updated_at time, version int)
select id, name, is_on, ordinal, is_any, conditions, actions, updated_at, version from engage_rule where workspace_id = :workspace order by ordinal, id;

-- name: rule_get (workspace text, id text)
--       -> one RuleRow (id text, name text, is_on bool, ordinal int, is_any bool, conditions text, actions text, updated_at time, version int)
select id, name, is_on, ordinal, is_any, conditions, actions, updated_at, version from engage_rule where workspace_id = :workspace and id = :id;

-- name: rule_counts (workspace text, since time) -> many (rule_id text, n int, last_at time)
select rule_id, count(*) as n, max(at) as last_at from engage_rule_met where workspace_id = :workspace and at >= :since group by rule_id;

-- name: rule_named (workspace text, name text, but_id text) -> one (id text)
select id from engage_rule where workspace_id = :workspace and name = :name and id <> :but_id;

-- name: rule_next (workspace text) -> one (n int, ordinal int)
select count(*) as n, coalesce(max(ordinal), 0) + 1 as ordinal from engage_rule where workspace_id = :workspace;

-- name: rule_insert (workspace text, id text, name text, is_on bool, ordinal int, is_any bool, conditions text, actions text, now time) -> none
insert into engage_rule (workspace_id, id, name, is_on, ordinal, is_any, conditions, actions, updated_at, version)
values (:workspace, :id, :name, :is_on, :ordinal, :is_any, :conditions, :actions, :now, 1);

-- name: rule_update (workspace text, id text, version int, name text, is_on bool, is_any bool, conditions text, actions text, now time) -> count
-- Only the version the writer saw.
update engage_rule set name = :name, is_on = :is_on, is_any = :is_any, conditions = :conditions, actions = :actions, updated_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version;

-- name: rule_delete (workspace text, id text) -> count
delete from engage_rule where workspace_id = :workspace and id = :id;

-- name: rule_facts (workspace text, id text)
--       -> one RuleFacts (id text, thread_id text?, account_id text, kind int, text text, author_handle text, author_name text, at time, received_at time, sentiment int?, intent int?, urgency int?, campaign_id text?, is_author_new bool)
-- Somebody is new who never said anything to the account before.
select t.id, t.thread_id, t.account_id, t.kind, t.text, t.author_handle, t.author_name, t.at, t.received_at, t.sentiment, t.intent, t.urgency, c.campaign_id,
       not exists (select 1 from engage_talk o where o.workspace_id = t.workspace_id and o.account_id = t.account_id and o.author_id = t.author_id and o.at < t.at) as is_author_new
  from engage_talk t
  left join publish_v_delivery d on d.workspace_id = t.workspace_id and d.account_id = t.account_id and d.remote_id = t.post_remote_id
  left join plan_v_campaign_post c on c.workspace_id = d.workspace_id and c.post_id = d.post_id
 where t.workspace_id = :workspace and t.id = :id and not t.is_own and not t.is_deleted;

-- name: rule_history (workspace text, since time, before_at time, before_id text, most int)
--       -> many RuleFacts (id text, thread_id text?, account_id text, kind int, text text, author_handle text, author_name text, at time, received_at time, sentiment int?, intent int?, urgency int?, campaign_id text?, is_author_new bool)
-- Newest first.
select t.id, t.thread_id, t.account_id, t.kind, t.text, t.author_handle, t.author_name, t.at, t.received_at, t.sentiment, t.intent, t.urgency, c.campaign_id,
       not exists (select 1 from engage_talk o where o.workspace_id = t.workspace_id and o.account_id = t.account_id and o.author_id = t.author_id and o.at < t.at) as is_author_new
  from engage_talk t
  left join publish_v_delivery d on d.workspace_id = t.workspace_id and d.account_id = t.account_id and d.remote_id = t.post_remote_id
  left join plan_v_campaign_post c on c.workspace_id = d.workspace_id and c.post_id = d.post_id
 where t.workspace_id = :workspace and t.received_at >= :since and (t.received_at, t.id) < (:before_at, :before_id) and not t.is_own and not t.is_deleted
 order by t.received_at desc, t.id desc limit :most;

-- name: rule_met_add (workspace text, rule_id text, talk_id text, thread_id text, rule_name text, at time) -> count
insert into engage_rule_met (workspace_id, rule_id, talk_id, thread_id, rule_name, at) values (:workspace, :rule_id, :talk_id, :thread_id, :rule_name, :at)
on conflict (workspace_id, rule_id, talk_id) do nothing;

-- name: rule_met_of (workspace text, thread_id text, most int) -> many (rule_id text, talk_id text, rule_name text, at time)
select rule_id, talk_id, rule_name, at from engage_rule_met where workspace_id = :workspace and thread_id = :thread_id order by at desc, rule_id limit :most;

-- name: hide_want (workspace text, talk_id text, is_hidden bool, at time) -> none
insert into engage_hide (workspace_id, talk_id, is_hidden, state, at) values (:workspace, :talk_id, :is_hidden, 0, :at)
on conflict (workspace_id, talk_id) do update set is_hidden = excluded.is_hidden, state = 0, reason = null, at = excluded.at;

-- name: hide_get (workspace text, talk_id text) -> one (account_id text, remote_id text, kind int, is_deleted bool, is_hidden bool, state int, at time)
select t.account_id, t.remote_id, t.kind, t.is_deleted, h.is_hidden, h.state, h.at
  from engage_hide h join engage_talk t on t.workspace_id = h.workspace_id and t.id = h.talk_id
 where h.workspace_id = :workspace and h.talk_id = :talk_id;

-- name: hide_set (workspace text, talk_id text, is_hidden bool, state int, reason text?) -> count
-- Only while the same is wanted.
update engage_hide set state = :state, reason = :reason where workspace_id = :workspace and talk_id = :talk_id and is_hidden = :is_hidden;

-- name: hide_done (workspace text, talk_id text, is_hidden bool) -> count
update engage_talk set is_hidden = :is_hidden where workspace_id = :workspace and id = :talk_id;

-- name: hide_of (workspace text, thread_id text) -> many (talk_id text, is_hidden bool, state int, reason text?)
select h.talk_id, h.is_hidden, h.state, h.reason
  from engage_talk t join engage_hide h on h.workspace_id = t.workspace_id and h.talk_id = t.id
 where t.workspace_id = :workspace and t.thread_id = :thread_id order by t.at, t.id;
