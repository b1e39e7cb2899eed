/* The founding of an instance, and workspaces. */
#include "team/test_team.h"

static const HibTeamFounding founding = {
    .name = "Hanako",
    .email = HIB_TEST_EMAIL,
    .password = HIB_TEST_PASSWORD,
    .workspace_name = "喫茶ひびき",
    .zone = "Asia/Tokyo",
    .locale = "ja",
};

static void
an_instance_is_founded_once(HibTestStore *test)
{
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, NULL);
    GError *error = NULL;
    const char *workspace, *person;
    bool is_needed;
    hib_assert_ok(hib_team_needs_setup(db, &is_needed, &error), error);
    g_assert_true(is_needed);
    hib_assert_ok(hib_team_found(db, &founding, &workspace, &person, &error), error);
    hib_assert_ok(hib_team_needs_setup(db, &is_needed, &error), error);
    g_assert_false(is_needed);
    hib_assert_refused(hib_team_found(db, &founding, &workspace, &person, &error), error,
                       "setup.done");
}

static void
a_founding_with_a_fault_leaves_nothing(HibTestStore *test)
{
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, NULL);
    GError *error = NULL;
    const char *workspace, *person;
    bool is_needed;
    static const char *const bad_emails[] = {"hanako",         "@example.jp", "a@",
                                             "a b@example.jp", "a@b@c.jp",    "a@.jp",
                                             "a@ex..jp",       "<a@b.jp>"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad_emails); i++) {
        HibTeamFounding wrong = founding;
        wrong.email = bad_emails[i];
        hib_assert_refused(hib_team_found(db, &wrong, &workspace, &person, &error), error,
                           "team.bad_email");
    }
    static const char *const weak[] = {"short-1",    "aaaaaaaaaaaaaa", "abcdefghijkl",
                                       "Hanako2026", "1234567890",     "aabbaabbaabb"};
    for (size_t i = 0; i < G_N_ELEMENTS(weak); i++) {
        HibTeamFounding wrong = founding;
        wrong.password = weak[i];
        hib_assert_refused(hib_team_found(db, &wrong, &workspace, &person, &error), error,
                           "team.weak_password");
    }
    HibTeamFounding wrong = founding;
    wrong.zone = "Asia/Osaka";
    hib_assert_refused(hib_team_found(db, &wrong, &workspace, &person, &error), error,
                       "team.bad_zone");
    wrong = founding;
    wrong.name = "   ";
    hib_assert_refused(hib_team_found(db, &wrong, &workspace, &person, &error), error,
                       "input.too_short");
    hib_assert_ok(hib_team_needs_setup(db, &is_needed, &error), error);
    g_assert_true(is_needed);
}

typedef struct {
    HibStore *store;
    int email;
    bool is_done;
} Founder;

static void *
found_at_once(void *data)
{
    Founder *founder = data;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(founder->store, arena, NULL);
    g_autoptr(GError) error = NULL;
    HibTeamFounding mine = founding;
    mine.email = hib_arena_printf(arena, "owner%d@example.jp", founder->email);
    const char *workspace, *person;
    founder->is_done = hib_team_found(db, &mine, &workspace, &person, &error);
    if (!founder->is_done)
        g_assert_cmpstr(hib_error_reason(error), ==, "setup.done");
    return NULL;
}

static void
of_several_foundings_at_once_one_wins(HibTestStore *test)
{
    Founder founders[6];
    GThread *threads[6];
    for (int i = 0; i < 6; i++) {
        founders[i] = (Founder){.store = test->store, .email = i};
        threads[i] = g_thread_new("founder", found_at_once, &founders[i]);
    }
    int n_done = 0;
    for (int i = 0; i < 6; i++) {
        g_thread_join(threads[i]);
        n_done += founders[i].is_done;
    }
    g_assert_cmpint(n_done, ==, 1);
    g_autoptr(HibDb) db = hib_db_open(test->store, test->arena, NULL);
    GError *error = NULL;
    HibWorkspace *rows;
    size_t n;
    hib_assert_ok(hib_team_workspaces(db, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 1);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) hib_test_add("/team/" #test, test)
    ADD(an_instance_is_founded_once);
    ADD(a_founding_with_a_fault_leaves_nothing);
    ADD(of_several_foundings_at_once_one_wins);
    return g_test_run();
}
