/* LINE's face: who the friends of a channel are, in LINE's words and shares. */
#include "practice/line_face_private.h"
#include "practice/people.h"
#include <math.h>

#define FEW 20

static void
add_tile(cJSON *list, const char *key, const char *name, double share)
{
    cJSON *tile = cJSON_CreateObject();
    cJSON_AddStringToObject(tile, key, name);
    cJSON_AddNumberToObject(tile, "percentage", round(share * 1000) / 10);
    cJSON_AddItemToArray(list, tile);
}

static void
add_people(const HibPracticeAccount *account, cJSON *out, const char *list, const char *key,
           HibPeoplePart part)
{
    static const char *const ages[][2] = {{"13-17", "from15to19"}, {"18-24", "from20to24"},
                                          {"25-34", "from30to34"}, {"35-44", "from40to44"},
                                          {"45-54", "from45to49"}, {"55-64", "from50"}};
    HibFaceGroup people[HIB_PEOPLE_MOST];
    const size_t n = hib_people(account->id, part, people);
    cJSON *tiles = cJSON_AddArrayToObject(out, list);
    for (size_t i = 0; i < n; i++) {
        const char *name = part == HIB_PEOPLE_AGE && i < G_N_ELEMENTS(ages) ? ages[i][1]
                           : part == HIB_PEOPLE_AGE                         ? "unknown"
                                                                            : people[i].name;
        add_tile(tiles, key, name, people[i].share);
    }
}

void
hib_line_face_demographic(HibPracticeCall *call)
{
    static const struct {
        const char *list, *key, *name;
        double share;
    } others[] = {{"appTypes", "appType", "ios", 0.62},
                  {"appTypes", "appType", "android", 0.36},
                  {"appTypes", "appType", "others", 0.02},
                  {"subscriptionPeriods", "subscriptionPeriod", "over365days", 0.52},
                  {"subscriptionPeriods", "subscriptionPeriod", "within365days", 0.24},
                  {"subscriptionPeriods", "subscriptionPeriod", "within180days", 0.12},
                  {"subscriptionPeriods", "subscriptionPeriod", "within90days", 0.07},
                  {"subscriptionPeriods", "subscriptionPeriod", "within30days", 0.04},
                  {"subscriptionPeriods", "subscriptionPeriod", "within7days", 0.01}};
    const HibPracticeAccount *account = hib_line_face_caller(call);
    if (!account)
        return;
    hib_line_face_request_id(call);
    cJSON *out = cJSON_CreateObject();
    const bool is_available = hib_line_face_friends(call->face, account) >= FEW;
    cJSON_AddBoolToObject(out, "available", is_available);
    if (is_available) {
        add_people(account, out, "genders", "gender", HIB_PEOPLE_GENDER);
        add_people(account, out, "ages", "age", HIB_PEOPLE_AGE);
        add_people(account, out, "areas", "area", HIB_PEOPLE_AREA);
        for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
            cJSON *list = cJSON_GetObjectItemCaseSensitive(out, others[i].list);
            list = list ? list : cJSON_AddArrayToObject(out, others[i].list);
            add_tile(list, others[i].key, others[i].name, others[i].share);
        }
    }
    hib_practice_json(call, 200, out);
}
