/* Members: who may change whom, and that a workspace keeps an owner. */
#include "team/member.sql.h"
#include "team/test_team.h"

static void
a_new_role_counts_at_once_and_is_written_down(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    GError *error = NULL;
    const char *taro = hib_test_person(team, "taro@example.jp", "editor");
    HibNewSession session = hib_test_sign_in(team, "taro@example.jp");
    g_assert_cmpstr(hib_test_role(team, session.token), ==, "editor");
    hib_assert_ok(hib_team_change_member(db, &team->services, "owner", taro, "analyst", &error),
                  error);
    g_assert_cmpstr(hib_test_role(team, session.token), ==, "analyst");
    g_assert_cmpstr(hib_test_last_action(team, taro), ==, "member.changed");
    hib_assert_ok(hib_team_remove_member(db, &team->services, "owner", taro, &error), error);
    g_assert_null(hib_test_role(team, session.token));
    hib_assert_refused(hib_team_remove_member(db, &team->services, "owner", taro, &error), error,
                       "team.member_unknown");
}

static void
only_owners_make_change_or_remove_owners(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    const char *manager = hib_test_person(team, "mana@example.jp", "manager");
    const char *editor = hib_test_person(team, "edi@example.jp", "editor");
    const char *second = hib_test_person(team, "second@example.jp", "owner");
    g_autoptr(HibDb) db = hib_test_scoped(team, manager);
    HibInvitation invitation;
    hib_assert_refused(
        hib_team_change_member(db, &team->services, "manager", editor, "owner", &error), error,
        "team.owner_only");
    hib_assert_refused(
        hib_team_change_member(db, &team->services, "manager", manager, "owner", &error), error,
        "team.owner_only");
    hib_assert_refused(
        hib_team_change_member(db, &team->services, "manager", second, "client", &error), error,
        "team.owner_only");
    hib_assert_refused(hib_team_remove_member(db, &team->services, "manager", second, &error),
                       error, "team.owner_only");
    hib_assert_refused(hib_team_invite(db, &team->services, "manager", manager, "new@example.jp",
                                       "owner", &invitation, &error),
                       error, "team.owner_only");
    hib_assert_ok(hib_team_change_member(db, &team->services, "manager", editor, "manager", &error),
                  error);
    hib_assert_ok(hib_team_change_member(db, &team->services, "owner", second, "client", &error),
                  error);
}

static void
the_last_owner_stays(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    GError *error = NULL;
    HibNewSession session = hib_test_sign_in(team, HIB_TEST_EMAIL);
    hib_assert_refused(
        hib_team_change_member(db, &team->services, "owner", team->owner, "manager", &error), error,
        "team.last_owner");
    hib_assert_refused(hib_team_remove_member(db, &team->services, "owner", team->owner, &error),
                       error, "team.last_owner");
    g_assert_cmpstr(hib_test_role(team, session.token), ==, "owner");
}

typedef struct {
    HibTestTeam *team;
    const char *person;
    bool is_removal, is_done;
} Leaving;

static void *
step_down(void *data)
{
    Leaving *leaving = data;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(leaving->team->test->store, arena, leaving->team->workspace);
    g_autoptr(GError) error = NULL;
    leaving->is_done =
        leaving->is_removal
            ? hib_team_remove_member(db, &leaving->team->services, "owner", leaving->person, &error)
            : hib_team_change_member(db, &leaving->team->services, "owner", leaving->person,
                                     "client", &error);
    if (!leaving->is_done)
        g_assert_cmpstr(hib_error_reason(error), ==, "team.last_owner");
    return NULL;
}

static void
of_all_owners_stepping_down_at_once_one_stays(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    Leaving leaving[4] = {{.person = team->owner}};
    GThread *threads[4];
    for (int i = 1; i < 4; i++) {
        g_autofree char *email = g_strdup_printf("owner%d@example.jp", i);
        leaving[i].person = hib_test_person(team, email, "owner");
        leaving[i].is_removal = i % 2;
    }
    for (int i = 0; i < 4; i++) {
        leaving[i].team = team;
        threads[i] = g_thread_new("leaving", step_down, &leaving[i]);
    }
    int n_done = 0;
    for (int i = 0; i < 4; i++) {
        g_thread_join(threads[i]);
        n_done += leaving[i].is_done;
    }
    g_assert_cmpint(n_done, ==, 3);
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    HibSqlMemberOwners *owners;
    hib_assert_ok(hib_sql_member_owners(db, &owners, &error), error);
    g_assert_cmpint(owners->n, ==, 1);
}

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

    hib_assert_ok(hib_team_change_member(db, &team->services, "owner", taro, "client", &error),
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

static void
a_changed_name_moves_the_version_of_each_workspace(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    HibSqlPersonRow *row;
    uint64_t version = hib_store_version(test->store, team->workspace);
    const HibPersonChange change = {.name = " Hanako Yamada ", .theme = "dark"};
    hib_assert_ok(
        hib_team_change_person(team->db, &team->services, team->owner, &change, &row, &error),
        error);
    g_assert_cmpstr(row->name, ==, "Hanako Yamada");
    g_assert_cmpstr(row->locale, ==, "ja");
    g_assert_cmpstr(row->theme, ==, "dark");
    g_assert_cmpuint(hib_store_version(test->store, team->workspace), >, version);
    g_assert_cmpstr(hib_test_last_action(team, team->owner), ==, "person.changed");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) hib_test_add_manual("/member/" #test, test)
    ADD(a_new_role_counts_at_once_and_is_written_down);
    ADD(only_owners_make_change_or_remove_owners);
    ADD(the_last_owner_stays);
    ADD(of_all_owners_stepping_down_at_once_one_stays);
    ADD(callers_are_remembered_only_while_nothing_changed);
    ADD(a_change_of_another_process_drops_what_is_remembered);
    ADD(a_changed_name_moves_the_version_of_each_workspace);
    return g_test_run();
}
