/* Whole lives of videos and comments against a small YouTube on the loopback that keeps the service's ways: an upload session that says how
 * much it has, takes pieces only where it stands, and is the video with its last byte. Every call of every life meets every fault,
 * a piece that arrives half among them, and what was sent is there exactly once. */
#include "networks/test_wire.h"
#include "networks/youtube_private.h"

#include <string.h>

#define START (INT64_C(1795000000) * HIB_SECOND)
#define MAX_SESSIONS 8

typedef enum {
    FAULT_NONE,
    FAULT_CUT_BEFORE, /* the line breaks and YouTube did not act */
    FAULT_CUT_AFTER,  /* YouTube acted, its answer is lost */
    FAULT_HALF,       /* half of a piece arrives, and no answer comes */
    FAULT_500_BEFORE,
    FAULT_503_AFTER,
    FAULT_429,
    FAULT_401,
    FAULT_SESSION_GONE, /* 404, and YouTube has forgotten what it had of an unfinished upload */
    FAULT_N
} Fault;

typedef struct {
    int64_t has, size;
    char title[200], description[200];
    bool is_done, is_gone;
} Session;

typedef struct {
    HibClock *clock;
    TestWire *wire;
    Session sessions[MAX_SESSIONS];
    int n_sessions, n_comments, n_thumbnails, n_calls, n_tokens;
    int fault_at; /* the call that goes wrong, from 1 */
    Fault fault;
    bool refuses_thumbnail, is_stuck, has_crowd;
    char last_body[20000], last_path[2000], comment[500];
} YouTube;

static const char *
text_in(const cJSON *json, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, key));
    return text ? text : "";
}

static void
refuse(TestWireAnswer *answer, int status, const char *reason)
{
    answer->status = status;
    g_string_printf(answer->room,
                    "{\"error\":{\"code\":%d,\"message\":\"refused\",\"errors\":[{\"reason\":"
                    "\"%s\"}]}}",
                    status, reason);
}

static void
open_session(YouTube *yt, const TestWireCall *call, const cJSON *body, TestWireAnswer *answer)
{
    g_assert_cmpint(yt->n_sessions, <, MAX_SESSIONS);
    Session *one = &yt->sessions[yt->n_sessions];
    const cJSON *snippet = cJSON_GetObjectItemCaseSensitive(body, "snippet");
    *one = (Session){.size = g_ascii_strtoll(
                         g_hash_table_lookup(call->headers, "x-upload-content-length"), NULL, 10)};
    g_assert_cmpstr(g_hash_table_lookup(call->headers, "x-upload-content-type"), ==, "video/mp4");
    g_strlcpy(one->title, text_in(snippet, "title"), sizeof one->title);
    g_strlcpy(one->description, text_in(snippet, "description"), sizeof one->description);
    g_autofree char *header = g_strdup_printf(
        "Location: %s/resumable/upload/youtube/v3/videos?uploadType=resumable&upload_id=%d\r\n",
        test_wire_url(yt->wire), yt->n_sessions++);
    answer->headers = g_intern_string(header);
}

static void
say_state(const Session *one, int index, TestWireAnswer *answer)
{
    if (one->is_done) {
        g_string_printf(answer->room, "{\"kind\":\"youtube#video\",\"id\":\"video-%05d\"}", index);
        return;
    }
    answer->status = 308;
    if (one->has) {
        g_autofree char *header =
            g_strdup_printf("Range: bytes=0-%" G_GINT64_FORMAT "\r\n", one->has - 1);
        answer->headers = g_intern_string(header);
    }
}

static void
take_piece(YouTube *yt, const TestWireCall *call, bool is_half, TestWireAnswer *answer)
{
    int index = (int)g_ascii_strtoll(strstr(call->path, "upload_id=") + 10, NULL, 10);
    const char *range = g_hash_table_lookup(call->headers, "content-range");
    Session *one = &yt->sessions[index];
    g_assert_cmpint(index, <, yt->n_sessions);
    if (one->is_gone) {
        answer->status = 404;
        return;
    }
    if (g_str_has_prefix(range, "bytes */")) {
        say_state(one, index, answer);
        return;
    }
    g_auto(GStrv) parts = g_strsplit_set(range + strlen("bytes "), "-/", 3);
    int64_t from = g_ascii_strtoll(parts[0], NULL, 10);
    int64_t to = g_ascii_strtoll(parts[1], NULL, 10);
    g_assert_cmpint(to - from + 1, ==, (int64_t)call->n_body);
    g_assert_cmpint(g_ascii_strtoll(parts[2], NULL, 10), ==, one->size);
    g_assert_true((to + 1) % 262144 == 0 || to + 1 == one->size);
    if (one->is_done || yt->is_stuck) {
        say_state(one, index, answer);
        return;
    }
    if (from != one->has) {
        refuse(answer, 400, "invalidContentRange");
        return;
    }
    one->has = is_half ? from + (to - from) / 2 / 262144 * 262144 : to + 1;
    one->is_done = one->has == one->size;
    say_state(one, index, answer);
}

/* With a crowd, the first page is what others uploaded since. */
static void
list_uploads(const YouTube *yt, const TestWireCall *call, TestWireAnswer *answer)
{
    char at[HIB_INSTANT_TEXT];
    g_string_assign(answer->room, "{\"items\":[");
    if (yt->has_crowd && !strstr(call->path, "&pageToken=p2")) {
        for (int i = 0; i < 50; i++)
            g_string_append_printf(answer->room,
                                   "%s{\"snippet\":{\"title\":\"お知らせ\",\"description\":\"%d\","
                                   "\"publishedAt\":\"%s\","
                                   "\"resourceId\":{\"videoId\":\"crowd-%05d\"}}}",
                                   i ? "," : "", i,
                                   hib_instant_format(hib_clock_now(yt->clock), at), i);
        g_string_append(answer->room, "],\"nextPageToken\":\"p2\"}");
        return;
    }
    for (int i = 0, n = 0; i < yt->n_sessions; i++)
        if (yt->sessions[i].is_done)
            g_string_append_printf(
                answer->room,
                "%s{\"snippet\":{\"title\":\"%s\",\"description\":\"%s\",\"publishedAt\":\"%s\","
                "\"resourceId\":{\"videoId\":\"video-%05d\"}}}",
                n++ ? "," : "", yt->sessions[i].title, yt->sessions[i].description,
                hib_instant_format(hib_clock_now(yt->clock), at), i);
    g_string_append(answer->room, "]}");
}

static void
comments(YouTube *yt, const TestWireCall *call, const cJSON *body, TestWireAnswer *answer)
{
    bool is_thread = g_str_has_prefix(call->path, "/youtube/v3/commentThreads");
    char at[HIB_INSTANT_TEXT];
    if (g_str_equal(call->method, "POST")) {
        const cJSON *in = cJSON_GetObjectItemCaseSensitive(body, "snippet");
        const cJSON *first = cJSON_GetObjectItemCaseSensitive(
            cJSON_GetObjectItemCaseSensitive(in, "topLevelComment"), "snippet");
        g_strlcpy(yt->comment, text_in(is_thread ? first : in, "textOriginal"), sizeof yt->comment);
        yt->n_comments++;
        answer->body = is_thread ? "{\"id\":\"UgThread\"}" : "{\"id\":\"UgThread.9answer\"}";
        return;
    }
    g_string_assign(answer->room, "{\"items\":[");
    if (yt->n_comments) {
        g_autofree char *one =
            g_strdup_printf("{\"textOriginal\":\"%s\",\"authorChannelId\":{\"value\":\"UCown\"},"
                            "\"publishedAt\":\"%s\"}",
                            yt->comment, hib_instant_format(hib_clock_now(yt->clock), at));
        g_string_append_printf(answer->room,
                               is_thread ? "{\"id\":\"UgThread\",\"snippet\":{\"topLevelComment\":{"
                                           "\"id\":\"UgThread\",\"snippet\":%s}}}"
                                         : "{\"id\":\"UgThread.9answer\",\"snippet\":%s}",
                               one);
    }
    g_string_append(answer->room, "]}");
}

static void
act(YouTube *yt, const TestWireCall *call, bool is_half, TestWireAnswer *answer)
{
    g_autoptr(cJSON) body = cJSON_Parse(call->body);
    if (!g_str_equal(call->method, "PUT") && body)
        g_strlcpy(yt->last_body, call->body, sizeof yt->last_body);
    g_strlcpy(yt->last_path, call->path, sizeof yt->last_path);
    if (g_str_has_prefix(call->path, "/resumable/upload/youtube/v3/videos")) {
        if (g_str_equal(call->method, "POST"))
            open_session(yt, call, body, answer);
        else
            take_piece(yt, call, is_half, answer);
    } else if (g_str_has_prefix(call->path, "/upload/youtube/v3/thumbnails/set")) {
        yt->n_thumbnails += !yt->refuses_thumbnail;
        if (yt->refuses_thumbnail)
            refuse(answer, 403, "forbidden");
    } else if (g_str_has_prefix(call->path, "/youtube/v3/playlistItems")) {
        list_uploads(yt, call, answer);
    } else if (g_str_has_prefix(call->path, "/youtube/v3/comment")) {
        comments(yt, call, body, answer);
    } else if (g_str_equal(call->path, "/token")) {
        bool is_first = strstr(call->body, "grant_type=authorization_code") != NULL;
        g_assert_nonnull(strstr(call->body, "client_id=app&client_secret=secret"));
        g_string_printf(answer->room,
                        "{\"access_token\":\"a%d\",\"expires_in\":3599,%s\"scope\":\"%s\"}",
                        ++yt->n_tokens, is_first ? "\"refresh_token\":\"r1\"," : "",
                        yt->is_stuck ? "https://www.googleapis.com/auth/yt-analytics.readonly"
                                     : "https://www.googleapis.com/auth/youtube.force-ssl x");
    } else if (g_str_has_prefix(call->path, "/youtube/v3/channels")) {
        answer->body =
            "{\"items\":[{\"id\":\"UCown\",\"snippet\":{\"title\":\"喫茶ひびき\",\"customUrl\":"
            "\"@hibiki\",\"thumbnails\":{\"default\":{\"url\":\"https://p.example/a.jpg\"}}},"
            "\"contentDetails\":{\"relatedPlaylists\":{\"uploads\":\"UUown\"}}}]}";
    } else {
        refuse(answer, 404, call->path);
    }
}

static void
on_call(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    YouTube *yt = data;
    Fault fault = ++yt->n_calls == yt->fault_at ? yt->fault : FAULT_NONE;
    bool is_piece = g_str_equal(call->method, "PUT") && call->n_body;
    bool acts = fault == FAULT_NONE || fault == FAULT_CUT_AFTER || fault == FAULT_503_AFTER ||
                (fault == FAULT_HALF && is_piece);
    if (acts)
        act(yt, call, fault == FAULT_HALF, answer);
    answer->is_cut = fault == FAULT_CUT_BEFORE || fault == FAULT_CUT_AFTER || fault == FAULT_HALF;
    if (fault == FAULT_500_BEFORE || fault == FAULT_503_AFTER) {
        answer->status = fault == FAULT_500_BEFORE ? 500 : 503;
        answer->body = "<html>";
    } else if (fault == FAULT_429) {
        answer->status = 429;
        answer->body = "{}";
    } else if (fault == FAULT_401) {
        answer->status = 401;
        answer->body = "{}";
    } else if (fault == FAULT_SESSION_GONE) {
        answer->status = is_piece ? 404 : 500;
        if (is_piece)
            yt->sessions[yt->n_sessions - 1].is_gone = true;
    }
}

/* --- driving ----------------------------------------------------------------------------------------------------------- */
static int64_t
read_zeros(void *source, int64_t offset, void *into, size_t n)
{
    memset(into, 0, n);
    return (int64_t)n;
}

typedef struct {
    YouTube yt;
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    HibNetApp app;
    TestDrive drive;
} World;

static void
set_up(World *w, HibNetPost post)
{
    *w = (World){.arena = hib_arena_new(),
                 .http = hib_http_new(),
                 .clock = hib_clock_manual_new(START),
                 .app = {.client_id = "app", .client_secret = "secret"}};
    w->yt.clock = w->clock;
    w->yt.wire = test_wire_new(on_call, &w->yt);
    w->drive = (TestDrive){.network = &hib_youtube,
                           .net = {.http = w->http,
                                   .arena = w->arena,
                                   .clock = w->clock,
                                   .app = &w->app,
                                   .may_be_private = true},
                           .grant = {.service = test_wire_url(w->yt.wire),
                                     .remote_id = "UCown",
                                     .handle = "@hibiki",
                                     .access = "a0",
                                     .refresh = "r1",
                                     .extra = "{\"uploads\":\"UUown\"}"},
                           .post = post};
    w->drive.post.created_at = START;
    w->drive.sending = (HibNetSending){.handle = "h", .progress = "{}", .post = &w->drive.post};
}

static void
tear_down(World *w)
{
    test_wire_free(w->yt.wire);
    hib_clock_free(w->clock);
    hib_http_free(w->http);
    hib_arena_free(w->arena);
}

static int
n_out(const YouTube *yt)
{
    int out = yt->n_comments;
    for (int i = 0; i < yt->n_sessions; i++)
        out += yt->sessions[i].is_done;
    return out;
}

#define VIDEO(size)                                                                                \
    {                                                                                              \
        .kind = HIB_NET_VIDEO, .mime = "video/mp4", .alt = "", .bytes = (size), .read = read_zeros \
    }
static const HibNetMedia small[] = {VIDEO(1000)};
static const HibNetMedia large[] = {VIDEO(20 * 1024 * 1024 + 5)};
static const HibNetMedia with_cover[] = {
    {.kind = HIB_NET_IMAGE, .mime = "image/jpeg", .alt = "", .bytes = 3000, .read = read_zeros},
    VIDEO(1000)};
static const HibNetPost short_post = {.format = HIB_FORMAT_SHORT,
                                      .title = "新商品",
                                      .text = "詳しくは概要欄へ",
                                      .media = small,
                                      .n_media = 1};
static const HibNetPost long_post = {.format = HIB_FORMAT_VIDEO,
                                     .title = "工場見学",
                                     .text = "前編です",
                                     .media = large,
                                     .n_media = 1};
static const HibNetPost cover_post = {
    .format = HIB_FORMAT_VIDEO, .title = "新作", .text = "", .media = with_cover, .n_media = 2};
static const HibNetPost comment_post = {
    .format = HIB_FORMAT_POST, .text = "ご質問はこちらへ", .reply_to = "video-00001"};
static const HibNetPost answer_post = {.format = HIB_FORMAT_POST,
                                       .text = "ありがとうございます",
                                       .reply_to = "UgThread.9xyz",
                                       .reply_root = "video-00001"};

static void
every_fault_at_every_call_leaves_exactly_one(void)
{
    static const struct {
        const char *name;
        const HibNetPost *post;
        int n_calls; /* of a life without a fault */
        const char *url;
    } lives[] = {
        {"short", &short_post, 2, "https://www.youtube.com/shorts/video-0000"},
        {"long", &long_post, 4, "https://www.youtube.com/watch?v=video-0000"},
        {"cover", &cover_post, 3, "https://www.youtube.com/watch?v=video-0000"},
        {"comment", &comment_post, 1, "https://www.youtube.com/watch?v=video-00001&lc=UgThread"},
        {"answer", &answer_post, 1,
         "https://www.youtube.com/watch?v=video-00001&lc=UgThread.9answer"}};
    for (size_t l = 0; l < G_N_ELEMENTS(lives); l++)
        for (int fault = 0; fault < FAULT_N; fault++)
            for (int at = 1; at <= lives[l].n_calls; at++) {
                World w;
                set_up(&w, *lives[l].post);
                w.yt.fault = (Fault)fault;
                w.yt.fault_at = at;
                TestOutcome outcome = test_drive(&w.drive, 60);
                if (outcome != TEST_PUBLISHED || n_out(&w.yt) != 1)
                    g_test_message("%s, fault %d at call %d: outcome %d, %d out, %s %s",
                                   lives[l].name, fault, at, outcome, n_out(&w.yt),
                                   hib_net_class_name(w.drive.last.class), w.drive.last.code);
                g_assert_cmpint(outcome, ==, TEST_PUBLISHED);
                g_assert_cmpint(n_out(&w.yt), ==, 1);
                if (fault == FAULT_NONE)
                    g_assert_cmpint(w.yt.n_calls, ==, lives[l].n_calls);
                g_assert_true(g_str_has_prefix(w.drive.sending.published.url, lives[l].url));
                if (lives[l].post == &cover_post)
                    g_assert_cmpint(w.yt.n_thumbnails, >=, 1);
                tear_down(&w);
            }
}

static void
a_thumbnail_that_is_refused_leaves_the_video_published(void)
{
    World w;
    set_up(&w, cover_post);
    w.yt.refuses_thumbnail = true;
    g_assert_cmpint(test_drive(&w.drive, 20), ==, TEST_PUBLISHED);
    g_assert_cmpint(n_out(&w.yt), ==, 1);
    g_assert_cmpint(w.yt.n_thumbnails, ==, 0);
    g_assert_cmpstr(w.drive.sending.published.remote_id, ==, "video-00000");
    tear_down(&w);
}

static void
a_session_that_takes_nothing_is_not_asked_without_end(void)
{
    World w;
    set_up(&w, long_post);
    w.yt.is_stuck = true;
    g_assert_cmpint(test_drive(&w.drive, 20), ==, TEST_UNKNOWN); /* still trying, with pauses */
    g_assert_cmpint(w.drive.last.class, ==, HIB_NET_RETRY_SAME);
    g_assert_cmpint(hib_clock_now(w.clock), >, START + 60 * HIB_SECOND);
    tear_down(&w);
}

static void
a_lost_session_is_settled_by_the_channels_list(void)
{
    World w;
    bool is_found = false;
    set_up(&w, short_post);
    g_assert_cmpint(test_drive(&w.drive, 20), ==, TEST_PUBLISHED);
    w.yt.sessions[0].is_gone = true;
    w.drive.sending.progress = hib_arena_printf(
        w.arena, "{\"session\":\"%s/resumable/upload/youtube/v3/videos?upload_id=0\",\"at\":0}",
        test_wire_url(w.yt.wire));
    w.drive.sending.published = (HibNetPublished){0};
    w.drive.sending.sent_at = START;
    HibNetResult said = hib_youtube.find(&w.drive.net, &w.drive.grant, &w.drive.sending, &is_found);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_true(is_found);
    g_assert_cmpstr(w.drive.sending.published.remote_id, ==, "video-00000");
    w.yt.has_crowd = true; /* what was uploaded since fills a page: the next is looked at too */
    w.drive.sending.published = (HibNetPublished){0};
    said = hib_youtube.find(&w.drive.net, &w.drive.grant, &w.drive.sending, &is_found);
    g_assert_true(is_found);
    g_assert_cmpstr(w.drive.sending.published.remote_id, ==, "video-00000");
    const char *const taken[] = {"video-00000", NULL};
    w.drive.sending.taken = taken;
    said = hib_youtube.find(&w.drive.net, &w.drive.grant, &w.drive.sending, &is_found);
    g_assert_false(is_found);
    tear_down(&w);
}

static void
an_upload_is_led_nowhere_but_to_google(void)
{
    static const struct {
        const char *location;
        bool is_taken;
    } cases[] = {
        {"https://www.googleapis.com/upload/youtube/v3/videos?upload_id=x", true},
        {"https://youtube.googleapis.com/resumable/upload?upload_id=x", true},
        {"http://www.googleapis.com/upload", false},
        {"https://googleapis.com.evil.example/upload", false},
        {"https://user@www.googleapis.com/upload", false},
        {"http://127.0.0.1:1/upload", false},
        {"file:///etc/passwd", false},
        {"", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        World w;
        set_up(&w, short_post);
        const char *got = hib_youtube_session_url(&w.drive.net, &w.drive.grant, cases[i].location);
        g_assert_cmpint(got != NULL, ==, cases[i].is_taken);
        tear_down(&w);
    }
}

static void
the_video_is_said_to_be_what_was_chosen(void)
{
    static const char *const langs[] = {"ja", NULL};
    World w;
    HibNetPost post = short_post;
    post.langs = langs;
    post.disclosure = (HibNetDisclosure){.is_advertising = true, .is_ai_made = true};
    post.options =
        "{\"privacy\":\"unlisted\",\"made_for_kids\":true,\"tags\":\"珈琲, 東京 カフェ ,\","
        "\"category\":\"26\",\"notify\":false,\"license\":\"creativeCommon\","
        "\"embeddable\":false}";
    set_up(&w, post);
    g_assert_cmpint(hib_youtube.run_step(&w.drive.net, &w.drive.grant, &w.drive.sending).class, ==,
                    HIB_NET_OK);
    g_assert_cmpstr(
        w.yt.last_body, ==,
        "{\"snippet\":{\"title\":\"新商品\",\"description\":\"詳しくは概要欄へ\",\"categoryId\":"
        "\"26\",\"tags\":[\"珈琲\",\"東京 カフェ\"],\"defaultLanguage\":\"ja\","
        "\"defaultAudioLanguage\":\"ja\"},\"status\":{\"privacyStatus\":\"unlisted\","
        "\"selfDeclaredMadeForKids\":true,\"embeddable\":false,\"license\":\"creativeCommon\","
        "\"containsSyntheticMedia\":true},\"paidProductPlacementDetails\":{"
        "\"hasPaidProductPlacement\":true}}");
    g_assert_nonnull(strstr(w.yt.last_path, "part=snippet,status,paidProductPlacementDetails&"));
    g_assert_nonnull(strstr(w.yt.last_path, "notifySubscribers=false"));
    tear_down(&w);
}

static void
an_answer_to_an_answer_stands_under_the_threads_first_comment(void)
{
    World w;
    set_up(&w, answer_post);
    g_assert_cmpint(test_drive(&w.drive, 5), ==, TEST_PUBLISHED);
    g_assert_cmpstr(w.yt.last_body, ==,
                    "{\"snippet\":{\"parentId\":\"UgThread\",\"textOriginal\":"
                    "\"ありがとうございます\"}}");
    tear_down(&w);
}

static void
what_youtube_would_refuse_is_refused_before(void)
{
    g_autofree char *long_tags = g_strnfill(501, 'a');
    g_autofree char *tags = g_strdup_printf("{\"tags\":\"%s\"}", long_tags);
    const struct {
        HibNetPost post;
        const char *reason, *pointer; /* NULL: fine */
    } cases[] = {
        {short_post, NULL, NULL},
        {cover_post, NULL, NULL},
        {comment_post, NULL, NULL},
        {{.format = HIB_FORMAT_POST, .text = "あ"}, "post.format", "/format"},
        {{.format = HIB_FORMAT_VIDEO, .text = "", .title = "a"}, "post.media_missing", "/media"},
        {{.format = HIB_FORMAT_VIDEO, .text = "a > b", .title = "a", .media = small, .n_media = 1},
         "post.text_refused",
         "/text"},
        {{.format = HIB_FORMAT_VIDEO, .text = "", .title = "<a>", .media = small, .n_media = 1},
         "post.text_refused",
         "/title"},
        {{.format = HIB_FORMAT_VIDEO,
          .text = "",
          .title = "a",
          .media = small,
          .n_media = 1,
          .options = tags},
         "post.option_invalid",
         "/options/tags"},
        {{.format = HIB_FORMAT_VIDEO,
          .text = "",
          .title = "a",
          .media = small,
          .n_media = 1,
          .options = "{\"privacy\":\"friends\"}"},
         "post.option_invalid",
         "/options/privacy"},
        {{.format = HIB_FORMAT_POST, .text = "あ", .reply_to = "../x"},
         "post.option_invalid",
         "/reply_to"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *reason = NULL;
        const char *pointer = NULL;
        bool is_fine = hib_youtube.check(&cases[i].post, &reason, &pointer);
        g_test_message("%zu", i);
        g_assert_cmpstr(is_fine ? NULL : reason, ==, cases[i].reason);
        g_assert_cmpstr(is_fine ? NULL : pointer, ==, cases[i].pointer);
    }
}

static void
a_channel_is_connected_and_keeps_its_refresh_token(void)
{
    World w;
    HibGrant *grants = NULL;
    size_t n = 0;
    set_up(&w, short_post);
    const HibNetContext *net = &w.drive.net;
    const char *base = w.drive.grant.service;
    const char *url = hib_youtube.authorize_url(net, base, "https://h.example/connect/callback",
                                                "s", "verifier-verifier-verifier-verifier-verif");
    g_assert_nonnull(strstr(url, "/o/oauth2/v2/auth?response_type=code&client_id=app&"));
    g_assert_nonnull(strstr(url, "access_type=offline&prompt=consent"));
    HibNetResult said = hib_youtube.exchange(net, base, "https://h.example/connect/callback",
                                             "code", "verifier", &grants, &n);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(grants->remote_id, ==, "UCown");
    g_assert_cmpstr(grants->handle, ==, "@hibiki");
    g_assert_cmpstr(grants->extra, ==, "{\"uploads\":\"UUown\"}");
    g_assert_cmpstr(grants->refresh, ==, "r1");
    HibGrant fresh = {0};
    g_assert_cmpint(hib_youtube.refresh(net, grants, &fresh).class, ==, HIB_NET_OK);
    g_assert_cmpstr(fresh.refresh, ==, "r1");
    g_assert_cmpstr(fresh.access, ==, "a2");
    w.yt.is_stuck = true; /* the person unticked the box */
    said = hib_youtube.exchange(net, base, "https://h.example/connect/callback", "code", "verifier",
                                &grants, &n);
    g_assert_cmpint(said.class, ==, HIB_NET_REAUTH_HUMAN);
    g_assert_cmpstr(said.code, ==, "ScopeMissing");
    tear_down(&w);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/networks/youtube/every_fault_at_every_call_leaves_exactly_one",
                    every_fault_at_every_call_leaves_exactly_one);
    g_test_add_func("/networks/youtube/a_thumbnail_that_is_refused_leaves_the_video_published",
                    a_thumbnail_that_is_refused_leaves_the_video_published);
    g_test_add_func("/networks/youtube/a_session_that_takes_nothing_is_not_asked_without_end",
                    a_session_that_takes_nothing_is_not_asked_without_end);
    g_test_add_func("/networks/youtube/a_lost_session_is_settled_by_the_channels_list",
                    a_lost_session_is_settled_by_the_channels_list);
    g_test_add_func("/networks/youtube/an_upload_is_led_nowhere_but_to_google",
                    an_upload_is_led_nowhere_but_to_google);
    g_test_add_func("/networks/youtube/the_video_is_said_to_be_what_was_chosen",
                    the_video_is_said_to_be_what_was_chosen);
    g_test_add_func(
        "/networks/youtube/an_answer_to_an_answer_stands_under_the_threads_first_comment",
        an_answer_to_an_answer_stands_under_the_threads_first_comment);
    g_test_add_func("/networks/youtube/what_youtube_would_refuse_is_refused_before",
                    what_youtube_would_refuse_is_refused_before);
    g_test_add_func("/networks/youtube/a_channel_is_connected_and_keeps_its_refresh_token",
                    a_channel_is_connected_and_keeps_its_refresh_token);
    return g_test_run();
}
