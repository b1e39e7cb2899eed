/* What posts are made of, from their files and words or from what an import told; read as it is kept in measure_post. */
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

HibMade
hib_made_of_words(const char *text)
{
    return strstr(text, "http://") || strstr(text, "https://") ? HIB_MADE_LINK : HIB_MADE_TEXT;
}

HibMade
hib_made_again(HibMade was, const char *text)
{
    return was >= HIB_MADE_IMAGE ? was : hib_made_of_words(text);
}

HibMade
hib_made_outside(const char *network, HibNetFormat format, const char *text)
{
    if (format == HIB_FORMAT_REEL || format == HIB_FORMAT_VIDEO || format == HIB_FORMAT_SHORT)
        return HIB_MADE_VIDEO;
    return g_str_equal(network, "instagram") ? HIB_MADE_IMAGE : hib_made_of_words(text);
}

static HibMade
of_kind(const char *kind)
{
    for (size_t i = HIB_MADE_IMAGE; i < G_N_ELEMENTS(names); i++)
        if (g_str_equal(kind, names[i]))
            return (HibMade)i;
    return HIB_MADE_TEXT;
}

bool
hib_made_here(HibDb *db, const char *post, const char *text, HibMade *ret, GError **error)
{
    HibSqlMadeMedia *files = NULL;
    size_t n = 0;
    if (!hib_sql_made_media(db, post, &files, &n, error))
        return false;
    *ret = hib_made_of_words(text);
    for (size_t i = 0; i < n; i++)
        *ret = MAX(*ret, of_kind(files[i].kind));
    return true;
}

bool
hib_made_posts(HibDb *db, const HibMadeQuery *query, HibMadePost **ret, size_t *ret_n,
               GError **error)
{
    HibSqlMadePosts *rows = NULL;
    if (!hib_sql_made_posts(db, query->account, query->from, query->until, query->only_settled,
                            &rows, ret_n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibMadePost, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = (HibMadePost){.delivery = rows[i].delivery_id,
                                  .tags = rows[i].tags ? rows[i].tags : "",
                                  .published_at = rows[i].published_at,
                                  .made = (HibMade)rows[i].made,
                                  .settled = rows[i].engagements_48,
                                  .has_settled = rows[i].has_engagements_48};
    return true;
}
