/* What posts are made of, from their files and words or from what an import told. */
#include "measure/made.h"
#include "measure/made.sql.h"
#include "measure/measure_private.h"
#include <string.h>

static const char *const names[] = {"text", "link", "image", "gif", "video"};

const char *
hib_made_name(HibMade made)
{
    return names[made];
}

size_t
hib_made_newest(const HibZone *zone, const HibMadePost *posts, size_t n, size_t most)
{
    size_t first = n > most ? n - most : 0;
    const HibInstant next_day =
        first ? hib_day_start(zone, posts[first - 1].published_at, 1) : INT64_MIN;
    while (first < n && posts[first].published_at < next_day)
        first++;
    return first;
}

static HibMade
of_words(const char *text)
{
    return strstr(text, "http://") || strstr(text, "https://") ? HIB_MADE_LINK : HIB_MADE_TEXT;
}

static HibMade
of_kind(const char *kind)
{
    for (size_t i = HIB_MADE_IMAGE; i < G_N_ELEMENTS(names); i++)
        if (g_str_equal(kind, names[i]))
            return (HibMade)i;
    return HIB_MADE_TEXT;
}

static HibMade
of_outside(const HibSqlMadePosts *row)
{
    if (row->format == HIB_FORMAT_REEL || row->format == HIB_FORMAT_VIDEO ||
        row->format == HIB_FORMAT_SHORT)
        return HIB_MADE_VIDEO;
    return row->network && g_str_equal(row->network, "instagram") ? HIB_MADE_IMAGE
                                                                  : of_words(row->text);
}

/* post → HibMade of its files; not there: it has none. */
static void
gather(const HibSqlMadeMedia *files, size_t n, GHashTable *carried)
{
    for (size_t i = 0; i < n; i++) {
        const char *post = files[i].post_id;
        const int known = GPOINTER_TO_INT(g_hash_table_lookup(carried, post));
        g_hash_table_insert(carried, (gpointer)post,
                            GINT_TO_POINTER(MAX(known, (int)of_kind(files[i].kind))));
    }
}

static HibMade
made_of(const HibSqlMadePosts *row, GHashTable *carried)
{
    if (row->is_outside)
        return of_outside(row);
    const HibMade files = (HibMade)GPOINTER_TO_INT(g_hash_table_lookup(carried, row->post_id));
    return files >= HIB_MADE_IMAGE ? files : of_words(row->text);
}

bool
hib_made_posts(HibDb *db, const HibMadeQuery *query, HibMadePost **ret, size_t *ret_n,
               GError **error)
{
    HibSqlMadePosts *rows;
    HibSqlMadeMedia *files;
    size_t n_files;
    g_autoptr(GHashTable) carried = g_hash_table_new(g_str_hash, g_str_equal);
    if (!hib_sql_made_posts(db, query->account, query->from, query->until, query->only_settled,
                            &rows, ret_n, error) ||
        !hib_sql_made_media(db, query->account, query->from, query->until, query->only_settled,
                            &files, &n_files, error))
        return false;
    gather(files, n_files, carried);
    *ret = hib_arena_array(hib_db_arena(db), HibMadePost, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (HibMadePost){.delivery = rows[i].delivery_id,
                                  .tags = rows[i].tags ? rows[i].tags : "",
                                  .published_at = rows[i].published_at,
                                  .made = made_of(&rows[i], carried),
                                  .settled = rows[i].engagements_48,
                                  .has_settled = rows[i].has_engagements_48};
    return true;
}
