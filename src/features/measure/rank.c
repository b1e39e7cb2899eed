/* Values of posts, their order, and groups of them. */
#include "measure/rank.h"
#include "measure/measure_private.h"
#include <stdlib.h>
#include <string.h>

bool
hib_rank_is_of_posts(const HibMetric *metric)
{
    switch (metric->kind) {
    case HIB_METRIC_COUNTER:
    case HIB_METRIC_MEAN:
    case HIB_METRIC_SUM:
        return true;
    case HIB_METRIC_DERIVED:
        return hib_rank_is_of_posts(hib_metric_find(metric->over)) &&
               (hib_rank_is_of_posts(hib_metric_find(metric->under)) ||
                g_str_equal(metric->under, "followers"));
    default:
        return false;
    }
}

/* --- values -------------------------------------------------------------------------------------------------------- */
typedef struct {
    double value;
    HibMetricState state;
    bool is_known;
} Value;

static Value
value_of_number(const HibNumber *number)
{
    if (!number || !number->is_known)
        return (Value){0};
    return (Value){(double)number->value, (HibMetricState)number->state, true};
}

static bool
is_of_followers(const HibMetric *metric)
{
    return metric->kind == HIB_METRIC_DERIVED ? is_of_followers(hib_metric_find(metric->over)) ||
                                                    is_of_followers(hib_metric_find(metric->under))
                                              : g_str_equal(metric->slug, "followers");
}

HibRankBy
hib_rank_by(const HibMetric *metric)
{
    size_t n = 0;
    HibRankBy by = {.metric = metric, .of_followers = is_of_followers(metric)};
    const HibMetric *metrics = hib_metrics(&n);
    for (size_t i = 0; i < n; i++)
        if (metrics[i].is_engagement)
            by.engagements[by.n_engagements++] = (uint8_t)metrics[i].id;
    return by;
}

static Value
sum_of_engagements(const HibRankBy *by, const HibNumber *numbers)
{
    Value sum = {0};
    for (size_t i = 0; i < by->n_engagements; i++) {
        const Value one = value_of_number(&numbers[by->engagements[i]]);
        if (!one.is_known)
            continue;
        sum.value += one.value;
        sum.state = MAX(sum.state, one.state);
        sum.is_known = true;
    }
    return sum;
}

static Value
value_of(const HibRankBy *by, const HibMetric *metric, const HibNumber *numbers,
         const HibNumber *followers)
{
    if (metric->kind == HIB_METRIC_SUM)
        return sum_of_engagements(by, numbers);
    if (metric->kind != HIB_METRIC_DERIVED)
        return g_str_equal(metric->slug, "followers") ? value_of_number(followers)
                                                      : value_of_number(&numbers[metric->id]);
    const Value over = value_of(by, hib_metric_find(metric->over), numbers, followers);
    const Value under = value_of(by, hib_metric_find(metric->under), numbers, followers);
    if (!over.is_known || !under.is_known || under.value <= 0)
        return (Value){0};
    return (Value){over.value / under.value * metric->times, MAX(over.state, under.state), true};
}

void
hib_rank_value(HibRankPost *post, const HibRankBy *by, const HibNumber numbers[256],
               const HibNumber *followers)
{
    const Value value = value_of(by, by->metric, numbers, followers);
    post->value = value.value;
    post->has_value = value.is_known;
    post->state = value.state;
    post->over = post->under = 0;
    if (by->metric->kind != HIB_METRIC_DERIVED)
        return;
    post->over = value_of(by, hib_metric_find(by->metric->over), numbers, followers).value;
    post->under = value_of(by, hib_metric_find(by->metric->under), numbers, followers).value;
}

static bool
adds_over_posts(const HibMetric *metric)
{
    return metric->kind == HIB_METRIC_SUM || (metric->adds & HIB_METRIC_OVER_POSTS) != 0;
}

/* A ratio of gains is that of all of them, as over time; one of newest numbers takes both parts of the same posts. People are not added, and followers are no gain. */
static bool
whole_ratio(const HibRankPost *posts, size_t n, const HibMetric *metric, HibRankValue value,
            double *ret)
{
    const HibMetric *under_what = hib_metric_find(metric->under);
    double over = 0, under = 0;
    if (!adds_over_posts(hib_metric_find(metric->over)) ||
        (!adds_over_posts(under_what) &&
         (value == HIB_RANK_GAINED || !is_of_followers(under_what))))
        return false;
    for (size_t i = 0; i < n; i++)
        if (value == HIB_RANK_GAINED || posts[i].has_value) {
            over += posts[i].over;
            under += posts[i].under;
        }
    *ret = under > 0 ? over / under * metric->times : 0;
    return under > 0;
}

bool
hib_rank_whole(const HibRankPost *posts, size_t n, const HibMetric *metric, HibRankValue value,
               double *ret)
{
    bool has = false;
    *ret = 0;
    if (metric->kind == HIB_METRIC_DERIVED)
        return whole_ratio(posts, n, metric, value, ret);
    if (!adds_over_posts(metric))
        return false;
    for (size_t i = 0; i < n; i++) {
        has |= posts[i].has_value;
        *ret += posts[i].has_value ? posts[i].value : 0;
    }
    return has;
}

/* --- order --------------------------------------------------------------------------------------------------------- */
static int
by_value(const HibRankPost *a, const HibRankPost *b, int sign)
{
    if (a->has_value != b->has_value)
        return a->has_value ? -1 : 1;
    if (a->has_value && a->value != b->value)
        return a->value > b->value ? -sign : sign;
    if (a->published_at != b->published_at)
        return a->published_at > b->published_at ? -1 : 1;
    return strcmp(a->delivery, b->delivery);
}

static int
by_most(const void *a, const void *b)
{
    return by_value(a, b, 1);
}

static int
by_least(const void *a, const void *b)
{
    return by_value(a, b, -1);
}

void
hib_rank_sort(HibRankPost *posts, size_t n, bool is_least_first)
{
    if (n)
        qsort(posts, n, sizeof *posts, is_least_first ? by_least : by_most);
}

/* --- groups ------------------------------------------------------------------------------------------------------- */
typedef struct {
    HibBreakGroup group;
    GArray *values; /* double */
} Gathered;

static void
gathered_free(gpointer data)
{
    Gathered *g = data;
    g_array_unref(g->values);
    g_free(g);
}

static Gathered *
gathered_new(void)
{
    Gathered *g = g_new0(Gathered, 1);
    g->values = g_array_new(FALSE, FALSE, sizeof(double));
    return g;
}

static void
gather(Gathered *g, const HibRankPost *post)
{
    g->group.n_posts++;
    g->group.total += post->has_value ? post->value : 0;
    if (post->has_value)
        g_array_append_val(g->values, post->value);
}

static HibBreakGroup
finish(const Gathered *g)
{
    HibBreakGroup group = g->group;
    group.mean = hib_mean_interval((const double *)(const void *)g->values->data, g->values->len);
    return group;
}

static Gathered *
group_of(HibArena *arena, GHashTable *groups, const char *key)
{
    Gathered *found = g_hash_table_lookup(groups, key);
    if (found)
        return found;
    found = gathered_new();
    found->group.key = hib_arena_strdup(arena, key);
    g_hash_table_insert(groups, (gpointer)found->group.key, found);
    return found;
}

static const char *
key_of(HibArena *arena, const HibZone *zone, const HibRankPost *post, HibBreak by)
{
    const HibWall wall =
        by >= HIB_BREAK_WEEKDAY ? hib_wall_at(zone, post->published_at) : (HibWall){0};
    switch (by) {
    case HIB_BREAK_NETWORK:
        return post->network;
    case HIB_BREAK_ACCOUNT:
        return post->account;
    case HIB_BREAK_CAMPAIGN:
        return post->campaign ? post->campaign : "";
    case HIB_BREAK_FORMAT:
        return hib_net_format_name((HibNetFormat)post->format);
    default:
        return hib_arena_printf(arena, "%d", by == HIB_BREAK_WEEKDAY ? wall.weekday : wall.hour);
    }
}

static void
gather_tags(HibArena *arena, GHashTable *groups, const HibRankPost *post)
{
    g_auto(GStrv) tags = g_strsplit(post->tags, "\n", -1);
    if (!tags[0])
        gather(group_of(arena, groups, ""), post);
    for (size_t i = 0; tags[i]; i++)
        gather(group_of(arena, groups, tags[i]), post);
}

static int
by_mean(const void *a, const void *b)
{
    const HibBreakGroup *x = a, *y = b;
    if ((x->mean.n > 0) != (y->mean.n > 0))
        return x->mean.n > 0 ? -1 : 1;
    if (x->mean.mean != y->mean.mean)
        return x->mean.mean > y->mean.mean ? -1 : 1;
    return strcmp(x->key, y->key);
}

/* A post may stand in several groups (hashtags): Holm's way asks nothing of how they hang together. */
static void
mark_apart(HibBreakGroup *groups, size_t n, double mean)
{
    g_autofree HibMeanInterval *means = g_new(HibMeanInterval, n + 1);
    g_autofree bool *is_apart = g_new(bool, n + 1);
    for (size_t i = 0; i < n; i++)
        means[i] = groups[i].mean;
    hib_tell_apart(means, n, mean, is_apart);
    for (size_t i = 0; i < n; i++)
        groups[i].is_apart = is_apart[i];
}

HibBreakGroup *
hib_rank_break(HibArena *arena, const HibZone *zone, const HibRankPost *posts, size_t n,
               HibBreak by, size_t *ret_n, HibBreakGroup *ret_all)
{
    g_autoptr(GHashTable) groups =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, gathered_free);
    Gathered *all = gathered_new();
    for (size_t i = 0; i < n; i++) {
        gather(all, &posts[i]);
        if (by == HIB_BREAK_TAG)
            gather_tags(arena, groups, &posts[i]);
        else
            gather(group_of(arena, groups, key_of(arena, zone, &posts[i], by)), &posts[i]);
    }
    *ret_all = finish(all);
    ret_all->key = "";
    gathered_free(all);
    *ret_n = 0;
    HibBreakGroup *out = hib_arena_array(arena, HibBreakGroup, g_hash_table_size(groups) + 1);
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, groups);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        out[(*ret_n)++] = finish(value);
    mark_apart(out, *ret_n, ret_all->mean.mean);
    if (*ret_n)
        qsort(out, *ret_n, sizeof *out, by_mean);
    return out;
}
