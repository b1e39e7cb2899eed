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

typedef struct {
    const HibRankQuery *query;
    HibRankBy by;
    GHashTable *followers;
    HibNumber numbers[256]; /* zeroes between posts */
    HibRankPost *posts;
    size_t n;
} Ranking;

static void
take(Ranking *r, const HibSqlMeasureRank *row, const char *tags)
{
    if (r->query->tag && !has_tag(tags, r->query->tag))
        return;
    (void)hib_numbers_read(row->numbers, r->numbers);
    HibRankPost *post = &r->posts[r->n++];
    *post = (HibRankPost){.delivery = row->delivery_id ? row->delivery_id : "",
                          .account = row->account_id ? row->account_id : "",
                          .network = row->network ? row->network : "",
                          .campaign = row->campaign_id,
                          .tags = tags,
                          .published_at = row->published_at,
                          .as_of = row->as_of,
                          .has_as_of = row->has_as_of,
                          .format = (int)row->format,
                          .packed = row->numbers};
    hib_rank_value(post, &r->by, r->numbers,
                   r->by.of_followers ? g_hash_table_lookup(r->followers, post->account) : NULL);
    hib_numbers_forget(row->numbers, r->numbers);
}

static bool
take_all(HibDb *db, Ranking *r, const int64_t *format, bool with_accounts, GError **error)
{
    const HibRankQuery *q = r->query;
    HibSqlMeasureRank *rows = NULL;
    size_t n = 0;
    if (!hib_sql_measure_rank(db, q->from, q->to, q->account, q->network, format, q->campaign,
                              (int64_t)q->by, q->with_ids, with_accounts, &rows, &n, error))
        return false;
    r->posts = hib_arena_array(hib_db_arena(db), HibRankPost, n + 1);
    for (size_t i = 0; i < n; i++)
        take(r, &rows[i], "");
    return true;
}

/* Hashtags lie in the rows alone: those are read only where something is asked of hashtags. */
static bool
take_tagged(HibDb *db, Ranking *r, const int64_t *format, bool with_accounts, GError **error)
{
    const HibRankQuery *q = r->query;
    HibSqlMeasureRankTagged *rows = NULL;
    size_t n = 0;
    if (!hib_sql_measure_rank_tagged(db, q->from, q->to, q->account, q->network, format,
                                     q->campaign, (int64_t)q->by, q->with_ids, with_accounts, &rows,
                                     &n, error))
        return false;
    r->posts = hib_arena_array(hib_db_arena(db), HibRankPost, n + 1);
    for (size_t i = 0; i < n; i++) {
        const HibSqlMeasureRankTagged *row = &rows[i];
        const HibSqlMeasureRank one = {.delivery_id = row->delivery_id,
                                       .account_id = row->account_id,
                                       .published_at = row->published_at,
                                       .as_of = row->as_of,
                                       .has_as_of = row->has_as_of,
                                       .network = row->network,
                                       .format = row->format,
                                       .campaign_id = row->campaign_id,
                                       .numbers = row->numbers};
        take(r, &one, row->tags ? row->tags : "");
    }
    return true;
}

bool
hib_measure_rank(HibDb *db, const HibRankQuery *query, HibRankPost **ret, size_t *ret_n,
                 GError **error)
{
    g_autoptr(GHashTable) followers = g_hash_table_new(g_str_hash, g_str_equal);
    Ranking r = {.query = query, .by = hib_rank_by(query->metric), .followers = followers};
    const int64_t format = query->format, *wanted = format >= 0 ? &format : NULL;
    const bool with_accounts =
        query->with_ids || r.by.of_followers || query->by == HIB_BREAK_ACCOUNT;
    if (r.by.of_followers && !read_followers(db, followers, error))
        return false;
    const bool is_read = query->tag || query->by == HIB_BREAK_TAG
                             ? take_tagged(db, &r, wanted, with_accounts, error)
                             : take_all(db, &r, wanted, with_accounts, error);
    *ret = r.posts;
    *ret_n = r.n;
    return is_read;
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
