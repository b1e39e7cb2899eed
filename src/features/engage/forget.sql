-- What somebody said, forgotten: the row stays, so that a thread keeps its shape, without words or who said them. Ids of networks that have the author's in them lose it.

-- name: forget_talk (workspace text, account_id text, author_id text) -> count
update engage_talk set text = '', author_id = '', author_handle = '', author_name = '', url = '', attachments = null, reply_token = null, is_deleted = true,
       remote_id = replace(remote_id, :author_id, '')
 where workspace_id = :workspace and account_id = :account_id and author_id = :author_id;

-- name: forget_talk_ids (workspace text, account_id text, author_id text) -> many (id text)
select id from engage_talk where workspace_id = :workspace and account_id = :account_id and author_id = :author_id;

-- name: forget_places (workspace text, thread_id text, author_id text) -> none
-- Where answers in the conversation went, ours too.
update engage_talk set conversation = null, parent_id = replace(parent_id, :author_id, ''), reply_token = null
 where workspace_id = :workspace and thread_id = :thread_id;

-- name: forget_threads (workspace text, account_id text, author_id text) -> none
update engage_thread set with_id = '', with_handle = '', with_name = '', last_text = '', urgent_id = null, key = substr(key, 1, 2) || id
 where workspace_id = :workspace and account_id = :account_id and with_id = :author_id;

-- name: forget_corrections (workspace text, account_id text, author_id text) -> none
delete from engage_correction where workspace_id = :workspace
   and talk_id in (select t.id from engage_talk t where t.workspace_id = :workspace and t.account_id = :account_id and t.author_id = :author_id);

-- name: forget_last_words (workspace text, account_id text, author_id text) -> none
update engage_thread set last_text = '' where workspace_id = :workspace
   and id in (select t.thread_id from engage_talk t where t.workspace_id = :workspace and t.account_id = :account_id and t.author_id = :author_id);

-- name: forget_thread_notes (workspace text, account_id text, author_id text) -> none
-- What the team wrote beside a conversation with them.
delete from engage_note where workspace_id = :workspace
   and thread_id in (select t.id from engage_thread t where t.workspace_id = :workspace and t.account_id = :account_id and t.with_id = :author_id);

-- name: forget_waits (workspace text, account_id text, author_id text) -> none
-- Answers to them that wait for somebody's approval, or did.
delete from engage_reply_wait where workspace_id = :workspace
   and talk_id in (select t.id from engage_talk t where t.workspace_id = :workspace and t.account_id = :account_id and t.author_id = :author_id);

-- name: forget_left (workspace text, account_id text, author_id text) -> one (n int)
select (select count(*) from engage_talk where workspace_id = :workspace and account_id = :account_id and (author_id = :author_id or conversation = :author_id))
     + (select count(*) from engage_thread where workspace_id = :workspace and account_id = :account_id and (with_id = :author_id or key = 'm:' || :author_id)) as n;

-- name: forget_gone_add (workspace text, account_id text, author text, at time) -> none
insert into engage_gone (workspace_id, account_id, author, at) values (:workspace, :account_id, :author, :at)
on conflict (workspace_id, account_id, author) do update set at = excluded.at;

-- name: forget_gone_since (workspace text, account_id text, since time) -> many (author text, at time)
-- Nearly always nobody: what is stored was said a moment ago.
select author, at from engage_gone where workspace_id = :workspace and account_id = :account_id and at >= :since;

-- name: forget_gone_sweep (until time) -> none
-- global: upkeep of all workspaces; nothing is on its way for so long
delete from engage_gone where at < :until;
