-- Imports of numbers: their files, what is made of them, and taking it back.

-- name: metric_import_add (workspace text, id text, name text, bytes int, hashing bytes, now time, by text?) -> none
insert into measure_import (workspace_id, id, name, bytes, received, hashing, state, without_wrong, n_rows, row_stored, n_stored, n_readings, n_ours, n_others, created_at, created_by, changed_at)
values (:workspace, :id, :name, :bytes, 0, :hashing, 0, false, 0, 0, 0, 0, 0, 0, :now, :by, :now);

-- name: metric_import_get (workspace text, id text)
--       -> one MetricImportRow (id text, name text, bytes int, received int, hashing bytes, sha256 text?, state int, reason text?, account_id text?, mapping text?, head text?, look text?,
--          without_wrong bool, n_rows int, row_stored int, n_stored int, n_readings int, n_ours int, n_others int, created_at time, by_name text?, done_at time?, undone_at time?)
select i.id, i.name, i.bytes, i.received, i.hashing, i.sha256, i.state, i.reason, i.account_id, i.mapping, i.head, i.look, i.without_wrong, i.n_rows, i.row_stored, i.n_stored, i.n_readings,
       i.n_ours, i.n_others, i.created_at, p.name as by_name, i.done_at, i.undone_at
  from measure_import i left join team_v_person p on p.id = i.created_by
 where i.workspace_id = :workspace and i.id = :id;

-- name: metric_import_list (workspace text)
--       -> many MetricImportRow (id text, name text, bytes int, received int, hashing bytes, sha256 text?, state int, reason text?, account_id text?, mapping text?, head text?, look text?,
--          without_wrong bool, n_rows int, row_stored int, n_stored int, n_readings int, n_ours int, n_others int, created_at time, by_name text?, done_at time?, undone_at time?)
-- Without what was found in each.
select i.id, i.name, i.bytes, i.received, i.hashing, i.sha256, i.state, i.reason, i.account_id, i.mapping, i.head, null as look, i.without_wrong, i.n_rows, i.row_stored, i.n_stored, i.n_readings,
       i.n_ours, i.n_others, i.created_at, p.name as by_name, i.done_at, i.undone_at
  from measure_import i left join team_v_person p on p.id = i.created_by
 where i.workspace_id = :workspace order by i.created_at desc, i.id desc limit 100;

-- name: metric_import_advance (workspace text, id text, before int, received int, hashing bytes, now time) -> count
update measure_import set received = :received, hashing = :hashing, changed_at = :now where workspace_id = :workspace and id = :id and state = 0 and received = :before;

-- name: metric_import_whole (workspace text, id text, sha256 text, now time) -> count
update measure_import set sha256 = :sha256, state = 1, changed_at = :now where workspace_id = :workspace and id = :id and state = 0 and received = bytes;

-- name: metric_import_map (workspace text, id text, mapping text, account text, now time) -> count
update measure_import set mapping = :mapping, account_id = :account, state = 1, reason = null, changed_at = :now where workspace_id = :workspace and id = :id and state in (1, 2);

-- name: metric_import_looked (workspace text, id text, before text?, mapping text, account text?, head text, look text, n_rows int, now time) -> count
-- Not where another mapping was told meanwhile: that one is looked through next.
update measure_import set mapping = :mapping, account_id = :account, head = :head, look = :look, n_rows = :n_rows, state = 2, changed_at = :now
 where workspace_id = :workspace and id = :id and state = 1 and mapping is not distinct from :before;

-- name: metric_import_fail (workspace text, id text, reason text, now time) -> count
-- What was begun to be stored is taken back.
update measure_import set reason = :reason, state = case when state = 3 then 5 else 7 end, changed_at = :now where workspace_id = :workspace and id = :id and state in (1, 3);

-- name: metric_import_confirm (workspace text, id text, without_wrong bool, now time) -> count
update measure_import set state = 3, without_wrong = :without_wrong, changed_at = :now where workspace_id = :workspace and id = :id and state = 2;

-- name: metric_import_same (workspace text, id text, sha256 text, account text) -> one (id text)
-- The same file stands already.
select id from measure_import where workspace_id = :workspace and sha256 = :sha256 and id <> :id and account_id = :account and state in (3, 4, 5) limit 1;

-- name: metric_import_step (workspace text, id text, before int, row int, stored int, readings int, ours int, others int, now time) -> count
-- 0: somebody takes it back, or another run was first.
update measure_import set row_stored = :row, n_stored = n_stored + :stored, n_readings = n_readings + :readings, n_ours = n_ours + :ours, n_others = n_others + :others, changed_at = :now
 where workspace_id = :workspace and id = :id and state = 3 and row_stored = :before;

-- name: metric_import_done (workspace text, id text, now time) -> count
update measure_import set state = 4, done_at = :now, changed_at = :now where workspace_id = :workspace and id = :id and state = 3;

-- name: metric_import_undo (workspace text, id text, now time) -> count
update measure_import set state = 5, changed_at = :now where workspace_id = :workspace and id = :id and state in (3, 4);

-- name: metric_import_undone (workspace text, id text, now time) -> count
update measure_import set state = case when reason is null then 6 else 7 end, undone_at = :now, changed_at = :now where workspace_id = :workspace and id = :id and state = 5;

-- name: metric_import_drop (workspace text, id text) -> count
delete from measure_import where workspace_id = :workspace and id = :id and state in (0, 1, 2, 7);

-- name: metric_import_forget (workspace text, until time) -> none
-- What nobody went on with.
delete from measure_import where workspace_id = :workspace and created_at < :until and state in (0, 1, 2);

-- name: metric_import_open (workspace text) -> one (n int)
select count(*) as n from measure_import where workspace_id = :workspace and state in (0, 1, 2);

-- name: import_head_put (workspace text, head text, mapping text, now time) -> none
insert into measure_import_head (workspace_id, head, mapping, said_at) values (:workspace, :head, :mapping, :now)
on conflict (workspace_id, head) do update set mapping = excluded.mapping, said_at = excluded.said_at;

-- name: import_head_get (workspace text, head text) -> one (mapping text)
select mapping from measure_import_head where workspace_id = :workspace and head = :head;

-- name: import_subject_add (workspace text, import_id text, subject text, is_own bool) -> none
-- many: yes
insert into measure_import_subject (workspace_id, import_id, subject, is_own) values (:workspace, :import_id, :subject, :is_own)
on conflict (workspace_id, import_id, subject) do nothing;

-- name: import_subjects (workspace text, import_id text, most int) -> many (subject text, is_own bool)
select subject, is_own from measure_import_subject where workspace_id = :workspace and import_id = :import_id order by subject limit :most;

-- name: import_subject_drop (workspace text, import_id text, subject text) -> none
-- many: yes
delete from measure_import_subject where workspace_id = :workspace and import_id = :import_id and subject = :subject;

-- name: outside_find (workspace text, account text, remote text) -> one (id text)
select id from measure_outside where workspace_id = :workspace and account_id = :account and remote = :remote;

-- name: outside_get (workspace text, id text) -> one (id text, network text, url text?, text text)
select id, network, url, text from measure_outside where workspace_id = :workspace and id = :id;

-- name: outside_add (workspace text, id text, account text, remote text, network text, url text?, text text) -> none
-- many: yes
insert into measure_outside (workspace_id, id, account_id, remote, network, url, text) values (:workspace, :id, :account, :remote, :network, :url, :text);

-- name: outside_drop (workspace text, id text) -> count
delete from measure_outside where workspace_id = :workspace and id = :id;
