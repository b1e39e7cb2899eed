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
