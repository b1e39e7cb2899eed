/* Webhooks of LINE: signatures over bodies as LINE's documentation has them, and every kind of event. */
#include "networks/line_private.h"

#include <string.h>

#define SECRET "8c570fa6dd201bb328f1c1eac23a96d8"
#define EVENT(type, more)                                                                          \
    "{\"type\":\"" type "\",\"mode\":\"active\",\"timestamp\":1692251666727,\"webhookEventId\":"   \
    "\"01H810YECXQQZ37VAXPF6H9E6T\",\"deliveryContext\":{\"isRedelivery\":false},\"source\":{"     \
    "\"type\":\"user\",\"userId\":\"U80696558e1aa831\"}" more "}"
#define BODY(events) "{\"destination\":\"Uaccount\",\"events\":[" events "]}"

static const char *
header(void *data, const char *name)
{
    return g_str_equal(name, "x-line-signature") ? data : NULL;
}

static bool
hear(HibArena *arena, const char *body, const char *signature, HibNetHookAnswer *ret)
{
    const HibNetHookCall call = {.method = "POST",
                                 .header = header,
                                 .data = (void *)signature,
                                 .body = body,
                                 .n_body = strlen(body),
                                 .secret = SECRET};
    return hib_line.hook(arena, &call, ret);
}

static HibNetHookEvent
heard(HibArena *arena, const char *body)
{
    HibNetHookAnswer answer;
    g_assert_true(
        hear(arena, body, hib_net_hmac(arena, SECRET, body, strlen(body), false), &answer));
    g_assert_false(answer.is_refused);
    g_assert_cmpuint(answer.n_events, ==, 1);
    return answer.events[0];
}

/* The vector of LINE's own SDK tests: this secret and body have this signature. */
static void
the_signature_is_lines(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetHookAnswer answer;
    static const char body[] =
        "{\"destination\":\"U8e742f61d673b39c7fff3cecb7536ef0\",\"events\":[]}";
    static const char right[] = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=";
    g_assert_true(hear(arena, body, right, &answer));
    g_assert_false(answer.is_refused);
    g_assert_cmpuint(answer.n_events, ==, 0); /* LINE's own test of the address */
    static const char *const wrong[] = {
        NULL, "", "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLt=", "GhRKmvmHys4Pi8DxkF4"};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_assert_true(hear(arena, body, wrong[i], &answer));
        g_assert_true(answer.is_refused);
        g_assert_cmpuint(answer.n_events, ==, 0);
    }
}

static void
no_secret_refuses_everything(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetHookAnswer answer;
    HibNetHookCall call = {.header = header, .body = BODY(""), .n_body = strlen(BODY(""))};
    call.data = (void *)hib_net_hmac(arena, "", call.body, call.n_body, false);
    g_assert_true(hib_line.hook(arena, &call, &answer));
    g_assert_true(answer.is_refused);
    call.secret = "";
    g_assert_true(hib_line.hook(arena, &call, &answer));
    g_assert_true(answer.is_refused);
}

static void
a_message_has_all_that_an_answer_needs(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetHookEvent event =
        heard(arena, BODY(EVENT("message",
                                ",\"replyToken\":\"38ef843bde154d9b\",\"message\":{\"type\":"
                                "\"text\",\"id\":\"444573844083572737\",\"text\":\"あいてますか\","
                                "\"quotedMessageId\":\"44\"}")));
    HibInstant at = 0;
    g_assert_cmpstr(event.kind, ==, "talk");
    g_assert_cmpstr(event.id, ==, "01H810YECXQQZ37VAXPF6H9E6T");
    g_assert_cmpstr(event.account, ==, "Uaccount");
    g_assert_cmpint(event.talk.kind, ==, HIB_TALK_MESSAGE);
    g_assert_cmpstr(event.talk.remote_id, ==, "444573844083572737");
    g_assert_cmpstr(event.talk.text, ==, "あいてますか");
    g_assert_cmpstr(event.talk.parent_id, ==, "44");
    g_assert_cmpstr(event.talk.author_id, ==, "U80696558e1aa831");
    g_assert_cmpstr(event.talk.conversation, ==, "U80696558e1aa831");
    g_assert_cmpint(event.talk.at, ==, INT64_C(1692251666727) * HIB_MILLISECOND);
    g_assert_cmpstr(hib_line_reply_token(arena, event.talk.reply_token, &at), ==,
                    "38ef843bde154d9b");
    g_assert_cmpint(at, ==, event.talk.at);
}

static void
what_has_no_text_shows_what_it_is(void)
{
    static const struct {
        const char *message, *text;
    } cases[] = {
        {"{\"type\":\"image\",\"id\":\"1\",\"contentProvider\":{\"type\":\"line\"}}", "🖼"},
        {"{\"type\":\"video\",\"id\":\"1\"}", "🎬"},
        {"{\"type\":\"audio\",\"id\":\"1\"}", "🎙"},
        {"{\"type\":\"file\",\"id\":\"1\",\"fileName\":\"請求書.pdf\"}", "📎 請求書.pdf"},
        {"{\"type\":\"location\",\"id\":\"1\",\"address\":\"東京都新宿区\"}", "📍 東京都新宿区"},
        {"{\"type\":\"sticker\",\"id\":\"1\"}", "🙂"},
        {"{\"type\":\"hologram\",\"id\":\"1\"}", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        HibNetHookEvent event =
            heard(arena, hib_arena_printf(arena, BODY(EVENT("message", ",\"message\":%s")),
                                          cases[i].message));
        g_assert_cmpstr(event.kind, ==, "talk");
        g_assert_cmpstr(event.talk.text, ==, cases[i].text);
        g_assert_cmpstr(event.talk.reply_token, ==, NULL);
    }
}

static HibNetAttachment
attached(HibArena *arena, const char *message)
{
    HibNetHookEvent event =
        heard(arena, hib_arena_printf(arena, BODY(EVENT("message", ",\"message\":%s")), message));
    g_assert_cmpuint(event.talk.n_attachments, ==, 1);
    return event.talk.attachments[0];
}

static void
what_came_with_it_is_told(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetAttachment one = attached(
        arena, "{\"type\":\"image\",\"id\":\"77\",\"contentProvider\":{\"type\":\"line\"}}");
    g_assert_cmpint(one.kind, ==, HIB_ATTACH_IMAGE);
    g_assert_cmpstr(one.content_id, ==, "77");
    one = attached(arena,
                   "{\"type\":\"image\",\"id\":\"78\",\"contentProvider\":{\"type\":\"external\","
                   "\"originalContentUrl\":\"https://e.example/a.jpg\"}}");
    g_assert_cmpstr(one.url, ==, "https://e.example/a.jpg");
    g_assert_null(one.content_id);
    one = attached(arena,
                   "{\"type\":\"location\",\"id\":\"79\",\"title\":\"本店\",\"address\":\"東京都\","
                   "\"latitude\":35.5,\"longitude\":139.25}");
    g_assert_true(one.kind == HIB_ATTACH_LOCATION && one.has_place && one.latitude == 35.5);
    g_assert_cmpstr(one.title, ==, "本店");
    one = attached(arena, "{\"type\":\"sticker\",\"id\":\"80\",\"text\":\"ありがとう\"}");
    g_assert_true(one.kind == HIB_ATTACH_STICKER && !one.content_id);
    g_assert_cmpstr(one.title, ==, "ありがとう");
    one = attached(arena, "{\"type\":\"sticker\",\"id\":\"81\",\"packageId\":\"446\",\"stickerId\":"
                          "\"1988\",\"keywords\":[\"love\",7,\"\",\"happy\"]}");
    g_assert_cmpstr(one.content_id, ==, "sticker:1988");
    g_assert_cmpstr(one.title, ==, "love, happy");
    one = attached(arena, "{\"type\":\"sticker\",\"id\":\"82\",\"stickerId\":\"1/../2\"}");
    g_assert_null(one.content_id);
}

static void
every_other_event_is_what_it_is(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetHookEvent event =
        heard(arena, BODY(EVENT("follow", ",\"follow\":{\"isUnblocked\":false}")));
    g_assert_cmpstr(event.kind, ==, "follow");
    g_assert_cmpstr(event.remote_id, ==, "U80696558e1aa831");
    event = heard(arena, BODY(EVENT("unfollow", "")));
    g_assert_cmpstr(event.kind, ==, "unfollow");
    g_assert_cmpstr(event.remote_id, ==, "U80696558e1aa831");
    event = heard(arena, BODY(EVENT("unsend", ",\"unsend\":{\"messageId\":\"325708\"}")));
    g_assert_cmpstr(event.kind, ==, "talk");
    g_assert_true(event.talk.is_deleted);
    g_assert_cmpstr(event.talk.remote_id, ==, "325708");
    event = heard(arena, BODY(EVENT("postback", ",\"postback\":{\"data\":\"storeId=12\"}")));
    g_assert_cmpstr(event.kind, ==, "talk");
    g_assert_cmpstr(event.talk.text, ==, "▶ storeId=12");
    event = heard(arena, BODY(EVENT("beacon", ",\"beacon\":{\"hwid\":\"d41d8cd98f\"}")));
    g_assert_cmpstr(event.kind, ==, "other");
    event = heard(arena,
                  BODY("{\"type\":\"message\",\"mode\":\"standby\",\"timestamp\":1692251666727,"
                       "\"webhookEventId\":\"a\",\"replyToken\":\"r\",\"source\":{\"type\":"
                       "\"group\",\"groupId\":\"Cgroup\",\"userId\":\"U1\"},\"message\":{\"type\":"
                       "\"text\",\"id\":\"1\",\"text\":\"x\"}}"));
    g_assert_cmpstr(event.talk.conversation, ==, "Cgroup");
    g_assert_cmpstr(event.talk.author_id, ==, "U1");
    g_assert_cmpstr(event.talk.reply_token, ==, NULL); /* another service has the floor */
}

static void
signed_nonsense_is_no_event(void)
{
    static const struct {
        const char *body;
        bool is_understood;
    } cases[] = {
        {"", false},
        {"[]", false},
        {"{\"events\":5}", false},
        {BODY("5"), true},
        {BODY("{\"type\":\"message\"}"), true},
        {BODY("{\"type\":\"message\",\"webhookEventId\":\"\",\"timestamp\":1}"), true},
        {BODY("{\"type\":\"message\",\"webhookEventId\":\"a\",\"timestamp\":-1}"), true},
        {BODY("{\"type\":\"message\",\"webhookEventId\":\"a\",\"timestamp\":1e300}"), true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        HibNetHookAnswer answer;
        const char *sign = hib_net_hmac(arena, SECRET, cases[i].body, strlen(cases[i].body), false);
        g_test_message("case %zu", i);
        g_assert_cmpint(hear(arena, cases[i].body, sign, &answer), ==, cases[i].is_understood);
        g_assert_cmpuint(answer.n_events, ==, 0);
    }
}

static void
a_reply_token_without_its_time_is_none(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    static const char *const bad[] = {NULL, "", "abc", "abc@", "@1692251666727", "abc@-5", "abc@x"};
    HibInstant at;
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_null(hib_line_reply_token(arena, bad[i], &at));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/networks/line_hook/" #name, name)
    TEST(the_signature_is_lines);
    TEST(no_secret_refuses_everything);
    TEST(a_message_has_all_that_an_answer_needs);
    TEST(what_has_no_text_shows_what_it_is);
    TEST(what_came_with_it_is_told);
    TEST(every_other_event_is_what_it_is);
    TEST(signed_nonsense_is_no_event);
    TEST(a_reply_token_without_its_time_is_none);
    return g_test_run();
}
