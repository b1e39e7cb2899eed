/* Paths out of clicks, what was said, and conversions.
 *
 * Whose they are is found by what they share: a click and the browser that showed it, clicks of one visitor on one day, a conversion and its click, its browser, its hashed address, and the
 * known person whose click, word or conversion it is. All that hangs together is one person. Each conversion ends a path of the touches of the person within the window before it; a person with touches and no conversion is a path that ended in
 * nothing. */
#include "links/conversion.h"

#include <string.h>

typedef struct {
    uint32_t *parents;
    GHashTable *places; /* name → number + 1 */
    uint32_t n;
} Persons;

static uint32_t
root_of(Persons *persons, uint32_t at)
{
    while (persons->parents[at] != at)
        at = persons->parents[at] = persons->parents[persons->parents[at]];
    return at;
}

/* Whoever has this name and `at` are one. */
static void
join(Persons *persons, uint32_t at, char *name)
{
    void *found = g_hash_table_lookup(persons->places, name);
    if (!found) {
        g_hash_table_insert(persons->places, name, GUINT_TO_POINTER(at + 1));
        return;
    }
    g_free(name);
    const uint32_t a = root_of(persons, at);
    const uint32_t b = root_of(persons, GPOINTER_TO_UINT(found) - 1);
    persons->parents[MAX(a, b)] = MIN(a, b);
}

static void
join_all(Persons *persons, const HibTouch *touches, size_t n_touches, const HibGoalReached *goals,
         size_t n_goals)
{
    for (size_t i = 0; i < n_touches; i++) {
        const uint32_t at = (uint32_t)i;
        if (touches[i].person)
            join(persons, at, g_strdup_printf("p%s", touches[i].person));
        if (touches[i].is_said)
            continue;
        join(persons, at, g_strdup_printf("c%" G_GINT64_MODIFIER "x", touches[i].click));
        if (touches[i].visitor)
            join(persons, at, g_strdup_printf("v%s", touches[i].visitor));
        if (touches[i].day_visitor)
            join(persons, at, g_strdup_printf("d%" G_GINT64_MODIFIER "x", touches[i].day_visitor));
    }
    for (size_t i = 0; i < n_goals; i++) {
        const uint32_t at = (uint32_t)(n_touches + i);
        if (goals[i].has_click)
            join(persons, at, g_strdup_printf("c%" G_GINT64_MODIFIER "x", goals[i].click));
        if (goals[i].visitor)
            join(persons, at, g_strdup_printf("v%s", goals[i].visitor));
        if (goals[i].contact)
            join(persons, at, g_strdup_printf("k%s", goals[i].contact));
        if (goals[i].person)
            join(persons, at, g_strdup_printf("p%s", goals[i].person));
    }
}

/* --- channels ------------------------------------------------------------------------------------------------------------ */
typedef struct {
    const char *key;
    int64_t n;
} Channel;

static int
by_touches(const void *a, const void *b)
{
    const Channel *x = a;
    const Channel *y = b;
    return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : strcmp(x->key, y->key);
}

/* The number of each channel, the rarest together in the last. */
static GHashTable *
number_channels(HibArena *arena, const HibTouch *touches, size_t n, size_t most, HibJourneys *ret)
{
    g_autoptr(GHashTable) counts = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(Channel));
    GHashTable *numbers = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < n; i++) {
        size_t at = GPOINTER_TO_SIZE(g_hash_table_lookup(counts, touches[i].channel));
        if (!at) {
            const Channel fresh = {touches[i].channel, 0};
            g_array_append_val(rows, fresh);
            at = rows->len;
            g_hash_table_insert(counts, (char *)(uintptr_t)touches[i].channel,
                                GSIZE_TO_POINTER(at));
        }
        g_array_index(rows, Channel, at - 1).n++;
    }
    g_array_sort(rows, by_touches);
    const size_t kept = rows->len <= most ? rows->len : most - 1;
    ret->paths.n_channels = MIN(rows->len, most);
    ret->channels = hib_arena_array(arena, const char *, most + 1);
    ret->n_touches = hib_arena_array(arena, int64_t, most + 1);
    for (size_t c = 0; c < rows->len; c++) {
        const Channel *channel = &g_array_index(rows, Channel, c);
        const size_t at = MIN(c, kept);
        if (c < kept)
            ret->channels[at] = channel->key;
        ret->n_touches[at] += channel->n;
        g_hash_table_insert(numbers, (char *)(uintptr_t)channel->key, GSIZE_TO_POINTER(at));
    }
    return numbers;
}

/* --- paths ------------------------------------------------------------------------------------------------------------------ */
typedef struct {
    HibInstant at;
    uint32_t person, number; /* of the touch or goal */
    bool is_goal;
} Happening;

static int
by_person_and_time(const void *a, const void *b)
{
    const Happening *x = a;
    const Happening *y = b;
    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->is_goal != y->is_goal)
        return x->is_goal ? 1 : -1;
    return (x->number > y->number) - (x->number < y->number);
}

typedef struct {
    const HibTouch *touches;
    const HibGoalReached *goals;
    GHashTable *channels;
    HibDuration window;
    GArray *starts, *steps, *ages, *conversions, *nulls, *values;
    HibJourneys *ret;
} Writing;

static void
write_path(Writing *w, const Happening *from, const Happening *end, HibInstant at, bool is_goal,
           double value)
{
    const int64_t conversions = is_goal;
    const int64_t nulls = !is_goal;
    const guint before = w->steps->len;
    for (const Happening *one = from; one < end; one++) {
        if (one->is_goal || one->at <= at - w->window)
            continue;
        const HibTouch *touch = &w->touches[one->number];
        const uint16_t step =
            (uint16_t)GPOINTER_TO_SIZE(g_hash_table_lookup(w->channels, touch->channel));
        const double age = (double)(at - one->at) / (double)HIB_DAY;
        g_array_append_val(w->steps, step);
        g_array_append_val(w->ages, age);
    }
    if (w->steps->len == before) {
        w->ret->n_unattributed += conversions;
        w->ret->value_unattributed += value;
        return;
    }
    g_array_append_val(w->starts, w->steps->len);
    g_array_append_val(w->conversions, conversions);
    g_array_append_val(w->nulls, nulls);
    g_array_append_val(w->values, value);
}

/* All that one person did. */
static void
write_person(Writing *w, const Happening *from, const Happening *end)
{
    bool has_goal = false;
    for (const Happening *one = from; one < end; one++)
        if (one->is_goal) {
            has_goal = true;
            write_path(w, from, one, one->at, true, w->goals[one->number].value);
        }
    if (!has_goal)
        write_path(w, from, end, end[-1].at, false, 0);
}

static void *
keep(HibArena *arena, GArray *array, size_t size)
{
    void *out = hib_arena_take_n(arena, array->len + 1, size);
    if (array->len)
        memcpy(out, array->data, array->len * size);
    g_array_unref(array);
    return out;
}

void
hib_journeys(HibArena *arena, HibTouch *touches, size_t n_touches, HibGoalReached *goals,
             size_t n_goals, HibDuration window, size_t most_channels, HibJourneys *ret)
{
    const uint32_t zero = 0;
    const size_t n = n_touches + n_goals;
    *ret = (HibJourneys){0};
    g_autofree uint32_t *parents = g_new(uint32_t, n + 1);
    g_autofree Happening *all = g_new(Happening, n + 1);
    g_autoptr(GHashTable) places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) channels =
        number_channels(arena, touches, n_touches, MAX(most_channels, 2), ret);
    Persons persons = {.parents = parents, .places = places, .n = (uint32_t)n};
    for (uint32_t i = 0; i < n; i++)
        parents[i] = i;
    join_all(&persons, touches, n_touches, goals, n_goals);
    for (size_t i = 0; i < n; i++) {
        const bool is_goal = i >= n_touches;
        const size_t number = is_goal ? i - n_touches : i;
        all[i] = (Happening){.at = is_goal ? goals[number].at : touches[number].at,
                             .person = root_of(&persons, (uint32_t)i),
                             .number = (uint32_t)number,
                             .is_goal = is_goal};
    }
    qsort(all, n, sizeof(Happening), by_person_and_time);
    Writing w = {.touches = touches,
                 .goals = goals,
                 .channels = channels,
                 .window = window,
                 .starts = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                 .steps = g_array_new(FALSE, FALSE, sizeof(uint16_t)),
                 .ages = g_array_new(FALSE, FALSE, sizeof(double)),
                 .conversions = g_array_new(FALSE, FALSE, sizeof(int64_t)),
                 .nulls = g_array_new(FALSE, FALSE, sizeof(int64_t)),
                 .values = g_array_new(FALSE, FALSE, sizeof(double)),
                 .ret = ret};
    g_array_append_val(w.starts, zero);
    for (size_t from = 0, i = 1; i <= n; i++)
        if (i == n || all[i].person != all[from].person) {
            write_person(&w, all + from, all + i);
            from = i;
        }
    ret->paths.n_paths = w.conversions->len;
    ret->paths.starts = keep(arena, w.starts, sizeof(uint32_t));
    ret->paths.touches = keep(arena, w.steps, sizeof(uint16_t));
    ret->paths.ages = keep(arena, w.ages, sizeof(double));
    ret->paths.conversions = keep(arena, w.conversions, sizeof(int64_t));
    ret->paths.nulls = keep(arena, w.nulls, sizeof(int64_t));
    ret->paths.revenue = keep(arena, w.values, sizeof(double));
}
