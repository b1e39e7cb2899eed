/* Insights: which numbers there are for what, in Meta's shape. An account's day is the difference of two mornings, so a day that was not
 * watched whole has none: missing is not zero. */
#include "practice/meta_face_private.h"
#include "practice/people.h"
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t at;
} plain[] = {
    {"views", offsetof(HibAudienceNumbers, views)},
    {"reach", offsetof(HibAudienceNumbers, reach)},
    {"likes", offsetof(HibAudienceNumbers, likes)},
    {"comments", offsetof(HibAudienceNumbers, comments)},
    {"reposts", offsetof(HibAudienceNumbers, reposts)},
    {"quotes", offsetof(HibAudienceNumbers, quotes)},
    {"saves", offsetof(HibAudienceNumbers, saves)},
    {"shares", offsetof(HibAudienceNumbers, shares)},
    {"clicks", offsetof(HibAudienceNumbers, clicks)},
    {"profile_visits", offsetof(HibAudienceNumbers, profile_visits)},
    {"follows", offsetof(HibAudienceNumbers, follows)},
    {"watched", offsetof(HibAudienceNumbers, watched)},
};

static int64_t *
member(HibAudienceNumbers *numbers, size_t i)
{
    return (int64_t *)(void *)((char *)numbers + plain[i].at);
}

int64_t
hib_meta_face_number(const HibAudienceNumbers *numbers, const char *what)
{
    HibAudienceNumbers copy = *numbers;
    if (g_str_equal(what, "interactions"))
        return copy.likes + copy.comments + copy.saves + copy.shares;
    if (g_str_equal(what, "watch_ms"))
        return copy.watched / HIB_MILLISECOND;
    if (g_str_equal(what, "avg_watch_ms"))
        return copy.views > 0 ? copy.watched / HIB_MILLISECOND / copy.views : 0;
    for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
        if (g_str_equal(plain[i].name, what))
            return *member(&copy, i);
    return 0;
}

/* --- what was asked for ------------------------------------------------------------------------------------------------------------- */
static const MetaMetric *
find_metric(const MetaMetric *metrics, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(metrics[i].name, name))
            return &metrics[i];
    return NULL;
}

/* `unknown` NULL: the sentence names all that are known (Instagram's way). */
static void
refuse_metric(HibPracticeCall *call, const MetaMetric *metrics, size_t n, int at,
              const char *unknown)
{
    g_autoptr(GString) text = g_string_new(unknown);
    if (!unknown) {
        g_string_printf(text, "metric[%d] must be one of the following values: ", at);
        for (size_t i = 0; i < n; i++)
            g_string_append_printf(text, "%s%s", i ? ", " : "", metrics[i].name);
    }
    hib_meta_face_invalid(call, text->str);
}

/* The metrics of the call in `asked`, ended by NULL; false after refusing. */
static bool
read_metrics(HibPracticeCall *call, const MetaMetric *metrics, size_t n, unsigned product,
             const char *unknown, const MetaMetric *asked[32])
{
    g_auto(GStrv) names = hib_meta_face_words(call, "metric");
    int i = 0;
    for (; names[i] && i < 31; i++) {
        asked[i] = find_metric(metrics, n, names[i]);
        if (!asked[i]) {
            refuse_metric(call, metrics, n, i, unknown);
            return false;
        }
        if (!(asked[i]->products & product)) {
            hib_meta_face_invalid(call,
                                  hib_arena_printf(call->arena,
                                                   "The Media Insights API does not support the "
                                                   "%s metric for this media product type.",
                                                   asked[i]->name));
            return false;
        }
    }
    asked[i] = NULL;
    if (i > 0)
        return true;
    hib_meta_face_invalid(call, "The parameter metric is required");
    return false;
}

static cJSON *
metric_json(HibPracticeCall *call, const char *id, const char *name, const char *period)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "name", name);
    cJSON_AddStringToObject(out, "period", period);
    cJSON_AddStringToObject(out, "title", name);
    cJSON_AddStringToObject(out, "description", name);
    cJSON_AddStringToObject(out, "id",
                            hib_arena_printf(call->arena, "%s/insights/%s/%s", id, name, period));
    return out;
}

/* Reactions come by their kind. */
static cJSON *
value_json(const MetaMetric *metric, const HibAudienceNumbers *numbers)
{
    int64_t value = hib_meta_face_number(numbers, metric->what);
    if (!g_str_has_suffix(metric->name, "_by_type_total"))
        return cJSON_CreateNumber((double)value);
    cJSON *out = cJSON_CreateObject();
    hib_meta_face_add_int(out, "like", value - value / 4);
    if (value >= 4)
        hib_meta_face_add_int(out, "love", value / 4);
    return out;
}

void
hib_meta_face_insights(HibPracticeCall *call, const char *id, const MetaMetric *metrics, size_t n,
                       unsigned product, const char *unknown, const HibAudienceNumbers *numbers)
{
    const MetaMetric *asked[32];
    if (!read_metrics(call, metrics, n, product, unknown, asked))
        return;
    cJSON *out = cJSON_CreateObject(), *data = cJSON_AddArrayToObject(out, "data");
    for (int i = 0; asked[i] && numbers; i++) {
        cJSON *one = metric_json(call, id, asked[i]->name, "lifetime"),
              *value = cJSON_CreateObject();
        cJSON_AddItemToObject(value, "value", value_json(asked[i], numbers));
        cJSON_AddItemToArray(cJSON_AddArrayToObject(one, "values"), value);
        cJSON_AddItemToArray(data, one);
    }
    hib_practice_json(call, 200, out);
}

/* --- an account's days ------------------------------------------------------------------------------------------------------------------ */
static const char *
day_key(HibPracticeCall *call, const HibPracticeAccount *account, int64_t day)
{
    return hib_arena_printf(call->arena, "%s-%" PRId64, account->id, day);
}

void
hib_meta_face_note_day(HibPracticeCall *call, const HibPracticeAccount *account)
{
    const char *key = day_key(call, account, hib_practice_now(call->face) / HIB_DAY);
    const HibPracticePost *const *posts;
    const char *next;
    HibAudienceNumbers total = {0};
    if (hib_meta_face_kept(call->face, "day", key))
        return;
    const HibPracticeQuery query = {.account = account->id};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &posts, &next);
    for (size_t i = 0; i < n; i++) {
        HibAudienceNumbers one = hib_practice_numbers(call->face, posts[i]->id);
        for (size_t k = 0; k < G_N_ELEMENTS(plain); k++)
            *member(&total, k) += *member(&one, k);
    }
    cJSON *kept = cJSON_CreateObject();
    for (size_t k = 0; k < G_N_ELEMENTS(plain); k++)
        hib_meta_face_set_int(kept, plain[k].name, *member(&total, k));
    hib_meta_face_keep(call->face, "day", key, kept);
}

/* What the account won on the day that began at `since_s`; false: it was not watched whole. */
static bool
won_on(HibPracticeCall *call, const HibPracticeAccount *account, int64_t since_s,
       HibAudienceNumbers *ret)
{
    int64_t day = since_s / (HIB_DAY / HIB_SECOND);
    const cJSON *from = hib_meta_face_kept(call->face, "day", day_key(call, account, day)),
                *to = hib_meta_face_kept(call->face, "day", day_key(call, account, day + 1));
    for (size_t k = 0; from && to && k < G_N_ELEMENTS(plain); k++)
        *member(ret, k) =
            MAX(hib_meta_face_int(to, plain[k].name) - hib_meta_face_int(from, plain[k].name), 0);
    return from && to;
}

void
hib_meta_face_day_insights(HibPracticeCall *call, const HibPracticeAccount *account,
                           const MetaMetric *metrics, size_t n, const char *unknown)
{
    const char *since = hib_practice_field(call, "since"),
               *type = hib_practice_field(call, "metric_type");
    const MetaMetric *asked[32];
    HibAudienceNumbers numbers = {0};
    if (!read_metrics(call, metrics, n, ~0u, unknown, asked))
        return;
    int64_t yesterday = (hib_practice_now(call->face) / HIB_DAY - 1) * (HIB_DAY / HIB_SECOND);
    int64_t from = since ? g_ascii_strtoll(since, NULL, 10) : yesterday;
    bool is_known = won_on(call, account, from, &numbers);
    cJSON *out = cJSON_CreateObject(), *data = cJSON_AddArrayToObject(out, "data");
    for (int i = 0; asked[i]; i++) {
        bool is_count = g_str_equal(asked[i]->what, "followers"); /* known now, not by day */
        if (!is_count && !is_known)
            continue;
        cJSON *one = metric_json(call, account->id, asked[i]->name, "day"),
              *value = cJSON_CreateObject();
        if (is_count)
            hib_meta_face_add_int(value, "value", hib_practice_followers(call->face, account->id));
        else
            cJSON_AddItemToObject(value, "value", value_json(asked[i], &numbers));
        if (is_count || g_strcmp0(type, "total_value") == 0) {
            cJSON_AddItemToObject(one, "total_value", value);
        } else {
            hib_meta_face_add_time(call, value, "end_time", from * HIB_SECOND + HIB_DAY);
            cJSON_AddItemToArray(cJSON_AddArrayToObject(one, "values"), value);
        }
        cJSON_AddItemToArray(data, one);
    }
    hib_practice_json(call, 200, out);
}

/* --- who follows -------------------------------------------------------------------------------------------------------------------------- */
static const char *
gender_letter(const char *name)
{
    return g_str_equal(name, "female") ? "F" : g_str_equal(name, "male") ? "M" : "U";
}

static cJSON *
breakdown_json(HibPracticeCall *call, const HibPracticeAccount *account, HibPeoplePart part,
               const char *breakdown)
{
    const int64_t followers = hib_practice_followers(call->face, account->id);
    HibFaceGroup people[HIB_PEOPLE_MOST];
    const size_t n = hib_people(account->id, part, people);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "dimension_keys"),
                         cJSON_CreateString(breakdown));
    cJSON *results = cJSON_AddArrayToObject(out, "results");
    for (size_t i = 0; i < n; i++) {
        cJSON *row = cJSON_CreateObject();
        const char *name =
            part == HIB_PEOPLE_GENDER ? gender_letter(people[i].name) : people[i].name;
        cJSON_AddItemToArray(cJSON_AddArrayToObject(row, "dimension_values"),
                             cJSON_CreateString(name));
        hib_meta_face_add_int(row, "value", (int64_t)((double)followers * people[i].share));
        cJSON_AddItemToArray(results, row);
    }
    return out;
}

bool
hib_meta_face_demographics(HibPracticeCall *call, const HibPracticeAccount *account)
{
    static const struct {
        const char *breakdown;
        HibPeoplePart part;
    } parts[] = {{"age", HIB_PEOPLE_AGE},
                 {"gender", HIB_PEOPLE_GENDER},
                 {"country", HIB_PEOPLE_COUNTRY},
                 {"city", HIB_PEOPLE_CITY}};
    const char *breakdown = hib_practice_field(call, "breakdown");
    size_t part = 0;
    if (g_strcmp0(hib_practice_field(call, "metric"), "follower_demographics") != 0)
        return false;
    while (part < G_N_ELEMENTS(parts) && g_strcmp0(breakdown, parts[part].breakdown) != 0)
        part++;
    if (part == G_N_ELEMENTS(parts)) {
        hib_meta_face_invalid(
            call, "breakdown must be one of the following values: country, city, age, gender");
        return true;
    }
    cJSON *out = cJSON_CreateObject(), *data = cJSON_AddArrayToObject(out, "data");
    if (hib_practice_followers(call->face, account->id) >= HIB_PEOPLE_LEAST) {
        cJSON *one = metric_json(call, account->id, "follower_demographics", "lifetime");
        cJSON *total = cJSON_AddObjectToObject(one, "total_value");
        cJSON_AddItemToArray(
            cJSON_AddArrayToObject(total, "breakdowns"),
            breakdown_json(call, account, parts[part].part, parts[part].breakdown));
        cJSON_AddItemToArray(data, one);
    }
    hib_practice_json(call, 200, out);
    return true;
}
