/* Whole lives of posts against a small Mastodon on the loopback, once with keys that hold for an hour and once as other software, which
 * ignores them: every call of every life meets every fault, and the post comes out exactly once. */
#include "networks/mastodon_private.h"
#include "networks/test_wire.h"

#include "test_sending.h"

#define NOW (INT64_C(1795000000) * HIB_SECOND)

typedef enum {
    FAULT_NONE,
    FAULT_CUT_BEFORE, /* the line breaks and the server did not act */
    FAULT_CUT_AFTER,  /* it acted, its answer is lost */
    FAULT_500_BEFORE,
    FAULT_500_AFTER,
    FAULT_429,
    FAULT_401,
    FAULT_N
} Fault;

typedef struct {
    char *id, *text, *key, *parent, *visibility, *body;
    int n_media;
    HibInstant at;
} Status;

/* What the small Mastodon knows. */
typedef struct {
    HibClock *clock;
    GPtrArray *statuses;
    bool is_rewriting;                        /* shows texts otherwise than they were sent */
    bool keeps_keys, is_slow;                 /* slow: uploads are worked on for two questions */
    int n_uploads, n_polls, n_calls, n_posts; /* n_posts: calls that would publish */
    int fault_at;                             /* the call that goes wrong, from 1 */
    Fault fault;
    bool media_are_spent; /* an upload belongs to a post already, or is forgotten */
    char last_path[300], last_body[8000];
} Small;

static void
status_free(void *data)
{
    Status *status = data;
    g_free(status->id);
    g_free(status->text);
    g_free(status->key);
    g_free(status->parent);
    g_free(status->visibility);
    g_free(status->body);
    g_free(status);
}

/* As Mastodon shows it: names without their host, links in spans, entities. */
static char *
html_of(const char *text)
{
    g_autofree char *escaped = g_markup_escape_text(text, -1);
    g_autoptr(GString) out = g_string_new(escaped);
    g_string_replace(
        out, "@alice@other.example",
        "<span class=\"h-card\"><a href=\"https://other.example/@alice\" class=\"u-url "
        "mention\">@<span>alice</span></a></span>",
        0);
    g_string_replace(out, "https://hibiki.example/autumn",
                     "<a href=\"https://hibiki.example/autumn\"><span class=\"invisible\">https://"
                     "</span><span class=\"ellipsis\">hibiki.example/aut</span><span "
                     "class=\"invisible\">umn</span></a>",
                     0);
    g_string_replace(out, "\n\n", "</p><p>", 0);
    g_string_replace(out, "\n", "<br />", 0);
    return g_strdup_printf("<p>%s</p>", out->str);
}

static cJSON *
status_json(const Status *status)
{
    char at[HIB_INSTANT_TEXT];
    g_autofree char *html = html_of(status->text);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", status->id);
    cJSON_AddStringToObject(out, "content", html);
    cJSON_AddStringToObject(out, "created_at", hib_instant_format(status->at, at));
    cJSON_AddStringToObject(out, "visibility", status->visibility);
    cJSON_AddStringToObject(out, "url", "https://small.example/@hibiki/1");
    if (status->parent)
        cJSON_AddStringToObject(out, "in_reply_to_id", status->parent);
    cJSON_AddStringToObject(cJSON_AddObjectToObject(out, "account"), "id", "7");
    cJSON *media = cJSON_AddArrayToObject(out, "media_attachments");
    for (int i = 0; i < status->n_media; i++)
        cJSON_AddItemToArray(media, cJSON_CreateObject());
    return out;
}

static void
put(TestWireAnswer *answer, cJSON *owned)
{
    g_autofree char *text = cJSON_PrintUnformatted(owned);
    g_string_assign(answer->room, text);
    cJSON_Delete(owned);
}

static const char *
member(const cJSON *body, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(body, name);
    return cJSON_IsString(item) ? item->valuestring : NULL;
}

static void
post_status(Small *small, const TestWireCall *call, TestWireAnswer *answer)
{
    const char *key = g_hash_table_lookup(call->headers, "idempotency-key");
    g_autoptr(cJSON) body = cJSON_ParseWithLength(call->body, call->n_body);
    g_assert_nonnull(key);
    g_assert_nonnull(body);
    small->n_posts++;
    for (guint i = 0; small->keeps_keys && i < small->statuses->len; i++) {
        const Status *before = g_ptr_array_index(small->statuses, i);
        if (g_str_equal(before->key, key) && hib_clock_now(small->clock) - before->at < HIB_HOUR) {
            put(answer, status_json(before));
            return;
        }
    }
    if (small->media_are_spent) {
        small->media_are_spent = false;
        answer->status = 422;
        g_string_assign(answer->room,
                        "{\"error\":\"Media m1 not found or already attached to another post\"}");
        return;
    }
    Status *status = g_new0(Status, 1);
    status->id = g_strdup_printf("%u", 100 + small->statuses->len);
    status->text = g_strdup(member(body, "status"));
    status->key = g_strdup(key);
    status->parent = g_strdup(member(body, "in_reply_to_id"));
    status->visibility = g_strdup(member(body, "visibility"));
    status->body = g_strndup(call->body, call->n_body);
    status->n_media = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(body, "media_ids"));
    status->at = hib_clock_now(small->clock);
    g_ptr_array_add(small->statuses, status);
    put(answer, status_json(status));
}

/* Newest first, 40 at most, those before `max_id` where it is asked for. */
static void
list_statuses(const Small *small, const TestWireCall *call, TestWireAnswer *answer, bool is_direct)
{
    cJSON *out = cJSON_CreateArray();
    const char *max = strstr(call->path, "&max_id=");
    guint before = max ? (guint)g_ascii_strtoull(max + 8, NULL, 10) - 100 : G_MAXUINT;
    for (guint i = MIN(small->statuses->len, before); i > 0 && cJSON_GetArraySize(out) < 40; i--) {
        const Status *one = g_ptr_array_index(small->statuses, i - 1);
        bool is_one = g_str_equal(one->visibility, "direct");
        cJSON *item = status_json(one);
        if (small->is_rewriting)
            cJSON_ReplaceItemInObject(item, "content", cJSON_CreateString("<p>!</p>"));
        if (is_direct) {
            cJSON *conversation = cJSON_CreateObject();
            cJSON_AddItemToObject(conversation, "last_status", item);
            item = conversation;
        }
        if (is_direct ? is_one : (!is_one || small->keeps_keys)) /* other software hides messages */
            cJSON_AddItemToArray(out, item);
        else
            cJSON_Delete(item);
    }
    put(answer, out);
}

static void
act(Small *small, const TestWireCall *call, TestWireAnswer *answer)
{
    g_strlcpy(small->last_path, call->path, sizeof small->last_path);
    g_strlcpy(small->last_body, call->body, sizeof small->last_body);
    bool is_post = g_str_equal(call->method, "POST");
    if (is_post && g_str_equal(call->path, "/api/v2/media")) {
        answer->status = small->is_slow ? 202 : 200;
        small->n_polls = 0;
        g_string_printf(answer->room, "{\"id\":\"m%d\",\"type\":\"image\"}", ++small->n_uploads);
    } else if (g_str_has_prefix(call->path, "/api/v1/media/m")) {
        answer->status = ++small->n_polls < 3 ? 206 : 200;
        g_string_printf(answer->room, "{\"id\":\"%s\"}", call->path + strlen("/api/v1/media/"));
    } else if (is_post && g_str_equal(call->path, "/api/v1/statuses")) {
        post_status(small, call, answer);
    } else if (g_str_has_prefix(call->path, "/api/v1/accounts/7/statuses?")) {
        list_statuses(small, call, answer, false);
    } else if (g_str_has_prefix(call->path, "/api/v1/conversations")) {
        list_statuses(small, call, answer, true);
    } else if (g_str_equal(call->path, "/api/v1/statuses/50")) { /* a question of Alice's */
        g_string_assign(answer->room, "{\"id\":\"50\",\"visibility\":\"private\",\"account\":{"
                                      "\"id\":\"9\",\"acct\":\"alice@other.example\"}}");
    } else if (g_str_equal(call->path, "/api/v1/statuses/60")) { /* the thread's first */
        g_string_assign(answer->room, "{\"id\":\"60\",\"visibility\":\"public\",\"account\":{"
                                      "\"id\":\"7\",\"acct\":\"hibiki\"}}");
    } else if (is_post && g_str_equal(call->path, "/oauth/token")) {
        g_string_assign(
            answer->room,
            "{\"access_token\":\"fresh\",\"refresh_token\":\"r2\",\"expires_in\":3600}");
    } else {
        answer->status = 404;
        g_string_assign(answer->room, "{\"error\":\"Record not found\"}");
    }
}

static void
on_call(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    Small *small = data;
    Fault fault = ++small->n_calls == small->fault_at ? small->fault : FAULT_NONE;
    if (fault == FAULT_NONE || fault == FAULT_CUT_AFTER || fault == FAULT_500_AFTER)
        act(small, call, answer);
    answer->is_cut = fault == FAULT_CUT_AFTER || fault == FAULT_CUT_BEFORE;
    if (fault == FAULT_500_BEFORE || fault == FAULT_500_AFTER) {
        answer->status = 500;
        answer->body = "<html>We're sorry, but something went wrong</html>";
    } else if (fault == FAULT_429) {
        answer->status = 429;
        answer->headers = "X-RateLimit-Reset: 2026-11-18T11:10:00.000000Z\r\n";
        answer->body = "{\"error\":\"Too many requests\"}";
    } else if (fault == FAULT_401) {
        answer->status = 401;
        answer->body = "{\"error\":\"The access token is invalid\"}";
    }
}

typedef struct {
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    TestWire *wire;
    Small small;
    TestDrive drive;
} World;

static void
world_start(World *w, const HibNetPost *post, bool is_genuine, int fault_at, Fault fault)
{
    *w = (World){.arena = hib_arena_new(),
                 .http = hib_http_new(),
                 .clock = hib_clock_manual_new(NOW),
                 .small = {.keeps_keys = is_genuine, .fault_at = fault_at, .fault = fault}};
    w->small.clock = w->clock;
    w->small.statuses = g_ptr_array_new_with_free_func(status_free);
    w->wire = test_wire_new(on_call, &w->small);
    static const HibNetApp app = {"client", "secret"};
    w->drive = (TestDrive){
        .network = &hib_mastodon,
        .net = {.http = w->http,
                .arena = w->arena,
                .clock = w->clock,
                .app = &app,
                .may_be_private = true},
        .grant = {.service = test_wire_url(w->wire),
                  .remote_id = "7",
                  .handle = "hibiki@small.example",
                  .access = "stale",
                  .refresh = "r1",
                  .extra = is_genuine ? "{\"software\":\"mastodon\",\"version\":\"4.5.0\"}"
                                      : "{\"software\":\"gotosocial\"}"},
        .post = *post,
    };
    w->drive.sending = (HibNetSending){
        .handle = hib_mastodon.new_handle(&w->drive.net), .progress = "{}", .post = &w->drive.post};
}

static void
world_end(World *w)
{
    test_wire_free(w->wire);
    g_ptr_array_unref(w->small.statuses);
    hib_http_free(w->http);
    hib_clock_free(w->clock);
    hib_arena_free(w->arena);
}

static const Status *
only_status(const World *w)
{
    g_assert_cmpuint(w->small.statuses->len, ==, 1);
    return g_ptr_array_index(w->small.statuses, 0);
}

/* --- every life × every fault ------------------------------------------------------------------------------ */
static HibArena *all;
static HibNetMedia pictures[2];
#define N_LIVES 5

static HibNetPost
life(int i)
{
    static const char *const langs[] = {"ja-JP", NULL};
    const HibNetPost posts[N_LIVES] = {
        {.text = "秋の新作 & <限定>\n\nhttps://hibiki.example/autumn @alice@other.example さんと",
         .langs = langs},
        {.text = "写真2枚", .media = pictures, .n_media = 2},
        {.text = "つづき 2/3", .reply_to = "60"},
        {.text = "はい、あいております", .reply_to = "50"},
        {.format = HIB_FORMAT_MESSAGE,
         .text = "ご予約ありがとうございます",
         .recipient = "alice@other.example"},
    };
    return posts[i];
}

static void
every_fault_at_every_call_ends_in_one_post(void)
{
    int n_runs = 0;
    for (int run = 0; run < N_LIVES * 2 * 2; run++) {
        bool is_genuine = run & 1, is_slow = run & 2;
        const HibNetPost post = life(run / 4);
        for (int fault = FAULT_CUT_BEFORE; fault < FAULT_N; fault++)
            for (int at = 1, n = 1; at <= n; at++, n_runs++) {
                World w;
                world_start(&w, &post, is_genuine, at, (Fault)fault);
                w.small.is_slow = is_slow;
                g_test_message("run %d, fault %d at call %d", run, fault, at);
                g_assert_cmpint(test_drive(&w.drive, 60), ==, TEST_PUBLISHED);
                g_assert_cmpstr(w.drive.sending.published.remote_id, ==, only_status(&w)->id);
                g_assert_cmpint(only_status(&w)->n_media, ==, (int)post.n_media);
                n = w.small.n_calls;
                world_end(&w);
            }
    }
    g_assert_cmpint(n_runs, >=, 300);
}

static void
what_is_sent_says_all_and_names_whom_it_answers(void)
{
    static const struct {
        const char *status, *visibility;
    } wanted[N_LIVES] = {
        {"秋の新作 & <限定>\n\nhttps://hibiki.example/autumn @alice@other.example さんと",
         "public"},
        {"写真2枚", "public"},
        {"つづき 2/3", "public"},
        {"@alice@other.example はい、あいております", "private"}, /* an answer to few goes to few */
        {"@alice@other.example ご予約ありがとうございます", "direct"},
    };
    for (int i = 0; i < N_LIVES; i++) {
        World w;
        HibNetPost post = life(i);
        post.options = "{\"spoiler_text\":\"新作\",\"sensitive\":true,\"visibility\":\"public\"}";
        world_start(&w, &post, true, 0, FAULT_NONE);
        g_assert_cmpint(test_drive(&w.drive, 20), ==, TEST_PUBLISHED);
        const Status *out = only_status(&w);
        g_autoptr(cJSON) body = cJSON_Parse(out->body);
        g_assert_cmpstr(out->text, ==, wanted[i].status);
        g_assert_cmpstr(out->visibility, ==, wanted[i].visibility);
        g_assert_cmpstr(out->parent, ==, post.reply_to);
        g_assert_cmpstr(out->key, ==, w.drive.sending.handle);
        g_assert_cmpstr(member(body, "spoiler_text"), ==, "新作");
        g_assert_true(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(body, "sensitive")));
        g_assert_cmpstr(member(body, "language"), ==, i ? NULL : "ja");
        g_assert_cmpstr(w.drive.sending.published.url, ==, "https://small.example/@hibiki/1");
        world_end(&w);
    }
}

static void
a_name_that_is_in_the_text_is_not_put_before_it_again(void)
{
    const HibNetPost named = {.text = "はい @alice@other.example、どうぞ"},
                     other = {.text = "はい"};
    g_assert_true(hib_mastodon_text(all, &named, "alice@other.example") == named.text);
    g_assert_cmpstr(hib_mastodon_text(all, &other, "alice@other.example"), ==,
                    "@alice@other.example はい");
    g_assert_true(hib_mastodon_text(all, &other, NULL) == other.text);
    g_assert_true(hib_mastodon_text(all, &other, "") == other.text);
}

/* The list does not show the text as it was sent: the key alone keeps it one post. */
static void
a_text_the_list_shows_otherwise_is_one_post_by_its_key(void)
{
    World w;
    const HibNetPost post = {.text = "本日休業"};
    world_start(&w, &post, true, 1, FAULT_CUT_AFTER);
    w.small.is_rewriting = true;
    g_assert_cmpint(test_drive(&w.drive, 30), ==, TEST_PUBLISHED);
    g_assert_cmpint(w.small.n_posts, ==, 2);
    g_assert_cmpstr(w.drive.sending.published.remote_id, ==, only_status(&w)->id);
    world_end(&w);
}

/* Two posts with the same words: each finds itself, and the second is not taken for the first. */
static void
equal_posts_close_in_time_are_told_apart(void)
{
    World w;
    const HibNetPost post = {.text = "本日休業"};
    world_start(&w, &post, false, 0, FAULT_NONE);
    g_assert_cmpint(test_drive(&w.drive, 20), ==, TEST_PUBLISHED);
    const char *const taken[] = {w.drive.sending.published.remote_id, NULL};
    hib_clock_manual_set(w.clock, NOW + 30 * HIB_SECOND);
    w.small.fault = FAULT_CUT_BEFORE;
    w.small.fault_at = w.small.n_calls + 1;
    w.drive.sending = (HibNetSending){
        .handle = "second", .progress = "{}", .post = &w.drive.post, .taken = taken};
    g_assert_cmpint(test_drive(&w.drive, 40), ==, TEST_PUBLISHED);
    g_assert_cmpuint(w.small.statuses->len, ==, 2);
    g_assert_cmpstr(w.drive.sending.published.remote_id, ==, "101");
    world_end(&w);
}

/* A post sent long ago whose outcome nobody asked about: looked for before it is sent again, key or not. */
static void
a_late_repeat_looks_first(void)
{
    for (int is_genuine = 0; is_genuine < 2; is_genuine++) {
        World w;
        const HibNetPost post = {.text = "本日休業"};
        world_start(&w, &post, is_genuine, 1, FAULT_CUT_AFTER);
        g_assert_cmpint(test_drive(&w.drive, 1), ==, TEST_UNKNOWN);
        hib_clock_manual_set(w.clock, NOW + 2 * HIB_HOUR);
        HibNetResult said = hib_mastodon.run_step(&w.drive.net, &w.drive.grant, &w.drive.sending);
        g_assert_cmpint(said.class, ==, HIB_NET_OK);
        g_assert_true(w.drive.sending.is_done);
        g_assert_cmpstr(w.drive.sending.published.remote_id, ==, only_status(&w)->id);
        g_assert_cmpint(w.small.n_posts, ==, 1);
        world_end(&w);
    }
}

/* Away for two hours after a lost answer, while others posted more than a page of the list shows. */
static void
what_was_made_since_does_not_hide_it(void)
{
    World w;
    const HibNetPost post = {.text = "本日休業"};
    world_start(&w, &post, false, 1, FAULT_CUT_AFTER);
    g_assert_cmpint(test_drive(&w.drive, 1), ==, TEST_UNKNOWN);
    hib_clock_manual_set(w.clock, NOW + 2 * HIB_HOUR);
    for (int i = 1; i <= 90; i++) {
        Status *other = g_new0(Status, 1);
        *other = (Status){.id = g_strdup_printf("%d", 100 + i),
                          .text = g_strdup_printf("お知らせ %d", i),
                          .key = g_strdup(""),
                          .visibility = g_strdup("public"),
                          .at = NOW + HIB_HOUR};
        g_ptr_array_add(w.small.statuses, other);
    }
    g_assert_cmpint(test_drive(&w.drive, 20), ==, TEST_PUBLISHED);
    g_assert_cmpint(w.small.n_posts, ==, 1);
    g_assert_cmpstr(w.drive.sending.published.remote_id, ==, "100");
    world_end(&w);
}

static void
uploads_that_are_spent_are_looked_for_or_made_again(void)
{
    World w;
    const HibNetPost post = life(1);
    world_start(&w, &post, false, 0, FAULT_NONE); /* forgotten after a day: up again, then out */
    w.small.media_are_spent = true;
    g_assert_cmpint(test_drive(&w.drive, 30), ==, TEST_PUBLISHED);
    g_assert_cmpint(w.small.n_uploads, ==, 4);
    g_assert_cmpint(only_status(&w)->n_media, ==, 2);
    /* The same words from the server because the post is there already. */
    w.drive.sending.is_done = false;
    w.small.media_are_spent = true;
    w.drive.sending.progress =
        "{\"media\":[{\"id\":\"m1\",\"ready\":true},{\"id\":\"m2\",\"ready\":true}]}";
    g_assert_cmpint(test_drive(&w.drive, 40), ==, TEST_PUBLISHED);
    g_assert_cmpuint(w.small.statuses->len, ==, 1);
    world_end(&w);
}

static void
a_parent_that_is_gone_stops_the_answer_and_a_token_without_renewal_asks_a_person(void)
{
    World w;
    HibNetPost post = {.text = "x", .reply_to = "404"};
    world_start(&w, &post, true, 0, FAULT_NONE);
    g_assert_cmpint(test_drive(&w.drive, 10), ==, TEST_FAILED);
    g_assert_cmpint(w.drive.last.class, ==, HIB_NET_FIX_CONTENT);
    g_assert_cmpstr(w.drive.last.code, ==, "ParentNotFound");
    world_end(&w);
    post.reply_to = NULL;
    world_start(&w, &post, true, 1, FAULT_401);
    w.drive.grant.refresh = "";
    g_assert_cmpint(test_drive(&w.drive, 10), ==, TEST_FAILED);
    HibGrant fresh = {0};
    g_assert_cmpint(hib_mastodon.refresh(&w.drive.net, &w.drive.grant, &fresh).class, ==,
                    HIB_NET_REAUTH_HUMAN);
    g_assert_null(fresh.access);
    g_assert_cmpuint(w.small.statuses->len, ==, 0);
    world_end(&w);
}

/* --- checks ---------------------------------------------------------------------------------------------------- */
static void
what_the_server_would_refuse_is_refused_before(void)
{
    g_autofree char *long_text = g_strnfill(490, 'a');
    const struct {
        HibNetPost post;
        const char *reason, *pointer;
    } cases[] = {
        {{.text = "x"}, NULL, NULL},
        {{.text = "x", .options = "{\"visibility\":\"unlisted\"}"}, NULL, NULL},
        {{.text = "x", .options = "{\"visibility\":\"direct\"}"},
         "post.option_value",
         "/options/visibility"},
        {{.text = "x", .options = "not json"}, NULL, NULL},
        {{.text = long_text, .options = "{\"spoiler_text\":\"1234567890\"}"}, NULL, NULL},
        {{.text = long_text, .options = "{\"spoiler_text\":\"12345678901\"}"},
         "post.over_together",
         "/options/spoiler_text"},
        {{.format = HIB_FORMAT_MESSAGE, .text = "x"}, "post.recipient_missing", "/recipient"},
        {{.format = HIB_FORMAT_MESSAGE, .text = "x", .recipient = "a b"},
         "post.recipient_missing",
         "/recipient"},
        {{.format = HIB_FORMAT_MESSAGE, .text = "x", .recipient = "@a@b.example"}, NULL, NULL},
        {{.format = HIB_FORMAT_MESSAGE, .text = long_text, .recipient = "alice_at_shop@b.example"},
         "post.over_together",
         "/text"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *reason = NULL, *pointer = NULL;
        bool is_fine = hib_mastodon.check(&cases[i].post, &reason, &pointer);
        g_test_message("%zu", i);
        g_assert_cmpint(is_fine, ==, cases[i].reason == NULL);
        if (is_fine)
            continue;
        g_assert_cmpstr(reason, ==, cases[i].reason);
        g_assert_cmpstr(pointer, ==, cases[i].pointer);
    }
    g_assert_cmpstr(hib_mastodon.profile_url(all, "7", "hibiki@small.example"), ==,
                    "https://small.example/@hibiki");
    g_assert_null(hib_mastodon.profile_url(all, "7", "hibiki"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    all = hib_arena_new();
    for (int i = 0; i < 2; i++) {
        pictures[i] = hib_test_medium(all, "image/png", "0123456789", 10);
        pictures[i].alt = "湯気";
    }
    const struct {
        const char *name;
        GTestFunc run;
    } tests[] = {
        {"every_fault_at_every_call_ends_in_one_post", every_fault_at_every_call_ends_in_one_post},
        {"what_is_sent_says_all_and_names_whom_it_answers",
         what_is_sent_says_all_and_names_whom_it_answers},
        {"a_name_that_is_in_the_text_is_not_put_before_it_again",
         a_name_that_is_in_the_text_is_not_put_before_it_again},
        {"a_text_the_list_shows_otherwise_is_one_post_by_its_key",
         a_text_the_list_shows_otherwise_is_one_post_by_its_key},
        {"equal_posts_close_in_time_are_told_apart", equal_posts_close_in_time_are_told_apart},
        {"a_late_repeat_looks_first", a_late_repeat_looks_first},
        {"what_was_made_since_does_not_hide_it", what_was_made_since_does_not_hide_it},
        {"uploads_that_are_spent_are_looked_for_or_made_again",
         uploads_that_are_spent_are_looked_for_or_made_again},
        {"a_parent_that_is_gone_stops_the_answer_and_a_token_without_renewal_asks_a_person",
         a_parent_that_is_gone_stops_the_answer_and_a_token_without_renewal_asks_a_person},
        {"what_the_server_would_refuse_is_refused_before",
         what_the_server_would_refuse_is_refused_before},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_func(hib_arena_printf(all, "/networks/mastodon/%s", tests[i].name),
                        tests[i].run);
    int status = g_test_run();
    hib_arena_free(all);
    return status;
}
