/* The Instagram connector against Instagram's face: connected through the page, every fault at every step of every format, what people say
 * and answers to it, messages, numbers, the day's hundred posts, webhooks. */
#include "networks/instagram.h"
#include "practice/instagram_face.h"
#include "test_meta.h"
#include <glib/gstdio.h>

static HibJourney *
journey(bool has_limits)
{
    return hib_journey_new(&hib_instagram, &hib_practice_instagram, has_limits);
}

static HibNetPost
picture(HibJourney *j, const char *text)
{
    HibNetPost post = hib_meta_test_post(j, HIB_FORMAT_POST, text);
    hib_meta_test_media(j, &post, 1, 1, true);
    return post;
}

static HibNetPost
carousel(HibJourney *j, const char *text)
{
    HibNetPost post = hib_meta_test_post(j, HIB_FORMAT_POST, text);
    hib_meta_test_media(j, &post, 3, 2, true);
    return post;
}

static HibNetPost
reel_by_address(HibJourney *j, const char *text)
{
    HibNetPost post = hib_meta_test_post(j, HIB_FORMAT_REEL, text);
    hib_meta_test_media(j, &post, 1, 0, true);
    return post;
}

static HibNetPost
reel_uploaded(HibJourney *j, const char *text)
{
    HibNetPost post = hib_meta_test_post(j, HIB_FORMAT_REEL, text);
    hib_meta_test_media(j, &post, 1, 0, false);
    return post;
}

static HibNetPost
story(HibJourney *j, const char *text)
{
    HibNetPost post = hib_meta_test_post(j, HIB_FORMAT_STORY, text);
    hib_meta_test_media(j, &post, 1, 1, true);
    return post;
}

static const char *under; /* what a comment of the test answers */

static HibNetPost
comment(HibJourney *j, const char *text)
{
    HibNetPost post = hib_meta_test_post(j, HIB_FORMAT_POST, text);
    post.reply_to = under;
    return post;
}

static HibNetPost
message(HibJourney *j, const char *text)
{
    HibNetPost post = hib_meta_test_post(j, HIB_FORMAT_MESSAGE, text);
    post.recipient = hib_meta_test_say(j, "営業は何時までですか");
    return post;
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
reels_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = journey(false);
    hib_journey_faults(j, "リール", reel_by_address);
    hib_journey_faults(j, "送るリール", reel_uploaded);
}

static void
stories_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = journey(false);
    j->seen = hib_meta_test_shown;
    hib_journey_faults(j, "ストーリーズ", story);
}

static void
comments_and_messages_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = journey(false);
    HibNetPost post = picture(j, "コメントのもと");
    under = hib_journey_send(j, &post, HIB_FAULT_NONE, 0).published.remote_id;
    g_assert_nonnull(under);
    hib_journey_faults(j, "コメント", comment);
    hib_journey_faults(j, "メッセージ", message);
}

/* Read after two days, answered in public and once in private; then all is taken away. */
static void
what_people_say_is_read_answered_and_taken_away(void)
{
    g_autoptr(HibJourney) j = journey(false);
    HibNetPost post = carousel(j, "新しい豆が届きました。 #珈琲");
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    g_assert_true(end.is_out && *end.published.url);
    hib_journey_pass(j, 2 * HIB_DAY);
    HibNetTalk said;
    hib_meta_test_read(j, end.published.remote_id, &said);
    hib_journey_hide(j, said.remote_id);
    HibNetPost answer = comment(j, "ありがとうございます!");
    answer.reply_to = said.remote_id;
    answer.reply_root = end.published.remote_id;
    HibJourneyEnd answered = hib_journey_send(j, &answer, HIB_FAULT_NONE, 0);
    g_assert_true(answered.is_out);
    HibNetPost twice = answer;
    HibJourneyEnd refused = hib_journey_send(j, &twice, HIB_FAULT_NONE, 0);
    g_assert_cmpstr(refused.last.code, ==, "506"); /* the same again is the person's to mend */
    g_assert_false(refused.is_out);
    HibNetPost private = hib_meta_test_post(j, HIB_FORMAT_MESSAGE, "詳しくお伝えします");
    private.recipient = hib_arena_printf(j->arena, "comment:%s", said.remote_id);
    g_assert_true(hib_journey_send(j, &private, HIB_FAULT_NONE, 0).is_out);
    private.text = "もう一度";
    g_assert_false(hib_journey_send(j, &private, HIB_FAULT_NONE, 0).is_out);
    const char *const gone[] = {answered.published.remote_id, end.published.remote_id};
    for (size_t i = 0; i < 2 * G_N_ELEMENTS(gone); i++) /* twice: gone already is gone */
        g_assert_cmpint(j->network->remove(&j->net, &j->grant, gone[i / 2]).class, ==, HIB_NET_OK);
    HibNetReading reading;
    g_assert_cmpint(
        j->network->read_posts(&j->net, &j->grant, &end.published.remote_id, 1, &reading).class, ==,
        HIB_NET_OK);
    g_assert_true(reading.is_gone);
}

/* The day's numbers are there once two mornings were seen; before, they are missing, not zero. */
static void
a_day_that_was_not_watched_has_no_numbers(void)
{
    g_autoptr(HibJourney) j = journey(false);
    HibNetPost post = picture(j, "数字のもと");
    HibNetReading reading;
    g_assert_true(hib_journey_send(j, &post, HIB_FAULT_NONE, 0).is_out);
    g_assert_cmpint(j->network->read_account(&j->net, &j->grant, &reading).class, ==, HIB_NET_OK);
    g_assert_cmpint(hib_meta_test_number(&reading, "day_views"), ==, -1);
    g_assert_cmpint(hib_meta_test_number(&reading, "followers"), >=, 700);
    hib_journey_pass(j, HIB_DAY);
    g_assert_cmpint(j->network->read_account(&j->net, &j->grant, &reading).class, ==, HIB_NET_OK);
    g_assert_cmpint(hib_meta_test_number(&reading, "day_views"), >, 0);
}

static void
outside_of_24_hours_nobody_is_written_to(void)
{
    g_autoptr(HibJourney) j = journey(false);
    HibNetPost late = message(j, "おそい返事");
    hib_journey_pass(j, 8 * HIB_DAY);
    HibJourneyEnd end = hib_journey_send(j, &late, HIB_FAULT_NONE, 0);
    g_assert_false(end.is_out);
    g_assert_cmpstr(hib_net_class_name(end.last.class), ==, "fix_content");
    g_assert_cmpstr(end.last.code, ==, "10/2018278");
    HibNetPost stranger = late;
    stranger.recipient = "7000000000000001";
    g_assert_false(hib_journey_send(j, &stranger, HIB_FAULT_NONE, 0).is_out);
    g_assert_cmpint(hib_practice_count_text(j->face, late.text), ==, 0);
}

static void
the_days_hundred_posts_run_out(void)
{
    g_autoptr(HibJourney) j = journey(true);
    HibJourneyEnd end = {0};
    HibNetQuota quota[8];
    size_t n;
    int n_out = 0;
    for (int i = 0; i < 101; i++) {
        HibNetPost post = picture(j, hib_arena_printf(j->arena, "%d枚目", i));
        HibNetSending sending = {
            .handle = j->network->new_handle(&j->net), .progress = "{}", .post = &post};
        do
            end.last = j->network->run_step(&j->net, &j->grant, &sending);
        while (end.last.class == HIB_NET_OK && !sending.is_done);
        if (end.last.class != HIB_NET_OK)
            break;
        n_out++;
    }
    g_assert_cmpint(n_out, ==, 100);
    g_assert_cmpstr(hib_net_class_name(end.last.class), ==, "quota");
    g_assert_cmpstr(end.last.code, ==, "9/2207042");
    g_assert_cmpint(end.last.retry_at, >, hib_clock_now(j->clock));
    g_assert_cmpint(j->network->read_quota(&j->net, &j->grant, quota, &n).class, ==, HIB_NET_OK);
    g_assert_cmpint(quota[0].used, ==, 100);
    g_assert_cmpint(quota[0].limit, ==, 100);
}

/* What the network cannot fetch, or is of another kind, or too long, is the person's to mend; a container lives a day. */
static void
what_instagram_refuses_is_said(void)
{
    g_autoptr(HibJourney) j = journey(false);
    static const struct {
        const char *url, *code;
        HibNetFormat format;
    } cases[] = {{"http://127.0.0.1:9/gone.jpg", "9004/2207052", HIB_FORMAT_POST},
                 {"http://elsewhere.invalid/a.jpg", "9004/2207052", HIB_FORMAT_STORY}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibNetPost post = picture(j, "届かない写真");
        HibNetMedia media = post.media[0];
        media.url = cases[i].url;
        post.media = &media;
        post.format = cases[i].format;
        HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
        g_assert_false(end.is_out);
        g_assert_cmpstr(hib_net_class_name(end.last.class), ==, "fix_content");
        g_assert_cmpstr(end.last.code, ==, cases[i].code);
    }
    g_autofree char *long_text = g_strnfill(2300, 'a');
    HibNetPost post = picture(j, long_text);
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    g_assert_cmpstr(end.last.code, ==, "36004/2207010");
    HibNetPost slow = picture(j, "一日おいた写真");
    HibNetSending sending = {
        .handle = j->network->new_handle(&j->net), .progress = "{}", .post = &slow};
    while (j->network->next_step(&sending).kind != HIB_NET_STEP_EFFECT)
        g_assert_cmpint(j->network->run_step(&j->net, &j->grant, &sending).class, ==, HIB_NET_OK);
    hib_journey_pass(j, 25 * HIB_HOUR);
    g_assert_cmpint(j->network->run_step(&j->net, &j->grant, &sending).class, ==,
                    HIB_NET_NEW_HANDLE);
}

static void
a_token_is_renewed_when_it_is_a_day_old(void)
{
    g_autoptr(HibJourney) j = journey(false);
    HibGrant fresh = {.access = "untouched"};
    g_assert_cmpint(j->grant.access_expires_at, >, hib_clock_now(j->clock) + 59 * HIB_DAY);
    g_assert_cmpint(j->network->refresh(&j->net, &j->grant, &fresh).class, !=, HIB_NET_OK);
    g_assert_cmpstr(fresh.access, ==, "untouched");
    hib_journey_pass(j, 30 * HIB_DAY);
    g_assert_cmpint(j->network->refresh(&j->net, &j->grant, &fresh).class, ==, HIB_NET_OK);
    g_assert_cmpint(fresh.access_expires_at, >, hib_clock_now(j->clock) + 59 * HIB_DAY);
    hib_journey_pass(j, 61 * HIB_DAY);
    g_assert_cmpint(j->network->refresh(&j->net, &fresh, &fresh).class, ==, HIB_NET_REAUTH_HUMAN);
}

static void
what_people_say_is_told_signed_to_an_address_that_answered(void)
{
    g_autoptr(HibJourney) j = journey(false);
    hib_meta_test_hooks(j, "v25.0", "instagram", reel_by_address);
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
    j->face = hib_practice_start(&hib_practice_instagram, &options, NULL);
    g_assert_nonnull(j->face);
}

/* A container that was ready before is published once after; then it says so, after another restart too. */
static void
a_restart_forgets_neither_tokens_nor_containers(void)
{
    g_autoptr(HibJourney) j = journey(false);
    g_autofree char *folder = g_dir_make_tmp("hib-meta-XXXXXX", NULL);
    g_autofree char *journal = g_build_filename(folder, "journal", NULL);
    start_again(j, journal, 0);
    int port = (int)g_ascii_strtoll(strrchr(hib_practice_url(j->face), ':') + 1, NULL, 10);
    hib_journey_connect(j, hib_practice_account_at(j->face, 0));
    j->grant.service = hib_arena_strdup(j->arena, j->grant.service); /* the face's own text */
    HibNetPost post = reel_uploaded(j, "再起動をまたぐ");
    HibNetSending sending = {
        .handle = j->network->new_handle(&j->net), .progress = "{}", .post = &post};
    while (j->network->next_step(&sending).kind != HIB_NET_STEP_EFFECT) {
        (void)j->network->run_step(&j->net, &j->grant, &sending);
        hib_journey_pass(j, 20 * HIB_SECOND);
    }
    start_again(j, journal, port);
    sending.sent_at = hib_clock_now(j->clock);
    HibNetSending lost = sending; /* its answer never came */
    g_assert_cmpint(j->network->run_step(&j->net, &j->grant, &sending).class, ==, HIB_NET_OK);
    start_again(j, journal, port);
    bool found = false;
    g_assert_cmpint(j->network->find(&j->net, &j->grant, &lost, &found).class, ==, HIB_NET_OK);
    g_assert_true(found);
    g_assert_cmpstr(lost.published.remote_id, ==, sending.published.remote_id);
    g_assert_cmpint(hib_practice_count_text(j->face, post.text), ==, 1);
    g_unlink(journal);
    g_rmdir(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/practice/instagram/" #name, name)
    ADD(pictures_go_out_once_whatever_happens);
    ADD(carousels_go_out_once_whatever_happens);
    ADD(reels_go_out_once_whatever_happens);
    ADD(stories_go_out_once_whatever_happens);
    ADD(comments_and_messages_go_out_once_whatever_happens);
    ADD(what_people_say_is_read_answered_and_taken_away);
    ADD(a_day_that_was_not_watched_has_no_numbers);
    ADD(outside_of_24_hours_nobody_is_written_to);
    ADD(the_days_hundred_posts_run_out);
    ADD(what_instagram_refuses_is_said);
    ADD(a_token_is_renewed_when_it_is_a_day_old);
    ADD(what_people_say_is_told_signed_to_an_address_that_answered);
    ADD(a_restart_forgets_neither_tokens_nor_containers);
    return g_test_run();
}
