/* The document on A4: a cover, then its parts one below the other, each block whole on a page; what a chart shows stands below it in words. */
#include "base/error.h"
#include "base/messages.h"
#include "report/behind.h"
#include "report/report_private.h"

#define MARGIN 48.0
#define WIDTH (HIB_A4_SHORT - 2 * MARGIN)
#define TOP 72.0
#define FOOT (HIB_A4_LONG - 58.0)
#define GAP 10.0
#define GRID_LEAST 76.0 /* title, head and a row of two lines */
#define INDENT 44.0     /* of a sentence, for the word before it */
#define HEAD 30.0       /* of a part */

typedef struct {
    HibPaper *paper;
    const HibReportDocument *of;
    double y;
    int page;
} Printer;

static const HibType says = {.size = 8, .colour = HIB_INK_MUTED};
static const HibType small = {.size = 8, .colour = HIB_INK_MUTED, .most_lines = 1};

static void
next_page(Printer *p)
{
    const HibType right = {
        .size = 8, .colour = HIB_INK_MUTED, .align = HIB_ALIGN_RIGHT, .most_lines = 1};
    HibArena *arena = NULL;
    hib_paper_next_page(p->paper);
    p->page++;
    p->y = TOP;
    arena = hib_arena_new();
    hib_paper_text(p->paper, &small, MARGIN, 36, WIDTH * 0.6, p->of->title);
    hib_paper_text(p->paper, &right, MARGIN + WIDTH * 0.6, 36, WIDTH * 0.4, p->of->client);
    hib_paper_line(p->paper, MARGIN, 54, MARGIN + WIDTH, 54, 0.5, HIB_INK_LINE);
    hib_paper_text(p->paper, &small, MARGIN, HIB_A4_LONG - 40, WIDTH * 0.8, p->of->period);
    hib_paper_text(p->paper, &right, MARGIN + WIDTH * 0.8, HIB_A4_LONG - 40, WIDTH * 0.2,
                   hib_arena_printf(arena, "%d", p->page));
    hib_arena_free(arena);
}

static void
need(Printer *p, double height)
{
    if (p->y + height > FOOT)
        next_page(p);
}

static void
print_cover(Printer *p)
{
    const HibType client = {.size = 15, .colour = HIB_INK_MUTED, .most_lines = 2},
                  title = {.size = 28, .is_bold = true, .most_lines = 4}, period = {.size = 14},
                  maker = {.size = 10, .colour = HIB_INK_MUTED, .most_lines = 1};
    double y = 250;
    HibArena *arena = hib_arena_new();
    if (p->of->logo)
        hib_paper_jpeg(p->paper, p->of->logo, (HibBox){MARGIN, 90, 180, 90});
    hib_paper_fill(p->paper, (HibBox){MARGIN, y - 22, 64, 5}, hib_paper_accent(p->paper));
    y += hib_paper_text(p->paper, &client, MARGIN, y, WIDTH, p->of->client) + 4;
    hib_paper_begin(p->paper, "H1");
    y += hib_paper_text(p->paper, &title, MARGIN, y, WIDTH, p->of->title) + 14;
    hib_paper_end(p->paper, "H1");
    hib_paper_text(p->paper, &period, MARGIN, y, WIDTH, p->of->period);
    hib_paper_text(p->paper, &maker, MARGIN, HIB_A4_LONG - 110, WIDTH, p->of->maker);
    hib_paper_text(
        p->paper, &maker, MARGIN, HIB_A4_LONG - 92, WIDTH,
        hib_arena_printf(arena, "%s%s", hib_message(p->of->locale, "report.made"), p->of->made));
    hib_arena_free(arena);
}

/* What kind of sentence it is stands before it, in words. */
static void
print_sentence(Printer *p, const HibReportSentence *sentence)
{
    static const char *const keys[] = {"report.says.fact", "report.says.reading",
                                       "report.says.guess"};
    static const HibType text = {.size = 10};
    const HibType tag = {.size = 7.5,
                         .is_bold = true,
                         .colour = sentence->kind == HIB_SAYS_FACT ? HIB_INK_MUTED
                                                                   : hib_paper_accent(p->paper),
                         .most_lines = 1};
    double height = hib_paper_text_height(p->paper, &text, WIDTH - INDENT, sentence->text);
    need(p, height);
    hib_paper_begin(p->paper, "P");
    if (sentence->n_figures)
        hib_paper_text(p->paper, &tag, MARGIN, p->y + 2.5, INDENT - 6,
                       hib_message(p->of->locale, keys[sentence->kind]));
    double indent = sentence->n_figures ? INDENT : 0;
    p->y +=
        hib_paper_text(p->paper, &text, MARGIN + indent, p->y, WIDTH - indent, sentence->text) + 5;
    hib_paper_end(p->paper, "P");
}

static void
print_tiles(Printer *p, const HibReportBlock *block)
{
    double width = (WIDTH - GAP * (double)(block->n_tiles - 1)) / (double)block->n_tiles;
    g_autoptr(HibArena) arena = hib_arena_new();
    need(p, HIB_TILE_HEIGHT);
    for (size_t i = 0; i < block->n_tiles; i++) {
        HibTile tile = block->tiles[i];
        if (block->behind) {
            tile.link = hib_behind_address(arena, p->of, block->behind[2 * i], NULL);
            tile.link_note = hib_behind_address(arena, p->of, block->behind[2 * i + 1], NULL);
        }
        hib_draw_tile(p->paper, &tile,
                      (HibBox){MARGIN + (double)i * (width + GAP), p->y, width, HIB_TILE_HEIGHT});
    }
    p->y += HIB_TILE_HEIGHT + GAP;
}

static double
words_below(Printer *p, const char *text)
{
    return hib_paper_text_height(p->paper, &says, WIDTH, text);
}

static void
print_chart(Printer *p, const HibChart *chart)
{
    HibArena *arena = hib_arena_new();
    const char *text = hib_chart_says(arena, p->of->locale, chart);
    double height = hib_chart_height(chart, WIDTH);
    need(p, height + 6 + words_below(p, text));
    hib_paper_begin(p->paper, "Figure");
    hib_draw_chart(p->paper, chart, (HibBox){MARGIN, p->y, WIDTH, height});
    hib_paper_end(p->paper, "Figure");
    p->y += height + 6;
    hib_paper_begin(p->paper, "P"); /* what the figure shows, in words */
    p->y += hib_paper_text(p->paper, &says, MARGIN, p->y, WIDTH, text) + GAP + 4;
    hib_paper_end(p->paper, "P");
    hib_arena_free(arena);
}

static const char **
links_of(HibArena *arena, const Printer *p, const HibReportBlock *block)
{
    const HibGrid *grid = &block->grid;
    const char **out = hib_arena_array(arena, const char *, grid->n_rows * grid->n_columns + 1);
    for (size_t r = 0; r < grid->n_rows; r++)
        for (size_t c = 0; c < grid->n_columns; c++)
            out[r * grid->n_columns + c] = hib_behind_cell(arena, p->of, block, r, c);
    return out;
}

static void
print_grid(Printer *p, const HibReportBlock *block)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibGrid grid = block->grid;
    grid.links = links_of(arena, p, block);
    static const HibType head = {.size = 10, .is_bold = true, .most_lines = 1};
    size_t at = 0;
    need(p, GRID_LEAST);
    if (block->title) {
        hib_paper_begin(p->paper, "H3");
        p->y += hib_paper_text(p->paper, &head, MARGIN, p->y, WIDTH, block->title) + 4;
        hib_paper_end(p->paper, "H3");
    }
    while (at < grid.n_rows) {
        size_t next;
        p->y +=
            hib_draw_grid(p->paper, &grid, at, (HibBox){MARGIN, p->y, WIDTH, FOOT - p->y}, &next);
        if (next == at && p->y <= TOP)
            break; /* higher than a page: cells are two lines at most, so it cannot be */
        at = next;
        if (at < grid.n_rows)
            next_page(p);
    }
    p->y += GAP;
}

/* The height without which a block does not begin on a page. */
static double
least_of(Printer *p, const HibReportBlock *block)
{
    static const HibType text = {.size = 10};
    if (block->kind == HIB_BLOCK_TILES)
        return HIB_TILE_HEIGHT;
    if (block->kind == HIB_BLOCK_GRID)
        return GRID_LEAST;
    if (block->kind == HIB_BLOCK_TEXT)
        return hib_paper_text_height(p->paper, &text, WIDTH - INDENT, block->sentence.text);
    HibArena *arena = hib_arena_new();
    double height = hib_chart_height(&block->chart, WIDTH) + 6 +
                    words_below(p, hib_chart_says(arena, p->of->locale, &block->chart));
    hib_arena_free(arena);
    return height;
}

static void
print_part(Printer *p, const HibReportPart *part)
{
    static const HibType head = {.size = 15, .is_bold = true, .most_lines = 2}, note = {.size = 10};
    /* A heading stands with what it is over: its note and its first block, or it goes to the next page with them. */
    double height =
               *part->note ? hib_paper_text_height(p->paper, &note, WIDTH - 20, part->note) : 0,
           first = part->n_blocks ? least_of(p, &part->blocks[0]) : 0;
    need(p, HEAD +
                (*part->note ? MIN(height, FOOT - TOP - HEAD - first - 12 - GAP) + 12 + GAP : 0) +
                first);
    hib_paper_chapter(p->paper, part->title);
    hib_paper_fill(p->paper, (HibBox){MARGIN, p->y + 4, 4, 15}, hib_paper_accent(p->paper));
    hib_paper_begin(p->paper, "H2");
    p->y += hib_paper_text(p->paper, &head, MARGIN + 12, p->y, WIDTH - 12, part->title) + 8;
    hib_paper_end(p->paper, "H2");
    if (*part->note) {
        need(p, height + 12);
        hib_paper_fill(p->paper, (HibBox){MARGIN, p->y, WIDTH, height + 12}, HIB_INK_SUNKEN);
        hib_paper_begin(p->paper, "P");
        hib_paper_text(p->paper, &note, MARGIN + 10, p->y + 6, WIDTH - 20, part->note);
        hib_paper_end(p->paper, "P");
        p->y += height + 12 + GAP;
    }
    for (size_t i = 0; i < part->n_blocks; i++)
        switch (part->blocks[i].kind) {
        case HIB_BLOCK_TEXT:
            print_sentence(p, &part->blocks[i].sentence);
            break;
        case HIB_BLOCK_TILES:
            print_tiles(p, &part->blocks[i]);
            break;
        case HIB_BLOCK_CHART:
            print_chart(p, &part->blocks[i].chart);
            break;
        case HIB_BLOCK_GRID:
            print_grid(p, &part->blocks[i]);
            break;
        }
    p->y += 14;
}

bool
hib_report_pdf(const HibReportDocument *document, GBytes **ret, GError **error)
{
    const HibDrawLook look = {document->locale, document->accent};
    g_autoptr(HibPaper) paper =
        hib_paper_new(HIB_PAPER_PDF, &look, HIB_A4_SHORT, HIB_A4_LONG, error);
    if (!paper)
        return false;
    Printer p = {paper, document, 0, 1};
    hib_paper_title(paper, document->title, document->maker, document->made_at);
    print_cover(&p);
    next_page(&p);
    for (size_t i = 0; i < document->n_parts; i++)
        print_part(&p, &document->parts[i]);
    return hib_paper_finish(paper, ret, error);
}

static const HibChart *
chart_at(const HibReportDocument *document, int64_t number)
{
    for (size_t i = 0; i < document->n_parts; i++)
        for (size_t k = 0; k < document->parts[i].n_blocks; k++) {
            const HibReportBlock *block = &document->parts[i].blocks[k];
            if (block->kind == HIB_BLOCK_CHART && number-- == 0)
                return &block->chart;
        }
    return NULL;
}

bool
hib_report_chart(const HibReportDocument *document, int64_t number, GBytes **ret, GError **error)
{
    const HibDrawLook look = {document->locale, document->accent};
    const double width = 640, edge = 8;
    const HibChart *chart = chart_at(document, number);
    double height = chart ? hib_chart_height(chart, width) : edge;
    /* A machine that cannot draw says so first, whatever is asked of it. */
    g_autoptr(HibPaper) paper =
        hib_paper_new(HIB_PAPER_SVG, &look, width + 2 * edge, height + 2 * edge, error);
    if (!paper)
        return false;
    if (!chart) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "report.no_chart", "no such chart");
        return false;
    }
    hib_draw_chart(paper, chart, (HibBox){edge, edge, width, height});
    return hib_paper_finish(paper, ret, error);
}
