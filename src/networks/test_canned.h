/* For tests of connectors' readings: a server whose answers are a table; the first row whose path begins like the call's answers it. */
#pragma once
#include "networks/test_wire.h"

typedef struct {
    const char *path; /* "GET /v25.0/m1?" */
    int status;       /* 0: 200 */
    const char *body;
} TestCannedRow;

typedef struct {
    const TestCannedRow
        *rows; /* ended by a NULL path; a call without a row is answered 400, code 100 */
    TestWire *wire;
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    GString *journal; /* "GET /v25.0/m1?fields=id\n" with the bodies of forms behind them */
    HibNetContext net;
    HibGrant grant; /* account "178", "hibiki", token "token" */
} TestCanned;

TestCanned *test_canned_new(const TestCannedRow *rows);
void test_canned_free(TestCanned *canned);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestCanned, test_canned_free)
/* A metric of a reading; -1: it is not there. */
int64_t test_metric(const HibNetReading *reading, const char *metric);
