-- Segments, and the columns they are counted from.

-- name: column_read (workspace text, col int) -> many (block int, data bytes)
select block, data from contacts_column where workspace_id = :workspace and col = :col order by block;

-- name: column_put (workspace text, col int, block int, data bytes) -> none
-- many: yes
insert into contacts_column (workspace_id, col, block, data) values (:workspace, :col, :block, :data)
on conflict (workspace_id, col, block) do update set data = excluded.data;

-- name: dirty_count (workspace text, most int) -> one (n int)
select count(*) as n from (select num from contacts_dirty where workspace_id = :workspace limit :most) d;

-- name: dirty_page (workspace text, after int, upto int)
--       -> many (what int, num int, stamp text, mark int, first_at time, last_at time, n_messages int, n_clicks int, n_conversions int, revenue_minor int)
-- A page of those noted, in one statement so that all of it is of one moment: 0 who is noted, 1 whom they belong to and what is true of them now, 2 their marks.
-- The limit also tells PostgreSQL, which may take them for a million (they were, before they were packed), that looking each up is quicker than reading everybody.
-- In this order (SQLite keeps that of cross joins): from those noted to their contacts, and the marks of each contact, never everybody for a page.
with d as (select num, stamp from contacts_dirty where workspace_id = :workspace and num > :after and num <= :upto order by num limit 500),
     x as (select distinct c.person_id from d cross join contacts_contact c where c.workspace_id = :workspace and c.num = d.num)
select cast(0 as bigint) as what, d.num, d.stamp, 0 as mark, 0 as first_at, 0 as last_at, 0 as n_messages, 0 as n_clicks, 0 as n_conversions, 0 as revenue_minor from d
union all
select 1, p.num, '', 0, min(m.first_at), max(m.last_at), cast(sum(m.n_messages) as bigint), cast(sum(m.n_clicks) as bigint), cast(sum(m.n_conversions) as bigint),
       cast(sum(m.revenue_minor) as bigint)
  from x cross join contacts_contact m cross join contacts_contact p
 where m.workspace_id = :workspace and m.person_id = x.person_id and p.workspace_id = :workspace and p.id = x.person_id
 group by p.num
union all
select distinct 2, p.num, '', k.mark, 0, 0, 0, 0, 0, 0
  from x cross join contacts_contact m cross join contacts_mark k cross join contacts_contact p
 where m.workspace_id = :workspace and m.person_id = x.person_id and k.workspace_id = :workspace and k.num = m.num
   and p.workspace_id = :workspace and p.id = x.person_id;

-- name: dirty_upto (workspace text, most int) -> one (upto int?)
select max(num) as upto from (select num from contacts_dirty where workspace_id = :workspace order by num limit :most) d;

-- name: dirty_done (workspace text, num int, stamp text) -> none
-- many: yes
delete from contacts_dirty where workspace_id = :workspace and num = :num and stamp = :stamp;

-- name: segment_add (workspace text, id text, name text, rule text, at time) -> none
insert into contacts_segment (workspace_id, id, name, rule, created_at, updated_at, version) values (:workspace, :id, :name, :rule, :at, :at, 1);

-- name: segment_get (workspace text, id text) -> one SegmentRow (id text, name text, rule text, updated_at time, version int)
select id, name, rule, updated_at, version from contacts_segment where workspace_id = :workspace and id = :id;

-- name: segment_list (workspace text) -> many SegmentRow (id text, name text, rule text, updated_at time, version int)
select id, name, rule, updated_at, version from contacts_segment where workspace_id = :workspace order by name, id limit 200;

-- name: segment_change (workspace text, id text, version int, name text, rule text, at time) -> count
update contacts_segment set name = :name, rule = :rule, updated_at = :at, version = version + 1 where workspace_id = :workspace and id = :id and version = :version;

-- name: segment_drop (workspace text, id text) -> count
delete from contacts_segment where workspace_id = :workspace and id = :id;
