/* Attribution over HTTP, as numbers and as a table. */
#include "base/messages.h"
#include "http/call.h"
#include "links/conversion.h"
#include "table/table.h"

#include <math.h>

static int64_t
minor(double value)
{
    return (int64_t)llround(value);
}

static HibApiAttributionMethod
method_out(HibArena *arena, const HibAttributed *result, int method)
{
    const size_t n = result->journeys.paths.n_channels;
    HibApiAttributionCredit *credits = hib_arena_array(arena, HibApiAttributionCredit, n + 1);
    for (size_t c = 0; c < n; c++) {
        const HibCredit *one = &result->credits.credits[method][c];
        credits[c] = (HibApiAttributionCredit){.conversions = one->conversions,
                                               .low = one->low,
                                               .high = one->high,
                                               .revenue_minor = minor(one->revenue),
                                               .revenue_low_minor = minor(one->revenue_low),
                                               .revenue_high_minor = minor(one->revenue_high)};
    }
    return (HibApiAttributionMethod){.method = method, .credits = credits, .n_credits = n};
}

static void
add_paths(HibArena *arena, const HibAttributed *result, HibApiAttribution *out)
{
    HibApiAttributionPath *list =
        hib_arena_array(arena, HibApiAttributionPath, result->n_paths + 1);
    for (size_t i = 0; i < result->n_paths; i++) {
        HibAttributionPath *path = result->paths[i];
        list[i] = (HibApiAttributionPath){.channels = path->channels,
                                          .n_channels = path->n,
                                          .conversions = path->conversions,
                                          .nulls = path->nulls,
                                          .revenue_minor = minor(path->value)};
    }
    out->paths = list;
    out->n_paths = result->n_paths;
}

bool
hib_on_get_attribution(HibCall *call, const HibApiGetAttributionQuery *query, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibApiAttributionMethod methods[HIB_ATTRIBUTE_N];
    HibAttributed result;
    const int64_t kind = query->kind;
    const HibAttributionAsked asked = {.from = query->from,
                                       .to = query->to,
                                       .dimension = (HibAttributionDimension)query->dimension,
                                       .kind = query->has_kind ? &kind : NULL,
                                       .currency = query->has_currency ? query->currency : NULL};
    if (!hib_links_attribute(hib_call_db(call), hib_call_context(call), &asked, &result, error))
        return false;
    const HibJourneys *journeys = &result.journeys;
    const size_t n = journeys->paths.n_channels;
    HibApiAttributionChannel *channels = hib_arena_array(arena, HibApiAttributionChannel, n + 1);
    for (size_t c = 0; c < n; c++) {
        const char *key = journeys->channels[c];
        const char *label = result.labels[c];
        HibSaidKind said = 0;
        const bool is_said = hib_said_channel(key, &said, &key);
        channels[c] = (HibApiAttributionChannel){.key = key,
                                                 .has_key = key != NULL,
                                                 .label = label,
                                                 .has_label = label != NULL,
                                                 .said = (int)said,
                                                 .has_said = is_said,
                                                 .n_touches = journeys->n_touches[c]};
    }
    for (int m = 0; m < HIB_ATTRIBUTE_N; m++)
        methods[m] = method_out(arena, &result, m);
    HibApiAttribution out = {.from = query->from,
                             .to = query->to,
                             .dimension = query->dimension,
                             .window_days = result.window_days,
                             .currency = result.currency,
                             .has_currency = result.currency != NULL,
                             .n_conversions = result.n_conversions,
                             .n_unattributed = journeys->n_unattributed,
                             .n_journeys = (int64_t)journeys->paths.n_paths,
                             .revenue_minor = minor(result.credits.revenue),
                             .n_other_currency = result.n_other_currency,
                             .markov_order = result.credits.order,
                             .is_sampled = result.credits.is_sampled,
                             .is_cut = result.is_cut,
                             .channels = channels,
                             .n_channels = n,
                             .methods = methods,
                             .n_methods = HIB_ATTRIBUTE_N};
    add_paths(arena, &result, &out);
    return hib_reply_attribution(call, 200, &out);
}

/* A channel in words. */
static const char *
name_of(HibArena *arena, const char *locale, const char *key, const char *label)
{
    static const char *const kinds[HIB_SAID_KINDS] = {
        "attribution.said.comment", "attribution.said.mention", "attribution.said.message"};
    HibSaidKind said;
    const char *network;
    if (!key)
        return hib_message(locale, "attribution.rest");
    if (!*key)
        return hib_message(locale, "attribution.untold");
    if (!hib_said_channel(key, &said, &network))
        return label ? label : key;
    if (said == HIB_SAID_MESSAGE && g_str_equal(network, "line"))
        return hib_message(locale, "attribution.said.line");
    g_auto(GStrv) parts = g_strsplit(hib_message(locale, kinds[said]), "{network}", 2);
    return hib_arena_printf(arena, "%s%s%s", parts[0], network, parts[1] ? parts[1] : "");
}

/* --- as a table --------------------------------------------------------------------------------------------------------------- */
static void
print_credit(GString *out, HibArena *arena, const char *locale, const char *channel, int method,
             const char *currency, const HibCredit *one)
{
    static const char *const methods[] = {"last",     "first",  "linear", "time_decay",
                                          "position", "markov", "shapley"};
    const char *cells[] = {
        channel,
        hib_message(locale,
                    hib_arena_printf(arena, "%s%s", "attribution.method.", methods[method])),
        hib_arena_printf(arena, "%.4f", one->conversions),
        hib_arena_printf(arena, "%.4f", one->low),
        hib_arena_printf(arena, "%.4f", one->high),
        hib_arena_printf(arena, "%.0f", one->revenue),
        hib_arena_printf(arena, "%.0f", one->revenue_low),
        hib_arena_printf(arena, "%.0f", one->revenue_high),
        currency ? currency : ""};
    hib_table_print_row(out, cells, G_N_ELEMENTS(cells), true);
}

bool
hib_on_export_attribution(HibCall *call, const HibApiExportAttributionQuery *query, GError **error)
{
    static const char *const heads[] = {"channel", "method",      "conversions",  "low",     "high",
                                        "revenue", "revenue_low", "revenue_high", "currency"};
    HibArena *arena = hib_call_arena(call);
    const char *locale = hib_call_locale(call);
    HibAttributed result;
    const int64_t kind = query->kind;
    const HibAttributionAsked asked = {.from = query->from,
                                       .to = query->to,
                                       .dimension = (HibAttributionDimension)query->dimension,
                                       .kind = query->has_kind ? &kind : NULL,
                                       .currency = query->has_currency ? query->currency : NULL};
    if (!hib_links_attribute(hib_call_db(call), hib_call_context(call), &asked, &result, error))
        return false;
    const char *head[G_N_ELEMENTS(heads)];
    GString *out = g_string_new("\xef\xbb\xbf");
    for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
        head[i] =
            hib_message(locale, hib_arena_printf(arena, "%s%s", "attribution.column.", heads[i]));
    hib_table_print_row(out, head, G_N_ELEMENTS(head), true);
    for (size_t c = 0; c < result.journeys.paths.n_channels; c++) {
        const char *name = name_of(arena, locale, result.journeys.channels[c], result.labels[c]);
        for (int m = 0; m < HIB_ATTRIBUTE_N; m++)
            print_credit(out, arena, locale, name, m, result.currency,
                         &result.credits.credits[m][c]);
    }
    g_autoptr(GBytes) bytes = g_string_free_to_bytes(out);
    hib_call_set_header(call, "Content-Disposition",
                        "attachment; filename=\"hibiki-attribution.csv\"");
    return hib_call_reply_bytes(call, 200, "text/csv; charset=utf-8", bytes, "private, no-store");
}
