/* A text through the rules. It is folded once; all terms of all rules are
 * looked for in one pass; an expression is tried only where one of the words it
 * needs was seen. Hits that lie within an exception are dropped, then those of
 * one rule that overlap become one, then places go back to the text as it is.
 */
#include "check/check_private.h"

#include <string.h>

#define MOST_HITS 200000 /* of all rules in one text; a text of nothing but hits */
#define MOST_OF_ONE 40   /* places of one expression in one text */

typedef struct {
    uint32_t rule;
    uint32_t start, end; /* characters */
    const char *replacement;
} Hit;

typedef struct {
    uint32_t rule;
    uint32_t start, end;
    bool is_exact; /* holds only where the text stands there letter by letter */
    const char *as;
} Exception;

typedef struct {
    HibArena *arena;
    const HibCheckRules *rules;
    const HibCheckSubject *subject;
    const HibFolded *text;
    HibCheckPass pass;
    bool *applies;  /* one a rule */
    uint32_t *seen; /* one a rule: bits of its expressions of which a word was seen */
    GArray *hits, *exceptions;
    GArray *found; /* of HibCheckFinding, all rule sets together */
    int64_t *steps;
    bool *is_cut;
} Run;

static void
take_term(void *data, uint32_t term, size_t start, size_t end)
{
    Run *run = data;
    const HibCheckMeaning *meaning = &g_array_index(run->rules->meanings, HibCheckMeaning, term);
    if (!run->applies[meaning->rule])
        return;
    if (meaning->kind == HIB_CHECK_WORD) {
        run->seen[meaning->rule] |= meaning->bit;
        return;
    }
    if (run->hits->len + run->exceptions->len >= MOST_HITS) {
        *run->is_cut = true;
        return;
    }
    if (meaning->kind == HIB_CHECK_HIT) {
        const Hit hit = {meaning->rule, (uint32_t)start, (uint32_t)end, meaning->text};
        g_array_append_vals(run->hits, &hit, 1);
        return;
    }
    const Exception exception = {meaning->rule, (uint32_t)start, (uint32_t)end,
                                 meaning->kind == HIB_CHECK_EXACTLY, meaning->text};
    g_array_append_vals(run->exceptions, &exception, 1);
}

static void
try_patterns(Run *run, uint32_t i)
{
    const HibCheckCompiled *rule = HIB_CHECK_COMPILED(run->rules, i);
    for (size_t k = 0; k < rule->n_patterns; k++) {
        size_t start, end = 0;
        if (!(run->seen[i] >> k & 1))
            continue;
        for (int n = 0;; n++) {
            HibPatternResult result =
                hib_pattern_find(rule->patterns[k], run->text, end, run->steps, &start, &end);
            *run->is_cut |= result == HIB_PATTERN_TOO_LONG || n == MOST_OF_ONE;
            if (result != HIB_PATTERN_FOUND || n == MOST_OF_ONE)
                break;
            const Hit hit = {i, (uint32_t)start, (uint32_t)end, rule->expected};
            g_array_append_vals(run->hits, &hit, 1);
        }
    }
}

/* --- which hits stay
 * -------------------------------------------------------------------------------------------
 */
static int
by_rule_and_place(const void *a, const void *b)
{
    const Hit *x = a, *y = b;
    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end > y->end ? -1 : x->end < y->end;
}

static int
exceptions_by_place(const void *a, const void *b)
{
    const Exception *x = a, *y = b;
    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    return x->start < y->start ? -1 : x->start > y->start;
}

static bool
stands_exactly(const Run *run, uint32_t start, uint32_t end, const char *as)
{
    size_t from = run->text->from[start], n = run->text->to[end - 1] - from;
    return n == strlen(as) && memcmp(run->subject->text + from, as, n) == 0;
}

/* `*at` follows the hits through the exceptions of their rule; `*reach` is how
 * far those that began earlier reach. */
static bool
is_excepted(const Run *run, const Hit *hit, guint *at, uint32_t *reach, uint32_t *reach_rule)
{
    for (; *at < run->exceptions->len; ++*at) {
        const Exception *e = &g_array_index(run->exceptions, Exception, *at);
        if (e->rule > hit->rule || (e->rule == hit->rule && e->start > hit->start))
            break;
        if (e->is_exact && !stands_exactly(run, e->start, e->end, e->as))
            continue;
        if (e->rule != *reach_rule)
            *reach = 0;
        *reach_rule = e->rule;
        *reach = MAX(*reach, e->end);
    }
    return *reach_rule == hit->rule && hit->end <= *reach;
}

static void
emit(Run *run, const Hit *hit, HibCheckSeverity severity, bool is_one_term)
{
    const HibFolded *text = run->text;
    const HibCheckRule *rule = &HIB_CHECK_COMPILED(run->rules, hit->rule)->rule;
    HibCheckFinding finding = {.rule = rule, .severity = severity, .found = ""};
    finding.is_stale = hib_check_is_stale(rule, run->subject->now);
    if (hit->end > hit->start) {
        finding.span.start = text->from[hit->start];
        finding.span.end = text->to[hit->end - 1];
        finding.found = hib_arena_strndup(run->arena, run->subject->text + finding.span.start,
                                          finding.span.end - finding.span.start);
        finding.replacement = is_one_term ? hit->replacement : NULL;
    }
    if (run->found->len > HIB_CHECK_MOST * 50)
        *run->is_cut = true;
    else
        g_array_append_vals(run->found, &finding, 1);
}

/* Folding drops what is not seen: it is looked for in the text as it is. */
static void
find_unseen(Run *run, const HibCheckCompiled *rule)
{
    HibUnseen found[MOST_OF_ONE + 1];
    const char *text = run->subject->text;
    size_t n = hib_text_unseen(text, rule->unseen, found, MOST_OF_ONE + 1);
    *run->is_cut |= n > MOST_OF_ONE;
    for (size_t i = 0; i < MIN(n, MOST_OF_ONE); i++) {
        const HibCheckFinding finding = {
            .rule = &rule->rule,
            .severity = rule->rule.severity,
            .span = {.start = found[i].start, .end = found[i].end},
            .found =
                hib_arena_strndup(run->arena, text + found[i].start, found[i].end - found[i].start),
            .replacement = "",
            .is_stale = hib_check_is_stale(&rule->rule, run->subject->now)};
        g_array_append_vals(run->found, &finding, 1);
    }
}

/* The hits of one rule, from `at`; returns where the next rule's begin. */
static guint
settle_rule(Run *run, guint at, guint *exception, uint32_t *reach, uint32_t *reach_rule)
{
    const Hit *hits = (const Hit *)(const void *)run->hits->data;
    const uint32_t rule = hits[at].rule;
    const HibCheckCompiled *compiled = HIB_CHECK_COMPILED(run->rules, rule);
    uint32_t seen = run->seen[rule];
    bool is_let_go =
        (compiled->near && hib_check_has(compiled->near, &run->pass, seen, HIB_CHECK_NEAR)) ||
        (compiled->when && !hib_check_has(compiled->when, &run->pass, seen, HIB_CHECK_WHEN));
    if (is_let_go) {
        while (at < run->hits->len && hits[at].rule == rule)
            at++;
        return at;
    }
    HibCheckSeverity severity = hib_check_severity_in(compiled, &run->pass, seen);
    Hit joined = {0};
    bool is_open = false, is_one = false;
    for (; at < run->hits->len && hits[at].rule == rule; at++) {
        const Hit *hit = &hits[at];
        if (is_excepted(run, hit, exception, reach, reach_rule))
            continue;
        if (is_open && hit->start < joined.end) {
            is_one &= hit->end <= joined.end; /* within the longer one */
            joined.end = MAX(joined.end, hit->end);
            continue;
        }
        if (is_open)
            emit(run, &joined, severity, is_one);
        joined = *hit;
        is_open = is_one = true;
    }
    if (is_open)
        emit(run, &joined, severity, is_one);
    return at;
}

static void
settle(Run *run)
{
    if (run->hits->len == 0)
        return;
    qsort(run->hits->data, run->hits->len, sizeof(Hit), by_rule_and_place);
    if (run->exceptions->len)
        qsort(run->exceptions->data, run->exceptions->len, sizeof(Exception), exceptions_by_place);
    guint exception = 0;
    uint32_t reach = 0, reach_rule = G_MAXUINT32;
    for (guint at = 0; at < run->hits->len;)
        at = settle_rule(run, at, &exception, &reach, &reach_rule);
}

static void
run_rules(Run *run)
{
    size_t n = run->rules->rules->len;
    uint64_t industries = hib_check_bits(run->rules, run->subject->industries);
    uint64_t networks = hib_check_bits(run->rules, run->subject->networks);
    uint64_t facts = hib_check_bits(run->rules, run->subject->facts);
    run->applies = hib_arena_array(run->arena, bool, n + 1);
    run->seen = hib_arena_array(run->arena, uint32_t, n + 1);
    for (size_t i = 0; i < n; i++) {
        const HibCheckCompiled *rule = HIB_CHECK_COMPILED(run->rules, i);
        run->applies[i] = hib_check_applies(rule, run->subject, industries, networks, facts) &&
                          run->subject->now <= rule->rule.ends_at;
        run->seen[i] = rule->always;
    }
    g_array_set_size(run->hits, 0);
    g_array_set_size(run->exceptions, 0);
    hib_terms_find(run->rules->terms, run->text, take_term, run);
    for (uint32_t i = 0; i < n; i++) {
        const HibCheckCompiled *rule = HIB_CHECK_COMPILED(run->rules, i);
        HibCheckPlace place;
        if (!run->applies[i])
            continue;
        if (rule->kind == HIB_CHECK_FINDS)
            try_patterns(run, i);
        if (rule->kind == HIB_CHECK_UNSEEN)
            find_unseen(run, rule);
        if (rule->kind != HIB_CHECK_FINDS &&
            hib_check_logic(rule, &run->pass, run->seen[i], &place))
            emit(run, &(Hit){i, (uint32_t)place.start, (uint32_t)place.end, NULL},
                 hib_check_severity_in(rule, &run->pass, run->seen[i]), false);
    }
    settle(run);
}

/* --- telling
 * -----------------------------------------------------------------------------------------------------
 */
static int
by_place(const void *a, const void *b)
{
    const HibCheckFinding *x = a, *y = b;
    if (x->span.start != y->span.start)
        return x->span.start < y->span.start ? -1 : 1;
    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    if (x->span.end != y->span.end)
        return x->span.end > y->span.end ? -1 : 1;
    return strcmp(x->rule->id, y->rule->id);
}

/* What the house made of it: false where it switched the rule off. */
static bool
tune(const HibCheckHouse *house, HibCheckFinding *finding)
{
    for (size_t i = 0; house && i < house->n_tunes; i++) {
        const HibCheckTune *tune = &house->tunes[i];
        if (strcmp(tune->rule, finding->rule->id) != 0)
            continue;
        if (tune->is_severity_set)
            finding->severity = tune->severity;
        return !tune->is_off;
    }
    return true;
}

static size_t
utf16_units(const char *text, size_t from, size_t to)
{
    size_t units = 0;
    for (size_t at = from; at < to; at++) {
        unsigned char c = (unsigned char)text[at];
        if ((c & 0xc0) != 0x80)
            units += c >= 0xf0 ? 2 : 1;
    }
    return units;
}

/* Both ends of the findings in UTF-16 units; their starts are in order, so the
 * text is walked once, and every place once more. */
static void
count_utf16(const char *text, HibCheckFinding *findings, size_t n)
{
    size_t at = 0, units = 0;
    for (size_t i = 0; i < n; i++) {
        HibCheckSpan *span = &findings[i].span;
        units += utf16_units(text, at, span->start);
        at = span->start;
        span->utf16_start = units;
        span->utf16_end = units + utf16_units(text, span->start, span->end);
    }
}

static void
tell(HibArena *arena, const HibCheckHouse *house, const char *text, GArray *found,
     HibCheckResult *ret)
{
    HibCheckFinding *all = hib_arena_array(arena, HibCheckFinding, found->len + 1);
    size_t n = 0;
    for (guint i = 0; i < found->len; i++) {
        all[n] = g_array_index(found, HibCheckFinding, i);
        n += tune(house, &all[n]);
    }
    if (n > 1)
        qsort(all, n, sizeof *all, by_place);
    if (n > HIB_CHECK_MOST) {
        n = HIB_CHECK_MOST;
        ret->is_cut = true;
    }
    if (n)
        count_utf16(text, all, n);
    ret->findings = all;
    ret->n = n;
}

void
hib_check(HibArena *arena, const HibCheckHouse *house, const HibCheckSubject *subject,
          HibCheckResult *ret)
{
    hib_check_with(arena, hib_check_rules(), house, subject, ret);
}

void
hib_check_with(HibArena *arena, const HibCheckRules *rules, const HibCheckHouse *house,
               const HibCheckSubject *subject, HibCheckResult *ret)
{
    *ret = (HibCheckResult){0};
    const HibFolded text = hib_text_fold(arena, subject->text, strlen(subject->text));
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(Hit));
    g_autoptr(GArray) exceptions = g_array_new(FALSE, FALSE, sizeof(Exception));
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(HibCheckFinding));
    const HibCheckRules *const sets[] = {rules, house ? house->own : NULL};
    for (size_t i = 0; i < G_N_ELEMENTS(sets); i++) {
        int64_t steps = HIB_CHECK_STEPS; /* each its own: a house's rules do not cost ours */
        Run run = {.arena = arena,
                   .rules = sets[i],
                   .subject = subject,
                   .text = &text,
                   .hits = hits,
                   .exceptions = exceptions,
                   .found = found,
                   .steps = &steps,
                   .is_cut = &ret->is_cut,
                   .pass = {subject, &text, &steps}};
        if (sets[i])
            run_rules(&run);
    }
    tell(arena, house, subject->text, found, ret);
}

HibCheckSeverity
hib_check_gravest(const HibCheckResult *result)
{
    HibCheckSeverity gravest = HIB_CHECK_INFO;
    for (size_t i = 0; i < result->n; i++)
        gravest = MAX(gravest, result->findings[i].severity);
    return gravest;
}
