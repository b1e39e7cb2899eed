-- The statements of talk.

-- name: talk_add (workspace text, id text, thread_id text, account_id text, remote_id text, kind int, text text, post_remote_id text?, parent_id text?, conversation text?,
--       author_id text, author_handle text, author_name text, url text, reply_token text?, at time, received_at time, is_own bool, is_deleted bool, edited_at time?, attachments text?,
--       sentiment int?, intent int?, likely_intent int?, probability real?, urgency int?, reasons text?, because_from int?, because_to int?) -> count
-- Told again, it changes nothing here: talk_again does.
-- many: yes
insert into engage_talk (workspace_id, id, thread_id, account_id, remote_id, kind, text, post_remote_id, parent_id, conversation, author_id, author_handle, author_name,
                         url, reply_token, at, received_at, is_own, is_deleted, edited_at, attachments, sentiment, intent, likely_intent, probability, urgency, reasons,
                         because_from, because_to)
values (:workspace, :id, :thread_id, :account_id, :remote_id, :kind, :text, :post_remote_id, :parent_id, :conversation, :author_id, :author_handle, :author_name,
        :url, :reply_token, :at, :received_at, :is_own, :is_deleted, :edited_at, :attachments, :sentiment, :intent, :likely_intent, :probability, :urgency, :reasons,
        :because_from, :because_to)
on conflict (workspace_id, account_id, remote_id) do nothing;

-- name: talk_known (workspace text, account_id text, remote_id text) -> one (id text, thread_id text?, text text, is_own bool, is_deleted bool, author_id text, attachments text?)
select id, thread_id, text, is_own, is_deleted, author_id, attachments from engage_talk where workspace_id = :workspace and account_id = :account_id and remote_id = :remote_id;

-- name: talk_edited (workspace text, id text, text text, edited_at time?, attachments text?) -> none
update engage_talk set text = :text, edited_at = coalesce(:edited_at, edited_at), attachments = coalesce(:attachments, attachments) where workspace_id = :workspace and id = :id;

-- name: talk_gone (workspace text, id text) -> none
-- What is deleted stays deleted, also when an older telling arrives later; nothing of what it said is kept.
update engage_talk set text = '', is_deleted = true, attachments = null, reply_token = null, reasons = null, because_from = null, because_to = null
 where workspace_id = :workspace and id = :id;

-- name: talk_named (workspace text, id text, kind int, post_remote_id text?, parent_id text?, conversation text?, author_id text, author_handle text, author_name text, at time) -> none
-- Of something taken away before it was read we know only that; who said it and where is told later.
update engage_talk set kind = :kind, post_remote_id = :post_remote_id, parent_id = :parent_id, conversation = :conversation, author_id = :author_id,
       author_handle = :author_handle, author_name = :author_name, at = :at where workspace_id = :workspace and id = :id;

-- name: talk_echo (workspace text, account_id text, remote_id text) -> one (delivery_id text)
-- Our own answer, told back by the network.
select a.delivery_id from publish_v_delivery d join engage_answer a on a.workspace_id = d.workspace_id and a.delivery_id = d.id
 where d.workspace_id = :workspace and d.account_id = :account_id and d.remote_id = :remote_id;

-- name: talk_drop_echo (workspace text, delivery_id text) -> count
-- The same, when it was told before we knew under which id our answer stands.
delete from engage_talk where workspace_id = :workspace and is_own
   and (account_id, remote_id) in (select d.account_id, d.remote_id from publish_v_delivery d where d.workspace_id = :workspace and d.id = :delivery_id and d.remote_id is not null);

-- name: talk_answer_add (workspace text, delivery_id text, talk_id text, thread_id text, at time, person_id text?) -> none
insert into engage_answer (workspace_id, delivery_id, talk_id, thread_id, at, person_id) values (:workspace, :delivery_id, :talk_id, :thread_id, :at, :person_id);

-- name: talk_answer (workspace text, delivery_id text) -> one (thread_id text, state int)
select a.thread_id, d.state from engage_answer a join publish_v_delivery d on d.workspace_id = a.workspace_id and d.id = a.delivery_id
 where a.workspace_id = :workspace and a.delivery_id = :delivery_id;

-- name: talk_answered_by (workspace text, delivery_id text) -> one (name text?, at time)
select p.name, a.at from engage_answer a left join team_v_person p on p.id = a.person_id
 where a.workspace_id = :workspace and a.delivery_id = :delivery_id;

-- name: talk_texts (workspace text, thread_id text) -> many (id text, text text)
select id, text from engage_talk where workspace_id = :workspace and thread_id = :thread_id and text <> '' order by at, id limit 1000;

-- name: talk_get (workspace text, id text)
--       -> one TalkRow (id text, account_id text, kind int, remote_id text, text text, post_remote_id text?, post_id text?, conversation text?, author_id text,
--          author_handle text, author_name text, url text, reply_token text?, at time, is_own bool, is_deleted bool, answer_id text?, answer_text text?, answer_state int?,
--          thread_id text?, edited_at time?, attachments text?, sentiment int?, intent int?, likely_intent int?, probability real?, urgency int?, reasons text?, because_from int?,
--          because_to int?, corrected_by text?, is_hidden bool)
select t.id, t.account_id, t.kind, t.remote_id, t.text, t.post_remote_id, d.post_id, t.conversation, t.author_id, t.author_handle, t.author_name, t.url,
       t.reply_token, t.at, t.is_own, t.is_deleted, t.answer_id, a.text as answer_text, a.state as answer_state, t.thread_id, t.edited_at,
       t.attachments, t.sentiment, t.intent, t.likely_intent, t.probability, t.urgency, t.reasons, t.because_from, t.because_to, t.corrected_by, t.is_hidden
  from engage_talk t
  left join publish_v_delivery d on d.workspace_id = t.workspace_id and d.account_id = t.account_id and d.remote_id = t.post_remote_id
  left join publish_v_delivery a on a.workspace_id = t.workspace_id and a.id = t.answer_id
 where t.workspace_id = :workspace and t.id = :id;

-- name: talk_list (workspace text, before_at time, before_id text, open bool, most int)
--       -> many TalkRow (id text, account_id text, kind int, remote_id text, text text, post_remote_id text?, post_id text?, conversation text?, author_id text,
--          author_handle text, author_name text, url text, reply_token text?, at time, is_own bool, is_deleted bool, answer_id text?, answer_text text?, answer_state int?,
--          thread_id text?, edited_at time?, attachments text?, sentiment int?, intent int?, likely_intent int?, probability real?, urgency int?, reasons text?, because_from int?,
--          because_to int?, corrected_by text?, is_hidden bool)
select t.id, t.account_id, t.kind, t.remote_id, t.text, t.post_remote_id, d.post_id, t.conversation, t.author_id, t.author_handle, t.author_name, t.url,
       t.reply_token, t.at, t.is_own, t.is_deleted, t.answer_id, a.text as answer_text, a.state as answer_state, t.thread_id, t.edited_at,
       t.attachments, t.sentiment, t.intent, t.likely_intent, t.probability, t.urgency, t.reasons, t.because_from, t.because_to, t.corrected_by, t.is_hidden
  from engage_talk t
  left join publish_v_delivery d on d.workspace_id = t.workspace_id and d.account_id = t.account_id and d.remote_id = t.post_remote_id
  left join publish_v_delivery a on a.workspace_id = t.workspace_id and a.id = t.answer_id
 where t.workspace_id = :workspace and (t.at, t.id) < (:before_at, :before_id)
   and (not :open or (t.answer_id is null and not t.is_own and not t.is_deleted))
 order by t.at desc, t.id desc limit :most;

-- name: talk_of_thread (workspace text, thread_id text, before_at time, before_id text, most int)
--       -> many TalkRow (id text, account_id text, kind int, remote_id text, text text, post_remote_id text?, post_id text?, conversation text?, author_id text,
--          author_handle text, author_name text, url text, reply_token text?, at time, is_own bool, is_deleted bool, answer_id text?, answer_text text?, answer_state int?,
--          thread_id text?, edited_at time?, attachments text?, sentiment int?, intent int?, likely_intent int?, probability real?, urgency int?, reasons text?, because_from int?,
--          because_to int?, corrected_by text?, is_hidden bool)
select t.id, t.account_id, t.kind, t.remote_id, t.text, t.post_remote_id, d.post_id, t.conversation, t.author_id, t.author_handle, t.author_name, t.url,
       t.reply_token, t.at, t.is_own, t.is_deleted, t.answer_id, a.text as answer_text, a.state as answer_state, t.thread_id, t.edited_at,
       t.attachments, t.sentiment, t.intent, t.likely_intent, t.probability, t.urgency, t.reasons, t.because_from, t.because_to, t.corrected_by, t.is_hidden
  from engage_talk t
  left join publish_v_delivery d on d.workspace_id = t.workspace_id and d.account_id = t.account_id and d.remote_id = t.post_remote_id
  left join publish_v_delivery a on a.workspace_id = t.workspace_id and a.id = t.answer_id
 where t.workspace_id = :workspace and t.thread_id = :thread_id and (t.at, t.id) < (:before_at, :before_id)
 order by t.at desc, t.id desc limit :most;

-- name: talk_of_remote (workspace text, account_id text, post_remote_id text, before_at time, before_id text, most int)
--       -> many TalkRow (id text, account_id text, kind int, remote_id text, text text, post_remote_id text?, post_id text?, conversation text?, author_id text,
--          author_handle text, author_name text, url text, reply_token text?, at time, is_own bool, is_deleted bool, answer_id text?, answer_text text?, answer_state int?,
--          thread_id text?, edited_at time?, attachments text?, sentiment int?, intent int?, likely_intent int?, probability real?, urgency int?, reasons text?, because_from int?,
--          because_to int?, corrected_by text?, is_hidden bool)
select t.id, t.account_id, t.kind, t.remote_id, t.text, t.post_remote_id, d.post_id, t.conversation, t.author_id, t.author_handle, t.author_name, t.url,
       t.reply_token, t.at, t.is_own, t.is_deleted, t.answer_id, a.text as answer_text, a.state as answer_state, t.thread_id, t.edited_at,
       t.attachments, t.sentiment, t.intent, t.likely_intent, t.probability, t.urgency, t.reasons, t.because_from, t.because_to, t.corrected_by, t.is_hidden
  from engage_talk t
  left join publish_v_delivery d on d.workspace_id = t.workspace_id and d.account_id = t.account_id and d.remote_id = t.post_remote_id
  left join publish_v_delivery a on a.workspace_id = t.workspace_id and a.id = t.answer_id
 where t.workspace_id = :workspace and t.account_id = :account_id and t.post_remote_id = :post_remote_id and (t.at, t.id) < (:before_at, :before_id)
 order by t.at desc, t.id desc limit :most;

-- name: talk_set_answer (workspace text, id text, answer_id text, seen_id text?) -> count
-- Only while its answer is the one the writer saw: of two who answer at once one does.
update engage_talk set answer_id = :answer_id, reply_token = null
 where workspace_id = :workspace and id = :id and coalesce(answer_id, '') = coalesce(:seen_id, '');

-- name: talk_account (workspace text, account_id text) -> one (cursor text?, read_at time?, failures int)
select cursor, read_at, failures from engage_account where workspace_id = :workspace and account_id = :account_id;

-- name: talk_set_account (workspace text, account_id text, cursor text?, read_at time?, failures int) -> none
insert into engage_account (workspace_id, account_id, cursor, read_at, failures) values (:workspace, :account_id, :cursor, :read_at, :failures)
on conflict (workspace_id, account_id) do update set cursor = excluded.cursor, read_at = excluded.read_at, failures = excluded.failures;

-- name: talk_own_posts (workspace text, account_id text, since time, most int) -> many (remote_id text)
-- Whose comments are read post by post: the newest ones.
select remote_id from publish_v_delivery
 where workspace_id = :workspace and account_id = :account_id and published_at >= :since and remote_id is not null order by published_at desc limit :most;

-- name: talk_range (workspace text, first_id text, last_id text, most int) -> many (id text)
select id from engage_talk where workspace_id = :workspace and id >= :first_id and id <= :last_id order by id limit :most;

-- name: talk_hold_range (workspace text, first_id text, last_id text) -> many (id text, text text)
-- Held until the transaction ends: who is deleted meanwhile is not put into the full text afterwards.
update engage_talk set is_hidden = is_hidden where workspace_id = :workspace and id >= :first_id and id <= :last_id and text <> '' returning id, text;
