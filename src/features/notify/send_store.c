/* Sending a notice by e-mail or to the person's webhook, and keeping that webhook. Address and secret are sealed; a private address is refused when the name is resolved (SSRF). */
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/messages.h"
#include "notify/notify_private.h"
#include "team/team.h"
#include <string.h>

#define PURPOSE "notify.hook"
#define SECRET_BYTES 32

/* --- the webhook ---------------------------------------------------------------------------------------------------------- */
const char *
hib_hook_host(HibArena *arena, const HibServices *services, const char *url)
{
    g_autoptr(GUri) uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);
    if (!uri || !g_uri_get_host(uri) || !*g_uri_get_host(uri) || g_uri_get_userinfo(uri))
        return NULL;
    bool is_good = g_str_equal(g_uri_get_scheme(uri), "https") ||
                   (services->may_connect_private && g_str_equal(g_uri_get_scheme(uri), "http"));
    return is_good ? hib_arena_strdup(arena, g_uri_get_host(uri)) : NULL;
}

static bool
refuse(GError **error, const char *reason, const char *pointer)
{
    hib_error_set_at(error, HIB_ERROR_INVALID, reason, pointer, "%s", reason);
    return false;
}

static const char *
described(HibDb *db, const char *host)
{
    cJSON *json = cJSON_CreateObject();
    if (host)
        cJSON_AddStringToObject(json, "host", host);
    return hib_json_print(hib_db_arena(db), json);
}

bool
hib_hook_set(HibDb *db, const HibServices *services, const char *person, const HibHookDraft *draft,
             const char **ret_secret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *host = hib_hook_host(arena, services, draft->url), *secret = draft->secret;
    HibSqlHookRow *before;
    if (!host)
        return refuse(error, "notify.bad_url", "/url");
    if (draft->format == HIB_HOOK_LINE && (!draft->recipient || !*draft->recipient))
        return refuse(error, "notify.no_recipient", "/recipient");
    if (draft->format == HIB_HOOK_LINE && (!secret || !*secret))
        return refuse(error, "notify.no_secret", "/secret");
    if (!secret || !*secret)
        secret = hib_random_token(arena, SECRET_BYTES);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    *ret_secret = secret;
    return tx && hib_sql_hook_get(db, person, &before, error) &&
           hib_sql_hook_put(
               db, person, draft->format, hib_seal(services->keys, arena, PURPOSE, draft->url),
               host, hib_seal(services->keys, arena, PURPOSE, secret), draft->recipient, error) &&
           hib_audit(db, "notify.hook", "person", person,
                     before ? described(db, before->host) : NULL, described(db, host), error) &&
           hib_tx_commit(tx, error);
}

bool
hib_hook_drop(HibDb *db, const char *person, GError **error)
{
    HibSqlHookRow *before;
    int64_t gone;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_sql_hook_get(db, person, &before, error) &&
           hib_sql_hook_drop(db, person, &gone, error) &&
           (!before || hib_audit(db, "notify.hook", "person", person, described(db, before->host),
                                 NULL, error)) &&
           hib_tx_commit(tx, error);
}

/* --- sending ---------------------------------------------------------------------------------------------------------------- */
typedef struct {
    HibDb *db;
    const HibServices *services;
    const HibSqlNoticeRow *notice;
    const HibSqlNoticeMember *to;
    const char *sentence, *url;
} Sending;

static bool
send_mail(const Sending *s, GError **error)
{
    HibArena *arena = hib_db_arena(s->db);
    if (!s->services->mail || !*s->services->mail->url) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "notify.no_mail", "no mail server is set up");
        return false;
    }
    const HibMail mail = {
        .id = s->notice->id,
        .to = s->to->email,
        .subject = hib_arena_printf(arena, "[Hibiki] %s", hib_notice_short(arena, s->sentence, 90)),
        .text = hib_arena_printf(arena, "%s\n\n%s\n\n%s\n", s->sentence, s->url,
                                 hib_message(s->to->locale, "notice.foot")),
        .at = s->notice->at};
    return hib_mail_send(s->services->mail, &mail, error);
}

/* What the other end said: 2xx is taken, 408, 429 and 5xx may be repeated, the rest is a no. */
static bool
judge(int status, GError **error)
{
    if (status >= 200 && status < 300)
        return true;
    bool is_later = status == 408 || status == 429 || status >= 500;
    hib_error_set(error, is_later ? HIB_ERROR_UPSTREAM : HIB_ERROR_INVALID,
                  is_later ? "notify.unreachable" : "notify.refused", "status %d", status);
    return false;
}

/* One call; what the other end or the way there said is told in this feature's words. */
static bool
post_hook(const HibServices *services, HibArena *arena, const char *url, const char *const *headers,
          const char *body, int *ret_status, GError **error)
{
    const HibHttpRequest request = {.method = "POST",
                                    .url = url,
                                    .headers = headers,
                                    .content_type = "application/json",
                                    .body = body,
                                    .n_body = strlen(body),
                                    .total_ms = 15000,
                                    .reply_cap = 64 * 1024,
                                    .is_foreign = !services->may_connect_private};
    HibHttpReply reply;
    GError *fault = NULL;
    if (hib_http_do(services->http, arena, &request, &reply, &fault)) {
        *ret_status = reply.status;
        return true;
    }
    if (hib_error_is(fault, HIB_ERROR_UPSTREAM) || hib_error_is(fault, HIB_ERROR_UNCERTAIN)) {
        hib_error_set(error, HIB_ERROR_UPSTREAM, "notify.unreachable", "%s", fault->message);
        g_error_free(fault);
    } else {
        g_propagate_error(error, fault);
    }
    return false;
}

bool
hib_hook_send(HibDb *db, const HibServices *services, const char *url, const char *secret,
              const char *id, const char *json, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    int status;
    const char *headers[] = {
        hib_arena_printf(arena, "X-Hibiki-Id: %s", id),
        hib_arena_printf(arena, "X-Hibiki-Signature: %s",
                         hib_hook_signature(arena, secret, hib_db_now(db), json)),
        NULL};
    return post_hook(services, arena, url, headers, json, &status, error) && judge(status, error);
}

static bool
send_hook(const Sending *s, GError **error)
{
    HibArena *arena = hib_db_arena(s->db);
    HibSqlHookRow *hook;
    int status;
    if (!hib_sql_hook_get(s->db, s->notice->person_id, &hook, error))
        return false;
    if (!hook) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "notify.no_hook", "no webhook is set up");
        return false;
    }
    const char *url = hib_unseal(s->services->keys, arena, PURPOSE, hook->url_sealed, error);
    const char *secret =
        url ? hib_unseal(s->services->keys, arena, PURPOSE, hook->secret_sealed, error) : NULL;
    if (!secret)
        return false;
    HibHookFormat format = (HibHookFormat)hook->format;
    const char *body =
        hib_hook_body(arena, format, s->notice, s->sentence, s->url, hook->recipient);
    if (format != HIB_HOOK_LINE)
        return hib_hook_send(s->db, s->services, url, secret, s->notice->id, body, error);
    const char *headers[] = {hib_arena_printf(arena, "X-Hibiki-Id: %s", s->notice->id),
                             hib_arena_printf(arena, "Authorization: Bearer %s", secret),
                             hib_arena_printf(arena, "X-Line-Retry-Key: %s", s->notice->id), NULL};
    return post_hook(s->services, arena, url, headers, body, &status, error) &&
           (status == 409 || judge(status, error));
}

bool
hib_notice_send(HibDb *db, const HibServices *services, const HibSqlNoticeRow *notice, unsigned way,
                GError **error)
{
    HibSqlNoticeMember *to;
    if (!hib_sql_notice_member(db, notice->person_id, &to, error))
        return false;
    if (!to) /* left the workspace: nothing of it is theirs any more */
        return true;
    const Sending sending = {
        .db = db,
        .services = services,
        .notice = notice,
        .to = to,
        .sentence = hib_notice_sentence(hib_db_arena(db), to->locale, notice->word, notice->who,
                                        notice->what),
        .url = hib_arena_printf(hib_db_arena(db), "%s%s", services->base_url, notice->place)};
    return way == HIB_WAY_MAIL ? send_mail(&sending, error) : send_hook(&sending, error);
}

/* How the webhook fared stands beside it. */
static bool
note(HibDb *db, const char *person, const GError *fault, GError **error)
{
    int64_t changed;
    HibInstant now = hib_db_now(db);
    return fault ? hib_sql_hook_failed(db, person, now, hib_error_reason(fault), &changed, error)
                 : hib_sql_hook_sent(db, person, now, &changed, error);
}

/* Twice: see notify.c. */
bool
hib_notice_send_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                    HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    HibJson payload;
    HibSqlNoticeRow *notice;
    const char *way;
    GError *fault = NULL;
    *ret_end = HIB_JOB_DONE;
    if (!hib_json_parse(hib_db_arena(db), job->json, strlen(job->json), &payload, error) ||
        !hib_json_text(payload, "way", &way, error) ||
        !hib_sql_notice_get(db, job->subject, &notice, error))
        return false;
    if (!notice)
        return true;
    bool is_hook = g_str_equal(way, "hook");
    bool ok = hib_notice_send(db, context, notice, is_hook ? HIB_WAY_HOOK : HIB_WAY_MAIL, &fault);
    if (is_hook && !note(db, notice->person_id, fault, error)) {
        g_clear_error(&fault);
        return false;
    }
    if (ok)
        return true;
    bool is_later = hib_error_is(fault, HIB_ERROR_UPSTREAM) || hib_error_is(fault, HIB_ERROR_BUSY);
    if (is_later) {
        g_propagate_error(error, fault);
        return false;
    }
    /* Nothing set up is no fault; a no, or an answer that never came, is said once and not repeated. */
    if (!hib_error_is(fault, HIB_ERROR_CONFLICT))
        hib_log_error(HIB_WARN, "notify.not_sent", fault, "notice", notice->id, NULL);
    g_error_free(fault);
    return true;
}
