/* For tests of connectors: a server on the loopback whose every answer is made by the test, and a driver that takes a post through its
 * steps as the dispatcher does. */
#pragma once
#include "networks/network.h"

typedef struct {
    const char *method, *path; /* path with its query */
    const char *body;          /* NUL-terminated after n_body */
    size_t n_body;
    GHashTable *headers; /* lower-case name → value */
} TestWireCall;
typedef struct {
    int status;
    const char *headers; /* "Name: value\r\n…"; NULL: none */
    const char *body;    /* NULL: empty */
    const char *type;    /* NULL: JSON */
    bool is_cut;         /* no answer at all */
    GString *room; /* for a body that is made: emptied before every call, lives until the next */
} TestWireAnswer;
/* On the server's thread, one call at a time. */
typedef void (*TestWireOn)(void *data, const TestWireCall *call, TestWireAnswer *answer);

typedef struct TestWire TestWire;
TestWire *test_wire_new(TestWireOn on, void *data);
void test_wire_free(TestWire *wire);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TestWire, test_wire_free)
const char *test_wire_url(const TestWire *wire); /* "http://127.0.0.1:4711" */

/* What became of a post. */
typedef enum { TEST_PUBLISHED, TEST_FAILED, TEST_UNKNOWN } TestOutcome;
typedef struct {
    const HibNetwork *network;
    HibNetContext net; /* its clock a manual one */
    HibGrant grant;
    HibNetPost post;
    HibNetSending sending;
    HibNetResult last; /* what ended it */
    int n_calls;       /* steps and finds */
    bool is_unknown;   /* the effect's outcome is open: find comes next */
} TestDrive;
/* Steps, waits (the clock moves), refreshes and finds as the dispatcher does, storing only what it stores; at most `most` calls. A step
 * that was cut short counts as never returned: its progress is lost. */
TestOutcome test_drive(TestDrive *drive, int most);
