/* Codes, grants and tokens. See face_oauth.h. */
#include "practice/face_oauth.h"
#include "practice/face_oauth_private.h"

#include <string.h>

/* --- memory ----------------------------------------------------------------------------------------------- */
static void
client_free(void *data)
{
    FaceClient *client = data;
    g_free(client->secret);
    g_free(client->redirect_uris);
    g_free(client);
}

static void
code_free(void *data)
{
    FaceCode *code = data;
    g_free(code->client_id);
    g_free(code->redirect_uri);
    g_free(code->challenge);
    g_free(code->method);
    g_free(code->scope);
    g_free(code);
}

static void
grant_clear(void *data)
{
    FaceGrant *grant = data;
    g_free(grant->account);
    g_free(grant->client_id);
    g_free(grant->scope);
}

static void
client_put(HibPracticeFace *face, const char *id, const char *secret, const char *redirect_uris)
{
    FaceClient *client = g_new0(FaceClient, 1);
    client->secret = g_strdup(secret);
    client->redirect_uris = g_strdup(redirect_uris);
    g_hash_table_replace(face->oauth->clients, g_strdup(id), client);
}

void
hib_face_oauth_open(HibPracticeFace *face)
{
    face->oauth = g_new0(struct FaceOauth, 1);
    face->oauth->clients = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, client_free);
    face->oauth->codes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, code_free);
    face->oauth->grants = g_array_new(FALSE, TRUE, sizeof(FaceGrant));
    g_array_set_clear_func(face->oauth->grants, grant_clear);
    client_put(face, HIB_PRACTICE_CLIENT_ID, HIB_PRACTICE_CLIENT_SECRET, NULL);
}

void
hib_face_oauth_close(HibPracticeFace *face)
{
    g_hash_table_destroy(face->oauth->clients);
    g_hash_table_destroy(face->oauth->codes);
    g_array_free(face->oauth->grants, TRUE);
    g_free(face->oauth);
}

const HibPracticeOauth *
hib_face_oauth_rules(const HibPracticeCall *call)
{
    static const HibPracticeOauth usual = {
        .code_life = 10 * HIB_MINUTE, .access_life = 2 * HIB_HOUR, .refresh_life = HIB_NEVER};
    return call->face->network->oauth ? call->face->network->oauth : &usual;
}

/* Serial numbers rise over restarts too: the run's number stands above. */
static int64_t
next_serial(HibPracticeFace *face)
{
    face->oauth->serial = MAX(face->oauth->serial + 1, (face->n_opened << 32) + 1);
    return face->oauth->serial;
}

/* --- signed tokens: "a12.345.1795000000.mac" -------------------------------------------------------------- */
typedef struct {
    bool is_refresh;
    int64_t grant, serial, ends_s;
} Claims;

static char *
mac_of(HibPracticeFace *face, const char *plain)
{
    g_autofree char *key = g_strdup_printf("practice %" PRIu64, face->seed);
    char *mac =
        g_compute_hmac_for_string(G_CHECKSUM_SHA256, (const guchar *)key, strlen(key), plain, -1);
    mac[40] = '\0';
    return mac;
}

static const char *
token_print(HibPracticeCall *call, const Claims *claims)
{
    g_autofree char *plain =
        g_strdup_printf("%c%" PRId64 ".%" PRId64 ".%" PRId64, claims->is_refresh ? 'r' : 'a',
                        claims->grant, claims->serial, claims->ends_s);
    g_autofree char *mac = mac_of(call->face, plain);
    return hib_arena_printf(call->arena, "%s.%s", plain, mac);
}

static bool
token_read(HibPracticeFace *face, const char *token, Claims *ret)
{
    const char *last = token ? strrchr(token, '.') : NULL;
    if (!last || strlen(token) > 256)
        return false;
    g_autofree char *plain = g_strndup(token, (gsize)(last - token));
    g_autofree char *mac = mac_of(face, plain);
    g_auto(GStrv) words = g_strsplit(plain, ".", 4);
    if (!hib_equal_secret(mac, last + 1) || g_strv_length(words) != 3)
        return false;
    *ret = (Claims){.is_refresh = *words[0] == 'r',
                    .grant = g_ascii_strtoll(words[0] + 1, NULL, 10),
                    .serial = g_ascii_strtoll(words[1], NULL, 10),
                    .ends_s = g_ascii_strtoll(words[2], NULL, 10)};
    return ret->grant >= 0 && ret->grant < face->oauth->grants->len;
}

static FaceGrant *
grant_at(HibPracticeFace *face, int64_t n)
{
    return &g_array_index(face->oauth->grants, FaceGrant, n);
}

static int64_t
seconds(HibDuration life)
{
    return life == HIB_NEVER ? INT64_C(100) * 365 * 86400 : life / HIB_SECOND;
}

static void
note_turn(HibPracticeFace *face, int64_t grant, int64_t serial)
{
    cJSON *line = cJSON_CreateObject();
    cJSON_AddNumberToObject(line, "grant", (double)grant);
    cJSON_AddNumberToObject(line, "serial", (double)serial);
    hib_face_note(face, "turn", line);
}

static bool
has_scope(const HibPracticeCall *call, const char *granted, const char *scope)
{
    const char *separator = hib_face_oauth_rules(call)->scope_separator;
    g_auto(GStrv) words = g_strsplit(granted, separator ? separator : " ", 64);
    return g_strv_contains((const char *const *)words, scope);
}

/* Fills the answer: an access token, and a refresh token where there are any (the same one again where they do not rotate). */
static void
give(HibPracticeCall *call, int64_t n, HibDuration life, bool with_refresh, HibPracticeTokens *ret)
{
    const HibPracticeOauth *rules = hib_face_oauth_rules(call);
    FaceGrant *grant = grant_at(call->face, n);
    int64_t now_s = hib_practice_now(call->face) / HIB_SECOND;
    *ret = (HibPracticeTokens){.account = hib_practice_account(call->face, grant->account),
                               .client_id = hib_arena_strdup(call->arena, grant->client_id),
                               .scope = hib_arena_strdup(call->arena, grant->scope),
                               .access_s = seconds(life ? life : rules->access_life),
                               .refresh_s = seconds(rules->refresh_life)};
    bool is_empty = call->inside->fault.fault == HIB_FAULT_EMPTY_TOKEN;
    with_refresh &= rules->refresh_life > 0 &&
                    (!rules->offline_scope || has_scope(call, grant->scope, rules->offline_scope));
    if (is_empty) { /* the answer is broken, the old tokens live on */
        ret->access = "";
        ret->refresh = with_refresh ? "" : NULL;
        return;
    }
    Claims claims = {
        .grant = n, .serial = next_serial(call->face), .ends_s = now_s + ret->access_s};
    ret->access = token_print(call, &claims);
    if (!with_refresh)
        return;
    if (rules->rotates || grant->last_refresh == 0) {
        grant->last_refresh = next_serial(call->face);
        note_turn(call->face, n, grant->last_refresh);
    }
    claims = (Claims){.is_refresh = true,
                      .grant = n,
                      .serial = grant->last_refresh,
                      .ends_s = now_s + ret->refresh_s};
    ret->refresh = token_print(call, &claims);
}

static int64_t
grant_new(HibPracticeFace *face, const char *account, const char *client_id, const char *scope)
{
    const FaceGrant grant = {
        .account = g_strdup(account), .client_id = g_strdup(client_id), .scope = g_strdup(scope)};
    g_array_append_val(face->oauth->grants, grant);
    cJSON *line = cJSON_CreateObject();
    cJSON_AddStringToObject(line, "account", account);
    cJSON_AddStringToObject(line, "client", client_id);
    cJSON_AddStringToObject(line, "scope", scope);
    hib_face_note(face, "grant", line);
    return face->oauth->grants->len - 1;
}

static void
grant_end(HibPracticeFace *face, int64_t n)
{
    if (grant_at(face, n)->is_over)
        return;
    grant_at(face, n)->is_over = true;
    cJSON *line = cJSON_CreateObject();
    cJSON_AddNumberToObject(line, "grant", (double)n);
    hib_face_note(face, "over", line);
}

/* --- clients ---------------------------------------------------------------------------------------------- */
void
hib_practice_client_add(HibPracticeFace *face, const char *id, const char *secret,
                        const char *redirect_uris)
{
    pthread_mutex_lock(&face->lock);
    client_put(face, id, secret, redirect_uris);
    cJSON *line = cJSON_CreateObject();
    cJSON_AddStringToObject(line, "id", id);
    cJSON_AddStringToObject(line, "secret", secret);
    cJSON_AddStringToObject(line, "uris", redirect_uris ? redirect_uris : "");
    hib_face_note(face, "client", line);
    pthread_mutex_unlock(&face->lock);
}

bool
hib_face_redirect_ok(HibPracticeFace *face, const char *client_id, const char *uri)
{
    const FaceClient *client = g_hash_table_lookup(face->oauth->clients, client_id);
    if (!client || !uri)
        return false;
    if (!client->redirect_uris)
        return g_str_has_prefix(uri, "http://") || g_str_has_prefix(uri, "https://");
    g_auto(GStrv) uris = g_strsplit_set(client->redirect_uris, " \n", 64);
    return g_strv_contains((const char *const *)uris, uri);
}

static bool
read_basic(const char *header, char **ret_id, char **ret_secret)
{
    gsize n = 0;
    if (!header || g_ascii_strncasecmp(header, "Basic ", 6) != 0)
        return false;
    g_autofree guchar *plain = g_base64_decode(header + 6, &n);
    g_autofree char *text = g_strndup((const char *)plain, n);
    char *colon = strchr(text, ':');
    if (!colon)
        return false;
    *colon = '\0';
    *ret_id = g_uri_unescape_string(text, NULL);
    *ret_secret = g_uri_unescape_string(colon + 1, NULL);
    return *ret_id && *ret_secret;
}

/* The id where the client may speak; `*ret_is_public`: it showed no secret. */
static const char *
client_of(HibPracticeCall *call, bool *ret_is_public)
{
    const char *field = hib_face_oauth_rules(call)->client_id_field;
    g_autofree char *id = NULL;
    g_autofree char *secret = NULL;
    if (!read_basic(hib_practice_header_in(call, "Authorization"), &id, &secret)) {
        g_free(id);
        g_free(secret);
        id = g_strdup(hib_practice_field(call, field ? field : "client_id"));
        secret = g_strdup(hib_practice_field(call, "client_secret"));
    }
    const FaceClient *client = id ? g_hash_table_lookup(call->face->oauth->clients, id) : NULL;
    *ret_is_public = !secret;
    if (!client || (secret && !hib_equal_secret(client->secret, secret)))
        return NULL;
    return hib_arena_strdup(call->arena, id);
}

const char *
hib_practice_client(HibPracticeCall *call)
{
    bool is_public = false;
    const char *id = client_of(call, &is_public);
    return is_public ? NULL : id;
}

/* --- the token endpoint ----------------------------------------------------------------------------------- */
char *
hib_face_code_new(HibPracticeCall *call, FaceCode *owned)
{
    GHashTable *codes = call->face->oauth->codes;
    HibInstant now = hib_practice_now(call->face);
    GHashTableIter iter;
    void *value = NULL;
    g_hash_table_iter_init(&iter, codes);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        if (((FaceCode *)value)->ends_at <= now)
            g_hash_table_iter_remove(&iter);
    char *code = hib_random_token(call->arena, 24);
    owned->ends_at = now + hib_face_oauth_rules(call)->code_life;
    g_hash_table_insert(codes, g_strdup(code), owned);
    return code;
}

static bool
verifier_fits(const HibPracticeCall *call, const FaceCode *code, const char *verifier)
{
    if (!code->challenge)
        return true;
    if (!verifier)
        return false;
    if (!g_strcmp0(code->method, "plain"))
        return hib_equal_secret(code->challenge, verifier);
    uint8_t sum[32];
    gsize n = sizeof sum;
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(checksum, (const guchar *)verifier, -1);
    g_autofree char *hex = g_strdup(g_checksum_get_string(checksum));
    if (hib_face_oauth_rules(call)->pkce == HIB_PKCE_HEX)
        return hib_equal_secret(code->challenge, hex);
    g_checksum_reset(checksum);
    g_checksum_update(checksum, (const guchar *)verifier, -1);
    g_checksum_get_digest(checksum, sum, &n);
    g_autofree char *base64 = g_base64_encode(sum, n);
    g_strdelimit(g_strdelimit(base64, "+", '-'), "/", '_');
    base64[strcspn(base64, "=")] = '\0';
    return hib_equal_secret(code->challenge, base64);
}

static HibPracticeOauthError
by_code(HibPracticeCall *call, const char *client_id, bool is_public, HibPracticeTokens *ret)
{
    const char *text = hib_practice_field(call, "code");
    FaceCode *code = text ? g_hash_table_lookup(call->face->oauth->codes, text) : NULL;
    const char *redirect_uri = hib_practice_field(call, "redirect_uri");
    if (!text || !redirect_uri)
        return HIB_OAUTH_INVALID_REQUEST;
    if (!code || code->ends_at <= hib_practice_now(call->face) ||
        strcmp(code->client_id, client_id) != 0 || strcmp(code->redirect_uri, redirect_uri) != 0 ||
        (is_public && !code->challenge) ||
        !verifier_fits(call, code, hib_practice_field(call, "code_verifier")))
        return HIB_OAUTH_INVALID_GRANT;
    if (call->inside->fault.fault != HIB_FAULT_EMPTY_TOKEN)
        call->face->counts.n_sign_ins++;
    int64_t grant =
        grant_new(call->face, call->face->accounts[code->account].about.id, client_id, code->scope);
    g_hash_table_remove(call->face->oauth->codes, text); /* a code opens once */
    give(call, grant, 0, true, ret);
    return HIB_OAUTH_OK;
}

static HibPracticeOauthError
by_refresh(HibPracticeCall *call, const char *client_id, HibPracticeTokens *ret)
{
    Claims claims = {0};
    const char *token = hib_practice_field(call, "refresh_token");
    if (!token)
        return HIB_OAUTH_INVALID_REQUEST;
    if (!token_read(call->face, token, &claims) || !claims.is_refresh ||
        claims.ends_s <= hib_practice_now(call->face) / HIB_SECOND)
        return HIB_OAUTH_INVALID_GRANT;
    const FaceGrant *grant = grant_at(call->face, claims.grant);
    if (grant->is_over || grant->last_refresh != claims.serial ||
        strcmp(grant->client_id, client_id) != 0)
        return HIB_OAUTH_INVALID_GRANT;
    call->face->counts.n_refreshes++;
    give(call, claims.grant, 0, true, ret);
    return HIB_OAUTH_OK;
}

HibPracticeOauthError
hib_practice_token(HibPracticeCall *call, HibPracticeTokens *ret)
{
    bool is_public = false;
    const char *client_id = client_of(call, &is_public);
    const char *type = hib_practice_field(call, "grant_type");
    if (!client_id)
        return HIB_OAUTH_INVALID_CLIENT;
    if (!type && hib_face_oauth_rules(call)->may_omit_grant_type &&
        hib_practice_field(call, "code"))
        type = "authorization_code";
    if (!type)
        return HIB_OAUTH_INVALID_REQUEST;
    if (!strcmp(type, "authorization_code"))
        return by_code(call, client_id, is_public, ret);
    if (!strcmp(type, "refresh_token"))
        return by_refresh(call, client_id, ret);
    if (strcmp(type, "client_credentials") != 0)
        return HIB_OAUTH_UNSUPPORTED_GRANT_TYPE;
    if (is_public)
        return HIB_OAUTH_INVALID_CLIENT;
    const char *scope = hib_practice_field(call, "scope");
    hib_practice_tokens_new(call, NULL, client_id, scope ? scope : "", 0, ret);
    return HIB_OAUTH_OK;
}

const char *
hib_practice_oauth_error(HibPracticeOauthError error)
{
    static const char *const names[] = {"ok",
                                        "invalid_request",
                                        "invalid_client",
                                        "invalid_grant",
                                        "invalid_scope",
                                        "unsupported_grant_type"};
    return names[error];
}

void
hib_practice_token_reply(HibPracticeCall *call)
{
    HibPracticeTokens tokens = {0};
    HibPracticeOauthError error = hib_practice_token(call, &tokens);
    cJSON *out = cJSON_CreateObject();
    if (error) {
        cJSON_AddStringToObject(out, "error", hib_practice_oauth_error(error));
        cJSON_AddStringToObject(out, "error_description", "The request was refused.");
        hib_practice_json(call, error == HIB_OAUTH_INVALID_CLIENT ? 401 : 400, out);
        return;
    }
    hib_practice_header(call, "Cache-Control", "no-store");
    cJSON_AddStringToObject(out, "token_type", "bearer");
    cJSON_AddNumberToObject(out, "expires_in", (double)tokens.access_s);
    cJSON_AddStringToObject(out, "access_token", tokens.access);
    cJSON_AddStringToObject(out, "scope", tokens.scope);
    if (tokens.refresh)
        cJSON_AddStringToObject(out, "refresh_token", tokens.refresh);
    hib_practice_json(call, 200, out);
}

void
hib_practice_tokens_new(HibPracticeCall *call, const HibPracticeAccount *account,
                        const char *client_id, const char *scope, HibDuration life,
                        HibPracticeTokens *ret)
{
    int64_t grant = grant_new(call->face, account ? account->id : "", client_id, scope);
    give(call, grant, life, account != NULL, ret);
}

/* --- what a token opens ----------------------------------------------------------------------------------- */
HibPracticeRefusal
hib_practice_token_look(HibPracticeCall *call, const char *token, HibPracticeTokens *ret)
{
    Claims claims = {0};
    if (!token_read(call->face, token, &claims) || claims.is_refresh)
        return HIB_REFUSE_NO_TOKEN;
    const FaceGrant *grant = grant_at(call->face, claims.grant);
    int64_t left_s = claims.ends_s - hib_practice_now(call->face) / HIB_SECOND;
    *ret = (HibPracticeTokens){.account = hib_practice_account(call->face, grant->account),
                               .client_id = hib_arena_strdup(call->arena, grant->client_id),
                               .scope = hib_arena_strdup(call->arena, grant->scope),
                               .access = token,
                               .access_s = left_s};
    if (grant->is_over)
        return HIB_REFUSE_ENDED_GRANT;
    if (left_s <= 0 || claims.serial < call->face->oauth->stale_below)
        return HIB_REFUSE_EXPIRED_TOKEN;
    return HIB_REFUSE_N;
}

bool
hib_practice_exchange(HibPracticeCall *call, const char *token, HibDuration life,
                      HibPracticeTokens *ret)
{
    Claims claims = {0};
    if (hib_practice_token_look(call, token, ret) != HIB_REFUSE_N ||
        !token_read(call->face, token, &claims))
        return false;
    call->face->counts.n_refreshes++;
    give(call, claims.grant, life, false, ret);
    return true;
}

bool
hib_practice_bearer_any(HibPracticeCall *call, const char *scope, HibPracticeTokens *ret)
{
    const char *header = hib_practice_header_in(call, "Authorization");
    const char *token = NULL;
    if (header && !g_ascii_strncasecmp(header, "Bearer ", 7))
        token = header + 7;
    else if (hib_face_oauth_rules(call)->takes_field && header &&
             g_str_has_prefix(header, "OAuth "))
        token = header + strlen("OAuth ");
    else if (hib_face_oauth_rules(call)->takes_field)
        token = hib_practice_field(call, "access_token");
    HibPracticeRefusal why =
        token ? hib_practice_token_look(call, token, ret) : HIB_REFUSE_NO_TOKEN;
    if (why == HIB_REFUSE_N && scope && !has_scope(call, ret->scope, scope))
        why = HIB_REFUSE_SCOPE;
    if (why != HIB_REFUSE_N) {
        hib_practice_refuse(call, why, "%s", why == HIB_REFUSE_SCOPE ? scope : "access token");
        return false;
    }
    hib_practice_acts_for(call, ret->account);
    return true;
}

const HibPracticeAccount *
hib_practice_bearer(HibPracticeCall *call, const char *scope)
{
    HibPracticeTokens tokens = {0};
    if (!hib_practice_bearer_any(call, scope, &tokens))
        return NULL;
    if (!tokens.account)
        hib_practice_refuse(call, HIB_REFUSE_NO_TOKEN, "%s", "an account's token is needed");
    return tokens.account;
}

bool
hib_practice_revoke(HibPracticeFace *face, const char *token)
{
    Claims claims = {0};
    pthread_mutex_lock(&face->lock);
    bool is_ours = token_read(face, token, &claims);
    if (is_ours)
        grant_end(face, claims.grant);
    pthread_mutex_unlock(&face->lock);
    return is_ours;
}

void
hib_practice_expire_tokens(HibPracticeFace *face)
{
    pthread_mutex_lock(&face->lock);
    face->oauth->stale_below = next_serial(face);
    pthread_mutex_unlock(&face->lock);
}

void
hib_practice_end_grants(HibPracticeFace *face)
{
    pthread_mutex_lock(&face->lock);
    for (guint i = 0; i < face->oauth->grants->len; i++)
        grant_end(face, i);
    pthread_mutex_unlock(&face->lock);
}

/* --- after a restart -------------------------------------------------------------------------------------- */
bool
hib_face_oauth_replay(HibPracticeFace *face, const char *op, HibJson in)
{
    const char *a = NULL;
    const char *b = NULL;
    const char *c = NULL;
    int64_t n = 0;
    int64_t serial = 0;
    if (!strcmp(op, "client")) {
        if (!hib_json_text(in, "id", &a, NULL) || !hib_json_text(in, "secret", &b, NULL) ||
            !hib_json_text(in, "uris", &c, NULL))
            return false;
        client_put(face, a, b, *c ? c : NULL);
        return true;
    }
    if (!strcmp(op, "grant")) {
        if (!hib_json_text(in, "account", &a, NULL) || !hib_json_text(in, "client", &b, NULL) ||
            !hib_json_text(in, "scope", &c, NULL))
            return false;
        (void)grant_new(face, a, b, c);
        return true;
    }
    if (!hib_json_int(in, "grant", &n, NULL) || n < 0 || n >= face->oauth->grants->len)
        return false;
    if (!strcmp(op, "over")) {
        grant_at(face, n)->is_over = true;
        return true;
    }
    if (!hib_json_int(in, "serial", &serial, NULL))
        return false;
    grant_at(face, n)->last_refresh = serial;
    return true;
}
