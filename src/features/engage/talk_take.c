/* Storing what was said: once, whoever tells it how often; read as it comes in, and put into its thread.
 *
 * Many are stored in one transaction. The usual case, somebody says one thing more after all the others, changes its thread by one statement; what is own,
 * late, edited or taken away has its thread counted anew, once at the end however much of it came. */
#include "base/error.h"
#include "engage/desk.h"
#include "engage/engage_private.h"
#include "engage/hours.sql.h"
#include "engage/talk.sql.h"
#include "engage/thread.sql.h"
#include "store/search.h"

#define KEPT_CHARACTERS 10000 /* of one thing said: more than any network takes */

typedef struct {
    HibDb *db;
    const char *account, *network;
    const HibClassifierLearnt *learnt;
    const HibSla *sla;
    GHashTable *uncounted; /* threads to count at the end; keys in the arena */
    GPtrArray *heard;      /* ids of what others said: rules look at it */
    size_t n_new, n_changed;
} Taking;

static const char *
cut(HibDb *db, const char *text)
{
    if (!text)
        return "";
    if (g_utf8_strlen(text, -1) <= KEPT_CHARACTERS)
        return text;
    const char *end = g_utf8_offset_to_pointer(text, KEPT_CHARACTERS);
    return hib_arena_strndup(hib_db_arena(db), text, (size_t)(end - text));
}

static void
count_later(Taking *in, const char *thread)
{
    if (thread)
        g_hash_table_add(in->uncounted, (char *)(uintptr_t)thread);
}

static const char *
or_empty(const char *text)
{
    return text ? text : "";
}

static bool
add_row(Taking *in, const HibNetTalk *talk, const char *id, const char *thread, const char *text,
        const HibTalkReading *reading, bool *ret_is_new, GError **error)
{
    HibDb *db = in->db;
    HibInstant now = hib_db_now(db), at = talk->at ? talk->at : now;
    int64_t sentiment = reading->sentiment, intent = reading->intent,
            likely = reading->likely_intent, urgency = reading->urgency, added = 0;
    bool is = reading->is_read;
    const char *attachments =
        talk->is_deleted
            ? NULL
            : hib_net_attachments_text(hib_db_arena(db), talk->attachments, talk->n_attachments);
    if (!hib_sql_talk_add(
            db, id, thread, in->account, talk->remote_id, talk->kind, text, talk->post_id,
            talk->parent_id, talk->conversation, or_empty(talk->author_id),
            or_empty(talk->author_handle), or_empty(talk->author_name), or_empty(talk->url),
            talk->is_deleted ? NULL : talk->reply_token, at, now, talk->is_own, talk->is_deleted,
            talk->is_edited ? &now : NULL, attachments, is ? &sentiment : NULL, is ? &intent : NULL,
            is ? &likely : NULL, is ? &reading->probability : NULL, is ? &urgency : NULL,
            is ? reading->reasons : NULL, is ? &reading->from : NULL, is ? &reading->to : NULL,
            &added, error))
        return false;
    *ret_is_new = added > 0;
    if (added && attachments &&
        !hib_attached_take(db, in->account, id, talk->attachments, talk->n_attachments, error))
        return false;
    return !added || !*text ||
           hib_search_put(db, HIB_SEARCH_TALK, id, hib_talk_folded(hib_db_arena(db), text), error);
}

/* Until when an answer is promised to what waits since then. */
static bool
promise(Taking *in, const char *thread, HibInstant since, int64_t urgency, GError **error)
{
    int64_t changed;
    HibInstant due = hib_sla_due(in->sla, since, (int)urgency);
    return hib_sql_hours_set_due(in->db, thread, due ? &due : NULL, &changed, error);
}

/* --- the thread of something new ---------------------------------------------------------------------------------------------- */
static bool
begin_thread(Taking *in, const HibNetTalk *talk, const char *id, const char *key, const char *text,
             const HibTalkReading *reading, GError **error)
{
    HibDb *db = in->db;
    HibInstant at = talk->at ? talk->at : hib_db_now(db);
    int64_t sentiment = reading->sentiment, intent = reading->intent;
    bool is_own = talk->is_own, waits = !is_own && !talk->is_deleted,
         is = waits && reading->is_read;
    int urgency = is ? reading->urgency : 0;
    bool is_added = hib_sql_thread_add(
        db, id, in->account, in->network, talk->kind, key, talk->post_id,
        is_own ? "" : or_empty(talk->author_id), is_own ? "" : or_empty(talk->author_handle),
        is_own ? "" : or_empty(talk->author_name), at, hib_thread_excerpt(hib_db_arena(db), text),
        is_own, !talk->is_deleted, waits, waits ? &at : NULL, is_own ? &at : NULL,
        is ? &sentiment : NULL, is ? &intent : NULL, urgency, waits ? id : NULL,
        hib_thread_rank(waits, urgency, at, at), is_own ? HIB_THREAD_WAITING : HIB_THREAD_OPEN,
        error);
    return is_added && (!waits || promise(in, id, at, urgency, error));
}

static bool
go_on(Taking *in, const HibThreadNow *now, const HibNetTalk *talk, const char *id, const char *text,
      const HibTalkReading *reading, GError **error)
{
    HibDb *db = in->db;
    HibInstant at = talk->at ? talk->at : hib_db_now(db);
    bool is_known = !g_hash_table_contains(in->uncounted, now->id);
    bool is_last = at >= now->last_at && (!now->has_answered_at || at > now->answered_at);
    if (talk->is_own || talk->is_deleted || !is_last || !is_known || !*now->with_id) {
        count_later(in, now->id);
        return talk->is_deleted || (talk->is_own ? hib_sql_thread_answered(db, now->id, error)
                                                 : hib_sql_thread_opened(db, now->id, error));
    }
    int64_t sentiment = reading->sentiment, intent = reading->intent, urgency = reading->urgency;
    bool is_first = !now->n_waiting, is_urgent = is_first || urgency > now->urgency;
    HibInstant since = is_first ? at : now->waiting_since;
    const int64_t *kept_sentiment = now->has_sentiment ? &now->sentiment : NULL;
    const int64_t *kept_intent = now->has_intent ? &now->intent : NULL;
    int64_t most = is_urgent ? urgency : now->urgency;
    bool is_promised = is_first || hib_sla_level((int)most) != hib_sla_level((int)now->urgency);
    return hib_sql_thread_told(db, now->id, at, hib_thread_excerpt(hib_db_arena(db), text),
                               now->n_waiting + 1, since,
                               !is_urgent         ? kept_sentiment
                               : reading->is_read ? &sentiment
                                                  : NULL,
                               !is_urgent         ? kept_intent
                               : reading->is_read ? &intent
                                                  : NULL,
                               most, is_urgent ? id : now->urgent_id,
                               hib_thread_rank(now->n_waiting + 1, most, since, at), error) &&
           (!is_promised || promise(in, now->id, since, most, error));
}

static bool
take_new(Taking *in, const HibNetTalk *talk, const char *text, GError **error)
{
    HibDb *db = in->db;
    const HibThreadNow *now;
    const char *key, *id = hib_db_new_id(db);
    HibTalkReading reading = {.reasons = ""};
    bool is_new;
    size_t n_gathered;
    if (!talk->is_own && !talk->is_deleted)
        hib_talk_classify(in->learnt, hib_db_arena(db), text, &reading);
    if (!hib_thread_place(db, in->account, talk, &now, &key, error) ||
        !add_row(in, talk, id, now ? now->id : id, text, &reading, &is_new, error))
        return false;
    if (!is_new) /* told by another process just now */
        return true;
    in->n_new++;
    if (!talk->is_own && !talk->is_deleted)
        g_ptr_array_add(in->heard, (char *)(uintptr_t)id);
    if (!(now ? go_on(in, now, talk, id, text, &reading, error)
              : begin_thread(in, talk, id, key, text, &reading, error)) ||
        !hib_thread_gather(db, in->account, talk, now ? now->id : id, &n_gathered, error))
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
            hib_attached_take(in->db, in->account, known->id, talk->attachments,
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

static bool
take_one(Taking *in, const HibNetTalk *talk, GError **error)
{
    HibSqlTalkKnown *known;
    HibSqlTalkEcho *echo = NULL;
    if (!talk->remote_id || !*talk->remote_id)
        return true;
    const char *text = talk->is_deleted ? "" : cut(in->db, talk->text);
    if (!hib_sql_talk_known(in->db, in->account, talk->remote_id, &known, error) ||
        (talk->is_own && !known &&
         !hib_sql_talk_echo(in->db, in->account, talk->remote_id, &echo, error)))
        return false;
    if (echo)
        return true;
    return known ? take_again(in, known, talk, text, error) : take_new(in, talk, text, error);
}

bool
hib_engage_store(HibDb *db, const char *account, const HibNetTalk *talk, size_t n, size_t *ret_n,
                 GError **error)
{
    HibAccount *about;
    HibSla sla;
    g_autoptr(HibClassifierLearnt) learnt = NULL;
    g_autoptr(GPtrArray) heard = g_ptr_array_new();
    g_autoptr(GHashTable) uncounted = g_hash_table_new(g_str_hash, g_str_equal);
    *ret_n = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_thread_lock_account(db, account, error) ||
        !hib_accounts_find(db, account, &about, error) || !hib_talk_learnt(db, &learnt, error) ||
        !hib_sla_load(db, &sla, error))
        return false;
    Taking in = {.db = db,
                 .account = account,
                 .network = about ? about->network : "",
                 .learnt = learnt,
                 .sla = &sla,
                 .uncounted = uncounted,
                 .heard = heard};
    for (size_t i = 0; i < n; i++)
        if (!take_one(&in, &talk[i], error))
            return false;
    GHashTableIter iter;
    void *thread;
    g_hash_table_iter_init(&iter, uncounted);
    while (g_hash_table_iter_next(&iter, &thread, NULL))
        if (!hib_thread_refresh(db, thread, error))
            return false;
    if (!hib_moderation_run(db, (const char *const *)heard->pdata, heard->len, error))
        return false;
    *ret_n = in.n_new;
    if (in.n_new + in.n_changed && !hib_event_emit(db, "talk.received", account, NULL, error))
        return false;
    return hib_tx_commit(tx, error);
}
