-- Schedules of reports, their runs, and what was sent.

-- name: report_plan_list (workspace text, most int)
--       -> many ReportPlanRow (id text, name text, kind int, on_day int, minute int, shift int, client text, logo_id text?, accent int, locale text, files int, link_days int, mails text, url_sealed text?, host text?, secret_sealed text?, next_at time?, created_at time, created_by text, created_by_name text?, version int)
select s.id, s.name, s.kind, s.on_day, s.minute, s.shift, s.client, s.logo_id, s.accent, s.locale, s.files, s.link_days, s.mails, s.url_sealed, s.host, s.secret_sealed, s.next_at, s.created_at, s.created_by, p.name as created_by_name, s.version
  from report_schedule s left join team_v_person p on p.id = s.created_by
 where s.workspace_id = :workspace order by s.id desc limit :most;

-- name: report_plan_get (workspace text, id text)
--       -> one ReportPlanRow (id text, name text, kind int, on_day int, minute int, shift int, client text, logo_id text?, accent int, locale text, files int, link_days int, mails text, url_sealed text?, host text?, secret_sealed text?, next_at time?, created_at time, created_by text, created_by_name text?, version int)
select s.id, s.name, s.kind, s.on_day, s.minute, s.shift, s.client, s.logo_id, s.accent, s.locale, s.files, s.link_days, s.mails, s.url_sealed, s.host, s.secret_sealed, s.next_at, s.created_at, s.created_by, p.name as created_by_name, s.version
  from report_schedule s left join team_v_person p on p.id = s.created_by
 where s.workspace_id = :workspace and s.id = :id;

-- name: report_plan_put (workspace text, id text, name text, kind int, on_day int, minute int, shift int, client text, logo_id text?, accent int, locale text, files int, link_days int, mails text, url_sealed text?, host text?, secret_sealed text?, next_at time?, now time, created_by text) -> none
insert into report_schedule (workspace_id, id, name, kind, on_day, minute, shift, client, logo_id, accent, locale, files, link_days, mails, url_sealed, host, secret_sealed, next_at, created_at, created_by, updated_at, version)
values (:workspace, :id, :name, :kind, :on_day, :minute, :shift, :client, :logo_id, :accent, :locale, :files, :link_days, :mails, :url_sealed, :host, :secret_sealed, :next_at, :now, :created_by, :now, 1);

-- name: report_plan_change (workspace text, id text, version int, name text, kind int, on_day int, minute int, shift int, client text, logo_id text?, accent int, locale text, files int, link_days int, mails text, url_sealed text?, host text?, secret_sealed text?, next_at time?, now time, created_by text) -> count
update report_schedule set name = :name, kind = :kind, on_day = :on_day, minute = :minute, shift = :shift, client = :client, logo_id = :logo_id, accent = :accent, locale = :locale, files = :files,
       link_days = :link_days, mails = :mails, url_sealed = :url_sealed, host = :host, secret_sealed = :secret_sealed, next_at = :next_at, updated_at = :now, created_by = :created_by, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version;

-- name: report_plan_next (workspace text, id text, due_at time, next_at time) -> count
-- None when another run of the same time was there first.
update report_schedule set next_at = :next_at where workspace_id = :workspace and id = :id and next_at = :due_at;

-- name: report_plan_drop (workspace text, id text) -> count
delete from report_schedule where workspace_id = :workspace and id = :id;

-- name: report_plan_of (workspace text, schedule_id text) -> many (of_workspace text)
select of_workspace from report_schedule_of where workspace_id = :workspace and schedule_id = :schedule_id order by at;

-- name: report_plan_of_put (workspace text, schedule_id text, of_workspace text, at int) -> none
insert into report_schedule_of (workspace_id, schedule_id, of_workspace, at) values (:workspace, :schedule_id, :of_workspace, :at) on conflict do nothing;

-- name: report_plan_of_drop (workspace text, schedule_id text) -> none
delete from report_schedule_of where workspace_id = :workspace and schedule_id = :schedule_id;

-- name: report_run_put (workspace text, id text, schedule_id text, due_at time, from_day int, until_day int) -> count
insert into report_run (workspace_id, id, schedule_id, due_at, from_day, until_day) values (:workspace, :id, :schedule_id, :due_at, :from_day, :until_day) on conflict do nothing;

-- name: report_run_get (workspace text, id text) -> one ReportRunRow (id text, schedule_id text, due_at time, from_day int, until_day int, ended_at time?)
select id, schedule_id, due_at, from_day, until_day, ended_at from report_run where workspace_id = :workspace and id = :id;

-- name: report_run_list (workspace text, schedule_id text, most int) -> many ReportRunRow (id text, schedule_id text, due_at time, from_day int, until_day int, ended_at time?)
select id, schedule_id, due_at, from_day, until_day, ended_at from report_run where workspace_id = :workspace and schedule_id = :schedule_id order by due_at desc limit :most;

-- name: report_run_hold (workspace text, sending text) -> count
-- Until the transaction ends nobody else changes how far the run of this message is: the last two to end would otherwise each see the other as open, and the run would never end.
update report_run set ended_at = ended_at
 where workspace_id = :workspace and id = (select s.run_id from report_sending s where s.workspace_id = :workspace and s.id = :sending);

-- name: report_run_end (workspace text, id text, now time) -> count
update report_run set ended_at = :now
 where workspace_id = :workspace and id = :id and ended_at is null
   and not exists (select 1 from report_sending s where s.workspace_id = :workspace and s.run_id = :id and s.state in (0, 1));

-- name: report_run_reopen (workspace text, id text) -> count
update report_run set ended_at = null where workspace_id = :workspace and id = :id;

-- name: report_part_put (workspace text, run_id text, at int, of_workspace text, report_id text, link_id text) -> none
insert into report_run_part (workspace_id, run_id, at, of_workspace, report_id, link_id, state) values (:workspace, :run_id, :at, :of_workspace, :report_id, :link_id, 0);

-- name: report_part_list (workspace text, run_id text) -> many ReportPartRow (at int, of_workspace text, report_id text, link_id text, state int, reason text?)
select at, of_workspace, report_id, link_id, state, reason from report_run_part where workspace_id = :workspace and run_id = :run_id order by at;

-- name: report_part_set (workspace text, run_id text, at int, state int, reason text?) -> count
update report_run_part set state = :state, reason = :reason where workspace_id = :workspace and run_id = :run_id and at = :at;

-- name: report_sending_put (workspace text, id text, run_id text, at int, is_hook bool, recipient text, now time) -> count
insert into report_sending (workspace_id, id, run_id, at, is_hook, recipient, state, changed_at) values (:workspace, :id, :run_id, :at, :is_hook, :recipient, 0, :now) on conflict do nothing;

-- name: report_sending_get (workspace text, id text) -> one ReportSendingRow (id text, run_id text, is_hook bool, recipient text, state int, reason text?, changed_at time)
select id, run_id, is_hook, recipient, state, reason, changed_at from report_sending where workspace_id = :workspace and id = :id;

-- name: report_sending_list (workspace text, run_id text) -> many ReportSendingRow (id text, run_id text, is_hook bool, recipient text, state int, reason text?, changed_at time)
select id, run_id, is_hook, recipient, state, reason, changed_at from report_sending where workspace_id = :workspace and run_id = :run_id order by at;

-- name: report_sending_set (workspace text, id text, state int, reason text?, now time) -> count
update report_sending set state = :state, reason = :reason, changed_at = :now where workspace_id = :workspace and id = :id;

-- name: report_plan_look (workspace text, kind int, but text) -> one (id text)
-- How the reports of a workspace look: as the last of the kind.
select id from report_report where workspace_id = :workspace and kind = :kind and id <> :but order by created_at desc, id desc limit 1;
