/* A connector as a process: connects at a practice network as a person would, publishes in each of its ways, reads, changes and takes away,
 * so that what it calls can be held against the network's published description. Usage: connector_calls NETWORK SERVICE; prints TAP. */
#include "networks/network.h"
#include "networks/network_optional.h"
#include "practice/face_oauth.h"
#include "test_sending.h"

#include <stdio.h>

#define REDIRECT "http://127.0.0.1:9/connect/callback"
#define VERIFIER "a-verifier-of-more-than-forty-three-characters-for-tests"

typedef struct {
    const HibNetwork *network;
    HibNetContext net;
    HibGrant grant;
    const char *service;
    int n, n_failed;
} Run;

static bool
say(Run *run, const char *what, bool is_good, const HibNetResult *said)
{
    printf("%sok %d /connector/%s/%s\n", is_good ? "" : "not ", ++run->n, run->network->name, what);
    if (!is_good)
        printf("# %s %d %s %s\n", hib_net_class_name(said->class), said->http_status, said->code,
               said->message);
    run->n_failed += !is_good;
    return is_good;
}

static bool
sign_in(Run *run)
{
    HibHttpReply reply;
    HibGrant *grants = NULL;
    size_t n = 0;
    const char *url =
        run->network->authorize_url(&run->net, run->service, REDIRECT, "st4te", VERIFIER);
    const HibHttpRequest request = {
        .method = "GET",
        .url = hib_arena_printf(run->net.arena, "%s&practice_account=hibiki", url)};
    HibNetResult said = {.class = HIB_NET_FATAL, .code = "", .message = "the page sent nowhere"};
    const char *location = NULL;
    if (hib_http_do(run->net.http, run->net.arena, &request, &reply, NULL))
        location = hib_http_header(&reply, "location");
    const char *at = location ? strstr(location, "code=") : NULL;
    if (at) {
        g_autofree char *code = g_strndup(at + 5, strcspn(at + 5, "&#"));
        g_autofree char *plain = g_uri_unescape_string(code, NULL);
        said = run->network->exchange(&run->net, run->service, REDIRECT, plain ? plain : code,
                                      VERIFIER, &grants, &n);
    }
    if (!say(run, "connect", said.class == HIB_NET_OK && n > 0, &said))
        return false;
    run->grant = grants[0];
    return true;
}

/* Step by step; what is processed is waited for. NULL: it did not come out. */
static const char *
publish(Run *run, const char *what, const HibNetPost *post)
{
    HibNetSending sending = {
        .handle = run->network->new_handle(&run->net), .progress = "{}", .post = post};
    HibNetResult said = {.class = HIB_NET_OK};
    for (int i = 0; i < 60 && !sending.is_done; i++) {
        said = run->network->run_step(&run->net, &run->grant, &sending);
        if (said.class == HIB_NET_WAIT_ASYNC)
            g_usleep(G_USEC_PER_SEC);
        else if (said.class != HIB_NET_OK)
            break;
    }
    return say(run, what, sending.is_done, &said) ? sending.published.remote_id : NULL;
}

static HibNetPost
post_of(const Run *run, const char *text, HibNetFormat format)
{
    return (HibNetPost){
        .text = text, .format = format, .title = text, .created_at = hib_clock_now(run->net.clock)};
}

static HibNetMedia *
media(const Run *run, const char *mime, size_t n)
{
    char *bytes = hib_arena_take(run->net.arena, n);
    HibNetMedia *out = hib_arena_array(run->net.arena, HibNetMedia, 1);
    *out = hib_test_medium(run->net.arena, mime, bytes, n);
    out->alt = g_str_has_prefix(mime, "image/") ? "湯気の立つ一杯" : "";
    out->duration_ms = g_str_has_prefix(mime, "video/") ? 15000 : 0;
    out->width = 1080;
    out->height = 1920;
    return out;
}

static void
read_back(Run *run, const char *const *ids, size_t n)
{
    HibNetReading readings[8];
    HibNetReading account;
    HibNetTalk *talk = NULL;
    size_t n_talk = 0;
    const char *cursor = NULL;
    const HibNetwork *network = run->network;
    HibNetResult said = network->read_posts(&run->net, &run->grant, ids, n, readings);
    say(run, "read_posts", said.class == HIB_NET_OK, &said);
    said = network->read_account(&run->net, &run->grant, &account);
    say(run, "read_account", said.class == HIB_NET_OK, &said);
    said = network->read_talk(&run->net, &run->grant, ids, NULL, &talk, &n_talk, &cursor);
    say(run, "read_talk", said.class == HIB_NET_OK, &said);
    if (network->limits()->rival) { /* looked at by name, then by id and for what is new alone */
        const HibNetOptional *more = hib_net_optional(network);
        HibNetRival rival;
        said = more->read_rival(&run->net, &run->grant, "@tonari", 0, &rival);
        say(run, "read_rival", said.class == HIB_NET_OK && rival.n_recent, &said);
        const char *id = rival.remote_id;
        const HibInstant from = hib_clock_now(run->net.clock) - 7 * HIB_DAY;
        said = id ? more->read_rival(&run->net, &run->grant, id, from, &rival) : said;
        say(run, "read_rival by id", said.class == HIB_NET_OK && id, &said);
    }
    if (network->refresh) {
        said = network->refresh(&run->net, &run->grant, &run->grant);
        say(run, "refresh", said.class == HIB_NET_OK, &said);
    }
}

static void
run_x(Run *run)
{
    HibNetPublished other;
    HibNetPost plain =
        post_of(run, "新しい豆が届きました。https://hibiki.example/b", HIB_FORMAT_POST);
    HibNetPost pictured = post_of(run, "写真", HIB_FORMAT_POST);
    HibNetPost filmed = post_of(run, "動画", HIB_FORMAT_POST);
    HibNetPost asked = post_of(run, "どちらがお好き?", HIB_FORMAT_POST);
    HibNetPost message = post_of(run, "ご予約を承りました", HIB_FORMAT_MESSAGE);
    pictured.media = media(run, "image/png", 400);
    filmed.media = media(run, "video/mp4", 5 * 1024 * 1024);
    pictured.n_media = filmed.n_media = 1;
    pictured.disclosure.is_ai_made = filmed.disclosure.is_advertising = true;
    asked.options = "{\"poll\":\"深煎り\\n浅煎り\",\"poll_minutes\":60,\"reply_settings\":"
                    "\"mentionedUsers\"}";
    message.recipient = "1234567890";
    const char *first = publish(run, "text", &plain);
    if (!first)
        return;
    HibNetPost next = post_of(run, "続き", HIB_FORMAT_POST);
    next.reply_to = first;
    const char *const ids[] = {first, publish(run, "thread", &next), publish(run, "video", &filmed),
                               NULL};
    publish(run, "picture", &pictured);
    publish(run, "poll", &asked);
    publish(run, "message", &message);
    for (int i = 0; i < 2; i++) { /* both ways of looking */
        HibNetSending lost = {.handle = "h",
                              .progress = "{}",
                              .post = i ? &message : &plain,
                              .sent_at = plain.created_at};
        bool found = false;
        HibNetResult said = run->network->find(&run->net, &run->grant, &lost, &found);
        say(run, i ? "find_message" : "find_post", said.class == HIB_NET_OK && found, &said);
    }
    read_back(run, ids, 3);
    HibNetPost changed = post_of(run, "新しい豆が届いています。", HIB_FORMAT_POST);
    HibNetResult said = run->network->edit(&run->net, &run->grant, first, &changed, &other);
    if (say(run, "edit", said.class == HIB_NET_OK, &said)) {
        said = run->network->remove(&run->net, &run->grant, other.remote_id);
        say(run, "remove", said.class == HIB_NET_OK, &said);
    }
}

static void
run_youtube(Run *run)
{
    HibNetPublished other;
    HibNetMedia *both = hib_arena_array(run->net.arena, HibNetMedia, 2);
    both[0] = *media(run, "video/mp4", 9 * 1024 * 1024); /* two pieces */
    both[1] = *media(run, "image/jpeg", 400);
    HibNetPost filmed = post_of(run, "ドリップの手順", HIB_FORMAT_VIDEO);
    HibNetPost upright = post_of(run, "縦の動画", HIB_FORMAT_SHORT);
    filmed.media = upright.media = both;
    filmed.n_media = 2;
    upright.n_media = 1;
    filmed.disclosure.is_advertising = upright.disclosure.is_ai_made = true;
    filmed.options = "{\"tags\":\"珈琲,ドリップ\",\"notify\":false}";
    const char *video = publish(run, "video", &filmed);
    const char *brief = publish(run, "short", &upright);
    if (!video || !brief)
        return;
    HibNetPost said = post_of(run, "豆はこちらです", HIB_FORMAT_POST);
    said.reply_to = video;
    const char *comment = publish(run, "comment", &said);
    HibNetPost answer = post_of(run, "ありがとうございます", HIB_FORMAT_POST);
    answer.reply_to = comment;
    const char *answered = comment ? publish(run, "answer", &answer) : NULL;
    const HibNetPost *const lost[] = {&filmed, &said, &answer};
    static const char *const names[] = {"find_video", "find_comment", "find_answer"};
    for (size_t i = 0; i < G_N_ELEMENTS(lost); i++) {
        HibNetSending sending = {
            .handle = "h", .progress = "{}", .post = lost[i], .sent_at = lost[i]->created_at};
        bool found = false;
        HibNetResult looked = run->network->find(&run->net, &run->grant, &sending, &found);
        say(run, names[i], looked.class == HIB_NET_OK && found, &looked);
    }
    const char *const ids[] = {video, brief, answered, NULL};
    read_back(run, ids, 3);
    HibNetPost changed = post_of(run, "ドリップの手順(直しました)", HIB_FORMAT_VIDEO);
    HibNetResult done = run->network->edit(&run->net, &run->grant, video, &changed, &other);
    say(run, "edit", done.class == HIB_NET_OK, &done);
    done = run->network->edit(&run->net, &run->grant, comment, &answer, &other);
    say(run, "edit_comment", done.class == HIB_NET_OK, &done);
    const char *const gone[] = {answered, comment, video};
    for (size_t i = 0; i < G_N_ELEMENTS(gone); i++) {
        done = run->network->remove(&run->net, &run->grant, gone[i]);
        say(run, "remove", done.class == HIB_NET_OK, &done);
    }
}

int
main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(Run *run);
    } lives[] = {{"x", run_x}, {"youtube", run_youtube}};
    void (*live)(Run * run) = NULL;
    for (size_t i = 0; argc == 3 && i < G_N_ELEMENTS(lives); i++)
        if (g_str_equal(lives[i].name, argv[1]))
            live = lives[i].run;
    const HibNetwork *network = live ? hib_network_find(argv[1]) : NULL;
    if (!network) {
        g_printerr("usage: connector_calls NETWORK SERVICE\n");
        return 2;
    }
    g_autoptr(HibArena) arena = hib_arena_new();
    HibNetApp app = {HIB_PRACTICE_CLIENT_ID, HIB_PRACTICE_CLIENT_SECRET};
    Run run = {.network = network,
               .service = argv[2],
               .net = {.http = hib_http_new(),
                       .arena = arena,
                       .clock = hib_clock_real(),
                       .app = &app,
                       .may_be_private = true,
                       .may_lead_private = true}};
    if (sign_in(&run))
        live(&run);
    hib_http_free(run.net.http);
    return run.n_failed > 0;
}
