/* What the networks' own rules ask of a campaign there: each is answered by a person before it opens, and who did so when is kept. */
#include "base/error.h"
#include "ugc/ugc_private.h"
#include "ugc_promotion.h"
#include <string.h>

static bool
stands_in(const char *words, const char *between, const char *word)
{
    g_auto(GStrv) all = g_strsplit(words, between, -1);
    return *words && g_strv_contains((const char *const *)all, word);
}

const char **
hib_promotion_open(HibArena *arena, const char *networks, const char *checked, size_t *ret_n)
{
    const char **out = hib_arena_array(arena, const char *, G_N_ELEMENTS(promotion_rules) + 1);
    *ret_n = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(promotion_rules); i++) {
        const char *network = promotion_rules[i].network;
        bool is_asked = !*network || !*networks || stands_in(networks, " ", network);
        if (is_asked && !stands_in(checked, "\n", promotion_rules[i].id))
            out[(*ret_n)++] = promotion_rules[i].id;
    }
    return out;
}

static bool
is_known(const char *rule)
{
    for (size_t i = 0; i < G_N_ELEMENTS(promotion_rules); i++)
        if (g_str_equal(promotion_rules[i].id, rule))
            return true;
    return false;
}

bool
hib_promotion_tick(HibDb *db, const char *contest, const char *checked, GError **error)
{
    const char *actor = NULL;
    const char *person = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    HibTick *ticks;
    size_t n;
    g_auto(GStrv) all = g_strsplit(checked, "\n", -1);
    if (!hib_sql_tick_list(db, contest, &ticks, &n, error))
        return false;
    for (size_t i = 0; *checked && all[i]; i++) {
        if (!is_known(all[i])) {
            hib_error_set_at(error, HIB_ERROR_INVALID, "ugc.rule_unknown", "/contest/checked",
                             "no rule %s", all[i]);
            return false;
        }
        if (!hib_sql_tick_add(db, contest, all[i], hib_db_now(db), person, error))
            return false;
    }
    for (size_t i = 0; i < n; i++)
        if (!stands_in(checked, "\n", ticks[i].rule) &&
            !hib_sql_tick_drop(db, contest, ticks[i].rule, error))
            return false;
    return true;
}

bool
hib_promotion_answered(HibDb *db, const HibContest *contest, GError **error)
{
    size_t n;
    const char **open =
        hib_promotion_open(hib_db_arena(db), contest->networks, contest->checked, &n);
    if (!n)
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "ugc.rules_open", "/contest/checked",
                     "%zu not answered, first %s", n, open[0]);
    if (!error)
        return false;
    g_autofree char *count = g_strdup_printf("%zu", n);
    hib_error_set_detail(*error, "n", count);
    return false;
}
