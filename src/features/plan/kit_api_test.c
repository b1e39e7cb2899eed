/* The composer's counter over HTTP: each network's own units, of the text as it will be sent. */
#include "base/error.h"
#include "plan/plan.h"
#include "test_server.h"
#include <string.h>

static bool
run_count(HibCall *call, GError **error)
{
    HibApiCountText in = {0};
    return hib_call_read_body(call, &hib_api_count_text_shape, &in, error) &&
           hib_on_count_text(call, &in, error);
}

static const HibRoute routes[] = {
    {"POST", "/api/v1/workspaces/{workspace}/count", "countText", HIB_ROLE_OWNER, "read",
     .run = run_count},
    {0},
};

static HibHttpReply
count(HibTestWorkspace *ws, HibServer *server, const char *body)
{
    return hib_test_request(ws, server,
                            &(HibTestRequest){.method = "POST", .path = "/count", .body = body});
}

static void
a_text_counts_as_it_will_be_sent(HibTestStore *test)
{
    GError *error = NULL;
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibServer) server = hib_test_server(&ws, routes);
    g_autoptr(HibDb) db = hib_test_workspace_db(&ws, NULL);
    const HibHandle handles[] = {{"bluesky", "abcdefghij.example"}};
    HibMention mention;
    hib_assert_ok(hib_plan_put_mention(db, NULL, 0, "a", handles, 1, &mention, &error), error);
    static const struct {
        const char *body;
        int64_t used, bytes;
    } cases[] = {
        /* a family and one letter: two to a reader */
        {"{\"text\":\"👨‍👩‍👧が\",\"networks\":[\"bluesky\"]}", 2, 21},
        {"{\"text\":\"@{a}\",\"networks\":[\"bluesky\"]}", 19, 19},
        {"{\"text\":\"@{a}\",\"networks\":[\"line\"]}", 1, 1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibHttpReply reply = count(&ws, server, cases[i].body);
        HibJson rows;
        int64_t used = 0, bytes = 0;
        hib_assert_ok(hib_json_array(hib_test_json(&ws, &reply), "counts", &rows, &error), error);
        HibJson one = hib_json_first(rows);
        hib_assert_ok(hib_json_int(one, "used", &used, &error), error);
        hib_assert_ok(hib_json_int(one, "bytes", &bytes, &error), error);
        g_assert_cmpint(used, ==, cases[i].used);
        g_assert_cmpint(bytes, ==, cases[i].bytes);
    }
    HibHttpReply reply =
        count(&ws, server, "{\"text\":\"x\",\"networks\":[\"bluesky\",\"myspace\"]}");
    hib_test_problem(&ws, &reply, 422, "accounts.network_unknown", "/networks/1");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    hib_test_add("/plan/kit_api/a_text_counts_as_it_will_be_sent",
                 a_text_counts_as_it_will_be_sent);
    return g_test_run();
}
