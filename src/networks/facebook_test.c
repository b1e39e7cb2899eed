/* Whole lives of posts to a Facebook page against a small Graph on the loopback: every call of every life meets every fault, and the post
 * comes out exactly once. */
#include "networks/check.h"
#include "networks/facebook.h"
#include "networks/test_graph.h"

#include <string.h>

static HibNetMedia photos[3], video;

static const struct {
    const char *name;
    HibNetPost post;
} lives[] = {
    {"words", {.text = "本日のおすすめ"}},
    {"link", {.text = "記事です", .options = "{\"link\":\"https://example.jp/a\"}"}},
    {"photo", {.text = "新作", .media = photos, .n_media = 1}},
    {"photos", {.text = "三枚", .media = photos, .n_media = 3}},
    {"video", {.text = "動画", .media = &video, .n_media = 1}},
    {"video with a title",
     {.format = HIB_FORMAT_VIDEO, .text = "動画", .title = "題", .media = &video, .n_media = 1}},
    {"reel", {.format = HIB_FORMAT_REEL, .text = "縦の動画", .media = &video, .n_media = 1}},
    {"story", {.format = HIB_FORMAT_STORY, .text = "", .media = photos, .n_media = 1}},
    {"story with a video", {.format = HIB_FORMAT_STORY, .text = "", .media = &video, .n_media = 1}},
    {"comment", {.text = "最初のコメント", .reply_to = "178_9"}},
    {"message", {.format = HIB_FORMAT_MESSAGE, .text = "承知しました", .recipient = "55"}},
};

static TestOutcome
live(TestGraph *graph, const HibNetPost *post, TestDrive *drive)
{
    graph->n_slow = 2;
    *drive = test_graph_drive(graph, &hib_facebook, post);
    drive->sending.post = &drive->post;
    return test_drive(drive, 60);
}

/* What a stale token leaves behind: nothing, or a video that is out and only not looked at yet. */
static bool
is_over(const TestDrive *drive, const TestGraph *graph, TestOutcome end)
{
    HibNetStep next = hib_facebook.next_step(&drive->sending);
    return graph->fault == GRAPH_TOKEN && end == TEST_FAILED &&
           drive->last.class == HIB_NET_REAUTH_HUMAN &&
           graph->n_out == (next.kind == HIB_NET_STEP_CONFIRM);
}

static void
each_post_comes_out_once_whatever_goes_wrong_where(void)
{
    int n_runs = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(lives); i++) {
        TestDrive drive;
        g_autoptr(TestGraph) calm = test_graph_new();
        g_test_message("%s", lives[i].name);
        g_assert_cmpint(live(calm, &lives[i].post, &drive), ==, TEST_PUBLISHED);
        g_assert_cmpint(calm->n_out, ==, 1);
        const char *id = g_strdup(drive.sending.published.remote_id);
        for (int at = 1; at <= calm->n_calls; at++)
            for (TestGraphFault fault = GRAPH_CUT_BEFORE; fault < GRAPH_FAULT_N; fault++) {
                g_autoptr(TestGraph) graph = test_graph_new();
                graph->fault = fault;
                graph->fault_at = at;
                TestOutcome end = live(graph, &lives[i].post, &drive);
                n_runs++;
                bool is_token = is_over(&drive, graph, end);
                if (!is_token && (graph->n_out != 1 || end != TEST_PUBLISHED))
                    g_test_message("%s, call %d, fault %d: out %d, %s %s\n%s", lives[i].name, at,
                                   fault, graph->n_out, hib_net_class_name(drive.last.class),
                                   drive.last.message, graph->journal);
                g_assert_true(is_token || (end == TEST_PUBLISHED && graph->n_out == 1));
                if (end == TEST_PUBLISHED && graph->n_things == calm->n_things)
                    g_assert_cmpstr(drive.sending.published.remote_id, ==, id);
            }
        g_free((char *)id);
    }
    g_test_message("%d lives", n_runs);
}

/* Away for two hours after a lost answer, while others posted more than a page of a list shows. */
static void
what_was_made_since_does_not_hide_it(void)
{
    g_autoptr(TestGraph) graph = test_graph_new();
    TestDrive drive = test_graph_drive(graph, &hib_facebook, &lives[0].post);
    drive.sending.post = &drive.post;
    graph->fault = GRAPH_CUT_AFTER;
    graph->fault_at = 1; /* publish */
    g_assert_cmpint(test_drive(&drive, 1), ==, TEST_UNKNOWN);
    g_assert_cmpint(graph->n_out, ==, 1);
    test_graph_crowd(graph, 60);
    g_assert_cmpint(test_drive(&drive, 60), ==, TEST_PUBLISHED);
    g_assert_cmpint(graph->n_out, ==, 1);
    g_assert_cmpstr(drive.sending.published.remote_id, ==, graph->posts[0].id);
}

static void
photos_hang_on_one_post(void)
{
    g_autoptr(TestGraph) graph = test_graph_new();
    TestDrive drive;
    g_assert_cmpint(live(graph, &lives[3].post, &drive), ==, TEST_PUBLISHED);
    g_assert_cmpstr(graph->journal, ==,
                    "POST /v25.0/178/photos\nPOST /v25.0/178/photos\nPOST /v25.0/178/photos\n"
                    "POST /v25.0/178/feed\n");
    g_assert_true(test_graph_has(graph->last_form, "message=三枚"));
    g_assert_true(test_graph_has(graph->last_form, "attached_media[0]={\"media_fbid\":\"900\"}"));
    g_assert_true(test_graph_has(graph->last_form, "attached_media[2]={\"media_fbid\":\"902\"}"));
    g_assert_cmpstr(drive.sending.published.url, ==, "https://www.facebook.com/178_1");
}

static void
a_long_video_goes_in_the_pieces_that_are_asked_for(void)
{
    g_autoptr(TestGraph) graph = test_graph_new();
    TestDrive drive;
    const HibNetPost post = {.format = HIB_FORMAT_VIDEO,
                             .text = "動画",
                             .title = "題",
                             .media = &video,
                             .n_media = 1,
                             .disclosure = {.is_advertising = true},
                             .options = "{\"sponsor_page\":\"77\"}"};
    g_assert_cmpint(live(graph, &post, &drive), ==, TEST_PUBLISHED);
    g_assert_cmpint(graph->things[0].got, ==, 2500);
    g_assert_true(test_graph_has(graph->last_form, "upload_phase=finish"));
    g_assert_true(test_graph_has(graph->last_form, "title=題"));
    g_assert_true(test_graph_has(graph->last_form, "sponsor_id=77"));
    g_assert_true(g_str_has_prefix(graph->journal, "POST /v25.0/178/videos\n"
                                                   "POST /v25.0/178/videos\n"
                                                   "POST /v25.0/178/videos\n"
                                                   "POST /v25.0/178/videos\n"
                                                   "POST /v25.0/178/videos\nGET"));
    g_assert_cmpstr(drive.sending.published.remote_id, ==, "178_77");
    g_assert_cmpstr(drive.sending.published.url, ==, "https://www.facebook.com/reel/900/");
}

static void
a_twin_of_an_earlier_post_is_not_taken_for_it(void)
{
    g_autoptr(TestGraph) graph = test_graph_new();
    TestDrive first, second;
    g_assert_cmpint(live(graph, &lives[0].post, &first), ==, TEST_PUBLISHED);
    const char *taken[] = {first.sending.published.remote_id, NULL};
    second = test_graph_drive(graph, &hib_facebook, &lives[0].post);
    second.sending.post = &second.post;
    second.sending.taken = taken;
    graph->n_calls = 0;
    graph->fault_at = 1;
    graph->fault = GRAPH_CUT_BEFORE;
    g_assert_cmpint(test_drive(&second, 60), ==, TEST_PUBLISHED);
    g_assert_cmpint(graph->n_out, ==, 2); /* found none, so it was sent; and sent once */
    g_assert_cmpstr(second.sending.published.remote_id, ==, "178_2");
}

static void
what_facebook_would_refuse_is_refused_before(void)
{
    static const struct {
        HibNetPost post;
        const char *reason;
    } cases[] = {
        {{.text = "words"}, NULL},
        {{.text = ""}, "post.empty"},
        {{.text = "x", .media = photos, .n_media = 1, .reply_to = "1"}, "post.comment_media"},
        {{.text = "x", .options = "{\"link\":\"ftp://a\"}"}, "post.option_value"},
        {{.text = "x", .media = photos, .n_media = 1, .options = "{\"link\":\"https://a\"}"},
         "post.option_value"},
        {{.format = HIB_FORMAT_STORY, .text = "x", .media = photos, .n_media = 1},
         "post.text_unused"},
        {{.format = HIB_FORMAT_MESSAGE, .text = "x"}, "post.recipient_missing"},
        {{.format = HIB_FORMAT_REEL, .text = "x", .media = photos, .n_media = 1},
         "post.media_kind"},
        {{.format = HIB_FORMAT_SHORT, .text = "x"}, "post.format"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        HibNetProblem problem = {0};
        size_t n = hib_net_check(arena, &hib_facebook, &cases[i].post, &problem, 1);
        g_assert_cmpuint(n, ==, cases[i].reason != NULL);
        g_assert_cmpstr(problem.reason, ==, cases[i].reason);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(photos); i++)
        photos[i] = test_graph_medium("image/jpeg", 3000, NULL);
    video = test_graph_medium("video/mp4", 2500, NULL);
#define ADD(name) g_test_add_func("/networks/facebook/" #name, name)
    ADD(each_post_comes_out_once_whatever_goes_wrong_where);
    ADD(what_was_made_since_does_not_hide_it);
    ADD(photos_hang_on_one_post);
    ADD(a_long_video_goes_in_the_pieces_that_are_asked_for);
    ADD(a_twin_of_an_earlier_post_is_not_taken_for_it);
    ADD(what_facebook_would_refuse_is_refused_before);
    return g_test_run();
}
