/* What is read from TikTok: numbers of posts (also of those that got their id late), of the account, what it may do, and signing in. */
#include "networks/test_wire.h"
#include "networks/tiktok_private.h"

#include <string.h>

typedef struct {
    const char *path; /* its beginning */
    const char *body;
    int status;
} Said;
typedef struct {
    const Said *said; /* ended by a NULL path */
    int n_calls;
    char asked[2000];
} Tiktok;

static void
on_call(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    Tiktok *tt = data;
    tt->n_calls++;
    if (call->n_body)
        g_strlcpy(tt->asked, call->body, sizeof tt->asked);
    answer->status = 404;
    answer->body = "{}";
    for (const Said *one = tt->said; one->path; one++)
        if (g_str_has_prefix(call->path, one->path)) {
            answer->status = one->status;
            answer->body = one->body;
        }
}

typedef struct {
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    TestWire *wire;
    Tiktok tt;
    HibNetApp app;
    HibNetContext net;
    HibGrant grant;
} World;

static void
world_start(World *w, const Said *said)
{
    *w = (World){.arena = hib_arena_new(),
                 .http = hib_http_new(),
                 .clock = hib_clock_manual_new(INT64_C(1795000000) * HIB_SECOND),
                 .app = {"awkey", "secret"},
                 .tt = {.said = said}};
    w->wire = test_wire_new(on_call, &w->tt);
    w->net = (HibNetContext){.http = w->http,
                             .arena = w->arena,
                             .clock = w->clock,
                             .app = &w->app,
                             .may_be_private = true};
    w->grant = (HibGrant){.service = test_wire_url(w->wire),
                          .access = "act",
                          .refresh = "rft",
                          .remote_id = "op1",
                          .handle = "hibiki"};
}

static void
world_end(World *w)
{
    test_wire_free(w->wire);
    hib_http_free(w->http);
    hib_clock_free(w->clock);
    hib_arena_free(w->arena);
}

static int64_t
value_of(const HibNetReading *reading, const char *metric)
{
    for (size_t i = 0; i < reading->n_metrics; i++)
        if (g_str_equal(reading->metrics[i].metric, metric))
            return reading->metrics[i].value;
    return -1;
}

static void
posts_have_their_numbers_also_those_named_late(void)
{
    static const Said said[] = {
        {"/v2/post/publish/status/fetch/",
         "{\"data\":{\"status\":\"PUBLISH_COMPLETE\",\"publicaly_available_post_id\":["
         "7512345678901234569]},\"error\":{\"code\":\"ok\"}}",
         200},
        {"/v2/video/query/",
         "{\"data\":{\"videos\":[{\"id\":\"7512345678901234567\",\"view_count\":1200,\"like_"
         "count\":80,"
         "\"comment_count\":0,\"share_count\":3},{\"id\":\"7512345678901234569\",\"view_count\":5}]"
         "},"
         "\"error\":{\"code\":\"ok\"}}",
         200},
        {NULL}};
    static const char *const ids[] = {"7512345678901234567", "7512345678901234568",
                                      "publish:v_pub~1"};
    World w;
    HibNetReading out[3];
    world_start(&w, said);
    g_assert_cmpint(hib_tiktok.read_posts(&w.net, &w.grant, ids, 3, out).class, ==, HIB_NET_OK);
    g_assert_cmpint(value_of(&out[0], "views"), ==, 1200);
    g_assert_cmpint(value_of(&out[0], "likes"), ==, 80);
    g_assert_cmpint(value_of(&out[0], "replies"), ==, 0);
    g_assert_cmpint(value_of(&out[0], "shares"), ==, 3);
    g_assert_false(out[0].is_gone);
    g_assert_true(out[1].is_gone);
    g_assert_cmpuint(out[1].n_metrics, ==, 0);
    g_assert_cmpstr(out[2].remote_id, ==, "publish:v_pub~1");
    g_assert_cmpint(value_of(&out[2], "views"), ==, 5);
    g_assert_cmpuint(out[2].n_metrics, ==, 1);
    g_assert_cmpstr(w.tt.asked, ==,
                    "{\"filters\":{\"video_ids\":[\"7512345678901234567\",\"7512345678901234568\","
                    "\"7512345678901234569\"]}}");
    world_end(&w);
}

/* A private post never gets an id: nothing is asked, nothing is said, and it is not gone. */
static void
a_post_without_an_id_has_no_numbers(void)
{
    static const Said said[] = {{"/v2/post/publish/status/fetch/",
                                 "{\"error\":{\"code\":\"invalid_publish_id\",\"message\":\"\"}}",
                                 400},
                                {NULL}};
    static const char *const ids[] = {"publish:v_pub~1"};
    World w;
    HibNetReading out[1];
    world_start(&w, said);
    g_assert_cmpint(hib_tiktok.read_posts(&w.net, &w.grant, ids, 1, out).class, ==, HIB_NET_OK);
    g_assert_cmpuint(out[0].n_metrics, ==, 0);
    g_assert_false(out[0].is_gone);
    g_assert_cmpint(w.tt.n_calls, ==, 1);
    world_end(&w);
}

static void
the_account_has_its_numbers_and_its_choices(void)
{
    static const Said said[] = {
        {"/v2/user/info/?fields=follower_count",
         "{\"data\":{\"user\":{\"follower_count\":50000,\"following_count\":12,\"likes_count\":"
         "900000,"
         "\"video_count\":310}},\"error\":{\"code\":\"ok\"}}",
         200},
        {"/v2/post/publish/creator_info/query/",
         "{\"data\":{\"creator_nickname\":\"ひびき\",\"privacy_level_options\":[\"SELF_ONLY\"],"
         "\"comment_disabled\":false,\"max_video_post_duration_sec\":300},\"error\":{\"code\":"
         "\"ok\"}}",
         200},
        {NULL}};
    World w;
    HibNetReading out;
    const char *json = NULL;
    world_start(&w, said);
    g_assert_cmpint(hib_tiktok.read_account(&w.net, &w.grant, &out).class, ==, HIB_NET_OK);
    g_assert_cmpint(value_of(&out, "followers"), ==, 50000);
    g_assert_cmpint(value_of(&out, "following"), ==, 12);
    g_assert_cmpint(value_of(&out, "account_likes"), ==, 900000);
    g_assert_cmpint(value_of(&out, "posts"), ==, 310);
    g_assert_cmpint(hib_tiktok.read_options(&w.net, &w.grant, &json).class, ==, HIB_NET_OK);
    g_assert_cmpstr(json, ==,
                    "{\"creator_nickname\":\"ひびき\",\"privacy_level_options\":[\"SELF_ONLY\"],"
                    "\"comment_disabled\":false,\"max_video_post_duration_sec\":300}");
    world_end(&w);
}

static void
a_code_becomes_a_grant(void)
{
    static const Said said[] = {
        {"/v2/oauth/token/",
         "{\"open_id\":\"op1\",\"scope\":\"user.info.basic,video.publish\",\"access_token\":\"act."
         "1\","
         "\"expires_in\":86400,\"refresh_token\":\"rft.1\",\"refresh_expires_in\":31536000,"
         "\"token_type\":\"Bearer\"}",
         200},
        {"/v2/user/info/",
         "{\"data\":{\"user\":{\"open_id\":\"op1\",\"display_name\":\"ひびき\",\"username\":"
         "\"hibiki\","
         "\"avatar_url\":\"https://p.example/1\"}},\"error\":{\"code\":\"ok\"}}",
         200},
        {NULL}};
    World w;
    HibGrant *grants = NULL;
    size_t n = 0;
    world_start(&w, said);
    HibNetResult got =
        hib_tiktok.exchange(&w.net, w.grant.service, "https://h.example/connect/callback",
                            "c+/=", "verifier", &grants, &n);
    g_assert_cmpint(got.class, ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(grants[0].access, ==, "act.1");
    g_assert_cmpstr(grants[0].refresh, ==, "rft.1");
    g_assert_cmpstr(grants[0].remote_id, ==, "op1");
    g_assert_cmpstr(grants[0].handle, ==, "hibiki");
    g_assert_cmpstr(grants[0].display_name, ==, "ひびき");
    g_assert_cmpint(grants[0].access_expires_at, ==, INT64_C(1795086400) * HIB_SECOND);
    g_assert_cmpstr(w.tt.asked, ==,
                    "client_key=awkey&client_secret=secret&code=c%2B%2F%3D&grant_type="
                    "authorization_code&redirect_uri=https%3A%2F%2Fh.example%2Fconnect%2Fcallback&"
                    "code_verifier=verifier");
    world_end(&w);
}

static void
half_a_grant_is_none(void)
{
    static const Said cases[][2] = {
        {{"/v2/oauth/token/", "{\"open_id\":\"op1\",\"access_token\":\"\",\"refresh_token\":\"r\"}",
          200},
         {NULL}},
        {{"/v2/oauth/token/", "{\"open_id\":\"op1\",\"access_token\":\"a\"}", 200}, {NULL}},
        {{"/v2/oauth/token/", "{\"access_token\":\"a\",\"refresh_token\":\"r\"}", 200}, {NULL}},
        {{"/v2/oauth/token/", "[]", 200}, {NULL}},
        {{"/v2/oauth/token/", "{\"error\":\"invalid_grant\",\"error_description\":\"x\"}", 200},
         {NULL}},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        World w;
        HibGrant *grants = NULL;
        HibGrant fresh = {.access = "before"};
        size_t n = 1;
        world_start(&w, cases[i]);
        HibNetResult got = hib_tiktok.exchange(&w.net, w.grant.service, "https://h.example/", "c",
                                               "v", &grants, &n);
        g_assert_cmpint(got.class, !=, HIB_NET_OK);
        g_assert_cmpuint(n, ==, 0);
        g_assert_cmpint(hib_tiktok.refresh(&w.net, &w.grant, &fresh).class, !=, HIB_NET_OK);
        g_assert_cmpstr(fresh.access, ==, "before");
        world_end(&w);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/networks/tiktok_read/" #name, name)
    TEST(posts_have_their_numbers_also_those_named_late);
    TEST(a_post_without_an_id_has_no_numbers);
    TEST(the_account_has_its_numbers_and_its_choices);
    TEST(a_code_becomes_a_grant);
    TEST(half_a_grant_is_none);
    return g_test_run();
}
