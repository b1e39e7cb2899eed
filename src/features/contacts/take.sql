-- What is taken in from what people say and do.

-- name: take_talk (workspace text, after text, most int)
--       -> many TakenTalk (id text, kind int, account_id text, network text, scope text, author_id text, author_handle text, author_name text, at time, sentiment int?, intent int?,
--          contact_id text?, num int?, person_id text?, handle text?, name text?)
-- What others said behind a place and is not taken in yet, with who said it where that is known. Bluesky, X and YouTube give an author one id for all; others one for each account.
select t.id, t.kind, t.account_id, h.network, case when h.network in ('bluesky', 'x', 'youtube') then '' else t.account_id end as scope, t.author_id, t.author_handle, t.author_name,
       t.at, t.sentiment, t.intent, i.contact_id, c.num, c.person_id, i.handle, i.name
  from engage_v_talk t
  join accounts_v_account h on h.workspace_id = t.workspace_id and h.id = t.account_id
  left join contacts_identity i on i.workspace_id = t.workspace_id and i.kind = 0 and i.network = h.network
                               and i.scope = case when h.network in ('bluesky', 'x', 'youtube') then '' else t.account_id end and i.key = t.author_id
  left join contacts_contact c on c.workspace_id = i.workspace_id and c.id = i.contact_id
 where t.workspace_id = :workspace and t.id > :after and not t.is_own and t.author_id <> ''
   and not exists (select 1 from contacts_touch u where u.workspace_id = t.workspace_id and u.kind = t.kind and u.ref = t.id)
 order by t.id limit :most;

-- name: touch_add (workspace text, kind int, ref text, contact_id text, at time, account_id text?, network text, text text, amount_minor int?, currency text?) -> count
-- many: yes
insert into contacts_touch (workspace_id, kind, ref, contact_id, at, account_id, network, text, amount_minor, currency)
values (:workspace, :kind, :ref, :contact_id, :at, :account_id, :network, :text, :amount_minor, :currency) on conflict (workspace_id, kind, ref) do nothing;

-- name: take_clicks (workspace text, after time, most int)
--       -> many TakenClick (ref text, at time, link_id text, title text, network text, account_id text?, campaign_id text?, contact_id text, num int, person_id text)
-- Clicks on personal links that are not taken in yet; programs' are none.
select c.link_id || '.' || cast(c.id as text) || '.' || cast(c.at as text) as ref, c.at, c.link_id, l.title, c.network, c.account_id, c.campaign_id, m.id as contact_id, m.num, m.person_id
  from links_v_click c
  join contacts_contact m on m.workspace_id = c.workspace_id and m.id = c.contact_id
  join links_v_link l on l.workspace_id = c.workspace_id and l.id = c.link_id
 where c.workspace_id = :workspace and c.at >= :after and c.contact_id is not null and not c.is_bot
   and not exists (select 1 from contacts_touch u where u.workspace_id = c.workspace_id and u.kind = 5
                      and u.ref = c.link_id || '.' || cast(c.id as text) || '.' || cast(c.at as text))
 order by c.at, c.id limit :most;

-- name: take_clicked (workspace text, click_at time) -> none
update contacts_state set click_at = :click_at where workspace_id = :workspace;

-- name: take_click_at (workspace text) -> one (click_at time)
select click_at from contacts_state where workspace_id = :workspace;

-- name: contact_clicked (workspace text, id text, at time) -> none
-- many: yes
update contacts_contact set n_clicks = n_clicks + 1, last_at = case when last_at < :at then :at else last_at end where workspace_id = :workspace and id = :id;

-- name: take_results_at (workspace text) -> one (conversion_id text)
select conversion_id from contacts_state where workspace_id = :workspace;

-- name: take_resulted (workspace text, conversion_id text) -> none
update contacts_state set conversion_id = :conversion_id where workspace_id = :workspace;

-- name: take_results (workspace text, after text, most int)
--       -> many TakenResult (id text, kind int, at time, net_minor int, currency text, network text?, contact_id text?, contact_key text?)
-- Conversions that are nobody's touchpoint yet, with the contact their click was made for, or the only one whose links the same browser opened.
select v.id, v.kind, v.at, v.net_minor, v.currency, v.network,
       coalesce(v.contact_id, (select case when min(x.contact_id) = max(x.contact_id) then min(x.contact_id) end from links_v_visit x
                                where x.workspace_id = v.workspace_id and x.visitor = v.visitor and x.contact_id is not null)) as contact_id, v.contact_key
  from links_v_conversion v
 where v.workspace_id = :workspace and v.id > :after
   and not exists (select 1 from contacts_touch u where u.workspace_id = v.workspace_id and u.kind in (6, 7, 8, 9) and u.ref = v.id)
 order by v.id limit :most;

-- name: results_of_key (workspace text, contact_key text) -> many TakenResult (id text, kind int, at time, net_minor int, currency text, network text?, contact_id text?, contact_key text?)
-- The same of an address that became known later.
select v.id, v.kind, v.at, v.net_minor, v.currency, v.network, v.contact_id, v.contact_key
  from links_v_conversion v
 where v.workspace_id = :workspace and v.contact_key = :contact_key
   and not exists (select 1 from contacts_touch u where u.workspace_id = v.workspace_id and u.kind in (6, 7, 8, 9) and u.ref = v.id)
 order by v.id limit 1000;

-- name: result_corrected (workspace text, ref text) -> none
-- What it is worth after corrections.
update contacts_touch set amount_minor = (select v.net_minor from links_v_conversion v where v.workspace_id = :workspace and v.id = :ref)
 where workspace_id = :workspace and kind in (6, 7, 8, 9) and ref = :ref;

-- name: result_contacts (workspace text, ref text) -> many ResultOf (contact_id text, num int, person_id text)
select c.id as contact_id, c.num, c.person_id from contacts_touch t join contacts_contact c on c.workspace_id = t.workspace_id and c.id = t.contact_id
 where t.workspace_id = :workspace and t.kind in (6, 7, 8, 9) and t.ref = :ref;

-- name: results_gone (workspace text) -> many ResultOf (contact_id text, num int, person_id text)
-- Whose conversions an import took back.
select distinct c.id as contact_id, c.num, c.person_id from contacts_touch t join contacts_contact c on c.workspace_id = t.workspace_id and c.id = t.contact_id
 where t.workspace_id = :workspace and t.kind in (6, 7, 8, 9)
   and not exists (select 1 from links_v_conversion v where v.workspace_id = t.workspace_id and v.id = t.ref);

-- name: results_drop_gone (workspace text) -> count
delete from contacts_touch where workspace_id = :workspace and kind in (6, 7, 8, 9)
   and not exists (select 1 from links_v_conversion v where v.workspace_id = contacts_touch.workspace_id and v.id = contacts_touch.ref);

-- name: results_recount (workspace text, id text) -> none
-- Money counts in the currency in which purchases are counted.
update contacts_contact
   set n_conversions = (select count(*) from contacts_touch t where t.workspace_id = :workspace and t.contact_id = :id and t.kind in (6, 7, 8, 9)),
       revenue_minor = (select cast(coalesce(sum(t.amount_minor), 0) as bigint) from contacts_touch t where t.workspace_id = :workspace and t.contact_id = :id
                           and t.kind in (6, 7, 8, 9) and t.currency = coalesce((select k.currency from links_v_currency k where k.workspace_id = :workspace), 'JPY')),
       last_at = coalesce((select case when max(t.at) > contacts_contact.last_at then max(t.at) end from contacts_touch t
                            where t.workspace_id = :workspace and t.contact_id = :id and t.kind in (6, 7, 8, 9)), contacts_contact.last_at)
 where workspace_id = :workspace and id = :id;

-- name: results_kinds (workspace text, contact_id text) -> many (text text)
select distinct text from contacts_touch where workspace_id = :workspace and contact_id = :contact_id and kind in (6, 7, 8, 9) order by text;

-- name: marks_of_kind (workspace text, num int, kind text) -> many (mark int)
select k.mark from contacts_mark k join contacts_mark_name n on n.workspace_id = k.workspace_id and n.mark = k.mark
 where k.workspace_id = :workspace and k.num = :num and n.kind = :kind;

-- name: stray_clicks (workspace text, after time) -> many (contact_id text)
-- On links of people who were deleted since.
select distinct c.contact_id from links_v_click c
 where c.workspace_id = :workspace and c.at >= :after and c.contact_id is not null
   and not exists (select 1 from contacts_contact m where m.workspace_id = c.workspace_id and m.id = c.contact_id);

-- name: contact_of (workspace text, id text) -> one ResultOf (contact_id text, num int, person_id text)
select id as contact_id, num, person_id from contacts_contact where workspace_id = :workspace and id = :id;
