/* Whom a narrowcast goes to: audiences in and out, age, gender, area, system and time as a friend, and how many at most; and what a
 * post takes of the month's messages. A narrowcast without any of it would go to everybody: that is refused. */
#include "networks/line_limits.h"
#include "networks/line_private.h"

#include <string.h>

/* --- recipients ------------------------------------------------------------------------------------------------------ */
static bool
is_id(const char *text)
{
    size_t n = strlen(text);
    return n >= 1 && n <= 15 && strspn(text, "0123456789") == n;
}

static cJSON *
of_type(const char *type)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "type", type);
    return out;
}

static cJSON *
audience(const char *id)
{
    cJSON *out = of_type("audience");
    cJSON_AddNumberToObject(out, "audienceGroupId", (double)g_ascii_strtoll(id, NULL, 10));
    return out;
}

/* Ids of options[key] (and of `more`, which may hold several with commas), as recipients. */
static cJSON *
audiences(LineBuild *build, HibJson options, const char *key, const char *more, const char *pointer)
{
    HibJson list = {0};
    cJSON *out = cJSON_CreateArray();
    g_auto(GStrv) typed = g_strsplit(more ? more : "", ",", -1);
    for (size_t i = 0; typed[i]; i++) {
        const char *id = g_strstrip(typed[i]);
        if (*id && !is_id(id))
            hib_line_fault(build, "post.option_value", "/recipient");
        else if (*id)
            cJSON_AddItemToArray(out, audience(id));
    }
    if (!hib_json_opt_array(options, key, &list, NULL))
        hib_line_fault(build, "post.option_value", pointer);
    for (HibJson one = list.value ? hib_json_first(list) : (HibJson){0}; one.value;
         one = hib_json_next(list, one)) {
        if (cJSON_IsString(one.value) && is_id(one.value->valuestring))
            cJSON_AddItemToArray(out, audience(one.value->valuestring));
        else
            hib_line_fault(build, "post.option_value", pointer);
    }
    return out;
}

/* The list as one recipient: the only one, or an operator over all. Takes the list; NULL when it is empty. */
static cJSON *
joined(const char *operator, cJSON * list)
{
    int n = cJSON_GetArraySize(list);
    cJSON *out = NULL;
    if (n == 1) {
        out = cJSON_DetachItemFromArray(list, 0);
    } else if (n > 1) {
        out = of_type("operator");
        cJSON_AddItemToObject(out, operator, list);
        return out;
    }
    cJSON_Delete(list);
    return out;
}

static void
add_recipient(LineBuild *build, HibJson options, cJSON *body)
{
    const char *again = hib_line_text(build, options, "redeliver", 64, false, "/options/redeliver");
    cJSON *in =
        audiences(build, options, "audiences", build->post->recipient, "/options/audiences");
    cJSON *out = audiences(build, options, "not_audiences", NULL, "/options/not_audiences");
    int n = cJSON_GetArraySize(in) + cJSON_GetArraySize(out);
    cJSON *all = cJSON_CreateArray();
    cJSON *one = joined("or", in);
    if (one)
        cJSON_AddItemToArray(all, one);
    one = joined("or", out);
    if (one) {
        cJSON *no = of_type("operator");
        cJSON_AddItemToObject(no, "not", one);
        cJSON_AddItemToArray(all, no);
    }
    if (again) {
        one = of_type("redelivery");
        cJSON_AddStringToObject(one, "requestId", again);
        cJSON_AddItemToArray(all, one);
    }
    if (n > HIB_LINE_MAX_AUDIENCES)
        hib_line_fault(build, "post.option_value", "/options/audiences");
    one = joined("and", all);
    if (one)
        cJSON_AddItemToObject(body, "recipient", one);
}

/* --- filter ------------------------------------------------------------------------------------------------------------ */
static bool
is_slug(const char *text)
{
    size_t n = strlen(text);
    return n >= 1 && n <= 20 && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_") == n;
}

static void
add_one_of(LineBuild *build, HibJson options, const char *key, const char *type,
           const char *pointer, cJSON *all)
{
    HibJson list = {0};
    if (!hib_json_opt_array(options, key, &list, NULL))
        hib_line_fault(build, "post.option_value", pointer);
    if (!list.value || !hib_json_count(list))
        return;
    cJSON *out = of_type(type);
    cJSON *values = cJSON_AddArrayToObject(out, "oneOf");
    cJSON_AddItemToArray(all, out);
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one)) {
        if (cJSON_IsString(one.value) && is_slug(one.value->valuestring))
            cJSON_AddItemToArray(values, cJSON_CreateString(one.value->valuestring));
        else
            hib_line_fault(build, "post.option_value", pointer);
    }
}

static void
add_range(LineBuild *build, HibJson options, const char *from_key, const char *below_key,
          const char *type, const char *pointer, cJSON *all)
{
    const char *from = hib_line_text(build, options, from_key, 20, false, pointer);
    const char *below = hib_line_text(build, options, below_key, 20, false, pointer);
    if (!from && !below)
        return;
    if ((from && !is_slug(from)) || (below && !is_slug(below)))
        hib_line_fault(build, "post.option_value", pointer);
    cJSON *out = of_type(type);
    cJSON_AddItemToArray(all, out);
    if (from)
        cJSON_AddStringToObject(out, "gte", from);
    if (below)
        cJSON_AddStringToObject(out, "lt", below);
}

static void
add_filter(LineBuild *build, HibJson options, cJSON *body)
{
    cJSON *all = cJSON_CreateArray();
    add_one_of(build, options, "gender", "gender", "/options/gender", all);
    add_range(build, options, "age_from", "age_below", "age", "/options/age_from", all);
    add_one_of(build, options, "areas", "area", "/options/areas", all);
    add_one_of(build, options, "os", "appType", "/options/os", all);
    add_range(build, options, "friend_from", "friend_below", "subscriptionPeriod",
              "/options/friend_from", all);
    cJSON *one = joined("and", all);
    if (one)
        cJSON_AddItemToObject(cJSON_AddObjectToObject(body, "filter"), "demographic", one);
}

static void
add_limit(LineBuild *build, HibJson options, cJSON *body)
{
    int64_t max = 0;
    bool is_capped = false, is_whole = false;
    if (!hib_json_opt_int(options, "max", &max, NULL) || max < 0 || max > INT32_MAX)
        hib_line_fault(build, "post.option_value", "/options/max");
    if (!hib_json_opt_bool(options, "up_to_quota", &is_capped, NULL))
        hib_line_fault(build, "post.option_value", "/options/up_to_quota");
    if (!hib_json_opt_bool(options, "all_or_nothing", &is_whole, NULL))
        hib_line_fault(build, "post.option_value", "/options/all_or_nothing");
    if (!max && !is_capped && !is_whole)
        return;
    cJSON *limit = cJSON_AddObjectToObject(body, "limit");
    if (max)
        cJSON_AddNumberToObject(limit, "max", (double)max);
    if (is_capped || is_whole) /* LINE takes the second only with the first */
        cJSON_AddBoolToObject(limit, "upToRemainingQuota", true);
    if (is_whole)
        cJSON_AddBoolToObject(limit, "forbidPartialDelivery", true);
}

void
hib_line_audience(LineBuild *build, HibJson options, cJSON *body)
{
    add_recipient(build, options, body);
    add_filter(build, options, body);
    add_limit(build, options, body);
    if (!cJSON_GetObjectItemCaseSensitive(body, "recipient") &&
        !cJSON_GetObjectItemCaseSensitive(body, "filter"))
        hib_line_fault(build, "post.recipient_missing", "/recipient");
}

/* --- what it takes ------------------------------------------------------------------------------------------------------- */
static int64_t
count_of(HibJson known, const char *id)
{
    HibJson list = {0};
    int64_t count = -1;
    if (!hib_json_opt_array(known, "audiences", &list, NULL) || !list.value)
        return -1;
    for (HibJson one = hib_json_first(list); one.value; one = hib_json_next(list, one)) {
        const char *its = "";
        if (cJSON_IsObject(one.value) && hib_json_opt_text(one, "id", &its, NULL) &&
            g_str_equal(its, id))
            (void)hib_json_opt_int(one, "count", &count, NULL);
    }
    return count;
}

/* The people of all audiences in `node`, as if nobody were in two of them; -1: one is not known. What is excluded is not taken off,
 * so the true number is never above. */
static int64_t
count_recipients(HibArena *arena, HibJson known, const cJSON *node, int depth)
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(node, "audienceGroupId");
    if (cJSON_IsNumber(id))
        return count_of(known, hib_arena_printf(arena, "%.0f", id->valuedouble));
    int64_t sum = -1, least = -1;
    const cJSON *one;
    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(node, "or"))
    {
        int64_t n = depth < 8 ? count_recipients(arena, known, one, depth + 1) : -1;
        if (n < 0)
            return -1;
        sum = (sum < 0 ? 0 : sum) + n;
    }
    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(node, "and"))
    {
        int64_t n = depth < 8 ? count_recipients(arena, known, one, depth + 1) : -1;
        if (n >= 0 && (least < 0 || n < least))
            least = n;
    }
    return sum >= 0 ? sum : least;
}

static int64_t
number_of(HibJson known, const char *group, const char *key)
{
    HibJson in = {0};
    int64_t n = -1;
    if (known.value && hib_json_opt_object(known, group, &in, NULL) && in.value)
        (void)hib_json_opt_int(in, key, &n, NULL);
    return n;
}

int64_t
hib_line_estimate(HibArena *arena, const HibNetPost *post, const char *options_json,
                  const char **ret_quota)
{
    HibJson known = {0};
    LineFault fault = {0};
    *ret_quota = "messages";
    if (post->format == HIB_FORMAT_MESSAGE)
        return 1; /* free only when the reply token still lives by then */
    if (options_json && (!hib_json_parse(arena, options_json, strlen(options_json), &known, NULL) ||
                         !cJSON_IsObject(known.value)))
        known.value = NULL;
    if (post->format != HIB_FORMAT_NARROWCAST)
        return number_of(known, "recipients", "broadcast");
    g_autoptr(cJSON) body = hib_line_body(arena, post, &fault);
    if (!body)
        return -1;
    const cJSON *recipient = cJSON_GetObjectItemCaseSensitive(body, "recipient");
    const cJSON *limit = cJSON_GetObjectItemCaseSensitive(body, "limit");
    const cJSON *max = cJSON_GetObjectItemCaseSensitive(limit, "max");
    int64_t n = recipient && known.value ? count_recipients(arena, known, recipient, 0) : -1;
    int64_t reach = number_of(known, "followers", "targeted_reaches");
    if (cJSON_GetObjectItemCaseSensitive(body, "filter") && reach >= 0 && (n < 0 || reach < n))
        n = reach;
    if (n < 0) /* never more than everybody */
        n = number_of(known, "recipients", "broadcast");
    if (cJSON_IsNumber(max) && (n < 0 || max->valuedouble < (double)n))
        n = (int64_t)max->valuedouble;
    return n;
}
