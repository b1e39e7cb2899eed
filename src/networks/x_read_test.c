/* Reading from X: numbers in two groups, words as people typed them, mentions, replies and messages, webhooks. */
#include "networks/test_wire.h"
#include "networks/x_private.h"

#include <string.h>

#define NOW (INT64_C(1795000000) * HIB_SECOND) /* 2026-11-18T11:06:40Z */
/* Ids of that day, and of half a year before. */
#define ID_NEW "2122900000000000001"
#define ID_GONE "2122900000000000002"
#define ID_FOREIGN "2122900000000000003"
#define ID_OLD "2068000000000000001"

typedef struct {
    const char *const *answers; /* path's beginning, body, …, ended by NULL: the first that fits */
    GString *seen;              /* the calls, a line each */
    const char *refuse;         /* calls that begin so get 429 */
} Script;

static void
on_call(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    Script *script = data;
    g_string_append_printf(script->seen, "%s\n", call->path);
    if (script->refuse && g_str_has_prefix(call->path, script->refuse)) {
        answer->status = 429;
        answer->body = "{}";
        return;
    }
    for (const char *const *row = script->answers; *row; row += 2)
        if (strstr(call->path, row[0])) {
            answer->body = row[1];
            return;
        }
    answer->status = 404;
    answer->body = "{}";
}

typedef struct {
    Script script;
    TestWire *wire;
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    HibNetContext net;
    HibGrant grant;
} World;

static void
set_up(World *w, const char *const *answers)
{
    *w = (World){.script = {.answers = answers, .seen = g_string_new(NULL)},
                 .arena = hib_arena_new(),
                 .http = hib_http_new(),
                 .clock = hib_clock_manual_new(NOW)};
    w->wire = test_wire_new(on_call, &w->script);
    w->net = (HibNetContext){
        .http = w->http, .arena = w->arena, .clock = w->clock, .may_be_private = true};
    w->grant = (HibGrant){.service = test_wire_url(w->wire),
                          .remote_id = "42",
                          .handle = "hibiki",
                          .access = "token",
                          .extra = ""};
}

static void
tear_down(World *w)
{
    test_wire_free(w->wire);
    hib_clock_free(w->clock);
    hib_http_free(w->http);
    hib_arena_free(w->arena);
    g_string_free(w->script.seen, TRUE);
}

static int64_t
metric(const HibNetReading *row, const char *name)
{
    for (size_t i = 0; i < row->n_metrics; i++)
        if (g_str_equal(row->metrics[i].metric, name))
            return row->metrics[i].value;
    return -1;
}

static void
private_numbers_are_asked_of_recent_posts_and_missing_is_not_zero(void)
{
    static const char *const answers[] = {
        "non_public_metrics",
        "{\"data\":[{\"id\":\"" ID_NEW "\",\"text\":\"a\",\"attachments\":{\"media_keys\":"
        "[\"13_1\"]},\"public_metrics\":{\"retweet_count\":5,\"reply_count\":1,\"like_count\":23,"
        "\"quote_count\":0,\"bookmark_count\":8,\"impression_count\":5432},\"non_public_metrics\":{"
        "\"impression_count\":5432,\"url_link_clicks\":89,\"user_profile_clicks\":15,"
        "\"engagements\":345},\"organic_metrics\":{\"impression_count\":5000}}],\"includes\":{"
        "\"media\":[{\"media_key\":\"13_1\",\"type\":\"video\",\"public_metrics\":{\"view_count\":"
        "1254},\"non_public_metrics\":{\"playback_100_count\":321}}]},\"errors\":[{\"resource_id\":"
        "\"" ID_GONE "\",\"title\":\"Not Found Error\",\"type\":\"https://api.x.com/2/problems/"
        "resource-not-found\"},{\"resource_id\":\"" ID_FOREIGN "\",\"type\":\"https://api.x.com/2/"
        "problems/not-authorized-for-field\"}]}",
        "/2/tweets?ids=" ID_FOREIGN "," ID_OLD,
        "{\"data\":[{\"id\":\"" ID_OLD
        "\",\"public_metrics\":{\"like_count\":7}},{\"id\":\"" ID_FOREIGN
        "\",\"public_metrics\":{\"like_count\":9}}]}",
        NULL};
    static const char *const ids[] = {ID_NEW, ID_GONE, ID_FOREIGN, ID_OLD, "dm/900"};
    HibNetReading rows[5];
    World w;
    set_up(&w, answers);
    g_assert_cmpint(hib_x.read_posts(&w.net, &w.grant, ids, 5, rows).class, ==, HIB_NET_OK);
    g_assert_cmpint(metric(&rows[0], "likes"), ==, 23);
    g_assert_cmpint(metric(&rows[0], "impressions"), ==, 5432);
    g_assert_cmpint(metric(&rows[0], "quotes"), ==, 0);
    g_assert_cmpint(metric(&rows[0], "clicks"), ==, 89);
    g_assert_cmpint(metric(&rows[0], "organic_impressions"), ==, 5000);
    g_assert_cmpint(metric(&rows[0], "video_views"), ==, 1254);
    g_assert_cmpint(metric(&rows[0], "video_100"), ==, 321);
    g_assert_cmpint(metric(&rows[0], "video_25"), ==, -1);
    g_assert_true(rows[1].is_gone);
    g_assert_cmpuint(rows[1].n_metrics, ==, 0);
    g_assert_false(rows[2].is_gone);
    g_assert_cmpint(metric(&rows[2], "likes"), ==, 9);
    g_assert_cmpint(metric(&rows[2], "clicks"), ==, -1);
    g_assert_cmpint(metric(&rows[3], "likes"), ==, 7);
    g_assert_cmpuint(rows[4].n_metrics, ==, 0);
    g_assert_false(rows[4].is_gone);
    g_assert_null(strstr(w.script.seen->str, "dm"));
    tear_down(&w);
}

static void
words_are_those_that_were_typed(void)
{
    static const struct {
        const char *post, *words, *bare; /* kept names, left-out names */
    } cases[] = {
        {"{\"text\":\"a &amp; b &lt;3 &amp;lt;\"}", "a & b <3 &lt;", NULL},
        {"{\"text\":\"@a @b_1 はい @c\"}", "@a @b_1 はい @c", "はい @c"},
        {"{\"text\":\"見て https://t.co/A https://t.co/B\",\"entities\":{\"urls\":[{\"url\":"
         "\"https://t.co/A\",\"expanded_url\":\"https://shop.example/a\"},{\"url\":\"https://t.co/"
         "B\",\"expanded_url\":\"https://x.com/hibiki/status/1/photo/1\"}]}}",
         "見て https://shop.example/a", NULL},
        {"{\"text\":\"https://t.co/B\",\"entities\":{\"urls\":[{\"url\":\"https://t.co/B\","
         "\"expanded_url\":\"https://pic.example\",\"media_key\":\"3_1\"}]}}",
         "", NULL},
        {"{\"text\":\"はじめの…\",\"note_tweet\":{\"text\":\"はじめの &lt; 全文 https://t.co/A\","
         "\"entities\":{\"urls\":[{\"url\":\"https://t.co/A\",\"expanded_url\":\"https://"
         "a.jp\"}]}}}",
         "はじめの < 全文 https://a.jp", NULL},
        {"{\"text\":7}", "", NULL},
        {"{\"text\":\"x\",\"entities\":{\"urls\":[7,{\"url\":\"\"},{}]}}", "x", NULL},
        {"{}", "", NULL},
    };
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibJson post = {0};
        g_assert_true(hib_json_parse(arena, cases[i].post, strlen(cases[i].post), &post, NULL));
        g_assert_cmpstr(hib_x_words(arena, post, true), ==, cases[i].words);
        g_assert_cmpstr(hib_x_words(arena, post, false), ==,
                        cases[i].bare ? cases[i].bare : cases[i].words);
    }
}

#define USERS                                                                                      \
    "\"includes\":{\"users\":[{\"id\":\"7\",\"username\":\"guest\",\"name\":\"お客さま\"}]}"
static const char *const talk_answers[] = {
    "pagination_token=p2",
    "{\"data\":[{\"id\":\"1001\",\"text\":\"@hibiki 古い話\",\"author_id\":\"7\",\"created_at\":"
    "\"2026-11-18T09:00:00Z\"}]," USERS ",\"meta\":{}}",
    "/mentions",
    "{\"data\":[{\"id\":\"1004\",\"text\":\"@hibiki 在庫は？\",\"author_id\":\"7\",\"created_at\":"
    "\"2026-11-18T11:00:00Z\",\"conversation_id\":\"500\",\"in_reply_to_user_id\":\"8\","
    "\"referenced_tweets\":[{\"type\":\"replied_to\",\"id\":\"700\"}]},{\"id\":\"1003\",\"text\":"
    "\"@hibiki いいね\",\"author_id\":\"7\",\"created_at\":\"2026-11-18T10:30:00Z\","
    "\"conversation_id\":\"600\",\"in_reply_to_user_id\":\"42\",\"referenced_tweets\":[{\"type\":"
    "\"replied_to\",\"id\":\"601\"}]},{\"id\":\"1002\",\"text\":\"すごい @hibiki\",\"author_id\":"
    "\"7\",\"created_at\":\"2026-11-18T10:00:00Z\"}]," USERS ",\"meta\":{\"next_token\":\"p2\"}}",
    "/2/dm_events",
    "{\"data\":[{\"id\":\"902\",\"text\":\"了解です\",\"sender_id\":\"42\",\"dm_conversation_id\":"
    "\"42-7\",\"created_at\":\"2026-11-18T10:50:00Z\"},{\"id\":\"901\",\"text\":\"予約したい\","
    "\"sender_id\":\"7\",\"dm_conversation_id\":\"42-7\",\"created_at\":\"2026-11-18T10:45:00Z\"},{"
    "\"id\":\"900\",\"text\":\"前の話\",\"sender_id\":\"7\"}],"
    "" USERS ",\"meta\":{\"next_token\":\"never-asked\"}}",
    NULL};

static void
talk_comes_oldest_first_and_goes_on_from_the_cursor(void)
{
    static const char *const posts[] = {"500", NULL};
    HibNetTalk *talk = NULL;
    size_t n = 0;
    const char *cursor = NULL;
    World w;
    set_up(&w, talk_answers);
    HibNetResult said = hib_x.read_talk(&w.net, &w.grant, posts, "- 900", &talk, &n, &cursor);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 6);
    g_assert_cmpstr(cursor, ==, "1004 902");
    static const char *const order[] = {"1001", "1002", "1003", "dm/901", "dm/902", "1004"};
    for (size_t i = 0; i < n; i++)
        g_assert_cmpstr(talk[i].remote_id, ==, order[i]);
    g_assert_cmpint(talk[1].kind, ==, HIB_TALK_MENTION);
    g_assert_null(talk[1].post_id);
    g_assert_cmpstr(talk[1].author_handle, ==, "guest");
    g_assert_cmpstr(talk[1].author_name, ==, "お客さま");
    g_assert_cmpstr(talk[1].url, ==, "https://x.com/guest/status/1002");
    g_assert_cmpint(talk[2].kind, ==, HIB_TALK_COMMENT); /* answers us somewhere */
    g_assert_cmpstr(talk[2].post_id, ==, "601");
    g_assert_null(talk[2].parent_id);
    g_assert_cmpint(talk[5].kind, ==, HIB_TALK_COMMENT); /* answers a guest under our post */
    g_assert_cmpstr(talk[5].post_id, ==, "500");
    g_assert_cmpstr(talk[5].parent_id, ==, "700");
    g_assert_cmpint(talk[3].kind, ==, HIB_TALK_MESSAGE);
    g_assert_cmpstr(talk[3].conversation, ==, "7");
    g_assert_false(talk[3].is_own);
    g_assert_true(talk[4].is_own);
    g_assert_cmpstr(talk[4].conversation, ==, "7");

    g_string_truncate(w.script.seen, 0);
    said = hib_x.read_talk(&w.net, &w.grant, posts, cursor, &talk, &n, &cursor);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 0);
    g_assert_cmpstr(cursor, ==, "1004 902");
    g_assert_nonnull(strstr(w.script.seen->str, "since_id=1004"));
    tear_down(&w);
}

static void
mentions_count_though_messages_must_wait(void)
{
    HibNetTalk *talk = NULL;
    size_t n = 0;
    const char *cursor = NULL;
    World w;
    set_up(&w, talk_answers);
    w.script.refuse = "/2/dm_events";
    HibNetResult said = hib_x.read_talk(&w.net, &w.grant, NULL, "1002 899", &talk, &n, &cursor);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 2);
    g_assert_cmpstr(cursor, ==, "1004 899");
    tear_down(&w);
}

/* --- webhooks ------------------------------------------------------------------------------------------------------ */
static const char *
header(void *data, const char *name)
{
    return g_hash_table_lookup(data, name);
}

static bool
deliver(HibArena *arena, const char *body, const char *name, const char *signature,
        HibNetHookAnswer *ret)
{
    g_autoptr(GHashTable) headers = g_hash_table_new(g_str_hash, g_str_equal);
    if (signature)
        g_hash_table_insert(headers, (void *)name, (void *)signature);
    const HibNetHookCall call = {.method = "POST",
                                 .header = header,
                                 .data = headers,
                                 .body = body,
                                 .n_body = strlen(body),
                                 .secret = "secret",
                                 .now = NOW};
    return hib_x.hook(arena, &call, ret);
}

static bool
deliver_signed(HibArena *arena, const char *body, HibNetHookAnswer *ret)
{
    const char *sum = hib_net_hmac(arena, "secret", body, strlen(body), false);
    return deliver(arena, body, "x-twitter-webhooks-signature-oauth2",
                   hib_arena_printf(arena, "sha256=%s", sum), ret);
}

static void
the_challenge_is_answered_with_our_secret(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetHookAnswer answer;
    HibNetHookCall call = {.method = "GET",
                           .query = "crc_token=a%2Bb&nonce=1",
                           .secret = "secret",
                           .header = header,
                           .body = ""};
    g_assert_true(hib_x.hook(arena, &call, &answer));
    /* printf 'a+b' | openssl dgst -sha256 -hmac secret -binary | base64 */
    g_assert_cmpstr(answer.reply, ==,
                    "{\"response_token\":\"sha256=24yO33pctlLSt8TbnXYrsA27vFXc1MkuoxtteSGay68=\"}");
    call.query = "nonce=1";
    g_assert_false(hib_x.hook(arena, &call, &answer));
    call.query = NULL;
    g_assert_false(hib_x.hook(arena, &call, &answer));
    call.secret = "";
    g_assert_true(hib_x.hook(arena, &call, &answer));
    g_assert_true(answer.is_refused);
}

static void
what_is_not_signed_with_our_secret_is_refused(void)
{
    static const char body[] =
        "{\"data\":{\"event_uuid\":\"1\",\"event_type\":\"like.create\",\"payload\":{}}}";
    static const char *const names[] = {"x-twitter-webhooks-signature-oauth2",
                                        "x-twitter-webhooks-signature"};
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetHookAnswer answer;
    const char *sum = hib_net_hmac(arena, "secret", body, strlen(body), false);
    const char *right = hib_arena_printf(arena, "sha256=%s", sum);
    const char *other = hib_arena_printf(arena, "sha256=%s",
                                         hib_net_hmac(arena, "other", body, strlen(body), false));
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_assert_true(deliver(arena, body, names[i], right, &answer));
        g_assert_false(answer.is_refused);
        g_assert_cmpuint(answer.n_events, ==, 1);
        g_assert_cmpstr(answer.events[0].kind, ==, "other");
        const char *const wrong[] = {other, sum, "sha256=", "", NULL};
        for (size_t k = 0; k < G_N_ELEMENTS(wrong); k++) {
            g_assert_true(deliver(arena, body, names[i], wrong[k], &answer));
            g_assert_true(answer.is_refused);
            g_assert_cmpuint(answer.n_events, ==, 0);
        }
    }
}

#define EVENT(type, payload)                                                                       \
    "{\"data\":{\"event_uuid\":\"-77\",\"filter\":{\"user_id\":\"42\"},\"event_type\":\"" type     \
    "\",\"payload\":" payload ",\"includes\":{\"users\":[{\"id\":\"7\",\"username\":\"guest\","    \
    "\"name\":\"お客さま\"}]}}}"

static void
events_are_read_as_what_they_are(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetHookAnswer answer;
    g_assert_true(deliver_signed(arena,
                                 EVENT("post.mention.create",
                                       "{\"id\":\"1002\",\"author_id\":\"7\",\"text\":\"すごい "
                                       "@hibiki\",\"created_at\":\"2026-11-18T10:00:00Z\"}"),
                                 &answer));
    g_assert_cmpstr(answer.events[0].kind, ==, "talk");
    g_assert_cmpstr(answer.events[0].id, ==, "-77");
    g_assert_cmpstr(answer.events[0].account, ==, "42");
    g_assert_cmpint(answer.events[0].talk.kind, ==, HIB_TALK_MENTION);
    g_assert_cmpstr(answer.events[0].talk.author_name, ==, "お客さま");

    g_assert_true(deliver_signed(
        arena,
        EVENT("post.reply.create",
              "{\"id\":\"1003\",\"author_id\":\"7\",\"text\":\"@hibiki はい\",\"conversation_id\":"
              "\"500\",\"in_reply_to_user_id\":\"42\",\"referenced_tweets\":[{\"type\":\"replied_"
              "to\",\"id\":\"501\"}]}"),
        &answer));
    g_assert_cmpint(answer.events[0].talk.kind, ==, HIB_TALK_COMMENT);
    g_assert_cmpstr(answer.events[0].talk.post_id, ==, "500");
    g_assert_cmpstr(answer.events[0].talk.parent_id, ==, "501");

    static const char dm[] =
        "{\"direct_message_events\":[{\"type\":\"message_create\",\"id\":\"901\",\"created_"
        "timestamp\":\"1795000000123\",\"message_create\":{\"target\":{\"recipient_id\":\"42\"},"
        "\"sender_id\":\"7\",\"message_data\":{\"text\":\"予約\",\"attachment\":{\"type\":"
        "\"media\","
        "\"media\":{\"type\":\"photo\",\"media_url_https\":\"https://t.example/1.jpg\",\"ext_alt_"
        "text\":\"席\"}}}}},{\"type\":\"message_create\","
        "\"id\":\"902\",\"created_timestamp\":\"1795000001123\",\"message_create\":{\"target\":{"
        "\"recipient_id\":\"7\"},\"sender_id\":\"42\",\"message_data\":{\"text\":\"了解\","
        "\"attachment\":{\"media\":{"
        "\"type\":\"video\",\"media_url_https\":\"https://t.example/2.jpg\",\"video_info\":{"
        "\"variants\":[{\"content_type\":\"application/x-mpegURL\",\"url\":\"https://t.example/"
        "2.m3u8\"},{\"content_type\":\"video/mp4\",\"url\":\"https://t.example/2.mp4\"}]}}}}}},{"
        "\"id\":\"x\"}],\"users\":{\"7\":{\"data\":{\"username\":\"guest\",\"name\":\"客\"}}}}";
    const char *body = hib_arena_printf(arena,
                                        "{\"data\":{\"event_uuid\":\"-78\",\"filter\":{\"user_id\":"
                                        "\"42\"},\"event_type\":\"dm.received\",\"payload\":%s}}",
                                        dm);
    g_assert_true(deliver_signed(arena, body, &answer));
    g_assert_cmpuint(answer.n_events, ==, 2);
    g_assert_cmpstr(answer.events[0].id, ==, "-78");
    g_assert_cmpstr(answer.events[1].id, ==, "-78/1");
    g_assert_cmpstr(answer.events[0].talk.remote_id, ==, "dm/901");
    g_assert_cmpstr(answer.events[0].talk.conversation, ==, "7");
    g_assert_cmpstr(answer.events[0].talk.author_handle, ==, "guest");
    g_assert_cmpint(answer.events[0].at, ==, NOW + 123 * HIB_MILLISECOND);
    g_assert_cmpuint(answer.events[0].talk.n_attachments, ==, 1);
    g_assert_cmpint(answer.events[0].talk.attachments[0].kind, ==, HIB_ATTACH_IMAGE);
    g_assert_cmpstr(answer.events[0].talk.attachments[0].url, ==, "https://t.example/1.jpg");
    g_assert_cmpstr(answer.events[0].talk.attachments[0].title, ==, "席");
    g_assert_cmpint(answer.events[1].talk.attachments[0].kind, ==, HIB_ATTACH_VIDEO);
    g_assert_cmpstr(answer.events[1].talk.attachments[0].url, ==, "https://t.example/2.mp4");
    g_assert_true(answer.events[1].talk.is_own);
    g_assert_cmpstr(answer.events[1].talk.conversation, ==, "7");

    static const struct {
        const char *body, *kind, *remote_id;
    } cases[] = {
        {EVENT("follow.follow",
               "{\"source\":{\"data\":{\"id\":\"7\"}},\"target\":{\"data\":{\"id\":\"42\"}}}"),
         "follow", "7"},
        {EVENT("follow.unfollow",
               "{\"source\":{\"data\":{\"id\":\"7\"}},\"target\":{\"data\":{\"id\":\"42\"}}}"),
         "unfollow", "7"},
        {EVENT("follow.follow",
               "{\"source\":{\"data\":{\"id\":\"42\"}},\"target\":{\"data\":{\"id\":\"7\"}}}"),
         "other", NULL},
        {EVENT("post.create", "{\"id\":\"1009\"}"), "publish", "1009"},
        {EVENT("oauth.revoke", "{}"), "deauthorized", NULL},
        {EVENT("something.new", "{}"), "other", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_assert_true(deliver_signed(arena, cases[i].body, &answer));
        g_assert_cmpstr(answer.events[0].kind, ==, cases[i].kind);
        g_assert_cmpstr(answer.events[0].remote_id, ==, cases[i].remote_id);
    }
    static const char *const broken[] = {"",
                                         "[]",
                                         "{}",
                                         "{\"data\":[]}",
                                         "{\"data\":{}}",
                                         EVENT("post.mention.create", "{\"id\":\"x\"}")};
    for (size_t i = 0; i < G_N_ELEMENTS(broken); i++)
        g_assert_false(deliver_signed(arena, broken[i], &answer));
}

static const char *const samples[] = {
    EVENT("post.reply.create", "{\"id\":\"1003\",\"author_id\":\"7\",\"text\":\"@hibiki &amp; はい "
                               "https://t.co/A\",\"entities\":{"
                               "\"urls\":[{\"url\":\"https://t.co/A\",\"expanded_url\":\"https://"
                               "a.jp\"}]},\"conversation_id\":"
                               "\"500\",\"in_reply_to_user_id\":\"42\",\"referenced_tweets\":[{"
                               "\"type\":\"replied_to\",\"id\":"
                               "\"501\"}],\"created_at\":\"2026-11-18T10:00:00Z\"}"),
    EVENT("dm.received",
          "{\"direct_message_events\":[{\"id\":\"901\",\"created_timestamp\":\"1795000000123\","
          "\"message_create\":{\"target\":{\"recipient_id\":\"42\"},\"sender_id\":\"7\",\"message_"
          "data\":{"
          "\"text\":\"予約\"}}}],\"users\":{\"7\":{\"data\":{\"username\":\"guest\"}}}}"),
    EVENT("follow.follow",
          "{\"source\":{\"data\":{\"id\":\"7\"}},\"target\":{\"data\":{\"id\":\"42\"}}}"),
};

/* Bytes of real deliveries changed, doubled and lost at random, rightly signed: nothing breaks, and no event is without its id. */
static void
a_mangled_delivery_breaks_nothing(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(8470);
    for (int round = 0; round < 20000; round++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(GString) body = g_string_new(samples[round % (int)G_N_ELEMENTS(samples)]);
        for (int n = g_rand_int_range(random, 1, 6); n > 0 && body->len > 2; n--) {
            gsize at = (gsize)g_rand_int_range(random, 0, (int)body->len - 1);
            int what = g_rand_int_range(random, 0, 4);
            if (what == 0)
                body->str[at] = "{}[]\",:0a<>/&\\"[g_rand_int_range(random, 0, 15)];
            else if (what == 1)
                g_string_erase(body, (gssize)at,
                               g_rand_int_range(random, 1, (int)MIN(body->len - at, 40) + 1));
            else if (what == 2)
                g_string_insert_len(body, (gssize)at, body->str + at / 2,
                                    (gssize)MIN(body->len - at, 30));
            else
                body->str[at] = (char)g_rand_int_range(random, 1, 256);
        }
        HibNetHookAnswer answer;
        (void)deliver_signed(arena, body->str, &answer);
        for (size_t i = 0; i < answer.n_events; i++)
            g_assert_true(answer.events[i].id && answer.events[i].kind);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/networks/x/private_numbers_are_asked_of_recent_posts_and_missing_is_not_zero",
                    private_numbers_are_asked_of_recent_posts_and_missing_is_not_zero);
    g_test_add_func("/networks/x/words_are_those_that_were_typed", words_are_those_that_were_typed);
    g_test_add_func("/networks/x/talk_comes_oldest_first_and_goes_on_from_the_cursor",
                    talk_comes_oldest_first_and_goes_on_from_the_cursor);
    g_test_add_func("/networks/x/mentions_count_though_messages_must_wait",
                    mentions_count_though_messages_must_wait);
    g_test_add_func("/networks/x/the_challenge_is_answered_with_our_secret",
                    the_challenge_is_answered_with_our_secret);
    g_test_add_func("/networks/x/what_is_not_signed_with_our_secret_is_refused",
                    what_is_not_signed_with_our_secret_is_refused);
    g_test_add_func("/networks/x/events_are_read_as_what_they_are",
                    events_are_read_as_what_they_are);
    g_test_add_func("/networks/x/a_mangled_delivery_breaks_nothing",
                    a_mangled_delivery_breaks_nothing);
    return g_test_run();
}
