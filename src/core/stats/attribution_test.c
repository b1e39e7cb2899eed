/* Attribution against published values (tests/data/channel_paths), against an implementation of its own in fractions (tests/oracle/attribution.py), against definitions written out
 * here, and against journeys whose truth is known because they were simulated. */
#include "base/json.h"
#include "base/secrets.h"
#include "stats/attribution.h"

#include <math.h>
#include <string.h>

#define DATA TEST_DATA "/channel_paths/"
#define MOST_CHANNELS 64

typedef struct {
    GPtrArray *names;
    GArray *starts, *touches, *conversions, *nulls, *revenue;
} Set;

static Set *
set_new(void)
{
    const uint32_t zero = 0;
    Set *set = g_new0(Set, 1);
    set->names = g_ptr_array_new_with_free_func(g_free);
    set->starts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    set->touches = g_array_new(FALSE, FALSE, sizeof(uint16_t));
    set->conversions = g_array_new(FALSE, FALSE, sizeof(int64_t));
    set->nulls = g_array_new(FALSE, FALSE, sizeof(int64_t));
    set->revenue = g_array_new(FALSE, FALSE, sizeof(double));
    g_array_append_val(set->starts, zero);
    return set;
}

static void
set_free(Set *set)
{
    GArray *const arrays[] = {set->starts, set->touches, set->conversions, set->nulls,
                              set->revenue};
    g_ptr_array_unref(set->names);
    for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_array_unref(arrays[i]);
    g_free(set);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Set, set_free)

static void
add(Set *set, const uint16_t *touches, size_t n, int64_t conversions, int64_t nulls, double revenue)
{
    g_array_append_vals(set->touches, touches, (guint)n);
    const uint32_t end = set->touches->len;
    g_array_append_val(set->starts, end);
    g_array_append_val(set->conversions, conversions);
    g_array_append_val(set->nulls, nulls);
    g_array_append_val(set->revenue, revenue);
}

static HibPaths
paths_of(const Set *set, size_t n_channels)
{
    return (HibPaths){.n_channels = n_channels,
                      .n_paths = set->starts->len - 1,
                      .starts = (const uint32_t *)(void *)set->starts->data,
                      .touches = (const uint16_t *)(void *)set->touches->data,
                      .conversions = (const int64_t *)(void *)set->conversions->data,
                      .nulls = (const int64_t *)(void *)set->nulls->data,
                      .revenue = (const double *)(void *)set->revenue->data};
}

static uint16_t
channel_of(Set *set, const char *name)
{
    for (guint i = 0; i < set->names->len; i++)
        if (g_str_equal(set->names->pdata[i], name))
            return (uint16_t)i;
    g_ptr_array_add(set->names, g_strdup(name));
    return (uint16_t)(set->names->len - 1);
}

static Set *
read_published(void)
{
    g_autofree char *text = NULL;
    Set *set = set_new();
    g_assert_true(g_file_get_contents(DATA "paths.csv", &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (size_t i = 1; lines[i] && *lines[i]; i++) {
        uint16_t touches[256];
        g_auto(GStrv) cells = g_strsplit(lines[i], ",", -1);
        g_auto(GStrv) steps = g_strsplit(cells[0], " > ", -1);
        const size_t n = g_strv_length(steps);
        g_assert_cmpuint(n, <=, G_N_ELEMENTS(touches));
        for (size_t k = 0; k < n; k++)
            touches[k] = channel_of(set, steps[k]);
        add(set, touches, n, g_ascii_strtoll(cells[1], NULL, 10),
            g_ascii_strtoll(cells[3], NULL, 10), g_ascii_strtod(cells[2], NULL));
    }
    return set;
}

static void
run(HibArena *arena, const HibPaths *paths, HibAttributionOptions options, HibAttribution *ret)
{
    options.half_life = 1;
    options.level = 0.95;
    g_assert_true(hib_attribute(arena, paths, &options, ret));
}

/* Relative to the greater of the value and one conversion. */
static void
assert_near(double got, double want, double within, const char *what)
{
    if (fabs(got - want) > within * fmax(1, fabs(want))) {
        g_test_message("%s: %.15g, not %.15g", what, got, want);
        g_test_fail();
    }
}

/* --- published values ------------------------------------------------------------------------------------------------ */
static void
first_last_and_linear_are_as_published(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(Set) set = read_published();
    g_autofree char *text = NULL;
    HibAttribution got;
    static const HibAttribute methods[] = {HIB_ATTRIBUTE_FIRST, HIB_ATTRIBUTE_LAST,
                                           HIB_ATTRIBUTE_LINEAR};
    const HibPaths paths = paths_of(set, set->names->len);
    run(arena, &paths, (HibAttributionOptions){.order = 1}, &got);
    g_assert_cmpuint(paths.n_channels, ==, 12);
    g_assert_cmpuint(paths.n_paths, ==, 10000);
    g_assert_cmpfloat(got.conversions, ==, 19785);
    g_assert_cmpfloat(got.nulls, ==, 68602);
    g_assert_true(g_file_get_contents(DATA "oracle_heuristic.csv", &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    size_t n = 0;
    for (size_t i = 1; lines[i] && *lines[i]; i++, n++) {
        g_auto(GStrv) cells = g_strsplit(lines[i], ",", -1);
        const uint16_t channel = channel_of(set, cells[0]);
        for (size_t m = 0; m < G_N_ELEMENTS(methods); m++) {
            const HibCredit *credit = &got.credits[methods[m]][channel];
            g_assert_cmpfloat_with_epsilon(credit->conversions,
                                           g_ascii_strtod(cells[1 + 2 * m], NULL), 1e-6);
            /* Published with four digits in places. */
            g_assert_cmpfloat_with_epsilon(credit->revenue, g_ascii_strtod(cells[2 + 2 * m], NULL),
                                           1e-4);
        }
    }
    g_assert_cmpuint(n, ==, 12);
}

static void
removal_effects_are_as_published(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(Set) set = read_published();
    g_autofree char *text = NULL;
    HibAttribution got;
    const HibPaths paths = paths_of(set, set->names->len);
    run(arena, &paths, (HibAttributionOptions){.order = 1}, &got);
    g_assert_cmpfloat(got.error_bound, <, 1e-9);
    g_assert_true(g_file_get_contents(DATA "oracle_markov1.csv", &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (size_t i = 1; lines[i] && *lines[i]; i++) {
        g_auto(GStrv) cells = g_strsplit(lines[i], ",", -1);
        const HibCredit *credit = &got.credits[HIB_ATTRIBUTE_MARKOV][channel_of(set, cells[0])];
        g_assert_cmpfloat_with_epsilon(credit->effect, g_ascii_strtod(cells[1], NULL), 1e-6);
        g_assert_cmpfloat_with_epsilon(credit->conversions, g_ascii_strtod(cells[2], NULL), 1e-3);
    }
}

static void
compare(HibArena *arena, const Set *set, const char *text, const char *method,
        const HibCredit *credits)
{
    HibJson root;
    const cJSON *one;
    size_t n = 0;
    g_assert_true(hib_json_parse(arena, text, strlen(text), &root, NULL));
    cJSON_ArrayForEach(one, cJSON_GetObjectItem(root.value, method))
    {
        const HibCredit *credit = &credits[channel_of((Set *)set, one->string)];
        g_autofree char *what = g_strdup_printf("%s %s", method, one->string);
        assert_near(credit->conversions, cJSON_GetArrayItem(one, 0)->valuedouble, 1e-9, what);
        assert_near(credit->revenue, cJSON_GetArrayItem(one, 1)->valuedouble, 1e-9, what);
        if (cJSON_GetArraySize(one) > 2)
            assert_near(credit->effect, cJSON_GetArrayItem(one, 2)->valuedouble, 1e-12, what);
        n++;
    }
    g_assert_cmpuint(n, ==, 12);
}

static void
every_method_equals_exact_arithmetic_to_nine_digits(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(Set) set = read_published();
    g_autofree char *text = NULL;
    HibAttribution first;
    HibAttribution second;
    const HibPaths paths = paths_of(set, set->names->len);
    g_assert_true(g_file_get_contents(DATA "exact.json", &text, NULL, NULL));
    run(arena, &paths, (HibAttributionOptions){.order = 1}, &first);
    run(arena, &paths, (HibAttributionOptions){.order = 2}, &second);
    static const struct {
        const char *name;
        HibAttribute method;
    } methods[] = {{"last", HIB_ATTRIBUTE_LAST},         {"first", HIB_ATTRIBUTE_FIRST},
                   {"linear", HIB_ATTRIBUTE_LINEAR},     {"time_decay", HIB_ATTRIBUTE_TIME_DECAY},
                   {"position", HIB_ATTRIBUTE_POSITION}, {"markov_1", HIB_ATTRIBUTE_MARKOV},
                   {"shapley", HIB_ATTRIBUTE_SHAPLEY}};
    for (size_t i = 0; i < G_N_ELEMENTS(methods); i++)
        compare(arena, set, text, methods[i].name, first.credits[methods[i].method]);
    compare(arena, set, text, "markov_2", second.credits[HIB_ATTRIBUTE_MARKOV]);
}

/* --- definitions written out ---------------------------------------------------------------------------------------- */
static Set *
random_set(HibSeeded *seeded, size_t n_channels, size_t n_paths, size_t most_touches)
{
    Set *set = set_new();
    for (size_t p = 0; p < n_paths; p++) {
        uint16_t touches[32];
        const size_t n = (size_t)hib_seeded_below(seeded, (int64_t)most_touches + 1);
        for (size_t i = 0; i < n; i++)
            touches[i] = (uint16_t)hib_seeded_below(seeded, (int64_t)n_channels);
        add(set, touches, n, hib_seeded_below(seeded, 3), hib_seeded_below(seeded, 4),
            hib_seeded_unit(seeded) * 1000);
    }
    return set;
}

/* Dense elimination: the chance of conversion from the start without `removed`, states are channels and the start last. */
static double
dense(const HibPaths *paths, int removed)
{
    const size_t n = paths->n_channels + 1;
    double a[MOST_CHANNELS][MOST_CHANNELS + 1] = {{0}};
    double sums[MOST_CHANNELS] = {0};
    for (size_t p = 0; p < paths->n_paths; p++) {
        const double weight = (double)(paths->conversions[p] + paths->nulls[p]);
        size_t from = n - 1;
        for (uint32_t i = paths->starts[p]; i < paths->starts[p + 1]; i++) {
            if (paths->touches[i] != removed)
                a[from][paths->touches[i]] -= weight;
            sums[from] += weight;
            from = paths->touches[i];
        }
        sums[from] += weight;
        a[from][n] += (double)paths->conversions[p];
    }
    for (size_t r = 0; r < n; r++)
        a[r][r] += sums[r] > 0 ? sums[r] : 1;
    for (size_t c = 0; c < n; c++)
        for (size_t r = 0; r < n; r++)
            if (r != c) {
                const double factor = a[r][c] / a[c][c];
                for (size_t k = c; k <= n; k++)
                    a[r][k] -= factor * a[c][k];
            }
    return a[n - 1][n] / a[n - 1][n - 1];
}

static void
removal_effects_equal_a_dense_solve(void)
{
    HibSeeded seeded;
    hib_seeded_init(&seeded, 8);
    for (int round = 0; round < 40; round++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        const size_t n = 2 + (size_t)hib_seeded_below(&seeded, 40);
        g_autoptr(Set) set = random_set(&seeded, n, 30 + 10 * n, 1 + (size_t)round % 20);
        HibAttribution got;
        const HibPaths paths = paths_of(set, n);
        run(arena, &paths, (HibAttributionOptions){.order = 1, .pairs = 2}, &got);
        const double whole = dense(&paths, -1);
        g_assert_cmpfloat(got.error_bound, <, 1e-9);
        for (size_t c = 0; c < n; c++)
            g_assert_cmpfloat_with_epsilon(got.credits[HIB_ATTRIBUTE_MARKOV][c].effect,
                                           1 - dense(&paths, (int)c) / whole, 1e-9);
    }
}

/* Rates of sets, the model of sets that few met, and what a set is worth, each from scratch. */
static unsigned
mask_of(const HibPaths *paths, size_t p)
{
    unsigned mask = 0;
    for (uint32_t i = paths->starts[p]; i < paths->starts[p + 1]; i++)
        mask |= 1u << paths->touches[i];
    return mask;
}

static void
set_rates(const HibPaths *paths, size_t n, double *visitors, double *rates)
{
    double won[64] = {0};
    double chance[8];
    memset(visitors, 0, sizeof(double) << n);
    for (size_t p = 0; p < paths->n_paths; p++) {
        visitors[mask_of(paths, p)] += (double)(paths->conversions[p] + paths->nulls[p]);
        won[mask_of(paths, p)] += (double)paths->conversions[p];
    }
    for (size_t c = 0; c < n; c++)
        chance[c] = 0.1;
    for (int round = 0; round < 50; round++) {
        double next[8] = {0};
        for (size_t c = 0; c < n; c++) {
            double met = 0;
            for (unsigned m = 0; m < 1u << n; m++)
                if (m >> c & 1) {
                    double miss = 1;
                    for (size_t k = 0; k < n; k++)
                        miss *= m >> k & 1 ? 1 - chance[k] : 1;
                    next[c] += won[m] * chance[c] / (1 - miss);
                    met += visitors[m];
                }
            next[c] = fmin(next[c] / met, 1);
        }
        memcpy(chance, next, sizeof chance);
    }
    for (unsigned m = 0; m < 1u << n; m++) {
        double miss = 1;
        for (size_t k = 0; k < n; k++)
            miss *= m >> k & 1 ? 1 - chance[k] : 1;
        rates[m] = m ? (won[m] + 20 * (1 - miss)) / (visitors[m] + 20) : won[0] / visitors[0];
    }
}

/* Orders in which those still out can join. */
static double
count_orders(unsigned joined, size_t n)
{
    double orders = 0;
    if (joined == (1u << n) - 1)
        return 1;
    for (size_t c = 0; c < n; c++)
        if (!(joined >> c & 1))
            orders += count_orders(joined | 1u << c, n);
    return orders;
}

static double
factorial(size_t n)
{
    return n < 2 ? 1 : (double)n * factorial(n - 1);
}

static void
shapley_values_equal_the_mean_over_every_order(void)
{
    enum { N = 6 };
    HibSeeded seeded;
    hib_seeded_init(&seeded, 9);
    for (int round = 0; round < 10; round++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(Set) set = random_set(&seeded, N, 200, 5);
        double visitors[1 << N];
        double rates[1 << N];
        double worths[1 << N] = {0};
        double values[N] = {0};
        HibAttribution got;
        const HibPaths paths = paths_of(set, N);
        set_rates(&paths, N, visitors, rates);
        for (unsigned m = 0; m < 1 << N; m++)
            for (unsigned met = 0; met < 1 << N; met++)
                worths[m] += visitors[met] * rates[met & m];
        run(arena, &paths, (HibAttributionOptions){.order = 1}, &got);
        /* How many orders join c right after the set m: |m|! of those before, and the rest after. */
        for (unsigned m = 0; m < 1 << N; m++)
            for (unsigned c = 0; c < N; c++)
                if (!(m >> c & 1))
                    values[c] += factorial((size_t)__builtin_popcount(m)) *
                                 count_orders(m | 1u << c, N) / factorial(N) *
                                 (worths[m | 1u << c] - worths[m]);
        const double all = got.conversions + got.nulls;
        const double scale =
            (got.conversions - all * rates[0]) / (worths[(1 << N) - 1] - worths[0]);
        for (size_t c = 0; c < N; c++)
            assert_near(got.credits[HIB_ATTRIBUTE_SHAPLEY][c].conversions, values[c] * scale, 1e-9,
                        "shapley");
    }
}

static void
shapley_values_without_nulls_share_alike_among_those_met(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(Set) set = set_new();
    HibAttribution got;
    add(set, (uint16_t[]){0, 1, 0}, 3, 4, 0, 400);
    add(set, (uint16_t[]){2}, 1, 1, 0, 70);
    const HibPaths paths = paths_of(set, 3);
    run(arena, &paths, (HibAttributionOptions){.order = 1}, &got);
    const HibCredit *credits = got.credits[HIB_ATTRIBUTE_SHAPLEY];
    g_assert_cmpfloat_with_epsilon(credits[0].conversions, 2, 0.01);
    g_assert_cmpfloat_with_epsilon(credits[1].conversions, 2, 0.01);
    g_assert_cmpfloat_with_epsilon(credits[2].conversions, 1, 0.01);
}

/* Channels 12 and above of 24 are never met, so that the exact values of the twelve hold. */
static void
sampled_shapley_values_are_within_their_error(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(Set) set = read_published();
    HibAttribution exact;
    HibAttribution sampled;
    const HibPaths few = paths_of(set, 12);
    const HibPaths many = paths_of(set, 24);
    run(arena, &few, (HibAttributionOptions){.order = 1}, &exact);
    run(arena, &many, (HibAttributionOptions){.order = 1, .pairs = 400, .seed = 3}, &sampled);
    g_assert_false(exact.is_sampled);
    g_assert_true(sampled.is_sampled);
    for (size_t c = 0; c < 12; c++) {
        const HibCredit *credit = &sampled.credits[HIB_ATTRIBUTE_SHAPLEY][c];
        const double off =
            credit->conversions - exact.credits[HIB_ATTRIBUTE_SHAPLEY][c].conversions;
        g_assert_cmpfloat(credit->sampling_error, <, 0.02 * exact.conversions);
        g_assert_cmpfloat(fabs(off), <=, 4 * credit->sampling_error + 1e-6);
    }
    for (size_t c = 12; c < 24; c++)
        g_assert_cmpfloat(sampled.credits[HIB_ATTRIBUTE_SHAPLEY][c].conversions, ==, 0);
}

/* --- order, intervals, truth ----------------------------------------------------------------------------------------- */
/* Where the next channel depends on the last `depth` touches. */
static Set *
journeys_of_order(size_t depth, uint64_t seed)
{
    HibSeeded seeded;
    Set *set = set_new();
    hib_seeded_init(&seeded, seed);
    for (int p = 0; p < 20000; p++) {
        uint16_t touches[32];
        size_t n = 0;
        do {
            unsigned past = 0;
            for (size_t k = 0; k < depth; k++)
                past = past * 5 + (n > k ? touches[n - 1 - k] + 1u : 0);
            const bool is_usual = hib_seeded_unit(&seeded) < 0.7;
            touches[n++] = (uint16_t)(is_usual ? (past * 2654435761u >> 16) % 4
                                               : (unsigned)hib_seeded_below(&seeded, 4));
        } while (n < 31 && hib_seeded_unit(&seeded) < 0.8);
        const bool converts = hib_seeded_unit(&seeded) < 0.05 * (1 + touches[n - 1]);
        add(set, touches, n, converts, !converts, converts ? 100 : 0);
    }
    return set;
}

static void
the_order_of_the_journeys_is_found(void)
{
    for (size_t depth = 1; depth <= 3; depth++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(Set) set = journeys_of_order(depth, 40 + depth);
        HibAttribution got;
        const HibPaths paths = paths_of(set, 4);
        run(arena, &paths, (HibAttributionOptions){0}, &got);
        g_assert_cmpint(got.order, ==, (int)depth);
        for (int k = 0; k < HIB_ATTRIBUTION_ORDERS; k++)
            g_assert_cmpfloat(got.log_loss[got.order - 1], <=, got.log_loss[k]);
    }
}

/* Journeys whose cause is known: each channel is met with a chance and makes a visitor convert with another, both independent; the truth is what each channel
 * adds when it is truly switched on, averaged over every order (by 2^n, from the chances, not from journeys). */
enum { CAUSES = 8 };
typedef struct {
    double reach[CAUSES], effect[CAUSES], base, truth[CAUSES]; /* truth: share */
} World;

static void
make_world(World *world, HibSeeded *seeded, double base)
{
    double sum = 0;
    *world = (World){.base = base};
    for (size_t c = 0; c < CAUSES; c++) {
        world->reach[c] = 0.08 + 0.35 * hib_seeded_unit(seeded);
        world->effect[c] = 0.1 * hib_seeded_unit(seeded);
    }
    for (unsigned m = 0; m < 1 << CAUSES; m++) {
        double miss = 1 - base;
        for (size_t c = 0; c < CAUSES; c++)
            miss *= m >> c & 1 ? 1 - world->reach[c] * world->effect[c] : 1;
        const size_t size = (size_t)__builtin_popcount(m);
        for (size_t c = 0; c < CAUSES; c++)
            if (!(m >> c & 1))
                world->truth[c] += factorial(size) * factorial(CAUSES - 1 - size) /
                                   factorial(CAUSES) * miss * world->reach[c] * world->effect[c];
    }
    for (size_t c = 0; c < CAUSES; c++)
        sum += world->truth[c];
    for (size_t c = 0; c < CAUSES; c++)
        world->truth[c] /= sum;
}

static Set *
live(const World *world, HibSeeded *seeded, size_t n, bool all_are_seen)
{
    Set *set = set_new();
    for (size_t p = 0; p < n; p++) {
        uint16_t touches[CAUSES];
        size_t met = 0;
        double miss = 1 - world->base;
        for (size_t c = 0; c < CAUSES; c++)
            if (hib_seeded_unit(seeded) < world->reach[c]) {
                const size_t at = (size_t)hib_seeded_below(seeded, (int64_t)++met);
                touches[met - 1] = touches[at];
                touches[at] = (uint16_t)c;
                miss *= 1 - world->effect[c];
            }
        const bool converts = hib_seeded_unit(seeded) >= miss;
        if (met || all_are_seen)
            add(set, touches, met, converts, !converts, converts ? 1000 : 0);
    }
    return set;
}

static void
ranks(const double *values, double *out)
{
    for (size_t i = 0; i < CAUSES; i++) {
        out[i] = 0;
        for (size_t k = 0; k < CAUSES; k++)
            out[i] += values[k] < values[i];
    }
}

static double
rank_correlation(const double *a, const double *b)
{
    double x[CAUSES];
    double y[CAUSES];
    double squares = 0;
    ranks(a, x);
    ranks(b, y);
    for (size_t i = 0; i < CAUSES; i++)
        squares += (x[i] - y[i]) * (x[i] - y[i]);
    return 1 - 6 * squares / (CAUSES * (CAUSES * CAUSES - 1.0));
}

static double
judge(const World *world, const HibCredit *credits, double *ret_off)
{
    double shares[CAUSES];
    double sum = 0;
    for (size_t c = 0; c < CAUSES; c++)
        sum += credits[c].conversions;
    for (size_t c = 0; c < CAUSES; c++) {
        shares[c] = credits[c].conversions / sum;
        *ret_off = fmax(*ret_off, fabs(shares[c] - world->truth[c]));
    }
    return rank_correlation(shares, world->truth);
}

static void
simulated_journeys_are_credited_to_their_causes(void)
{
    static const char *const names[] = {"last",     "first",  "linear", "time decay",
                                        "position", "markov", "shapley"};
    static const struct {
        const char *name;
        double base;
        bool all_are_seen;
    } kinds[] = {{"nobody converts unasked", 0, false},
                 {"2% do, and those who met nothing are not seen", 0.02, false},
                 {"2% do, and everybody is seen", 0.02, true}};
    enum { WORLDS = 12, KINDS = G_N_ELEMENTS(kinds) };
    double off[KINDS][HIB_ATTRIBUTE_N] = {{0}};
    double rank[KINDS][HIB_ATTRIBUTE_N] = {{0}};
    HibSeeded seeded;
    hib_seeded_init(&seeded, 77);
    for (int round = 0; round < KINDS * WORLDS; round++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        World world;
        HibAttribution got;
        const int kind = round % KINDS;
        make_world(&world, &seeded, kinds[kind].base);
        g_autoptr(Set) set = live(&world, &seeded, 100000, kinds[kind].all_are_seen);
        const HibPaths paths = paths_of(set, CAUSES);
        run(arena, &paths, (HibAttributionOptions){.order = 1}, &got);
        for (int m = 0; m < HIB_ATTRIBUTE_N; m++)
            rank[kind][m] += judge(&world, got.credits[m], &off[kind][m]) / WORLDS;
    }
    for (int kind = 0; kind < KINDS; kind++)
        for (int m = 0; m < HIB_ATTRIBUTE_N; m++)
            g_test_message("%s: %s: rank correlation %.3f, share off by %.1f points at most",
                           kinds[kind].name, names[m], rank[kind][m], 100 * off[kind][m]);
    for (int kind = 0; kind < KINDS; kind++) {
        g_assert_cmpfloat(rank[kind][HIB_ATTRIBUTE_SHAPLEY], >=, 0.9);
        g_assert_cmpfloat(off[kind][HIB_ATTRIBUTE_SHAPLEY], <=, 0.05);
    }
}

static void
intervals_cover_what_other_visitors_give(void)
{
    HibSeeded seeded;
    World world;
    enum { TIMES = 40, N = 4000 };
    double sums[HIB_ATTRIBUTE_N][CAUSES] = {{0}};
    int covered[HIB_ATTRIBUTE_N] = {0};
    hib_seeded_init(&seeded, 5);
    make_world(&world, &seeded, 0);
    g_autoptr(HibArena) arena = hib_arena_new();
    HibAttribution got[TIMES];
    for (int t = 0; t < TIMES; t++) {
        g_autoptr(Set) set = live(&world, &seeded, N, false);
        const HibPaths paths = paths_of(set, CAUSES);
        run(arena, &paths,
            (HibAttributionOptions){.order = 1, .replicates = 200, .seed = (uint64_t)t}, &got[t]);
        for (int m = 0; m < HIB_ATTRIBUTE_N; m++)
            for (size_t c = 0; c < CAUSES; c++)
                sums[m][c] += got[t].credits[m][c].conversions / TIMES;
    }
    for (int m = 0; m < HIB_ATTRIBUTE_N; m++) {
        for (int t = 0; t < TIMES; t++)
            for (size_t c = 0; c < CAUSES; c++)
                covered[m] += got[t].credits[m][c].low <= sums[m][c] &&
                              sums[m][c] <= got[t].credits[m][c].high;
        const double rate = (double)covered[m] / (TIMES * CAUSES);
        g_test_message("method %d: intervals cover in %.1f%%", m, 100 * rate);
        g_assert_cmpfloat(rate, >=, 0.90);
        g_assert_cmpfloat(rate, <=, 0.995);
    }
}

static void
same_seed_same_numbers(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(Set) set = read_published();
    HibAttribution got[3];
    const HibPaths paths = paths_of(set, 12);
    for (uint64_t i = 0; i < 3; i++)
        run(arena, &paths, (HibAttributionOptions){.order = 1, .replicates = 5, .seed = i / 2},
            &got[i]);
    for (size_t c = 0; c < 12; c++)
        g_assert_cmpfloat(got[0].credits[HIB_ATTRIBUTE_MARKOV][c].low, ==,
                          got[1].credits[HIB_ATTRIBUTE_MARKOV][c].low);
    g_assert_cmpfloat(got[0].credits[HIB_ATTRIBUTE_MARKOV][0].low, !=,
                      got[2].credits[HIB_ATTRIBUTE_MARKOV][0].low);
}

/* --- edges --------------------------------------------------------------------------------------------------------------- */
static void
nothing_few_and_touchless_paths_are_taken(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(Set) none = set_new();
    g_autoptr(Set) one = set_new();
    g_autoptr(Set) lost = set_new();
    HibAttribution got;
    HibPaths paths = paths_of(none, 3);
    run(arena, &paths, (HibAttributionOptions){.replicates = 3}, &got);
    for (int m = 0; m < HIB_ATTRIBUTE_N; m++)
        g_assert_cmpfloat(got.credits[m][0].conversions, ==, 0);
    add(one, NULL, 0, 5, 7, 50); /* came by themselves: nobody's */
    add(one, (uint16_t[]){0, 0}, 2, 1, 0, 10);
    paths = paths_of(one, 1);
    run(arena, &paths, (HibAttributionOptions){.replicates = 3}, &got);
    g_assert_cmpfloat(got.conversions, ==, 6);
    for (int m = 0; m < HIB_ATTRIBUTE_SHAPLEY; m++)
        g_assert_cmpfloat_with_epsilon(got.credits[m][0].conversions, 1, 1e-12);
    add(lost, (uint16_t[]){0, 1}, 2, 0, 9, 0);
    paths = paths_of(lost, 2);
    run(arena, &paths, (HibAttributionOptions){.replicates = 3}, &got);
    for (int m = 0; m < HIB_ATTRIBUTE_N; m++)
        g_assert_cmpfloat(got.credits[m][1].high, ==, 0);
}

static void
paths_that_do_not_fit_together_are_refused(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibAttributionOptions options = {.half_life = 1, .level = 0.95};
    for (int kind = 0; kind < 3; kind++) {
        g_autoptr(Set) set = set_new();
        HibAttribution got;
        add(set, (uint16_t[]){kind == 0 ? 2 : 1}, 1, kind == 1 ? -1 : 1, 0, kind == 2 ? NAN : 1);
        const HibPaths paths = paths_of(set, 2);
        g_assert_false(hib_attribute(arena, &paths, &options, &got));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attribution/published", first_last_and_linear_are_as_published);
    g_test_add_func("/attribution/published-removal", removal_effects_are_as_published);
    g_test_add_func("/attribution/exact", every_method_equals_exact_arithmetic_to_nine_digits);
    g_test_add_func("/attribution/dense", removal_effects_equal_a_dense_solve);
    g_test_add_func("/attribution/orders", shapley_values_equal_the_mean_over_every_order);
    g_test_add_func("/attribution/no-nulls",
                    shapley_values_without_nulls_share_alike_among_those_met);
    g_test_add_func("/attribution/sampled", sampled_shapley_values_are_within_their_error);
    g_test_add_func("/attribution/order", the_order_of_the_journeys_is_found);
    g_test_add_func("/attribution/truth", simulated_journeys_are_credited_to_their_causes);
    g_test_add_func("/attribution/intervals", intervals_cover_what_other_visitors_give);
    g_test_add_func("/attribution/seed", same_seed_same_numbers);
    g_test_add_func("/attribution/edges", nothing_few_and_touchless_paths_are_taken);
    g_test_add_func("/attribution/refused", paths_that_do_not_fit_together_are_refused);
    return g_test_run();
}
