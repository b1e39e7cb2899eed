/* Messages put into a stopped server's inbox through the feature's own function, as the job that stores what webhooks told does it: threaded, read, indexed. Then all of them so many
 * times more, row by row with other ids and times, since storing a million one by one takes a quarter of an hour and reading them is what is measured. SQLite.
 *
 *   inbox_fill STORE_URL WORKSPACE ACCOUNT N TIMES PEOPLE <texts, one a line      N * TIMES messages */
#include "base/error.h"
#include "engage/engage.h"
#include "inbox_fill.sql.h"
#include "migrations/migrations.h"
#include "networks/talk.h"
#include "store/search.sql.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 2500 };

static GPtrArray *
read_texts(void)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    char line[8192];
    while (fgets(line, sizeof line, stdin)) {
        g_strchomp(line);
        if (*line && g_utf8_validate(line, -1, NULL))
            g_ptr_array_add(out, g_strdup(line));
    }
    return out;
}

static bool
put_batch(HibDb *db, const char *account, int64_t from, int64_t n, int64_t people,
          HibSeeded *seeded, const GPtrArray *texts, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibNetTalk *talk = hib_arena_array(arena, HibNetTalk, (size_t)n);
    size_t n_new;
    for (int64_t i = 0; i < n; i++) {
        const char *user = hib_arena_printf(arena, "U%032" G_GINT64_MODIFIER "x",
                                            (int64_t)hib_seeded_below(seeded, people));
        talk[i] = (HibNetTalk){.kind = HIB_TALK_MESSAGE,
                               .remote_id = hib_arena_printf(arena, "f%" G_GINT64_FORMAT, from + i),
                               .text = texts->pdata[hib_seeded_below(seeded, texts->len)],
                               .conversation = user,
                               .author_id = user,
                               .author_handle = "",
                               .author_name = "",
                               .url = "",
                               .at = hib_db_now(db)};
    }
    return hib_engage_store(db, account, talk, (size_t)n, &n_new, error);
}

static bool
fill(HibStore *store, char **argv, int64_t n, int64_t people, const GPtrArray *texts,
     GError **error)
{
    HibSeeded seeded;
    hib_seeded_init(&seeded, 11);
    for (int64_t i = 0; i < n; i += BATCH) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(HibDb) db = hib_db_open(store, arena, argv[2]);
        if (!put_batch(db, argv[3], i, MIN(BATCH, n - i), people, &seeded, texts, error))
            return false;
    }
    return true;
}

/* Copy number k: an id's first eight characters are its time, the rest is its own. The index is written in one go: FTS5 flushes what it gathered before any other statement. */
static bool
copy(HibStore *store, const char *workspace, int64_t k, GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(store, arena, workspace);
    const char *prefix = hib_arena_printf(arena, "0190%04d", (int)k);
    HibSqlFillFilled *rows;
    size_t n;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_fill_talk(db, prefix, k, error) || !hib_sql_fill_words(db, prefix, error) ||
        !hib_sql_fill_filled(db, prefix, &rows, &n, error))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!hib_sql_search_index(db, rows[i].number, rows[i].words, error))
            return false;
    return hib_tx_commit(tx, error);
}

static bool
copy_all(HibStore *store, const char *workspace, int64_t times, GError **error)
{
    for (int64_t k = 1; k < times; k++)
        if (!copy(store, workspace, k, error))
            return false;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibDb) db = hib_db_open(store, arena, workspace);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_sql_fill_counts(db, times, error) && hib_sql_fill_taken(db, error) &&
           hib_tx_commit(tx, error);
}

int
main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (argc != 7 || sodium_init() < 0)
        return 2;
    g_autoptr(GPtrArray) texts = read_texts();
    g_autoptr(HibStore) store = hib_store_open(&(HibStoreOptions){.url = argv[1]}, &error);
    if (texts->len && store && hib_store_migrate(store, hib_migrations, hib_n_migrations, &error) &&
        fill(store, argv, g_ascii_strtoll(argv[4], NULL, 10), g_ascii_strtoll(argv[6], NULL, 10),
             texts, &error) &&
        copy_all(store, argv[2], g_ascii_strtoll(argv[5], NULL, 10), &error))
        return 0;
    fprintf(stderr, "%s\n", error ? error->message : "no texts");
    return 1;
}
