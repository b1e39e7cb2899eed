/* Sentences and the document made of them: every number in a sentence is a figure, and the figure is what was stored; no pattern has a digit of its own; an empty month says so; a difference is told only where it
 * can be told; and the PDF holds what the document says, nothing upon anything. HIB_REPORT_SHOW=folder keeps PDF and XLSX. */
#include "base/error.h"
#include "base/messages.h"
#include "report/behind.h"
#include "report/report_private.h"
#include <math.h>
#include <poppler.h>
#include <string.h>

enum { DAYS = 31, POSTS = 40 };

typedef struct {
    HibArena *arena;
    HibReport report;
    HibReportFigures figures;
    HibMeasureDay days[DAYS], before[DAYS];
    HibMeasureCell cells[7 * 24];
    HibMeasureBest posts[POSTS];
    const char *heads[POSTS], *wheres[POSTS], *urls[POSTS];
    HibReportAccount accounts[2];
    HibToldGoal goals[2];
    HibToldUnusual unusual[2];
    HibReportLearnt learnt[3];
} Month;

static void
month_open(Month *m, HibArena *arena, const char *locale)
{
    *m = (Month){.arena = arena};
    m->report.content = (HibReportContent){.kind = HIB_REPORT_MONTHLY,
                                           .name = "十月のご報告",
                                           .client = "珈琲ひびき",
                                           .from_day = 20261001,
                                           .until_day = 20261031,
                                           .locale = locale,
                                           .accent = 0x0b6b4f};
    g_assert_true(hib_report_settle(&m->report.content, NULL));
    for (int i = 0; i < DAYS; i++) {
        m->days[i].day = 20261001 + i;
        m->before[i].day = hib_measure_day_shift(20260831, i);
    }
    for (int i = 0; i < 7 * 24; i++)
        m->cells[i] = (HibMeasureCell){.weekday = i / 24 + 1, .hour = i % 24};
    m->figures = (HibReportFigures){.report = &m->report,
                                    .workspace = "運用チーム",
                                    .zone = "Asia/Tokyo",
                                    .source = "bluesky",
                                    .made_at = 1793500000LL * HIB_SECOND};
    m->figures.of = (HibMeasureOverview){
        .days = m->days, .before = m->before, .n_days = DAYS, .cells = m->cells};
}

static void
month_fill(Month *m)
{
    HibMeasureOverview *of = &m->figures.of;
    for (int i = 0; i < DAYS; i++) {
        m->days[i].posts = 1 + i % 2;
        m->before[i].posts = 2;
        m->days[i].followers = 9000 + i * 11;
        m->before[i].followers = 8800;
        m->days[i].has_followers = m->before[i].has_followers = true;
        for (int k = 0; k < HIB_MEASURE_N; k++) {
            m->days[i].gained[k] = 120 / (k + 1) + i;
            m->before[i].gained[k] = 90 / (k + 1);
        }
    }
    of->has_newest = of->has_before = of->has_per_post = of->has_per_post_before = true;
    of->newest = m->figures.made_at;
    of->per_post = 210.4;
    of->per_post_before = 98.7;
    m->cells[3 * 24 + 20].engagements = (HibMeanInterval){12, 400, 380, 420};
    m->cells[1 * 24 + 9].engagements = (HibMeanInterval){20, 90, 70, 110};
    m->cells[2 * 24 + 9].engagements = (HibMeanInterval){3, 900, 880, 920}; /* too few to be told */
    for (int i = 0; i < POSTS; i++) {
        m->posts[i] = (HibMeasureBest){.post = "01890a5d-ac96-774b-bcce-b302099a8059",
                                       .published_at = m->figures.made_at - i * HIB_DAY,
                                       .values = {400 - 10 * i, 20, 10, 5},
                                       .engagements = 435 - 10 * i};
        m->heads[i] = "新作のチーズケーキが焼き上がりました。数量限定です、お早めにどうぞ";
        m->wheres[i] = "ひびき公式";
        m->urls[i] = i < 5 ? "https://bsky.app/profile/hibiki/post/1" : NULL;
    }
    m->posts[0].engagements = 4350;
    m->figures.posts = m->posts;
    m->figures.heads = m->heads;
    m->figures.wheres = m->wheres;
    m->figures.urls = m->urls;
    m->figures.n_posts = POSTS;
    m->accounts[0] = (HibReportAccount){"account-ひびき公式", "ひびき公式", "bluesky", *of};
    m->accounts[1] = (HibReportAccount){"account-ひびき珈琲豆", "ひびき珈琲豆", "mastodon", *of};
    m->figures.accounts = m->accounts;
    m->figures.n_accounts = 2;
    m->goals[0] = (HibToldGoal){.id = "01890a5d-ac96-774b-bcce-b302099a8057",
                                .name = "年末のフォロワー",
                                .metric = "followers",
                                .due_on = 20261231,
                                .target = 9800,
                                .actual = 9330,
                                .chance = 0.184,
                                .rate_needed = 7.66,
                                .days_left = 62,
                                .has_actual = true,
                                .has_chance = true,
                                .has_rate = true,
                                .is_at_risk = true};
    m->goals[1] = (HibToldGoal){.id = "01890a5d-ac96-774b-bcce-b302099a8058",
                                .name = "十月の投稿",
                                .metric = "posts",
                                .starts_on = 20261001,
                                .as_of = 20261031,
                                .due_on = 20261031,
                                .target = 40,
                                .actual = 46,
                                .has_actual = true,
                                .is_reached = true};
    m->unusual[0] =
        (HibToldUnusual){"engagements", NULL, 20261012, 20261013, 940, 410, 620, true, ""};
    m->unusual[1] = (HibToldUnusual){
        "likes", NULL, 20261020, 20261020, 12, 60, 140, false, "配信が止まっていた"};
    m->learnt[0] = (HibReportLearnt){
        "ひびき公式", "account-a", {"time", "5-20", 24, 0.31, 0.12, 0.54, true, 0, 0}};
    m->learnt[1] = (HibReportLearnt){
        "ひびき公式", "account-a", {"type", "text", 18, -0.2, -0.35, -0.05, true, 0, 0}};
    m->learnt[2] = (HibReportLearnt){
        "ひびき珈琲豆", "account-b", {"hashtag", "#珈琲", 9, 0.1, -0.3, 0.7, false, 30, 8}};
    m->figures.goals = m->goals;
    m->figures.unusual = m->unusual;
    m->figures.learnt = m->learnt;
    m->figures.n_goals = m->figures.n_unusual = 2;
    m->figures.n_learnt = 3;
}

/* Takes the figures' texts out, the longest first; what digits are left belong to nobody. */
static void
assert_backed(const HibReportSentence *sentence)
{
    g_autoptr(GString) rest = g_string_new(sentence->text);
    for (size_t length = 200; length > 0; length--)
        for (size_t i = 0; i < sentence->n_figures; i++)
            if (strlen(sentence->figures[i].text) == length) {
                g_assert_nonnull(strstr(sentence->text, sentence->figures[i].text));
                g_string_replace(rest, sentence->figures[i].text, "", 0);
            }
    for (const char *c = rest->str; *c; c++)
        g_assert_false(g_ascii_isdigit(*c));
    g_assert_null(strchr(rest->str, '{'));
}

static const HibReportFigure *
figure_of(const HibReportFindings *found, const char *name)
{
    for (size_t i = 0; i < found->n_sentences; i++)
        for (size_t k = 0; k < found->sentences[i].n_figures; k++)
            if (g_str_equal(found->sentences[i].figures[k].name, name))
                return &found->sentences[i].figures[k];
    return NULL;
}

static void
every_number_is_a_stored_figure(void)
{
    for (int english = 0; english < 2; english++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        Month m;
        month_open(&m, arena, english ? "en" : "ja");
        month_fill(&m);
        const HibReportFindings found = hib_report_findings(arena, &m.figures);
        double now = 0, before = 0, posts = 0;
        for (int i = 0; i < DAYS; i++) {
            posts += (double)m.days[i].posts;
            for (int k = 0; k < HIB_MEASURE_N; k++) {
                now += (double)m.days[i].gained[k];
                before += (double)m.before[i].gained[k];
            }
        }
        g_assert_cmpuint(found.n_sentences, >=, 5);
        for (size_t i = 0; i < found.n_sentences; i++)
            assert_backed(&found.sentences[i]);
        for (size_t i = 0; i < found.n_suggestions; i++) {
            assert_backed(&found.suggestions[i].what);
            assert_backed(&found.suggestions[i].why);
        }
        g_assert_cmpfloat(figure_of(&found, "now")->value, ==, now);
        g_assert_cmpfloat(figure_of(&found, "before")->value, ==, before);
        g_assert_cmpfloat(figure_of(&found, "posts")->value, ==, posts);
        g_assert_cmpfloat_with_epsilon(figure_of(&found, "change")->value, now / before - 1, 1e-12);
        g_assert_cmpfloat(figure_of(&found, "net")->value, ==, 330);
        g_assert_cmpfloat(figure_of(&found, "best")->value, ==, 4350);
        g_assert_cmpfloat(figure_of(&found, "chance")->value, ==, 0.184);
        g_assert_cmpstr(figure_of(&found, "lift")->text, ==, "31");
        g_assert_cmpfloat(figure_of(&found, "actual")->value, ==, 9330);
        bool is_for_goal = false, is_for_unusual = false, is_for_test = false;
        for (size_t i = 0; i < found.n_suggestions; i++) {
            is_for_goal |= g_str_has_prefix(found.suggestions[i].key, "goal-");
            is_for_unusual |= g_str_has_prefix(found.suggestions[i].key, "unusual-20261012");
            is_for_test |= g_str_equal(found.suggestions[i].key, "learnt-2");
            g_assert_cmpint(g_utf8_strlen(found.suggestions[i].key, -1), <=, 40);
            for (size_t k = 0; k < i; k++)
                g_assert_cmpstr(found.suggestions[k].key, !=, found.suggestions[i].key);
        }
        g_assert_true(is_for_goal && is_for_unusual && is_for_test);
        for (size_t i = 0; i < found.n_sentences; i++)
            for (size_t k = 0; k < found.sentences[i].n_figures; k++) {
                const HibReportFigure *figure = &found.sentences[i].figures[k];
                bool is_share = g_str_equal(figure->name, "change") ||
                                g_str_equal(figure->name, "share") ||
                                fabs(figure->value) < 1; /* the other shares: chances, lifts */
                if (isfinite(figure->value) && !is_share)
                    g_assert_cmpstr(figure->text, ==, hib_number_text(arena, figure->value));
            }
    }
}

/* Where a number of a section's block leads. */
static const char *
behind_at(const HibReportDocument *document, HibSectionKind kind, size_t block, size_t row,
          size_t column)
{
    for (size_t i = 0; i < document->n_parts; i++)
        if (document->parts[i].kind == kind) {
            const HibReportBlock *of = &document->parts[i].blocks[block];
            const size_t n = of->kind == HIB_BLOCK_CHART   ? of->chart.n_series + 1
                             : of->kind == HIB_BLOCK_TILES ? 2
                                                           : of->grid.n_columns;
            return of->behind ? of->behind[row * n + column] : NULL;
        }
    return NULL;
}

#define OCTOBER "first_day=2026-10-01&last_day=2026-10-31"
#define BEFORE "first_day=2026-08-31&last_day=2026-09-30"
#define SUM "/measure/posts?metric=engagements&value=gained&"
#define OUT "/measure/posts?metric=engagements&"

static void
numbers_lead_to_their_posts_and_followers_nowhere(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    Month m;
    HibReportDocument of;
    month_open(&m, arena, "ja");
    month_fill(&m);
    m.days[3].gained[HIB_MEASURE_LIKES] = 0;
    hib_report_document(arena, &m.figures, &of);
    g_assert_cmpstr(behind_at(&of, HIB_SECTION_SUMMARY, 0, 0, 0), ==, SUM OCTOBER);
    g_assert_cmpstr(behind_at(&of, HIB_SECTION_SUMMARY, 0, 0, 1), ==, SUM BEFORE);
    g_assert_null(behind_at(&of, HIB_SECTION_SUMMARY, 0, 1, 0)); /* followers */
    g_assert_cmpstr(behind_at(&of, HIB_SECTION_SUMMARY, 0, 2, 0), ==, OUT OCTOBER);
    g_assert_cmpstr(behind_at(&of, HIB_SECTION_SUMMARY, 0, 3, 1), ==, OUT BEFORE);
    g_assert_null(behind_at(&of, HIB_SECTION_KPIS, 0, 1, 1));
    g_assert_cmpstr(behind_at(&of, HIB_SECTION_KPIS, 0, 3, 2), ==, SUM BEFORE);
    g_assert_null(behind_at(&of, HIB_SECTION_KPIS, 0, 3, 3)); /* the change is of two lists */
    g_assert_null(behind_at(&of, HIB_SECTION_KPIS, 1, 0, 3)); /* a goal in followers */
    g_assert_cmpstr(behind_at(&of, HIB_SECTION_KPIS, 1, 1, 3), ==, OUT OCTOBER);
    g_assert_cmpstr(behind_at(&of, HIB_SECTION_TREND, 0, 2, 1), ==,
                    "/measure/posts?metric=likes&value=gained&first_day=2026-10-03"
                    "&last_day=2026-10-03");
    g_assert_null(behind_at(&of, HIB_SECTION_TREND, 0, 3, 1)); /* nothing came in */
    g_assert_null(behind_at(&of, HIB_SECTION_TREND, 1, 0, 1)); /* followers again */
    g_assert_true(g_str_has_suffix(behind_at(&of, HIB_SECTION_ACCOUNTS, 0, 1, 4),
                                   "&account=account-%E3%81%B2%E3%81%B3%E3%81%8D%E7%8F%88%E7%90"
                                   "%B2%E8%B1%86"));
    g_assert_true(g_str_has_prefix(behind_at(&of, HIB_SECTION_POSTS, 0, 0, 0), "/measure/0189"));
    g_assert_true(
        g_str_has_suffix(behind_at(&of, HIB_SECTION_RHYTHM, 0, 20, 4), "&weekday=4&hour=20"));
    const HibReportFindings found = hib_report_findings(arena, &m.figures);
    g_assert_cmpstr(figure_of(&found, "now")->behind, ==, SUM OCTOBER);
    g_assert_null(figure_of(&found, "change")->behind);
    g_assert_null(figure_of(&found, "last")->behind);
    for (size_t i = 0; i < found.n_sentences; i++) {
        g_autoptr(GString) all = g_string_new(NULL);
        for (size_t k = 0; k < found.sentences[i].n_pieces; k++)
            g_string_append(all, found.sentences[i].pieces[k].text);
        g_assert_cmpstr(all->str, ==, found.sentences[i].text);
    }
}

static void
no_pattern_has_a_number_of_its_own(void)
{
    static const char *const areas[] = {"report.say.", "report.do.", "report.why."};
    size_t n = 0;
    for (size_t i = 0; i < hib_n_message_rows; i++)
        for (size_t a = 0; a < G_N_ELEMENTS(areas); a++)
            if (g_str_has_prefix(hib_message_rows[i].key, areas[a])) {
                n++;
                for (const char *c = hib_message_rows[i].ja; *c; c++)
                    g_assert_false(g_ascii_isdigit(*c));
                for (const char *c = hib_message_rows[i].en; *c; c++)
                    g_assert_false(g_ascii_isdigit(*c));
            }
    g_assert_cmpuint(n, >=, 25);
}

static bool
suggests(const HibReportFindings *found, const char *key)
{
    for (size_t i = 0; i < found->n_suggestions; i++)
        if (g_str_equal(found->suggestions[i].key, key))
            return true;
    return false;
}

static void
a_difference_is_told_only_where_it_can_be(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    Month m;
    month_open(&m, arena, "ja");
    month_fill(&m);
    HibReportFindings found = hib_report_findings(arena, &m.figures);
    g_assert_true(suggests(&found, "slot"));
    g_assert_cmpfloat(figure_of(&found, "cell")->value, ==, 400); /* not the cell of three posts */
    m.cells[3 * 24 + 20].engagements = (HibMeanInterval){12, 400, 100, 700};
    found = hib_report_findings(arena, &m.figures);
    g_assert_false(suggests(&found, "slot"));
    g_assert_true(suggests(&found, "test"));
}

static void
an_empty_month_says_so(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    Month m;
    month_open(&m, arena, "ja");
    const HibReportFindings found = hib_report_findings(arena, &m.figures);
    g_assert_nonnull(strstr(found.sentences[0].text, "公開した投稿はありません"));
    g_assert_true(suggests(&found, "plan"));
    HibReportDocument document;
    hib_report_document(arena, &m.figures, &document);
    GError *error = NULL;
    g_autoptr(GBytes) pdf = NULL, xlsx = NULL;
    g_assert_true(hib_report_pdf(&document, &pdf, &error));
    g_assert_true(hib_report_xlsx(&document, &xlsx, &error));
    g_assert_no_error(error);
    g_autoptr(GBytes) chart = NULL;
    g_assert_false(hib_report_chart(&document, 0, &chart, &error));
    g_assert_cmpstr(hib_error_reason(error), ==, "report.no_chart");
    g_clear_error(&error);
    g_assert_cmpstr(document.parts[0].blocks[0].tiles[0].value, ==,
                    "未取得"); /* missing, not zero */
}

static void
keep(GBytes *bytes, const char *name)
{
    const char *folder = g_getenv("HIB_REPORT_SHOW");
    g_autofree char *path = folder ? g_build_filename(folder, name, NULL) : NULL;
    if (path)
        g_file_set_contents(path, g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes),
                            NULL);
}

enum { ROLES = 6 };

/* What a program that reads aloud is told; takes the iterator. */
static void
count_roles(PopplerStructureElementIter *iter, int *roles)
{
    static const PopplerStructureElementKind kinds[ROLES] = {
        POPPLER_STRUCTURE_ELEMENT_HEADING_1,     POPPLER_STRUCTURE_ELEMENT_HEADING_2,
        POPPLER_STRUCTURE_ELEMENT_FIGURE,        POPPLER_STRUCTURE_ELEMENT_TABLE,
        POPPLER_STRUCTURE_ELEMENT_TABLE_HEADING, POPPLER_STRUCTURE_ELEMENT_TABLE_DATA};
    if (!iter)
        return;
    do {
        PopplerStructureElement *element = poppler_structure_element_iter_get_element(iter);
        for (int i = 0; i < ROLES; i++)
            roles[i] += poppler_structure_element_get_kind(element) == kinds[i];
        g_object_unref(element);
        count_roles(poppler_structure_element_iter_get_child(iter), roles);
    } while (poppler_structure_element_iter_next(iter));
    poppler_structure_element_iter_free(iter);
}

/* Into the app, all of them. */
static int
count_links(PopplerPage *page)
{
    GList *links = poppler_page_get_link_mapping(page);
    int n = 0;
    for (GList *one = links; one; one = one->next, n++) {
        const PopplerAction *action = ((PopplerLinkMapping *)one->data)->action;
        g_assert_cmpint(action->type, ==, POPPLER_ACTION_URI);
        g_assert_true(g_str_has_prefix(action->uri.uri, "https://hibiki.example/measure/"));
    }
    poppler_page_free_link_mapping(links);
    return n;
}

static void
what_it_says_is_printed(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    Month m;
    month_open(&m, arena, "ja");
    month_fill(&m);
    m.report.content.sections[0].note = "今月は新店舗の開店があり、例年より投稿を減らしています。";
    m.report.content.sections[2].is_hidden = true;
    HibReportDocument document;
    hib_report_document(arena, &m.figures, &document);
    g_assert_cmpuint(document.n_parts, ==, HIB_SECTIONS - 2);
    m.report.content.sections[2].is_hidden = false;
    hib_report_document(arena, &m.figures, &document);
    document.app = "https://hibiki.example";
    GError *error = NULL;
    g_autoptr(GBytes) pdf = NULL, xlsx = NULL, pptx = NULL, chart = NULL;
    g_assert_true(hib_report_pdf(&document, &pdf, &error));
    g_assert_true(hib_report_xlsx(&document, &xlsx, &error));
    g_assert_true(hib_report_pptx(&document, &pptx, &error));
    g_assert_true(hib_report_chart(&document, 0, &chart, &error));
    g_assert_no_error(error);
    keep(pdf, "report.pdf");
    keep(xlsx, "report.xlsx");
    keep(pptx, "report.pptx");
    PopplerDocument *read = poppler_document_new_from_bytes(pdf, NULL, &error);
    g_assert_no_error(error);
    int roles[ROLES] = {0};
    count_roles(poppler_structure_element_iter_new(read), roles);
    g_assert_cmpint(roles[0], ==, 1);                     /* the title */
    g_assert_cmpint(roles[1], ==, (int)document.n_parts); /* a heading each */
    g_assert_cmpint(roles[2], >=, 3);                     /* charts */
    g_assert_cmpint(roles[3], >=, 5);                     /* tables, with heads and cells */
    g_assert_cmpint(roles[4], >=, 20);
    g_assert_cmpint(roles[5], >, roles[4]);
    g_autoptr(GString) all = g_string_new(NULL);
    int n = poppler_document_get_n_pages(read), n_links = 0;
    for (int i = 0; i < n; i++) {
        PopplerPage *page = poppler_document_get_page(read, i);
        n_links += count_links(page);
        g_autofree char *text = poppler_page_get_text(page);
        for (const char *c = text; *c; c = g_utf8_next_char(c))
            if (!g_unichar_isspace(g_utf8_get_char(c)))
                g_string_append_unichar(all, g_utf8_get_char(c));
        const char *folder = g_getenv("HIB_REPORT_SHOW");
        if (folder) {
            cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 893, 1263);
            cairo_t *cairo = cairo_create(surface);
            cairo_set_source_rgb(cairo, 1, 1, 1);
            cairo_paint(cairo);
            cairo_scale(cairo, 1.5, 1.5);
            poppler_page_render(page, cairo);
            g_autofree char *path = g_strdup_printf("%s/page-%d.png", folder, i + 1);
            cairo_surface_write_to_png(surface, path);
            cairo_destroy(cairo);
            cairo_surface_destroy(surface);
        }
        g_object_unref(page);
    }
    g_object_unref(read);
    g_assert_cmpint(n, >=, 4);
    g_assert_cmpint(n_links, >=, 30); /* of tiles, key figures, accounts and posts */
    static const char *const said[] = {"十月のご報告",      "珈琲ひびき",     "運用チーム",
                                       "エンゲージメント",  "投稿ランキング", "次の打ち手",
                                       "今月は新店舗の開店"};
    for (size_t i = 0; i < G_N_ELEMENTS(said); i++)
        g_assert_nonnull(strstr(all->str, said[i]));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/findings/every_number_is_a_stored_figure",
                    every_number_is_a_stored_figure);
    g_test_add_func("/report/findings/numbers_lead_to_their_posts_and_followers_nowhere",
                    numbers_lead_to_their_posts_and_followers_nowhere);
    g_test_add_func("/report/findings/no_pattern_has_a_number_of_its_own",
                    no_pattern_has_a_number_of_its_own);
    g_test_add_func("/report/findings/a_difference_is_told_only_where_it_can_be",
                    a_difference_is_told_only_where_it_can_be);
    g_test_add_func("/report/findings/an_empty_month_says_so", an_empty_month_says_so);
    g_test_add_func("/report/findings/what_it_says_is_printed", what_it_says_is_printed);
    int failed = g_test_run();
    hib_draw_close();
    return failed;
}
