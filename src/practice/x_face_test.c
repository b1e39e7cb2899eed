/* The X connector against X's face: connected through the page, every fault at every step of every format, duplicates, edits, what is read
 * back, what people say, webhooks that are signed and proven. */
#include "networks/x.h"
#include "practice/face_hook.h"
#include "practice/x_face.h"
#include "test_journey.h"
#include "test_people.h"

#include <glib/gstdio.h>

static HibNetPost
words(HibJourney *j, const char *text)
{
    return (HibNetPost){.text = text, .created_at = hib_clock_now(j->clock)};
}

static HibNetPost
with_pictures(HibJourney *j, const char *text)
{
    static const char png[] = "\x89PNG\r\n\x1a\n not decoded here";
    HibNetMedia *media = hib_arena_array(j->arena, HibNetMedia, 2);
    media[0] = hib_test_medium(j->arena, "image/png", png, sizeof png);
    media[0].alt = "湯気の立つ一杯";
    media[1] = hib_test_medium(j->arena, "image/jpeg", text, strlen(text));
    HibNetPost post = words(j, text);
    post.media = media;
    post.n_media = 2;
    return post;
}

static HibNetPost
with_video(HibJourney *j, const char *text)
{
    static char film[5 * 1024 * 1024] = "....ftypisom"; /* two segments */
    HibNetPost post = words(j, text);
    HibNetMedia *media = hib_arena_array(j->arena, HibNetMedia, 1);
    media[0] = hib_test_medium(j->arena, "video/mp4", film, sizeof film);
    post.media = media;
    post.n_media = 1;
    return post;
}

static HibNetPost
with_gif(HibJourney *j, const char *text)
{
    static const char gif[] = "GIF89a not decoded here";
    HibNetPost post = words(j, text);
    HibNetMedia *media = hib_arena_array(j->arena, HibNetMedia, 1);
    media[0] = hib_test_medium(j->arena, "image/gif", gif, sizeof gif);
    media[0].kind = HIB_NET_GIF;
    post.media = media;
    post.n_media = 1;
    return post;
}

static HibNetPost
poll(HibJourney *j, const char *text)
{
    HibNetPost post = words(j, text);
    post.options = "{\"poll\":\"深煎り\\n浅煎り\",\"poll_minutes\":60}";
    return post;
}

static HibNetPost
message(HibJourney *j, const char *text)
{
    HibNetPost post = words(j, text);
    post.format = HIB_FORMAT_MESSAGE;
    post.recipient = "1234567890";
    return post;
}

static void
go_out_once(HibJourneyMake make, const char *what)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_x, &hib_practice_x, false);
    hib_journey_faults(j, what, make);
}

static void
words_go_out_once_whatever_happens(void)
{
    go_out_once(words,
                "豆 & 器 <新作> hibiki.example/a と https://hibiki.example/b?c=1&d=2 @nene #珈琲");
}

static void
pictures_go_out_once_whatever_happens(void)
{
    go_out_once(with_pictures, "写真二枚");
}

static void
videos_go_out_once_whatever_happens(void)
{
    go_out_once(with_video, "動画");
}

static void
gifs_go_out_once_whatever_happens(void)
{
    go_out_once(with_gif, "動く絵");
}

static void
polls_go_out_once_whatever_happens(void)
{
    go_out_once(poll, "どちらがお好き?");
}

static void
messages_go_out_once_whatever_happens(void)
{
    go_out_once(message, "ご予約を承りました");
}

static void
long_posts_are_found_whole(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_x, &hib_practice_x, false);
    g_autoptr(GString) text = g_string_new("長い話 ");
    for (int i = 0; i < 60; i++)
        g_string_append(text, "豆は焙煎から三日目が飲み頃です。");
    HibNetPost post = words(j, text->str);
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_CUT_AFTER, 0);
    g_assert_true(end.is_out && end.was_read_back);
    g_assert_cmpint(hib_practice_count_text(j->face, text->str), ==, 1);
}

static void
the_same_words_again_are_refused(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_x, &hib_practice_x, false);
    HibNetPost post = words(j, "本日のおすすめ");
    g_assert_true(hib_journey_send(j, &post, HIB_FAULT_NONE, 0).is_out);
    hib_journey_pass(j, HIB_HOUR);
    HibNetPost again = words(j, "本日のおすすめ");
    HibJourneyEnd end = hib_journey_send(j, &again, HIB_FAULT_NONE, 0);
    g_assert_false(end.is_out);
    g_assert_cmpstr(hib_net_class_name(end.last.class), ==, "fix_content");
    g_assert_cmpstr(end.last.code, ==, "DuplicateContent");
    g_assert_cmpint(hib_practice_count_text(j->face, "本日のおすすめ"), ==, 1);
}

static void
a_post_is_changed_five_times_within_half_an_hour(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_x, &hib_practice_x, false);
    HibNetPost post = words(j, "開店は九時です");
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    g_assert_true(end.is_out);
    HibNetPublished place = end.published;
    for (int i = 0; i < 6; i++) {
        HibNetPost other = words(j, hib_arena_printf(j->arena, "開店は%d時です", 10 + i));
        HibNetResult said = j->network->edit(&j->net, &j->grant, place.remote_id, &other, &place);
        g_assert_cmpstr(hib_net_class_name(said.class), ==, i < 5 ? "ok" : "fix_content");
        hib_journey_pass(j, HIB_MINUTE);
    }
    g_assert_cmpstr(place.remote_id, !=, end.published.remote_id);
    g_assert_cmpint(hib_practice_count_text(j->face, "開店は14時です"), ==, 1);
    g_assert_cmpint(hib_practice_count_text(j->face, "開店は九時です"), ==, 0);
    HibNetPost late = words(j, "閉店は五時です");
    end = hib_journey_send(j, &late, HIB_FAULT_NONE, 0);
    hib_journey_pass(j, 31 * HIB_MINUTE);
    HibNetPost other = words(j, "閉店は六時です");
    g_assert_cmpstr(
        hib_net_class_name(
            j->network->edit(&j->net, &j->grant, end.published.remote_id, &other, &place).class),
        ==, "fix_content");
}

/* With the control door, and an audience that has something to say. */
static HibJourney *
with_control(void)
{
    HibJourney *j = hib_journey_new(&hib_x, &hib_practice_x, false);
    const HibPracticeAccount accounts[] = {{.id = "1001",
                                            .handle = "hibiki",
                                            .name = "喫茶ひびき",
                                            .password = "practice-password",
                                            .followers = 50000},
                                           {.id = "1002",
                                            .handle = "nene",
                                            .name = "ねね",
                                            .password = "practice-password",
                                            .followers = 120}};
    const HibPracticeOptions options = {
        .accounts = accounts, .n_accounts = 2, .clock = j->clock, .seed = 7, .has_control = true};
    hib_practice_stop(j->face);
    j->face = hib_practice_start(&hib_practice_x, &options, NULL);
    g_assert_nonnull(j->face);
    hib_journey_connect(j, hib_practice_account_at(j->face, 0));
    return j;
}

static void
a_thread_is_answered_read_and_taken_away(void)
{
    g_autoptr(HibJourney) j = with_control();
    HibNetPost post = words(j, "新しい豆が届きました。https://hibiki.example/beans #珈琲");
    HibJourneyEnd first = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    g_assert_true(first.is_out);
    HibNetPost next = words(j, "続き:焙煎は深めです。");
    next.reply_to = first.published.remote_id;
    HibJourneyEnd second = hib_journey_send(j, &next, HIB_FAULT_CUT_AFTER, 0);
    g_assert_true(second.is_out);
    HibNetPost film = with_video(j, "抽出の様子");
    HibJourneyEnd third = hib_journey_send(j, &film, HIB_FAULT_NONE, 0);
    g_assert_true(third.is_out);
    hib_journey_pass(j, 2 * HIB_DAY);
    g_assert_cmpint(j->network->refresh(&j->net, &j->grant, &j->grant).class, ==, HIB_NET_OK);
    HibNetReading readings[3], account;
    const char *ids[] = {first.published.remote_id, third.published.remote_id, "123", NULL};
    g_assert_cmpint(j->network->read_posts(&j->net, &j->grant, ids, 3, readings).class, ==,
                    HIB_NET_OK);
    g_assert_cmpuint(readings[0].n_metrics, ==, 10);
    g_assert_cmpint(readings[0].metrics[0].value, >, 0);
    g_assert_cmpuint(readings[1].n_metrics, ==, 15); /* the video's too */
    g_assert_true(readings[2].is_gone);
    g_assert_cmpint(j->network->read_account(&j->net, &j->grant, &account).class, ==, HIB_NET_OK);
    g_assert_cmpuint(account.n_metrics, ==, 4);

    HibNetTalk *talk = NULL;
    size_t n = 0;
    const char *cursor = NULL;
    g_assert_cmpint(j->network->read_talk(&j->net, &j->grant, ids, NULL, &talk, &n, &cursor).class,
                    ==, HIB_NET_OK);
    g_test_message("%zu answers", n);
    g_assert_cmpuint(n, >, 0);
    g_assert_cmpint(talk[0].kind, ==, HIB_TALK_COMMENT);
    g_assert_nonnull(hib_practice_post(j->face, talk[0].post_id));
    hib_journey_hide(j, talk[0].remote_id);
    HibNetPost answer = words(j, "ありがとうございます!");
    answer.reply_to = talk[0].remote_id;
    HibJourneyEnd fourth = hib_journey_send(j, &answer, HIB_FAULT_CUT_AFTER, 0);
    g_assert_true(fourth.is_out);
    g_assert_cmpint(
        j->network->read_talk(&j->net, &j->grant, ids, cursor, &talk, &n, &cursor).class, ==,
        HIB_NET_OK);
    for (size_t i = 0; i < n; i++)
        g_assert_cmpint(talk[i].at, >, hib_clock_now(j->clock) - HIB_HOUR); /* new ones only */
    g_assert_cmpint(j->network->remove(&j->net, &j->grant, second.published.remote_id).class, ==,
                    HIB_NET_OK);
    g_assert_cmpint(j->network->remove(&j->net, &j->grant, second.published.remote_id).class, ==,
                    HIB_NET_OK); /* gone already */
    g_assert_cmpint(hib_practice_count_text(j->face, next.text), ==, 0);
}

static void
who_follows_reposts_and_likes_is_told_page_by_page(void)
{
    g_autoptr(HibJourney) j = with_control();
    HibNetPost post = words(j, "フォロー&リポストで豆を差し上げます");
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    hib_test_people(j->network, &j->net, &j->grant, end.published.remote_id);
}

/* After 30 days the author too sees the public numbers only. */
static void
private_numbers_end_after_thirty_days(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_x, &hib_practice_x, false);
    HibNetPost post = words(j, "ひと月前の話");
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    hib_journey_pass(j, 31 * HIB_DAY);
    g_assert_cmpint(j->network->refresh(&j->net, &j->grant, &j->grant).class, ==, HIB_NET_OK);
    HibNetReading reading;
    g_assert_cmpint(
        j->network->read_posts(&j->net, &j->grant, &end.published.remote_id, 1, &reading).class, ==,
        HIB_NET_OK);
    g_assert_cmpuint(reading.n_metrics, ==, 6);
}

/* Through the control door, as the demo does it. */
static void
say(HibJourney *j, const char *json)
{
    const HibHttpRequest request = {
        .method = "POST",
        .url = hib_arena_printf(j->arena, "%s/practice/own/say", hib_practice_url(j->face)),
        .content_type = "application/json",
        .body = json,
        .n_body = strlen(json)};
    HibHttpReply reply;
    g_assert_true(hib_http_do(j->http, j->arena, &request, &reply, NULL));
    g_assert_cmpint(reply.status, ==, 200);
}

static void
messages_and_mentions_are_read_and_answered(void)
{
    g_autoptr(HibJourney) j = with_control();
    say(j, "{\"text\":\"予約できますか\",\"user\":\"guest_a\"}");
    say(j, "{\"text\":\"おいしかった\",\"kind\":\"mention\",\"user\":\"guest_b\"}");
    HibNetTalk *talk = NULL;
    size_t n = 0;
    const char *cursor = NULL;
    g_assert_cmpint(j->network->read_talk(&j->net, &j->grant, NULL, NULL, &talk, &n, &cursor).class,
                    ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 2);
    const HibNetTalk *dm = &talk[talk[1].kind == HIB_TALK_MESSAGE];
    const HibNetTalk *mention = &talk[talk[1].kind != HIB_TALK_MESSAGE];
    g_assert_cmpint(dm->kind, ==, HIB_TALK_MESSAGE);
    g_assert_cmpstr(dm->author_handle, ==, "guest_a");
    g_assert_cmpstr(dm->text, ==, "予約できますか");
    g_assert_cmpint(mention->kind, ==, HIB_TALK_MENTION);
    g_assert_cmpstr(mention->text, ==, "@hibiki おいしかった");
    HibNetPost answer = message(j, "はい、承ります");
    answer.recipient = dm->conversation;
    HibJourneyEnd end = hib_journey_send(j, &answer, HIB_FAULT_CUT_AFTER, 0);
    g_assert_true(end.is_out && end.was_read_back);
    HibNetPost thanks = words(j, "またどうぞ");
    thanks.reply_to = mention->remote_id;
    g_assert_true(hib_journey_send(j, &thanks, HIB_FAULT_NONE, 0).is_out);
    g_assert_cmpint(
        j->network->read_talk(&j->net, &j->grant, NULL, cursor, &talk, &n, &cursor).class, ==,
        HIB_NET_OK);
    g_assert_cmpuint(n, ==, 1); /* our own message, as the other side sees it */
    g_assert_true(talk[0].is_own);
    g_assert_cmpint(j->network->remove(&j->net, &j->grant, end.published.remote_id).class, ==,
                    HIB_NET_OK);
}

/* Whoever did not engage with the account may not be answered. */
static void
answering_strangers_is_refused(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_x, &hib_practice_x, false);
    HibNetPost post = words(j, "わたしの話");
    HibJourneyEnd end = hib_journey_send(j, &post, HIB_FAULT_NONE, 0);
    hib_journey_connect(j, hib_practice_account_at(j->face, 1));
    HibNetPost answer = words(j, "割り込み");
    answer.reply_to = end.published.remote_id;
    HibJourneyEnd refused = hib_journey_send(j, &answer, HIB_FAULT_NONE, 0);
    g_assert_false(refused.is_out);
    g_assert_cmpstr(hib_net_class_name(refused.last.class), ==, "fix_content");
    g_assert_nonnull(strstr(refused.last.message, "mentioned or otherwise engaged"));
}

static void
a_window_ends_when_it_says(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_x, &hib_practice_x, true);
    HibNetResult said = {0};
    int n = 0;
    for (; n < 20; n++) {
        HibNetPost post = message(j, hib_arena_printf(j->arena, "%d通目", n));
        HibNetSending sending = {
            .handle = j->network->new_handle(&j->net), .progress = "{}", .post = &post};
        said = j->network->run_step(&j->net, &j->grant, &sending);
        if (said.class != HIB_NET_OK)
            break;
        g_assert_cmpint(said.remaining, ==, 14 - n);
    }
    g_assert_cmpint(n, ==, 15);
    g_assert_cmpstr(hib_net_class_name(said.class), ==, "retry_after");
    g_assert_cmpint(said.retry_at - hib_clock_now(j->clock), ==, 15 * HIB_MINUTE);
}

static void
a_refresh_token_is_good_once(void)
{
    g_autoptr(HibJourney) j = hib_journey_new(&hib_x, &hib_practice_x, false);
    HibGrant fresh = {0}, again = {0};
    g_assert_cmpint(j->network->refresh(&j->net, &j->grant, &fresh).class, ==, HIB_NET_OK);
    g_assert_cmpint(j->network->refresh(&j->net, &j->grant, &again).class, ==,
                    HIB_NET_REAUTH_HUMAN);
    g_assert_cmpint(j->network->refresh(&j->net, &fresh, &again).class, ==, HIB_NET_OK);
    hib_practice_end_grants(j->face);
    g_assert_cmpint(j->network->refresh(&j->net, &again, &fresh).class, ==, HIB_NET_REAUTH_HUMAN);
}

/* --- webhooks: an ear that hears with the connector ---------------------------------------------------------------- */
static GPtrArray *heard; /* "kind text", of the one test that listens */

static const char *
header_of(void *data, const char *name)
{
    return hib_practice_header_in(data, name);
}

static void
hear(HibPracticeCall *call)
{
    const char *token = hib_practice_query(call, "crc_token");
    HibNetHookAnswer answer = {0};
    const HibNetHookCall in = {.method = call->verb,
                               .query = token ? hib_arena_printf(call->arena, "crc_token=%s", token)
                                              : "",
                               .header = header_of,
                               .data = call,
                               .body = call->body.head,
                               .n_body = call->body.n_head,
                               .secret = HIB_PRACTICE_CLIENT_SECRET,
                               .now = hib_practice_now(call->face)};
    if (!hib_x.hook(call->arena, &in, &answer) || answer.is_refused) {
        hib_practice_empty(call, 401);
        return;
    }
    for (size_t i = 0; i < answer.n_events; i++) {
        const HibNetHookEvent *event = &answer.events[i];
        bool is_talk = !strcmp(event->kind, "talk");
        g_ptr_array_add(heard, g_strdup_printf("%s %s", event->kind,
                                               is_talk ? event->talk.text : event->remote_id));
    }
    hib_practice_text(call, 200, "application/json", answer.reply ? answer.reply : "");
}

static void
refuse_ear(HibPracticeCall *call, HibPracticeRefusal why, const char *message G_GNUC_UNUSED)
{
    hib_practice_empty(call, why == HIB_REFUSE_ERROR ? 500 : 404);
}

static const HibPracticeRoute ear_routes[] = {{"*", "/hook", "hook", hear, 0}};
static const HibPracticeNetwork ear = {
    .name = "ear", .title = "Ear", .routes = ear_routes, .n_routes = 1, .refuse = refuse_ear};

static HibHttpReply
call_as_app(HibJourney *j, const char *token, const char *method, const char *path,
            const char *json)
{
    const char *headers[] = {hib_arena_printf(j->arena, "Authorization: Bearer %s", token), NULL};
    const HibHttpRequest request = {
        .method = method,
        .url = hib_arena_printf(j->arena, "%s%s", hib_practice_url(j->face), path),
        .headers = headers,
        .content_type = json ? "application/json" : NULL,
        .body = json,
        .n_body = json ? strlen(json) : 0};
    HibHttpReply reply;
    g_assert_true(hib_http_do(j->http, j->arena, &request, &reply, NULL));
    return reply;
}

static const char *
text_in(HibJourney *j, const HibHttpReply *reply, const char *object, const char *key)
{
    HibJson in = {0}, data = {0}, inner = {0};
    const char *out = NULL;
    g_assert_true(hib_json_parse(j->arena, reply->body, reply->n_body, &in, NULL));
    if (!object)
        data = in;
    else
        g_assert_true(hib_json_object(in, object, &data, NULL));
    if (hib_json_opt_object(data, "subscription", &inner, NULL) && inner.value)
        data = inner;
    g_assert_true(hib_json_text(data, key, &out, NULL));
    return out;
}

static const char *
app_token(HibJourney *j)
{
    const char *form = "grant_type=client_credentials&client_id=" HIB_PRACTICE_CLIENT_ID
                       "&client_secret=" HIB_PRACTICE_CLIENT_SECRET;
    const HibHttpRequest request = {
        .method = "POST",
        .url = hib_arena_printf(j->arena, "%s/oauth2/token", hib_practice_url(j->face)),
        .content_type = "application/x-www-form-urlencoded",
        .body = form,
        .n_body = strlen(form)};
    HibHttpReply reply;
    g_assert_true(hib_http_do(j->http, j->arena, &request, &reply, NULL));
    g_assert_cmpint(reply.status, ==, 200);
    return text_in(j, &reply, NULL, "access_token");
}

static void
subscribe(HibJourney *j, const char *token, const char *webhook, const char *kind)
{
    HibHttpReply reply = call_as_app(
        j, token, "POST", "/2/activity/subscriptions",
        hib_arena_printf(j->arena,
                         "{\"event_type\":\"%s\",\"filter\":{\"user_id\":\"1001\"},\"webhook_id\":"
                         "\"%s\"}",
                         kind, webhook));
    g_assert_cmpint(reply.status, ==, 200);
    g_assert_nonnull(text_in(j, &reply, "data", "subscription_id"));
}

static void
webhooks_are_proven_signed_and_sent_to_who_subscribed(void)
{
    static const HibPracticeAccount nobody[] = {{.id = "1", .handle = "ear"}};
    g_autoptr(HibPracticeFace) listener =
        hib_practice_start(&ear, &(HibPracticeOptions){.accounts = nobody, .n_accounts = 1}, NULL);
    g_autoptr(HibJourney) j = with_control();
    heard = g_ptr_array_new_with_free_func(g_free);
    const char *token = app_token(j);
    const char *address =
        hib_arena_printf(j->arena, "{\"url\":\"%s/hook\"}", hib_practice_url(listener));
    HibHttpReply reply =
        call_as_app(j, token, "POST", "/2/webhooks", "{\"url\":\"http://127.0.0.1:1/nobody\"}");
    g_assert_cmpint(reply.status, ==, 400); /* nobody answers the challenge there */
    reply = call_as_app(j, j->grant.access, "POST", "/2/webhooks", address);
    g_assert_cmpint(reply.status, ==, 403); /* an app's business */
    reply = call_as_app(j, token, "POST", "/2/webhooks", address);
    g_assert_cmpint(reply.status, ==, 200);
    const char *webhook = text_in(j, &reply, "data", "id");
    subscribe(j, token, webhook, "dm.received");
    subscribe(j, token, webhook, "post.reply.create");
    subscribe(j, token, webhook, "follow.follow");
    HibNetPost post = words(j, "今夜は遅くまで開けています");
    g_assert_true(hib_journey_send(j, &post, HIB_FAULT_NONE, 0).is_out);
    say(j, "{\"text\":\"まだ空いていますか\",\"user\":\"guest\"}");
    say(j, "{\"text\":\"聞こえない\",\"kind\":\"mention\"}"); /* not subscribed */
    g_assert_true(hib_practice_hooks_settle(j->face, 5000));
    g_assert_cmpuint(heard->len, ==, 1);
    g_assert_cmpstr(heard->pdata[0], ==, "talk まだ空いていますか");
    hib_journey_pass(j, 2 * HIB_DAY);
    hib_practice_tick(j->face);
    g_assert_true(hib_practice_hooks_settle(j->face, 30000));
    int n_replies = 0, n_follows = 0;
    for (guint i = 1; i < heard->len; i++) {
        n_replies += g_str_has_prefix(heard->pdata[i], "talk @hibiki ");
        n_follows += g_str_has_prefix(heard->pdata[i], "follow ");
    }
    g_test_message("%d replies, %d follows", n_replies, n_follows);
    g_assert_cmpint(n_replies, >, 0);
    g_assert_cmpint(n_follows, >, 0);
    g_assert_cmpint(n_replies + n_follows + 1, ==, (int)heard->len);
    reply = call_as_app(j, token, "DELETE", hib_arena_printf(j->arena, "/2/webhooks/%s", webhook),
                        NULL);
    g_assert_cmpint(reply.status, ==, 200);
    g_clear_pointer(&heard, g_ptr_array_unref);
}

static void
what_was_said_and_subscribed_outlives_a_restart(void)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "x-face-test.journal", NULL);
    static const HibPracticeAccount accounts[] = {{.id = "1001", .handle = "hibiki"}};
    const HibPracticeOptions options = {
        .accounts = accounts, .n_accounts = 1, .journal = path, .has_control = true};
    (void)g_unlink(path);
    g_autoptr(HibJourney) j = hib_journey_new(&hib_x, &hib_practice_x, false);
    for (int run = 0; run < 2; run++) {
        HibNetTalk *talk = NULL;
        size_t n = 0;
        const char *cursor = NULL;
        g_clear_pointer(&j->face, hib_practice_stop);
        j->face = hib_practice_start(&hib_practice_x, &options, NULL);
        g_assert_nonnull(j->face);
        j->net.clock = hib_clock_real();
        hib_journey_connect(j, hib_practice_account_at(j->face, 0));
        if (run == 0)
            say(j, "{\"text\":\"覚えていますか\"}");
        g_assert_cmpint(
            j->network->read_talk(&j->net, &j->grant, NULL, NULL, &talk, &n, &cursor).class, ==,
            HIB_NET_OK);
        g_assert_cmpuint(n, ==, 1);
        g_assert_cmpstr(talk[0].text, ==, "覚えていますか");
    }
    (void)g_unlink(path);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define T(name) g_test_add_func("/practice/x/" #name, name)
    T(who_follows_reposts_and_likes_is_told_page_by_page);
    T(words_go_out_once_whatever_happens);
    T(pictures_go_out_once_whatever_happens);
    T(videos_go_out_once_whatever_happens);
    T(gifs_go_out_once_whatever_happens);
    T(polls_go_out_once_whatever_happens);
    T(messages_go_out_once_whatever_happens);
    T(long_posts_are_found_whole);
    T(the_same_words_again_are_refused);
    T(a_post_is_changed_five_times_within_half_an_hour);
    T(a_thread_is_answered_read_and_taken_away);
    T(private_numbers_end_after_thirty_days);
    T(messages_and_mentions_are_read_and_answered);
    T(answering_strangers_is_refused);
    T(a_window_ends_when_it_says);
    T(a_refresh_token_is_good_once);
    T(webhooks_are_proven_signed_and_sent_to_who_subscribed);
    T(what_was_said_and_subscribed_outlives_a_restart);
#undef T
    return g_test_run();
}
