-- The statements of opening times and promises.

-- name: hours_get (workspace text) -> one (zone text, week text, closed_on_holidays bool, closed text, minutes text, now_always bool, version int)
select zone, week, closed_on_holidays, closed, minutes, now_always, version from engage_hours where workspace_id = :workspace;

-- name: hours_insert (workspace text, zone text, week text, closed_on_holidays bool, closed text, minutes text, now_always bool) -> count
insert into engage_hours (workspace_id, zone, week, closed_on_holidays, closed, minutes, now_always, version)
values (:workspace, :zone, :week, :closed_on_holidays, :closed, :minutes, :now_always, 1)
on conflict (workspace_id) do nothing;

-- name: hours_update (workspace text, version int, zone text, week text, closed_on_holidays bool, closed text, minutes text, now_always bool) -> count
-- Only the version the writer saw.
update engage_hours set zone = :zone, week = :week, closed_on_holidays = :closed_on_holidays, closed = :closed, minutes = :minutes, now_always = :now_always,
       version = version + 1
 where workspace_id = :workspace and version = :version;

-- name: hours_waiting (workspace text, after_id text, most int) -> many (id text, waiting_since time, urgency int)
-- Threads whose clock runs, for counting it anew.
select id, waiting_since, urgency from engage_thread
 where workspace_id = :workspace and id > :after_id and waiting_since is not null and status <> 2 order by id limit :most;

-- name: hours_set_due (workspace text, id text, due_at time?) -> count
update engage_thread set due_at = :due_at, version = version + 1
 where workspace_id = :workspace and id = :id and coalesce(due_at, 0) <> coalesce(:due_at, 0);
