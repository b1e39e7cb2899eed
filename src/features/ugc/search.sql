-- The statements of searching for hashtags at the networks.

-- name: ugc_search_list (workspace text)
--       -> many (account_id text, tag text, cursor text, searched_at time?, next_at time, n_found int, day text, n_day int, fault text, said text)
select account_id, tag, cursor, searched_at, next_at, n_found, day, n_day, fault, said from ugc_search where workspace_id = :workspace order by account_id, tag;

-- name: ugc_search_claim (workspace text, account_id text, tag text, seen time, later time) -> count
-- One of several asks the network: who saw when it was due, first. The others come again later.
insert into ugc_search (workspace_id, account_id, tag, cursor, next_at, n_found, day, n_day, fault, said)
values (:workspace, :account_id, :tag, '', :later, 0, '', 0, '', '')
on conflict (workspace_id, account_id, tag) do update set next_at = excluded.next_at where ugc_search.next_at = :seen;

-- name: ugc_search_put (workspace text, account_id text, tag text, cursor text, searched_at time?, next_at time, n_found int, day text, n_read int, fault text, said text)
--       -> none
-- What was read now comes to what was read that day before.
insert into ugc_search (workspace_id, account_id, tag, cursor, searched_at, next_at, n_found, day, n_day, fault, said)
values (:workspace, :account_id, :tag, :cursor, :searched_at, :next_at, :n_found, :day, :n_read, :fault, :said)
on conflict (workspace_id, account_id, tag) do update set cursor = excluded.cursor, searched_at = excluded.searched_at, next_at = excluded.next_at,
   n_found = excluded.n_found, day = excluded.day, n_day = excluded.n_day + case when ugc_search.day = excluded.day then ugc_search.n_day else 0 end,
   fault = excluded.fault, said = excluded.said;

-- name: ugc_search_anew (workspace text, tag text) -> none
-- From the beginning, at its next time: a giveaway that opens counts what was posted before it did.
update ugc_search set cursor = '' where workspace_id = :workspace and tag = :tag;

-- name: ugc_search_soon (workspace text, now time) -> none
-- What waits for a person is tried again once somebody changed something.
update ugc_search set next_at = :now where workspace_id = :workspace and fault <> '' and fault not in ('rate_limited', 'too_many_tags', 'day_full');

-- name: ugc_item_found (workspace text, id text, account_id text, network text, remote_id text, tag text, url text, text text, author_id text, author_handle text,
--       author_name text, attachments text?, posted_at time, found_at time) -> count
insert into ugc_item (workspace_id, id, account_id, network, remote_id, tag, url, text, author_id, author_handle, author_name, attachments, posted_at, found_at, state,
                      purpose, places, proof, version)
values (:workspace, :id, :account_id, :network, :remote_id, :tag, :url, :text, :author_id, :author_handle, :author_name, :attachments, :posted_at, :found_at, 0,
        '', '', '', 1)
on conflict do nothing;

-- name: ugc_item_by_url (workspace text, url text) -> one (id text, talk_id text?)
select id, talk_id from ugc_item where workspace_id = :workspace and url = :url;

-- name: ugc_item_heard (workspace text, id text, talk_id text) -> count
update ugc_item set talk_id = :talk_id where workspace_id = :workspace and id = :id and talk_id is null
   and not exists (select 1 from ugc_item o where o.workspace_id = :workspace and o.talk_id = :talk_id);

-- name: ugc_talk_by_remote (workspace text, account_id text, remote_id text) -> one (id text)
select id from engage_v_talk where workspace_id = :workspace and account_id = :account_id and remote_id = :remote_id;
