/* Instagram's face: business_discovery, others' professional accounts by their name. */
#include "practice/instagram_face_private.h"
#include "practice/rival.h"

#include <string.h>

#define ASK "business_discovery.username("
#define FIRST_ID UINT64_C(17841499990000000)

static cJSON *
media_json(HibPracticeCall *call, const HibFaceRival *rival)
{
    HibFaceRivalPost posts[HIB_FACE_RIVAL_POSTS];
    const size_t n = hib_face_rival_posts(rival, hib_practice_now(call->face), 50, posts);
    cJSON *out = cJSON_CreateObject(), *data = cJSON_AddArrayToObject(out, "data");
    for (size_t i = 0; i < n; i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "id",
                                hib_arena_printf(call->arena, "%" G_GUINT64_FORMAT, posts[i].id));
        hib_meta_face_add_time(call, one, "timestamp", posts[i].at);
        hib_meta_face_add_int(one, "like_count", posts[i].likes);
        hib_meta_face_add_int(one, "comments_count", posts[i].replies);
        cJSON_AddItemToArray(data, one);
    }
    return out;
}

bool
hib_instagram_face_discover(HibPracticeCall *call, const HibPracticeAccount *account)
{
    const char *fields = hib_practice_field(call, "fields");
    const HibInstant now = hib_practice_now(call->face);
    char handle[64];
    if (!fields || !g_str_has_prefix(fields, ASK))
        return false;
    const char *name = fields + strlen(ASK);
    g_autofree char *asked = g_strndup(name, strcspn(name, ")"));
    const HibFaceRival *rival = hib_face_rival(asked, false, now);
    if (!rival || rival->is_private || rival->is_suspended) {
        hib_meta_face_error(
            call, &(MetaError){.code = 110,
                               .subcode = 2207013,
                               .message = "Invalid user id: The user with this username cannot be "
                                          "found."});
        return true;
    }
    size_t i = 0;
    while (hib_face_rival_at(i) != rival)
        i++;
    cJSON *out = cJSON_CreateObject(), *found = cJSON_AddObjectToObject(out, "business_discovery");
    cJSON_AddStringToObject(found, "id",
                            hib_arena_printf(call->arena, "%" G_GUINT64_FORMAT, FIRST_ID + i));
    cJSON_AddStringToObject(found, "username", hib_face_rival_handle(rival, now, handle));
    cJSON_AddStringToObject(found, "name", rival->name);
    hib_meta_face_add_int(found, "followers_count", hib_face_rival_followers(rival, now));
    hib_meta_face_add_int(found, "media_count", hib_face_rival_n_posts(rival, now));
    cJSON_AddItemToObject(found, "media", media_json(call, rival));
    cJSON_AddStringToObject(out, "id", account->id);
    hib_practice_json(call, 200, out);
    return true;
}
