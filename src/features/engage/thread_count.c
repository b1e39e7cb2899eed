/* What a thread holds together, counted from what was said in it.
 *
 * Something waits for us when it was said after our last word at the network, and heard after our last answer from here: what a network tells late was not seen
 * by whoever answered, so it still waits. */
#include "base/error.h"
#include "engage/desk.h"
#include "engage/engage_private.h"
#include "engage/hours.sql.h"
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

/* Its last words: said in it, or our answer. */
typedef struct {
    HibInstant at;
    const char *text;
    bool is_own;
} Last;

static Last
last_of(const Counted *c, const HibThreadNow *now)
{
    if (c->last_answer && (!c->last || c->last_answer->at >= c->last->at))
        return (Last){c->last_answer->at, c->last_answer->text, true};
    if (c->last)
        return (Last){c->last->at, c->last->text, c->last->is_own};
    return (Last){now->last_at, "", false};
}

static HibInstant
answered_at(const Counted *c)
{
    HibInstant there = c->ends->has_own_at ? c->ends->own_at : 0;
    HibInstant here = c->answer->has_at ? c->answer->at : 0;
    return MAX(there, here);
}

/* Until when an answer is promised; nothing waits: no promise. */
static bool
set_due(HibDb *db, const char *thread, const HibInstant *since, int64_t urgency, GError **error)
{
    HibSla sla;
    HibInstant due = 0;
    int64_t changed;
    if (since && !hib_sla_load(db, &sla, error))
        return false;
    if (since)
        due = hib_sla_due(&sla, *since, (int)urgency);
    return hib_sql_hours_set_due(db, thread, due ? &due : NULL, &changed, error);
}

bool
hib_thread_refresh(HibDb *db, const char *thread, GError **error)
{
    static HibSqlThreadFirst nobody = {.author_id = "", .author_handle = "", .author_name = ""};
    static HibSqlThreadUrgent none;
    HibSqlThreadNow *now;
    Counted c = {0};
    if (!hib_sql_thread_now(db, thread, &now, error))
        return false;
    if (!now)
        return true; /* joined into another meanwhile */
    if (!count(db, thread, &c, error))
        return false;
    const HibSqlThreadFirst *with = c.first ? c.first : &nobody;
    const HibSqlThreadUrgent *urgent = c.waiting->n && c.urgent ? c.urgent : &none;
    Last last = last_of(&c, now);
    HibInstant answered = answered_at(&c);
    int64_t n = c.waiting->n;
    const HibInstant *since = n ? &c.waiting->since : NULL;
    bool is_done = now->status == HIB_THREAD_DONE; /* waits for nobody, whatever was said */
    return hib_sql_thread_set(
               db, thread, with->author_id, with->author_handle, with->author_name,
               c.ends->has_first_at ? c.ends->first_at : last.at, last.at,
               hib_thread_excerpt(hib_db_arena(db), last.text), last.is_own, c.ends->n_talk, n,
               since, answered ? &answered : NULL,
               urgent->has_sentiment ? &urgent->sentiment : NULL,
               urgent->has_intent ? &urgent->intent : NULL,
               urgent->has_urgency ? urgent->urgency : 0, urgent->id,
               hib_thread_rank(is_done ? 0 : n, urgent->urgency, since ? *since : 0, last.at),
               error) &&
           set_due(db, thread, is_done ? NULL : since, urgent->urgency, error);
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
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_job_add(db, HIB_JOB_TALK_SWEEP, "daily", NULL, NULL, hib_db_now(db) + HIB_MINUTE,
                       NULL, error) &&
           hib_tx_commit(tx, error);
}
