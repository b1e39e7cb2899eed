/* The posts of a period with their newest numbers. */
#include "base/error.h"
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
has_tag(const char *tags, const char *tag, size_t length)
{
    for (const char *at = tags; *at;) {
        const size_t n = strcspn(at, "\n");
        if (n == length && memcmp(at, tag, n) == 0)
            return true;
        at += n + (at[n] == '\n');
    }
    return false;
}

static bool
has_one_of(const char *tags, const char *wanted)
{
    for (const char *at = wanted; *at;) {
        const size_t n = strcspn(at, " ");
        if (n && has_tag(tags, at, n))
            return true;
        at += n + (at[n] == ' ');
    }
    return false;
}

typedef struct {
    HibDb *db;
    const HibRankQuery *query;
    HibRankBy by;
    GHashTable *followers;
    HibNumber numbers[256]; /* zeroes between posts */
    GArray *days;           /* HibDayChange, of one post */
    HibRankPost *posts;
    size_t n;
} Ranking;

/* Published when it is asked for, and with or without the hashtag. */
static bool
is_wanted(const Ranking *r, HibInstant published_at, const char *tags)
{
    const HibRankQuery *query = r->query;
    if ((query->tag && !has_one_of(tags, query->tag)) || (query->without_tag && *tags))
        return false;
    if (!query->weekday && !query->hour)
        return true;
    const HibWall wall = hib_wall_at(query->zone, published_at);
    return (!query->weekday || query->weekday == wall.weekday) &&
           (!query->hour || *query->hour == wall.hour);
}

static HibRankPost *
add(Ranking *r, const HibSqlMeasureRank *row, const char *tags)
{
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
    return post;
}

static void
set_value(Ranking *r, HibRankPost *post)
{
    hib_rank_value(post, &r->by, r->numbers,
                   r->by.of_followers ? g_hash_table_lookup(r->followers, post->account) : NULL);
}

static void
take(Ranking *r, const HibSqlMeasureRank *row, const char *tags)
{
    if (!is_wanted(r, row->published_at, tags))
        return;
    HibRankPost *post = add(r, row, tags);
    if (r->query->value == HIB_RANK_SETTLED) {
        post->value = (double)row->engagements_48;
        post->has_value = row->has_engagements_48;
        return;
    }
    (void)hib_numbers_read(row->numbers, r->numbers);
    set_value(r, post);
    hib_numbers_forget(row->numbers, r->numbers);
}

/* --- what they gained ---------------------------------------------------------------------------------------------- */
/* Newest numbers become what came in within the query's days. */
static bool
count_gains(Ranking *r, HibBytes days)
{
    const int64_t first =
        hib_measure_day_start(hib_measure_day(r->query->zone, r->query->from)) / HIB_DAY;
    const int64_t until =
        hib_measure_day_start(hib_measure_day(r->query->zone, r->query->to)) / HIB_DAY;
    g_array_set_size(r->days, 0);
    if (!hib_days_read(days, r->days))
        return false;
    for (int id = 0; id < 256; id++)
        r->numbers[id] = (HibNumber){.state = r->numbers[id].state};
    for (guint i = 0; i < r->days->len; i++) {
        const HibDayChange *one = &g_array_index(r->days, HibDayChange, i);
        if (one->day < first || one->day >= until)
            continue;
        r->numbers[one->metric].value += one->change;
        r->numbers[one->metric].is_known = true;
    }
    return true;
}

static bool
take_gain(Ranking *r, const HibSqlMeasureRankGains *row, GError **error)
{
    const char *tags = row->tags ? row->tags : "";
    if (!is_wanted(r, row->published_at, tags))
        return true;
    const HibSqlMeasureRank one = {.delivery_id = row->delivery_id,
                                   .account_id = row->account_id,
                                   .published_at = row->published_at,
                                   .as_of = row->as_of,
                                   .has_as_of = row->has_as_of,
                                   .network = row->network,
                                   .format = row->format,
                                   .campaign_id = row->campaign_id,
                                   .numbers = row->numbers};
    const bool is_whole = row->published_at >= r->query->from && row->as_of < r->query->to;
    HibRankPost *post = add(r, &one, tags);
    (void)hib_numbers_read(row->numbers, r->numbers);
    if (!is_whole && !count_gains(r, row->days)) {
        hib_error_set(error, HIB_ERROR_CORRUPT, "store.failed", "days of %s do not read",
                      row->delivery_id);
        return false;
    }
    set_value(r, post);
    if (is_whole)
        hib_numbers_forget(row->numbers, r->numbers);
    else
        memset(r->numbers, 0, sizeof r->numbers);
    /* What gained nothing is not behind the number; followers are no gain of a post. */
    if (!(post->has_value && post->value != 0) && post->over == 0 &&
        (post->under == 0 || r->by.of_followers))
        r->n--;
    return true;
}

static bool
take_gains(Ranking *r, const int64_t *format, const int64_t *made, GError **error)
{
    const HibRankQuery *q = r->query;
    HibSqlMeasureRankGains *rows = NULL;
    size_t n = 0;
    if (!hib_sql_measure_rank_gains(r->db, q->from, q->to, q->account, q->network, format, made,
                                    q->campaign, q->without_campaign, q->tag || q->without_tag,
                                    &rows, &n, error))
        return false;
    r->posts = hib_arena_array(hib_db_arena(r->db), HibRankPost, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!take_gain(r, &rows[i], error))
            return false;
    return true;
}

/* --- what they have ------------------------------------------------------------------------------------------------- */
static bool
take_all(Ranking *r, const int64_t *format, const int64_t *made, bool with_accounts, GError **error)
{
    const HibRankQuery *q = r->query;
    HibSqlMeasureRank *rows = NULL;
    size_t n = 0;
    if (!hib_sql_measure_rank(r->db, q->from, q->to, q->account, q->network, format, made,
                              q->campaign, q->without_campaign, (int64_t)q->by, q->with_ids,
                              with_accounts, q->value == HIB_RANK_SETTLED, &rows, &n, error))
        return false;
    r->posts = hib_arena_array(hib_db_arena(r->db), HibRankPost, n + 1);
    for (size_t i = 0; i < n; i++)
        take(r, &rows[i], "");
    return true;
}

/* Hashtags lie in the rows alone: those are read only where something is asked of hashtags. */
static bool
take_tagged(Ranking *r, const int64_t *format, const int64_t *made, bool with_accounts,
            GError **error)
{
    const HibRankQuery *q = r->query;
    HibSqlMeasureRankTagged *rows = NULL;
    size_t n = 0;
    if (!hib_sql_measure_rank_tagged(r->db, q->from, q->to, q->account, q->network, format, made,
                                     q->campaign, q->without_campaign, (int64_t)q->by, q->with_ids,
                                     with_accounts, q->value == HIB_RANK_SETTLED, &rows, &n, error))
        return false;
    r->posts = hib_arena_array(hib_db_arena(r->db), HibRankPost, n + 1);
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
                                       .numbers = row->numbers,
                                       .engagements_48 = row->engagements_48,
                                       .has_engagements_48 = row->has_engagements_48};
        take(r, &one, row->tags ? row->tags : "");
    }
    return true;
}

static bool
take_posts(Ranking *r, GError **error)
{
    const HibRankQuery *q = r->query;
    const int64_t format = q->format, made = q->made ? (int64_t)*q->made : 0;
    const int64_t *formats = format >= 0 ? &format : NULL, *mades = q->made ? &made : NULL;
    const bool with_accounts = q->with_ids || r->by.of_followers || q->by == HIB_BREAK_ACCOUNT;
    if (q->value == HIB_RANK_GAINED)
        return take_gains(r, formats, mades, error);
    return q->tag || q->without_tag || q->by == HIB_BREAK_TAG
               ? take_tagged(r, formats, mades, with_accounts, error)
               : take_all(r, formats, mades, with_accounts, error);
}

bool
hib_measure_rank(HibDb *db, const HibRankQuery *query, HibRankPost **ret, size_t *ret_n,
                 GError **error)
{
    g_autoptr(GHashTable) followers = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(HibDayChange));
    Ranking r = {.db = db,
                 .query = query,
                 .by = hib_rank_by(query->metric),
                 .followers = followers,
                 .days = days};
    if ((r.by.of_followers && !read_followers(db, followers, error)) || !take_posts(&r, error))
        return false;
    *ret = r.posts;
    *ret_n = r.n;
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
