/* A table of contacts says what is wrong in each row, and columns are known by what people call them. */
#include "base/error.h"
#include "contacts/import.h"
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
    HibImportDesk desk;
    char *folder;
} World;

static void
open_world(World *w)
{
    GError *error = NULL;
    w->folder = g_dir_make_tmp("hibiki-test-XXXXXX", &error);
    g_assert_no_error(error);
    g_autofree char *path = g_build_filename(w->folder, "secret.key", NULL);
    w->desk = (HibImportDesk){.arena = hib_arena_new(),
                              .keys = hib_keys_open(path, &error),
                              .zone = hib_zone_utc(),
                              .locale = "ja",
                              .now = 20000 * HIB_DAY};
    g_assert_no_error(error);
}

static void
close_world(World *w)
{
    g_autofree char *path = g_build_filename(w->folder, "secret.key", NULL);
    hib_keys_free(w->desk.keys);
    hib_arena_free(w->desk.arena);
    g_unlink(path);
    g_rmdir(w->folder);
    g_free(w->folder);
}

static void
read_table(World *w, const char *csv, const HibImportMapping *mapping, HibImportTable *ret)
{
    GError *error = NULL;
    char *copy = hib_arena_strdup(w->desk.arena, csv);
    g_assert_true(hib_import_read(&w->desk, copy, strlen(copy), mapping, ret, &error));
}

static void
columns_are_known_by_what_people_call_them(void)
{
    World w;
    HibImportTable table;
    HibImportMapping kept;
    GError *error = NULL;
    open_world(&w);
    read_table(&w, "Ｅメール,氏名,instagram,なにか,同意日\na@example.jp,花子,@hana_ko,x,2020/4/1\n",
               NULL, &table);
    static const HibImportRole roles[] = {HIB_ROLE_EMAIL, HIB_ROLE_NAME, HIB_ROLE_HANDLE,
                                          HIB_ROLE_SKIP, HIB_ROLE_CONSENT_AT};
    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++)
        g_assert_cmpint(table.mapping.columns[i].role, ==, roles[i]);
    g_assert_cmpstr(table.mapping.columns[2].network, ==, "instagram");
    g_assert_cmpuint(table.n_problems, ==, 0);
    g_assert_cmpuint(table.n_rows, ==, 1);
    g_assert_cmpstr(table.rows[0].name, ==, "花子");
    g_assert_cmpuint(table.rows[0].n_identities, ==, 2);
    g_assert_cmpstr(table.rows[0].identities[1].key, ==, "@hana_ko");
    /* As it is kept and read back. */
    g_assert_true(hib_import_mapping_read(
        w.desk.arena, hib_import_mapping_print(w.desk.arena, &table.mapping), &kept, &error));
    g_assert_cmpuint(kept.n, ==, 5);
    g_assert_cmpint(kept.columns[2].role, ==, HIB_ROLE_HANDLE);
    g_assert_cmpstr(kept.columns[2].network, ==, "instagram");
    close_world(&w);
}

static void
what_is_wrong_is_told_with_row_and_column(void)
{
    World w;
    HibImportTable table;
    open_world(&w);
    HibImportColumn columns[] = {{HIB_ROLE_NAME, ""}, {HIB_ROLE_EMAIL, ""}, {HIB_ROLE_CONSENT, ""}};
    HibImportMapping mapping = {.columns = columns,
                                .n = 3,
                                .channel = "email",
                                .purpose = "news",
                                .source = "店頭",
                                .tag = "秋",
                                .at = HIB_DAY};
    read_table(
        &w,
        "名前,メール,同意\n花子,hanako,はい\n太郎,taro@example.jp,○\n次郎,TARO@example.jp,多分\n",
        &mapping, &table);
    g_assert_cmpuint(table.n_bad_rows, ==, 2);
    g_assert_cmpuint(table.n_problems, ==, 3);
    g_assert_cmpstr(table.problems[0].reason, ==, "contact.import_email");
    g_assert_cmpuint(table.problems[0].row, ==, 2);
    g_assert_cmpstr(table.problems[0].column, ==, "メール");
    g_assert_cmpstr(table.problems[1].reason, ==, "contact.import_twice");
    g_assert_nonnull(strstr(table.problems[1].detail, "3"));
    g_assert_cmpstr(table.problems[2].reason, ==, "contact.import_answer");
    g_assert_true(table.rows[1].has_consent && table.rows[1].is_given);
    g_assert_cmpint(table.rows[1].at, ==, HIB_DAY);
    g_assert_cmpstr(table.rows[1].tags[0], ==, "秋");
    close_world(&w);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/contacts/import/columns_are_known_by_what_people_call_them",
                    columns_are_known_by_what_people_call_them);
    g_test_add_func("/contacts/import/what_is_wrong_is_told_with_row_and_column",
                    what_is_wrong_is_told_with_row_and_column);
    return g_test_run();
}
