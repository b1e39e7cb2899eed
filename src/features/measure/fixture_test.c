/* The workspace the tests of measure/ work in. */
#include "measure/fixture_test.h"
#include "base/error.h"
#include "measure/overview.sql.h"
#include "measure/part.sql.h"
#include "measure/reading.sql.h"
#include "team/team.h"
#include <glib/gstdio.h>

HibTestMeasure *
hib_test_measure_new(HibTestStore *test, const char *zone, bool is_practice)
{
    GError *error = NULL;
    HibTestMeasure *t = g_new0(HibTestMeasure, 1);
    t->test = test;
    t->arena = hib_arena_new();
    t->zone = hib_zone_open(zone);
    g_assert_nonnull(t->zone);
    t->directory = g_dir_make_tmp("hibiki-measure-XXXXXX", NULL);
    g_autofree char *key = g_build_filename(t->directory, "key", NULL);
    t->services = (HibServices){.store = test->store,
                                .keys = hib_keys_open(key, &error),
                                .http = hib_http_new(),
                                .version = "test",
                                .base_url = "http://127.0.0.1",
                                .may_connect_private = true};
    g_assert_no_error(error);
    const HibTeamFounding founding = {.name = "花子",
                                      .email = "hanako@example.jp",
                                      .password = "kissa-hibiki-2026",
                                      .workspace_name = "喫茶ひびき",
                                      .zone = zone,
                                      .locale = "ja",
                                      .is_practice = is_practice};
    const char *workspace, *person;
    g_autoptr(HibDb) db = hib_db_open(test->store, t->arena, NULL);
    hib_assert_ok(hib_team_found(db, &founding, &workspace, &person, &error), error);
    t->db = hib_db_open(test->store, t->arena, workspace);
    return t;
}

void
hib_test_measure_free(HibTestMeasure *t)
{
    g_autofree char *key = g_build_filename(t->directory, "key", NULL);
    hib_db_close(t->db);
    hib_http_free(t->services.http);
    hib_keys_free(t->services.keys);
    hib_zone_unref(t->zone);
    hib_arena_free(t->arena);
    g_unlink(key);
    g_rmdir(t->directory);
    g_free(t->directory);
    g_free(t);
}

const char *
hib_test_measure_account(HibTestMeasure *t, const char *handle)
{
    GError *error = NULL;
    const char *id = NULL;
    const HibGrant grant = {.service = "https://bsky.social",
                            .remote_id = hib_arena_printf(t->arena, "did:plc:%s", handle),
                            .handle = handle,
                            .display_name = handle,
                            .avatar_url = "",
                            .access = "no-access",
                            .refresh = "no-refresh"};
    hib_assert_ok(
        hib_accounts_add(t->db, &t->services, "bluesky", &grant, hib_db_now(t->db), &id, &error),
        error);
    return id;
}

const char *
hib_test_measure_out(HibTestMeasure *t, const char *account, HibInstant at, const char *remote_id)
{
    return hib_test_measure_post_out(t, hib_db_new_id(t->db), account, at, remote_id);
}

const char *
hib_test_measure_post_out(HibTestMeasure *t, const char *post, const char *account, HibInstant at,
                          const char *remote_id)
{
    GError *error = NULL;
    const char *id = hib_db_new_id(t->db);
    const HibDelivery delivery = {
        .id = id,
        .post_id = post,
        .account_id = account,
        .network = "bluesky",
        .handle = "hibiki.example",
        .text = "おはようございます",
        .state = HIB_DELIVERY_PUBLISHED,
        .due_at = at,
        .has_sent_at = true,
        .sent_at = at,
        .has_published_at = true,
        .published_at = at,
        .attempts = 1,
        .remote_id = remote_id
                         ? remote_id
                         : hib_arena_printf(t->arena, "at://did:plc:x/app.bsky.feed.post/%s", id),
        .url = "https://bsky.app/",
    };
    hib_assert_ok(hib_publish_add_past(t->db, &delivery, &error), error);
    return delivery.id;
}

void
hib_test_measure_add(HibTestMeasure *t, const HibSnapshot *snapshots, size_t n)
{
    GError *error = NULL;
    hib_assert_ok(hib_measure_add(t->db, snapshots, n, &error), error);
}

static void
dump_number(GString *out, const char *name, bool has, int64_t value)
{
    if (has)
        g_string_append_printf(out, " %s %" G_GINT64_FORMAT, name, value);
}

char *
hib_test_measure_dump(HibTestMeasure *t, const char *const *deliveries, size_t n)
{
    GError *error = NULL;
    GString *out = g_string_new(NULL);
    HibSqlMeasureDays *days = NULL;
    size_t n_days = 0;
    hib_assert_ok(hib_sql_measure_days(t->db, 0, 99991231, NULL, &days, &n_days, &error), error);
    for (size_t i = 0; i < n_days; i++) {
        const HibSqlMeasureDays *d = &days[i];
        if (!d->posts && !d->likes && !d->reposts && !d->replies && !d->quotes && !d->has_followers)
            continue; /* readings that changed nothing */
        g_string_append_printf(out, "%d %s posts %d", (int)d->day, d->account_id, (int)d->posts);
        dump_number(out, "likes", true, d->likes);
        dump_number(out, "reposts", true, d->reposts);
        dump_number(out, "replies", true, d->replies);
        dump_number(out, "quotes", true, d->quotes);
        dump_number(out, "followers", d->has_followers, d->followers);
        g_string_append_c(out, '\n');
    }
    for (size_t i = 0; i < n; i++) {
        HibSqlMeasurePost *p = NULL;
        hib_assert_ok(hib_sql_measure_post_get(t->db, deliveries[i], &p, &error), error);
        if (!p)
            continue;
        g_string_append(out, p->delivery_id);
        dump_number(out, "likes", p->has_likes, p->likes);
        dump_number(out, "reposts", p->has_reposts, p->reposts);
        dump_number(out, "replies", p->has_replies, p->replies);
        dump_number(out, "quotes", p->has_quotes, p->quotes);
        dump_number(out, "all", true, p->engagements);
        dump_number(out, "after48h", p->has_engagements_48, p->engagements_48);
        dump_number(out, "as_of", p->has_as_of, p->as_of);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static void
dump_rolls(HibTestMeasure *t, GString *out, int grain, bool is_own, const HibMetric *metric)
{
    static const char *const grains[] = {"hour", "day", "week", "month"};
    GError *error = NULL;
    HibSqlMeasureRoll *rows = NULL;
    size_t n = 0;
    hib_assert_ok(
        hib_sql_measure_rolls(t->db, grain, is_own, metric->id, 0, INT64_MAX, &rows, &n, &error),
        error);
    for (size_t i = 0; i < n; i++) {
        const HibSqlMeasureRoll *r = &rows[i];
        if (!r->value && !r->readings && !r->falls && !r->gaps && !r->inexact)
            continue;
        g_string_append_printf(out,
                               "%s %s %" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT
                               " of %d fell %d gaps %d inexact %d %s %" G_GINT64_FORMAT "\n",
                               grains[grain], metric->slug, r->at, is_own ? "own" : "posts",
                               r->value, (int)r->readings, (int)r->falls, (int)r->gaps,
                               (int)r->inexact, r->account_id, r->as_of);
    }
}

char *
hib_test_measure_rolls(HibTestMeasure *t)
{
    GError *error = NULL;
    GString *out = g_string_new(NULL);
    size_t n = 0, n_posts = 0;
    const HibMetric *metrics = hib_metrics(&n);
    for (size_t i = 0; i < n; i++)
        for (int grain = 0; grain < 4; grain++) {
            dump_rolls(t, out, grain, false, &metrics[i]);
            dump_rolls(t, out, grain, true, &metrics[i]);
        }
    HibSqlMeasurePublished *posts = NULL;
    hib_assert_ok(hib_sql_measure_published(t->db, &posts, &n_posts, &error), error);
    for (size_t i = 0; i < n_posts; i++) {
        HibSqlMeasurePost *p = NULL;
        g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(HibDayChange));
        hib_assert_ok(hib_sql_measure_post_get(t->db, posts[i].delivery_id, &p, &error), error);
        g_assert_true(hib_days_read(p->days, days));
        for (guint k = 0; k < days->len; k++) {
            const HibDayChange *day = &g_array_index(days, HibDayChange, k);
            if (day->change)
                g_string_append_printf(out, "%s %d %d %" G_GINT64_FORMAT "\n", p->delivery_id,
                                       (int)day->day, day->metric, day->change);
        }
    }
    HibSqlMeasurePartsAll *parts = NULL;
    hib_assert_ok(hib_sql_measure_parts_all(t->db, &parts, &n, &error), error);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, "part %d %s %d %d %d %s %" G_GINT64_FORMAT "\n",
                               (int)parts[i].part, parts[i].name, (int)parts[i].metric,
                               (int)parts[i].grain, (int)parts[i].at, parts[i].account_id,
                               parts[i].value);
    return g_string_free(out, FALSE);
}

HibInstant
hib_test_at(const char *rfc3339)
{
    HibInstant at = 0;
    g_assert_true(hib_instant_parse(rfc3339, &at));
    return at;
}
