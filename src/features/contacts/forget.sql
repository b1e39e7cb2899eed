-- Deletion: everything of a person goes, a certificate stays.

-- name: deletion_add (workspace text, id text, subject_id text, reason int, at time, by_id text?) -> none
insert into contacts_deletion (workspace_id, id, subject_id, reason, asked_at, asked_by, counts, checks, seal) values (:workspace, :id, :subject_id, :reason, :at, :by_id, '{}', '{}', '');

-- name: deletion_get (workspace text, id text)
--       -> one DeletionRow (id text, subject_id text?, reason int, asked_at time, by_name text?, done_at time?, counts text, checks text, seal text)
select d.id, d.subject_id, d.reason, d.asked_at, p.name as by_name, d.done_at, d.counts, d.checks, d.seal
  from contacts_deletion d left join team_v_person p on p.id = d.asked_by where d.workspace_id = :workspace and d.id = :id;

-- name: deletion_list (workspace text, most int)
--       -> many DeletionRow (id text, subject_id text?, reason int, asked_at time, by_name text?, done_at time?, counts text, checks text, seal text)
select d.id, d.subject_id, d.reason, d.asked_at, p.name as by_name, d.done_at, d.counts, d.checks, d.seal
  from contacts_deletion d left join team_v_person p on p.id = d.asked_by where d.workspace_id = :workspace order by d.asked_at desc, d.id desc limit :most;

-- name: deletion_done (workspace text, id text, at time, counts text, checks text, seal text) -> count
update contacts_deletion set subject_id = null, done_at = :at, counts = :counts, checks = :checks, seal = :seal
 where workspace_id = :workspace and id = :id and done_at is null;

-- name: gone_add (workspace text, hash text) -> none
insert into contacts_gone (workspace_id, hash) values (:workspace, :hash) on conflict (workspace_id, hash) do nothing;

-- name: gone_has (workspace text, hash text) -> one (hash text)
select hash from contacts_gone where workspace_id = :workspace and hash = :hash;

-- name: forget_touches (workspace text, contact_id text) -> count
delete from contacts_touch where workspace_id = :workspace and contact_id = :contact_id;

-- name: forget_notes (workspace text, contact_id text) -> count
delete from contacts_note where workspace_id = :workspace and contact_id = :contact_id;

-- name: forget_consents (workspace text, contact_id text) -> count
delete from contacts_consent where workspace_id = :workspace and contact_id = :contact_id;

-- name: forget_identities (workspace text, contact_id text) -> count
delete from contacts_identity where workspace_id = :workspace and contact_id = :contact_id;

-- name: forget_marks (workspace text, num int) -> count
delete from contacts_mark where workspace_id = :workspace and num = :num;

-- name: forget_pairs (workspace text, contact_id text) -> count
delete from contacts_pair where workspace_id = :workspace and (a_id = :contact_id or b_id = :contact_id);

-- name: forget_merges (workspace text, contact_id text) -> count
delete from contacts_merge where workspace_id = :workspace and (person_id = :contact_id or other_id = :contact_id);

-- name: forget_contact (workspace text, id text) -> count
delete from contacts_contact where workspace_id = :workspace and id = :id;

-- name: left_of_contact (workspace text, contact_id text)
--       -> one (contacts int, identities int, touches int, notes int, consents int, pairs int, merges int, made int)
select (select count(*) from contacts_contact where workspace_id = :workspace and id = :contact_id) as contacts,
       (select count(*) from contacts_identity where workspace_id = :workspace and contact_id = :contact_id) as identities,
       (select count(*) from contacts_touch where workspace_id = :workspace and contact_id = :contact_id) as touches,
       (select count(*) from contacts_note where workspace_id = :workspace and contact_id = :contact_id) as notes,
       (select count(*) from contacts_consent where workspace_id = :workspace and contact_id = :contact_id) as consents,
       (select count(*) from contacts_pair where workspace_id = :workspace and (a_id = :contact_id or b_id = :contact_id)) as pairs,
       (select count(*) from contacts_merge where workspace_id = :workspace and (person_id = :contact_id or other_id = :contact_id)) as merges,
       (select count(*) from contacts_made where workspace_id = :workspace and contact_id = :contact_id) as made;

-- name: left_of_num (workspace text, num int) -> one (marks int, words int)
-- Words are looked through from end to end: this is the proof.
select (select count(*) from contacts_mark where workspace_id = :workspace and num = :num) as marks,
       (select count(*) from contacts_word where workspace_id = :workspace and num = :num) as words;

-- name: accounts_of (workspace text, network text, scope text) -> many (id text)
-- Ours to which an identity can have spoken.
select id from accounts_v_account where workspace_id = :workspace and network = :network and (:scope = '' or id = :scope);

-- name: threads_of_author (workspace text, account_id text, author_id text) -> many (id text)
select id from engage_v_thread where workspace_id = :workspace and account_id = :account_id and with_id = :author_id;

-- name: answers_of_author (workspace text, account_id text, author_id text) -> many (id text)
select a.delivery_id as id from engage_v_talk t join engage_v_answer a on a.workspace_id = t.workspace_id and a.thread_id = t.thread_id and a.talk_id = t.id
 where t.workspace_id = :workspace and t.account_id = :account_id and t.author_id = :author_id;

-- name: forget_made (workspace text, contact_id text) -> count
delete from contacts_made where workspace_id = :workspace and contact_id = :contact_id;

-- name: deletion_open (workspace text, subject_id text) -> one (id text)
select id from contacts_deletion where workspace_id = :workspace and subject_id = :subject_id;

-- name: forget_words (workspace text, num int) -> count
-- Old names may have left words behind.
delete from contacts_word where workspace_id = :workspace and num = :num;
