/* Insights: numbers that Meta renames several times a year. One name it does not know refuses the whole question, so what it complains
 * about is left out and the rest asked again.
 *
 * Missing is not zero: an empty list (not there yet, too few viewers) leaves the metric out of the reading. */
#include "networks/meta.h"

#include <string.h>

#define MOST_METRICS 24
#define MOST_QUESTIONS 4

static void
put(HibNetReading *ret, const char *metric, int64_t value)
{
    for (size_t i = 0; i < ret->n_metrics; i++)
        if (g_str_equal(ret->metrics[i].metric, metric))
            return; /* the more exact source came first */
    if (ret->n_metrics < G_N_ELEMENTS(ret->metrics))
        ret->metrics[ret->n_metrics++] = (HibNetMetric){.metric = metric, .value = value};
}

void
hib_meta_take(HibJson in, const HibMetaMetric *fields, HibNetReading *ret)
{
    for (; fields->field; fields++) {
        int64_t value = hib_meta_int(in, fields->field, -1);
        if (value >= 0)
            put(ret, fields->metric, value);
    }
}

/* values[0].value, or total_value.value; by kind ({"like":3,"love":1}): all together. -1: not there. */
static int64_t
value_of(HibJson row)
{
    HibJson value = hib_meta_get(row, "total_value.value");
    if (!value.value)
        value = hib_meta_get(row, "values.0.value");
    int64_t sum = 0, one = hib_meta_int(row, "total_value.value", -1);
    if (!cJSON_IsObject(value.value))
        return one >= 0 ? one : hib_meta_int(row, "values.0.value", -1);
    for (const cJSON *part = value.value->child; part; part = part->next)
        sum += cJSON_IsNumber(part) && part->valuedouble > 0 && part->valuedouble < 9e15
                   ? (int64_t)part->valuedouble
                   : 0;
    return sum;
}

static void
take_rows(HibJson in, const HibMetaMetric *metrics, HibNetReading *ret)
{
    HibJson data = hib_meta_get(in, "data");
    for (HibJson row = hib_json_first(data); row.value; row = hib_json_next(data, row)) {
        const char *name = hib_meta_text(row, "name");
        int64_t value = value_of(row);
        for (const HibMetaMetric *m = metrics; name && value >= 0 && m->field; m++)
            if (g_str_equal(m->field, name))
                put(ret, m->metric, value);
    }
}

/* A whole word, not a part of another metric's name. */
static bool
names(const char *message, const char *metric)
{
    size_t n = strlen(metric);
    for (const char *at = strstr(message, metric); at; at = strstr(at + 1, metric)) {
        bool begins = at == message || !(g_ascii_isalnum(at[-1]) || at[-1] == '_');
        if (begins && !g_ascii_isalnum(at[n]) && at[n] != '_')
            return true;
    }
    return false;
}

/* Takes out what was complained about. Three ways Meta says it: "must be one of the following values: a, b" names what it knows; "does
 * not support the x metric" names what it does not; "must be a valid insights metric" names nothing: then the newer half goes. */
static size_t
leave_out(const char *message, const char **asked, size_t n)
{
    const char *known = strstr(message, "following values");
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (names(known ? known : message, asked[i]) == (known != NULL))
            asked[kept++] = asked[i];
    return kept < n ? kept : n / 2;
}

/* Meta's whole sentence, when it is a complaint about a metric; NULL: it is not. */
static const char *
complaint(HibJson in)
{
    const char *message = hib_meta_text(in, "error.message");
    bool is_one = hib_meta_int(in, "error.code", 0) == 100 && message && strstr(message, "metric");
    return is_one ? message : NULL;
}

HibNetResult
hib_meta_insights(const HibNetContext *net, const HibGrant *grant, const char *url,
                  const char *form, const HibMetaMetric *metrics, HibNetReading *ret)
{
    const char *asked[MOST_METRICS];
    size_t n = 0;
    HibNetResult said = hib_meta_ok();
    for (; n < MOST_METRICS && metrics[n].field; n++)
        asked[n] = metrics[n].field;
    for (int i = 0; i < MOST_QUESTIONS && n > 0; i++) {
        g_autoptr(GString) list = g_string_new(asked[0]);
        for (size_t k = 1; k < n; k++)
            g_string_append_printf(list, ",%s", asked[k]);
        const char *own = hib_net_form(net->arena, "metric", list->str, NULL);
        const HibMetaCall call = {.kind = HIB_CALL_READ,
                                  .method = "GET",
                                  .url = url,
                                  .token = grant->access,
                                  .form = form ? hib_arena_printf(net->arena, "%s&%s", own, form)
                                               : own};
        HibJson in;
        said = hib_meta_call(net, &call, &in);
        if (said.class == HIB_NET_OK)
            take_rows(in, metrics, ret);
        const char *about = said.class == HIB_NET_FATAL ? complaint(in) : NULL;
        if (!about)
            break;
        n = leave_out(about, asked, n);
    }
    if (said.class == HIB_NET_FATAL) /* no right to numbers, too few viewers, none for this kind */
        said.class = HIB_NET_OK;
    return said;
}

const char *
hib_meta_last_day(const HibNetContext *net)
{
    HibInstant now = hib_clock_now(net->clock), today = now - now % HIB_DAY;
    return hib_arena_printf(net->arena, "since=%" G_GINT64_FORMAT "&until=%" G_GINT64_FORMAT,
                            (today - HIB_DAY) / HIB_SECOND, today / HIB_SECOND);
}

void
hib_meta_take_quota(HibJson row, const char *usage, const char *config, const char *name,
                    HibNetQuota ret[8], size_t *ret_n)
{
    int64_t used = hib_meta_int(row, usage, -1);
    int64_t limit = hib_meta_int(hib_meta_get(row, config), "quota_total", -1);
    if (used >= 0 && limit >= 0 && *ret_n < 8)
        ret[(*ret_n)++] = (HibNetQuota){.name = name, .used = used, .limit = limit};
}
