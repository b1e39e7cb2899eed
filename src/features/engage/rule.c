/* All words of all rules are one automaton; the text is folded and walked once, then each rule asks what was found and what else is so. */
#include "engage/rule.h"
#include "networks/network.h"
#include "text/links.h"
#include "text/terms.h"
#include <string.h>

/* --- what is wrong -------------------------------------------------------------------------------------------------------- */
typedef const char *const *Names;
static const char *const sentiments[] = {"positive", "neutral", "negative", "unsure", NULL};
static const char *const intents[] = {"question", "complaint", "purchase", "praise", "request",
                                      "spam",     "crisis",    "none",     "unsure", NULL};
static const char *const kinds[] = {"comment", "mention", "message", NULL};
static const char *const languages[] = {"ja", "zh", "ko", "latin", "other", NULL};

const char *
hib_rule_sentiment(int64_t sentiment)
{
    return sentiment >= 0 && sentiment < (int64_t)G_N_ELEMENTS(sentiments) ? sentiments[sentiment]
                                                                           : NULL;
}

const char *
hib_rule_intent(int64_t intent)
{
    return intent >= 0 && intent < (int64_t)G_N_ELEMENTS(intents) ? intents[intent] : NULL;
}

static bool
is_number(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text) && strlen(text) <= 3 &&
           g_ascii_strtoll(text, NULL, 10) <= 100;
}

static bool
has_letters(HibArena *arena, const char *word)
{
    HibTerms *one = hib_terms_new();
    bool ok = hib_text_fold(arena, word, strlen(word)).n && hib_terms_add(one, word, true) >= 0;
    hib_terms_free(one);
    return ok;
}

static const char *
wrong_value(HibArena *arena, HibRuleOn on, const char *value)
{
    static const Names sets[HIB_RULE_ONS] = {[HIB_RULE_SENTIMENT] = sentiments,
                                             [HIB_RULE_INTENT] = intents,
                                             [HIB_RULE_KIND] = kinds,
                                             [HIB_RULE_LANGUAGE] = languages};
    if (sets[on] && !g_strv_contains(sets[on], value))
        return "rule.bad_value";
    if (on == HIB_RULE_NETWORK && !hib_network_find(value))
        return "accounts.network_unknown";
    if (on == HIB_RULE_URGENCY && !is_number(value))
        return "rule.bad_value";
    if (on == HIB_RULE_TEXT && !has_letters(arena, value))
        return "rule.bad_word";
    return *value ? NULL : "rule.bad_value";
}

static const char *
wrong_condition(HibArena *arena, const HibRuleCondition *condition, size_t i,
                const char **ret_pointer)
{
    bool takes_none = condition->on == HIB_RULE_AUTHOR_NEW || condition->on == HIB_RULE_LINK;
    bool takes_one = condition->on == HIB_RULE_URGENCY;
    *ret_pointer = hib_arena_printf(arena, "/conditions/%zu/values", i);
    if (!takes_none && !condition->n_values)
        return "rule.no_values";
    if ((takes_none && condition->n_values) || (takes_one && condition->n_values > 1))
        return "rule.bad_value";
    for (size_t k = 0; k < condition->n_values; k++) {
        const char *reason = wrong_value(arena, condition->on, condition->values[k]);
        if (reason) {
            *ret_pointer = hib_arena_printf(arena, "/conditions/%zu/values/%zu", i, k);
            return reason;
        }
    }
    return NULL;
}

const char *
hib_rule_wrong(HibArena *arena, const HibRule *rule, const char **ret_pointer)
{
    const HibRuleActions *actions = &rule->actions;
    *ret_pointer = "/conditions";
    if (!rule->n_conditions)
        return "rule.no_condition";
    for (size_t i = 0; i < rule->n_conditions; i++) {
        const char *reason = wrong_condition(arena, &rule->conditions[i], i, ret_pointer);
        if (reason)
            return reason;
    }
    *ret_pointer = "/actions";
    bool acts = actions->hides || actions->n_tags || actions->assignee || actions->is_done ||
                actions->holds || actions->n_people;
    return acts ? NULL : "rule.no_action";
}

/* --- language ---------------------------------------------------------------------------------------------------------------- */
#define HAN_ALONE 12 /* so many kanji without kana are no longer a Japanese headline */

static const char *
language_of(const HibFolded *text)
{
    size_t kana = 0, han = 0, hangul = 0, latin = 0;
    for (size_t i = 0; i < text->n; i++) {
        uint32_t c = text->chars[i];
        kana += c >= 0x3041 && c <= 0x30ff;
        han += (c >= 0x3400 && c <= 0x9fff) || (c >= 0x20000 && c <= 0x3ffff);
        hangul += (c >= 0xac00 && c <= 0xd7a3) || (c >= 0x1100 && c <= 0x11ff);
        latin += (c >= 'a' && c <= 'z') || (c >= 0xdf && c <= 0x24f);
    }
    if (kana || (han && han < HAN_ALONE && !hangul))
        return "ja";
    if (hangul)
        return "ko";
    return han ? "zh" : latin ? "latin" : "other";
}

const char *
hib_rule_language(HibArena *arena, const char *text)
{
    const HibFolded folded = hib_text_fold(arena, text, strlen(text));
    return language_of(&folded);
}

/* --- looking -------------------------------------------------------------------------------------------------------------------- */
struct HibRules {
    const HibRule *rules;
    size_t n;
    HibTerms *terms;
    GArray *slots; /* size_t: which word condition each term is of */
    size_t n_slots;
};

/* Within a longer word a Latin one is another word; Japanese is written without gaps. */
static bool
stands_anywhere(const char *word)
{
    g_autofree char *plain = g_utf8_normalize(word, -1, G_NORMALIZE_NFKC);
    if (!plain || !*plain)
        return true;
    return !g_ascii_isalnum(plain[0]) && !g_ascii_isalnum(plain[strlen(plain) - 1]);
}

HibRules *
hib_rules_ready(const HibRule *rules, size_t n)
{
    HibRules *out = g_new0(HibRules, 1);
    *out = (HibRules){.rules = rules,
                      .n = n,
                      .terms = hib_terms_new(),
                      .slots = g_array_new(FALSE, FALSE, sizeof(size_t))};
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < rules[i].n_conditions; k++) {
            const HibRuleCondition *condition = &rules[i].conditions[k];
            if (condition->on != HIB_RULE_TEXT)
                continue;
            for (size_t w = 0; w < condition->n_values; w++) {
                const char *word = condition->values[w];
                if (hib_terms_add(out->terms, word, stands_anywhere(word)) >= 0)
                    g_array_append_val(out->slots, out->n_slots);
            }
            out->n_slots++;
        }
    hib_terms_build(out->terms);
    return out;
}

void
hib_rules_free(HibRules *rules)
{
    hib_terms_free(rules->terms);
    g_array_unref(rules->slots);
    g_free(rules);
}

typedef struct {
    const HibRules *rules;
    bool *found; /* one a word condition */
} Search;

static void
note(void *data, uint32_t term, size_t start G_GNUC_UNUSED, size_t end G_GNUC_UNUSED)
{
    const Search *search = data;
    search->found[g_array_index(search->rules->slots, size_t, term)] = true;
}

static bool
is_one_of(const HibRuleCondition *condition, const char *value)
{
    for (size_t i = 0; value && i < condition->n_values; i++)
        if (g_str_equal(condition->values[i], value))
            return true;
    return false;
}

static bool
is_author(const HibRuleCondition *condition, const char *handle)
{
    handle += *handle == '@';
    for (size_t i = 0; i < condition->n_values; i++) {
        const char *value = condition->values[i];
        if (*handle && g_ascii_strcasecmp(value + (*value == '@'), handle) == 0)
            return true;
    }
    return false;
}

typedef struct {
    const HibRuleFacts *facts;
    bool has_link;
    const char *language;
} Seen;

static bool
is_so(const HibRuleCondition *condition, const Seen *seen)
{
    const HibRuleFacts *facts = seen->facts;
    switch (condition->on) {
    case HIB_RULE_SENTIMENT:
        return is_one_of(condition, facts->sentiment);
    case HIB_RULE_INTENT:
        return is_one_of(condition, facts->intent);
    case HIB_RULE_URGENCY:
        return condition->n_values &&
               facts->urgency >= g_ascii_strtoll(condition->values[0], NULL, 10);
    case HIB_RULE_AUTHOR:
        return is_author(condition, facts->author_handle);
    case HIB_RULE_AUTHOR_NEW:
        return facts->is_author_new;
    case HIB_RULE_NETWORK:
        return is_one_of(condition, facts->network);
    case HIB_RULE_ACCOUNT:
        return is_one_of(condition, facts->account);
    case HIB_RULE_KIND:
        return is_one_of(condition, facts->kind);
    case HIB_RULE_LINK:
        return seen->has_link;
    case HIB_RULE_LANGUAGE:
        return is_one_of(condition, seen->language);
    case HIB_RULE_CAMPAIGN:
        return is_one_of(condition, facts->campaign);
    default:
        return false;
    }
}

static bool
has_url(HibArena *arena, const char *text)
{
    const HibLink *links;
    size_t n = hib_text_links(arena, text, &links);
    for (size_t i = 0; i < n; i++)
        if (links[i].kind == HIB_LINK_URL)
            return true;
    return false;
}

const bool *
hib_rules_meet(const HibRules *rules, HibArena *arena, const HibRuleFacts *facts)
{
    const HibFolded folded = hib_text_fold(arena, facts->text, strlen(facts->text));
    const Seen seen = {facts, has_url(arena, facts->text), language_of(&folded)};
    Search search = {rules, hib_arena_array(arena, bool, rules->n_slots + 1)};
    bool *met = hib_arena_array(arena, bool, rules->n + 1);
    size_t slot = 0;
    hib_terms_find(rules->terms, &folded, note, &search);
    for (size_t i = 0; i < rules->n; i++) {
        size_t n_so = 0;
        for (size_t k = 0; k < rules->rules[i].n_conditions; k++) {
            const HibRuleCondition *condition = &rules->rules[i].conditions[k];
            bool so =
                condition->on == HIB_RULE_TEXT ? search.found[slot++] : is_so(condition, &seen);
            n_so += so != condition->is_not;
        }
        met[i] =
            rules->rules[i].is_any ? n_so > 0 : n_so > 0 && n_so == rules->rules[i].n_conditions;
    }
    return met;
}
