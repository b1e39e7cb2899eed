-- The statements that change a delivery. Each names the state it starts from, so that who comes second changes nothing and sees it.

-- name: work_get (workspace text, id text)
--       -> one Work (id text, post_id text, account_id text, network text, text text, lang text?, n_media int, kind int, part int, n_following int, reply_to text?,
--          reply_root text?, reply_token text?, format int, title text?, options text?, recipient text?, is_advertising bool, is_own_brand bool,
--          is_ai_made bool, quota text?, quota_takes int?, state int, version int,
--          due_at time, late_from time, next_at time?, remote_key text?, handle_at time?, created_at time?, progress text, is_dispatched bool,
--          job_id text?, busy_until time?, failures int, reads int, sent_at time?, n_siblings int)
select d.id, coalesce(d.post_id, '') as post_id, d.account_id, d.network, d.text, d.lang, d.n_media, d.kind, d.part, d.n_following, d.reply_to, d.reply_root,
       d.reply_token, d.format, d.title, d.options, d.recipient, d.is_advertising, d.is_own_brand, d.is_ai_made, d.quota, d.quota_takes,
       d.state, d.version,
       d.due_at, d.late_from, d.next_at, d.remote_key, d.handle_at, d.created_at, d.progress, d.is_dispatched,
       d.job_id, d.busy_until, d.failures, d.reads, d.sent_at,
       (select count(*) from publish_delivery s where s.workspace_id = d.workspace_id and s.post_id = d.post_id and s.kind = 0)
  from publish_delivery d where d.workspace_id = :workspace and d.id = :id;

-- name: work_claim (workspace text, id text, version int, remote_key text, handle_at time, created_at time, fingerprint text, is_dispatched bool,
--       sent_at time?, job_id text, busy_until time, n_calls int) -> count
-- The step before the network: the switch is asked in the same statement, and whether the post is approved.
update publish_delivery
   set state = 1, remote_key = :remote_key, handle_at = :handle_at, created_at = :created_at, fingerprint = :fingerprint, is_dispatched = :is_dispatched,
       sent_at = :sent_at, job_id = :job_id, busy_until = :busy_until, attempts = attempts + :n_calls, next_at = null, held_at = null, reads = 0
 where workspace_id = :workspace and id = :id and state = 0 and version = :version
   and not exists (select 1 from publish_hold h where h.workspace_id = :workspace and h.is_held
                      and (h.scope = 0 or (h.scope = 3 and not exists (select 1 from publish_cleared k where k.workspace_id = :workspace and k.post_id = publish_delivery.post_id)) or 
                           (h.scope = 1 and h.subject_id = publish_delivery.account_id)
                           or (h.scope = 2 and h.subject_id = (select c.campaign_id from plan_v_campaign_post c
                                where c.workspace_id = :workspace and c.post_id = publish_delivery.post_id))))
   and not exists (select 1 from plan_v_unapproved u where u.workspace_id = :workspace and u.post_id = publish_delivery.post_id);

-- name: work_dispatch (workspace text, id text, job_id text, sent_at time, busy_until time) -> count
-- Its pictures are uploaded: asks the switch once more.
update publish_delivery
   set is_dispatched = true, sent_at = :sent_at, busy_until = :busy_until, attempts = attempts + 1
 where workspace_id = :workspace and id = :id and state = 1 and job_id = :job_id and not is_dispatched
   and not exists (select 1 from publish_hold h where h.workspace_id = :workspace and h.is_held
                      and (h.scope = 0 or (h.scope = 3 and not exists (select 1 from publish_cleared k where k.workspace_id = :workspace and k.post_id = publish_delivery.post_id)) or 
                           (h.scope = 1 and h.subject_id = publish_delivery.account_id)
                           or (h.scope = 2 and h.subject_id = (select c.campaign_id from plan_v_campaign_post c
                                where c.workspace_id = :workspace and c.post_id = publish_delivery.post_id))));

-- name: work_keep (workspace text, id text, job_id text, progress text, busy_until time) -> count
update publish_delivery set progress = :progress, busy_until = :busy_until
 where workspace_id = :workspace and id = :id and state = 1 and job_id = :job_id;

-- name: work_take_over (workspace text, id text, was_busy_until time?, job_id text, busy_until time) -> count
-- A run that was cut short is continued by another job.
update publish_delivery set job_id = :job_id, busy_until = :busy_until
 where workspace_id = :workspace and id = :id and state = 1 and (busy_until is not distinct from :was_busy_until);

-- name: work_conclude (workspace text, id text, from_state int, version int, job_id text?, state int, next_at time?, sent_at time?, is_dispatched bool,
--       published_at time?, remote_id text?, is_found bool, url text?, failures int, reads int, n_uncalled int, is_new_handle bool, progress text?, error_class int?, error_status int?,
--       error_code text?, error_message text?, error_at time?) -> count
update publish_delivery
   set state = :state, next_at = :next_at, sent_at = :sent_at, is_dispatched = :is_dispatched, published_at = :published_at,
       remote_id = :remote_id, is_found = :is_found, url = :url, failures = :failures, reads = :reads, busy_until = null,
       attempts = attempts - :n_uncalled,
       remote_key = case when :is_new_handle then null else remote_key end,
       progress = case when :is_new_handle then '{}' when :progress is null then progress else :progress end,
       error_class = :error_class, error_status = :error_status, error_code = :error_code, error_message = :error_message,
       error_at = :error_at
 where workspace_id = :workspace and id = :id and state = :from_state and version = :version and (:job_id is null or job_id = :job_id);

-- name: work_mark_held (workspace text, id text, now time) -> count
update publish_delivery set held_at = :now
 where workspace_id = :workspace and id = :id and state = 0 and held_at is null;

-- name: work_post_states (workspace text, post text)
--       -> one (n_waiting int, n_sending int, n_published int, n_failed int, n_unknown int)
select count(*) filter (where state = 0), count(*) filter (where state = 1), count(*) filter (where state = 2),
       count(*) filter (where state = 3), count(*) filter (where state = 4)
  from publish_delivery where workspace_id = :workspace and post_id = :post and kind = 0;

-- name: work_add (workspace text, id text, post_id text, account_id text, network text, handle text, text text, lang text?,
--       n_media int, kind int, part int, parent_id text?, n_following int, reply_to text?, reply_root text?, reply_token text?, format int,
--       title text?, options text?, recipient text?, is_advertising bool, is_own_brand bool, is_ai_made bool, due_at time, late_from time)
--       -> count
-- None when it is there already.
insert into publish_delivery (workspace_id, id, post_id, account_id, network, handle, text, lang, n_media, kind, part, parent_id, n_following,
                              reply_to, reply_root, reply_token, format, title, options, recipient, is_advertising, is_own_brand, is_ai_made,
                              state, version, due_at, late_from, progress, is_dispatched, is_found, attempts, failures, reads)
values (:workspace, :id, nullif(:post_id, ''), :account_id, :network, :handle, :text, :lang, :n_media, :kind, :part, :parent_id, :n_following,
        :reply_to, :reply_root, :reply_token, :format, :title, :options, :recipient, :is_advertising, :is_own_brand, :is_ai_made,
        0, 1, :due_at, :late_from, '{}', false, false, 0, 0, 0)
on conflict do nothing;

-- name: work_insert (workspace text, id text, post_id text, account_id text, network text, handle text, text text, lang text?, n_media int,
--       n_following int, format int, title text?, options text?, recipient text?, is_advertising bool, is_own_brand bool, is_ai_made bool,
--       price_micros int?, currency text?, quota text?, quota_takes int?, due_at time, late_from time) -> none
-- Of a post that is new itself: nothing can be there already.
-- many: yes
insert into publish_delivery (workspace_id, id, post_id, account_id, network, handle, text, lang, n_media, kind, part, n_following, format, title,
                              options, recipient, is_advertising, is_own_brand, is_ai_made, price_micros, currency, quota, quota_takes, state,
                              version, due_at, late_from, progress, is_dispatched, is_found, attempts, failures, reads)
values (:workspace, :id, :post_id, :account_id, :network, :handle, :text, :lang, :n_media, 0, 0, :n_following, :format, :title,
        :options, :recipient, :is_advertising, :is_own_brand, :is_ai_made, :price_micros, :currency, :quota, :quota_takes, 0,
        1, :due_at, :late_from, '{}', false, false, 0, 0, 0);

-- name: work_plan (workspace text, id text, from_state int, handle text, text text, lang text?, n_media int, n_following int, format int,
--       title text?, options text?, recipient text?, is_advertising bool, is_own_brand bool, is_ai_made bool, due_at time, late_from time)
--       -> count
-- A person moved, changed or revived it. The handle stays: should an earlier effect exist after all, this one falls onto it.
update publish_delivery
   set state = 0, version = version + 1, handle = :handle, text = :text, lang = :lang, n_media = :n_media, n_following = :n_following,
       format = :format, title = :title, options = :options, recipient = :recipient, is_advertising = :is_advertising,
       is_own_brand = :is_own_brand, is_ai_made = :is_ai_made, due_at = :due_at,
       late_from = :late_from, next_at = null, held_at = null, created_at = null, progress = '{}', failures = 0, reads = 0,
       sent_at = null, is_dispatched = false, error_class = null, error_status = null, error_code = null, error_message = null,
       error_at = null
 where workspace_id = :workspace and id = :id and state = :from_state;

-- name: work_cancel (workspace text, id text) -> count
update publish_delivery set state = 5, version = version + 1, next_at = null, held_at = null
 where workspace_id = :workspace and id = :id and state in (0, 3);

-- name: work_retry (workspace text, id text, now time) -> count
update publish_delivery set state = 0, version = version + 1, late_from = :now, next_at = :now, held_at = null, failures = 0, reads = 0
 where workspace_id = :workspace and id = :id and state = 3;

-- name: work_read_again (workspace text, id text, now time) -> count
update publish_delivery set next_at = :now, reads = 0 where workspace_id = :workspace and id = :id and state = 4;

-- name: work_of_account (workspace text, account text, state int)
--       -> many (id text, post_id text, kind int, due_at time, error_class int?)
select id, coalesce(post_id, '') as post_id, kind, due_at, error_class from publish_delivery
 where workspace_id = :workspace and account_id = :account and state = :state order by due_at, id;

-- name: work_taken (workspace text, id text, account text, since time)
--       -> many (remote_id text)
-- What other deliveries of the account have become, lately.
select remote_id from publish_delivery
 where workspace_id = :workspace and account_id = :account and remote_id is not null and published_at >= :since and id <> :id
 order by published_at desc limit 1000;

-- name: work_holder (workspace text, account text, remote_id text)
--       -> one (id text, is_found bool)
select id, is_found from publish_delivery where workspace_id = :workspace and account_id = :account and remote_id = :remote_id;

-- name: work_unclaim (workspace text, id text, next_at time) -> count
-- What it was taken for has turned out to be another delivery's: its outcome is open again.
update publish_delivery set state = 4, remote_id = null, url = null, is_found = false, published_at = null, next_at = :next_at, reads = 0,
       error_class = 3, error_status = 0, error_code = 'publish.other_post', error_message = '', error_at = :next_at
 where workspace_id = :workspace and id = :id and state = 2 and is_found;

-- name: work_removed (workspace text, id text, now time) -> count
update publish_delivery set removed_at = :now where workspace_id = :workspace and id = :id and state = 2 and removed_at is null;

-- name: work_edited (workspace text, id text, text text, remote_id text, url text?) -> count
update publish_delivery set text = :text, remote_id = :remote_id, url = :url
 where workspace_id = :workspace and id = :id and state = 2 and removed_at is null;

-- name: work_unapproved (workspace text, post_id text) -> one (post_id text)
select post_id from plan_v_unapproved where workspace_id = :workspace and post_id = :post_id;

-- name: work_all_unapproved (workspace text, most int) -> many (post_id text)
select post_id from plan_v_unapproved where workspace_id = :workspace limit :most;
