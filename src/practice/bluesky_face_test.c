/* The connector and the face against each other: the whole life of a post, every fault, and what is left behind. The same connector
 * runs against the real servers in tests/networks. */
#include "base/error.h"
#include "networks/bluesky.h"
#include "practice/bluesky_face.h"
#include "test_people.h"
#include "test_sending.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    HibArena *arena;
    HibHttp *http;
    HibFace *face;
    HibNetContext net;
    HibGrant grant;
} World;

static HibFace *
start(const char *journal, int64_t rate_limit)
{
    g_autoptr(GError) error = NULL;
    const HibInstant since = INT64_C(1780000000) * HIB_SECOND;
    const HibFaceAccount accounts[] = {
        {.handle = "hibiki.test",
         .password = "open-sesame",
         .display_name = "喫茶ひびき",
         .audience = hib_audience_new(1, since, 640)},
        {.handle = "nene.test",
         .password = "other",
         .display_name = "ねね",
         .audience = hib_audience_new(2, since, 90)},
    };
    HibFace *face = hib_face_start(&(HibFaceOptions){.accounts = accounts,
                                                     .n_accounts = 2,
                                                     .journal = journal,
                                                     .rate_limit = rate_limit,
                                                     .has_control = true},
                                   &error);
    g_assert_no_error(error);
    return face;
}

static World
world_new(const char *journal, int64_t rate_limit)
{
    World w = {
        .arena = hib_arena_new(), .http = hib_http_new(), .face = start(journal, rate_limit)};
    w.net = (HibNetContext){
        .http = w.http, .arena = w.arena, .clock = hib_clock_real(), .may_be_private = true};
    HibNetResult said = hib_bluesky.connect(&w.net, hib_face_url(w.face), " @hibiki.test ",
                                            "open-sesame", &w.grant);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    return w;
}

static void
world_free(World *w)
{
    hib_face_stop(w->face);
    hib_http_free(w->http);
    hib_arena_free(w->arena);
}

static HibNetPost
plain(const char *text)
{
    return (HibNetPost){.text = text, .created_at = INT64_C(1795000000) * HIB_SECOND};
}

static HibNetResult
put(World *w, const char *rkey, const char *text, HibNetPublished *ret)
{
    const HibNetPost post = plain(text);
    return hib_test_publish_post(&hib_bluesky, &w->net, &w->grant, rkey, &post, NULL, ret);
}

static void
signing_in_gives_a_whole_grant(void)
{
    World w = world_new(NULL, 0);
    g_assert_cmpstr(w.grant.handle, ==, "hibiki.test");
    g_assert_cmpstr(w.grant.display_name, ==, "喫茶ひびき");
    g_assert_cmpstr(w.grant.remote_id, ==, hib_face_did(w.face, "hibiki.test"));
    g_assert_cmpstr(w.grant.service, ==, hib_face_url(w.face));
    g_assert_cmpint(w.grant.access_expires_at, >, hib_clock_now(hib_clock_real()) + HIB_HOUR);
    g_assert_cmpint(w.grant.refresh_expires_at, >, hib_clock_now(hib_clock_real()) + 80 * HIB_DAY);
    HibGrant other = {0};
    HibNetResult said =
        hib_bluesky.connect(&w.net, hib_face_url(w.face), "hibiki.test", "wrong", &other);
    g_assert_cmpint(said.class, ==, HIB_NET_REAUTH_HUMAN);
    g_assert_cmpstr(said.code, ==, "AuthenticationRequired");
    g_assert_null(other.access);
    world_free(&w);
}

static void
a_password_goes_to_no_plain_or_odd_address(void)
{
    World w = world_new(NULL, 0);
    const char *const odd[] = {
        "http://example.com",       "ftp://example.com", "https://me@example.com",
        "https://example.com/path", "https://",          "https://example.com?x=1"};
    HibNetContext net = w.net;
    net.may_be_private = false;
    for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
        HibGrant grant = {0};
        HibNetResult said = hib_bluesky.connect(&net, odd[i], "a.test", "p", &grant);
        g_assert_cmpint(said.class, ==, HIB_NET_FATAL);
        g_assert_cmpstr(said.code, ==, "InvalidService");
    }
    world_free(&w);
}

static void
a_post_put_twice_is_there_once(void)
{
    World w = world_new(NULL, 0);
    HibFaceCounts counts;
    HibNetPublished first = {0};
    HibNetPublished second = {0};
    const char *rkey = hib_bluesky.new_handle(&w.net);
    g_assert_cmpint(put(&w, rkey, "一杯目", &first).class, ==, HIB_NET_OK);
    g_assert_cmpint(put(&w, rkey, "一杯目", &second).class, ==, HIB_NET_OK);
    g_assert_cmpstr(first.remote_id, ==, second.remote_id);
    g_assert_true(g_str_has_prefix(first.url, "https://bsky.app/profile/hibiki.test/post/"));
    hib_face_counts(w.face, &counts);
    g_assert_cmpint(counts.n_created, ==, 1);
    g_assert_cmpint(counts.n_unchanged, ==, 1);
    g_assert_cmpint(counts.n_twice_key + counts.n_twice_text, ==, 0);
    /* The face sees what a reader would: the same words under another key are a duplicate. */
    g_assert_cmpint(put(&w, hib_bluesky.new_handle(&w.net), "一杯目", &second).class, ==,
                    HIB_NET_OK);
    hib_face_counts(w.face, &counts);
    g_assert_cmpint(counts.n_twice_text, ==, 1);
    g_assert_cmpint(hib_face_count_text(w.face, "一杯目"), ==, 2);
    world_free(&w);
}

static void
pictures_links_mentions_and_tags_are_accepted(void)
{
    World w = world_new(NULL, 0);
    const char *refs[4];
    HibNetMedia images[4];
    for (int i = 0; i < 4; i++) {
        images[i] = hib_test_medium(w.arena, "image/png", "not really a picture" + i, 10);
        images[i].alt = "湯気";
        images[i].width = 4;
        images[i].height = 3;
        g_assert_cmpint(hib_test_upload(&hib_bluesky, &w.net, &w.grant, &images[i], &refs[i]).class,
                        ==, HIB_NET_OK);
    }
    const char *const langs[] = {"ja", NULL};
    HibNetPost post = {
        .text = "新作です https://hibiki.example/a @nene.test @nobody.example #喫茶ひびき",
        .langs = langs,
        .media = images,
        .n_media = 4,
        .created_at = INT64_C(1795000000) * HIB_SECOND};
    HibNetPublished out = {0};
    const char *rkey = hib_bluesky.new_handle(&w.net);
    HibNetResult said =
        hib_test_publish_post(&hib_bluesky, &w.net, &w.grant, rkey, &post, refs, &out);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    HibHttpReply reply = {0};
    const HibHttpRequest request = {
        .method = "GET",
        .url = hib_arena_printf(w.arena,
                                "%s/xrpc/com.atproto.repo.getRecord?repo=%s&collection="
                                "app.bsky.feed.post&rkey=%s",
                                hib_face_url(w.face), w.grant.remote_id, rkey)};
    g_assert_true(hib_http_do(w.http, w.arena, &request, &reply, NULL));
    g_assert_nonnull(strstr(reply.body, "facet#link"));
    g_assert_nonnull(strstr(reply.body, "facet#tag"));
    g_assert_nonnull(strstr(reply.body, hib_face_did(w.face, "nene.test")));
    g_assert_nonnull(strstr(reply.body, "\"aspectRatio\":{\"width\":4,\"height\":3}"));
    const char *mention = strstr(reply.body, "facet#mention");
    g_assert_nonnull(mention);
    g_assert_null(strstr(mention + 1, "facet#mention")); /* nobody.example stays plain text */
    refs[0] = "{\"$type\":\"blob\",\"ref\":{\"$link\":\"bafkreigone\"},\"mimeType\":\"image/"
              "png\",\"size\":10}";
    said = hib_test_publish_post(&hib_bluesky, &w.net, &w.grant, hib_bluesky.new_handle(&w.net),
                                 &post, refs, &out);
    g_assert_cmpint(said.class, ==, HIB_NET_NEW_HANDLE); /* the upload has expired: upload again */
    world_free(&w);
}

static void
what_is_too_long_is_for_a_person_to_change(void)
{
    World w = world_new(NULL, 0);
    g_autoptr(GString) text = g_string_new(NULL);
    HibNetPublished out = {0};
    for (int i = 0; i < 300; i++)
        g_string_append(text, "響");
    g_assert_false(hib_net_count(&hib_bluesky, HIB_FORMAT_POST, text->str).is_over);
    g_assert_cmpint(put(&w, hib_bluesky.new_handle(&w.net), text->str, &out).class, ==, HIB_NET_OK);
    g_string_append(text, "響");
    g_assert_true(hib_net_count(&hib_bluesky, HIB_FORMAT_POST, text->str).is_over);
    HibNetResult said = put(&w, hib_bluesky.new_handle(&w.net), text->str, &out);
    g_assert_cmpint(said.class, ==, HIB_NET_FIX_CONTENT);
    g_assert_nonnull(strstr(said.message, "300"));
    world_free(&w);
}

static void
who_follows_reposts_and_likes_is_told_page_by_page(void)
{
    World w = world_new(NULL, 0);
    HibNetPublished out = {0};
    g_assert_cmpint(put(&w, hib_bluesky.new_handle(&w.net), "フォローとリポストで", &out).class, ==,
                    HIB_NET_OK);
    hib_test_people(&hib_bluesky, &w.net, &w.grant, out.remote_id);
    world_free(&w);
}

/* Publishing under every fault: what the connector says, and what is left on the network. */
static const struct {
    HibFault fault;
    HibNetClass class;
    bool is_there;
} faults[] = {
    {HIB_FAULT_NONE, HIB_NET_OK, true},
    {HIB_FAULT_RATE_LIMITED, HIB_NET_RETRY_AFTER, false},
    {HIB_FAULT_ERROR, HIB_NET_RECONCILE, false},
    {HIB_FAULT_ERROR_AFTER, HIB_NET_RECONCILE, true},
    {HIB_FAULT_CUT_BEFORE, HIB_NET_RECONCILE, false},
    {HIB_FAULT_CUT_AFTER, HIB_NET_RECONCILE, true},
    {HIB_FAULT_DELAY, HIB_NET_OK, true},
    {HIB_FAULT_STALL, HIB_NET_RECONCILE, false},
    {HIB_FAULT_NONSENSE, HIB_NET_RECONCILE, true},
    {HIB_FAULT_ENDED_GRANT, HIB_NET_REFRESH_AUTH, false},
    {HIB_FAULT_EXPIRED_TOKEN, HIB_NET_REFRESH_AUTH, false},
    {HIB_FAULT_REFUSED, HIB_NET_FIX_CONTENT, false},
};

static void
every_fault_is_told_apart_and_found_out_by_reading_back(void)
{
    World w = world_new(NULL, 0);
    HibFaceCounts counts;
    for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
        HibNetPublished out = {0};
        bool found = false;
        const char *rkey = hib_bluesky.new_handle(&w.net);
        const HibNetPost post = plain(hib_arena_printf(w.arena, "投稿 %zu", i));
        hib_face_fault(w.face, &(HibFaceFault){.fault = faults[i].fault,
                                               .method = "com.atproto.repo.putRecord",
                                               .times = 1,
                                               .ms = 150});
        HibNetResult said =
            hib_test_publish_post(&hib_bluesky, &w.net, &w.grant, rkey, &post, NULL, &out);
        g_assert_cmpstr(hib_net_class_name(said.class), ==, hib_net_class_name(faults[i].class));
        g_assert_cmpint(
            hib_test_find(&hib_bluesky, &w.net, &w.grant, rkey, &post, &found, &out).class, ==,
            HIB_NET_OK);
        g_assert_cmpint(found, ==, faults[i].is_there);
        /* After reading back, the same key again is harmless, there or not. */
        g_assert_cmpint(
            hib_test_publish_post(&hib_bluesky, &w.net, &w.grant, rkey, &post, NULL, &out).class,
            ==, HIB_NET_OK);
        g_assert_cmpint(hib_face_count_text(w.face, post.text), ==, 1);
    }
    hib_face_counts(w.face, &counts);
    g_assert_cmpint(counts.n_created, ==, G_N_ELEMENTS(faults));
    g_assert_cmpint(counts.n_twice_key + counts.n_twice_text + counts.n_changed, ==, 0);
    world_free(&w);
}

static void
stale_tokens_are_renewed_and_ended_sessions_need_a_person(void)
{
    World w = world_new(NULL, 0);
    HibNetReading reading = {0};
    HibGrant fresh = {0};
    hib_face_expire_tokens(w.face);
    g_assert_cmpint(hib_bluesky.read_account(&w.net, &w.grant, &reading).class, ==,
                    HIB_NET_REFRESH_AUTH);
    g_assert_cmpint(hib_bluesky.refresh(&w.net, &w.grant, &fresh).class, ==, HIB_NET_OK);
    g_assert_cmpstr(fresh.remote_id, ==, w.grant.remote_id);
    g_assert_cmpint(hib_bluesky.read_account(&w.net, &fresh, &reading).class, ==, HIB_NET_OK);
    g_assert_cmpstr(reading.metrics[0].metric, ==, "followers");
    hib_face_end_sessions(w.face);
    HibGrant none = {0};
    g_assert_cmpint(hib_bluesky.refresh(&w.net, &fresh, &none).class, ==, HIB_NET_REAUTH_HUMAN);
    g_assert_null(none.access);
    world_free(&w);
}

static void
numbers_come_in_the_order_asked_and_a_deleted_post_is_gone(void)
{
    World w = world_new(NULL, 0);
    HibNetPublished out[2];
    HibNetReading read[3];
    g_assert_cmpint(put(&w, hib_bluesky.new_handle(&w.net), "残る", &out[0]).class, ==, HIB_NET_OK);
    g_assert_cmpint(put(&w, hib_bluesky.new_handle(&w.net), "消える", &out[1]).class, ==,
                    HIB_NET_OK);
    g_assert_cmpint(hib_bluesky.remove(&w.net, &w.grant, out[1].remote_id).class, ==, HIB_NET_OK);
    g_assert_cmpint(hib_bluesky.remove(&w.net, &w.grant, out[1].remote_id).class, ==, HIB_NET_OK);
    g_assert_cmpint(
        hib_bluesky.remove(&w.net, &w.grant, "at://did:plc:other/app.bsky.feed.post/3jzfcijpj2z2a")
            .class,
        ==, HIB_NET_FATAL);
    const char *ids[] = {out[1].remote_id, out[0].remote_id};
    g_assert_cmpint(hib_bluesky.read_posts(&w.net, &w.grant, ids, 2, read).class, ==, HIB_NET_OK);
    g_assert_true(read[0].is_gone);
    g_assert_cmpuint(read[0].n_metrics, ==, 0);
    g_assert_false(read[1].is_gone);
    g_assert_cmpuint(read[1].n_metrics, ==, 5);
    g_assert_cmpstr(read[1].remote_id, ==, out[0].remote_id);
    world_free(&w);
}

static void
the_rate_window_counts_down_and_then_says_when(void)
{
    World w = world_new(NULL, 5);
    HibNetReading reading = {0};
    HibNetResult said = {0};
    for (int i = 0; i < 5; i++)
        said = hib_bluesky.read_account(&w.net, &w.grant, &reading);
    g_assert_cmpint(said.class, ==, HIB_NET_RETRY_AFTER); /* connecting has read the profile once */
    g_assert_cmpint(said.remaining, ==, 0);
    g_assert_cmpint(said.retry_at, >, hib_clock_now(hib_clock_real()));
    g_assert_cmpint(said.retry_at, <=, hib_clock_now(hib_clock_real()) + 301 * HIB_SECOND);
    world_free(&w);
}

static void
nobody_listening_is_told_from_an_answer_lost(void)
{
    World w = world_new(NULL, 0);
    HibNetPublished out = {0};
    HibGrant dead = w.grant;
    dead.service = "http://127.0.0.1:1";
    const HibNetPost post = plain("届かない");
    HibNetResult said = hib_test_publish_post(&hib_bluesky, &w.net, &dead,
                                              hib_bluesky.new_handle(&w.net), &post, NULL, &out);
    g_assert_cmpint(said.class, ==, HIB_NET_RETRY_SAME);
    g_assert_cmpint(said.http_status, ==, 0);
    world_free(&w);
}

static void
posts_outlive_a_restart_and_a_torn_last_line(void)
{
    g_autofree char *folder = g_dir_make_tmp("hibiki-face-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "journal", NULL);
    World w = world_new(path, 0);
    HibNetPublished out = {0};
    HibFaceCounts counts;
    const char *rkey = hib_bluesky.new_handle(&w.net);
    g_assert_cmpint(put(&w, rkey, "残す", &out).class, ==, HIB_NET_OK);
    g_assert_cmpint(put(&w, hib_bluesky.new_handle(&w.net), "消す", &out).class, ==, HIB_NET_OK);
    g_assert_cmpint(hib_bluesky.remove(&w.net, &w.grant, out.remote_id).class, ==, HIB_NET_OK);
    hib_face_stop(w.face);
    FILE *journal = g_fopen(path, "ae");
    fputs("{\"op\":\"put\",\"did\":\"did:pl", journal);
    fclose(journal);
    w.face = start(path, 0);
    hib_face_counts(w.face, &counts);
    g_assert_cmpint(counts.n_live, ==, 1);
    g_assert_cmpint(hib_face_count_text(w.face, "残す"), ==, 1);
    w.grant.service = hib_face_url(w.face); /* the session outlives it too */
    g_assert_cmpint(put(&w, rkey, "残す", &out).class, ==, HIB_NET_OK);
    hib_face_counts(w.face, &counts);
    g_assert_cmpint(counts.n_created, ==, 0);
    g_assert_cmpint(counts.n_unchanged, ==, 1);
    hib_face_stop(w.face);
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents(path, "nonsense\n", -1, NULL));
    w.face = hib_face_start(&(HibFaceOptions){.journal = path}, &error);
    g_assert_null(w.face);
    g_assert_true(hib_error_is(error, HIB_ERROR_CORRUPT));
    world_free(&w);
    g_remove(path);
    g_rmdir(folder);
}

#define N_LOAD 3000

static void *
put_many(void *data)
{
    World *w = data;
    for (int i = 0; i < N_LOAD / 2; i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        World mine = *w;
        HibNetPublished out = {0};
        mine.net.arena = arena;
        const char *rkey = hib_bluesky.new_handle(&mine.net);
        g_assert_cmpint(put(&mine, rkey, rkey, &out).class, ==, HIB_NET_OK);
    }
    return NULL;
}

/* Told before anybody signs in: the audience lives on from there. */
static void
answers_are_read_as_talk_and_can_be_answered(void)
{
    World w = {.arena = hib_arena_new(), .http = hib_http_new(), .face = start(NULL, 0)};
    const char *did = hib_face_did(w.face, "hibiki.test"), *cursor, *again;
    const HibInstant now = hib_clock_now(hib_clock_real());
    HibNetTalk *talk, *later;
    size_t n, n_later;
    w.net = (HibNetContext){
        .http = w.http, .arena = w.arena, .clock = hib_clock_real(), .may_be_private = true};
    for (int i = 0; i < 20; i++)
        g_assert_true(hib_face_add_post(w.face, did, hib_bluesky.new_handle(&w.net), "冬の新作です",
                                        now - (100 - i) * HIB_HOUR, 4, NULL));
    g_assert_cmpint(
        hib_bluesky.connect(&w.net, hib_face_url(w.face), "hibiki.test", "open-sesame", &w.grant)
            .class,
        ==, HIB_NET_OK);
    g_assert_cmpint(hib_bluesky.read_talk(&w.net, &w.grant, NULL, NULL, &talk, &n, &cursor).class,
                    ==, HIB_NET_OK);
    g_assert_cmpint(n, >, 1);
    for (size_t i = 0; i < n; i++) {
        g_assert_cmpint(talk[i].kind, ==, HIB_TALK_COMMENT);
        g_assert_true(
            g_str_has_prefix(talk[i].post_id, hib_arena_printf(w.arena, "at://%s/", did)));
        g_assert_true(!talk[i].is_own && *talk[i].text && talk[i].at <= hib_clock_now(w.net.clock));
        g_assert_cmpint(talk[i].at, >=, talk[i ? i - 1 : 0].at);
    }
    HibNetPost answer = plain("ありがとうございます");
    answer.reply_to = talk[0].remote_id;
    HibNetPublished out = {0};
    g_assert_cmpint(hib_test_publish_post(&hib_bluesky, &w.net, &w.grant,
                                          hib_bluesky.new_handle(&w.net), &answer, NULL, &out)
                        .class,
                    ==, HIB_NET_OK);
    g_assert_cmpint(
        hib_bluesky.read_talk(&w.net, &w.grant, NULL, cursor, &later, &n_later, &again).class, ==,
        HIB_NET_OK);
    g_assert_cmpint(n_later, <, n); /* the last minutes again, not the days before */
    world_free(&w);
}

static void
two_writers_get_through_three_thousand_posts(void)
{
    World w = world_new(NULL, 0);
    HibFaceCounts counts;
    int64_t began = hib_monotonic_us();
    GThread *threads[2] = {g_thread_new("a", put_many, &w), g_thread_new("b", put_many, &w)};
    for (int i = 0; i < 2; i++)
        g_thread_join(threads[i]);
    double rate = N_LOAD * 1e6 / (double)(hib_monotonic_us() - began);
    g_test_message("%.0f putRecord/s through the connector, 2 writers", rate);
    hib_face_counts(w.face, &counts);
    g_assert_cmpint(counts.n_created, ==, N_LOAD);
    g_assert_cmpint(counts.n_twice_key + counts.n_twice_text, ==, 0);
    world_free(&w);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/practice/face/who_follows_reposts_and_likes_is_told_page_by_page",
                    who_follows_reposts_and_likes_is_told_page_by_page);
    g_test_add_func("/practice/face/signing_in_gives_a_whole_grant",
                    signing_in_gives_a_whole_grant);
    g_test_add_func("/practice/face/a_password_goes_to_no_plain_or_odd_address",
                    a_password_goes_to_no_plain_or_odd_address);
    g_test_add_func("/practice/face/a_post_put_twice_is_there_once",
                    a_post_put_twice_is_there_once);
    g_test_add_func("/practice/face/pictures_links_mentions_and_tags_are_accepted",
                    pictures_links_mentions_and_tags_are_accepted);
    g_test_add_func("/practice/face/what_is_too_long_is_for_a_person_to_change",
                    what_is_too_long_is_for_a_person_to_change);
    g_test_add_func("/practice/face/every_fault_is_told_apart_and_found_out_by_reading_back",
                    every_fault_is_told_apart_and_found_out_by_reading_back);
    g_test_add_func("/practice/face/stale_tokens_are_renewed_and_ended_sessions_need_a_person",
                    stale_tokens_are_renewed_and_ended_sessions_need_a_person);
    g_test_add_func("/practice/face/numbers_come_in_the_order_asked_and_a_deleted_post_is_gone",
                    numbers_come_in_the_order_asked_and_a_deleted_post_is_gone);
    g_test_add_func("/practice/face/the_rate_window_counts_down_and_then_says_when",
                    the_rate_window_counts_down_and_then_says_when);
    g_test_add_func("/practice/face/nobody_listening_is_told_from_an_answer_lost",
                    nobody_listening_is_told_from_an_answer_lost);
    g_test_add_func("/practice/face/posts_outlive_a_restart_and_a_torn_last_line",
                    posts_outlive_a_restart_and_a_torn_last_line);
    g_test_add_func("/practice/face/answers_are_read_as_talk_and_can_be_answered",
                    answers_are_read_as_talk_and_can_be_answered);
    g_test_add_func("/practice/face/two_writers_get_through_three_thousand_posts",
                    two_writers_get_through_three_thousand_posts);
    return g_test_run();
}
