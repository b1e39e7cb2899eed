/* What the rooms of the server share. Life of a request:
 *
 * request.c (epoll thread: head checked, body gathered) → run.c (worker: who calls, may they, handler) → call.c, problem.c
 * (the reply) → request.c (epoll thread: sent). Cached replies, files and refusals are answered on the epoll thread at once.
 * pthread's locks, not GLib's: the thread sanitizer understands them. */
#pragma once
#include "http/server.h"
#include "store/events.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#define HIB_MAX_PARAMS 8

/* --- routes (router.c) ---------------------------------------------------------------------------------- */
typedef struct HibCompiled {
    const HibRoute *route;
    char *names[HIB_MAX_PARAMS]; /* of the {parts}, in order */
    size_t n_names;
    struct HibCompiled *next; /* the same path, another method */
} HibCompiled;
typedef struct {
    const HibCompiled *found; /* NULL: see allow */
    const char *allow;        /* the path is there, the method is not; NULL: no such path */
    const char *values[HIB_MAX_PARAMS]; /* raw parts, not ended */
    size_t n_value[HIB_MAX_PARAMS];
} HibMatch;
typedef struct HibRouter HibRouter;
HibRouter *hib_router_new(const HibRoute *routes);
void hib_router_free(HibRouter *router);
void hib_router_match(const HibRouter *router, const char *method, const char *path, HibMatch *ret);

/* --- connections (watch.c) ------------------------------------------------------------------------------ */
enum { HIB_CONN_READING, HIB_CONN_ANSWERING, HIB_CONN_CUT };
typedef struct HibConn {
    struct HibConn *previous, *next;
    int fd;
    atomic_int phase;
    _Atomic int64_t request_since; /* µs; 0: no byte of the next request seen yet */
    atomic_uint n_done;            /* requests answered */
    uint64_t bytes_seen;           /* the watch's own, as is what follows */
    unsigned done_seen;
} HibConn;
typedef struct HibWatch HibWatch;
typedef void (*HibTick)(void *data, int64_t now);
HibWatch *hib_watch_new(int64_t request_us, HibTick tick, void *data);
void hib_watch_free(HibWatch *watch); /* its thread has ended then */
HibConn *hib_watch_add(HibWatch *watch, int fd);
void hib_watch_remove(HibWatch *watch, HibConn *conn);
/* Answers on the bare socket and shuts it; used where libmicrohttpd takes no reply. False: somebody else answers already. */
bool hib_conn_cut(HibConn *conn, const char *status_line, const char *reason);

/* --- calls ---------------------------------------------------------------------------------------------- */
typedef enum { HIB_CALL_API, HIB_CALL_PAGE, HIB_CALL_METRICS, HIB_CALL_STREAM } HibCallKind;
/* A reply that many calls send: the epoll thread's own, kept as long as one of them needs it. */
typedef struct {
    struct MHD_Response *response;
    char *location;
    size_t n_uses;
} HibKept;
#define HIB_KEPT 256

typedef struct HibHeader {
    struct HibHeader *next;
    const char *name, *value;
} HibHeader;

struct HibCall {
    HibServer *server;
    struct MHD_Connection *connection;
    HibConn *conn;
    HibCall *next; /* in the workers' queue */
    HibCallKind kind;
    char *uri;  /* as asked, own copy */
    char *path; /* own copy without the query */
    const char *query, *method;
    size_t n_uri;
    HibMatch match;
    const char *workspace;
    bool is_begun, is_submitted, is_chunked, is_closing, is_kept;
    size_t body_cap, n_counted; /* n_counted: of the body, in the server's n_gathered */
    GByteArray *body;
    GBytes *body_bytes;
    HibArena *arena;
    HibDb *db;
    HibCaller caller;
    uint64_t version; /* of the workspace, read before the handler ran */
    HibHeader *headers;
    struct MHD_Response *response;
    HibKept *kept; /* whose response it is; NULL: the call's own */
    unsigned status;
    char id[40];
    GString *captured; /* asked from within (inside.c): the reply's JSON goes here */
};
/* The values of {parts}; false: not text or not there. */
const char *hib_call_part(HibCall *call, const char *name);
bool hib_call_is_local(HibCall *call); /* a loopback peer, through no proxy */
void hib_call_free(HibCall *call);
void hib_kept_unref(HibKept *kept); /* NULL is fine */
bool hib_call_is_mutating(const HibCall *call);
/* Makes the response of `status` with the headers every reply has. `text` is taken. */
void hib_call_respond(HibCall *call, int status, const char *content_type,
                      const char *cache_control, char *text, size_t n);
void hib_call_fail(HibCall *call, const GError *error); /* problem+json; logs our own faults */
struct MHD_Response *hib_response_taking(char *text, size_t n); /* text freed with it */
void hib_response_secure(const HibServer *server,
                         struct MHD_Response *response); /* the security headers */

/* One range of "Range: bytes=…" within a body of `size`; false: none, several, or beyond it. */
bool hib_range_parse(const char *range, int64_t size, int64_t *ret_from, int64_t *ret_n);

/* run.c */
bool hib_call_authorised(HibCall *call,
                         GError **error); /* role and scope of call->caller for the route */
void hib_call_run(HibCall *call);         /* on a worker; leaves call->response set */
bool hib_call_run_inside(
    HibCall *call,
    GError **error); /* who calls, may they, the handler; call->captured has the reply */

/* A browser keeps the answer but asks each time whether it still holds (If-None-Match); with no-store it could never be told "unchanged". */
#define HIB_CACHE_ASK "private, no-cache"

/* --- reply cache (reply_cache.c) ------------------------------------------------------------------------ */
typedef struct HibReplyCache HibReplyCache;
HibReplyCache *hib_reply_cache_new(void);
void hib_reply_cache_free(HibReplyCache *cache);
/* Queues the kept reply on the epoll thread; false: nothing kept that still holds. */
bool hib_reply_cache_answer(HibReplyCache *cache, HibCall *call);
void hib_reply_cache_keep(HibReplyCache *cache, HibCall *call, const char *etag, const char *text,
                          size_t n); /* copied */
bool hib_etag_matches(const char *if_none_match, const char *etag);

/* --- the web page (pages.c) ----------------------------------------------------------------------------- */
typedef struct HibPages HibPages;
HibPages *hib_pages_new(const HibServer *server, const HibAsset *assets);
void hib_pages_free(HibPages *pages);
/* Answers a file on the epoll thread. False: not a file; *ret_is_page then says whether the page answers for the path. */
bool hib_pages_answer(HibPages *pages, HibCall *call, bool *ret_is_page);
void hib_pages_run(HibPages *pages, HibCall *call); /* index.html with boot data, on a worker */

/* --- the epoll thread (loop.c) --------------------------------------------------------------------------- */
typedef struct {
    struct MHD_Daemon *daemon;
    int fd, wake;
    atomic_bool is_stopping;
    pthread_t thread;
} HibLoop;
bool hib_loop_start(HibLoop *loop, struct MHD_Daemon *daemon);
void hib_loop_stop(HibLoop *loop);
/* Any thread: the connection is the epoll thread's again. */
void hib_loop_resume(HibLoop *loop, struct MHD_Connection *connection);

/* --- event streams (streams.c) -------------------------------------------------------------------------- */
typedef struct HibStreams HibStreams;
HibStreams *hib_streams_new(HibLoop *loop, int64_t heartbeat_us);
void hib_streams_free(HibStreams *streams);
void hib_streams_event(const HibEvent *event, void *streams); /* the store's listener */
void hib_streams_tick(HibStreams *streams, int64_t now);
void hib_streams_stop(HibStreams *streams); /* ends all */
void hib_streams_run(HibStreams *streams, HibCall *call);
int hib_streams_count(HibStreams *streams);

/* --- the server ----------------------------------------------------------------------------------------- */
typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t wake, idle;
    HibCall *first, *last;
    size_t n_waiting, n_running;
    bool is_stopping;
    pthread_t *threads;
    int n_threads;
} HibWorkers;

struct HibServer {
    HibServerOptions options;
    char *base_origin; /* NULL where none was given */
    bool is_secure;
    int port;
    struct MHD_Daemon *daemon;
    HibLoop loop;
    HibRouter *router;
    HibWatch *watch;
    HibReplyCache *cache;
    HibPages *pages;
    HibStreams *streams;
    HibKept *kept[HIB_KEPT]; /* by location */
    HibWorkers workers;
    atomic_size_t n_gathered; /* bytes of bodies in memory */
};

/* host.c: does Host name us? base_origin NULL: none was configured. */
bool hib_host_is_ours(const char *host, const char *base_origin);
bool hib_host_is(const char *host, const char *url); /* url's host; NULL: no */
/* request.c: libmicrohttpd's callbacks; `data` is the server. */
void *hib_request_uri(void *data, const char *uri, struct MHD_Connection *connection);
enum MHD_Result hib_request_access(void *data, struct MHD_Connection *connection, const char *url,
                                   const char *method, const char *version, const char *upload,
                                   size_t *n_upload, void **state);
void hib_request_done(void *data, struct MHD_Connection *connection, void **state,
                      enum MHD_RequestTerminationCode why);
void hib_request_connection(void *data, struct MHD_Connection *connection, void **state,
                            enum MHD_ConnectionNotificationCode what);
/* framing.c: is the head exactly what it seems? NULL: yes; else the reason slug. */
const char *hib_framing_fault(HibCall *call, const char *url, const char *version);
bool hib_workers_submit(HibWorkers *workers, HibCall *call); /* false: too many wait */
