/* Meta's tokens: a code gives one of an hour, that gives one of sixty days; Instagram and Threads renew it while it lives, a page's own
 * token does not end by time. */
#include "base/secrets.h"
#include "practice/meta_face_private.h"
#include <string.h>

#define YOUNGEST_TO_RENEW HIB_DAY

/* api.instagram.com and Threads refuse a code in words of their own. */
static void
refuse_code(HibPracticeCall *call, HibPracticeOauthError why)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "error_type", "OAuthException");
    cJSON_AddNumberToObject(out, "code", 400);
    cJSON_AddStringToObject(out, "error_message",
                            why == HIB_OAUTH_INVALID_CLIENT
                                ? "Invalid platform app"
                                : "Matching code was not found or was already used");
    hib_practice_json(call, 400, out);
}

void
hib_meta_face_code(HibPracticeCall *call)
{
    HibPracticeTokens tokens;
    HibPracticeOauthError why = hib_practice_token(call, &tokens);
    if (why != HIB_OAUTH_OK || !tokens.account) {
        refuse_code(call, why);
        return;
    }
    bool is_instagram = g_str_equal(hib_meta_face_kind(call->face)->object, "instagram");
    cJSON *out = cJSON_CreateObject(), *in = out;
    if (is_instagram) {
        in = cJSON_CreateObject();
        cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "data"), in);
    }
    cJSON_AddStringToObject(in, "access_token", tokens.access);
    if (is_instagram) {
        cJSON_AddStringToObject(in, "user_id", tokens.account->id);
        cJSON_AddStringToObject(in, "permissions", tokens.scope);
    } else {
        cJSON_AddRawToObject(in, "user_id", tokens.account->id); /* a number beyond a double */
    }
    hib_practice_json(call, 200, out);
}

static void
give(HibPracticeCall *call, const HibPracticeTokens *tokens)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "access_token", tokens->access);
    cJSON_AddStringToObject(out, "token_type", "bearer");
    cJSON_AddNumberToObject(out, "expires_in", (double)tokens->access_s);
    hib_practice_json(call, 200, out);
}

/* False after refusing. */
static bool
look(HibPracticeCall *call, const char *token, HibPracticeTokens *ret)
{
    HibPracticeRefusal why =
        token ? hib_practice_token_look(call, token, ret) : HIB_REFUSE_NO_TOKEN;
    if (why == HIB_REFUSE_N)
        return true;
    hib_practice_refuse(call, why, "%s", "access token");
    return false;
}

static bool
is_asked_for(HibPracticeCall *call, const char *suffix)
{
    const char *type = hib_practice_field(call, "grant_type");
    bool is_instagram = g_str_equal(hib_meta_face_kind(call->face)->object, "instagram");
    g_autofree char *own = g_strconcat(is_instagram ? "ig" : "th", suffix, NULL);
    if (g_strcmp0(type, own) == 0)
        return true;
    hib_meta_face_error(call, &(MetaError){.code = 100, .message = "Unsupported grant_type"});
    return false;
}

void
hib_meta_face_long(HibPracticeCall *call)
{
    const char *token = hib_practice_field(call, "access_token"),
               *secret = hib_practice_field(call, "client_secret");
    HibPracticeTokens tokens;
    if (!is_asked_for(call, "_exchange_token"))
        return;
    if (!secret || !hib_equal_secret(secret, HIB_PRACTICE_CLIENT_SECRET)) {
        hib_meta_face_error(call,
                            &(MetaError){.code = 1, .message = "Error validating client secret."});
        return;
    }
    if (!look(call, token, &tokens))
        return;
    if (tokens.access_s > META_SHORT_LIFE / HIB_SECOND)
        hib_meta_face_error(call, &(MetaError){.code = 452,
                                               .message = "Session key invalid. This could "
                                                          "be because the token is "
                                                          "long-lived already."});
    else if (hib_practice_exchange(call, token, META_LONG_LIFE, &tokens))
        give(call, &tokens);
    else
        hib_practice_refuse(call, HIB_REFUSE_NO_TOKEN, "%s", "access token");
}

/* A long one, a day old at least, still alive. What lives an hour or less is taken for a short one. */
void
hib_meta_face_renew(HibPracticeCall *call)
{
    const char *token = hib_practice_field(call, "access_token");
    HibPracticeTokens tokens;
    if (!is_asked_for(call, "_refresh_token") || !look(call, token, &tokens))
        return;
    int64_t age_s = META_LONG_LIFE / HIB_SECOND - tokens.access_s;
    if (age_s < YOUNGEST_TO_RENEW / HIB_SECOND || tokens.access_s <= META_SHORT_LIFE / HIB_SECOND)
        hib_meta_face_error(call, &(MetaError){.code = 100,
                                               .message = "The access token must be at least 24 "
                                                          "hours old to be refreshed"});
    else if (hib_practice_exchange(call, token, META_LONG_LIFE, &tokens))
        give(call, &tokens);
    else
        hib_practice_refuse(call, HIB_REFUSE_NO_TOKEN, "%s", "access token");
}

/* --- Facebook ------------------------------------------------------------------------------------------------------------------------- */
static void
long_for_short(HibPracticeCall *call)
{
    const char *token = hib_practice_field(call, "fb_exchange_token");
    HibPracticeTokens tokens;
    if (!hib_practice_client(call))
        hib_meta_face_error(call,
                            &(MetaError){.code = 1, .message = "Error validating client secret."});
    else if (!look(call, token, &tokens))
        return;
    else if (hib_practice_exchange(call, token, META_LONG_LIFE, &tokens))
        give(call, &tokens);
    else
        hib_practice_refuse(call, HIB_REFUSE_NO_TOKEN, "%s", "access token");
}

void
hib_meta_face_facebook_token(HibPracticeCall *call)
{
    const char *type = hib_practice_field(call, "grant_type");
    HibPracticeTokens tokens;
    if (g_strcmp0(type, "fb_exchange_token") == 0) {
        long_for_short(call);
        return;
    }
    HibPracticeOauthError why = hib_practice_token(call, &tokens);
    if (why == HIB_OAUTH_OK)
        give(call, &tokens);
    else if (why == HIB_OAUTH_INVALID_CLIENT)
        hib_meta_face_error(call,
                            &(MetaError){.code = 1, .message = "Error validating client secret."});
    else
        hib_meta_face_error(call,
                            &(MetaError){.code = 100,
                                         .subcode = 36009,
                                         .message = "This authorization code has been used."});
}
