/* Every statement of the program is prepared on both databases, with the columns and parameters it declares. None reads a table from
 * end to end, or one of those that grow for ever through all rows of a workspace, unless it stands here with its reason. */
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
    {"click_table_variants",
     "few links have other targets by network, and at the start all are read"},
    {"thread_uncounted_workspaces",
     "a partial index: only what a migration brought in and was not counted yet"},
    {"keep_workspaces", "a partial index, once a day: only files that are here"},
    {"alike_unhashed", "a partial index: only what has no hash yet"},
};

/* These grow with every post, reading or change. */
static const char *const growing[] = {
    "store_job",           "store_event",
    "plan_post",           "plan_variant",
    "plan_media",          "plan_thread",
    "publish_step",        "publish_delivery",
    "measure_post",        "measure_snapshot",
    "measure_roll",        "measure_pack",
    "measure_part",        "team_audit",
    "accounts_connection", "accounts_hook_event",
    "accounts_quota_use",  "media_media",
    "links_link",          "links_click",
    "links_hour",          NULL,
};

static const Allowed may_walk[] = {
    {"measure_roll_clear", "rebuilding starts from nothing"},
    {"measure_part_clear", "rebuilding starts from nothing"},
    {"measure_parts_all", "what was written is held against what is rebuilt"},
    {"measure_snapshots_some", "readings of before packs, moved some at a time until none is left"},
    {"measure_published", "rebuilding takes every post"},
    {"delivery_counts", "a count by state, from the index alone"},
    {"hold_released", "a partial index: only what is held"},
    {"alike_all", "a new picture is compared with all, 32 bytes of each"},
};

static bool
is_allowed(const Allowed *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i].statement, name) == 0)
            return true;
    return false;
}

/* A fault in words, or NULL. */
static const char *
fault_of(HibTestStore *test, const HibStatement *statement, const char *const *tables)
{
    g_autoptr(GError) error = NULL;
    HibPlanned any, large;
    const char *name = statement->name;
    if (!hib_store_check_statement(test->store, test->arena, statement, tables, &any, &error) ||
        !hib_store_check_statement(test->store, test->arena, statement, growing, &large, &error))
        return hib_arena_strdup(test->arena, error->message);
    if (any.scanned && !is_allowed(may_scan, G_N_ELEMENTS(may_scan), name))
        return hib_arena_printf(test->arena, "reads all of %s", any.scanned);
    if (large.walked && !is_allowed(may_walk, G_N_ELEMENTS(may_walk), name))
        return hib_arena_printf(test->arena, "reads all of a workspace's %s", large.walked);
    return NULL;
}

/* A later migration took it away; a view may have its name now, which is only walked after its tables were searched. */
static bool
is_dropped(const char *table)
{
    g_autofree char *pattern = g_strdup_printf("drop\\s+table\\s+%s\\b", table);
    for (size_t i = 0; i < hib_n_migrations; i++)
        if (g_regex_match_simple(pattern, hib_migrations[i].sql, G_REGEX_CASELESS, 0))
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
        for (; g_match_info_matches(match); g_match_info_next(match, NULL)) {
            g_autofree char *table = g_match_info_fetch(match, 1);
            if (!is_dropped(table))
                g_ptr_array_add(tables, g_steal_pointer(&table));
        }
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
            const char *fault = fault_of(test, *at, (const char *const *)tables->pdata);
            if (!fault)
                continue;
            g_test_message("%s: %s; add an index, or its name and a reason here", (*at)->name,
                           fault);
            n_bad++;
        }
    }
    g_test_message("%d statements", n);
    g_assert_cmpint(n, >, 10);
    if (n_bad)
        g_test_fail();
}

static bool
is_statement(const char *name)
{
    for (size_t i = 0; hib_all_statements[i]; i++)
        for (const HibStatement *const *at = hib_all_statements[i]; *at; at++)
            if (strcmp((*at)->name, name) == 0)
                return true;
    return false;
}

static void
exceptions_name_statements_and_tables_that_are_there(HibTestStore *test)
{
    g_autoptr(GPtrArray) tables = all_tables();
    for (size_t i = 0; i < G_N_ELEMENTS(may_scan); i++)
        g_assert_true(is_statement(may_scan[i].statement));
    for (size_t i = 0; i < G_N_ELEMENTS(may_walk); i++)
        g_assert_true(is_statement(may_walk[i].statement));
    for (size_t i = 0; growing[i]; i++)
        g_assert_true(g_strv_contains((const char *const *)tables->pdata, growing[i]));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/every_statement_prepares_and_none_scans",
                 every_statement_prepares_and_none_scans);
    hib_test_add("/exceptions_name_statements_and_tables_that_are_there",
                 exceptions_name_statements_and_tables_that_are_there);
    return g_test_run();
}
