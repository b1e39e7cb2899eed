/* Sentences made of figures by rules. A fact says what was counted, with its period and how many; a reading says what that means by comparing figures; a guess is told as one, with what would prove it.
 * The patterns (messages report.say.…) have no digit in them: whatever number stands in a sentence is a figure of it, printed from the figure itself. */
#include "base/messages.h"
#include "report/behind.h"
#include "report/report_private.h"
#include <math.h>
#include <string.h>

#define SAME 0.03 /* a change below is told as none */
#define MOST 16
#define GOALS_TOLD 3
#define UNUSUAL_TOLD 2
#define LEARNT_TOLD 2
#define TESTS_TOLD 1
#define HEAD_CHARACTERS 40

const char *
hib_report_metric(int metric)
{
    static const char *const slugs[HIB_REPORT_METRICS] = {
        "likes", "reposts", "replies", "quotes", "engagements", "saves", "shares"};
    return slugs[metric];
}

int64_t
hib_report_gained(const HibMeasureDay *days, size_t n, int metric)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += metric < HIB_MEASURE_N        ? days[i].gained[metric]
               : metric == HIB_REPORT_SAVES  ? days[i].saves
               : metric == HIB_REPORT_SHARES ? days[i].shares
                                             : hib_measure_day_engagements(&days[i]);
    return sum;
}

int64_t
hib_report_posts(const HibMeasureDay *days, size_t n)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += days[i].posts;
    return sum;
}

double
hib_report_cells_mean(const HibMeasureCell *cells, size_t *ret_n)
{
    double sum = 0;
    int64_t n = 0;
    for (int i = 0; i < 7 * 24; i++) {
        sum += cells[i].engagements.mean * (double)cells[i].engagements.n;
        n += cells[i].engagements.n;
    }
    *ret_n = (size_t)n;
    return n ? sum / (double)n : 0;
}

bool
hib_report_cell_is_sure(const HibMeanInterval *cell, double mean)
{
    if (cell->n < HIB_CELL_LEAST)
        return false;
    double half = (cell->high - cell->mean) * HIB_CELL_WIDER;
    return mean < cell->mean - half || mean > cell->mean + half;
}

/* --- a sentence ------------------------------------------------------------------------------------------------------------- */
typedef struct {
    HibArena *arena;
    const HibReportFigures *of;
    const char *period;
    HibReportFindings out;
} Writer;

static HibReportFigure
count(const Writer *w, const char *name, double value)
{
    return (HibReportFigure){name, value, hib_number_text(w->arena, value)};
}

/* The same, made of posts. */
static HibReportFigure
led(const Writer *w, const char *name, double value, const char *behind)
{
    return (HibReportFigure){name, value, hib_number_text(w->arena, value),
                             hib_behind_some(value, behind)};
}

static const char *
published(const Writer *w, HibReportPeriod period)
{
    return hib_behind_published(w->arena, w->of, period, NULL);
}

static const char *
gains(const Writer *w, HibReportPeriod period)
{
    return hib_behind_gains(w->arena, w->of, period, hib_report_metric(HIB_REPORT_ALL), NULL);
}

static HibReportFigure
words(const char *name, const char *text)
{
    return (HibReportFigure){name, NAN, text};
}

static HibReportFigure
percent(const Writer *w, const char *name, double share)
{
    return (HibReportFigure){name, share,
                             hib_number_text(w->arena, round(fabs(share) * 1000) / 10)};
}

#define SAY(w, kind, key, ...)                                                                     \
    hib_report_sentence((w)->arena, (w)->of, kind, key, (const HibReportFigure[]){__VA_ARGS__},    \
                        sizeof((const HibReportFigure[]){__VA_ARGS__}) / sizeof(HibReportFigure))

static void
add(Writer *w, HibReportSentence said)
{
    if (w->out.n_sentences < MOST)
        w->out.sentences[w->out.n_sentences++] = said;
}

static void
suggest(Writer *w, const char *key, HibReportSentence what, HibReportSentence why)
{
    if (w->out.n_suggestions < MOST)
        w->out.suggestions[w->out.n_suggestions++] = (HibReportSuggestion){key, what, why};
}

static const char *
engagements_key(double now, double before)
{
    double change = now / before - 1;
    return fabs(change) < SAME ? "say.engagements_same"
           : change > 0        ? "say.engagements_up"
                               : "say.engagements_down";
}

/* The beginning of a post, on one line. */
static const char *
head_of(const Writer *w, size_t post)
{
    const char *head = w->of->heads[post];
    if (!*head)
        return hib_report_say(w->of, "no_text");
    bool is_cut = g_utf8_strlen(head, -1) > HEAD_CHARACTERS;
    g_autofree char *cut = is_cut ? g_utf8_substring(head, 0, HEAD_CHARACTERS) : g_strdup(head);
    g_strdelimit(cut, "\r\n\t", ' ');
    return hib_arena_printf(w->arena, "%s%s", cut, is_cut ? "…" : "");
}

/* --- what is said ------------------------------------------------------------------------------------------------------------ */
static void
say_engagements(Writer *w, double now, double before, double posts)
{
    const HibMeasureOverview *of = &w->of->of;
    bool has_before = of->has_before && before > 0;
    add(w, SAY(w, HIB_SAYS_FACT, has_before ? engagements_key(now, before) : "say.engagements",
               words("period", w->period), led(w, "posts", posts, published(w, HIB_PERIOD_NOW)),
               led(w, "now", now, gains(w, HIB_PERIOD_NOW)),
               led(w, "before", before, gains(w, HIB_PERIOD_BEFORE)),
               count(w, "days", (double)of->n_days),
               percent(w, "change", has_before ? now / before - 1 : 0)));
}

/* Which of the two moved the sum: how many posts, or what each of them brought. */
static void
say_why(Writer *w, double posts, double posts_before)
{
    const HibMeasureOverview *of = &w->of->of;
    if (!of->has_before || !of->has_per_post || !of->has_per_post_before || posts_before <= 0 ||
        of->per_post_before <= 0 || of->per_post <= 0 || posts <= 0)
        return;
    double by_posts = fabs(log(posts / posts_before)),
           by_each = fabs(log(of->per_post / of->per_post_before));
    const char *key = MAX(by_posts, by_each) < SAME ? "say.why_none"
                      : by_posts > 2 * by_each      ? "say.why_posts"
                      : by_each > 2 * by_posts      ? "say.why_each"
                                                    : "say.why_both";
    const char *to_now = published(w, HIB_PERIOD_NOW), *to_before = published(w, HIB_PERIOD_BEFORE);
    const HibReportFigure n_now = led(w, "posts", posts, to_now),
                          n_before = led(w, "posts_before", posts_before, to_before);
    add(w, SAY(w, HIB_SAYS_READING, key, n_before, n_now,
               led(w, "each_before", round(of->per_post_before * 10) / 10, to_before),
               led(w, "each", round(of->per_post * 10) / 10, to_now)));
    if (posts < posts_before * (1 - SAME))
        suggest(w, "pace", SAY(w, HIB_SAYS_GUESS, "do.pace", n_before),
                SAY(w, HIB_SAYS_READING, "why.pace", n_before, n_now));
}

static void
say_followers(Writer *w)
{
    const HibMeasureOverview *of = &w->of->of;
    size_t from = 0, to = of->n_days;
    while (from < of->n_days && !of->days[from].has_followers)
        from++;
    while (to > from && !of->days[to - 1].has_followers)
        to--;
    if (to <= from + 1)
        return;
    double first = (double)of->days[from].followers, last = (double)of->days[to - 1].followers;
    const char *key = last > first   ? "say.followers_up"
                      : last < first ? "say.followers_down"
                                     : "say.followers_same";
    const char *locale = w->of->report->content.locale;
    add(w,
        SAY(w, HIB_SAYS_FACT, key,
            words("from_day", hib_report_day(w->arena, locale, of->days[from].day)),
            words("until_day", hib_report_day(w->arena, locale, of->days[to - 1].day)),
            count(w, "first", first), count(w, "last", last), count(w, "net", fabs(last - first))));
}

static void
say_best(Writer *w)
{
    const HibReportFigures *of = w->of;
    if (of->n_posts < 2 || of->posts[0].engagements <= 0)
        return;
    double best = (double)of->posts[0].engagements, sum = 0;
    for (size_t i = 0; i < of->n_posts; i++)
        sum += (double)of->posts[i].engagements;
    const char *to_post = hib_behind_post(w->arena, &of->posts[0]);
    const HibReportFigure head = {"head", NAN, head_of(w, 0), to_post},
                          most = led(w, "best", best, to_post),
                          n = led(w, "posts", (double)of->n_posts, published(w, HIB_PERIOD_NOW));
    add(w, SAY(w, HIB_SAYS_FACT, "say.best", head, words("where", of->wheres[0]), most,
               percent(w, "share", best / sum), n));
    double mean = sum / (double)of->n_posts;
    if (best > 2 * mean)
        suggest(w, "again", SAY(w, HIB_SAYS_GUESS, "do.again", head),
                SAY(w, HIB_SAYS_READING, "why.again", most,
                    led(w, "mean", round(mean * 10) / 10, published(w, HIB_PERIOD_NOW)), n));
}

/* The best hour of the week, if there is one that can be told from the rest. */
static void
say_rhythm(Writer *w)
{
    const HibMeasureCell *cells = w->of->of.cells, *best = NULL;
    size_t n;
    double mean = hib_report_cells_mean(cells, &n);
    for (int i = 0; i < 7 * 24; i++)
        if (hib_report_cell_is_sure(&cells[i].engagements, mean) &&
            cells[i].engagements.mean > mean &&
            (!best || cells[i].engagements.mean > best->engagements.mean))
            best = &cells[i];
    if (!n)
        return;
    const char *to_all = hib_behind_settled(w->arena, w->of, 0, -1);
    const HibReportFigure n_all = led(w, "n", (double)n, to_all);
    if (!best) {
        add(w, SAY(w, HIB_SAYS_GUESS, "say.rhythm_none", n_all, count(w, "least", HIB_CELL_LEAST)));
        suggest(w, "test", SAY(w, HIB_SAYS_GUESS, "do.test", count(w, "least", HIB_CELL_LEAST)),
                SAY(w, HIB_SAYS_READING, "why.test", n_all));
        return;
    }
    const char *to_cell = hib_behind_settled(w->arena, w->of, best->weekday, best->hour);
    const HibReportFigure day = words("weekday", hib_report_weekday(w->of, best->weekday)),
                          hour = count(w, "hour", best->hour),
                          k = led(w, "k", (double)best->engagements.n, to_cell),
                          cell = led(w, "cell", round(best->engagements.mean), to_cell),
                          all = led(w, "mean", round(mean), to_all);
    add(w, SAY(w, HIB_SAYS_GUESS, "say.rhythm", day, hour, k, cell, all, n_all));
    suggest(w, "slot", SAY(w, HIB_SAYS_GUESS, "do.slot", day, hour),
            SAY(w, HIB_SAYS_READING, "why.slot", k, cell, all));
}

static void
say_campaign(Writer *w)
{
    const HibMeasureCampaign *c = &w->of->campaign;
    if (!w->of->has_campaign)
        return;
    const char *to_posts = hib_behind_campaign(w->arena, w->of, hib_report_metric(HIB_REPORT_ALL));
    add(w, SAY(w, HIB_SAYS_FACT, c->n_read ? "say.campaign" : "say.campaign_none",
               words("name", w->of->campaign_name),
               led(w, "published", (double)c->n_published, to_posts),
               led(w, "read", (double)c->n_read, to_posts),
               led(w, "now", (double)c->engagements, to_posts)));
    if (c->has_goal && c->goal.state <= HIB_GOAL_PARTIAL && c->goal.target > 0)
        add(w, SAY(w, HIB_SAYS_READING, "say.goal",
                   percent(w, "reached", c->goal.actual / c->goal.target)));
}

/* --- goals, unusual days, what was learnt -------------------------------------------------------------------------------- */
static const char *
metric_name(const Writer *w, const char *metric)
{
    g_autofree char *key = g_strconcat("report.metric.", metric, NULL);
    const char *name = hib_message(w->of->report->content.locale, key);
    return g_str_equal(name, key) ? metric : name;
}

static void
say_goals(Writer *w)
{
    const char *locale = w->of->report->content.locale;
    for (size_t i = 0; i < w->of->n_goals && i < GOALS_TOLD; i++) {
        const HibToldGoal *goal = &w->of->goals[i];
        if (!goal->has_actual)
            continue;
        const HibReportFigure name = words("name", goal->name),
                              due = words("due", hib_report_day(w->arena, locale, goal->due_on)),
                              target = count(w, "target", goal->target),
                              actual =
                                  led(w, "actual", goal->actual, hib_behind_goal(w->arena, goal)),
                              chance = percent(w, "chance", goal->chance),
                              rate = count(w, "rate", ceil(goal->rate_needed * 10) / 10),
                              left = count(w, "left", goal->days_left),
                              metric = words("metric", metric_name(w, goal->metric));
        const char *key = goal->is_reached   ? "say.goal_reached"
                          : goal->is_missed  ? "say.goal_missed"
                          : goal->has_chance ? "say.goal_chance"
                                             : "say.goal_stands";
        add(w, SAY(w, goal->has_chance ? HIB_SAYS_READING : HIB_SAYS_FACT, key, name, due, target,
                   actual, chance));
        if (goal->is_at_risk && goal->has_rate && !goal->is_reached && !goal->is_missed)
            suggest(
                w,
                hib_arena_printf(w->arena, "goal-%.20s", goal->id + MAX(strlen(goal->id), 20) - 20),
                SAY(w, HIB_SAYS_GUESS, "do.goal", name, due, rate, metric),
                SAY(w, HIB_SAYS_READING, "why.goal", left, actual, target, rate));
    }
}

static void
say_unusual(Writer *w)
{
    const char *locale = w->of->report->content.locale;
    for (size_t i = 0; i < w->of->n_unusual && i < UNUSUAL_TOLD; i++) {
        const HibToldUnusual *one = &w->of->unusual[i];
        const HibReportFigure from = words("from_day",
                                           hib_report_day(w->arena, locale, one->first_day)),
                              until = words("until_day",
                                            hib_report_day(w->arena, locale, one->last_day)),
                              metric = words("metric", metric_name(w, one->metric)),
                              actual = led(w, "actual", round(one->actual),
                                           hib_behind_unusual(w->arena, one)),
                              low = count(w, "low", round(one->low)),
                              high = count(w, "high", round(one->high)),
                              noted = words("note", one->note);
        bool is_one_day = one->first_day == one->last_day;
        add(w, SAY(w, HIB_SAYS_READING,
                   one->is_above ? (is_one_day ? "say.unusual_above_day" : "say.unusual_above")
                                 : (is_one_day ? "say.unusual_below_day" : "say.unusual_below"),
                   from, until, metric, actual, low, high));
        if (*one->note)
            add(w, SAY(w, HIB_SAYS_FACT, "say.unusual_note", from, noted));
        else
            suggest(w,
                    hib_arena_printf(w->arena, "unusual-%" G_GINT64_FORMAT "-%s", one->first_day,
                                     one->metric),
                    SAY(w, HIB_SAYS_GUESS, "do.unusual", from, metric),
                    SAY(w, HIB_SAYS_READING, "why.unusual", actual, low, high));
    }
}

/* "3-20" (weekday and hour), "3", "video", "#珈琲" in words. */
static const char *
key_words(const Writer *w, const HibToldFinding *of)
{
    bool is_english = g_str_equal(w->of->report->content.locale, "en");
    int weekday = of->key[0] - '0';
    const char *day = weekday >= 1 && weekday <= 7 ? hib_report_weekday(w->of, weekday) : NULL;
    if (day && g_str_equal(of->kind, "weekday"))
        return is_english ? day : hib_arena_printf(w->arena, "%s曜", day);
    if (day && g_str_equal(of->kind, "time") && of->key[1] == '-')
        return hib_arena_printf(w->arena, is_english ? "%s %s:00" : "%s曜%s時台", day, of->key + 2);
    if (g_str_equal(of->kind, "hashtag"))
        return of->key;
    g_autofree char *key = g_strconcat("report.type.", of->key, NULL);
    const char *name = hib_message(w->of->report->content.locale, key);
    return g_str_equal(name, key) ? of->key : name;
}

static void
say_learnt(Writer *w)
{
    size_t told = 0, tests = 0;
    for (size_t i = 0; i < w->of->n_learnt; i++) {
        const HibToldFinding *of = &w->of->learnt[i].of;
        const HibReportFigure account = words("account", w->of->learnt[i].account),
                              what = words("what", key_words(w, of)),
                              n = led(w, "n", (double)of->n,
                                      hib_behind_learnt(w->arena, &w->of->learnt[i])),
                              lift = percent(w, "lift", of->lift),
                              low = percent(w, "low", of->lift > 0 ? of->low : of->high),
                              high = percent(w, "high", of->lift > 0 ? of->high : of->low),
                              posts = count(w, "posts", (double)of->test_posts),
                              weeks = count(w, "weeks", (double)of->test_weeks);
        const char *key = hib_arena_printf(w->arena, "learnt-%zu", i);
        if (of->is_told && told++ < LEARNT_TOLD) {
            bool is_more = of->lift > 0;
            add(w, SAY(w, HIB_SAYS_READING, is_more ? "say.learnt_more" : "say.learnt_less",
                       account, what, n, lift, low, high));
            if (is_more)
                suggest(w, key, SAY(w, HIB_SAYS_GUESS, "do.learnt", account, what),
                        SAY(w, HIB_SAYS_READING, "why.learnt", n, lift, low, high));
        } else if (!of->is_told && of->test_weeks && tests++ < TESTS_TOLD) {
            suggest(w, key, SAY(w, HIB_SAYS_GUESS, "do.learnt_test", account, what, posts, weeks),
                    SAY(w, HIB_SAYS_READING, "why.learnt_test", n));
        }
    }
}

static void
say_nothing(Writer *w, double posts_before)
{
    const HibMeasureOverview *of = &w->of->of;
    add(w, SAY(w, HIB_SAYS_FACT, "say.empty", words("period", w->period),
               count(w, "days", (double)of->n_days)));
    if (of->has_before && posts_before > 0)
        add(w, SAY(w, HIB_SAYS_FACT, "say.empty_before", count(w, "days", (double)of->n_days),
                   led(w, "posts_before", posts_before, published(w, HIB_PERIOD_BEFORE))));
    suggest(w, "plan", SAY(w, HIB_SAYS_GUESS, "do.plan", count(w, "days", (double)of->n_days)),
            SAY(w, HIB_SAYS_FACT, "why.plan", words("period", w->period)));
}

HibReportFindings
hib_report_findings(HibArena *arena, const HibReportFigures *figures)
{
    const HibMeasureOverview *of = &figures->of;
    const char *locale = figures->report->content.locale;
    Writer w = {.arena = arena, .of = figures};
    w.out.sentences = hib_arena_array(arena, HibReportSentence, MOST);
    w.out.suggestions = hib_arena_array(arena, HibReportSuggestion, MOST);
    w.period = hib_arena_printf(arena, "%s%s%s", hib_report_day(arena, locale, of->days[0].day),
                                hib_report_say(figures, "to"),
                                hib_report_day(arena, locale, of->days[of->n_days - 1].day));
    double posts = (double)hib_report_posts(of->days, of->n_days),
           posts_before = (double)hib_report_posts(of->before, of->n_days);
    double now = (double)hib_report_gained(of->days, of->n_days, HIB_REPORT_ALL),
           before = (double)hib_report_gained(of->before, of->n_days, HIB_REPORT_ALL);
    if (posts <= 0)
        say_nothing(&w, posts_before);
    if (!of->has_newest)
        add(&w, SAY(&w, HIB_SAYS_FACT, "say.unread", words("period", w.period)));
    else if (posts > 0 || now > 0)
        say_engagements(&w, now, before, posts);
    say_why(&w, posts, posts_before);
    say_followers(&w);
    say_best(&w);
    say_campaign(&w);
    say_goals(&w);
    say_unusual(&w);
    say_rhythm(&w);
    say_learnt(&w);
    if (figures->is_partial) {
        add(&w, SAY(&w, HIB_SAYS_FACT, "say.partial", words("period", w.period)));
        suggest(&w, "reconnect", SAY(&w, HIB_SAYS_GUESS, "do.reconnect", words("period", w.period)),
                SAY(&w, HIB_SAYS_FACT, "say.partial", words("period", w.period)));
    }
    return w.out;
}
