/* Whole lives of Instagram posts against a small Graph on the loopback: every call of every life meets every fault, and the post comes out
 * exactly once. */
#include "networks/check.h"
#include "networks/instagram.h"
#include "networks/meta.h"
#include "networks/test_graph.h"

#include <string.h>

static HibNetMedia jpeg, video, hosted;

static void
set_up_media(void)
{
    jpeg = test_graph_medium("image/jpeg", 100, "https://m.example/a.jpg");
    video = test_graph_medium("video/mp4", 5000, NULL);
    hosted = test_graph_medium("video/mp4", 5000, "https://m.example/b.mp4");
}

/* --- every fault in every place ------------------------------------------------------------------------------------- */
static HibNetMedia several[3];
static const struct {
    const char *name;
    HibNetPost post;
} lives[] = {
    {"picture", {.text = "新作です", .media = &jpeg, .n_media = 1}},
    {"carousel", {.text = "三枚", .media = several, .n_media = 3}},
    {"reel by address",
     {.format = HIB_FORMAT_REEL, .text = "動画", .media = &hosted, .n_media = 1}},
    {"reel uploaded", {.format = HIB_FORMAT_REEL, .text = "動画", .media = &video, .n_media = 1}},
    {"video in the feed", {.text = "動画", .media = &video, .n_media = 1}},
    {"story", {.format = HIB_FORMAT_STORY, .text = "", .media = &jpeg, .n_media = 1}},
    {"story with a video", {.format = HIB_FORMAT_STORY, .text = "", .media = &video, .n_media = 1}},
    {"comment", {.text = "最初のコメント #珈琲", .reply_to = "444"}},
    {"answer", {.text = "ありがとうございます", .reply_to = "555", .reply_root = "444"}},
    {"message", {.format = HIB_FORMAT_MESSAGE, .text = "お問い合わせの件です", .recipient = "55"}},
};

static TestOutcome
live(TestGraph *graph, const HibNetPost *post, TestDrive *drive)
{
    graph->n_slow = 2;
    *drive = test_graph_drive(graph, &hib_instagram, post);
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
        g_assert_true(drive.sending.published.remote_id && *drive.sending.published.remote_id);
        for (int at = 1; at <= calm->n_calls; at++)
            for (TestGraphFault fault = GRAPH_CUT_BEFORE; fault < GRAPH_FAULT_N; fault++) {
                g_autoptr(TestGraph) graph = test_graph_new();
                graph->fault = fault;
                graph->fault_at = at;
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

/* --- what is sent ------------------------------------------------------------------------------------------------------ */
static void
a_picture_says_all_that_was_chosen(void)
{
    g_autoptr(TestGraph) graph = test_graph_new();
    TestDrive drive;
    HibNetMedia one = jpeg;
    one.alt = "白い猫";
    const HibNetPost post = {.text = "新作です #珈琲",
                             .media = &one,
                             .n_media = 1,
                             .disclosure = {.is_advertising = true, .is_ai_made = true},
                             .options = "{\"collaborators\":\"@mika, ken\",\"location_id\":\"7\","
                                        "\"sponsors\":\"12\"}"};
    g_assert_cmpint(live(graph, &post, &drive), ==, TEST_PUBLISHED);
    const char *form = test_graph_form(graph, 0);
    static const char *const pairs[] = {
        "image_url=https://m.example/a.jpg", "caption=新作です #珈琲", "alt_text=白い猫",
        "collaborators=[\"mika\",\"ken\"]",  "location_id=7",          "is_ai_generated=true"};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        g_assert_true(test_graph_has(form, pairs[i]));
    g_assert_null(strstr(form, "media_type"));
    g_assert_null(strstr(form, "is_paid_partnership")); /* Facebook Login only */
    g_assert_cmpstr(drive.sending.published.url, ==, "https://p/178_1");
}

static void
a_carousel_has_its_words_once(void)
{
    g_autoptr(TestGraph) graph = test_graph_new();
    TestDrive drive;
    const HibNetPost post = {
        .text = "三枚", .media = several, .n_media = 3, .disclosure = {.is_ai_made = true}};
    g_assert_cmpint(live(graph, &post, &drive), ==, TEST_PUBLISHED);
    g_assert_cmpint(graph->n_things, ==, 4);
    for (int i = 0; i < 3; i++) {
        g_assert_true(test_graph_has(test_graph_form(graph, i), "is_carousel_item=true"));
        g_assert_null(strstr(test_graph_form(graph, i), "caption"));
        g_assert_null(strstr(test_graph_form(graph, i), "is_ai_generated"));
    }
    g_assert_true(test_graph_has(test_graph_form(graph, 2), "media_type=VIDEO"));
    g_assert_true(test_graph_has(test_graph_form(graph, 2), "upload_type=resumable"));
    g_assert_true(test_graph_has(test_graph_form(graph, 3), "media_type=CAROUSEL"));
    g_assert_true(test_graph_has(test_graph_form(graph, 3), "children=900,901,902"));
    g_assert_true(test_graph_has(test_graph_form(graph, 3), "caption=三枚"));
    g_assert_true(test_graph_has(test_graph_form(graph, 3), "is_ai_generated=true"));
}

static void
a_reel_says_how_it_is_shown(void)
{
    g_autoptr(TestGraph) graph = test_graph_new();
    TestDrive drive;
    HibNetMedia one = video;
    one.cover_ms = 1500;
    const HibNetPost post = {.format = HIB_FORMAT_REEL,
                             .text = "動画",
                             .media = &one,
                             .n_media = 1,
                             .options = "{\"share_to_feed\":false,\"trial\":\"manual\"}"};
    g_assert_cmpint(live(graph, &post, &drive), ==, TEST_PUBLISHED);
    const char *form = test_graph_form(graph, 0);
    g_assert_true(test_graph_has(form, "media_type=REELS"));
    g_assert_true(test_graph_has(form, "thumb_offset=1500"));
    g_assert_true(test_graph_has(form, "share_to_feed=false"));
    g_assert_true(test_graph_has(form, "trial_params={\"graduation_strategy\":\"MANUAL\"}"));
    g_assert_cmpint(graph->things[0].got, ==, 5000);
}

static void
an_answer_stands_under_its_comment(void)
{
    g_autoptr(TestGraph) graph = test_graph_new();
    TestDrive drive;
    live(graph, &lives[8].post, &drive);
    g_assert_cmpstr(graph->journal, ==, "POST /v25.0/555/replies\n");
    graph->journal[0] = '\0';
    live(graph, &lives[7].post, &drive);
    g_assert_cmpstr(graph->journal, ==, "POST /v25.0/444/comments\n");
}

static void
a_message_may_answer_a_comment_in_private(void)
{
    g_autoptr(TestGraph) graph = test_graph_new();
    TestDrive drive;
    const HibNetPost post = {.format = HIB_FORMAT_MESSAGE,
                             .text = "こちらへどうぞ",
                             .recipient = "comment:178999",
                             .options = "{\"human_agent\":true}"};
    g_assert_cmpint(live(graph, &post, &drive), ==, TEST_PUBLISHED);
    g_assert_true(test_graph_has(graph->last_form, "recipient={\"comment_id\":\"178999\"}"));
    g_assert_true(test_graph_has(graph->last_form, "message={\"text\":\"こちらへどうぞ\"}"));
    g_assert_true(test_graph_has(graph->last_form, "messaging_type=MESSAGE_TAG"));
    g_assert_true(test_graph_has(graph->last_form, "tag=HUMAN_AGENT"));
}

/* --- containers that go wrong --------------------------------------------------------------------------------------------- */
static void
a_failed_container_says_why(void)
{
    static const struct {
        const char *status, *why;
        HibNetClass class;
        const char *code;
    } cases[] = {
        {"ERROR", "Error: 2207026 Unsupported video format", HIB_NET_FIX_CONTENT, "2207026"},
        {"ERROR", "Error: Media upload has failed with error code 2207053", HIB_NET_NEW_HANDLE,
         "2207053"},
        {"ERROR", "Error: Media upload has failed with error code 2207052", HIB_NET_RETRY_SAME,
         "2207052"},
        {"ERROR", "2207051", HIB_NET_BLOCKED, "2207051"},
        {"ERROR", "", HIB_NET_FIX_CONTENT, "ContainerFailed"},
        {"EXPIRED", "", HIB_NET_NEW_HANDLE, "ContainerExpired"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(TestGraph) graph = test_graph_new();
        graph->status = cases[i].status;
        graph->why = cases[i].why;
        TestDrive drive = test_graph_drive(graph, &hib_instagram, &lives[0].post);
        drive.sending.post = &drive.post;
        g_assert_cmpint(hib_instagram.run_step(&drive.net, &drive.grant, &drive.sending).class, ==,
                        HIB_NET_OK);
        HibNetResult said = hib_instagram.run_step(&drive.net, &drive.grant, &drive.sending);
        g_test_message("%s: %s %s", cases[i].why, said.code, said.message);
        g_assert_cmpstr(hib_net_class_name(said.class), ==, hib_net_class_name(cases[i].class));
        g_assert_cmpstr(said.code, ==, cases[i].code);
    }
}

/* Away for two hours after a lost answer, while others posted more than a page of a list shows. */
static void
what_was_made_since_does_not_hide_it(void)
{
    g_autoptr(TestGraph) graph = test_graph_new();
    TestDrive drive = test_graph_drive(graph, &hib_instagram, &lives[0].post);
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

/* Where the network fetches from was away: for a moment, or for good. */
static void
what_cannot_be_fetched_is_asked_for_again_a_few_times(void)
{
    g_autoptr(TestGraph) graph = test_graph_new();
    graph->status = "ERROR";
    graph->why = "Error: Media upload has failed with error code 2207052";
    TestDrive drive = test_graph_drive(graph, &hib_instagram, &lives[0].post);
    drive.sending.post = &drive.post;
    g_assert_cmpint(test_drive(&drive, 4), ==, TEST_UNKNOWN); /* two containers in vain */
    graph->status = NULL;
    g_assert_cmpint(test_drive(&drive, 60), ==, TEST_PUBLISHED);
    g_assert_cmpint(graph->n_things, ==, 3);
    g_assert_cmpint(graph->n_out, ==, 1);

    g_autoptr(TestGraph) gone = test_graph_new();
    gone->status = graph->status = "ERROR";
    gone->why = graph->why;
    drive = test_graph_drive(gone, &hib_instagram, &lives[0].post);
    drive.sending.post = &drive.post;
    for (int time = 1; time <= 2; time++) { /* and anew when a person tries again */
        g_assert_cmpint(test_drive(&drive, drive.n_calls + 60), ==, TEST_FAILED);
        g_assert_cmpstr(hib_net_class_name(drive.last.class), ==, "fix_content");
        g_assert_cmpstr(drive.last.message, ==, gone->why);
        g_assert_cmpint(gone->n_things, ==, 6 * time);
    }
    g_assert_cmpint(gone->n_out, ==, 0);
}

static void
what_is_published_too_early_is_published_later(void)
{
    g_autoptr(TestGraph) graph = test_graph_new();
    TestDrive drive;
    graph->n_early = 2;
    g_assert_cmpint(live(graph, &lives[0].post, &drive), ==, TEST_PUBLISHED);
    g_assert_cmpint(graph->n_out, ==, 1);
}

/* Two posts with the same words a minute apart: the lost answer of the second is not taken for the first. */
static void
near_twins_are_told_apart(void)
{
    g_autoptr(TestGraph) graph = test_graph_new();
    TestDrive first, second;
    g_assert_cmpint(live(graph, &lives[0].post, &first), ==, TEST_PUBLISHED);
    const char *taken[] = {first.sending.published.remote_id, NULL};
    graph->n_slow = 0;
    graph->n_calls = 0;
    graph->fault = GRAPH_CUT_AFTER;
    graph->fault_at = 3; /* publish */
    graph->n_unlisted = 1;
    second = test_graph_drive(graph, &hib_instagram, &lives[0].post);
    second.sending.post = &second.post;
    second.sending.taken = taken;
    g_assert_cmpint(test_drive(&second, 60), ==, TEST_PUBLISHED);
    g_assert_cmpint(graph->n_out, ==, 2);
    g_assert_cmpstr(second.sending.published.remote_id, ==, graph->posts[1].id);
}

/* --- before it is scheduled ------------------------------------------------------------------------------------------------- */
static void
refused(const HibNetPost *post, const char *reason, const char *pointer)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetProblem problems[16];
    size_t n = hib_net_check(arena, &hib_instagram, post, problems, G_N_ELEMENTS(problems));
    if (!reason) {
        g_assert_cmpuint(n, ==, 0);
        return;
    }
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(problems[0].reason, ==, reason);
    g_assert_cmpstr(problems[0].pointer, ==, pointer);
}

static void
what_instagram_would_refuse_is_refused_before(void)
{
    HibNetMedia png = test_graph_medium("image/png", 100, "https://m.example/a.png");
    HibNetMedia here = test_graph_medium("image/jpeg", 100, NULL), tall = jpeg, wide = jpeg;
    HibNetMedia heavy = test_graph_medium("image/jpeg", 8388609, "https://m.example/a.jpg");
    tall.width = 1080, tall.height = 1920;
    wide.width = 1910, wide.height = 1000;
    refused(&(HibNetPost){.text = "a #1a #2a #3a #4a #5a", .media = &jpeg, .n_media = 1}, NULL, "");
    refused(&(HibNetPost){.text = "a #1a #2a #3a #4a #5a #6a", .media = &jpeg, .n_media = 1},
            "post.too_many_hashtags", "/text");
    refused(&(HibNetPost){.text = "words alone"}, "post.media_missing", "/media");
    refused(&(HibNetPost){.text = "a comment", .reply_to = "1"}, NULL, "");
    refused(&(HibNetPost){.text = "", .media = &png, .n_media = 1}, "post.media_type", "/media/0");
    refused(&(HibNetPost){.text = "", .media = &heavy, .n_media = 1}, "post.media_too_large",
            "/media/0");
    refused(&(HibNetPost){.text = "", .media = &tall, .n_media = 1}, "post.media_ratio",
            "/media/0");
    refused(&(HibNetPost){.text = "", .media = &wide, .n_media = 1}, NULL, "");
    refused(&(HibNetPost){.text = "", .media = &here, .n_media = 1}, "post.media_unreachable",
            "/media/0");
    refused(&(HibNetPost){.text = "", .media = &video, .n_media = 1}, NULL, "");
    refused(&(HibNetPost){.format = HIB_FORMAT_STORY, .text = "x", .media = &tall, .n_media = 1},
            "post.text_unused", "/text");
    refused(&(HibNetPost){.format = HIB_FORMAT_STORY, .text = "", .media = &tall, .n_media = 1},
            NULL, "");
    refused(&(HibNetPost){.format = HIB_FORMAT_MESSAGE, .text = "x"}, "post.recipient_missing",
            "/recipient");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    set_up_media();
    several[0] = several[1] = jpeg;
    several[2] = video;
#define ADD(name) g_test_add_func("/networks/instagram/" #name, name)
    ADD(each_post_comes_out_once_whatever_goes_wrong_where);
    ADD(what_was_made_since_does_not_hide_it);
    ADD(a_picture_says_all_that_was_chosen);
    ADD(a_carousel_has_its_words_once);
    ADD(a_reel_says_how_it_is_shown);
    ADD(an_answer_stands_under_its_comment);
    ADD(a_message_may_answer_a_comment_in_private);
    ADD(a_failed_container_says_why);
    ADD(what_cannot_be_fetched_is_asked_for_again_a_few_times);
    ADD(what_is_published_too_early_is_published_later);
    ADD(near_twins_are_told_apart);
    ADD(what_instagram_would_refuse_is_refused_before);
    return g_test_run();
}
