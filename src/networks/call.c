/* See call.h. */
#include "networks/call.h"
#include "base/error.h"
#include "base/secrets.h"

#include <string.h>

HibNetResult
hib_net_say(HibNetClass class, const char *code, const char *message)
{
    return (HibNetResult){.class = class, .code = code, .message = message, .remaining = -1};
}

/* --- words that hold no token ------------------------------------------------------------------------------------------------ */
static bool
is_token_char(char c)
{
    return g_ascii_isalnum(c) || (c && strchr("-_.~+", c));
}

/* A JWT, or a run of 32 and more characters as only keys and tokens have: letters among digits, or capitals among small letters. */
static bool
is_token(const char *at, size_t n)
{
    size_t n_upper = 0, n_lower = 0, n_digits = 0;
    for (size_t i = 0; i < n; i++) {
        n_upper += g_ascii_isupper(at[i]) != 0;
        n_lower += g_ascii_islower(at[i]) != 0;
        n_digits += g_ascii_isdigit(at[i]) != 0;
    }
    return g_str_has_prefix(at, "eyJ") || (n >= 32 && ((n_digits >= 4 && n_upper + n_lower >= 4) ||
                                                       (n_upper >= 4 && n_lower >= 4)));
}

/* The characters of base64 that an address has too ("/", "=") join two parts of one token, not two words. */
static size_t
joined_length(const char *at, bool *ret_is_token)
{
    size_t n = 0;
    while (at[n]) {
        size_t part = 0;
        while (at[n + part] && is_token_char(at[n + part]))
            part++;
        *ret_is_token = *ret_is_token || (part && is_token(at + n, part));
        n += part;
        if (!at[n] || !strchr("/=", at[n]))
            break;
        n++;
    }
    return n;
}

const char *
hib_net_clean(HibArena *arena, const char *text)
{
    if (!text || !g_utf8_validate(text, -1, NULL))
        return "";
    size_t n = strlen(text);
    if (n > 500) {
        const char *end = g_utf8_find_prev_char(text, text + 501);
        n = end ? (size_t)(end - text) : 0;
    }
    char *out = hib_arena_strndup(arena, text, n);
    for (char *at = out; *at;) {
        bool is_secret = false;
        size_t length = joined_length(at, &is_secret);
        if (is_secret)
            memset(at, '*', length);
        else if (g_ascii_iscntrl(*at))
            *at = ' '; /* one line, in a log too */
        at += length ? length : 1;
    }
    return out;
}

/* --- headers ------------------------------------------------------------------------------------------------------------------ */
int64_t
hib_net_header_int(const HibHttpReply *reply, const char *name, int64_t otherwise)
{
    const char *text = hib_http_header(reply, name);
    char *end = NULL;
    if (!text || !g_ascii_isdigit(*text))
        return otherwise;
    int64_t value = g_ascii_strtoll(text, &end, 10);
    return end == text || value < 0 ? otherwise : value;
}

/* "Wed, 25 Nov 2026 22:41:36 GMT"; 0: not one. */
static HibInstant
http_date(const char *text)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    g_auto(GStrv) words = g_strsplit(text, " ", 7);
    if (g_strv_length(words) != 6 || !g_str_equal(words[5], "GMT") || strlen(words[2]) != 3)
        return 0;
    const char *month = strstr(months, words[2]);
    if (!month || (month - months) % 3 != 0)
        return 0;
    g_autofree char *iso = g_strdup_printf("%s-%02d-%sT%sZ", words[3],
                                           (int)(month - months) / 3 + 1, words[1], words[4]);
    HibInstant at = 0;
    return hib_instant_parse(iso, &at) ? at : 0;
}

HibInstant
hib_net_retry_after(const HibHttpReply *reply, HibInstant now)
{
    const char *text = hib_http_header(reply, "retry-after");
    if (!text)
        return 0;
    HibInstant at = http_date(text);
    if (at)
        return MAX(at, now);
    int64_t wait_s = hib_net_header_int(reply, "retry-after", -1);
    return wait_s >= 0 && wait_s < INT64_C(31536000) ? now + wait_s * HIB_SECOND : 0;
}

/* --- one call ------------------------------------------------------------------------------------------------------------ */
HibNetResult
hib_net_no_answer(HibArena *arena, HibNetCallKind kind, const GError *error)
{
    HibNetClass class = HIB_NET_FATAL; /* refused here: the address */
    if (hib_error_is(error, HIB_ERROR_UPSTREAM))
        class = HIB_NET_RETRY_SAME; /* never sent */
    else if (hib_error_is(error, HIB_ERROR_UNCERTAIN))
        class = kind == HIB_CALL_EFFECT ? HIB_NET_RECONCILE : HIB_NET_RETRY_SAME;
    HibNetResult out =
        hib_net_say(class, hib_error_reason(error), hib_net_clean(arena, error->message));
    return out;
}

HibNetResult
hib_net_nonsense(HibNetResult said, HibNetCallKind kind, const char *what)
{
    /* The server took a post and answered with something else than its place: look before repeating. Where repeating is
     * harmless it is done: a page of a proxy in between is no answer of the network's. */
    said.class = kind == HIB_CALL_EFFECT                             ? HIB_NET_RECONCILE
                 : kind == HIB_CALL_PREPARE || kind == HIB_CALL_READ ? HIB_NET_RETRY_SAME
                                                                     : HIB_NET_FATAL;
    said.code = "Unreadable";
    said.message = what;
    return said;
}

HibNetResult
hib_net_answer(HibArena *arena, HibNetCallKind kind, const HibHttpReply *reply, HibInstant now,
               HibNetRead read, HibJson *ret_json)
{
    HibNetResult said = hib_net_say(HIB_NET_FATAL, "", "");
    said.http_status = reply->status;
    if (!reply->n_body || !hib_json_parse(arena, reply->body, reply->n_body, ret_json, NULL))
        *ret_json = (HibJson){.arena = arena, .path = ""};
    read(arena, kind, reply, *ret_json, now, &said);
    said.code = hib_net_clean(arena, said.code);
    said.message = hib_net_clean(arena, said.message);
    return said;
}

HibNetResult
hib_net_call(const HibNetContext *net, const HibNetRequest *request, HibNetRead read,
             HibHttpReply *ret_reply, HibJson *ret_json)
{
    g_autoptr(GError) error = NULL;
    const char *headers[12] = {"Accept: application/json"};
    size_t n = 1;
    if (request->bearer)
        headers[n++] = hib_arena_printf(net->arena, "Authorization: Bearer %s", request->bearer);
    for (size_t i = 0; request->headers && request->headers[i] && n < 10; i++)
        headers[n++] = request->headers[i];
    const HibHttpRequest call = {
        .method = request->method,
        .url = request->url,
        .headers = headers,
        .content_type = request->content_type,
        .body = request->body,
        .n_body = request->n_body,
        .parts = request->parts,
        .n_parts = request->n_parts,
        .total_ms = request->total_ms,
        .is_foreign = !net->may_be_private,
    };
    HibHttpReply reply = {0};
    HibJson json = {.arena = net->arena, .path = ""};
    if (ret_json)
        *ret_json = json;
    if (ret_reply)
        *ret_reply = reply;
    if (!hib_http_do(net->http, net->arena, &call, &reply, &error))
        return hib_net_no_answer(net->arena, request->kind, error);
    HibNetResult said =
        hib_net_answer(net->arena, request->kind, &reply, hib_clock_now(net->clock), read, &json);
    if (ret_json)
        *ret_json = json;
    if (ret_reply)
        *ret_reply = reply;
    return said;
}

/* --- addresses --------------------------------------------------------------------------------------------------------------- */
const char *
hib_net_host(HibArena *arena, const HibNetLimits *limits, const char *service,
             const char *real_host)
{
    return !service || !*service || g_str_equal(service, limits->default_service) ? real_host
                                                                                  : service;
}

const char *
hib_net_service(const HibNetContext *net, const char *typed, const char *otherwise)
{
    g_autofree char *text = g_strstrip(g_strdup(typed ? typed : ""));
    if (!*text)
        return otherwise;
    if (strlen(text) > 300)
        return NULL;
    g_autofree char *whole =
        strstr(text, "://") ? g_strdup(text) : g_strconcat("https://", text, NULL);
    g_autoptr(GUri) uri = g_uri_parse(whole, G_URI_FLAGS_NONE, NULL);
    if (!uri || !g_uri_get_host(uri) || !*g_uri_get_host(uri) || g_uri_get_userinfo(uri) ||
        g_uri_get_query(uri) || g_uri_get_fragment(uri))
        return NULL;
    const char *scheme = g_uri_get_scheme(uri);
    bool is_plain = !strcmp(scheme, "http");
    if ((is_plain && !net->may_be_private) || (!is_plain && strcmp(scheme, "https") != 0))
        return NULL; /* a password or token never goes out in the clear */
    const char *path = g_uri_get_path(uri);
    if (path && *path && strcmp(path, "/") != 0)
        return NULL;
    g_autofree char *host = g_ascii_strdown(g_uri_get_host(uri), -1);
    const char *open = strchr(host, ':') ? "[" : "";
    const char *close = *open ? "]" : "";
    if (g_uri_get_port(uri) > 0)
        return hib_arena_printf(net->arena, "%s://%s%s%s:%d", scheme, open, host, close,
                                g_uri_get_port(uri));
    return hib_arena_printf(net->arena, "%s://%s%s%s", scheme, open, host, close);
}

/* --- words ----------------------------------------------------------------------------------------------------------------- */
const char *
hib_net_form(HibArena *arena, const char *name, ...)
{
    g_autoptr(GString) out = g_string_new(NULL);
    va_list args;
    va_start(args, name);
    for (const char *key = name; key; key = va_arg(args, const char *)) {
        const char *value = va_arg(args, const char *);
        if (value)
            g_string_append_printf(out, "%s%s=%s", out->len ? "&" : "", key,
                                   hib_url_escape(arena, value));
    }
    va_end(args);
    return hib_arena_strdup(arena, out->str);
}

static const char *
base64(HibArena *arena, const guint8 *data, size_t n, bool is_url)
{
    g_autofree char *text = g_base64_encode(data, n);
    for (char *c = text; is_url && *c; c++) {
        if (*c == '+')
            *c = '-';
        else if (*c == '/')
            *c = '_';
        else if (*c == '=')
            *c = '\0';
    }
    return hib_arena_strdup(arena, text);
}

const char *
hib_net_challenge(HibArena *arena, const char *verifier, bool is_hex)
{
    if (is_hex)
        return hib_sha256_hex(arena, verifier, strlen(verifier));
    guint8 digest[32];
    gsize n = sizeof digest;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)verifier, -1);
    g_checksum_get_digest(sum, digest, &n);
    return base64(arena, digest, n, true);
}

const char *
hib_net_hmac(HibArena *arena, const char *key, const void *data, size_t n, bool is_hex)
{
    guint8 digest[32];
    gsize n_digest = sizeof digest;
    g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, (const guchar *)key, strlen(key));
    g_hmac_update(hmac, data, (gssize)n);
    if (is_hex)
        return hib_arena_strdup(arena, g_hmac_get_string(hmac));
    g_hmac_get_digest(hmac, digest, &n_digest);
    return base64(arena, digest, n_digest, false);
}

bool
hib_net_same(const char *a, const char *b)
{
    if (!a || !b || strlen(a) != strlen(b))
        return false;
    unsigned char differs = 0;
    for (size_t i = 0; a[i]; i++)
        differs |= (unsigned char)(a[i] ^ b[i]);
    return differs == 0;
}

const char *
hib_net_uuid(HibArena *arena)
{
    g_autofree char *uuid = g_uuid_string_random();
    return hib_arena_strdup(arena, uuid);
}

/* --- bodies ------------------------------------------------------------------------------------------------------------------ */
typedef struct {
    const HibNetMedia *media;
    int64_t from;
} Piece;

static int64_t
read_piece(void *source, int64_t offset, void *into, size_t n)
{
    const Piece *piece = source;
    return piece->media->read(piece->media->source, piece->from + offset, into, n);
}

HibHttpPart
hib_net_piece(HibArena *arena, const HibNetMedia *media, int64_t from, int64_t n)
{
    Piece *piece = hib_arena_new0(arena, Piece);
    *piece = (Piece){.media = media, .from = from};
    return (HibHttpPart){.read = read_piece, .source = piece, .n = n};
}

static void
put_quoted(GString *out, const char *text)
{
    for (const char *c = text; *c; c++)
        if (*c == '"' || *c == '\r' || *c == '\n')
            g_string_append_printf(out, "%%%02X", (unsigned char)*c);
        else
            g_string_append_c(out, *c);
}

void
hib_net_multipart(HibArena *arena, const char *const *pairs, const char *file_field,
                  const char *file_name, const HibNetMedia *media, int64_t from, int64_t n,
                  HibNetMultipart *ret)
{
    const char *boundary = hib_arena_printf(arena, "hibiki-%s", hib_net_uuid(arena));
    g_autoptr(GString) head = g_string_new(NULL);
    for (size_t i = 0; pairs && pairs[i]; i += 2) {
        if (!pairs[i + 1])
            continue;
        g_string_append_printf(head, "--%s\r\nContent-Disposition: form-data; name=\"", boundary);
        put_quoted(head, pairs[i]);
        g_string_append_printf(head, "\"\r\n\r\n%s\r\n", pairs[i + 1]);
    }
    g_string_append_printf(head, "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"",
                           boundary, file_field);
    put_quoted(head, file_name);
    g_string_append_printf(head, "\"\r\nContent-Type: %s\r\n\r\n", media->mime);
    const char *tail = hib_arena_printf(arena, "\r\n--%s--\r\n", boundary);
    ret->parts[0] = (HibHttpPart){.data = hib_arena_strndup(arena, head->str, head->len),
                                  .n = (int64_t)head->len};
    ret->parts[1] = hib_net_piece(arena, media, from, n);
    ret->parts[2] = (HibHttpPart){.data = tail, .n = (int64_t)strlen(tail)};
    ret->n_parts = 3;
    ret->content_type = hib_arena_printf(arena, "multipart/form-data; boundary=%s", boundary);
}

/* --- progress ---------------------------------------------------------------------------------------------------------------- */
cJSON *
hib_net_progress(const char *progress)
{
    cJSON *out = progress ? cJSON_Parse(progress) : NULL;
    if (cJSON_IsObject(out))
        return out;
    cJSON_Delete(out);
    return cJSON_CreateObject();
}

const char *
hib_net_progress_text(HibArena *arena, const cJSON *progress)
{
    char *text = cJSON_PrintUnformatted(progress);
    const char *out = hib_arena_strdup(arena, text ? text : "{}");
    cJSON_free(text);
    return out;
}

const char *
hib_net_progress_get(HibArena *arena, const cJSON *progress, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(progress, key);
    return cJSON_IsString(item) ? hib_arena_strdup(arena, item->valuestring) : NULL;
}
