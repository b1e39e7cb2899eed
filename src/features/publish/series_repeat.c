/* A series that says as good as the same again too soon on one network, by itself: told when it is saved and at its drafts, not when its second post fails.
 *
 * Only its own times are held against each other; what else goes to the network is looked at when each post is scheduled, as for any post (repeat.h). */
#include "publish/publish_private.h"
#include "publish/repeat.h"
#include "publish/schedule.h"
#include "publish/series.h"
#include "publish/series.sql.h"
#include "text/similar.h"

#define LOOKED 60                 /* times ahead */
#define LOOKED_FOR (60 * HIB_DAY) /* any rule that repeats within a week does so in two months */
#define MOST 50

typedef struct {
    HibDb *db;
    const HibSeries *series;
    HibScheduleRules rules;
    HibPost **sent;         /* the drafts as their networks get them; NULL: gone */
    const char ***networks; /* one a variant of each; NULL: its account is gone */
    HibInstant at[LOOKED];
    size_t n_at, first; /* first: which draft comes at at[0] */
    HibSeriesRepeat *rows;
    size_t n;
} Look;

static bool
read_draft(Look *look, size_t i, GError **error)
{
    HibArena *arena = hib_db_arena(look->db);
    HibPost *post;
    g_autoptr(GError) gone = NULL;
    if (!hib_plan_get(look->db, look->series->post_ids[i], false, &post, &gone))
        return true; /* deleted since: its times say so */
    look->networks[i] = hib_arena_array(arena, const char *, post->n_variants + 1);
    for (size_t v = 0; v < post->n_variants; v++) {
        HibAccount *account;
        if (!hib_accounts_find(look->db, post->variants[v].account_id, &account, error))
            return false;
        look->networks[i][v] = account ? account->network : NULL;
    }
    return hib_plan_as_sent(look->db, post, &look->sent[i], error);
}

static bool
read_times(Look *look)
{
    const HibSeries *series = look->series;
    HibInstant now = hib_db_now(look->db);
    int64_t n_made = 0;
    g_autoptr(HibZone) zone = hib_zone_open(series->zone);
    if (!zone || !series->n_posts || series->state == HIB_SERIES_ENDED)
        return false;
    look->n_at =
        hib_recurrence_between(&series->rule, zone, now, now + LOOKED_FOR, look->at, LOOKED);
    for (size_t i = 0; i < look->n_at && look->at[i] <= series->made_until; i++)
        n_made++;
    look->first = (size_t)MAX(series->n_made - n_made, 0) % series->n_posts;
    return look->n_at > 1;
}

static const char *
text_on(const Look *look, size_t draft, const char *network)
{
    const HibPost *post = look->sent[draft];
    for (size_t v = 0; post && v < post->n_variants; v++)
        if (look->networks[draft][v] && g_str_equal(look->networks[draft][v], network))
            return post->variants[v].text ? post->variants[v].text : post->text;
    return NULL;
}

/* The time before `at` that says the same too soon; false: none does. */
static bool
collides(const Look *look, size_t at, const char *network, HibInstant *ret)
{
    size_t n = look->series->n_posts, draft = (look->first + at) % n;
    const char *text = text_on(look, draft, network);
    for (size_t i = at; text && i-- > 0 && look->at[at] - look->at[i] < HIB_REPEAT_WITHIN;) {
        size_t other = (look->first + i) % n;
        const char *before = text_on(look, other, network);
        *ret = look->at[i];
        if (before && (other == draft || hib_similar_share(text, before) >= HIB_REPEAT_SHARE))
            return true;
    }
    return false;
}

static void
look_on(Look *look, const char *network)
{
    const HibCheckSubject place = {.now = look->rules.now};
    const HibCheckResult told =
        hib_schedule_repeat_rules(hib_db_arena(look->db), &look->rules.house, &place, network);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    for (size_t i = 1; told.n && i < look->n_at && look->n < MOST; i++) {
        size_t draft = (look->first + i) % look->series->n_posts;
        HibSeriesRepeat row = {.post_id = look->series->post_ids[draft],
                               .network = network,
                               .rule = told.findings[0].rule->id,
                               .due_at = look->at[i]};
        if (g_hash_table_contains(seen, GSIZE_TO_POINTER(draft)) ||
            !collides(look, i, network, &row.before_at))
            continue;
        g_hash_table_add(seen, GSIZE_TO_POINTER(draft));
        look->rows[look->n++] = row;
    }
}

bool
hib_series_repeats(HibDb *db, const HibSeries *series, HibSeriesRepeat **ret, size_t *ret_n,
                   GError **error)
{
    HibArena *arena = hib_db_arena(db);
    Look look = {.db = db, .series = series};
    g_autoptr(GHashTable) done = g_hash_table_new(g_str_hash, g_str_equal);
    *ret_n = 0;
    if (!read_times(&look))
        return true;
    look.sent = hib_arena_array(arena, HibPost *, series->n_posts + 1);
    look.networks = hib_arena_array(arena, const char **, series->n_posts + 1);
    look.rows = hib_arena_array(arena, HibSeriesRepeat, MOST);
    if (!hib_schedule_rules(db, &look.rules, error))
        return false;
    for (size_t i = 0; i < series->n_posts; i++)
        if (!read_draft(&look, i, error))
            return false;
    for (size_t i = 0; i < series->n_posts; i++)
        for (size_t v = 0; look.sent[i] && v < look.sent[i]->n_variants; v++)
            if (look.networks[i][v] &&
                g_hash_table_add(done, (char *)(uintptr_t)look.networks[i][v]))
                look_on(&look, look.networks[i][v]);
    *ret = look.rows;
    *ret_n = look.n;
    return true;
}

bool
hib_series_draft_repeats(HibDb *db, const char *post, const char *network, bool *ret,
                         GError **error)
{
    HibSqlSeriesOfPost *rows;
    size_t n;
    *ret = false;
    if (!hib_sql_series_of_post(db, post, MOST, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n && !*ret; i++) {
        HibSeries *series;
        HibSeriesRepeat *repeats;
        size_t n_repeats;
        if (!hib_series_get(db, rows[i].series_id, &series, error) ||
            !hib_series_repeats(db, series, &repeats, &n_repeats, error))
            return false;
        for (size_t k = 0; k < n_repeats; k++)
            *ret |=
                g_str_equal(repeats[k].post_id, post) && g_str_equal(repeats[k].network, network);
    }
    return true;
}
