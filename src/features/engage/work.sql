-- The statements of the team's work on threads: who has them, notes, tags, who is typing.

-- name: work_thread (workspace text, id text)
--       -> one (id text, account_id text, network text, kind int, status int, assignee_id text?, snoozed_until time?, due_at time?, waiting_since time?, last_at time, n_waiting int, urgency int,
--          is_held bool, with_name text, version int)
select id, account_id, network, kind, status, assignee_id, snoozed_until, due_at, waiting_since, last_at, n_waiting, urgency, is_held, with_name, version from engage_thread
 where workspace_id = :workspace and id = :id;

-- name: work_version (workspace text, id text) -> one (version int)
select version from engage_thread where workspace_id = :workspace and id = :id;

-- name: work_set_place (workspace text, id text, rank int, due_at time?) -> count
update engage_thread set rank = :rank, due_at = :due_at where workspace_id = :workspace and id = :id;

-- name: work_hideable (workspace text, thread_id text, is_hidden bool, most int) -> many (id text)
-- What the one it is with said in it and is not yet (wanted) as asked for, the newest first.
select t.id from engage_talk t
  join engage_thread h on h.workspace_id = t.workspace_id and h.id = t.thread_id
  left join engage_hide w on w.workspace_id = t.workspace_id and w.talk_id = t.id
 where t.workspace_id = :workspace and t.thread_id = :thread_id and t.author_id = h.with_id and not t.is_own and not t.is_deleted
   and (case when w.talk_id is null then t.is_hidden else w.is_hidden end) <> :is_hidden
 order by t.at desc, t.id desc limit :most;

-- name: work_set_status (workspace text, id text, status int) -> count
update engage_thread set status = :status, version = version + 1 where workspace_id = :workspace and id = :id and status <> :status;

-- name: work_set_assignee (workspace text, id text, assignee_id text?) -> count
update engage_thread set assignee_id = :assignee_id, version = version + 1
 where workspace_id = :workspace and id = :id and coalesce(assignee_id, '') <> coalesce(:assignee_id, '');

-- name: work_assign_free (workspace text, id text, assignee_id text) -> count
-- Only while nobody has it.
update engage_thread set assignee_id = :assignee_id, version = version + 1 where workspace_id = :workspace and id = :id and assignee_id is null;

-- name: work_set_snooze (workspace text, id text, snoozed_until time?) -> count
update engage_thread set snoozed_until = :snoozed_until, version = version + 1
 where workspace_id = :workspace and id = :id and coalesce(snoozed_until, 0) <> coalesce(:snoozed_until, 0);

-- name: work_set_held (workspace text, id text, is_held bool) -> count
update engage_thread set is_held = :is_held, version = version + 1 where workspace_id = :workspace and id = :id and is_held <> :is_held;

-- name: work_wake (workspace text, id text, now time) -> count
update engage_thread set snoozed_until = null, version = version + 1
 where workspace_id = :workspace and id = :id and snoozed_until is not null and snoozed_until <= :now;

-- name: work_add_tag (workspace text, thread_id text, tag text) -> count
insert into engage_thread_tag (workspace_id, thread_id, tag) values (:workspace, :thread_id, :tag) on conflict (workspace_id, thread_id, tag) do nothing;

-- name: work_drop_tag (workspace text, thread_id text, tag text) -> count
delete from engage_thread_tag where workspace_id = :workspace and thread_id = :thread_id and tag = :tag;

-- name: work_touch (workspace text, id text) -> count
update engage_thread set version = version + 1 where workspace_id = :workspace and id = :id;

-- name: note_add (workspace text, id text, thread_id text, person_id text?, text text, at time) -> none
insert into engage_note (workspace_id, id, thread_id, person_id, text, at) values (:workspace, :id, :thread_id, :person_id, :text, :at);

-- name: note_list (workspace text, thread_id text, most int) -> many NoteRow (id text, thread_id text, person_id text?, name text?, text text, at time)
-- The newest of them, oldest first.
select id, thread_id, person_id, name, text, at from (
    select n.id, n.thread_id, n.person_id, p.name, n.text, n.at from engage_note n left join team_v_person p on p.id = n.person_id
     where n.workspace_id = :workspace and n.thread_id = :thread_id order by n.at desc, n.id desc limit :most) newest
 order by at, id;

-- name: note_get (workspace text, id text) -> one NoteRow (id text, thread_id text, person_id text?, name text?, text text, at time)
select n.id, n.thread_id, n.person_id, p.name, n.text, n.at from engage_note n left join team_v_person p on p.id = n.person_id
 where n.workspace_id = :workspace and n.id = :id;

-- name: note_delete (workspace text, id text) -> count
delete from engage_note where workspace_id = :workspace and id = :id;

-- name: typing_set (workspace text, thread_id text, person_id text, until_at time) -> none
insert into engage_typing (workspace_id, thread_id, person_id, until_at) values (:workspace, :thread_id, :person_id, :until_at)
on conflict (workspace_id, thread_id, person_id) do update set until_at = excluded.until_at;

-- name: typing_stop (workspace text, thread_id text, person_id text) -> count
delete from engage_typing where workspace_id = :workspace and thread_id = :thread_id and person_id = :person_id;

-- name: typing_gone (workspace text, now time) -> count
delete from engage_typing where workspace_id = :workspace and until_at <= :now;

-- name: typing_of (workspace text, thread_id text, now time) -> many (person_id text, name text, until_at time)
select y.person_id, p.name, y.until_at from engage_typing y join team_v_person p on p.id = y.person_id
 where y.workspace_id = :workspace and y.thread_id = :thread_id and y.until_at > :now order by y.until_at, y.person_id;

-- name: work_members (workspace text) -> many (person_id text, role text, name text)
select person_id, role, name from team_v_member where workspace_id = :workspace order by name, person_id;
