/* Shapley values of channels: what each adds to the sets it may join.
 *
 * A set S of channels is worth what all visitors would have converted had they met no other: a visitor who met X counts with the conversion rate of those
 * who met exactly X and S in common. So nobody needs to be seen who met nothing, and channels may be met together. Rates of sets that few met lean on a
 * model in which each channel convinces by itself (noisy or, fitted by some rounds of expectation and maximisation): as if PRIOR visitors more had been seen.
 * Exactly: the rates' dividends d (Moebius transform) and the visitors N who met all of a set (sums over supersets) give the value of a channel as the sum of
 * d(T) N(T) / |T| over its sets, n 2^n in all. Sampled: along one order of joining, a visitor's rate changes when one of theirs joins; each order is
 * followed by its reversal, whose error leans the other way. */
#include "stats/attribution_private.h"

#include <math.h>

#define PRIOR 20  /* visitors */
#define ROUNDS 50 /* of the fit, from START: the model need not be the best to lean on */
#define START 0.1

struct HibCoalitions {
    const HibPaths *paths;
    uint32_t *set_of; /* each path */
    size_t n_sets;
    GArray *starts, *members; /* of each set: uint32_t, uint16_t, in order */
    uint32_t *masks;          /* of each set, up to HIB_SHAPLEY_EXACT channels */
    double *convinces;        /* each channel's chance in the model */
};

typedef struct {
    double all, conversions, revenue;
} Sums;

static int
by_number(const void *a, const void *b)
{
    return (int)*(const uint16_t *)a - (int)*(const uint16_t *)b;
}

/* The channels of a path once each, in order. */
static size_t
set_of_path(const HibPaths *paths, size_t p, GArray *scratch)
{
    size_t n = 0;
    g_array_set_size(scratch, 0);
    g_array_append_vals(scratch, paths->touches + paths->starts[p],
                        paths->starts[p + 1] - paths->starts[p]);
    uint16_t *set = (uint16_t *)(void *)scratch->data;
    if (scratch->len)
        qsort(set, scratch->len, sizeof(uint16_t), by_number);
    for (size_t i = 0; i < scratch->len; i++)
        if (n == 0 || set[n - 1] != set[i])
            set[n++] = set[i];
    return n;
}

static uint32_t
add_set(HibCoalitions *all, const uint16_t *set, size_t n)
{
    const uint32_t end = all->members->len + (uint32_t)n;
    g_array_append_vals(all->members, set, (guint)n);
    g_array_append_val(all->starts, end);
    return (uint32_t)all->n_sets++;
}

static void
gather_wide(HibCoalitions *all)
{
    g_autoptr(GHashTable) known =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    g_autoptr(GArray) scratch = g_array_new(FALSE, FALSE, sizeof(uint16_t));
    for (size_t p = 0; p < all->paths->n_paths; p++) {
        void *found;
        const size_t n = set_of_path(all->paths, p, scratch);
        g_autoptr(GBytes) key = g_bytes_new(scratch->data, n * sizeof(uint16_t));
        if (g_hash_table_lookup_extended(known, key, NULL, &found)) {
            all->set_of[p] = GPOINTER_TO_UINT(found);
            continue;
        }
        all->set_of[p] = add_set(all, (const uint16_t *)(void *)scratch->data, n);
        g_hash_table_insert(known, g_bytes_ref(key), GUINT_TO_POINTER(all->set_of[p]));
    }
}

/* Few channels: a set is a number. */
static void
gather_narrow(HibCoalitions *all)
{
    const HibPaths *paths = all->paths;
    const size_t n_masks = (size_t)1 << paths->n_channels;
    g_autofree uint32_t *known = g_new0(uint32_t, n_masks); /* set + 1 */
    all->masks = g_new(uint32_t, MIN(n_masks, paths->n_paths) + 1);
    for (size_t p = 0; p < paths->n_paths; p++) {
        uint32_t mask = 0;
        for (uint32_t i = paths->starts[p]; i < paths->starts[p + 1]; i++)
            mask |= 1u << paths->touches[i];
        if (!known[mask]) {
            uint16_t set[HIB_SHAPLEY_EXACT];
            size_t n = 0;
            for (uint16_t c = 0; c < paths->n_channels; c++)
                if (mask >> c & 1)
                    set[n++] = c;
            all->masks[all->n_sets] = mask;
            known[mask] = add_set(all, set, n) + 1;
        }
        all->set_of[p] = known[mask] - 1;
    }
}

HibCoalitions *
hib_coalitions_new(const HibPaths *paths)
{
    const uint32_t zero = 0;
    HibCoalitions *all = g_new0(HibCoalitions, 1);
    all->paths = paths;
    all->set_of = g_new(uint32_t, paths->n_paths + 1);
    all->starts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    all->members = g_array_new(FALSE, FALSE, sizeof(uint16_t));
    g_array_append_val(all->starts, zero);
    all->convinces = g_new(double, paths->n_channels + 1);
    if (paths->n_channels <= HIB_SHAPLEY_EXACT)
        gather_narrow(all);
    else
        gather_wide(all);
    return all;
}

void
hib_coalitions_free(HibCoalitions *all)
{
    if (!all)
        return;
    g_free(all->set_of);
    g_free(all->masks);
    g_free(all->convinces);
    g_array_unref(all->starts);
    g_array_unref(all->members);
    g_free(all);
}

/* By set; the return value has the sums of all. */
static Sums
sum_sets(const HibCoalitions *all, const HibEndings *endings, Sums *sums)
{
    Sums whole = {0};
    for (size_t p = 0; p < all->paths->n_paths; p++) {
        Sums *one = &sums[all->set_of[p]];
        one->all += endings->conversions[p] + endings->nulls[p];
        one->conversions += endings->conversions[p];
        one->revenue += endings->revenue[p];
    }
    for (size_t s = 0; s < all->n_sets; s++) {
        whole.all += sums[s].all;
        whole.conversions += sums[s].conversions;
        whole.revenue += sums[s].revenue;
    }
    return whole;
}

/* --- rates ------------------------------------------------------------------------------------------------------------ */
/* One round: who converted was convinced by each channel they met with the chance that the model says. */
static void
fit_once(HibCoalitions *all, const Sums *sums, double *won, double *met)
{
    const size_t n = all->paths->n_channels;
    const uint32_t *starts = (const uint32_t *)(void *)all->starts->data;
    const uint16_t *members = (const uint16_t *)(void *)all->members->data;
    memset(won, 0, sizeof(double) * (n + 1));
    memset(met, 0, sizeof(double) * (n + 1));
    for (size_t s = 0; s < all->n_sets; s++) {
        double miss = 1;
        for (uint32_t i = starts[s]; i < starts[s + 1]; i++)
            miss *= 1 - all->convinces[members[i]];
        const double each = miss < 1 ? sums[s].conversions / (1 - miss) : 0;
        for (uint32_t i = starts[s]; i < starts[s + 1]; i++) {
            won[members[i]] += each * all->convinces[members[i]];
            met[members[i]] += sums[s].all;
        }
    }
    for (size_t c = 0; c < n; c++)
        all->convinces[c] = met[c] > 0 ? MIN(won[c] / met[c], 1) : 0;
}

static void
fit(HibCoalitions *all, const Sums *sums)
{
    const size_t n = all->paths->n_channels;
    g_autofree double *won = g_new(double, n + 1);
    g_autofree double *met = g_new(double, n + 1);
    for (size_t c = 0; c < n; c++)
        all->convinces[c] = START;
    for (int round = 0; round < ROUNDS; round++)
        fit_once(all, sums, won, met);
}

/* Conversions and revenue a visitor, of those who met exactly a set (`met` NULL: nobody did) that the model misses with `miss`. */
static Sums
rate(const Sums *met, double miss, double value)
{
    const Sums none = {0};
    const Sums *seen = met ? met : &none;
    const double n = seen->all + PRIOR;
    const double model = PRIOR * (1 - miss);
    return (Sums){.conversions = (seen->conversions + model) / n,
                  .revenue = (seen->revenue + model * value) / n};
}

/* Without any channel: as they are, since the model has nothing to say. */
static Sums
rate_of_none(const Sums *met)
{
    return met && met->all > 0 ? (Sums){.conversions = met->conversions / met->all,
                                        .revenue = met->revenue / met->all}
                               : (Sums){0};
}

/* Values come to all that was converted beyond what nobody's visitors would have. */
static void
scale(const Sums *whole, const Sums *none, size_t n, HibCredit *out)
{
    double conversions = 0;
    double revenue = 0;
    for (size_t c = 0; c < n; c++) {
        conversions += out[c].conversions;
        revenue += out[c].revenue;
    }
    const double beyond = whole->conversions - whole->all * none->conversions;
    const double revenue_beyond = whole->revenue - whole->all * none->revenue;
    const double by = conversions != 0 ? beyond / conversions : 0;
    const double revenue_by = revenue != 0 ? revenue_beyond / revenue : 0;
    for (size_t c = 0; c < n; c++) {
        out[c].conversions *= by;
        out[c].sampling_error *= fabs(by);
        out[c].revenue *= revenue_by;
    }
}

/* --- exact ------------------------------------------------------------------------------------------------------------ */
/* In place: every set's rate becomes its dividend, every set's visitors become those who met all of it. */
static void
transform(Sums *sets, size_t n_channels)
{
    for (size_t c = 0; c < n_channels; c++) {
        const size_t bit = (size_t)1 << c;
        for (size_t block = 0; block < (size_t)1 << n_channels; block += 2 * bit)
            for (size_t m = block; m < block + bit; m++) {
                sets[m + bit].conversions -= sets[m].conversions;
                sets[m + bit].revenue -= sets[m].revenue;
                sets[m].all += sets[m + bit].all;
            }
    }
}

void
hib_coalitions_exact(HibCoalitions *all, const HibEndings *endings, HibCredit *out)
{
    const size_t n = all->paths->n_channels;
    const size_t n_masks = (size_t)1 << n;
    g_autofree Sums *by_set = g_new0(Sums, all->n_sets + 1);
    g_autofree Sums *sets = g_new0(Sums, n_masks);
    g_autofree double *miss = g_new(double, n_masks);
    const Sums whole = sum_sets(all, endings, by_set);
    const double value = whole.conversions > 0 ? whole.revenue / whole.conversions : 0;
    fit(all, by_set);
    for (size_t s = 0; s < all->n_sets; s++)
        sets[all->masks[s]] = by_set[s];
    const Sums none = rate_of_none(&sets[0]);
    miss[0] = 1;
    for (size_t m = 0; m < n_masks; m++) {
        const double visitors = sets[m].all;
        if (m)
            miss[m] = miss[m & (m - 1)] * (1 - all->convinces[__builtin_ctzll(m)]);
        sets[m] = m ? rate(&sets[m], miss[m], value) : none;
        sets[m].all = visitors;
    }
    transform(sets, n);
    for (size_t m = 1; m < n_masks; m++) {
        const double each = sets[m].all / __builtin_popcountll(m);
        for (size_t left = m; left; left &= left - 1) {
            HibCredit *credit = &out[__builtin_ctzll(left)];
            credit->conversions += each * sets[m].conversions;
            credit->revenue += each * sets[m].revenue;
        }
    }
    scale(&whole, &none, n, out);
}

/* --- sampled ---------------------------------------------------------------------------------------------------------- */
/* A set is found by the exclusive or of its channels' numbers: 64 random bits each. */
typedef struct {
    uint64_t *number; /* of each channel */
    uint64_t *keys;
    uint32_t *sets; /* + 1; 0: free */
    size_t mask;
} Names;

static size_t
place_of(const Names *names, uint64_t key)
{
    size_t at = key & names->mask;
    while (names->sets[at] && names->keys[at] != key)
        at = (at + 1) & names->mask;
    return at;
}

static void
names_init(Names *names, const HibCoalitions *all)
{
    const uint32_t *starts = (const uint32_t *)(void *)all->starts->data;
    const uint16_t *members = (const uint16_t *)(void *)all->members->data;
    const size_t n = all->paths->n_channels;
    HibSeeded seeded;
    hib_seeded_init(&seeded, 1);
    names->mask = 15;
    while (names->mask < 2 * all->n_sets)
        names->mask = 2 * names->mask + 1;
    names->number = g_new(uint64_t, n + 1);
    names->keys = g_new0(uint64_t, names->mask + 1);
    names->sets = g_new0(uint32_t, names->mask + 1);
    for (size_t c = 0; c < n; c++)
        names->number[c] = hib_seeded_u64(&seeded);
    for (size_t s = 0; s < all->n_sets; s++) {
        uint64_t key = 0;
        for (uint32_t i = starts[s]; i < starts[s + 1]; i++)
            key ^= names->number[members[i]];
        const size_t at = place_of(names, key);
        names->keys[at] = key;
        names->sets[at] = (uint32_t)s + 1;
    }
}

static void
names_clear(Names *names)
{
    g_free(names->number);
    g_free(names->keys);
    g_free(names->sets);
}

typedef struct {
    const HibCoalitions *all;
    const Names *names;
    const Sums *by_set;
    Sums none;
    double value;
    uint16_t *order, *rank, *turn; /* who joins when; one set's members as they join */
} Walk;

/* What each member of one set adds as they join. */
static void
follow_set(const Walk *walk, size_t set, Sums *out)
{
    const HibCoalitions *all = walk->all;
    const uint32_t start = g_array_index(all->starts, uint32_t, set);
    const uint32_t n = g_array_index(all->starts, uint32_t, set + 1) - start;
    const uint16_t *members = (const uint16_t *)(void *)all->members->data + start;
    Sums before = walk->none;
    uint64_t key = 0;
    double miss = 1;
    for (uint32_t i = 0; i < n; i++) { /* few: put in where they belong */
        uint32_t k = i;
        for (; k > 0 && walk->rank[walk->turn[k - 1]] > walk->rank[members[i]]; k--)
            walk->turn[k] = walk->turn[k - 1];
        walk->turn[k] = members[i];
    }
    for (uint32_t i = 0; i < n; i++) {
        const uint16_t channel = walk->turn[i];
        key ^= walk->names->number[channel];
        miss *= 1 - all->convinces[channel];
        const uint32_t found = walk->names->sets[place_of(walk->names, key)];
        const Sums now = rate(found ? &walk->by_set[found - 1] : NULL, miss, walk->value);
        const double visitors = walk->by_set[set].all / 2;
        out[channel].conversions += visitors * (now.conversions - before.conversions);
        out[channel].revenue += visitors * (now.revenue - before.revenue);
        before = now;
    }
}

/* One order and its reversal. */
static void
follow_pair(const Walk *walk, Sums *out)
{
    const size_t n = walk->all->paths->n_channels;
    for (int reversed = 0; reversed < 2; reversed++) {
        for (size_t i = 0; i < n; i++)
            walk->rank[walk->order[i]] = (uint16_t)(reversed ? n - i : i);
        for (size_t s = 0; s < walk->all->n_sets; s++)
            if (walk->by_set[s].all > 0)
                follow_set(walk, s, out);
    }
}

static void
shuffle(uint16_t *order, size_t n, HibSeeded *seeded)
{
    for (size_t i = n; i > 1; i--) {
        const size_t k = (size_t)hib_seeded_below(seeded, (int64_t)i);
        const uint16_t other = order[k];
        order[k] = order[i - 1];
        order[i - 1] = other;
    }
}

void
hib_coalitions_sample(HibCoalitions *all, const HibEndings *endings, int pairs, HibSeeded *seeded,
                      HibCredit *out)
{
    const size_t n = all->paths->n_channels;
    g_autofree Sums *by_set = g_new0(Sums, all->n_sets + 1);
    g_autofree Sums *pair = g_new(Sums, n + 1);
    g_autofree double *squares = g_new0(double, n + 1);
    g_autofree uint16_t *order = g_new(uint16_t, n + 1);
    g_autofree uint16_t *rank = g_new(uint16_t, n + 1);
    g_autofree uint16_t *turn = g_new(uint16_t, n + 1);
    Names names;
    const Sums whole = sum_sets(all, endings, by_set);
    fit(all, by_set);
    names_init(&names, all);
    const uint32_t none = names.sets[place_of(&names, 0)];
    const Walk walk = {.all = all,
                       .names = &names,
                       .by_set = by_set,
                       .none = rate_of_none(none ? &by_set[none - 1] : NULL),
                       .value = whole.conversions > 0 ? whole.revenue / whole.conversions : 0,
                       .order = order,
                       .rank = rank,
                       .turn = turn};
    for (size_t i = 0; i < n; i++)
        order[i] = (uint16_t)i;
    for (int done = 1; done <= pairs; done++) {
        memset(pair, 0, sizeof(Sums) * (n + 1));
        shuffle(order, n, seeded);
        follow_pair(&walk, pair);
        for (size_t c = 0; c < n; c++) { /* mean and squares as they come (Welford) */
            const double delta = pair[c].conversions - out[c].conversions;
            out[c].conversions += delta / done;
            out[c].revenue += (pair[c].revenue - out[c].revenue) / done;
            squares[c] += delta * (pair[c].conversions - out[c].conversions);
        }
    }
    for (size_t c = 0; c < n && pairs > 1; c++)
        out[c].sampling_error = sqrt(squares[c] / (pairs - 1) / pairs);
    scale(&whole, &walk.none, n, out);
    names_clear(&names);
}
