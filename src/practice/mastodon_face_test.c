/* The Mastodon connector against Mastodon's face: connected through the page, every fault at every step, and what is read back. */
#include "networks/mastodon.h"
#include "practice/mastodon_face.h"
#include "test_journey.h"
#include "test_people.h"

static HibNetPost
text_only(HibJourney *j, const char *text)
{
    return (HibNetPost){.text = text, .created_at = hib_clock_now(j->clock)};
}

static HibNetPost
with_media(HibJourney *j, const char *text)
{
    static const char png[] = "\x89PNG\r\n\x1a\n not decoded here",
                      mp4[] = "....ftypisom not decoded here";
    HibNetMedia *media = hib_arena_array(j->arena, HibNetMedia, 2);
    media[0] = hib_test_medium(j->arena, "image/png", png, sizeof png);
    media[0].alt = "湯気の立つ一杯";
    media[1] = hib_test_medium(j->arena, "video/mp4", mp4, sizeof mp4);
    return (HibNetPost){
        .text = text, .media = media, .n_media = 2, .created_at = hib_clock_now(j->clock)};
}

static void
texts_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_mastodon, &hib_practice_mastodon, false);
    hib_journey_faults(j, "文だけ", text_only);
}

static void
pictures_and_videos_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_mastodon, &hib_practice_mastodon, false);
    hib_journey_faults(j, "写真と動画", with_media);
}

static void
who_follows_boosts_and_favours_is_told_page_by_page(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_mastodon, &hib_practice_mastodon, false);
    HibNetPost post = text_only(j, "フォローとブーストで豆を差し上げます");
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    hib_test_people(j->network, &j->net, &j->grant, end.published.remote_id);
}

static void
a_thread_is_answered_read_and_taken_away(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_mastodon, &hib_practice_mastodon, false);
    HibNetPost post = text_only(j, "新しい豆が届きました。https://hibiki.example/beans #珈琲");
    HibJourneyEnd first = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    g_assert_true(first.is_out);
    HibNetPost next = text_only(j, "続き:焙煎は深めです。");
    next.reply_to = first.published.remote_id;
    HibJourneyEnd second = hib_journey_send(j, &next, HIB_FAULT_NONE, 0);
    g_assert_true(second.is_out);
    hib_journey_pass(j, 2 * HIB_DAY);
    HibNetReading readings[2], account;
    const char *ids[] = {first.published.remote_id, "123"};
    g_assert_cmpint(j->network->read_posts(&j->net, &j->grant, ids, 2, readings).class, ==,
                    HIB_NET_OK);
    g_assert_cmpuint(readings[0].n_metrics, >, 0);
    g_assert_true(readings[1].is_gone);
    g_assert_cmpint(j->network->read_account(&j->net, &j->grant, &account).class, ==, HIB_NET_OK);
    HibNetTalk *talk;
    size_t n;
    const char *cursor;
    g_assert_cmpint(j->network->read_talk(&j->net, &j->grant, ids, NULL, &talk, &n, &cursor).class,
                    ==, HIB_NET_OK);
    g_test_message("%zu answers", n);
    g_assert_cmpuint(n, >, 0);
    g_assert_cmpint(talk[0].kind, ==, HIB_TALK_COMMENT);
    HibNetPost answer = text_only(j, "ありがとうございます!");
    answer.reply_to = talk[0].remote_id;
    HibJourneyEnd third = hib_journey_send(j, &answer, HIB_FAULT_NONE, 0);
    g_assert_true(third.is_out);
    g_assert_cmpint(
        j->network->read_talk(&j->net, &j->grant, ids, cursor, &talk, &n, &cursor).class, ==,
        HIB_NET_OK);
    g_assert_cmpuint(n, ==, 0); /* nothing new */
    g_assert_cmpint(j->network->remove(&j->net, &j->grant, second.published.remote_id).class, ==,
                    HIB_NET_OK);
    g_assert_cmpint(j->network->remove(&j->net, &j->grant, second.published.remote_id).class, ==,
                    HIB_NET_OK); /* gone already */
    g_assert_cmpint(hib_practice_count_text(j->face, next.text), ==, 0);
}

static void
a_grant_that_was_taken_back_needs_the_person(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_mastodon, &hib_practice_mastodon, false);
    HibNetPost post = text_only(j, "届かない");
    hib_practice_end_grants(j->face);
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    g_assert_false(end.is_out);
    g_assert_cmpstr(hib_net_class_name(end.last.class), ==, "reauth_human");
    g_assert_cmpint(hib_practice_count_text(j->face, post.text), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/practice/mastodon/who_follows_boosts_and_favours_is_told_page_by_page",
                    who_follows_boosts_and_favours_is_told_page_by_page);
    g_test_add_func("/practice/mastodon/texts_go_out_once_whatever_happens",
                    texts_go_out_once_whatever_happens);
    g_test_add_func("/practice/mastodon/pictures_and_videos_go_out_once_whatever_happens",
                    pictures_and_videos_go_out_once_whatever_happens);
    g_test_add_func("/practice/mastodon/a_thread_is_answered_read_and_taken_away",
                    a_thread_is_answered_read_and_taken_away);
    g_test_add_func("/practice/mastodon/a_grant_that_was_taken_back_needs_the_person",
                    a_grant_that_was_taken_back_needs_the_person);
    return g_test_run();
}
