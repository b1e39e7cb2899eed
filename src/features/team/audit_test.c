/* The audit log. */
#include "team/test_team.h"

static void
the_log_is_read_in_pages_that_neither_lose_nor_repeat(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    GError *error = NULL;
    for (int i = 0; i < 25; i++) {
        const char *text = hib_arena_printf(test->arena, "%d", i);
        const char *after =
            hib_audit_json(test->arena, "n", text, "gone", (const char *)NULL, "kept", "x", NULL);
        hib_assert_ok(hib_audit(db, "post.changed", "post", i % 2 ? "odd" : "even", "{\"n\":0}",
                                after, &error),
                      error);
    }
    HibSqlAuditRow *rows;
    size_t n;
    const char *below = NULL;
    int expected = 24;
    do {
        hib_assert_ok(hib_sql_audit_page(db, NULL, below, 7, &rows, &n, &error), error);
        for (size_t i = 0; i < n && expected >= 0; i++) {
            g_autofree char *after = g_strdup_printf("{\"n\":\"%d\",\"kept\":\"x\"}", expected--);
            g_assert_cmpstr(rows[i].after_json, ==, after);
            g_assert_cmpstr(rows[i].actor_name, ==, "Hanako");
            g_assert_cmpstr(rows[i].actor_kind, ==, "person");
        }
        below = n ? rows[n - 1].id : NULL;
    } while (n == 7);
    g_assert_cmpint(expected, ==, -1);
    hib_assert_ok(hib_sql_audit_page_about(db, "odd", NULL, 100, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 12);
    hib_assert_ok(hib_sql_audit_page(db, "post", NULL, 100, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 25);
    hib_assert_ok(hib_sql_audit_page(db, "token", NULL, 100, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
}

static void
the_log_names_tokens_and_is_empty_for_other_workspaces(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    GError *error = NULL;
    const char *id, *secret, *elsewhere;
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    hib_assert_ok(hib_team_token_make(db, "script", HIB_SCOPE_WRITE, NULL, &id, &secret, &error),
                  error);
    hib_db_set_actor(db, HIB_ACTOR_TOKEN, id);
    hib_assert_ok(hib_audit(db, "post.created", "post", "p1", NULL, "{}", &error), error);
    HibSqlAuditRow *rows;
    size_t n;
    hib_assert_ok(hib_sql_audit_page_about(db, "p1", NULL, 10, &rows, &n, &error), error);
    g_assert_cmpstr(rows[0].actor_name, ==, "script");
    hib_assert_ok(
        hib_team_create_workspace(team->db, team->owner, "Other", "Asia/Tokyo", &elsewhere, &error),
        error);
    g_autoptr(HibDb) other = hib_db_open(test->store, test->arena, elsewhere);
    hib_assert_ok(hib_sql_audit_page_about(other, "p1", NULL, 10, &rows, &n, &error), error);
    g_assert_cmpuint(n, ==, 0);
}

static void
an_undone_change_leaves_no_line(HibTestStore *test)
{
    g_autoptr(HibTestTeam) team = hib_test_team_new(test);
    g_autoptr(HibDb) db = hib_test_scoped(team, team->owner);
    GError *error = NULL;
    {
        g_autoptr(HibTx) tx = hib_tx_begin(db, &error);
        hib_assert_ok(hib_audit(db, "post.created", "post", "p1", NULL, "{}", &error), error);
    }
    g_assert_null(hib_test_last_action(team, "p1"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(test) hib_test_add_manual("/audit/" #test, test)
    ADD(the_log_is_read_in_pages_that_neither_lose_nor_repeat);
    ADD(the_log_names_tokens_and_is_empty_for_other_workspaces);
    ADD(an_undone_change_leaves_no_line);
    return g_test_run();
}
