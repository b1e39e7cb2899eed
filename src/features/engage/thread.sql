-- The statements of threads: finding the one something belongs to, counting it, listing.

-- name: thread_lock_account (workspace text, account_id text) -> none
-- One at a time stores what was said to an account: two that read a thread and write it would each forget the other's.
insert into engage_account (workspace_id, account_id, cursor, read_at, failures) values (:workspace, :account_id, null, null, 0)
on conflict (workspace_id, account_id) do update set failures = engage_account.failures;

-- name: thread_by_key (workspace text, account_id text, key text)
--       -> one ThreadNow (id text, with_id text, last_at time, n_talk int, n_waiting int, waiting_since time?, answered_at time?, urgency int, urgent_id text?, sentiment int?,
--          intent int?, status int, snoozed_until time?, due_at time?)
update engage_thread set version = version + 1 where workspace_id = :workspace and account_id = :account_id and key = :key
returning id, with_id, last_at, n_talk, n_waiting, waiting_since, answered_at, urgency, urgent_id, sentiment, intent, status, snoozed_until, due_at;

-- name: thread_now (workspace text, id text)
--       -> one ThreadNow (id text, with_id text, last_at time, n_talk int, n_waiting int, waiting_since time?, answered_at time?, urgency int, urgent_id text?, sentiment int?,
--          intent int?, status int, snoozed_until time?, due_at time?)
update engage_thread set version = version + 1 where workspace_id = :workspace and id = :id
returning id, with_id, last_at, n_talk, n_waiting, waiting_since, answered_at, urgency, urgent_id, sentiment, intent, status, snoozed_until, due_at;

-- name: thread_of_remote (workspace text, account_id text, remote_id text) -> one (thread_id text?)
select thread_id from engage_talk where workspace_id = :workspace and account_id = :account_id and remote_id = :remote_id;

-- name: thread_of_answer (workspace text, account_id text, remote_id text) -> one (thread_id text?)
-- What has become of an answer or a post of ours at the network: no thread of a post.
select a.thread_id from publish_v_delivery d left join engage_answer a on a.workspace_id = d.workspace_id and a.delivery_id = d.id
 where d.workspace_id = :workspace and d.account_id = :account_id and d.remote_id = :remote_id;

-- name: thread_of_followers (workspace text, account_id text, remote_id text, but text) -> many (thread_id text)
-- Of what answers it and came before it.
select distinct thread_id from engage_talk
 where workspace_id = :workspace and account_id = :account_id and parent_id = :remote_id and thread_id <> :but order by thread_id limit 50;

-- name: thread_add (workspace text, id text, account_id text, network text, kind int, key text, post_remote_id text?, with_id text, with_handle text, with_name text, first_at time,
--       last_at time, last_text text, is_own bool, n_talk int, n_waiting int, waiting_since time?, answered_at time?, sentiment int?, intent int?, urgency int, urgent_id text?, rank int,
--       status int, due_at time?) -> none
-- many: yes
insert into engage_thread (workspace_id, id, account_id, network, kind, key, post_remote_id, with_id, with_handle, with_name, first_at, last_at, last_text, last_is_own,
                           n_talk, n_waiting, waiting_since, answered_at, sentiment, intent, urgency, urgent_id, rank, status, due_at, version)
values (:workspace, :id, :account_id, :network, :kind, :key, :post_remote_id, :with_id, :with_handle, :with_name, :first_at, :last_at, :last_text, :is_own,
        :n_talk, :n_waiting, :waiting_since, :answered_at, :sentiment, :intent, :urgency, :urgent_id, :rank, :status, :due_at, 1);

-- name: thread_told (workspace text, id text, last_at time, last_text text, n_talk int, n_waiting int, waiting_since time?, sentiment int?, intent int?, urgency int, urgent_id text?,
--       rank int, due_at time?) -> none
-- More was said by somebody else, after all the others.
-- many: yes
update engage_thread set last_at = :last_at, last_text = :last_text, last_is_own = false, n_talk = :n_talk, n_waiting = :n_waiting, waiting_since = :waiting_since,
       sentiment = :sentiment, intent = :intent, urgency = :urgency, urgent_id = :urgent_id, rank = :rank, status = 0, snoozed_until = null, due_at = :due_at
 where workspace_id = :workspace and id = :id;

-- name: thread_rekey (workspace text, id text, key text, kind int) -> none
update engage_thread set key = :key, kind = :kind where workspace_id = :workspace and id = :id;

-- name: thread_opened (workspace text, id text) -> none
-- Somebody said something new.
update engage_thread set status = 0, snoozed_until = null where workspace_id = :workspace and id = :id;

-- name: thread_answered (workspace text, id text) -> none
-- We said something: it is their turn.
update engage_thread set status = 1 where workspace_id = :workspace and id = :id and status = 0;

-- name: thread_ends (workspace text, id text) -> one (n_talk int, first_at time?, own_at time?)
select count(*) as n_talk, min(at) as first_at, max(case when is_own then at end) as own_at from engage_talk
 where workspace_id = :workspace and thread_id = :id and not is_deleted;

-- name: thread_answer_at (workspace text, id text) -> one (at time?)
-- Our last answer from here that was not refused.
select max(a.at) as at from engage_answer a join publish_v_delivery d on d.workspace_id = a.workspace_id and d.id = a.delivery_id
 where a.workspace_id = :workspace and a.thread_id = :id and d.state not in (3, 5);

-- name: thread_waiting (workspace text, id text, own_at time, answer_at time) -> one (n int, since time?)
-- The sign keeps SQLite from walking all that was ever received.
select count(*) as n, min(at) as since from engage_talk
 where workspace_id = :workspace and thread_id = :id and at > :own_at and +received_at > :answer_at and not is_own and not is_deleted and not is_hidden;

-- name: thread_urgent (workspace text, id text, own_at time, answer_at time) -> one (id text, sentiment int?, intent int?, urgency int?)
select id, sentiment, intent, urgency from engage_talk
 where workspace_id = :workspace and thread_id = :id and at > :own_at and +received_at > :answer_at and not is_own and not is_deleted and not is_hidden
 order by coalesce(urgency, 0) desc, at limit 1;

-- name: thread_last (workspace text, id text) -> one (text text, at time, is_own bool)
select text, at, is_own from engage_talk where workspace_id = :workspace and thread_id = :id and not is_deleted order by at desc, id desc limit 1;

-- name: thread_last_answer (workspace text, id text) -> one (text text, at time)
select d.text, a.at from engage_answer a join publish_v_delivery d on d.workspace_id = a.workspace_id and d.id = a.delivery_id
 where a.workspace_id = :workspace and a.thread_id = :id order by a.at desc limit 1;

-- name: thread_first (workspace text, id text) -> one (author_id text, author_handle text, author_name text, post_remote_id text?)
-- Who began it that is not us.
select author_id, author_handle, author_name, post_remote_id from engage_talk
 where workspace_id = :workspace and thread_id = :id and not is_own order by at, id limit 1;

-- name: thread_set (workspace text, id text, with_id text, with_handle text, with_name text, first_at time, last_at time, last_text text, last_is_own bool, n_talk int, n_waiting int,
--       waiting_since time?, answered_at time?, sentiment int?, intent int?, urgency int, urgent_id text?, rank int) -> none
update engage_thread set with_id = :with_id, with_handle = :with_handle, with_name = :with_name, first_at = :first_at, last_at = :last_at, last_text = :last_text,
       last_is_own = :last_is_own, n_talk = :n_talk, n_waiting = :n_waiting, waiting_since = :waiting_since, answered_at = :answered_at, sentiment = :sentiment,
       intent = :intent, urgency = :urgency, urgent_id = :urgent_id, rank = :rank
 where workspace_id = :workspace and id = :id;

-- name: thread_drop (workspace text, id text) -> none
delete from engage_thread where workspace_id = :workspace and id = :id;

-- name: thread_move_talk (workspace text, from_id text, to_id text) -> none
update engage_talk set thread_id = :to_id where workspace_id = :workspace and thread_id = :from_id;

-- name: thread_move_answers (workspace text, from_id text, to_id text) -> none
update engage_answer set thread_id = :to_id where workspace_id = :workspace and thread_id = :from_id;

-- name: thread_move_notes (workspace text, from_id text, to_id text) -> none
update engage_note set thread_id = :to_id where workspace_id = :workspace and thread_id = :from_id;

-- name: thread_move_met (workspace text, from_id text, to_id text) -> none
update engage_rule_met set thread_id = :to_id where workspace_id = :workspace and thread_id = :from_id;

-- name: thread_move_waits (workspace text, from_id text, to_id text) -> none
update engage_reply_wait set thread_id = :to_id where workspace_id = :workspace and thread_id = :from_id;

-- name: thread_move_tags (workspace text, from_id text, to_id text) -> none
insert into engage_thread_tag (workspace_id, thread_id, tag)
select workspace_id, :to_id, tag from engage_thread_tag where workspace_id = :workspace and thread_id = :from_id on conflict (workspace_id, thread_id, tag) do nothing;

-- name: thread_drop_tags (workspace text, id text) -> none
delete from engage_thread_tag where workspace_id = :workspace and thread_id = :id;

-- name: thread_take_over (workspace text, from_id text, to_id text) -> none
-- Who had the one that goes has the other, where nobody had it.
update engage_thread set assignee_id = coalesce(assignee_id, (select f.assignee_id from engage_thread f where f.workspace_id = engage_thread.workspace_id and f.id = :from_id)),
       due_at = coalesce(due_at, (select f.due_at from engage_thread f where f.workspace_id = engage_thread.workspace_id and f.id = :from_id))
 where workspace_id = :workspace and id = :to_id;

-- name: thread_uncounted (workspace text, most int) -> many (id text)
-- Brought in by the migration: rank 0 is given to none that was counted.
select id from engage_thread where workspace_id = :workspace and rank = 0 order by id limit :most;

-- name: thread_uncounted_workspaces () -> many (workspace_id text)
-- global: looked at once at each start
select distinct workspace_id from engage_thread where rank = 0;

-- name: thread_get (workspace text, id text)
--       -> one ThreadRow (id text, account_id text, network text, kind int, post_id text?, with_id text, with_handle text, with_name text, first_at time, last_at time, last_text text,
--          last_is_own bool, n_talk int, n_waiting int, waiting_since time?, answered_at time?, rank int, status int, assignee_id text?, snoozed_until time?, due_at time?, version int,
--          sentiment int?, intent int?, urgency int, likely_intent int?, probability real?, reasons text?, because_from int?, because_to int?, corrected_by text?)
select t.id, t.account_id, t.network, t.kind, d.post_id, t.with_id, t.with_handle, t.with_name, t.first_at, t.last_at, t.last_text, t.last_is_own, t.n_talk, t.n_waiting,
       t.waiting_since, t.answered_at, t.rank, t.status, t.assignee_id, t.snoozed_until, t.due_at, t.version, t.sentiment, t.intent, t.urgency, u.likely_intent, u.probability,
       u.reasons, u.because_from, u.because_to, u.corrected_by
  from engage_thread t
  left join publish_v_delivery d on d.workspace_id = t.workspace_id and d.account_id = t.account_id and d.remote_id = t.post_remote_id
  left join engage_talk u on u.workspace_id = t.workspace_id and u.id = t.urgent_id
 where t.workspace_id = :workspace and t.id = :id;

-- name: thread_tags (workspace text, id text) -> many (tag text)
select tag from engage_thread_tag where workspace_id = :workspace and thread_id = :id order by tag;

-- name: thread_counts (workspace text, now time, me text?) -> one (n_open int, n_mine int, n_urgent int)
-- What waits for us: as the menu says it. No more than 1,000 are counted.
select count(*) as n_open, coalesce(sum(case when assignee_id = :me then 1 else 0 end), 0) as n_mine, coalesce(sum(case when urgency >= 60 then 1 else 0 end), 0) as n_urgent
  from (select assignee_id, urgency from engage_thread
         where workspace_id = :workspace and rank < 4611686018427387904 and rank > 0 and status <> 2 and (snoozed_until is null or snoozed_until <= :now) order by rank limit 1000) as waiting;

-- name: thread_urgent_first (workspace text, after_rank int, after_id text, account text?, network text?, kind int?, status int?, assignee text?, unassigned bool, overdue bool, snoozed bool, waiting bool, sentiment int?, intent int?, urgency int, tag text?, now time, most int)
--       -> many ThreadRow (id text, account_id text, network text, kind int, post_id text?, with_id text, with_handle text, with_name text, first_at time, last_at time, last_text text,
--          last_is_own bool, n_talk int, n_waiting int, waiting_since time?, answered_at time?, rank int, status int, assignee_id text?, snoozed_until time?, due_at time?, version int,
--          sentiment int?, intent int?, urgency int, likely_intent int?, probability real?, reasons text?, because_from int?, because_to int?, corrected_by text?)
select t.id, t.account_id, t.network, t.kind, d.post_id, t.with_id, t.with_handle, t.with_name, t.first_at, t.last_at, t.last_text, t.last_is_own, t.n_talk, t.n_waiting,
       t.waiting_since, t.answered_at, t.rank, t.status, t.assignee_id, t.snoozed_until, t.due_at, t.version, t.sentiment, t.intent, t.urgency, u.likely_intent, u.probability,
       u.reasons, u.because_from, u.because_to, u.corrected_by
  from engage_thread t
  left join publish_v_delivery d on d.workspace_id = t.workspace_id and d.account_id = t.account_id and d.remote_id = t.post_remote_id
  left join engage_talk u on u.workspace_id = t.workspace_id and u.id = t.urgent_id
 where t.workspace_id = :workspace and (t.rank, t.id) > (:after_rank, :after_id)
   and (:account is null or t.account_id = :account) and (:network is null or t.network = :network) and (:kind is null or t.kind = :kind)
   and (:status is null or t.status = :status) and (:assignee is null or t.assignee_id = :assignee) and (not :unassigned or t.assignee_id is null)
   and (not :overdue or (t.due_at <= :now and t.n_waiting > 0 and t.status <> 2)) and (case when :snoozed then t.snoozed_until > :now else t.snoozed_until is null or t.snoozed_until <= :now end)
   and (not :waiting or (t.n_waiting > 0 and t.status <> 2)) and (:sentiment is null or t.sentiment = :sentiment) and (:intent is null or t.intent = :intent) and t.urgency >= :urgency
   and (:tag is null or exists (select 1 from engage_thread_tag g where g.workspace_id = t.workspace_id and g.thread_id = t.id and g.tag = :tag))
 order by t.rank, t.id limit :most;

-- name: thread_newest_first (workspace text, before_at time, before_id text, account text?, network text?, kind int?, status int?, assignee text?, unassigned bool, overdue bool, snoozed bool, waiting bool, sentiment int?, intent int?, urgency int, tag text?, now time, most int)
--       -> many ThreadRow (id text, account_id text, network text, kind int, post_id text?, with_id text, with_handle text, with_name text, first_at time, last_at time, last_text text,
--          last_is_own bool, n_talk int, n_waiting int, waiting_since time?, answered_at time?, rank int, status int, assignee_id text?, snoozed_until time?, due_at time?, version int,
--          sentiment int?, intent int?, urgency int, likely_intent int?, probability real?, reasons text?, because_from int?, because_to int?, corrected_by text?)
select t.id, t.account_id, t.network, t.kind, d.post_id, t.with_id, t.with_handle, t.with_name, t.first_at, t.last_at, t.last_text, t.last_is_own, t.n_talk, t.n_waiting,
       t.waiting_since, t.answered_at, t.rank, t.status, t.assignee_id, t.snoozed_until, t.due_at, t.version, t.sentiment, t.intent, t.urgency, u.likely_intent, u.probability,
       u.reasons, u.because_from, u.because_to, u.corrected_by
  from engage_thread t
  left join publish_v_delivery d on d.workspace_id = t.workspace_id and d.account_id = t.account_id and d.remote_id = t.post_remote_id
  left join engage_talk u on u.workspace_id = t.workspace_id and u.id = t.urgent_id
 where t.workspace_id = :workspace and (t.last_at, t.id) < (:before_at, :before_id)
   and (:account is null or t.account_id = :account) and (:network is null or t.network = :network) and (:kind is null or t.kind = :kind)
   and (:status is null or t.status = :status) and (:assignee is null or t.assignee_id = :assignee) and (not :unassigned or t.assignee_id is null)
   and (not :overdue or (t.due_at <= :now and t.n_waiting > 0 and t.status <> 2)) and (case when :snoozed then t.snoozed_until > :now else t.snoozed_until is null or t.snoozed_until <= :now end)
   and (not :waiting or (t.n_waiting > 0 and t.status <> 2)) and (:sentiment is null or t.sentiment = :sentiment) and (:intent is null or t.intent = :intent) and t.urgency >= :urgency
   and (:tag is null or exists (select 1 from engage_thread_tag g where g.workspace_id = t.workspace_id and g.thread_id = t.id and g.tag = :tag))
 order by t.last_at desc, t.id desc limit :most;

-- name: thread_found (workspace text, thread text, account text?, network text?, kind int?, status int?, assignee text?, unassigned bool, overdue bool, snoozed bool, waiting bool, sentiment int?, intent int?, urgency int, tag text?, now time, most int)
--       -> many ThreadRow (id text, account_id text, network text, kind int, post_id text?, with_id text, with_handle text, with_name text, first_at time, last_at time, last_text text,
--          last_is_own bool, n_talk int, n_waiting int, waiting_since time?, answered_at time?, rank int, status int, assignee_id text?, snoozed_until time?, due_at time?, version int,
--          sentiment int?, intent int?, urgency int, likely_intent int?, probability real?, reasons text?, because_from int?, because_to int?, corrected_by text?)
select t.id, t.account_id, t.network, t.kind, d.post_id, t.with_id, t.with_handle, t.with_name, t.first_at, t.last_at, t.last_text, t.last_is_own, t.n_talk, t.n_waiting,
       t.waiting_since, t.answered_at, t.rank, t.status, t.assignee_id, t.snoozed_until, t.due_at, t.version, t.sentiment, t.intent, t.urgency, u.likely_intent, u.probability,
       u.reasons, u.because_from, u.because_to, u.corrected_by
  from engage_thread t
  left join publish_v_delivery d on d.workspace_id = t.workspace_id and d.account_id = t.account_id and d.remote_id = t.post_remote_id
  left join engage_talk u on u.workspace_id = t.workspace_id and u.id = t.urgent_id
 where t.workspace_id = :workspace and t.id = :thread
   and (:account is null or t.account_id = :account) and (:network is null or t.network = :network) and (:kind is null or t.kind = :kind)
   and (:status is null or t.status = :status) and (:assignee is null or t.assignee_id = :assignee) and (not :unassigned or t.assignee_id is null)
   and (not :overdue or (t.due_at <= :now and t.n_waiting > 0 and t.status <> 2)) and (case when :snoozed then t.snoozed_until > :now else t.snoozed_until is null or t.snoozed_until <= :now end)
   and (not :waiting or (t.n_waiting > 0 and t.status <> 2)) and (:sentiment is null or t.sentiment = :sentiment) and (:intent is null or t.intent = :intent) and t.urgency >= :urgency
   and (:tag is null or exists (select 1 from engage_thread_tag g where g.workspace_id = t.workspace_id and g.thread_id = t.id and g.tag = :tag))
 limit :most;

-- name: thread_of_talk (workspace text, ids text, n_talk int) -> many (talk_id text, thread_id text?)
-- Ids of talk end to end, 36 characters each.
with recursive page (i, part) as (
    select 0, substr(:ids, 1, 900)
    union all
    select i + 1, case when (i + 1) % 25 = 0 then substr(:ids, (i + 1) * 36 + 1, 900) else part end from page where i + 1 < :n_talk)
select t.id as talk_id, t.thread_id
  from page cross join engage_talk t
 where t.workspace_id = :workspace and t.id = substr(page.part, page.i % 25 * 36 + 1, 36) and not t.is_deleted;
