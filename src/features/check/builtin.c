/* Rules as they are used: those that come with Hibiki (rules/check/, embedded), compiled once; and those of others, which must find their own examples and
 * must not be slow. */
#include "check/builtin.h"

#include "base/error.h"
#include "check/check_private.h"
#include <string.h>

/* --- examples and cost --------------------------------------------------------------------------------------------- */
static bool
finds(const HibCheckRules *rules, const HibCheckCompiled *rule, const char *text)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibCheckSubject subject = {.text = text,
                                     .industries = rule->rule.industries,
                                     .networks = rule->rule.networks,
                                     .disclosure_at_ms = -1,
                                     .has_image = true,
                                     .has_video = true};
    HibCheckResult result;
    hib_check_with(arena, rules, NULL, &subject, &result);
    for (size_t i = 0; i < result.n; i++)
        if (result.findings[i].rule == &rule->rule)
            return true;
    return false;
}

static const char *
unlike_its_examples(const HibCheckRules *rules, const HibCheckCompiled *rule)
{
    for (size_t i = 0; rule->rule.hit[i]; i++)
        if (!rule->relations && !finds(rules, rule, rule->rule.hit[i]))
            return rule->rule.hit[i];
    for (size_t i = 0; rule->rule.pass[i]; i++)
        if (finds(rules, rule, rule->rule.pass[i]))
            return rule->rule.pass[i];
    return NULL;
}

#define TRIAL_CHARS 400
#define TRIAL_STEPS                                                                                \
    (TRIAL_CHARS * 300) /* steps a character: 100,000 characters stay below half a second */

/* On texts that such an expression finds hardest: one letter for ever, and its own words again and again. */
static bool
is_slow(const HibPattern *pattern)
{
    const HibPatternWord *words;
    size_t n = hib_pattern_words(pattern, &words);
    for (size_t trial = 0; trial <= MIN(n, 8) + 2; trial++) {
        static const char *const letters[] = {"a", "あ", "1"};
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(GString) text = g_string_new("");
        g_autofree char *word = trial < 3
                                    ? g_strdup(letters[trial])
                                    : g_ucs4_to_utf8((const gunichar *)words[trial - 3].chars,
                                                     (glong)words[trial - 3].n, NULL, NULL, NULL);
        while (word && *word && text->len < TRIAL_CHARS)
            g_string_append(text, word);
        const HibFolded folded = hib_text_fold(arena, text->str, text->len);
        int64_t steps = TRIAL_STEPS;
        size_t start, end;
        if (hib_pattern_find(pattern, &folded, 0, &steps, &start, &end) == HIB_PATTERN_TOO_LONG)
            return true;
    }
    return false;
}

static bool
are_sound(const HibCheckRules *rules, const char *name, GError **error)
{
    for (guint i = 0; i < rules->rules->len; i++) {
        const HibCheckCompiled *rule = HIB_CHECK_COMPILED(rules, i);
        const char *text = unlike_its_examples(rules, rule);
        bool slow = false;
        for (size_t k = 0; !text && k < rule->n_patterns; k++)
            slow |= is_slow(rule->patterns[k]);
        slow |= !text && rule->raises_near && is_slow(rule->raises_near);
        if (!text && !slow)
            continue;
        if (text)
            hib_error_set(error, HIB_ERROR_INVALID, "check.bad_example",
                          "%s: %s and its own example differ", name, rule->rule.id);
        else
            hib_error_set(error, HIB_ERROR_INVALID, "check.slow_rule",
                          "%s: %s takes too many steps", name, rule->rule.id);
        if (error) {
            g_autofree char *line = g_strdup_printf("%zu", rule->line);
            hib_error_set_detail(*error, "file", name);
            hib_error_set_detail(*error, "line", line);
            hib_error_set_detail(*error, "rule", rule->rule.id);
            hib_error_set_detail(*error, "text", text ? text : "");
        }
        return false;
    }
    return true;
}

HibCheckRules *
hib_check_rules_parse(const char *name, const char *bytes, size_t n, GError **error)
{
    g_autoptr(HibCheckRules) rules = hib_check_rules_new();
    if (!hib_check_rules_add(rules, name, bytes, n, error))
        return NULL;
    hib_check_rules_build(rules);
    return are_sound(rules, name, error) ? g_steal_pointer(&rules) : NULL;
}

static gpointer
compile(gpointer unused G_GNUC_UNUSED)
{
    HibCheckRules *rules = hib_check_rules_new();
    for (size_t i = 0; i < hib_n_check_files; i++) {
        g_autoptr(GError) error = NULL;
        if (!hib_check_rules_add(rules, hib_check_files[i].name, hib_check_files[i].bytes,
                                 hib_check_files[i].n, &error)) {
            g_critical("rules/check/%s", error->message); /* a test holds every one of them */
            continue;
        }
    }
    hib_check_rules_build(rules);
    return rules;
}

const HibCheckRules *
hib_check_rules(void)
{
    static GOnce once = G_ONCE_INIT;
    return g_once(&once, compile, NULL);
}
