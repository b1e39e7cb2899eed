-- Contacts: read, found, changed; what is true of them.

-- name: contacts_begin (workspace text) -> none
insert into contacts_state (workspace_id, next_num, version, talk_id, taken_at, click_at, packed) values (:workspace, 0, 0, '', 0, 0, 0)
on conflict (workspace_id) do nothing;

-- name: contacts_claim (workspace text) -> count
-- The first statement of whoever writes contacts: writers of a workspace go one after the other.
update contacts_state set version = version + 1 where workspace_id = :workspace;

-- name: contacts_state_get (workspace text) -> one (next_num int, talk_id text, taken_at time, packed int)
select next_num, talk_id, taken_at, packed from contacts_state where workspace_id = :workspace;

-- name: contacts_state_taken (workspace text, talk_id text, taken_at time) -> none
update contacts_state set talk_id = :talk_id, taken_at = :taken_at where workspace_id = :workspace;

-- name: contacts_nums (workspace text, more int) -> one (next_num int)
update contacts_state set next_num = next_num + :more where workspace_id = :workspace returning next_num;

-- name: contact_add (workspace text, id text, num int, name text, language text, city text, first_at time, last_at time, n_messages int, source int, created_at time) -> none
-- many: yes
insert into contacts_contact (workspace_id, id, num, person_id, name, language, city, first_at, last_at, shown_at, n_messages, n_clicks, n_conversions, revenue_minor, source,
                              created_at, version)
values (:workspace, :id, :num, :id, :name, :language, :city, :first_at, :last_at, :last_at, :n_messages, 0, 0, 0, :source, :created_at, 1);

-- name: contact_seen (workspace text, id text, first_at time, last_at time, n_messages int) -> none
-- many: yes
update contacts_contact set first_at = case when first_at > :first_at then :first_at else first_at end, last_at = case when last_at < :last_at then :last_at else last_at end,
       n_messages = n_messages + :n_messages
 where workspace_id = :workspace and id = :id;

-- name: contact_shown (workspace text, id text, at time) -> none
-- many: yes
update contacts_contact set shown_at = :at where workspace_id = :workspace and id = :id and shown_at < :at;

-- name: contact_reshow (workspace text, person_id text) -> none
update contacts_contact set shown_at = coalesce((select max(m.last_at) from contacts_contact m where m.workspace_id = :workspace and m.person_id = :person_id), shown_at)
 where workspace_id = :workspace and id = :person_id;

-- name: identity_add (workspace text, kind int, network text, scope text, key text, id text, contact_id text, handle text, name text, core text, first_at time) -> none
-- many: yes
insert into contacts_identity (workspace_id, kind, network, scope, key, id, contact_id, handle, name, core, first_at)
values (:workspace, :kind, :network, :scope, :key, :id, :contact_id, :handle, :name, :core, :first_at);

-- name: identity_rename (workspace text, kind int, network text, scope text, key text, handle text, name text, core text) -> none
update contacts_identity set handle = :handle, name = :name, core = :core
 where workspace_id = :workspace and kind = :kind and network = :network and scope = :scope and key = :key;

-- name: identity_find (workspace text, kind int, network text, scope text, key text) -> one (contact_id text, person_id text, num int)
select i.contact_id, c.person_id, c.num from contacts_identity i join contacts_contact c on c.workspace_id = i.workspace_id and c.id = i.contact_id
 where i.workspace_id = :workspace and i.kind = :kind and i.network = :network and i.scope = :scope and i.key = :key;

-- name: identities_of (workspace text, person_id text)
--       -> many Identity (id text, contact_id text, num int, kind int, network text, scope text, key text, handle text, name text, first_at time)
select i.id, i.contact_id, m.num, i.kind, i.network, i.scope, i.key, i.handle, i.name, i.first_at
  from contacts_contact m join contacts_identity i on i.workspace_id = m.workspace_id and i.contact_id = m.id
 where m.workspace_id = :workspace and m.person_id = :person_id order by i.first_at, i.id;

-- name: identity_same_core (workspace text, core text, contact_id text) -> many (contact_id text, person_id text, network text, handle text, name text)
-- Who else calls themselves so.
select i.contact_id, c.person_id, i.network, i.handle, i.name
  from contacts_identity i join contacts_contact c on c.workspace_id = i.workspace_id and c.id = i.contact_id
 where i.workspace_id = :workspace and i.core = :core and i.core <> '' and i.contact_id <> :contact_id limit 6;

-- name: word_add (workspace text, word text, num int) -> none
-- many: yes
insert into contacts_word (workspace_id, word, num) values (:workspace, :word, :num) on conflict (workspace_id, word, num) do nothing;

-- name: word_drop (workspace text, word text, num int) -> none
-- many: yes
delete from contacts_word where workspace_id = :workspace and word = :word and num = :num;

-- name: word_find (workspace text, from text, upto text, most int) -> many FoundPerson (num int, id text, shown_at time)
select p.num, p.id, p.shown_at
  from (select num from contacts_word where workspace_id = :workspace and word >= :from and word < :upto order by word, num limit :most) w
  join contacts_contact c on c.workspace_id = :workspace and c.num = w.num
  join contacts_contact p on p.workspace_id = :workspace and p.id = c.person_id
 group by p.num, p.id, p.shown_at order by p.shown_at desc, p.id desc;

-- name: mark_names (workspace text) -> many MarkName (kind text, ref text, mark int)
select kind, ref, mark from contacts_mark_name where workspace_id = :workspace order by kind, ref;

-- name: mark_name (workspace text, kind text, ref text) -> one MarkName2 (mark int)
select mark from contacts_mark_name where workspace_id = :workspace and kind = :kind and ref = :ref;

-- name: mark_name_add (workspace text, kind text, ref text) -> one (mark int)
-- The writer holds the claim: two do not get the same number.
insert into contacts_mark_name (workspace_id, kind, ref, mark)
select :workspace, :kind, :ref, coalesce(max(mark), 0) + 1 from contacts_mark_name where workspace_id = :workspace returning mark;

-- name: mark_add (workspace text, num int, mark int) -> none
-- many: yes
insert into contacts_mark (workspace_id, num, mark) values (:workspace, :num, :mark) on conflict (workspace_id, num, mark) do nothing;

-- name: mark_drop (workspace text, num int, mark int) -> none
delete from contacts_mark where workspace_id = :workspace and num = :num and mark = :mark;

-- name: marks_of (workspace text, person_id text) -> many (num int, kind text, ref text, mark int)
select k.num, n.kind, n.ref, k.mark
  from contacts_contact m join contacts_mark k on k.workspace_id = m.workspace_id and k.num = m.num
  join contacts_mark_name n on n.workspace_id = k.workspace_id and n.mark = k.mark
 where m.workspace_id = :workspace and m.person_id = :person_id order by n.kind, n.ref, k.num;

-- name: dirty_put (workspace text, num int, stamp text) -> none
-- many: yes
insert into contacts_dirty (workspace_id, num, stamp) values (:workspace, :num, :stamp) on conflict (workspace_id, num) do update set stamp = excluded.stamp;

-- name: contact_person (workspace text, id text) -> one (person_id text)
select person_id from contacts_contact where workspace_id = :workspace and id = :id;

-- name: contact_get (workspace text, id text)
--       -> one ContactRow (id text, num int, name text, language text, city text, first_at time, last_at time, n_messages int, n_clicks int, n_conversions int,
--          revenue_minor int, n_members int, source int, version int)
-- The person: what its contacts have together.
select p.id, p.num, p.name, p.language, p.city, min(m.first_at) as first_at, max(m.last_at) as last_at, cast(sum(m.n_messages) as bigint) as n_messages,
       cast(sum(m.n_clicks) as bigint) as n_clicks, cast(sum(m.n_conversions) as bigint) as n_conversions, cast(sum(m.revenue_minor) as bigint) as revenue_minor,
       count(*) as n_members, p.source, p.version
  from contacts_contact p join contacts_contact m on m.workspace_id = p.workspace_id and m.person_id = p.id
 where p.workspace_id = :workspace and p.id = :id
 group by p.id, p.num, p.name, p.language, p.city, p.source, p.version;

-- name: contact_by_num (workspace text, num int) -> one FoundPerson (num int, id text, shown_at time)
select num, id, shown_at from contacts_contact where workspace_id = :workspace and num = :num;

-- name: contact_list (workspace text, before_at time, before_id text, most int) -> many FoundPerson (num int, id text, shown_at time)
select num, id, shown_at from contacts_contact
 where workspace_id = :workspace and id = person_id and (shown_at, id) < (:before_at, :before_id) order by shown_at desc, id desc limit :most;

-- name: contact_change (workspace text, id text, version int, name text, language text, city text) -> count
update contacts_contact set name = :name, language = :language, city = :city, version = version + 1 where workspace_id = :workspace and id = :id and version = :version;

-- name: members_of (workspace text, person_id text) -> many (id text, num int, name text)
select id, num, name from contacts_contact where workspace_id = :workspace and person_id = :person_id order by num;

-- name: contact_note_add (workspace text, id text, contact_id text, text text, at time, person_id text?) -> none
insert into contacts_note (workspace_id, id, contact_id, text, at, person_id) values (:workspace, :id, :contact_id, :text, :at, :person_id);

-- name: contact_note_drop (workspace text, id text, person_id text) -> count
delete from contacts_note where workspace_id = :workspace and id = :id
   and contact_id in (select m.id from contacts_contact m where m.workspace_id = :workspace and m.person_id = :person_id);

-- name: notes_of (workspace text, person_id text) -> many (id text, text text, at time, by_name text?)
select n.id, n.text, n.at, p.name as by_name
  from contacts_contact m join contacts_note n on n.workspace_id = m.workspace_id and n.contact_id = m.id left join team_v_person p on p.id = n.person_id
 where m.workspace_id = :workspace and m.person_id = :person_id order by n.at desc, n.id desc limit 500;

-- name: notes_like (workspace text, pattern text) -> many (num int)
select distinct p.num
  from contacts_note n join contacts_contact c on c.workspace_id = n.workspace_id and c.id = n.contact_id
  join contacts_contact p on p.workspace_id = c.workspace_id and p.id = c.person_id
 where n.workspace_id = :workspace and lower(n.text) like :pattern escape '!';

-- name: consent_add (workspace text, id text, contact_id text, channel text, purpose text, is_given bool, at time, source text, recorded_at time, recorded_by text?) -> none
insert into contacts_consent (workspace_id, id, contact_id, channel, purpose, is_given, at, source, recorded_at, recorded_by)
values (:workspace, :id, :contact_id, :channel, :purpose, :is_given, :at, :source, :recorded_at, :recorded_by);

-- name: consents_of (workspace text, person_id text)
--       -> many (id text, contact_id text, num int, channel text, purpose text, is_given bool, at time, source text, recorded_at time, by_name text?)
select c.id, c.contact_id, m.num, c.channel, c.purpose, c.is_given, c.at, c.source, c.recorded_at, p.name as by_name
  from contacts_contact m join contacts_consent c on c.workspace_id = m.workspace_id and c.contact_id = m.id left join team_v_person p on p.id = c.recorded_by
 where m.workspace_id = :workspace and m.person_id = :person_id order by c.at desc, c.id desc limit 500;

-- name: touches_of (workspace text, person_id text, before_at time, before_ref text, most int)
--       -> many (kind int, ref text, at time, account_id text?, network text, text text, amount_minor int?, currency text?, talk_text text?, talk_deleted bool?,
--          talk_url text?, thread_id text?)
-- Newest first, of all contacts of the person; what was said is read where it stands.
select t.kind, t.ref, t.at, t.account_id, t.network, t.text, t.amount_minor, t.currency, k.text as talk_text, k.is_deleted as talk_deleted, k.url as talk_url, k.thread_id
  from contacts_contact m join contacts_touch t on t.workspace_id = m.workspace_id and t.contact_id = m.id
  left join engage_v_talk k on k.workspace_id = t.workspace_id and k.id = t.ref and t.kind <= 2
 where m.workspace_id = :workspace and m.person_id = :person_id and (t.at, t.ref) < (:before_at, :before_ref)
 order by t.at desc, t.ref desc limit :most;

-- name: mark_has (workspace text, num int, mark int) -> one (mark int)
select mark from contacts_mark where workspace_id = :workspace and num = :num and mark = :mark;
