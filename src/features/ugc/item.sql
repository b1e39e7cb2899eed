-- The statements of what customers posted, and of what is asked about it.

-- name: ugc_setting (workspace text) -> one (tags text, mentions bool, wording text, yes_words text, no_words text, networks text, most_a_day int, talk_id text, version int)
select tags, mentions, wording, yes_words, no_words, networks, most_a_day, talk_id, version from ugc_setting where workspace_id = :workspace;

-- name: ugc_setting_put (workspace text, tags text, mentions bool, wording text, yes_words text, no_words text, networks text, most_a_day int, talk_id text,
--       version int) -> count
-- Only over the version the writer saw; 0: there was none.
insert into ugc_setting (workspace_id, tags, mentions, wording, yes_words, no_words, networks, most_a_day, talk_id, version)
values (:workspace, :tags, :mentions, :wording, :yes_words, :no_words, :networks, :most_a_day, :talk_id, 1)
on conflict (workspace_id) do update set tags = excluded.tags, mentions = excluded.mentions, wording = excluded.wording, yes_words = excluded.yes_words,
   no_words = excluded.no_words, networks = excluded.networks, most_a_day = excluded.most_a_day, talk_id = excluded.talk_id, version = ugc_setting.version + 1 where ugc_setting.version = :version;

-- name: ugc_setting_at (workspace text, talk_id text) -> none
update ugc_setting set talk_id = :talk_id where workspace_id = :workspace;

-- name: ugc_talk_after (workspace text, after text, most int)
--       -> many UgcTalk (id text, account_id text, kind int, text text, post_remote_id text?, author_id text, author_handle text, author_name text, url text, at time,
--          is_own bool, is_deleted bool, attachments text?)
-- In the order it was heard.
select id, account_id, kind, text, post_remote_id, author_id, author_handle, author_name, url, at, is_own, is_deleted, attachments
  from engage_v_talk where workspace_id = :workspace and id > :after order by id limit :most;

-- name: ugc_talk (workspace text, id text)
--       -> one UgcTalk (id text, account_id text, kind int, text text, post_remote_id text?, author_id text, author_handle text, author_name text, url text, at time,
--          is_own bool, is_deleted bool, attachments text?)
select id, account_id, kind, text, post_remote_id, author_id, author_handle, author_name, url, at, is_own, is_deleted, attachments
  from engage_v_talk where workspace_id = :workspace and id = :id;

-- name: ugc_item_add (workspace text, id text, talk_id text?, account_id text?, network text, url text, text text, author_id text, author_handle text,
--       author_name text, attachments text?, posted_at time, found_at time) -> count
insert into ugc_item (workspace_id, id, talk_id, account_id, network, url, text, author_id, author_handle, author_name, attachments, posted_at, found_at, state,
                      purpose, places, proof, version)
values (:workspace, :id, :talk_id, :account_id, :network, :url, :text, :author_id, :author_handle, :author_name, :attachments, :posted_at, :found_at, 0,
        '', '', '', 1)
on conflict do nothing;

-- name: ugc_item_get (workspace text, id text)
--       -> one UgcItemRow (id text, talk_id text?, account_id text?, network text, url text, text text, author_id text, author_handle text, author_name text, attachments text?,
--          posted_at time, found_at time, state int, purpose text, places text, until_day text?, asked_at time?, asked_text text?, delivery_id text?, asked_state int?,
--          answer_id text?, answer int?, answer_text text?, answer_url text?, answer_at time?, proof text, media_id text?, remote_id text?, tag text,
--          version int)
select i.id, i.talk_id, i.account_id, i.network, i.url, i.text, i.author_id, i.author_handle, i.author_name, i.attachments, i.posted_at, i.found_at, i.state,
       i.purpose, i.places, i.until_day, i.asked_at, i.asked_text, i.delivery_id, d.state as asked_state, i.answer_id, i.answer, t.text as answer_text,
       t.url as answer_url, t.at as answer_at, i.proof, i.media_id, i.remote_id, i.tag, i.version
  from ugc_item i left join publish_v_delivery d on d.workspace_id = i.workspace_id and d.id = i.delivery_id
  left join engage_v_talk t on t.workspace_id = i.workspace_id and t.id = i.answer_id
 where i.workspace_id = :workspace and i.id = :id;

-- name: ugc_item_list (workspace text, before_at time, before_id text, state int?, most int)
--       -> many UgcItemRow (id text, talk_id text?, account_id text?, network text, url text, text text, author_id text, author_handle text, author_name text, attachments text?,
--          posted_at time, found_at time, state int, purpose text, places text, until_day text?, asked_at time?, asked_text text?, delivery_id text?, asked_state int?,
--          answer_id text?, answer int?, answer_text text?, answer_url text?, answer_at time?, proof text, media_id text?, remote_id text?, tag text,
--          version int)
select i.id, i.talk_id, i.account_id, i.network, i.url, i.text, i.author_id, i.author_handle, i.author_name, i.attachments, i.posted_at, i.found_at, i.state,
       i.purpose, i.places, i.until_day, i.asked_at, i.asked_text, i.delivery_id, d.state as asked_state, i.answer_id, i.answer, t.text as answer_text,
       t.url as answer_url, t.at as answer_at, i.proof, i.media_id, i.remote_id, i.tag, i.version
  from ugc_item i left join publish_v_delivery d on d.workspace_id = i.workspace_id and d.id = i.delivery_id
  left join engage_v_talk t on t.workspace_id = i.workspace_id and t.id = i.answer_id
 where i.workspace_id = :workspace and (i.found_at, i.id) < (:before_at, :before_id) and (:state is null or i.state = :state)
 order by i.found_at desc, i.id desc limit :most;

-- name: ugc_item_waiting (workspace text) -> one (n int)
select count(*) as n from ugc_item where workspace_id = :workspace and state = 1 and answer_id is not null;

-- name: ugc_item_ask (workspace text, id text, version int, purpose text, places text, until_day text?, asked_at time, asked_text text, delivery_id text) -> count
update ugc_item set state = 1, purpose = :purpose, places = :places, until_day = :until_day, asked_at = :asked_at, asked_text = :asked_text,
       delivery_id = :delivery_id, answer_id = null, answer = null, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version;

-- name: ugc_item_unanswered (workspace text)
--       -> many (item_id text, talk_id text, text text)
-- What authors said since they were asked (by our clock: networks have their own), where they were asked; the newest last.
select i.id as item_id, t.id as talk_id, t.text
  from ugc_item i join engage_v_talk x on x.workspace_id = i.workspace_id and x.id = i.talk_id
  left join publish_v_delivery d on d.workspace_id = i.workspace_id and d.id = i.delivery_id
  join engage_v_talk t on t.workspace_id = i.workspace_id and t.account_id = i.account_id and t.author_id = i.author_id and t.received_at > i.asked_at
                      and not t.is_own and not t.is_deleted and t.id <> i.talk_id
                      and (t.thread_id = x.thread_id or t.parent_id = d.remote_id or t.conversation = x.conversation)
 where i.workspace_id = :workspace and i.state = 1 and (i.answer_id is null or t.id > i.answer_id) order by t.id;

-- name: ugc_item_answer (workspace text, id text, answer_id text, answer int) -> count
-- A plain yes or no stays when something unclear follows it.
update ugc_item set answer_id = :answer_id, answer = :answer, version = version + 1
 where workspace_id = :workspace and id = :id and state = 1 and (answer_id is null or answer = 0 or :answer <> 0);

-- name: ugc_item_decide (workspace text, id text, version int, state int, until_day text?, proof text, decided_at time) -> count
update ugc_item set state = :state, until_day = :until_day, proof = :proof, decided_at = :decided_at, version = version + 1
 where workspace_id = :workspace and id = :id and version = :version;

-- name: ugc_item_media (workspace text, id text, media_id text) -> count
-- The first taker's medium stays.
update ugc_item set media_id = :media_id, version = version + 1 where workspace_id = :workspace and id = :id and media_id is null and state = 2;

-- name: ugc_item_expire (workspace text, id text, today text, now time) -> count
update ugc_item set state = 4, decided_at = :now, version = version + 1
 where workspace_id = :workspace and id = :id and state = 2 and until_day < :today;

-- name: ugc_step_add (workspace text, item_id text, id text, at time, kind int, text text, ref text?, person_id text?) -> none
insert into ugc_step (workspace_id, item_id, id, at, kind, text, ref, person_id) values (:workspace, :item_id, :id, :at, :kind, :text, :ref, :person_id);

-- name: ugc_steps (workspace text, item_id text) -> many (at time, kind int, text text, ref text?, person_name text?)
select s.at, s.kind, s.text, s.ref, p.name as person_name from ugc_step s left join team_v_person p on p.id = s.person_id
 where s.workspace_id = :workspace and s.item_id = :item_id order by s.id;

-- name: ugc_uses (workspace text, media_id text) -> many (post_id text, state int, text text, created_by text?)
select distinct post_id, state, text, created_by from plan_v_media where workspace_id = :workspace and media_id = :media_id order by post_id limit 100;
