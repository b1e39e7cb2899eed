/* Moderation rules: what is asked of a message, and what is done with it.
 *
 * A rule has up to ten conditions, all or any of which must be met; each may be turned round. Words are looked for in the folded text (text/fold.h), so that full-width letters, the
 * other kana and characters without width do not hide them; a word that begins or ends in a Latin letter or digit is not found within a longer one. Many rules are looked for
 * at once, in time that grows with the text. Pure; built by one thread, then only read. */
#pragma once
#include "base/arena.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HIB_RULE_CONDITIONS 10
#define HIB_RULE_VALUES 50
#define HIB_RULE_VALUE_CHARS 100
#define HIB_RULE_TAGS 5
#define HIB_RULE_PEOPLE 10

typedef enum { /* same order as the contract's enum */
               HIB_RULE_TEXT,
               HIB_RULE_SENTIMENT,
               HIB_RULE_INTENT,
               HIB_RULE_URGENCY, /* one value: at least so much, 0..100 */
               HIB_RULE_AUTHOR,  /* handle */
               HIB_RULE_AUTHOR_NEW,
               HIB_RULE_NETWORK,
               HIB_RULE_ACCOUNT,
               HIB_RULE_KIND,
               HIB_RULE_LINK,
               HIB_RULE_LANGUAGE,
               HIB_RULE_CAMPAIGN,
               HIB_RULE_ONS
} HibRuleOn;

typedef struct {
    HibRuleOn on;
    bool is_not;
    const char *const *values; /* any of them; none for AUTHOR_NEW and LINK */
    size_t n_values;
} HibRuleCondition;

/* What is done, in this order. */
typedef struct {
    bool hides; /* at the network, where it can */
    const char *const *tags;
    size_t n_tags;
    const char *assignee; /* NULL: nobody */
    bool is_done, holds;  /* done: nothing to answer; held: nobody answers until it is released */
    const char *const *people; /* who is told */
    size_t n_people;
} HibRuleActions;

typedef struct {
    const char *id, *name;
    bool is_any;
    const HibRuleCondition *conditions;
    size_t n_conditions;
    HibRuleActions actions;
} HibRule;

/* What a rule sees of a message. */
typedef struct {
    const char *text, *author_handle, *network, *account, *kind;
    const char *sentiment, *intent; /* NULL: not read, or unsure */
    const char *campaign;           /* of the post it stands under; NULL */
    int urgency;
    bool is_author_new;
} HibRuleFacts;

/* What can be wrong with a rule by itself: NULL, or a reason ("rule.no_values") with the pointer of the field, in the arena. */
const char *hib_rule_wrong(HibArena *arena, const HibRule *rule, const char **ret_pointer);

/* Names of readings, in the order of core/text/classify.h; NULL for what is none. */
const char *hib_rule_sentiment(int64_t sentiment);
const char *hib_rule_intent(int64_t intent);

/* Where words are written in: "ja", "zh", "ko", "latin", "other"; by their letters, so that Latin ones may be of any language. */
const char *hib_rule_language(HibArena *arena, const char *text);

typedef struct HibRules HibRules;
/* Keeps the rules by pointer. */
HibRules *hib_rules_ready(const HibRule *rules, size_t n);
void hib_rules_free(HibRules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibRules, hib_rules_free)
/* Which of the rules are met: n of them in the arena. */
const bool *hib_rules_meet(const HibRules *rules, HibArena *arena, const HibRuleFacts *facts);
