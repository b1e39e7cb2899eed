-- Somebody is deleted: what they posted about us, and how they took part.

-- name: ugc_items_of (workspace text, network text, account_id text, author_id text, handle text) -> many (id text, media_id text?)
-- One that was added by its link has no account, and often no id of its author.
select id, media_id from ugc_item
 where workspace_id = :workspace and network = :network
   and ((author_id = :author_id and (account_id is null or account_id = :account_id)) or (author_id = '' and author_handle = :handle and :handle <> ''));

-- name: ugc_item_forget (workspace text, id text) -> count
delete from ugc_item where workspace_id = :workspace and id = :id;

-- name: ugc_steps_forget (workspace text, item_id text) -> count
delete from ugc_step where workspace_id = :workspace and item_id = :item_id;

-- name: ugc_entries_hold (workspace text) -> count
-- Changes nothing: whoever closes a campaign meanwhile seals what is left, or was first, and then the row stays.
update ugc_campaign set talk_id = talk_id where workspace_id = :workspace and state in (0, 1, 4);

-- name: ugc_entries_drop (workspace text, account_id text, author_id text) -> count
-- While a campaign still runs they simply take no part.
delete from ugc_entry where workspace_id = :workspace and account_id = :account_id and author_id = :author_id
   and campaign_id in (select id from ugc_campaign where workspace_id = :workspace and state in (0, 1, 4));

-- name: ugc_entries_forget (workspace text, account_id text, author_id text) -> count
-- Once entries are sealed the row stays, without a person: the draw can still be computed again.
update ugc_entry set author_id = '', author_handle = '', author_name = '', url = '' where workspace_id = :workspace and account_id = :account_id and author_id = :author_id;

-- name: ugc_left (workspace text, network text, account_id text, author_id text) -> one (n int)
select (select count(*) from ugc_item where workspace_id = :workspace and network = :network and author_id = :author_id and (account_id is null or account_id = :account_id))
     + (select count(*) from ugc_entry where workspace_id = :workspace and account_id = :account_id and author_id = :author_id) as n;
