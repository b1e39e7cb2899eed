-- The statements of a workspace's care of the rules.

-- name: check_tunes (workspace text) -> many CheckTuneRow (rule_id text, is_off bool, severity int?)
select rule_id, is_off, severity from check_tune where workspace_id = :workspace order by rule_id;

-- name: check_tune_put (workspace text, rule_id text, is_off bool, severity int?, at time) -> none
insert into check_tune (workspace_id, rule_id, is_off, severity, updated_at) values (:workspace, :rule_id, :is_off, :severity, :at)
on conflict (workspace_id, rule_id) do update set is_off = excluded.is_off, severity = excluded.severity, updated_at = excluded.updated_at;

-- name: check_files (workspace text) -> many CheckFileRow (name text, body text, n_rules int, updated_at time)
select name, body, n_rules, updated_at from check_file where workspace_id = :workspace order by name;

-- name: check_file_put (workspace text, name text, body text, n_rules int, at time) -> none
insert into check_file (workspace_id, name, body, n_rules, updated_at) values (:workspace, :name, :body, :n_rules, :at)
on conflict (workspace_id, name) do update set body = excluded.body, n_rules = excluded.n_rules, updated_at = excluded.updated_at;

-- name: check_counts (workspace text) -> many CheckCountRow (rule_id text, n_told int, n_false int)
select rule_id, count(*) as n_told, coalesce(sum(case when is_false then 1 else 0 end), 0) as n_false
  from check_told where workspace_id = :workspace group by rule_id order by rule_id;

-- name: check_told_add (workspace text, rule_id text, fingerprint text, found text, at time) -> none
insert into check_told (workspace_id, rule_id, fingerprint, found, is_false, at) values (:workspace, :rule_id, :fingerprint, :found, false, :at)
on conflict (workspace_id, rule_id, fingerprint) do nothing;

-- name: check_told_false (workspace text, rule_id text, fingerprint text, found text, at time) -> none
insert into check_told (workspace_id, rule_id, fingerprint, found, is_false, at) values (:workspace, :rule_id, :fingerprint, :found, true, :at)
on conflict (workspace_id, rule_id, fingerprint) do update set is_false = true, at = excluded.at;

-- name: check_setting_get (workspace text) -> one (industries text, elections text)
select industries, elections from check_setting where workspace_id = :workspace;

-- name: check_setting_put (workspace text, industries text, elections text, at time) -> none
insert into check_setting (workspace_id, industries, elections, updated_at) values (:workspace, :industries, :elections, :at)
on conflict (workspace_id) do update set industries = excluded.industries, elections = excluded.elections, updated_at = excluded.updated_at;

-- name: check_override_put (workspace text, subject_id text, fingerprint text, reason text, at time) -> none
insert into check_override (workspace_id, subject_id, fingerprint, reason, at) values (:workspace, :subject_id, :fingerprint, :reason, :at)
on conflict (workspace_id, subject_id, fingerprint) do update set reason = excluded.reason, at = excluded.at;

-- name: check_override_copy (workspace text, from_id text, to_id text) -> none
insert into check_override (workspace_id, subject_id, fingerprint, reason, at)
select workspace_id, :to_id, fingerprint, reason, at from check_override where workspace_id = :workspace and subject_id = :from_id
on conflict (workspace_id, subject_id, fingerprint) do nothing;

-- name: check_override_get (workspace text, subject_id text, fingerprint text) -> one (reason text)
select reason from check_override where workspace_id = :workspace and subject_id = :subject_id and fingerprint = :fingerprint;
