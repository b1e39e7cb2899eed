-- Sessions of the browser, and the counters that slow guessing down.

-- name: session_add (id text, person text, token_hash text, at time, client text, agent text) -> none
-- global: a session belongs to a person, not to a workspace
insert into team_session (id, person_id, token_hash, previous_hash, previous_until, created_at, rotated_at, seen_at, client, agent)
values (:id, :person, :token_hash, null, 0, :at, :at, :at, :client, :agent);

-- name: session_find (hash text, at time, space text?)
--       -> one (id text, person_id text, token_hash text, created_at time, rotated_at time, seen_at time, locale text, role text?)
-- global: this is how a caller becomes known, and in the same look their role in the workspace asked for
select s.id, s.person_id, s.token_hash, s.created_at, s.rotated_at, s.seen_at, p.locale, m.role
  from team_session s
  join team_person p on p.id = s.person_id
  left join team_member m on m.workspace_id = :space and m.person_id = s.person_id
 where s.token_hash = :hash or (s.previous_hash = :hash and s.previous_until > :at)
 limit 1;

-- name: session_rotate (id text, from_hash text, to_hash text, previous_hash text?, previous_until time, at time) -> count
-- global: see session_add
-- No row changes when another request rotated first: its cookie is the good one then.
update team_session
   set token_hash = :to_hash, previous_hash = :previous_hash, previous_until = :previous_until, rotated_at = :at, seen_at = :at
 where id = :id and token_hash = :from_hash;

-- name: session_renew (id text, to_hash text, at time) -> count
-- global: see session_add
-- After a change of password or second factor: the old token ends at once.
update team_session set token_hash = :to_hash, previous_hash = null, previous_until = 0, rotated_at = :at, seen_at = :at
 where id = :id;

-- name: session_touch (id text, at time) -> none
-- global: see session_add
update team_session set seen_at = :at where id = :id and seen_at < :at;

-- name: session_end (id text, person text) -> count
-- global: see session_add
delete from team_session where id = :id and person_id = :person;

-- name: session_end_others (person text, keep text) -> count
-- global: see session_add
delete from team_session where person_id = :person and id <> :keep;

-- name: session_end_hash (hash text) -> none
-- global: see session_add
delete from team_session where token_hash = :hash or previous_hash = :hash;

-- name: sessions_of (person text, idle_after time, made_after time)
--       -> many SessionRow (id text, created_at time, seen_at time, client text, agent text)
-- global: see session_add
select id, created_at, seen_at, client, agent from team_session
 where person_id = :person and seen_at > :idle_after and created_at > :made_after
 order by seen_at desc, id;

-- name: sessions_purge_idle (idle_before time) -> none
-- global: tidies what nobody can use any more
delete from team_session where seen_at < :idle_before;

-- name: sessions_purge_old (made_before time) -> none
-- global: tidies what nobody can use any more
delete from team_session where created_at < :made_before;

-- name: throttle_count (subject text, at time, forget_before time) -> one (failures int, blocked_until time)
-- global: guessing is slowed down before anybody is known
-- Counts the attempt unless it comes while blocked; old failures are forgotten.
insert into team_throttle (subject, failures, last_at, blocked_until) values (:subject, 1, :at, 0)
on conflict (subject) do update set
  failures = case when team_throttle.blocked_until > :at then team_throttle.failures
                  when team_throttle.last_at < :forget_before then 1
                  else team_throttle.failures + 1 end,
  last_at = case when team_throttle.blocked_until > :at then team_throttle.last_at else :at end
returning failures, blocked_until;

-- name: throttle_block (subject text, until time) -> none
-- global: see throttle_count
update team_throttle set blocked_until = :until where subject = :subject;

-- name: throttle_undo (subject text) -> none
-- global: see throttle_count
-- The attempt was no failure after all.
update team_throttle set failures = failures - 1, blocked_until = 0 where subject = :subject and failures > 0;

-- name: throttle_clear (subject text) -> none
-- global: see throttle_count
delete from team_throttle where subject = :subject;

-- name: throttle_seen (subject text, at time) -> none
-- global: see throttle_count
-- Written for every failure, known address or not, so that both cost one commit.
update team_throttle set last_at = :at where subject = :subject;

-- name: throttle_purge (last_before time) -> none
-- global: see throttle_count
delete from team_throttle where last_at < :last_before;
