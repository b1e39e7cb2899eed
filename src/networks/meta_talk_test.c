/* What people say on Instagram, Facebook and Threads: oldest first, nothing twice that has no reason to be, and a source that is closed
 * closes no other. */
#include "networks/facebook.h"
#include "networks/instagram.h"
#include "networks/test_canned.h"
#include "networks/threads.h"

#include <string.h>

static const HibNetTalk *
by_id(const HibNetTalk *talk, size_t n, const char *id)
{
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(talk[i].remote_id, id))
            return &talk[i];
    return NULL;
}

static void
instagram_brings_comments_tags_and_messages(void)
{
    static const TestCannedRow rows[] = {
        {"GET /v25.0/m1/comments?", 0,
         "{\"data\":[{\"id\":\"c1\",\"text\":\"素敵です\",\"timestamp\":\"2026-11-18T09:00:00+"
         "0000\","
         "\"username\":\"mika\",\"from\":{\"id\":\"55\",\"username\":\"mika\"},\"replies\":{"
         "\"data\":"
         "[{\"id\":\"c2\",\"text\":\"ありがとう\",\"timestamp\":\"2026-11-18T10:00:00+0000\","
         "\"username\":\"hibiki\"}]}},{\"id\":\"c0\",\"text\":\"old\",\"timestamp\":"
         "\"2026-01-01T00:00:00+0000\",\"username\":\"x\"}]}"},
        {"GET /v25.0/gone/comments?", 400,
         "{\"error\":{\"code\":100,\"error_subcode\":33,\"message\":\"gone\"}}"},
        {"GET /v25.0/178/tags?", 0,
         "{\"data\":[{\"id\":\"t1\",\"caption\":\"@hibiki "
         "の豆\",\"username\":\"ken\",\"timestamp\":"
         "\"2026-11-17T00:00:00+0000\",\"permalink\":\"https://p/t1\"}]}"},
        {"GET /v25.0/178/conversations?platform=instagram", 0,
         "{\"data\":[{\"id\":\"t_1\",\"participants\":{\"data\":[{\"id\":\"178\",\"username\":"
         "\"hibiki\"},{\"id\":\"55\",\"username\":\"mika\"}]},\"messages\":{\"data\":[{\"id\":"
         "\"d2\","
         "\"message\":\"はい\",\"from\":{\"id\":\"178\"},\"created_time\":"
         "\"2026-11-18T08:00:00+0000\"},{\"id\":\"d1\",\"message\":\"空いていますか\",\"from\":{"
         "\"id\":\"55\",\"username\":\"mika\"},\"created_time\":\"2026-11-18T07:00:00+0000\"}]}}]"
         "}"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    const char *const posts[] = {"m1", "gone", "..", NULL};
    const char *cursor;
    HibNetTalk *talk;
    size_t n;
    HibNetResult said =
        hib_instagram.read_talk(&canned->net, &canned->grant, posts, NULL, &talk, &n, &cursor);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 5);
    for (size_t i = 1; i < n; i++)
        g_assert_cmpint(talk[i - 1].at, <=, talk[i].at);
    const HibNetTalk *answer = by_id(talk, n, "c2"), *message = by_id(talk, n, "d1");
    g_assert_cmpstr(answer->parent_id, ==, "c1");
    g_assert_cmpstr(answer->post_id, ==, "m1");
    g_assert_true(answer->is_own && !by_id(talk, n, "c1")->is_own);
    g_assert_cmpint(by_id(talk, n, "t1")->kind, ==, HIB_TALK_MENTION);
    g_assert_cmpstr(message->conversation, ==, "55");
    g_assert_true(!message->is_own && by_id(talk, n, "d2")->is_own);
    g_assert_cmpstr(cursor, ==, "2026-11-18T10:00:00Z");
    /* From there on: what is ten minutes older is left out. */
    said = hib_instagram.read_talk(&canned->net, &canned->grant, posts, cursor, &talk, &n, &cursor);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(talk[0].remote_id, ==, "c2");
}

static void
facebook_brings_comments_mentions_and_messenger(void)
{
    static const TestCannedRow rows[] = {
        {"GET /v25.0/178_1/comments?", 0,
         "{\"data\":[{\"id\":\"1_2\",\"message\":\"いいですね\",\"created_time\":"
         "\"2026-11-18T09:00:00+0000\",\"from\":{\"id\":\"55\",\"name\":\"高橋\"},\"parent\":{"
         "\"id\":"
         "\"1_1\"},\"permalink_url\":\"https://f/1_2\"}]}"},
        {"GET /v25.0/178/tagged?", 400,
         "{\"error\":{\"code\":10,\"message\":\"needs pages_read_user_content\"}}"},
        {"GET /v25.0/178/conversations?platform=messenger", 0, "{\"data\":[]}"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    const char *const posts[] = {"178_1", NULL};
    const char *cursor;
    HibNetTalk *talk;
    size_t n;
    HibNetResult said =
        hib_facebook.read_talk(&canned->net, &canned->grant, posts, NULL, &talk, &n, &cursor);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(talk[0].author_name, ==, "高橋");
    g_assert_cmpstr(talk[0].parent_id, ==, "1_1");
    g_assert_cmpstr(talk[0].url, ==, "https://f/1_2");
}

static void
threads_brings_replies_and_mentions(void)
{
    static const TestCannedRow rows[] = {
        {"GET /v1.0/1/conversation?", 0,
         "{\"data\":[{\"id\":\"r1\",\"text\":\"行きます\",\"timestamp\":\"2026-11-18T09:00:00+"
         "0000\","
         "\"username\":\"mika\",\"permalink\":\"https://t/"
         "r1\",\"replied_to\":{\"id\":\"1\"}},{\"id\":"
         "\"r2\",\"text\":\"ぜひ\",\"timestamp\":\"2026-11-18T09:30:00+0000\",\"username\":"
         "\"hibiki\","
         "\"replied_to\":{\"id\":\"r1\"},\"is_reply_owned_by_me\":true}]}"},
        {"GET /v1.0/178/mentions?", 0, "{\"data\":[]}"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    const char *const posts[] = {"1", NULL};
    const char *cursor;
    HibNetTalk *talk;
    size_t n;
    HibNetResult said =
        hib_threads.read_talk(&canned->net, &canned->grant, posts, NULL, &talk, &n, &cursor);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 2);
    g_assert_null(talk[0].parent_id); /* the post itself */
    g_assert_cmpstr(talk[1].parent_id, ==, "r1");
    g_assert_true(talk[1].is_own && !talk[0].is_own);
}

static void
a_person_named_by_id_has_a_name(void)
{
    static const TestCannedRow rows[] = {
        {"GET /v25.0/55?fields=name%2Cusername%2Cprofile_pic", 0,
         "{\"name\":\"高橋\",\"username\":\"mika\",\"profile_pic\":\"https://i/55\"}"},
        {"GET /v25.0/55?fields=name%2Cprofile_pic", 0, "{\"name\":\"高橋\"}"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    HibNetTalk who = {0};
    g_assert_cmpint(hib_instagram.read_author(&canned->net, &canned->grant, "55", &who).class, ==,
                    HIB_NET_OK);
    g_assert_cmpstr(who.author_handle, ==, "mika");
    g_assert_cmpstr(who.url, ==, "https://i/55");
    g_assert_cmpint(hib_facebook.read_author(&canned->net, &canned->grant, "55", &who).class, ==,
                    HIB_NET_OK);
    g_assert_cmpstr(who.author_name, ==, "高橋");
    g_assert_cmpint(hib_facebook.read_author(&canned->net, &canned->grant, "../me", &who).class, ==,
                    HIB_NET_FATAL);
}

static void
a_rate_limit_ends_the_round(void)
{
    static const TestCannedRow rows[] = {
        {"GET ", 400, "{\"error\":{\"code\":4,\"message\":\"limit\"}}"}, {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    const char *const posts[] = {"1", "2", NULL};
    const char *cursor;
    HibNetTalk *talk;
    size_t n;
    HibNetResult said = hib_threads.read_talk(&canned->net, &canned->grant, posts,
                                              "2026-11-18T10:00:00Z", &talk, &n, &cursor);
    g_assert_cmpint(said.class, ==, HIB_NET_RETRY_AFTER);
    g_assert_cmpstr(cursor, ==, "2026-11-18T10:00:00Z");
    g_assert_cmpuint(n, ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/networks/meta_talk/" #name, name)
    ADD(instagram_brings_comments_tags_and_messages);
    ADD(facebook_brings_comments_mentions_and_messenger);
    ADD(threads_brings_replies_and_mentions);
    ADD(a_person_named_by_id_has_a_name);
    ADD(a_rate_limit_ends_the_round);
    return g_test_run();
}
