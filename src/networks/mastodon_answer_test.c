/* The table of answers: every kind of call × what came back × what was said has the class written here, which was taken from Mastodon's
 * documents and from what two other servers were seen to answer, not from the code. */
#include "networks/mastodon_private.h"

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
#define NO HIB_NET_FATAL

/* Columns in the order of HibNetCallKind: sign in, refresh, read, prepare (uploads), effect, remove. */
static const struct {
    int status;
    const char *error;
    HibNetClass class[HIB_CALL_N];
} answers[] = {
    {200, "", {OK, OK, OK, OK, OK, OK}},
    {202, "", {OK, OK, OK, OK, OK, OK}},
    {206, "", {OK, OK, OK, OK, OK, OK}},
    {301, "", {NO, NO, NO, NO, NO, NO}},
    {400, "invalid_grant", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {400, "param is missing", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {401, "invalid_client", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH, REFRESH}},
    {401, "The access token is invalid", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH, REFRESH}},
    {401, "The access token was revoked", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH, REFRESH}},
    {401, "", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH, REFRESH}},
    {403,
     "This action is outside the authorized scopes",
     {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {403,
     "Your login is currently disabled",
     {BLOCKED, BLOCKED, BLOCKED, BLOCKED, BLOCKED, BLOCKED}},
    {403, "Your login is currently pending approval", {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {403,
     "Your login is missing a confirmed e-mail address",
     {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {403, "This action is not allowed", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {403, "", {HUMAN, HUMAN, NO, BLOCKED, BLOCKED, NO}},
    {404, "Record not found", {NO, NO, NO, NEW, FIX, OK}},
    {404, "", {NO, NO, NO, NEW, FIX, OK}},
    {405, "", {NO, NO, NO, NO, NO, NO}},
    {408, "", {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {410, "", {NO, NO, NO, NO, NO, OK}},
    {413, "", {NO, NO, NO, FIX, FIX, NO}},
    {415, "", {NO, NO, NO, FIX, FIX, NO}},
    {422,
     "Validation failed: Text character limit of 500 exceeded",
     {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {422, "Validation failed: Text can't be blank", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {422, "テキストは500文字以内で入力してください", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {422, "File type of uploaded media could not be verified", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {422,
     "This method requires an authenticated user",
     {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH, REFRESH}},
    {422, "", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH, REFRESH}}, /* snac, for a bad token */
    {429, "Too many requests", {LATER, LATER, LATER, LATER, LATER, LATER}},
    {500, "Error processing thumbnail for uploaded media", {SAME, SAME, SAME, FIX, LOOK, SAME}},
    {500, "", {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {501, "", {NO, NO, NO, NO, NO, NO}},
    {502, "", {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {503, "Remote data could not be fetched", {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {503,
     "There was a temporary problem serving your request, please try again",
     {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {504, "", {SAME, SAME, SAME, SAME, LOOK, SAME}},
};

static void
every_answer_means_what_the_table_says(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++)
        for (int kind = 0; kind < HIB_CALL_N; kind++) {
            HibNetClass got =
                hib_mastodon_class((HibNetCallKind)kind, answers[i].status, answers[i].error);
            if (got != answers[i].class[kind])
                g_test_message("call %d, %d %s", kind, answers[i].status, answers[i].error);
            g_assert_cmpstr(hib_net_class_name(got), ==,
                            hib_net_class_name(answers[i].class[kind]));
        }
}

static void
no_status_without_a_row_is_taken_for_success(void)
{
    for (int status = 0; status < 1000; status++)
        for (int kind = 0; kind < HIB_CALL_N; kind++) {
            bool is_ok = hib_mastodon_class((HibNetCallKind)kind, status, "x") == HIB_NET_OK;
            bool is_gone = kind == HIB_CALL_REMOVE && (status == 404 || status == 410);
            g_assert_cmpint(is_ok, ==, (status >= 200 && status < 300) || is_gone);
        }
}

static HibNetResult
answer(HibArena *arena, int status, const char *body, const char *const *headers, HibInstant now)
{
    g_autoptr(GHashTable) table = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; headers && headers[i]; i += 2)
        g_hash_table_insert(table, (void *)headers[i], (void *)headers[i + 1]);
    const HibHttpReply reply = {
        .status = status, .body = body, .n_body = strlen(body), .headers = table};
    HibJson json;
    return hib_net_answer(arena, HIB_CALL_EFFECT, &reply, now, hib_mastodon_answer, &json);
}

static void
a_rate_limit_says_when_to_come_back(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibInstant now = INT64_C(1795000000) * HIB_SECOND; /* 2026-11-18T11:06:40Z */
    static const char body[] = "{\"error\":\"Too many requests\"}";
    const char *const iso[] = {
        "x-ratelimit-limit",           "300", "x-ratelimit-remaining", "0", "x-ratelimit-reset",
        "2026-11-18T11:10:00.000000Z", NULL};
    const char *const offset[] = {"x-ratelimit-reset", "2026-11-18T20:10:00+09:00", NULL};
    const char *const epoch[] = {"x-ratelimit-reset", "1795000200", NULL};
    const char *const past[] = {"x-ratelimit-reset", "2026-11-18T11:00:00Z", NULL};
    const char *const proxy[] = {"retry-after", "7", "x-ratelimit-reset", "soon", NULL};
    HibNetResult said = answer(arena, 429, body, iso, now);
    g_assert_cmpint(said.class, ==, HIB_NET_RETRY_AFTER);
    g_assert_cmpint(said.retry_at, ==, now + 200 * HIB_SECOND);
    g_assert_cmpint(said.reset_at, ==, now + 200 * HIB_SECOND);
    g_assert_cmpint(said.remaining, ==, 0);
    g_assert_cmpstr(said.message, ==, "Too many requests");
    g_assert_cmpstr(said.code, ==, "");
    g_assert_cmpint(answer(arena, 429, body, offset, now).retry_at, ==, now + 200 * HIB_SECOND);
    g_assert_cmpint(answer(arena, 429, body, epoch, now).retry_at, ==, now + 200 * HIB_SECOND);
    g_assert_cmpint(answer(arena, 429, body, past, now).retry_at, ==, now + HIB_MINUTE);
    g_assert_cmpint(answer(arena, 429, "", proxy, now).retry_at, ==, now + 7 * HIB_SECOND);
    g_assert_cmpint(answer(arena, 429, "", NULL, now).retry_at, ==, now + HIB_MINUTE);
    said = answer(arena, 200, "{}", iso, now); /* also where nothing is wrong */
    g_assert_cmpint(said.remaining, ==, 0);
    g_assert_cmpint(said.retry_at, ==, 0);
}

static void
codes_and_words_are_told_apart(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetResult said = answer(
        arena, 400, "{\"error\":\"invalid_grant\",\"error_description\":\"The grant is over\"}",
        NULL, 0);
    g_assert_cmpstr(said.code, ==, "invalid_grant");
    g_assert_cmpstr(said.message, ==, "The grant is over");
    said = answer(arena, 422, "{\"error\":\"Validation failed: x\"}", NULL, 0);
    g_assert_cmpstr(said.code, ==, "");
    g_assert_cmpstr(said.message, ==, "Validation failed: x");
    static const char *const odd[] = {"",     "<html>", "[]", "{\"error\":{\"error\":\"x\"}}",
                                      "null", "{"};
    for (size_t i = 0; i < G_N_ELEMENTS(odd); i++)
        g_assert_cmpint(answer(arena, 502, odd[i], NULL, 0).class, ==, HIB_NET_RECONCILE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/networks/mastodon-answer/every_answer_means_what_the_table_says",
                    every_answer_means_what_the_table_says);
    g_test_add_func("/networks/mastodon-answer/no_status_without_a_row_is_taken_for_success",
                    no_status_without_a_row_is_taken_for_success);
    g_test_add_func("/networks/mastodon-answer/a_rate_limit_says_when_to_come_back",
                    a_rate_limit_says_when_to_come_back);
    g_test_add_func("/networks/mastodon-answer/codes_and_words_are_told_apart",
                    codes_and_words_are_told_apart);
    return g_test_run();
}
