/* Deputies: for some days somebody else looks at posts in an approver's place. A person has one at a time; an approver names their own, owners and managers also those of others. */
#include "base/error.h"
#include "base/json.h"
#include "days/days.h"
#include "plan/approval.h"
#include "plan/plan_private.h"
#include "team/team.h"
#include <string.h>

#define FOR_EVER "9999-12-31"

static bool
today_of(HibDb *db, const char **ret, GError **error)
{
    HibWorkspace *workspace;
    if (!hib_team_workspace(db, &workspace, error))
        return false;
    g_autoptr(HibZone) zone = hib_zone_open(workspace->zone);
    *ret = hib_day_text(hib_db_arena(db), hib_day_at(zone ? zone : hib_zone_utc(), hib_db_now(db)));
    return true;
}

bool
hib_deputies(HibDb *db, HibDeputy **ret, size_t *ret_n, GError **error)
{
    const char *today;
    return today_of(db, &today, error) &&
           hib_sql_deputy_list(db, today, FOR_EVER, ret, ret_n, error);
}

bool
hib_deputies_today(HibDb *db, HibDeputy **ret, size_t *ret_n, GError **error)
{
    const char *today;
    return today_of(db, &today, error) && hib_sql_deputy_list(db, today, today, ret, ret_n, error);
}

bool
hib_plan_deputies(HibDb *db, HibDeputyFacts **ret, size_t *ret_n, GError **error)
{
    HibDeputy *rows;
    size_t n;
    if (!hib_deputies_today(db, &rows, &n, error))
        return false;
    *ret = hib_arena_array(hib_db_arena(db), HibDeputyFacts, n + 1);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++)
        if (hib_role_approves(rows[i].person_role))
            (*ret)[(*ret_n)++] =
                (HibDeputyFacts){.person = rows[i].person_id, .deputy = rows[i].deputy_id};
    return true;
}

/* --- naming one ------------------------------------------------------------------------------------------------- */
static bool
refuse(GError **error, HibErrorKind kind, const char *reason, const char *pointer)
{
    hib_error_set_at(error, kind, reason, pointer, "%s", reason);
    return false;
}

/* The role of a member, for whom `pointer` stands; NULL with `error` set when there is none. */
static const char *
role_of(HibDb *db, const char *person, const char *pointer, GError **error)
{
    const char *role;
    if (!hib_team_role(db, person, &role, error))
        return NULL;
    if (!role)
        refuse(error, HIB_ERROR_NOT_FOUND, "team.member_unknown", pointer);
    return role;
}

static bool
check(HibDb *db, const HibDeputy *what, GError **error)
{
    const char *role = role_of(db, what->person_id, NULL, error), *deputy_role;
    if (!role)
        return false;
    if (!hib_role_approves(role))
        return refuse(error, HIB_ERROR_INVALID, "deputy.no_approver", NULL);
    if (!hib_day_number(what->from_on))
        return refuse(error, HIB_ERROR_INVALID, "campaign.bad_day", "/from_on");
    if (!hib_day_number(what->until_on))
        return refuse(error, HIB_ERROR_INVALID, "campaign.bad_day", "/until_on");
    if (strcmp(what->from_on, what->until_on) > 0)
        return refuse(error, HIB_ERROR_INVALID, "campaign.bad_range", "/until_on");
    deputy_role = role_of(db, what->deputy_id, "/deputy_id", error);
    if (!deputy_role)
        return false;
    if (g_str_equal(deputy_role, "client") || g_str_equal(what->person_id, what->deputy_id))
        return refuse(error, HIB_ERROR_INVALID, "deputy.bad_deputy", "/deputy_id");
    return true;
}

static const char *
described(HibDb *db, const char *person, const char *deputy, const HibDeputy *row)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "name", person);
    if (deputy) {
        cJSON_AddStringToObject(json, "deputy", deputy);
        cJSON_AddStringToObject(json, "from_on", row->from_on);
        cJSON_AddStringToObject(json, "until_on", row->until_on);
    }
    return hib_json_print(hib_db_arena(db), json);
}

bool
hib_deputy_set(HibDb *db, const HibDeputy *what, GError **error)
{
    const char *person, *deputy, *actor = NULL;
    const char *by = hib_db_actor(db, &actor) == HIB_ACTOR_PERSON ? actor : NULL;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && check(db, what, error) &&
           hib_team_person_name(db, what->person_id, &person, error) &&
           hib_team_person_name(db, what->deputy_id, &deputy, error) &&
           hib_sql_deputy_put(db, what->person_id, what->deputy_id, what->from_on, what->until_on,
                              hib_db_now(db), by, error) &&
           hib_event_emit(db, "approval.deputy", what->person_id, NULL, error) &&
           hib_audit(db, "approval.deputy", "member", what->person_id, NULL,
                     described(db, person, deputy, what), error) &&
           hib_tx_commit(tx, error);
}

bool
hib_deputy_drop(HibDb *db, const char *person, GError **error)
{
    int64_t gone = 0;
    const char *name;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !role_of(db, person, NULL, error) || !hib_sql_deputy_drop(db, person, &gone, error))
        return false;
    if (!gone)
        return refuse(error, HIB_ERROR_NOT_FOUND, "deputy.unknown", NULL);
    return hib_team_person_name(db, person, &name, error) &&
           hib_event_emit(db, "approval.deputy", person, NULL, error) &&
           hib_audit(db, "approval.deputy", "member", person, described(db, name, NULL, NULL), NULL,
                     error) &&
           hib_tx_commit(tx, error);
}
