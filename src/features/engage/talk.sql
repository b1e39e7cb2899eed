-- The statements of talk.

-- name: talk_add (workspace text, id text, account_id text, remote_id text, kind int, text text, post_remote_id text?, parent_id text?, conversation text?,
--       author_id text, author_handle text, author_name text, url text, reply_token text?, at time, received_at time, is_own bool, is_deleted bool) -> count
-- Told again, it changes nothing here: talk_again does.
insert into engage_talk (workspace_id, id, account_id, remote_id, kind, text, post_remote_id, parent_id, conversation, author_id, author_handle, author_name,
                         url, reply_token, at, received_at, is_own, is_deleted)
values (:workspace, :id, :account_id, :remote_id, :kind, :text, :post_remote_id, :parent_id, :conversation, :author_id, :author_handle, :author_name,
        :url, :reply_token, :at, :received_at, :is_own, :is_deleted)
on conflict (workspace_id, account_id, remote_id) do nothing;

-- name: talk_again (workspace text, account_id text, remote_id text, text text, is_deleted bool) -> count
-- What is deleted stays deleted, also when an older telling arrives later.
update engage_talk set text = case when is_deleted then text when :is_deleted then '' else :text end, is_deleted = is_deleted or :is_deleted
 where workspace_id = :workspace and account_id = :account_id and remote_id = :remote_id
   and ((:is_deleted and not is_deleted) or (not :is_deleted and not is_deleted and text <> :text));

-- name: talk_get (workspace text, id text)
--       -> one TalkRow (id text, account_id text, kind int, remote_id text, text text, post_remote_id text?, post_id text?, conversation text?, author_id text,
--          author_handle text, author_name text, url text, reply_token text?, at time, is_own bool, is_deleted bool, answer_id text?, answer_text text?, answer_state int?)
select t.id, t.account_id, t.kind, t.remote_id, t.text, t.post_remote_id, d.post_id, t.conversation, t.author_id, t.author_handle, t.author_name, t.url,
       t.reply_token, t.at, t.is_own, t.is_deleted, t.answer_id, a.text as answer_text, a.state as answer_state
  from engage_talk t
  left join publish_v_delivery d on d.workspace_id = t.workspace_id and d.account_id = t.account_id and d.remote_id = t.post_remote_id
  left join publish_v_delivery a on a.workspace_id = t.workspace_id and a.id = t.answer_id
 where t.workspace_id = :workspace and t.id = :id;

-- name: talk_list (workspace text, before_at time, before_id text, open bool, most int)
--       -> many TalkRow (id text, account_id text, kind int, remote_id text, text text, post_remote_id text?, post_id text?, conversation text?, author_id text,
--          author_handle text, author_name text, url text, reply_token text?, at time, is_own bool, is_deleted bool, answer_id text?, answer_text text?, answer_state int?)
select t.id, t.account_id, t.kind, t.remote_id, t.text, t.post_remote_id, d.post_id, t.conversation, t.author_id, t.author_handle, t.author_name, t.url,
       t.reply_token, t.at, t.is_own, t.is_deleted, t.answer_id, a.text as answer_text, a.state as answer_state
  from engage_talk t
  left join publish_v_delivery d on d.workspace_id = t.workspace_id and d.account_id = t.account_id and d.remote_id = t.post_remote_id
  left join publish_v_delivery a on a.workspace_id = t.workspace_id and a.id = t.answer_id
 where t.workspace_id = :workspace and (t.at, t.id) < (:before_at, :before_id)
   and (not :open or (t.answer_id is null and not t.is_own and not t.is_deleted))
 order by t.at desc, t.id desc limit :most;

-- name: talk_of_remote (workspace text, account_id text, post_remote_id text, before_at time, before_id text, most int)
--       -> many TalkRow (id text, account_id text, kind int, remote_id text, text text, post_remote_id text?, post_id text?, conversation text?, author_id text,
--          author_handle text, author_name text, url text, reply_token text?, at time, is_own bool, is_deleted bool, answer_id text?, answer_text text?, answer_state int?)
select t.id, t.account_id, t.kind, t.remote_id, t.text, t.post_remote_id, d.post_id, t.conversation, t.author_id, t.author_handle, t.author_name, t.url,
       t.reply_token, t.at, t.is_own, t.is_deleted, t.answer_id, a.text as answer_text, a.state as answer_state
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
