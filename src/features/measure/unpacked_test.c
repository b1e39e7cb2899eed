/* Readings of before packs are moved, whatever came in meanwhile, and come to what they came to. */
#include "base/error.h"
#include "measure/fixture_test.h"
#include "measure/reading.sql.h"
#include "measure/unpacked_test.sql.h"

static void
keep_unpacked(HibTestMeasure *t, const HibSqlTestSnapshotIn *rows, size_t n)
{
    GError *error = NULL;
    g_autoptr(HibTx) tx = hib_tx_begin(t->db, &error);
    hib_assert_ok(hib_sql_test_snapshot_many(t->db, rows, n, &error), error);
    hib_assert_ok(hib_tx_commit(tx, &error), error);
}

static void
readings_of_before_are_moved_and_count(HibTestStore *test)
{
    GError *error = NULL;
    HibJobEnd end = HIB_JOB_AGAIN;
    HibInstant at = 0;
    HibReading *rows = NULL;
    HibSqlMeasureSnapshotsSome *left = NULL;
    size_t n = 0;
    const HibJob job = {0};
    g_autoptr(HibTestMeasure) t = hib_test_measure_new(test, "Asia/Tokyo", false);
    hib_clock_manual_set(test->clock, hib_test_at("2026-01-20T00:00:00Z"));
    const char *account = hib_test_measure_account(t, "a.example");
    const char *out = hib_test_measure_out(t, account, hib_test_at("2026-01-10T00:00:00Z"), NULL);
    const HibSnapshot newer = {out, NULL, "likes", hib_test_at("2026-01-13T00:00:00Z"), 30};
    hib_test_measure_add(t, &newer, 1);
    const HibSqlTestSnapshotIn old[] = {
        {account, out, "likes", hib_test_at("2026-01-11T00:00:00Z"), 12},
        {account, out, "nothing", hib_test_at("2026-01-11T00:00:00Z"), 12},
        {account, "", "follows", hib_test_at("2026-01-11T00:00:00Z"), 7},
        {account, "", "followers", hib_test_at("2026-01-11T00:00:00Z"), 70}};
    keep_unpacked(t, old, G_N_ELEMENTS(old));
    hib_assert_ok(hib_measure_pack_run(t->db, &job, NULL, &end, &at, &error), error);
    g_assert_cmpint(end, ==, HIB_JOB_DONE);
    hib_assert_ok(hib_sql_measure_snapshots_some(t->db, 10, &left, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
    hib_assert_ok(hib_measure_readings(t->db, out, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 2);
    hib_assert_ok(hib_measure_readings(t->db, account, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpstr(hib_metric_of_id(rows[1].metric)->slug, ==, "following");
    g_autofree char *rolls = hib_test_measure_rolls(t);
    g_assert_nonnull(strstr(rolls, "day likes 20260111 posts 12 "));
    g_assert_nonnull(strstr(rolls, "day likes 20260113 posts 18 "));
    g_assert_nonnull(strstr(rolls, "day published 20260110 posts 1 "));
    g_assert_nonnull(strstr(rolls, "day followers 20260111 own 70 "));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/measure/unpacked/readings_of_before_are_moved_and_count",
                        readings_of_before_are_moved_and_count);
    return g_test_run();
}
