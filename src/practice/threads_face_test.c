/* The Threads connector against Threads' face: connected through the page, every fault at every step of every kind of post, threads, replies,
 * numbers, the day's posts. */
#include "networks/threads.h"
#include "practice/threads_face.h"
#include "test_meta.h"

static HibJourney *
journey(bool has_limits)
{
    return hib_journey_new(&hib_threads, &hib_practice_threads, has_limits);
}

static HibNetPost
words(HibJourney *j, const char *text)
{
    HibNetPost post = hib_meta_test_post(j, HIB_FORMAT_POST, text);
    post.options = "{\"topic\":\"珈琲\",\"reply_control\":\"everyone\"}";
    return post;
}

static HibNetPost
picture(HibJourney *j, const char *text)
{
    HibNetPost post = words(j, text);
    hib_meta_test_media(j, &post, 1, 1, true);
    return post;
}

static HibNetPost
carousel(HibJourney *j, const char *text)
{
    HibNetPost post = words(j, text);
    hib_meta_test_media(j, &post, 3, 2, true);
    return post;
}

static const char *under; /* what a reply of the test answers */

static HibNetPost
reply(HibJourney *j, const char *text)
{
    HibNetPost post = words(j, text);
    post.reply_to = under;
    return post;
}

static void
texts_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = journey(false);
    hib_journey_faults(j, "文だけ", words);
}

static void
pictures_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = journey(false);
    hib_journey_faults(j, "写真", picture);
}

static void
carousels_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = journey(false);
    hib_journey_faults(j, "カルーセル", carousel);
}

static void
replies_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = journey(false);
    HibNetPost post = words(j, "返信のもと");
    under = hib_journey_send(j, &post, HIB_FAULT_NONE, 0).published.remote_id;
    g_assert_nonnull(under);
    hib_journey_faults(j, "返信", reply);
}

static void
a_thread_is_answered_read_and_taken_away(void)
{
    g_autoptr(HibJourney) j = journey(false);
    HibNetPost post = words(j, "新しい豆が届きました。🍎");
    HibJourneyEnd first = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    g_assert_true(first.is_out && *first.published.url);
    under = first.published.remote_id;
    HibNetPost next = reply(j, "続き:焙煎は深めです。");
    HibJourneyEnd second = hib_journey_send(j, &next, HIB_FAULT_NONE, 0);
    g_assert_true(second.is_out);
    hib_journey_pass(j, 2 * HIB_DAY);
    HibNetTalk said;
    hib_meta_test_read(j, first.published.remote_id, &said);
    hib_journey_hide(j, said.remote_id);
    under = said.remote_id;
    HibNetPost answer = reply(j, "ありがとうございます!");
    g_assert_true(hib_journey_send(j, &answer, HIB_FAULT_NONE, 0).is_out);
    for (int i = 0; i < 2; i++) /* twice: gone already is gone */
        g_assert_cmpint(j->network->remove(&j->net, &j->grant, second.published.remote_id).class,
                        ==, HIB_NET_OK);
    g_assert_cmpint(hib_practice_count_text(j->face, next.text), ==, 0);
    HibNetReading reading;
    g_assert_cmpint(
        j->network->read_posts(&j->net, &j->grant, &second.published.remote_id, 1, &reading).class,
        ==, HIB_NET_OK);
    g_assert_true(reading.is_gone);
}

static void
the_days_posts_run_out_and_say_so_before(void)
{
    g_autoptr(HibJourney) j = journey(true);
    HibJourneyEnd end = {0};
    HibNetQuota quota[8];
    size_t n;
    int n_out = 0;
    for (int i = 0; i < 251; i++) {
        HibNetPost post = words(j, hib_arena_printf(j->arena, "%d通目", i));
        HibNetSending sending = {
            .handle = j->network->new_handle(&j->net), .progress = "{}", .post = &post};
        do
            end.last = j->network->run_step(&j->net, &j->grant, &sending);
        while (end.last.class == HIB_NET_OK && !sending.is_done);
        if (end.last.class != HIB_NET_OK)
            break;
        n_out++;
    }
    g_assert_cmpint(n_out, ==, 250);
    g_assert_cmpstr(hib_net_class_name(end.last.class), ==, "quota");
    g_assert_cmpint(j->network->read_quota(&j->net, &j->grant, quota, &n).class, ==, HIB_NET_OK);
    g_assert_cmpuint(n, >=, 2);
    g_assert_cmpint(quota[0].used, ==, 250);
    g_assert_cmpint(quota[1].limit, ==, 1000);
}

/* 491 characters and an apple are 495; three apples more are too many. */
static void
emoji_count_as_their_bytes(void)
{
    g_autoptr(HibJourney) j = journey(false);
    g_autofree char *long_text = g_strnfill(491, 'a');
    HibNetPost post = words(j, hib_arena_printf(j->arena, "%s🍎", long_text));
    g_assert_true(hib_journey_send(j, &post, HIB_FAULT_NONE, 0).is_out);
    post.text = hib_arena_printf(j->arena, "%s🍎🍎🍎", long_text);
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    g_assert_false(end.is_out);
    g_assert_cmpstr(hib_net_class_name(end.last.class), ==, "fix_content");
}

static void
what_people_say_is_told_signed_to_an_address_that_answered(void)
{
    g_autoptr(HibJourney) j = journey(false);
    hib_meta_test_hooks(j, "v1.0", "threads", words);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/practice/threads/" #name, name)
    ADD(texts_go_out_once_whatever_happens);
    ADD(pictures_go_out_once_whatever_happens);
    ADD(carousels_go_out_once_whatever_happens);
    ADD(replies_go_out_once_whatever_happens);
    ADD(a_thread_is_answered_read_and_taken_away);
    ADD(the_days_posts_run_out_and_say_so_before);
    ADD(emoji_count_as_their_bytes);
    ADD(what_people_say_is_told_signed_to_an_address_that_answered);
    return g_test_run();
}
