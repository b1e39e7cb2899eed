/* The table of answers: every kind of call × what X says has the class written here, which was taken from X's documents and from answers
 * seen, not from the code. */
#include "networks/x_private.h"

#include <string.h>

#define OK HIB_NET_OK
#define SAME HIB_NET_RETRY_SAME
#define LATER HIB_NET_RETRY_AFTER
#define LOOK HIB_NET_RECONCILE
#define REFRESH HIB_NET_REFRESH_AUTH
#define HUMAN HIB_NET_REAUTH_HUMAN
#define FIX HIB_NET_FIX_CONTENT
#define NEW HIB_NET_NEW_HANDLE
#define BLOCKED HIB_NET_BLOCKED
#define QUOTA HIB_NET_QUOTA
#define NO HIB_NET_FATAL

/* Columns in the order of HibNetCallKind: sign in, refresh, read, prepare, effect, remove. */
static const struct {
    int status;
    const char *code, *message;
    HibNetClass class[6];
} answers[] = {
    {200, "", "", {OK, OK, OK, OK, OK, OK}},
    {201, "", "", {OK, OK, OK, OK, OK, OK}},
    {204, "", "", {OK, OK, OK, OK, OK, OK}},
    {302, "", "", {NO, NO, NO, NO, NO, NO}},
    {400,
     "invalid_request",
     "Value passed for the token was invalid.",
     {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {400, "invalid_grant", "", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {400,
     "invalid-request",
     "One or more parameters to your request was invalid.",
     {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {400,
     "invalid-request",
     "One or more parameters to your request was invalid. Your media IDs are invalid.",
     {HUMAN, HUMAN, NO, FIX, NEW, NO}},
    {401, "unauthorized_client", "", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH, REFRESH}},
    {401, "Unauthorized", "Unauthorized", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH, REFRESH}},
    {402, "CreditsDepleted", "", {QUOTA, QUOTA, QUOTA, QUOTA, QUOTA, QUOTA}},
    {403,
     "Forbidden",
     "You are not allowed to create a Tweet with duplicate content.",
     {HUMAN, HUMAN, NO, FIX, LOOK, NO}},
    {403,
     "Forbidden",
     "Reply to this conversation is not allowed because you have not been mentioned or otherwise "
     "engaged by the author of the post you are replying to.",
     {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {403,
     "Forbidden",
     "You are not permitted to perform this action.",
     {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {403,
     "Forbidden",
     "Your account is suspended and is not permitted to access this feature.",
     {HUMAN, HUMAN, BLOCKED, BLOCKED, BLOCKED, BLOCKED}},
    {403,
     "Forbidden",
     "To protect our users, this account is temporarily locked.",
     {HUMAN, HUMAN, BLOCKED, BLOCKED, BLOCKED, BLOCKED}},
    {403,
     "Forbidden",
     "This request looks like it might be automated.",
     {HUMAN, HUMAN, BLOCKED, BLOCKED, BLOCKED, BLOCKED}},
    {403, "client-forbidden", "", {HUMAN, HUMAN, BLOCKED, BLOCKED, BLOCKED, BLOCKED}},
    {403, "unsupported-authentication", "", {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {403, "oauth1-permissions", "", {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {403,
     "Forbidden",
     "Missing required OAuth 2.0 scope: media.write",
     {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {403, "usage-capped", "", {QUOTA, QUOTA, QUOTA, QUOTA, QUOTA, QUOTA}},
    {403, "not-authorized-for-resource", "", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {404, "resource-not-found", "", {NO, NO, NO, NEW, FIX, OK}},
    {408, "", "", {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {409, "Conflict", "", {NO, NO, NO, NO, LOOK, NO}},
    {413, "", "", {NO, NO, NO, FIX, FIX, NO}},
    {415, "", "", {NO, NO, NO, FIX, FIX, NO}},
    {422,
     "",
     "You are not allowed to create a Tweet with duplicate content.",
     {NO, NO, NO, FIX, LOOK, NO}},
    {422, "", "", {NO, NO, NO, FIX, FIX, NO}},
    {429, "usage-capped", "", {QUOTA, QUOTA, QUOTA, QUOTA, QUOTA, QUOTA}},
    {429, "rate-limit-exceeded", "", {LATER, LATER, LATER, LATER, LATER, LATER}},
    {429, "88", "Rate limit exceeded", {LATER, LATER, LATER, LATER, LATER, LATER}},
    {500, "internal-error", "", {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {502, "", "", {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {503, "", "", {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {504, "", "", {SAME, SAME, SAME, SAME, LOOK, SAME}},
};

static void
every_answer_means_what_the_table_says(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++)
        for (int kind = 0; kind <= HIB_CALL_REMOVE; kind++) {
            HibNetClass got = hib_x_class((HibNetCallKind)kind, answers[i].status, answers[i].code,
                                          answers[i].message);
            if (got != answers[i].class[kind])
                g_test_message("kind %d, %d %s %s", kind, answers[i].status, answers[i].code,
                               answers[i].message);
            g_assert_cmpstr(hib_net_class_name(got), ==,
                            hib_net_class_name(answers[i].class[kind]));
        }
}

static void
only_2xx_is_success_and_no_5xx_lets_a_post_be_repeated(void)
{
    for (int status = 0; status < 1000; status++)
        for (int kind = 0; kind <= HIB_CALL_REMOVE; kind++) {
            bool is_gone = kind == HIB_CALL_REMOVE && status == 404;
            HibNetClass got = hib_x_class((HibNetCallKind)kind, status, "", "");
            g_assert_cmpint(got == HIB_NET_OK, ==, (status >= 200 && status < 300) || is_gone);
            if (kind == HIB_CALL_EFFECT && status >= 500 && status < 600)
                g_assert_cmpint(got, ==, HIB_NET_RECONCILE);
        }
}

/* An answer as hib_http_do gives it. */
static HibNetResult
answer(HibArena *arena, int status, const char *body, const char *const *headers, HibInstant now)
{
    g_autoptr(GHashTable) table = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; headers && headers[i]; i += 2)
        g_hash_table_insert(table, (void *)headers[i], (void *)headers[i + 1]);
    const HibHttpReply reply = {
        .status = status, .body = body, .n_body = strlen(body), .headers = table};
    HibNetResult out = hib_net_say(HIB_NET_FATAL, "", "");
    HibJson json = {0};
    out.http_status = status;
    if (!hib_json_parse(arena, body, strlen(body), &json, NULL))
        json = (HibJson){.arena = arena, .path = ""};
    hib_x_read(arena, HIB_CALL_EFFECT, &reply, json, now, &out);
    return out;
}

static void
a_rate_limit_says_when_to_come_back(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibInstant now = INT64_C(1795000000) * HIB_SECOND;
    static const char body[] = "{\"errors\":[{\"code\":88,\"message\":\"Rate limit exceeded\"}]}";
    static const char *const window[] = {
        "x-rate-limit-limit", "100", "x-rate-limit-remaining", "0", "x-rate-limit-reset",
        "1795000400",         NULL};
    static const char *const day[] = {"x-rate-limit-remaining",
                                      "60",
                                      "x-rate-limit-reset",
                                      "1795000400",
                                      "x-app-limit-24hour-remaining",
                                      "0",
                                      "x-app-limit-24hour-reset",
                                      "1795040000",
                                      NULL};
    HibNetResult said = answer(arena, 429, body, window, now);
    g_assert_cmpint(said.class, ==, HIB_NET_RETRY_AFTER);
    g_assert_cmpint(said.retry_at, ==, now + 400 * HIB_SECOND);
    g_assert_cmpint(said.remaining, ==, 0);
    g_assert_cmpint(said.reset_at, ==, now + 400 * HIB_SECOND);
    g_assert_cmpstr(said.code, ==, "88");
    g_assert_cmpstr(said.message, ==, "Rate limit exceeded");
    said = answer(arena, 429, body, day, now);
    g_assert_cmpint(said.class, ==, HIB_NET_QUOTA);
    g_assert_cmpint(said.retry_at, ==, INT64_C(1795040000) * HIB_SECOND);
    said = answer(arena, 429, "", NULL, now);
    g_assert_cmpint(said.retry_at, ==, now + HIB_MINUTE);
    g_assert_cmpint(said.remaining, ==, -1);
    said = answer(arena, 201, "{\"data\":{}}", window, now);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpint(said.remaining, ==, 0);
    said =
        answer(arena, 402, "{\"title\":\"CreditsDepleted\",\"detail\":\"no credits\"}", NULL, now);
    g_assert_cmpint(said.class, ==, HIB_NET_QUOTA);
    g_assert_cmpint(said.retry_at, ==, now + HIB_HOUR);
}

static void
the_words_come_from_wherever_x_puts_them(void)
{
    static const struct {
        const char *body, *code, *message;
    } cases[] = {
        {"{\"title\":\"Invalid Request\",\"detail\":\"Bad.\",\"type\":\"https://api.x.com/2/"
         "problems/invalid-request\",\"errors\":[{\"message\":\"Your media IDs are invalid.\"}]}",
         "invalid-request", "Bad. Your media IDs are invalid."},
        {"{\"title\":\"Forbidden\",\"status\":403,\"detail\":\"No.\",\"type\":\"about:blank\"}",
         "Forbidden", "No."},
        {"{\"type\":\"https://api.twitter.com/2/problems/usage-capped\",\"title\":\"Usage\"}",
         "usage-capped", "Usage"},
        {"{\"error\":\"invalid_request\",\"error_description\":\"Value passed\"}",
         "invalid_request", "Value passed"},
        {"{\"errors\":[]}", "", ""},
        {"{\"errors\":{\"a\":1},\"title\":7}", "", ""},
        {"[1]", "", ""},
        {"<html>", "", ""},
        {"", "", ""},
    };
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibNetResult said = answer(arena, 400, cases[i].body, NULL, 0);
        g_assert_cmpstr(said.code, ==, cases[i].code);
        g_assert_cmpstr(said.message, ==, cases[i].message);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/networks/x/every_answer_means_what_the_table_says",
                    every_answer_means_what_the_table_says);
    g_test_add_func("/networks/x/only_2xx_is_success_and_no_5xx_lets_a_post_be_repeated",
                    only_2xx_is_success_and_no_5xx_lets_a_post_be_repeated);
    g_test_add_func("/networks/x/a_rate_limit_says_when_to_come_back",
                    a_rate_limit_says_when_to_come_back);
    g_test_add_func("/networks/x/the_words_come_from_wherever_x_puts_them",
                    the_words_come_from_wherever_x_puts_them);
    return g_test_run();
}
