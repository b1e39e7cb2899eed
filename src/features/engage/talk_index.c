/* What came in a flood, put into the full text after it is stored: cutting a text into bigrams costs more than storing it, and nobody searches for what came this second. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "base/id.h"
#include "base/json.h"
#include "engage/engage_private.h"
#include "engage/talk.sql.h"
#include "store/search.h"
#include <string.h>

#define AT_ONCE 250
#define AFTER (2 * HIB_SECOND)
#define LATEST (10 * HIB_MINUTE) /* a storm that lasts longer is not waited for */

bool
hib_talk_index_later(HibDb *db, const char *first, const char *last, GError **error)
{
    cJSON *range = cJSON_CreateObject();
    cJSON_AddStringToObject(range, "first", first);
    cJSON_AddStringToObject(range, "last", last);
    return hib_job_add(db, HIB_JOB_TALK_INDEX, NULL, NULL, hib_json_print(hib_db_arena(db), range),
                       hib_db_now(db) + AFTER, NULL, error);
}

static bool
index_some(HibDb *db, const char **first, const char *last, size_t *ret_n, GError **error)
{
    HibSqlTalkRange *ids;
    HibSqlTalkHoldRange *rows;
    size_t n = 0;
    g_autoptr(HibArena) arena = hib_arena_new(); /* what is folded goes at once */
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_talk_range(db, *first, last, AT_ONCE, &ids, ret_n, error) ||
        (*ret_n && !hib_sql_talk_hold_range(db, ids[0].id, ids[*ret_n - 1].id, &rows, &n, error)))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!hib_search_put(db, HIB_SEARCH_TALK, rows[i].id, hib_talk_folded(arena, rows[i].text),
                            error))
            return false;
    if (*ret_n) /* the last one again, or nothing but it */
        *first = ids[*ret_n - 1].id;
    return hib_tx_commit(tx, error);
}

bool
hib_engage_index_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                     HibInstant *ret_at, GError **error)
{
    const HibServices *services = context;
    HibJson range;
    const char *first = NULL, *last = NULL;
    size_t n = AT_ONCE;
    *ret_end = HIB_JOB_DONE;
    if (!hib_json_parse(hib_db_arena(db), job->json, strlen(job->json), &range, error) ||
        !hib_json_text(range, "first", &first, error) ||
        !hib_json_text(range, "last", &last, error))
        return false;
    if (hib_hooks_are_behind(services->hooks) &&
        hib_db_now(db) - hib_id_time(first) < LATEST) { /* storing goes first */
        *ret_end = HIB_JOB_AGAIN;
        *ret_at = hib_db_now(db) + AFTER;
        return true;
    }
    while (n == AT_ONCE)
        if (!index_some(db, &first, last, &n, error))
            return false;
    return true;
}
