-- The statements of campaigns people take part in: entries, draws, winners.

-- name: contest_get (workspace text, id text)
--       -> one ContestRow (id text, campaign_id text?, name text, state int, premium int, price_yen int, sales_yen int, opens_at time, closes_at time, way int, tag text,
--          post_id text?, networks text, also text, staff text, blocked text, n_substitutes int, wording text, answer_days int, checked text, asks text, talk_id text,
--          closed_at time?, entries_hash text?, created_at time, version int)
select id, campaign_id, name, state, premium, price_yen, sales_yen, opens_at, closes_at, way, tag, post_id, networks, also, staff, blocked, n_substitutes,
       wording, answer_days, checked, asks, talk_id, closed_at, entries_hash, created_at, version
  from ugc_campaign where workspace_id = :workspace and id = :id;

-- name: contest_list (workspace text)
--       -> many ContestRow (id text, campaign_id text?, name text, state int, premium int, price_yen int, sales_yen int, opens_at time, closes_at time, way int, tag text,
--          post_id text?, networks text, also text, staff text, blocked text, n_substitutes int, wording text, answer_days int, checked text, asks text, talk_id text,
--          closed_at time?, entries_hash text?, created_at time, version int)
select id, campaign_id, name, state, premium, price_yen, sales_yen, opens_at, closes_at, way, tag, post_id, networks, also, staff, blocked, n_substitutes,
       wording, answer_days, checked, asks, talk_id, closed_at, entries_hash, created_at, version
  from ugc_campaign where workspace_id = :workspace order by opens_at desc, id desc limit 500;

-- name: contest_insert (workspace text, id text, campaign_id text?, name text, premium int, price_yen int, sales_yen int, opens_at time, closes_at time, way int,
--       tag text, post_id text?, networks text, also text, staff text, blocked text, n_substitutes int, wording text, answer_days int, checked text, asks text, talk_id text,
--       created_at time, created_by text?) -> none
insert into ugc_campaign (workspace_id, id, campaign_id, name, state, premium, price_yen, sales_yen, opens_at, closes_at, way, tag, post_id, networks, also, staff,
                          blocked, n_substitutes, wording, answer_days, checked, asks, talk_id, created_at, created_by, version)
values (:workspace, :id, :campaign_id, :name, 0, :premium, :price_yen, :sales_yen, :opens_at, :closes_at, :way, :tag, :post_id, :networks, :also, :staff,
        :blocked, :n_substitutes, :wording, :answer_days, :checked, :asks, :talk_id, :created_at, :created_by, 1);

-- name: contest_update (workspace text, id text, version int, campaign_id text?, name text, premium int, price_yen int, sales_yen int, opens_at time, closes_at time,
--       way int, tag text, post_id text?, networks text, also text, staff text, blocked text, n_substitutes int, wording text, answer_days int, checked text,
--       asks text, talk_id text) -> count
update ugc_campaign set campaign_id = :campaign_id, name = :name, premium = :premium, price_yen = :price_yen, sales_yen = :sales_yen, opens_at = :opens_at,
       closes_at = :closes_at, way = :way, tag = :tag, post_id = :post_id, networks = :networks, also = :also, staff = :staff, blocked = :blocked,
       n_substitutes = :n_substitutes, wording = :wording, answer_days = :answer_days, checked = :checked, asks = :asks, talk_id = :talk_id, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version and state <> 3;

-- name: contest_move (workspace text, id text, was int, state int) -> count
update ugc_campaign set state = :state, version = version + 1 where workspace_id = :workspace and id = :id and state = :was;

-- name: contest_lock (workspace text, id text) -> count
-- One at a time takes entries into it; none once it is closed.
update ugc_campaign set talk_id = talk_id where workspace_id = :workspace and id = :id and state = 1;

-- name: contest_hold (workspace text, id text, state int) -> count
-- Changes nothing: while it is in that state nobody else moves it on before the transaction ends. 0: it is in another.
update ugc_campaign set talk_id = talk_id where workspace_id = :workspace and id = :id and state = :state;

-- name: contest_at (workspace text, id text, talk_id text) -> none
update ugc_campaign set talk_id = :talk_id where workspace_id = :workspace and id = :id;

-- name: contest_close (workspace text, id text, closes_at time, closed_at time, entries_hash text) -> count
update ugc_campaign set state = 2, closes_at = :closes_at, closed_at = :closed_at, entries_hash = :entries_hash, version = version + 1
 where workspace_id = :workspace and id = :id and state = 1;

-- name: tick_list (workspace text, campaign_id text) -> many Tick (rule text, at time, person_name text?)
select k.rule, k.at, p.name as person_name from ugc_tick k left join team_v_person p on p.id = k.person_id
 where k.workspace_id = :workspace and k.campaign_id = :campaign_id order by k.at, k.rule;

-- name: tick_add (workspace text, campaign_id text, rule text, at time, person_id text?) -> none
-- The first answer stays.
insert into ugc_tick (workspace_id, campaign_id, rule, at, person_id) values (:workspace, :campaign_id, :rule, :at, :person_id) on conflict do nothing;

-- name: tick_drop (workspace text, campaign_id text, rule text) -> none
delete from ugc_tick where workspace_id = :workspace and campaign_id = :campaign_id and rule = :rule;

-- name: prize_clear (workspace text, campaign_id text) -> none
delete from ugc_prize where workspace_id = :workspace and campaign_id = :campaign_id;

-- name: prize_add (workspace text, campaign_id text, at int, name text, many int, value_yen int) -> none
insert into ugc_prize (workspace_id, campaign_id, at, name, n, value_yen) values (:workspace, :campaign_id, :at, :name, :many, :value_yen);

-- name: prize_list (workspace text, campaign_id text) -> many (at int, name text, n int, value_yen int)
select at, name, n, value_yen from ugc_prize where workspace_id = :workspace and campaign_id = :campaign_id order by at;

-- name: entry_add (workspace text, campaign_id text, id text, account_id text, network text, author_id text, author_handle text, author_name text, url text, at time)
--       -> count
insert into ugc_entry (workspace_id, campaign_id, id, account_id, network, author_id, author_handle, author_name, url, at, reason)
select :workspace, :campaign_id, :id, :account_id, :network, :author_id, :author_handle, :author_name, :url, :at, 0
 where not exists (select 1 from ugc_entry e where e.workspace_id = :workspace and e.campaign_id = :campaign_id and e.network = :network and e.author_id = :author_id
                      and e.url = :url and e.url <> '')
on conflict (workspace_id, campaign_id, id) do nothing;

-- name: entry_all (workspace text, campaign_id text, after_at time, after_id text, most int)
--       -> many EntryAll (id text, account_id text, network text, author_id text, author_handle text, at time, reason int, is_deleted bool, person_id text?,
--          unmet int?)
-- In the order of time; who several networks' people are, where contacts knows it.
select e.id, e.account_id, e.network, e.author_id, e.author_handle, e.at, e.reason,
       coalesce(t.is_deleted, not exists (select 1 from ugc_item i where i.workspace_id = :workspace and i.id = e.id)) as is_deleted,
       (select min(c.person_id) from contacts_v_identity c
         where c.workspace_id = :workspace and c.kind = 0 and c.network = e.network and c.key = e.author_id and (c.scope = '' or c.scope = e.account_id)) as person_id,
       (select min(case f.outcome when 0 then f.deed else 9 end) from ugc_fact f
         where f.workspace_id = e.workspace_id and f.campaign_id = e.campaign_id and f.entry_id = e.id and f.outcome <> 1) as unmet
  from ugc_entry e left join engage_v_talk t on t.workspace_id = e.workspace_id and t.id = e.id
 where e.workspace_id = :workspace and e.campaign_id = :campaign_id and (e.at, e.id) > (:after_at, :after_id)
 order by e.at, e.id limit :most;

-- name: entry_person (workspace text, campaign_id text, network text, author_id text)
--       -> many EntryAll (id text, account_id text, network text, author_id text, author_handle text, at time, reason int, is_deleted bool, person_id text?,
--          unmet int?)
-- The same of one person, on every network where contacts knows that it is one.
select e.id, e.account_id, e.network, e.author_id, e.author_handle, e.at, e.reason,
       coalesce(t.is_deleted, not exists (select 1 from ugc_item i where i.workspace_id = :workspace and i.id = e.id)) as is_deleted,
       (select min(c.person_id) from contacts_v_identity c
         where c.workspace_id = :workspace and c.kind = 0 and c.network = e.network and c.key = e.author_id and (c.scope = '' or c.scope = e.account_id)) as person_id,
       (select min(case f.outcome when 0 then f.deed else 9 end) from ugc_fact f
         where f.workspace_id = e.workspace_id and f.campaign_id = e.campaign_id and f.entry_id = e.id and f.outcome <> 1) as unmet
  from (select id from ugc_entry where workspace_id = :workspace and campaign_id = :campaign_id and network = :network and author_id = :author_id
        union select x.id from contacts_v_identity me
          join contacts_v_identity o on o.workspace_id = me.workspace_id and o.person_id = me.person_id and o.kind = 0
          join ugc_entry x on x.workspace_id = o.workspace_id and x.network = o.network and x.author_id = o.key and x.campaign_id = :campaign_id
         where me.workspace_id = :workspace and me.kind = 0 and me.network = :network and me.key = :author_id) k
  join ugc_entry e on e.workspace_id = :workspace and e.campaign_id = :campaign_id and e.id = k.id
  left join engage_v_talk t on t.workspace_id = e.workspace_id and t.id = e.id
 order by e.at, e.id;

-- name: entry_judge (workspace text, campaign_id text, id text, reason int) -> none
-- Open or being checked; what is sealed stays as it was sealed.
update ugc_entry set reason = :reason where workspace_id = :workspace and campaign_id = :campaign_id and id = :id
   and exists (select 1 from ugc_campaign c where c.workspace_id = :workspace and c.id = :campaign_id and c.state in (1, 4));

-- name: entry_list (workspace text, campaign_id text, after_at time, after_id text, reason int?, most int)
--       -> many EntryRow (id text, account_id text, network text, author_id text, author_handle text, author_name text, url text, at time, reason int,
--          followed int?, reposted int?, liked int?, checked_at time?)
-- With what a network said of it: 0 no, 1 yes, 2 could not be checked.
select e.id, e.account_id, e.network, e.author_id, e.author_handle, e.author_name, e.url, e.at, e.reason,
       (select f.outcome from ugc_fact f where f.workspace_id = e.workspace_id and f.campaign_id = e.campaign_id and f.entry_id = e.id and f.deed = 0) as followed,
       (select f.outcome from ugc_fact f where f.workspace_id = e.workspace_id and f.campaign_id = e.campaign_id and f.entry_id = e.id and f.deed = 1) as reposted,
       (select f.outcome from ugc_fact f where f.workspace_id = e.workspace_id and f.campaign_id = e.campaign_id and f.entry_id = e.id and f.deed = 2) as liked,
       (select max(f.at) from ugc_fact f where f.workspace_id = e.workspace_id and f.campaign_id = e.campaign_id and f.entry_id = e.id) as checked_at
  from ugc_entry e where e.workspace_id = :workspace and e.campaign_id = :campaign_id and (e.at, e.id) > (:after_at, :after_id)
   and (:reason is null or e.reason = :reason)
 order by e.at, e.id limit :most;

-- name: entry_counts (workspace text, campaign_id text) -> one (n int, n_eligible int, n_unmet int, n_unchecked int)
select count(*) as n, count(case when reason = 0 then 1 end) as n_eligible, count(case when reason between 9 and 11 then 1 end) as n_unmet,
       count(case when reason = 12 then 1 end) as n_unchecked from ugc_entry where workspace_id = :workspace and campaign_id = :campaign_id;

-- name: entry_eligible (workspace text, campaign_id text) -> many (id text)
select id from ugc_entry where workspace_id = :workspace and campaign_id = :campaign_id and reason = 0 order by id;

-- name: draw_add (workspace text, campaign_id text, draw int, reason text, commitment text, committed_at time, sealed text, entries_hash text, eligible int) -> none
insert into ugc_draw (workspace_id, campaign_id, n, reason, commitment, committed_at, sealed, entries_hash, n_entries)
values (:workspace, :campaign_id, :draw, :reason, :commitment, :committed_at, :sealed, :entries_hash, :eligible);

-- name: draw_list (workspace text, campaign_id text)
--       -> many DrawRow (n int, reason text, commitment text, committed_at time, sealed text, seed text?, outside text?, entries_hash text, n_entries int,
--          drawn_at time?, drawn_by text?)
select d.n, d.reason, d.commitment, d.committed_at, d.sealed, d.seed, d.outside, d.entries_hash, d.n_entries, d.drawn_at, p.name as drawn_by
  from ugc_draw d left join team_v_person p on p.id = d.drawn_by where d.workspace_id = :workspace and d.campaign_id = :campaign_id order by d.n;

-- name: draw_reveal (workspace text, campaign_id text, draw int, seed text, outside text, drawn_at time, drawn_by text?) -> count
-- Once: whoever comes second changes nothing.
update ugc_draw set seed = :seed, outside = :outside, drawn_at = :drawn_at, drawn_by = :drawn_by
 where workspace_id = :workspace and campaign_id = :campaign_id and n = :draw and drawn_at is null;

-- name: winner_add (workspace text, campaign_id text, draw int, rank int, entry_id text, score text, prize int?, state int) -> none
insert into ugc_winner (workspace_id, campaign_id, draw, rank, entry_id, score, prize, state, fault)
values (:workspace, :campaign_id, :draw, :rank, :entry_id, :score, :prize, :state, '');

-- name: winner_list (workspace text, campaign_id text, draw int)
--       -> many (rank int, entry_id text, score text, prize int?, prize_name text?, state int, delivery_id text?, told_at time?, answer_by time?, fault text, told_state int?, message_id text?,
--          message_state int?, message_fault text, account_id text, author_id text, network text, author_handle text, author_name text, url text, at time, reason int, answer_text text?)
select w.rank, w.entry_id, w.score, w.prize, p.name as prize_name, w.state, w.delivery_id, w.told_at, w.answer_by, w.fault, d.state as told_state, w.message_id,
       m.state as message_state, w.message_fault, e.account_id, e.author_id, e.network, e.author_handle, e.author_name,
       e.url, e.at, e.reason,
       (select t.text from engage_v_talk t where t.workspace_id = w.workspace_id and t.account_id = e.account_id and t.author_id = e.author_id and t.received_at > w.told_at
           and not t.is_own and not t.is_deleted order by t.at desc, t.id desc limit 1) as answer_text
  from ugc_winner w join ugc_entry e on e.workspace_id = w.workspace_id and e.campaign_id = w.campaign_id and e.id = w.entry_id
  left join ugc_prize p on p.workspace_id = w.workspace_id and p.campaign_id = w.campaign_id and p.at = w.prize
  left join publish_v_delivery d on d.workspace_id = w.workspace_id and d.id = w.delivery_id
  left join publish_v_delivery m on m.workspace_id = w.workspace_id and m.id = w.message_id
 where w.workspace_id = :workspace and w.campaign_id = :campaign_id and w.draw = :draw order by w.rank;

-- name: ugc_entry_talk (workspace text, id text) -> one (kind int, remote_id text)
-- As what it was said, where it was heard.
select t.kind, t.remote_id from engage_v_talk t where t.workspace_id = :workspace and t.id = :id;

-- name: winner_told (workspace text, campaign_id text) -> one (n int)
select count(*) as n from ugc_winner where workspace_id = :workspace and campaign_id = :campaign_id and told_at is not null;

-- name: winner_take (workspace text, campaign_id text, draw int, rank int, told_at time, answer_by time) -> count
-- Whoever takes it tells it, in the same transaction.
update ugc_winner set state = 1, told_at = :told_at, answer_by = :answer_by, fault = ''
 where workspace_id = :workspace and campaign_id = :campaign_id and draw = :draw and rank = :rank and state = 0;

-- name: winner_sent (workspace text, campaign_id text, draw int, rank int, delivery_id text) -> none
update ugc_winner set delivery_id = :delivery_id where workspace_id = :workspace and campaign_id = :campaign_id and draw = :draw and rank = :rank;

-- name: winner_fail (workspace text, campaign_id text, draw int, rank int, fault text) -> none
update ugc_winner set state = 5, fault = :fault where workspace_id = :workspace and campaign_id = :campaign_id and draw = :draw and rank = :rank and state = 0;

-- name: winner_message (workspace text, campaign_id text, draw int, rank int, message_id text?, fault text) -> count
-- Once: its delivery, or why there is none.
update ugc_winner set message_id = :message_id, message_fault = :fault
 where workspace_id = :workspace and campaign_id = :campaign_id and draw = :draw and rank = :rank and message_id is null and message_fault = '';

-- name: winner_answer (workspace text, campaign_id text, draw int, rank int, state int, now time) -> count
update ugc_winner set state = :state, answered_at = :now
 where workspace_id = :workspace and campaign_id = :campaign_id and draw = :draw and rank = :rank and state in (1, 5);

-- name: winner_up (workspace text, campaign_id text, draw int, rank int, prize int) -> count
update ugc_winner set state = 0, prize = :prize where workspace_id = :workspace and campaign_id = :campaign_id and draw = :draw and rank = :rank and state = 4;
