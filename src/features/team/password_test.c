/* Passwords: what is too easy, that hashes hold, and that no more than two are hashed at a time. */
#include "base/error.h"
#include "store/test_store.h"
#include "team/team_private.h"

static void
what_is_easy_to_guess_is_refused_and_pass_phrases_are_not(void)
{
    static const char *const weak[] = {"short-1",    "aaaaaaaaaaaaaa", "abcdefghijkl",
                                       "Hanako2026", "1234567890",     "aabbaabbaabb"};
    static const char *const good[] = {"kissa-hibiki-2026", "correct horse",
                                       "珈琲と音楽のある毎日を", "hanako likes coffee"};
    GError *error = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(weak); i++)
        hib_assert_refused(
            hib_team_password_strong(weak[i], "hanako@example.jp", "/password", &error), error,
            "team.weak_password");
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
        hib_assert_ok(hib_team_password_strong(good[i], "hanako@example.jp", "/password", &error),
                      error);
}

static void
a_hash_opens_for_its_password_only_and_differs_each_time(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    GError *error = NULL;
    bool is_right;
    const char *a = hib_team_password_hash(NULL, arena, "kissa-hibiki-2026", &error);
    const char *b = hib_team_password_hash(NULL, arena, "kissa-hibiki-2026", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(a, !=, b);
    hib_assert_ok(hib_team_password_verify(NULL, a, "kissa-hibiki-2026", &is_right, &error), error);
    g_assert_true(is_right);
    hib_assert_ok(hib_team_password_verify(NULL, a, "kissa-hibiki-2027", &is_right, &error), error);
    g_assert_false(is_right);
    hib_assert_ok(hib_team_password_verify(NULL, NULL, "kissa-hibiki-2026", &is_right, &error),
                  error);
    g_assert_false(is_right);
    g_assert_false(hib_team_password_is_dated(a));
    g_assert_true(
        hib_team_password_is_dated("$argon2id$v=19$m=8192,t=1,p=1$Ho+B1EdFmDHYj/"
                                   "KpXKwfWg$Lurbjoej1Rnr7z47GRBbd/KEeZQh6Z9LU+pLC6oS/Vw"));
}

static void
a_password_nobody_has_takes_as_long_as_a_wrong_one(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    GError *error = NULL;
    bool is_right;
    const char *hash = hib_team_password_hash(NULL, arena, "kissa-hibiki-2026", &error);
    int64_t least[2] = {INT64_MAX,
                        INT64_MAX}; /* the least of several is what the work itself takes */
    for (int i = 0; i < 16; i++) {
        int64_t start = hib_monotonic_us();
        hib_assert_ok(
            hib_team_password_verify(NULL, i % 2 ? hash : NULL, "not-this-one", &is_right, &error),
            error);
        least[i % 2] = MIN(least[i % 2], hib_monotonic_us() - start);
    }
    g_assert_cmpint(least[0], >, least[1] / 2);
    g_assert_cmpint(least[0], <, least[1] * 2);
}

typedef struct {
    HibTeamCache *cache;
    int *n_inside, *most;
} Hasher;

static void *
hash_for_a_while(void *data)
{
    Hasher *hasher = data;
    g_autoptr(GError) error = NULL;
    hib_assert_ok(hib_team_gate_enter(hasher->cache, &error), error);
    int n = g_atomic_int_add(hasher->n_inside, 1) + 1;
    if (n > g_atomic_int_get(hasher->most))
        g_atomic_int_set(hasher->most, n);
    g_usleep(5000);
    g_atomic_int_add(hasher->n_inside, -1);
    hib_team_gate_leave(hasher->cache);
    return NULL;
}

static void
two_at_a_time_pass_the_gate(HibTestStore *test)
{
    HibTeamCache *cache = hib_team_cache_new(test->store);
    GThread *threads[8];
    int n_inside = 0, most = 0;
    Hasher hasher = {.cache = cache, .n_inside = &n_inside, .most = &most};
    for (int i = 0; i < 8; i++)
        threads[i] = g_thread_new("hasher", hash_for_a_while, &hasher);
    for (int i = 0; i < 8; i++)
        g_thread_join(threads[i]);
    g_assert_cmpint(most, ==, 2);
    hib_test_store_shut(test);
    hib_team_cache_free(cache);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/password/what_is_easy_to_guess_is_refused_and_pass_phrases_are_not",
                    what_is_easy_to_guess_is_refused_and_pass_phrases_are_not);
    g_test_add_func("/password/a_hash_opens_for_its_password_only_and_differs_each_time",
                    a_hash_opens_for_its_password_only_and_differs_each_time);
    g_test_add_func("/password/a_password_nobody_has_takes_as_long_as_a_wrong_one",
                    a_password_nobody_has_takes_as_long_as_a_wrong_one);
    hib_test_add("/password/two_at_a_time_pass_the_gate", two_at_a_time_pass_the_gate);
    return g_test_run();
}
