-- Accounts of others.

-- name: rival_list (workspace text)
--       -> many RivalRow (id text, network text, remote_id text, handle text, handle_before text, name text, url text, followers int?, posts int?, covers_from time, state int, reason text, read_at time, next_at time, failures int, hides_followers bool)
select id, network, remote_id, handle, handle_before, name, url, followers, posts, covers_from, state, reason, read_at, next_at, failures, hides_followers
  from measure_rival where workspace_id = :workspace order by id;

-- name: rival_get (workspace text, id text)
--       -> one RivalRow (id text, network text, remote_id text, handle text, handle_before text, name text, url text, followers int?, posts int?, covers_from time, state int, reason text, read_at time, next_at time, failures int, hides_followers bool)
select id, network, remote_id, handle, handle_before, name, url, followers, posts, covers_from, state, reason, read_at, next_at, failures, hides_followers
  from measure_rival where workspace_id = :workspace and id = :id;

-- name: rival_find (workspace text, network text, remote_id text) -> one (id text)
select id from measure_rival where workspace_id = :workspace and network = :network and remote_id = :remote_id;

-- name: rival_n (workspace text) -> one (n int)
select count(*) as n from measure_rival where workspace_id = :workspace;

-- name: rival_insert (workspace text, id text, network text, remote_id text, handle text, now time, by text?) -> none
insert into measure_rival (workspace_id, id, network, remote_id, handle, handle_before, name, url, covers_from, state, reason, read_at, next_at, failures, created_at, created_by)
values (:workspace, :id, :network, :remote_id, :handle, '', '', '', :now, 0, '', :now, :now, 0, :now, :by);

-- name: rival_set (workspace text, id text, handle text, handle_before text, name text, url text, followers int?, posts int?, covers_from time, state int, reason text, read_at time, next_at time, failures int, hides_followers bool) -> none
update measure_rival
   set handle = :handle, handle_before = :handle_before, name = :name, url = :url, followers = :followers, posts = :posts, covers_from = :covers_from, state = :state, reason = :reason,
       read_at = :read_at, next_at = :next_at, failures = :failures, hides_followers = :hides_followers
 where workspace_id = :workspace and id = :id;

-- name: rival_post_set (workspace text, rival text, remote_id text, published_at time, engagements int) -> none
insert into measure_rival_post (workspace_id, rival_id, remote_id, published_at, engagements)
values (:workspace, :rival, :remote_id, :published_at, :engagements)
on conflict (workspace_id, rival_id, remote_id) do update set published_at = excluded.published_at, engagements = excluded.engagements;

-- name: rival_day_set (workspace text, rival text, day int, followers int) -> none
insert into measure_rival_day (workspace_id, rival_id, day, followers) values (:workspace, :rival, :day, :followers)
on conflict (workspace_id, rival_id, day) do update set followers = excluded.followers;

-- name: rival_posts (workspace text, rival text, from time, until time) -> one (posts int, engagements int)
select count(*) as posts, cast(coalesce(sum(engagements), 0) as bigint) as engagements from measure_rival_post
 where workspace_id = :workspace and rival_id = :rival and published_at >= :from and published_at < :until;

-- name: rival_post_list (workspace text, rival text, from time, until time, most int) -> many (remote_id text, published_at time, engagements int)
select remote_id, published_at, engagements from measure_rival_post
 where workspace_id = :workspace and rival_id = :rival and published_at >= :from and published_at < :until
 order by engagements desc, published_at desc, remote_id limit :most;

-- name: rival_first_day (workspace text, rival text, from int) -> one (day int, followers int)
select day, followers from measure_rival_day where workspace_id = :workspace and rival_id = :rival and day >= :from order by day limit 1;

-- name: rival_own_posts (workspace text, from time, until time, account text) -> one (posts int, told int, engagements int)
select count(*) as posts, count(as_of) as told, cast(coalesce(sum(coalesce(likes, 0) + coalesce(reposts, 0) + coalesce(replies, 0) + coalesce(quotes, 0)), 0) as bigint) as engagements from measure_post
 where workspace_id = :workspace and published_at >= :from and published_at < :until and account_id = :account;

-- name: rival_cost_add (workspace text, network text, day int, accounts int, posts int, micros int) -> none
insert into measure_rival_cost (workspace_id, network, day, n_accounts, n_posts, micros) values (:workspace, :network, :day, :accounts, :posts, :micros)
on conflict (workspace_id, network, day) do update
   set n_accounts = measure_rival_cost.n_accounts + excluded.n_accounts, n_posts = measure_rival_cost.n_posts + excluded.n_posts, micros = measure_rival_cost.micros + excluded.micros;

-- name: rival_cost_sum (workspace text, network text, from int) -> one (micros int)
select cast(coalesce(sum(micros), 0) as bigint) as micros from measure_rival_cost where workspace_id = :workspace and network = :network and day >= :from;

-- name: rival_delete (workspace text, id text) -> count
delete from measure_rival where workspace_id = :workspace and id = :id;

-- name: rival_delete_posts (workspace text, id text) -> none
delete from measure_rival_post where workspace_id = :workspace and rival_id = :id;

-- name: rival_delete_days (workspace text, id text) -> none
delete from measure_rival_day where workspace_id = :workspace and rival_id = :id;
