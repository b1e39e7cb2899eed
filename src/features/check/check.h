/* Check: what a person should look at before a text goes out: law, networks' rules, people's feelings, a house's own words.
 *
 * Screening, not legal advice: a finding is a hint with its source and date, and no finding does not mean "lawful".
 * Rules are data (rules/check/, and what a workspace adds), compiled once and then only read, by any thread. What is checked is a plain subject:
 * nothing here knows posts. A text of any size and any content costs time in proportion to its length. */
#pragma once
#include "api.gen.h"
#include "base/arena.h"
#include "base/time.h"
#include "store/store.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum { HIB_CHECK_INFO, HIB_CHECK_WARN, HIB_CHECK_BLOCK } HibCheckSeverity;
const char *hib_check_severity_name(HibCheckSeverity severity); /* "info" "warn" "block" */
bool hib_check_severity_of(const char *name, HibCheckSeverity *ret);

typedef struct {
    const char *ja, *en; /* never NULL; the one stands for the other where only one was given */
} HibCheckText;

/* One rule as people see it. */
typedef struct {
    const char *id;       /* "KHY-02" */
    const char *category; /* the name of its file: "drug", "representation"; "rules", "terms" */
    HibCheckSeverity severity;
    const char *const *industries; /* ended by NULL; none: all */
    const char *const *networks;   /* the same */
    HibCheckText message, fix, law;
    const char *source;           /* of the fact; "unsourced": nobody has confirmed it yet */
    const char *as_of;            /* "2026-11-23" */
    const char *expires;          /* the day it ends; NULL: none */
    HibInstant stale_at, ends_at; /* from those days; G_MAXINT64: never */
    const char *const *hit;       /* texts it must find, ended by NULL */
    const char *const *pass;      /* and must not */
} HibCheckRule;

typedef struct HibCheckRules HibCheckRules;

/* The rules that come with Hibiki; compiled at the first call. */
const HibCheckRules *hib_check_rules(void);
/* Compiles a file of rules (JSON, or YAML of the same shape; docs/guide). `name` is what the error calls it.
 * INVALID check.bad_rules with the details "file", "line" and "what": nothing of it is used then. Free with hib_check_rules_free. */
HibCheckRules *hib_check_rules_parse(const char *name, const char *bytes, size_t n, GError **error);
void hib_check_rules_free(HibCheckRules *rules);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibCheckRules, hib_check_rules_free)

size_t hib_check_n_rules(const HibCheckRules *rules);
const HibCheckRule *hib_check_rule_at(const HibCheckRules *rules, size_t i);
const HibCheckRule *hib_check_rule(const HibCheckRules *rules, const char *id); /* NULL: none */
/* Older than 180 days, or past its end: laws and networks have had time to change. */
bool hib_check_is_stale(const HibCheckRule *rule, HibInstant now);

/* How the one who posts stands to what is praised (ステマ告示). */
typedef enum {
    HIB_RELATION_UNSAID, /* nobody was asked: nothing is concluded from it */
    HIB_RELATION_NONE,
    HIB_RELATION_OWN_ACCOUNT, /* the brand itself, plainly to be seen */
    HIB_RELATION_EMPLOYEE,
    HIB_RELATION_PAID,
    HIB_RELATION_GIFTED,
    HIB_RELATION_LOANED,
    HIB_RELATION_DISCOUNTED,
    HIB_RELATION_AFFILIATE,
    HIB_RELATION_INVITED,
    HIB_RELATION_AMBASSADOR,
    HIB_RELATION_REUSE, /* somebody else's post, used by the brand */
    HIB_RELATION_N
} HibCheckRelation;
const char *hib_check_relation_name(HibCheckRelation relation); /* "own_account" … */
bool hib_check_relation_of(const char *name, HibCheckRelation *ret);

typedef struct {
    const char *text;            /* valid UTF-8 */
    const char *const *networks; /* "x" …, ended by NULL; NULL: any */
    const char *const
        *industries; /* "cosme" "food" "campaign" …, ended by NULL; NULL: only what holds for all */
    HibCheckRelation relation;
    /* What is known of a medium ("expired" …, rules/check/rights.json) or of a text beside its words ("repeat": as good as said already, rules/check/platform.json), ended by
     * NULL: then only rules about such facts are asked. NULL: the subject is the text. */
    const char *const *facts;
    bool has_image, has_video;
    /* The written disclosure within a video: when it shows and for how long; -1: not known. */
    int64_t video_ms, disclosure_at_ms, disclosure_for_ms;
    bool is_switched;              /* the network's own switch for paid partnerships is on */
    bool is_disaster, is_election; /* what happens around: some rules are graver then */
    HibInstant now;                /* what is stale or ended is judged by */
} HibCheckSubject;

/* A place in a text: bytes of its UTF-8, and the same in UTF-16 units, as a browser selects. End excluded. */
typedef struct {
    size_t start, end;
    size_t utf16_start, utf16_end;
} HibCheckSpan;

typedef struct {
    const HibCheckRule *rule; /* lives as long as its rules */
    HibCheckSeverity severity;
    HibCheckSpan span;       /* empty, at 0: the text as a whole (something is missing) */
    const char *found;       /* the words as they stand there; "" for the text as a whole */
    const char *replacement; /* what may stand in their place; NULL: only a person knows */
    bool is_stale;
} HibCheckFinding;

/* What a workspace made of the rules. */
typedef struct {
    const char *rule;
    bool is_off;
    bool is_severity_set;
    HibCheckSeverity severity;
} HibCheckTune;
typedef struct {
    const HibCheckRules *own; /* its own rules, NG words and house terms; NULL: none */
    const HibCheckTune *tunes;
    size_t n_tunes;
} HibCheckHouse;

#define HIB_CHECK_MOST 200 /* findings told of one text */

typedef struct {
    const HibCheckFinding
        *findings; /* in order of place, the gravest first where two begin together */
    size_t n;
    bool
        is_cut; /* there were more than HIB_CHECK_MOST, or a rule of the workspace took too long and was left */
} HibCheckResult;

/* Everything the rules find. `house` may be NULL. Pure; the findings live in `arena`. */
void hib_check(HibArena *arena, const HibCheckHouse *house, const HibCheckSubject *subject,
               HibCheckResult *ret);
/* The gravest of them; INFO where there is none. */
HibCheckSeverity hib_check_gravest(const HibCheckResult *result);

/* --- calculators: whole yen, never rounded up ------------------------------------------------------------------- */
typedef enum {
    HIB_PREMIUM_GENERAL, /* by lot, quiz or merit, tied to a purchase */
    HIB_PREMIUM_JOINT,   /* of several businesses together */
    HIB_PREMIUM_ALL,     /* to everybody, or first come first served */
    HIB_PREMIUM_OPEN,    /* not tied to a purchase */
    HIB_PREMIUM_N
} HibPremiumKind; /* same order as the contract's enum */
typedef struct {
    bool has_each, has_total; /* false: no limit */
    int64_t each_yen, total_yen;
    /* How it comes about; 0: has no part in it. */
    int64_t below_yen, times, least_yen, most_yen, percent, total_percent;
    const char *source, *as_of;
} HibPremiumCap;
#define HIB_YEN_MOST 1000000000000 /* no price or sales beyond it is asked for */
/* What a premium (景品) may be worth: `price_yen` of what is bought, `sales_yen` planned of what the premium goes with. Both 0…HIB_YEN_MOST. */
HibPremiumCap hib_check_premium(HibPremiumKind kind, int64_t price_yen, int64_t sales_yen);

/* Days are counted from 1970-01-01. */
typedef struct {
    int64_t price_yen;
    int64_t from_day, to_day; /* both included */
} HibPricePeriod;
typedef struct {
    int64_t from_day,
        n_window; /* the eight weeks before the sale, or as much of them as it was sold */
    int64_t n_sold, n_at_price;     /* days in it: sold at all; at the price compared with */
    int64_t least_days, since_days; /* of n_at_price, at least; of n_since, fewer */
    int64_t n_since; /* days from the last day at that price to the sale; -1: never sold at it */
    bool is_majority, is_two_weeks, is_recent, is_fair; /* all three: fair */
    const char *source, *as_of;
} HibPriceTest;
/* Whether a sale beginning on `sale_day` may compare with `price_yen` (二重価格). */
HibPriceTest hib_check_price(int64_t price_yen, int64_t sale_day, const HibPricePeriod *periods,
                             size_t n);

/* --- a workspace's care of the rules --------------------------------------------------------------------------------- */
typedef struct {
    const char *name; /* "rules" (JSON or YAML) or "terms" (prh's YAML) */
    const char *text;
    int64_t n_rules;
    HibInstant updated_at;
} HibCheckFileInfo;
/* Tunes and own rules of the workspace, compiled; lives as long as the db's arena. */
bool hib_check_house(HibDb *db, HibCheckHouse *ret, GError **error);
/* Switches the rule off or on, or gives it another severity (NULL: its own). NOT_FOUND check.unknown_rule. */
bool hib_check_tune(HibDb *db, const char *rule, bool is_off, const HibCheckSeverity *severity,
                    GError **error);
/* Puts the file in the place of the one before; "" takes it away. The errors of hib_check_rules_parse: then the old one stays. NOT_FOUND check.unknown_file. */
bool hib_check_put_file(HibDb *db, const char *name, const char *text, HibCheckFileInfo *ret,
                        GError **error);
bool hib_check_get_file(HibDb *db, const char *name, HibCheckFileInfo *ret, GError **error);

/* What a workspace says once of all its texts. */
typedef struct {
    const char *from_day, *to_day; /* YYYY-MM-DD in its zone, both included */
} HibCheckElection;
typedef struct {
    const char *const *industries; /* "cosme" …, ended by NULL */
    const HibCheckElection *elections;
    size_t n_elections;
} HibCheckSetting;
bool hib_check_setting(HibDb *db, HibCheckSetting *ret, GError **error);
/* INVALID check.bad_day, check.bad_span: it ends before it begins. */
bool hib_check_set_setting(HibDb *db, const HibCheckSetting *setting, GError **error);
/* Whether one of the elections is on at that time, in the workspace's zone. */
bool hib_check_is_election(HibDb *db, const HibCheckSetting *setting, HibInstant at, bool *ret,
                           GError **error);
bool hib_check_election_on(const HibCheckSetting *setting, const HibZone *zone,
                           HibInstant at); /* the same, pure */
/* A person lets `subject` pass although `rules` block it: for what `fingerprint` was made of. INVALID check.no_reason. */
bool hib_check_override(HibDb *db, const char *subject, const char *fingerprint, const char *rules,
                        const char *reason, GError **error);
/* What `from` was let pass with holds for `to` as well, as long as it says the same. */
bool hib_check_override_copy(HibDb *db, const char *from, const char *to, GError **error);
bool hib_check_overridden(HibDb *db, const char *subject, const char *fingerprint, bool *ret,
                          GError **error);

/* How often a rule told something, and how often people said that it was wrong. */
typedef struct {
    const char *rule;
    int64_t n_told, n_false;
} HibCheckCount;
bool hib_check_counts(HibDb *db, HibCheckCount **ret, size_t *ret_n, GError **error);
/* Counts what was told of a text as it goes out, each once however often it is asked. */
bool hib_check_told(HibDb *db, const char *text, const HibCheckResult *result, GError **error);
/* A person says that the rule is wrong about these words in this text. NOT_FOUND check.unknown_rule. */
bool hib_check_false_alarm(HibDb *db, const char *rule, const char *text, const char *found,
                           GError **error);
/* For other features' replies. */
HibApiCheckFinding hib_check_finding_to_api(const HibCheckFinding *finding);
