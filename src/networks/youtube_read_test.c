/* Reading from YouTube: numbers of now and of Analytics, comments with their answers, changing and removing, notices of the hub. */
#include "networks/test_wire.h"
#include "networks/youtube_private.h"

#include <string.h>

#define NOW (INT64_C(1795000000) * HIB_SECOND) /* 2026-11-18T11:06:40Z */

typedef struct {
    const char *const *answers; /* in the path, body, …, ended by NULL: the first that fits */
    GString *seen;              /* the calls, a line each */
    char body[4000];            /* of the last call that had one */
    int refusal;                /* Analytics answers that; 0: as scripted */
} Script;

static void
on_call(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    Script *script = data;
    g_string_append_printf(script->seen, "%s %s\n", call->method, call->path);
    if (call->n_body)
        g_strlcpy(script->body, call->body, sizeof script->body);
    if (script->refusal && g_str_has_prefix(call->path, "/v2/reports")) {
        answer->status = script->refusal;
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
                          .remote_id = "UCown",
                          .handle = "@hibiki",
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

/* --- numbers ---------------------------------------------------------------------------------------------------------- */
static const char *const number_answers[] = {
    "/youtube/v3/videos",
    "{\"items\":[{\"id\":\"video-00001\",\"status\":{\"uploadStatus\":\"processed\"},"
    "\"statistics\":{\"viewCount\":\"1234\",\"likeCount\":\"56\",\"favoriteCount\":\"0\","
    "\"commentCount\":\"0\"}},{\"id\":\"video-00002\",\"status\":{\"uploadStatus\":\"rejected\","
    "\"rejectionReason\":\"duplicate\"},\"statistics\":{}},{\"id\":\"video-00004\",\"statistics\":{"
    "\"viewCount\":\"-1\",\"likeCount\":\"x\"}}]}",
    "/youtube/v3/comments?",
    "{\"items\":[{\"id\":\"UgThread\",\"snippet\":{\"likeCount\":3}}]}",
    "/v2/reports",
    "{\"columnHeaders\":[{\"name\":\"video\"},{\"name\":\"views\"},{\"name\":"
    "\"estimatedMinutesWatched\"},{\"name\":\"averageViewDuration\"},{\"name\":"
    "\"averageViewPercentage\"},{\"name\":\"shares\"},{\"name\":\"subscribersGained\"},{\"name\":"
    "\"subscribersLost\"}],\"rows\":[[\"video-00001\",1200,90,27,64.6,4,2,0],[\"another-one\",1,1,"
    "1,1,1,1,1],[7],[]]}",
    "/youtube/v3/channels",
    "{\"items\":[{\"id\":\"UCown\",\"statistics\":{\"viewCount\":\"99999\",\"subscriberCount\":"
    "\"1230\",\"hiddenSubscriberCount\":false,\"videoCount\":\"12\"}}]}",
    NULL};

static void
numbers_of_now_and_of_analytics_stand_together(void)
{
    static const char *const ids[] = {
        "video-00001", "video-00002", "video-00003", "UgThread", "UgGone", "video-00004", "?"};
    HibNetReading rows[7];
    World w;
    set_up(&w, number_answers);
    g_assert_cmpint(hib_youtube.read_posts(&w.net, &w.grant, ids, 7, rows).class, ==, HIB_NET_OK);
    g_assert_cmpint(metric(&rows[0], "views"), ==, 1234);
    g_assert_cmpint(metric(&rows[0], "likes"), ==, 56);
    g_assert_cmpint(metric(&rows[0], "replies"), ==, 0);
    g_assert_cmpint(metric(&rows[0], "watch_ms"), ==, 90 * 60000);
    g_assert_cmpint(metric(&rows[0], "avg_watch_ms"), ==, 27000);
    g_assert_cmpint(metric(&rows[0], "completion"), ==, 65);
    g_assert_cmpint(metric(&rows[0], "shares"), ==, 4);
    g_assert_cmpint(metric(&rows[0], "follows"), ==, 2);
    g_assert_cmpint(metric(&rows[0], "unfollows"), ==, 0);
    g_assert_false(rows[0].is_gone);
    g_assert_true(rows[1].is_gone); /* rejected: nobody can watch it */
    g_assert_true(rows[2].is_gone); /* not listed any more */
    g_assert_false(rows[3].is_gone);
    g_assert_cmpint(metric(&rows[3], "likes"), ==, 3);
    g_assert_true(rows[4].is_gone);
    g_assert_false(rows[5].is_gone);
    g_assert_cmpuint(rows[5].n_metrics, ==, 0); /* missing is not zero */
    g_assert_false(rows[6].is_gone);
    g_assert_nonnull(strstr(w.script.seen->str, "endDate=2026-11-18"));
    g_assert_nonnull(strstr(w.script.seen->str, "filters=video%3D%3Dvideo-00001%2Cvideo-00004"));
    tear_down(&w);
}

static void
without_analytics_the_numbers_of_now_stand_alone(void)
{
    static const char *const ids[] = {"video-00001"};
    static const struct {
        int refusal;
        HibNetClass class;
    } cases[] = {{403, HIB_NET_OK}, {500, HIB_NET_OK}, {401, HIB_NET_REFRESH_AUTH}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibNetReading row;
        World w;
        set_up(&w, number_answers);
        w.script.refusal = cases[i].refusal;
        g_assert_cmpint(hib_youtube.read_posts(&w.net, &w.grant, ids, 1, &row).class, ==,
                        cases[i].class);
        g_assert_cmpint(metric(&row, "views"), ==, 1234);
        g_assert_cmpint(metric(&row, "watch_ms"), ==, -1);
        tear_down(&w);
    }
}

static void
the_channel_has_its_numbers_but_not_hidden_ones(void)
{
    static const char *const hidden[] = {"/youtube/v3/channels",
                                         "{\"items\":[{\"id\":\"UCown\",\"statistics\":{"
                                         "\"viewCount\":\"5\",\"subscriberCount\":\"0\","
                                         "\"hiddenSubscriberCount\":true,\"videoCount\":\"1\"}}]}",
                                         NULL};
    HibNetReading row;
    World w;
    set_up(&w, number_answers);
    g_assert_cmpint(hib_youtube.read_account(&w.net, &w.grant, &row).class, ==, HIB_NET_OK);
    g_assert_cmpint(metric(&row, "followers"), ==, 1230);
    g_assert_cmpint(metric(&row, "posts"), ==, 12);
    g_assert_cmpint(metric(&row, "account_views"), ==, 99999);
    tear_down(&w);
    set_up(&w, hidden);
    g_assert_cmpint(hib_youtube.read_account(&w.net, &w.grant, &row).class, ==, HIB_NET_OK);
    g_assert_cmpint(metric(&row, "followers"), ==, -1);
    g_assert_cmpint(metric(&row, "posts"), ==, 1);
    tear_down(&w);
}

/* --- talk -------------------------------------------------------------------------------------------------------------- */
#define COMMENT(id, who, name, at, text)                                                           \
    "{\"id\":\"" id "\",\"snippet\":{\"textOriginal\":\"" text "\",\"authorDisplayName\":\"" name  \
    "\",\"authorChannelId\":{\"value\":\"" who "\"},\"publishedAt\":\"" at "\",\"parentId\":"
#define THREAD(id, video, at, text, n, replies)                                                    \
    "{\"id\":\"" id "\",\"snippet\":{\"videoId\":\"" video "\",\"totalReplyCount\":" n             \
    ",\"topLevelComment\":" COMMENT(id, "UCguest", "@guest", at, text) "null}}},\"replies\":{"     \
                                                                       "\"comments\":[" replies    \
                                                                       "]}}"
static const char *const talk_answers[] = {
    "pageToken=p2",
    "{\"items\":[" THREAD("UgOld", "video-00002", "2026-10-01T00:00:00Z", "昔の話", "1",
                          COMMENT("UgOld.9late", "UCguest", "@guest", "2026-11-18T09:30:00Z",
                                  "今ごろですが") "\"UgOld\"}}") "]}",
    "parentId=UgMany",
    "{\"items\":[" COMMENT("UgMany.9a", "UCguest", "@guest", "2026-11-18T10:10:00Z",
                           "一つ目") "\"UgMany\"}}," COMMENT("UgMany.9b", "UCown", "@hibiki",
                                                             "2026-11-18T10:20:00Z",
                                                             "お店です") "\"UgMany\"}}]}",
    "/commentThreads",
    "{\"nextPageToken\":\"p2\",\"items\":[" THREAD("UgMany", "video-00001", "2026-11-18T10:00:00Z",
                                                   "すてき", "2", "") ",7,{}]}",
    NULL};

static void
comments_come_oldest_first_with_late_answers_and_go_on_from_the_cursor(void)
{
    static const char *const order[] = {"UgOld.9late", "UgMany", "UgMany.9a", "UgMany.9b"};
    HibNetTalk *talk = NULL;
    size_t n = 0;
    const char *cursor = NULL;
    World w;
    set_up(&w, talk_answers);
    HibNetResult said =
        hib_youtube.read_talk(&w.net, &w.grant, NULL, "2026-11-18T09:00:00Z", &talk, &n, &cursor);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 4);
    for (size_t i = 0; i < n; i++)
        g_assert_cmpstr(talk[i].remote_id, ==, order[i]);
    g_assert_cmpstr(cursor, ==, "2026-11-18T10:20:00Z");
    g_assert_cmpstr(talk[0].post_id, ==, "video-00002");
    g_assert_cmpstr(talk[0].parent_id, ==, "UgOld");
    g_assert_cmpstr(talk[1].author_handle, ==, "@guest");
    g_assert_cmpstr(talk[1].author_id, ==, "UCguest");
    g_assert_null(talk[1].parent_id);
    g_assert_cmpstr(talk[1].url, ==, "https://www.youtube.com/watch?v=video-00001&lc=UgMany");
    g_assert_true(talk[3].is_own);
    said = hib_youtube.read_talk(&w.net, &w.grant, NULL, cursor, &talk, &n, &cursor);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 1); /* of the cursor's own second, under the same id */
    g_assert_cmpstr(talk[0].remote_id, ==, "UgMany.9b");
    tear_down(&w);
}

/* --- changing ------------------------------------------------------------------------------------------------------------ */
static void
a_change_keeps_what_was_not_changed(void)
{
    static const char *const answers[] = {
        "/youtube/v3/videos",
        "{\"items\":[{\"id\":\"video-00001\",\"snippet\":{\"title\":\"前の題\",\"description\":"
        "\"前\","
        "\"categoryId\":\"26\",\"tags\":[\"珈琲\"],\"defaultLanguage\":\"ja\",\"channelId\":"
        "\"UCown\"}}]}",
        "/youtube/v3/comments", "{\"id\":\"UgThread\"}", NULL};
    HibNetPublished out;
    World w;
    set_up(&w, answers);
    HibNetPost post = {.format = HIB_FORMAT_VIDEO, .text = "新しい説明"};
    g_assert_cmpint(hib_youtube.edit(&w.net, &w.grant, "video-00001", &post, &out).class, ==,
                    HIB_NET_OK);
    g_assert_cmpstr(
        w.script.body, ==,
        "{\"snippet\":{\"description\":\"新しい説明\",\"categoryId\":\"26\",\"tags\":["
        "\"珈琲\"],\"defaultLanguage\":\"ja\",\"title\":\"前の題\"},\"id\":\"video-00001\"}");
    post.title = "新しい題";
    post.options = "{\"tags\":\"紅茶\"}";
    g_assert_cmpint(hib_youtube.edit(&w.net, &w.grant, "video-00001", &post, &out).class, ==,
                    HIB_NET_OK);
    g_assert_nonnull(strstr(w.script.body, "\"tags\":[\"紅茶\"]"));
    g_assert_nonnull(strstr(w.script.body, "\"title\":\"新しい題\""));
    g_assert_cmpint(hib_youtube.edit(&w.net, &w.grant, "UgThread", &post, &out).class, ==,
                    HIB_NET_OK);
    g_assert_cmpstr(w.script.body, ==,
                    "{\"id\":\"UgThread\",\"snippet\":{\"textOriginal\":\"新しい説明\"}}");
    g_assert_cmpint(hib_youtube.edit(&w.net, &w.grant, "../x", &post, &out).class, ==,
                    HIB_NET_FATAL);
    tear_down(&w);
}

static void
what_is_removed_twice_is_gone_all_the_same(void)
{
    static const char *const answers[] = {"/youtube/v3/videos?id=video-00001", "", NULL};
    World w;
    set_up(&w, answers);
    g_assert_cmpint(hib_youtube.remove(&w.net, &w.grant, "video-00001").class, ==, HIB_NET_OK);
    g_assert_cmpint(hib_youtube.remove(&w.net, &w.grant, "video-00002").class, ==, HIB_NET_OK);
    g_assert_cmpint(hib_youtube.remove(&w.net, &w.grant, "UgThread").class, ==, HIB_NET_OK);
    g_assert_nonnull(strstr(w.script.seen->str, "DELETE /youtube/v3/comments?id=UgThread\n"));
    g_assert_cmpint(hib_youtube.remove(&w.net, &w.grant, "a&b").class, ==, HIB_NET_FATAL);
    tear_down(&w);
}

/* --- the hub -------------------------------------------------------------------------------------------------------------- */
static const char *
header(void *data, const char *name)
{
    return g_hash_table_lookup(data, name);
}

static bool
deliver(HibArena *arena, const char *body, const char *signature, HibNetHookAnswer *ret)
{
    g_autoptr(GHashTable) headers = g_hash_table_new(g_str_hash, g_str_equal);
    if (signature)
        g_hash_table_insert(headers, (void *)"x-hub-signature", (void *)signature);
    const HibNetHookCall call = {.method = "POST",
                                 .header = header,
                                 .data = headers,
                                 .body = body,
                                 .n_body = strlen(body),
                                 .secret = "secret",
                                 .verify_token = "our word",
                                 .now = NOW};
    return hib_youtube.hook(arena, &call, ret);
}

static const char *
signed_body(HibArena *arena, GChecksumType type, const char *key, const char *body)
{
    g_autofree char *sum = g_compute_hmac_for_data(type, (const guchar *)key, strlen(key),
                                                   (const guchar *)body, strlen(body));
    return hib_arena_printf(arena, "%s=%s", type == G_CHECKSUM_SHA1 ? "sha1" : "sha256", sum);
}

#define FEED(inner)                                                                                \
    "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns:yt=\"http://www.youtube.com/xml/schemas/" \
    "2015\" xmlns:at=\"http://purl.org/atompub/tombstones/1.0\" "                                  \
    "xmlns=\"http://www.w3.org/2005/Atom\"><title>YouTube video feed</title>"                      \
    "<updated>2026-11-18T11:00:00.5+00:00</updated>" inner "</feed>"
#define ENTRY                                                                                      \
    "<entry><id>yt:video:video-00001</id><yt:videoId>video-00001</yt:videoId><yt:channelId>UCown"  \
    "</yt:channelId><title>新作 &amp; 旧作</title><author><name>x</name><uri>https://"         \
    "www.youtube.com/channel/UCown</uri></author><published>2026-11-18T10:00:00+00:00"             \
    "</published><updated>2026-11-18T10:05:00+00:00</updated></entry>"

static void
a_new_video_and_a_deleted_one_are_told(void)
{
    static const char body[] =
        FEED(ENTRY "<at:deleted-entry ref=\"yt:video:video-00009\" when=\"2026-11-18T10:30:00+00:"
                   "00\"><link href=\"https://www.youtube.com/watch?v=video-00009\"/><at:by><name>x"
                   "</name><uri>https://www.youtube.com/channel/UCown</uri></at:by></at:deleted-"
                   "entry>");
    static const GChecksumType types[] = {G_CHECKSUM_SHA1, G_CHECKSUM_SHA256};
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetHookAnswer answer;
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        g_assert_true(deliver(
            arena, body, signed_body(arena, types[i], i ? "our word" : "secret", body), &answer));
        g_assert_false(answer.is_refused);
        g_assert_cmpuint(answer.n_events, ==, 2);
    }
    g_assert_cmpstr(answer.events[0].kind, ==, "publish");
    g_assert_cmpstr(answer.events[0].remote_id, ==, "video-00001");
    g_assert_cmpstr(answer.events[0].account, ==, "UCown");
    g_assert_cmpstr(answer.events[0].id, ==, "publish video-00001 2026-11-18T10:05:00+00:00");
    g_assert_cmpint(answer.events[0].at, ==, NOW - (61 * 60 + 40) * HIB_SECOND);
    g_assert_cmpstr(answer.events[1].kind, ==, "other");
    g_assert_cmpstr(answer.events[1].remote_id, ==, "video-00009");
    g_assert_cmpstr(answer.events[1].account, ==, "UCown");
}

static void
a_feed_without_our_secret_is_refused(void)
{
    static const char body[] = FEED(ENTRY);
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetHookAnswer answer;
    const char *const wrong[] = {NULL,
                                 "",
                                 "sha1=",
                                 "sha1=00",
                                 "md5=00",
                                 signed_body(arena, G_CHECKSUM_SHA1, "other", body),
                                 signed_body(arena, G_CHECKSUM_SHA1, "secret", "something else")};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_assert_true(deliver(arena, body, wrong[i], &answer));
        g_assert_true(answer.is_refused);
        g_assert_cmpuint(answer.n_events, ==, 0);
    }
}

static void
a_broken_feed_is_no_event(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GString) deep = g_string_new(NULL);
    for (int i = 0; i < 50; i++)
        g_string_append(deep, "<a>");
    const char *const broken[] = {"",
                                  "<feed>",
                                  "<feed></entry>",
                                  "{}",
                                  "\xff\xfe",
                                  deep->str,
                                  "<feed><entry><yt:videoId>video-00001</yt:videoId></entry>"};
    HibNetHookAnswer answer;
    for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
        const char *sum = signed_body(arena, G_CHECKSUM_SHA1, "secret", broken[i]);
        g_assert_false(deliver(arena, broken[i], sum, &answer));
        g_assert_cmpuint(answer.n_events, ==, 0);
    }
    static const char odd[] = FEED("<entry><yt:videoId>../../x</yt:videoId></entry><entry/>");
    g_assert_true(deliver(arena, odd, signed_body(arena, G_CHECKSUM_SHA1, "secret", odd), &answer));
    g_assert_cmpuint(answer.n_events, ==, 0);
}

static void
the_hub_is_answered_only_for_what_we_meant(void)
{
#define ASK "hub.mode=subscribe&hub.challenge=12345&hub.lease_seconds=432000&hub.topic="
#define CHANNEL "https%3A%2F%2Fwww.youtube.com%2Fxml%2Ffeeds%2Fvideos.xml%3Fchannel_id%3DUCown"
    static const struct {
        const char *query, *token;
        bool is_understood, is_refused;
    } cases[] = {
        {ASK CHANNEL, NULL, true, false},
        {ASK CHANNEL "&hub.verify_token=word", "word", true, false},
        {ASK CHANNEL "&hub.verify_token=other", "word", true, true},
        {ASK CHANNEL, "word", true, false}, /* only who was shown the address knows it */
        {ASK "https%3A%2F%2Fevil.example%2Ffeeds%2Fvideos.xml%3Fchannel_id%3DUCown", NULL, true,
         true},
        {"hub.mode=denied&hub.challenge=1&hub.topic=" CHANNEL, NULL, true, true},
        {"hub.mode=subscribe&hub.topic=" CHANNEL, NULL, false, false},
        {NULL, NULL, false, false},
    };
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibNetHookAnswer answer;
        const HibNetHookCall call = {.method = "GET",
                                     .query = cases[i].query,
                                     .verify_token = cases[i].token,
                                     .header = header,
                                     .body = ""};
        g_assert_cmpint(hib_youtube.hook(arena, &call, &answer), ==, cases[i].is_understood);
        g_assert_cmpint(answer.is_refused, ==, cases[i].is_refused);
        bool is_answered = cases[i].is_understood && !cases[i].is_refused;
        g_assert_cmpstr(answer.reply, ==, is_answered ? "12345" : NULL);
    }
}

static const char *const samples[] = {
    FEED(ENTRY),
    FEED("<at:deleted-entry ref=\"yt:video:video-00009\" when=\"2026-11-18T10:30:00+00:00\">"
         "<at:by><uri>https://www.youtube.com/channel/UCown</uri></at:by></at:deleted-entry>")};

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
        (void)deliver(arena, body->str, signed_body(arena, G_CHECKSUM_SHA1, "secret", body->str),
                      &answer);
        for (size_t i = 0; i < answer.n_events; i++)
            g_assert_true(answer.events[i].id && answer.events[i].kind);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/networks/youtube/numbers_of_now_and_of_analytics_stand_together",
                    numbers_of_now_and_of_analytics_stand_together);
    g_test_add_func("/networks/youtube/without_analytics_the_numbers_of_now_stand_alone",
                    without_analytics_the_numbers_of_now_stand_alone);
    g_test_add_func("/networks/youtube/the_channel_has_its_numbers_but_not_hidden_ones",
                    the_channel_has_its_numbers_but_not_hidden_ones);
    g_test_add_func(
        "/networks/youtube/comments_come_oldest_first_with_late_answers_and_go_on_from_the_cursor",
        comments_come_oldest_first_with_late_answers_and_go_on_from_the_cursor);
    g_test_add_func("/networks/youtube/a_change_keeps_what_was_not_changed",
                    a_change_keeps_what_was_not_changed);
    g_test_add_func("/networks/youtube/what_is_removed_twice_is_gone_all_the_same",
                    what_is_removed_twice_is_gone_all_the_same);
    g_test_add_func("/networks/youtube/a_new_video_and_a_deleted_one_are_told",
                    a_new_video_and_a_deleted_one_are_told);
    g_test_add_func("/networks/youtube/a_feed_without_our_secret_is_refused",
                    a_feed_without_our_secret_is_refused);
    g_test_add_func("/networks/youtube/a_broken_feed_is_no_event", a_broken_feed_is_no_event);
    g_test_add_func("/networks/youtube/the_hub_is_answered_only_for_what_we_meant",
                    the_hub_is_answered_only_for_what_we_meant);
    g_test_add_func("/networks/youtube/a_mangled_delivery_breaks_nothing",
                    a_mangled_delivery_breaks_nothing);
    return g_test_run();
}
