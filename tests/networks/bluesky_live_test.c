/* The Bluesky connector against the real servers (tests/networks/run.sh starts them): what bluesky_answer.c says each answer means is
 * what PDS and AppView really do. Other people are played through plain XRPC; lost answers through a small proxy that cuts. */
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "networks/bluesky.h"
#include "test_sending.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
    const char *handle, *did, *password, *app_password;
} Person;

static struct {
    HibArena *arena;
    HibHttp *http;
    HibNetContext net;
    const char *pds, *limited, *jwt_secret;
    Person hibiki, fan, hurried;
    HibGrant grant, fan_grant;
} w;

/* --- helpers -------------------------------------------------------------------------------------------- */
static HibJson
xrpc(const char *token, const char *method, const char *body)
{
    HibHttpReply reply = {0};
    HibJson out = {0};
    g_autoptr(GError) error = NULL;
    const char *headers[] = {
        token ? hib_arena_printf(w.arena, "Authorization: Bearer %s", token) : NULL, NULL};
    const HibHttpRequest request = {.method = body ? "POST" : "GET",
                                    .url = hib_arena_printf(w.arena, "%s/xrpc/%s", w.pds, method),
                                    .headers = headers,
                                    .content_type = "application/json",
                                    .body = body,
                                    .n_body = body ? strlen(body) : 0};
    g_assert_true(hib_http_do(w.http, w.arena, &request, &reply, &error));
    if (reply.status != 200)
        g_test_message("%s: %d %s", method, reply.status, reply.body);
    g_assert_cmpint(reply.status, ==, 200);
    g_assert_true(hib_json_parse(w.arena, reply.body, reply.n_body, &out, &error));
    return out;
}

static HibJson
record_of(const char *rkey)
{
    return xrpc(
        NULL,
        hib_arena_printf(w.arena,
                         "com.atproto.repo.getRecord?repo=%s&collection=app.bsky.feed.post&rkey=%s",
                         w.hibiki.did, rkey),
        NULL);
}

static size_t
posts_with(const char *text)
{
    HibJson in = xrpc(
        NULL,
        hib_arena_printf(
            w.arena, "com.atproto.repo.listRecords?repo=%s&collection=app.bsky.feed.post&limit=100",
            w.hibiki.did),
        NULL);
    HibJson records;
    size_t n = 0;
    g_assert_true(hib_json_array(in, "records", &records, NULL));
    for (HibJson r = hib_json_first(records); r.value; r = hib_json_next(records, r)) {
        HibJson value;
        const char *found = NULL;
        g_assert_true(hib_json_object(r, "value", &value, NULL) &&
                      hib_json_text(value, "text", &found, NULL));
        n += !strcmp(found, text);
    }
    return n;
}

static HibNetPost
plain(const char *text)
{
    return (HibNetPost){.text = text, .created_at = hib_clock_now(hib_clock_real())};
}

static const char *
said_text(HibNetResult said)
{
    return hib_arena_printf(w.arena, "%s %d %s: %s", hib_net_class_name(said.class),
                            said.http_status, said.code, said.message);
}

#define assert_class(said, wanted)                                                                 \
    do {                                                                                           \
        HibNetResult s_ = (said);                                                                  \
        if (s_.class != (wanted))                                                                  \
            g_test_message("%s", said_text(s_));                                                   \
        g_assert_cmpstr(hib_net_class_name(s_.class), ==, hib_net_class_name(wanted));             \
    } while (0)

/* --- a proxy that passes bytes on, or cuts --------------------------------------------------------------- */
typedef enum { CUT_BEFORE, CUT_AFTER } Cut;
typedef struct {
    int listener, port, upstream_port;
    Cut cut;
    GThread *thread;
} Proxy;

static void *
cut_one(void *data)
{
    Proxy *proxy = data;
    char bytes[65536];
    int client = accept(proxy->listener, NULL, NULL);
    ssize_t n = recv(client, bytes, sizeof bytes, 0);
    if (proxy->cut == CUT_AFTER && n > 0) {
        struct sockaddr_in to = {.sin_family = AF_INET,
                                 .sin_port = htons((uint16_t)proxy->upstream_port)};
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        int upstream = socket(AF_INET, SOCK_STREAM, 0);
        g_assert_cmpint(connect(upstream, (struct sockaddr *)&to, sizeof to), ==, 0);
        do { /* head and body may come in two pieces */
            g_assert_cmpint(send(upstream, bytes, (size_t)n, 0), ==, n);
            struct timeval wait = {.tv_usec = 200000};
            setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
            n = recv(client, bytes, sizeof bytes, 0);
        } while (n > 0);
        g_assert_cmpint(recv(upstream, bytes, sizeof bytes, 0), >,
                        0); /* the server has acted and answers */
        close(upstream);
    }
    close(client);
    close(proxy->listener);
    return NULL;
}

static const char *
proxy_start(Proxy *proxy, Cut cut)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t size = sizeof at;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *proxy = (Proxy){.listener = socket(AF_INET, SOCK_STREAM, 0),
                     .cut = cut,
                     .upstream_port = atoi(strrchr(w.pds, ':') + 1)};
    g_assert_cmpint(bind(proxy->listener, (struct sockaddr *)&at, sizeof at), ==, 0);
    g_assert_cmpint(listen(proxy->listener, 1), ==, 0);
    getsockname(proxy->listener, (struct sockaddr *)&at, &size);
    proxy->thread = g_thread_new("proxy", cut_one, proxy);
    return hib_arena_printf(w.arena, "http://127.0.0.1:%d", ntohs(at.sin_port));
}

/* --- tests ---------------------------------------------------------------------------------------------- */
static void
a_wrong_password_is_for_a_person(void)
{
    HibGrant grant = {0};
    HibNetResult said = hib_bluesky.connect(&w.net, w.pds, w.hibiki.handle, "wrong-wrong", &grant);
    assert_class(said, HIB_NET_REAUTH_HUMAN);
    g_assert_cmpint(said.http_status, ==, 401);
    g_assert_null(grant.access);
}

static void
an_app_password_connects(void)
{
    assert_class(hib_bluesky.connect(&w.net, w.pds,
                                     hib_arena_printf(w.arena, "@%s", w.hibiki.handle),
                                     w.hibiki.app_password, &w.grant),
                 HIB_NET_OK);
    g_assert_cmpstr(w.grant.remote_id, ==, w.hibiki.did);
    g_assert_cmpstr(w.grant.handle, ==, w.hibiki.handle);
    g_assert_nonnull(strstr(
        w.grant.service, strrchr(w.pds, ':'))); /* the server named in the account's DID document */
    g_assert_cmpint(w.grant.access_expires_at, >, hib_clock_now(hib_clock_real()));
    g_assert_cmpint(w.grant.refresh_expires_at, >, hib_clock_now(hib_clock_real()) + 30 * HIB_DAY);
    assert_class(hib_bluesky.connect(&w.net, w.pds, w.fan.handle, w.fan.app_password, &w.fan_grant),
                 HIB_NET_OK);
}

/* A PNG of one pixel, made different by what follows its end. */
static HibNetMedia
picture(int i)
{
    static const uint8_t png[] = {
        0x89, 'P',  'N',  'G',  13,   10,   26,   10,  0,   0,   0,    13,   'I',  'H',
        'D',  'R',  0,    0,    0,    1,    0,    0,   0,   1,   8,    6,    0,    0,
        0,    0x1f, 0x15, 0xc4, 0x89, 0,    0,    0,   13,  'I', 'D',  'A',  'T',  0x78,
        0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0, 0x1f, 0,   5,   0,   1,    0xff, 0x89, 0x99,
        0x3d, 0x1d, 0,    0,    0,    0,    'I',  'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82};
    uint8_t *data = hib_arena_take(w.arena, sizeof png + 1);
    memcpy(data, png, sizeof png);
    data[sizeof png] = (uint8_t)i;
    HibNetMedia out = hib_test_medium(w.arena, "image/png", data, sizeof png + 1);
    out.alt = hib_arena_printf(w.arena, "写真%d:湯気の立つ一杯", i + 1);
    out.width = 1;
    out.height = 1;
    return out;
}

static const char *published_rkey;
static HibNetPublished published;

static void
four_pictures_with_alt_texts_and_facets_go_out_and_a_repeat_changes_nothing(void)
{
    HibNetMedia images[4];
    const char *refs[4];
    for (int i = 0; i < 4; i++) {
        images[i] = picture(i);
        assert_class(hib_test_upload(&hib_bluesky, &w.net, &w.grant, &images[i], &refs[i]),
                     HIB_NET_OK);
    }
    const char *const langs[] = {"ja", NULL};
    HibNetPost post = plain("秋のブレンドできました。https://hibiki.example/beans @fan.test "
                            "@nobody-here.test #喫茶ひびき");
    post.media = images;
    post.n_media = 4;
    post.langs = langs;
    published_rkey = hib_bluesky.new_handle(&w.net);
    assert_class(hib_test_publish_post(&hib_bluesky, &w.net, &w.grant, published_rkey, &post, refs,
                                       &published),
                 HIB_NET_OK);
    const char *cid = NULL;
    const char *again = NULL;
    HibJson first = record_of(published_rkey);
    g_assert_true(hib_json_text(first, "cid", &cid, NULL));
    HibNetPublished second = {0};
    assert_class(
        hib_test_publish_post(&hib_bluesky, &w.net, &w.grant, published_rkey, &post, refs, &second),
        HIB_NET_OK);
    g_assert_cmpstr(second.remote_id, ==, published.remote_id);
    g_assert_true(hib_json_text(record_of(published_rkey), "cid", &again, NULL));
    g_assert_cmpstr(cid, ==, again);
    g_assert_cmpuint(posts_with(post.text), ==, 1);

    HibJson value;
    g_assert_true(hib_json_object(first, "value", &value, NULL));
    g_autofree char *text = cJSON_PrintUnformatted(value.value);
    const cJSON *facets = cJSON_GetObjectItemCaseSensitive(value.value, "facets");
    g_assert_cmpint(cJSON_GetArraySize(facets), ==, 3); /* the name nobody has stays plain text */
    g_assert_nonnull(strstr(text, w.fan.did));
    g_assert_nonnull(strstr(text, "写真4:湯気の立つ一杯"));
    const cJSON *index = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(facets, 0), "index");
    int start = cJSON_GetObjectItemCaseSensitive(index, "byteStart")->valueint;
    int end = cJSON_GetObjectItemCaseSensitive(index, "byteEnd")->valueint;
    g_autofree char *slice = g_strndup(post.text + start, (gsize)(end - start));
    g_assert_cmpstr(slice, ==, "https://hibiki.example/beans");
}

static void
what_was_sent_is_found_and_what_was_not_is_not(void)
{
    bool found = false;
    HibNetPublished out = {0};
    const HibNetPost post = plain("x");
    assert_class(hib_test_find(&hib_bluesky, &w.net, &w.grant, published_rkey, &post, &found, &out),
                 HIB_NET_OK);
    g_assert_true(found);
    g_assert_cmpstr(out.remote_id, ==, published.remote_id);
    assert_class(hib_test_find(&hib_bluesky, &w.net, &w.grant, hib_bluesky.new_handle(&w.net),
                               &post, &found, &out),
                 HIB_NET_OK);
    g_assert_false(found);
}

static void
react(const char *collection, const char *cid)
{
    char now[HIB_INSTANT_TEXT];
    hib_instant_format(hib_clock_now(hib_clock_real()), now);
    xrpc(w.fan_grant.access, "com.atproto.repo.createRecord",
         hib_arena_printf(w.arena,
                          "{\"repo\":\"%s\",\"collection\":\"%s\",\"record\":{\"$type\":\"%s\","
                          "\"subject\":{\"uri\":\"%s\",\"cid\":\"%s\"},"
                          "\"createdAt\":\"%s\"}}",
                          w.fan.did, collection, collection, published.remote_id, cid, now));
}

static void
answer(const char *cid)
{
    char now[HIB_INSTANT_TEXT];
    hib_instant_format(hib_clock_now(hib_clock_real()), now);
    xrpc(w.fan_grant.access, "com.atproto.repo.createRecord",
         hib_arena_printf(w.arena,
                          "{\"repo\":\"%s\",\"collection\":\"app.bsky.feed.post\",\"record\":{\"$"
                          "type\":\"app.bsky.feed.post\",\"text\":"
                          "\"飲みに行きます\",\"reply\":{\"root\":{\"uri\":\"%s\",\"cid\":\"%s\"},"
                          "\"parent\":{\"uri\":\"%s\",\"cid\":\"%s\"}},"
                          "\"createdAt\":\"%s\"}}",
                          w.fan.did, published.remote_id, cid, published.remote_id, cid, now));
}

static int64_t
metric(const HibNetReading *reading, const char *name)
{
    for (size_t i = 0; i < reading->n_metrics; i++)
        if (!strcmp(reading->metrics[i].metric, name))
            return reading->metrics[i].value;
    return -1;
}

static void
a_like_a_repost_and_a_reply_are_read_back(void)
{
    const char *cid = NULL;
    g_assert_true(hib_json_text(record_of(published_rkey), "cid", &cid, NULL));
    react("app.bsky.feed.like", cid);
    react("app.bsky.feed.repost", cid);
    answer(cid);
    HibNetReading read = {0};
    for (int i = 0; i < 100 && metric(&read, "replies") != 1;
         i++) { /* the index trails by about a second */
        assert_class(hib_bluesky.read_posts(&w.net, &w.grant, &published.remote_id, 1, &read),
                     HIB_NET_OK);
        g_assert_false(read.is_gone);
        g_usleep(100000);
    }
    g_assert_cmpint(metric(&read, "likes"), ==, 1);
    g_assert_cmpint(metric(&read, "reposts"), ==, 1);
    g_assert_cmpint(metric(&read, "replies"), ==, 1);
    g_assert_cmpint(metric(&read, "quotes"), ==, 0);
    HibNetReading account = {0};
    assert_class(hib_bluesky.read_account(&w.net, &w.grant, &account), HIB_NET_OK);
    g_assert_cmpint(metric(&account, "followers"), ==, 0);
}

/* --- threads, answers, talk ------------------------------------------------------------------------------ */
/* Every step until it is done, as the dispatcher walks. */
static HibNetPublished
send_whole(const HibGrant *grant, const HibNetPost *post)
{
    HibNetSending sending = {
        .handle = hib_bluesky.new_handle(&w.net), .progress = "{}", .post = post};
    for (int i = 0; i < 20 && !sending.is_done; i++) {
        HibNetResult said = hib_bluesky.run_step(&w.net, grant, &sending);
        if (said.class == HIB_NET_WAIT_ASYNC)
            g_usleep(200000);
        else
            assert_class(said, HIB_NET_OK);
    }
    g_assert_true(sending.is_done);
    return sending.published;
}

static HibJson
reply_of(const char *remote_id)
{
    HibJson value, reply;
    g_assert_true(hib_json_object(record_of(strrchr(remote_id, '/') + 1), "value", &value, NULL) &&
                  hib_json_object(value, "reply", &reply, NULL));
    return reply;
}

static const char *
names(HibJson reply, const char *which)
{
    HibJson ref;
    const char *uri = NULL;
    g_assert_true(hib_json_object(reply, which, &ref, NULL) &&
                  hib_json_text(ref, "uri", &uri, NULL));
    return uri;
}

static HibNetPublished thread[3];

static void
a_thread_of_three_hangs_together(void)
{
    for (int i = 0; i < 3; i++) {
        HibNetPost post = plain(hib_arena_printf(w.arena, "朝の一杯ができるまで %d/3", i + 1));
        post.reply_to = i ? thread[i - 1].remote_id : NULL;
        post.reply_root = i ? thread[0].remote_id : NULL;
        thread[i] = send_whole(&w.grant, &post);
    }
    for (int i = 1; i < 3; i++) {
        HibJson reply = reply_of(thread[i].remote_id);
        g_assert_cmpstr(names(reply, "root"), ==, thread[0].remote_id);
        g_assert_cmpstr(names(reply, "parent"), ==, thread[i - 1].remote_id);
    }
    HibNetReading read = {0};
    const char *id = thread[0].remote_id;
    for (int i = 0; i < 100 && metric(&read, "replies") != 1; i++) {
        assert_class(hib_bluesky.read_posts(&w.net, &w.grant, &id, 1, &read), HIB_NET_OK);
        g_usleep(100000);
    }
    g_assert_cmpint(metric(&read, "replies"), ==, 1);
    HibNetPost orphan = plain("どこにもない投稿への返信");
    orphan.reply_to =
        hib_arena_printf(w.arena, "at://%s/app.bsky.feed.post/3l2xaaaaaaaaa", w.hibiki.did);
    HibNetSending sending = {
        .handle = hib_bluesky.new_handle(&w.net), .progress = "{}", .post = &orphan};
    assert_class(hib_bluesky.run_step(&w.net, &w.grant, &sending), HIB_NET_FIX_CONTENT);
}

static const HibNetTalk *
talk_with(const HibNetTalk *talk, size_t n, const char *text)
{
    for (size_t i = 0; i < n; i++)
        if (strstr(talk[i].text, text))
            return &talk[i];
    return NULL;
}

static void
what_people_say_is_read_once_indexed_and_answered(void)
{
    HibNetPost question = plain("豆の量は何グラムですか");
    question.reply_to = thread[2].remote_id;
    HibNetPublished asked = send_whole(&w.fan_grant, &question);
    const HibNetPost mention = plain("@hibiki.test さんの店に行きました");
    HibNetPublished mentioned = send_whole(&w.fan_grant, &mention);

    HibNetTalk *talk = NULL;
    size_t n = 0;
    const char *cursor = NULL;
    const HibNetTalk *one = NULL, *other = NULL;
    for (int i = 0; i < 100 && !(one && other); i++) {
        assert_class(hib_bluesky.read_talk(&w.net, &w.grant, NULL, NULL, &talk, &n, &cursor),
                     HIB_NET_OK);
        one = talk_with(talk, n, "何グラム");
        other = talk_with(talk, n, "店に行きました");
        g_usleep(100000);
    }
    g_assert_true(one && other);
    g_assert_cmpint(one->kind, ==, HIB_TALK_COMMENT);
    g_assert_cmpstr(one->remote_id, ==, asked.remote_id);
    g_assert_cmpstr(one->post_id, ==, thread[0].remote_id);
    g_assert_cmpstr(one->parent_id, ==, thread[2].remote_id);
    g_assert_cmpstr(one->author_id, ==, w.fan.did);
    g_assert_cmpstr(one->author_handle, ==, w.fan.handle);
    g_assert_cmpint(other->kind, ==, HIB_TALK_MENTION);
    g_assert_cmpstr(other->remote_id, ==, mentioned.remote_id);
    for (size_t i = 1; i < n; i++)
        g_assert_cmpint(talk[i - 1].at, <=, talk[i].at);

    HibNetPost answered = plain("18グラムです");
    answered.reply_to = asked.remote_id; /* another's post: the index names its content */
    HibNetPublished out = send_whole(&w.grant, &answered);
    g_assert_cmpstr(names(reply_of(out.remote_id), "root"), ==, thread[0].remote_id);
    g_assert_cmpstr(names(reply_of(out.remote_id), "parent"), ==, asked.remote_id);

    const char *again = NULL;
    assert_class(hib_bluesky.read_talk(&w.net, &w.grant, NULL, cursor, &talk, &n, &again),
                 HIB_NET_OK);
    g_assert_cmpstr(again, ==, cursor); /* nothing newer; what was just read may come again */
    for (size_t i = 0; i < n; i++)
        g_assert_cmpint(talk[i].at, >, hib_clock_now(hib_clock_real()) - HIB_HOUR);
}

/* This network has no video service: the file goes to the account's server as it is. */
static void
a_video_goes_out_where_there_is_no_video_service(void)
{
    static const char film[] = "\0\0\0\x18"
                               "ftypmp42\0\0\0\0mp42isom";
    HibNetMedia media = hib_test_medium(w.arena, "video/mp4", film, sizeof film - 1);
    media.alt = "湯を注ぐところ";
    media.width = 1080;
    media.height = 1920;
    HibNetPost post = plain("動画です");
    post.media = &media;
    post.n_media = 1;
    HibNetPublished out = send_whole(&w.grant, &post);
    HibJson value, embed, video;
    const char *type = NULL, *mime = NULL, *alt = NULL;
    g_assert_true(
        hib_json_object(record_of(strrchr(out.remote_id, '/') + 1), "value", &value, NULL) &&
        hib_json_object(value, "embed", &embed, NULL) &&
        hib_json_text(embed, "$type", &type, NULL) && hib_json_text(embed, "alt", &alt, NULL) &&
        hib_json_object(embed, "video", &video, NULL) &&
        hib_json_text(video, "mimeType", &mime, NULL));
    g_assert_cmpstr(type, ==, "app.bsky.embed.video");
    g_assert_cmpstr(mime, ==, "video/mp4");
    g_assert_cmpstr(alt, ==, media.alt);
}

static void
a_deleted_post_reads_as_gone_and_one_not_yet_indexed_does_not(void)
{
    HibNetPublished out[2];
    HibNetReading read[2] = {0};
    for (int i = 0; i < 2; i++) {
        const HibNetPost post = plain(i ? "これは残る" : "これは消える");
        assert_class(hib_test_publish_post(&hib_bluesky, &w.net, &w.grant,
                                           hib_bluesky.new_handle(&w.net), &post, NULL, &out[i]),
                     HIB_NET_OK);
    }
    assert_class(hib_bluesky.remove(&w.net, &w.grant, out[0].remote_id), HIB_NET_OK);
    assert_class(hib_bluesky.remove(&w.net, &w.grant, out[0].remote_id), HIB_NET_OK);
    const char *ids[] = {out[0].remote_id, out[1].remote_id};
    for (int i = 0; i < 100 && !(read[0].is_gone && i);
         i++) { /* the index may still show it for a moment */
        assert_class(hib_bluesky.read_posts(&w.net, &w.grant, ids, 2, read), HIB_NET_OK);
        g_assert_false(read[1].is_gone);
        g_usleep(50000);
    }
    g_assert_true(read[0].is_gone);
}

static void
a_session_is_renewed_and_a_spent_one_is_for_a_person(void)
{
    HibGrant fresh = {0};
    HibNetReading account = {0};
    assert_class(hib_bluesky.refresh(&w.net, &w.grant, &fresh), HIB_NET_OK);
    g_assert_cmpstr(fresh.remote_id, ==, w.grant.remote_id);
    g_assert_cmpstr(fresh.refresh, !=, w.grant.refresh);
    assert_class(hib_bluesky.read_account(&w.net, &fresh, &account), HIB_NET_OK);
    w.grant = fresh;
    HibGrant wrong = fresh;
    HibGrant none = {0};
    wrong.refresh = fresh.access; /* a token of the wrong kind */
    assert_class(hib_bluesky.refresh(&w.net, &wrong, &none), HIB_NET_REAUTH_HUMAN);
    wrong.refresh = "nonsense";
    assert_class(hib_bluesky.refresh(&w.net, &wrong, &none), HIB_NET_REAUTH_HUMAN);
    g_assert_null(none.access);
}

static char *
base64url(const void *data, size_t n)
{
    char *out = g_base64_encode(data, n);
    g_strdelimit(g_strdelimit(out, "+", '-'), "/", '_');
    char *pad = strchr(out, '=');
    if (pad)
        *pad = '\0';
    return out;
}

/* The access token as the server made it, but over since an hour. */
static const char *
expired(const char *token)
{
    g_auto(GStrv) parts = g_strsplit(token, ".", 3);
    g_autoptr(GString) body64 = g_string_new(parts[1]);
    gsize n = 0;
    g_strdelimit(g_strdelimit(body64->str, "-", '+'), "_", '/');
    while (body64->len % 4)
        g_string_append_c(body64, '=');
    g_autofree guchar *plain_body = g_base64_decode(body64->str, &n);
    cJSON *claims = cJSON_ParseWithLength((const char *)plain_body, n);
    int64_t now_s = hib_clock_now(hib_clock_real()) / HIB_SECOND;
    cJSON_SetNumberValue(cJSON_GetObjectItemCaseSensitive(claims, "iat"), (double)(now_s - 10800));
    cJSON_SetNumberValue(cJSON_GetObjectItemCaseSensitive(claims, "exp"), (double)(now_s - 3600));
    g_autofree char *text = cJSON_PrintUnformatted(claims);
    cJSON_Delete(claims);
    g_autofree char *changed = base64url(text, strlen(text));
    g_autofree char *both = g_strconcat(parts[0], ".", changed, NULL);
    uint8_t sum[32];
    gsize n_sum = sizeof sum;
    g_autoptr(GHmac) hmac =
        g_hmac_new(G_CHECKSUM_SHA256, (const guchar *)w.jwt_secret, strlen(w.jwt_secret));
    g_hmac_update(hmac, (const guchar *)both, -1);
    g_hmac_get_digest(hmac, sum, &n_sum);
    g_autofree char *mac = base64url(sum, n_sum);
    return hib_arena_printf(w.arena, "%s.%s", both, mac);
}

static void
an_expired_or_damaged_token_asks_for_a_refresh_and_sends_nothing(void)
{
    HibGrant stale = w.grant;
    HibNetPublished out = {0};
    HibNetReading account = {0};
    const HibNetPost post = plain("期限切れ");
    stale.access = expired(w.grant.access);
    HibNetResult said = hib_test_publish_post(&hib_bluesky, &w.net, &stale,
                                              hib_bluesky.new_handle(&w.net), &post, NULL, &out);
    assert_class(said, HIB_NET_REFRESH_AUTH);
    g_assert_cmpint(said.http_status, ==, 400);
    g_assert_cmpstr(said.code, ==, "ExpiredToken");
    assert_class(hib_bluesky.read_account(&w.net, &stale, &account), HIB_NET_REFRESH_AUTH);
    stale.access = "nonsense";
    assert_class(hib_test_publish_post(&hib_bluesky, &w.net, &stale, hib_bluesky.new_handle(&w.net),
                                       &post, NULL, &out),
                 HIB_NET_REFRESH_AUTH);
    g_assert_cmpuint(posts_with(post.text), ==, 0);
}

static void
too_long_and_too_big_are_for_a_person_to_change(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    HibNetPublished out = {0};
    for (int i = 0; i < 301; i++)
        g_string_append(text, "響");
    HibNetPost post = plain(text->str);
    g_assert_true(hib_net_count(&hib_bluesky, HIB_FORMAT_POST, text->str).is_over);
    HibNetResult said = hib_test_publish_post(&hib_bluesky, &w.net, &w.grant,
                                              hib_bluesky.new_handle(&w.net), &post, NULL, &out);
    assert_class(said, HIB_NET_FIX_CONTENT);
    g_assert_nonnull(strstr(said.message, "grapheme"));
    g_string_truncate(text, 900);
    post.text = text->str;
    g_assert_false(hib_net_count(&hib_bluesky, HIB_FORMAT_POST, text->str).is_over);
    assert_class(hib_test_publish_post(&hib_bluesky, &w.net, &w.grant,
                                       hib_bluesky.new_handle(&w.net), &post, NULL, &out),
                 HIB_NET_OK);

    HibNetMedia big = picture(9);
    const char *ref = NULL;
    uint8_t *data = hib_arena_take(w.arena, 6000000);
    (void)big.read(big.source, 0, data, (size_t)big.bytes);
    big = hib_test_medium(w.arena, "image/png", data, 1200000);
    assert_class(hib_test_upload(&hib_bluesky, &w.net, &w.grant, &big, &ref),
                 HIB_NET_OK); /* this server notices when it is used */
    post = (HibNetPost){
        .text = "大きすぎる写真", .media = &big, .n_media = 1, .created_at = post.created_at};
    said = hib_test_publish_post(&hib_bluesky, &w.net, &w.grant, hib_bluesky.new_handle(&w.net),
                                 &post, &ref, &out);
    assert_class(said, HIB_NET_FIX_CONTENT);
    g_test_message("%s", said_text(said));
    big = hib_test_medium(w.arena, "image/png", data, 6000000);
    said = hib_test_upload(&hib_bluesky, &w.net, &w.grant, &big, &ref);
    assert_class(said, HIB_NET_FIX_CONTENT);
    g_assert_cmpint(said.http_status, ==, 413);
    ref = "{\"$type\":\"blob\",\"ref\":{\"$link\":"
          "\"bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku\"},\"mimeType\":\"image/"
          "png\",\"size\":10}";
    said = hib_test_publish_post(&hib_bluesky, &w.net, &w.grant, hib_bluesky.new_handle(&w.net),
                                 &post, &ref, &out);
    g_test_message("%s", said_text(said));
    assert_class(said, HIB_NET_NEW_HANDLE); /* an upload the server no longer has */
}

static void
a_lost_answer_is_read_back_and_repeated_without_a_second_post(void)
{
    for (Cut cut = CUT_BEFORE; cut <= CUT_AFTER; cut++) {
        Proxy proxy;
        HibGrant through = w.grant;
        HibNetPublished out = {0};
        bool found = false;
        const HibNetPost post = plain(cut == CUT_AFTER ? "返事が途切れた" : "届く前に途切れた");
        const char *rkey = hib_bluesky.new_handle(&w.net);
        through.service = proxy_start(&proxy, cut);
        assert_class(hib_test_publish_post(&hib_bluesky, &w.net, &through, rkey, &post, NULL, &out),
                     HIB_NET_RECONCILE);
        g_thread_join(proxy.thread);
        assert_class(hib_test_find(&hib_bluesky, &w.net, &w.grant, rkey, &post, &found, &out),
                     HIB_NET_OK);
        g_assert_cmpint(found, ==, cut == CUT_AFTER);
        assert_class(hib_test_publish_post(&hib_bluesky, &w.net, &w.grant, rkey, &post, NULL, &out),
                     HIB_NET_OK);
        g_assert_cmpuint(posts_with(post.text), ==, 1);
    }
}

static void
a_server_that_is_down_was_never_reached(void)
{
    HibGrant down = w.grant;
    HibNetPublished out = {0};
    const HibNetPost post = plain("届かない");
    down.service = "http://127.0.0.1:1";
    HibNetResult said = hib_test_publish_post(&hib_bluesky, &w.net, &down,
                                              hib_bluesky.new_handle(&w.net), &post, NULL, &out);
    assert_class(said, HIB_NET_RETRY_SAME);
    g_assert_cmpint(said.http_status, ==, 0);
}

static void
a_rate_limit_says_when_and_a_missing_index_is_waited_for(void)
{
    HibGrant grant = {0};
    HibNetReading account = {0};
    assert_class(
        hib_bluesky.connect(&w.net, w.limited, w.hurried.handle, w.hurried.app_password, &grant),
        HIB_NET_OK);
    assert_class(hib_bluesky.read_account(&w.net, &grant, &account),
                 HIB_NET_RETRY_SAME); /* its index does not answer: 502 */
    HibNetResult said = {0};
    for (int i = 0; i < 40 && said.class != HIB_NET_RETRY_AFTER; i++)
        said = hib_bluesky.connect(&w.net, w.limited, w.hurried.handle, "wrong-wrong", &grant);
    assert_class(said, HIB_NET_RETRY_AFTER);
    g_assert_cmpint(said.http_status, ==, 429);
    g_assert_cmpint(said.remaining, ==, 0);
    HibInstant now = hib_clock_now(hib_clock_real());
    g_assert_cmpint(said.retry_at, >, now);
    g_assert_cmpint(said.retry_at, <=, now + 86400 * HIB_SECOND);
    g_test_message("%s, retry in %" G_GINT64_FORMAT " s", said_text(said),
                   (said.retry_at - now) / HIB_SECOND);
}

/* --- the stack ------------------------------------------------------------------------------------------ */
static Person
read_person(HibJson accounts, const char *name)
{
    HibJson in;
    Person out = {0};
    g_assert_true(hib_json_object(accounts, name, &in, NULL) &&
                  hib_json_text(in, "handle", &out.handle, NULL) &&
                  hib_json_text(in, "did", &out.did, NULL) &&
                  hib_json_text(in, "password", &out.password, NULL) &&
                  hib_json_text(in, "appPassword", &out.app_password, NULL));
    return out;
}

static void
read_stack(const char *path)
{
    g_autofree char *text = NULL;
    gsize n = 0;
    HibJson in;
    HibJson accounts;
    g_assert_true(g_file_get_contents(path, &text, &n, NULL));
    g_assert_true(hib_json_parse(w.arena, text, n, &in, NULL) &&
                  hib_json_text(in, "pds", &w.pds, NULL) &&
                  hib_json_text(in, "limited", &w.limited, NULL) &&
                  hib_json_text(in, "jwtSecret", &w.jwt_secret, NULL) &&
                  hib_json_object(in, "accounts", &accounts, NULL));
    w.hibiki = read_person(accounts, "hibiki");
    w.fan = read_person(accounts, "fan");
    w.hurried = read_person(accounts, "hurried");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (argc < 2) {
        g_printerr("usage: bluesky_live_test STACK.json (tests/networks/run.sh makes it)\n");
        return 2;
    }
    w.arena = hib_arena_new();
    w.http = hib_http_new();
    w.net = (HibNetContext){
        .http = w.http, .arena = w.arena, .clock = hib_clock_real(), .may_be_private = true};
    read_stack(argv[1]);
    const struct {
        const char *name;
        GTestFunc run;
    } tests[] = {
        {"a_wrong_password_is_for_a_person", a_wrong_password_is_for_a_person},
        {"an_app_password_connects", an_app_password_connects},
        {"four_pictures_with_alt_texts_and_facets_go_out_and_a_repeat_changes_nothing",
         four_pictures_with_alt_texts_and_facets_go_out_and_a_repeat_changes_nothing},
        {"what_was_sent_is_found_and_what_was_not_is_not",
         what_was_sent_is_found_and_what_was_not_is_not},
        {"a_like_a_repost_and_a_reply_are_read_back", a_like_a_repost_and_a_reply_are_read_back},
        {"a_thread_of_three_hangs_together", a_thread_of_three_hangs_together},
        {"what_people_say_is_read_once_indexed_and_answered",
         what_people_say_is_read_once_indexed_and_answered},
        {"a_video_goes_out_where_there_is_no_video_service",
         a_video_goes_out_where_there_is_no_video_service},
        {"a_deleted_post_reads_as_gone_and_one_not_yet_indexed_does_not",
         a_deleted_post_reads_as_gone_and_one_not_yet_indexed_does_not},
        {"a_session_is_renewed_and_a_spent_one_is_for_a_person",
         a_session_is_renewed_and_a_spent_one_is_for_a_person},
        {"an_expired_or_damaged_token_asks_for_a_refresh_and_sends_nothing",
         an_expired_or_damaged_token_asks_for_a_refresh_and_sends_nothing},
        {"too_long_and_too_big_are_for_a_person_to_change",
         too_long_and_too_big_are_for_a_person_to_change},
        {"a_lost_answer_is_read_back_and_repeated_without_a_second_post",
         a_lost_answer_is_read_back_and_repeated_without_a_second_post},
        {"a_server_that_is_down_was_never_reached", a_server_that_is_down_was_never_reached},
        {"a_rate_limit_says_when_and_a_missing_index_is_waited_for",
         a_rate_limit_says_when_and_a_missing_index_is_waited_for},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_func(hib_arena_printf(w.arena, "/bluesky/%s", tests[i].name), tests[i].run);
    int status = g_test_run();
    hib_http_free(w.http);
    hib_arena_free(w.arena);
    return status;
}
