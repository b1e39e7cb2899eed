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
