/* Whole lives of LINE messages against a small LINE on the loopback that keeps the protocol's promises (retry keys, reply tokens that
 * work once, narrowcasts that take their time): every call of every life meets every fault, and the message goes out exactly once. */
#include "networks/line.h"
#include "networks/line_private.h"
#include "networks/test_wire.h"

#include <string.h>

#define NOW (INT64_C(1795000000) * HIB_SECOND)
#define TOKEN_TIME "@1795000000000" /* the event's time, as the webhook gives it along */

typedef enum {
    FAULT_NONE,
    FAULT_CUT_BEFORE, /* the line breaks and LINE did not act */
    FAULT_CUT_AFTER,  /* LINE acted, its answer is lost */
    FAULT_500_BEFORE,
    FAULT_500_AFTER,
    FAULT_429,
    FAULT_401,
    FAULT_N
} Fault;

/* What the small LINE knows. */
typedef struct {
    GHashTable *accepted; /* retry key → body */
    int n_sent, n_calls;  /* messages that went out; calls in all */
    int fault_at;         /* the call that goes wrong, from 1 */
    Fault fault;
    bool is_token_used;
    int n_polls;
    const char *phase; /* in which a narrowcast ends */
    int error_code;
    bool is_body_changed; /* the same key came with another body */
    char last_path[200], last_body[20000];
} Line;

static void
accept_under_key(Line *line, const TestWireCall *call, TestWireAnswer *answer, int status)
{
    const char *key = g_hash_table_lookup(call->headers, "x-line-retry-key");
    const char *before = key ? g_hash_table_lookup(line->accepted, key) : NULL;
    g_assert_nonnull(key);
    answer->status = status;
    answer->headers = "x-line-request-id: 11111111-2222-3333-4444-555555555555\r\n";
    answer->body = "{}";
    if (!before) {
        g_hash_table_insert(line->accepted, g_strdup(key), g_strdup(call->body));
        line->n_sent++;
        return;
    }
    line->is_body_changed |= strcmp(before, call->body) != 0;
    answer->status = 409;
    answer->headers = "x-line-request-id: 99999999-2222-3333-4444-555555555555\r\n"
                      "x-line-accepted-request-id: 11111111-2222-3333-4444-555555555555\r\n";
    answer->body = "{\"message\":\"The retry key is already accepted\"}";
}

static void
act(Line *line, const TestWireCall *call, TestWireAnswer *answer)
{
    g_strlcpy(line->last_path, call->path, sizeof line->last_path);
    g_strlcpy(line->last_body, call->body, sizeof line->last_body);
    answer->body = "{}";
    if (g_str_has_prefix(call->path, "/oauth2/v3/token")) {
        answer->body = "{\"access_token\":\"fresh\",\"expires_in\":900,\"token_type\":\"Bearer\"}";
    } else if (g_str_equal(call->path, "/v2/bot/info")) {
        answer->body = "{\"userId\":\"U0123456789abcdef0123456789abcdef\",\"basicId\":\"@hibiki\","
                       "\"displayName\":\"喫茶ひびき\",\"pictureUrl\":\"https://p.example/a\"}";
    } else if (g_str_has_prefix(call->path, "/v2/bot/message/validate/")) {
        g_assert_null(g_hash_table_lookup(call->headers, "x-line-retry-key"));
    } else if (g_str_equal(call->path, "/v2/bot/message/reply")) {
        g_assert_null(g_hash_table_lookup(call->headers, "x-line-retry-key"));
        answer->headers = "x-line-request-id: 77777777-2222-3333-4444-555555555555\r\n";
        if (line->is_token_used) {
            answer->status = 400;
            answer->body = "{\"message\":\"Invalid reply token\"}";
        } else {
            line->is_token_used = true;
            line->n_sent++;
        }
    } else if (g_str_has_prefix(call->path, "/v2/bot/message/progress/")) {
        const char *phase = ++line->n_polls < 3 ? "sending" : line->phase;
        g_string_printf(answer->room, "{\"phase\":\"%s\",\"successCount\":41,\"errorCode\":%d}",
                        phase, line->error_code);
        answer->body = NULL;
    } else {
        accept_under_key(line, call, answer,
                         g_str_has_suffix(call->path, "narrowcast") ? 202 : 200);
    }
}

static void
on_call(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    Line *line = data;
    bool is_faulty = ++line->n_calls == line->fault_at;
    Fault fault = is_faulty ? line->fault : FAULT_NONE;
    if (fault == FAULT_NONE || fault == FAULT_CUT_AFTER || fault == FAULT_500_AFTER)
        act(line, call, answer);
    answer->is_cut = fault == FAULT_CUT_AFTER || fault == FAULT_CUT_BEFORE;
    if (fault == FAULT_500_BEFORE || fault == FAULT_500_AFTER) {
        answer->status = 500;
        answer->body = "{\"message\":\"Internal server error\"}";
    } else if (fault == FAULT_429) {
        answer->status = 429;
        answer->body = "{\"message\":\"The API rate limit has been exceeded. Try again later.\"}";
    } else if (fault == FAULT_401) {
        answer->status = 401;
        answer->body =
            "{\"message\":\"Authentication failed due to the following reason: expired\"}";
    }
}

typedef struct {
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    TestWire *wire;
    Line line;
    TestDrive drive;
} World;

static void
world_start(World *w, const HibNetPost *post, int fault_at, Fault fault)
{
    *w = (World){.arena = hib_arena_new(),
                 .http = hib_http_new(),
                 .clock = hib_clock_manual_new(NOW + 2 * HIB_SECOND),
                 .line = {.phase = "succeeded", .fault_at = fault_at, .fault = fault}};
    w->line.accepted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    w->wire = test_wire_new(on_call, &w->line);
    w->drive = (TestDrive){
        .network = &hib_line,
        .net = {.http = w->http, .arena = w->arena, .clock = w->clock, .may_be_private = true},
        .grant = {.service = test_wire_url(w->wire),
                  .access = "stale",
                  .refresh = "00112233445566778899aabbccddeeff",
                  .extra = "{\"channel_id\":\"1650000000\"}"},
        .post = *post,
    };
    w->drive.sending = (HibNetSending){
        .handle = hib_line.new_handle(&w->drive.net), .progress = "{}", .post = &w->drive.post};
}

static void
world_end(World *w)
{
    test_wire_free(w->wire);
    g_hash_table_unref(w->line.accepted);
    hib_http_free(w->http);
    hib_clock_free(w->clock);
    hib_arena_free(w->arena);
}

static const HibNetPost lives[] = {
    {.format = HIB_FORMAT_BROADCAST, .text = "本日 17 時から夏のケーキ。"},
    {.format = HIB_FORMAT_NARROWCAST, .text = "常連さまへ", .recipient = "5614991017776"},
    {.format = HIB_FORMAT_MESSAGE, .text = "ご予約ありがとうございます", .recipient = "U1"},
    {.format = HIB_FORMAT_MESSAGE,
     .text = "はい、あいております",
     .recipient = "U1",
     .reply_token = "nHuyWiB7yP5Zw52FIkcQ" TOKEN_TIME},
};

static void
every_fault_at_every_call_ends_in_one_message(void)
{
    int n_runs = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(lives); i++)
        for (int fault = FAULT_CUT_BEFORE; fault < FAULT_N; fault++)
            for (int at = 1, n = 1; at <= n; at++, n_runs++) {
                World w;
                world_start(&w, &lives[i], at, (Fault)fault);
                g_test_message("life %zu, fault %d at call %d", i, fault, at);
                g_assert_cmpint(test_drive(&w.drive, 40), ==, TEST_PUBLISHED);
                g_assert_cmpint(w.line.n_sent, ==, 1);
                g_assert_false(w.line.is_body_changed);
                n = w.line.n_calls;
                world_end(&w);
            }
    g_assert_cmpint(n_runs, >=, 80);
}

static void
a_message_goes_out_under_its_key_and_names_the_request(void)
{
    static const char *const ids[] = {"broadcast:11111111-2222-3333-4444-555555555555",
                                      "narrowcast:11111111-2222-3333-4444-555555555555",
                                      "push:11111111-2222-3333-4444-555555555555",
                                      "reply:77777777-2222-3333-4444-555555555555"};
    for (size_t i = 0; i < G_N_ELEMENTS(lives); i++) {
        World w;
        world_start(&w, &lives[i], 0, FAULT_NONE);
        g_assert_cmpint(test_drive(&w.drive, 20), ==, TEST_PUBLISHED);
        g_assert_cmpstr(w.drive.sending.published.remote_id, ==, ids[i]);
        g_assert_cmpstr(w.drive.sending.published.url, ==, "");
        world_end(&w);
    }
}

/* Pictures have addresses that are signed anew: what is repeated is what was kept. */
static void
a_repeat_is_the_same_to_the_byte_though_addresses_change(void)
{
    const HibNetMedia first = {
        .kind = HIB_NET_IMAGE, .mime = "image/jpeg", .alt = "", .url = "https://h.example/m/a?e=1"};
    HibNetMedia media = first;
    const HibNetPost post = {
        .format = HIB_FORMAT_BROADCAST, .text = "写真です", .media = &media, .n_media = 1};
    World w;
    world_start(&w, &post, 2, FAULT_CUT_AFTER);
    g_assert_cmpint(test_drive(&w.drive, 2), ==, TEST_UNKNOWN); /* validated, sent, cut */
    media.url = "https://h.example/m/a?e=2";
    bool is_found = false;
    HibNetResult said = hib_line.find(&w.drive.net, &w.drive.grant, &w.drive.sending, &is_found);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_true(is_found);
    g_assert_cmpint(w.line.n_sent, ==, 1);
    g_assert_false(w.line.is_body_changed);
    g_assert_nonnull(strstr(w.line.last_body, "e=1"));
    world_end(&w);
}

static void
after_a_day_nothing_is_sent_again(void)
{
    World w;
    world_start(&w, &lives[0], 2, FAULT_CUT_BEFORE);
    g_assert_cmpint(test_drive(&w.drive, 2), ==, TEST_UNKNOWN);
    hib_clock_manual_set(w.clock, w.drive.sending.sent_at + HIB_DAY - HIB_MINUTE);
    bool is_found = false;
    HibNetResult said = hib_line.find(&w.drive.net, &w.drive.grant, &w.drive.sending, &is_found);
    g_assert_cmpint(said.class, ==, HIB_NET_RECONCILE);
    g_assert_cmpstr(said.code, ==, "RetryKeyExpired");
    g_assert_cmpint(w.line.n_calls, ==, 2);
    world_end(&w);
}

static void
an_old_or_used_reply_token_becomes_a_push(void)
{
    World w;
    world_start(&w, &lives[3], 0, FAULT_NONE);
    hib_clock_manual_set(w.clock, NOW + 46 * HIB_SECOND);
    g_assert_cmpint(test_drive(&w.drive, 20), ==, TEST_PUBLISHED);
    g_assert_cmpstr(w.line.last_path, ==, "/v2/bot/message/push");
    g_assert_false(w.line.is_token_used);
    world_end(&w);

    world_start(&w, &lives[3], 0, FAULT_NONE);
    w.line.is_token_used = true;
    g_assert_cmpint(test_drive(&w.drive, 20), ==, TEST_PUBLISHED);
    g_assert_cmpstr(w.line.last_path, ==, "/v2/bot/message/push");
    g_assert_cmpint(w.line.n_sent, ==, 1);
    world_end(&w);
}

/* The reply was on its way, and the token has died since: it may be there, and LINE cannot say. */
static void
a_reply_that_cannot_be_settled_asks_a_person(void)
{
    World w;
    world_start(&w, &lives[3], 2, FAULT_CUT_AFTER);
    g_assert_cmpint(test_drive(&w.drive, 2), ==, TEST_UNKNOWN);
    hib_clock_manual_set(w.clock, NOW + 2 * HIB_MINUTE);
    bool is_found = false;
    HibNetResult said = hib_line.find(&w.drive.net, &w.drive.grant, &w.drive.sending, &is_found);
    g_assert_cmpint(said.class, ==, HIB_NET_RECONCILE);
    g_assert_cmpstr(said.code, ==, "ReplyUnsettled");
    g_assert_cmpint(w.line.n_calls, ==, 2);
    world_end(&w);
}

static void
a_narrowcast_that_fails_says_why(void)
{
    static const struct {
        int code;
        const char *said;
        HibNetClass class;
    } cases[] = {{1, "NarrowcastInternal", HIB_NET_FATAL},
                 {2, "NotEnoughRecipients", HIB_NET_FIX_CONTENT},
                 {4, "AudienceTooSmall", HIB_NET_FIX_CONTENT},
                 {5, "NotEnoughMessages", HIB_NET_FIX_CONTENT},
                 {17, "NarrowcastFailed", HIB_NET_FATAL}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        for (int fault_at = 0; fault_at <= 2; fault_at += 2) { /* also when the answer was lost */
            World w;
            world_start(&w, &lives[1], fault_at, FAULT_CUT_AFTER);
            w.line.phase = "failed";
            w.line.error_code = cases[i].code;
            if (cases[i].code == 17)
                w.line.error_code = 0;
            g_assert_cmpint(test_drive(&w.drive, 40), ==, TEST_FAILED);
            g_assert_cmpstr(w.drive.last.code, ==, cases[i].said);
            g_assert_cmpint(w.drive.last.class, ==, cases[i].class);
            world_end(&w);
        }
}

static void
media_without_an_address_are_refused_before_anything_is_sent(void)
{
    const HibNetMedia media[] = {
        {.kind = HIB_NET_IMAGE, .mime = "image/png", .alt = ""},
        {.kind = HIB_NET_VIDEO, .mime = "video/mp4", .alt = "", .url = "https://h.example/v"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(media); i++) {
        const HibNetPost post = {
            .format = HIB_FORMAT_BROADCAST, .text = "", .media = &media[i], .n_media = 1};
        World w;
        world_start(&w, &post, 0, FAULT_NONE);
        g_assert_cmpint(test_drive(&w.drive, 5), ==, TEST_FAILED);
        g_assert_cmpstr(w.drive.last.code, ==, "NoAddress");
        g_assert_cmpint(w.line.n_calls, ==, 0);
        world_end(&w);
    }
}

/* A stray format must never reach everybody. */
static void
a_post_of_no_format_of_line_goes_to_nobody(void)
{
    const HibNetPost post = {.format = HIB_FORMAT_POST, .text = "x"};
    World w;
    world_start(&w, &post, 0, FAULT_NONE);
    g_assert_cmpint(test_drive(&w.drive, 5), ==, TEST_FAILED);
    g_assert_cmpint(w.line.n_calls, ==, 0);
    world_end(&w);
}

static void
id_and_secret_become_a_grant_that_renews_itself(void)
{
    World w;
    world_start(&w, &lives[0], 0, FAULT_NONE);
    HibGrant grant = {0};
    HibGrant fresh = {0};
    HibNetResult said = hib_line.connect(&w.drive.net, test_wire_url(w.wire), " 1650000000 ",
                                         "00112233445566778899aabbccddeeff", &grant);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpstr(grant.access, ==, "fresh");
    g_assert_cmpstr(grant.remote_id, ==, "U0123456789abcdef0123456789abcdef");
    g_assert_cmpstr(grant.handle, ==, "@hibiki");
    g_assert_cmpstr(grant.display_name, ==, "喫茶ひびき");
    g_assert_cmpint(grant.access_expires_at, ==, NOW + 902 * HIB_SECOND);
    g_assert_nonnull(strstr(grant.extra, "\"hook_secret\":\"00112233445566778899aabbccddeeff\""));
    said = hib_line.refresh(&w.drive.net, &grant, &fresh);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpstr(fresh.remote_id, ==, grant.remote_id);
    g_assert_nonnull(strstr(w.line.last_body, "client_id=1650000000"));
    world_end(&w);
}

static void
a_long_lived_token_is_taken_and_cannot_be_renewed(void)
{
    World w;
    world_start(&w, &lives[0], 0, FAULT_NONE);
    HibGrant grant = {0};
    HibGrant fresh = {.access = "untouched"};
    HibNetResult said =
        hib_line.connect(&w.drive.net, test_wire_url(w.wire), "1650000000",
                         "00112233445566778899aabbccddeeff W1TeHCgfH2LiwaLongLived/+=", &grant);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpstr(grant.access, ==, "W1TeHCgfH2LiwaLongLived/+=");
    g_assert_cmpstr(grant.refresh, ==, "");
    g_assert_cmpint(grant.access_expires_at, ==, 0);
    said = hib_line.refresh(&w.drive.net, &grant, &fresh);
    g_assert_cmpint(said.class, ==, HIB_NET_REAUTH_HUMAN);
    g_assert_cmpstr(fresh.access, ==, "untouched");
    said = hib_line.connect(&w.drive.net, test_wire_url(w.wire), "1650000000", "  ", &grant);
    g_assert_cmpint(said.class, ==, HIB_NET_REAUTH_HUMAN);
    world_end(&w);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/networks/line/" #name, name)
    TEST(every_fault_at_every_call_ends_in_one_message);
    TEST(a_message_goes_out_under_its_key_and_names_the_request);
    TEST(a_repeat_is_the_same_to_the_byte_though_addresses_change);
    TEST(after_a_day_nothing_is_sent_again);
    TEST(an_old_or_used_reply_token_becomes_a_push);
    TEST(a_reply_that_cannot_be_settled_asks_a_person);
    TEST(a_narrowcast_that_fails_says_why);
    TEST(media_without_an_address_are_refused_before_anything_is_sent);
    TEST(a_post_of_no_format_of_line_goes_to_nobody);
    TEST(id_and_secret_become_a_grant_that_renews_itself);
    TEST(a_long_lived_token_is_taken_and_cannot_be_renewed);
    return g_test_run();
}
