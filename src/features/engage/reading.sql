-- The statements of readings: what a workspace taught, and what is read anew after it.

-- name: reading_learnt (workspace text) -> one (version int, weights bytes)
select version, weights from engage_learnt where workspace_id = :workspace;

-- name: reading_set_learnt (workspace text, weights bytes, now time) -> none
insert into engage_learnt (workspace_id, version, weights, changed_at) values (:workspace, 1, :weights, :now)
on conflict (workspace_id) do update set version = engage_learnt.version + 1, weights = excluded.weights, changed_at = excluded.changed_at;

-- name: reading_correct (workspace text, talk_id text, text text, sentiment int?, intent int?, person_id text?, at time) -> none
insert into engage_correction (workspace_id, talk_id, text, sentiment, intent, person_id, at)
values (:workspace, :talk_id, :text, :sentiment, :intent, :person_id, :at)
on conflict (workspace_id, talk_id) do update set text = excluded.text, sentiment = excluded.sentiment, intent = excluded.intent, person_id = excluded.person_id, at = excluded.at;

-- name: reading_corrections (workspace text, most int) -> many (text text, sentiment int?, intent int?)
select text, sentiment, intent from engage_correction where workspace_id = :workspace order by at desc, talk_id desc limit :most;

-- name: reading_kept (workspace text, threads int, most int) -> many (text text, sentiment int, intent int)
-- What somebody answered or put away without correcting how it was read; of the newest conversations.
select t.text, coalesce(t.sentiment, 0) as sentiment, coalesce(t.intent, 0) as intent
  from (select workspace_id, id, n_waiting, answered_at, status from engage_thread where workspace_id = :workspace order by last_at desc, id desc limit :threads) h
  join engage_talk t on t.workspace_id = h.workspace_id and t.thread_id = h.id
 where (h.status = 2 or (h.n_waiting = 0 and h.answered_at is not null)) and not t.is_own and not t.is_deleted and t.corrected_by is null and t.sentiment < 3 and t.intent < 8
 order by t.at desc, t.id desc limit :most;

-- name: reading_hold (workspace text, id text) -> count
-- 0: a person corrected it meanwhile.
update engage_talk set urgency = urgency where workspace_id = :workspace and id = :id and corrected_by is null;

-- name: reading_set (workspace text, id text, sentiment int?, intent int?, likely_intent int?, probability real?, urgency int?, reasons text?, because_from int?, because_to int?,
--       corrected_by text?) -> none
update engage_talk set sentiment = :sentiment, intent = :intent, likely_intent = :likely_intent, probability = :probability, urgency = :urgency, reasons = :reasons,
       because_from = :because_from, because_to = :because_to, corrected_by = :corrected_by
 where workspace_id = :workspace and id = :id;

-- name: reading_waiting (workspace text, since time, after_id text, most int) -> many (id text, thread_id text, text text, sentiment int?, intent int?, urgency int?)
-- What waits for an answer and was read by the machine.
select t.id, t.thread_id, t.text, t.sentiment, t.intent, t.urgency
  from engage_talk t join engage_thread h on h.workspace_id = t.workspace_id and h.id = t.thread_id
 where t.workspace_id = :workspace and t.at >= :since and t.id > :after_id and h.n_waiting > 0 and not t.is_own and not t.is_deleted and t.corrected_by is null
 order by t.id limit :most;
