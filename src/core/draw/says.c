/* What a chart says in words and as a table, from the figures that are drawn. Pure. */
#include "base/messages.h"
#include "draw/draw.h"
#include <math.h>
#include <string.h>

typedef struct {
    size_t n, least, most; /* places of the least and the most */
    double sum;
} Facts;

static Facts
facts_of(const double *values, size_t n)
{
    Facts facts = {0};
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i]))
            continue;
        if (!facts.n || values[i] < values[facts.least])
            facts.least = i;
        if (!facts.n || values[i] > values[facts.most])
            facts.most = i;
        facts.n++;
        facts.sum += values[i];
    }
    return facts;
}

static const char *
fill(HibArena *arena, const char *pattern, const char *const *names, const char *const *values)
{
    g_autoptr(GString) out = g_string_new(pattern);
    for (size_t i = 0; names[i]; i++)
        g_string_replace(out, names[i], values[i], 0);
    return hib_arena_strndup(arena, out->str, out->len);
}

static const char *
series_says(HibArena *arena, const char *locale, const HibChart *chart, size_t s)
{
    const HibChartSeries *series = &chart->series[s];
    const Facts facts = facts_of(series->values, chart->n);
    static const char *const names[] = {"{name}",     "{n}",    "{first}",   "{last}", "{least}",
                                        "{least_at}", "{most}", "{most_at}", "{unit}", NULL};
    if (!facts.n)
        return fill(arena, hib_message(locale, "draw.says.none"), names,
                    (const char *const[]){series->name, "0", "", "", "", "", "", "", ""});
    size_t from = 0, to = chart->n - 1;
    while (!isfinite(series->values[from]))
        from++;
    while (!isfinite(series->values[to]))
        to--;
    const char *const values[] = {series->name,
                                  hib_number_text(arena, (double)facts.n),
                                  hib_number_text(arena, series->values[from]),
                                  hib_number_text(arena, series->values[to]),
                                  hib_number_text(arena, series->values[facts.least]),
                                  chart->labels[facts.least],
                                  hib_number_text(arena, series->values[facts.most]),
                                  chart->labels[facts.most],
                                  chart->unit};
    const char *key = facts.n < 2                     ? "draw.says.one"
                      : chart->kind == HIB_CHART_LINE ? "draw.says.line"
                                                      : "draw.says.bars";
    return fill(arena, hib_message(locale, key), names, values);
}

static const char *
heat_says(HibArena *arena, const char *locale, const HibChart *chart)
{
    size_t n = 0, n_unsure = 0, row = 0, column = 0;
    bool has_most = false;
    for (size_t s = 0; s < chart->n_series; s++)
        for (size_t i = 0; i < chart->n; i++) {
            const HibChartSeries *series = &chart->series[s];
            if (!isfinite(series->values[i]))
                continue;
            bool is_unsure = series->is_unsure && series->is_unsure[i];
            n++;
            n_unsure += is_unsure;
            if (!is_unsure &&
                (!has_most || series->values[i] > chart->series[row].values[column])) {
                row = s;
                column = i;
                has_most = true;
            }
        }
    static const char *const names[] = {"{n}",      "{unsure}", "{most}", "{row}",
                                        "{column}", "{unit}",   NULL};
    const char *const values[] = {
        hib_number_text(arena, (double)n),
        hib_number_text(arena, (double)n_unsure),
        has_most ? hib_number_text(arena, chart->series[row].values[column]) : "",
        has_most ? chart->series[row].name : "",
        has_most ? chart->labels[column] : "",
        chart->unit};
    return fill(arena,
                hib_message(locale, has_most ? "draw.says.heat"
                                    : n      ? "draw.says.heat_unsure"
                                             : "draw.says.empty"),
                names, values);
}

const char *
hib_chart_says(HibArena *arena, const char *locale, const HibChart *chart)
{
    g_autoptr(GString) out = g_string_new(chart->title);
    g_string_append(out, g_str_equal(locale, "en") ? ": " : "：");
    if (chart->kind == HIB_CHART_HEAT)
        g_string_append(out, heat_says(arena, locale, chart));
    else if (!chart->n || !chart->n_series)
        g_string_append(out, hib_message(locale, "draw.says.empty"));
    for (size_t s = 0; chart->kind != HIB_CHART_HEAT && chart->n && s < chart->n_series; s++) {
        g_string_append(out, s ? g_str_equal(locale, "en") ? "; " : "、" : "");
        g_string_append(out, series_says(arena, locale, chart, s));
    }
    g_string_append(out, g_str_equal(locale, "en") ? "." : "。");
    return hib_arena_strndup(arena, out->str, out->len);
}

HibGrid
hib_chart_table(HibArena *arena, const char *locale, const HibChart *chart)
{
    size_t columns = chart->n_series + 1;
    const char **head = hib_arena_array(arena, const char *, columns),
               **cells = hib_arena_array(arena, const char *, columns * chart->n + 1);
    bool *is_number = hib_arena_array(arena, bool, columns);
    double *share = hib_arena_array(arena, double, columns);
    head[0] = "";
    share[0] = columns > 4 ? 1.0 / (double)columns : 0.4;
    for (size_t s = 0; s < chart->n_series; s++) {
        head[s + 1] = chart->series[s].name;
        is_number[s + 1] = true;
        share[s + 1] = (1 - share[0]) / (double)chart->n_series;
    }
    for (size_t i = 0; i < chart->n; i++) {
        cells[i * columns] = chart->labels[i];
        for (size_t s = 0; s < chart->n_series; s++)
            cells[i * columns + s + 1] = isfinite(chart->series[s].values[i])
                                             ? hib_number_text(arena, chart->series[s].values[i])
                                             : hib_message(locale, "draw.missing");
    }
    return (HibGrid){head, cells, is_number, share, columns, chart->n};
}
