-- A million people put there by the database itself, in seconds; and the same question as the figure's rule, as one would write it by hand.

-- name: fill_people (workspace text, begun int, many int, now time, day int) -> none
-- As many as are wanted beside the first few, whose names they have. Numbers that look thrown are made of the person's own: the same on both databases.
with recursive s(n) as (select 0 where :many > 0 union all select n + 1 from s where n < :many - 1),
     t as (select :begun + n as num, (:begun + n) * 1103515245 + 12345 as x from s)
insert into contacts_contact (workspace_id, id, num, person_id, name, language, city, first_at, last_at, shown_at, n_messages, n_clicks, n_conversions, revenue_minor, source, created_at, version)
select :workspace, i.id, i.num, i.id, f.name, 'ja', '', i.at, i.at, i.at, 1 + i.x / 512 % 8, 0, 0, 0, 0, i.at, 1
  from (select '01890a5d-0000-7000-8000-' || substr('000000000000' || cast(num as text), length(cast(num as text)) + 1) as id, num, x, :now - x / 65536 % 730 * :day as at from t) i
  join contacts_contact f on f.workspace_id = :workspace and f.num = i.num % :begun;

-- name: fill_identities (workspace text, begun int) -> none
-- One handle in a thousand is had by many, every tenth by two.
insert into contacts_identity (workspace_id, kind, network, scope, key, id, contact_id, handle, name, core, first_at)
select :workspace, 0, case when num % 2 = 1 then 'x' else 'instagram' end, '', cast(num as text), id, id,
       case when num % 1000 = 7 then 'official_shop' else 'guest_' || cast(who as text) end, name,
       case when num % 1000 = 7 then 'officialshop' else 'guest' || cast(who as text) end, first_at
  from (select num, id, name, first_at, case when num % 10 = 0 then num / 20 * 20 else num end as who from contacts_contact where workspace_id = :workspace and num >= :begun) c;

-- name: fill_marks (workspace text, begun int, mark int, percent int, salt int) -> none
insert into contacts_mark (workspace_id, num, mark)
select workspace_id, num, :mark from contacts_contact where workspace_id = :workspace and num >= :begun and (num * 1664525 + :salt * 22695477) / 1024 % 100 < :percent;

-- name: fill_words (workspace text, begun int) -> none
-- Those of the first who has the name are those of all who have it.
insert into contacts_word (workspace_id, word, num)
select c.workspace_id, w.word, c.num from contacts_word w
  join contacts_contact c on c.workspace_id = w.workspace_id and c.num % :begun = w.num and c.num >= :begun
 where w.workspace_id = :workspace and w.num < :begun;

-- name: fill_dirty (workspace text, begun int) -> none
insert into contacts_dirty (workspace_id, num, stamp) select workspace_id, num, '' from contacts_contact where workspace_id = :workspace and num >= :begun;

-- name: plain_segment (workspace text, since time, vip int, osaka int, complaint int, given int, withdrawn int) -> one (n int)
select count(*) as n from contacts_contact p
 where p.workspace_id = :workspace and p.id = p.person_id and p.last_at >= :since
   and exists (select 1 from contacts_mark k where k.workspace_id = p.workspace_id and k.num = p.num and k.mark = :vip)
   and (p.n_messages >= 5 or exists (select 1 from contacts_mark k where k.workspace_id = p.workspace_id and k.num = p.num and k.mark = :osaka))
   and not exists (select 1 from contacts_mark k where k.workspace_id = p.workspace_id and k.num = p.num and k.mark = :complaint)
   and exists (select 1 from contacts_mark k where k.workspace_id = p.workspace_id and k.num = p.num and k.mark = :given)
   and not exists (select 1 from contacts_mark k where k.workspace_id = p.workspace_id and k.num = p.num and k.mark = :withdrawn);
