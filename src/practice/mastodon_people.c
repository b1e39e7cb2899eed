/* Mastodon's face: who follows, boosted and favourited. */
#include "practice/fans.h"
#include "practice/mastodon_private.h"

#include <string.h>

#define MOST_SAID 2000

static void
answer(HibPracticeCall *call, const char *deed, const char *path)
{
    const HibPracticeAccount *account = hib_masto_face_caller(call, "read:statuses");
    const char *id = hib_practice_param(call, "id"), *limit = hib_practice_query(call, "limit"),
               *max = hib_practice_query(call, "max_id");
    HibComment *said = NULL;
    HibFan *fans;
    size_t next = 0;
    if (!account)
        return;
    const HibPracticePost *post = hib_practice_post(call->face, id);
    if (!post) {
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "Record not found");
        return;
    }
    size_t most = limit ? (size_t)CLAMP(g_ascii_strtoll(limit, NULL, 10), 1, 80) : 40;
    size_t n_said = hib_practice_comments(call->face, post->id, 0, MOST_SAID, call->arena, &said);
    const HibFans all = {deed, post->id, hib_masto_face_somebody_id, said, n_said};
    size_t n = hib_fans(call->arena, &all, max ? (size_t)g_ascii_strtoull(max, NULL, 10) : 0, most,
                        &fans, &next);
    cJSON *out = cJSON_CreateArray();
    for (size_t i = 0; i < n; i++) {
        const MastodonPerson person = {
            .id = fans[i].id, .handle = fans[i].handle, .name = fans[i].name};
        cJSON_AddItemToArray(out, hib_masto_face_person_json(call, &person));
    }
    const char *base = hib_arena_printf(call->arena, "%s/api/v1/statuses/%s/%s?limit=%zu",
                                        hib_practice_url(call->face), id, path, most);
    if (next)
        hib_practice_header(call, "Link",
                            "<%s&max_id=%zu>; rel=\"next\", <%s&since_id=9>; rel=\"prev\"", base,
                            next, base);
    hib_practice_json(call, 200, out);
}

void
hib_masto_face_reblogged_by(HibPracticeCall *call)
{
    answer(call, "repost", "reblogged_by");
}

void
hib_masto_face_favourited_by(HibPracticeCall *call)
{
    answer(call, "like", "favourited_by");
}

void
hib_masto_face_relationships(HibPracticeCall *call)
{
    static const char *const never[] = {
        "following", "showing_reblogs",      "notifying", "blocking",     "blocked_by",
        "muting",    "muting_notifications", "requested", "requested_by", "domain_blocking",
        "endorsed"};
    const HibPracticeAccount *account = hib_masto_face_caller(call, "read:follows");
    const char *id = NULL;
    if (!account)
        return;
    cJSON *out = cJSON_CreateArray();
    for (int i = 0; (id = hib_practice_query_at(call, "id[]", i)); i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "id", id);
        for (size_t k = 0; k < G_N_ELEMENTS(never); k++)
            cJSON_AddBoolToObject(one, never[k], false);
        cJSON_AddBoolToObject(one, "followed_by",
                              hib_fan_did(call->arena, "follow", account->id, id));
        cJSON_AddNullToObject(one, "languages");
        cJSON_AddStringToObject(one, "note", "");
        cJSON_AddItemToArray(out, one);
    }
    hib_practice_json(call, 200, out);
}
