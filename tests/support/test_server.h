/* For tests of handlers: a real server on a free port of loopback with the routes a test names; everyone who calls is the workspace's owner. */
#pragma once
#include "base/json.h"
#include "http/server.h"
#include "test_workspace.h"

HibServer *hib_test_server(HibTestWorkspace *ws, const HibRoute *routes);

typedef struct {
    const char *method, *path; /* path after /api/v1/workspaces/ID */
    const char *content_type;  /* NULL with `body`: application/json */
    const void *body;
    size_t n_body; /* 0 with a body: text */
    const char *header;
} HibTestRequest;
/* The reply, in the test's arena; a network failure fails the test. */
HibHttpReply hib_test_request(HibTestWorkspace *ws, HibServer *server,
                              const HibTestRequest *request);
/* The reply's JSON. */
HibJson hib_test_json(HibTestWorkspace *ws, const HibHttpReply *reply);
/* Fails the test unless the reply is a problem of this status, reason and pointer (NULL: not looked at). */
void hib_test_problem(HibTestWorkspace *ws, const HibHttpReply *reply, int status,
                      const char *reason, const char *pointer);
