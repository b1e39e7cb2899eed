/* Full text on both databases: the same bigrams, each in its own index. */
#include "store/search.h"
#include "base/error.h"
#include "store/lite_bigram.h"
#include "store/search.sql.h"
#include "store/store_private.h"
#include <string.h>

#define NEAR_MORE 100 /* of others, that may stand between ours */

static const char tables_lite[] =
    "create table if not exists store_search_doc (number integer primary key, workspace_id text "
    "not null, kind text not null, subject text not null, words text not null, grams text not "
    "null, unique (workspace_id, kind, subject)) strict;"
    "create virtual table if not exists store_search using fts5 (words, content = "
    "'store_search_doc', content_rowid = 'number', columnsize = 0, tokenize = 'hib_bigram')";
static const char tables_postgres[] =
    "create table if not exists store_search_doc (number bigint generated always as identity "
    "primary key, workspace_id text collate \"C\" not null, kind text collate \"C\" not null, "
    "subject text collate \"C\" not null, words text collate \"C\" not null, grams text[] collate "
    "\"C\" not null, unique (workspace_id, kind, subject));"
    "create index if not exists store_search_grams on store_search_doc using gin (grams)";

bool
hib_search_prepare(HibDb *db, GError **error)
{
    HibStore *store = db->store;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || (store->backend->serialise && !store->backend->serialise(store, tx->link, error)) ||
        !store->backend->script(
            store, tx->link, hib_store_is_postgres(store) ? tables_postgres : tables_lite, error))
        return false;
    return hib_tx_commit(tx, error);
}

/* Whose it is, as a token of the index. */
static const char *
owner(HibDb *db, const char *kind)
{
    return hib_arena_printf(db->arena, "%c%s/%s%c", HIB_BIGRAM_NAME, db->workspace, kind,
                            HIB_BIGRAM_NAME);
}

/* --- what PostgreSQL's index takes: the tokens, each once ------------------------------------------------------------------- */
typedef struct {
    GString *out;
    GHashTable *seen;
} Grams;

static bool
add_gram(void *data, const char *token, size_t n, size_t at G_GNUC_UNUSED,
         bool is_beside G_GNUC_UNUSED)
{
    Grams *grams = data;
    char *copy = g_strndup(token, n);
    if (!g_hash_table_add(grams->seen, copy))
        return true;
    if (grams->out->len)
        g_string_append_c(grams->out, 0x1f);
    g_string_append(grams->out, copy);
    return true;
}

static const char *
grams_of(HibDb *db, const char *words)
{
    if (!hib_store_is_postgres(db->store))
        return "-"; /* FTS5 cuts by itself */
    Grams grams = {g_string_new(NULL),
                   g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    hib_bigrams(words, strlen(words), add_gram, &grams);
    const char *copy = hib_arena_strndup(db->arena, grams.out->str, grams.out->len);
    g_string_free(grams.out, TRUE);
    g_hash_table_unref(grams.seen);
    return copy;
}

/* --- keeping -------------------------------------------------------------------------------------------------------------- */
bool
hib_search_drop(HibDb *db, const char *kind, const char *subject, GError **error)
{
    HibSqlSearchNumber *old;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_sql_search_number(db, kind, subject, &old, error) &&
           (!old || (hib_sql_search_unindex(db, old->number, error) &&
                     hib_sql_search_drop(db, kind, subject, error))) &&
           hib_tx_commit(tx, error);
}

bool
hib_search_put(HibDb *db, const char *kind, const char *subject, const char *text, GError **error)
{
    HibSqlSearchAdd *added;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_search_drop(db, kind, subject, error))
        return false;
    const char *words = hib_arena_printf(db->arena, "%s%s", owner(db, kind), text);
    return hib_sql_search_add(db, kind, subject, words, grams_of(db, words), &added, error) &&
           hib_sql_search_index(db, added->number, words, error) && hib_tx_commit(tx, error);
}

/* --- finding --------------------------------------------------------------------------------------------------------------- */
/* FTS5's question: each word a phrase, a quote in it doubled. */
static void
add_phrase(GString *question, const char *word)
{
    g_string_append(question, question->len ? " AND \"" : "\"");
    for (; *word; word++) {
        if (*word == '"')
            g_string_append_c(question, '"');
        g_string_append_c(question, *word);
    }
    g_string_append_c(question, '"');
}

/* PostgreSQL's index knows which bigrams, not their order: the words are looked for in what it gives. Patterns of several words would need their order,
 * so only the first is held against the text; bigrams hold the others. */
static void
add_pattern(GString *pattern, const char *word)
{
    g_string_append_c(pattern, '%');
    for (; *word; word++) {
        if (strchr("%_\\", *word))
            g_string_append_c(pattern, '\\');
        g_string_append_c(pattern, *word);
    }
    g_string_append_c(pattern, '%');
}

static bool
is_long_enough(const char *word)
{
    const gunichar first = g_utf8_get_char(word);
    return g_utf8_strlen(word, -1) >= HIB_SEARCH_MIN_CHARACTERS || first >= 0x1f000 ||
           (first >= 0x2600 && first <= 0x27bf);
}

/* One question, in what both databases take. */
typedef struct {
    const char *kind, *grams, *pattern;
    const char *words, *owned; /* FTS5: the words alone, and with whose they are */
    int64_t before, most;
} Question;

/* An index entry that nearly everything has (whose it is) costs more to walk than the words: so first the newest that have the words are looked at, and where enough of them are
 * ours, or there are no more, that is the answer. PostgreSQL would gather all that have a frequent word to sort them; it looks through the newest instead. */
static bool
find_near(HibDb *db, const Question *question, GArray *hits, bool *ret_is_all, GError **error)
{
    const bool is_lite = !hib_store_is_postgres(db->store);
    const int64_t most = is_lite ? question->most + NEAR_MORE : question->most;
    HibSqlSearchNear *rows;
    size_t n;
    if (!hib_sql_search_near(db, question->kind, question->words, question->grams,
                             question->pattern, question->before, most, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n && (int64_t)hits->len < question->most; i++) {
        const HibSearchHit hit = {rows[i].number, rows[i].subject};
        if (rows[i].is_ours)
            g_array_append_val(hits, hit);
    }
    *ret_is_all = (int64_t)hits->len == question->most || (is_lite && (int64_t)n < most);
    return true;
}

static bool
find_all(HibDb *db, const Question *question, GArray *hits, GError **error)
{
    HibSqlSearchFind *rows;
    size_t n;
    g_array_set_size(hits, 0);
    if (!hib_sql_search_find(db, question->kind, question->owned, question->grams,
                             question->pattern, question->before, question->most, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        const HibSearchHit hit = {rows[i].number, rows[i].subject};
        g_array_append_val(hits, hit);
    }
    return true;
}

bool
hib_search_find(HibDb *db, const char *kind, const char *words, int64_t before, int64_t most,
                HibSearchHit **ret, size_t *ret_n, GError **error)
{
    g_autoptr(GString) question = g_string_new(NULL);
    g_autoptr(GString) all = g_string_new(owner(db, kind));
    g_autoptr(GString) pattern = g_string_new(NULL);
    g_auto(GStrv) parts = g_strsplit_set(words, " \t\r\n", -1);
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(HibSearchHit));
    bool is_all;
    int n_words = 0;
    for (char **part = parts; *part && n_words < HIB_SEARCH_WORDS; part++) {
        if (!**part)
            continue;
        if (!is_long_enough(*part)) {
            n_words = 0;
            break;
        }
        add_phrase(question, *part);
        g_string_append_printf(all, " %s", *part);
        if (!n_words++)
            add_pattern(pattern, *part);
    }
    if (!n_words) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "search.short", "?words",
                         "a word of a search has two characters at least");
        return false;
    }
    g_autoptr(GString) owned = g_string_new(NULL);
    add_phrase(owned, owner(db, kind));
    g_string_append_printf(owned, " AND %s", question->str);
    const Question asked = {.kind = kind,
                            .grams = grams_of(db, all->str),
                            .pattern = pattern->str,
                            .words = question->str,
                            .owned = owned->str,
                            .before = before > 0 ? before : INT64_MAX,
                            .most = most};
    if (!find_near(db, &asked, hits, &is_all, error) ||
        (!is_all && !find_all(db, &asked, hits, error)))
        return false;
    *ret_n = hits->len;
    *ret = hib_arena_array(db->arena, HibSearchHit, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = g_array_index(hits, HibSearchHit, i);
    return true;
}
