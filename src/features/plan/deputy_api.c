/* Deputies over HTTP. */
#include "base/error.h"
#include "http/call.h"
#include "plan/approval.h"
#include <string.h>

bool
hib_on_list_deputies(HibCall *call, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibDeputy *rows, *today;
    size_t n, n_today;
    if (!hib_deputies(db, &rows, &n, error) || !hib_deputies_today(db, &today, &n_today, error))
        return false;
    HibApiDeputy *out = hib_arena_array(hib_call_arena(call), HibApiDeputy, n + 1);
    for (size_t i = 0; i < n; i++) {
        out[i] = (HibApiDeputy){.person_id = rows[i].person_id,
                                .person_name = rows[i].person_name,
                                .deputy_id = rows[i].deputy_id,
                                .deputy_name = rows[i].deputy_name,
                                .from_on = rows[i].from_on,
                                .until_on = rows[i].until_on};
        for (size_t k = 0; k < n_today; k++)
            out[i].is_today = out[i].is_today || g_str_equal(today[k].person_id, rows[i].person_id);
    }
    const HibApiDeputyList list = {.deputies = out, .n_deputies = n};
    return hib_reply_deputy_list(call, 200, &list);
}

/* An approver names their own; owners and managers those of others too. */
static bool
check_hand(HibCall *call, const char *person, GError **error)
{
    bool is_own = g_strcmp0(hib_call_person(call), person) == 0;
    if (is_own || g_strcmp0(hib_call_role(call), "approver") != 0)
        return true;
    hib_error_set(error, HIB_ERROR_FORBIDDEN, "deputy.others", "the deputy of %s", person);
    return false;
}

bool
hib_on_set_deputy(HibCall *call, const char *person, const HibApiDeputyDraft *in, GError **error)
{
    const HibDeputy what = {.person_id = person,
                            .deputy_id = in->deputy_id,
                            .from_on = in->from_on,
                            .until_on = in->until_on};
    return check_hand(call, person, error) && hib_deputy_set(hib_call_db(call), &what, error) &&
           hib_call_reply_empty(call, 204);
}

bool
hib_on_drop_deputy(HibCall *call, const char *person, GError **error)
{
    return check_hand(call, person, error) && hib_deputy_drop(hib_call_db(call), person, error) &&
           hib_call_reply_empty(call, 204);
}
