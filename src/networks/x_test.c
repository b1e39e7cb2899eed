/* Whole lives of posts on X against a small X on the loopback that keeps the service's ways: uploads in segments that must be finished
 * once, videos that take their time, a text it refuses the second time, words it writes down differently. Every call of every life meets
 * every fault, and the post goes out exactly once. */
#include "networks/test_wire.h"
#include "networks/x_private.h"

#include <string.h>

#define START (INT64_C(1795000000) * HIB_SECOND)

typedef enum {
    FAULT_NONE,
    FAULT_CUT_BEFORE, /* the line breaks and X did not act */
    FAULT_CUT_AFTER,  /* X acted, its answer is lost */
    FAULT_500_BEFORE,
    FAULT_503_AFTER,
    FAULT_429,
    FAULT_401,
    FAULT_N
} Fault;

typedef struct {
    int64_t n_bytes;
    int n_segments, n_polls;
    bool is_finished, is_video, has_alt;
} Upload;

typedef struct {
    HibClock *clock;
    Upload uploads[16];
    int n_uploads;
    GPtrArray *posts; /* JSON of each, newest last */
    GPtrArray *texts; /* as they came */
    int n_messages, n_calls, n_tokens;
    int fault_at; /* the call that goes wrong, from 1 */
    Fault fault;
    const char *refresh; /* the one that is good */
    bool does_fail_video;
    char last_body[20000];
} X;

static const char *
text_in(const cJSON *json, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, key));
}

static void
refuse(TestWireAnswer *answer, int status, const char *detail)
{
    answer->status = status;
    g_string_printf(answer->room,
                    "{\"title\":\"Refused\",\"detail\":\"%s\",\"type\":\"about:blank\","
                    "\"status\":%d}",
                    detail, status);
}

static gint64
new_id(X *x)
{
    return (hib_clock_now(x->clock) / 1000 - INT64_C(1288834974657)) << 22 | (x->posts->len + 1);
}

/* As X writes a text down. */
static void
publish(X *x, const cJSON *body, TestWireAnswer *answer)
{
    const char *text = text_in(body, "text");
    const cJSON *ids = cJSON_GetObjectItemCaseSensitive(
        cJSON_GetObjectItemCaseSensitive(body, "media"), "media_ids");
    const cJSON *id;
    char at[HIB_INSTANT_TEXT];
    for (guint i = 0; i < x->texts->len; i++)
        if (g_str_equal(x->texts->pdata[i], text ? text : "")) {
            refuse(answer, 403, "You are not allowed to create a Tweet with duplicate content.");
            return;
        }
    cJSON_ArrayForEach(id, ids)
    {
        int i = (int)g_ascii_strtoll(id->valuestring, NULL, 10) - 1000;
        if (i < 0 || i >= x->n_uploads || !x->uploads[i].is_finished) {
            refuse(answer, 400, "Your media IDs are invalid.");
            return;
        }
    }
    g_autoptr(GString) kept = g_string_new(text ? text : "");
    g_string_replace(kept, "&", "&amp;", 0);
    g_string_replace(kept, "https://shop.example/a?b=1", "https://t.co/Link", 0);
    if (cJSON_GetArraySize(ids))
        g_string_append(kept, " https://t.co/Pic");
    if (cJSON_GetObjectItemCaseSensitive(body, "reply"))
        g_string_prepend(kept, "@somebody @other_1 ");
    cJSON *post = cJSON_CreateObject();
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, new_id(x));
    cJSON_AddStringToObject(post, "id", number);
    cJSON_AddStringToObject(post, "text", kept->str);
    cJSON_AddStringToObject(post, "created_at", hib_instant_format(hib_clock_now(x->clock), at));
    cJSON_AddItemToObject(
        cJSON_AddObjectToObject(post, "entities"), "urls",
        cJSON_Parse("[{\"url\":\"https://t.co/"
                    "Link\",\"expanded_url\":\"https://shop.example/a?b=1\"},{\"url\":\"https://"
                    "t.co/Pic\",\"expanded_url\":\"https://x.com/hibiki/status/1/photo/1\"}]"));
    if (ids)
        cJSON_AddItemToObject(cJSON_AddObjectToObject(post, "attachments"), "media_keys",
                              cJSON_Duplicate(ids, true));
    g_ptr_array_add(x->texts, g_strdup(text ? text : ""));
    g_ptr_array_add(x->posts, cJSON_PrintUnformatted(post));
    cJSON_Delete(post);
    answer->status = 201;
    g_string_printf(answer->room, "{\"data\":{\"id\":\"%s\",\"text\":\"\"}}", number);
}

static void
list(const X *x, TestWireAnswer *answer)
{
    g_string_assign(answer->room, "{\"data\":[");
    for (guint i = x->posts->len; i > 0; i--)
        g_string_append_printf(answer->room, "%s%s", i < x->posts->len ? "," : "",
                               (const char *)x->posts->pdata[i - 1]);
    g_string_append(answer->room, "]}");
}

static void
state(X *x, Upload *upload, TestWireAnswer *answer)
{
    const char *word = !upload->is_video       ? NULL
                       : upload->n_polls++ < 2 ? "in_progress"
                       : x->does_fail_video    ? "failed"
                                               : "succeeded";
    if (!word)
        g_string_assign(answer->room, "{\"data\":{\"id\":\"1\",\"expires_after_secs\":86400}}");
    else
        g_string_printf(answer->room,
                        "{\"data\":{\"id\":\"1\",\"expires_after_secs\":86400,"
                        "\"processing_info\":{\"state\":\"%s\",\"check_after_secs\":3}}}",
                        word);
}

static void
upload(X *x, const TestWireCall *call, const cJSON *body, TestWireAnswer *answer)
{
    if (g_str_equal(call->path, "/2/media/upload/initialize")) {
        const char *category = text_in(body, "media_category");
        x->uploads[x->n_uploads] = (Upload){.is_video = strstr(category, "video") != NULL};
        g_string_printf(answer->room, "{\"data\":{\"id\":\"%d\",\"expires_after_secs\":86400}}",
                        1000 + x->n_uploads++);
        return;
    }
    const char *number = g_str_has_prefix(call->path, "/2/media/upload?")
                             ? strstr(call->path, "media_id=") + strlen("media_id=")
                             : call->path + strlen("/2/media/upload/");
    int i = (int)g_ascii_strtoll(number, NULL, 10) - 1000;
    if (i < 0 || i >= x->n_uploads) {
        refuse(answer, 404, "no such upload");
        return;
    }
    Upload *one = &x->uploads[i];
    if (g_str_has_suffix(call->path, "/append")) {
        const char *index = strstr(call->body, "name=\"segment_index\"\r\n\r\n");
        int segment =
            (int)g_ascii_strtoll(index + strlen("name=\"segment_index\"\r\n\r\n"), NULL, 10);
        g_assert_cmpint(segment, <=, one->n_segments);
        if (segment == one->n_segments) /* again under the same number: replaces itself */
            one->n_segments++;
        g_string_assign(answer->room, "{\"data\":{\"expires_at\":1795086400}}");
    } else if (g_str_has_suffix(call->path, "/finalize")) {
        if (one->is_finished) {
            refuse(answer, 400, "already finished");
            return;
        }
        one->is_finished = true;
        state(x, one, answer);
    } else {
        state(x, one, answer);
    }
}

static void
token(X *x, const TestWireCall *call, TestWireAnswer *answer)
{
    g_autofree char *wanted = g_strdup_printf("refresh_token=%s", x->refresh);
    const char *basic = g_hash_table_lookup(call->headers, "authorization");
    g_assert_cmpstr(basic, ==, "Basic YXBwOnNlY3JldA==");
    if (!strstr(call->body, wanted) && !strstr(call->body, "grant_type=authorization_code")) {
        answer->status = 400;
        g_string_assign(answer->room,
                        "{\"error\":\"invalid_request\",\"error_description\":\"Value passed for "
                        "the token was invalid.\"}");
        return;
    }
    x->refresh = ++x->n_tokens % 2 ? "second" : "third"; /* each is good once */
    g_string_printf(answer->room,
                    "{\"token_type\":\"bearer\",\"expires_in\":7200,\"access_token\":\"a%d\","
                    "\"scope\":\"\",\"refresh_token\":\"%s\"}",
                    x->n_tokens, x->refresh);
}

static void
act(X *x, const TestWireCall *call, TestWireAnswer *answer)
{
    g_autoptr(cJSON) body = cJSON_Parse(call->body);
    g_strlcpy(x->last_body, call->body, sizeof x->last_body);
    if (g_str_equal(call->path, "/2/oauth2/token"))
        token(x, call, answer);
    else if (g_str_has_prefix(call->path, "/2/users/me"))
        answer->body = "{\"data\":{\"id\":\"42\",\"name\":\"喫茶ひびき\",\"username\":\"hibiki\","
                       "\"subscription_type\":\"Premium\","
                       "\"profile_image_url\":\"https://p.example/a.jpg\"}}";
    else if (g_str_has_prefix(call->path, "/2/media/upload"))
        upload(x, call, body, answer);
    else if (g_str_equal(call->path, "/2/media/metadata")) {
        x->uploads[(int)g_ascii_strtoll(text_in(body, "id"), NULL, 10) - 1000].has_alt = true;
        answer->body = "{\"data\":{\"id\":\"1\"}}";
    } else if (g_str_equal(call->path, "/2/tweets"))
        publish(x, body, answer);
    else if (g_str_has_prefix(call->path, "/2/users/42/tweets"))
        list(x, answer);
    else if (g_str_has_prefix(call->path, "/2/dm_conversations/with/77/messages")) {
        x->n_messages++;
        answer->status = 201;
        answer->body = "{\"data\":{\"dm_conversation_id\":\"42-77\",\"dm_event_id\":\"900\"}}";
    } else if (g_str_has_prefix(call->path, "/2/dm_conversations/with/77/dm_events"))
        answer->body = x->n_messages
                           ? "{\"data\":[{\"id\":\"900\",\"event_type\":\"MessageCreate\","
                             "\"text\":\"ありがとう &amp; またね\",\"sender_id\":\"42\","
                             "\"created_at\":\"2026-11-18T13:06:41Z\"}]}"
                           : "{\"meta\":{\"result_count\":0}}";
    else
        refuse(answer, 404, call->path);
}

static void
on_call(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    X *x = data;
    bool is_faulty = ++x->n_calls == x->fault_at;
    Fault fault = is_faulty ? x->fault : FAULT_NONE;
    bool acts = fault == FAULT_NONE || fault == FAULT_CUT_AFTER || fault == FAULT_503_AFTER;
    if (acts)
        act(x, call, answer);
    answer->is_cut = fault == FAULT_CUT_BEFORE || fault == FAULT_CUT_AFTER;
    if (fault == FAULT_500_BEFORE || fault == FAULT_503_AFTER) {
        answer->status = fault == FAULT_500_BEFORE ? 500 : 503;
        answer->body = "<html>";
    } else if (fault == FAULT_429) {
        answer->status = 429;
        answer->headers = "x-rate-limit-remaining: 0\r\nx-rate-limit-reset: 1795000900\r\n";
        answer->body = "{\"title\":\"Too Many Requests\"}";
    } else if (fault == FAULT_401) {
        answer->status = 401;
        answer->body = "{\"title\":\"Unauthorized\"}";
    }
}

/* --- driving --------------------------------------------------------------------------------------------------------- */
static int64_t
read_zeros(void *source, int64_t offset, void *into, size_t n)
{
    memset(into, 0, n);
    return (int64_t)n;
}

typedef struct {
    X x;
    TestWire *wire;
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    HibNetApp app;
    TestDrive drive;
} World;

static void
set_up(World *w, HibNetPost post)
{
    *w = (World){.arena = hib_arena_new(),
                 .http = hib_http_new(),
                 .clock = hib_clock_manual_new(START),
                 .app = {.client_id = "app", .client_secret = "secret"}};
    w->x = (X){.clock = w->clock,
               .refresh = "first",
               .posts = g_ptr_array_new_with_free_func(free),
               .texts = g_ptr_array_new_with_free_func(g_free)};
    w->wire = test_wire_new(on_call, &w->x);
    w->drive = (TestDrive){.network = &hib_x,
                           .net = {.http = w->http,
                                   .arena = w->arena,
                                   .clock = w->clock,
                                   .app = &w->app,
                                   .may_be_private = true},
                           .grant = {.service = test_wire_url(w->wire),
                                     .remote_id = "42",
                                     .handle = "hibiki",
                                     .access = "a0",
                                     .refresh = "first",
                                     .extra = ""},
                           .post = post};
    w->drive.post.created_at = START;
    w->drive.sending = (HibNetSending){.handle = "h", .progress = "{}", .post = &w->drive.post};
}

static void
tear_down(World *w)
{
    test_wire_free(w->wire);
    hib_clock_free(w->clock);
    hib_http_free(w->http);
    hib_arena_free(w->arena);
    g_ptr_array_unref(w->x.posts);
    g_ptr_array_unref(w->x.texts);
}

static const HibNetMedia one_picture[] = {{.kind = HIB_NET_IMAGE,
                                           .mime = "image/jpeg",
                                           .alt = "店の写真",
                                           .bytes = 5000,
                                           .read = read_zeros}};
static const HibNetMedia one_video[] = {
    {.kind = HIB_NET_VIDEO, .mime = "video/mp4", .alt = "", .bytes = 9000000, .read = read_zeros}};
#define WORDS "新商品 & セット https://shop.example/a?b=1 見てね"
static const HibNetPost with_picture = {.text = WORDS, .media = one_picture, .n_media = 1};
static const HibNetPost with_video = {.text = WORDS, .media = one_video, .n_media = 1};
static const HibNetPost only_words = {.text = WORDS};
static const HibNetPost answer_post = {.text = "続きです", .reply_to = "1800000000000000000"};
static const HibNetPost message = {
    .format = HIB_FORMAT_MESSAGE, .text = "ありがとう & またね", .recipient = "77"};

static void
every_fault_at_every_call_leaves_exactly_one_post(void)
{
    static const struct {
        const char *name;
        const HibNetPost *post;
        int n_calls; /* of a life without a fault */
    } lives[] = {{"words", &only_words, 1},
                 {"answer", &answer_post, 1},
                 {"picture", &with_picture, 5},
                 {"video", &with_video, 8},
                 {"message", &message, 1}};
    for (size_t l = 0; l < G_N_ELEMENTS(lives); l++)
        for (int fault = 0; fault < FAULT_N; fault++)
            for (int at = 1; at <= lives[l].n_calls; at++) {
                World w;
                set_up(&w, *lives[l].post);
                w.x.fault = (Fault)fault;
                w.x.fault_at = at;
                TestOutcome outcome = test_drive(&w.drive, 60);
                int n_out = (int)w.x.posts->len + w.x.n_messages;
                if (outcome != TEST_PUBLISHED || n_out != 1)
                    g_test_message("%s, fault %d at call %d: outcome %d, %d out, %s %s",
                                   lives[l].name, fault, at, outcome, n_out,
                                   hib_net_class_name(w.drive.last.class), w.drive.last.message);
                g_assert_cmpint(outcome, ==, TEST_PUBLISHED);
                g_assert_cmpint(n_out, ==, 1);
                if (fault == FAULT_NONE)
                    g_assert_cmpint(w.x.n_calls, ==, lives[l].n_calls);
                g_assert_true(g_str_has_prefix(
                    w.drive.sending.published.url,
                    lives[l].post == &message ? "" : "https://x.com/hibiki/status/"));
                if (lives[l].post == &with_picture)
                    g_assert_true(w.x.uploads[w.x.n_uploads - 1].has_alt);
                tear_down(&w);
            }
}

static void
a_text_the_account_already_has_is_the_persons_to_change(void)
{
    World w;
    set_up(&w, only_words);
    g_assert_cmpint(test_drive(&w.drive, 10), ==, TEST_PUBLISHED);
    hib_clock_manual_set(w.clock, START + HIB_DAY);
    w.drive.sending = (HibNetSending){.handle = "h2", .progress = "{}", .post = &w.drive.post};
    w.drive.n_calls = 0;
    g_assert_cmpint(test_drive(&w.drive, 10), ==, TEST_FAILED);
    g_assert_cmpint(w.drive.last.class, ==, HIB_NET_FIX_CONTENT);
    g_assert_cmpstr(w.drive.last.code, ==, "DuplicateContent");
    g_assert_cmpuint(w.x.posts->len, ==, 1);
    tear_down(&w);
}

static void
a_near_identical_post_of_another_delivery_is_never_taken_for_this_one(void)
{
    World w;
    bool is_found = true;
    set_up(&w, only_words);
    g_assert_cmpint(test_drive(&w.drive, 10), ==, TEST_PUBLISHED);
    const char *const taken[] = {w.drive.sending.published.remote_id, NULL};
    w.drive.sending.taken = taken;
    w.drive.sending.sent_at = START + HIB_SECOND;
    HibNetResult said = hib_x.find(&w.drive.net, &w.drive.grant, &w.drive.sending, &is_found);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_false(is_found);
    tear_down(&w);
}

static void
a_video_x_cannot_convert_is_the_persons_to_change_and_goes_up_anew(void)
{
    World w;
    set_up(&w, with_video);
    w.x.does_fail_video = true;
    g_assert_cmpint(test_drive(&w.drive, 30), ==, TEST_FAILED);
    g_assert_cmpint(w.drive.last.class, ==, HIB_NET_FIX_CONTENT);
    g_assert_cmpstr(w.drive.last.code, ==, "InvalidMedia");
    g_assert_cmpuint(w.x.posts->len, ==, 0);
    w.x.does_fail_video = false;
    w.drive.n_calls = 0;
    g_assert_cmpint(test_drive(&w.drive, 30), ==, TEST_PUBLISHED);
    g_assert_cmpint(w.x.n_uploads, ==, 2);
    tear_down(&w);
}

static void
an_upload_x_has_forgotten_is_made_again_and_one_it_refuses_is_not(void)
{
    World w;
    set_up(&w, with_picture);
    while (hib_x.next_step(&w.drive.sending).kind == HIB_NET_STEP_PREPARE)
        g_assert_cmpint(hib_x.run_step(&w.drive.net, &w.drive.grant, &w.drive.sending).class, ==,
                        HIB_NET_OK);
    w.x.uploads[0].is_finished = false; /* X does not know it any more */
    HibNetSending kept = w.drive.sending;
    g_assert_cmpint(hib_x.run_step(&w.drive.net, &w.drive.grant, &w.drive.sending).class, ==,
                    HIB_NET_FIX_CONTENT);
    hib_clock_manual_set(w.clock, START + 2 * HIB_DAY);
    w.drive.sending = kept;
    g_assert_cmpint(hib_x.run_step(&w.drive.net, &w.drive.grant, &w.drive.sending).class, ==,
                    HIB_NET_NEW_HANDLE);
    tear_down(&w);
}

static void
the_body_says_what_was_chosen(void)
{
    static const struct {
        HibNetPost post;
        const char *body;
    } cases[] = {
        {{.text = "あ"}, "{\"text\":\"あ\"}"},
        {{.text = "あ", .reply_to = "123", .options = "{\"reply_settings\":\"following\"}"},
         "{\"text\":\"あ\",\"reply\":{\"in_reply_to_tweet_id\":\"123\"}}"},
        {{.text = "あ",
          .options = "{\"reply_settings\":\"mentionedUsers\",\"poll\":\"はい\\n いいえ "
                     "\\n\",\"poll_minutes\":60}",
          .disclosure = {.is_advertising = true, .is_ai_made = true}},
         "{\"text\":\"あ\",\"reply_settings\":\"mentionedUsers\",\"poll\":{\"options\":[\"はい\","
         "\"いいえ\"],\"duration_minutes\":60},\"made_with_ai\":true,\"paid_partnership\":true}"},
        {{.text = "あ", .options = "{\"reply_settings\":\"everyone\"}"}, "{\"text\":\"あ\"}"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        World w;
        set_up(&w, cases[i].post);
        g_assert_cmpint(test_drive(&w.drive, 5), ==, TEST_PUBLISHED);
        g_assert_cmpstr(w.x.last_body, ==, cases[i].body);
        tear_down(&w);
    }
}

static void
what_x_would_refuse_is_refused_before(void)
{
    static const HibNetMedia gif = {.kind = HIB_NET_GIF, .mime = "image/gif"};
    const HibNetMedia mixed[] = {one_picture[0], gif};
    const struct {
        HibNetPost post;
        const char *reason; /* NULL: fine */
    } cases[] = {
        {{.text = "あ"}, NULL},
        {{.text = "$ABC が上がった"}, NULL},
        {{.text = "$ABC と $DEF"}, "post.too_many_cashtags"},
        {{.text = "US$100 と $5 と a$b"}, NULL},
        {{.text = "\ufeffあ"}, "post.text_refused"},
        {{.text = "あ", .media = mixed, .n_media = 2}, "post.media_mixed"},
        {{.text = "あ", .media = &gif, .n_media = 1}, NULL},
        {{.text = "あ", .options = "{\"poll\":\"a\"}"}, "post.option_value"},
        {{.text = "あ", .options = "{\"poll\":\"a\\nb\"}"}, NULL},
        {{.text = "あ", .options = "{\"poll\":\"a\\nb\\nc\\nd\\ne\"}"}, "post.option_value"},
        {{.text = "あ", .options = "{\"poll\":\"a\\nb\",\"poll_minutes\":4}"}, "post.option_value"},
        {{.text = "あ", .options = "{\"poll\":\"12345678901234567890123456\\nb\"}"},
         "post.option_value"},
        {{.text = "あ", .media = one_picture, .n_media = 1, .options = "{\"poll\":\"a\\nb\"}"},
         "post.option_value"},
        {{.text = "あ", .options = "{\"reply_settings\":\"nobody\"}"}, "post.option_value"},
        {{.text = "あ", .reply_to = "at://x"}, "post.option_value"},
        {{.text = "あ", .format = HIB_FORMAT_MESSAGE}, "post.recipient_missing"},
        {{.text = "あ", .format = HIB_FORMAT_MESSAGE, .recipient = "5"}, NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *reason = NULL;
        const char *pointer = NULL;
        bool is_fine = hib_x.check(&cases[i].post, &reason, &pointer);
        g_test_message("%zu", i);
        g_assert_cmpstr(is_fine ? NULL : reason, ==, cases[i].reason);
    }
}

static void
an_account_is_connected_and_its_grant_renewed_once(void)
{
    World w;
    HibGrant *grants = NULL;
    size_t n = 0;
    set_up(&w, only_words);
    const HibNetContext *net = &w.drive.net;
    const char *url =
        hib_x.authorize_url(net, w.drive.grant.service, "https://h.example/connect/callback",
                            "state1", "verifier-verifier-verifier-verifier-verifier");
    g_assert_nonnull(strstr(url, "/i/oauth2/authorize?response_type=code&client_id=app&"));
    g_assert_nonnull(strstr(url, "&code_challenge_method=S256"));
    g_assert_null(strstr(url, "verifier-"));
    HibNetResult said =
        hib_x.exchange(net, w.drive.grant.service, "https://h.example/connect/callback", "code",
                       "verifier", &grants, &n);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(grants->remote_id, ==, "42");
    g_assert_cmpstr(grants->display_name, ==, "喫茶ひびき");
    g_assert_cmpint(grants->access_expires_at, ==, START + 7200 * HIB_SECOND);
    g_assert_cmpstr(grants->extra, ==, "{\"subscription\":\"Premium\"}");
    HibGrant fresh = {0};
    g_assert_cmpint(hib_x.refresh(net, grants, &fresh).class, ==, HIB_NET_OK);
    g_assert_cmpstr(fresh.refresh, !=, grants->refresh);
    g_assert_cmpstr(fresh.handle, ==, "hibiki");
    HibGrant unset = {0}; /* the old one is spent */
    g_assert_cmpint(hib_x.refresh(net, grants, &unset).class, ==, HIB_NET_REAUTH_HUMAN);
    g_assert_null(unset.access);
    tear_down(&w);
}

static void
a_paying_account_writes_longer_and_another_changes_nothing(void)
{
    static const struct {
        const char *extra;
        int max_text, edit_s;
    } cases[] = {
        {"{\"subscription\":\"Premium\"}", 25000, 1800},
        {"{\"subscription\":\"PremiumPlus\"}", 25000, 1800},
        {"{\"subscription\":\"None\"}", 280, 0},
        {"{}", 280, 1800},
        {"", 280, 1800},
        {"{\"subscription\":7}", 280, 1800},
        {NULL, 280, 1800},
    };
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const HibNetLimits *limits = hib_net_limits_of(arena, &hib_x, cases[i].extra);
        g_assert_cmpint(limits->max_text, ==, cases[i].max_text);
        g_assert_cmpint(limits->edit_s, ==, cases[i].edit_s);
        g_assert_cmpint(hib_net_count_in(limits, HIB_FORMAT_POST, "あ").max, ==, cases[i].max_text);
        g_assert_cmpint(hib_net_count_in(limits, HIB_FORMAT_MESSAGE, "あ").max, ==, 10000);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/networks/x/every_fault_at_every_call_leaves_exactly_one_post",
                    every_fault_at_every_call_leaves_exactly_one_post);
    g_test_add_func("/networks/x/a_text_the_account_already_has_is_the_persons_to_change",
                    a_text_the_account_already_has_is_the_persons_to_change);
    g_test_add_func(
        "/networks/x/a_near_identical_post_of_another_delivery_is_never_taken_for_this_one",
        a_near_identical_post_of_another_delivery_is_never_taken_for_this_one);
    g_test_add_func(
        "/networks/x/a_video_x_cannot_convert_is_the_persons_to_change_and_goes_up_anew",
        a_video_x_cannot_convert_is_the_persons_to_change_and_goes_up_anew);
    g_test_add_func("/networks/x/an_upload_x_has_forgotten_is_made_again_and_one_it_refuses_is_not",
                    an_upload_x_has_forgotten_is_made_again_and_one_it_refuses_is_not);
    g_test_add_func("/networks/x/the_body_says_what_was_chosen", the_body_says_what_was_chosen);
    g_test_add_func("/networks/x/what_x_would_refuse_is_refused_before",
                    what_x_would_refuse_is_refused_before);
    g_test_add_func("/networks/x/an_account_is_connected_and_its_grant_renewed_once",
                    an_account_is_connected_and_its_grant_renewed_once);
    g_test_add_func("/networks/x/a_paying_account_writes_longer_and_another_changes_nothing",
                    a_paying_account_writes_longer_and_another_changes_nothing);
    return g_test_run();
}
