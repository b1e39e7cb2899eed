-- A campaign carries its plan: status, days, goal, budget, networks, industries, tags and the one-page brief.
alter table plan_campaign add column status I64 not null default 0; -- 0 planned, 1 running, 2 paused, 3 done, 4 cancelled
alter table plan_campaign add column starts_on TEXT;     -- YYYY-MM-DD in the workspace's zone; null: open
alter table plan_campaign add column ends_on TEXT;
alter table plan_campaign add column goal_metric TEXT;   -- of the KPI dictionary (kpi.c); null: no goal yet
alter table plan_campaign add column goal_target F64;    -- a count, a rate 0..1, minor units of the budget's currency, …: by the metric's unit
alter table plan_campaign add column goal_due_on TEXT;
alter table plan_campaign add column budget_minor I64;   -- null: none set
alter table plan_campaign add column currency TEXT;      -- ISO 4217
alter table plan_campaign add column networks TEXT not null default '';   -- names, a blank between them
alter table plan_campaign add column industries TEXT not null default ''; -- names of rule scopes, a blank between them
alter table plan_campaign add column tags TEXT not null default '';       -- one a line
alter table plan_campaign add column brief TEXT not null default '{}';    -- JSON: field of the brief → text
alter table plan_campaign add column updated_at I64 not null default 0;
alter table plan_campaign add column version I64 not null default 1;
update plan_campaign set updated_at = created_at, status = case when ended_at is null then 0 else 3 end;
