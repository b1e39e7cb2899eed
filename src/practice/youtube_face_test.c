/* The YouTube connector against YouTube's face: connected through the page, every fault at every step of videos, Shorts, comments and
 * answers, sessions that are asked where they stand, the day's quota, what is read back, changed and taken away. */
#include "networks/youtube.h"
#include "practice/youtube_face.h"
#include "test_journey.h"

static HibNetPost
video_of(HibJourney *j, const char *text, size_t bytes, bool with_thumbnail)
{
    static char film[20 * 1024 * 1024];
    static const char jpeg[] = "\xff\xd8\xff not decoded here";
    HibNetMedia *media = hib_arena_array(j->arena, HibNetMedia, 2);
    media[0] = hib_test_medium(j->arena, "video/mp4", film, bytes);
    media[1] = hib_test_medium(j->arena, "image/jpeg", jpeg, sizeof jpeg);
    return (HibNetPost){.format = HIB_FORMAT_VIDEO,
                        .title = "抽出の様子",
                        .text = text,
                        .media = media,
                        .n_media = with_thumbnail ? 2 : 1,
                        .created_at = hib_clock_now(j->clock)};
}

static HibNetPost
long_video(HibJourney *j, const char *text)
{
    return video_of(j, text, 20 * 1024 * 1024, true); /* three pieces */
}

static HibNetPost
short_video(HibJourney *j, const char *text)
{
    HibNetPost post = video_of(j, text, 1000, false);
    post.format = HIB_FORMAT_SHORT;
    return post;
}

static const char *under; /* what comments of the test at hand stand under */

static HibNetPost
comment(HibJourney *j, const char *text)
{
    return (HibNetPost){.text = text, .reply_to = under, .created_at = hib_clock_now(j->clock)};
}

/* A channel of fifty thousand, whose videos are talked about. */
static HibJourney *
loud(bool has_limits)
{
    static const HibPracticeAccount accounts[] = {{.id = "1001",
                                                   .handle = "hibiki",
                                                   .name = "喫茶ひびき",
                                                   .password = "practice-password",
                                                   .followers = 51234},
                                                  {.id = "1002",
                                                   .handle = "nene",
                                                   .name = "ねね",
                                                   .password = "practice-password",
                                                   .followers = 120}};
    HibJourney *j = hib_journey_new(&hib_youtube, &hib_practice_youtube, false);
    const HibPracticeOptions options = {.accounts = accounts,
                                        .n_accounts = 2,
                                        .clock = j->clock,
                                        .seed = 7,
                                        .has_limits = has_limits};
    hib_practice_stop(j->face);
    j->face = hib_practice_start(&hib_practice_youtube, &options, NULL);
    g_assert_nonnull(j->face);
    hib_journey_connect(j, hib_practice_account_at(j->face, 0));
    return j;
}

static void
is_ok(HibNetResult said)
{
    if (said.class != HIB_NET_OK)
        g_test_message("%s %d %s %s", hib_net_class_name(said.class), said.http_status, said.code,
                       said.message);
    g_assert_cmpstr(hib_net_class_name(said.class), ==, "ok");
}

static const char *
send(HibJourney *j, const HibNetPost *post)
{
    HibJourneyEnd end = hib_journey_send(j, post, HIB_FAULT_NONE, 0);
    if (!end.is_out)
        is_ok(end.last);
    g_assert_true(end.is_out);
    return end.published.remote_id;
}

static void
pass_days(HibJourney *j, int days)
{
    hib_journey_pass(j, days * HIB_DAY);
    is_ok(j->network->refresh(&j->net, &j->grant, &j->grant));
}

static void
videos_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_youtube, &hib_practice_youtube, false);
    hib_journey_faults(j, "動画とサムネイル", long_video);
}

static void
shorts_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_youtube, &hib_practice_youtube, false);
    hib_journey_faults(j, "ショート", short_video);
}

static void
comments_and_answers_go_out_once_whatever_happens(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_youtube, &hib_practice_youtube, false);
    HibNetPost video = short_video(j, "土台");
    under = send(j, &video);
    hib_journey_faults(j, "コメント", comment);
    HibNetPost first = comment(j, "最初のコメント");
    under = send(j, &first);
    hib_journey_faults(j, "返信", comment);
}

static void
numbers_come_as_they_are_known(void)
{
    g_autoptr(HibJourney) j = loud(false);
    HibNetPost post = long_video(j, "ドリップの手順 https://hibiki.example/drip");
    const char *ids[] = {send(j, &post), "AAAAAAAAAAA", NULL};
    HibNetReading readings[2], account;
    hib_journey_pass(j, HIB_HOUR / 2);
    is_ok(j->network->read_posts(&j->net, &j->grant, ids, 2, readings));
    g_assert_cmpuint(readings[0].n_metrics, ==, 3); /* Analytics is two days late */
    g_assert_false(readings[0].is_gone);
    g_assert_true(readings[1].is_gone);
    pass_days(j, 3);
    is_ok(j->network->read_posts(&j->net, &j->grant, ids, 1, readings));
    g_assert_cmpuint(readings[0].n_metrics, ==, 9);
    g_assert_cmpint(readings[0].metrics[0].value, >, 0);
    is_ok(j->network->read_account(&j->net, &j->grant, &account));
    g_assert_cmpuint(account.n_metrics, ==, 3);
    g_assert_cmpint(account.metrics[0].value % 100, ==, 0); /* three digits */
    g_assert_cmpint(account.metrics[1].value, ==, 1);
}

static void
comments_are_read_answered_changed_and_taken_away(void)
{
    g_autoptr(HibJourney) j = loud(false);
    HibNetPost post = short_video(j, "新しいカップ");
    const char *video = send(j, &post);
    pass_days(j, 2);
    HibNetTalk *talk = NULL;
    size_t n = 0;
    const char *cursor = NULL;
    const char *ids[] = {video, NULL};
    is_ok(j->network->read_talk(&j->net, &j->grant, ids, NULL, &talk, &n, &cursor));
    g_test_message("%zu comments", n);
    g_assert_cmpuint(n, >, 0);
    g_assert_cmpstr(talk[0].post_id, ==, video);
    g_assert_cmpint(*talk[0].author_handle, ==, '@');
    under = talk[0].remote_id;
    hib_journey_hide(j, under);
    HibNetPost answer = comment(j, "ありがとうございます");
    const char *answered = send(j, &answer);
    under = answered; /* an answer to an answer goes under the same comment */
    HibNetPost again = comment(j, "またどうぞ");
    send(j, &again);
    is_ok(j->network->read_talk(&j->net, &j->grant, ids, cursor, &talk, &n, &cursor));
    int n_own = 0;
    for (size_t i = 0; i < n; i++)
        n_own += talk[i].is_own;
    g_assert_cmpint(n_own, ==, 2);
    HibNetPublished place;
    HibNetPost other = comment(j, "ありがとうございました");
    is_ok(j->network->edit(&j->net, &j->grant, answered, &other, &place));
    g_assert_cmpint(hib_practice_count_text(j->face, "ありがとうございました"), ==, 1);
    is_ok(j->network->remove(&j->net, &j->grant, answered));
    is_ok(j->network->remove(&j->net, &j->grant, answered)); /* gone already */
    g_assert_cmpint(hib_practice_count_text(j->face, "ありがとうございました"), ==, 0);
}

static void
a_video_is_changed_and_taken_away(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_youtube, &hib_practice_youtube, false);
    HibNetPost post = short_video(j, "前の説明");
    const char *video = send(j, &post);
    HibNetPublished place;
    HibNetPost other = short_video(j, "新しい説明");
    other.title = "新しい題";
    is_ok(j->network->edit(&j->net, &j->grant, video, &other, &place));
    g_assert_cmpstr(place.remote_id, ==, video);
    g_assert_cmpint(hib_practice_count_text(j->face, "新しい説明"), ==, 1);
    is_ok(j->network->remove(&j->net, &j->grant, video));
    is_ok(j->network->remove(&j->net, &j->grant, video));
    g_assert_null(hib_practice_post(j->face, video));
}

/* 10,000 units: a comment takes 50. They are back at midnight on the Pacific coast, not a day later. */
static void
the_days_units_run_out_until_midnight_in_california(void)
{
    g_autoptr(HibJourney) j = loud(true);
    HibNetPost post = short_video(j, "土台");
    under = send(j, &post);
    HibNetResult said = {0};
    int n = 0;
    for (; n < 300; n++) {
        HibNetPost one = comment(j, hib_arena_printf(j->arena, "%d番目", n));
        HibNetSending sending = {
            .handle = j->network->new_handle(&j->net), .progress = "{}", .post = &one};
        said = j->network->run_step(&j->net, &j->grant, &sending);
        if (said.class != HIB_NET_OK)
            break;
    }
    g_assert_cmpint(n, ==, 199); /* connecting took one unit */
    g_assert_cmpstr(hib_net_class_name(said.class), ==, "quota");
    g_assert_cmpstr(said.code, ==, "quotaExceeded");
    HibInstant now = hib_clock_now(j->clock);
    g_assert_cmpint(now, ==, INT64_C(1796083200) * HIB_SECOND); /* 2026-12-01T00:00:00Z */
    g_assert_cmpint(said.retry_at - now, ==, 8 * HIB_HOUR);
    HibNetPost video = short_video(j, "動画は別の枠");
    send(j, &video);
    hib_journey_pass(j, 8 * HIB_HOUR);
    is_ok(j->network->refresh(&j->net, &j->grant, &j->grant));
    HibNetPost more = comment(j, "翌日");
    send(j, &more);
}

static void
what_youtube_refuses_is_refused(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_youtube, &hib_practice_youtube, false);
    HibNetPost angled = short_video(j, "a < b");
    HibNetPost untitled = short_video(j, "題がない");
    untitled.title = "";
    HibNetPost childish = short_video(j, "子ども向け");
    childish.options = "{\"made_for_kids\":true}";
    HibJourneyEnd end = hib_journey_send(j, &angled, HIB_FAULT_NONE, 0);
    g_assert_cmpstr(hib_net_class_name(end.last.class), ==, "fix_content");
    g_assert_cmpstr(end.last.code, ==, "invalidDescription");
    end = hib_journey_send(j, &untitled, HIB_FAULT_NONE, 0);
    g_assert_cmpstr(end.last.code, ==, "invalidTitle");
    under = send(j, &childish);
    HibNetPost said = comment(j, "コメントできない");
    end = hib_journey_send(j, &said, HIB_FAULT_NONE, 0);
    g_assert_cmpstr(hib_net_class_name(end.last.class), ==, "fix_content");
    g_assert_cmpstr(end.last.code, ==, "commentsDisabled");
    g_assert_cmpint(hib_practice_count_text(j->face, "コメントできない"), ==, 0);
}

/* The tokens: one refresh token for years, none without offline access. */
static void
a_refresh_token_stays_and_comes_with_offline_access_only(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_youtube, &hib_practice_youtube, false);
    HibGrant fresh = {0}, again = {0};
    is_ok(j->network->refresh(&j->net, &j->grant, &fresh));
    g_assert_cmpstr(fresh.refresh, ==, j->grant.refresh);
    is_ok(j->network->refresh(&j->net, &j->grant, &again));
    const char *url = j->network->authorize_url(
        &j->net, hib_practice_url(j->face), HIB_JOURNEY_REDIRECT, "st4te", HIB_JOURNEY_VERIFIER);
    g_autoptr(GString) online = g_string_new(url);
    g_assert_cmpuint(g_string_replace(online, "access_type=offline", "access_type=online", 1), ==,
                     1);
    g_string_append(online, "&practice_account=hibiki");
    HibHttpReply reply;
    g_assert_true(hib_http_do(
        j->http, j->arena, &(HibHttpRequest){.method = "GET", .url = online->str}, &reply, NULL));
    const char *at = strstr(hib_http_header(&reply, "location"), "code=") + 5;
    const char *code = hib_arena_strndup(j->arena, at, strcspn(at, "&"));
    HibGrant *grants = NULL;
    size_t n = 0;
    HibNetResult said =
        j->network->exchange(&j->net, hib_practice_url(j->face), HIB_JOURNEY_REDIRECT, code,
                             HIB_JOURNEY_VERIFIER, &grants, &n);
    g_assert_cmpstr(hib_net_class_name(said.class), !=, "ok"); /* no refresh token came */
    hib_practice_end_grants(j->face);
    g_assert_cmpstr(hib_net_class_name(j->network->refresh(&j->net, &j->grant, &fresh).class), ==,
                    "reauth_human");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define T(name) g_test_add_func("/practice/youtube/" #name, name)
    T(videos_go_out_once_whatever_happens);
    T(shorts_go_out_once_whatever_happens);
    T(comments_and_answers_go_out_once_whatever_happens);
    T(numbers_come_as_they_are_known);
    T(comments_are_read_answered_changed_and_taken_away);
    T(a_video_is_changed_and_taken_away);
    T(the_days_units_run_out_until_midnight_in_california);
    T(what_youtube_refuses_is_refused);
    T(a_refresh_token_stays_and_comes_with_offline_access_only);
#undef T
    return g_test_run();
}
