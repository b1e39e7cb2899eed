/* YouTube's face: who watched, by age and gender or by country; nothing where nobody did. */
#include "practice/people.h"
#include "practice/youtube_face_private.h"

#include <string.h>

static void
add_header(cJSON *headers, const char *name, bool is_metric)
{
    cJSON *one = cJSON_CreateObject();
    cJSON_AddStringToObject(one, "name", name);
    cJSON_AddStringToObject(one, "columnType", is_metric ? "METRIC" : "DIMENSION");
    cJSON_AddStringToObject(one, "dataType",
                            !is_metric               ? "STRING"
                            : !strcmp(name, "views") ? "INTEGER"
                                                     : "FLOAT");
    cJSON_AddItemToArray(headers, one);
}

/* Those of the videos here, and of older ones that the channel had before: its subscribers came from somewhere. */
static int64_t
views_of(HibPracticeCall *call, const HibPracticeAccount *account)
{
    const HibPracticePost *const *videos = NULL;
    const char *next = NULL;
    const HibPracticeQuery query = {.account = account->id, .kind = "video"};
    const size_t n = hib_practice_posts(call->face, call->arena, &query, &videos, &next);
    int64_t views = 4 * hib_practice_followers(call->face, account->id);
    for (size_t i = 0; i < n; i++)
        views += hib_practice_numbers(call->face, videos[i]->id).views;
    return views;
}

static void
add_ages(const HibPracticeAccount *account, cJSON *rows)
{
    HibFaceGroup ages[HIB_PEOPLE_MOST], genders[HIB_PEOPLE_MOST];
    const size_t n_ages = hib_people(account->id, HIB_PEOPLE_AGE, ages);
    const size_t n_genders = hib_people(account->id, HIB_PEOPLE_GENDER, genders);
    for (size_t a = 0; a < n_ages; a++)
        for (size_t g = 0; g < n_genders; g++) {
            cJSON *row = cJSON_CreateArray();
            g_autofree char *age = g_strdup_printf("age%s", ages[a].name);
            const size_t end = strlen(age) - 1;
            age[end] = age[end] == '+' ? '-' : age[end];
            cJSON_AddItemToArray(row, cJSON_CreateString(age));
            cJSON_AddItemToArray(row, cJSON_CreateString(strcmp(genders[g].name, "unknown")
                                                             ? genders[g].name
                                                             : "user_specified"));
            cJSON_AddItemToArray(
                row,
                cJSON_CreateNumber((double)(int)(ages[a].share * genders[g].share * 1000) / 10));
            cJSON_AddItemToArray(rows, row);
        }
}

bool
hib_youtube_face_viewers(HibPracticeCall *call, const HibPracticeAccount *account)
{
    const char *dimensions = hib_practice_query(call, "dimensions");
    const char *metrics = hib_practice_query(call, "metrics");
    const bool is_people =
        !g_strcmp0(dimensions, "ageGroup,gender") && !g_strcmp0(metrics, "viewerPercentage");
    if (!is_people && (g_strcmp0(dimensions, "country") != 0 || g_strcmp0(metrics, "views") != 0))
        return false;
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "kind", "youtubeAnalytics#resultTable");
    cJSON *headers = cJSON_AddArrayToObject(out, "columnHeaders");
    add_header(headers, is_people ? "ageGroup" : "country", false);
    if (is_people)
        add_header(headers, "gender", false);
    add_header(headers, metrics, true);
    cJSON *rows = cJSON_AddArrayToObject(out, "rows");
    const int64_t views = views_of(call, account);
    if (views && is_people)
        add_ages(account, rows);
    HibFaceGroup countries[HIB_PEOPLE_MOST];
    const size_t n = hib_people(account->id, HIB_PEOPLE_COUNTRY, countries);
    for (size_t i = 0; views && !is_people && i < n; i++) {
        cJSON *row = cJSON_CreateArray();
        cJSON_AddItemToArray(row, cJSON_CreateString(countries[i].name));
        cJSON_AddItemToArray(
            row, cJSON_CreateNumber((double)(int64_t)((double)views * countries[i].share)));
        cJSON_AddItemToArray(rows, row);
    }
    hib_practice_json(call, 200, out);
    return true;
}
