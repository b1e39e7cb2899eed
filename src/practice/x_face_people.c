/* X's face: who follows, reposts and likes. X shows what connects a user to the account only to a grant with follows.read; without it the field stays out. */
#include "practice/fans.h"
#include "practice/x_face_private.h"

#include <string.h>

#define TOKEN "7140fans"
#define MOST_SAID 2000

/* Everybody who said something under the post or to its account. */
static size_t
speakers(HibPracticeCall *call, const HibPracticePost *post, HibComment **ret)
{
    const XState *state = hib_practice_state(call->face);
    HibComment *under = NULL;
    size_t n = hib_practice_comments(call->face, post->id, 0, MOST_SAID, call->arena, &under);
    *ret = hib_arena_array(call->arena, HibComment, n + state->said->len + 1);
    if (n)
        memcpy(*ret, under, n * sizeof **ret);
    for (guint i = 0; i < state->said->len; i++) {
        const XSaid *said = state->said->pdata[i];
        (*ret)[n++] = (HibComment){.handle = said->handle, .name = said->name};
    }
    return n;
}

static void
answer(HibPracticeCall *call, const char *deed, const char *scopes)
{
    XAsk ask;
    HibFan *fans;
    HibComment *said;
    const HibPracticeAccount *viewer = NULL;
    const char *id = hib_practice_param(call, "id");
    const char *most = hib_practice_query(call, "max_results");
    const char *token = hib_practice_query(call, "pagination_token");
    int64_t limit = most ? g_ascii_strtoll(most, NULL, 10) : 100;
    size_t next = 0;
    if (!hib_x_face_reader(call, scopes, &viewer) || !hib_x_face_ask(call, viewer, &ask))
        return;
    if (limit < 1 || limit > 100 || (token && !g_str_has_prefix(token, TOKEN))) {
        hib_x_face_invalid(call, token ? "pagination_token" : "max_results", token ? token : most,
                           "The query parameter value is not valid");
        return;
    }
    const HibPracticePost *post = hib_x_face_is_id(id) ? hib_practice_post(call->face, id) : NULL;
    if (!post) {
        hib_x_face_invalid(call, "id", id, "The `id` query parameter value is not a post");
        return;
    }
    const size_t n_said = speakers(call, post, &said);
    const HibFans all = {deed, id, hib_x_face_user_id, said, n_said};
    size_t from = token ? (size_t)g_ascii_strtoull(token + strlen(TOKEN), NULL, 10) : 0;
    size_t n = hib_fans(call->arena, &all, from, (size_t)limit, &fans, &next);
    cJSON *data = cJSON_CreateArray(), *meta = cJSON_CreateObject();
    for (size_t i = 0; i < n; i++)
        cJSON_AddItemToArray(
            data, hib_x_face_user_json(call, fans[i].id, fans[i].handle, fans[i].name, &ask));
    cJSON_AddNumberToObject(meta, "result_count", (double)n);
    if (next)
        cJSON_AddStringToObject(meta, "next_token",
                                hib_arena_printf(call->arena, TOKEN "%zu", next));
    hib_x_face_answer(call, &ask, data, meta);
}

void
hib_x_face_retweeted_by(HibPracticeCall *call)
{
    answer(call, "repost", "users.read tweet.read");
}

void
hib_x_face_liking_users(HibPracticeCall *call)
{
    answer(call, "like", "tweet.read like.read users.read");
}

/* Whether the call's grant holds follows.read. */
static bool
may_see_connections(HibPracticeCall *call)
{
    HibPracticeTokens tokens = {0};
    g_auto(GStrv) scopes = NULL;
    if (!hib_practice_bearer_any(call, NULL, &tokens) || !tokens.account)
        return false;
    scopes = g_strsplit(tokens.scope, " ", -1);
    return g_strv_contains((const char *const *)scopes, "follows.read");
}

void
hib_x_face_users(HibPracticeCall *call)
{
    XAsk ask;
    const HibPracticeAccount *viewer = NULL;
    const char *text = hib_practice_query(call, "ids");
    g_auto(GStrv) ids = g_strsplit(text ? text : "", ",", 102);
    if (!hib_x_face_reader(call, "users.read tweet.read", &viewer) ||
        !hib_x_face_ask(call, viewer, &ask))
        return;
    if (!ids[0] || g_strv_length(ids) > 100) {
        hib_x_face_invalid(call, "ids", text ? text : "",
                           "The number of values in the `ids` query parameter list is not between "
                           "1 and 100");
        return;
    }
    bool is_shown =
        viewer && hib_x_face_wants(ask.user, "connection_status") && may_see_connections(call);
    cJSON *data = cJSON_CreateArray();
    for (char **id = ids; *id; id++) {
        const char *handle = hib_arena_printf(call->arena, "user_%s", *id);
        cJSON *one =
            hib_x_face_user_json(call, hib_arena_strdup(call->arena, *id), handle, handle, &ask);
        cJSON_AddItemToArray(data, one);
        if (!is_shown)
            continue;
        cJSON *connections = cJSON_AddArrayToObject(one, "connection_status");
        if (hib_fan_did(call->arena, "follow", viewer->id, *id))
            cJSON_AddItemToArray(connections, cJSON_CreateString("followed_by"));
    }
    hib_x_face_answer(call, &ask, data, NULL);
}
