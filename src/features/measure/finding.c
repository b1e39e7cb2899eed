/* What posts of an account may tell: each question is asked of the same posts by the methods of stats/, and what they cannot answer becomes a plan. */
#include "measure/finding.h"
#include "stats/effects.h"
#include <math.h>
#include <string.h>

#define LEVEL 0.95
#define LEAST_OF_KIND 3

/* --- what kind a post is --------------------------------------------------------------------------------------------- */
static const char *const weekdays[] = {"1", "2", "3", "4", "5", "6", "7"};
static int
weekday_of(const HibZone *zone, const HibFindingPost *post)
{
    return hib_wall_at(zone, post->published_at).weekday - 1;
}

/* Calls `each` with every hashtag. */
static void
each_tag(HibArena *arena, const char *tags, void (*each)(const char *tag, void *data), void *data)
{
    for (const char *at = tags; *at;) {
        const size_t n = strcspn(at, "\n");
        each(hib_arena_strndup(arena, at, n), data);
        at += n + (at[n] == '\n');
    }
}

typedef struct {
    const char *tag;
    size_t n;
} Tag;

static void
count_tag(const char *tag, void *data)
{
    GHashTable *counts = data;
    g_hash_table_insert(counts, (gpointer)tag,
                        GSIZE_TO_POINTER(GPOINTER_TO_SIZE(g_hash_table_lookup(counts, tag)) + 1));
}

static int
by_use(const void *a, const void *b)
{
    const Tag *x = a, *y = b;
    return x->n != y->n ? (x->n < y->n ? 1 : -1) : strcmp(x->tag, y->tag);
}

/* The most used that some posts have and some have not. */
static size_t
choose_tags(HibArena *arena, const HibFindingPost *posts, size_t n, Tag **ret)
{
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < n; i++)
        each_tag(arena, posts[i].tags, count_tag, counts);
    *ret = hib_arena_array(arena, Tag, g_hash_table_size(counts) + 1);
    size_t n_tags = 0;
    GHashTableIter iter;
    gpointer tag, count;
    g_hash_table_iter_init(&iter, counts);
    while (g_hash_table_iter_next(&iter, &tag, &count))
        if (GPOINTER_TO_SIZE(count) >= LEAST_OF_KIND &&
            GPOINTER_TO_SIZE(count) + LEAST_OF_KIND <= n)
            (*ret)[n_tags++] = (Tag){tag, GPOINTER_TO_SIZE(count)};
    qsort(*ret, n_tags, sizeof **ret, by_use);
    return MIN(n_tags, HIB_FINDING_TAGS);
}

typedef struct {
    const Tag *tags;
    size_t n;
    uint32_t marks;
} Seek;

static void
seek_tag(const char *tag, void *data)
{
    Seek *seek = data;
    for (size_t i = 0; i < seek->n; i++)
        if (g_str_equal(tag, seek->tags[i].tag))
            seek->marks |= (uint32_t)1 << i;
}

static double
day_of(const HibFindingPost *posts, size_t i)
{
    return (double)(posts[i].published_at - posts[0].published_at) / HIB_DAY;
}

/* --- findings ---------------------------------------------------------------------------------------------------------- */
static void
plan_test(const HibFindings *all, size_t posts, HibFinding *ret)
{
    if (ret->is_told || all->per_week <= 0)
        return;
    const double weeks = ceil(2 * (double)posts / all->per_week);
    ret->test_posts = posts;
    ret->test_weeks = weeks <= HIB_FINDING_LONGEST ? (size_t)weeks : 0;
}

static int
by_sureness(const void *a, const void *b)
{
    const HibFinding *x = a, *y = b;
    const double one = x->is_told + fabs(log1p(x->lift)) / 100,
                 other = y->is_told + fabs(log1p(y->lift)) / 100;
    return one > other ? -1 : one < other;
}

/* Those that can be told, else the one that looks best. */
static void
keep_some(HibFinding *some, size_t n, HibFindings *ret)
{
    qsort(some, n, sizeof *some, by_sureness);
    for (size_t i = 0; i < n && (i == 0 || some[i].is_told); i++)
        ret->findings[ret->n++] = some[i];
}

static void
take_effects(HibArena *arena, HibFindingKind kind, const HibKindResult *posts, size_t n,
             const char *const *keys, size_t n_keys, HibFindings *ret)
{
    HibEffects effects;
    HibFinding some[HIB_EFFECT_KINDS];
    size_t n_some = 0;
    if (!hib_effects(arena, posts, n, LEVEL, HIB_FINDING_WORTH, &effects))
        return;
    ret->chance_none[kind] = effects.chance_none;
    for (size_t k = 0; k < n_keys; k++) {
        const HibKindEffect *one = &effects.kinds[k];
        if (one->n < LEAST_OF_KIND || one->n + LEAST_OF_KIND > n)
            continue;
        some[n_some] =
            (HibFinding){kind, keys[k], NULL, one->n, one->lift, one->low, one->high, one->is_told};
        plan_test(ret, effects.test_posts, &some[n_some++]);
    }
    keep_some(some, n_some, ret);
}

static void
take_time(HibArena *arena, const HibZone *zone, const HibFindingPost *posts, size_t n,
          HibFindings *ret)
{
    HibPostResult *results = hib_arena_array(arena, HibPostResult, n + 1);
    HibPostingTime told;
    for (size_t i = 0; i < n; i++) {
        const HibWall wall = hib_wall_at(zone, posts[i].published_at);
        results[i] = (HibPostResult){.day = day_of(posts, i),
                                     .slot = (uint8_t)((wall.weekday - 1) * 24 + wall.hour),
                                     .kind = (uint8_t)posts[i].made,
                                     .result = posts[i].result};
    }
    if (!hib_posting_time(arena, results, n, LEVEL, HIB_FINDING_WORTH, &told))
        return;
    HibFinding one = {
        .kind = HIB_FINDING_TIME,
        .key = hib_arena_printf(arena, "%d-%d", told.best / 24 + 1, told.best % 24),
        .against = told.best == told.usual
                       ? NULL /* then the others are what to try */
                       : hib_arena_printf(arena, "%d-%d", told.usual / 24 + 1, told.usual % 24),
        .lift = told.lift,
        .low = told.lift_low,
        .high = told.lift_high,
        .is_told = told.is_told};
    for (size_t i = 0; i < n; i++)
        one.n += results[i].slot == told.best;
    ret->chance_none[HIB_FINDING_TIME] = told.chance_none;
    plan_test(ret, told.test_posts, &one);
    ret->findings[ret->n++] = one;
}

#define ALL_BUT_ALWAYS 0.75 /* of the posts that bear either bear both */

/* Posts with `gone` count as posts with `kept`; the place of `gone` is taken by `last`. */
static void
join_marks(HibMarkedResult *results, size_t n, size_t kept, size_t gone, size_t last)
{
    for (size_t i = 0; i < n; i++) {
        const uint32_t joined = results[i].marks >> gone & 1, moved = results[i].marks >> last & 1;
        results[i].marks |= joined << kept;
        results[i].marks &= ~((uint32_t)1 << gone | (uint32_t)1 << last);
        results[i].marks |= gone < last ? moved << gone : 0;
    }
}

static bool
are_twins(const HibMarkedResult *results, size_t n, size_t a, size_t b)
{
    size_t both = 0, either = 0;
    for (size_t i = 0; i < n; i++) {
        const uint32_t has_a = results[i].marks >> a & 1, has_b = results[i].marks >> b & 1;
        both += has_a & has_b;
        either += has_a | has_b;
    }
    return (double)both >= ALL_BUT_ALWAYS * (double)either;
}

/* Hashtags that all but always go together are one: nobody can tell whose the effect is, and it would be told of each. */
static size_t
join_twins(HibArena *arena, HibMarkedResult *results, size_t n, Tag *tags, size_t n_tags)
{
    for (size_t a = 0; a < n_tags; a++)
        for (size_t b = n_tags; b-- > a + 1;)
            if (are_twins(results, n, a, b)) {
                tags[a].tag = hib_arena_printf(arena, "%s #%s", tags[a].tag, tags[b].tag);
                join_marks(results, n, a, b, --n_tags);
                tags[b] = tags[n_tags];
            }
    return n_tags;
}

/* A post has several hashtags or none: all are asked for at once, each told with the others as they are. */
static void
take_tags(HibArena *arena, const HibFindingPost *posts, size_t n, HibFindings *ret)
{
    Tag *tags;
    HibMarkEffects effects;
    HibFinding some[HIB_FINDING_TAGS];
    HibMarkedResult *results = hib_arena_array(arena, HibMarkedResult, n + 1);
    size_t n_tags = choose_tags(arena, posts, n, &tags);
    ret->chance_none[HIB_FINDING_HASHTAG] = 1;
    for (size_t i = 0; i < n; i++) {
        Seek seek = {tags, n_tags, 0};
        each_tag(arena, posts[i].tags, seek_tag, &seek);
        results[i] = (HibMarkedResult){day_of(posts, i), seek.marks, posts[i].result};
    }
    n_tags = join_twins(arena, results, n, tags, n_tags);
    if (!n_tags || !hib_mark_effects(arena, results, n, n_tags, LEVEL, HIB_FINDING_WORTH, &effects))
        return;
    ret->chance_none[HIB_FINDING_HASHTAG] = effects.chance_none;
    for (size_t t = 0; t < n_tags; t++) {
        const HibKindEffect *one = &effects.marks[t];
        some[t] = (HibFinding){HIB_FINDING_HASHTAG,
                               hib_arena_printf(arena, "#%s", tags[t].tag),
                               NULL,
                               one->n,
                               one->lift,
                               one->low,
                               one->high,
                               one->is_told,
                               0,
                               0};
        plan_test(ret, effects.test_posts, &some[t]);
    }
    keep_some(some, n_tags, ret);
}

void
hib_findings_of(HibArena *arena, const HibZone *zone, const HibFindingPost *posts, size_t n,
                HibFindings *ret)
{
    const char *types[HIB_MADE_VIDEO + 1];
    HibKindResult *results = hib_arena_array(arena, HibKindResult, n + 1);
    *ret = (HibFindings){.n_posts = n,
                         .findings = hib_arena_array(arena, HibFinding,
                                                     2 + 2 * HIB_EFFECT_KINDS + HIB_FINDING_TAGS)};
    if (n < HIB_EFFECT_LEAST)
        return;
    ret->per_week = 7 * (double)n / MAX(day_of(posts, n - 1), 7);
    for (size_t i = 0; i < n; i++)
        results[i] = (HibKindResult){
            .day = (double)(posts[i].published_at - posts[0].published_at) / (double)HIB_DAY,
            .kind = (uint8_t)weekday_of(zone, &posts[i]),
            .result = posts[i].result};
    take_time(arena, zone, posts, n, ret);
    take_effects(arena, HIB_FINDING_WEEKDAY, results, n, weekdays, G_N_ELEMENTS(weekdays), ret);
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        types[i] = hib_made_name((HibMade)i);
    for (size_t i = 0; i < n; i++)
        results[i].kind = (uint8_t)posts[i].made;
    take_effects(arena, HIB_FINDING_TYPE, results, n, types, G_N_ELEMENTS(types), ret);
    take_tags(arena, posts, n, ret);
}
