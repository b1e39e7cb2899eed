/* Members: who may change whom, and that a workspace keeps an owner. */
#include "team/test_team.h"

static void
a_new_role_counts_at_once_and_is_written_down(HibTestStore *test)
{
    HibMember *member;
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    GError *error = NULL;
    const char *taro = hib_test_person(team, "taro@example.jp", "editor");
    HibNewSession session = hib_test_sign_in(team, "taro@example.jp");
    g_assert_cmpstr(hib_test_role(team, session.token), ==, "editor");
    hib_assert_ok(
        hib_team_change_member(db, &team->services, "owner", taro, "analyst", &member, &error),
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
    const char *link;
    HibMember *member;
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    const char *manager = hib_test_person(team, "mana@example.jp", "manager");
    const char *editor = hib_test_person(team, "edi@example.jp", "editor");
    const char *second = hib_test_person(team, "second@example.jp", "owner");
    g_autoptr(HibDb) db = hib_test_scoped(team, manager);
    HibInvitation invitation;
    hib_assert_refused(
        hib_team_change_member(db, &team->services, "manager", editor, "owner", &member, &error),
        error, "team.owner_only");
    hib_assert_refused(
        hib_team_change_member(db, &team->services, "manager", manager, "owner", &member, &error),
        error, "team.owner_only");
    hib_assert_refused(
        hib_team_change_member(db, &team->services, "manager", second, "client", &member, &error),
        error, "team.owner_only");
    hib_assert_refused(hib_team_remove_member(db, &team->services, "manager", second, &error),
                       error, "team.owner_only");
    hib_assert_refused(hib_team_invite(db, &team->services, "manager", manager, "new@example.jp",
                                       "owner", &invitation, &link, &error),
                       error, "team.owner_only");
    hib_assert_ok(
        hib_team_change_member(db, &team->services, "manager", editor, "manager", &member, &error),
        error);
    hib_assert_ok(
        hib_team_change_member(db, &team->services, "owner", second, "client", &member, &error),
        error);
}

static void
the_last_owner_stays(HibTestStore *test)
{
    HibMember *member;
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    GError *error = NULL;
    HibNewSession session = hib_test_sign_in(team, HIB_TEST_EMAIL);
    hib_assert_refused(hib_team_change_member(db, &team->services, "owner", team->owner, "manager",
                                              &member, &error),
                       error, "team.last_owner");
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
    HibMember *member;
    Leaving *leaving = data;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(leaving->team->test->store, arena, leaving->team->workspace);
    g_autoptr(GError) error = NULL;
    leaving->is_done =
        leaving->is_removal
            ? hib_team_remove_member(db, &leaving->team->services, "owner", leaving->person, &error)
            : hib_team_change_member(db, &leaving->team->services, "owner", leaving->person,
                                     "client", &member, &error);
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

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) hib_test_add_manual("/member/" #test, test)
    ADD(a_new_role_counts_at_once_and_is_written_down);
    ADD(only_owners_make_change_or_remove_owners);
    ADD(the_last_owner_stays);
    ADD(of_all_owners_stepping_down_at_once_one_stays);
    return g_test_run();
}
