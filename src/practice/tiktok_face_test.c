/* The TikTok connector against TikTok's face: connected through the page, every fault at every step of videos and photos, moderation,
 * what TikTok refuses, drafts, numbers, tokens that rotate, and webhooks that the connector believes. */
#include "networks/tiktok.h"
#include "practice/face_hook.h"
#include "practice/tiktok_face.h"
#include "test_journey.h"
#include <glib/gstdio.h>

#define MIB (1024 * 1024)
#define PUBLIC "{\"privacy\":\"PUBLIC_TO_EVERYONE\",\"allow_comment\":true}"
#define ALONE "{\"privacy\":\"SELF_ONLY\"}"

/* A video of any size whose first bytes are an MP4's. */
static int64_t
read_video(void *source, int64_t offset, void *into, size_t n)
{
    static const char head[] = "\0\0\0\x18"
                               "ftypmp42";
    int64_t most = CLAMP(*(const int64_t *)source - offset, 0, (int64_t)n);
    memset(into, 'v', (size_t)most);
    for (int64_t i = offset; i < (int64_t)sizeof head && i - offset < most; i++)
        ((char *)into)[i - offset] = head[i];
    return most;
}

static HibNetPost
video_of(HibJourney *j, const char *text, int64_t *bytes, const char *options)
{
    HibNetMedia *media = hib_arena_array(j->arena, HibNetMedia, 1);
    media[0] = (HibNetMedia){.kind = HIB_NET_VIDEO,
                             .mime = "video/mp4",
                             .alt = "",
                             .sha256 = "",
                             .bytes = *bytes,
                             .read = read_video,
                             .source = bytes,
                             .duration_ms = 12000,
                             .cover_ms = -1};
    return (HibNetPost){.text = text,
                        .media = media,
                        .n_media = 1,
                        .options = options,
                        .created_at = hib_clock_now(j->clock)};
}

static int64_t small = 40000, pieces = 17 * MIB + 5;

static HibNetPost
small_video(HibJourney *j, const char *text)
{
    return video_of(j, text, &small, PUBLIC);
}

static HibNetPost
video_in_pieces(HibJourney *j, const char *text)
{
    return video_of(j, text, &pieces, PUBLIC);
}

static HibNetPost
private_video(HibJourney *j, const char *text)
{
    return video_of(j, text, &small, ALONE);
}

static HibNetPost
photos(HibJourney *j, const char *text)
{
    HibNetMedia *media = hib_arena_array(j->arena, HibNetMedia, 2);
    for (size_t i = 0; i < 2; i++) {
        media[i] = hib_test_medium(j->arena, "image/jpeg", "jpeg", 4);
        media[i].url = hib_arena_printf(j->arena, "https://hibiki.example/m/%zu.jpg?sig=abc", i);
    }
    return (HibNetPost){.text = text,
                        .title = "夏の二枚",
                        .media = media,
                        .n_media = 2,
                        .options = PUBLIC,
                        .created_at = hib_clock_now(j->clock)};
}

static void
posts_go_out_once_whatever_happens(void)
{
    static const struct {
        const char *what;
        HibJourneyMake make;
    } kinds[] = {{"動画", small_video},
                 {"分けて送る動画", video_in_pieces},
                 {"自分だけの動画", private_video},
                 {"写真", photos}};
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(HibJourney) j = hib_journey_new(&hib_tiktok, &hib_practice_tiktok, false);
        hib_journey_faults(j, kinds[i].what, kinds[i].make);
    }
}

/* --- the door beside ------------------------------------------------------------------------------------------------------ */
static int
call(HibJourney *j, const char *method, const char *path, const char *body, HibHttpReply *ret)
{
    const char *headers[] = {
        hib_arena_printf(j->arena, "Authorization: Bearer %s", j->grant.access), NULL};
    const HibHttpRequest request = {
        .method = method,
        .url = hib_arena_printf(j->arena, "%s%s", hib_practice_url(j->face), path),
        .headers = headers,
        .content_type = body ? "application/json" : NULL,
        .body = body,
        .n_body = body ? strlen(body) : 0};
    g_assert_true(hib_http_do(j->http, j->arena, &request, ret, NULL));
    return ret->status;
}

/* The code that an answer carries. */
static const char *
code_of(HibJourney *j, const HibHttpReply *reply)
{
    HibJson in, error;
    const char *code = "", *log = "";
    g_assert_true(hib_json_parse(j->arena, reply->body, strlen(reply->body), &in, NULL));
    g_assert_true(hib_json_object(in, "error", &error, NULL));
    g_assert_true(hib_json_text(error, "code", &code, NULL));
    g_assert_true(hib_json_text(error, "log_id", &log, NULL) && *log);
    return code;
}

static void
set_creator(HibJourney *j, const char *json)
{
    HibHttpReply reply;
    g_assert_cmpint(call(j, "POST", "/practice/own/creator", json, &reply), ==, 200);
}

static HibNetResult
sent_but_refused(HibJourney *j, const HibNetPost *post)
{
    HibJourneyEnd end = hib_journey_send(j, post, HIB_FAULT_NONE, 0);
    g_assert_false(end.is_out);
    g_assert_cmpint(hib_practice_count_text(j->face, post->text), ==, 0);
    return end.last;
}

/* --- what is refused ------------------------------------------------------------------------------------------------------- */
static void
the_account_and_the_client_set_limits(void)
{
    static const struct {
        const char *creator, *options, *code;
    } rows[] = {
        {"{\"unaudited\":true}", ALONE, "unaudited_client_can_only_post_to_private_accounts"},
        {"{\"private\":true}", PUBLIC, "privacy_level_option_mismatch"},
        {"{\"private\":true}", ALONE, NULL},
        {"{\"unaudited\":false,\"private\":false}", PUBLIC, NULL},
        {"{\"banned\":true}", PUBLIC, "spam_risk_user_banned_from_posting"},
    };
    g_autoptr(HibJourney) j = hib_journey_new(&hib_tiktok, &hib_practice_tiktok, false);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        HibNetPost post =
            video_of(j, hib_arena_printf(j->arena, "許されるか%zu", i), &small, rows[i].options);
        set_creator(j, rows[i].creator);
        if (rows[i].code)
            g_assert_cmpstr(sent_but_refused(j, &post).code, ==, rows[i].code);
        else
            g_assert_true(hib_journey_send(j, &post, HIB_FAULT_NONE, 0).is_out);
    }
}

static void
what_cannot_be_fetched_or_read_fails_with_its_reason(void)
{
    static int64_t bytes = 30000;
    g_autoptr(HibJourney) j = hib_journey_new(&hib_tiktok, &hib_practice_tiktok, false);
    HibNetPost post = photos(j, "平文の住所");
    HibNetMedia *media = (HibNetMedia *)post.media;
    media[1].url = "http://hibiki.example/m/1.jpg";
    g_assert_cmpstr(sent_but_refused(j, &post).code, ==, "url_ownership_unverified");
    media[1].url = "https://hibiki.example/m/1.png";
    post.text = "取れない形式";
    g_assert_cmpstr(sent_but_refused(j, &post).code, ==, "file_format_check_failed");
    static const char no_video[30000] = "not a video";
    HibNetMedia fake = hib_test_medium(j->arena, "video/mp4", no_video, sizeof no_video);
    post = video_of(j, "動画でない", &bytes, PUBLIC);
    post.media = &fake;
    g_assert_cmpstr(sent_but_refused(j, &post).code, ==, "file_format_check_failed");
}

static void
files_are_cut_by_the_rules(void)
{
    static const struct {
        const char *cut;
        bool is_good;
    } rows[] = {
        {"\"video_size\":4000000,\"chunk_size\":4000000,\"total_chunk_count\":1", true},
        {"\"video_size\":4000000,\"chunk_size\":2000000,\"total_chunk_count\":2", false},
        {"\"video_size\":50000123,\"chunk_size\":10000000,\"total_chunk_count\":5", true},
        {"\"video_size\":50000123,\"chunk_size\":10000000,\"total_chunk_count\":6", false},
        {"\"video_size\":50000123,\"chunk_size\":50000123,\"total_chunk_count\":1", true},
        {"\"video_size\":70000000,\"chunk_size\":70000000,\"total_chunk_count\":1", false},
        {"\"video_size\":6000000000,\"chunk_size\":60000000,\"total_chunk_count\":100", false},
        {"\"video_size\":0,\"chunk_size\":0,\"total_chunk_count\":1", false},
        {"\"video_size\":4000000,\"chunk_size\":5000000,\"total_chunk_count\":1", false},
        {"\"video_size\":4000000", false},
    };
    g_autoptr(HibJourney) j = hib_journey_new(&hib_tiktok, &hib_practice_tiktok, false);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        HibHttpReply reply;
        const char *body = hib_arena_printf(
            j->arena, "{\"source_info\":{\"source\":\"FILE_UPLOAD\",%s}}", rows[i].cut);
        int status = call(j, "POST", "/v2/post/publish/inbox/video/init/", body, &reply);
        g_test_message("%s: %s", rows[i].cut, reply.body);
        g_assert_cmpint(status, ==, rows[i].is_good ? 200 : 400);
        g_assert_cmpstr(code_of(j, &reply), ==, rows[i].is_good ? "ok" : "invalid_param");
    }
}

static int
put_piece(HibJourney *j, const char *url, int64_t from, int64_t n, int64_t total)
{
    g_autofree char *bytes = g_malloc0((gsize)n);
    HibHttpReply reply;
    const char *headers[] = {hib_arena_printf(j->arena,
                                              "Content-Range: bytes %" G_GINT64_FORMAT
                                              "-%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT,
                                              from, from + n - 1, total),
                             NULL};
    const HibHttpRequest request = {.method = "PUT",
                                    .url = url,
                                    .headers = headers,
                                    .content_type = "video/mp4",
                                    .body = bytes,
                                    .n_body = (size_t)n};
    g_assert_true(hib_http_do(j->http, j->arena, &request, &reply, NULL));
    return reply.status;
}

static void
pieces_come_in_order_and_the_address_dies(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_tiktok, &hib_practice_tiktok, false);
    HibHttpReply reply;
    HibJson in, data;
    const char *url[2];
    for (int i = 0; i < 2; i++) {
        g_assert_cmpint(call(j, "POST", "/v2/post/publish/inbox/video/init/",
                             "{\"source_info\":{\"source\":\"FILE_UPLOAD\",\"video_size\":10000007,"
                             "\"chunk_size\":5000000,\"total_chunk_count\":2}}",
                             &reply),
                        ==, 200);
        g_assert_true(hib_json_parse(j->arena, reply.body, strlen(reply.body), &in, NULL));
        g_assert_true(hib_json_object(in, "data", &data, NULL));
        g_assert_true(hib_json_text(data, "upload_url", &url[i], NULL));
    }
    g_assert_cmpint(put_piece(j, url[0], 5000000, 5000007, 10000007), ==, 416);
    g_assert_cmpint(put_piece(j, url[0], 0, 4000000, 10000007), ==, 400);
    g_assert_cmpint(put_piece(j, url[0], 0, 5000000, 9999999), ==, 400);
    g_assert_cmpint(put_piece(j, url[0], 0, 5000000, 10000007), ==, 206);
    g_assert_cmpint(put_piece(j, url[0], 0, 5000000, 10000007), ==, 416);
    g_assert_cmpint(put_piece(j, url[0], 5000000, 5000007, 10000007), ==, 201);
    g_assert_cmpint(put_piece(j, url[0], 5000000, 5000007, 10000007), ==, 404);
    hib_journey_pass(j, HIB_HOUR);
    g_assert_cmpint(put_piece(j, url[1], 0, 5000000, 10000007), ==, 403);
}

static void
windows_and_the_days_posts_run_out(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_tiktok, &hib_practice_tiktok, true);
    int n_out = 0;
    HibNetResult last = {0};
    for (int i = 0; i < 20; i++) {
        HibNetPost post = private_video(j, hib_arena_printf(j->arena, "%d本目", i));
        HibNetSending sending = {
            .handle = j->network->new_handle(&j->net), .progress = "{}", .post = &post};
        do {
            last = j->network->run_step(&j->net, &j->grant, &sending);
            if (last.class == HIB_NET_WAIT_ASYNC || last.class == HIB_NET_RETRY_AFTER)
                hib_journey_pass(j, last.retry_at - hib_clock_now(j->clock));
        } while (last.class != HIB_NET_QUOTA && !sending.is_done);
        if (last.class == HIB_NET_QUOTA)
            break;
        n_out++;
    }
    g_assert_cmpint(n_out, ==, 15);
    g_assert_cmpstr(last.code, ==, "spam_risk_too_many_posts");
    HibHttpReply reply;
    int status = 200;
    for (int i = 0; i < 31 && status == 200; i++)
        status = call(j, "POST", "/v2/post/publish/creator_info/query/", "{}", &reply);
    g_assert_cmpint(status, ==, 429);
    g_assert_cmpstr(code_of(j, &reply), ==, "rate_limit_exceeded");
}

/* --- what goes well ------------------------------------------------------------------------------------------------------------ */
static void
drafts_lie_in_the_inbox_until_it_is_full(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_tiktok, &hib_practice_tiktok, true);
    HibPracticeCounts counts;
    for (int64_t i = 0; i < 5; i++) {
        int64_t *bytes = hib_arena_new0(j->arena, int64_t);
        *bytes = 20000 + i;
        HibNetPost post = video_of(j, "下書き", bytes, "{\"draft\":true}");
        g_assert_true(hib_journey_send(j, &post, HIB_FAULT_NONE, 0).is_out);
    }
    hib_practice_counts(j->face, NULL, &counts);
    g_assert_cmpint(counts.n_live, ==, 5);
    g_assert_cmpint(counts.n_twice_text, ==, 0);
    HibHttpReply reply;
    g_assert_cmpint(call(j, "POST", "/v2/post/publish/inbox/video/init/",
                         "{\"source_info\":{\"source\":\"PULL_FROM_URL\",\"video_url\":"
                         "\"https://hibiki.example/v.mp4\"}}",
                         &reply),
                    ==, 403);
    g_assert_cmpstr(code_of(j, &reply), ==, "spam_risk_too_many_pending_share");
}

static void
a_public_post_is_named_after_moderation_and_counted(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_tiktok, &hib_practice_tiktok, false);
    set_creator(j, "{\"moderation_s\":14400}"); /* longer than the connector waits */
    HibNetPost post = small_video(j, "秋のブレンド、はじめました #珈琲");
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    const char *ids[] = {end.published.remote_id, "7000000000000000001"};
    HibNetReading readings[2], account;
    const char *options;
    g_assert_true(end.is_out && g_str_has_prefix(ids[0], "publish:"));
    g_assert_cmpint(j->network->refresh(&j->net, &j->grant, &j->grant).class, ==, HIB_NET_OK);
    g_assert_cmpint(j->network->read_posts(&j->net, &j->grant, ids, 2, readings).class, ==,
                    HIB_NET_OK);
    g_assert_cmpuint(readings[0].n_metrics, ==, 0);
    g_assert_true(!readings[0].is_gone && readings[1].is_gone);
    hib_journey_pass(j, 2 * HIB_DAY);
    g_assert_cmpint(j->network->refresh(&j->net, &j->grant, &j->grant).class, ==, HIB_NET_OK);
    g_assert_cmpint(j->network->read_posts(&j->net, &j->grant, ids, 1, readings).class, ==,
                    HIB_NET_OK);
    g_assert_cmpuint(readings[0].n_metrics, ==, 4);
    g_assert_cmpint(readings[0].metrics[0].value, >, 0);
    g_assert_cmpint(j->network->read_account(&j->net, &j->grant, &account).class, ==, HIB_NET_OK);
    g_assert_cmpuint(account.n_metrics, ==, 4);
    g_assert_cmpint(account.metrics[3].value, ==, 1);
    g_assert_cmpint(j->network->read_options(&j->net, &j->grant, &options).class, ==, HIB_NET_OK);
    g_assert_nonnull(strstr(options, "MUTUAL_FOLLOW_FRIENDS"));
}

static void
lists_go_page_by_page_with_the_fields_asked_for(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_tiktok, &hib_practice_tiktok, false);
    HibHttpReply reply;
    HibJson in, data, videos;
    const char *text;
    int64_t cursor = 0;
    bool has_more = true;
    int n = 0;
    for (int i = 0; i < 5; i++) {
        HibNetPost post = small_video(j, hib_arena_printf(j->arena, "頁 %d", i));
        g_assert_true(hib_journey_send(j, &post, HIB_FAULT_NONE, 0).is_out);
    }
    HibNetPost alone = private_video(j, "載らない");
    g_assert_true(hib_journey_send(j, &alone, HIB_FAULT_NONE, 0).is_out);
    while (has_more) {
        const char *body =
            hib_arena_printf(j->arena, "{\"max_count\":2,\"cursor\":%" G_GINT64_FORMAT "}", cursor);
        g_assert_cmpint(call(j, "POST", "/v2/video/list/?fields=id,title", body, &reply), ==, 200);
        g_assert_true(hib_json_parse(j->arena, reply.body, strlen(reply.body), &in, NULL));
        g_assert_true(hib_json_object(in, "data", &data, NULL));
        g_assert_true(hib_json_array(data, "videos", &videos, NULL));
        g_assert_true(hib_json_int(data, "cursor", &cursor, NULL));
        g_assert_true(hib_json_bool(data, "has_more", &has_more, NULL));
        for (HibJson v = hib_json_first(videos); v.value; v = hib_json_next(videos, v), n++) {
            g_assert_cmpint(cJSON_GetArraySize(v.value), ==, 2);
            g_assert_true(hib_json_text(v, "title", &text, NULL));
            g_assert_cmpstr(text, ==, hib_arena_printf(j->arena, "頁 %d", 4 - n));
        }
    }
    g_assert_cmpint(n, ==, 5);
    g_assert_cmpint(call(j, "POST", "/v2/video/list/?fields=id,secrets", "{}", &reply), ==, 400);
    g_assert_cmpint(call(j, "POST", "/v2/video/list/", "{}", &reply), ==, 400);
}

/* --- tokens and webhooks ----------------------------------------------------------------------------------------------------------- */
static void
refresh_tokens_rotate_and_grants_end(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_tiktok, &hib_practice_tiktok, false);
    HibGrant old = j->grant, unused;
    HibNetReading account;
    g_assert_cmpint(old.access_expires_at - hib_clock_now(j->clock), ==, 2 * HIB_HOUR);
    g_assert_cmpint(old.refresh_expires_at - hib_clock_now(j->clock), ==, 180 * HIB_DAY);
    g_assert_cmpstr(old.handle, ==, "hibiki");
    hib_journey_pass(j, 2 * HIB_HOUR);
    g_assert_cmpint(j->network->read_account(&j->net, &j->grant, &account).class, ==,
                    HIB_NET_REFRESH_AUTH);
    g_assert_cmpint(j->network->refresh(&j->net, &j->grant, &j->grant).class, ==, HIB_NET_OK);
    g_assert_cmpstr(j->grant.refresh, !=, old.refresh);
    g_assert_cmpint(j->network->read_account(&j->net, &j->grant, &account).class, ==, HIB_NET_OK);
    HibNetResult said = j->network->refresh(&j->net, &old, &unused); /* refused with status 200 */
    g_assert_cmpstr(hib_net_class_name(said.class), ==, "reauth_human");
    g_assert_cmpint(said.http_status, ==, 200);
    hib_practice_end_grants(j->face);
    HibNetPost post = small_video(j, "届かない");
    g_assert_cmpstr(hib_net_class_name(sent_but_refused(j, &post).class), ==, "reauth_human");
}

/* An ear: keeps what arrives as posts, the signature beside. */
static void
arrive(HibPracticeCall *call)
{
    HibPracticePost post = {.id = hib_practice_id(call),
                            .account = "1",
                            .text = call->body.head,
                            .extra = hib_practice_header_in(call, "TikTok-Signature")};
    hib_practice_post_add(call->face, &post);
    hib_practice_empty(call, 200);
}

static void
refuse(HibPracticeCall *call, HibPracticeRefusal why G_GNUC_UNUSED, const char *message)
{
    hib_practice_text(call, 404, "text/plain", message);
}

static const HibPracticeRoute ear_routes[] = {{"POST", "/hook", "hook", arrive, 0}};
static const HibPracticeNetwork ear_network = {
    .name = "ear", .title = "Ear", .routes = ear_routes, .n_routes = 1, .refuse = refuse};

static const char *
signature_of(void *data, const char *name)
{
    return g_str_equal(name, "tiktok-signature") ? data : NULL;
}

static HibNetHookEvent
believed(HibJourney *j, const HibPracticePost *arrived)
{
    HibNetHookAnswer answer;
    const HibNetHookCall hook = {.method = "POST",
                                 .header = signature_of,
                                 .data = (void *)(uintptr_t)arrived->extra,
                                 .body = arrived->text,
                                 .n_body = strlen(arrived->text),
                                 .secret = HIB_PRACTICE_CLIENT_SECRET,
                                 .now = hib_clock_now(j->clock)};
    g_assert_true(j->network->hook(j->arena, &hook, &answer));
    g_assert_false(answer.is_refused);
    g_assert_cmpuint(answer.n_events, ==, 1);
    g_assert_cmpstr(answer.events[0].account, ==, j->grant.remote_id);
    return answer.events[0];
}

static void
webhooks_tell_what_became_of_a_post_and_are_believed(void)
{
    static const HibPracticeAccount accounts[] = {{.id = "1", .handle = "ear"}};
    g_autoptr(HibJourney) j = hib_journey_new(&hib_tiktok, &hib_practice_tiktok, false);
    g_autoptr(HibPracticeFace) ear = hib_practice_start(
        &ear_network, &(HibPracticeOptions){.accounts = accounts, .n_accounts = 1}, NULL);
    const HibPracticePost *const *heard;
    const char *next;
    HibHttpReply reply;
    const HibPracticeQuery all = {.account = "1", .is_oldest_first = true};
    hib_practice_hook_url(j->face, hib_arena_printf(j->arena, "%s/hook", hib_practice_url(ear)));
    HibNetPost post = small_video(j, "知らせが来る");
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    HibNetPost failing = small_video(j, "失敗の知らせ");
    set_creator(j, "{\"moderation_s\":0}");
    (void)hib_journey_send(j, &failing, HIB_FAULT_PROCESSING_FAILED, 2);
    hib_practice_hooks_settle(j->face, 5000);
    g_assert_cmpuint(hib_practice_posts(ear, j->arena, &all, &heard, &next), ==, 5);
    static const char *const events[] = {"publish.complete", "publicly_available", "failed",
                                         "publish.complete", "publicly_available"};
    for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
        HibNetHookEvent event = believed(j, heard[i]);
        g_assert_nonnull(strstr(heard[i]->text, events[i]));
        g_assert_cmpstr(event.kind, ==, "publish");
        if (i == 1)
            g_assert_cmpstr(event.talk.post_id, ==, end.published.remote_id);
    }
    const char *form = hib_arena_printf(
        j->arena, "client_key=practice-client&client_secret=practice-secret&token=%s",
        j->grant.access);
    const HibHttpRequest request = {
        .method = "POST",
        .url = hib_arena_printf(j->arena, "%s/v2/oauth/revoke/", hib_practice_url(j->face)),
        .content_type = "application/x-www-form-urlencoded",
        .body = form,
        .n_body = strlen(form)};
    g_assert_true(hib_http_do(j->http, j->arena, &request, &reply, NULL));
    hib_practice_hooks_settle(j->face, 5000);
    g_assert_cmpuint(hib_practice_posts(ear, j->arena, &all, &heard, &next), ==, 6);
    g_assert_cmpstr(believed(j, heard[5]).kind, ==, "deauthorized");
}

/* The same address, the same journal. */
static void
start_again(HibJourney *j, const char *journal, int port)
{
    static const HibPracticeAccount accounts[] = {
        {.id = "1001", .handle = "hibiki", .name = "喫茶ひびき", .followers = 800}};
    const HibPracticeOptions options = {.port = port,
                                        .accounts = accounts,
                                        .n_accounts = 1,
                                        .journal = journal,
                                        .clock = j->clock,
                                        .seed = 7};
    hib_practice_stop(j->face);
    j->face = hib_practice_start(&hib_practice_tiktok, &options, NULL);
    g_assert_nonnull(j->face);
}

/* Between the pieces and before moderation: the address, the post and its id are still known. */
static void
a_restart_forgets_neither_pieces_nor_publishes(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_tiktok, &hib_practice_tiktok, false);
    g_autofree char *folder = g_dir_make_tmp("hib-tiktok-XXXXXX", NULL);
    g_autofree char *journal = g_build_filename(folder, "journal", NULL);
    start_again(j, journal, 0);
    int port = (int)g_ascii_strtoll(strrchr(hib_practice_url(j->face), ':') + 1, NULL, 10);
    hib_journey_connect(j, hib_practice_account_at(j->face, 0));
    j->grant.service = hib_arena_strdup(j->arena, j->grant.service); /* the face's own text */
    HibNetPost post = video_in_pieces(j, "再起動をまたぐ");
    HibNetSending sending = {
        .handle = j->network->new_handle(&j->net), .progress = "{}", .post = &post};
    while (j->network->next_step(&sending).kind != HIB_NET_STEP_EFFECT)
        g_assert_cmpint(j->network->run_step(&j->net, &j->grant, &sending).class, ==, HIB_NET_OK);
    start_again(j, journal, port);
    sending.sent_at = hib_clock_now(j->clock);
    g_assert_cmpint(j->network->run_step(&j->net, &j->grant, &sending).class, ==, HIB_NET_OK);
    start_again(j, journal, port);
    for (int i = 0; i < 20 && !sending.is_done; i++) {
        (void)j->network->run_step(&j->net, &j->grant, &sending);
        hib_journey_pass(j, 20 * HIB_SECOND);
    }
    g_assert_true(sending.is_done && g_ascii_isdigit(sending.published.remote_id[0]));
    g_assert_cmpint(hib_practice_count_text(j->face, post.text), ==, 1);
    g_unlink(journal);
    g_rmdir(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/practice/tiktok/" #name, name)
    TEST(posts_go_out_once_whatever_happens);
    TEST(the_account_and_the_client_set_limits);
    TEST(what_cannot_be_fetched_or_read_fails_with_its_reason);
    TEST(files_are_cut_by_the_rules);
    TEST(pieces_come_in_order_and_the_address_dies);
    TEST(windows_and_the_days_posts_run_out);
    TEST(drafts_lie_in_the_inbox_until_it_is_full);
    TEST(a_public_post_is_named_after_moderation_and_counted);
    TEST(lists_go_page_by_page_with_the_fields_asked_for);
    TEST(refresh_tokens_rotate_and_grants_end);
    TEST(a_restart_forgets_neither_pieces_nor_publishes);
    TEST(webhooks_tell_what_became_of_a_post_and_are_believed);
    return g_test_run();
}
