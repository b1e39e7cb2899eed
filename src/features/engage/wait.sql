-- The statements of answers that wait for an approval.

-- name: wait_accounts (workspace text) -> many (account_id text)
select account_id from engage_approval where workspace_id = :workspace order by account_id;

-- name: wait_has_account (workspace text, account_id text) -> one (account_id text)
select account_id from engage_approval where workspace_id = :workspace and account_id = :account_id;

-- name: wait_no_accounts (workspace text) -> count
delete from engage_approval where workspace_id = :workspace;

-- name: wait_add_account (workspace text, account_id text) -> none
insert into engage_approval (workspace_id, account_id) values (:workspace, :account_id) on conflict (workspace_id, account_id) do nothing;

-- name: wait_add (workspace text, id text, talk_id text, thread_id text, account_id text, text text, again bool, person_id text?, at time) -> count
-- One to the same words at a time.
insert into engage_reply_wait (workspace_id, id, talk_id, thread_id, account_id, text, again, person_id, at, state)
values (:workspace, :id, :talk_id, :thread_id, :account_id, :text, :again, :person_id, :at, 0)
on conflict (workspace_id, talk_id) where state = 0 do nothing;

-- name: wait_get (workspace text, id text)
--       -> one WaitRow (id text, talk_id text, thread_id text, account_id text, text text, again bool, person_id text?, name text?, at time, state int, decided_name text?, decided_at time?,
--          note text?, sent_text text?, delivery_id text?, said text)
select w.id, w.talk_id, w.thread_id, w.account_id, w.text, w.again, w.person_id, p.name, w.at, w.state, d.name as decided_name, w.decided_at, w.note, w.sent_text, w.delivery_id,
       substr(t.text, 1, 200) as said
  from engage_reply_wait w join engage_talk t on t.workspace_id = w.workspace_id and t.id = w.talk_id
  left join team_v_person p on p.id = w.person_id left join team_v_person d on d.id = w.decided_by
 where w.workspace_id = :workspace and w.id = :id;

-- name: wait_open (workspace text, most int)
--       -> many WaitRow (id text, talk_id text, thread_id text, account_id text, text text, again bool, person_id text?, name text?, at time, state int, decided_name text?, decided_at time?,
--          note text?, sent_text text?, delivery_id text?, said text)
select w.id, w.talk_id, w.thread_id, w.account_id, w.text, w.again, w.person_id, p.name, w.at, w.state, d.name as decided_name, w.decided_at, w.note, w.sent_text, w.delivery_id,
       substr(t.text, 1, 200) as said
  from engage_reply_wait w join engage_talk t on t.workspace_id = w.workspace_id and t.id = w.talk_id
  left join team_v_person p on p.id = w.person_id left join team_v_person d on d.id = w.decided_by
 where w.workspace_id = :workspace and w.state = 0 order by w.at, w.id limit :most;

-- name: wait_of_thread (workspace text, thread_id text, most int)
--       -> many WaitRow (id text, talk_id text, thread_id text, account_id text, text text, again bool, person_id text?, name text?, at time, state int, decided_name text?, decided_at time?,
--          note text?, sent_text text?, delivery_id text?, said text)
select w.id, w.talk_id, w.thread_id, w.account_id, w.text, w.again, w.person_id, p.name, w.at, w.state, d.name as decided_name, w.decided_at, w.note, w.sent_text, w.delivery_id,
       substr(t.text, 1, 200) as said
  from engage_reply_wait w join engage_talk t on t.workspace_id = w.workspace_id and t.id = w.talk_id
  left join team_v_person p on p.id = w.person_id left join team_v_person d on d.id = w.decided_by
 where w.workspace_id = :workspace and w.thread_id = :thread_id order by w.at desc, w.id limit :most;

-- name: wait_decide (workspace text, id text, state int, by text?, at time, note text?, sent_text text?) -> count
-- Once.
update engage_reply_wait set state = :state, decided_by = :by, decided_at = :at, note = :note, sent_text = :sent_text
 where workspace_id = :workspace and id = :id and state = 0;

-- name: wait_sent (workspace text, id text, delivery_id text) -> count
update engage_reply_wait set delivery_id = :delivery_id where workspace_id = :workspace and id = :id;

-- name: wait_talk (workspace text, id text) -> one (thread_id text, account_id text)
select coalesce(thread_id, id) as thread_id, account_id from engage_talk where workspace_id = :workspace and id = :id;
