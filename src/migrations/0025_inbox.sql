-- The inbox: what was said stands in threads, with what was read out of it; what networks told waits in batches.

-- One conversation. A DM or LINE chat is one; a comment with its replies; a mention with what follows it.
create table engage_thread (
    workspace_id   TEXT not null,
    id             TEXT not null,
    account_id     TEXT not null,
    network        TEXT not null,
    kind           I64 not null,    -- of its first word: 0 comment, 1 mention, 2 message
    key            TEXT not null,   -- 'm:' and where an answer goes, 'c:' and the remote id of the first word
    post_remote_id TEXT,            -- the own post it stands under
    with_id        TEXT not null,   -- who began it: the network's id, handle and name
    with_handle    TEXT not null,
    with_name      TEXT not null,
    first_at       I64 not null,
    last_at        I64 not null,
    last_text      TEXT not null,   -- its beginning
    last_is_own    BOOL not null,
    n_talk         I64 not null,    -- without what was taken away
    n_waiting      I64 not null,    -- said by others since our last answer
    waiting_since  I64,             -- the oldest of these; null: nothing waits
    answered_at    I64,             -- our last word, here or elsewhere
    sentiment      I64,             -- of what waits, the most urgent one's reading (core/text/classify.h); null: nothing waits
    intent         I64,
    urgency        I64 not null,    -- 0..100; 0: nothing waits
    urgent_id      TEXT,            -- whose reading that is
    rank           I64 not null,    -- the inbox's order: most urgent first, then waiting longest, then the newest of the rest
    status         I64 not null,    -- 0 open, 1 waiting for them, 2 done
    assignee_id    TEXT,            -- person
    snoozed_until  I64,
    due_at         I64,             -- when an answer is promised at the latest
    version        I64 not null,    -- grows with each change
    primary key (workspace_id, id),
    unique (workspace_id, account_id, key)
);
create index engage_thread_rank on engage_thread (workspace_id, rank, id);
create index engage_thread_last on engage_thread (workspace_id, last_at, id);
create index engage_thread_due on engage_thread (workspace_id, due_at) where due_at is not null;
create index engage_thread_snoozed on engage_thread (workspace_id, snoozed_until) where snoozed_until is not null;
create index engage_thread_assignee on engage_thread (workspace_id, assignee_id, rank) where assignee_id is not null;
create index engage_thread_with on engage_thread (workspace_id, account_id, with_id);
create index engage_thread_post on engage_thread (workspace_id, account_id, post_remote_id) where post_remote_id is not null;

create table engage_thread_tag (
    workspace_id TEXT not null,
    thread_id    TEXT not null,
    tag          TEXT not null,
    primary key (workspace_id, thread_id, tag)
);
create index engage_thread_tag_tag on engage_thread_tag (workspace_id, tag, thread_id);

alter table engage_talk add column thread_id TEXT;            -- null only while it is being stored
alter table engage_talk add column edited_at I64;             -- its author changed it; the last words are kept
alter table engage_talk add column attachments TEXT;          -- JSON, see engage_private.h; null: none
alter table engage_talk add column sentiment I64;             -- the reading; null: own words, or nothing to read
alter table engage_talk add column intent I64;
alter table engage_talk add column urgency I64;               -- 0..100
alter table engage_talk add column likely_intent I64;         -- where the intent is unsure
alter table engage_talk add column probability F64;           -- of the likely intent
alter table engage_talk add column reasons TEXT;              -- why it is urgent: names of hib_urgency_reasons, a comma between
alter table engage_talk add column because_from I64;          -- the bytes of the text that speak most for it
alter table engage_talk add column because_to I64;
alter table engage_talk add column corrected_by TEXT;         -- person whose reading this is; null: the machine's
alter table engage_talk add column is_hidden BOOL not null default false; -- at the network, by us
create index engage_talk_thread on engage_talk (workspace_id, thread_id, at, id);
create index engage_talk_parent on engage_talk (workspace_id, account_id, parent_id) where parent_id is not null;
create index engage_talk_conversation on engage_talk (workspace_id, account_id, conversation) where conversation is not null;
create index engage_talk_author on engage_talk (workspace_id, account_id, author_id, at);

-- Each answer from here: engage_talk.answer_id is only the last one.
create table engage_answer (
    workspace_id TEXT not null,
    delivery_id  TEXT not null,
    talk_id      TEXT not null,
    thread_id    TEXT not null,
    at           I64 not null,
    person_id    TEXT,
    primary key (workspace_id, delivery_id)
);
create index engage_answer_thread on engage_answer (workspace_id, thread_id, at);

-- What a workspace taught: the model's own bytes (core/text/classify.h) and each correction it came from.
create table engage_learnt (
    workspace_id TEXT not null,
    version      I64 not null,
    weights      BYTES not null,
    changed_at   I64 not null,
    primary key (workspace_id)
);
create table engage_correction (
    workspace_id TEXT not null,
    talk_id      TEXT not null,
    text         TEXT not null,   -- as it was when it was corrected
    sentiment    I64,             -- null: that part was not corrected
    intent       I64,
    person_id    TEXT,
    at           I64 not null,
    primary key (workspace_id, talk_id)
);

-- What was there already: a chat is a thread, a comment or mention with all that follows it is one. A thread has the id of its first word.
update engage_talk set thread_id = (select min(f.id) from engage_talk f where f.workspace_id = engage_talk.workspace_id and f.account_id = engage_talk.account_id
                                                                        and f.conversation = engage_talk.conversation and f.kind = 2)
 where kind = 2 and conversation is not null;
update engage_talk set thread_id = (
    with recursive up (id, parent_id, depth) as (
        select engage_talk.id, engage_talk.parent_id, 0
        union all
        select p.id, p.parent_id, up.depth + 1
          from up join engage_talk p on p.workspace_id = engage_talk.workspace_id and p.account_id = engage_talk.account_id and p.remote_id = up.parent_id
         where p.kind <> 2 and up.depth < 100)
    select up.id from up order by up.depth desc limit 1)
 where kind <> 2;
update engage_talk set thread_id = id where thread_id is null;

insert into engage_answer (workspace_id, delivery_id, talk_id, thread_id, at)
    select t.workspace_id, min(t.answer_id), t.id, min(t.thread_id), min(t.received_at)
      from engage_talk t where t.answer_id is not null group by t.workspace_id, t.id;

insert into engage_thread (workspace_id, id, account_id, network, kind, key, post_remote_id, with_id, with_handle, with_name, first_at, last_at, last_text,
                           last_is_own, n_talk, n_waiting, waiting_since, answered_at, urgency, rank, status, version)
    select r.workspace_id, r.id, r.account_id, coalesce(a.network, ''), r.kind,
           case when r.kind = 2 then 'm:' || coalesce(r.conversation, r.id) else 'c:' || r.remote_id end,
           r.post_remote_id, r.author_id, r.author_handle, r.author_name, r.at, r.at, '', false, 0, 0, null, null, 0, 0, 0, 1
      from engage_talk r left join accounts_account a on a.workspace_id = r.workspace_id and a.id = r.account_id
     where r.thread_id = r.id;
-- What a thread holds together is counted by the program, once, thread by thread: rank 0 says that it was not yet.
create index engage_thread_uncounted on engage_thread (workspace_id, id) where rank = 0;
drop index engage_talk_conversation;

-- What networks told of talk waits for a job that takes many at once; what it said goes from here when it stands in engage_talk.
alter table accounts_hook_event add column is_waiting BOOL not null default false;
create index accounts_hook_event_waiting on accounts_hook_event (workspace_id, account_id, received_at, id) where is_waiting;

-- Threads and talk as other features' statements may see them.
create view engage_v_thread as
    select workspace_id, id, account_id, network, kind, post_remote_id, with_id, with_handle, with_name, first_at, last_at, last_text, n_talk, n_waiting,
           waiting_since, sentiment, intent, urgency, status, assignee_id, due_at from engage_thread;
create view engage_v_talk as
    select workspace_id, id, thread_id, account_id, kind, remote_id, text, post_remote_id, parent_id, conversation, author_id, author_handle, author_name, url,
           at, received_at, is_own, is_deleted, is_hidden, edited_at, attachments, sentiment, intent, urgency, answer_id from engage_talk;
