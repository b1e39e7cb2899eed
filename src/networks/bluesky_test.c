/* Whole lives of Bluesky posts that need more than one call before the record (answers, videos through the video service) against a small
 * server on the loopback that plays both, every call × every fault; and the talk that is read page by page. */
#include "networks/bluesky.h"
#include "networks/bluesky_private.h"
#include "networks/test_wire.h"

#include "test_sending.h"

#define NOW (INT64_C(1795000000) * HIB_SECOND) /* 2026-11-18T11:06:40Z */
#define OWN "at://did:plc:own/app.bsky.feed.post/3l2xaaaaaaaa2"
#define THEIRS "at://did:plc:fan/app.bsky.feed.post/3l2xbbbbbbbb2"
#define BLOB                                                                                       \
    "{\"$type\":\"blob\",\"ref\":{\"$link\":\"bafk\"},\"mimeType\":\"video/mp4\",\"size\":10}"

typedef enum {
    FAULT_NONE,
    FAULT_CUT_BEFORE,
    FAULT_CUT_AFTER,
    FAULT_500_BEFORE,
    FAULT_500_AFTER,
    FAULT_429,
    FAULT_EXPIRED,
    FAULT_N
} Fault;

/* How the video service behaves. */
typedef enum { VIDEO_BARE, VIDEO_WRAPPED, VIDEO_KNOWN, VIDEO_NONE, VIDEO_NO_PASS } Video;

typedef struct {
    GHashTable *records; /* key → record */
    int n_calls, fault_at, n_polls, n_blobs, n_videos;
    Fault fault;
    Video video;
    const char *job_end; /* what getJobStatus says in the end */
    bool is_parent_gone;
} Small;

static void
put_record(Small *small, const TestWireCall *call, TestWireAnswer *answer)
{
    g_autoptr(cJSON) body = cJSON_ParseWithLength(call->body, call->n_body);
    g_autofree char *record =
        cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(body, "record"));
    const char *key = cJSON_GetObjectItemCaseSensitive(body, "rkey")->valuestring;
    const char *before = g_hash_table_lookup(small->records, key);
    g_assert_true(!before || g_str_equal(before, record)); /* a repeat is the same to the byte */
    g_hash_table_insert(small->records, g_strdup(key), g_strdup(record));
    g_string_printf(answer->room,
                    "{\"uri\":\"at://did:plc:own/app.bsky.feed.post/%s\",\"cid\":\"bafy\"}", key);
}

static void
get_record(Small *small, const TestWireCall *call, TestWireAnswer *answer)
{
    const char *key = strstr(call->path, "rkey=") + 5;
    if (g_str_equal(key, "3l2xaaaaaaaa2") && !small->is_parent_gone) {
        g_string_assign(answer->room,
                        "{\"uri\":\"" OWN "\",\"cid\":\"bafyown\",\"value\":{\"text\":\"1/2\"}}");
        return;
    }
    if (g_hash_table_contains(small->records, key)) {
        g_string_assign(answer->room, "{\"uri\":\"x\",\"cid\":\"y\",\"value\":{}}");
        return;
    }
    answer->status = 400;
    g_string_assign(answer->room,
                    "{\"error\":\"RecordNotFound\",\"message\":\"Could not locate record\"}");
}

static void
upload_video(Small *small, const TestWireCall *call, TestWireAnswer *answer)
{
    small->n_videos++;
    small->n_polls = 0;
    g_assert_cmpstr(g_hash_table_lookup(call->headers, "authorization"), ==, "Bearer pass");
    g_assert_cmpstr(g_hash_table_lookup(call->headers, "content-type"), ==, "video/mp4");
    g_assert_nonnull(strstr(call->path, "did=did%3Aplc%3Aown&name="));
    switch (small->video) {
    case VIDEO_WRAPPED:
        g_string_assign(
            answer->room,
            "{\"jobStatus\":{\"jobId\":\"j1\",\"did\":\"x\",\"state\":\"JOB_STATE_CREATED\"}}");
        return;
    case VIDEO_KNOWN:
        answer->status = 409;
        g_string_assign(answer->room,
                        "{\"error\":\"already_exists\",\"message\":\"Video already "
                        "processed\",\"jobId\":\"j1\",\"state\":\"JOB_STATE_COMPLETED\"}");
        return;
    case VIDEO_NONE:
        answer->status = 404;
        g_string_assign(answer->room, "{\"error\":\"MethodNotImplemented\"}");
        return;
    default:
        g_string_assign(answer->room,
                        "{\"jobId\":\"j1\",\"did\":\"x\",\"state\":\"JOB_STATE_CREATED\"}");
    }
}

static void
act(Small *small, const TestWireCall *call, TestWireAnswer *answer)
{
    const char *method = strrchr(call->path, '/') + 1;
    if (g_str_has_prefix(method, "com.atproto.repo.putRecord")) {
        put_record(small, call, answer);
    } else if (g_str_has_prefix(method, "com.atproto.repo.getRecord")) {
        get_record(small, call, answer);
    } else if (g_str_has_prefix(method, "app.bsky.feed.getPosts")) {
        g_string_assign(
            answer->room,
            small->is_parent_gone
                ? "{\"posts\":[]}"
                : "{\"posts\":[{\"uri\":\"" THEIRS
                  "\",\"cid\":\"bafytheirs\",\"record\":{\"reply\":{\"root\":{\"uri\":\"" OWN
                  "\",\"cid\":\"bafyown\"},\"parent\":{\"uri\":\"" OWN
                  "\",\"cid\":\"bafyown\"}}}}]}");
    } else if (g_str_has_prefix(method, "com.atproto.server.getServiceAuth")) {
        g_assert_nonnull(strstr(method, "aud=did%3Aweb%3A127.0.0.1%253A"));
        g_assert_nonnull(strstr(method, "lxm=com.atproto.repo.uploadBlob"));
        answer->status = small->video == VIDEO_NO_PASS ? 501 : 200;
        g_string_assign(answer->room, "{\"token\":\"pass\"}");
    } else if (g_str_has_prefix(method, "app.bsky.video.uploadVideo")) {
        upload_video(small, call, answer);
    } else if (g_str_has_prefix(method, "app.bsky.video.getJobStatus?jobId=j1")) {
        g_string_assign(answer->room, ++small->n_polls < 3
                                          ? "{\"jobStatus\":{\"jobId\":\"j1\",\"state\":\"JOB_"
                                            "STATE_ENCODING\",\"progress\":40}}"
                                          : small->job_end);
    } else if (g_str_has_prefix(method, "app.bsky.video.getJobStatus")) {
        answer->status = 400;
        g_string_assign(answer->room, "{\"error\":\"InvalidRequest\",\"message\":\"no such job\"}");
    } else if (g_str_has_prefix(method, "com.atproto.repo.uploadBlob")) {
        small->n_blobs++;
        g_string_assign(answer->room, "{\"blob\":" BLOB "}");
    } else if (g_str_has_prefix(method, "com.atproto.server.refreshSession")) {
        g_string_assign(answer->room, "{\"did\":\"did:plc:own\",\"handle\":\"own.test\","
                                      "\"accessJwt\":\"a2\",\"refreshJwt\":\"r2\"}");
    } else {
        answer->status = 501;
        g_string_assign(answer->room, "{\"error\":\"MethodNotImplemented\"}");
    }
}

static void
on_call(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    Small *small = data;
    Fault fault = ++small->n_calls == small->fault_at ? small->fault : FAULT_NONE;
    if (fault == FAULT_NONE || fault == FAULT_CUT_AFTER || fault == FAULT_500_AFTER)
        act(small, call, answer);
    answer->is_cut = fault == FAULT_CUT_AFTER || fault == FAULT_CUT_BEFORE;
    if (fault == FAULT_500_BEFORE || fault == FAULT_500_AFTER) {
        answer->status = 500;
        answer->body = "{\"error\":\"InternalServerError\"}";
    } else if (fault == FAULT_429) {
        answer->status = 429;
        answer->body = "{\"error\":\"RateLimitExceeded\"}";
    } else if (fault == FAULT_EXPIRED) {
        answer->status = 400;
        answer->body = "{\"error\":\"ExpiredToken\"}";
    }
}

typedef struct {
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    TestWire *wire;
    Small small;
    TestDrive drive;
} World;

static void
world_start(World *w, const HibNetPost *post, Video video, int fault_at, Fault fault)
{
    *w = (World){
        .arena = hib_arena_new(),
        .http = hib_http_new(),
        .clock = hib_clock_manual_new(NOW),
        .small = {
            .video = video,
            .fault_at = fault_at,
            .fault = fault,
            .job_end =
                "{\"jobStatus\":{\"jobId\":\"j1\",\"state\":\"JOB_STATE_COMPLETED\",\"blob\":" BLOB
                "}}"}};
    w->small.records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    w->wire = test_wire_new(on_call, &w->small);
    w->drive = (TestDrive){
        .network = &hib_bluesky,
        .net = {.http = w->http, .arena = w->arena, .clock = w->clock, .may_be_private = true},
        .grant = {.service = test_wire_url(w->wire),
                  .remote_id = "did:plc:own",
                  .handle = "own.test",
                  .access = "a1",
                  .refresh = "r1",
                  .extra = ""},
        .post = *post};
    w->drive.sending = (HibNetSending){
        .handle = hib_bluesky.new_handle(&w->drive.net), .progress = "{}", .post = &w->drive.post};
}

static void
world_end(World *w)
{
    test_wire_free(w->wire);
    g_hash_table_unref(w->small.records);
    hib_http_free(w->http);
    hib_clock_free(w->clock);
    hib_arena_free(w->arena);
}

static const char *
only_record(const World *w)
{
    GHashTableIter each;
    gpointer record = NULL;
    g_assert_cmpuint(g_hash_table_size(w->small.records), ==, 1);
    g_hash_table_iter_init(&each, w->small.records);
    g_assert_true(g_hash_table_iter_next(&each, NULL, &record));
    return record;
}

static HibArena *all;
static HibNetMedia film, picture;

static void
every_fault_at_every_call_ends_in_one_post(void)
{
    const HibNetPost posts[] = {
        {.text = "2/2", .reply_to = OWN, .created_at = NOW},
        {.text = "はい", .reply_to = THEIRS, .created_at = NOW},
        {.text = "動画", .media = &film, .n_media = 1, .created_at = NOW},
        {.text = "写真", .media = &picture, .n_media = 1, .reply_to = OWN, .created_at = NOW}};
    int n_runs = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(posts); i++)
        for (int video = VIDEO_BARE; video <= (i == 2 ? VIDEO_NO_PASS : VIDEO_BARE); video++)
            for (int fault = FAULT_CUT_BEFORE; fault < FAULT_N; fault++)
                for (int at = 1, n = 1; at <= n; at++, n_runs++) {
                    World w;
                    world_start(&w, &posts[i], (Video)video, at, (Fault)fault);
                    g_test_message("post %zu, video %d, fault %d at call %d", i, video, fault, at);
                    g_assert_cmpint(test_drive(&w.drive, 60), ==, TEST_PUBLISHED);
                    const char *record = only_record(&w);
                    g_assert_cmpint(strstr(record, "\"embed\"") != NULL, ==, posts[i].n_media == 1);
                    g_assert_cmpint(strstr(record, "\"reply\"") != NULL, ==,
                                    posts[i].reply_to != NULL);
                    n = w.small.n_calls;
                    world_end(&w);
                }
    g_assert_cmpint(n_runs, >=, 150);
}

static void
an_answer_names_post_and_thread_by_the_id_of_their_content(void)
{
    World w;
    HibNetPost post = {.text = "はい", .reply_to = THEIRS};
    world_start(&w, &post, VIDEO_BARE, 0, FAULT_NONE);
    g_assert_cmpint(test_drive(&w.drive, 10), ==, TEST_PUBLISHED);
    g_assert_nonnull(strstr(only_record(&w), "\"reply\":{\"root\":{\"uri\":\"" OWN
                                             "\",\"cid\":\"bafyown\"},\"parent\":{\"uri\":\"" THEIRS
                                             "\",\"cid\":\"bafytheirs\"}}"));
    world_end(&w);
    post.reply_to = OWN; /* it answers nothing itself: it is the thread's first */
    world_start(&w, &post, VIDEO_BARE, 0, FAULT_NONE);
    g_assert_cmpint(test_drive(&w.drive, 10), ==, TEST_PUBLISHED);
    g_assert_nonnull(strstr(only_record(&w), "\"reply\":{\"root\":{\"uri\":\"" OWN
                                             "\",\"cid\":\"bafyown\"},\"parent\":{\"uri\":\"" OWN
                                             "\",\"cid\":\"bafyown\"}}"));
    world_end(&w);
    for (int i = 0; i < 2; i++) {
        post.reply_to = i ? OWN : THEIRS;
        world_start(&w, &post, VIDEO_BARE, 0, FAULT_NONE);
        w.small.is_parent_gone = true;
        g_assert_cmpint(test_drive(&w.drive, 10), ==, TEST_FAILED);
        g_assert_cmpint(w.drive.last.class, ==, HIB_NET_FIX_CONTENT);
        g_assert_cmpuint(g_hash_table_size(w.small.records), ==, 0);
        world_end(&w);
    }
}

static void
a_video_waits_until_it_can_be_played_and_fails_with_the_services_words(void)
{
    static const struct {
        const char *end;
        TestOutcome outcome;
        HibNetClass class;
        const char *code;
    } cases[] = {
        {"{\"jobStatus\":{\"jobId\":\"j1\",\"state\":\"JOB_STATE_FAILED\",\"failureCode\":"
         "\"validation_failure\",\"message\":\"too long\"}}",
         TEST_FAILED, HIB_NET_FIX_CONTENT, "validation_failure"},
        {"{\"jobStatus\":{\"jobId\":\"j1\",\"state\":\"JOB_STATE_FAILED\",\"error\":\"bad\"}}",
         TEST_FAILED, HIB_NET_FIX_CONTENT, "VideoFailed"},
        {"{\"jobStatus\":{}}", TEST_UNKNOWN, HIB_NET_RETRY_SAME, "Unreadable"},
        {"{\"jobStatus\":{\"jobId\":\"j1\",\"state\":\"JOB_STATE_SOMETHING_NEW\"}}", TEST_UNKNOWN,
         HIB_NET_WAIT_ASYNC, ""},
    };
    const HibNetPost post = {.text = "動画", .media = &film, .n_media = 1};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        World w;
        world_start(&w, &post, VIDEO_BARE, 0, FAULT_NONE);
        w.small.job_end = cases[i].end;
        g_test_message("%zu", i);
        g_assert_cmpint(test_drive(&w.drive, 12), ==, cases[i].outcome);
        g_assert_cmpint(w.drive.last.class, ==, cases[i].class);
        g_assert_cmpstr(w.drive.last.code, ==, cases[i].code);
        g_assert_cmpuint(g_hash_table_size(w.small.records), ==, 0);
        world_end(&w);
    }
    World w; /* a job that is forgotten, or could not be put back: from the start */
    world_start(&w, &post, VIDEO_BARE, 0, FAULT_NONE);
    w.drive.sending.progress = "{\"media\":[{\"job\":\"forgotten\"}]}";
    g_assert_cmpint(hib_bluesky.run_step(&w.drive.net, &w.drive.grant, &w.drive.sending).class, ==,
                    HIB_NET_NEW_HANDLE);
    w.small.job_end = "{\"jobStatus\":{\"jobId\":\"j1\",\"state\":\"JOB_STATE_FAILED\","
                      "\"failureCode\":\"pds_upload_failure\"}}";
    w.small.n_polls = 5;
    w.drive.sending.progress = "{\"media\":[{\"job\":\"j1\"}]}";
    g_assert_cmpint(hib_bluesky.run_step(&w.drive.net, &w.drive.grant, &w.drive.sending).class, ==,
                    HIB_NET_NEW_HANDLE);
    world_end(&w);
}

/* --- talk ------------------------------------------------------------------------------------------------------- */
#define SAID(reason, uri, at, more)                                                                \
    "{\"uri\":\"" uri "\",\"cid\":\"c\",\"reason\":\"" reason "\",\"indexedAt\":\"" at             \
    "\",\"isRead\":false,\"author\":{\"did\":\"did:plc:fan\",\"handle\":\"fan.test\","             \
    "\"displayName\":\"ファン\"},"                                                              \
    "\"record\":{\"text\":\"" uri "\"" more "}}"
#define UNDER(root, parent)                                                                        \
    ",\"reply\":{\"root\":{\"uri\":\"" root "\",\"cid\":\"c\"},\"parent\":{\"uri\":\"" parent      \
    "\",\"cid\":\"c\"}}"

static void
on_talk(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    int *n_calls = data;
    const char *page = strstr(call->path, "&cursor=");
    (*n_calls)++;
    if (!page)
        answer->body = "{\"cursor\":\"p2\",\"notifications\":[" SAID(
            "mention", "at://a/b/4", "2026-11-18T10:00:00.000Z",
            UNDER(OWN, THEIRS)) "," SAID("reply", "at://a/b/4", "2026-11-18T10:00:00.000Z",
                                         UNDER(OWN, THEIRS)) "," SAID("quote", "at://a/b/3",
                                                                      "2026-11-18T09:00:00.000Z",
                                                                      "") ",7,{\"uri\":5}]}";
    else if (g_str_equal(page, "&cursor=p2"))
        answer->body = "{\"cursor\":\"p3\",\"notifications\":[" SAID(
            "reply", "at://a/b/2", "2026-11-18T08:00:00.000Z",
            UNDER(OWN, OWN)) "," SAID("mention", "at://a/b/1", "2026-11-17T08:00:00.000Z", "") "]}";
    else if (g_str_has_prefix(page, "&cursor=p"))
        g_string_printf(answer->room,
                        "{\"cursor\":\"p%d\",\"notifications\":[" SAID(
                            "mention", "at://a/b/0", "2026-11-16T08:00:00.000Z", "") "]}",
                        *n_calls + 2);
}

static void
talk_is_read_page_by_page_to_where_it_was_read_before(void)
{
    int n_calls = 0;
    g_autoptr(HibClock) clock = hib_clock_manual_new(NOW);
    g_autoptr(HibHttp) http = hib_http_new();
    g_autoptr(TestWire) wire = test_wire_new(on_talk, &n_calls);
    const HibNetContext net = {.http = http, .arena = all, .clock = clock, .may_be_private = true};
    const HibGrant grant = {
        .service = test_wire_url(wire), .remote_id = "did:plc:own", .access = "a"};
    HibNetTalk *talk = NULL;
    size_t n = 0;
    const char *cursor = NULL;
    g_assert_cmpint(
        hib_bluesky.read_talk(&net, &grant, NULL, "2026-11-18T07:00:00Z", &talk, &n, &cursor).class,
        ==, HIB_NET_OK);
    g_assert_cmpint(n_calls, ==, 2);
    g_assert_cmpuint(n, ==, 3); /* the same post twice is one; what is older was read before */
    g_assert_cmpstr(cursor, ==, "2026-11-18T10:00:00Z");
    g_assert_cmpstr(talk[0].remote_id, ==, "at://a/b/2");
    g_assert_cmpint(talk[0].kind, ==, HIB_TALK_COMMENT);
    g_assert_cmpstr(talk[0].post_id, ==, OWN);
    g_assert_null(talk[0].parent_id);
    g_assert_cmpint(talk[1].kind, ==, HIB_TALK_MENTION);
    g_assert_cmpint(talk[2].kind, ==, HIB_TALK_COMMENT);
    g_assert_cmpstr(talk[2].parent_id, ==, THEIRS);
    g_assert_cmpstr(talk[2].url, ==, "https://bsky.app/profile/fan.test/post/4");

    n_calls = 0; /* more than one reading takes: the next goes on where this one stopped */
    g_assert_cmpint(hib_bluesky.read_talk(&net, &grant, NULL, NULL, &talk, &n, &cursor).class, ==,
                    HIB_NET_OK);
    g_assert_cmpint(n_calls, ==, 5);
    g_assert_true(g_str_has_prefix(cursor, "2026-11-18T10:00:00Z 2026-11-11T11:06:40Z p"));
    g_assert_cmpint(hib_bluesky.read_talk(&net, &grant, NULL, cursor, &talk, &n, &cursor).class, ==,
                    HIB_NET_OK);
    g_assert_cmpint(n_calls, ==, 10);
    g_assert_true(g_str_has_prefix(cursor, "2026-11-18T10:00:00Z 2026-11-11T11:06:40Z p"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    all = hib_arena_new();
    film = hib_test_medium(all, "video/mp4", "0123456789", 10);
    picture = hib_test_medium(all, "image/png", "0123456789", 10);
    const struct {
        const char *name;
        GTestFunc run;
    } tests[] = {
        {"every_fault_at_every_call_ends_in_one_post", every_fault_at_every_call_ends_in_one_post},
        {"an_answer_names_post_and_thread_by_the_id_of_their_content",
         an_answer_names_post_and_thread_by_the_id_of_their_content},
        {"a_video_waits_until_it_can_be_played_and_fails_with_the_services_words",
         a_video_waits_until_it_can_be_played_and_fails_with_the_services_words},
        {"talk_is_read_page_by_page_to_where_it_was_read_before",
         talk_is_read_page_by_page_to_where_it_was_read_before},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_func(hib_arena_printf(all, "/networks/bluesky/%s", tests[i].name), tests[i].run);
    int status = g_test_run();
    hib_arena_free(all);
    return status;
}
