/* The inbox's list: threads by urgency or newest, and those a word was said in. */
#include "base/error.h"
#include "base/id.h"
#include "base/limits.h"
#include "engage/engage_private.h"
#include "engage/thread.sql.h"
#include "store/search.h"

#define PAGE_USUAL 50
#define HITS_AT_ONCE 200
#define MOST_HITS 2000 /* looked at for one page of a search with filters */

/* The query as its statements take it. */
typedef struct {
    const HibThreadQuery *query;
    int64_t kind, status, sentiment, intent, most;
    HibInstant now;
} Ask;

static const int64_t *
asked(const int64_t *value)
{
    return *value < 0 ? NULL : value;
}

#define FILTERS(a)                                                                                 \
    (a)->query->account, (a)->query->network, asked(&(a)->kind), asked(&(a)->status),              \
        (a)->query->assignee, (a)->query->is_unassigned, (a)->query->is_overdue,                   \
        (a)->query->is_snoozed, (a)->query->is_waiting, asked(&(a)->sentiment),                    \
        asked(&(a)->intent), (a)->query->urgency, (a)->query->tag, (a)->now, (a)->most

static HibTalkReading
reading_of(const HibSqlThreadRow *row)
{
    if (!row->has_intent)
        return (HibTalkReading){.reasons = ""};
    return (HibTalkReading){.is_read = true,
                            .sentiment = (HibSentiment)row->sentiment,
                            .intent = (HibIntent)row->intent,
                            .likely_intent = (HibIntent)row->likely_intent,
                            .probability = row->probability,
                            .urgency = (int)row->urgency,
                            .reasons = row->reasons ? row->reasons : "",
                            .from = row->because_from,
                            .to = row->because_to,
                            .corrected_by = row->corrected_by};
}

static bool
read_tags(HibDb *db, const char *thread, const char **ret, GError **error)
{
    HibSqlThreadTags *rows;
    size_t n;
    *ret = "";
    if (!hib_sql_thread_tags(db, thread, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        *ret = hib_arena_printf(hib_db_arena(db), "%s%s%s", *ret, i ? "\n" : "", rows[i].tag);
    return true;
}

static bool
fill(HibDb *db, const HibSqlThreadRow *rows, size_t n, HibThread **ret, GError **error)
{
    *ret = hib_arena_array(hib_db_arena(db), HibThread, n + 1);
    for (size_t i = 0; i < n; i++) {
        const HibSqlThreadRow *row = &rows[i];
        (*ret)[i] = (HibThread){
            .id = row->id,
            .account_id = row->account_id,
            .network = row->network,
            .kind = (HibNetTalkKind)row->kind,
            .post_id = row->post_id && *row->post_id ? row->post_id : NULL,
            .with_id = row->with_id,
            .with_handle = row->with_handle,
            .with_name = row->with_name,
            .first_at = row->first_at,
            .last_at = row->last_at,
            .last_text = row->last_text,
            .last_is_own = row->last_is_own,
            .n_talk = row->n_talk,
            .n_waiting = row->n_waiting,
            .waiting_since = row->has_waiting_since ? row->waiting_since : 0,
            .answered_at = row->has_answered_at ? row->answered_at : 0,
            .reading = reading_of(row),
            .status = (HibThreadStatus)row->status,
            .assignee_id = row->assignee_id,
            .snoozed_until = row->has_snoozed_until ? row->snoozed_until : 0,
            .due_at = row->has_due_at ? row->due_at : 0,
            .version = row->version,
        };
        if (!read_tags(db, row->id, &(*ret)[i].tags, error))
            return false;
    }
    return true;
}

bool
hib_engage_thread(HibDb *db, const char *thread, HibThread **ret, GError **error)
{
    HibSqlThreadRow *row;
    if (!hib_sql_thread_get(db, thread, &row, error))
        return false;
    if (row)
        return fill(db, row, 1, ret, error);
    hib_error_set(error, HIB_ERROR_NOT_FOUND, "engage.thread_unknown", "no thread of id %s",
                  thread);
    return false;
}

/* --- pages ---------------------------------------------------------------------------------------------------------------------- */
/* "NUMBER.ID": where the last page ended. */
static bool
read_cursor(const char *cursor, int64_t first, const char *first_id, int64_t *ret,
            char id[HIB_ID_TEXT], GError **error)
{
    char *rest = NULL;
    *ret = first;
    g_strlcpy(id, first_id, HIB_ID_TEXT);
    if (!cursor)
        return true;
    *ret = g_ascii_strtoll(cursor, &rest, 10);
    if (rest != cursor && *rest == '.' && hib_id_valid(rest + 1)) {
        g_strlcpy(id, rest + 1, HIB_ID_TEXT);
        return true;
    }
    hib_error_set_at(error, HIB_ERROR_INVALID, "engage.bad_cursor", "?cursor", "no cursor of ours");
    return false;
}

static const char *
cursor_of(HibDb *db, int64_t number, const char *id)
{
    return hib_arena_printf(hib_db_arena(db), "%" G_GINT64_FORMAT ".%s", number, id);
}

static bool
list(HibDb *db, const Ask *ask, const char *cursor, HibSqlThreadRow **ret, size_t *ret_n,
     const char **ret_next, GError **error)
{
    char id[HIB_ID_TEXT];
    int64_t from;
    bool is_newest = ask->query->order == HIB_THREADS_NEWEST;
    if (!read_cursor(cursor, is_newest ? INT64_MAX : 0, "", &from, id, error) ||
        !(is_newest ? hib_sql_thread_newest_first(db, from, id, FILTERS(ask), ret, ret_n, error)
                    : hib_sql_thread_urgent_first(db, from, id, FILTERS(ask), ret, ret_n, error)))
        return false;
    if (*ret_n < (size_t)ask->most)
        return true;
    const HibSqlThreadRow *last = &(*ret)[--*ret_n - 1];
    *ret_next = cursor_of(db, is_newest ? last->last_at : last->rank, last->id);
    return true;
}

/* --- search ------------------------------------------------------------------------------------------------------------------------- */
typedef struct {
    GArray *rows; /* HibSqlThreadRow */
    GHashTable *seen;
} Found;

/* In which threads these were said: one statement for all, since many may be of a few. */
static bool
read_threads(HibDb *db, const HibSearchHit *hits, size_t n, GHashTable *threads, GError **error)
{
    HibSqlThreadOfTalk *rows;
    size_t n_rows;
    g_autoptr(GString) ids = g_string_new(NULL);
    for (size_t i = 0; i < n; i++)
        g_string_append(ids, hits[i].subject);
    if (!n)
        return true;
    if (!hib_sql_thread_of_talk(db, ids->str, (int64_t)n, &rows, &n_rows, error))
        return false;
    for (size_t i = 0; i < n_rows; i++)
        g_hash_table_insert(threads, (char *)(uintptr_t)rows[i].talk_id,
                            (char *)(uintptr_t)rows[i].thread_id);
    return true;
}

static bool
take_hits(HibDb *db, const Ask *ask, const HibSearchHit *hits, size_t n, size_t most, Found *found,
          const HibSearchHit **ret_last, GError **error)
{
    g_autoptr(GHashTable) threads = g_hash_table_new(g_str_hash, g_str_equal);
    if (!read_threads(db, hits, n, threads, error))
        return false;
    for (size_t i = 0; i < n && found->rows->len < most; i++) {
        HibSqlThreadRow *rows;
        size_t n_rows;
        char *thread = g_hash_table_lookup(threads, hits[i].subject);
        *ret_last = &hits[i];
        if (!thread || !g_hash_table_add(found->seen, thread))
            continue;
        if (!hib_sql_thread_found(db, thread, FILTERS(ask), &rows, &n_rows, error))
            return false;
        if (n_rows)
            g_array_append_val(found->rows, *rows);
    }
    return true;
}

/* Newest words first; a thread stands where its newest hit is, once a page. */
static bool
search(HibDb *db, Ask *ask, const char *cursor, size_t most, HibSqlThreadRow **ret, size_t *ret_n,
       const char **ret_next, GError **error)
{
    char id[HIB_ID_TEXT];
    int64_t before;
    const char *words = hib_talk_folded(hib_db_arena(db), ask->query->words);
    if (!read_cursor(cursor, 0, "", &before, id, error))
        return false;
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(HibSqlThreadRow));
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    Found found = {rows, seen};
    size_t n = HITS_AT_ONCE, n_hits = 0;
    ask->most = 1;
    while (n == HITS_AT_ONCE && rows->len < most && n_hits < MOST_HITS) {
        HibSearchHit *hits;
        const HibSearchHit *last = NULL;
        if (!hib_search_find(db, HIB_SEARCH_TALK, words, before, HITS_AT_ONCE, &hits, &n, error) ||
            !take_hits(db, ask, hits, n, most, &found, &last, error))
            return false;
        if (last && (last != &hits[n - 1] || n == HITS_AT_ONCE))
            *ret_next = cursor_of(db, last->number, last->subject);
        else
            *ret_next = NULL;
        before = last ? last->number : before;
        n_hits += n;
    }
    *ret_n = rows->len;
    *ret = hib_arena_array(hib_db_arena(db), HibSqlThreadRow, rows->len + 1);
    for (guint i = 0; i < rows->len; i++)
        (*ret)[i] = g_array_index(rows, HibSqlThreadRow, i);
    return true;
}

bool
hib_engage_threads(HibDb *db, const HibThreadQuery *query, HibThread **ret_rows, size_t *ret_n,
                   const char **ret_next, GError **error)
{
    size_t most = (size_t)CLAMP(query->limit ? query->limit : PAGE_USUAL, 1, HIB_LIMIT_PAGE);
    HibSqlThreadRow *rows;
    Ask ask = {.query = query,
               .kind = query->kind,
               .status = query->status,
               .sentiment = query->sentiment,
               .intent = query->intent,
               .most = (int64_t)most + 1,
               .now = hib_db_now(db)};
    *ret_next = NULL;
    return (query->words && *query->words
                ? search(db, &ask, query->cursor, most, &rows, ret_n, ret_next, error)
                : list(db, &ask, query->cursor, &rows, ret_n, ret_next, error)) &&
           fill(db, rows, *ret_n, ret_rows, error);
}

bool
hib_engage_counts(HibDb *db, const char *me, HibThreadCounts *ret, GError **error)
{
    HibSqlThreadCounts *row;
    if (!hib_sql_thread_counts(db, hib_db_now(db), me, &row, error))
        return false;
    *ret = (HibThreadCounts){row->n_open, row->n_mine, row->n_urgent};
    return true;
}
