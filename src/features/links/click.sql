-- The statements of clicks: the way from the spool into the store, the table in memory, what is counted.

-- name: click_add (workspace text, id int, at time, link_id text, network text, referrer int, device int, language text, is_bot bool, visitor int, contact_id text?) -> none
-- many: yes
insert into links_click (workspace_id, id, at, link_id, network, referrer, device, language, is_bot, visitor, contact_id)
values (:workspace, :id, :at, :link_id, :network, :referrer, :device, :language, :is_bot, :visitor, :contact_id)
on conflict (workspace_id, at, id) do nothing;

-- name: click_visitor_add (workspace text, link_id text, day int, visitor int) -> count
insert into links_visitor (workspace_id, link_id, day, visitor) values (:workspace, :link_id, :day, :visitor)
on conflict (workspace_id, link_id, day, visitor) do nothing;

-- name: click_hour_add (workspace text, link_id text, hour time, network text, clicks int, visitors int, bots int, floods int) -> none
-- many: yes
insert into links_hour (workspace_id, link_id, hour, network, clicks, visitors, bots, floods)
values (:workspace, :link_id, :hour, :network, :clicks, :visitors, :bots, :floods)
on conflict (workspace_id, link_id, hour, network) do update
   set clicks = links_hour.clicks + excluded.clicks, visitors = links_hour.visitors + excluded.visitors,
       bots = links_hour.bots + excluded.bots, floods = links_hour.floods + excluded.floods;

-- name: click_spool_done (workspace text, spool text) -> one (done int)
select done from links_spool where workspace_id = :workspace and spool = :spool;

-- name: click_spool_set (workspace text, spool text, done int, at time) -> none
insert into links_spool (workspace_id, spool, done, at) values (:workspace, :spool, :done, :at)
on conflict (workspace_id, spool) do update set done = excluded.done, at = excluded.at;

-- name: click_sweep_spools (until time) -> none
-- global: of files that are gone, whatever workspaces they had clicks of
delete from links_spool where at < :until;

-- name: click_sweep_visitors (day int) -> none
-- global: days that are over are over for all
delete from links_visitor where day < :day;

-- name: click_sweep_salts (day int) -> none
-- global: a salt is of a day, for all
delete from links_salt where day < :day;

-- name: click_sweep_touches (now time, day int) -> count
-- global: each workspace says how many days it remembers who clicked
delete from links_touch
 where at < :now - :day * 30 and at < :now - :day * coalesce((select s.touch_days from links_site s where s.workspace_id = links_touch.workspace_id), 400);

-- name: click_salt_add (day int, salt text) -> none
-- global: a salt is of a day, for all
insert into links_salt (day, salt) values (:day, :salt) on conflict (day) do nothing;

-- name: click_salt (day int) -> one (salt text)
-- global: a salt is of a day, for all
select salt from links_salt where day = :day;

-- name: click_table (since time, most int)
--       -> many ClickTable (workspace_id text, id text, code text, target text, ios_url text?, android_url text?, ended_url text?, expires_at time?, click_limit int?, network text?,
--          archived_at time?, updated_at time, hosts text?, clicks int?)
-- global: a code is followed by people who know no workspace
select l.workspace_id, l.id, l.code, l.target, l.ios_url, l.android_url, l.ended_url, l.expires_at, l.click_limit, l.network, l.archived_at, l.updated_at, u.hosts,
       case when l.click_limit is null then 0
            else (select cast(sum(h.clicks) as bigint) from links_hour h where h.workspace_id = l.workspace_id and h.link_id = l.id) end as clicks
  from links_link l left join links_utm u on u.workspace_id = l.workspace_id
 where l.updated_at >= :since order by l.updated_at desc limit :most;

-- name: click_table_of (code text)
--       -> one ClickTable (workspace_id text, id text, code text, target text, ios_url text?, android_url text?, ended_url text?, expires_at time?, click_limit int?, network text?,
--          archived_at time?, updated_at time, hosts text?, clicks int?)
-- global: a code is followed by people who know no workspace
select l.workspace_id, l.id, l.code, l.target, l.ios_url, l.android_url, l.ended_url, l.expires_at, l.click_limit, l.network, l.archived_at, l.updated_at, u.hosts,
       case when l.click_limit is null then 0
            else (select cast(sum(h.clicks) as bigint) from links_hour h where h.workspace_id = l.workspace_id and h.link_id = l.id) end as clicks
  from links_link l left join links_utm u on u.workspace_id = l.workspace_id
 where l.code = :code;

-- name: click_table_variants (since time) -> many ClickTableVariant (workspace_id text, link_id text, network text, target text)
-- global: a code is followed by people who know no workspace
select v.workspace_id, v.link_id, v.network, v.target from links_link l join links_variant v on v.workspace_id = l.workspace_id and v.link_id = l.id
 where l.updated_at >= :since order by v.workspace_id, v.link_id, v.network;

-- name: click_table_variants_of (code text) -> many ClickTableVariant (workspace_id text, link_id text, network text, target text)
-- global: a code is followed by people who know no workspace
select v.workspace_id, v.link_id, v.network, v.target from links_link l join links_variant v on v.workspace_id = l.workspace_id and v.link_id = l.id
 where l.code = :code order by v.network;

-- name: click_hours (workspace text, link_id text, from_at time, to_at time) -> many (hour time, clicks int, visitors int, bots int, floods int)
select hour, cast(sum(clicks) as bigint) as clicks, cast(sum(visitors) as bigint) as visitors, cast(sum(bots) as bigint) as bots, cast(sum(floods) as bigint) as floods
  from links_hour where workspace_id = :workspace and link_id = :link_id and hour >= :from_at and hour < :to_at group by hour order by hour;

-- name: click_networks (workspace text, link_id text, from_at time, to_at time) -> many (network text, clicks int, visitors int, bots int, floods int)
select network, cast(sum(clicks) as bigint) as clicks, cast(sum(visitors) as bigint) as visitors, cast(sum(bots) as bigint) as bots, cast(sum(floods) as bigint) as floods
  from links_hour where workspace_id = :workspace and link_id = :link_id and hour >= :from_at and hour < :to_at group by network order by network;

-- name: click_kinds (workspace text, link_id text, from_at time, to_at time) -> many (device int, referrer int, n int)
select device, referrer, count(*) as n from links_click
 where workspace_id = :workspace and link_id = :link_id and at >= :from_at and at < :to_at and not is_bot group by device, referrer order by device, referrer;
