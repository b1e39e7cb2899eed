-- Reports and their sections.

-- name: report_list (workspace text, most int)
--       -> many ReportRow (id text, kind int, name text, client text, campaign_id text?, from_day int, until_day int, logo_id text?, accent int, locale text, created_at time, created_by_name text?, updated_at time, version int)
select r.id, r.kind, r.name, r.client, r.campaign_id, r.from_day, r.until_day, r.logo_id, r.accent, r.locale, r.created_at, p.name as created_by_name, r.updated_at, r.version
  from report_report r left join team_v_person p on p.id = r.created_by
 where r.workspace_id = :workspace order by r.created_at desc, r.id desc limit :most;

-- name: report_get (workspace text, id text)
--       -> one ReportRow (id text, kind int, name text, client text, campaign_id text?, from_day int, until_day int, logo_id text?, accent int, locale text, created_at time, created_by_name text?, updated_at time, version int)
select r.id, r.kind, r.name, r.client, r.campaign_id, r.from_day, r.until_day, r.logo_id, r.accent, r.locale, r.created_at, p.name as created_by_name, r.updated_at, r.version
  from report_report r left join team_v_person p on p.id = r.created_by
 where r.workspace_id = :workspace and r.id = :id;

-- name: report_insert (workspace text, id text, kind int, name text, client text, campaign_id text?, from_day int, until_day int, logo_id text?, accent int, locale text, now time, created_by text?) -> none
insert into report_report (workspace_id, id, kind, name, client, campaign_id, from_day, until_day, logo_id, accent, locale, created_at, created_by, updated_at, version)
values (:workspace, :id, :kind, :name, :client, :campaign_id, :from_day, :until_day, :logo_id, :accent, :locale, :now, :created_by, :now, 1);

-- name: report_update (workspace text, id text, version int, kind int, name text, client text, campaign_id text?, from_day int, until_day int, logo_id text?, accent int, locale text, now time) -> count
update report_report set kind = :kind, name = :name, client = :client, campaign_id = :campaign_id, from_day = :from_day, until_day = :until_day,
       logo_id = :logo_id, accent = :accent, locale = :locale, updated_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version;

-- name: report_drop (workspace text, id text) -> count
delete from report_report where workspace_id = :workspace and id = :id;

-- name: report_sections (workspace text, report_id text) -> many (kind int, is_hidden bool, note text)
select kind, is_hidden, note from report_section where workspace_id = :workspace and report_id = :report_id order by at;

-- name: report_section_put (workspace text, report_id text, kind int, at int, is_hidden bool, note text) -> none
insert into report_section (workspace_id, report_id, kind, at, is_hidden, note) values (:workspace, :report_id, :kind, :at, :is_hidden, :note);

-- name: report_sections_drop (workspace text, report_id text) -> none
delete from report_section where workspace_id = :workspace and report_id = :report_id;

-- name: report_task_put (workspace text, report_id text, suggestion text, task_id text) -> none
insert into report_task (workspace_id, report_id, suggestion, task_id) values (:workspace, :report_id, :suggestion, :task_id);

-- name: report_task_get (workspace text, report_id text, suggestion text) -> one (task_id text)
select task_id from report_task where workspace_id = :workspace and report_id = :report_id and suggestion = :suggestion;

-- name: report_tasks_drop (workspace text, report_id text) -> none
delete from report_task where workspace_id = :workspace and report_id = :report_id;
