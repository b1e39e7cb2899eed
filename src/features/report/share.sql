-- Secret links to reports and figures.

-- name: share_insert (workspace text, id text, hash text, report_id text?, n_days int, account_id text?, locale text, name text, password_hash text?, now time, created_by text?, expires_at time) -> none
insert into report_link (workspace_id, id, token_hash, report_id, n_days, account_id, locale, name, password_hash, created_at, created_by, expires_at, n_seen)
values (:workspace, :id, :hash, :report_id, :n_days, :account_id, :locale, :name, :password_hash, :now, :created_by, :expires_at, 0);

-- name: share_list (workspace text, most int)
--       -> many ReportShareRow (id text, report_id text?, n_days int, account_id text?, locale text, name text, has_password bool, created_at time, created_by_name text?, expires_at time, revoked_at time?, seen_at time?, n_seen int)
select l.id, l.report_id, l.n_days, l.account_id, l.locale, l.name, l.password_hash is not null as has_password, l.created_at, p.name as created_by_name, l.expires_at, l.revoked_at, l.seen_at, l.n_seen
  from report_link l left join team_v_person p on p.id = l.created_by
 where l.workspace_id = :workspace order by l.created_at desc, l.id desc limit :most;

-- name: share_get (workspace text, id text)
--       -> one ReportShareRow (id text, report_id text?, n_days int, account_id text?, locale text, name text, has_password bool, created_at time, created_by_name text?, expires_at time, revoked_at time?, seen_at time?, n_seen int)
select l.id, l.report_id, l.n_days, l.account_id, l.locale, l.name, l.password_hash is not null as has_password, l.created_at, p.name as created_by_name, l.expires_at, l.revoked_at, l.seen_at, l.n_seen
  from report_link l left join team_v_person p on p.id = l.created_by
 where l.workspace_id = :workspace and l.id = :id;

-- name: share_revoke (workspace text, id text, now time) -> count
update report_link set revoked_at = :now where workspace_id = :workspace and id = :id and revoked_at is null;

-- name: share_revoke_of (workspace text, report_id text, now time) -> count
update report_link set revoked_at = :now where workspace_id = :workspace and report_id = :report_id and revoked_at is null;

-- name: share_seen (workspace text, id text, now time) -> count
update report_link set seen_at = :now, n_seen = n_seen + 1 where workspace_id = :workspace and id = :id;

-- name: share_find (hash text)
--       -> one ReportShareFound (workspace_id text, id text, report_id text?, n_days int, account_id text?, locale text, name text, password_hash text?, expires_at time, revoked_at time?)
-- global: whoever holds the link belongs to no workspace
select workspace_id, id, report_id, n_days, account_id, locale, name, password_hash, expires_at, revoked_at from report_link where token_hash = :hash;
