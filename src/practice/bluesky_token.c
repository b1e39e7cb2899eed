/* The face's sessions: JWTs as a PDS gives them, signed with a key made from the account's password, so that they outlive a restart.
 * Each carries a running number; expiring all tokens so far is moving a mark. */
#include "practice/bluesky_face_private.h"

#include <string.h>

#define ACCESS_S 7200
#define REFRESH_S 7776000

static char *
base64url(const void *data, size_t n)
{
    char *out = g_base64_encode(data, n);
    g_strdelimit(g_strdelimit(out, "+", '-'), "/", '_');
    char *pad = strchr(out, '=');
    if (pad)
        *pad = '\0';
    return out;
}

static char *
sign(const FaceAccount *account, const char *head_and_body)
{
    uint8_t sum[32];
    gsize n = sizeof sum;
    g_autofree char *key = g_strconcat("practice ", account->did, " ", account->password, NULL);
    g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, (const guchar *)key, strlen(key));
    g_hmac_update(hmac, (const guchar *)head_and_body, -1);
    g_hmac_get_digest(hmac, sum, &n);
    return base64url(sum, n);
}

char *
hib_face_token_new(HibFace *face, HibArena *arena, FaceAccount *account, bool is_refresh)
{
    int64_t now_s = hib_clock_now(face->clock) / HIB_SECOND;
    const char *head = is_refresh ? "{\"typ\":\"refresh+jwt\",\"alg\":\"HS256\"}"
                                  : "{\"typ\":\"at+jwt\",\"alg\":\"HS256\"}";
    g_autofree char *body =
        g_strdup_printf("{\"scope\":\"com.atproto.%s\",\"sub\":\"%s\",\"iat\":%" PRId64
                        ",\"exp\":%" PRId64 ",\"jti\":\"%" PRId64 "\"}",
                        is_refresh ? "refresh" : "access", account->did, now_s,
                        now_s + (is_refresh ? REFRESH_S : ACCESS_S), account->n_tokens++);
    g_autofree char *head64 = base64url(head, strlen(head));
    g_autofree char *body64 = base64url(body, strlen(body));
    g_autofree char *both = g_strconcat(head64, ".", body64, NULL);
    g_autofree char *mac = sign(account, both);
    return hib_arena_printf(arena, "%s.%s", both, mac);
}

typedef struct {
    const char *scope, *did, *number;
    int64_t exp_s;
} Claims;

static bool
read_claims(HibArena *arena, const char *body64, size_t n64, Claims *ret)
{
    g_autoptr(GString) text = g_string_new_len(body64, (gssize)n64);
    g_strdelimit(g_strdelimit(text->str, "-", '+'), "_", '/');
    while (text->len % 4)
        g_string_append_c(text, '=');
    gsize n = 0;
    g_autofree guchar *plain = g_base64_decode(text->str, &n);
    HibJson in = {0};
    return hib_json_parse(arena, (const char *)plain, n, &in, NULL) &&
           hib_json_text(in, "scope", &ret->scope, NULL) &&
           hib_json_text(in, "sub", &ret->did, NULL) &&
           hib_json_text(in, "jti", &ret->number, NULL) &&
           hib_json_int(in, "exp", &ret->exp_s, NULL);
}

FaceAccount *
hib_face_token_open(HibFace *face, FaceCall *call, bool is_refresh)
{
    const char *header =
        MHD_lookup_connection_value(call->connection, MHD_HEADER_KIND, "Authorization");
    if (!header || !g_str_has_prefix(header, "Bearer ")) {
        hib_face_refuse(call, 401, "AuthMissing", "Authentication Required");
        return NULL;
    }
    const char *token = header + strlen("Bearer ");
    const char *dot = strchr(token, '.');
    const char *last = strrchr(token, '.');
    Claims claims = {0};
    FaceAccount *account = NULL;
    if (dot && last != dot && strlen(token) < 4096 &&
        read_claims(call->arena, dot + 1, (size_t)(last - dot - 1), &claims))
        account = hib_face_account(face, claims.did);
    if (account) {
        g_autofree char *both = g_strndup(token, (gsize)(last - token));
        g_autofree char *mac = sign(account, both);
        if (!hib_equal_secret(mac, last + 1))
            account = NULL;
    }
    if (!account) {
        hib_face_refuse(call, 400, "InvalidToken", "Token could not be verified");
        return NULL;
    }
    if (strcmp(claims.scope, is_refresh ? "com.atproto.refresh" : "com.atproto.access") != 0) {
        hib_face_refuse(call, 400, "InvalidToken", "Bad token scope");
        return NULL;
    }
    int64_t number = g_ascii_strtoll(claims.number, NULL, 10);
    if (number < account->ended_below) {
        hib_face_refuse(call, 400, "ExpiredToken", "Token has been revoked");
        return NULL;
    }
    if (claims.exp_s <= hib_clock_now(face->clock) / HIB_SECOND ||
        (!is_refresh && number < account->stale_below)) {
        hib_face_refuse(call, 400, "ExpiredToken", "Token has expired");
        return NULL;
    }
    return account;
}
