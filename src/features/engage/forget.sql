-- What somebody said, forgotten: the row stays, so that a thread keeps its shape, without words or who said them.

-- name: forget_talk (workspace text, account_id text, author_id text) -> count
update engage_talk set text = '', author_id = '', author_handle = '', author_name = '', url = '', attachments = null, reply_token = null, is_deleted = true
 where workspace_id = :workspace and account_id = :account_id and author_id = :author_id;

-- name: forget_threads (workspace text, account_id text, author_id text) -> none
update engage_thread set with_id = '', with_handle = '', with_name = '', last_text = '', urgent_id = null
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
