/* Storing what was said: once, whoever tells it how often; read as it comes in, and put into its thread.
 *
 * Many are stored in one transaction. The usual case, somebody says one thing more after all the others, changes its thread by one statement; what is own,
 * late, edited or taken away has its thread counted anew, once at the end however much of it came. */
#include "base/error.h"
#include "engage/desk.h"
#include "engage/engage_private.h"
#include "engage/talk.sql.h"
#include "engage/talk_batch.h"
#include "engage/thread.sql.h"
#include "store/search.h"
#include <string.h>

#define KEPT_CHARACTERS 10000 /* of one thing said: more than any network takes */
#define INDEX_NOW 250         /* more than this at once is found a moment later */

typedef struct {
    HibDb *db;
    HibTalkBatch batch;
    const HibTalkReading *readings; /* of all that is taken */
    const HibClassifierLearnt *learnt;
    GPtrArray *heard;   /* ids of what others said: rules look at it */
    GHashTable *gone;   /* who was deleted since; NULL: nobody */
    GPtrArray *unfound; /* id, text, id, text …: to be put into the full text */
    size_t n_new, n_changed;
} Taking;

static const char *
cut(HibDb *db, const char *text)
{
    if (!text)
        return "";
    if (strlen(text) <= KEPT_CHARACTERS || g_utf8_strlen(text, -1) <= KEPT_CHARACTERS)
        return text;
    const char *end = g_utf8_offset_to_pointer(text, KEPT_CHARACTERS);
    return hib_arena_strndup(hib_db_arena(db), text, (size_t)(end - text));
}

static const char *
text_of(HibDb *db, const HibNetTalk *talk)
{
    return talk->is_deleted ? "" : cut(db, talk->text);
}

static void
count_later(Taking *in, const char *thread)
{
    hib_talk_batch_count_later(&in->batch, thread);
}

static const char *
or_empty(const char *text)
{
    return text ? text : "";
}

/* --- something new ------------------------------------------------------------------------------------------------------------ */
static void
note_new(Taking *in, const HibNetTalk *talk, const char *id, const char *text)
{
    in->n_new++;
    if (!talk->is_own && !talk->is_deleted)
        g_ptr_array_add(in->heard, (char *)(uintptr_t)id);
    if (*text) {
        g_ptr_array_add(in->unfound, (char *)(uintptr_t)id);
        g_ptr_array_add(in->unfound, (char *)(uintptr_t)text);
    }
}

/* One thing more that somebody else said, of which nothing must be in the store first. */
static bool
take_said(Taking *in, const HibNetTalk *talk, const char *text, const HibTalkReading *reading,
          GError **error)
{
    HibTalkBatch *batch = &in->batch;
    HibThreadState *thread;
    const char *key, *id = hib_db_new_id(in->db);
    if (!hib_talk_batch_place(batch, talk, &thread, &key, error))
        return false;
    if (!thread)
        hib_talk_batch_thread(batch, key, NULL, talk, id, text, reading);
    else if (!hib_talk_batch_tell(batch, thread, talk, id, text, reading)) {
        count_later(in, thread->now.id);
        if (!thread->made && !hib_sql_thread_opened(in->db, thread->now.id, error))
            return false;
    }
    hib_talk_batch_add(batch, talk, id, thread ? thread->now.id : id, text, reading);
    note_new(in, talk, id, text);
    return true;
}

/* One thing more in a thread that is there. */
static bool
go_on(Taking *in, const char *key, const HibThreadNow *now, const HibNetTalk *talk, const char *id,
      const char *text, const HibTalkReading *reading, GError **error)
{
    if (!talk->is_own && !talk->is_deleted &&
        hib_talk_batch_tell(&in->batch,
                            hib_talk_batch_thread(&in->batch, key, now, talk, id, text, reading),
                            talk, id, text, reading))
        return true;
    count_later(in, now->id);
    return talk->is_deleted || (talk->is_own ? hib_sql_thread_answered(in->db, now->id, error)
                                             : hib_sql_thread_opened(in->db, now->id, error));
}

static bool
take_new(Taking *in, const HibNetTalk *talk, const char *text, const HibTalkReading *reading,
         GError **error)
{
    HibDb *db = in->db;
    const HibThreadNow *now;
    const char *key, *id = hib_db_new_id(db);
    size_t n_gathered;
    if (!hib_thread_place(db, in->batch.account, talk, &now, &key, error))
        return false;
    if (!now)
        hib_talk_batch_thread(&in->batch, key, NULL, talk, id, text, reading);
    else if (!go_on(in, key, now, talk, id, text, reading, error))
        return false;
    hib_talk_batch_add(&in->batch, talk, id, now ? now->id : id, text, reading);
    note_new(in, talk, id, text);
    if (!hib_talk_batch_write(&in->batch, error) ||
        !hib_thread_gather(db, in->batch.account, talk, now ? now->id : id, &n_gathered, error))
        return false;
    if (n_gathered)
        count_later(in, now ? now->id : id);
    return true;
}

/* --- told again -------------------------------------------------------------------------------------------------------------------- */
/* Taken away before it was read: now somebody says who said it and where. */
static bool
name_it(Taking *in, const HibSqlTalkKnown *known, const HibNetTalk *talk, GError **error)
{
    if (*known->author_id || talk->is_deleted || !talk->author_id)
        return true;
    return hib_sql_talk_named(in->db, known->id, talk->kind, talk->post_id, talk->parent_id,
                              talk->conversation, talk->author_id, or_empty(talk->author_handle),
                              or_empty(talk->author_name), talk->at, error);
}

static bool
is_same_with(Taking *in, const HibSqlTalkKnown *known, const HibNetTalk *talk)
{
    return hib_attached_is_same(in->db, known->attachments, talk->attachments, talk->n_attachments);
}

/* What came with it is another thing now: fetched anew. */
static bool
edit_files(Taking *in, const HibSqlTalkKnown *known, const HibNetTalk *talk, GError **error)
{
    return is_same_with(in, known, talk) ||
           (hib_attached_drop(in->db, known->id, error) &&
            hib_attached_take(in->db, in->batch.account, known->id, talk->attachments,
                              talk->n_attachments, error));
}

static bool
edit(Taking *in, const HibSqlTalkKnown *known, const HibNetTalk *talk, const char *text,
     GError **error)
{
    HibDb *db = in->db;
    HibInstant now = hib_db_now(db);
    HibTalkReading reading = {.reasons = ""};
    const char *attachments =
        hib_net_attachments_text(hib_db_arena(db), talk->attachments, talk->n_attachments);
    bool is_first_told = !known->attachments && g_str_equal(known->text, text);
    if (!edit_files(in, known, talk, error) ||
        !hib_sql_talk_edited(db, known->id, text, is_first_told ? NULL : &now, attachments,
                             error) ||
        !hib_search_put(db, HIB_SEARCH_TALK, known->id, hib_talk_folded(hib_db_arena(db), text),
                        error))
        return false;
    if (!known->is_own) {
        hib_talk_classify(in->learnt, hib_db_arena(db), text, &reading);
        if (!hib_talk_set_reading(db, known->id, &reading, error))
            return false;
    }
    count_later(in, known->thread_id);
    in->n_changed++;
    return true;
}

static bool
take_again(Taking *in, const HibSqlTalkKnown *known, const HibNetTalk *talk, const char *text,
           GError **error)
{
    if (known->is_deleted)
        return name_it(in, known, talk, error);
    if (talk->is_deleted) {
        count_later(in, known->thread_id);
        in->n_changed++;
        return hib_attached_drop(in->db, known->id, error) &&
               hib_sql_talk_gone(in->db, known->id, error) &&
               hib_search_drop(in->db, HIB_SEARCH_TALK, known->id, error);
    }
    return (g_str_equal(known->text, text) && is_same_with(in, known, talk)) ||
           edit(in, known, talk, text, error);
}

/* Others said it, and nothing that answers it came before: the batch holds it until all is written. */
static bool
can_wait(Taking *in, const HibNetTalk *talk, bool *ret, GError **error)
{
    bool is_followed = g_hash_table_contains(in->batch.parents, talk->remote_id);
    *ret = false;
    if (talk->is_own || talk->is_deleted || is_followed)
        return true;
    if (!hib_thread_is_followed(in->db, in->batch.account, talk, &is_followed, error))
        return false;
    *ret = !is_followed;
    return true;
}

static bool
take_one(Taking *in, const HibNetTalk *talk, const HibTalkReading *reading, GError **error)
{
    HibSqlTalkKnown *known = NULL;
    HibSqlTalkEcho *echo = NULL;
    if (!talk->remote_id || !*talk->remote_id)
        return true;
    const char *text = text_of(in->db, talk);
    const bool is_here = g_hash_table_contains(in->batch.remotes, talk->remote_id);
    bool waits = false;
    if (!is_here && !hib_sql_talk_known(in->db, in->batch.account, talk->remote_id, &known, error))
        return false;
    if (!is_here && !known && !can_wait(in, talk, &waits, error))
        return false;
    if (waits)
        return take_said(in, talk, text, reading, error);
    if (!hib_talk_batch_write(&in->batch, error) ||
        (is_here &&
         !hib_sql_talk_known(in->db, in->batch.account, talk->remote_id, &known, error)) ||
        (talk->is_own && !known &&
         !hib_sql_talk_echo(in->db, in->batch.account, talk->remote_id, &echo, error)))
        return false;
    if (echo)
        return true;
    return known ? take_again(in, known, talk, text, error)
                 : take_new(in, talk, text, reading, error);
}

/* --- all of it ------------------------------------------------------------------------------------------------------------------- */
/* Before the transaction: on SQLite nobody else writes while it is open. */
static const HibTalkReading *
read_all(HibDb *db, const HibClassifierLearnt *learnt, const HibNetTalk *talk, size_t n)
{
    HibTalkReading *out = hib_arena_array(hib_db_arena(db), HibTalkReading, n + 1);
    for (size_t i = 0; i < n; i++)
        if (talk[i].is_own || talk[i].is_deleted)
            out[i] = (HibTalkReading){.reasons = ""};
        else
            hib_talk_classify(learnt, hib_db_arena(db), text_of(db, &talk[i]), &out[i]);
    return out;
}

static bool
count_all(Taking *in, GError **error)
{
    GHashTableIter iter;
    void *thread;
    g_hash_table_iter_init(&iter, in->batch.uncounted);
    while (g_hash_table_iter_next(&iter, &thread, NULL))
        if (!hib_thread_refresh(in->db, thread, error))
            return false;
    return true;
}

/* A few are found at once; many are left to a job, so that storing them waits for no index. */
static bool
index_all(Taking *in, GError **error)
{
    const char **all = (const char **)in->unfound->pdata;
    const guint n = in->unfound->len;
    if (n > 2 * INDEX_NOW)
        return hib_talk_index_later(in->db, all[0], all[n - 2], error);
    for (guint i = 0; i < n; i += 2)
        if (!hib_search_put(in->db, HIB_SEARCH_TALK, all[i],
                            hib_talk_folded(hib_db_arena(in->db), all[i + 1]), error))
            return false;
    return true;
}

static bool
take_all(Taking *in, const HibNetTalk *talk, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++)
        if (!hib_talk_is_gone(in->db, in->gone, in->batch.account, &talk[i]) &&
            !take_one(in, &talk[i], &in->readings[i], error))
            return false;
    return hib_talk_batch_write(&in->batch, error) && count_all(in, error) &&
           index_all(in, error) &&
           hib_moderation_run(in->db, (const char *const *)in->heard->pdata, in->heard->len, error);
}

bool
hib_engage_store(HibDb *db, const char *account, const HibNetTalk *talk, size_t n, size_t *ret_n,
                 GError **error)
{
    HibAccount *about;
    HibSla sla;
    g_autoptr(HibClassifierLearnt) learnt = NULL;
    g_autoptr(GPtrArray) heard = g_ptr_array_new();
    g_autoptr(GPtrArray) unfound = g_ptr_array_new();
    g_autoptr(GHashTable) gone = NULL;
    *ret_n = 0;
    if (!hib_talk_learnt(db, &learnt, error))
        return false;
    Taking in = {.db = db,
                 .readings = read_all(db, learnt, talk, n),
                 .learnt = learnt,
                 .heard = heard,
                 .unfound = unfound};
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_thread_lock_account(db, account, error) ||
        !hib_accounts_find(db, account, &about, error) || !hib_sla_load(db, &sla, error) ||
        !hib_talk_gone_load(db, account, talk, n, &gone, error))
        return false;
    in.gone = gone;
    hib_talk_batch_init(&in.batch, db, account, about ? about->network : "", &sla);
    const bool ok = take_all(&in, talk, n, error);
    hib_talk_batch_clear(&in.batch);
    *ret_n = in.n_new;
    if (!ok ||
        (in.n_new + in.n_changed && !hib_event_emit(db, "talk.received", account, NULL, error)))
        return false;
    return hib_tx_commit(tx, error);
}

bool
hib_engage_hear(HibDb *db, const char *account, const HibNetTalk *talk, size_t n, GError **error)
{
    size_t n_new;
    return hib_engage_store(db, account, talk, n, &n_new, error);
}
