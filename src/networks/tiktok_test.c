/* Whole lives of TikTok posts against a small TikTok on the loopback (pieces in order, an address that dies with the last of them,
 * moderation, a list of public posts): every call of every life meets every fault, and the post is out exactly once. */
#include "networks/test_wire.h"
#include "networks/tiktok.h"
#include "networks/tiktok_limits.h"
#include "networks/tiktok_private.h"

#include <string.h>

#define NOW (INT64_C(1795000000) * HIB_SECOND)
#define MIB (1024 * 1024)

typedef enum {
    FAULT_NONE,
    FAULT_CUT_BEFORE,
    FAULT_CUT_AFTER,
    FAULT_500_BEFORE,
    FAULT_500_AFTER,
    FAULT_429,
    FAULT_401,
    FAULT_N
} Fault;

/* What the small TikTok knows. */
typedef struct {
    HibClock *clock;
    const char *url; /* its own */
    int n_posted, n_calls, fault_at, n_inits, n_polls;
    Fault fault;
    int64_t size, received; /* of the newest init */
    bool is_posted, is_public, is_draft, is_moderated_late;
    const char *fail_reason; /* every post fails for it; NULL: none does */
    int n_failures;          /* and then no more */
    char text[500], refresh[50], last_init[4000], ranges[500];
} Tiktok;

static void
post_it(Tiktok *tt)
{
    tt->is_posted = true;
    if (!tt->fail_reason || tt->n_failures == 0)
        tt->n_posted++;
}

static void
on_init(Tiktok *tt, const TestWireCall *call, TestWireAnswer *answer)
{
    g_autoptr(cJSON) body = cJSON_Parse(call->body);
    const cJSON *info = cJSON_GetObjectItem(body, "post_info");
    const cJSON *source = cJSON_GetObjectItem(body, "source_info");
    const cJSON *text = cJSON_GetObjectItem(info, "description");
    if (!text)
        text = cJSON_GetObjectItem(info, "title");
    g_assert_nonnull(source);
    g_strlcpy(tt->last_init, call->body, sizeof tt->last_init);
    g_strlcpy(tt->text, text ? text->valuestring : "", sizeof tt->text);
    const cJSON *size = cJSON_GetObjectItem(source, "video_size");
    tt->n_inits++;
    tt->n_polls = 0;
    tt->received = 0;
    tt->ranges[0] = '\0';
    tt->is_posted = false;
    tt->size = size ? (int64_t)size->valuedouble : 0;
    tt->is_public = !g_strcmp0(cJSON_GetStringValue(cJSON_GetObjectItem(info, "privacy_level")),
                               "PUBLIC_TO_EVERYONE");
    g_string_printf(answer->room,
                    "{\"data\":{\"publish_id\":\"v_pub~%d\"%s%s%s},\"error\":{\"code\":\"ok\"}}",
                    tt->n_inits, size ? ",\"upload_url\":\"" : "", size ? tt->url : "",
                    size ? "/upload/?upload_id=67890&upload_token=Xza123\"" : "");
    if (!size)
        post_it(tt);
}

static void
on_piece(Tiktok *tt, const TestWireCall *call, TestWireAnswer *answer)
{
    const char *range = g_hash_table_lookup(call->headers, "content-range");
    int64_t from = g_ascii_strtoll(range + strlen("bytes "), NULL, 10);
    g_assert_null(g_hash_table_lookup(call->headers, "authorization"));
    answer->body = "{}";
    if (tt->is_posted) {
        answer->status = 404;
    } else if (from != tt->received) {
        answer->status = 416;
    } else {
        g_strlcat(tt->ranges, range, sizeof tt->ranges);
        g_strlcat(tt->ranges, ";", sizeof tt->ranges);
        tt->received += (int64_t)call->n_body;
        answer->status = tt->received == tt->size ? 201 : 206;
        if (tt->received == tt->size)
            post_it(tt);
    }
}

static void
on_status(Tiktok *tt, TestWireAnswer *answer)
{
    bool is_named = tt->is_public && (!tt->is_moderated_late || tt->n_polls > 6);
    const char *status = !tt->is_posted      ? "PROCESSING_UPLOAD"
                         : ++tt->n_polls < 2 ? "PROCESSING_DOWNLOAD"
                         : tt->fail_reason   ? "FAILED"
                         : tt->is_draft      ? "SEND_TO_USER_INBOX"
                                             : "PUBLISH_COMPLETE";
    if (g_str_equal(status, "FAILED") && --tt->n_failures < 0)
        status = "PUBLISH_COMPLETE";
    g_string_printf(
        answer->room,
        "{\"data\":{\"status\":\"%s\",\"fail_reason\":\"%s\",\"uploaded_bytes\":%" G_GINT64_FORMAT
        ",\"publicaly_available_post_id\":[%s]},\"error\":{\"code\":\"ok\"}}",
        status, tt->fail_reason ? tt->fail_reason : "", tt->received,
        is_named && g_str_equal(status, "PUBLISH_COMPLETE") ? "7512345678901234567" : "");
}

static void
on_list(Tiktok *tt, TestWireAnswer *answer)
{
    bool is_there = tt->is_posted && tt->is_public && !tt->is_moderated_late;
    g_string_printf(
        answer->room,
        "{\"data\":{\"videos\":[%s%s%s],\"has_more\":false},\"error\":{\"code\":\"ok\"}}",
        is_there ? "{\"id\":\"7512345678901234567\",\"create_time\":1795000003,\"share_url\":"
                   "\"https://www.tiktok.com/@hibiki/video/7512345678901234567\","
                   "\"video_description\":\""
                 : "",
        is_there ? tt->text : "", is_there ? "\"}" : "");
}

static void
act(Tiktok *tt, const TestWireCall *call, TestWireAnswer *answer)
{
    if (g_str_has_prefix(call->path, "/upload/")) {
        on_piece(tt, call, answer);
    } else if (g_str_equal(call->path, "/v2/oauth/token/")) {
        g_assert_nonnull(strstr(call->body, tt->refresh)); /* the old one is dead */
        g_snprintf(tt->refresh, sizeof tt->refresh, "rft.%d", tt->n_calls);
        g_string_printf(
            answer->room,
            "{\"access_token\":\"act.fresh\",\"refresh_token\":\"%s\",\"open_id\":\"op1\","
            "\"expires_in\":7200,\"refresh_expires_in\":15552000,\"scope\":\"video.publish\"}",
            tt->refresh);
    } else if (g_str_has_suffix(call->path, "/creator_info/query/")) {
        answer->body =
            "{\"data\":{\"privacy_level_options\":[\"PUBLIC_TO_EVERYONE\",\"SELF_ONLY\"],"
            "\"duet_disabled\":true,\"max_video_post_duration_sec\":300},"
            "\"error\":{\"code\":\"ok\"}}";
    } else if (g_str_has_suffix(call->path, "/init/")) {
        on_init(tt, call, answer);
    } else if (g_str_has_suffix(call->path, "/status/fetch/")) {
        on_status(tt, answer);
    } else if (g_str_has_prefix(call->path, "/v2/video/list/")) {
        on_list(tt, answer);
    } else {
        g_assert_not_reached();
    }
}

static void
on_call(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    Tiktok *tt = data;
    Fault fault = ++tt->n_calls == tt->fault_at ? tt->fault : FAULT_NONE;
    if (fault == FAULT_NONE || fault == FAULT_CUT_AFTER || fault == FAULT_500_AFTER)
        act(tt, call, answer);
    answer->is_cut = fault == FAULT_CUT_AFTER || fault == FAULT_CUT_BEFORE;
    if (fault == FAULT_500_BEFORE || fault == FAULT_500_AFTER) {
        answer->status = 500;
        answer->body = "{\"error\":{\"code\":\"internal_error\",\"message\":\"\"}}";
    } else if (fault == FAULT_429) {
        answer->status = 429;
        answer->body = "{\"error\":{\"code\":\"rate_limit_exceeded\",\"message\":\"slow\"}}";
    } else if (fault == FAULT_401) {
        answer->status = 401;
        answer->body = "{\"error\":{\"code\":\"access_token_invalid\",\"message\":\"expired\"}}";
    }
}

/* --- a world ----------------------------------------------------------------------------------------------------- */
static int64_t
read_zeros(void *source, int64_t offset, void *into, size_t n)
{
    int64_t left = *(const int64_t *)source - offset;
    size_t most = left < (int64_t)n ? (size_t)left : n;
    memset(into, 0, most);
    return (int64_t)most;
}

static int64_t two_pieces = 16 * MIB + 5, three_pieces = 31 * MIB, one_piece = 4999999;
static const HibNetMedia photos[] = {
    {.kind = HIB_NET_IMAGE, .mime = "image/jpeg", .alt = "", .url = "https://h.example/m/0"},
    {.kind = HIB_NET_IMAGE, .mime = "image/jpeg", .alt = "", .url = "https://h.example/m/1"}};
#define VIDEO(bytes_)                                                                              \
    (const HibNetMedia[])                                                                          \
    {                                                                                              \
        {                                                                                          \
            .kind = HIB_NET_VIDEO, .mime = "video/mp4", .alt = "", .bytes = bytes_,                \
            .read = read_zeros, .duration_ms = 12000, .cover_ms = 1500                             \
        }                                                                                          \
    }

typedef struct {
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    TestWire *wire;
    Tiktok tt;
    HibNetMedia video;
    HibNetApp app;
    TestDrive drive;
} World;

static void
world_start(World *w, const HibNetPost *post, int64_t *bytes, int fault_at, Fault fault)
{
    *w = (World){.arena = hib_arena_new(),
                 .http = hib_http_new(),
                 .clock = hib_clock_manual_new(NOW),
                 .app = {"awkey", "secret"},
                 .tt = {.fault_at = fault_at, .fault = fault, .refresh = "rft.old"}};
    w->wire = test_wire_new(on_call, &w->tt);
    w->tt.url = test_wire_url(w->wire);
    w->drive = (TestDrive){.network = &hib_tiktok,
                           .net = {.http = w->http,
                                   .arena = w->arena,
                                   .clock = w->clock,
                                   .app = &w->app,
                                   .may_be_private = true},
                           .grant = {.service = w->tt.url,
                                     .remote_id = "op1",
                                     .handle = "hibiki",
                                     .access = "act.stale",
                                     .refresh = "rft.old",
                                     .extra = ""},
                           .post = *post};
    if (bytes) {
        w->video = VIDEO(0)[0];
        w->video.bytes = *bytes;
        w->video.source = bytes;
        w->drive.post.media = &w->video;
        w->drive.post.n_media = 1;
    }
    w->drive.sending = (HibNetSending){.handle = "h", .progress = "{}", .post = &w->drive.post};
}

static void
world_end(World *w)
{
    test_wire_free(w->wire);
    hib_http_free(w->http);
    hib_clock_free(w->clock);
    hib_arena_free(w->arena);
}

static const struct {
    HibNetPost post;
    int64_t *bytes; /* of the video; NULL: photos */
} lives[] = {
    {{.text = "夏の新作 #氷", .options = "{\"privacy\":\"PUBLIC_TO_EVERYONE\"}"}, &two_pieces},
    {{.text = "内輪", .options = "{\"privacy\":\"SELF_ONLY\"}"}, &one_piece},
    {{.text = "写真二枚",
      .title = "夏",
      .media = photos,
      .n_media = 2,
      .options = "{\"privacy\":\"PUBLIC_TO_EVERYONE\"}"},
     NULL},
};

static void
every_fault_at_every_call_ends_in_one_post(void)
{
    int n_runs = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(lives); i++)
        for (int fault = FAULT_CUT_BEFORE; fault < FAULT_N; fault++)
            for (int at = 1, n = 1; at <= n; at++, n_runs++) {
                World w;
                world_start(&w, &lives[i].post, lives[i].bytes, at, (Fault)fault);
                g_test_message("life %zu, fault %d at call %d", i, fault, at);
                g_assert_cmpint(test_drive(&w.drive, 60), ==, TEST_PUBLISHED);
                g_assert_cmpint(w.tt.n_posted, ==, 1);
                n = w.tt.n_calls;
                world_end(&w);
            }
    g_assert_cmpint(n_runs, >=, 80);
}

static void
a_public_video_has_its_id_and_address(void)
{
    World w;
    world_start(&w, &lives[0].post, &three_pieces, 0, FAULT_NONE);
    g_assert_cmpint(test_drive(&w.drive, 20), ==, TEST_PUBLISHED);
    g_assert_cmpstr(w.drive.sending.published.remote_id, ==, "7512345678901234567");
    g_assert_cmpstr(w.drive.sending.published.url, ==,
                    "https://www.tiktok.com/@hibiki/video/7512345678901234567");
    g_assert_cmpstr(w.tt.ranges, ==,
                    "bytes 0-8388607/32505856;bytes 8388608-16777215/32505856;"
                    "bytes 16777216-32505855/32505856;");
    g_assert_cmpstr(
        w.tt.last_init, ==,
        "{\"post_info\":{\"title\":\"夏の新作 #氷\",\"privacy_level\":\"PUBLIC_TO_EVERYONE\","
        "\"disable_comment\":true,\"disable_duet\":true,\"disable_stitch\":true,"
        "\"video_cover_timestamp_ms\":1500,\"brand_content_toggle\":false,"
        "\"brand_organic_toggle\":false,\"is_aigc\":false},\"source_info\":{\"source\":"
        "\"FILE_UPLOAD\",\"video_size\":32505856,\"chunk_size\":8388608,\"total_chunk_count\":3}}");
    world_end(&w);
}

static void
a_private_post_is_known_by_its_publish_id(void)
{
    World w;
    world_start(&w, &lives[1].post, &one_piece, 0, FAULT_NONE);
    g_assert_cmpint(test_drive(&w.drive, 20), ==, TEST_PUBLISHED);
    g_assert_cmpstr(w.drive.sending.published.remote_id, ==, "publish:v_pub~1");
    g_assert_cmpstr(w.drive.sending.published.url, ==, "");
    world_end(&w);
}

/* Under moderation for longer than we wait: it is posted, and its id is asked for when numbers are read. */
static void
moderation_is_waited_for_and_not_for_ever(void)
{
    World w;
    world_start(&w, &lives[0].post, &one_piece, 0, FAULT_NONE);
    w.tt.is_moderated_late = true;
    g_assert_cmpint(test_drive(&w.drive, 40), ==, TEST_PUBLISHED);
    g_assert_cmpstr(w.drive.sending.published.remote_id, ==, "7512345678901234567");
    g_assert_cmpint(w.tt.n_polls, >, 6);
    world_end(&w);
    world_start(&w, &lives[0].post, &one_piece, 0, FAULT_NONE);
    w.tt.is_moderated_late = true;
    w.tt.n_polls = -1000;
    g_assert_cmpint(test_drive(&w.drive, 6), ==, TEST_UNKNOWN);
    w.tt.n_polls = 2; /* complete, and no id */
    g_assert_cmpint(test_drive(&w.drive, 8), ==, TEST_UNKNOWN);
    w.tt.n_polls = 2;
    hib_clock_manual_set(w.clock,
                         hib_clock_now(w.clock) + HIB_TIKTOK_MODERATION_WAIT_S * HIB_SECOND);
    g_assert_cmpint(test_drive(&w.drive, 10), ==, TEST_PUBLISHED);
    g_assert_cmpstr(w.drive.sending.published.remote_id, ==, "publish:v_pub~1");
    world_end(&w);
}

static void
a_draft_ends_in_the_inbox_and_needs_no_choice(void)
{
    const HibNetPost post = {.text = "下書き", .options = "{\"draft\":true}"};
    World w;
    world_start(&w, &post, &one_piece, 0, FAULT_NONE);
    w.tt.is_draft = true;
    g_assert_cmpint(test_drive(&w.drive, 20), ==, TEST_PUBLISHED);
    g_assert_cmpstr(w.drive.sending.published.remote_id, ==, "publish:v_pub~1");
    g_assert_cmpstr(w.tt.last_init, ==,
                    "{\"source_info\":{\"source\":\"FILE_UPLOAD\",\"video_size\":4999999,"
                    "\"chunk_size\":4999999,\"total_chunk_count\":1}}");
    world_end(&w);
}

static void
what_tiktok_refuses_afterwards_says_why(void)
{
    static const struct {
        const char *reason;
        HibNetClass class;
    } cases[] = {{"file_format_check_failed", HIB_NET_FIX_CONTENT},
                 {"duration_check_failed", HIB_NET_FIX_CONTENT},
                 {"frame_rate_check_failed", HIB_NET_FIX_CONTENT},
                 {"picture_size_check_failed", HIB_NET_FIX_CONTENT},
                 {"spam_risk_text", HIB_NET_FIX_CONTENT},
                 {"spam_risk_user_banned_from_posting", HIB_NET_BLOCKED},
                 {"spam_risk_too_many_posts", HIB_NET_FATAL},
                 {"spam_risk", HIB_NET_FATAL},
                 {"auth_removed", HIB_NET_FATAL},
                 {"publish_cancelled", HIB_NET_FATAL},
                 {"something_new", HIB_NET_FATAL}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        for (int fault_at = 0; fault_at <= 3;
             fault_at += 3) { /* also when the last answer was lost */
            World w;
            world_start(&w, &lives[0].post, &one_piece, fault_at, FAULT_CUT_AFTER);
            w.tt.fail_reason = cases[i].reason;
            w.tt.n_failures = 1000;
            g_assert_cmpint(test_drive(&w.drive, 40), ==, TEST_FAILED);
            g_assert_cmpstr(w.drive.last.code, ==, cases[i].reason);
            g_assert_cmpint(w.drive.last.class, ==, cases[i].class);
            g_assert_cmpint(w.tt.n_inits, ==, 1);
            world_end(&w);
        }
}

static void
tiktoks_own_trouble_starts_over_a_few_times(void)
{
    World w;
    world_start(&w, &lives[0].post, &one_piece, 0, FAULT_NONE);
    w.tt.fail_reason = "internal";
    w.tt.n_failures = 2;
    g_assert_cmpint(test_drive(&w.drive, 60), ==, TEST_PUBLISHED);
    g_assert_cmpint(w.tt.n_inits, ==, 3);
    world_end(&w);
    world_start(&w, &lives[0].post, &one_piece, 0, FAULT_NONE);
    w.tt.fail_reason = "internal";
    w.tt.n_failures = 1000;
    g_assert_cmpint(test_drive(&w.drive, 60), ==, TEST_FAILED);
    g_assert_cmpstr(w.drive.last.code, ==, "internal");
    g_assert_cmpint(w.tt.n_inits, ==, 1 + HIB_TIKTOK_MAX_RESTARTS);
    world_end(&w);
}

/* The last piece was lost and the address died meanwhile: nothing is posted, so it starts over. */
static void
a_dead_address_starts_over(void)
{
    World w;
    world_start(&w, &lives[0].post, &one_piece, 3, FAULT_CUT_BEFORE);
    g_assert_cmpint(test_drive(&w.drive, 3), ==, TEST_UNKNOWN);
    hib_clock_manual_set(w.clock, NOW + 2 * HIB_HOUR);
    g_assert_cmpint(test_drive(&w.drive, 40), ==, TEST_PUBLISHED);
    g_assert_cmpint(w.tt.n_inits, ==, 2);
    g_assert_cmpint(w.tt.n_posted, ==, 1);
    world_end(&w);
}

static void
lost_photos_that_no_list_shows_ask_a_person(void)
{
    HibNetPost post = lives[2].post;
    post.options = "{\"privacy\":\"SELF_ONLY\"}";
    World w;
    world_start(&w, &post, NULL, 2, FAULT_CUT_AFTER);
    g_assert_cmpint(test_drive(&w.drive, 30), ==, TEST_UNKNOWN);
    g_assert_cmpstr(w.drive.last.code, ==, "NotListed");
    g_assert_cmpint(w.tt.n_posted, ==, 1);
    g_assert_cmpint(w.tt.n_calls, ==, 2);
    world_end(&w);
}

static void
what_the_account_may_not_do_is_refused_before_a_byte_goes_up(void)
{
    static const struct {
        const char *options;
        int64_t duration_ms;
        const char *code;
    } cases[] = {
        {"{\"privacy\":\"FOLLOWER_OF_CREATOR\"}", 12000, "privacy_level_option_mismatch"},
        {"{}", 12000, "privacy_level_option_mismatch"},
        {"{\"privacy\":\"SELF_ONLY\"}", 300001, "duration_check_failed"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const HibNetPost post = {.text = "x", .options = cases[i].options};
        World w;
        world_start(&w, &post, &one_piece, 0, FAULT_NONE);
        w.video.duration_ms = cases[i].duration_ms;
        g_assert_cmpint(test_drive(&w.drive, 10), ==, TEST_FAILED);
        g_assert_cmpint(w.drive.last.class, ==, HIB_NET_FIX_CONTENT);
        g_assert_cmpstr(w.drive.last.code, ==, cases[i].code);
        g_assert_cmpint(w.tt.n_inits, ==, 0);
        world_end(&w);
    }
}

/* An answer may not lead the pieces elsewhere than to the practice network itself. */
static void
pieces_go_only_where_tiktok_lives(void)
{
    World w;
    world_start(&w, &lives[0].post, &one_piece, 0, FAULT_NONE);
    w.tt.url = "http://127.0.0.1:1";
    g_assert_cmpint(test_drive(&w.drive, 10), ==, TEST_UNKNOWN);
    g_assert_cmpstr(w.drive.last.code, ==, "Unreadable");
    g_assert_cmpint(w.tt.n_posted, ==, 0);
    world_end(&w);
}

static void
signing_in_sends_the_person_with_tiktoks_own_names(void)
{
    World w;
    world_start(&w, &lives[0].post, &one_piece, 0, FAULT_NONE);
    const char *verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const char *url =
        hib_tiktok.authorize_url(&w.drive.net, "https://open.tiktokapis.com",
                                 "https://h.example/connect/callback", "st", verifier);
    g_assert_cmpstr(url, ==,
                    "https://www.tiktok.com/v2/auth/authorize/?client_key=awkey&response_type=code"
                    "&scope=user.info.basic%2Cuser.info.profile%2Cuser.info.stats%2Cvideo.list%2C"
                    "video.publish%2Cvideo.upload&redirect_uri=https%3A%2F%2Fh.example%2Fconnect%2F"
                    "callback&state=st&code_challenge="
                    "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3"
                    "&code_challenge_method=S256");
    HibGrant fresh = {0};
    g_assert_cmpint(hib_tiktok.refresh(&w.drive.net, &w.drive.grant, &fresh).class, ==, HIB_NET_OK);
    g_assert_cmpstr(fresh.access, ==, "act.fresh");
    g_assert_cmpstr(fresh.refresh, ==, "rft.1"); /* rotated */
    g_assert_cmpstr(fresh.handle, ==, "hibiki");
    g_assert_cmpint(fresh.access_expires_at, ==, NOW + 7200 * HIB_SECOND);
    g_assert_cmpint(fresh.refresh_expires_at, ==, NOW + 180 * HIB_DAY);
    HibGrant other = w.drive.grant;
    HibGrant untouched = {.access = "before"};
    other.remote_id = "op2";
    other.refresh = fresh.refresh;
    g_assert_cmpint(hib_tiktok.refresh(&w.drive.net, &other, &untouched).class, ==, HIB_NET_FATAL);
    g_assert_cmpstr(untouched.access, ==, "before");
    world_end(&w);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/networks/tiktok/" #name, name)
    TEST(every_fault_at_every_call_ends_in_one_post);
    TEST(a_public_video_has_its_id_and_address);
    TEST(a_private_post_is_known_by_its_publish_id);
    TEST(moderation_is_waited_for_and_not_for_ever);
    TEST(a_draft_ends_in_the_inbox_and_needs_no_choice);
    TEST(what_tiktok_refuses_afterwards_says_why);
    TEST(tiktoks_own_trouble_starts_over_a_few_times);
    TEST(a_dead_address_starts_over);
    TEST(lost_photos_that_no_list_shows_ask_a_person);
    TEST(what_the_account_may_not_do_is_refused_before_a_byte_goes_up);
    TEST(pieces_go_only_where_tiktok_lives);
    TEST(signing_in_sends_the_person_with_tiktoks_own_names);
    return g_test_run();
}
