/* Fuzz target: bytes as a table of contacts, as an export of anybody's tool might be. Whatever they are: each column has one role, each row is within its limits and valid text, everything
 * that is wrong names its row and reason, no address is read out of what is none, and what was chosen for the columns reads back as the same. */
#include "base/error.h"
#include "base/messages.h"
#include "contacts/import.h"
#include "networks/network.h"
#include "text/encoding.h"
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* What the program has of these is of no matter here: the networks' names, sentences, the store's handle. */
const HibMessageRow hib_message_rows[] = {{"contact.import", "取り込み", "Import"}};
const size_t hib_n_message_rows = 1;

static const HibNetwork instagram = {.name = "instagram"}, x = {.name = "x"};
const HibNetwork *const hib_networks[] = {&instagram, &x, NULL};

const HibNetwork *
hib_network_find(const char *name)
{
    for (size_t i = 0; name && hib_networks[i]; i++)
        if (g_str_equal(hib_networks[i]->name, name))
            return hib_networks[i];
    return NULL;
}

HibArena *
hib_db_arena(HibDb *db)
{
    return (HibArena *)db;
}

const char *
hib_db_workspace(const HibDb *db)
{
    return db ? "" : NULL;
}

static HibKeys *
keys(void)
{
    static HibKeys *made;
    if (!made) {
        g_autofree char *folder = g_dir_make_tmp("hibiki-fuzz-XXXXXX", NULL);
        g_autofree char *path = g_build_filename(folder, "secret.key", NULL);
        made = hib_keys_open(path, NULL);
        g_assert_nonnull(made);
        unlink(path);
        rmdir(folder);
    }
    return made;
}

static void
check_text(const char *text)
{
    g_assert_true(!text || g_utf8_validate(text, -1, NULL));
}

static void
check_row(const HibImportRow *row)
{
    g_assert_cmpuint(row->row, >=, 2);
    g_assert_cmpuint(row->n_identities, <=, HIB_IMPORT_IDENTITIES);
    check_text(row->name);
    check_text(row->language);
    check_text(row->city);
    check_text(row->source);
    for (size_t i = 0; i < row->n_identities; i++) {
        const HibImportIdentity *one = &row->identities[i];
        check_text(one->shown);
        g_assert_true(one->key && *one->key && one->kind <= HIB_IDENTITY_CODE);
        g_assert_true(one->kind != HIB_IDENTITY_EMAIL || strchr(one->shown, '@') != NULL);
    }
    for (size_t i = 0; i < row->n_tags; i++)
        check_text(row->tags[i]);
}

static void
check_table(const HibImportTable *table)
{
    g_assert_cmpuint(table->n_rows, <=, HIB_CONTACT_ROWS);
    g_assert_cmpuint(table->mapping.n, <=, HIB_CONTACT_COLUMNS);
    g_assert_cmpuint(table->n_problems, <=, HIB_CONTACT_PROBLEMS);
    for (size_t i = 0; i < table->n_rows; i++)
        check_row(&table->rows[i]);
    for (size_t i = 0; i < table->n_problems; i++) {
        g_assert_true(table->problems[i].row >= 1 && table->problems[i].reason);
        check_text(table->problems[i].detail);
        check_text(table->problems[i].column);
    }
}

static void
check_mapping(HibArena *arena, const HibImportMapping *mapping)
{
    g_autoptr(GError) error = NULL;
    HibImportMapping again;
    const char *text = hib_import_mapping_print(arena, mapping);
    g_assert_true(hib_import_mapping_read(arena, text, &again, &error));
    g_assert_cmpstr(hib_import_mapping_print(arena, &again), ==, text);
}

/* The first byte turns the columns, so that any of them is read in any role. */
static void
read_turned(const HibImportDesk *desk, const char *text, size_t n, const HibImportMapping *guessed,
            uint8_t turn)
{
    HibImportTable table;
    HibImportMapping mapping = *guessed;
    mapping.columns = hib_arena_array(desk->arena, HibImportColumn, mapping.n + 1);
    for (size_t i = 0; i < mapping.n; i++) {
        mapping.columns[i] = (HibImportColumn){(HibImportRole)((i + turn) % HIB_ROLES), ""};
        if (mapping.columns[i].role == HIB_ROLE_HANDLE)
            mapping.columns[i].network = "instagram";
    }
    mapping.channel = "email";
    mapping.purpose = "news";
    check_mapping(desk->arena, &mapping);
    char *copy = hib_arena_strndup(desk->arena, text, n);
    if (hib_import_read(desk, copy, n, &mapping, &table, NULL))
        check_table(&table);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 2)
        return 0;
    g_autoptr(HibArena) arena = hib_arena_new();
    HibImportTable table;
    char *text;
    size_t n_text;
    const HibImportDesk desk = {.arena = arena,
                                .keys = keys(),
                                .zone = hib_zone_utc(),
                                .locale = "ja",
                                .now = 20000 * HIB_DAY};
    if (hib_text_decode(arena, (const char *)data + 1, n - 1, &text, &n_text) ==
        HIB_ENCODING_UNKNOWN)
        return 0;
    g_autofree char *exact = g_malloc(n_text + 1); /* exactly as long: a byte too far is seen */
    memcpy(exact, text, n_text + 1);
    if (!hib_import_read(&desk, exact, n_text, NULL, &table, NULL))
        return 0;
    check_table(&table);
    check_mapping(arena, &table.mapping);
    read_turned(&desk, text, n_text, &table.mapping, data[0]);
    return 0;
}
