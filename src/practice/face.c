/* The server of a face: one thread reads calls, lets handlers answer under the lock, and spoils the answer where a fault is on. */
#include "practice/face.h"
#include "practice/face_private.h"

#include <arpa/inet.h>
#include <string.h>

/* --- one call --------------------------------------------------------------------------------------------- */
static HibPracticeRefusal
refusal_of(HibFault fault)
{
    switch (fault) {
    case HIB_FAULT_RATE_LIMITED:
        return HIB_REFUSE_RATE;
    case HIB_FAULT_ERROR:
    case HIB_FAULT_ERROR_AFTER:
        return HIB_REFUSE_ERROR;
    case HIB_FAULT_EXPIRED_TOKEN:
        return HIB_REFUSE_EXPIRED_TOKEN;
    case HIB_FAULT_ENDED_GRANT:
        return HIB_REFUSE_ENDED_GRANT;
    case HIB_FAULT_REFUSED:
        return HIB_REFUSE_CONTENT;
    case HIB_FAULT_QUOTA:
        return HIB_REFUSE_QUOTA;
    default:
        return HIB_REFUSE_N;
    }
}

/* A fault that keeps the call from its handler. True: it did. */
static bool
is_stopped(HibPracticeCall *call)
{
    struct FaceInside *inside = call->inside;
    const HibPracticeFault *fault = &inside->fault;
    HibPracticeRefusal why = refusal_of(fault->fault);
    if (fault->fault == HIB_FAULT_CUT_BEFORE || fault->fault == HIB_FAULT_STALL) {
        inside->is_cut = true;
        inside->wait_ms = fault->fault == HIB_FAULT_STALL ? fault->ms : 0;
        return true;
    }
    if (why == HIB_REFUSE_N || fault->fault == HIB_FAULT_ERROR_AFTER)
        return false;
    if (why == HIB_REFUSE_RATE || why == HIB_REFUSE_QUOTA)
        call->rate = (HibPracticeWindow){.limit = 1,
                                         .used = 1,
                                         .resets_at = hib_practice_now(call->face) +
                                                      fault->ms * HIB_MILLISECOND,
                                         .length = 15 * HIB_MINUTE};
    hib_practice_refuse(call, why, "%s", "refused for practice");
    return true;
}

static void
count_done(HibPracticeCall *call)
{
    struct FaceInside *inside = call->inside;
    HibPracticeCounts *counts = &call->face->counts;
    FaceAccountRow *account =
        inside->acts_for ? hib_face_account_row(call->face, inside->acts_for->id) : NULL;
    if (inside->status < 200 || inside->status > 299)
        return;
    if (call->route->flags & HIB_PRACTICE_EFFECT) {
        counts->n_effects++;
        if (account)
            account->counts.n_effects++;
    }
    if (call->route->flags & HIB_PRACTICE_UPLOAD) {
        counts->n_uploads++;
        counts->upload_bytes += call->body.size;
    }
}

static void
spoil(HibPracticeCall *call)
{
    struct FaceInside *inside = call->inside;
    switch (inside->fault.fault) {
    case HIB_FAULT_ERROR_AFTER:
        hib_practice_refuse(call, HIB_REFUSE_ERROR, "%s", "failed for practice");
        break;
    case HIB_FAULT_CUT_AFTER:
        inside->is_cut = true;
        break;
    case HIB_FAULT_DELAY:
        inside->wait_ms = inside->fault.ms;
        break;
    case HIB_FAULT_NONSENSE:
        hib_practice_text(call, 200, "text/html; charset=utf-8",
                          "<!doctype html><title>Bad Gateway</title><p>Please try again.");
        break;
    default:
        break;
    }
}

static void
answer(HibPracticeCall *call)
{
    HibPracticeFace *face = call->face;
    face->counts.n_calls++;
    call->route = hib_face_route(call, face->network->routes, face->network->n_routes, call->path);
    if (!call->route) {
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "no route %s %s", call->verb, call->path);
    } else if (call->inside->is_too_large) {
        hib_practice_refuse(call, HIB_REFUSE_TOO_LARGE, "%s", "the body is too large");
    } else if (call->inside->is_broken) {
        hib_practice_refuse(call, HIB_REFUSE_BAD_REQUEST, "%s", "the form does not read");
    } else {
        if (!(call->route->flags & HIB_PRACTICE_NO_FAULT))
            call->inside->fault = hib_face_fault_take(call);
        if (!is_stopped(call)) {
            call->route->run(call);
            count_done(call);
            spoil(call);
        }
    }
    if (face->network->rate_headers && call->rate.limit > 0)
        face->network->rate_headers(call);
}

static enum MHD_Result
send_reply(HibPracticeCall *call)
{
    struct FaceInside *inside = call->inside;
    if (inside->is_cut)
        return MHD_NO;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        inside->n_reply, (void *)(uintptr_t)inside->reply, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    if (inside->mime)
        MHD_add_response_header(response, "Content-Type", inside->mime);
    for (guint i = 0; i < inside->headers->len; i++) {
        const FacePair *pair = &g_array_index(inside->headers, FacePair, i);
        MHD_add_response_header(response, pair->name, pair->value);
    }
    enum MHD_Result sent =
        MHD_queue_response(inside->connection, (unsigned)inside->status, response);
    MHD_destroy_response(response);
    return sent;
}

static enum MHD_Result
finish(HibPracticeCall *call)
{
    struct FaceInside *inside = call->inside;
    HibPracticeFace *face = call->face;
    hib_face_body_end(call);
    inside->is_ready = true;
    inside->status = 500; /* a handler that says nothing is a mistake one should see */
    inside->reply = "";
    pthread_mutex_lock(&face->lock);
    if (face->has_control && g_str_has_prefix(call->path, "/practice/"))
        hib_face_control_run(call);
    else
        answer(call);
    pthread_mutex_unlock(&face->lock);
    if (inside->wait_ms <= 0)
        return send_reply(call);
    MHD_suspend_connection(inside->connection);
    hib_face_late_add(face->late, inside->connection, inside->wait_ms);
    return MHD_YES;
}

static enum MHD_Result
on_call(void *data, struct MHD_Connection *connection, const char *url, const char *verb,
        const char *version, const char *body, size_t *n_body, void **slot)
{
    HibPracticeCall *call = *slot;
    if (!call) {
        g_autoptr(HibArena) arena = hib_arena_new();
        call = hib_arena_new0(arena, HibPracticeCall);
        call->inside = hib_arena_new0(arena, struct FaceInside);
        call->face = data;
        call->path = hib_arena_strdup(arena, url);
        call->verb = hib_arena_strdup(arena, verb);
        call->inside->connection = connection;
        call->inside->params = g_array_new(FALSE, FALSE, sizeof(FacePair));
        call->inside->headers = g_array_new(FALSE, FALSE, sizeof(FacePair));
        hib_face_body_begin(call);
        call->arena = g_steal_pointer(&arena);
        *slot = call;
        return MHD_YES;
    }
    if (*n_body > 0) {
        hib_face_body_more(call, body, *n_body);
        *n_body = 0;
        return MHD_YES;
    }
    return call->inside->is_ready ? send_reply(call) : finish(call);
}

static void
on_done(void *data, struct MHD_Connection *connection, void **slot,
        enum MHD_RequestTerminationCode why)
{
    HibPracticeCall *call = *slot;
    if (!call)
        return;
    *slot = NULL;
    hib_face_body_free(call);
    g_array_free(call->inside->params, TRUE);
    g_array_free(call->inside->headers, TRUE);
    hib_arena_free(call->arena); /* the call lies in it */
}

/* --- start and stop --------------------------------------------------------------------------------------- */
static bool
listen_on(HibPracticeFace *face, int port, GError **error)
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

HibPracticeFace *
hib_practice_start(const HibPracticeNetwork *network, const HibPracticeOptions *options,
                   GError **error)
{
    HibPracticeFace *face = hib_face_new(network, options);
    face->late = hib_face_late_new();
    pthread_mutex_lock(&face->lock); /* no call is answered before everything stands */
    if (network->open)
        face->state = network->open(face);
    bool is_up = (!options->journal || hib_face_notes_open(face, options->journal, error)) &&
                 listen_on(face, options->port, error);
    if (is_up)
        hib_face_tick_start(face);
    pthread_mutex_unlock(&face->lock);
    if (is_up)
        return face;
    hib_practice_stop(face);
    return NULL;
}

void
hib_practice_stop(HibPracticeFace *face)
{
    if (!face)
        return;
    hib_face_tick_stop(face);
    hib_face_late_free(face->late); /* suspended calls must be awake before the daemon may stop */
    if (face->daemon)
        MHD_stop_daemon(face->daemon);
    hib_face_hooks_close(face);
    if (face->network->close && face->state)
        face->network->close(face->state);
    hib_face_free(face);
}
