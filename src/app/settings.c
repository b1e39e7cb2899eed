/* Settings: see settings.h. The table below is the only list; struct fields are reached by offset. */
#include "app/settings.h"
#include "base/error.h"
#include <string.h>

typedef enum { KIND_TEXT, KIND_INT, KIND_BOOL } Kind;
typedef struct {
    const char *key;
    Kind kind;
    size_t at;
    const char *standard;
    int64_t min, max;
    bool is_secret; /* may hold a password: masked when printed */
} Setting;

#define AT(field) offsetof(HibSettings, field)
static const Setting table[] = {
    {"data_dir", KIND_TEXT, AT(data_dir), "", 0, 0, false},
    {"database", KIND_TEXT, AT(database), "", 0, 0, true},
    {"address", KIND_TEXT, AT(address), "127.0.0.1", 0, 0, false},
    {"port", KIND_INT, AT(port), "8470", 0, 65535, false},
    {"base_url", KIND_TEXT, AT(base_url), "", 0, 0, false},
    {"link_url", KIND_TEXT, AT(link_url), "", 0, 0, false},
    {"behind_proxy", KIND_BOOL, AT(behind_proxy), "no", 0, 0, false},
    {"workers", KIND_INT, AT(workers), "4", 1, 64, false},
    {"job_threads", KIND_INT, AT(job_threads), "2", 1, 64, false},
    {"publish_threads", KIND_INT, AT(publish_threads), "16", 1, 256, false},
    {"connections", KIND_INT, AT(connections), "8", 1, 200, false},
    {"bluesky_service", KIND_TEXT, AT(bluesky_service), "https://bsky.social", 0, 0, false},
    {"allow_private_services", KIND_BOOL, AT(allow_private_services), "no", 0, 0, false},
    {"practice", KIND_TEXT, AT(practice), "no", 0, 0, false},
    {"smtp_url", KIND_TEXT, AT(smtp_url), "", 0, 0, false},
    {"smtp_user", KIND_TEXT, AT(smtp_user), "", 0, 0, false},
    {"smtp_password", KIND_TEXT, AT(smtp_password), "", 0, 0, true},
    {"smtp_from", KIND_TEXT, AT(smtp_from), "", 0, 0, false},
    {"smtp_plain", KIND_BOOL, AT(smtp_plain), "no", 0, 0, false},
    {"log_level", KIND_TEXT, AT(log_level), "info", 0, 0, false},
};
#define N_SETTINGS G_N_ELEMENTS(table)

struct HibSettingsBook {
    HibSettings values;
    char *texts[N_SETTINGS];
    HibSettingOrigin origins[N_SETTINGS];
};

/* Edit distance, for "did you mean". Keys are short, so the plain table is enough. */
static size_t
distance(const char *a, const char *b)
{
    size_t n = strlen(b), row[128];
    if (n >= G_N_ELEMENTS(row))
        return n;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t kept = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = MIN(kept, MIN(row[j], row[j - 1]) + 1);
        }
    }
    return row[n];
}

static const Setting *
find(const char *key, GError **error)
{
    const char *nearest = table[0].key;
    for (size_t i = 0; i < N_SETTINGS; i++) {
        if (g_str_equal(table[i].key, key))
            return &table[i];
        if (distance(key, table[i].key) < distance(key, nearest))
            nearest = table[i].key;
    }
    hib_error_set(error, HIB_ERROR_INVALID, "cli.unknown_setting", "no setting %s", key);
    if (error) {
        hib_error_set_detail(*error, "name", key);
        hib_error_set_detail(*error, "nearest", nearest);
    }
    return NULL;
}

bool
hib_settings_known(const char *key, GError **error)
{
    return find(key, error) != NULL;
}

static char *
kind_text(const Setting *setting)
{
    switch (setting->kind) {
    case KIND_INT:
        return g_strdup_printf("%" G_GINT64_FORMAT "..%" G_GINT64_FORMAT, setting->min,
                               setting->max);
    case KIND_BOOL:
        return g_strdup("yes|no");
    case KIND_TEXT:
        break;
    }
    return g_strdup("text");
}

static bool
is_one_of(const char *value, const char *const *words)
{
    for (; *words; words++)
        if (g_ascii_strcasecmp(value, *words) == 0)
            return true;
    return false;
}

static bool
place(HibSettings *values, const Setting *setting, const char *value)
{
    char *base = (char *)values + setting->at;
    if (setting->kind == KIND_TEXT) {
        *(const char **)(void *)base = value;
        return g_utf8_validate(value, -1, NULL);
    }
    if (setting->kind == KIND_INT)
        return g_ascii_string_to_signed(value, 10, setting->min, setting->max,
                                        (gint64 *)(void *)base, NULL);
    bool yes = is_one_of(value, (const char *const[]){"yes", "true", "on", "1", NULL});
    bool no = is_one_of(value, (const char *const[]){"no", "false", "off", "0", NULL});
    *(bool *)base = yes;
    return yes || no;
}

static bool
set(HibSettingsBook *book, const char *key, const char *value, HibSettingOrigin origin,
    GError **error)
{
    const Setting *setting = find(key, error);
    if (!setting)
        return false;
    size_t i = (size_t)(setting - table);
    g_free(book->texts[i]);
    book->texts[i] = g_strdup(value);
    book->origins[i] = origin;
    if (place(&book->values, setting, book->texts[i]))
        return true;
    g_autofree char *expected = kind_text(setting);
    hib_error_set(error, HIB_ERROR_INVALID, "cli.bad_setting", "%s: %s is not %s", key, value,
                  expected);
    if (error) {
        hib_error_set_detail(*error, "name", key);
        hib_error_set_detail(*error, "value", value);
        hib_error_set_detail(*error, "expected", expected);
    }
    return false;
}

static bool
read_file(HibSettingsBook *book, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, error))
        return false;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (size_t i = 0; lines[i]; i++) {
        char *line = g_strstrip(lines[i]);
        if (!*line || *line == '#')
            continue;
        char *equals = strchr(line, '=');
        if (!equals) {
            hib_error_set(error, HIB_ERROR_INVALID, "cli.bad_line", "%s:%zu: no '='", path, i + 1);
            if (error)
                hib_error_set_detail(*error, "name", line);
            return false;
        }
        *equals = '\0';
        if (!set(book, g_strstrip(line), g_strstrip(equals + 1), HIB_FROM_FILE, error))
            return false;
    }
    return true;
}

static bool
read_environment(HibSettingsBook *book, GError **error)
{
    for (size_t i = 0; i < N_SETTINGS; i++) {
        g_autofree char *upper = g_ascii_strup(table[i].key, -1);
        g_autofree char *name = g_strconcat("HIBIKI_", upper, NULL);
        const char *value = g_getenv(name);
        if (value && *value &&
            !set(book, table[i].key, value, HIB_FROM_ENVIRONMENT, error)) /* empty: as if unset */
            return false;
    }
    return true;
}

/* Takes "--some-key value" and "--some-key=value" out of the arguments when some_key is a setting; leaves the rest. */
static bool
read_options(HibSettingsBook *book, int *argc, char ***argv, GError **error)
{
    int kept = 0;
    for (int i = 0; i < *argc; i++) {
        char *word = (*argv)[i];
        (*argv)[kept++] = word;
        if (!g_str_has_prefix(word, "--"))
            continue;
        g_auto(GStrv) parts = g_strsplit(word + 2, "=", 2);
        g_strdelimit(parts[0], "-", '_');
        if (!find(parts[0], NULL))
            continue;
        const char *value = parts[1];
        if (!value && i + 1 < *argc)
            value = (*argv)[++i];
        if (!set(book, parts[0], value ? value : "", HIB_FROM_OPTION, error))
            return false;
        kept--;
    }
    *argc = kept;
    return true;
}

HibSettingsBook *
hib_settings_read(const char *file, int *argc, char ***argv, GError **error)
{
    g_autoptr(HibSettingsBook) book = g_new0(HibSettingsBook, 1);
    for (size_t i = 0; i < N_SETTINGS; i++)
        if (!set(book, table[i].key, table[i].standard, HIB_FROM_DEFAULT, error))
            return NULL;
    g_autofree char *standard_dir = g_build_filename(g_get_user_data_dir(), "hibiki", NULL);
    if (!set(book, "data_dir", standard_dir, HIB_FROM_DEFAULT, error))
        return NULL;

    /* The data directory may come from the environment or an option, and the file lies in it: so these are read, then
     * the file, then they are read again over it. */
    int n = *argc;
    g_autofree char **words = g_memdup2(*argv, (gsize)n * sizeof **argv);
    char **scratch = words;
    if (!read_environment(book, error) || !read_options(book, &n, &scratch, error))
        return NULL;
    g_autofree char *beside = g_build_filename(book->values.data_dir, "hibiki.conf", NULL);
    if (file || g_file_test(beside, G_FILE_TEST_EXISTS))
        if (!read_file(book, file ? file : beside, error))
            return NULL;
    if (!read_environment(book, error) || !read_options(book, argc, argv, error))
        return NULL;
    return g_steal_pointer(&book);
}

void
hib_settings_free(HibSettingsBook *book)
{
    if (!book)
        return;
    for (size_t i = 0; i < N_SETTINGS; i++)
        g_free(book->texts[i]);
    g_free(book);
}

const HibSettings *
hib_settings(const HibSettingsBook *book)
{
    return &book->values;
}

size_t
hib_settings_count(void)
{
    return N_SETTINGS;
}

HibSettingRow
hib_settings_row(const HibSettingsBook *book, size_t i)
{
    const Setting *setting = &table[i];
    HibSettingRow row = {
        .key = setting->key, .standard = setting->standard, .origin = book->origins[i]};
    row.kind = setting->kind == KIND_TEXT  ? "text"
               : setting->kind == KIND_INT ? "number"
                                           : "yes|no";
    row.value = setting->is_secret && *book->texts[i] ? g_strdup("•••") : g_strdup(book->texts[i]);
    return row;
}
