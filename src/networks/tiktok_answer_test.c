/* The table of answers: every kind of call × status × code has the class written here, which was taken from TikTok's reference pages
 * (direct post, photo post, status, upload, v2 error handling), not from the code. */
#include "networks/tiktok_private.h"

#include <string.h>

#define OK HIB_NET_OK
#define SAME HIB_NET_RETRY_SAME
#define LATER HIB_NET_RETRY_AFTER
#define LOOK HIB_NET_RECONCILE
#define REFRESH HIB_NET_REFRESH_AUTH
#define HUMAN HIB_NET_REAUTH_HUMAN
#define FIX HIB_NET_FIX_CONTENT
#define QUOTA HIB_NET_QUOTA
#define NEW HIB_NET_NEW_HANDLE
#define STOP HIB_NET_BLOCKED
#define NO HIB_NET_FATAL

/* Columns in the order of HibNetCallKind: sign in, refresh, read, prepare, effect. */
static const struct {
    int status;
    const char *code;
    HibNetClass class[5];
} answers[] = {
    {200, "ok", {OK, OK, OK, OK, OK}},
    {200, "", {OK, OK, OK, OK, OK}},
    {302, "", {HUMAN, HUMAN, NO, NO, NO}},
    {400, "invalid_param", {HUMAN, HUMAN, NO, FIX, FIX}},
    {400, "invalid_params", {HUMAN, HUMAN, NO, FIX, FIX}},
    {400, "invalid_file_upload", {HUMAN, HUMAN, NO, FIX, FIX}},
    {400, "invalid_publish_id", {HUMAN, HUMAN, NO, NO, NO}},
    {400, "token_not_authorized_for_specified_publish_id", {HUMAN, HUMAN, NO, NO, NO}},
    {400, "app_version_check_failed", {HUMAN, HUMAN, NO, NO, NO}},
    {401, "access_token_invalid", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH}},
    {401, "", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH}},
    {401, "scope_not_authorized", {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {401, "scope_permission_missed", {HUMAN, HUMAN, HUMAN, HUMAN, HUMAN}},
    {403, "spam_risk_too_many_posts", {QUOTA, QUOTA, QUOTA, QUOTA, QUOTA}},
    {403, "spam_risk_too_many_pending_share", {QUOTA, QUOTA, QUOTA, QUOTA, QUOTA}},
    {403, "reached_active_user_cap", {QUOTA, QUOTA, QUOTA, QUOTA, QUOTA}},
    {403, "spam_risk_user_banned_from_posting", {STOP, STOP, STOP, STOP, STOP}},
    {403, "unaudited_client_can_only_post_to_private_accounts", {HUMAN, HUMAN, NO, FIX, FIX}},
    {403, "privacy_level_option_mismatch", {HUMAN, HUMAN, NO, FIX, FIX}},
    {403, "url_ownership_unverified", {HUMAN, HUMAN, NO, NO, NO}},
    {404, "", {HUMAN, HUMAN, NO, NO, NO}},
    {408, "", {HUMAN, HUMAN, SAME, SAME, LOOK}},
    {429, "rate_limit_exceeded", {LATER, LATER, LATER, LATER, LATER}},
    {429, "", {LATER, LATER, LATER, LATER, LATER}},
    {500, "internal_error", {SAME, SAME, SAME, SAME, LOOK}},
    {502, "", {SAME, SAME, SAME, SAME, LOOK}},
    {504, "", {SAME, SAME, SAME, SAME, LOOK}},
    /* With status 200, as happens. */
    {200, "access_token_invalid", {HUMAN, HUMAN, REFRESH, REFRESH, REFRESH}},
    {200, "rate_limit_exceeded", {LATER, LATER, LATER, LATER, LATER}},
    {200, "internal_error", {HUMAN, HUMAN, SAME, SAME, LOOK}},
    {200, "something_new", {HUMAN, HUMAN, NO, NO, NO}},
    /* Of the token endpoint. */
    {200, "invalid_grant", {HUMAN, HUMAN, NO, NO, NO}},
    {400, "invalid_client", {HUMAN, HUMAN, NO, NO, NO}},
    {400, "invalid_request", {HUMAN, HUMAN, NO, NO, NO}},
};
/* Pieces: prepare, effect. */
static const struct {
    int status;
    HibNetClass class[2];
} uploads[] = {
    {200, {OK, OK}},       {201, {OK, OK}},     {206, {OK, OK}},     {302, {NO, NO}},
    {400, {NO, LOOK}},     {401, {NEW, LOOK}},  {403, {NEW, LOOK}},  {404, {NEW, LOOK}},
    {408, {SAME, LOOK}},   {410, {NEW, LOOK}},  {413, {NO, LOOK}},   {416, {NEW, LOOK}},
    {429, {LATER, LATER}}, {500, {SAME, LOOK}}, {503, {SAME, LOOK}},
};

static HibNetResult
answer(HibArena *arena, HibNetRead read, HibNetCallKind kind, int status, const char *body,
       HibInstant now)
{
    g_autoptr(GHashTable) table = g_hash_table_new(g_str_hash, g_str_equal);
    const HibHttpReply reply = {
        .status = status, .body = body, .n_body = strlen(body), .headers = table};
    HibJson json = {.arena = arena, .path = ""};
    HibNetResult out = hib_net_say(HIB_NET_FATAL, "", "");
    out.http_status = status;
    if (!hib_json_parse(arena, body, strlen(body), &json, NULL))
        json = (HibJson){.arena = arena, .path = ""};
    read(arena, kind, &reply, json, now, &out);
    return out;
}

static void
every_answer_means_what_the_table_says(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++)
        for (int kind = 0; kind < 5; kind++) {
            const char *body = hib_arena_printf(
                arena,
                kind < 2 ? "{\"error\":\"%s\",\"error_description\":\"why\"}"
                         : "{\"error\":{\"code\":\"%s\",\"message\":\"why\",\"log_id\":\"2022\"}}",
                answers[i].code);
            HibNetResult said =
                answer(arena, hib_tiktok_answer, (HibNetCallKind)kind, answers[i].status, body, 0);
            g_test_message("kind %d, %d %s", kind, answers[i].status, answers[i].code);
            g_assert_cmpstr(hib_net_class_name(said.class), ==,
                            hib_net_class_name(answers[i].class[kind]));
            g_assert_cmpstr(said.message, ==, "why");
        }
}

static void
every_piece_means_what_the_table_says(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(uploads); i++)
        for (int last = 0; last < 2; last++) {
            HibNetResult said =
                answer(arena, hib_tiktok_upload_answer, last ? HIB_CALL_EFFECT : HIB_CALL_PREPARE,
                       uploads[i].status, "<html>", 0);
            g_test_message("status %d, last %d", uploads[i].status, last);
            g_assert_cmpstr(hib_net_class_name(said.class), ==,
                            hib_net_class_name(uploads[i].class[last]));
        }
}

static void
no_status_without_a_row_is_taken_for_success(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    for (int status = 0; status < 1000; status++)
        for (int kind = 0; kind < 5; kind++) {
            bool is_ok = status >= 200 && status < 300;
            g_assert_cmpint(
                answer(arena, hib_tiktok_answer, (HibNetCallKind)kind, status, "", 0).class ==
                    HIB_NET_OK,
                ==, is_ok);
            g_assert_cmpint(
                answer(arena, hib_tiktok_upload_answer, (HibNetCallKind)kind, status, "", 0).class
                    == HIB_NET_OK,
                ==, is_ok);
        }
}

static void
waiting_has_a_time(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibInstant now = INT64_C(1795000000) * HIB_SECOND;
    HibNetResult said = answer(arena, hib_tiktok_answer, HIB_CALL_PREPARE, 429,
                               "{\"error\":{\"code\":\"rate_limit_exceeded\"}}", now);
    g_assert_cmpint(said.retry_at, ==, now + HIB_MINUTE);
    said = answer(arena, hib_tiktok_answer, HIB_CALL_PREPARE, 403,
                  "{\"error\":{\"code\":\"spam_risk_too_many_posts\"}}", now);
    g_assert_cmpint(said.retry_at, ==, now + HIB_HOUR);
}

/* 7512345678901234567 is beyond what a JSON number holds exactly. */
static void
ids_are_read_digit_by_digit(void)
{
    static const struct {
        const char *body, *id;
    } cases[] = {
        {"{\"publicaly_available_post_id\":[7512345678901234567]}", "7512345678901234567"},
        {"{\"publicaly_available_post_id\" : [ \"7512345678901234567\" ]}", "7512345678901234567"},
        {"{\"publicaly_available_post_id\":7512345678901234567}", "7512345678901234567"},
        {"{\"publicaly_available_post_id\":[]}", NULL},
        {"{\"publicaly_available_post_id\":null}", NULL},
        {"{\"publicaly_available_post_id\"}", NULL},
        {"{\"publicaly_available_post_id\":[123456789012345678901]}", NULL},
        {"{\"publicaly_available_post_id\":[", NULL},
        {"{}", NULL},
        {"", NULL},
        {NULL, NULL},
    };
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpstr(hib_tiktok_id(arena, cases[i].body, "publicaly_available_post_id"), ==,
                        cases[i].id);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/networks/tiktok_answer/" #name, name)
    TEST(every_answer_means_what_the_table_says);
    TEST(every_piece_means_what_the_table_says);
    TEST(no_status_without_a_row_is_taken_for_success);
    TEST(waiting_has_a_time);
    TEST(ids_are_read_digit_by_digit);
    return g_test_run();
}
