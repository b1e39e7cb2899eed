-- The statements of short links.

-- name: link_add (workspace text, id text, code text, target text, title text, ios_url text?, android_url text?, expires_at time?, click_limit int?, ended_url text?,
--       post_id text?, account_id text?, network text?, campaign_id text?, created_by text?, now time) -> none
-- many: yes
insert into links_link (workspace_id, id, code, target, title, ios_url, android_url, expires_at, click_limit, ended_url, post_id, account_id, network, campaign_id,
                        created_by, created_at, updated_at, version)
values (:workspace, :id, :code, :target, :title, :ios_url, :android_url, :expires_at, :click_limit, :ended_url, :post_id, :account_id, :network, :campaign_id,
        :created_by, :now, :now, 1);

-- name: link_code_taken (code text) -> one (id text)
-- global: codes are one instance's
select id from links_link where code = :code;

-- name: link_get (workspace text, id text)
--       -> one LinkRow (id text, code text, target text, title text, ios_url text?, android_url text?, ended_url text?, expires_at time?, click_limit int?, post_id text?,
--          account_id text?, network text?, campaign_id text?, created_at time, updated_at time, archived_at time?, version int, clicks int?, visitors int?, bots int?, floods int?)
select l.id, l.code, l.target, l.title, l.ios_url, l.android_url, l.ended_url, l.expires_at, l.click_limit, l.post_id, l.account_id, l.network, l.campaign_id, l.created_at,
       l.updated_at, l.archived_at, l.version,
       (select cast(sum(h.clicks) as bigint) from links_hour h where h.workspace_id = l.workspace_id and h.link_id = l.id) as clicks,
       (select cast(sum(h.visitors) as bigint) from links_hour h where h.workspace_id = l.workspace_id and h.link_id = l.id) as visitors,
       (select cast(sum(h.bots) as bigint) from links_hour h where h.workspace_id = l.workspace_id and h.link_id = l.id) as bots,
       (select cast(sum(h.floods) as bigint) from links_hour h where h.workspace_id = l.workspace_id and h.link_id = l.id) as floods
  from links_link l where l.workspace_id = :workspace and l.id = :id;

-- name: link_list (workspace text, words text?, post text?, campaign text?, is_archived bool, before_at time, before_id text, most int)
--       -> many LinkRow (id text, code text, target text, title text, ios_url text?, android_url text?, ended_url text?, expires_at time?, click_limit int?, post_id text?,
--          account_id text?, network text?, campaign_id text?, created_at time, updated_at time, archived_at time?, version int, clicks int?, visitors int?, bots int?, floods int?)
select l.id, l.code, l.target, l.title, l.ios_url, l.android_url, l.ended_url, l.expires_at, l.click_limit, l.post_id, l.account_id, l.network, l.campaign_id, l.created_at,
       l.updated_at, l.archived_at, l.version,
       (select cast(sum(h.clicks) as bigint) from links_hour h where h.workspace_id = l.workspace_id and h.link_id = l.id) as clicks,
       (select cast(sum(h.visitors) as bigint) from links_hour h where h.workspace_id = l.workspace_id and h.link_id = l.id) as visitors,
       (select cast(sum(h.bots) as bigint) from links_hour h where h.workspace_id = l.workspace_id and h.link_id = l.id) as bots,
       (select cast(sum(h.floods) as bigint) from links_hour h where h.workspace_id = l.workspace_id and h.link_id = l.id) as floods
  from links_link l
 where l.workspace_id = :workspace and (l.created_at, l.id) < (:before_at, :before_id)
   and (case when l.archived_at is null then false else true end) = :is_archived
   and (:words is null or lower(l.title) like :words escape '\' or l.code like :words escape '\' or lower(l.target) like :words escape '\')
   and (:post is null or l.post_id = :post) and (:campaign is null or l.campaign_id = :campaign)
 order by l.created_at desc, l.id desc limit :most;

-- name: link_variants (workspace text, link_id text) -> many (network text, target text)
select network, target from links_variant where workspace_id = :workspace and link_id = :link_id order by network;

-- name: link_variants_drop (workspace text, link_id text) -> none
delete from links_variant where workspace_id = :workspace and link_id = :link_id;

-- name: link_variant_add (workspace text, link_id text, network text, target text) -> none
insert into links_variant (workspace_id, link_id, network, target) values (:workspace, :link_id, :network, :target);

-- name: link_set (workspace text, id text, version int, target text, title text, ios_url text?, android_url text?, expires_at time?, click_limit int?, ended_url text?,
--       campaign_id text?, now time) -> count
update links_link set target = :target, title = :title, ios_url = :ios_url, android_url = :android_url, expires_at = :expires_at, click_limit = :click_limit,
       ended_url = :ended_url, campaign_id = :campaign_id, updated_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version;

-- name: link_archive (workspace text, id text, archived_at time?, now time) -> count
update links_link set archived_at = :archived_at, updated_at = :now, version = version + 1 where workspace_id = :workspace and id = :id;

-- name: link_domain_set (base text) -> none
-- global: one instance's
insert into links_domain (id, base) values (1, :base) on conflict (id) do update set base = excluded.base;

-- name: link_domain () -> one (base text)
-- global: one instance's
select base from links_domain where id = 1;

-- name: link_of_post (workspace text, post_id text) -> many (account_id text, code text, target text)
select account_id, code, target from links_link
 where workspace_id = :workspace and post_id = :post_id and account_id is not null and archived_at is null order by account_id;
