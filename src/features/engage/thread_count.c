/* What a thread holds together, counted from what was said in it.
 *
 * Something waits for us when it was said after our last word at the network, and heard after our last answer from here: what a network tells late was not seen
 * by whoever answered, so it still waits. */
#include "base/error.h"
#include "engage/engage_private.h"
#include "engage/talk.sql.h"
#include "engage/thread.sql.h"
#include "store/search.h"

#define EXCERPT_CHARACTERS 200

int64_t
hib_thread_rank(int64_t n_waiting, int64_t urgency, HibInstant waiting_since, HibInstant last_at)
{
    if (!n_waiting)
        return HIB_THREAD_RESTS + (INT64_C(1) << 52) - CLAMP(last_at, 0, INT64_C(1) << 52);
    return ((1 + HIB_URGENCY_MOST - CLAMP(urgency, 0, HIB_URGENCY_MOST)) << 52) +
           CLAMP(waiting_since, 0, (INT64_C(1) << 52) - 1);
}

const char *
hib_thread_excerpt(HibArena *arena, const char *text)
{
    if (g_utf8_strlen(text, -1) <= EXCERPT_CHARACTERS)
        return text;
    const char *end = g_utf8_offset_to_pointer(text, EXCERPT_CHARACTERS - 1);
    return hib_arena_printf(arena, "%.*s…", (int)(end - text), text);
}

typedef struct {
    HibSqlThreadEnds *ends;
    HibSqlThreadAnswerAt *answer;
    HibSqlThreadWaiting *waiting;
    HibSqlThreadUrgent *urgent; /* NULL: nothing waits */
    HibSqlThreadLast *last;
    HibSqlThreadLastAnswer *last_answer;
    HibSqlThreadFirst *first;
} Counted;

static bool
count(HibDb *db, const char *thread, Counted *c, GError **error)
{
    if (!hib_sql_thread_ends(db, thread, &c->ends, error) ||
        !hib_sql_thread_answer_at(db, thread, &c->answer, error))
        return false;
    HibInstant own_at = c->ends->has_own_at ? c->ends->own_at : INT64_MIN;
    HibInstant answer_at = c->answer->has_at ? c->answer->at : INT64_MIN;
    return hib_sql_thread_waiting(db, thread, own_at, answer_at, &c->waiting, error) &&
           hib_sql_thread_urgent(db, thread, own_at, answer_at, &c->urgent, error) &&
           hib_sql_thread_last(db, thread, &c->last, error) &&
           hib_sql_thread_last_answer(db, thread, &c->last_answer, error) &&
           hib_sql_thread_first(db, thread, &c->first, error);
}

bool
hib_thread_refresh(HibDb *db, const char *thread, GError **error)
{
    HibSqlThreadNow *now;
    Counted c = {0};
    if (!hib_sql_thread_now(db, thread, &now, error))
        return false;
    if (!now)
        return true; /* joined into another meanwhile */
    if (!count(db, thread, &c, error))
        return false;
    bool is_answer_last = c.last_answer && (!c.last || c.last_answer->at >= c.last->at);
    HibInstant last_at = is_answer_last ? c.last_answer->at : c.last ? c.last->at : now->last_at;
    const char *last = is_answer_last ? c.last_answer->text : c.last ? c.last->text : "";
    HibInstant answered =
        MAX(c.ends->has_own_at ? c.ends->own_at : 0, c.answer->has_at ? c.answer->at : 0);
    int64_t n = c.waiting->n,
            urgency = n && c.urgent && c.urgent->has_urgency ? c.urgent->urgency : 0;
    HibInstant first_at = c.ends->has_first_at ? c.ends->first_at : last_at;
    const HibInstant *since = n ? &c.waiting->since : NULL;
    bool is_read = n && c.urgent && c.urgent->has_intent;
    return hib_sql_thread_set(
        db, thread, c.first ? c.first->author_id : "", c.first ? c.first->author_handle : "",
        c.first ? c.first->author_name : "", first_at, last_at,
        hib_thread_excerpt(hib_db_arena(db), last), is_answer_last || (c.last && c.last->is_own),
        c.ends->n_talk, n, since, answered ? &answered : NULL,
        is_read ? &c.urgent->sentiment : NULL, is_read ? &c.urgent->intent : NULL, urgency,
        n && c.urgent ? c.urgent->id : NULL,
        hib_thread_rank(n, urgency, since ? *since : 0, last_at), error);
}

/* --- what a migration brought in ------------------------------------------------------------------------------------------------ */
#define AT_ONCE 200

static bool
count_some(HibDb *db, size_t *ret_n, GError **error)
{
    HibSqlThreadUncounted *rows;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_thread_uncounted(db, AT_ONCE, &rows, ret_n, error))
        return false;
    for (size_t i = 0; i < *ret_n; i++) {
        HibSqlTalkTexts *texts;
        size_t n_texts;
        if (!hib_thread_refresh(db, rows[i].id, error) ||
            !hib_sql_talk_texts(db, rows[i].id, &texts, &n_texts, error))
            return false;
        for (size_t t = 0; t < n_texts; t++)
            if (!hib_search_put(db, HIB_SEARCH_TALK, texts[t].id,
                                hib_talk_folded(hib_db_arena(db), texts[t].text), error))
                return false;
    }
    return hib_tx_commit(tx, error);
}

bool
hib_engage_count_run(HibDb *db, const HibJob *job G_GNUC_UNUSED, void *context G_GNUC_UNUSED,
                     HibJobEnd *ret_end, HibInstant *ret_at, GError **error)
{
    size_t n = 0;
    *ret_at = hib_db_now(db);
    if (!count_some(db, &n, error))
        return false;
    *ret_end = n == AT_ONCE ? HIB_JOB_AGAIN : HIB_JOB_DONE;
    return true;
}

bool
hib_engage_begin(HibDb *db, GError **error)
{
    HibSqlThreadUncountedWorkspaces *rows;
    size_t n;
    if (!hib_sql_thread_uncounted_workspaces(db, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        g_autoptr(HibDb) one =
            hib_db_open(hib_db_store(db), hib_db_arena(db), rows[i].workspace_id);
        g_autoptr(HibTx) tx = hib_tx_begin(one, error);
        if (!tx ||
            !hib_job_add(one, HIB_JOB_TALK_COUNT, "all", NULL, NULL, hib_db_now(one), NULL,
                         error) ||
            !hib_tx_commit(tx, error))
            return false;
    }
    return true;
}
