/* The queue page by page: nothing lost or shown twice while others are moved; counts; practice histories. */
#include "base/error.h"
#include "publish/fixture_test.h"

#define N 57

static void
expect_pages(HibTestPublish *t, HibDeliveryQuery query, int n_expected)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    HibInstant last = query.is_newest_first ? INT64_MAX : INT64_MIN;
    GError *error = NULL;
    do {
        HibDelivery *rows;
        size_t n;
        hib_assert_ok(hib_publish_list(t->db, &query, &rows, &n, &query.cursor, &error), error);
        g_assert_cmpint(n, <=, query.limit);
        for (size_t i = 0; i < n; i++) {
            g_assert_true(g_hash_table_add(seen, (char *)rows[i].id));
            g_assert_true(query.is_newest_first ? rows[i].due_at <= last : rows[i].due_at >= last);
            last = rows[i].due_at;
        }
    } while (query.cursor);
    g_assert_cmpint(g_hash_table_size(seen), ==, n_expected);
}

static void
pages_hold_every_delivery_once(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    HibDeliveryState waiting = HIB_DELIVERY_WAITING, failed = HIB_DELIVERY_FAILED;
    for (int i = 0; i < N; i++) /* many share their time */
        hib_test_scheduled(t, hib_arena_printf(t->arena, "%d", i), 0, HIB_DAY + i / 10 * HIB_HOUR);
    HibInstant from = hib_clock_now(t->clock) + HIB_DAY + HIB_HOUR, to = from + 2 * HIB_HOUR;
    for (int limit = 1; limit <= 60; limit += 7)
        for (int newest = 0; newest < 2; newest++) {
            expect_pages(t, (HibDeliveryQuery){.limit = limit, .is_newest_first = newest}, N);
            expect_pages(
                t, (HibDeliveryQuery){.limit = limit, .is_newest_first = newest, .state = &waiting},
                N);
            expect_pages(
                t, (HibDeliveryQuery){.limit = limit, .is_newest_first = newest, .state = &failed},
                0);
            expect_pages(t,
                         (HibDeliveryQuery){
                             .limit = limit, .is_newest_first = newest, .from = &from, .to = &to},
                         20);
        }
}

static void
a_page_keeps_its_place_while_others_move(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    const char *ids[N];
    HibDeliveryQuery query = {.limit = 5};
    HibSeeded seeded;
    GError *error = NULL;
    hib_seeded_init(&seeded, 7);
    for (int i = 0; i < N; i++)
        ids[i] =
            hib_test_scheduled(t, hib_arena_printf(t->arena, "%d", i), 0, HIB_DAY + i * HIB_MINUTE);
    do {
        HibDelivery *rows;
        size_t n;
        hib_assert_ok(hib_publish_list(t->db, &query, &rows, &n, &query.cursor, &error), error);
        for (size_t i = 0; i < n; i++)
            g_assert_true(g_hash_table_add(seen, (char *)rows[i].post_id));
        /* Only every second post moves, and only to the day before: pages shown already. */
        HibPost *after;
        const char *moved = ids[hib_seeded_below(&seeded, N / 2) * 2];
        HibInstant at = hib_clock_now(t->clock) + HIB_HOUR + hib_seeded_below(&seeded, HIB_HOUR);
        hib_assert_ok(hib_publish_schedule(t->db, moved, NULL, at, &after, &error), error);
    } while (query.cursor);
    for (int i = 1; i < N; i += 2)
        g_assert_true(g_hash_table_contains(seen, ids[i]));
}

static void
a_cursor_not_of_ours_is_refused(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    static const char *const bad[] = {
        "", "x", "12", "12.", "12.abc", "12.'; drop table publish_delivery --", "-"};
    GError *error = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        HibDeliveryQuery query = {.cursor = bad[i]};
        HibDelivery *rows;
        size_t n;
        const char *next;
        hib_assert_refused(hib_publish_list(t->db, &query, &rows, &n, &next, &error), error,
                           "publish.bad_cursor");
    }
}

static void
a_past_delivery_reads_as_it_was(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibInstant due = hib_clock_now(t->clock) - 30 * HIB_DAY;
    HibDelivery past = {.id = hib_db_new_id(t->db),
                        .post_id = hib_db_new_id(t->db),
                        .account_id = t->account,
                        .network = "bluesky",
                        .handle = "h",
                        .text = "先月の投稿",
                        .state = HIB_DELIVERY_PUBLISHED,
                        .due_at = due,
                        .has_sent_at = true,
                        .sent_at = due + 40 * HIB_MILLISECOND,
                        .has_published_at = true,
                        .published_at = due + 90 * HIB_MILLISECOND,
                        .attempts = 1,
                        .remote_id = "at://x",
                        .url = "https://x"};
    hib_assert_ok(hib_publish_add_past(t->db, &past, &error), error);
    HibDelivery *back;
    int64_t counts[6];
    hib_assert_ok(hib_publish_get(t->db, past.id, &back, &error), error);
    g_assert_cmpint(back->lateness_ms, ==, 40);
    g_assert_cmpstr(back->text, ==, "先月の投稿");
    hib_assert_ok(hib_publish_counts(t->db, counts, &error), error);
    g_assert_cmpint(counts[HIB_DELIVERY_PUBLISHED], ==, 1);
}

static void
an_unknown_delivery_is_not_found(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    HibDelivery *delivery;
    GError *error = NULL;
    hib_assert_refused(hib_publish_get(t->db, hib_db_new_id(t->db), &delivery, &error), error,
                       "publish.delivery_unknown");
    /* Another workspace's is as unknown. */
    const char *post = hib_test_scheduled(t, "よそから", 0, HIB_DAY);
    g_autoptr(HibDb) other = hib_db_open(test->store, t->arena, hib_db_new_id(t->db));
    hib_assert_refused(hib_publish_get(other, hib_test_delivery(t, post)->id, &delivery, &error),
                       error, "publish.delivery_unknown");
    hib_assert_refused(hib_publish_retry(t->db, hib_test_delivery(t, post)->id, &delivery, &error),
                       error, "publish.not_retryable");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/publish/delivery/pages_hold_every_delivery_once",
                        pages_hold_every_delivery_once);
    hib_test_add_manual("/publish/delivery/a_page_keeps_its_place_while_others_move",
                        a_page_keeps_its_place_while_others_move);
    hib_test_add_manual("/publish/delivery/a_cursor_not_of_ours_is_refused",
                        a_cursor_not_of_ours_is_refused);
    hib_test_add_manual("/publish/delivery/a_past_delivery_reads_as_it_was",
                        a_past_delivery_reads_as_it_was);
    hib_test_add_manual("/publish/delivery/an_unknown_delivery_is_not_found",
                        an_unknown_delivery_is_not_found);
    return g_test_run();
}
