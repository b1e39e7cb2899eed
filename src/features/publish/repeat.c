/* Saying as good as the same again on one network: what X takes for spam, and suspends accounts for.
 *
 * What goes out and what went out are deliveries; their texts are held against the new one, those of a week before and after. For one post the few
 * texts it has are the index and the many are asked against it, since asking costs less than taking in; for many posts it is the other way round. */
#include "publish/repeat.h"
#include "publish/delivery.sql.h"
#include "text/similar.h"
#include <string.h>

#define MOST 20000 /* texts of one question */
#define MOST_RUNS 20000000
#define MOST_FOUND 200

static const char *
text_of(const HibPost *post, size_t variant)
{
    const char *own = post->variants[variant].text;
    return own ? own : post->text;
}

/* Two accounts on one network at once. */
static bool
is_said_by_another(const HibPost *sent, size_t variant, const char *const *networks)
{
    for (size_t i = 0; i < variant; i++)
        if (networks[i] && g_str_equal(networks[i], networks[variant]) &&
            hib_similar_share(text_of(sent, i), text_of(sent, variant)) >= HIB_REPEAT_SHARE)
            return true;
    return false;
}

bool
hib_repeat_is(HibDb *db, const HibPost *sent, size_t variant, const char *const *networks,
              HibInstant at, bool *ret, GError **error)
{
    HibSqlDeliveryTexts *rows;
    size_t n;
    const char *text = text_of(sent, variant);
    *ret = is_said_by_another(sent, variant, networks);
    if (*ret)
        return true;
    if (!hib_sql_delivery_texts(db, networks[variant], at - HIB_REPEAT_WITHIN,
                                at + HIB_REPEAT_WITHIN, MOST, &rows, &n, error))
        return false;
    g_autoptr(HibSimilar) own = hib_similar_new(HIB_REPEAT_SHARE, MOST_RUNS);
    hib_similar_add(own, "own", text, strlen(text));
    for (size_t i = 0; i < n && !*ret; i++) {
        HibSimilarMatch *found;
        size_t n_found;
        if (sent->id && g_str_equal(rows[i].post_id, sent->id))
            continue;
        hib_similar_find(own, hib_db_arena(db), rows[i].text, strlen(rows[i].text), 1, &found,
                         &n_found);
        *ret = n_found > 0;
    }
    return true;
}

/* --- many ------------------------------------------------------------------------------------------------------------- */
struct HibRepeats {
    HibSimilar *similar; /* by place in `times` */
    GArray *times;       /* of HibInstant */
};

static void
take_in(HibRepeats *repeats, const char *text, HibInstant at)
{
    char id[24];
    g_snprintf(id, sizeof id, "%u", repeats->times->len);
    g_array_append_val(repeats->times, at);
    hib_similar_add(repeats->similar, id, text, strlen(text));
}

bool
hib_repeats_new(HibDb *db, const char *network, HibRepeats **ret, GError **error)
{
    HibSqlDeliveryTexts *rows;
    size_t n;
    if (!hib_sql_delivery_texts(db, network, hib_db_now(db) - HIB_REPEAT_WITHIN, INT64_MAX, MOST,
                                &rows, &n, error))
        return false;
    *ret = g_new0(HibRepeats, 1);
    (*ret)->similar = hib_similar_new(HIB_REPEAT_SHARE, MOST_RUNS);
    (*ret)->times = g_array_new(FALSE, FALSE, sizeof(HibInstant));
    for (size_t i = 0; i < n; i++)
        take_in(*ret, rows[i].text, rows[i].due_at);
    return true;
}

void
hib_repeats_free(HibRepeats *repeats)
{
    if (!repeats)
        return;
    hib_similar_free(repeats->similar);
    g_array_unref(repeats->times);
    g_free(repeats);
}

bool
hib_repeats_add(HibRepeats *repeats, HibArena *arena, const char *text, HibInstant at)
{
    HibSimilarMatch *found;
    size_t n;
    bool is_repeat = false;
    hib_similar_find(repeats->similar, arena, text, strlen(text), MOST_FOUND, &found, &n);
    for (size_t i = 0; i < n && !is_repeat; i++) {
        const guint64 place = g_ascii_strtoull(found[i].id, NULL, 10);
        const HibInstant other = g_array_index(repeats->times, HibInstant, place);
        is_repeat = ABS(other - at) < HIB_REPEAT_WITHIN;
    }
    take_in(repeats, text, at);
    return is_repeat;
}
