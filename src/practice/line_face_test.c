/* The LINE connector against LINE's face: every fault at every step, once under the retry key, the month's messages, people who write. */
#include "networks/line.h"
#include "practice/face_hook.h"
#include "practice/line_face.h"
#include "test_journey.h"

static HibNetPost
broadcast(HibJourney *j, const char *text)
{
    return (HibNetPost){
        .format = HIB_FORMAT_BROADCAST, .text = text, .created_at = hib_clock_now(j->clock)};
}

static HibNetPost
narrowcast(HibJourney *j, const char *text)
{
    HibNetPost post = broadcast(j, text);
    post.format = HIB_FORMAT_NARROWCAST;
    post.options = "{\"audiences\":[\"4000001\"]}";
    return post;
}

static void
broadcasts_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_line, &hib_practice_line, false);
    hib_journey_faults(j, "みなさまへ", broadcast);
}

static void
narrowcasts_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_line, &hib_practice_line, false);
    hib_journey_faults(j, "常連さまへ", narrowcast);
}

static void
too_small_an_audience_says_so(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_line, &hib_practice_line, false);
    HibNetPost post = narrowcast(j, "少なすぎる");
    post.options = "{\"audiences\":[\"4000003\"]}";
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    g_assert_false(end.is_out);
    g_assert_cmpstr(end.last.code, ==, "AudienceTooSmall");
    g_assert_cmpint(hib_practice_count_text(j->face, post.text), ==, 0);
}

/* 800 friends a broadcast, 30,000 messages a month: the 38th does not fit, and the quota says so before. */
static void
the_months_messages_run_out_and_say_until_when(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_line, &hib_practice_line, true);
    HibNetQuota quota[8];
    size_t n;
    HibJourneyEnd end = {0};
    int n_out = 0;
    for (int i = 0; i < 45; i++) {
        HibNetPost post = broadcast(j, hib_arena_printf(j->arena, "%d通目", i));
        HibNetSending sending = {
            .handle = j->network->new_handle(&j->net), .progress = "{}", .post = &post};
        do
            end.last = j->network->run_step(&j->net, &j->grant, &sending);
        while (end.last.class == HIB_NET_OK && !sending.is_done);
        n_out += sending.is_done;
        if (end.last.class != HIB_NET_OK)
            break;
    }
    g_assert_cmpstr(hib_net_class_name(end.last.class), ==, "quota");
    g_assert_cmpint(n_out, >=, 20);
    g_assert_cmpint(end.last.retry_at, >, hib_clock_now(j->clock));
    g_assert_cmpint(j->network->read_quota(&j->net, &j->grant, quota, &n).class, ==, HIB_NET_OK);
    g_assert_cmpstr(quota[0].name, ==, "messages");
    g_assert_cmpint(quota[0].limit, ==, 30000);
    g_assert_cmpint(quota[0].used, >, 29000);
}

static void
numbers_and_audiences_are_read(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_line, &hib_practice_line, false);
    HibNetPost post = broadcast(j, "秋のブレンド、はじめました");
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    g_assert_true(end.is_out && g_str_has_prefix(end.published.remote_id, "broadcast:"));
    HibNetReading reading, account;
    const char *ids[] = {end.published.remote_id};
    g_assert_cmpint(j->network->read_posts(&j->net, &j->grant, ids, 1, &reading).class, ==,
                    HIB_NET_OK);
    g_assert_cmpuint(reading.n_metrics, ==, 0); /* not counted yet is not zero */
    hib_journey_pass(j, 2 * HIB_DAY);
    g_assert_cmpint(j->network->refresh(&j->net, &j->grant, &j->grant).class, ==, HIB_NET_OK);
    g_assert_cmpint(j->network->read_posts(&j->net, &j->grant, ids, 1, &reading).class, ==,
                    HIB_NET_OK);
    g_assert_cmpuint(reading.n_metrics, >=, 2);
    g_assert_cmpint(j->network->read_account(&j->net, &j->grant, &account).class, ==, HIB_NET_OK);
    g_assert_cmpuint(account.n_metrics, ==, 3);
    const char *options;
    g_assert_cmpint(j->network->read_options(&j->net, &j->grant, &options).class, ==, HIB_NET_OK);
    g_assert_nonnull(strstr(options, "常連のお客さま"));
}

/* An address that answers 2xx to anything posted there: another face's control door. */
static void
webhooks_are_set_and_tried_and_never_taken_from_another_tool(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_line, &hib_practice_line, false);
    g_autoptr(HibJourney) listener = hib_journey_new(&hib_line, &hib_practice_line, false);
    const char *deaf = hib_arena_printf(j->arena, "%s/practice/none", hib_practice_url(j->face));
    HibNetResult said = listener->network->set_hook(&listener->net, &listener->grant, deaf);
    g_assert_cmpstr(said.code, ==, "WebhookUnreached");
    g_assert_nonnull(strstr(said.message, "404"));

    const char *good =
        hib_arena_printf(j->arena, "%s/practice/end", hib_practice_url(listener->face));
    g_assert_cmpint(j->network->set_hook(&j->net, &j->grant, good).class, ==, HIB_NET_OK);
    g_assert_cmpint(j->network->set_hook(&j->net, &j->grant, good).class, ==, HIB_NET_OK);
    said = j->network->set_hook(&j->net, &j->grant, "https://hibiki.example/hooks/x");
    g_assert_cmpint(said.class, ==, HIB_NET_FIX_CONTENT);
    g_assert_cmpstr(said.code, ==, "WebhookElsewhere");
    g_assert_nonnull(strstr(said.message, good));
}

static void
a_wrong_secret_is_refused(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_line, &hib_practice_line, false);
    HibGrant none = {0};
    HibNetResult said = j->network->connect(&j->net, hib_practice_url(j->face), "2000000001",
                                            "00000000000000000000000000000000", &none);
    g_assert_cmpstr(hib_net_class_name(said.class), ==, "reauth_human");
    g_assert_null(none.access);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/practice/line/broadcasts_go_out_once_whatever_happens",
                    broadcasts_go_out_once_whatever_happens);
    g_test_add_func("/practice/line/narrowcasts_go_out_once_whatever_happens",
                    narrowcasts_go_out_once_whatever_happens);
    g_test_add_func("/practice/line/too_small_an_audience_says_so", too_small_an_audience_says_so);
    g_test_add_func("/practice/line/the_months_messages_run_out_and_say_until_when",
                    the_months_messages_run_out_and_say_until_when);
    g_test_add_func("/practice/line/numbers_and_audiences_are_read",
                    numbers_and_audiences_are_read);
    g_test_add_func("/practice/line/webhooks_are_set_and_tried_and_never_taken_from_another_tool",
                    webhooks_are_set_and_tried_and_never_taken_from_another_tool);
    g_test_add_func("/practice/line/a_wrong_secret_is_refused", a_wrong_secret_is_refused);
    return g_test_run();
}
