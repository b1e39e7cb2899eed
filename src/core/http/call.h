/* A call: one API request on its way through parse → model → store → reply.
 *
 * The router has matched the route, found who calls, checked role and scope, and read path, query and body into typed structs before a handler
 * (`hib_on_<operation>`, prototype generated into api.gen.h) runs on a worker thread. A handler returns true after exactly one reply, or false with `error`
 * set: the router then replies problem+json with the status, the sentence in the caller's language and the pointer. */
#pragma once
#include "base/arena.h"
#include "base/time.h"
#include "http/shape.h"
#include "store/store.h"

typedef struct HibCall HibCall;

HibArena *hib_call_arena(HibCall *call);
HibDb *hib_call_db(
    HibCall
        *call); /* scoped to {workspace} of the path, global where the path has none; actor set */
void *hib_call_context(HibCall *call); /* the program's HibApp, given to hib_server_start */
const char *
hib_call_person(HibCall *call); /* id of who calls; NULL when nobody (public operations) */
const char *
hib_call_session(HibCall *call); /* id of the session; NULL for API tokens and public calls */
const char *hib_call_role(HibCall *call); /* in this workspace: "owner" …; NULL outside one */
const char *hib_call_locale(
    HibCall *call); /* "ja" or "en": the person's choice, else Accept-Language, else ja */
const char *hib_call_client(
    HibCall *
        call); /* address of the client, through a trusted proxy's X-Forwarded-For when so configured */
const char *hib_call_header(HibCall *call, const char *name); /* NULL when absent */
GBytes *hib_call_body(
    HibCall *
        call); /* raw body of an operation whose request is not JSON (uploads); owned by the call */
const char *hib_call_method(HibCall *call);
const char *hib_call_query(HibCall *call); /* as it came, without "?"; "" when there is none */
const char *
hib_call_content_type(HibCall *call); /* without parameters, lower case; "" when absent */
bool hib_call_is_secure(
    HibCall *call); /* the person's browser speaks https with us (base URL or trusted proxy) */

/* Replies; each returns true. The typed ones (`hib_reply_<schema>(call, status, &value)`) are generated into api.gen.h. */
bool hib_call_reply(HibCall *call, int status, const HibShape *shape, const void *value);
bool hib_call_reply_empty(HibCall *call, int status); /* 204 */
bool hib_call_reply_bytes(HibCall *call, int status, const char *content_type, GBytes *bytes,
                          const char *cache_control);
/* 302 to a place that is not ours. `is_shared`, for a server's `early` only: one reply (without X-Request-Id) for all who are sent there. */
bool hib_call_reply_away(HibCall *call, const char *location, bool is_shared);
bool hib_call_reply_see(HibCall *call, const char *path); /* 303 to a page of ours */
/* `size` bytes of a file, sent from the descriptor (taken over) without ever being in memory as a whole. A GET that asks for one range of bytes gets that (206), by `etag` (quoted)
 * for If-Range; If-None-Match gets 304. */
bool hib_call_reply_file(HibCall *call, const char *content_type, int fd, int64_t size,
                         const char *etag, const char *cache_control);
void hib_call_set_header(HibCall *call, const char *name, const char *value); /* before the reply */
/* Set-Cookie with HttpOnly; SameSite=Lax; Path=/; Secure when the call is. max_age_s 0 deletes. */
void hib_call_set_cookie(HibCall *call, const char *name, const char *value, int max_age_s);
const char *hib_call_cookie(HibCall *call, const char *name);

/* Inputs; called by the generated trampolines before the handler. A path part of another kind or length is NOT_FOUND http.not_found. */
bool hib_call_read_path(HibCall *call, const char *name, HibFieldKind kind, size_t min, size_t max,
                        const char **ret, GError **error);
bool hib_call_read_query(HibCall *call, const HibShape *shape, void *out, GError **error);
bool hib_call_read_body(HibCall *call, const HibShape *shape, void *out,
                        GError **error); /* INVALID, json.malformed and input.… */

/* The JSON that a GET of `uri` ("/api/v1/workspaces/…/today") gives to whoever makes this call, in its arena; NULL when it is refused. On a worker. For the page's
 * boot data. */
const char *hib_call_read(HibCall *call, const char *uri);
