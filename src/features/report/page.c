/* The document as a page for people without an account: HTML without script, for reading on a phone and for printing. Charts are pictures whose words stand below them and whose figures can be opened; what a sentence is
 * (fact, reading, guess) stands before it in words. Colours of the client's own are used for what is decoration only, so that any of them can be read. */
#include "base/messages.h"
#include "report/link.h"

static const char STYLE[] =
    ":root{color-scheme:light "
    "dark;--bg:#f6f5f2;--card:#fff;--line:#d9d6cf;--text:#1d1c1a;--muted:#5d5a54;--link:#0f5f9e;--"
    "soft:#f3f1ec;--bad:#a3261b}"
    "@media(prefers-color-scheme:dark){:root{--bg:#161614;--card:#21201e;--line:#3b3935;--text:#"
    "efede8;--muted:#aaa69d;--link:#8ec5f5;--soft:#2a2926;--bad:#ff9a8f}}"
    "*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--text);font:16px/1.7 "
    "system-ui,'Hiragino Sans','Noto Sans JP',sans-serif}"
    "main{max-width:880px;margin:0 auto;padding:24px 16px 64px}h1{font-size:1.6rem;line-height:"
    "1.35;margin:0 0 4px;overflow-wrap:anywhere}h2{font-size:1.15rem;margin:0 0 12px;padding-left:"
    "10px;border-left:4px solid var(--accent)}h3{font-size:1rem;margin:0 0 8px}p{margin:0 0 10px;"
    "overflow-wrap:anywhere}a{color:var(--link)}"
    ".muted{color:var(--muted);font-size:.9rem}.bar{width:64px;height:5px;background:var(--accent);"
    "margin:0 0 16px}.logo{display:block;max-width:180px;max-height:80px;margin:0 0 16px;"
    "background:#fff;border-radius:6px}"
    ".card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:18px;"
    "margin:16px 0}.note{background:var(--soft);border-radius:8px;padding:10px 12px;white-space:"
    "pre-wrap}"
    "nav{display:flex;flex-wrap:wrap;gap:6px 18px;margin:12px 0}nav a{padding:6px 0}"
    "dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:0 0 "
    "14px}dl div{background:var(--soft);border-radius:8px;padding:10px 12px}dt{color:var(--muted);"
    "font-size:.9rem}dd{margin:0;font-size:.85rem}dd.value{font-size:1.4rem;font-weight:650;line-"
    "height:1.3}"
    ".says{list-style:none;margin:0 0 14px;padding:0}.says li{display:grid;grid-template-columns:"
    "auto minmax(0,1fr);gap:10px;margin:0 0 8px;align-items:baseline;overflow-wrap:anywhere}.says "
    "li.plain{display:block}.tag{border:1px solid var(--line);border-radius:99px;padding:0 9px;"
    "font-size:.8rem;white-space:nowrap}"
    "figure{margin:0 0 18px}figure "
    "img{display:block;width:100%;min-width:520px;height:auto;background:#fff;border-"
    "radius:8px}figcaption{color:var(--muted);font-size:.9rem;margin:6px 0 "
    "0}summary{cursor:pointer;"
    "color:var(--link);font-size:.9rem;padding:6px 0}"
    ".scroll{overflow-x:auto;margin:0 0 14px}table{border-collapse:collapse;width:100%;font-size:."
    "9rem}caption{text-align:left;font-weight:650;padding:0 0 6px}th,td{text-align:left;vertical-"
    "align:top;padding:6px 10px 6px 0;border-bottom:1px solid var(--line);min-width:64px}td:first-"
    "child{min-width:160px;overflow-wrap:anywhere}.num{text-align:right;font-variant-numeric:"
    "tabular-nums}"
    "label{display:block;font-weight:600;margin:14px 0 4px}input{width:100%;max-width:360px;font:"
    "inherit;color:inherit;background:var(--bg);border:1px solid var(--muted);border-radius:8px;"
    "padding:10px}button{font:inherit;font-weight:600;min-height:46px;border-radius:8px;border:1px "
    "solid var(--muted);background:var(--card);color:inherit;padding:8px 20px;margin-top:14px;"
    "cursor:pointer}.error{color:var(--bad);font-weight:600}:focus-visible{outline:3px solid var(--"
    "link);outline-offset:2px}"
    "@media print{:root{color-scheme:light;--bg:#fff;--card:#fff;--line:#bbb;--text:#000;--muted:#"
    "444;--soft:#f3f1ec;--link:#000}nav,details{display:none}main{max-width:none;padding:0}.card{"
    "border:0;padding:0;margin:0 0 18px}h2,h3,caption{break-after:avoid}figure,dl,tr,.says "
    "li{break-"
    "inside:avoid}body{font-size:11pt;print-color-adjust:exact}}";

const char *
hib_report_page_style(HibArena *arena, uint32_t accent)
{
    return hib_arena_printf(arena, "%s:root{--accent:#%06x}", STYLE, accent ? accent : 0x2b55c4);
}

static const char *
say(const HibReportPage *page, const char *key)
{
    g_autofree char *whole = g_strconcat("report.page.", key, NULL);
    return hib_message(page->locale, whole);
}

/* --- blocks ------------------------------------------------------------------------------------------------------------------ */
static void
add_tiles(HibHtml *html, const HibReportBlock *block)
{
    hib_html_open(html, "dl", NULL);
    for (size_t i = 0; i < block->n_tiles; i++) {
        hib_html_open(html, "div", NULL);
        hib_html_line(html, "dt", NULL, block->tiles[i].label);
        hib_html_line(html, "dd", "value", block->tiles[i].value);
        hib_html_line(html, "dd", NULL, block->tiles[i].note);
        hib_html_close(html);
    }
    hib_html_close(html);
}

/* Whoever reads this has no place in the app: what leads somewhere is a post's row, to the post on its network. */
static void
add_cell(HibHtml *html, const HibGrid *grid, const char *const *urls, size_t r, size_t c)
{
    const char *text = grid->cells[r * grid->n_columns + c];
    if (c || !urls || !urls[r]) {
        hib_html_line(html, "td", grid->is_number[c] ? "num" : NULL, text);
        return;
    }
    hib_html_open(html, "td", NULL);
    hib_html_out(html, urls[r], text);
    hib_html_close(html);
}

/* A wide table is moved sideways by keyboard too, so it can be reached and has a name. */
static void
add_grid(HibHtml *html, const HibGrid *grid, const char *const *urls, const char *title,
         const char *name)
{
    hib_html_open(html, "div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label",
                  name, NULL);
    hib_html_open(html, "table", NULL);
    if (title)
        hib_html_line(html, "caption", NULL, title);
    hib_html_open(html, "thead", NULL);
    hib_html_open(html, "tr", NULL);
    for (size_t c = 0; c < grid->n_columns; c++) {
        hib_html_open(html, "th", "scope", "col", "class", grid->is_number[c] ? "num" : NULL, NULL);
        hib_html_text(html, grid->head[c]);
        hib_html_close(html);
    }
    hib_html_close(html);
    hib_html_close(html);
    hib_html_open(html, "tbody", NULL);
    for (size_t r = 0; r < grid->n_rows; r++) {
        hib_html_open(html, "tr", NULL);
        for (size_t c = 0; c < grid->n_columns; c++)
            add_cell(html, grid, urls, r, c);
        hib_html_close(html);
    }
    hib_html_close(html);
    hib_html_close(html);
    hib_html_close(html);
}

static void
add_chart(HibArena *arena, HibHtml *html, const HibReportPage *page, const HibChart *chart,
          int64_t number)
{
    const char *says = hib_chart_says(arena, page->document->locale, chart);
    const HibGrid table = hib_chart_table(arena, page->document->locale, chart);
    hib_html_open(html, "figure", NULL);
    hib_html_open(html, "div", "class", "scroll", "role", "region", "tabindex", "0", "aria-label",
                  chart->title, NULL);
    hib_html_void(html, "img", "src",
                  hib_arena_printf(arena, "%s/chart-%" G_GINT64_FORMAT ".svg", page->root, number),
                  "alt", chart->title, "loading", "lazy", NULL);
    hib_html_close(html);
    hib_html_line(html, "figcaption", NULL, says);
    hib_html_open(html, "details", NULL);
    hib_html_line(html, "summary", NULL, say(page, "table"));
    add_grid(html, &table, NULL, chart->title, chart->title);
    hib_html_close(html);
    hib_html_close(html);
}

static void
add_sentence(HibHtml *html, const HibReportPage *page, const HibReportSentence *sentence)
{
    static const char *const keys[] = {"report.says.fact", "report.says.reading",
                                       "report.says.guess"};
    hib_html_open(html, "li", "class", sentence->n_figures ? NULL : "plain", NULL);
    if (sentence->n_figures)
        hib_html_line(html, "span", "tag",
                      hib_message(page->document->locale, keys[sentence->kind]));
    hib_html_line(html, "span", NULL, sentence->text);
    hib_html_close(html);
}

static void
add_part(HibArena *arena, HibHtml *html, const HibReportPage *page, const HibReportPart *part,
         int64_t *number)
{
    hib_html_open(html, "section", "class", "card", NULL);
    hib_html_line(html, "h2", NULL, part->title);
    if (*part->note)
        hib_html_line(html, "p", "note", part->note);
    for (size_t i = 0; i < part->n_blocks; i++) {
        const HibReportBlock *block = &part->blocks[i];
        bool is_text = block->kind == HIB_BLOCK_TEXT,
             is_first = is_text && (i == 0 || block[-1].kind != HIB_BLOCK_TEXT),
             is_last = is_text && (i + 1 == part->n_blocks || block[1].kind != HIB_BLOCK_TEXT);
        if (is_first)
            hib_html_open(html, "ul", "class", "says", NULL);
        if (is_text)
            add_sentence(html, page, &block->sentence);
        if (is_last)
            hib_html_close(html);
        if (block->kind == HIB_BLOCK_TILES)
            add_tiles(html, block);
        if (block->kind == HIB_BLOCK_CHART)
            add_chart(arena, html, page, &block->chart, (*number)++);
        if (block->kind == HIB_BLOCK_GRID)
            add_grid(html, &block->grid, block->urls, block->title,
                     block->title ? block->title : part->title);
    }
    hib_html_close(html);
}

/* --- the page ---------------------------------------------------------------------------------------------------------------- */
static void
add_way(HibHtml *html, const char *href, const char *text)
{
    hib_html_open(html, "a", "href", href, NULL);
    hib_html_text(html, text);
    hib_html_close(html);
}

static void
add_ways(HibArena *arena, HibHtml *html, const HibReportPage *page)
{
    static const char *const files[][2] = {
        {"report.pdf", "PDF"}, {"report.xlsx", "Excel"}, {"report.pptx", "PowerPoint"}};
    bool is_english = g_str_equal(page->locale, "en");
    hib_html_open(html, "nav", "aria-label", say(page, "ways"), NULL);
    for (size_t i = 0; page->has_files && i < G_N_ELEMENTS(files); i++)
        add_way(html, hib_arena_printf(arena, "%s/%s", page->root, files[i][0]), files[i][1]);
    hib_html_open(html, "a", "href",
                  hib_arena_printf(arena, "%s?lang=%s", page->root, is_english ? "ja" : "en"),
                  "lang", is_english ? "ja" : "en", NULL);
    hib_html_text(html, is_english ? "日本語" : "English");
    hib_html_close(html);
    hib_html_close(html);
}

void
hib_report_page(HibArena *arena, HibHtml *html, const HibReportPage *page)
{
    const HibReportDocument *of = page->document;
    char text[HIB_INSTANT_TEXT];
    int64_t number = 0;
    hib_html_open(html, "main", "lang", page->locale, NULL);
    hib_html_open(html, "header", NULL);
    if (of->logo)
        hib_html_void(html, "img", "class", "logo", "src",
                      hib_arena_printf(arena, "%s/logo.jpg", page->root), "alt",
                      *of->client ? of->client : of->maker, NULL);
    hib_html_open(html, "div", "class", "bar", NULL);
    hib_html_close(html);
    if (*of->client)
        hib_html_line(html, "p", "muted", of->client);
    hib_html_line(html, "h1", NULL, of->title);
    hib_html_line(html, "p", NULL, of->period);
    hib_html_line(html, "p", "muted",
                  hib_arena_printf(arena, "%s · %s%s", of->maker,
                                   hib_message(of->locale, "report.made"), of->made));
    hib_html_close(html);
    add_ways(arena, html, page);
    for (size_t i = 0; i < of->n_parts; i++)
        add_part(arena, html, page, &of->parts[i], &number);
    hib_html_line(html, "p", "muted",
                  hib_arena_printf(arena, "%s %.10s", say(page, "until"),
                                   hib_instant_format(page->expires_at, text)));
    hib_html_close(html);
}

void
hib_report_page_door(HibArena *arena, HibHtml *html, const char *root, const char *locale,
                     bool is_wrong)
{
    hib_html_open(html, "main", "lang", locale, NULL);
    hib_html_line(html, "h1", NULL, hib_message(locale, "report.page.door"));
    hib_html_line(html, "p", NULL, hib_message(locale, "report.page.door_text"));
    if (is_wrong) {
        hib_html_open(html, "p", "class", "error", "role", "alert", "id", "wrong", NULL);
        hib_html_text(html, hib_message(locale, "report.page.wrong"));
        hib_html_close(html);
    }
    hib_html_open(html, "form", "method", "post", "action", hib_arena_printf(arena, "%s", root),
                  "class", "card", NULL);
    hib_html_open(html, "label", "for", "password", NULL);
    hib_html_text(html, hib_message(locale, "report.page.password"));
    hib_html_close(html);
    hib_html_void(html, "input", "id", "password", "name", "password", "type", "password",
                  "autocomplete", "off", "required", "", "autofocus", "", "aria-describedby",
                  is_wrong ? "wrong" : NULL, NULL);
    hib_html_open(html, "button", "type", "submit", NULL);
    hib_html_text(html, hib_message(locale, "report.page.open"));
    hib_html_close(html);
    hib_html_close(html);
    hib_html_close(html);
}
