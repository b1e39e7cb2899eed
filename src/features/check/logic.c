/* Rules that are no words to find: something is missing, stands where nobody
 * sees it, or a person must look. Names of what a subject is, too. */
#include "check/check_private.h"

#include "text/count.h"
#include <string.h>

static const char *const severities[] = {"info", "warn", "block"};
static const char *const relations[HIB_RELATION_N] = {
    "unsaid", "none",       "own_account", "employee", "paid",       "gifted",
    "loaned", "discounted", "affiliate",   "invited",  "ambassador", "reuse"};

static bool
index_of(const char *const *names, size_t n, const char *name, int *ret)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(names[i], name) == 0) {
            *ret = (int)i;
            return true;
        }
    }
    return false;
}

const char *
hib_check_severity_name(HibCheckSeverity severity)
{
    return severities[severity];
}

bool
hib_check_severity_of(const char *name, HibCheckSeverity *ret)
{
    int at = 0;
    bool is_known = index_of(severities, G_N_ELEMENTS(severities), name, &at);
    *ret = (HibCheckSeverity)at;
    return is_known;
}

const char *
hib_check_relation_name(HibCheckRelation relation)
{
    return relations[relation];
}

bool
hib_check_relation_of(const char *name, HibCheckRelation *ret)
{
    int at = 0;
    bool is_known = index_of(relations, G_N_ELEMENTS(relations), name, &at);
    *ret = (HibCheckRelation)at;
    return is_known;
}

bool
hib_check_is_stale(const HibCheckRule *rule, HibInstant now)
{
    return now > rule->stale_at || (*rule->as_of && now > rule->ends_at);
}

/* --- conditions
 * ----------------------------------------------------------------------------------------------------
 */
static bool
shares(const char *const *wanted, const char *const *given)
{
    for (size_t i = 0; wanted[i]; i++)
        for (size_t k = 0; given && given[k]; k++)
            if (strcmp(wanted[i], given[k]) == 0)
                return true;
    return false;
}

uint64_t
hib_check_bits(const HibCheckRules *rules, const char *const *names)
{
    uint64_t bits = 0;
    for (size_t i = 0; names && names[i]; i++) {
        guint bit = GPOINTER_TO_UINT(g_hash_table_lookup(rules->names, names[i]));
        bits |= bit ? (uint64_t)1 << (bit - 1) : 0;
    }
    return bits;
}

bool
hib_check_applies(const HibCheckCompiled *rule, const HibCheckSubject *subject, uint64_t industries,
                  uint64_t networks, uint64_t facts)
{
    if (subject->facts ? !(rule->facts & facts) : rule->facts != 0)
        return false;
    bool is_any_network = !subject->networks || !subject->networks[0];
    if ((rule->industries && !(rule->industries & industries)) ||
        (rule->networks && !is_any_network && !(rule->networks & networks)))
        return false;
    if (rule->relations && !(rule->relations >> subject->relation & 1))
        return false;
    if (rule->is_unswitched && subject->is_switched)
        return false;
    return (!rule->needs_image || subject->has_image) && (!rule->needs_video || subject->has_video);
}

HibCheckSeverity
hib_check_severity_in(const HibCheckCompiled *rule, const HibCheckPass *pass, uint32_t seen)
{
    bool is_raised =
        (rule->raises_in_disaster && pass->subject->is_disaster) ||
        (rule->raises_in_election && pass->subject->is_election) ||
        (rule->raises_near && hib_check_has(rule->raises_near, pass, seen, HIB_CHECK_RAISE));
    return is_raised ? rule->raised : rule->rule.severity;
}

bool
hib_check_has(const HibPattern *pattern, const HibCheckPass *pass, uint32_t seen, int bit)
{
    size_t start, end;
    return (seen >> bit & 1) &&
           hib_pattern_find(pattern, pass->text, 0, pass->steps, &start, &end) == HIB_PATTERN_FOUND;
}

/* --- where a disclosure stands
 * ---------------------------------------------------------------------------------------
 */
/* Characters that readers see before "more", on the network that shows least of
 * those asked for; G_MAXINT64: all. */
static int64_t
head_of(const HibCheckCompiled *rule, const HibCheckSubject *subject)
{
    int64_t least = G_MAXINT64;
    for (size_t i = 0; i < rule->n_heads; i++) {
        const char *const one[] = {rule->heads[i].network, NULL};
        if (shares(one, subject->networks))
            least = MIN(least, rule->heads[i].graphemes);
    }
    return least;
}

static size_t
tag_end(const HibFolded *text, size_t at)
{
    for (at++; at < text->n && text->chars[at] != ' ' && text->chars[at] != '#';)
        at++;
    return at;
}

/* Whether `place` lies within four or more hashtags in a row. */
static bool
is_crowded(const HibFolded *text, size_t place)
{
    for (size_t at = 0; at < text->n;) {
        if (text->chars[at] != '#') {
            at++;
            continue;
        }
        size_t begin = at, n = 0;
        while (at < text->n && text->chars[at] == '#') {
            at = tag_end(text, at);
            n++;
            while (at < text->n && text->chars[at] == ' ')
                at++;
        }
        if (n >= 4 && place >= begin && place < at)
            return true;
    }
    return false;
}

static bool
is_late(const HibCheckCompiled *rule, const HibCheckPass *pass, uint32_t seen, HibCheckPlace *ret)
{
    const HibCheckSubject *subject = pass->subject;
    const HibFolded *text = pass->text;
    int64_t head = head_of(rule, subject);
    bool is_there = false;
    size_t start, end = 0;
    for (int n = 0; n < 20 && rule->n_patterns && (seen & 1) &&
                    hib_pattern_find(rule->patterns[0], text, end, pass->steps, &start, &end) ==
                        HIB_PATTERN_FOUND;
         n++) {
        /* what stands before the word itself (a blank, a bracket) belongs to the
     * expression's way of saying "not within a word" */
        size_t word =
            end - start > 1 && text->chars[start] != '#' ? start : MIN(start + 1, end - 1);
        size_t before = hib_text_graphemes_n(subject->text, text->from[start]);
        if ((int64_t)before < head && !is_crowded(text, word))
            return false;
        if (!is_there)
            *ret = (HibCheckPlace){start, end};
        is_there = true;
    }
    return is_there;
}

static bool
is_brief(const HibCheckCompiled *rule, const HibCheckSubject *subject)
{
    return subject->disclosure_at_ms < 0 || subject->disclosure_at_ms > rule->latest_ms ||
           subject->disclosure_for_ms < rule->least_ms;
}

static bool
misses(const HibCheckCompiled *rule, const HibCheckPass *pass, uint32_t seen)
{
    for (size_t i = 0; i < rule->n_patterns; i++)
        if (!hib_check_has(rule->patterns[i], pass, seen, (int)i))
            return true;
    return false;
}

bool
hib_check_logic(const HibCheckCompiled *rule, const HibCheckPass *pass, uint32_t seen,
                HibCheckPlace *ret)
{
    *ret = (HibCheckPlace){0, 0};
    if ((rule->when && !hib_check_has(rule->when, pass, seen, HIB_CHECK_WHEN)) ||
        (rule->near && hib_check_has(rule->near, pass, seen, HIB_CHECK_NEAR)))
        return false;
    switch (rule->kind) {
    case HIB_CHECK_MISSES:
        return misses(rule, pass, seen);
    case HIB_CHECK_ALWAYS:
        return true;
    case HIB_CHECK_IS_LATE:
        return is_late(rule, pass, seen, ret);
    case HIB_CHECK_IS_BRIEF:
        return is_brief(rule, pass->subject);
    case HIB_CHECK_FINDS:
    case HIB_CHECK_UNSEEN:
        break;
    }
    return false;
}
