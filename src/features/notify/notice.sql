-- The statements of notices, choices and webhooks.

-- name: notice_members (workspace text)
--       -> many NoticeMember (person_id text, role text, name text, email text, locale text)
select person_id, role, name, email, locale from team_v_member where workspace_id = :workspace;

-- name: notice_member (workspace text, person text)
--       -> one NoticeMember (person_id text, role text, name text, email text, locale text)
select person_id, role, name, email, locale from team_v_member where workspace_id = :workspace and person_id = :person;

-- name: notice_insert (workspace text, id text, person text, source text, kind int, word text, who text, what text, place text, is_shown bool, at time)
--       -> count
-- None when this event told this person before.
insert into notify_notice (workspace_id, id, person_id, source, kind, word, who, what, place, is_shown, at)
values (:workspace, :id, :person, :source, :kind, :word, :who, :what, :place, :is_shown, :at)
on conflict do nothing;

-- name: notice_get (workspace text, id text)
--       -> one NoticeRow (id text, person_id text, kind int, word text, who text, what text, place text, at time, read_at time?)
select id, person_id, kind, word, who, what, place, at, read_at from notify_notice where workspace_id = :workspace and id = :id;

-- name: notice_page (workspace text, person text, before_at time, before_id text, most int)
--       -> many NoticeRow (id text, person_id text, kind int, word text, who text, what text, place text, at time, read_at time?)
select id, person_id, kind, word, who, what, place, at, read_at from notify_notice
 where workspace_id = :workspace and person_id = :person and is_shown and (at, id) < (:before_at, :before_id)
 order by at desc, id desc limit :most;

-- name: notice_unread (workspace text, person text) -> one (n int)
select count(*) as n from notify_notice where workspace_id = :workspace and person_id = :person and read_at is null and is_shown;

-- name: notice_mark (workspace text, person text, id text, now time) -> count
update notify_notice set read_at = :now where workspace_id = :workspace and id = :id and person_id = :person and read_at is null;

-- name: notice_mark_all (workspace text, person text, now time) -> count
update notify_notice set read_at = :now where workspace_id = :workspace and person_id = :person and read_at is null and is_shown;

-- name: notice_prune (workspace text, person text, until time) -> count
delete from notify_notice where workspace_id = :workspace and person_id = :person and at < :until;

-- name: choice_list (workspace text, person text) -> many (kind int, ways int)
select kind, ways from notify_choice where workspace_id = :workspace and person_id = :person;

-- name: choice_put (workspace text, person text, kind int, ways int) -> none
insert into notify_choice (workspace_id, person_id, kind, ways) values (:workspace, :person, :kind, :ways)
on conflict (workspace_id, person_id, kind) do update set ways = excluded.ways;

-- name: hook_get (workspace text, person text)
--       -> one HookRow (format int, url_sealed text, host text, secret_sealed text, recipient text?, sent_at time?, failed_at time?, reason text?)
select format, url_sealed, host, secret_sealed, recipient, sent_at, failed_at, reason from notify_hook
 where workspace_id = :workspace and person_id = :person;

-- name: hook_put (workspace text, person text, format int, url_sealed text, host text, secret_sealed text, recipient text?) -> none
insert into notify_hook (workspace_id, person_id, format, url_sealed, host, secret_sealed, recipient)
values (:workspace, :person, :format, :url_sealed, :host, :secret_sealed, :recipient)
on conflict (workspace_id, person_id) do update
   set format = excluded.format, url_sealed = excluded.url_sealed, host = excluded.host, secret_sealed = excluded.secret_sealed,
       recipient = excluded.recipient, sent_at = null, failed_at = null, reason = null;

-- name: hook_drop (workspace text, person text) -> count
delete from notify_hook where workspace_id = :workspace and person_id = :person;

-- name: hook_sent (workspace text, person text, now time) -> count
update notify_hook set sent_at = :now, failed_at = null, reason = null where workspace_id = :workspace and person_id = :person;

-- name: hook_failed (workspace text, person text, now time, reason text) -> count
update notify_hook set failed_at = :now, reason = :reason where workspace_id = :workspace and person_id = :person;

-- name: notices_forget (workspace text, thread text) -> count
-- What people were told about a conversation.
delete from notify_notice where workspace_id = :workspace and replace(place, :thread, '') <> place;
