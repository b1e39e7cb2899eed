/* See test_canned.h. */
#include "networks/test_canned.h"

#include <string.h>

#define NOW (INT64_C(1795000000) * HIB_SECOND)

static void
on_call(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    TestCanned *canned = data;
    g_autofree char *said = g_strdup_printf("%s %s", call->method, call->path);
    g_string_append_printf(canned->journal, "%s%s%s\n", said, call->n_body ? " " : "",
                           call->n_body ? call->body : "");
    for (const TestCannedRow *row = canned->rows; row->path; row++)
        if (g_str_has_prefix(said, row->path)) {
            answer->status = row->status ? row->status : 200;
            answer->body = row->body;
            return;
        }
    answer->status = 400;
    answer->body = "{\"error\":{\"code\":100,\"message\":\"Unknown path components\"}}";
}

TestCanned *
test_canned_new(const TestCannedRow *rows)
{
    TestCanned *canned = g_new0(TestCanned, 1);
    canned->rows = rows;
    canned->arena = hib_arena_new();
    canned->http = hib_http_new();
    canned->clock = hib_clock_manual_new(NOW);
    canned->journal = g_string_new(NULL);
    canned->wire = test_wire_new(on_call, canned);
    static const HibNetApp app = {.client_id = "app", .client_secret = "secret"};
    canned->net = (HibNetContext){.http = canned->http,
                                  .arena = canned->arena,
                                  .clock = canned->clock,
                                  .app = &app,
                                  .may_be_private = true,
                                  .may_lead_private = true};
    canned->grant = (HibGrant){.service = test_wire_url(canned->wire),
                               .remote_id = "178",
                               .handle = "hibiki",
                               .access = "token",
                               .refresh = "",
                               .extra = ""};
    return canned;
}

void
test_canned_free(TestCanned *canned)
{
    if (!canned)
        return;
    test_wire_free(canned->wire);
    hib_http_free(canned->http);
    hib_arena_free(canned->arena);
    hib_clock_free(canned->clock);
    g_string_free(canned->journal, true);
    g_free(canned);
}

int64_t
test_metric(const HibNetReading *reading, const char *metric)
{
    for (size_t i = 0; i < reading->n_metrics; i++)
        if (g_str_equal(reading->metrics[i].metric, metric))
            return reading->metrics[i].value;
    return -1;
}
