/* What the process remembers of callers, and when it must not. */
#include "team/test_team.h"

/* Reads the store and remembers, again while late notices of earlier changes (PostgreSQL) drop it. */
static HibTeamMark
remember(HibTestTeam *team, HibTeamCache *cache, const char *token, HibTeamKnown *ret)
{
    GError *error = NULL;
    HibTeamMark mark;
    HibCaller caller;
    int n_tries = 0;
    do {
        g_assert_cmpint(n_tries++, <, 100);
        g_usleep(n_tries > 1 ? 10000 : 0);
        mark = hib_team_cache_mark(cache, team->workspace);
        hib_assert_ok(
            hib_team_know_session(team->db, &team->services, token, team->workspace, ret, &error),
            error);
        hib_team_cache_keep(cache, mark, "hash", team->workspace, ret);
    } while (!hib_team_cache_find(cache, team->test->arena, "hash", team->workspace, &caller));
    g_assert_cmpstr(caller.person, ==, ret->caller.person);
    g_assert_cmpstr(caller.role, ==, ret->caller.role);
    g_assert_cmpstr(caller.csrf, ==, ret->caller.csrf);
    return mark;
}

static void
callers_are_remembered_only_while_nothing_changed(HibTestStore *test)
{
    HibMember *member;
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    GError *error = NULL;
    HibTeamCache *cache = team->services.team_cache;
    const char *taro = hib_test_person(team, "taro@example.jp", "editor");
    HibNewSession session = hib_test_sign_in(team, "taro@example.jp");
    HibTeamKnown known;
    HibCaller caller;
    HibTeamMark before = remember(team, cache, session.token, &known);
    g_assert_cmpstr(known.caller.role, ==, "editor");
    g_assert_false(hib_team_cache_find(cache, test->arena, "hash", NULL, &caller));

    hib_assert_ok(
        hib_team_change_member(db, &team->services, "owner", taro, "client", &member, &error),
        error);
    g_assert_false(hib_team_cache_find(cache, test->arena, "hash", team->workspace, &caller));
    hib_team_cache_keep(cache, before, "hash", team->workspace,
                        &known); /* read before the change, remembered after it */
    g_assert_false(hib_team_cache_find(cache, test->arena, "hash", team->workspace, &caller));

    remember(team, cache, session.token, &known);
    g_assert_cmpstr(known.caller.role, ==, "client");
    hib_clock_manual_set(test->clock, hib_clock_now(test->clock) + 30 * HIB_SECOND);
    g_assert_false(hib_team_cache_find(cache, test->arena, "hash", team->workspace, &caller));
}

static void
a_change_of_another_process_drops_what_is_remembered(HibTestStore *test)
{
    if (!test->is_postgres)
        return; /* an SQLite file belongs to one process */
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    const char *taro = hib_test_person(team, "taro@example.jp", "editor");
    HibNewSession session = hib_test_sign_in(team, "taro@example.jp");
    const HibStoreOptions options = {.url = test->url, .clock = test->clock};
    g_autoptr(HibStore) other = hib_store_open(&options, &error);
    g_assert_no_error(error);
    HibTeamCache *there = hib_team_cache_new(other);
    HibTeamKnown known;
    HibCaller caller;
    remember(team, there, session.token, &known);
    hib_assert_ok(
        hib_team_session_end(team->db, &team->services, taro, session.id, "session.closed", &error),
        error);
    bool is_dropped = false;
    for (int i = 0; i < 200 && !is_dropped; i++) {
        is_dropped = !hib_team_cache_find(there, test->arena, "hash", team->workspace, &caller);
        g_usleep(10000);
    }
    g_assert_true(is_dropped);
    g_clear_pointer(&other, hib_store_close);
    hib_team_cache_free(there);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) hib_test_add_manual("/cache/" #test, test)
    ADD(callers_are_remembered_only_while_nothing_changed);
    ADD(a_change_of_another_process_drops_what_is_remembered);
    return g_test_run();
}
