/* The server's side of OAuth 2 for faces: the page a person clicks through, short-lived codes with PKCE, access and refresh tokens with
 * lifetimes, rotation and revocation.
 *
 * The one idea: a token names its grant and a serial number and is signed by the face, so that it outlives a restart without being
 * kept; what is kept is the grant, and which refresh token of it is the last. Deviations of a network are fields of HibPracticeOauth. */
#pragma once
#include "practice/face.h"

/* A client that every face knows; it may send people back to any http(s) address. */
#define HIB_PRACTICE_CLIENT_ID "practice-client"
#define HIB_PRACTICE_CLIENT_SECRET "practice-secret"

typedef enum {
    HIB_PKCE_OPTIONAL, /* S256 or plain where a challenge was given */
    HIB_PKCE_NEEDED,   /* S256 or plain, always */
    HIB_PKCE_HEX       /* needed for public clients, challenge = hex of the SHA-256 (TikTok) */
} HibPracticePkce;

struct HibPracticeOauth {
    const char *client_id_field; /* NULL: "client_id"; TikTok: "client_key" */
    const char *scope_separator; /* NULL: " " */
    const char *offline_scope;   /* refresh tokens only with it ("offline.access"); NULL: always */
    HibPracticePkce pkce;
    HibDuration code_life, access_life;
    HibDuration refresh_life; /* 0: there are no refresh tokens; HIB_NEVER: without end */
    bool rotates;             /* a refresh token dies when it is used */
    bool takes_field; /* ?access_token= and form fields open too, and "OAuth TOKEN" (Meta) */
    bool may_omit_grant_type; /* a code alone says what is wanted (Facebook) */
};

/* A route's handler for GET: the page with the practice accounts (ja or en by Accept-Language). A test walks it with &practice_account=HANDLE
 * ("deny": the person says no) and is redirected at once. */
void hib_practice_authorize(HibPracticeCall *call);

typedef enum {
    HIB_OAUTH_OK,
    HIB_OAUTH_INVALID_REQUEST,
    HIB_OAUTH_INVALID_CLIENT,
    HIB_OAUTH_INVALID_GRANT,
    HIB_OAUTH_INVALID_SCOPE,
    HIB_OAUTH_UNSUPPORTED_GRANT_TYPE,
} HibPracticeOauthError;
const char *hib_practice_oauth_error(HibPracticeOauthError error); /* "invalid_grant" */

typedef struct {
    const HibPracticeAccount *account; /* NULL: of the app alone */
    const char *client_id, *scope;
    const char *access, *refresh; /* refresh NULL: none; both "" with HIB_FAULT_EMPTY_TOKEN */
    int64_t access_s, refresh_s;  /* seconds they live from now */
} HibPracticeTokens;

/* What a token endpoint does with grant_type authorization_code, refresh_token and client_credentials, the client by HTTP Basic or by
 * fields. Everything in the call's arena. */
HibPracticeOauthError hib_practice_token(HibPracticeCall *call, HibPracticeTokens *ret);
void hib_practice_token_reply(HibPracticeCall *call); /* a whole handler: the answers of RFC 6749 */
/* A new grant without a code (channel tokens, page tokens): `account` NULL is the app's. `life` 0: the network's usual. */
void hib_practice_tokens_new(HibPracticeCall *call, const HibPracticeAccount *account,
                             const char *client_id, const char *scope, HibDuration life,
                             HibPracticeTokens *ret);
/* Another access token of the same grant, living `life` (short for long, Meta); false: `token` opens nothing. */
bool hib_practice_exchange(HibPracticeCall *call, const char *token, HibDuration life,
                           HibPracticeTokens *ret);

/* The account the call's access token opens; NULL after refusing the call (no token, stale, grant over, scope missing). `scope` NULL: any.
 * An app's token is refused like none. */
const HibPracticeAccount *hib_practice_bearer(HibPracticeCall *call, const char *scope);
/* The same for calls that an app may make too: false after refusing. ret->account NULL: the app. */
bool hib_practice_bearer_any(HibPracticeCall *call, const char *scope, HibPracticeTokens *ret);
/* Looks into a token without refusing: HIB_REFUSE_N when it opens, else why not. */
HibPracticeRefusal hib_practice_token_look(HibPracticeCall *call, const char *token,
                                           HibPracticeTokens *ret);
bool hib_practice_revoke(HibPracticeFace *face,
                         const char *token); /* its grant is over; false: no token of ours */

/* Registers an app (Mastodon) until the end of days; redirect_uris separated by blanks or newlines. */
void hib_practice_client_add(HibPracticeFace *face, const char *id, const char *secret,
                             const char *redirect_uris);
/* The client that signs this call, by Basic or fields; NULL: none, or the secret is wrong. */
const char *hib_practice_client(HibPracticeCall *call);
