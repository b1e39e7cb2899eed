-- Roll-ups by what a post is, by hour too (grain 0 of measure_part, as in measure_roll): of the last days, then they go by this index.
create index measure_part_hours on measure_part (workspace_id, at) where grain = 0;

-- Those of what was read before are made in the background.
insert into store_job (workspace_id, id, kind, job_key, payload, state, due_at, attempt, failures, lease_until, changed_at)
select distinct workspace_id, 'measure-part-hours', 'measure.pack', 'hours', '{}', 'waiting', 0, 0, 0, 0, 0 from measure_post;
