/* Every statement of the program is prepared on both databases, with the columns and parameters it declares, and none reads a
 * table from end to end unless it stands here with its reason. */
#include "base/error.h"
#include "migrations/migrations.h"
#include "store/test_store.h"
#include <string.h>

extern const HibStatement *const *const hib_all_statements[];

typedef struct {
    const char *statement, *reason;
} Allowed;

static const Allowed may_scan[] = {
    {"migration_all", "a few dozen rows, once at start"},
    {"person_first", "the demo only, which has a handful of people"},
    {"workspaces_all", "meant to walk all workspaces"},
};

static bool
is_allowed(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(may_scan); i++)
        if (strcmp(may_scan[i].statement, name) == 0)
            return true;
    return false;
}

/* All tables of the migrations. */
static GPtrArray *
all_tables(void)
{
    GPtrArray *tables = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GRegex) create = g_regex_new("create\\s+table\\s+(?:if\\s+not\\s+exists\\s+)?(\\w+)",
                                           G_REGEX_CASELESS, 0, NULL);
    for (size_t i = 0; i < hib_n_migrations; i++) {
        g_autoptr(GMatchInfo) match = NULL;
        g_regex_match(create, hib_migrations[i].sql, 0, &match);
        for (; g_match_info_matches(match); g_match_info_next(match, NULL))
            g_ptr_array_add(tables, g_match_info_fetch(match, 1));
    }
    g_ptr_array_add(tables, NULL);
    return tables;
}

static void
every_statement_prepares_and_none_scans(HibTestStore *test)
{
    g_autoptr(GPtrArray) tables = all_tables();
    int n = 0, n_bad = 0;
    g_assert_cmpuint(tables->len, >, 2);
    for (size_t i = 0; hib_all_statements[i]; i++) {
        for (const HibStatement *const *at = hib_all_statements[i]; *at; at++, n++) {
            g_autoptr(GError) error = NULL;
            const char *scanned = NULL;
            if (!hib_store_check_statement(test->store, test->arena, *at,
                                           (const char *const *)tables->pdata, &scanned, &error)) {
                g_test_message("%s: %s", (*at)->name, error->message);
                n_bad++;
            } else if (scanned && !is_allowed((*at)->name)) {
                g_test_message("%s: reads all of %s; add an index, or its name and a reason to "
                               "tests/statements_test.c",
                               (*at)->name, scanned);
                n_bad++;
            }
        }
    }
    g_test_message("%d statements", n);
    g_assert_cmpint(n, >, 10);
    if (n_bad)
        g_test_fail();
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/every_statement_prepares_and_none_scans",
                 every_statement_prepares_and_none_scans);
    return g_test_run();
}
