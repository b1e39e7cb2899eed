/* Webhooks of Instagram, Facebook Pages and Threads: who calls, what is said, and that a repeat has the id of the first. */
#include "networks/meta.h"

#include <string.h>

#define SECRET "app-secret"

static const char *
header(void *data, const char *name)
{
    return g_str_equal(name, "x-hub-signature-256") ? data : NULL;
}

static bool
post_as(HibArena *arena, const char *body, const char *secret, HibNetHookAnswer *ret)
{
    const char *signature =
        hib_arena_printf(arena, "sha256=%s", hib_net_hmac(arena, secret, body, strlen(body), true));
    const HibNetHookCall call = {.method = "POST",
                                 .query = "",
                                 .header = header,
                                 .data = (void *)signature,
                                 .body = body,
                                 .n_body = strlen(body),
                                 .secret = SECRET,
                                 .verify_token = "ours"};
    return hib_meta_hook(arena, &call, ret);
}

static HibNetHookAnswer
post(HibArena *arena, const char *body)
{
    HibNetHookAnswer answer;
    g_assert_true(post_as(arena, body, SECRET, &answer));
    g_assert_false(answer.is_refused);
    return answer;
}

/* --- who calls -------------------------------------------------------------------------------------------------------- */
static void
the_handshake_needs_our_word(void)
{
    static const struct {
        const char *query;
        bool is_understood, is_refused;
    } cases[] = {
        {"hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=ours", true, false},
        {"hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=theirs", true, true},
        {"hub.mode=subscribe&hub.challenge=1158201444", true, true},
        {"hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.verify_token=ours", true, true},
        {"hub.challenge=1&hub.verify_token=ours", false, false},
        {"", false, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        HibNetHookAnswer answer;
        HibNetHookCall call = {.method = "GET",
                               .query = cases[i].query,
                               .header = header,
                               .secret = SECRET,
                               .verify_token = "ours"};
        g_assert_cmpint(hib_meta_hook(arena, &call, &answer), ==, cases[i].is_understood);
        g_assert_cmpint(answer.is_refused, ==, cases[i].is_refused);
        bool is_welcome = cases[i].is_understood && !cases[i].is_refused;
        g_assert_cmpstr(answer.reply, ==, is_welcome ? "1158201444" : NULL);
        call.verify_token = ""; /* not set up: nobody is welcome */
        (void)hib_meta_hook(arena, &call, &answer);
        g_assert_null(answer.reply);
    }
}

static void
a_wrong_signature_is_refused_before_anything_is_read(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *body = "{\"object\":\"instagram\",\"entry\":[]}";
    const char *right = hib_net_hmac(arena, SECRET, body, strlen(body), true);
    const char *const signatures[] = {NULL,
                                      "",
                                      "sha256=",
                                      right,
                                      hib_arena_printf(arena, "sha1=%s", right),
                                      hib_arena_printf(arena, "sha256=%.63s0", right)};
    for (size_t i = 0; i < G_N_ELEMENTS(signatures); i++) {
        HibNetHookAnswer answer;
        const HibNetHookCall call = {.method = "POST",
                                     .header = header,
                                     .data = (void *)signatures[i],
                                     .body = body,
                                     .n_body = strlen(body),
                                     .secret = SECRET};
        g_assert_true(hib_meta_hook(arena, &call, &answer));
        g_assert_true(answer.is_refused || g_str_has_suffix(signatures[i], right + 63));
    }
    HibNetHookAnswer answer;
    g_assert_true(post_as(arena, body, "another secret", &answer));
    g_assert_true(answer.is_refused);
    g_assert_false(post_as(arena, "{", SECRET, &answer)); /* signed, but not understood */
}

/* --- what is said ------------------------------------------------------------------------------------------------------ */
static void
instagram_events_are_read_in_both_shapes(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    static const char *const bodies[] = {
        "{\"object\":\"instagram\",\"entry\":[{\"id\":\"178\",\"time\":1795000000,\"changes\":[{"
        "\"field\":\"comments\",\"value\":{\"id\":\"c1\",\"from\":{\"id\":\"55\",\"username\":"
        "\"mika\"},\"text\":\"素敵\",\"media\":{\"id\":\"m1\",\"media_product_type\":\"FEED\"},"
        "\"parent_id\":\"c0\"}}]}]}",
        "[{\"object\":\"instagram\",\"entry\":[{\"id\":\"178\",\"time\":1795000000,\"field\":"
        "\"comments\",\"value\":{\"id\":\"c1\",\"from\":{\"id\":\"55\",\"username\":\"mika\"},"
        "\"text\":\"素敵\",\"media\":{\"id\":\"m1\"},\"parent_id\":\"c0\"}}]}]"};
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        HibNetHookAnswer answer = post(arena, bodies[i]);
        g_assert_cmpuint(answer.n_events, ==, 1);
        const HibNetHookEvent *event = &answer.events[0];
        g_assert_cmpstr(event->id, ==, "comments:c1");
        g_assert_cmpstr(event->kind, ==, "talk");
        g_assert_cmpstr(event->account, ==, "178");
        g_assert_cmpint(event->at, ==, INT64_C(1795000000) * HIB_SECOND);
        g_assert_cmpstr(event->talk.text, ==, "素敵");
        g_assert_cmpstr(event->talk.post_id, ==, "m1");
        g_assert_cmpstr(event->talk.parent_id, ==, "c0");
        g_assert_cmpstr(event->talk.author_handle, ==, "mika");
        g_assert_false(event->talk.is_own);
    }
}

static void
instagram_mentions_stories_and_messages(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetHookAnswer answer = post(
        arena,
        "{\"object\":\"instagram\",\"entry\":[{\"id\":\"178\",\"time\":1795000000,\"changes\":["
        "{\"field\":\"mentions\",\"value\":{\"media_id\":\"m9\",\"comment_id\":\"c9\"}},"
        "{\"field\":\"story_insights\",\"value\":{\"media_id\":\"s1\",\"reach\":44,\"replies\":0,"
        "\"taps_forward\":4}},{\"field\":\"something_new\",\"value\":{\"a\":1}}],"
        "\"messaging\":[{\"sender\":{\"id\":\"55\"},\"recipient\":{\"id\":\"178\"},\"timestamp\":"
        "1795000000123,\"message\":{\"mid\":\"d1\",\"text\":\"空いてますか\"}},"
        "{\"sender\":{\"id\":\"178\"},\"recipient\":{\"id\":\"55\"},\"timestamp\":1795000001123,"
        "\"message\":{\"mid\":\"d2\",\"text\":\"はい\",\"is_echo\":true,\"reply_to\":{\"mid\":"
        "\"d1\"}}},{\"sender\":{\"id\":\"55\"},\"recipient\":{\"id\":\"178\"},\"timestamp\":"
        "1795000002123,\"message\":{\"mid\":\"d1\",\"is_deleted\":true}},"
        "{\"sender\":{\"id\":\"55\"},\"recipient\":{\"id\":\"178\"},\"timestamp\":1795000003123,"
        "\"postback\":{\"mid\":\"d3\",\"title\":\"予約する\"}},"
        "{\"sender\":{\"id\":\"55\"},\"recipient\":{\"id\":\"178\"},\"read\":{\"mid\":\"d2\"}}]}]"
        "}");
    g_assert_cmpuint(answer.n_events, ==, 8);
    const HibNetHookEvent *e = answer.events;
    g_assert_cmpint(e[0].talk.kind, ==, HIB_TALK_MENTION);
    g_assert_cmpstr(e[0].remote_id, ==, "c9");
    g_assert_cmpstr(e[1].kind, ==, "numbers");
    g_assert_cmpstr(e[1].reading.remote_id, ==, "s1");
    g_assert_cmpuint(e[1].reading.n_metrics, ==, 3);
    g_assert_cmpstr(e[2].kind, ==, "other");
    g_assert_cmpstr(e[3].talk.conversation, ==, "55");
    g_assert_cmpint(e[3].at, ==, INT64_C(1795000000123) * HIB_MILLISECOND);
    g_assert_true(e[4].talk.is_own);
    g_assert_cmpstr(e[4].talk.conversation, ==, "55");
    g_assert_cmpstr(e[4].talk.parent_id, ==, "d1");
    g_assert_true(e[5].talk.is_deleted);
    g_assert_cmpstr(e[5].talk.remote_id, ==, "d1");
    g_assert_cmpstr(e[5].id, !=, e[3].id);
    g_assert_cmpstr(e[6].talk.text, ==, "予約する");
    g_assert_cmpstr(e[7].kind, ==, "other");
}

static void
a_page_says_who_wrote_and_what_was_taken_back(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetHookAnswer answer = post(
        arena,
        "{\"object\":\"page\",\"entry\":[{\"id\":\"178\",\"time\":1795000000,\"changes\":["
        "{\"field\":\"feed\",\"value\":{\"item\":\"comment\",\"verb\":\"add\",\"comment_id\":\"1_"
        "2\","
        "\"post_id\":\"178_1\",\"parent_id\":\"178_1\",\"message\":\"いいね\",\"from\":{\"id\":"
        "\"55\","
        "\"name\":\"高橋\"},\"created_time\":1794999999,\"photo\":\"https://p.example/1.jpg\"}},"
        "{\"field\":\"feed\",\"value\":{\"item\":\"comment\",\"verb\":\"remove\",\"comment_id\":"
        "\"1_2\",\"post_id\":\"178_1\",\"created_time\":1795000050}},"
        "{\"field\":\"feed\",\"value\":{\"item\":\"reaction\",\"verb\":\"add\"}},"
        "{\"field\":\"mention\",\"value\":{\"post_id\":\"9_9\",\"sender_name\":\"田中\","
        "\"message\":"
        "\"見て\"}}]}]}");
    g_assert_cmpuint(answer.n_events, ==, 4);
    g_assert_cmpstr(answer.events[0].talk.author_name, ==, "高橋");
    g_assert_null(answer.events[0].talk.parent_id); /* under the post itself */
    g_assert_cmpstr(answer.events[0].talk.post_id, ==, "178_1");
    g_assert_cmpuint(answer.events[0].talk.n_attachments, ==, 1);
    g_assert_cmpint(answer.events[0].talk.attachments[0].kind, ==, HIB_ATTACH_IMAGE);
    g_assert_cmpstr(answer.events[0].talk.attachments[0].url, ==, "https://p.example/1.jpg");
    g_assert_true(answer.events[1].talk.is_deleted && !answer.events[1].talk.n_attachments);
    g_assert_cmpstr(answer.events[1].id, !=, answer.events[0].id);
    g_assert_cmpstr(answer.events[2].kind, ==, "other");
    g_assert_cmpint(answer.events[3].talk.kind, ==, HIB_TALK_MENTION);
}

static void
threads_has_an_envelope_of_its_own(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetHookAnswer answer = post(
        arena,
        "{\"app_id\":\"123456\",\"topic\":\"moderate\",\"target_id\":\"78901\",\"time\":1723226877,"
        "\"subscription_id\":\"234567\",\"has_uid_field\":false,\"values\":{\"value\":{\"id\":"
        "\"8901234\",\"username\":\"mika\",\"text\":\"行きます\",\"media_type\":\"TEXT_POST\","
        "\"permalink\":\"https://t/Pp\",\"replied_to\":{\"id\":\"567890\"},\"root_post\":{\"id\":"
        "\"123456\",\"owner_id\":\"178\",\"username\":\"hibiki\"},\"timestamp\":"
        "\"2024-08-07T10:33:16+0000\"},\"field\":\"replies\"}}");
    g_assert_cmpuint(answer.n_events, ==, 1);
    const HibNetHookEvent *event = &answer.events[0];
    g_assert_cmpstr(event->account, ==, "178");
    g_assert_cmpstr(event->talk.post_id, ==, "123456");
    g_assert_cmpstr(event->talk.parent_id, ==, "567890");
    g_assert_cmpint(event->at, ==, INT64_C(1723026796) * HIB_SECOND);
    answer =
        post(arena, "{\"target_id\":\"178\",\"time\":1,\"values\":[{\"field\":\"publish\","
                    "\"value\":{\"id\":\"5\"}},{\"field\":\"mentions\",\"value\":{\"id\":\"6\","
                    "\"text\":\"@hibiki\"}}]}");
    g_assert_cmpuint(answer.n_events, ==, 2);
    g_assert_cmpstr(answer.events[0].kind, ==, "publish");
    g_assert_cmpint(answer.events[1].talk.kind, ==, HIB_TALK_MENTION);
}

static void
rights_taken_back_are_signed_another_way(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const char *payload = "eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsInVzZXJfaWQiOiIxNzgiLCJpc3N1ZWRfYXQi"
                          "OjE3OTUwMDAwMDB9"; /* {"algorithm":"HMAC-SHA256","user_id":"178",…} */
    g_autofree char *mac = g_strdup(hib_net_hmac(arena, SECRET, payload, strlen(payload), false));
    for (char *c = mac; *c; c++)
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c == '=' ? '\0' : *c;
    for (int i = 0; i < 2; i++) {
        const char *body = hib_arena_printf(arena, "signed_request=%s.%s", mac, payload);
        HibNetHookAnswer answer;
        const HibNetHookCall call = {.method = "POST",
                                     .header = header,
                                     .body = body,
                                     .n_body = strlen(body),
                                     .secret = i ? "another" : SECRET};
        g_assert_true(hib_meta_hook(arena, &call, &answer));
        g_assert_cmpint(answer.is_refused, ==, i);
        g_assert_cmpuint(answer.n_events, ==, !i);
        if (!i) {
            g_assert_cmpstr(answer.events[0].kind, ==, "deauthorized");
            g_assert_cmpstr(answer.events[0].account, ==, "178");
        }
    }
}

static void
nonsense_that_is_signed_does_no_harm(void)
{
    static const char *const bodies[] = {
        "{}",
        "[]",
        "[1,\"a\",null]",
        "{\"object\":5,\"entry\":7}",
        "{\"object\":\"instagram\",\"entry\":[1,{\"changes\":[2,{\"field\":\"comments\"},{"
        "\"field\":"
        "\"comments\",\"value\":7},{\"field\":\"story_insights\",\"value\":{}}]}]}",
        "{\"object\":\"page\",\"entry\":[{\"messaging\":[3,{},{\"message\":{}},{\"sender\":5}]}]}",
        "{\"values\":[null,{\"field\":\"replies\"},{\"field\":5}]}",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        HibNetHookAnswer answer = post(arena, bodies[i]);
        for (size_t k = 0; k < answer.n_events; k++)
            g_assert_cmpstr(answer.events[k].kind, ==, "other");
    }
}

/* Bytes of real deliveries changed, doubled and lost at random, rightly signed: nothing breaks, and no event is without its id. */
static void
a_mangled_delivery_breaks_nothing(void)
{
    static const char *const samples[] = {
        "{\"object\":\"instagram\",\"entry\":[{\"id\":\"178\",\"time\":1795000000,\"changes\":[{"
        "\"field\":\"comments\",\"value\":{\"id\":\"c1\",\"from\":{\"id\":\"55\"},\"text\":"
        "\"素敵\","
        "\"media\":{\"id\":\"m1\"}}},{\"field\":\"story_insights\",\"value\":{\"media_id\":\"s\","
        "\"reach\":44}}],\"messaging\":[{\"sender\":{\"id\":\"55\"},\"recipient\":{\"id\":\"178\"},"
        "\"timestamp\":1795000000123,\"message\":{\"mid\":\"d1\",\"text\":\"予約\"}}]}]}",
        "{\"object\":\"page\",\"entry\":[{\"id\":\"178\",\"time\":1,\"changes\":[{\"field\":"
        "\"feed\","
        "\"value\":{\"item\":\"comment\",\"verb\":\"add\",\"comment_id\":\"1_2\",\"post_id\":\"1_"
        "1\","
        "\"created_time\":1794999999}}]}]}",
        "{\"target_id\":\"178\",\"time\":1,\"values\":[{\"field\":\"replies\",\"value\":{\"id\":"
        "\"5\","
        "\"root_post\":{\"id\":\"1\",\"owner_id\":\"178\"},\"timestamp\":"
        "\"2024-08-07T10:33:16+0000\"}}]}",
        "signed_request=AAAA.eyJ1c2VyX2lkIjoiMTc4In0",
    };
    g_autoptr(GRand) random = g_rand_new_with_seed(2026);
    for (int round = 0; round < 20000; round++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(GString) body = g_string_new(samples[round % (int)G_N_ELEMENTS(samples)]);
        for (int n = g_rand_int_range(random, 1, 6); n > 0 && body->len > 2; n--) {
            gsize at = (gsize)g_rand_int_range(random, 0, (int)body->len - 1);
            int what = g_rand_int_range(random, 0, 3);
            if (what == 0)
                body->str[at] = (char)g_rand_int_range(random, 1, 256);
            else if (what == 1)
                g_string_erase(body, (gssize)at,
                               g_rand_int_range(random, 1, (int)MIN(body->len - at, 40) + 1));
            else
                g_string_insert_len(body, (gssize)at, body->str + at / 2,
                                    (gssize)MIN(body->len - at, 30));
        }
        HibNetHookAnswer answer;
        (void)post_as(arena, body->str, SECRET, &answer);
        for (size_t i = 0; i < answer.n_events; i++)
            g_assert_true(answer.events[i].id && answer.events[i].kind);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/networks/meta_hook/" #name, name)
    ADD(the_handshake_needs_our_word);
    ADD(a_wrong_signature_is_refused_before_anything_is_read);
    ADD(instagram_events_are_read_in_both_shapes);
    ADD(instagram_mentions_stories_and_messages);
    ADD(a_page_says_who_wrote_and_what_was_taken_back);
    ADD(threads_has_an_envelope_of_its_own);
    ADD(rights_taken_back_are_signed_another_way);
    ADD(nonsense_that_is_signed_does_no_harm);
    ADD(a_mangled_delivery_breaks_nothing);
    return g_test_run();
}
