/* See training.h. Files are taken in the order of their names and templates filled by a fixed seed, so that the same folder gives the same texts anywhere. */
#include "app/training.h"

#include "base/error.h"
#include "base/secrets.h"

#include <string.h>

enum { FILLED = 8, MOST_SLOTS = 400 }; /* texts made of one template; words of all slots together */

typedef struct {
    HibArena *arena;
    GArray *texts, *files;
    HibSha256 sum;
    HibSeeded seeded;
    struct {
        const char *slot, *word;
    } slots[MOST_SLOTS];
    size_t n_slots;
    unsigned group;
} Loader;

static bool
bad_line(GError **error, const char *name, size_t line)
{
    char number[24];
    g_snprintf(number, sizeof number, "%zu", line);
    hib_error_set(error, HIB_ERROR_INVALID, "cli.bad_training", "%s:%zu", name, line);
    hib_error_set_detail(*error, "name", name);
    hib_error_set_detail(*error, "line", number);
    return false;
}

static void
add_text(Loader *l, const char *text, HibSentiment sentiment, HibIntent intent)
{
    HibTrainingText made = {hib_arena_strdup(l->arena, text), strlen(text), sentiment, intent,
                            l->group};
    g_array_append_val(l->texts, made);
}

/* The template with a word of each slot's; NULL: a slot has none. */
static char *
fill(Loader *l, const char *template)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *at = template; *at;) {
        const char *end = *at == '{' ? strchr(at, '}') : NULL;
        if (!end) {
            g_string_append_c(out, *at++);
            continue;
        }
        g_autofree char *slot = g_strndup(at + 1, (gsize)(end - at - 1));
        size_t first = 0, n = 0;
        for (size_t i = 0; i < l->n_slots; i++)
            if (g_str_equal(l->slots[i].slot, slot) && !n++)
                first = i;
        if (!n)
            return NULL;
        int64_t nth = hib_seeded_below(&l->seeded, (int64_t)n);
        for (size_t i = first; i < l->n_slots; i++)
            if (g_str_equal(l->slots[i].slot, slot) && nth-- == 0)
                g_string_append(out, l->slots[i].word);
        at = end + 1;
    }
    return g_strdup(out->str);
}

static bool
read_line(Loader *l, char *line, bool is_template)
{
    g_auto(GStrv) fields = g_strsplit(line, "\t", -1);
    HibSentiment sentiment;
    HibIntent intent;
    if (g_strv_length(fields) != 3 || !*fields[2] || !hib_sentiment_of(fields[0], &sentiment) ||
        !hib_intent_of(fields[1], &intent) || sentiment == HIB_SENTIMENT_UNSURE ||
        intent == HIB_INTENT_UNSURE)
        return false;
    if (!is_template)
        add_text(l, fields[2], sentiment, intent);
    for (int i = 0; is_template && i < (strchr(fields[2], '{') ? FILLED : 1); i++) {
        g_autofree char *text = fill(l, fields[2]);
        if (!text)
            return false;
        add_text(l, text, sentiment, intent);
    }
    return true;
}

static bool
read_slots(Loader *l, char *line)
{
    g_auto(GStrv) fields = g_strsplit(line, "\t", -1);
    if (g_strv_length(fields) != 2 || l->n_slots == MOST_SLOTS)
        return false;
    l->slots[l->n_slots].slot = hib_arena_strdup(l->arena, fields[0]);
    l->slots[l->n_slots++].word = hib_arena_strdup(l->arena, fields[1]);
    return true;
}

static bool
read_file(Loader *l, const char *folder, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL), *bytes = NULL;
    gsize n;
    if (!g_file_get_contents(path, &bytes, &n, NULL) || memchr(bytes, 0, n) ||
        !g_utf8_validate_len(bytes, n, NULL))
        return bad_line(error, name, 0);
    hib_sha256_add(&l->sum, name, strlen(name) + 1);
    hib_sha256_add(&l->sum, bytes, n);
    bool is_slots = g_str_has_suffix(name, "/slots.tsv");
    HibTrainingFile file = {hib_arena_strdup(l->arena, name), l->texts->len, 0};
    g_auto(GStrv) lines = g_strsplit(bytes, "\n", -1);
    for (size_t i = 0; lines[i]; i++) {
        if (!*lines[i] || *lines[i] == '#')
            continue;
        if (!(is_slots ? read_slots(l, lines[i])
                       : read_line(l, lines[i], g_str_has_prefix(name, "templates/"))))
            return bad_line(error, name, i + 1);
    }
    file.to = l->texts->len;
    if (is_slots)
        return true;
    g_array_append_val(l->files, file);
    l->group = MIN(l->group + 1, HIB_TRAINING_GROUPS - 1);
    return true;
}

static int
by_name(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    bool x_slots = g_str_has_suffix(x, "/slots.tsv"), y_slots = g_str_has_suffix(y, "/slots.tsv");
    return x_slots != y_slots ? y_slots - x_slots : strcmp(x, y); /* slots before what they fill */
}

static bool
read_folder(Loader *l, const char *folder, const char *part, GError **error)
{
    g_autofree char *path = g_build_filename(folder, part, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir))
        if (g_str_has_suffix(name, ".tsv"))
            g_ptr_array_add(names, g_strconcat(part, "/", name, NULL));
    g_ptr_array_sort(names, by_name);
    for (guint i = 0; i < names->len; i++)
        if (!read_file(l, folder, names->pdata[i], error))
            return false;
    return true;
}

static bool
load(HibArena *arena, const char *folder, const char *const *parts, HibTraining *ret,
     GError **error)
{
    Loader l = {.arena = arena,
                .texts = g_array_new(FALSE, FALSE, sizeof(HibTrainingText)),
                .files = g_array_new(FALSE, FALSE, sizeof(HibTrainingFile))};
    hib_sha256_begin(&l.sum);
    hib_seeded_init(&l.seeded, 8470);
    bool is_fine = true;
    for (size_t i = 0; is_fine && parts[i]; i++)
        is_fine = read_folder(&l, folder, parts[i], error);
    *ret = (HibTraining){
        .n = l.texts->len, .n_files = l.files->len, .sum = hib_sha256_end(&l.sum, arena)};
    ret->texts = hib_arena_array(arena, HibTrainingText, ret->n + 1);
    ret->files = hib_arena_array(arena, HibTrainingFile, ret->n_files + 1);
    if (ret->n)
        memcpy(ret->texts, l.texts->data, ret->n * sizeof *ret->texts);
    if (ret->n_files)
        memcpy(ret->files, l.files->data, ret->n_files * sizeof *ret->files);
    g_array_unref(l.texts);
    g_array_unref(l.files);
    return is_fine;
}

bool
hib_training_load(HibArena *arena, const char *folder, HibTraining *ret, GError **error)
{
    const char *const parts[] = {"ja", "en", "templates", NULL};
    if (!load(arena, folder, parts, ret, error))
        return false;
    return ret->n || bad_line(error, folder, 0);
}

bool
hib_training_load_held(HibArena *arena, const char *folder, HibTraining *ret, GError **error)
{
    const char *const parts[] = {"held", NULL};
    return load(arena, folder, parts, ret, error);
}
