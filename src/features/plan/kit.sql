-- The statements of the words that a workspace uses again: sets of hashtags, named mentions, how its links are marked.

-- name: tag_set_list (workspace text) -> many TagSetRow (id text, name text, tags text, updated_at time, version int)
select id, name, tags, updated_at, version from plan_tag_set where workspace_id = :workspace order by name, id;

-- name: tag_set_get (workspace text, id text) -> one TagSetRow (id text, name text, tags text, updated_at time, version int)
select id, name, tags, updated_at, version from plan_tag_set where workspace_id = :workspace and id = :id;

-- name: tag_set_named (workspace text, name text, but_id text) -> one (id text)
select id from plan_tag_set where workspace_id = :workspace and name = :name and id <> :but_id;

-- name: tag_set_n (workspace text) -> one (n int)
select count(*) as n from plan_tag_set where workspace_id = :workspace;

-- name: tag_set_insert (workspace text, id text, name text, tags text, now time) -> none
insert into plan_tag_set (workspace_id, id, name, tags, updated_at, version) values (:workspace, :id, :name, :tags, :now, 1);

-- name: tag_set_update (workspace text, id text, version int, name text, tags text, now time) -> count
-- Only the version the writer saw.
update plan_tag_set set name = :name, tags = :tags, updated_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version;

-- name: tag_set_delete (workspace text, id text) -> count
delete from plan_tag_set where workspace_id = :workspace and id = :id;

-- name: mention_list (workspace text) -> many MentionRow (id text, name text, handles text, updated_at time, version int)
select id, name, handles, updated_at, version from plan_mention where workspace_id = :workspace order by name, id;

-- name: mention_get (workspace text, id text) -> one MentionRow (id text, name text, handles text, updated_at time, version int)
select id, name, handles, updated_at, version from plan_mention where workspace_id = :workspace and id = :id;

-- name: mention_named (workspace text, name text, but_id text) -> one (id text)
select id from plan_mention where workspace_id = :workspace and name = :name and id <> :but_id;

-- name: mention_n (workspace text) -> one (n int)
select count(*) as n from plan_mention where workspace_id = :workspace;

-- name: mention_insert (workspace text, id text, name text, handles text, now time) -> none
insert into plan_mention (workspace_id, id, name, handles, updated_at, version) values (:workspace, :id, :name, :handles, :now, 1);

-- name: mention_update (workspace text, id text, version int, name text, handles text, now time) -> count
-- Only the version the writer saw.
update plan_mention set name = :name, handles = :handles, updated_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version;

-- name: mention_delete (workspace text, id text) -> count
delete from plan_mention where workspace_id = :workspace and id = :id;

-- name: link_codes (workspace text) -> many (campaign_id text, code text)
select campaign_id, code from plan_link_code where workspace_id = :workspace order by campaign_id;

-- name: link_code_of (workspace text, campaign_id text) -> one (code text)
select code from plan_link_code where workspace_id = :workspace and campaign_id = :campaign_id;

-- name: link_codes_drop (workspace text) -> none
delete from plan_link_code where workspace_id = :workspace;

-- name: link_code_insert (workspace text, campaign_id text, code text) -> none
insert into plan_link_code (workspace_id, campaign_id, code) values (:workspace, :campaign_id, :code)
on conflict (workspace_id, campaign_id) do update set code = excluded.code;
