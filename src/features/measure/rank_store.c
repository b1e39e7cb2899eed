/* The posts of a period with their newest numbers. */
#include "measure/measure_private.h"
#include "measure/rank.h"
#include "measure/rank.sql.h"
#include <string.h>

/* account → HibNumber of its followers */
static bool
read_followers(HibDb *db, GHashTable *into, GError **error)
{
    HibSqlMeasureOwnNumbers *rows = NULL;
    size_t n = 0;
    if (!hib_sql_measure_own_numbers(db, &rows, &n, error))
        return false;
    const int id = hib_metric_find("followers")->id;
    for (size_t i = 0; i < n; i++) {
        HibNumber *numbers = hib_arena_array(hib_db_arena(db), HibNumber, 256);
        if (rows[i].has_numbers && hib_numbers_read(rows[i].numbers, numbers))
            g_hash_table_insert(into, (gpointer)rows[i].account_id, &numbers[id]);
    }
    return true;
}

static bool
has_tag(const char *tags, const char *tag)
{
    const size_t n = strlen(tag);
    for (const char *at = tags; (at = strstr(at, tag)); at += n ? n : 1)
        if ((at == tags || at[-1] == '\n') && (at[n] == '\0' || at[n] == '\n'))
            return true;
    return false;
}

static bool
is_wanted(const HibSqlMeasureRank *row, const HibRankQuery *query)
{
    return !query->tag || has_tag(row->tags ? row->tags : "", query->tag);
}

bool
hib_measure_rank(HibDb *db, const HibRankQuery *query, HibRankPost **ret, size_t *ret_n,
                 GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSqlMeasureRank *rows = NULL;
    size_t n = 0;
    const int64_t format = query->format;
    g_autoptr(GHashTable) followers = g_hash_table_new(g_str_hash, g_str_equal);
    *ret_n = 0;
    if (!read_followers(db, followers, error) ||
        !hib_sql_measure_rank(db, query->from, query->to, query->account, query->network,
                              format >= 0 ? &format : NULL, query->campaign, &rows, &n, error))
        return false;
    HibNumber numbers[256];
    memset(numbers, 0, sizeof numbers);
    *ret = hib_arena_array(arena, HibRankPost, n + 1);
    for (size_t i = 0; i < n; i++) {
        const HibSqlMeasureRank *row = &rows[i];
        if (!is_wanted(row, query))
            continue;
        (void)hib_numbers_read(row->numbers, numbers);
        HibRankPost *post = &(*ret)[(*ret_n)++];
        *post = (HibRankPost){.delivery = row->delivery_id,
                              .account = row->account_id,
                              .post = row->post_id,
                              .network = row->network ? row->network : "",
                              .campaign = row->campaign_id,
                              .tags = row->tags ? row->tags : "",
                              .published_at = row->published_at,
                              .as_of = row->as_of,
                              .has_as_of = row->has_as_of,
                              .format = (int)row->format,
                              .packed = row->numbers};
        hib_rank_value(post, query->metric, numbers,
                       g_hash_table_lookup(followers, row->account_id));
        hib_numbers_forget(row->numbers, numbers);
    }
    return true;
}

bool
hib_measure_told_by(HibDb *db, const char *subject, const char **ret, GError **error)
{
    HibSqlMeasurePackSources *rows = NULL;
    size_t n = 0;
    if (!hib_sql_measure_pack_sources(db, subject, &rows, &n, error))
        return false;
    *ret = "";
    for (size_t i = 0; i < n; i++)
        *ret = hib_arena_printf(hib_db_arena(db), "%s%s%s", *ret, i ? ", " : "", rows[i].source);
    return true;
}
