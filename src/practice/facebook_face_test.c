/* The Facebook connector against Facebook's face: a page connected through the dialog, every fault at every step of every format, what people
 * say and answers to it, Messenger, numbers, edits. */
#include "networks/facebook.h"
#include "practice/facebook_face.h"
#include "test_meta.h"

static HibJourney *
journey(bool has_limits)
{
    return hib_journey_new(&hib_facebook, &hib_practice_facebook, has_limits);
}

static HibNetPost
words(HibJourney *j, const char *text)
{
    HibNetPost post = hib_meta_test_post(j, HIB_FORMAT_POST, text);
    post.options = "{\"link\":\"https://hibiki.example/beans\"}";
    return post;
}

static HibNetPost
photos(HibJourney *j, const char *text)
{
    HibNetPost post = hib_meta_test_post(j, HIB_FORMAT_POST, text);
    hib_meta_test_media(j, &post, 2, 2, false);
    return post;
}

static HibNetPost
video(HibJourney *j, const char *text)
{
    HibNetPost post = hib_meta_test_post(j, HIB_FORMAT_VIDEO, text);
    hib_meta_test_media(j, &post, 1, 0, false);
    return post;
}

/* Two and a half pieces of the size Facebook asks for. */
static HibNetPost
long_video(HibJourney *j, const char *text)
{
    static char bytes[2621440];
    HibNetPost post = video(j, text);
    HibNetMedia *media = hib_arena_new0(j->arena, HibNetMedia);
    *media = hib_test_medium(j->arena, "video/mp4", bytes, sizeof bytes);
    post.media = media;
    return post;
}

static HibNetPost
reel(HibJourney *j, const char *text)
{
    HibNetPost post = video(j, text);
    post.format = HIB_FORMAT_REEL;
    return post;
}

static HibNetPost
photo_story(HibJourney *j, const char *text)
{
    HibNetPost post = hib_meta_test_post(j, HIB_FORMAT_STORY, text);
    hib_meta_test_media(j, &post, 1, 1, false);
    return post;
}

static HibNetPost
video_story(HibJourney *j, const char *text)
{
    HibNetPost post = video(j, text);
    post.format = HIB_FORMAT_STORY;
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
    post.recipient = hib_meta_test_say(j, "予約はできますか");
    return post;
}

static void
posts_and_photos_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = journey(false);
    hib_journey_faults(j, "文とリンク", words);
    hib_journey_faults(j, "写真", photos);
}

static void
videos_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = journey(false);
    hib_journey_faults(j, "動画", long_video);
}

static void
reels_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = journey(false);
    hib_journey_faults(j, "リール", reel);
}

static void
stories_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = journey(false);
    j->seen = hib_meta_test_shown;
    hib_journey_faults(j, "写真のストーリーズ", photo_story);
    hib_journey_faults(j, "動画のストーリーズ", video_story);
}

static void
comments_and_messages_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = journey(false);
    HibNetPost post = words(j, "コメントのもと");
    under = hib_journey_send(j, &post, HIB_FAULT_NONE, 0).published.remote_id;
    g_assert_nonnull(under);
    hib_journey_faults(j, "コメント", comment);
    hib_journey_faults(j, "メッセージ", message);
}

static void
what_people_say_is_read_answered_and_taken_away(void)
{
    g_autoptr(HibJourney) j = journey(false);
    HibNetPost post = photos(j, "新しい豆が届きました。");
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    g_assert_true(end.is_out && *end.published.url);
    hib_journey_pass(j, 2 * HIB_DAY);
    HibNetTalk said;
    hib_meta_test_read(j, end.published.remote_id, &said);
    hib_journey_hide(j, said.remote_id);
    under = said.remote_id;
    HibNetPost answer = comment(j, "ありがとうございます!");
    HibJourneyEnd answered = hib_journey_send(j, &answer, HIB_FAULT_NONE, 0);
    g_assert_true(answered.is_out);
    HibNetPublished edited;
    post.text = "新しい豆が届きました。深煎りです。";
    g_assert_cmpint(
        j->network->edit(&j->net, &j->grant, end.published.remote_id, &post, &edited).class, ==,
        HIB_NET_OK);
    g_assert_cmpint(hib_practice_count_text(j->face, post.text), ==, 1);
    const char *const gone[] = {answered.published.remote_id, end.published.remote_id};
    for (size_t i = 0; i < 2 * G_N_ELEMENTS(gone); i++)
        g_assert_cmpint(j->network->remove(&j->net, &j->grant, gone[i / 2]).class, ==, HIB_NET_OK);
    g_assert_cmpint(hib_practice_count_text(j->face, post.text), ==, 0);
}

static void
a_reel_has_numbers_comments_and_other_words(void)
{
    g_autoptr(HibJourney) j = journey(false);
    HibNetPost post = reel(j, "焙煎の音");
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    g_assert_true(end.is_out);
    hib_journey_pass(j, 2 * HIB_DAY);
    HibNetTalk said;
    hib_meta_test_read(j, end.published.remote_id, &said);
    HibNetPublished edited;
    post.text = "焙煎の音、十秒";
    g_assert_cmpint(
        j->network->edit(&j->net, &j->grant, end.published.remote_id, &post, &edited).class, ==,
        HIB_NET_OK);
    g_assert_cmpint(hib_practice_count_text(j->face, post.text), ==, 1);
}

static void
the_same_words_twice_are_the_persons_to_mend(void)
{
    g_autoptr(HibJourney) j = journey(false);
    HibNetPost post = words(j, "同じ文");
    g_assert_true(hib_journey_send(j, &post, HIB_FAULT_NONE, 0).is_out);
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    g_assert_false(end.is_out);
    g_assert_cmpstr(hib_net_class_name(end.last.class), ==, "fix_content");
    g_assert_cmpint(hib_practice_count_text(j->face, post.text), ==, 1);
}

/* A person's token reads which pages there are; it does not post. */
static void
a_persons_token_does_not_post(void)
{
    g_autoptr(HibJourney) j = journey(false);
    const char *code = hib_journey_code(j, "hibiki");
    const HibHttpRequest request = {
        .method = "GET",
        .url = hib_arena_printf(j->arena,
                                "%s/v25.0/oauth/access_token?client_id=%s&client_secret=%s&code=%s"
                                "&redirect_uri=%s",
                                hib_practice_url(j->face), HIB_PRACTICE_CLIENT_ID,
                                HIB_PRACTICE_CLIENT_SECRET, hib_url_escape(j->arena, code),
                                hib_url_escape(j->arena, HIB_JOURNEY_REDIRECT))};
    HibHttpReply reply;
    HibJson in;
    g_assert_true(hib_http_do(j->http, j->arena, &request, &reply, NULL));
    g_assert_cmpint(reply.status, ==, 200);
    g_assert_true(hib_json_parse(j->arena, reply.body, reply.n_body, &in, NULL));
    g_assert_true(hib_json_text(in, "access_token", &j->grant.access, NULL));
    HibNetPost post = words(j, "人のトークン");
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    g_assert_false(end.is_out);
    g_assert_cmpstr(end.last.code, ==, "190/2069032");
}

static void
what_people_say_is_told_signed_to_an_address_that_answered(void)
{
    g_autoptr(HibJourney) j = journey(false);
    hib_meta_test_hooks(j, "v25.0", "page", photos);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/practice/facebook/" #name, name)
    ADD(posts_and_photos_go_out_once_whatever_happens);
    ADD(videos_go_out_once_whatever_happens);
    ADD(reels_go_out_once_whatever_happens);
    ADD(stories_go_out_once_whatever_happens);
    ADD(comments_and_messages_go_out_once_whatever_happens);
    ADD(what_people_say_is_read_answered_and_taken_away);
    ADD(a_reel_has_numbers_comments_and_other_words);
    ADD(the_same_words_twice_are_the_persons_to_mend);
    ADD(a_persons_token_does_not_post);
    ADD(what_people_say_is_told_signed_to_an_address_that_answered);
    return g_test_run();
}
