/* Mastodon's face: accounts of this server that nobody here owns, looked up by their handle, and what they posted. */
#include "practice/mastodon_private.h"
#include "practice/rival.h"

#include <string.h>

#define FIRST_ID UINT64_C(900000000000000000)

static const HibFaceRival *
by_id(const char *id)
{
    const uint64_t number = g_ascii_strtoull(id, NULL, 10);
    return number >= FIRST_ID ? hib_face_rival_at((size_t)(number - FIRST_ID)) : NULL;
}

static cJSON *
person_json(HibPracticeCall *call, const HibFaceRival *rival)
{
    const HibInstant now = hib_practice_now(call->face);
    char handle[64];
    size_t i = 0;
    while (hib_face_rival_at(i) != rival)
        i++;
    const MastodonPerson person = {
        .id = hib_arena_printf(call->arena, "%" G_GUINT64_FORMAT, FIRST_ID + i),
        .handle = hib_face_rival_handle(rival, now, handle),
        .name = rival->name,
        .followers = hib_face_rival_followers(rival, now),
        .statuses = hib_face_rival_n_posts(rival, now)};
    cJSON *out = hib_masto_face_person_json(call, &person);
    if (rival->is_suspended)
        cJSON_AddBoolToObject(out, "suspended", true);
    return out;
}

void
hib_masto_face_lookup(HibPracticeCall *call)
{
    const char *acct = hib_practice_query(call, "acct");
    const HibPracticeAccount *account = acct ? hib_practice_account(call->face, acct) : NULL;
    const HibFaceRival *rival = hib_face_rival(acct, false, hib_practice_now(call->face));
    if (account)
        hib_practice_json(call, 200, hib_masto_face_account_json(call, account));
    else if (rival)
        hib_practice_json(call, 200, person_json(call, rival));
    else
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "Record not found");
}

bool
hib_masto_face_rival(HibPracticeCall *call, const char *id)
{
    const HibFaceRival *rival = by_id(id);
    if (rival)
        hib_practice_json(call, 200, person_json(call, rival));
    return rival;
}

bool
hib_masto_face_rival_statuses(HibPracticeCall *call, const char *id, size_t most)
{
    const HibFaceRival *rival = by_id(id);
    HibFaceRivalPost posts[HIB_FACE_RIVAL_POSTS];
    if (!rival)
        return false;
    const size_t n = hib_face_rival_posts(rival, hib_practice_now(call->face), most, posts);
    cJSON *out = cJSON_CreateArray();
    for (size_t i = 0; i < n; i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "id",
                                hib_arena_printf(call->arena, "%" G_GUINT64_FORMAT, posts[i].id));
        hib_masto_face_add_time(one, "created_at", posts[i].at);
        cJSON_AddNullToObject(one, "in_reply_to_id");
        cJSON_AddNullToObject(one, "reblog");
        cJSON_AddStringToObject(one, "visibility", "public");
        cJSON_AddStringToObject(one, "content", "<p>本日のおすすめ</p>");
        cJSON_AddNumberToObject(one, "replies_count", (double)posts[i].replies);
        cJSON_AddNumberToObject(one, "reblogs_count", (double)posts[i].reposts);
        cJSON_AddNumberToObject(one, "favourites_count", (double)posts[i].likes);
        cJSON_AddNumberToObject(one, "quotes_count", (double)posts[i].quotes);
        cJSON_AddItemToObject(one, "account", person_json(call, rival));
        cJSON_AddItemToArray(out, one);
    }
    hib_practice_json(call, 200, out);
    return true;
}
