/* The network's own choices for a post against its list of them (rules/networks): no name it does not know, no value it does not take,
 * nothing it needs left out. Pure. */
#include "base/json.h"
#include "networks/network.h"
#include "publish/schedule.h"
#include <string.h>

typedef struct {
    HibArena *arena;
    HibOptionWrong add;
    void *data;
} Check;

static const char *
text_of(const cJSON *rule, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(rule, key);
    return cJSON_IsString(item) ? item->valuestring : "";
}

static bool
is_for(const cJSON *rule, HibNetFormat format)
{
    const cJSON *formats = cJSON_GetObjectItemCaseSensitive(rule, "formats"), *one;
    if (!cJSON_IsArray(formats))
        return true;
    cJSON_ArrayForEach(
        one, formats) if (cJSON_IsString(one) &&
                          g_str_equal(one->valuestring, hib_net_format_name(format))) return true;
    return false;
}

static bool
is_one_of(const cJSON *rule, const cJSON *value)
{
    const cJSON *values = cJSON_GetObjectItemCaseSensitive(rule, "values"), *one;
    if (!cJSON_IsString(value))
        return false;
    if (!cJSON_IsArray(values)) /* known only to the account: the network has the last word */
        return true;
    cJSON_ArrayForEach(one,
                       values) if (cJSON_IsString(one) &&
                                   g_str_equal(one->valuestring, value->valuestring)) return true;
    return false;
}

/* A list: of names out of `values` ("choices"), or of what only the connector knows ("list"). */
static bool
is_list(const cJSON *rule, const cJSON *value, bool has_names)
{
    const cJSON *one;
    cJSON_ArrayForEach(one, value) if (has_names && !is_one_of(rule, one)) return false;
    return cJSON_IsArray(value);
}

static void
check_value(const Check *check, const cJSON *rule, const cJSON *value, const char *at)
{
    const char *kind = text_of(rule, "kind");
    const cJSON *max = cJSON_GetObjectItemCaseSensitive(rule, "max");
    double most = cJSON_IsNumber(max) ? max->valuedouble : 0;
    bool is_good = g_str_equal(kind, "choice")    ? is_one_of(rule, value)
                   : g_str_equal(kind, "flag")    ? cJSON_IsBool(value)
                   : g_str_equal(kind, "number")  ? cJSON_IsNumber(value)
                   : g_str_equal(kind, "choices") ? is_list(rule, value, true)
                   : g_str_equal(kind, "list")    ? is_list(rule, value, false)
                   : g_str_equal(kind, "object")  ? cJSON_IsObject(value)
                                                  : cJSON_IsString(value);
    if (!is_good) {
        check->add("post.option_value", at, 0, 0, check->data);
        return;
    }
    double size = cJSON_IsNumber(value)   ? value->valuedouble
                  : cJSON_IsString(value) ? (double)g_utf8_strlen(value->valuestring, -1)
                  : cJSON_IsArray(value)  ? cJSON_GetArraySize(value)
                                          : 0;
    if (most > 0 && size > most)
        check->add("post.option_too_long", at, most, size, check->data);
}

static const cJSON *
rule_of(const cJSON *rules, const char *name, HibNetFormat format)
{
    const cJSON *rule;
    cJSON_ArrayForEach(rule, rules) if (g_str_equal(text_of(rule, "name"), name) &&
                                        is_for(rule, format)) return rule;
    return NULL;
}

void
hib_options_check(HibArena *arena, const HibNetLimits *limits, HibNetFormat format,
                  const char *options, HibOptionWrong add, void *data)
{
    const Check check = {.arena = arena, .add = add, .data = data};
    HibJson rules = {0}, given = {0};
    const cJSON *value, *rule;
    if (limits->options)
        hib_json_parse(arena, limits->options, strlen(limits->options), &rules, NULL);
    if (options)
        hib_json_parse(arena, options, strlen(options), &given, NULL);
    cJSON_ArrayForEach(value, given.value)
    {
        const char *at = hib_arena_printf(arena, "/options/%s", value->string);
        const cJSON *known = rule_of(rules.value, value->string, format);
        if (known)
            check_value(&check, known, value, at);
        else
            add("post.option_unknown", at, 0, 0, data);
    }
    cJSON_ArrayForEach(rule, rules.value)
    {
        const char *name = text_of(rule, "name");
        bool is_missing = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(rule, "needed")) &&
                          is_for(rule, format) &&
                          !cJSON_GetObjectItemCaseSensitive(given.value, name);
        if (is_missing)
            add("post.option_missing", hib_arena_printf(arena, "/options/%s", name), 0, 0, data);
    }
}
