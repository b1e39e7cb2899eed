/* Webhooks of TikTok: the signature over time and body, its window, and every kind of event. */
#include "networks/tiktok_limits.h"
#include "networks/tiktok_private.h"

#include <string.h>

#define SECRET "client-secret"
#define SENT_S INT64_C(1795000000)
#define BODY(event, content)                                                                       \
    "{\"client_key\":\"awkey\",\"event\":\"" event "\",\"create_time\":1794999990,"                \
    "\"user_openid\":\"op1\",\"content\":\"" content "\"}"

static const char *
header(void *data, const char *name)
{
    return g_str_equal(name, "tiktok-signature") ? data : NULL;
}

static const char *
sign(HibArena *arena, int64_t at_s, const char *body)
{
    const char *text = hib_arena_printf(arena, "%" G_GINT64_FORMAT ".%s", at_s, body);
    return hib_arena_printf(arena, "t=%" G_GINT64_FORMAT ",s=%s", at_s,
                            hib_net_hmac(arena, SECRET, text, strlen(text), true));
}

static bool
hear(HibArena *arena, const char *body, const char *signature, HibInstant now,
     HibNetHookAnswer *ret)
{
    const HibNetHookCall call = {.method = "POST",
                                 .header = header,
                                 .data = (void *)signature,
                                 .body = body,
                                 .n_body = strlen(body),
                                 .secret = SECRET,
                                 .now = now};
    return hib_tiktok.hook(arena, &call, ret);
}

static HibNetHookEvent
heard(HibArena *arena, const char *body)
{
    HibNetHookAnswer answer;
    g_assert_true(hear(arena, body, sign(arena, SENT_S, body), SENT_S * HIB_SECOND, &answer));
    g_assert_false(answer.is_refused);
    g_assert_cmpuint(answer.n_events, ==, 1);
    return answer.events[0];
}

static void
only_what_is_signed_and_fresh_is_heard(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetHookAnswer answer;
    const char *body = BODY("authorization.removed", "");
    const char *right = sign(arena, SENT_S, body);
    const HibInstant at = SENT_S * HIB_SECOND;
    const char *const wrong[] = {
        NULL,
        "",
        "t=1795000000",
        "s=00",
        "t=,s=",
        "t=x,s=y",
        "t=99999999999999,s=00",
        hib_arena_printf(arena, "t=1795000001,%s", strchr(right, ',') + 1),
        hib_arena_printf(arena, "%s0", right),
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_test_message("signature %zu", i);
        g_assert_true(hear(arena, body, wrong[i], at, &answer));
        g_assert_true(answer.is_refused);
    }
    static const struct {
        HibDuration late;
        bool is_refused;
    } times[] = {{0, false},
                 {71 * HIB_HOUR, false}, /* TikTok still tries again then */
                 {74 * HIB_HOUR, true},
                 {-4 * HIB_MINUTE, false}, /* its clock is ahead */
                 {-6 * HIB_MINUTE, true}};
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        g_assert_true(hear(arena, body, right, at + times[i].late, &answer));
        g_assert_cmpint(answer.is_refused, ==, times[i].is_refused);
    }
    const HibNetHookCall unset = {
        .header = header, .data = (void *)right, .body = body, .n_body = strlen(body), .now = at};
    g_assert_true(hib_tiktok.hook(arena, &unset, &answer));
    g_assert_true(answer.is_refused);
}

static void
every_event_is_what_it_is(void)
{
    static const struct {
        const char *body, *kind, *remote_id, *post_id;
    } cases[] = {
        {BODY("post.publish.publicly_available",
              "{\\\"publish_id\\\":\\\"v_pub~1\\\",\\\"post_id\\\":7512345678901234567,"
              "\\\"publish_type\\\":\\\"DIRECT_POST\\\"}"),
         "publish", "v_pub~1", "7512345678901234567"},
        {BODY("post.publish.complete", "{\\\"publish_id\\\":\\\"v_pub~1\\\"}"), "publish",
         "v_pub~1", NULL},
        {BODY("post.publish.failed",
              "{\\\"publish_id\\\":\\\"v_pub~1\\\",\\\"reason\\\":\\\"internal\\\"}"),
         "publish", "v_pub~1", NULL},
        {BODY("post.publish.inbox_delivered", "{\\\"publish_id\\\":\\\"v_inbox~1\\\"}"), "publish",
         "v_inbox~1", NULL},
        {BODY("post.publish.no_longer_publicaly_available",
              "{\\\"publish_id\\\":\\\"v_pub~1\\\",\\\"post_id\\\":\\\"75\\\"}"),
         "publish", "v_pub~1", "75"},
        {BODY("authorization.removed", "{\\\"reason\\\":1}"), "deauthorized", NULL, NULL},
        {BODY("video.upload.failed", "{\\\"share_id\\\":\\\"video.1\\\"}"), "other", NULL, NULL},
        {BODY("post.publish.complete", "no JSON"), "other", NULL, NULL},
        {BODY("post.publish.complete", "[]"), "other", NULL, NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        HibNetHookEvent event = heard(arena, cases[i].body);
        g_test_message("event %zu", i);
        g_assert_cmpstr(event.kind, ==, cases[i].kind);
        g_assert_cmpstr(event.remote_id, ==, cases[i].remote_id);
        g_assert_cmpstr(event.talk.post_id, ==, cases[i].post_id);
        g_assert_cmpstr(event.account, ==, "op1");
        g_assert_cmpint(event.at, ==, INT64_C(1794999990) * HIB_SECOND);
    }
}

static void
the_same_event_has_the_same_id_and_another_has_another(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *body = BODY("post.publish.complete", "{\\\"publish_id\\\":\\\"a\\\"}");
    HibNetHookEvent first = heard(arena, body), again = heard(arena, body);
    HibNetHookEvent other =
        heard(arena, BODY("post.publish.complete", "{\\\"publish_id\\\":\\\"b\\\"}"));
    g_assert_cmpstr(first.id, ==, again.id);
    g_assert_cmpstr(first.id, !=, other.id);
    g_assert_cmpuint(strlen(first.id), ==, 64);
}

static void
signed_nonsense_is_not_understood(void)
{
    static const char *const bodies[] = {"", "[]", "{}", "{\"event\":\"x\"}",
                                         "{\"event\":5,\"user_openid\":\"a\"}"};
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        HibNetHookAnswer answer;
        g_assert_false(
            hear(arena, bodies[i], sign(arena, SENT_S, bodies[i]), SENT_S * HIB_SECOND, &answer));
        g_assert_cmpuint(answer.n_events, ==, 0);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/networks/tiktok_hook/" #name, name)
    TEST(only_what_is_signed_and_fresh_is_heard);
    TEST(every_event_is_what_it_is);
    TEST(the_same_event_has_the_same_id_and_another_has_another);
    TEST(signed_nonsense_is_not_understood);
    return g_test_run();
}
