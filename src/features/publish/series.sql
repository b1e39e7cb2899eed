-- The statements of series (posts that come again) and of slots.

-- name: series_list (workspace text)
--       -> many SeriesRow (id text, name text, rule text, zone text, state int, made_until time, n_made int, version int)
select id, name, rule, zone, state, made_until, n_made, version from publish_series where workspace_id = :workspace
 order by state, created_at, id;

-- name: series_get (workspace text, id text)
--       -> one SeriesRow (id text, name text, rule text, zone text, state int, made_until time, n_made int, version int)
select id, name, rule, zone, state, made_until, n_made, version from publish_series where workspace_id = :workspace and id = :id;

-- name: series_insert (workspace text, id text, name text, rule text, zone text, state int, made_until time, now time, by text?) -> none
insert into publish_series (workspace_id, id, name, rule, zone, state, made_until, n_made, version, created_at, created_by)
values (:workspace, :id, :name, :rule, :zone, :state, :made_until, 0, 1, :now, :by);

-- name: series_change (workspace text, id text, version int, name text, rule text, zone text, state int, made_until time) -> count
update publish_series set name = :name, rule = :rule, zone = :zone, state = :state, made_until = :made_until, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version;

-- name: series_advance (workspace text, id text, version int, made_until time, n_made int) -> count
-- Only for the version it was computed from: a person's change wins.
update publish_series set made_until = :made_until, n_made = :n_made
 where workspace_id = :workspace and id = :id and version = :version and state = 0;

-- name: series_posts (workspace text, series_id text) -> many (post_id text)
select post_id from publish_series_post where workspace_id = :workspace and series_id = :series_id order by ordinal;

-- name: series_of_post (workspace text, post_id text, most int) -> many (series_id text)
-- Those that have not ended.
select distinct p.series_id from publish_series_post p join publish_series s on s.workspace_id = p.workspace_id and s.id = p.series_id
 where p.workspace_id = :workspace and p.post_id = :post_id and s.state <> 2 order by p.series_id limit :most;

-- name: series_drop_posts (workspace text, series_id text) -> none
delete from publish_series_post where workspace_id = :workspace and series_id = :series_id;

-- name: series_add_post (workspace text, series_id text, ordinal int, post_id text) -> none
insert into publish_series_post (workspace_id, series_id, ordinal, post_id) values (:workspace, :series_id, :ordinal, :post_id);

-- name: occurrence_insert (workspace text, series_id text, due_at time, post_id text?, post_version int, error_reason text?) -> count
-- The second to make the same one changes nothing.
insert into publish_occurrence (workspace_id, series_id, due_at, post_id, post_version, error_reason)
values (:workspace, :series_id, :due_at, :post_id, :post_version, :error_reason)
on conflict (workspace_id, series_id, due_at) do nothing;

-- name: occurrence_fill (workspace text, series_id text, due_at time, post_id text, post_version int) -> none
update publish_occurrence set post_id = :post_id, post_version = :post_version
 where workspace_id = :workspace and series_id = :series_id and due_at = :due_at;

-- name: occurrence_from (workspace text, series_id text, from time, most int)
--       -> many OccurrenceRow (due_at time, post_id text?, post_version int, error_reason text?)
select due_at, post_id, post_version, error_reason from publish_occurrence
 where workspace_id = :workspace and series_id = :series_id and due_at > :from order by due_at limit :most;

-- name: occurrence_drop (workspace text, series_id text, due_at time) -> none
delete from publish_occurrence where workspace_id = :workspace and series_id = :series_id and due_at = :due_at;

-- name: slot_list (workspace text) -> many SlotRow (account_id text, weekday int, minute int)
select account_id, weekday, minute from publish_slot where workspace_id = :workspace order by account_id, weekday, minute;

-- name: slot_drop (workspace text, account_id text) -> none
delete from publish_slot where workspace_id = :workspace and account_id = :account_id;

-- name: slot_insert (workspace text, account_id text, weekday int, minute int) -> none
insert into publish_slot (workspace_id, account_id, weekday, minute) values (:workspace, :account_id, :weekday, :minute)
on conflict (workspace_id, account_id, weekday, minute) do nothing;

-- name: slot_taken (workspace text, account_id text, from time, until time) -> many (due_at time)
-- When something of the account is on its way out.
select due_at from publish_delivery
 where workspace_id = :workspace and account_id = :account_id and state in (0, 1) and due_at >= :from and due_at <= :until order by due_at;

-- name: rhythm_list (workspace text) -> many RhythmRow (account_id text, min_gap_minutes int)
select account_id, min_gap_minutes from publish_rhythm where workspace_id = :workspace;

-- name: rhythm_set (workspace text, account_id text, min_gap_minutes int) -> none
insert into publish_rhythm (workspace_id, account_id, min_gap_minutes) values (:workspace, :account_id, :min_gap_minutes)
on conflict (workspace_id, account_id) do update set min_gap_minutes = excluded.min_gap_minutes;
