-- Events: what happened, in the order of the commits.

-- name: event_add (workspace text, kind text, subject text?, data text?, actor_kind int, actor_id text?, at time)
--       -> one (number int)
-- global: the workspace of a global piece of work is ''
insert into store_event (workspace_id, kind, subject, data, actor_kind, actor_id, at)
values (:workspace, :kind, :subject, :data, :actor_kind, :actor_id, :at) returning number;

-- name: event_range (first int, last int)
--       -> many (number int, workspace text, kind text, subject text?, data text?, at time)
-- global: live listeners serve all workspaces
select number, workspace_id, kind, subject, data, at from store_event
 where number >= :first and number <= :last order by number;

-- name: event_drop_old (until time, most int) -> count
-- Of the first `most` numbers those that are old.
-- global: retention of all workspaces
delete from store_event where at < :until and number < (select min(number) from store_event) + :most;
