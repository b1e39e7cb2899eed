-- Tables of contacts: read, confirmed, taken back.

-- name: contact_import_add (workspace text, id text, name text, content bytes, mapping text, now time, person text?, expires_at time) -> none
insert into contacts_import (workspace_id, id, name, content, mapping, is_done, created_at, created_by, expires_at, n_new, n_known, n_refused)
values (:workspace, :id, :name, :content, :mapping, false, :now, :person, :expires_at, 0, 0, 0);

-- name: contact_import_drop_others (workspace text, person text?, now time) -> none
-- One open at a time a person; and what nobody confirmed in a day.
delete from contacts_import where workspace_id = :workspace and not is_done and (created_by is not distinct from :person or expires_at < :now);

-- name: contact_import_get (workspace text, id text)
--       -> one ContactImportRow (id text, name text, content bytes?, mapping text, is_done bool, created_at time, done_at time?, undone_at time?, n_new int, n_known int, n_refused int,
--          n_kept int)
select id, name, content, mapping, is_done, created_at, done_at, undone_at, n_new, n_known, n_refused, n_kept from contacts_import where workspace_id = :workspace and id = :id;

-- name: contact_import_list (workspace text)
--       -> many (id text, name text, done_at time?, undone_at time?, n_new int, n_known int, n_refused int, n_kept int)
select id, name, done_at, undone_at, n_new, n_known, n_refused, n_kept from contacts_import where workspace_id = :workspace and is_done order by created_at desc, id desc limit 20;

-- name: contact_import_map (workspace text, id text, mapping text) -> count
update contacts_import set mapping = :mapping where workspace_id = :workspace and id = :id and not is_done;

-- name: contact_import_done (workspace text, id text, now time, n_new int, n_known int, n_refused int) -> count
-- The claim: who comes second changes nothing and sees it.
update contacts_import set is_done = true, content = null, done_at = :now, n_new = :n_new, n_known = :n_known, n_refused = :n_refused
 where workspace_id = :workspace and id = :id and not is_done;

-- name: contact_import_drop (workspace text, id text) -> count
delete from contacts_import where workspace_id = :workspace and id = :id and not is_done;

-- name: contact_import_undone (workspace text, id text, now time) -> count
update contacts_import set undone_at = :now where workspace_id = :workspace and id = :id and is_done and undone_at is null;

-- name: contact_import_kept (workspace text, id text, n_kept int) -> none
update contacts_import set n_kept = :n_kept where workspace_id = :workspace and id = :id;

-- name: contact_import_open (workspace text) -> many (id text, content bytes?)
select id, content from contacts_import where workspace_id = :workspace and not is_done;

-- name: gone_list (workspace text) -> many (hash text)
select hash from contacts_gone where workspace_id = :workspace;

-- name: identity_of_handle (workspace text, network text, core text, handle text) -> one (contact_id text, person_id text, num int)
select i.contact_id, c.person_id, c.num from contacts_identity i join contacts_contact c on c.workspace_id = i.workspace_id and c.id = i.contact_id
 where i.workspace_id = :workspace and i.core = :core and i.core <> '' and i.kind = 0 and i.network = :network and lower(i.handle) = :handle order by i.first_at, i.id limit 1;

-- name: made_add (workspace text, import_id text, contact_id text, kind int, ref text) -> none
-- many: yes
insert into contacts_made (workspace_id, import_id, contact_id, kind, ref) values (:workspace, :import_id, :contact_id, :kind, :ref)
on conflict (workspace_id, import_id, contact_id, kind, ref) do nothing;

-- name: made_of (workspace text, import_id text) -> many (contact_id text, kind int, ref text, num int, person_id text, name text)
-- The contact itself comes last of each.
select m.contact_id, m.kind, m.ref, c.num, c.person_id, c.name
  from contacts_made m join contacts_contact c on c.workspace_id = m.workspace_id and c.id = m.contact_id
 where m.workspace_id = :workspace and m.import_id = :import_id order by m.contact_id, m.kind desc, m.ref;

-- name: made_drop (workspace text, import_id text) -> none
delete from contacts_made where workspace_id = :workspace and import_id = :import_id;

-- name: identity_by_id (workspace text, id text) -> one (handle text, name text)
select handle, name from contacts_identity where workspace_id = :workspace and id = :id;

-- name: identity_drop (workspace text, id text) -> count
delete from contacts_identity where workspace_id = :workspace and id = :id;

-- name: consent_drop (workspace text, id text) -> count
delete from contacts_consent where workspace_id = :workspace and id = :id;

-- name: consent_by_id (workspace text, id text) -> one (channel text, purpose text)
select channel, purpose from contacts_consent where workspace_id = :workspace and id = :id;

-- name: consent_same (workspace text, contact_id text, channel text, purpose text, is_given bool, at time, source text) -> one (id text)
select id from contacts_consent
 where workspace_id = :workspace and contact_id = :contact_id and channel = :channel and purpose = :purpose and is_given = :is_given and at = :at and source = :source limit 1;

-- name: contact_known_of (workspace text, contact_id text) -> one (n int)
-- What is known of a contact that no import made: then it stays when its import is taken back.
select (select count(*) from contacts_touch where workspace_id = :workspace and contact_id = :contact_id and kind < 6)
     + (select count(*) from contacts_note where workspace_id = :workspace and contact_id = :contact_id)
     + (select count(*) from contacts_consent where workspace_id = :workspace and contact_id = :contact_id)
     + (select count(*) from contacts_identity where workspace_id = :workspace and contact_id = :contact_id)
     + (select count(*) from contacts_merge where workspace_id = :workspace and (person_id = :contact_id or other_id = :contact_id) and undone_at is null) as n;
