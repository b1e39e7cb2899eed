-- What the rules should know beside a text: elections in which words of politics block, and how a campaign's posters stand to what they praise.
alter table check_setting add column elections TEXT not null default ''; -- "2026-07-09..2026-07-26 …": first and last day, a blank between two
alter table plan_campaign add column relation I64 not null default 0;    -- 0 unsaid, 1 none, … as in check.h
