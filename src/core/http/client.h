/* The HTTP client: libcurl, one blocking call on the caller's thread, connections kept alive in a pool.
 *
 * Every call has time limits and a cap on the answer. Where the URL came from a person (`is_foreign`), connecting to private, loopback, link-local or
 * multicast addresses is refused after name resolution, on redirects too (SSRF). */
#pragma once
#include "base/arena.h"
#include "base/time.h"
#include <glib.h>
#include <stdbool.h>

typedef struct HibHttp HibHttp; /* thread-safe */
HibHttp *hib_http_new(void);
void hib_http_free(HibHttp *http);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibHttp, hib_http_free)

/* A piece of a body: bytes in memory, or read as they are sent (a video is never whole in memory). */
typedef struct {
    const void *data; /* NULL: read */
    int64_t n;
    /* Copies up to `n` bytes from `offset` of this part; how many, -1 on a failure (the call is given up). */
    int64_t (*read)(void *source, int64_t offset, void *into, size_t n);
    void *source;
} HibHttpPart;

typedef struct {
    const char *method, *url;
    const char *const *headers; /* "Name: value", ended by NULL; NULL: none */
    const char *content_type;   /* with body */
    const void *body;
    size_t n_body;
    const HibHttpPart *parts; /* the body in parts, instead of `body` */
    size_t n_parts;
    int connect_ms, total_ms; /* 0: 5000, 30000 */
    size_t reply_cap;         /* 0: HIB_LIMIT_REPLY_BYTES */
    int into; /* > 0: the body of a 2xx answer is written to this descriptor, never whole in memory; what is larger than reply_cap is no error then */
    int redirects; /* followed at most, GET only; 0: none */
    bool is_foreign;
    bool
        is_repeatable; /* sending it twice is harmless (GET is): only then a kept connection may carry it, because libcurl repeats a request by
                                   itself when a kept connection turns out to be dead */
} HibHttpRequest;

typedef struct {
    int status;
    const char *body; /* NUL-terminated, in the arena */
    size_t n_body;
    const char *content_type;
    bool is_over;        /* with `into`: larger than reply_cap; what was written is worth nothing */
    GHashTable *headers; /* lower-case name → last value; freed with the arena */
} HibHttpReply;
const char *hib_http_header(const HibHttpReply *reply,
                            const char *name_lower); /* NULL when absent */

/* True: an answer of any status came. False: none. The error tells whether the server can have acted:
 * UPSTREAM http.not_sent   no byte of the request left (name, connection, TLS): repeating is harmless;
 * UNCERTAIN http.no_answer the request was or may have been sent and no whole answer came (cut, timed out, answer over the cap);
 * FORBIDDEN http.private   the address is private and the URL foreign; INVALID http.bad_url;
 * INTERNAL store.disk_full `into` took no more. */
bool hib_http_do(HibHttp *http, HibArena *arena, const HibHttpRequest *request, HibHttpReply *reply,
                 GError **error);

/* Percent-encodes for a query or path part. */
char *hib_url_escape(HibArena *arena, const char *text);
