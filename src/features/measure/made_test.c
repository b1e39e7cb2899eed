/* What posts are made of, ours and those of imports, and the lists that are narrowed to it. */
#include "base/error.h"
#include "measure/fixture_test.h"
#include "measure/import.sql.h"
#include "measure/made.h"
#include "measure/rank.h"

static HibMade
made_of(HibTestMeasure *t, const char *id)
{
    GError *error = NULL;
    HibMadePost *posts;
    size_t n;
    const HibMadeQuery query = {.until = INT64_MAX};
    hib_assert_ok(hib_made_posts(t->db, &query, &posts, &n, &error), error);
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(posts[i].delivery, id))
            return posts[i].made;
    g_assert_not_reached();
}

static const char *
ours(HibTestMeasure *t, const char *account, HibInstant at, const char *post, const char *text)
{
    GError *error = NULL;
    const char *id = hib_db_new_id(t->db);
    const HibDelivery delivery = {.id = id,
                                  .post_id = post,
                                  .account_id = account,
                                  .network = "bluesky",
                                  .handle = "hibiki.example",
                                  .text = text,
                                  .state = HIB_DELIVERY_PUBLISHED,
                                  .due_at = at,
                                  .has_sent_at = true,
                                  .sent_at = at,
                                  .has_published_at = true,
                                  .published_at = at,
                                  .attempts = 1,
                                  .remote_id = id,
                                  .url = "https://bsky.app/"};
    hib_assert_ok(hib_publish_add_past(t->db, &delivery, &error), error);
    hib_test_measure_add(
        t,
        &(HibSnapshot){.delivery = id, .metric = "likes", .as_of = at + 49 * HIB_HOUR, .value = 3},
        1);
    return id;
}

static const char *
theirs(HibTestMeasure *t, const char *account, HibInstant at, const char *network, const char *text,
       HibNetFormat format)
{
    GError *error = NULL;
    const char *id = hib_db_new_id(t->db);
    const HibSqlOutsideAddIn row = {id, account, id, network, NULL, text};
    const HibOutsidePost post = {id, account, network, text, format, at};
    hib_assert_ok(hib_sql_outside_add_many(t->db, &row, 1, &error), error);
    hib_assert_ok(hib_measure_follow_outside(t->db, &post, 1, &error), error);
    hib_test_measure_add(t,
                         &(HibSnapshot){.delivery = id,
                                        .metric = "likes",
                                        .as_of = at + 49 * HIB_HOUR,
                                        .value = 5,
                                        .source = "import:x"},
                         1);
    return id;
}

static size_t
found(HibTestMeasure *t, HibRankValue value, HibMade made, const char *account)
{
    GError *error = NULL;
    HibRankPost *posts;
    size_t n;
    const HibRankQuery query = {.from = hib_test_at("2026-01-01T00:00:00Z"),
                                .to = hib_test_at("2026-02-01T00:00:00Z"),
                                .value = value,
                                .account = account,
                                .format = -1,
                                .made = &made,
                                .zone = t->zone,
                                .with_ids = true,
                                .metric = hib_metric_find("engagements")};
    hib_assert_ok(hib_measure_rank(t->db, &query, &posts, &n, &error), error);
    for (size_t i = 0; i < n; i++)
        g_assert_cmpint(made_of(t, posts[i].delivery), ==, made);
    return n;
}

static void
posts_are_told_apart_by_what_they_are_made_of(HibTestStore *test)
{
    static const HibRankValue values[] = {HIB_RANK_NEWEST, HIB_RANK_GAINED, HIB_RANK_SETTLED};
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", false);
    const HibInstant at = hib_test_at("2026-01-10T00:00:00Z");
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T00:00:00Z"));
    const char *a = hib_test_measure_account(t, "a.example"),
               *b = hib_test_measure_account(t, "b.example");
    const struct {
        const char *id;
        HibMade made;
    } all[] = {
        {ours(t, a, at, hib_db_new_id(t->db), "おはようございます"), HIB_MADE_TEXT},
        {ours(t, a, at + HIB_HOUR, hib_db_new_id(t->db), "くわしくは https://example.com/"),
         HIB_MADE_LINK},
        {theirs(t, a, at, "instagram", "写真", HIB_FORMAT_POST), HIB_MADE_IMAGE},
        {theirs(t, a, at, "instagram", "https://example.com/ の動画", HIB_FORMAT_REEL),
         HIB_MADE_VIDEO},
        {theirs(t, b, at, "youtube", "短い動画", HIB_FORMAT_SHORT), HIB_MADE_VIDEO},
        {theirs(t, b, at, "x", "http://example.com/", HIB_FORMAT_POST), HIB_MADE_LINK},
        {theirs(t, b, at, "x", "ひとこと", HIB_FORMAT_POST), HIB_MADE_TEXT},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_assert_cmpint(made_of(t, all[i].id), ==, all[i].made);
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
        g_assert_cmpuint(found(t, values[i], HIB_MADE_TEXT, NULL), ==, 2);
        g_assert_cmpuint(found(t, values[i], HIB_MADE_LINK, NULL), ==, 2);
        g_assert_cmpuint(found(t, values[i], HIB_MADE_IMAGE, NULL), ==, 1);
        g_assert_cmpuint(found(t, values[i], HIB_MADE_GIF, NULL), ==, 0);
        g_assert_cmpuint(found(t, values[i], HIB_MADE_VIDEO, NULL), ==, 2);
        g_assert_cmpuint(found(t, values[i], HIB_MADE_VIDEO, b), ==, 1);
    }
}

static void
a_link_comes_and_goes_with_the_words_and_files_stay(void)
{
    static const struct {
        HibMade was;
        const char *text;
        HibMade is;
    } rows[] = {{HIB_MADE_TEXT, "豆 https://example.com/", HIB_MADE_LINK},
                {HIB_MADE_LINK, "豆", HIB_MADE_TEXT},
                {HIB_MADE_LINK, "豆 http://example.com/", HIB_MADE_LINK},
                {HIB_MADE_IMAGE, "豆 https://example.com/", HIB_MADE_IMAGE},
                {HIB_MADE_VIDEO, "豆", HIB_MADE_VIDEO}};
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpint(hib_made_again(rows[i].was, rows[i].text), ==, rows[i].is);
}

static void
of_many_the_newest_whole_days_are_left(void)
{
    g_autoptr(HibZone) zone = hib_zone_open("Asia/Tokyo");
    HibMadePost posts[10];
    for (int i = 0; i < 10; i++) /* three a day, from noon of Tokyo on */
        posts[i] = (HibMadePost){.published_at = hib_test_at("2026-01-10T03:00:00Z") +
                                                 i / 3 * HIB_DAY + i % 3 * HIB_HOUR};
    g_assert_cmpuint(hib_made_newest(zone, posts, 10, 10), ==, 0);
    g_assert_cmpuint(hib_made_newest(zone, posts, 10, 9), ==, 3);
    g_assert_cmpuint(hib_made_newest(zone, posts, 10, 7), ==, 3);
    g_assert_cmpuint(hib_made_newest(zone, posts, 10, 6), ==, 6);
    g_assert_cmpuint(hib_made_newest(zone, posts, 0, 4), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/measure/made/a_link_comes_and_goes_with_the_words_and_files_stay",
                    a_link_comes_and_goes_with_the_words_and_files_stay);
    g_test_add_func("/measure/made/of_many_the_newest_whole_days_are_left",
                    of_many_the_newest_whole_days_are_left);
    hib_test_add_manual("/measure/made/posts_are_told_apart_by_what_they_are_made_of",
                        posts_are_told_apart_by_what_they_are_made_of);
    return g_test_run();
}
