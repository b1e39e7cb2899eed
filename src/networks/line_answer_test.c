/* The table of answers: every kind of call × what came back has the class written here, which was taken from LINE's reference (status
 * codes, error responses, retrying), not from the code. */
#include "networks/line_private.h"

#include <string.h>

#define OK HIB_NET_OK
#define SAME HIB_NET_RETRY_SAME
#define LATER HIB_NET_RETRY_AFTER
#define LOOK HIB_NET_RECONCILE
#define REFRESH HIB_NET_REFRESH_AUTH
#define HUMAN HIB_NET_REAUTH_HUMAN
#define FIX HIB_NET_FIX_CONTENT
#define QUOTA HIB_NET_QUOTA
#define NO HIB_NET_FATAL

/* Columns in the order of HibNetCallKind: sign in, refresh, read, prepare, effect. */
static const struct {
    int status;
    const char *message;
    HibNetClass class[5];
} answers[] = {
    {200, "", {OK, OK, OK, OK, OK}},
    {202, "", {OK, OK, OK, OK, OK}},
    {302, "", {NO, NO, NO, NO, NO}},
    {400, "The request body has 1 error(s)", {HUMAN, HUMAN, NO, FIX, FIX}},
    {400, "Invalid reply token", {HUMAN, HUMAN, NO, FIX, FIX}},
    {400, "Failed to send messages", {HUMAN, HUMAN, NO, FIX, FIX}},
    {401,
     "Authentication failed due to the following reason: x",
     {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH}},
    {403, "Access to this API is not available for your account", {HUMAN, HUMAN, NO, NO, NO}},
    {404, "Not found", {NO, NO, NO, NO, NO}},
    {408, "", {SAME, SAME, SAME, SAME, LOOK}},
    {409, "The retry key is already accepted", {NO, NO, NO, NO, OK}},
    {410, "", {NO, NO, NO, NO, NO}},
    {413, "", {NO, NO, NO, FIX, FIX}},
    {415, "", {NO, NO, NO, NO, NO}},
    {429, "You have reached your monthly limit.", {QUOTA, QUOTA, QUOTA, QUOTA, QUOTA}},
    {429,
     "The API rate limit has been exceeded. Try again later.",
     {LATER, LATER, LATER, LATER, LATER}},
    {429, "", {LATER, LATER, LATER, LATER, LATER}},
    {500, "Internal server error", {SAME, SAME, SAME, SAME, LOOK}},
    {502, "", {SAME, SAME, SAME, SAME, LOOK}},
    {503, "", {SAME, SAME, SAME, SAME, LOOK}},
    {504, "", {SAME, SAME, SAME, SAME, LOOK}},
};

static HibNetResult
answer(HibArena *arena, HibNetCallKind kind, int status, const char *body,
       const char *const *headers, HibInstant now)
{
    g_autoptr(GHashTable) table = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; headers && headers[i]; i += 2)
        g_hash_table_insert(table, (void *)headers[i], (void *)headers[i + 1]);
    const HibHttpReply reply = {
        .status = status, .body = body, .n_body = strlen(body), .headers = table};
    HibJson json = {.arena = arena, .path = ""};
    HibNetResult out = hib_net_say(HIB_NET_FATAL, "", "");
    out.http_status = status;
    if (!hib_json_parse(arena, body, strlen(body), &json, NULL))
        json = (HibJson){.arena = arena, .path = ""};
    hib_line_answer(arena, kind, &reply, json, now, &out);
    return out;
}

static void
every_answer_means_what_the_table_says(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++)
        for (int kind = 0; kind < 5; kind++) {
            const char *body = hib_arena_printf(arena, "{\"message\":\"%s\"}", answers[i].message);
            HibNetResult said =
                answer(arena, (HibNetCallKind)kind, answers[i].status, body, NULL, 0);
            g_test_message("kind %d, %d %s", kind, answers[i].status, answers[i].message);
            g_assert_cmpstr(hib_net_class_name(said.class), ==,
                            hib_net_class_name(answers[i].class[kind]));
        }
}

static void
no_status_without_a_row_is_taken_for_success(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    for (int status = 0; status < 1000; status++)
        for (int kind = 0; kind < 5; kind++) {
            HibNetResult said = answer(arena, (HibNetCallKind)kind, status, "", NULL, 0);
            bool is_accepted = status == 409 && kind == HIB_CALL_EFFECT;
            g_assert_cmpint(said.class == HIB_NET_OK, ==,
                            is_accepted || (status >= 200 && status < 300));
        }
}

static void
the_month_and_the_hour_are_told_apart(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibInstant now, first;
    g_assert_true(
        hib_instant_parse("2026-11-30T14:59:59Z", &now)); /* one second to December in Japan */
    g_assert_true(hib_instant_parse("2026-11-30T15:00:00Z", &first));
    HibNetResult said = answer(arena, HIB_CALL_EFFECT, 429,
                               "{\"message\":\"You have reached your monthly limit.\"}", NULL, now);
    g_assert_cmpint(said.class, ==, HIB_NET_QUOTA);
    g_assert_cmpint(said.retry_at, ==, first);
    g_assert_cmpstr(said.code, ==, "MonthlyLimit");
    said = answer(arena, HIB_CALL_EFFECT, 429, "", NULL, now);
    g_assert_cmpint(said.retry_at, ==, now + HIB_MINUTE);
    const char *const named[] = {"retry-after", "7", NULL};
    said = answer(arena, HIB_CALL_EFFECT, 429, "", named, now);
    g_assert_cmpint(said.retry_at, ==, now + 7 * HIB_SECOND);
    g_assert_cmpstr(said.code, ==, "RateLimit");

    g_assert_true(hib_instant_parse("2026-12-31T15:00:00Z", &first));
    g_assert_cmpint(hib_line_month_end(now + HIB_SECOND), ==, first); /* over the year's end */
    g_assert_cmpstr(hib_line_day(arena, now, 0), ==, "20261130");
    g_assert_cmpstr(hib_line_day(arena, now + HIB_SECOND, 0), ==, "20261201");
    g_assert_cmpstr(hib_line_day(arena, now + HIB_SECOND, 1), ==, "20261130");
}

static void
a_refusal_names_the_place(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetResult said = answer(
        arena, HIB_CALL_PREPARE, 400,
        "{\"message\":\"The request body has 1 error(s)\",\"details\":[{\"message\":\"May not "
        "be empty\",\"property\":\"messages[0].text\"}]}",
        NULL, 0);
    g_assert_cmpstr(said.message, ==,
                    "The request body has 1 error(s): May not be empty at messages[0].text");
    g_assert_cmpstr(said.code, ==, "InvalidRequest");
    said = answer(arena, HIB_CALL_SIGN_IN, 400,
                  "{\"error\":\"invalid_client\",\"error_description\":\"invalid client_secret\"}",
                  NULL, 0);
    g_assert_cmpstr(said.code, ==, "invalid_client");
    g_assert_cmpstr(said.message, ==, "invalid client_secret");
}

static void
an_answer_that_is_no_json_still_has_a_class(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *const bodies[] = {
        "", "<html>", "[]", "{\"message\":5}", "null", "{\"details\":[5]}", "{"};
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++)
        g_assert_cmpint(answer(arena, HIB_CALL_EFFECT, 502, bodies[i], NULL, 0).class, ==,
                        HIB_NET_RECONCILE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/networks/line_answer/" #name, name)
    TEST(every_answer_means_what_the_table_says);
    TEST(no_status_without_a_row_is_taken_for_success);
    TEST(the_month_and_the_hour_are_told_apart);
    TEST(a_refusal_names_the_place);
    TEST(an_answer_that_is_no_json_still_has_a_class);
    return g_test_run();
}
