/* Paper: cairo's surfaces, and text set by pango. Every text that is set is noted, so that tests can see that none lies on another. */
#include "base/error.h"
#include "draw/draw.h"
#include "draw/draw_private.h"
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <string.h>

#define FAMILY "Noto Sans CJK JP"
#define PNG_SCALE 2.0
#define OUR_ACCENT 0x2b55c4
#define JPEG_MOST 4096 /* pixels a side */

struct HibPaper {
    HibPaperKind kind;
    const char *locale;
    uint32_t accent;
    cairo_surface_t *surface;
    cairo_t *cairo;
    PangoFontMap *fonts; /* its own, so that nothing outlives the paper */
    PangoLayout *layout;
    GByteArray *out;
    GArray *sets; /* HibPaperSet */
    HibArena *arena;
    int page;
};

static cairo_status_t
take(void *paper, const unsigned char *data, unsigned int n)
{
    g_byte_array_append(((HibPaper *)paper)->out, data, n);
    return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
surface_of(HibPaper *paper, double width, double height)
{
    if (paper->kind == HIB_PAPER_PDF)
        return cairo_pdf_surface_create_for_stream(take, paper, width, height);
    if (paper->kind == HIB_PAPER_SVG)
        return cairo_svg_surface_create_for_stream(take, paper, width, height);
    return cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(width * PNG_SCALE + 0.5),
                                      (int)(height * PNG_SCALE + 0.5));
}

/* Whatever font stands in for the family must have kana and kanji. */
static bool
has_japanese(PangoLayout *layout)
{
    PangoContext *context = pango_layout_get_context(layout);
    PangoFontset *fonts = pango_context_load_fontset(
        context, pango_layout_get_font_description(layout), pango_language_from_string("ja"));
    bool is_there = fonts != NULL;
    static const gunichar asked[] = {0x3042, 0x6f22};
    for (size_t i = 0; i < G_N_ELEMENTS(asked) && is_there; i++) {
        PangoFont *font = pango_fontset_get_font(fonts, asked[i]);
        is_there = font && pango_font_has_char(font, asked[i]);
        g_clear_object(&font);
    }
    g_clear_object(&fonts);
    return is_there;
}

static bool
set_up_type(HibPaper *paper, GError **error)
{
    paper->fonts = pango_cairo_font_map_new();
    PangoContext *context = pango_font_map_create_context(paper->fonts);
    paper->layout = pango_layout_new(context);
    g_object_unref(context); /* the layout has it */
    pango_context_set_language(context, pango_language_from_string(paper->locale));
    pango_context_set_round_glyph_positions(context, FALSE);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_cairo_context_set_resolution(context, 72); /* a point is a point */
    pango_layout_set_wrap(paper->layout, PANGO_WRAP_WORD_CHAR);
    PangoFontDescription *font = pango_font_description_from_string(FAMILY " 10");
    pango_layout_set_font_description(paper->layout, font);
    pango_font_description_free(font);
    if (!has_japanese(paper->layout))
        hib_error_set(error, HIB_ERROR_CONFLICT, "draw.no_font",
                      "no font has Japanese letters: install fonts-noto-cjk");
    else
        return true;
    return false;
}

HibPaper *
hib_paper_new(HibPaperKind kind, const HibDrawLook *look, double width, double height,
              GError **error)
{
    g_autoptr(HibPaper) paper = g_new0(HibPaper, 1);
    paper->kind = kind;
    paper->locale = g_str_equal(look->locale, "en") ? "en" : "ja";
    paper->accent = look->accent ? look->accent : OUR_ACCENT;
    paper->out = g_byte_array_new();
    paper->sets = g_array_new(FALSE, FALSE, sizeof(HibPaperSet));
    paper->arena = hib_arena_new();
    paper->surface = surface_of(paper, width, height);
    paper->cairo = cairo_create(paper->surface);
    if (cairo_status(paper->cairo) != CAIRO_STATUS_SUCCESS) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "draw.failed", "%s",
                      cairo_status_to_string(cairo_status(paper->cairo)));
        return NULL;
    }
    if (kind == HIB_PAPER_PNG)
        cairo_scale(paper->cairo, PNG_SCALE, PNG_SCALE);
    if (!set_up_type(paper, error))
        return NULL;
    if (kind != HIB_PAPER_PDF)
        hib_paper_fill(paper, (HibBox){0, 0, width, height}, 0xffffff);
    return g_steal_pointer(&paper);
}

void
hib_paper_free(HibPaper *paper)
{
    if (!paper)
        return;
    g_clear_object(&paper->layout);
    g_clear_object(&paper->fonts);
    cairo_destroy(paper->cairo);
    cairo_surface_destroy(paper->surface);
    g_byte_array_unref(paper->out);
    g_array_unref(paper->sets);
    hib_arena_free(paper->arena);
    g_free(paper);
}

void
hib_draw_close(void)
{
    cairo_debug_reset_static_data();
    FcFini();
}

void
hib_paper_title(HibPaper *paper, const char *title, const char *author, const char *made_at)
{
    if (paper->kind != HIB_PAPER_PDF)
        return;
    cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_AUTHOR, author);
    cairo_pdf_surface_set_metadata(paper->surface, CAIRO_PDF_METADATA_CREATE_DATE, made_at);
}

void
hib_paper_chapter(HibPaper *paper, const char *title)
{
    if (paper->kind != HIB_PAPER_PDF)
        return;
    const char *to = hib_arena_printf(paper->arena, "page=%d", paper->page + 1);
    cairo_pdf_surface_add_outline(paper->surface, CAIRO_PDF_OUTLINE_ROOT, title, to, 0);
}

void
hib_paper_begin(HibPaper *paper, const char *role)
{
    if (paper->kind == HIB_PAPER_PDF)
        cairo_tag_begin(paper->cairo, role, NULL);
}

void
hib_paper_end(HibPaper *paper, const char *role)
{
    if (paper->kind == HIB_PAPER_PDF)
        cairo_tag_end(paper->cairo, role);
}

/* Quotes and backslashes would end the attribute. */
void
hib_paper_link_begin(HibPaper *paper, const char *uri)
{
    if (paper->kind != HIB_PAPER_PDF || !uri)
        return;
    g_autoptr(GString) attributes = g_string_new("uri='");
    for (const char *c = uri; *c; c++) {
        if (*c == '\'' || *c == '\\')
            g_string_append_c(attributes, '\\');
        g_string_append_c(attributes, *c);
    }
    g_string_append_c(attributes, '\'');
    cairo_tag_begin(paper->cairo, CAIRO_TAG_LINK, attributes->str);
}

void
hib_paper_link_end(HibPaper *paper, const char *uri)
{
    if (paper->kind == HIB_PAPER_PDF && uri)
        cairo_tag_end(paper->cairo, CAIRO_TAG_LINK);
}

void
hib_paper_next_page(HibPaper *paper)
{
    cairo_show_page(paper->cairo);
    paper->page++;
}

bool
hib_paper_finish(HibPaper *paper, GBytes **ret, GError **error)
{
    cairo_status_t status = cairo_status(paper->cairo);
    if (status == CAIRO_STATUS_SUCCESS && paper->kind == HIB_PAPER_PDF)
        cairo_show_page(paper->cairo);
    cairo_surface_flush(paper->surface);
    if (status == CAIRO_STATUS_SUCCESS && paper->kind == HIB_PAPER_PNG)
        status = cairo_surface_write_to_png_stream(paper->surface, take, paper);
    cairo_surface_finish(paper->surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(paper->surface);
    if (status != CAIRO_STATUS_SUCCESS) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "draw.failed", "%s",
                      cairo_status_to_string(status));
        return false;
    }
    *ret = g_bytes_new(paper->out->data, paper->out->len);
    return true;
}

/* --- text ------------------------------------------------------------------------------------------------------------------- */
static PangoLayout *
lay_out(HibPaper *paper, const HibType *type, double width, const char *text)
{
    static const PangoAlignment align[] = {PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT};
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, FAMILY);
    pango_font_description_set_absolute_size(font, type->size * PANGO_SCALE);
    pango_font_description_set_weight(font,
                                      type->is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(paper->layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(paper->layout, width > 0 ? (int)(width * PANGO_SCALE) : -1);
    pango_layout_set_height(paper->layout, type->most_lines ? -type->most_lines : G_MININT);
    pango_layout_set_ellipsize(paper->layout,
                               type->most_lines ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
    pango_layout_set_alignment(paper->layout, align[type->align]);
    pango_layout_set_text(paper->layout, text, -1);
    return paper->layout;
}

static HibBox
extent_of(PangoLayout *layout)
{
    PangoRectangle logical;
    pango_layout_get_extents(layout, NULL, &logical);
    return (HibBox){(double)logical.x / PANGO_SCALE, (double)logical.y / PANGO_SCALE,
                    (double)logical.width / PANGO_SCALE, (double)logical.height / PANGO_SCALE};
}

double
hib_paper_text(HibPaper *paper, const HibType *type, double x, double y, double width,
               const char *text)
{
    PangoLayout *layout = lay_out(paper, type, width, text);
    HibBox extent = extent_of(layout);
    const HibPaperSet set = {.page = paper->page,
                             .box = {x + extent.x, y + extent.y, extent.width, extent.height},
                             .text = hib_arena_strdup(paper->arena, text)};
    if (*text)
        g_array_append_val(paper->sets, set);
    hib_paper_ink(paper, type->colour ? type->colour : HIB_INK, 1);
    cairo_move_to(paper->cairo, x, y);
    pango_cairo_show_layout(paper->cairo, layout);
    return extent.height;
}

double
hib_paper_text_height(HibPaper *paper, const HibType *type, double width, const char *text)
{
    return extent_of(lay_out(paper, type, width, text)).height;
}

double
hib_paper_text_width(HibPaper *paper, const HibType *type, const char *text)
{
    const HibType one_line = {.size = type->size, .is_bold = type->is_bold};
    return extent_of(lay_out(paper, &one_line, 0, text)).width;
}

const HibPaperSet *
hib_paper_sets(const HibPaper *paper, size_t *ret_n)
{
    *ret_n = paper->sets->len;
    return (const HibPaperSet *)(void *)paper->sets->data;
}

/* --- shapes ------------------------------------------------------------------------------------------------------------------ */
cairo_t *
hib_paper_cairo(HibPaper *paper)
{
    return paper->cairo;
}

HibArena *
hib_paper_arena(HibPaper *paper)
{
    return paper->arena;
}

const char *
hib_paper_locale(const HibPaper *paper)
{
    return paper->locale;
}

uint32_t
hib_paper_accent(const HibPaper *paper)
{
    return paper->accent;
}

void
hib_paper_ink(HibPaper *paper, uint32_t colour, double alpha)
{
    cairo_set_source_rgba(paper->cairo, (colour >> 16 & 0xff) / 255.0, (colour >> 8 & 0xff) / 255.0,
                          (colour & 0xff) / 255.0, alpha);
}

void
hib_paper_fill(HibPaper *paper, HibBox box, uint32_t colour)
{
    hib_paper_ink(paper, colour, 1);
    cairo_rectangle(paper->cairo, box.x, box.y, box.width, box.height);
    cairo_fill(paper->cairo);
}

void
hib_paper_line(HibPaper *paper, double x1, double y1, double x2, double y2, double width,
               uint32_t colour)
{
    hib_paper_ink(paper, colour, 1);
    cairo_set_line_width(paper->cairo, width);
    cairo_set_dash(paper->cairo, NULL, 0, 0);
    cairo_move_to(paper->cairo, x1, y1);
    cairo_line_to(paper->cairo, x2, y2);
    cairo_stroke(paper->cairo);
}

/* Marker by marker to the frame header (ITU T.81, B.1.1). */
bool
hib_jpeg_size(GBytes *jpeg, int *ret_width, int *ret_height)
{
    gsize n;
    const unsigned char *p = g_bytes_get_data(jpeg, &n);
    if (n < 4 || p[0] != 0xff || p[1] != 0xd8)
        return false;
    for (gsize at = 2; at + 9 < n && p[at] == 0xff;) {
        unsigned marker = p[at + 1];
        bool is_frame =
            marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
        if (is_frame) {
            *ret_height = p[at + 5] << 8 | p[at + 6];
            *ret_width = p[at + 7] << 8 | p[at + 8];
            return *ret_width > 0 && *ret_height > 0 && *ret_width <= JPEG_MOST &&
                   *ret_height <= JPEG_MOST;
        }
        at += 2 + (gsize)(p[at + 2] << 8 | p[at + 3]);
    }
    return false;
}

static void
let_go(void *bytes)
{
    g_bytes_unref(bytes);
}

bool
hib_paper_jpeg(HibPaper *paper, GBytes *jpeg, HibBox box)
{
    int width, height;
    if (paper->kind != HIB_PAPER_PDF || !hib_jpeg_size(jpeg, &width, &height))
        return false;
    /* Embedded as it is: the surface beneath only says how large it is, nothing is decoded here. */
    cairo_surface_t *picture = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    gsize n;
    const unsigned char *data = g_bytes_get_data(jpeg, &n);
    if (cairo_surface_set_mime_data(picture, CAIRO_MIME_TYPE_JPEG, data, n, let_go,
                                    g_bytes_ref(jpeg)) != CAIRO_STATUS_SUCCESS) {
        g_bytes_unref(jpeg);
        cairo_surface_destroy(picture);
        return false;
    }
    double scale = MIN(box.width / width, box.height / height);
    cairo_save(paper->cairo);
    cairo_translate(paper->cairo, box.x, box.y);
    cairo_scale(paper->cairo, scale, scale);
    cairo_set_source_surface(paper->cairo, picture, 0, 0);
    cairo_paint(paper->cairo);
    cairo_restore(paper->cairo);
    cairo_surface_destroy(picture);
    return true;
}

#ifdef __SANITIZE_ADDRESS__
/* cairo 1.16 keeps 768 bytes for each font of a PDF for ever: its own fault, told to the leak checker so that ours are seen. Pango looks for fonts in a
 * thread of its own, which may still be at it when a program ends: what fontconfig holds then is no leak of ours either. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
    return "leak:libcairo.so\nleak:libfontconfig.so\n";
}
#endif
