-- The statements of what a campaign asks of those who take part, and of asking the networks whether they did it.

-- name: condition_places (workspace text, campaign_id text) -> many (account_id text, network text)
-- Where people took part.
select account_id, network from ugc_entry where workspace_id = :workspace and campaign_id = :campaign_id group by account_id, network order by account_id, network;

-- name: probe_add (workspace text, campaign_id text, account_id text, network text, deed int, post text, ended_at time?, next_at time, fault text) -> none
insert into ugc_probe (workspace_id, campaign_id, account_id, network, deed, post, cursor, n_read, ended_at, next_at, fault, said)
values (:workspace, :campaign_id, :account_id, :network, :deed, :post, '', 0, :ended_at, :next_at, :fault, '') on conflict do nothing;

-- name: probe_list (workspace text, campaign_id text)
--       -> many (account_id text, network text, deed int, post text, cursor text, n_read int, begun_at time?, ended_at time?, next_at time, fault text, said text)
select account_id, network, deed, post, cursor, n_read, begun_at, ended_at, next_at, fault, said
  from ugc_probe where workspace_id = :workspace and campaign_id = :campaign_id order by network, account_id, deed, post;

-- name: probe_put (workspace text, campaign_id text, account_id text, deed int, post text, cursor text, n_read int, begun_at time?, ended_at time?, next_at time, fault text,
--       said text) -> count
-- Nothing of what comes after somebody gave it up.
update ugc_probe set cursor = :cursor, n_read = :n_read, begun_at = :begun_at, ended_at = :ended_at, next_at = :next_at, fault = :fault, said = :said
 where workspace_id = :workspace and campaign_id = :campaign_id and account_id = :account_id and deed = :deed and post = :post and ended_at is null;

-- name: probe_soon (workspace text, campaign_id text, now time) -> none
update ugc_probe set next_at = :now where workspace_id = :workspace and campaign_id = :campaign_id and ended_at is null;

-- name: probe_end (workspace text, campaign_id text, now time) -> none
-- Somebody will not wait any longer.
update ugc_probe set ended_at = :now, fault = 'given_up' where workspace_id = :workspace and campaign_id = :campaign_id and ended_at is null;

-- name: condition_people (workspace text, campaign_id text, network text, account_id text?, after text, most int) -> many (author_id text)
-- Whom to ask about next: those who could win so far.
select author_id from ugc_entry
 where workspace_id = :workspace and campaign_id = :campaign_id and network = :network and author_id > :after and reason in (0, 3)
   and (:account_id is null or account_id = :account_id)
 group by author_id order by author_id limit :most;

-- name: fact_put (workspace text, campaign_id text, network text, account_id text?, author_id text, deed int, outcome int, at time) -> none
-- Of all entries of a person who could win so far. What another account was told before is kept where it was done.
insert into ugc_fact (workspace_id, campaign_id, entry_id, deed, outcome, at)
select e.workspace_id, e.campaign_id, e.id, :deed, :outcome, :at from ugc_entry e
 where e.workspace_id = :workspace and e.campaign_id = :campaign_id and e.network = :network and e.author_id = :author_id and e.reason in (0, 3)
   and (:account_id is null or e.account_id = :account_id)
on conflict (workspace_id, campaign_id, entry_id, deed) do update set outcome = excluded.outcome, at = excluded.at where ugc_fact.outcome <> 1;

-- name: fact_rest (workspace text, campaign_id text, network text, account_id text?, deed int, outcome int, at time) -> none
-- Of everybody of whom nothing was said.
insert into ugc_fact (workspace_id, campaign_id, entry_id, deed, outcome, at)
select e.workspace_id, e.campaign_id, e.id, :deed, :outcome, :at from ugc_entry e
 where e.workspace_id = :workspace and e.campaign_id = :campaign_id and e.reason in (0, 3) and (:network = '' or e.network = :network)
   and (:account_id is null or e.account_id = :account_id)
on conflict do nothing;

-- name: contest_checking (workspace text, id text, closes_at time, closed_at time) -> count
update ugc_campaign set state = 4, closes_at = :closes_at, closed_at = :closed_at, version = version + 1 where workspace_id = :workspace and id = :id and state = 1;

-- name: contest_settle (workspace text, id text, entries_hash text) -> count
update ugc_campaign set state = 2, entries_hash = :entries_hash, version = version + 1 where workspace_id = :workspace and id = :id and state = 4;
