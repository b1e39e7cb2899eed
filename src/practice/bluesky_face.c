/* The face's server: one thread reads calls, lets the methods answer under the lock, and spoils the answer when a fault is on. */
#include "practice/bluesky_face.h"
#include "practice/bluesky_face_private.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <string.h>

#define MAX_BODY (5 * 1024 * 1024)

void
hib_face_reply(FaceCall *call, int status, cJSON *owned)
{
    call->status = status;
    call->reply = hib_json_print(call->arena, owned);
}

void
hib_face_refuse(FaceCall *call, int status, const char *code, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    g_autofree char *message = g_strdup_vprintf(format, values);
    va_end(values);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "error", code);
    cJSON_AddStringToObject(out, "message", message);
    hib_face_reply(call, status, out);
}

/* The fault this call meets, used up by one. */
static HibFaceFault
take_fault(HibFace *face, const FaceCall *call)
{
    const HibFaceFault none = {.fault = HIB_FAULT_NONE};
    HibFaceFault out = face->fault;
    if (out.fault == HIB_FAULT_NONE || out.times == 0 ||
        (out.method && strcmp(out.method, call->method) != 0))
        return none;
    if (out.share > 0 && hib_seeded_unit(&face->dice) >= out.share)
        return none;
    if (face->fault.times > 0)
        face->fault.times--;
    face->counts.n_faults++;
    return out;
}

static void
rate_limited(HibFace *face, FaceCall *call, int ms)
{
    call->rate_limit = face->rate_limit > 0 ? face->rate_limit : 3000;
    call->rate_window_s = 300;
    call->rate_remaining = 0;
    call->rate_reset_s =
        (hib_clock_now(face->clock) + ms * HIB_MILLISECOND + HIB_SECOND - 1) / HIB_SECOND;
    hib_face_refuse(call, 429, "RateLimitExceeded", "Rate Limit Exceeded");
}

/* Answers one call; the milliseconds the answer has to wait. */
static int
run(HibFace *face, FaceCall *call)
{
    face->counts.n_calls++;
    if (call->is_too_large) {
        hib_face_refuse(call, 413, "PayloadTooLarge", "request entity too large");
        return 0;
    }
    const HibFaceFault fault = take_fault(face, call);
    switch (fault.fault) {
    case HIB_FAULT_RATE_LIMITED:
        rate_limited(face, call, fault.ms);
        return 0;
    case HIB_FAULT_ERROR:
        hib_face_refuse(call, 500, "InternalServerError", "Internal Server Error");
        return 0;
    case HIB_FAULT_CUT_BEFORE:
        call->is_cut = true;
        return 0;
    case HIB_FAULT_STALL:
        call->is_cut = true;
        return fault.ms;
    case HIB_FAULT_EXPIRED_TOKEN:
        hib_face_refuse(call, 400, "ExpiredToken", "Token has expired");
        return 0;
    case HIB_FAULT_ENDED_GRANT:
        hib_face_refuse(call, 400, "ExpiredToken", "Token has been revoked");
        return 0;
    case HIB_FAULT_REFUSED:
        hib_face_refuse(call, 400, "InvalidRequest",
                        "Invalid " FACE_POSTS " record: refused for practice");
        return 0;
    default:
        break;
    }
    hib_face_xrpc(face, call);
    if (fault.fault == HIB_FAULT_ERROR_AFTER)
        hib_face_refuse(call, 500, "InternalServerError", "Internal Server Error");
    if (fault.fault == HIB_FAULT_NONSENSE) {
        call->status = 200;
        call->reply = hib_arena_strdup(call->arena, "<!doctype html><title>Bad Gateway</title>");
    }
    call->is_cut = fault.fault == HIB_FAULT_CUT_AFTER;
    return fault.fault == HIB_FAULT_DELAY ? fault.ms : 0;
}

static void
add_number(struct MHD_Response *response, const char *name, int64_t value)
{
    char text[32];
    g_snprintf(text, sizeof text, "%" PRId64, value);
    MHD_add_response_header(response, name, text);
}

static enum MHD_Result
send_reply(FaceCall *call)
{
    if (call->is_cut)
        return MHD_NO;
    struct MHD_Response *response =
        call->picture ? MHD_create_response_from_buffer(call->n_picture, (void *)call->picture,
                                                        MHD_RESPMEM_PERSISTENT)
                      : MHD_create_response_from_buffer(strlen(call->reply), call->reply,
                                                        MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type",
                            call->picture ? "image/png" : "application/json; charset=utf-8");
    if (call->rate_limit > 0) {
        char policy[64];
        g_snprintf(policy, sizeof policy, "%" PRId64 ";w=%" PRId64, call->rate_limit,
                   call->rate_window_s);
        add_number(response, "RateLimit-Limit", call->rate_limit);
        add_number(response, "RateLimit-Remaining", call->rate_remaining);
        add_number(response, "RateLimit-Reset", call->rate_reset_s);
        MHD_add_response_header(response, "RateLimit-Policy", policy);
    }
    enum MHD_Result sent = MHD_queue_response(call->connection, (unsigned)call->status, response);
    MHD_destroy_response(response);
    return sent;
}

/* Where the call goes; false when neither door knows the address. */
static bool
route(HibFace *face, FaceCall *call, const char *url, bool *ret_is_control)
{
    static const char control[] = "/practice/";
    static const char xrpc[] = "/xrpc/";
    static const char pictures[] = "/img/"; /* of the network's CDN; a fault names it "img" */
    *ret_is_control = face->has_control && g_str_has_prefix(url, control);
    if (*ret_is_control)
        call->method = url + sizeof control - 1;
    else if (g_str_has_prefix(url, xrpc))
        call->method = url + sizeof xrpc - 1;
    else if (g_str_has_prefix(url, pictures))
        call->method = "img";
    return call->method != NULL;
}

static enum MHD_Result
finish(HibFace *face, FaceCall *call, const char *url)
{
    bool is_control = false;
    int wait_ms = 0;
    call->is_ready = true;
    if (!strcmp(url, "/xrpc/_health")) {
        cJSON *out = cJSON_CreateObject();
        cJSON_AddStringToObject(out, "version", "practice");
        hib_face_reply(call, 200, out);
    } else if (!route(face, call, url, &is_control)) {
        hib_face_refuse(call, 404, "NotFound", "not here");
    } else {
        pthread_mutex_lock(&face->lock);
        if (is_control)
            hib_face_control(face, call);
        else
            wait_ms = run(face, call);
        pthread_mutex_unlock(&face->lock);
    }
    if (wait_ms <= 0)
        return send_reply(call);
    MHD_suspend_connection(call->connection);
    hib_face_late_add(face->late, call->connection, wait_ms);
    return MHD_YES;
}

static enum MHD_Result
on_call(void *data, struct MHD_Connection *connection, const char *url, const char *verb,
        const char *version, const char *body, size_t *n_body, void **slot)
{
    HibFace *face = data;
    FaceCall *call = *slot;
    if (!call) {
        call = g_new0(FaceCall, 1);
        call->body = g_string_new(NULL);
        call->arena = hib_arena_new();
        call->connection = connection;
        call->is_post = !strcmp(verb, "POST");
        *slot = call;
        return MHD_YES;
    }
    if (*n_body > 0) {
        call->is_too_large |= call->body->len + *n_body > MAX_BODY;
        if (!call->is_too_large)
            g_string_append_len(call->body, body, (gssize)*n_body);
        *n_body = 0;
        return MHD_YES;
    }
    return call->is_ready ? send_reply(call) : finish(face, call, url);
}

static void
on_done(void *data, struct MHD_Connection *connection, void **slot,
        enum MHD_RequestTerminationCode why)
{
    FaceCall *call = *slot;
    if (!call)
        return;
    g_string_free(call->body, TRUE);
    hib_arena_free(call->arena);
    g_free(call);
    *slot = NULL;
}

static bool
listen_on(HibFace *face, int port, GError **error)
{
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    face->daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME,
                                    (uint16_t)port, NULL, NULL, on_call, face, MHD_OPTION_SOCK_ADDR,
                                    (struct sockaddr *)&where, MHD_OPTION_NOTIFY_COMPLETED, on_done,
                                    NULL, MHD_OPTION_CONNECTION_TIMEOUT, 120u, MHD_OPTION_END);
    const union MHD_DaemonInfo *info =
        face->daemon ? MHD_get_daemon_info(face->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;
    if (!info) {
        hib_error_set(error, HIB_ERROR_UPSTREAM, "practice.port_taken",
                      "cannot listen on 127.0.0.1:%d", port);
        if (error && *error) {
            g_autofree char *text = g_strdup_printf("%d", port);
            hib_error_set_detail(*error, "port", text);
        }
        return false;
    }
    face->url = g_strdup_printf("http://127.0.0.1:%u", (unsigned)info->port);
    return true;
}

HibFace *
hib_face_start(const HibFaceOptions *options, GError **error)
{
    HibFace *face = g_new0(HibFace, 1);
    hib_face_state_open(face, options);
    face->late = hib_face_late_new();
    pthread_mutex_lock(&face->lock); /* no call is answered before everything stands */
    bool is_up = (!options->journal || hib_face_journal_open(face, options->journal, error)) &&
                 listen_on(face, options->port, error);
    pthread_mutex_unlock(&face->lock);
    if (is_up)
        return face;
    hib_face_stop(face);
    return NULL;
}

void
hib_face_stop(HibFace *face)
{
    if (!face)
        return;
    hib_face_late_free(face->late); /* suspended calls must be awake before the daemon may stop */
    if (face->daemon)
        MHD_stop_daemon(face->daemon);
    hib_face_state_close(face);
}

const char *
hib_face_url(const HibFace *face)
{
    return face->url;
}

const char *
hib_face_did(const HibFace *face, const char *handle)
{
    for (size_t i = 0; i < face->n_accounts; i++)
        if (!g_ascii_strcasecmp(face->accounts[i].handle, handle))
            return face->accounts[i].did;
    return NULL;
}
