/* The tables of answers of YouTube: every kind of call × what it says has the class written here, which was taken from YouTube's documents,
 * not from the code. */
#include "networks/youtube_private.h"

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

typedef struct {
    int status;
    const char *reason;
    HibNetClass class[6];
} Row;

/* Columns in the order of HibNetCallKind: sign in, refresh, read, prepare, effect, remove. */
static const Row answers[] = {
    {200, "", {OK, OK, OK, OK, OK, OK}},
    {204, "", {OK, OK, OK, OK, OK, OK}},
    {301, "", {NO, NO, NO, NO, NO, NO}},
    {308, "", {NO, NO, NO, NO, NO, NO}},
    {400, "invalid_grant", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {400, "invalid_client", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {400, "invalidTitle", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {400, "invalidDescription", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {400, "invalidTags", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {400, "invalidCategoryId", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {400, "mediaBodyRequired", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {400, "commentTextTooLong", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {400, "processingFailure", {HUMAN, HUMAN, NO, FIX, LOOK, NO}},
    {400, "uploadLimitExceeded", {QUOTA, QUOTA, QUOTA, QUOTA, QUOTA, QUOTA}},
    {401, "authError", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH, REFRESH}},
    {401, "youtubeSignupRequired", {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {403, "quotaExceeded", {QUOTA, QUOTA, QUOTA, QUOTA, QUOTA, QUOTA}},
    {403, "dailyLimitExceeded", {QUOTA, QUOTA, QUOTA, QUOTA, QUOTA, QUOTA}},
    {403, "rateLimitExceeded", {LATER, LATER, LATER, LATER, LATER, LATER}},
    {403, "userRateLimitExceeded", {LATER, LATER, LATER, LATER, LATER, LATER}},
    {403, "insufficientPermissions", {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {403, "accountDelegationForbidden", {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {403, "ineligibleAccount", {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {403, "authenticatedUserAccountSuspended", {HUMAN, HUMAN, BLOCKED, BLOCKED, BLOCKED, BLOCKED}},
    {403, "channelClosed", {HUMAN, HUMAN, BLOCKED, BLOCKED, BLOCKED, BLOCKED}},
    {403, "accessNotConfigured", {HUMAN, HUMAN, BLOCKED, BLOCKED, BLOCKED, BLOCKED}},
    {403, "commentsDisabled", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {403, "forbidden", {HUMAN, HUMAN, NO, NO, NO, NO}},
    {404, "videoNotFound", {NO, NO, NO, FIX, FIX, OK}},
    {404, "parentCommentNotFound", {NO, NO, NO, FIX, FIX, OK}},
    {408, "", {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {409, "", {NO, NO, NO, NO, LOOK, NO}},
    {410, "", {NO, NO, NO, NO, NO, NO}},
    {413, "", {NO, NO, NO, FIX, FIX, NO}},
    {429, "rateLimitExceeded", {LATER, LATER, LATER, LATER, LATER, LATER}},
    {429, "quotaExceeded", {QUOTA, QUOTA, QUOTA, QUOTA, QUOTA, QUOTA}},
    {429, "", {LATER, LATER, LATER, LATER, LATER, LATER}},
    {500, "backendError", {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {502, "", {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {503, "", {SAME, SAME, SAME, SAME, LOOK, SAME}},
    {504, "", {SAME, SAME, SAME, SAME, LOOK, SAME}},
};

/* Of upload sessions, where they differ; columns as above, only read, prepare and effect are made. */
static const Row sessions[] = {
    {200, "", {OK, OK, OK, OK, OK, OK}},
    {201, "", {OK, OK, OK, OK, OK, OK}},
    {308, "", {OK, OK, OK, OK, OK, OK}},
    {400, "", {HUMAN, HUMAN, NO, FIX, FIX, NO}},
    {401, "", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH, REFRESH}},
    {403, "quotaExceeded", {QUOTA, QUOTA, QUOTA, QUOTA, QUOTA, QUOTA}},
    {404, "", {NEW, NEW, NEW, NEW, NEW, NEW}},
    {410, "", {NEW, NEW, NEW, NEW, NEW, NEW}},
    {416, "", {NO, NO, NO, NO, NO, NO}},
    {503, "", {SAME, SAME, SAME, SAME, LOOK, SAME}},
};

static void
check_table(const Row *rows, size_t n,
            HibNetClass (*classify)(HibNetCallKind kind, int status, const char *reason))
{
    for (size_t i = 0; i < n; i++)
        for (int kind = 0; kind < HIB_CALL_N; kind++) {
            HibNetClass got = classify((HibNetCallKind)kind, rows[i].status, rows[i].reason);
            if (got != rows[i].class[kind])
                g_test_message("kind %d, %d %s", kind, rows[i].status, rows[i].reason);
            g_assert_cmpstr(hib_net_class_name(got), ==, hib_net_class_name(rows[i].class[kind]));
        }
}

static void
every_answer_means_what_the_tables_say(void)
{
    check_table(answers, G_N_ELEMENTS(answers), hib_youtube_class);
    check_table(sessions, G_N_ELEMENTS(sessions), hib_youtube_session_class);
}

static void
only_2xx_is_success_and_no_5xx_lets_an_effect_be_repeated(void)
{
    for (int status = 0; status < 1000; status++)
        for (int kind = 0; kind < HIB_CALL_N; kind++) {
            bool is_gone = kind == HIB_CALL_REMOVE && status == 404;
            HibNetClass got = hib_youtube_class((HibNetCallKind)kind, status, "");
            g_assert_cmpint(got == HIB_NET_OK, ==, (status >= 200 && status < 300) || is_gone);
            if (kind == HIB_CALL_EFFECT && status >= 500 && status < 600)
                g_assert_cmpint(got, ==, HIB_NET_RECONCILE);
        }
}

static HibInstant
at(const char *text)
{
    HibInstant out = 0;
    g_assert_true(hib_instant_parse(text, &out));
    return out;
}

static void
a_used_up_quota_waits_for_midnight_on_the_pacific_coast(void)
{
    static const struct {
        const char *now, *reset;
    } cases[] = {
        {"2026-11-25T12:00:00Z", "2026-11-26T08:00:00Z"},
        {"2026-11-26T07:59:59Z", "2026-11-26T08:00:00Z"},
        {"2026-11-26T08:00:00Z", "2026-11-27T08:00:00Z"},
        {"2026-07-01T00:00:00Z", "2026-07-01T07:00:00Z"},
        {"2026-11-01T06:30:00Z", "2026-11-01T07:00:00Z"}, /* the day the clocks go back */
        {"2026-11-01T12:00:00Z", "2026-11-02T08:00:00Z"},
        {"2027-03-14T12:00:00Z", "2027-03-15T07:00:00Z"}, /* and the one they go forward */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(hib_youtube_quota_reset(at(cases[i].now)), ==, at(cases[i].reset));
}

static HibNetResult
answer(HibArena *arena, int status, const char *body, HibInstant now)
{
    g_autoptr(GHashTable) headers = g_hash_table_new(g_str_hash, g_str_equal);
    const HibHttpReply reply = {
        .status = status, .body = body, .n_body = strlen(body), .headers = headers};
    HibJson unused;
    return hib_net_answer(arena, HIB_CALL_EFFECT, &reply, now, hib_youtube_read, &unused);
}

static void
the_reason_is_read_from_wherever_google_puts_it(void)
{
    static const struct {
        int status;
        const char *body, *code, *message;
        HibNetClass class;
    } cases[] = {
        {403,
         "{\"error\":{\"code\":403,\"message\":\"The request cannot be completed because you have "
         "exceeded your quota.\",\"errors\":[{\"message\":\"m\",\"domain\":\"youtube.quota\","
         "\"reason\":\"quotaExceeded\"}]}}",
         "quotaExceeded", "The request cannot be completed because you have exceeded your quota.",
         QUOTA},
        {403,
         "{\"error\":{\"code\":403,\"message\":\"scopes\",\"status\":\"PERMISSION_DENIED\","
         "\"details\":[{\"reason\":\"ACCESS_TOKEN_SCOPE_INSUFFICIENT\"}]}}",
         "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "scopes", HUMAN},
        {400,
         "{\"error\":\"invalid_grant\",\"error_description\":\"Token has been expired or "
         "revoked.\"}",
         "invalid_grant", "Token has been expired or revoked.", FIX},
        {503, "<html>busy", "", "", LOOK},
        {400, "{\"error\":{\"errors\":[7],\"message\":8}}", "", "", FIX},
        {400, "{\"error\":[]}", "", "", FIX},
        {400, "[]", "", "", FIX},
    };
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibInstant now = at("2026-11-25T12:00:00Z");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibNetResult said = answer(arena, cases[i].status, cases[i].body, now);
        g_assert_cmpstr(said.code, ==, cases[i].code);
        g_assert_cmpstr(said.message, ==, cases[i].message);
        g_assert_cmpint(said.class, ==, cases[i].class);
    }
    HibNetResult said = answer(arena, 403, cases[0].body, now);
    g_assert_cmpint(said.retry_at, ==, at("2026-11-26T08:00:00Z"));
    said =
        answer(arena, 400, "{\"error\":{\"errors\":[{\"reason\":\"uploadLimitExceeded\"}]}}", now);
    g_assert_cmpint(said.retry_at, ==, now + HIB_DAY);
    said = answer(arena, 429, "", now);
    g_assert_cmpint(said.retry_at, ==, now + HIB_MINUTE);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/networks/youtube/every_answer_means_what_the_tables_say",
                    every_answer_means_what_the_tables_say);
    g_test_add_func("/networks/youtube/only_2xx_is_success_and_no_5xx_lets_an_effect_be_repeated",
                    only_2xx_is_success_and_no_5xx_lets_an_effect_be_repeated);
    g_test_add_func("/networks/youtube/a_used_up_quota_waits_for_midnight_on_the_pacific_coast",
                    a_used_up_quota_waits_for_midnight_on_the_pacific_coast);
    g_test_add_func("/networks/youtube/the_reason_is_read_from_wherever_google_puts_it",
                    the_reason_is_read_from_wherever_google_puts_it);
    return g_test_run();
}
