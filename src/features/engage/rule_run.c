/* Rules at work: over what was just stored, and over history to see what one would do. Both see a message through the same eyes. */
#include "base/json.h"
#include "engage/desk.h"
#include "engage/rule.sql.h"
#include "engage/work.sql.h"

#define TRIAL_BATCH 500
#define TRIAL_MOST 20000
#define TRIAL_SAMPLES 20

static const char *const kinds[] = {"comment", "mention", "message"};

static bool
facts_of(HibDb *db, const HibSqlRuleFacts *row, HibRuleFacts *ret, GError **error)
{
    HibAccount *account;
    if (!hib_accounts_find(db, row->account_id, &account, error))
        return false;
    *ret =
        (HibRuleFacts){.text = row->text,
                       .author_handle = row->author_handle,
                       .network = account ? account->network : "",
                       .account = row->account_id,
                       .kind = kinds[CLAMP(row->kind, 0, 2)],
                       .sentiment = row->has_sentiment ? hib_rule_sentiment(row->sentiment) : NULL,
                       .intent = row->has_intent ? hib_rule_intent(row->intent) : NULL,
                       .campaign = row->campaign_id,
                       .urgency = row->has_urgency ? (int)row->urgency : 0,
                       .is_author_new = row->is_author_new};
    return true;
}

/* --- at work ------------------------------------------------------------------------------------------------------------------ */
static bool
tell_people(HibDb *db, const HibRule *rule, const HibSqlRuleFacts *row, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    for (size_t i = 0; i < rule->actions.n_people; i++) {
        cJSON *json = cJSON_CreateObject();
        cJSON_AddStringToObject(json, "person", rule->actions.people[i]);
        cJSON_AddStringToObject(json, "name", rule->name);
        cJSON_AddStringToObject(json, "what", hib_work_excerpt(arena, row->text));
        cJSON_AddStringToObject(json, "place", hib_work_place(arena, row->thread_id));
        if (!hib_event_emit(db, "rule.met", row->id, hib_json_print(arena, json), error))
            return false;
    }
    return true;
}

static bool
act(HibDb *db, const HibRule *rule, const HibSqlRuleFacts *row, const char *network, GError **error)
{
    const HibRuleActions *actions = &rule->actions;
    int64_t changed;
    if (!hib_sql_rule_met_add(db, rule->id, row->id, row->thread_id, rule->name, hib_db_now(db),
                              &changed, error))
        return false;
    if (!changed)
        return true; /* met it before */
    if (actions->hides && hib_hide_can(network, (HibNetTalkKind)row->kind) &&
        !hib_hide_want(db, row->id, true, error))
        return false;
    HibWorkChange change = {.add_tags = actions->tags,
                            .n_add_tags = actions->n_tags,
                            .has_status = actions->is_done,
                            .status = HIB_WORK_DONE,
                            .has_hold = actions->holds,
                            .is_held = true};
    return hib_work_apply(db, row->thread_id, &change, error) &&
           (!actions->assignee ||
            hib_sql_work_assign_free(db, row->thread_id, actions->assignee, &changed, error)) &&
           tell_people(db, rule, row, error);
}

/* Those that are on; *ret_n 0: none. */
static bool
rules_on(HibDb *db, HibRule **ret, size_t *ret_n, GError **error)
{
    HibSqlRuleRow *rows;
    size_t n;
    *ret_n = 0;
    if (!hib_sql_rule_list(db, &rows, &n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibRule, n + 1);
    for (size_t i = 0; i < n; i++) {
        HibRule *rule = &(*ret)[*ret_n];
        if (!rows[i].is_on)
            continue;
        *rule = (HibRule){.id = rows[i].id, .name = rows[i].name, .is_any = rows[i].is_any};
        if (!hib_rule_read(hib_db_arena(db), rows[i].conditions, rows[i].actions, rule, error))
            return false;
        ++*ret_n;
    }
    return true;
}

bool
hib_moderation_run(HibDb *db, const char *const *talks, size_t n, GError **error)
{
    HibRule *rules;
    size_t n_rules;
    if (!n || !rules_on(db, &rules, &n_rules, error))
        return !n;
    if (!n_rules)
        return true;
    g_autoptr(HibRules) ready = hib_rules_ready(rules, n_rules);
    for (size_t i = 0; i < n; i++) {
        HibSqlRuleFacts *row;
        HibRuleFacts facts;
        if (!hib_sql_rule_facts(db, talks[i], &row, error))
            return false;
        if (!row || !row->thread_id)
            continue;
        if (!facts_of(db, row, &facts, error))
            return false;
        const bool *met = hib_rules_meet(ready, hib_db_arena(db), &facts);
        for (size_t k = 0; k < n_rules; k++)
            if (met[k] && !act(db, &rules[k], row, facts.network, error))
                return false;
    }
    return true;
}

/* --- on trial -------------------------------------------------------------------------------------------------------------------- */
static void
sample(HibDb *db, const HibSqlRuleFacts *row, const HibRuleFacts *facts, bool can_hide,
       HibRuleTrial *ret)
{
    if (ret->n_samples == TRIAL_SAMPLES)
        return;
    ret->samples[ret->n_samples++] =
        (HibRuleSample){.talk = row->id,
                        .thread = row->thread_id,
                        .network = facts->network,
                        .author = *row->author_name ? row->author_name : row->author_handle,
                        .text = hib_work_excerpt(hib_db_arena(db), row->text),
                        .at = row->at,
                        .can_hide = can_hide};
}

static bool
try_rows(HibDb *db, const HibRules *ready, const HibSqlRuleFacts *rows, size_t n, HibRuleTrial *ret,
         GError **error)
{
    for (size_t i = 0; i < n; i++) {
        HibRuleFacts facts;
        if (!facts_of(db, &rows[i], &facts, error))
            return false;
        g_autoptr(HibArena) arena = hib_arena_new(); /* what is folded goes at once */
        if (!hib_rules_meet(ready, arena, &facts)[0])
            continue;
        bool can_hide = hib_hide_can(facts.network, (HibNetTalkKind)rows[i].kind);
        ret->n_met++;
        ret->n_cannot_hide += !can_hide;
        sample(db, &rows[i], &facts, can_hide, ret);
    }
    ret->n_seen += (int64_t)n;
    return true;
}

bool
hib_moderation_try(HibDb *db, const HibRule *rule, int days, HibRuleTrial *ret, GError **error)
{
    HibInstant before = HIB_NEVER;
    const char *before_id = "";
    size_t n = TRIAL_BATCH;
    *ret =
        (HibRuleTrial){.since = hib_db_now(db) - days * HIB_DAY,
                       .samples = hib_arena_array(hib_db_arena(db), HibRuleSample, TRIAL_SAMPLES)};
    if (!hib_moderation_check(db, rule, error))
        return false;
    g_autoptr(HibRules) ready = hib_rules_ready(rule, 1);
    while (n == TRIAL_BATCH && ret->n_seen < TRIAL_MOST) {
        HibSqlRuleFacts *rows;
        if (!hib_sql_rule_history(db, ret->since, before, before_id, TRIAL_BATCH, &rows, &n,
                                  error) ||
            !try_rows(db, ready, rows, n, ret, error))
            return false;
        if (n) {
            before = rows[n - 1].received_at;
            before_id = rows[n - 1].id;
        }
    }
    ret->is_cut = n == TRIAL_BATCH;
    if (ret->is_cut)
        ret->since = before;
    return true;
}
