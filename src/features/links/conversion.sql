-- Conversions, corrections and touches.

-- name: site_get (workspace text) -> one Site (workspace_id text, site_key text, secret_sealed text, asks_consent bool, takes_script bool, counts_said bool, window_days int, touch_days int,
--       window_at time, window_n int, taken_at time?, n_refused int, refused_at time?)
select workspace_id, site_key, secret_sealed, asks_consent, takes_script, counts_said, window_days, touch_days, window_at, window_n, taken_at, n_refused, refused_at
  from links_site where workspace_id = :workspace;

-- name: site_by_key (key text) -> one Site (workspace_id text, site_key text, secret_sealed text, asks_consent bool, takes_script bool, counts_said bool, window_days int, touch_days int,
--       window_at time, window_n int, taken_at time?, n_refused int, refused_at time?)
-- global: a page knows the address only; it names the workspace
select workspace_id, site_key, secret_sealed, asks_consent, takes_script, counts_said, window_days, touch_days, window_at, window_n, taken_at, n_refused, refused_at
  from links_site where site_key = :key;

-- name: site_add (workspace text, key text, secret text) -> none
insert into links_site (workspace_id, site_key, secret_sealed, asks_consent, takes_script, window_days, window_at, window_n, n_refused)
values (:workspace, :key, :secret, true, true, 30, 0, 0, 0) on conflict (workspace_id) do nothing;

-- name: site_set (workspace text, asks_consent bool, takes_script bool, counts_said bool, window_days int, touch_days int) -> none
update links_site set asks_consent = :asks_consent, takes_script = :takes_script, counts_said = :counts_said, window_days = :window_days, touch_days = :touch_days where workspace_id = :workspace;

-- name: site_secret_set (workspace text, secret text) -> none
update links_site set secret_sealed = :secret where workspace_id = :workspace;

-- name: site_taken (workspace text, now time, window_from time) -> none
update links_site
   set taken_at = :now,
       window_n = case when window_at > :window_from then window_n + 1 else 1 end,
       window_at = case when window_at > :window_from then window_at else :now end
 where workspace_id = :workspace;

-- name: site_refused (workspace text, now time, window_from time) -> none
update links_site
   set n_refused = n_refused + 1, refused_at = :now,
       window_n = case when window_at > :window_from then window_n + 1 else 1 end,
       window_at = case when window_at > :window_from then window_at else :now end
 where workspace_id = :workspace;

-- name: conversion_kinds (workspace text) -> many (kind int, value_minor int, currency text)
select kind, value_minor, currency from links_conversion_kind where workspace_id = :workspace order by kind;

-- name: conversion_kind_set (workspace text, kind int, value_minor int, currency text) -> none
insert into links_conversion_kind (workspace_id, kind, value_minor, currency) values (:workspace, :kind, :value_minor, :currency)
on conflict (workspace_id, kind) do update set value_minor = excluded.value_minor, currency = excluded.currency;

-- name: conversion_add (workspace text, id text, kind int, external_id text, at time, now time, source int, value_minor int, currency text, click int?, visitor text?,
--       contact text?, import text?) -> count
-- 0: it was here before.
insert into links_conversion (workspace_id, id, kind, external_id, at, received_at, source, value_minor, net_minor, currency, click_id, visitor, contact_key, import_id)
values (:workspace, :id, :kind, :external_id, :at, :now, :source, :value_minor, :value_minor, :currency, :click, :visitor, :contact, :import)
on conflict (workspace_id, kind, external_id) do nothing;

-- name: conversion_find (workspace text, kind int, external_id text) -> one (id text, currency text)
select id, currency from links_conversion where workspace_id = :workspace and kind = :kind and external_id = :external_id;

-- name: conversion_get (workspace text, id text) -> one ConversionRow (id text, kind int, external_id text, at time, received_at time, source int, value_minor int, net_minor int, currency text, click_id int?,
--       has_visitor bool, has_contact bool)
select id, kind, external_id, at, received_at, source, value_minor, net_minor, currency, click_id, visitor is not null as has_visitor, contact_key is not null as has_contact
  from links_conversion where workspace_id = :workspace and id = :id;

-- name: conversion_list (workspace text, kind int?, before_at time, before_id text, limit int)
--       -> many ConversionRow (id text, kind int, external_id text, at time, received_at time, source int, value_minor int, net_minor int, currency text, click_id int?,
--          has_visitor bool, has_contact bool)
select id, kind, external_id, at, received_at, source, value_minor, net_minor, currency, click_id, visitor is not null as has_visitor, contact_key is not null as has_contact
  from links_conversion
 where workspace_id = :workspace and (:kind is null or kind = :kind) and (at, id) < (:before_at, :before_id)
 order by at desc, id desc limit :limit;

-- name: correction_add (workspace text, conversion text, external_id text, at time, value_minor int) -> count
insert into links_correction (workspace_id, conversion_id, external_id, at, value_minor) values (:workspace, :conversion, :external_id, :at, :value_minor)
on conflict (workspace_id, conversion_id, external_id) do nothing;

-- name: conversion_correct (workspace text, id text, value_minor int) -> none
update links_conversion set net_minor = net_minor + :value_minor where workspace_id = :workspace and id = :id;

-- name: conversion_touch (workspace text, click int, visitor text, at time) -> none
insert into links_touch (workspace_id, click_id, visitor, at) values (:workspace, :click, :visitor, :at) on conflict (workspace_id, click_id) do nothing;

-- name: call_add (workspace text, signature text, at time) -> count
insert into links_call (workspace_id, signature, at) values (:workspace, :signature, :at) on conflict (workspace_id, signature) do nothing;

-- name: call_sweep (workspace text, until time) -> none
delete from links_call where workspace_id = :workspace and at < :until;

-- name: conversion_import_add (workspace text, id text, name text, content bytes, now time, person text?) -> none
insert into links_conversion_import (workspace_id, id, name, content, state, created_at, created_by, n_rows, n_known)
values (:workspace, :id, :name, :content, 0, :now, :person, 0, 0);

-- name: conversion_import_drop_others (workspace text, person text?) -> none
delete from links_conversion_import where workspace_id = :workspace and state = 0 and created_by is not distinct from :person;

-- name: conversion_import_get (workspace text, id text)
--       -> one ConversionImportRow (id text, name text, content bytes?, state int, created_at time, done_at time?, n_rows int, n_known int)
select id, name, content, state, created_at, done_at, n_rows, n_known from links_conversion_import where workspace_id = :workspace and id = :id;

-- name: conversion_import_list (workspace text)
--       -> many (id text, name text, state int, created_at time, done_at time?, n_rows int, n_known int)
select id, name, state, created_at, done_at, n_rows, n_known from links_conversion_import
 where workspace_id = :workspace and state > 0 order by created_at desc, id desc limit 20;

-- name: conversion_import_done (workspace text, id text, now time, n_rows int, n_known int) -> count
-- The claim: who comes second changes nothing and sees it.
update links_conversion_import set state = 1, content = null, done_at = :now, n_rows = :n_rows, n_known = :n_known
 where workspace_id = :workspace and id = :id and state = 0;

-- name: conversion_import_drop (workspace text, id text) -> count
delete from links_conversion_import where workspace_id = :workspace and id = :id and state = 0;

-- name: conversion_import_undone (workspace text, id text) -> count
update links_conversion_import set state = 2 where workspace_id = :workspace and id = :id and state = 1;

-- name: correction_undo_import (workspace text, import text) -> none
delete from links_correction where workspace_id = :workspace
   and conversion_id in (select id from links_conversion where workspace_id = :workspace and import_id = :import);

-- name: conversion_undo_import (workspace text, import text) -> count
delete from links_conversion where workspace_id = :workspace and import_id = :import;

-- name: visits_forget (workspace text, contact text) -> count
-- A browser that opened their links is nobody's any more. Before their clicks are.
delete from links_touch where workspace_id = :workspace
   and visitor in (select t.visitor from links_touch t join links_click k on k.workspace_id = t.workspace_id and k.id = t.click_id
                    where t.workspace_id = :workspace and k.contact_id = :contact);

-- name: conversions_forget (workspace text, contact text) -> count
-- That something was bought stays, not by whom: before the visits and clicks that tell it.
update links_conversion
   set contact_key = null, visitor = null, external_id = case when visitor is not null and replace(external_id, visitor, '') <> external_id then id else external_id end
 where workspace_id = :workspace and (contact_key is not null or visitor is not null)
   and (click_id in (select k.id from links_click k where k.workspace_id = :workspace and k.contact_id = :contact)
        or visitor in (select t.visitor from links_touch t join links_click k on k.workspace_id = t.workspace_id and k.id = t.click_id
                        where t.workspace_id = :workspace and k.contact_id = :contact));

-- name: conversions_forget_key (workspace text, contact_key text) -> count
update links_conversion
   set contact_key = null, visitor = null, external_id = case when visitor is not null and replace(external_id, visitor, '') <> external_id then id else external_id end
 where workspace_id = :workspace and contact_key = :contact_key;

-- name: clicks_forget (workspace text, contact text) -> count
update links_click set contact_id = null where workspace_id = :workspace and contact_id = :contact;

-- name: clicks_left (workspace text, contact text) -> one (n int)
select count(*) as n from links_click where workspace_id = :workspace and contact_id = :contact;
