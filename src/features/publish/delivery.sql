-- Deliveries: the queue as it is read. The statements that change one are in work.sql.

-- name: delivery_get (workspace text, id text)
--       -> one DeliveryRow (id text, post_id text, account_id text, network text, handle text, text text, kind int, part int, parent_id text?, format int, title text?, state int, due_at time, late_from time,
--          held_at time?, sent_at time?, published_at time?, removed_at time?, next_at time?, attempts int, remote_id text?, url text?,
--          error_class int?, error_status int?, error_code text?, error_message text?, error_at time?)
select id, coalesce(post_id, '') as post_id, account_id, network, handle, text, kind, part, parent_id, format, title, state, due_at, late_from, held_at, sent_at,
       published_at, removed_at, next_at, attempts, remote_id, url, error_class, error_status, error_code, error_message, error_at
  from publish_delivery
 where workspace_id = :workspace and id = :id;

-- name: delivery_of_post (workspace text, post text)
--       -> many DeliveryRow (id text, post_id text, account_id text, network text, handle text, text text, kind int, part int, parent_id text?, format int, title text?, state int, due_at time, late_from time,
--          held_at time?, sent_at time?, published_at time?, removed_at time?, next_at time?, attempts int, remote_id text?, url text?,
--          error_class int?, error_status int?, error_code text?, error_message text?, error_at time?)
select id, coalesce(post_id, '') as post_id, account_id, network, handle, text, kind, part, parent_id, format, title, state, due_at, late_from, held_at, sent_at,
       published_at, removed_at, next_at, attempts, remote_id, url, error_class, error_status, error_code, error_message, error_at
  from publish_delivery
 where workspace_id = :workspace and post_id = :post
 order by account_id, part;

-- name: delivery_list_due (workspace text, until time, after_due time, after_id text, most int)
--       -> many DeliveryRow (id text, post_id text, account_id text, network text, handle text, text text, kind int, part int, parent_id text?, format int, title text?, state int, due_at time, late_from time,
--          held_at time?, sent_at time?, published_at time?, removed_at time?, next_at time?, attempts int, remote_id text?, url text?,
--          error_class int?, error_status int?, error_code text?, error_message text?, error_at time?)
select id, coalesce(post_id, '') as post_id, account_id, network, handle, text, kind, part, parent_id, format, title, state, due_at, late_from, held_at, sent_at,
       published_at, removed_at, next_at, attempts, remote_id, url, error_class, error_status, error_code, error_message, error_at
  from publish_delivery
 where workspace_id = :workspace and (due_at, id) > (:after_due, :after_id) and due_at < :until
 order by due_at, id limit :most;

-- name: delivery_list_newest (workspace text, from time, after_due time, after_id text, most int)
--       -> many DeliveryRow (id text, post_id text, account_id text, network text, handle text, text text, kind int, part int, parent_id text?, format int, title text?, state int, due_at time, late_from time,
--          held_at time?, sent_at time?, published_at time?, removed_at time?, next_at time?, attempts int, remote_id text?, url text?,
--          error_class int?, error_status int?, error_code text?, error_message text?, error_at time?)
select id, coalesce(post_id, '') as post_id, account_id, network, handle, text, kind, part, parent_id, format, title, state, due_at, late_from, held_at, sent_at,
       published_at, removed_at, next_at, attempts, remote_id, url, error_class, error_status, error_code, error_message, error_at
  from publish_delivery
 where workspace_id = :workspace and (due_at, id) < (:after_due, :after_id) and due_at >= :from
 order by due_at desc, id desc limit :most;

-- name: delivery_list_state_due (workspace text, state int, until time, after_due time, after_id text, most int)
--       -> many DeliveryRow (id text, post_id text, account_id text, network text, handle text, text text, kind int, part int, parent_id text?, format int, title text?, state int, due_at time, late_from time,
--          held_at time?, sent_at time?, published_at time?, removed_at time?, next_at time?, attempts int, remote_id text?, url text?,
--          error_class int?, error_status int?, error_code text?, error_message text?, error_at time?)
select id, coalesce(post_id, '') as post_id, account_id, network, handle, text, kind, part, parent_id, format, title, state, due_at, late_from, held_at, sent_at,
       published_at, removed_at, next_at, attempts, remote_id, url, error_class, error_status, error_code, error_message, error_at
  from publish_delivery
 where workspace_id = :workspace and state = :state and (due_at, id) > (:after_due, :after_id) and due_at < :until
 order by due_at, id limit :most;

-- name: delivery_list_state_newest (workspace text, state int, from time, after_due time, after_id text, most int)
--       -> many DeliveryRow (id text, post_id text, account_id text, network text, handle text, text text, kind int, part int, parent_id text?, format int, title text?, state int, due_at time, late_from time,
--          held_at time?, sent_at time?, published_at time?, removed_at time?, next_at time?, attempts int, remote_id text?, url text?,
--          error_class int?, error_status int?, error_code text?, error_message text?, error_at time?)
select id, coalesce(post_id, '') as post_id, account_id, network, handle, text, kind, part, parent_id, format, title, state, due_at, late_from, held_at, sent_at,
       published_at, removed_at, next_at, attempts, remote_id, url, error_class, error_status, error_code, error_message, error_at
  from publish_delivery
 where workspace_id = :workspace and state = :state and (due_at, id) < (:after_due, :after_id) and due_at >= :from
 order by due_at desc, id desc limit :most;

-- name: delivery_counts (workspace text)
--       -> many (state int, n int)
select state, count(*) from publish_delivery where workspace_id = :workspace group by state;

-- name: delivery_n_waiting (workspace text)
--       -> one (n int)
select count(*) from publish_delivery where workspace_id = :workspace and state = 0;

-- name: delivery_insert_past (workspace text, id text, post_id text, account_id text, network text, handle text, text text, state int,
--       due_at time, sent_at time?, published_at time?, attempts int, remote_id text?, url text?, error_class int?, error_status int?,
--       error_code text?, error_message text?, error_at time?) -> none
insert into publish_delivery (workspace_id, id, post_id, account_id, network, handle, text, n_media, kind, part, n_following, format,
                              is_advertising, is_own_brand, is_ai_made, state, version, due_at, late_from, progress, is_dispatched, is_found,
                              attempts, failures, reads, sent_at, published_at, remote_id, url,
                              error_class, error_status, error_code, error_message, error_at)
values (:workspace, :id, :post_id, :account_id, :network, :handle, :text, 0, 0, 0, 0, 0, false, false, false, :state, 1, :due_at, :due_at,
        '{}', false, false, :attempts, 0, 0, :sent_at, :published_at, :remote_id, :url,
        :error_class, :error_status, :error_code, :error_message, :error_at);

-- name: step_add (workspace text, delivery text, at time, what int, name text?, detail text?) -> none
insert into publish_step (workspace_id, delivery_id, seq, at, what, name, detail)
select :workspace, :delivery, coalesce(max(seq), 0) + 1, :at, :what, :name, :detail
  from publish_step where workspace_id = :workspace and delivery_id = :delivery;

-- name: step_first (workspace text, delivery text, at time, what int, detail text?) -> none
-- many: yes
insert into publish_step (workspace_id, delivery_id, seq, at, what, name, detail)
values (:workspace, :delivery, 1, :at, :what, null, :detail);

-- name: step_list (workspace text, delivery text)
--       -> many (at time, what int, name text?, detail text?)
select at, what, name, detail from publish_step where workspace_id = :workspace and delivery_id = :delivery order by seq;

-- name: delivery_texts (workspace text, network text, from time, until time, most int) -> many (post_id text, text text, due_at time)
-- What goes or went to a network as a post of its own.
select coalesce(post_id, '') as post_id, text, due_at from publish_delivery
 where workspace_id = :workspace and due_at > :from and due_at < :until and network = :network and kind = 0 and state in (0, 1, 2, 4) and removed_at is null
 order by due_at, id limit :most;

-- name: answer_forget (workspace text, id text) -> count
-- To whom it went; our own words stay. One that waits is not sent any more; one on its way ends first.
update publish_delivery set recipient = null, reply_to = null, reply_root = null, reply_token = null, options = null, progress = '{}', url = null, error_message = null, state = case when state = 0 then 5 else state end
 where workspace_id = :workspace and id = :id and state in (0, 2, 3, 5);

-- name: answer_left (workspace text, id text) -> one (n int)
select count(*) as n from publish_delivery where workspace_id = :workspace and id = :id and coalesce(recipient, reply_to, reply_token) is not null;
