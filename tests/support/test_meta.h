/* For tests of Meta's three practice faces: pictures and videos by address or by their bytes, and what a story shows. */
#pragma once
#include "practice/face_hook.h"
#include "test_journey.h"

static inline HibNetPost
hib_meta_test_post(HibJourney *j, HibNetFormat format, const char *text)
{
    return (HibNetPost){.format = format, .text = text, .created_at = hib_clock_now(j->clock)};
}

/* `n` media, of which those from `first_video` on are videos; all by address, or all by their bytes (which hold the text: no two alike). */
static inline void
hib_meta_test_media(HibJourney *j, HibNetPost *post, size_t n, size_t first_video, bool by_address)
{
    HibNetMedia *media = hib_arena_array(j->arena, HibNetMedia, n);
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, post->text, -1);
    for (size_t i = 0; i < n; i++) {
        bool is_video = i >= first_video;
        const char *bytes = hib_arena_printf(
            j->arena, "%s of %s %zu", is_video ? "....ftypisom" : "\xff\xd8\xff", post->text, i);
        media[i] =
            hib_test_medium(j->arena, is_video ? "video/mp4" : "image/jpeg", bytes, strlen(bytes));
        media[i].alt = is_video ? "" : "湯気の立つ一杯";
        g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, bytes, -1);
        media[i].sha256 = hib_arena_strdup(j->arena, digest);
        if (by_address)
            media[i].url = hib_arena_printf(j->arena, "https://media.invalid/%s-%zu", sum, i);
    }
    post->media = media;
    post->n_media = n;
}

/* A story is known by what it shows; no words go with it. */
static inline const char *
hib_meta_test_shown(const HibNetPost *post)
{
    return post->media[0].url ? post->media[0].url : post->media[0].sha256;
}

/* The numbers of one post and of the account, and what people said under it; *ret_talk the newest of that. */
static inline void
hib_meta_test_read(HibJourney *j, const char *remote_id, HibNetTalk *ret_talk)
{
    const char *ids[] = {remote_id, NULL}, *cursor;
    HibNetReading reading, account;
    HibNetTalk *talk;
    size_t n;
    g_assert_cmpint(j->network->read_posts(&j->net, &j->grant, ids, 1, &reading).class, ==,
                    HIB_NET_OK);
    g_test_message("%zu numbers of %s", reading.n_metrics, remote_id);
    g_assert_cmpuint(reading.n_metrics, >=, 4);
    g_assert_false(reading.is_gone);
    g_assert_cmpint(j->network->read_account(&j->net, &j->grant, &account).class, ==, HIB_NET_OK);
    g_assert_cmpuint(account.n_metrics, >=, 1);
    HibNetResult said = j->network->read_talk(&j->net, &j->grant, ids, NULL, &talk, &n, &cursor);
    g_assert_cmpstr(hib_net_class_name(said.class), ==, "ok");
    g_test_message("%zu said", n);
    g_assert_cmpuint(n, >, 0);
    *ret_talk = talk[n - 1];
    for (size_t i = 0; i < n; i++)
        if (!talk[i].is_own && talk[i].kind == HIB_TALK_COMMENT)
            *ret_talk = talk[i];
    g_assert_cmpint(ret_talk->kind, ==, HIB_TALK_COMMENT);
    g_assert_cmpstr(ret_talk->post_id, ==, remote_id);
}

/* A number of a reading; -1: it is not there. */
static inline int64_t
hib_meta_test_number(const HibNetReading *reading, const char *metric)
{
    for (size_t i = 0; i < reading->n_metrics; i++)
        if (g_str_equal(reading->metrics[i].metric, metric))
            return reading->metrics[i].value;
    return -1;
}

/* Somebody writes to the account; the id to answer to. */
static inline const char *
hib_meta_test_say(HibJourney *j, const char *text)
{
    const char *body = hib_journey_control(
        j, "own/say", hib_arena_printf(j->arena, "{\"text\":\"%s\",\"user\":\"hana\"}", text));
    HibJson in;
    const char *user;
    g_assert_true(hib_json_parse(j->arena, body, strlen(body), &in, NULL));
    g_assert_true(hib_json_text(in, "user", &user, NULL));
    return user;
}

/* --- webhooks: an address that takes what a face sends, read by the connector -------------------------------------------------------- */
#define HIB_META_TEST_WORD "our-own-word"
#define HIB_META_TEST_POSTS 6 /* few people say something about one */

static struct {
    const HibNetwork *network;
    GString *seen; /* "kind remote_id post_id;" of each event, in order */
    int n_refused;
} hib_meta_test_heard;

static const char *
hib_meta_test_header(void *call, const char *name)
{
    return hib_practice_header_in(call, name);
}

static inline void
hib_meta_test_receive(HibPracticeCall *call)
{
    const char *mode = hib_practice_query(call, "hub.mode"),
               *challenge = hib_practice_query(call, "hub.challenge"),
               *word = hib_practice_query(call, "hub.verify_token");
    const HibNetHookCall hook = {
        .method = call->verb,
        .query =
            mode ? hib_arena_printf(call->arena, "hub.mode=%s&hub.challenge=%s&hub.verify_token=%s",
                                    mode, challenge ? challenge : "", word ? word : "")
                 : "",
        .header = hib_meta_test_header,
        .data = call,
        .body = call->body.head,
        .n_body = call->body.n_head,
        .secret = HIB_PRACTICE_CLIENT_SECRET,
        .verify_token = HIB_META_TEST_WORD};
    HibNetHookAnswer answer;
    if (!hib_meta_test_heard.network->hook(call->arena, &hook, &answer) || answer.is_refused) {
        hib_meta_test_heard.n_refused++;
        hib_practice_text(call, 403, "text/plain", "refused");
        return;
    }
    for (size_t i = 0; i < answer.n_events; i++) {
        const HibNetHookEvent *event = &answer.events[i];
        g_string_append_printf(hib_meta_test_heard.seen, "%s %s %s;", event->kind,
                               event->remote_id ? event->remote_id : "",
                               event->talk.post_id ? event->talk.post_id : "");
    }
    hib_practice_text(call, 200, "text/plain", answer.reply ? answer.reply : "");
}

static inline void
hib_meta_test_no_route(HibPracticeCall *call, HibPracticeRefusal why, const char *message)
{
    (void)why;
    hib_practice_text(call, 404, "text/plain", message);
}

/* The status of POST /{app}/subscriptions. */
static inline int
hib_meta_test_subscribe(HibJourney *j, const char *version, const char *object, const char *to,
                        const char *word)
{
    const char *form = hib_arena_printf(
        j->arena, "object=%s&callback_url=%s&verify_token=%s&fields=feed&access_token=%s", object,
        hib_url_escape(j->arena, to), word,
        hib_url_escape(j->arena, HIB_PRACTICE_CLIENT_ID "|" HIB_PRACTICE_CLIENT_SECRET));
    const HibHttpRequest request = {.method = "POST",
                                    .url = hib_arena_printf(j->arena, "%s/%s/%s/subscriptions",
                                                            hib_practice_url(j->face), version,
                                                            HIB_PRACTICE_CLIENT_ID),
                                    .content_type = "application/x-www-form-urlencoded",
                                    .body = form,
                                    .n_body = strlen(form)};
    HibHttpReply reply;
    g_assert_true(hib_http_do(j->http, j->arena, &request, &reply, NULL));
    return reply.status;
}

/* The address answers the challenge with our word only; then everything the audience says about posts arrives signed, under the id by which
 * it is read too. */
static inline void
hib_meta_test_hooks(HibJourney *j, const char *version, const char *object, HibJourneyMake make)
{
    static const HibPracticeRoute routes[] = {{"*", "/hook", "hook", hib_meta_test_receive, 0}};
    static const HibPracticeNetwork receiver = {.name = "receiver",
                                                .title = "Receiver",
                                                .routes = routes,
                                                .n_routes = 1,
                                                .refuse = hib_meta_test_no_route};
    static const HibPracticeAccount nobody[] = {{.id = "1", .handle = "a"}};
    const HibPracticeOptions options = {.accounts = nobody, .n_accounts = 1};
    HibPracticeFace *to = hib_practice_start(&receiver, &options, NULL);
    g_assert_nonnull(to);
    const char *url = hib_arena_printf(j->arena, "%s/hook", hib_practice_url(to));
    hib_meta_test_heard.network = j->network;
    hib_meta_test_heard.seen = g_string_new(NULL);
    hib_meta_test_heard.n_refused = 0;
    g_assert_cmpint(hib_meta_test_subscribe(j, version, object, url, "another"), ==, 400);
    g_assert_cmpint(hib_meta_test_heard.n_refused, ==, 1);
    g_assert_cmpint(hib_meta_test_subscribe(j, version, object, url, HIB_META_TEST_WORD), ==, 200);
    const char *ids[HIB_META_TEST_POSTS + 1] = {NULL}, *cursor;
    for (int i = 0; i < HIB_META_TEST_POSTS; i++) {
        HibNetPost post = make(j, hib_arena_printf(j->arena, "みんなの声 %d", i));
        ids[i] = hib_journey_send(j, &post, HIB_FAULT_NONE, 0).published.remote_id;
        g_assert_nonnull(ids[i]);
    }
    hib_journey_pass(j, HIB_DAY);
    hib_practice_tick(j->face);
    if (j->network->can_message)
        hib_meta_test_say(j, "はじめまして");
    g_assert_true(hib_practice_hooks_settle(j->face, 20000));
    hib_practice_stop(to); /* what it heard is ours now */
    HibNetTalk *talk;
    size_t n, n_comments = 0;
    g_assert_cmpint(j->network->read_talk(&j->net, &j->grant, ids, NULL, &talk, &n, &cursor).class,
                    ==, HIB_NET_OK);
    for (size_t i = 0; i < n; i++) {
        bool is_comment = talk[i].kind == HIB_TALK_COMMENT;
        g_autofree char *line = g_strdup_printf("talk %s %s;", talk[i].remote_id,
                                                talk[i].post_id ? talk[i].post_id : "");
        g_assert_nonnull(strstr(hib_meta_test_heard.seen->str, line));
        n_comments += is_comment;
    }
    g_test_message("%zu read, heard: %s", n, hib_meta_test_heard.seen->str);
    g_assert_cmpuint(n_comments, >, 0);
    g_assert_cmpuint(n - n_comments, ==, j->network->can_message ? 1 : 0);
    g_assert_cmpint(hib_meta_test_heard.n_refused, ==, 1);
    g_string_free(hib_meta_test_heard.seen, TRUE);
}
