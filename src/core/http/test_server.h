/* For tests: a server with a few routes of its own over a fresh store.
 *
 * Who calls is said by the cookie "who" (owner, client.7 …: the role is what stands before the dot), or by "Authorization: Bearer reader" (a token that may
 * read). The session "owner" has the CSRF token "right". */
#pragma once
#include "http/server.h"
#include "http/test_client.h"
#include "store/test_store.h"

#define TEST_WORKSPACE "01890f0a-0000-7000-8000-000000000001"
#define TEST_THINGS "/api/v1/workspaces/" TEST_WORKSPACE "/things"
#define TEST_EVENTS "/api/v1/workspaces/" TEST_WORKSPACE "/events"

typedef struct {
    HibTestStore *store;
    HibServer *server;
    int port;
    gint n_runs; /* of the cached handler; atomic */
} HibTestServer;
typedef struct {
    const char *base_url; /* NULL: "https://hibiki.example/" */
    bool is_behind_proxy;
    int request_ms, heartbeat_ms;
} HibTestServerOptions;
HibTestServer *hib_test_server_with(HibTestStore *store, const HibTestServerOptions *options);
HibTestServer *hib_test_server_new(HibTestStore *store, int request_ms, int heartbeat_ms);
void hib_test_server_free(HibTestServer *test);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibTestServer, hib_test_server_free)
