/* Charts of every kind, on paper and as pictures: the PDF is read back with poppler, no text lies on another or outside its box, what a chart says are its figures, and a machine without a Japanese font is
 * told so. HIB_DRAW_SHOW=folder keeps the pages as PNG to be looked at. */
#include "base/error.h"
#include "draw/draw.h"
#include <math.h>
#include <poppler.h>
#include <string.h>

enum { DAYS = 31 };
static const HibDrawLook ja = {.locale = "ja"}, en = {.locale = "en"};

typedef struct {
    HibArena *arena;
    HibChart charts[6];
    size_t n;
} Charts;

static double *
wave(HibArena *arena, size_t n, double base, double swing, double pace)
{
    double *out = hib_arena_array(arena, double, n);
    for (size_t i = 0; i < n; i++)
        out[i] = round(base + swing * sin((double)i * pace) + (double)(i * 7 % 5) * swing / 9);
    return out;
}

static HibChartSeries
series(HibArena *arena, const char *name, size_t n, double base, double swing, double pace)
{
    return (HibChartSeries){.name = name, .values = wave(arena, n, base, swing, pace)};
}

static void
over_time(Charts *c)
{
    HibArena *arena = c->arena;
    const char **days = hib_arena_array(arena, const char *, DAYS);
    for (int i = 0; i < DAYS; i++)
        days[i] = hib_arena_printf(arena, "10/%d", i + 1);
    HibChartSeries *lines = hib_arena_array(arena, HibChartSeries, 3),
                   *stack = hib_arena_array(arena, HibChartSeries, 4);
    double *gap = wave(arena, DAYS, 9000, 900, 0.2), *low = wave(arena, DAYS, 8000, 700, 0.2),
           *high = wave(arena, DAYS, 10500, 700, 0.2);
    gap[4] = gap[5] = gap[9] = gap[11] = NAN;
    lines[0] = (HibChartSeries){.name = "Instagram", .values = gap, .low = low, .high = high};
    lines[1] = series(arena, "YouTube", DAYS, 9100, 300, 0.5);
    lines[2] = series(arena, "LINE公式アカウント", DAYS, 9150, 200, 0.4);
    c->charts[c->n++] = (HibChart){HIB_CHART_LINE, "フォロワーの推移", "人", days, DAYS, lines, 3};
    static const char *const names[] = {"いいね", "リポスト", "返信", "引用"};
    for (int i = 0; i < 4; i++)
        stack[i] = series(arena, names[i], DAYS, 3000.0 / (i + 1), 700.0 / (i + 1), 0.6);
    c->charts[c->n++] =
        (HibChart){HIB_CHART_STACKED, "エンゲージメントの内訳", "件", days, DAYS, stack, 4};
}

static void
across(Charts *c)
{
    HibArena *arena = c->arena;
    static const char *const posts[] = {
        "新作のチーズケーキが焼き上がりました。数量限定です、お早めに", "Autumn menu",
        "本日休業のお知らせ"};
    static const double now[] = {1250, 830, NAN}, low[] = {1100, 400, NAN},
                        high[] = {1400, 1260, NAN}, was[] = {980, 900, 12};
    static const HibChartSeries bars[] = {{"10月", now, low, high, NULL},
                                          {"9月", was, NULL, NULL, NULL}};
    c->charts[c->n++] =
        (HibChart){HIB_CHART_BARS, "投稿別のエンゲージメント", "件", posts, 3, bars, 2};
    static const char *const weekdays[] = {"月", "火", "水", "木", "金", "土", "日"};
    const char **hours = hib_arena_array(arena, const char *, 24);
    HibChartSeries *rows = hib_arena_array(arena, HibChartSeries, 7);
    for (int i = 0; i < 24; i++)
        hours[i] = hib_arena_printf(arena, "%d時", i);
    for (int r = 0; r < 7; r++) {
        double *values = wave(arena, 24, 100, 80, 0.3 + r * 0.01);
        bool *unsure = hib_arena_array(arena, bool, 24);
        for (int i = 0; i < 24; i++) {
            unsure[i] = (i * 5 + r) % 3 == 0;
            if (i < 6)
                values[i] = NAN;
        }
        rows[r] = (HibChartSeries){.name = weekdays[r], .values = values, .is_unsure = unsure};
    }
    c->charts[c->n++] = (HibChart){HIB_CHART_HEAT, "曜日と時間", "件", hours, 24, rows, 7};
    static const double nothing[] = {NAN, NAN, NAN};
    static const HibChartSeries none[] = {{"X", nothing, NULL, NULL, NULL}};
    c->charts[c->n++] = (HibChart){HIB_CHART_LINE, "まだ何もない", "件", posts, 3, none, 1};
    c->charts[c->n++] = (HibChart){HIB_CHART_STACKED, "空", "", NULL, 0, NULL, 0};
}

static Charts
all(HibArena *arena)
{
    Charts c = {.arena = arena};
    over_time(&c);
    across(&c);
    return c;
}

static bool
overlap(HibBox a, HibBox b)
{
    const double slack = 1.0; /* line boxes are a little higher than what is printed in them */
    return a.x + slack < b.x + b.width && b.x + slack < a.x + a.width &&
           a.y + slack < b.y + b.height && b.y + slack < a.y + a.height;
}

static bool
leaves(const HibPaperSet *set, double width, double height)
{
    return set->box.x < -0.5 || set->box.y < -0.5 || set->box.x + set->box.width > width + 0.5 ||
           set->box.y + set->box.height > height + 0.5;
}

static void
assert_apart(const HibPaper *paper, double width, double height)
{
    size_t n, n_faults = 0;
    const HibPaperSet *sets = hib_paper_sets(paper, &n);
    for (size_t i = 0; i < n; i++) {
        if (leaves(&sets[i], width, height)) {
            g_test_message("\"%s\" leaves the paper", sets[i].text);
            n_faults++;
        }
        for (size_t k = i + 1; k < n; k++)
            if (sets[i].page == sets[k].page && overlap(sets[i].box, sets[k].box)) {
                g_test_message("\"%s\" lies on \"%s\"", sets[i].text, sets[k].text);
                n_faults++;
            }
    }
    g_assert_cmpuint(n_faults, ==, 0);
}

static void
show(GBytes *pdf, const char *name)
{
    const char *folder = g_getenv("HIB_DRAW_SHOW");
    if (!folder)
        return;
    PopplerDocument *document = poppler_document_new_from_bytes(pdf, NULL, NULL);
    for (int i = 0; i < poppler_document_get_n_pages(document); i++) {
        PopplerPage *page = poppler_document_get_page(document, i);
        cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 1190, 1684);
        cairo_t *cairo = cairo_create(surface);
        cairo_set_source_rgb(cairo, 1, 1, 1);
        cairo_paint(cairo);
        cairo_scale(cairo, 2, 2);
        poppler_page_render(page, cairo);
        g_autofree char *path = g_strdup_printf("%s/%s-%d.png", folder, name, i + 1);
        cairo_surface_write_to_png(surface, path);
        cairo_destroy(cairo);
        cairo_surface_destroy(surface);
        g_object_unref(page);
    }
    g_object_unref(document);
}

/* All text of a page without blanks: how a reader puts letters together is its own affair. */
static char *
read_back(GBytes *pdf, int number)
{
    GError *error = NULL;
    PopplerDocument *document = poppler_document_new_from_bytes(pdf, NULL, &error);
    g_assert_no_error(error);
    PopplerPage *page = poppler_document_get_page(document, number);
    g_autofree char *text = poppler_page_get_text(page);
    GString *out = g_string_new(NULL);
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        if (!g_unichar_isspace(g_utf8_get_char(p)))
            g_string_append_unichar(out, g_utf8_get_char(p));
    g_object_unref(page);
    g_object_unref(document);
    return g_string_free(out, FALSE);
}

static void
every_chart_is_drawn_and_read_back(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    Charts c = all(arena);
    GError *error = NULL;
    for (double width = 240; width < 520; width += 87) {
        g_autoptr(HibPaper) paper =
            hib_paper_new(HIB_PAPER_PDF, &ja, HIB_A4_SHORT, HIB_A4_LONG, &error);
        g_autoptr(GBytes) out = NULL;
        g_assert_no_error(error);
        hib_paper_title(paper, "十月の報告", "珈琲ひびき", "2026-11-01T00:00:00Z");
        double y = 40;
        for (size_t i = 0; i < c.n; i++) {
            double height = hib_chart_height(&c.charts[i], width);
            if (y + height > 800) {
                hib_paper_next_page(paper);
                y = 40;
            }
            hib_draw_chart(paper, &c.charts[i], (HibBox){40, y, width, height});
            y += height + 16;
        }
        assert_apart(paper, HIB_A4_SHORT, HIB_A4_LONG);
        hib_paper_chapter(paper, "終わり");
        g_assert_true(hib_paper_finish(paper, &out, &error));
        g_assert_no_error(error);
        g_assert_cmpmem(g_bytes_get_data(out, NULL), 5, "%PDF-", 5);
        g_autofree char *text = read_back(out, 0);
        g_assert_nonnull(strstr(text, "フォロワーの推移"));
        g_assert_nonnull(strstr(text, "エンゲージメントの内訳"));
        g_assert_cmpuint(g_bytes_get_size(out), <, 400000);
        if (width > 400)
            show(out, "charts");
    }
}

static void
every_chart_is_a_picture(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    Charts c = all(arena);
    for (size_t i = 0; i < c.n; i++)
        for (int kind = HIB_PAPER_PNG; kind <= HIB_PAPER_SVG; kind++) {
            GError *error = NULL;
            g_autoptr(GBytes) out = NULL;
            double height = hib_chart_height(&c.charts[i], 480);
            g_autoptr(HibPaper) paper = hib_paper_new((HibPaperKind)kind, &en, 480, height, &error);
            g_assert_no_error(error);
            hib_draw_chart(paper, &c.charts[i], (HibBox){0, 0, 480, height});
            assert_apart(paper, 480, height);
            g_assert_true(hib_paper_finish(paper, &out, &error));
            const char *data = g_bytes_get_data(out, NULL);
            g_assert_true(g_str_has_prefix(data, kind == HIB_PAPER_PNG ? "\x89PNG" : "<?xml"));
        }
}

static void
what_a_chart_says_are_its_figures(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    static const char *const days[] = {"10/1", "10/2", "10/3"};
    static const double values[] = {12, NAN, 3400};
    static const HibChartSeries one = {.name = "いいね", .values = values};
    HibChart chart = {HIB_CHART_LINE, "推移", "件", days, 3, &one, 1};
    g_assert_cmpstr(hib_chart_says(arena, "ja", &chart), ==,
                    "推移：いいねは2点で12から3,400件へ、最小12（10/1）、最大3,400（10/3）。");
    g_assert_cmpstr(
        hib_chart_says(arena, "en", &chart), ==,
        "推移: いいね goes from 12 to 3,400 件 over 2 points, least 12 (10/1), most 3,400 (10/3).");
    const HibGrid grid = hib_chart_table(arena, "ja", &chart);
    g_assert_cmpuint(grid.n_rows, ==, 3);
    g_assert_cmpstr(grid.head[1], ==, "いいね");
    g_assert_cmpstr(grid.cells[3], ==, "データなし"); /* missing, not zero */
    g_assert_cmpstr(grid.cells[5], ==, "3,400");
    chart.kind = HIB_CHART_HEAT;
    static const bool unsure[] = {false, false, true};
    const HibChartSeries row = {.name = "月", .values = values, .is_unsure = unsure};
    chart.series = &row;
    g_assert_cmpstr(
        hib_chart_says(arena, "ja", &chart), ==,
        "推移：2個の枠のうち1個は平均と区別できず、区別できる中の最大は月の10/1の12件。");
    chart.n = 0;
    g_assert_nonnull(strstr(hib_chart_says(arena, "ja", &chart), "データがありません"));
}

static void
a_table_goes_over_pages(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    enum { ROWS = 200 };
    static const char *const head[] = {"投稿", "いいね"};
    static const bool is_number[] = {false, true};
    static const double share[] = {0.7, 0.3};
    const char **cells = hib_arena_array(arena, const char *, 2 * ROWS);
    for (size_t i = 0; i < ROWS; i++) {
        cells[2 * i] =
            i % 3 ? "短い"
                  : "とても長い本文がここに続きます。二行を超えるものは最後が省かれます。とても長い"
                    "本文がここに続きます。二行を超えるものは最後が省かれます。とても長い本文。";
        cells[2 * i + 1] = hib_arena_printf(arena, "%zu", i);
    }
    const HibGrid grid = {head, cells, is_number, share, 2, ROWS};
    GError *error = NULL;
    g_autoptr(GBytes) out = NULL;
    g_autoptr(HibPaper) paper =
        hib_paper_new(HIB_PAPER_PDF, &ja, HIB_A4_SHORT, HIB_A4_LONG, &error);
    g_assert_no_error(error);
    size_t at = 0;
    int pages = 1;
    for (;; pages++) {
        size_t next;
        hib_draw_grid(paper, &grid, at, (HibBox){40, 40, 515, 760}, &next);
        g_assert_cmpuint(next, >, at);
        at = next;
        if (at == ROWS)
            break;
        hib_paper_next_page(paper);
    }
    const HibTile tile = {"エンゲージメント", "12,345", "前の31日 11,000（+12.2 %）"};
    hib_paper_next_page(paper);
    hib_draw_tile(paper, &tile, (HibBox){40, 40, 120, HIB_TILE_HEIGHT});
    assert_apart(paper, HIB_A4_SHORT, HIB_A4_LONG);
    g_assert_true(hib_paper_finish(paper, &out, &error));
    g_autofree char *last = read_back(out, pages - 1);
    g_assert_nonnull(strstr(last, "199"));
    size_t next;
    g_autoptr(HibPaper) small = hib_paper_new(HIB_PAPER_PDF, &ja, 200, 200, &error);
    g_assert_cmpfloat(hib_draw_grid(small, &grid, 0, (HibBox){0, 0, 200, 10}, &next), ==, 0);
    g_assert_cmpuint(next, ==, 0);
    show(out, "table");
}

static void
a_logo_is_taken_as_it_is_or_not_at_all(void)
{
    GError *error = NULL;
    int width, height;
    static const unsigned char head[] = {0xff, 0xd8, 0xff, 0xe0, 0, 4,    0,   0,
                                         0xff, 0xc0, 0,    11,   8, 0,    20,  0,
                                         30,   1,    1,    0x11, 0, 0xff, 0xd9};
    g_autoptr(GBytes) jpeg = g_bytes_new_static(head, sizeof head),
                      none = g_bytes_new_static("GIF89a", 6), cut = g_bytes_new_static(head, 9);
    g_assert_true(hib_jpeg_size(jpeg, &width, &height));
    g_assert_cmpint(width, ==, 30);
    g_assert_cmpint(height, ==, 20);
    g_assert_false(hib_jpeg_size(none, &width, &height));
    g_assert_false(hib_jpeg_size(cut, &width, &height));
    g_autoptr(HibPaper) paper = hib_paper_new(HIB_PAPER_PDF, &ja, 200, 200, &error);
    g_assert_false(hib_paper_jpeg(paper, none, (HibBox){0, 0, 10, 10}));
}

static void
a_machine_without_fonts_is_told_so(void)
{
    if (g_test_subprocess()) {
        g_autoptr(GError) error = NULL;
        g_autoptr(HibPaper) paper = hib_paper_new(HIB_PAPER_PDF, &ja, 100, 100, &error);
        g_assert_null(paper);
        g_assert_cmpstr(hib_error_reason(error), ==, "draw.no_font");
        g_assert_nonnull(strstr(error->message, "fonts-noto-cjk"));
        return;
    }
    g_autofree char *folder = g_dir_make_tmp("hibiki-fonts-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "fonts.conf", NULL);
    g_assert_true(g_file_set_contents(path, "<fontconfig></fontconfig>", -1, NULL));
    g_setenv("FONTCONFIG_FILE", path, TRUE);
    g_test_trap_subprocess(NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
    g_unsetenv("FONTCONFIG_FILE");
    g_test_trap_assert_passed();
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/draw/chart/every_chart_is_drawn_and_read_back",
                    every_chart_is_drawn_and_read_back);
    g_test_add_func("/draw/chart/every_chart_is_a_picture", every_chart_is_a_picture);
    g_test_add_func("/draw/chart/what_a_chart_says_are_its_figures",
                    what_a_chart_says_are_its_figures);
    g_test_add_func("/draw/chart/a_table_goes_over_pages", a_table_goes_over_pages);
    g_test_add_func("/draw/chart/a_logo_is_taken_as_it_is_or_not_at_all",
                    a_logo_is_taken_as_it_is_or_not_at_all);
    g_test_add_func("/draw/chart/a_machine_without_fonts_is_told_so",
                    a_machine_without_fonts_is_told_so);
    int failed = g_test_run();
    hib_draw_close();
    return failed;
}
