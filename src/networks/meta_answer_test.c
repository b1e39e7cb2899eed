/* The table of answers: every kind of call × every code named in the research (platforms.md §1.2-1.4) and on Meta's page of error codes has
 * the class written here, which was taken from there, not from the code. */
#include "networks/meta.h"

#include <string.h>

#define OK HIB_NET_OK
#define SAME HIB_NET_RETRY_SAME
#define LATER HIB_NET_RETRY_AFTER
#define LOOK HIB_NET_RECONCILE
#define HUMAN HIB_NET_REAUTH_HUMAN
#define FIX HIB_NET_FIX_CONTENT
#define NEW HIB_NET_NEW_HANDLE
#define BLOCKED HIB_NET_BLOCKED
#define QUOTA HIB_NET_QUOTA
#define NO HIB_NET_FATAL
#define NOW (INT64_C(1795000000) * HIB_SECOND)

/* Columns in the order of HibNetCallKind: sign in, refresh, read, prepare, effect, remove. */
static const struct {
    int status;
    int64_t code, subcode;
    HibNetClass class[HIB_CALL_N];
} answers[] = {
    /* the grant */
    {400, 190, 0, {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {401, 190, 458, {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {400, 190, 459, {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {400, 190, 460, {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {400, 190, 463, {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {400, 190, 464, {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {400, 190, 467, {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {400, 190, 492, {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {400, 102, 0, {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {400, 10, 0, {HUMAN, HUMAN, NO, HUMAN, HUMAN, NO}},
    {400, 200, 0, {HUMAN, HUMAN, NO, HUMAN, HUMAN, NO}},
    {400, 299, 0, {HUMAN, HUMAN, NO, HUMAN, HUMAN, NO}},
    /* wait */
    {400, 4, 0, {LATER, LATER, LATER, LATER, LATER, LATER}},
    {403, 17, 0, {LATER, LATER, LATER, LATER, LATER, LATER}},
    {400, 32, 0, {LATER, LATER, LATER, LATER, LATER, LATER}},
    {400, 341, 0, {LATER, LATER, LATER, LATER, LATER, LATER}},
    {400, 613, 0, {LATER, LATER, LATER, LATER, LATER, LATER}},
    {400, 80002, 0, {LATER, LATER, LATER, LATER, LATER, LATER}},
    {400, 80001, 0, {LATER, LATER, LATER, LATER, LATER, LATER}},
    {400, 9, 2207042, {QUOTA, QUOTA, QUOTA, QUOTA, QUOTA, QUOTA}},
    {429, 0, 0, {LATER, LATER, LATER, LATER, LATER, LATER}},
    /* stop */
    {400, 4, 2207051, {BLOCKED, BLOCKED, BLOCKED, BLOCKED, BLOCKED, BLOCKED}},
    {400, 25, 2207050, {BLOCKED, BLOCKED, BLOCKED, BLOCKED, BLOCKED, BLOCKED}},
    {400, 368, 0, {BLOCKED, BLOCKED, BLOCKED, BLOCKED, BLOCKED, BLOCKED}},
    /* again; an effect is looked for first */
    {400, -1, 2207001, {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {500, 1, 0, {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {500, 2, 0, {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {503, 2, 0, {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {500, 0, 0, {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {502, 0, 0, {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {408, 0, 0, {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {400, -2, 2207003, {SAME, SAME, SAME, SAME, NEW, SAME}},
    {400, 506, 0, {HUMAN, NO, NO, FIX, LOOK, NO}},
    {400, 506, 1455006, {HUMAN, NO, NO, FIX, LOOK, NO}},
    /* containers */
    {400, -1, 2207032, {SAME, SAME, SAME, NEW, NEW, SAME}},
    {400, -1, 2207053, {SAME, SAME, SAME, NEW, NEW, SAME}},
    {400, -2, 2207020, {SAME, SAME, SAME, NEW, NEW, SAME}},
    {400, 24, 2207006, {HUMAN, NO, NO, NEW, NEW, NO}},
    {400, 24, 2207008, {HUMAN, NO, NO, NEW, NEW, NO}},
    {400, 9007, 2207027, {HUMAN, NO, NO, LATER, LATER, NO}},
    {400, 24, 4279009, {HUMAN, NO, NO, LATER, LATER, NO}},
    /* the content */
    {400, 36000, 2207004, {HUMAN, NO, NO, FIX, FIX, NO}},
    {400, 36001, 2207005, {HUMAN, NO, NO, FIX, FIX, NO}},
    {400, 36003, 2207009, {HUMAN, NO, NO, FIX, FIX, NO}},
    {400, 36004, 2207010, {HUMAN, NO, NO, FIX, FIX, NO}},
    {400, 352, 2207026, {HUMAN, NO, NO, FIX, FIX, NO}},
    {400, 9004, 2207052, {HUMAN, NO, NO, SAME, FIX, NO}},
    {400, 1, 2207052, {SAME, SAME, SAME, SAME, LOOK, SAME}}, /* Threads */
    {400, 1, 2207057, {SAME, SAME, SAME, FIX, FIX, SAME}},
    {400, 100, 0, {HUMAN, NO, NO, FIX, FIX, NO}},
    {400, 100, 2207028, {HUMAN, NO, NO, FIX, FIX, NO}},
    {400, 100, 2207040, {HUMAN, NO, NO, FIX, FIX, NO}},
    {400, 1609005, 0, {HUMAN, NO, NO, FIX, FIX, NO}},
    {413, 0, 0, {HUMAN, NO, NO, FIX, FIX, NO}},
    {400, 10, 2018278, {HUMAN, HUMAN, NO, HUMAN, FIX, NO}},
    {400, 10, 2534022, {HUMAN, HUMAN, NO, HUMAN, FIX, NO}},
    {400, 551, 1545041, {HUMAN, NO, NO, FIX, FIX, NO}},
    /* gone */
    {400, 100, 33, {HUMAN, NO, NO, NO, NO, OK}},
    {404, 803, 0, {HUMAN, NO, NO, NO, NO, OK}},
    {404, 0, 0, {HUMAN, NO, NO, NO, NO, OK}},
    /* what nobody has seen yet */
    {400, 987654, 0, {HUMAN, NO, NO, NO, NO, NO}},
    {500, 987654, 0, {HUMAN, SAME, SAME, SAME, LOOK, SAME}},
    {403, 0, 0, {HUMAN, NO, NO, NO, NO, NO}},
    {301, 0, 0, {NO, NO, NO, NO, NO, NO}},
    {200, 0, 0, {OK, OK, OK, OK, OK, OK}},
    {201, 0, 0, {OK, OK, OK, OK, OK, OK}},
};

static void
every_answer_means_what_the_table_says(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++)
        for (int kind = 0; kind < HIB_CALL_N; kind++) {
            HibNetClass got = hib_meta_class((HibNetCallKind)kind, answers[i].status,
                                             answers[i].code, answers[i].subcode, false);
            if (got != answers[i].class[kind])
                g_test_message("call %d, %d %" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, kind,
                               answers[i].status, answers[i].code, answers[i].subcode);
            g_assert_cmpstr(hib_net_class_name(got), ==,
                            hib_net_class_name(answers[i].class[kind]));
        }
}

/* "Try again" says nothing about what happened. */
static void
a_transient_refusal_of_an_effect_is_looked_at(void)
{
    for (int kind = 0; kind < HIB_CALL_N; kind++)
        g_assert_cmpint(hib_meta_class((HibNetCallKind)kind, 400, 987654, 0, true), ==,
                        kind == HIB_CALL_EFFECT ? LOOK : SAME);
}

static void
no_status_without_a_code_is_taken_for_success(void)
{
    for (int status = 0; status < 1000; status++)
        for (int kind = 0; kind < HIB_CALL_N; kind++) {
            bool is_ok = hib_meta_class((HibNetCallKind)kind, status, 0, 0, false) == OK;
            bool is_gone = kind == HIB_CALL_REMOVE && status == 404;
            g_assert_cmpint(is_ok, ==, (status >= 200 && status < 300) || is_gone);
            g_assert_true(hib_meta_class((HibNetCallKind)kind, status, 987654, 0, false) != OK ||
                          is_gone);
        }
}

/* An answer as hib_http_do gives it. */
static HibNetResult
answer(HibArena *arena, HibNetCallKind kind, int status, const char *body,
       const char *const *headers)
{
    g_autoptr(GHashTable) table = g_hash_table_new(g_str_hash, g_str_equal);
    HibJson json;
    for (size_t i = 0; headers && headers[i]; i += 2)
        g_hash_table_insert(table, (void *)headers[i], (void *)headers[i + 1]);
    const HibHttpReply reply = {
        .status = status, .body = body, .n_body = strlen(body), .headers = table};
    return hib_net_answer(arena, kind, &reply, NOW, hib_meta_read, &json);
}

static void
the_networks_own_words_are_kept(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetResult said = answer(
        arena, HIB_CALL_PREPARE, 400,
        "{\"error\":{\"message\":\"The image size is too large.\",\"type\":\"OAuthException\","
        "\"code\":36000,\"error_subcode\":2207004,\"is_transient\":false,\"error_user_msg\":"
        "\"画像が大きすぎます。\",\"fbtrace_id\":\"A6LJylpZRKw2xKLFsAP-cJh\"}}",
        NULL);
    g_assert_cmpint(said.class, ==, FIX);
    g_assert_cmpstr(said.code, ==, "36000/2207004");
    g_assert_cmpstr(said.message, ==, "画像が大きすぎます。");
    /* api.instagram.com has words of its own */
    said = answer(arena, HIB_CALL_SIGN_IN, 400,
                  "{\"error_type\":\"OAuthException\",\"code\":400,\"error_message\":\"Invalid "
                  "authorization code\"}",
                  NULL);
    g_assert_cmpint(said.class, ==, HUMAN);
    g_assert_cmpstr(said.message, ==, "Invalid authorization code");
    /* and so has the upload server */
    said = answer(arena, HIB_CALL_PREPARE, 400,
                  "{\"debug_info\":{\"retriable\":false,\"type\":\"NotAuthorizedError\","
                  "\"message\":\"User not authorized\"}}",
                  NULL);
    g_assert_cmpint(said.class, ==, HUMAN);
    said = answer(arena, HIB_CALL_PREPARE, 400,
                  "{\"debug_info\":{\"retriable\":true,\"type\":\"PartialRequestError\","
                  "\"message\":\"Partial request\"}}",
                  NULL);
    g_assert_cmpint(said.class, ==, SAME);
    g_assert_cmpstr(said.code, ==, "PartialRequestError");
    /* a field of that name in an answer that is fine */
    said = answer(arena, HIB_CALL_READ, 200, "{\"status\":\"ERROR\",\"error_message\":\"UNKNOWN\"}",
                  NULL);
    g_assert_cmpint(said.class, ==, OK);
    /* an error in a 200 is an error */
    said =
        answer(arena, HIB_CALL_EFFECT, 200, "{\"error\":{\"code\":100,\"message\":\"no\"}}", NULL);
    g_assert_cmpint(said.class, ==, FIX);
}

static void
gauges_say_when_calls_pass_again(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *limit = "{\"error\":{\"code\":80002,\"message\":\"too many calls\"}}";
    const char *const full[] = {
        "x-business-use-case-usage",
        "{\"178\":[{\"type\":\"instagram\",\"call_count\":100,\"total_cputime\":25,\"total_time\":"
        "31,\"estimated_time_to_regain_access\":19}]}",
        NULL};
    const char *const half[] = {"x-app-usage",
                                "{\"call_count\":28,\"total_time\":25,\"total_cputime\":25}", NULL};
    const char *const broken[] = {"x-app-usage", "[1", "x-business-use-case-usage", "{\"a\":1}",
                                  NULL};
    const char *const named[] = {"retry-after", "40", NULL};
    HibNetResult said = answer(arena, HIB_CALL_READ, 400, limit, full);
    g_assert_cmpint(said.class, ==, LATER);
    g_assert_cmpint(said.remaining, ==, 0);
    g_assert_cmpint(said.retry_at, ==, NOW + 19 * HIB_MINUTE);
    said = answer(arena, HIB_CALL_READ, 200, "{}", half);
    g_assert_cmpint(said.class, ==, OK);
    g_assert_cmpint(said.remaining, ==, -1); /* hundredths are no calls */
    said = answer(arena, HIB_CALL_READ, 400, limit, broken);
    g_assert_cmpint(said.retry_at, ==, NOW + 5 * HIB_MINUTE);
    said = answer(arena, HIB_CALL_READ, 400, limit, named);
    g_assert_cmpint(said.retry_at, ==, NOW + 40 * HIB_SECOND);
    said =
        answer(arena, HIB_CALL_EFFECT, 400,
               "{\"error\":{\"code\":9007,\"error_subcode\":2207027,\"message\":\"wait\"}}", NULL);
    g_assert_cmpint(said.retry_at, ==, NOW + 30 * HIB_SECOND);
}

static void
what_is_no_json_still_has_a_class(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    static const char *const bodies[] = {"",
                                         "<html>",
                                         "[]",
                                         "{\"error\":5}",
                                         "{\"error\":{}}",
                                         "{",
                                         "{\"error\":{\"code\":\"x\",\"message\":7}}",
                                         "null"};
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_assert_cmpint(answer(arena, HIB_CALL_EFFECT, 502, bodies[i], NULL).class, ==, LOOK);
        g_assert_cmpint(answer(arena, HIB_CALL_READ, 404, bodies[i], NULL).class, ==, NO);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/networks/meta_answer/" #name, name)
    ADD(every_answer_means_what_the_table_says);
    ADD(a_transient_refusal_of_an_effect_is_looked_at);
    ADD(no_status_without_a_code_is_taken_for_success);
    ADD(the_networks_own_words_are_kept);
    ADD(gauges_say_when_calls_pass_again);
    ADD(what_is_no_json_still_has_a_class);
    return g_test_run();
}
