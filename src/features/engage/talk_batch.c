/* Rows and threads of a batch: see talk_batch.h. */
#include "engage/talk_batch.h"
#include "engage/thread.sql.h"

void
hib_talk_batch_init(HibTalkBatch *batch, HibDb *db, const char *account, const char *network,
                    HibSla *sla)
{
    *batch = (HibTalkBatch){.db = db,
                            .account = account,
                            .network = network,
                            .sla = sla,
                            .rows = g_array_new(FALSE, FALSE, sizeof(HibSqlTalkAddIn)),
                            .files = g_array_new(FALSE, FALSE, sizeof(HibTalkBatchFiles)),
                            .remotes = g_hash_table_new(g_str_hash, g_str_equal),
                            .parents = g_hash_table_new(g_str_hash, g_str_equal),
                            .threads = g_hash_table_new(g_str_hash, g_str_equal),
                            .ids = g_hash_table_new(g_str_hash, g_str_equal),
                            .order = g_ptr_array_new(),
                            .uncounted = g_hash_table_new(g_str_hash, g_str_equal)};
}

void
hib_talk_batch_clear(HibTalkBatch *batch)
{
    if (!batch->rows)
        return;
    g_array_unref(batch->rows);
    g_array_unref(batch->files);
    g_hash_table_unref(batch->remotes);
    g_hash_table_unref(batch->parents);
    g_hash_table_unref(batch->threads);
    g_hash_table_unref(batch->ids);
    g_ptr_array_unref(batch->order);
    g_hash_table_unref(batch->uncounted);
    batch->rows = NULL;
}

void
hib_talk_batch_count_later(HibTalkBatch *batch, const char *thread)
{
    if (thread)
        g_hash_table_add(batch->uncounted, (char *)(uintptr_t)thread);
}

static const char *
or_empty(const char *text)
{
    return text ? text : "";
}

static const int64_t *
kept(HibTalkBatch *batch, bool has, int64_t value)
{
    int64_t *copy = has ? hib_arena_new0(hib_db_arena(batch->db), int64_t) : NULL;
    if (copy)
        *copy = value;
    return copy;
}

/* --- rows ------------------------------------------------------------------------------------------------------------------------ */
void
hib_talk_batch_add(HibTalkBatch *batch, const HibNetTalk *talk, const char *id, const char *thread,
                   const char *text, const HibTalkReading *reading)
{
    HibArena *arena = hib_db_arena(batch->db);
    const HibInstant now = hib_db_now(batch->db);
    const bool is = reading->is_read, is_gone = talk->is_deleted;
    double *probability = hib_arena_new0(arena, double);
    *probability = reading->probability;
    const HibSqlTalkAddIn row = {
        .id = id,
        .thread_id = thread,
        .account_id = batch->account,
        .remote_id = talk->remote_id,
        .kind = talk->kind,
        .text = text,
        .post_remote_id = talk->post_id,
        .parent_id = talk->parent_id,
        .conversation = talk->conversation,
        .author_id = or_empty(talk->author_id),
        .author_handle = or_empty(talk->author_handle),
        .author_name = or_empty(talk->author_name),
        .url = or_empty(talk->url),
        .reply_token = is_gone ? NULL : talk->reply_token,
        .at = talk->at ? talk->at : now,
        .received_at = now,
        .is_own = talk->is_own,
        .is_deleted = is_gone,
        .edited_at = kept(batch, talk->is_edited, now),
        .attachments =
            is_gone ? NULL
                    : hib_net_attachments_text(arena, talk->attachments, talk->n_attachments),
        .sentiment = kept(batch, is, reading->sentiment),
        .intent = kept(batch, is, reading->intent),
        .likely_intent = kept(batch, is, reading->likely_intent),
        .probability = is ? probability : NULL,
        .urgency = kept(batch, is, reading->urgency),
        .reasons = is ? reading->reasons : NULL,
        .because_from = kept(batch, is, reading->from),
        .because_to = kept(batch, is, reading->to),
    };
    g_array_append_val(batch->rows, row);
    g_hash_table_replace(batch->remotes, (char *)(uintptr_t)talk->remote_id,
                         (char *)(uintptr_t)thread);
    if (talk->parent_id)
        g_hash_table_add(batch->parents, (char *)(uintptr_t)talk->parent_id);
    if (!is_gone && talk->n_attachments) {
        const HibTalkBatchFiles files = {id, talk->attachments, talk->n_attachments};
        g_array_append_val(batch->files, files);
    }
}

/* --- threads --------------------------------------------------------------------------------------------------------------------- */
static void
promise(HibTalkBatch *batch, HibThreadNow *now)
{
    const HibInstant due = hib_sla_due(batch->sla, now->waiting_since, (int)now->urgency);
    now->has_due_at = due != 0;
    now->due_at = due;
}

static HibThreadState *
keep(HibTalkBatch *batch, const char *key, const HibThreadNow *now)
{
    HibThreadState *thread = hib_arena_new0(hib_db_arena(batch->db), HibThreadState);
    thread->key = key;
    if (now)
        thread->now = *now;
    g_hash_table_replace(batch->threads, (char *)(uintptr_t)key, thread);
    if (now)
        g_hash_table_replace(batch->ids, (char *)(uintptr_t)now->id, thread);
    g_ptr_array_add(batch->order, thread);
    return thread;
}

HibThreadState *
hib_talk_batch_thread(HibTalkBatch *batch, const char *key, const HibThreadNow *now,
                      const HibNetTalk *talk, const char *id, const char *text,
                      const HibTalkReading *reading)
{
    HibThreadState *thread = keep(batch, key, now);
    if (now)
        return thread;
    HibArena *arena = hib_db_arena(batch->db);
    const HibInstant at = talk->at ? talk->at : hib_db_now(batch->db);
    const bool is_own = talk->is_own, waits = !is_own && !talk->is_deleted,
               is = waits && reading->is_read;
    thread->now = (HibThreadNow){.id = id,
                                 .with_id = is_own ? "" : or_empty(talk->author_id),
                                 .last_at = at,
                                 .n_talk = !talk->is_deleted,
                                 .n_waiting = waits,
                                 .waiting_since = at,
                                 .has_waiting_since = waits,
                                 .answered_at = at,
                                 .has_answered_at = is_own,
                                 .urgency = is ? reading->urgency : 0,
                                 .urgent_id = waits ? id : NULL,
                                 .sentiment = reading->sentiment,
                                 .has_sentiment = is,
                                 .intent = reading->intent,
                                 .has_intent = is,
                                 .status = is_own ? HIB_THREAD_WAITING : HIB_THREAD_OPEN};
    if (waits)
        promise(batch, &thread->now);
    g_hash_table_replace(batch->ids, (char *)(uintptr_t)id, thread);
    thread->made = hib_arena_new0(arena, HibSqlThreadAddIn);
    *thread->made = (HibSqlThreadAddIn){
        .id = id,
        .account_id = batch->account,
        .network = batch->network,
        .kind = talk->kind,
        .key = key,
        .post_remote_id = talk->post_id,
        .with_id = thread->now.with_id,
        .with_handle = is_own ? "" : or_empty(talk->author_handle),
        .with_name = is_own ? "" : or_empty(talk->author_name),
        .first_at = at,
        .is_own = is_own,
    };
    thread->last_text = hib_thread_excerpt(arena, text);
    return thread;
}

/* A thread is here once, whatever led to it: what was said in it until now counts for both ways. */
static HibThreadState *
known(HibTalkBatch *batch, const char *key, const HibThreadNow *now)
{
    HibThreadState *thread = now ? g_hash_table_lookup(batch->ids, now->id) : NULL;
    return thread || !now ? thread : keep(batch, key, now);
}

static bool
find_key(HibTalkBatch *batch, const char *key, HibThreadState **ret, GError **error)
{
    HibSqlThreadNow *now = NULL;
    *ret = g_hash_table_lookup(batch->threads, key);
    if (!*ret && !hib_sql_thread_by_key(batch->db, batch->account, key, &now, error))
        return false;
    if (!*ret)
        *ret = known(batch, key, now);
    return true;
}

static bool
find_id(HibTalkBatch *batch, const char *id, HibThreadState **ret, GError **error)
{
    HibSqlThreadNow *now = NULL;
    *ret = g_hash_table_lookup(batch->ids, id);
    if (!*ret && !hib_sql_thread_now(batch->db, id, &now, error))
        return false;
    if (!*ret)
        *ret = known(batch, hib_arena_printf(hib_db_arena(batch->db), "i:%s", id), now);
    return true;
}

bool
hib_talk_batch_place(HibTalkBatch *batch, const HibNetTalk *talk, HibThreadState **ret,
                     const char **ret_key, GError **error)
{
    HibThreadParent parent = {0};
    *ret = NULL;
    if (talk->kind != HIB_TALK_MESSAGE && talk->parent_id)
        parent.thread = g_hash_table_lookup(batch->remotes, talk->parent_id);
    if (!parent.thread && !hib_thread_parent(batch->db, batch->account, talk, &parent, error))
        return false;
    if (parent.thread && !find_id(batch, parent.thread, ret, error))
        return false;
    *ret_key = hib_thread_key(batch->db, talk, *ret != NULL, &parent);
    return *ret || find_key(batch, *ret_key, ret, error);
}

bool
hib_talk_batch_tell(HibTalkBatch *batch, HibThreadState *thread, const HibNetTalk *talk,
                    const char *id, const char *text, const HibTalkReading *reading)
{
    HibThreadNow *now = &thread->now;
    const HibInstant at = talk->at ? talk->at : hib_db_now(batch->db);
    const bool is_last = at >= now->last_at && (!now->has_answered_at || at > now->answered_at);
    if (!is_last || !*now->with_id || g_hash_table_contains(batch->uncounted, now->id))
        return false;
    const bool is_first = !now->n_waiting, is_urgent = is_first || reading->urgency > now->urgency;
    const int level = hib_sla_level((int)now->urgency);
    if (is_first)
        now->waiting_since = at;
    if (is_urgent) {
        now->has_sentiment = now->has_intent = reading->is_read;
        now->sentiment = reading->sentiment;
        now->intent = reading->intent;
        now->urgency = reading->urgency;
        now->urgent_id = id;
    }
    now->has_waiting_since = true;
    now->last_at = at;
    now->n_talk++;
    now->n_waiting++;
    now->status = HIB_THREAD_OPEN;
    if (is_first || level != hib_sla_level((int)now->urgency))
        promise(batch, now);
    thread->last_text = hib_thread_excerpt(hib_db_arena(batch->db), text);
    return true;
}

/* --- writing --------------------------------------------------------------------------------------------------------------------- */
/* Points into the state, which stays until the rows are written. */
static HibSqlThreadAddIn
made_row(const HibThreadState *thread)
{
    const HibThreadNow *now = &thread->now;
    HibSqlThreadAddIn row = *thread->made;
    row.last_at = now->last_at;
    row.last_text = thread->last_text;
    row.n_talk = now->n_talk;
    row.n_waiting = now->n_waiting;
    row.waiting_since = now->has_waiting_since ? &now->waiting_since : NULL;
    row.answered_at = now->has_answered_at ? &now->answered_at : NULL;
    row.sentiment = now->has_sentiment ? &now->sentiment : NULL;
    row.intent = now->has_intent ? &now->intent : NULL;
    row.urgency = now->urgency;
    row.urgent_id = now->urgent_id;
    row.rank = hib_thread_rank(now->n_waiting, now->urgency, now->waiting_since, now->last_at);
    row.status = now->status;
    row.due_at = now->has_due_at ? &now->due_at : NULL;
    return row;
}

static HibSqlThreadToldIn
told_row(const HibThreadState *thread)
{
    const HibThreadNow *now = &thread->now;
    return (HibSqlThreadToldIn){
        .id = now->id,
        .last_at = now->last_at,
        .last_text = thread->last_text,
        .n_talk = now->n_talk,
        .n_waiting = now->n_waiting,
        .waiting_since = now->has_waiting_since ? &now->waiting_since : NULL,
        .sentiment = now->has_sentiment ? &now->sentiment : NULL,
        .intent = now->has_intent ? &now->intent : NULL,
        .urgency = now->urgency,
        .urgent_id = now->urgent_id,
        .rank = hib_thread_rank(now->n_waiting, now->urgency, now->waiting_since, now->last_at),
        .due_at = now->has_due_at ? &now->due_at : NULL,
    };
}

static bool
write_threads(HibTalkBatch *batch, GError **error)
{
    HibArena *arena = hib_db_arena(batch->db);
    HibSqlThreadAddIn *made = hib_arena_array(arena, HibSqlThreadAddIn, batch->order->len + 1);
    HibSqlThreadToldIn *told = hib_arena_array(arena, HibSqlThreadToldIn, batch->order->len + 1);
    size_t n_made = 0, n_told = 0;
    for (guint i = 0; i < batch->order->len; i++) {
        const HibThreadState *thread = batch->order->pdata[i];
        if (thread->made)
            made[n_made++] = made_row(thread);
        else if (thread->last_text)
            told[n_told++] = told_row(thread);
    }
    return (!n_made || hib_sql_thread_add_many(batch->db, made, n_made, error)) &&
           (!n_told || hib_sql_thread_told_many(batch->db, told, n_told, error));
}

static bool
write_files(HibTalkBatch *batch, GError **error)
{
    for (guint i = 0; i < batch->files->len; i++) {
        const HibTalkBatchFiles *files = &g_array_index(batch->files, HibTalkBatchFiles, i);
        if (!hib_attached_take(batch->db, batch->account, files->talk, files->rows, files->n,
                               error))
            return false;
    }
    return true;
}

bool
hib_talk_batch_write(HibTalkBatch *batch, GError **error)
{
    const HibSqlTalkAddIn *rows = (const HibSqlTalkAddIn *)(const void *)batch->rows->data;
    if (!write_threads(batch, error) ||
        (batch->rows->len && !hib_sql_talk_add_many(batch->db, rows, batch->rows->len, error)) ||
        !write_files(batch, error))
        return false;
    g_array_set_size(batch->rows, 0);
    g_array_set_size(batch->files, 0);
    g_hash_table_remove_all(batch->remotes);
    g_hash_table_remove_all(batch->parents);
    g_hash_table_remove_all(batch->threads);
    g_hash_table_remove_all(batch->ids);
    g_ptr_array_set_size(batch->order, 0);
    return true;
}
