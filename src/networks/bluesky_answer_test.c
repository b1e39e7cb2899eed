/* The table of answers: every call × what came back × its code has the class written here, which was taken from the protocol's
 * documents and from PDS 0.4.217, not from the code. */
#include "networks/bluesky_private.h"

#include <string.h>

#define ALL (-1)
#define OK HIB_NET_OK
#define SAME HIB_NET_RETRY_SAME
#define LATER HIB_NET_RETRY_AFTER
#define LOOK HIB_NET_RECONCILE
#define REFRESH HIB_NET_REFRESH_AUTH
#define HUMAN HIB_NET_REAUTH_HUMAN
#define FIX HIB_NET_FIX_CONTENT
#define NEW HIB_NET_NEW_HANDLE
#define BLOCKED HIB_NET_BLOCKED
#define NO HIB_NET_FATAL
#define QUOTA HIB_NET_QUOTA

/* Columns in the order of HibNetCallKind: sign in, refresh, read, upload, publish, remove. */
static const struct {
    int status;
    const char *code;
    HibNetClass class[HIB_CALL_N];
} answers[] = {
    {200, "", {OK, OK, OK, OK, OK, OK}},
    {201, "", {OK, OK, OK, OK, OK, OK}},
    {301, "", {NO, NO, NO, NO, NO, NO}},
    {400, "ExpiredToken", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH, REFRESH}},
    {400, "InvalidToken", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH, REFRESH}},
    {401, "ExpiredToken", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH, REFRESH}},
    {401, "AuthenticationRequired", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH, REFRESH}},
    {401, "AuthMissing", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH, REFRESH}},
    {401, "", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH, REFRESH}},
    {401, "AuthFactorTokenRequired", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH, REFRESH}},
    {400, "AccountDeactivated", {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {401, "AccountTakedown", {BLOCKED, BLOCKED, BLOCKED, BLOCKED, BLOCKED, BLOCKED}},
    {400, "InvalidRequest", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {400, "InvalidSwap", {HUMAN, HUMAN, NO, NO, LOOK, NO}},
    {400, "BlobNotFound", {HUMAN, HUMAN, NO, NO, NEW, NO}},
    {400, "RepoNotFound", {HUMAN, HUMAN, NO, NO, HUMAN, NO}},
    {400, "RecordNotFound", {HUMAN, HUMAN, NO, NO, NO, NO}},
    {400, "SomethingNew", {HUMAN, HUMAN, NO, NO, NO, NO}},
    {403, "", {NO, NO, NO, BLOCKED, BLOCKED, NO}},
    {404, "", {NO, NO, NO, NO, NO, NO}},
    {408, "", {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {413, "PayloadTooLarge", {NO, NO, NO, FIX, FIX, NO}},
    {415, "", {NO, NO, NO, FIX, FIX, NO}},
    {400, "UnsupportedContentType", {HUMAN, HUMAN, NO, FIX, NO, NO}},
    {400, "VideoTooLarge", {HUMAN, HUMAN, NO, FIX, NO, NO}},
    {400, "VideoTooLong", {HUMAN, HUMAN, NO, FIX, NO, NO}},
    {400, "BadAspectRatio", {HUMAN, HUMAN, NO, FIX, NO, NO}},
    {400, "DailyLimitExceeded", {HUMAN, HUMAN, NO, QUOTA, NO, NO}},
    {403, "UploadForbidden", {NO, NO, NO, BLOCKED, BLOCKED, NO}},
    {400, "ServiceOverloaded", {HUMAN, HUMAN, NO, SAME, NO, NO}},
    {429, "RateLimitExceeded", {LATER, LATER, LATER, LATER, LATER, LATER}},
    {429, "", {LATER, LATER, LATER, LATER, LATER, LATER}},
    {400, "RateLimitExceeded", {LATER, LATER, LATER, LATER, LATER, LATER}},
    {500, "InternalServerError", {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {501, "MethodNotImplemented", {NO, NO, NO, NO, NO, NO}},
    {502, "UpstreamFailure", {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {503, "", {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {504, "", {SAME, SAME, SAME, SAME, LOOK, SAME}},
};

static void
every_answer_means_what_the_table_says(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++)
        for (int call = 0; call < HIB_CALL_N; call++) {
            HibNetClass got =
                hib_bluesky_class((HibNetCallKind)call, answers[i].status, answers[i].code);
            if (got != answers[i].class[call])
                g_test_message("call %d, %d %s", call, answers[i].status, answers[i].code);
            g_assert_cmpstr(hib_net_class_name(got), ==,
                            hib_net_class_name(answers[i].class[call]));
        }
}

static void
no_status_without_a_row_is_taken_for_success(void)
{
    for (int status = 0; status < 1000; status++)
        for (int call = 0; call < HIB_CALL_N; call++) {
            bool is_ok = hib_bluesky_class((HibNetCallKind)call, status, "") == HIB_NET_OK;
            g_assert_cmpint(is_ok, ==, status >= 200 && status < 300);
        }
}

/* An answer as hib_http_do gives it. */
static HibNetResult
answer(HibArena *arena, int status, const char *body, const char *const *headers, HibInstant now)
{
    g_autoptr(GHashTable) table = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; headers && headers[i]; i += 2)
        g_hash_table_insert(table, (void *)headers[i], (void *)headers[i + 1]);
    const HibHttpReply reply = {.status = status,
                                .body = body,
                                .n_body = strlen(body),
                                .content_type = "application/json",
                                .headers = table};
    HibJson json;
    return hib_net_answer(arena, HIB_CALL_EFFECT, &reply, now, hib_bluesky_read, &json);
}

static void
a_rate_limit_says_when_to_come_back(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibInstant now = INT64_C(1795000000) * HIB_SECOND;
    const char *const window[] = {
        "ratelimit-remaining", "0", "ratelimit-reset", "1795000120", "ratelimit-policy",
        "3000;w=300",          NULL};
    const char *const day[] = {
        "ratelimit-remaining", "0", "ratelimit-reset", "1795040000", "ratelimit-policy",
        "35000;w=86400",       NULL};
    const char *const proxy[] = {"retry-after", "7", NULL};
    const char *body = "{\"error\":\"RateLimitExceeded\",\"message\":\"Rate Limit Exceeded\"}";
    HibNetResult said = answer(arena, 429, body, window, now);
    g_assert_cmpint(said.class, ==, HIB_NET_RETRY_AFTER);
    g_assert_cmpint(said.retry_at, ==, now + 120 * HIB_SECOND);
    g_assert_cmpint(said.remaining, ==, 0);
    g_assert_cmpint(said.reset_at, ==, now + 120 * HIB_SECOND);
    g_assert_cmpstr(said.code, ==, "RateLimitExceeded");
    said = answer(arena, 429, body, day, now);
    g_assert_cmpint(said.class, ==, HIB_NET_QUOTA);
    g_assert_cmpint(said.retry_at, ==, INT64_C(1795040000) * HIB_SECOND);
    said = answer(arena, 429, "slow down", proxy, now);
    g_assert_cmpint(said.retry_at, ==, now + 7 * HIB_SECOND);
    said = answer(arena, 429, "", NULL, now);
    g_assert_cmpint(said.retry_at, ==, now + HIB_MINUTE);
    g_assert_cmpint(said.remaining, ==, -1);
}

static void
an_answer_that_is_no_json_still_has_a_class(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *const bodies[] = {"",    "<html>Bad gateway</html>", "[]", "{\"error\":5}", "{",
                                  "null"};
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        HibNetResult said = answer(arena, 502, bodies[i], NULL, 0);
        g_assert_cmpint(said.class, ==, HIB_NET_RECONCILE);
        g_assert_cmpstr(said.code, ==, "");
    }
}

/* Whoever owns the account writes its document: it may not lead a server of ours into the private network. */
static void
a_document_leads_only_to_public_https_servers(void)
{
    static const struct {
        const char *endpoint, *used;
    } cases[] = {
        {"https://morel.example", "https://morel.example"},
        {"https://morel.example/", "https://morel.example"},
        {"http://169.254.169.254", "http://127.0.0.1:2583"},
        {"http://127.0.0.1:5432", "http://127.0.0.1:2583"},
        {"file:///etc/passwd", "http://127.0.0.1:2583"},
        {"https://user:word@morel.example", "http://127.0.0.1:2583"},
        {"https://morel.example/xrpc?x=", "http://127.0.0.1:2583"},
    };
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetContext net = {.arena = arena, .may_be_private = true};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *text =
            hib_arena_printf(arena,
                             "{\"didDoc\":{\"service\":[{\"id\":\"#atproto_pds\",\"type\":"
                             "\"AtprotoPersonalDataServer\",\"serviceEndpoint\":\"%s\"}]}}",
                             cases[i].endpoint);
        HibJson session = {0};
        g_assert_true(hib_json_parse(arena, text, strlen(text), &session, NULL));
        g_test_message("%s", cases[i].endpoint);
        net.may_lead_private = false;
        g_assert_cmpstr(hib_bluesky_pds(&net, session, "http://127.0.0.1:2583"), ==, cases[i].used);
    }
    HibJson session = {0};
    static const char local[] =
        "{\"didDoc\":{\"service\":[{\"id\":\"#atproto_pds\",\"type\":"
        "\"AtprotoPersonalDataServer\",\"serviceEndpoint\":\"http://127.0.0.1:9\"}]}}";
    g_assert_true(hib_json_parse(arena, local, strlen(local), &session, NULL));
    net.may_lead_private = true; /* where the operator allows private services */
    g_assert_cmpstr(hib_bluesky_pds(&net, session, "http://127.0.0.1:2583"), ==,
                    "http://127.0.0.1:9");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/networks/answer/every_answer_means_what_the_table_says",
                    every_answer_means_what_the_table_says);
    g_test_add_func("/networks/answer/no_status_without_a_row_is_taken_for_success",
                    no_status_without_a_row_is_taken_for_success);
    g_test_add_func("/networks/answer/a_rate_limit_says_when_to_come_back",
                    a_rate_limit_says_when_to_come_back);
    g_test_add_func("/networks/answer/an_answer_that_is_no_json_still_has_a_class",
                    an_answer_that_is_no_json_still_has_a_class);
    g_test_add_func("/networks/answer/a_document_leads_only_to_public_https_servers",
                    a_document_leads_only_to_public_https_servers);
    return g_test_run();
}
