/* Tables that go over pages, and tiles with one figure. What leads somewhere is underlined, faintly: it is read far more often than followed. */
#include "draw/draw_private.h"

#define PAD 4.0
static const HibType cell_type = {.size = 8.5, .most_lines = 2};

static double
row_height(HibPaper *paper, const HibGrid *grid, const char *const *cells, double width)
{
    double height = 0;
    for (size_t c = 0; c < grid->n_columns; c++)
        height = MAX(height, hib_paper_text_height(paper, &cell_type,
                                                   grid->share[c] * width - 2 * PAD, cells[c]));
    return height + 2 * PAD - 1;
}

/* Sets text that leads to `link`, if it is not NULL; the height it took. */
static double
set_linked(HibPaper *paper, const HibType *type, double x, double y, double width, const char *text,
           const char *link)
{
    hib_paper_link_begin(paper, link);
    double height = hib_paper_text(paper, type, x, y, width, text);
    hib_paper_link_end(paper, link);
    if (link) {
        const double length = MIN(hib_paper_text_width(paper, type, text), width),
                     from = type->align == HIB_ALIGN_RIGHT ? x + width - length : x;
        hib_paper_line(paper, from, y + height - 0.5, from + length, y + height - 0.5, 0.5,
                       HIB_INK_LINE_STRONG);
    }
    return height;
}

static void
draw_row(HibPaper *paper, const HibGrid *grid, const char *const *cells, const char *const *links,
         HibBox box, bool is_head)
{
    const char *role = is_head ? "TH" : "TD";
    double x = box.x;
    hib_paper_begin(paper, "TR");
    for (size_t c = 0; c < grid->n_columns; c++) {
        HibType type = cell_type;
        type.is_bold = is_head;
        type.colour = is_head ? HIB_INK_MUTED : HIB_INK;
        type.align = grid->is_number[c] ? HIB_ALIGN_RIGHT : HIB_ALIGN_LEFT;
        hib_paper_begin(paper, role);
        set_linked(paper, &type, x + PAD, box.y + PAD - 0.5, grid->share[c] * box.width - 2 * PAD,
                   cells[c], links ? links[c] : NULL);
        hib_paper_end(paper, role);
        x += grid->share[c] * box.width;
    }
    hib_paper_end(paper, "TR");
}

double
hib_draw_grid(HibPaper *paper, const HibGrid *grid, size_t first, HibBox box, size_t *ret_next)
{
    double y = box.y, head = row_height(paper, grid, grid->head, box.width);
    *ret_next = first;
    if (first < grid->n_rows &&
        head + row_height(paper, grid, grid->cells + first * grid->n_columns, box.width) >
            box.height)
        return 0;
    hib_paper_fill(paper, (HibBox){box.x, y, box.width, head}, HIB_INK_SUNKEN);
    hib_paper_begin(paper, "Table");
    draw_row(paper, grid, grid->head, NULL, (HibBox){box.x, y, box.width, head}, true);
    y += head;
    for (size_t r = first; r < grid->n_rows; r++) {
        const char *const *cells = grid->cells + r * grid->n_columns;
        double height = row_height(paper, grid, cells, box.width);
        if (y + height > box.y + box.height)
            break;
        draw_row(paper, grid, cells, grid->links ? grid->links + r * grid->n_columns : NULL,
                 (HibBox){box.x, y, box.width, height}, false);
        y += height;
        hib_paper_line(paper, box.x, y, box.x + box.width, y, 0.5, HIB_INK_LINE);
        *ret_next = r + 1;
    }
    hib_paper_end(paper, "Table");
    return y - box.y;
}

void
hib_draw_tile(HibPaper *paper, const HibTile *tile, HibBox box)
{
    const HibType label = {.size = 8.5, .colour = HIB_INK_MUTED, .most_lines = 1},
                  value = {.size = 18, .is_bold = true, .most_lines = 1},
                  note = {.size = 7.5, .colour = HIB_INK_MUTED, .most_lines = 2};
    double x = box.x + 10, width = box.width - 16, y = box.y + 4;
    hib_paper_fill(paper, box, HIB_INK_SUNKEN);
    hib_paper_fill(paper, (HibBox){box.x, box.y, 3, box.height}, hib_paper_accent(paper));
    hib_paper_begin(paper, "P");
    y += hib_paper_text(paper, &label, x, y, width, tile->label);
    y += set_linked(paper, &value, x, y - 1, width, tile->value, tile->link) - 2;
    if (tile->note)
        set_linked(paper, &note, x, y, width, tile->note, tile->link_note);
    hib_paper_end(paper, "P");
}
