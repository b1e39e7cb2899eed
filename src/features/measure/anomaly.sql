-- Days that were not as usual.

-- name: anomaly_list (workspace text, is_judged bool, most int)
--       -> many AnomalyRow (id text, metric text, account_id text, first_day int, last_day int, is_above bool, actual real, expected real, low real, high real,
--          surprise real, status int, note text, found_at time, updated_at time, by_name text?, version int)
-- The newest first.
select a.id, a.metric, a.account_id, a.first_day, a.last_day, a.is_above, a.actual, a.expected, a.low, a.high, a.surprise, a.status, a.note, a.found_at,
       a.updated_at, p.name as by_name, a.version
  from measure_anomaly a left join team_v_person p on p.id = a.updated_by
 where a.workspace_id = :workspace and (a.status <> 0) = :is_judged order by a.last_day desc, a.surprise desc, a.id limit :most;

-- name: anomaly_get (workspace text, id text)
--       -> one AnomalyRow (id text, metric text, account_id text, first_day int, last_day int, is_above bool, actual real, expected real, low real, high real,
--          surprise real, status int, note text, found_at time, updated_at time, by_name text?, version int)
select a.id, a.metric, a.account_id, a.first_day, a.last_day, a.is_above, a.actual, a.expected, a.low, a.high, a.surprise, a.status, a.note, a.found_at,
       a.updated_at, p.name as by_name, a.version
  from measure_anomaly a left join team_v_person p on p.id = a.updated_by
 where a.workspace_id = :workspace and a.id = :id;

-- name: anomaly_running (workspace text, account text, metric text, is_above bool, since int) -> one (id text, first_day int)
-- The last one to the same side that ended no earlier.
select id, first_day from measure_anomaly
 where workspace_id = :workspace and account_id = :account and metric = :metric and is_above = :is_above and last_day >= :since
 order by last_day desc limit 1;

-- name: anomaly_insert (workspace text, id text, account text, metric text, first_day int, last_day int, is_above bool, actual real, expected real, low real,
--       high real, surprise real, now time) -> count
insert into measure_anomaly (workspace_id, id, account_id, metric, first_day, last_day, is_above, actual, expected, low, high, surprise, status, note, found_at, updated_at, version)
values (:workspace, :id, :account, :metric, :first_day, :last_day, :is_above, :actual, :expected, :low, :high, :surprise, 0, '', :now, :now, 1)
on conflict (workspace_id, account_id, metric, first_day) do nothing;

-- name: anomaly_extend (workspace text, id text, last_day int, actual real, expected real, low real, high real, surprise real, now time) -> none
-- What somebody said about it stays.
update measure_anomaly
   set last_day = :last_day, actual = :actual, expected = :expected, low = :low, high = :high, surprise = :surprise, updated_at = :now
 where workspace_id = :workspace and id = :id;

-- name: anomaly_judge (workspace text, id text, version int, status int, note text, by text?, now time) -> count
update measure_anomaly set status = :status, note = :note, updated_by = :by, updated_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version;

-- name: looked_get (workspace text) -> one (day int)
select day from measure_looked where workspace_id = :workspace;

-- name: looked_set (workspace text, day int) -> none
insert into measure_looked (workspace_id, day) values (:workspace, :day)
on conflict (workspace_id) do update set day = excluded.day;
