-- The messages that were stored, once more: the same words of the same people so many hours earlier, under other ids.

-- name: fill_talk (workspace text, prefix text, k int) -> none
insert into engage_talk (workspace_id, id, account_id, remote_id, kind, text, post_remote_id, parent_id, conversation, author_id, author_handle, author_name, url, at, received_at, is_own,
                         is_deleted, thread_id, sentiment, intent, urgency, likely_intent, probability, reasons, because_from, because_to, is_hidden)
select workspace_id, :prefix || substr(id, 9), account_id, :prefix || remote_id, kind, text, post_remote_id, parent_id, conversation, author_id, author_handle, author_name, url,
       at - :k * 3600000000, received_at - :k * 3600000000, is_own, is_deleted, thread_id, sentiment, intent, urgency, likely_intent, probability, reasons, because_from, because_to, is_hidden
  from engage_talk where workspace_id = :workspace and substr(remote_id, 1, 1) = 'f';

-- name: fill_words (workspace text, prefix text) -> none
insert into store_search_doc (workspace_id, kind, subject, words, grams)
select d.workspace_id, d.kind, :prefix || substr(d.subject, 9), d.words, d.grams from store_search_doc d
 where d.workspace_id = :workspace and d.kind = 'talk' and substr(d.subject, 1, 4) <> '0190' order by d.number;

-- name: fill_filled (workspace text, prefix text) -> many (number int, words text)
select number, words from store_search_doc where workspace_id = :workspace and kind = 'talk' and substr(subject, 1, 8) = :prefix order by number;

-- name: fill_counts (workspace text, times int) -> none
update engage_thread set n_talk = n_talk * :times, n_waiting = n_waiting * :times where workspace_id = :workspace;

-- name: fill_taken (workspace text) -> none
-- Contacts have taken in what is there: they are another figure's.
insert into contacts_state (workspace_id, next_num, version, talk_id, taken_at, click_at, packed)
select :workspace, 0, 0, max(id), 0, 0, 0 from engage_talk where workspace_id = :workspace
on conflict (workspace_id) do update set talk_id = excluded.talk_id;
