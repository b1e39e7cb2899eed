/* As good as the same, within a week, on one network: that and nothing else is a repeat. */
#include "publish/fixture_test.h"
#include "publish/repeat.h"

static const char text[] = "冬のセール、いよいよ明日から始まります。お楽しみに。";
static const char nearly[] = "冬のセール、いよいよ明日から始まります。お楽しみに！";
static const char other[] = "春の新しいお弁当ができました。ぜひ食べに来てください。";
static const char *const on_bluesky[] = {"bluesky", "bluesky"};
static const char *const on_x[] = {"x", "x"};

static bool
is_repeat(HibTestPublish *t, const HibPost *post, size_t variant, const char *const *networks,
          HibInstant at)
{
    GError *error = NULL;
    bool is;
    hib_assert_ok(hib_repeat_is(t->db, post, variant, networks, at, &is, &error), error);
    return is;
}

static void
a_repeat_is_near_in_words_time_and_network(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    const HibInstant due = hib_db_now(t->db) + HIB_HOUR;
    const char *first = hib_test_scheduled(t, text, 0, HIB_HOUR);
    const HibPost *again = hib_test_draft(t, nearly, 0, false);
    g_assert_true(is_repeat(t, again, 0, on_bluesky, due + HIB_DAY));
    g_assert_true(is_repeat(t, again, 0, on_bluesky, due - HIB_REPEAT_WITHIN + 1));
    g_assert_false(is_repeat(t, again, 0, on_bluesky, due + HIB_REPEAT_WITHIN));
    g_assert_false(is_repeat(t, again, 0, on_x, due + HIB_DAY));
    g_assert_false(is_repeat(t, hib_test_draft(t, other, 0, false), 0, on_bluesky, due));
    g_assert_false(is_repeat(t, hib_test_post(t, first), 0, on_bluesky, due)); /* itself */
    hib_test_advance(t, 2 * HIB_HOUR);                                         /* it is out */
    g_assert_true(is_repeat(t, again, 0, on_bluesky, due + HIB_DAY));
}

static void
two_accounts_of_one_network_say_it_at_once(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    static const char *const apart[] = {"bluesky", "x"};
    const HibPost *both = hib_test_draft(t, text, 0, true);
    g_assert_false(is_repeat(t, both, 0, on_bluesky, hib_db_now(t->db)));
    g_assert_true(is_repeat(t, both, 1, on_bluesky, hib_db_now(t->db)));
    g_assert_false(is_repeat(t, both, 1, apart, hib_db_now(t->db)));
}

static void
many_are_held_against_each_other(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibRepeats *repeats;
    const HibInstant at = hib_db_now(t->db) + 30 * HIB_DAY;
    hib_test_scheduled(t, text, 0, 30 * HIB_DAY);
    hib_assert_ok(hib_repeats_new(t->db, "bluesky", &repeats, &error), error);
    g_assert_false(hib_repeats_add(repeats, t->arena, nearly, at + HIB_REPEAT_WITHIN));
    g_assert_true(hib_repeats_add(repeats, t->arena, nearly, at + HIB_DAY));
    g_assert_false(hib_repeats_add(repeats, t->arena, other, at));
    g_assert_true(hib_repeats_add(repeats, t->arena, other, at + HIB_DAY));
    hib_repeats_free(repeats);
    hib_repeats_free(NULL);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add_manual("/repeat/near", a_repeat_is_near_in_words_time_and_network);
    hib_test_add_manual("/repeat/at_once", two_accounts_of_one_network_say_it_at_once);
    hib_test_add_manual("/repeat/many", many_are_held_against_each_other);
    return g_test_run();
}
