-- How long a workspace keeps whose click was whose, where a page of it told so.
alter table links_site add column touch_days I64 not null default 400;
