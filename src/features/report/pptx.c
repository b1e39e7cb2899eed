/* The document as a presentation that stays editable: text in text boxes, tables as tables, charts as DrawingML charts with their workbook inside, the heat map as a table of filled cells. ECMA-376, part 1. */
#include "report/pptx.h"
#include "base/error.h"
#include "base/messages.h"
#include "report/behind.h"
#include "report/report_private.h"
#include <math.h>
#include <string.h>

#define EMU 12700.0 /* of a point */
#define WIDE 960.0
#define HIGH 540.0
#define EDGE 48.0
#define TOP 92.0
#define FOOT 500.0
#define ROWS_A_SLIDE 11

typedef struct {
    HibPptx *file;
    const HibReportDocument *of;
    GString *shapes; /* of the slide at hand; NULL: none is open */
    GString *rels;
    int n_shapes, n_rels;
    double y;
} Deck;

static long
emu(double points)
{
    return (long)lround(points * EMU);
}

/* --- slides ------------------------------------------------------------------------------------------------------------------ */
static void
close_slide(Deck *deck)
{
    if (!deck->shapes)
        return;
    hib_pptx_slide(deck->file, deck->shapes->str, deck->rels->str);
    g_string_free(deck->shapes, TRUE);
    g_string_free(deck->rels, TRUE);
    deck->shapes = deck->rels = NULL;
}

static void
open_slide(Deck *deck)
{
    close_slide(deck);
    deck->shapes = g_string_new(NULL);
    deck->rels = g_string_new(NULL);
    deck->n_shapes = 1;
    deck->n_rels = 1; /* the first is the layout's */
    deck->y = TOP;
}

static void
put_frame(Deck *deck, HibBox box)
{
    g_string_append_printf(deck->shapes,
                           "<a:off x=\"%ld\" y=\"%ld\"/><a:ext cx=\"%ld\" cy=\"%ld\"/>", emu(box.x),
                           emu(box.y), emu(box.width), emu(box.height));
}

/* What of a run makes it lead to `link`; "": nothing. To be freed. */
static char *
link_of(Deck *deck, const char *link)
{
    if (!link)
        return g_strdup("");
    g_string_append_printf(deck->rels,
                           "<Relationship Id=\"rId%d\" "
                           "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
                           "relationships/hyperlink\" TargetMode=\"External\" Target=\"",
                           ++deck->n_rels);
    hib_pptx_escape(deck->rels, link);
    g_string_append(deck->rels, "\"/>");
    return g_strdup_printf("<a:hlinkClick r:id=\"rId%d\"/>", deck->n_rels);
}

/* A text box; each line of `text` a paragraph, which leads to `link` if it is not NULL. */
static void
put_linked(Deck *deck, HibBox box, const HibType *type, const char *name, const char *text,
           const char *link)
{
    g_autofree char *leads = link_of(deck, link);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    deck->n_shapes++;
    g_string_append_printf(deck->shapes, "<p:sp><p:nvSpPr><p:cNvPr id=\"%d\" name=\"",
                           deck->n_shapes);
    hib_pptx_escape(deck->shapes, name);
    g_string_append(deck->shapes,
                    "\"/><p:cNvSpPr txBox=\"1\"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>");
    put_frame(deck, box);
    g_string_append(deck->shapes,
                    "</a:xfrm><a:prstGeom "
                    "prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/></p:spPr><p:txBody><a:bodyPr "
                    "wrap=\"square\" lIns=\"0\" tIns=\"0\" rIns=\"0\" "
                    "bIns=\"0\"><a:normAutofit/></a:bodyPr><a:lstStyle/>");
    for (size_t i = 0; lines[i]; i++) {
        g_string_append_printf(
            deck->shapes,
            "<a:p><a:r><a:rPr lang=\"%s\" sz=\"%d\" b=\"%d\"><a:solidFill><a:srgbClr "
            "val=\"%06X\"/></a:solidFill>%s</a:rPr><a:t>",
            g_str_equal(deck->of->locale, "en") ? "en-US" : "ja-JP", (int)(type->size * 100),
            type->is_bold, type->colour ? type->colour : HIB_INK, leads);
        hib_pptx_escape(deck->shapes, lines[i]);
        g_string_append(deck->shapes, "</a:t></a:r></a:p>");
    }
    g_string_append(deck->shapes, "</p:txBody></p:sp>");
}

static void
put_text(Deck *deck, HibBox box, const HibType *type, const char *name, const char *text)
{
    put_linked(deck, box, type, name, text, NULL);
}

static void
put_bar(Deck *deck, HibBox box, uint32_t colour)
{
    deck->n_shapes++;
    g_string_append_printf(deck->shapes,
                           "<p:sp><p:nvSpPr><p:cNvPr id=\"%d\" "
                           "name=\"bar\"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>",
                           deck->n_shapes);
    put_frame(deck, box);
    g_string_append_printf(
        deck->shapes,
        "</a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr "
        "val=\"%06X\"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>",
        colour);
}

static uint32_t
accent_of(const Deck *deck)
{
    return deck->of->accent ? deck->of->accent : 0x2b55c4;
}

static void
open_titled(Deck *deck, const char *title)
{
    const HibType head = {.size = 24, .is_bold = true},
                  foot = {.size = 10, .colour = HIB_INK_MUTED};
    open_slide(deck);
    put_bar(deck, (HibBox){EDGE, 40, 6, 32}, accent_of(deck));
    put_text(deck, (HibBox){EDGE + 18, 38, WIDE - 2 * EDGE - 18, 38}, &head, "title", title);
    g_autofree char *line = g_strdup_printf("%s%s%s", deck->of->client,
                                            *deck->of->client ? " · " : "", deck->of->period);
    put_text(deck, (HibBox){EDGE, 514, WIDE - 2 * EDGE, 16}, &foot, "period", line);
}

static void
put_cover(Deck *deck)
{
    const HibType client = {.size = 20, .colour = HIB_INK_MUTED},
                  title = {.size = 40, .is_bold = true}, period = {.size = 20},
                  maker = {.size = 14, .colour = HIB_INK_MUTED};
    int width, height;
    open_slide(deck);
    if (deck->of->logo && hib_jpeg_size(deck->of->logo, &width, &height)) {
        double scale = MIN(220.0 / width, 90.0 / height);
        hib_pptx_part(deck->file, "ppt/media/logo.jpeg", deck->of->logo);
        deck->n_rels++;
        deck->n_shapes++;
        g_string_append_printf(deck->rels,
                               "<Relationship Id=\"rId%d\" "
                               "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
                               "relationships/image\" Target=\"../media/logo.jpeg\"/>",
                               deck->n_rels);
        g_string_append_printf(deck->shapes,
                               "<p:pic><p:nvPicPr><p:cNvPr id=\"%d\" name=\"logo\" descr=\"",
                               deck->n_shapes);
        hib_pptx_escape(deck->shapes, deck->of->client);
        g_string_append_printf(
            deck->shapes,
            "\"/><p:cNvPicPr><a:picLocks "
            "noChangeAspect=\"1\"/></p:cNvPicPr><p:nvPr/></p:nvPicPr><p:blipFill><a:blip "
            "r:embed=\"rId%d\"/><a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr><a:xfrm>",
            deck->n_rels);
        put_frame(deck, (HibBox){EDGE, EDGE, width * scale, height * scale});
        g_string_append(
            deck->shapes,
            "</a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr></p:pic>");
    }
    put_bar(deck, (HibBox){EDGE, 190, 80, 8}, accent_of(deck));
    put_text(deck, (HibBox){EDGE, 214, WIDE - 2 * EDGE, 30}, &client, "client", deck->of->client);
    put_text(deck, (HibBox){EDGE, 246, WIDE - 2 * EDGE, 110}, &title, "title", deck->of->title);
    put_text(deck, (HibBox){EDGE, 366, WIDE - 2 * EDGE, 30}, &period, "period", deck->of->period);
    g_autofree char *made = g_strdup_printf(
        "%s\n%s%s", deck->of->maker, hib_message(deck->of->locale, "report.made"), deck->of->made);
    put_text(deck, (HibBox){EDGE, 456, WIDE - 2 * EDGE, 44}, &maker, "maker", made);
}

/* --- tables ------------------------------------------------------------------------------------------------------------------ */
static void
put_cell(GString *out, const char *text, bool is_bold, bool is_right, const char *fill,
         const char *leads)
{
    g_string_append_printf(
        out,
        "<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p><a:pPr algn=\"%s\"/><a:r><a:rPr "
        "lang=\"ja-JP\" sz=\"1100\" b=\"%d\"><a:solidFill><a:srgbClr "
        "val=\"%06X\"/></a:solidFill>%s</a:rPr><a:t>",
        is_right ? "r" : "l", is_bold, HIB_INK, leads);
    hib_pptx_escape(out, text);
    g_string_append_printf(out,
                           "</a:t></a:r></a:p></a:txBody><a:tcPr marL=\"50800\" marR=\"50800\" "
                           "marT=\"25400\" marB=\"25400\">%s</a:tcPr></a:tc>",
                           fill);
}

static void
begin_table(Deck *deck, HibBox box, const char *says)
{
    deck->n_shapes++;
    g_string_append_printf(
        deck->shapes,
        "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"%d\" name=\"table\" descr=\"",
        deck->n_shapes);
    hib_pptx_escape(deck->shapes, says);
    g_string_append(deck->shapes,
                    "\"/><p:cNvGraphicFramePr><a:graphicFrameLocks "
                    "noGrp=\"1\"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr><p:xfrm>");
    put_frame(deck, box);
    g_string_append(deck->shapes, "</p:xfrm><a:graphic><a:graphicData "
                                  "uri=\"http://schemas.openxmlformats.org/drawingml/2006/"
                                  "table\"><a:tbl><a:tblPr firstRow=\"1\"/><a:tblGrid>");
}

static void
put_grid(Deck *deck, const HibReportBlock *block, size_t first, size_t n, const char *title)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibGrid *grid = &block->grid;
    static const char *const sunken = "<a:solidFill><a:srgbClr val=\"F7F6F3\"/></a:solidFill>",
                             *const none = "<a:noFill/>";
    const double width = WIDE - 2 * EDGE, row = 30;
    begin_table(deck, (HibBox){EDGE, deck->y, width, row * (double)(n + 1)}, title);
    for (size_t c = 0; c < grid->n_columns; c++)
        g_string_append_printf(deck->shapes, "<a:gridCol w=\"%ld\"/>", emu(width * grid->share[c]));
    g_string_append(deck->shapes, "</a:tblGrid>");
    for (size_t r = 0; r <= n; r++) {
        g_string_append_printf(deck->shapes, "<a:tr h=\"%ld\">", emu(row));
        for (size_t c = 0; c < grid->n_columns; c++) {
            g_autofree char *leads =
                link_of(deck, r ? hib_behind_cell(arena, deck->of, block, first + r - 1, c) : NULL);
            put_cell(deck->shapes,
                     r ? grid->cells[(first + r - 1) * grid->n_columns + c] : grid->head[c], !r,
                     grid->is_number[c], r ? none : sunken, leads);
        }
        g_string_append(deck->shapes, "</a:tr>");
    }
    g_string_append(deck->shapes, "</a:tbl></a:graphicData></a:graphic></p:graphicFrame>");
    deck->y += row * (double)(n + 1) + 14;
}

/* A cell each; what cannot be told apart is hatched, what was not measured is empty. */
static void
put_heat(Deck *deck, const HibChart *chart, const char *says)
{
    static const uint32_t ramp[] = {0xeef3fa, 0xd3e2f3, 0xa9c8e8, 0x77a9da, 0x4587c5};
    const double width = WIDE - 2 * EDGE, label = 40, row = 36;
    double low = INFINITY, high = -INFINITY;
    for (size_t s = 0; s < chart->n_series; s++)
        for (size_t i = 0; i < chart->n; i++)
            if (isfinite(chart->series[s].values[i])) {
                low = MIN(low, chart->series[s].values[i]);
                high = MAX(high, chart->series[s].values[i]);
            }
    begin_table(deck, (HibBox){EDGE, deck->y, width, row * (double)(chart->n_series + 1)}, says);
    for (size_t i = 0; i <= chart->n; i++)
        g_string_append_printf(deck->shapes, "<a:gridCol w=\"%ld\"/>",
                               emu(i ? (width - label) / (double)chart->n : label));
    g_string_append(deck->shapes, "</a:tblGrid>");
    for (size_t s = 0; s <= chart->n_series; s++) {
        g_string_append_printf(deck->shapes, "<a:tr h=\"%ld\">", emu(row));
        for (size_t i = 0; i <= chart->n; i++) {
            const HibChartSeries *series = s ? &chart->series[s - 1] : NULL;
            bool is_cell = series && i && isfinite(series->values[i - 1]);
            bool is_unsure = is_cell && series->is_unsure && series->is_unsure[i - 1];
            int at =
                is_cell && high > low ? (int)((series->values[i - 1] - low) / (high - low) * 5) : 2;
            g_autofree char *fill =
                is_unsure ? g_strdup("<a:pattFill prst=\"ltUpDiag\"><a:fgClr><a:srgbClr "
                                     "val=\"8A8780\"/></a:fgClr><a:bgClr><a:srgbClr "
                                     "val=\"F3F1EC\"/></a:bgClr></a:pattFill>")
                : is_cell ? g_strdup_printf("<a:solidFill><a:srgbClr val=\"%06X\"/></a:solidFill>",
                                            ramp[CLAMP(at, 0, 4)])
                          : g_strdup("<a:noFill/>");
            g_autofree char *hour = !s && i ? g_strdup_printf("%zu", i - 1) : NULL;
            put_cell(deck->shapes,
                     s && !i ? series->name
                     : hour  ? hour
                             : "",
                     false, false, fill, "");
        }
        g_string_append(deck->shapes, "</a:tr>");
    }
    g_string_append(deck->shapes, "</a:tbl></a:graphicData></a:graphic></p:graphicFrame>");
}

/* --- parts ------------------------------------------------------------------------------------------------------------------- */
static bool
put_chart(Deck *deck, const char *title, const HibChart *chart, GError **error)
{
    const HibType small = {.size = 11, .colour = HIB_INK_MUTED};
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *says = hib_chart_says(arena, deck->of->locale, chart);
    open_titled(deck, hib_arena_printf(arena, "%s: %s", title, chart->title));
    if (chart->kind == HIB_CHART_HEAT) {
        put_heat(deck, chart, says);
    } else {
        int number;
        if (!hib_pptx_chart(deck->file, chart, &number, error))
            return false;
        deck->n_rels++;
        deck->n_shapes++;
        g_string_append_printf(deck->rels,
                               "<Relationship Id=\"rId%d\" "
                               "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
                               "relationships/chart\" Target=\"../charts/chart%d.xml\"/>",
                               deck->n_rels, number);
        g_string_append_printf(
            deck->shapes,
            "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"%d\" name=\"chart\" descr=\"",
            deck->n_shapes);
        hib_pptx_escape(deck->shapes, says);
        g_string_append(deck->shapes,
                        "\"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm>");
        put_frame(deck, (HibBox){EDGE, TOP, WIDE - 2 * EDGE, 350});
        g_string_append_printf(
            deck->shapes,
            "</p:xfrm><a:graphic><a:graphicData "
            "uri=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"><c:chart "
            "xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" "
            "r:id=\"rId%d\"/></a:graphicData></a:graphic></p:graphicFrame>",
            deck->n_rels);
    }
    put_text(deck, (HibBox){EDGE, 452, WIDE - 2 * EDGE, 50}, &small, "says", says);
    return true;
}

static void
put_tiles(Deck *deck, const HibReportBlock *block)
{
    const HibType label = {.size = 12, .colour = HIB_INK_MUTED},
                  value = {.size = 26, .is_bold = true},
                  note = {.size = 10, .colour = HIB_INK_MUTED};
    static const char *const none[2] = {NULL, NULL};
    g_autoptr(HibArena) arena = hib_arena_new();
    double width = (WIDE - 2 * EDGE) / (double)MAX(block->n_tiles, 1);
    for (size_t i = 0; i < block->n_tiles; i++) {
        double x = EDGE + (double)i * width;
        put_bar(deck, (HibBox){x, deck->y, 4, 76}, accent_of(deck));
        put_text(deck, (HibBox){x + 12, deck->y, width - 20, 16}, &label, "label",
                 block->tiles[i].label);
        const char *const *behind = block->behind ? &block->behind[2 * i] : none;
        put_linked(deck, (HibBox){x + 12, deck->y + 17, width - 20, 34}, &value, "value",
                   block->tiles[i].value, hib_behind_address(arena, deck->of, behind[0], NULL));
        put_linked(deck, (HibBox){x + 12, deck->y + 54, width - 20, 26}, &note, "note",
                   block->tiles[i].note, hib_behind_address(arena, deck->of, behind[1], NULL));
    }
    deck->y += 94;
}

static void
put_sentence(Deck *deck, const char *title, const HibReportSentence *sentence)
{
    static const char *const keys[] = {"report.says.fact", "report.says.reading",
                                       "report.says.guess"};
    const HibType type = {.size = 14},
                  tag = {.size = 11, .is_bold = true, .colour = accent_of(deck)};
    double left = sentence->n_figures ? 72 : 0;
    /* A full-width character is as wide as the type is high: an upper bound of the lines. */
    double lines = ceil((double)g_utf8_strlen(sentence->text, -1) * type.size /
                        (WIDE - 2 * EDGE - left)),
           height = lines * type.size * 1.35 + 8;
    if (deck->y + height > FOOT)
        open_titled(deck, title);
    if (sentence->n_figures)
        put_text(deck, (HibBox){EDGE, deck->y + 2, left - 8, 18}, &tag, "kind",
                 hib_message(deck->of->locale, keys[sentence->kind]));
    put_text(deck, (HibBox){EDGE + left, deck->y, WIDE - 2 * EDGE - left, height}, &type, "text",
             sentence->text);
    deck->y += height;
}

static bool
put_part(Deck *deck, const HibReportPart *part, GError **error)
{
    const HibType note = {.size = 14, .colour = HIB_INK_MUTED},
                  head = {.size = 14, .is_bold = true};
    bool is_open = false;
    for (size_t i = 0; i < part->n_blocks; i++) {
        const HibReportBlock *block = &part->blocks[i];
        if (block->kind == HIB_BLOCK_CHART) {
            if (!put_chart(deck, part->title, &block->chart, error))
                return false;
            is_open = false;
            continue;
        }
        if (!is_open)
            open_titled(deck, part->title);
        if (!is_open && *part->note && !i) {
            put_text(deck, (HibBox){EDGE, deck->y, WIDE - 2 * EDGE, 54}, &note, "note", part->note);
            deck->y += 60;
        }
        is_open = true;
        if (block->kind == HIB_BLOCK_TILES)
            put_tiles(deck, block);
        else if (block->kind == HIB_BLOCK_TEXT)
            put_sentence(deck, part->title, &block->sentence);
        for (size_t at = 0; block->kind == HIB_BLOCK_GRID && at < block->grid.n_rows;
             at += ROWS_A_SLIDE) {
            size_t n = MIN(block->grid.n_rows - at, ROWS_A_SLIDE);
            if (deck->y > TOP && deck->y + (double)(n + 1) * 30 + 24 > FOOT)
                open_titled(deck, part->title);
            if (block->title) {
                put_text(deck, (HibBox){EDGE, deck->y, WIDE - 2 * EDGE, 20}, &head, "title",
                         block->title);
                deck->y += 24;
            }
            put_grid(deck, block, at, n, block->title ? block->title : part->title);
        }
    }
    return true;
}

bool
hib_report_pptx(const HibReportDocument *document, GBytes **ret, GError **error)
{
    g_autoptr(HibPptx) file = hib_pptx_new(document->title, document->maker, document->made_at);
    Deck deck = {.file = file, .of = document};
    bool ok = true;
    put_cover(&deck);
    for (size_t i = 0; i < document->n_parts && ok; i++)
        ok = put_part(&deck, &document->parts[i], error);
    close_slide(&deck);
    return ok && hib_pptx_finish(file, ret, error);
}
