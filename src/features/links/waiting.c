/* Looking at spools without running: what lies there that the store does not have. */
#include "links/click.sql.h"
#include "links/links.h"
#include "links/spool.h"
#include <string.h>

#define BATCH 4096

typedef struct {
    HibStore *store;
    HibArena *arena;
    const char *spool;
    GHashTable *done; /* workspace → how far it was taken, of this spool */
} Look;

static bool
done_of(Look *look, const HibClick *click, uint32_t *ret, GError **error)
{
    char workspace[37];
    void *known;
    HibSqlClickSpoolDone *row;
    hib_click_id(click->workspace, workspace);
    if (g_hash_table_lookup_extended(look->done, workspace, NULL, &known)) {
        *ret = GPOINTER_TO_UINT(known);
        return true;
    }
    g_autoptr(HibDb) db = hib_db_open(look->store, look->arena, workspace);
    if (!hib_sql_click_spool_done(db, look->spool, &row, error))
        return false;
    *ret = row ? (uint32_t)row->done : 0;
    g_hash_table_insert(look->done, g_strdup(workspace), GUINT_TO_POINTER(*ret));
    return true;
}

static bool
look_through(Look *look, const HibSpoolFile *file, HibLinksWaiting *ret, GError **error)
{
    g_autofree HibClick *clicks = g_new(HibClick, BATCH);
    g_hash_table_remove_all(look->done);
    look->spool = file->name;
    for (uint32_t at = 0;;) {
        size_t n = hib_spool_read(file, at, clicks, BATCH);
        if (!n)
            return true;
        for (size_t i = 0; i < n; i++, at++) {
            uint32_t done;
            if (!done_of(look, &clicks[i], &done, error))
                return false;
            if (at < done)
                continue;
            ret->oldest_at = ret->n++ ? MIN(ret->oldest_at, clicks[i].at) : clicks[i].at;
        }
    }
}

static size_t
n_spools(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    size_t n = 0;
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        n += g_str_has_suffix(name, ".spool");
    return n;
}

bool
hib_links_waiting(HibStore *store, const char *folder, HibLinksWaiting *ret, GError **error)
{
    *ret = (HibLinksWaiting){0};
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
        return true;
    g_autoptr(HibSpool) spool = hib_spool_open(folder, error);
    if (!spool)
        return false;
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GHashTable) done = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Look look = {.store = store, .arena = arena, .done = done};
    HibSpoolFile *files = hib_spool_files(spool);
    size_t n_files = 0;
    bool ok = true;
    for (HibSpoolFile *file = files; file->path && ok; file++, n_files++)
        ok = look_through(&look, file, ret, error);
    ret->is_running = n_files < n_spools(folder);
    hib_spool_files_free(files);
    return ok;
}
