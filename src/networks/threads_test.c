/* Whole lives of posts to Threads against a small Graph on the loopback: every call of every life meets every fault, and the post comes
 * out exactly once. */
#include "networks/check.h"
#include "networks/test_graph.h"
#include "networks/threads.h"

#include <string.h>

static HibNetMedia jpeg, video, several[2], here;

static const struct {
    const char *name;
    HibNetPost post;
} lives[] = {
    {"words", {.text = "おはようございます"}},
    {"picture", {.text = "新作", .media = &jpeg, .n_media = 1}},
    {"video", {.text = "動画", .media = &video, .n_media = 1}},
    {"carousel", {.text = "二つ", .media = several, .n_media = 2}},
    {"answer", {.text = "つづきです", .reply_to = "444", .reply_root = "444"}},
};

static TestOutcome
live(TestGraph *graph, const HibNetPost *post, TestDrive *drive)
{
    graph->n_slow = 2;
    *drive = test_graph_drive(graph, &hib_threads, post);
    drive->sending.post = &drive->post;
    return test_drive(drive, 60);
}

static void
each_post_comes_out_once_whatever_goes_wrong_where(void)
{
    int n_runs = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(lives); i++) {
        TestDrive drive;
        g_autoptr(TestGraph) calm = test_graph_new();
        g_assert_cmpint(live(calm, &lives[i].post, &drive), ==, TEST_PUBLISHED);
        g_assert_cmpint(calm->n_out, ==, 1);
        for (int at = 1; at <= calm->n_calls; at++)
            for (TestGraphFault fault = GRAPH_CUT_BEFORE; fault < GRAPH_FAULT_N; fault++) {
                g_autoptr(TestGraph) graph = test_graph_new();
                graph->fault = fault;
                graph->fault_at = at;
                graph->n_unlisted = 1; /* the list trails */
                TestOutcome end = live(graph, &lives[i].post, &drive);
                n_runs++;
                bool is_over = fault == GRAPH_TOKEN && end == TEST_FAILED &&
                               drive.last.class == HIB_NET_REAUTH_HUMAN && graph->n_out == 0;
                if (!is_over && (graph->n_out != 1 || end != TEST_PUBLISHED))
                    g_test_message("%s, call %d, fault %d: out %d, %s\n%s", lives[i].name, at,
                                   fault, graph->n_out, hib_net_class_name(drive.last.class),
                                   graph->journal);
                g_assert_true(is_over || (end == TEST_PUBLISHED && graph->n_out == 1));
                if (end == TEST_PUBLISHED)
                    g_assert_cmpstr(drive.sending.published.remote_id, ==, graph->posts[0].id);
            }
    }
    g_test_message("%d lives", n_runs);
}

/* Away for two hours after a lost answer, while others posted more than a page of a list shows. */
static void
what_was_made_since_does_not_hide_it(void)
{
    g_autoptr(TestGraph) graph = test_graph_new();
    TestDrive drive = test_graph_drive(graph, &hib_threads, &lives[0].post);
    drive.sending.post = &drive.post;
    graph->fault = GRAPH_CUT_AFTER;
    graph->fault_at = 3; /* publish */
    g_assert_cmpint(test_drive(&drive, 3), ==, TEST_UNKNOWN);
    g_assert_cmpint(graph->n_out, ==, 1);
    test_graph_crowd(graph, 60);
    g_assert_cmpint(test_drive(&drive, 60), ==, TEST_PUBLISHED);
    g_assert_cmpint(graph->n_out, ==, 1);
    g_assert_cmpstr(drive.sending.published.remote_id, ==, graph->posts[0].id);
}

static void
a_post_says_all_that_was_chosen(void)
{
    g_autoptr(TestGraph) graph = test_graph_new();
    TestDrive drive;
    const HibNetPost post = {.text = "今日の一杯",
                             .reply_to = "444",
                             .options = "{\"topic\":\"珈琲\",\"reply_control\":\"followers_only\","
                                        "\"link\":\"https://example.jp\",\"quote\":\"99\"}"};
    g_assert_cmpint(live(graph, &post, &drive), ==, TEST_PUBLISHED);
    static const char *const pairs[] = {"media_type=TEXT",
                                        "text=今日の一杯",
                                        "reply_to_id=444",
                                        "topic_tag=珈琲",
                                        "quote_post_id=99",
                                        "reply_control=followers_only",
                                        "link_attachment=https://example.jp"};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        g_assert_true(test_graph_has(test_graph_form(graph, 0), pairs[i]));
}

static void
a_carousel_has_its_words_once(void)
{
    g_autoptr(TestGraph) graph = test_graph_new();
    TestDrive drive;
    g_assert_cmpint(live(graph, &lives[3].post, &drive), ==, TEST_PUBLISHED);
    g_assert_true(test_graph_has(test_graph_form(graph, 0), "media_type=IMAGE"));
    g_assert_true(test_graph_has(test_graph_form(graph, 1), "media_type=VIDEO"));
    g_assert_true(test_graph_has(test_graph_form(graph, 1), "is_carousel_item=true"));
    g_assert_null(strstr(test_graph_form(graph, 1), "text="));
    g_assert_true(test_graph_has(test_graph_form(graph, 2), "children=900,901"));
    g_assert_true(test_graph_has(test_graph_form(graph, 2), "text=二つ"));
}

static void
a_failed_container_says_why(void)
{
    static const struct {
        const char *why;
        HibNetClass class;
    } cases[] = {{"FAILED_DOWNLOADING_VIDEO", HIB_NET_RETRY_SAME},
                 {"UNKNOWN", HIB_NET_NEW_HANDLE},
                 {"INVALID_DURATION", HIB_NET_FIX_CONTENT},
                 {"FAILED_PROCESSING_VIDEO", HIB_NET_FIX_CONTENT}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestGraph) graph = test_graph_new();
        graph->status = "ERROR";
        graph->why = cases[i].why;
        TestDrive drive = test_graph_drive(graph, &hib_threads, &lives[2].post);
        drive.sending.post = &drive.post;
        (void)hib_threads.run_step(&drive.net, &drive.grant, &drive.sending);
        HibNetResult said = hib_threads.run_step(&drive.net, &drive.grant, &drive.sending);
        g_assert_cmpstr(hib_net_class_name(said.class), ==, hib_net_class_name(cases[i].class));
        g_assert_cmpstr(said.message, ==, cases[i].why);
    }
}

static void
what_threads_would_refuse_is_refused_before(void)
{
    g_autoptr(GString) most = g_string_new(NULL);
    for (int i = 0; i < 500; i++)
        g_string_append(most, "響");
    g_autofree char *over = g_strconcat(most->str, "。", NULL);
    g_autofree char *emoji = g_strdup(most->str);
    memcpy(emoji + strlen(emoji) - 6, "🍎",
           5); /* two characters less, one of four bytes more: 502 */
    const struct {
        HibNetPost post;
        const char *reason;
    } cases[] = {
        {{.text = most->str}, NULL},
        {{.text = over}, "post.over_limit"},
        {{.text = emoji}, "post.over_limit"},
        {{.text = "x", .media = &here, .n_media = 1}, "post.media_unreachable"},
        {{.text = "x", .options = "{\"topic\":\"a.b\"}"}, "post.option_value"},
        {{.text = "x", .options = "{\"topic\":\"a&b\"}"}, "post.option_value"},
        {{.text = "x", .options = "{\"topic\":\"自家焙煎\"}"}, NULL},
        {{.text = "x", .options = "{\"reply_control\":\"nobody\"}"}, "post.option_value"},
        {{.text = "x", .media = &jpeg, .n_media = 1, .options = "{\"link\":\"https://a.jp\"}"},
         "post.option_value"},
        {{.text = "https://a.jp/1 https://a.jp/2 https://a.jp/3 https://a.jp/4 https://a.jp/5"},
         NULL},
        {{.text = "https://a.jp/1 https://a.jp/2 https://a.jp/3 https://a.jp/4 https://a.jp/5 "
                  "https://a.jp/6"},
         "post.too_many_links"},
        {{.format = HIB_FORMAT_MESSAGE, .text = "x", .recipient = "1"}, "post.format"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        HibNetProblem problem = {0};
        (void)hib_net_check(arena, &hib_threads, &cases[i].post, &problem, 1);
        g_assert_cmpstr(problem.reason, ==, cases[i].reason);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    jpeg = test_graph_medium("image/jpeg", 100, "https://m.example/a.jpg");
    video = test_graph_medium("video/mp4", 5000, "https://m.example/b.mp4");
    here = test_graph_medium("video/mp4", 5000, NULL);
    several[0] = jpeg;
    several[1] = video;
#define ADD(name) g_test_add_func("/networks/threads/" #name, name)
    ADD(each_post_comes_out_once_whatever_goes_wrong_where);
    ADD(what_was_made_since_does_not_hide_it);
    ADD(a_post_says_all_that_was_chosen);
    ADD(a_carousel_has_its_words_once);
    ADD(a_failed_container_says_why);
    ADD(what_threads_would_refuse_is_refused_before);
    return g_test_run();
}
