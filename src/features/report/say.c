/* The words of reports: messages, names, days; and a sentence made of a pattern and its figures, in pieces, so that each figure can lead to what it is made of. Pure. */
#include "base/messages.h"
#include "report/report_private.h"
#include <string.h>

const char *
hib_report_say(const HibReportFigures *figures, const char *key)
{
    g_autofree char *whole = g_strconcat("report.", key, NULL);
    return hib_message(figures->report->content.locale, whole);
}

const char *
hib_report_day(HibArena *arena, const char *locale, int64_t day)
{
    int y = (int)(day / 10000), m = (int)(day / 100 % 100), d = (int)(day % 100);
    return g_str_equal(locale, "en") ? hib_arena_printf(arena, "%d-%02d-%02d", y, m, d)
                                     : hib_arena_printf(arena, "%d年%d月%d日", y, m, d);
}

const char *
hib_report_network(HibArena *arena, const HibReportFigures *figures, const char *slugs)
{
    g_auto(GStrv) each = g_strsplit(slugs, ", ", -1);
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; each[i]; i++) {
        g_autofree char *key = g_strconcat("report.network.", each[i], NULL);
        const char *name = hib_message(figures->report->content.locale, key);
        g_string_append_printf(out, "%s%s", i ? ", " : "", g_str_equal(name, key) ? each[i] : name);
    }
    return hib_arena_strndup(arena, out->str, out->len);
}

const char *
hib_report_weekday(const HibReportFigures *figures, int weekday)
{
    static const char *const keys[] = {"weekday.d1", "weekday.d2", "weekday.d3", "weekday.d4",
                                       "weekday.d5", "weekday.d6", "weekday.d7"};
    return hib_report_say(figures, keys[weekday - 1]);
}

/* --- a sentence ------------------------------------------------------------------------------------------------------------- */
/* Literal text joins what was before it; a figure that leads somewhere stands by itself. */
static void
put_piece(HibReportSentence *out, HibReportPiece *pieces, HibArena *arena, const char *text,
          size_t n, const char *behind)
{
    HibReportPiece *last = out->n_pieces ? &pieces[out->n_pieces - 1] : NULL;
    if (!n)
        return;
    if (last && !last->behind && !behind)
        last->text = hib_arena_printf(arena, "%s%.*s", last->text, (int)n, text);
    else
        pieces[out->n_pieces++] = (HibReportPiece){hib_arena_strndup(arena, text, n), behind};
}

/* The figure whose name stands between the braces at `pattern`; NULL: that is text. */
static const HibReportFigure *
figure_at(const char *pattern, const HibReportFigure *figures, size_t n, size_t *ret_length)
{
    const char *end = *pattern == '{' ? strchr(pattern, '}') : NULL;
    *ret_length = end ? (size_t)(end - pattern) + 1 : 1;
    for (size_t i = 0; end && i < n; i++)
        if (strlen(figures[i].name) == *ret_length - 2 &&
            strncmp(figures[i].name, pattern + 1, *ret_length - 2) == 0)
            return &figures[i];
    return NULL;
}

HibReportSentence
hib_report_sentence(HibArena *arena, const HibReportFigures *of, HibSays kind, const char *key,
                    const HibReportFigure *figures, size_t n)
{
    const char *pattern = hib_report_say(of, key), *rest = pattern;
    size_t most = 1, length;
    for (const char *c = pattern; *c; c++)
        most += *c == '{';
    HibReportFigure *kept = hib_arena_array(arena, HibReportFigure, most);
    HibReportPiece *pieces = hib_arena_array(arena, HibReportPiece, 2 * most);
    HibReportSentence out = {.kind = kind, .text = "", .figures = kept, .pieces = pieces};
    for (const char *at = pattern; *at;) {
        const HibReportFigure *figure = figure_at(at, figures, n, &length);
        if (!figure) {
            at++;
            continue;
        }
        put_piece(&out, pieces, arena, rest, (size_t)(at - rest), NULL);
        put_piece(&out, pieces, arena, figure->text, strlen(figure->text), figure->behind);
        kept[out.n_figures++] = *figure;
        rest = at += length;
    }
    put_piece(&out, pieces, arena, rest, strlen(rest), NULL);
    for (size_t i = 0; i < out.n_pieces; i++)
        out.text = hib_arena_printf(arena, "%s%s", out.text, pieces[i].text);
    return out;
}

HibReportSentence
hib_report_join(HibArena *arena, const HibReportSentence *first, const char *between,
                const HibReportSentence *then)
{
    HibReportPiece *pieces =
        hib_arena_array(arena, HibReportPiece, first->n_pieces + then->n_pieces + 1);
    HibReportSentence out = *first;
    memcpy(pieces, first->pieces, first->n_pieces * sizeof *pieces);
    put_piece(&out, pieces, arena, between, strlen(between), NULL);
    for (size_t i = 0; i < then->n_pieces; i++)
        pieces[out.n_pieces++] = then->pieces[i];
    HibReportFigure *figures =
        hib_arena_array(arena, HibReportFigure, first->n_figures + then->n_figures + 1);
    memcpy(figures, first->figures, first->n_figures * sizeof *figures);
    for (size_t i = 0; i < then->n_figures; i++)
        figures[out.n_figures++] = then->figures[i];
    out.figures = figures;
    out.pieces = pieces;
    out.text = hib_arena_printf(arena, "%s%s%s", first->text, between, then->text);
    return out;
}
