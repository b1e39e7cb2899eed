/* A workspace's care of the rules over HTTP: the list with source, date and precision; switching; own files; false alarms. */
#include "check/check.h"

#include "http/call.h"

#include <string.h>

static size_t
length(const char *const *list)
{
    size_t n = 0;
    while (list[n])
        n++;
    return n;
}

typedef struct {
    HibCheckHouse house;
    HibCheckCount *counts;
    size_t n_counts;
    HibInstant now;
} Care;

static bool
read_care(HibDb *db, Care *ret, GError **error)
{
    ret->now = hib_db_now(db);
    return hib_check_house(db, &ret->house, error) &&
           hib_check_counts(db, &ret->counts, &ret->n_counts, error);
}

static HibApiCheckRule
to_api(const Care *care, const HibCheckRule *rule, bool is_own)
{
    HibApiCheckRule out = {.id = rule->id,
                           .category = rule->category,
                           .severity = (int)rule->severity,
                           .is_own = is_own,
                           .source = rule->source,
                           .as_of = rule->as_of,
                           .has_expires = rule->expires != NULL,
                           .expires = rule->expires,
                           .is_stale = hib_check_is_stale(rule, care->now),
                           .hit = (const char **)(void *)rule->hit,
                           .n_hit = length(rule->hit),
                           .pass = (const char **)(void *)rule->pass,
                           .n_pass = length(rule->pass),
                           .message = {rule->message.ja, rule->message.en},
                           .fix = {rule->fix.ja, rule->fix.en},
                           .law = {rule->law.ja, rule->law.en},
                           .industries = (const char **)(void *)rule->industries,
                           .n_industries = length(rule->industries),
                           .networks = (const char **)(void *)rule->networks,
                           .n_networks = length(rule->networks)};
    for (size_t i = 0; i < care->house.n_tunes; i++) {
        const HibCheckTune *tune = &care->house.tunes[i];
        if (strcmp(tune->rule, rule->id) != 0)
            continue;
        out.is_off = tune->is_off;
        out.has_tuned = tune->is_severity_set;
        out.tuned = (int)tune->severity;
    }
    for (size_t i = 0; i < care->n_counts; i++) {
        const HibCheckCount *count = &care->counts[i];
        if (strcmp(count->rule, rule->id) != 0)
            continue;
        out.n_told = count->n_told;
        out.n_false = count->n_false;
        out.has_precision = count->n_told > 0;
        out.precision =
            out.has_precision ? 1.0 - (double)count->n_false / (double)count->n_told : 0;
    }
    return out;
}

bool
hib_on_list_check_rules(HibCall *call, GError **error)
{
    Care care;
    if (!read_care(hib_call_db(call), &care, error))
        return false;
    const HibCheckRules *const sets[] = {hib_check_rules(), care.house.own};
    size_t n = hib_check_n_rules(sets[0]) + (sets[1] ? hib_check_n_rules(sets[1]) : 0);
    HibApiCheckRule *out = hib_arena_array(hib_call_arena(call), HibApiCheckRule, n + 1);
    size_t at = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(sets); i++)
        for (size_t k = 0; sets[i] && k < hib_check_n_rules(sets[i]); k++)
            out[at++] = to_api(&care, hib_check_rule_at(sets[i], k), i == 1);
    const HibApiCheckRuleList list = {.rules = out, .n_rules = n};
    return hib_reply_check_rule_list(call, 200, &list);
}

bool
hib_on_tune_check_rule(HibCall *call, const char *id, const HibApiCheckTune *in, GError **error)
{
    Care care;
    const HibCheckSeverity severity = (HibCheckSeverity)in->severity;
    if (!hib_check_tune(hib_call_db(call), id, in->is_off, in->has_severity ? &severity : NULL,
                        error) ||
        !read_care(hib_call_db(call), &care, error))
        return false;
    const HibCheckRule *ours = hib_check_rule(hib_check_rules(), id);
    const HibApiCheckRule out =
        to_api(&care, ours ? ours : hib_check_rule(care.house.own, id), !ours);
    return hib_reply_check_rule(call, 200, &out);
}

bool
hib_on_mark_false_alarm(HibCall *call, const char *id, const HibApiFalseAlarm *in, GError **error)
{
    return hib_check_false_alarm(hib_call_db(call), id, in->text, in->found, error) &&
           hib_call_reply_empty(call, 204);
}

static bool
reply_file(HibCall *call, const HibCheckFileInfo *file)
{
    const HibApiCheckFile out = {.name = file->name,
                                 .text = file->text,
                                 .n_rules = file->n_rules,
                                 .has_updated_at = file->updated_at != 0,
                                 .updated_at = file->updated_at};
    return hib_reply_check_file(call, 200, &out);
}

bool
hib_on_get_check_file(HibCall *call, const char *name, GError **error)
{
    HibCheckFileInfo file;
    return hib_check_get_file(hib_call_db(call), name, &file, error) && reply_file(call, &file);
}

bool
hib_on_put_check_file(HibCall *call, const char *name, const HibApiCheckFileDraft *in,
                      GError **error)
{
    HibCheckFileInfo file;
    return hib_check_put_file(hib_call_db(call), name, in->text, &file, error) &&
           reply_file(call, &file);
}
