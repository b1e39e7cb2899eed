/* The document: which parts a report has, and the text, tiles, charts and tables of each. Pure; outputs only print it. */
#include "base/messages.h"
#include "days/days.h"
#include "report/behind.h"
#include "report/report_private.h"
#include <math.h>

#define SHOWN HIB_REPORT_SHOWN
#define BLOCKS 24

static const char *const section_keys[] = {"section.summary",  "section.kpis",  "section.trend",
                                           "section.accounts", "section.posts", "section.rhythm",
                                           "section.campaign", "section.next",  "section.basis"};

typedef struct {
    HibArena *arena;
    const HibReportFigures *of;
    const HibReportFindings *findings;
    const HibZone *zone;
    HibReportPart *part;
} Maker;

static HibReportBlock *
block(Maker *m, HibBlockKind kind)
{
    HibReportBlock *made = &m->part->blocks[m->part->n_blocks++];
    made->kind = kind;
    return made;
}

static void
add_text(Maker *m, HibReportSentence sentence)
{
    if (m->part->n_blocks < BLOCKS)
        block(m, HIB_BLOCK_TEXT)->sentence = sentence;
}

static void
add_words(Maker *m, const char *key)
{
    add_text(m, (HibReportSentence){.kind = HIB_SAYS_FACT, .text = hib_report_say(m->of, key)});
}

/* "+12.3 %（直前 1,234）", or that there is nothing to compare with. */
static const char *
change_note(const Maker *m, double now, double before, bool has_before)
{
    if (!has_before)
        return hib_report_say(m->of, "no_before");
    const char *was = hib_number_text(m->arena, before), *label = hib_report_say(m->of, "before");
    if (before <= 0)
        return hib_arena_printf(m->arena, "%s %s", label, was);
    double change = round((now / before - 1) * 1000) / 10;
    return hib_arena_printf(m->arena, "%s%s %% · %s %s", change > 0 ? "+" : "",
                            hib_number_text(m->arena, change), label, was);
}

/* --- tables ------------------------------------------------------------------------------------------------------------------ */
typedef struct {
    const char **cells, **head, **behind, **urls;
    double *numbers, *share;
    bool *is_number;
    size_t n_columns, n;
} Rows;

static Rows
rows_new(const Maker *m, size_t n_columns, size_t most, const char *const *head,
         const double *share)
{
    Rows rows = {hib_arena_array(m->arena, const char *, n_columns *most + 1),
                 hib_arena_array(m->arena, const char *, n_columns),
                 hib_arena_array(m->arena, const char *, n_columns *most + 1),
                 NULL,
                 hib_arena_array(m->arena, double, n_columns *most + 1),
                 hib_arena_array(m->arena, double, n_columns),
                 hib_arena_array(m->arena, bool, n_columns),
                 n_columns,
                 0};
    for (size_t c = 0; c < n_columns; c++) {
        rows.head[c] = hib_report_say(m->of, head[c]);
        rows.share[c] = share[c];
    }
    return rows;
}

static void
put_words(Rows *rows, size_t column, const char *text)
{
    rows->cells[rows->n * rows->n_columns + column] = text;
    rows->numbers[rows->n * rows->n_columns + column] = NAN;
}

static void
put_number(const Maker *m, Rows *rows, size_t column, double value, const char *behind)
{
    rows->behind[rows->n * rows->n_columns + column] = behind;
    rows->cells[rows->n * rows->n_columns + column] = hib_number_text(m->arena, value);
    rows->numbers[rows->n * rows->n_columns + column] = value;
    rows->is_number[column] = true;
}

static HibReportBlock
as_grid(const Rows *rows, const char *title)
{
    return (HibReportBlock){
        .kind = HIB_BLOCK_GRID,
        .title = title,
        .numbers = rows->numbers,
        .behind = rows->behind,
        .urls = rows->urls,
        .grid = {rows->head, rows->cells, rows->is_number, rows->share, rows->n_columns, rows->n}};
}

static void
put_post(const Maker *m, Rows *rows, size_t i)
{
    const HibReportFigures *of = m->of;
    const HibMeasureBest *post = &of->posts[i];
    put_words(rows, 0, *of->heads[i] ? of->heads[i] : hib_report_say(of, "no_text"));
    rows->behind[rows->n * rows->n_columns] = hib_behind_post(m->arena, post);
    rows->urls[rows->n] = of->urls ? of->urls[i] : NULL;
    put_words(rows, 1, of->wheres[i]);
    const HibWall wall = hib_wall_at(m->zone, post->published_at);
    put_words(rows, 2,
              hib_arena_printf(m->arena, "%d-%02d-%02d %02d:%02d", wall.year, wall.month, wall.day,
                               wall.hour, wall.minute));
    for (int k = 0; k < HIB_MEASURE_N; k++)
        put_number(m, rows, 3 + (size_t)k, (double)post->values[k], NULL); /* the row's post */
    put_number(m, rows, 3 + HIB_MEASURE_N, (double)post->engagements, NULL);
    rows->n++;
}

static Rows
post_rows(const Maker *m, size_t most)
{
    static const char *const head[] = {"column.post",   "column.account",    "column.at",
                                       "metric.likes",  "metric.reposts",    "metric.replies",
                                       "metric.quotes", "metric.engagements"};
    static const double share[] = {0.30, 0.14, 0.16, 0.08, 0.08, 0.07, 0.07, 0.10};
    Rows rows = rows_new(m, G_N_ELEMENTS(head), most, head, share);
    rows.urls = hib_arena_array(m->arena, const char *, most + 1);
    return rows;
}

/* --- parts ------------------------------------------------------------------------------------------------------------------- */
/* A number, the one of the period before, and where both lead. */
typedef struct {
    double now, before;
    bool has, has_before;
    const char *behind, *behind_before; /* NULL: nowhere */
} Pair;

/* `account` NULL: of the whole report. */
static Pair
pair_of(const Maker *m, const HibMeasureOverview *of, int metric, const char *account)
{
    const char *slug = hib_report_metric(metric);
    Pair pair = {(double)hib_report_gained(of->days, of->n_days, metric),
                 (double)hib_report_gained(of->before, of->n_days, metric), of->has_newest,
                 of->has_newest && of->has_before};
    pair.behind =
        hib_behind_some(pair.now, hib_behind_gains(m->arena, m->of, HIB_PERIOD_NOW, slug, account));
    pair.behind_before = hib_behind_some(
        pair.before, hib_behind_gains(m->arena, m->of, HIB_PERIOD_BEFORE, slug, account));
    return pair;
}

/* Followers are nobody's post. */
static Pair
followers_of(const HibMeasureOverview *of)
{
    Pair pair = {0};
    for (size_t i = 0; i < of->n_days; i++)
        if (of->days[i].has_followers) {
            pair.now = (double)of->days[i].followers;
            pair.has = true;
        }
    const HibMeasureDay *last = &of->before[of->n_days - 1];
    pair.before = (double)last->followers;
    pair.has_before = last->has_followers;
    return pair;
}

static Pair
each_of(const Maker *m, const HibMeasureOverview *of, const char *account)
{
    return (Pair){round(of->per_post * 10) / 10,
                  round(of->per_post_before * 10) / 10,
                  of->has_per_post,
                  of->has_per_post_before,
                  hib_behind_published(m->arena, m->of, HIB_PERIOD_NOW, account),
                  hib_behind_published(m->arena, m->of, HIB_PERIOD_BEFORE, account)};
}

static Pair
posts_of(const Maker *m, const HibMeasureOverview *of, const char *account)
{
    Pair pair = {(double)hib_report_posts(of->days, of->n_days),
                 (double)hib_report_posts(of->before, of->n_days), true, of->has_before};
    pair.behind =
        hib_behind_some(pair.now, hib_behind_published(m->arena, m->of, HIB_PERIOD_NOW, account));
    pair.behind_before = hib_behind_some(
        pair.before, hib_behind_published(m->arena, m->of, HIB_PERIOD_BEFORE, account));
    return pair;
}

static HibTile
tile(const Maker *m, const char *label, Pair pair)
{
    return (HibTile){hib_report_say(m->of, label),
                     pair.has ? hib_number_text(m->arena, pair.now)
                              : hib_report_say(m->of, "not_yet"),
                     pair.has ? change_note(m, pair.now, pair.before, pair.has_before)
                              : hib_report_say(m->of, "not_read")};
}

static void
make_trend(Maker *m)
{
    const size_t n = hib_report_trend(m->arena, m->of, &m->part->blocks[m->part->n_blocks]);
    m->part->n_blocks += n;
    if (!n)
        add_words(m, "none.trend");
}

static void
make_rhythm(Maker *m)
{
    const size_t n = hib_report_rhythm(m->arena, m->of, &m->part->blocks[m->part->n_blocks]);
    m->part->n_blocks += n;
    if (!n)
        add_words(m, "none.rhythm");
}

static void
make_summary(Maker *m)
{
    static const char *const keys[] = {"metric.engagements", "metric.followers", "metric.posts",
                                       "metric.each"};
    const HibMeasureOverview *of = &m->of->of;
    HibReportBlock *tiles = block(m, HIB_BLOCK_TILES);
    tiles->tiles = hib_arena_array(m->arena, HibTile, 4);
    tiles->n_tiles = 4;
    const char **behind = hib_arena_array(m->arena, const char *, 8);
    const Pair pairs[] = {pair_of(m, of, HIB_REPORT_ALL, NULL), followers_of(of),
                          posts_of(m, of, NULL), each_of(m, of, NULL)};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        tiles->tiles[i] = tile(m, keys[i], pairs[i]);
        behind[2 * i] = pairs[i].has ? pairs[i].behind : NULL;
        behind[2 * i + 1] = pairs[i].has && pairs[i].has_before ? pairs[i].behind_before : NULL;
    }
    tiles->behind = behind;
    for (size_t i = 0; i < m->findings->n_sentences; i++)
        add_text(m, m->findings->sentences[i]);
}

static const char *
metric_key(const Maker *m, int metric)
{
    return hib_arena_printf(m->arena, "metric.%s", hib_report_metric(metric));
}

static void
put_pair(const Maker *m, Rows *rows, const char *label, Pair pair)
{
    put_words(rows, 0, hib_report_say(m->of, label));
    if (pair.has)
        put_number(m, rows, 1, pair.now, pair.behind);
    else
        put_words(rows, 1, hib_report_say(m->of, "not_yet"));
    if (pair.has_before)
        put_number(m, rows, 2, pair.before, pair.behind_before);
    else
        put_words(rows, 2, hib_report_say(m->of, "no_before"));
    if (pair.has && pair.has_before && pair.before > 0)
        put_number(m, rows, 3, round((pair.now / pair.before - 1) * 1000) / 10, NULL);
    else
        put_words(rows, 3, "–");
    rows->n++;
}

static void
make_goals(Maker *m)
{
    static const char *const head[] = {"column.goal", "column.due", "column.target",
                                       "column.actual", "column.chance"};
    static const double share[] = {0.36, 0.18, 0.16, 0.16, 0.14};
    Rows rows = rows_new(m, G_N_ELEMENTS(head), m->of->n_goals, head, share);
    for (size_t i = 0; i < m->of->n_goals; i++) {
        const HibToldGoal *goal = &m->of->goals[i];
        put_words(&rows, 0, goal->name);
        put_words(&rows, 1, hib_measure_day_text(m->arena, goal->due_on));
        put_number(m, &rows, 2, goal->target, NULL);
        if (goal->has_actual)
            put_number(m, &rows, 3, goal->actual,
                       hib_behind_some(goal->actual, hib_behind_goal(m->arena, goal)));
        else
            put_words(&rows, 3, hib_report_say(m->of, "not_yet"));
        put_words(&rows, 4,
                  goal->is_reached   ? hib_report_say(m->of, "goal.reached")
                  : goal->is_missed  ? hib_report_say(m->of, "goal.missed")
                  : goal->has_chance ? hib_arena_printf(m->arena, "%.0f %%", goal->chance * 100)
                                     : hib_report_say(m->of, "goal.unknown"));
        rows.n++;
    }
    rows.is_number[4] = true;
    *block(m, HIB_BLOCK_GRID) = as_grid(&rows, hib_report_say(m->of, "goal.title"));
}

static void
make_kpis(Maker *m)
{
    static const char *const head[] = {"column.metric", "column.now", "column.before",
                                       "column.change"};
    static const double share[] = {0.4, 0.2, 0.2, 0.2};
    const HibMeasureOverview *of = &m->of->of;
    /* All, then each of them; what not every network tells only where one did. */
    static const int metrics[] = {HIB_REPORT_ALL,      HIB_MEASURE_LIKES,  HIB_MEASURE_REPOSTS,
                                  HIB_MEASURE_REPLIES, HIB_MEASURE_QUOTES, HIB_REPORT_SAVES,
                                  HIB_REPORT_SHARES};
    Rows rows = rows_new(m, 4, 3 + G_N_ELEMENTS(metrics), head, share);
    put_pair(m, &rows, "metric.posts", posts_of(m, of, NULL));
    put_pair(m, &rows, "metric.followers", followers_of(of));
    put_pair(m, &rows, "metric.each", each_of(m, of, NULL));
    for (size_t k = 0; k < G_N_ELEMENTS(metrics); k++) {
        const Pair pair = pair_of(m, of, metrics[k], NULL);
        if (metrics[k] <= HIB_REPORT_ALL || pair.now != 0 || pair.before != 0)
            put_pair(m, &rows, metric_key(m, metrics[k]), pair);
    }
    *block(m, HIB_BLOCK_GRID) = as_grid(&rows, NULL);
    if (m->of->n_goals)
        make_goals(m);
}

static void
make_accounts(Maker *m)
{
    static const char *const head[] = {"column.account", "column.network",     "metric.followers",
                                       "metric.posts",   "metric.engagements", "metric.each"};
    static const double share[] = {0.28, 0.16, 0.14, 0.12, 0.16, 0.14};
    Rows rows = rows_new(m, G_N_ELEMENTS(head), m->of->n_accounts + 1, head, share);
    for (size_t a = 0; a < m->of->n_accounts; a++) {
        const HibReportAccount *account = &m->of->accounts[a];
        const Pair pairs[] = {followers_of(&account->of), posts_of(m, &account->of, account->id),
                              pair_of(m, &account->of, HIB_REPORT_ALL, account->id),
                              each_of(m, &account->of, account->id)};
        put_words(&rows, 0, account->name);
        put_words(&rows, 1, hib_report_network(m->arena, m->of, account->network));
        for (size_t c = 0; c < G_N_ELEMENTS(pairs); c++)
            if (pairs[c].has)
                put_number(m, &rows, c + 2, pairs[c].now, pairs[c].behind);
            else
                put_words(&rows, c + 2, hib_report_say(m->of, "not_yet"));
        rows.n++;
    }
    if (rows.n)
        *block(m, HIB_BLOCK_GRID) = as_grid(&rows, NULL);
    else
        add_words(m, "none.accounts");
}

static void
make_posts(Maker *m)
{
    size_t n = m->of->n_posts, n_best = MIN(n, SHOWN),
           n_least = n > SHOWN ? MIN(n - SHOWN, SHOWN) : 0;
    if (!n) {
        add_words(m, "none.posts");
        return;
    }
    Rows best = post_rows(m, SHOWN), least = post_rows(m, SHOWN);
    for (size_t i = 0; i < n_best; i++)
        put_post(m, &best, i);
    for (size_t i = n; i > n - n_least; i--)
        put_post(m, &least, i - 1);
    *block(m, HIB_BLOCK_GRID) = as_grid(&best, hib_report_say(m->of, "posts.best"));
    if (n_least)
        *block(m, HIB_BLOCK_GRID) = as_grid(&least, hib_report_say(m->of, "posts.least"));
    m->part->n_blocks += hib_report_groups(m->arena, m->of, &m->part->blocks[m->part->n_blocks]);
}

static void
put_campaign(const Maker *m, Rows *rows, const char *label, double value, int metric)
{
    put_words(rows, 0, hib_report_say(m->of, label));
    put_number(
        m, rows, 1, value,
        hib_behind_some(value, hib_behind_campaign(m->arena, m->of, hib_report_metric(metric))));
    rows->n++;
}

static void
make_campaign(Maker *m)
{
    static const char *const head[] = {"column.metric", "column.now"};
    static const double share[] = {0.6, 0.4};
    const HibMeasureCampaign *of = &m->of->campaign;
    Rows rows = rows_new(m, 2, 8, head, share);
    for (int k = 0; k <= HIB_REPORT_ALL && of->n_read; k++)
        put_campaign(m, &rows, metric_key(m, k),
                     (double)(k < HIB_REPORT_ALL ? of->values[k] : of->engagements), k);
    put_campaign(m, &rows, "campaign.published", (double)of->n_published, HIB_REPORT_ALL);
    put_campaign(m, &rows, "campaign.read", (double)of->n_read, HIB_REPORT_ALL);
    *block(m, HIB_BLOCK_GRID) = as_grid(&rows, m->of->campaign_name);
}

static void
make_next(Maker *m)
{
    for (size_t i = 0; i < m->findings->n_suggestions; i++) {
        const HibReportSuggestion *one = &m->findings->suggestions[i];
        add_text(
            m, hib_report_join(m->arena, &one->what, hib_report_say(m->of, "because"), &one->why));
    }
    if (!m->findings->n_suggestions)
        add_words(m, "none.next");
}

static void
make_basis(Maker *m)
{
    const HibReportFigures *of = m->of;
    const HibWall wall = hib_wall_at(m->zone, of->of.newest);
    const char *newest = of->of.has_newest
                             ? hib_arena_printf(m->arena, "%d-%02d-%02d %02d:%02d", wall.year,
                                                wall.month, wall.day, wall.hour, wall.minute)
                             : hib_report_say(of, "not_yet");
    add_words(m, "basis.engagements");
    add_words(m, "basis.before");
    add_words(m, "basis.missing");
    add_words(m, "basis.rhythm");
    add_text(m, (HibReportSentence){
                    .text = hib_arena_printf(
                        m->arena, "%s%s · %s%s · %s%s", hib_report_say(of, "basis.source"),
                        *of->source ? hib_report_network(m->arena, of, of->source) : "–",
                        hib_report_say(of, "basis.newest"), newest,
                        hib_report_say(of, "basis.zone"), of->zone)});
}

void
hib_report_document(HibArena *arena, const HibReportFigures *figures, HibReportDocument *ret)
{
    static void (*const make[])(Maker *) = {make_summary,  make_kpis,  make_trend,
                                            make_accounts, make_posts, make_rhythm,
                                            make_campaign, make_next,  make_basis};
    const HibReportContent *content = &figures->report->content;
    const HibReportFindings findings = hib_report_findings(arena, figures);
    char text[HIB_INSTANT_TEXT];
    g_autoptr(HibZone) known = hib_zone_open(figures->zone);
    const HibZone *zone = known ? known : hib_zone_utc();
    Maker m = {arena, figures, &findings, zone, NULL};
    *ret = (HibReportDocument){
        .title = content->name,
        .client = content->client,
        .maker = figures->workspace,
        .period = hib_arena_printf(arena, "%s%s%s",
                                   hib_report_day(arena, content->locale, content->from_day),
                                   hib_report_say(figures, "to"),
                                   hib_report_day(arena, content->locale, content->until_day)),
        .made_at = hib_arena_strdup(arena, hib_instant_format(figures->made_at, text)),
        .locale = content->locale,
        .accent = content->accent,
        .logo = figures->logo,
        .suggestions = findings.suggestions,
        .n_suggestions = findings.n_suggestions};
    ret->made = hib_report_day(arena, content->locale, hib_day_at(zone, figures->made_at));
    ret->parts = hib_arena_array(arena, HibReportPart, content->n_sections + 1);
    for (size_t i = 0; i < content->n_sections; i++) {
        const HibReportSection *section = &content->sections[i];
        if (section->is_hidden)
            continue;
        m.part = &ret->parts[ret->n_parts++];
        *m.part =
            (HibReportPart){section->kind, hib_report_say(figures, section_keys[section->kind]),
                            section->note, hib_arena_array(arena, HibReportBlock, BLOCKS), 0};
        make[section->kind](&m);
    }
    Rows all = post_rows(&m, figures->n_posts + 1);
    for (size_t i = 0; i < figures->n_posts; i++)
        put_post(&m, &all, i);
    ret->posts = as_grid(&all, hib_report_say(figures, "posts.all"));
}
