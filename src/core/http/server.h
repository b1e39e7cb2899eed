/* The server: libmicrohttpd on one epoll thread of ours (loop.c); handlers run on worker threads behind suspend/resume.
 *
 * It serves three things: the API (routes generated from api/openapi.yaml), the web page's files from the binary (br or gzip, ETag, immutable caching
 * for hashed names; any unknown path without a dot gets index.html), and server-sent events. Ambiguous framing is refused with 400 and the connection
 * closed. Replies of GET operations marked x-cache are kept per (person, role, locale, URL) until hib_store_version of the workspace moves, and answered on
 * the epoll thread. */
#pragma once
#include "http/call.h"

typedef bool (*HibHandler)(HibCall *call,
                           GError **error); /* generated trampoline: reads inputs, calls hib_on_… */

typedef struct {
    const char *method, *path; /* path with {name} parts; {workspace} scopes the db */
    const char *operation;     /* operationId */
    unsigned
        roles; /* bit set of HIB_ROLE_…; HIB_ROLE_PUBLIC: no sign-in; HIB_ROLE_ANY: any signed-in person, workspace or not */
    const char *
        scope; /* what an API token needs: "read", "write", "publish", "admin"; "" : tokens may not */
    bool is_cached, is_upload; /* is_upload: body up to HIB_LIMIT_UPLOAD_BYTES, not JSON */
    bool is_stream;            /* the event stream: the server itself answers, run is NULL */
    bool
        is_raw; /* who calls is no page of ours (networks' webhooks, a browser coming back): any type of body, up to
                    HIB_LIMIT_RAW_BYTES, and any query; the handler reads both */
    bool is_foreign; /* pages of other sites call it; its handler reads no cookie */
    int upload_mb;   /* of an upload, where more than HIB_LIMIT_UPLOAD_BYTES may come; 0: that */
    HibHandler run;
} HibRoute;
enum {
    HIB_ROLE_OWNER = 1 << 0,
    HIB_ROLE_MANAGER = 1 << 1,
    HIB_ROLE_EDITOR = 1 << 2,
    HIB_ROLE_APPROVER = 1 << 3,
    HIB_ROLE_ANALYST = 1 << 4,
    HIB_ROLE_CLIENT = 1 << 5,
    HIB_ROLE_ANY = 1 << 6,
    HIB_ROLE_PUBLIC = 1 << 7,
};
unsigned hib_role_bit(const char *role); /* "owner" → HIB_ROLE_OWNER; 0 when unknown */

/* Who calls. Filled by the program's authoriser (team/), which sees cookies and headers through `call`. */
typedef struct {
    const char *person, *session, *token; /* ids in the call's arena; NULL where not so */
    const char *role;   /* in `workspace`, NULL outside one or when not a member */
    const char *locale; /* the person's choice or NULL */
    unsigned scopes;    /* for a token: HIB_SCOPE_… bits */
    const char
        *csrf; /* what X-CSRF-Token must say on a mutating cookie call; NULL: tokens need none */
} HibCaller;
enum { HIB_SCOPE_READ = 1, HIB_SCOPE_WRITE = 2, HIB_SCOPE_PUBLISH = 4, HIB_SCOPE_ADMIN = 8 };
/* True with ret->person NULL: nobody. False: error (expired session is "nobody", a bad token is UNAUTHENTICATED auth.bad_token). May be called on the epoll
 * thread for cached routes: `may_block` false forbids store access, ret->person NULL then means "not known without asking". */
typedef bool (*HibAuthorise)(HibCall *call, const char *workspace, bool may_block, HibCaller *ret,
                             GError **error);

typedef struct {
    const char *path, *content_type, *etag; /* "/assets/index-abc.js" */
    const void *plain, *gzip, *br;          /* br/gzip NULL where not smaller */
    size_t n_plain, n_gzip, n_br;
    bool is_immutable;
} HibAsset;

typedef struct {
    const char *address; /* "127.0.0.1" */
    int port;            /* 0: any free one */
    int threads;         /* workers; 0: 4 */
    int request_ms;      /* from a request's first byte to its last; 0: HIB_LIMIT_REQUEST_MS */
    int heartbeat_ms;    /* between comments on silent event streams; 0: 20000 */
    const char
        *base_url; /* what people type, "https://hibiki.example"; NULL: http://address:port */
    bool is_behind_proxy;   /* trust X-Forwarded-For/-Proto of loopback peers */
    const HibRoute *routes; /* ended by {0} */
    const HibAsset *assets; /* ended by {0} */
    HibStore *store;
    HibAuthorise authorise;
    void *context;
    const char *
        short_url; /* a second name of ours, "https://hbk.example": /CODE there is /l/CODE, and nothing else is served; NULL: none */
    /* Asked on the epoll thread for an x-raw GET, before a worker is: true when it replied, false to leave the call to its handler. May not block. */
    bool (*early)(HibCall *call, void *context);
    /* Text of GET /metrics, or NULL for 404; called on a worker. Loopback peers only. */
    char *(*metrics)(void *context, HibArena *arena);
    /* JSON text placed in the page as <script type="application/json" id="boot"> for a GET of `path`: {"session":…,"screen":…}; or NULL. On a worker. */
    char *(*boot)(HibCall *call, const char *path, void *context);
} HibServerOptions;

typedef struct HibServer HibServer;
HibServer *hib_server_start(const HibServerOptions *options, GError **error);
void hib_server_stop(HibServer *server); /* lets running calls end (5 s at most) */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibServer, hib_server_stop)
int hib_server_port(const HibServer *server);

/* Server-sent events: GET /api/v1/workspaces/{workspace}/events by anyone who may read it. hib_server_start registers itself with hib_events_listen; each event of
 * the workspace goes out as `id:`, `event:` kind, `data:` {"subject":…,"at":…,"data":…}. Missed numbers are replayed from a ring of 1,024; older ones give
 * event "reset" (reload). */
int hib_server_n_streams(const HibServer *server);
