/* The framework proven with a small network of its own, "parrot": routes, bodies, windows, every fault, counts, and the memory over a
 * restart. */
#include "practice/face.h"

#include "http/client.h"
#include "practice/face_posts.h"
#include "practice/face_run.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

/* --- the parrot ------------------------------------------------------------------------------------------- */
typedef struct {
    int n_notes, n_comments, n_likes, n_without_post;
    bool is_comment_right;
} Parrot;

static void *
parrot_open(HibPracticeFace *face)
{
    return g_new0(Parrot, 1);
}

static bool
parrot_replay(HibPracticeFace *face, HibJson line)
{
    Parrot *parrot = hib_practice_state(face);
    parrot->n_notes++;
    return cJSON_IsTrue(cJSON_GetObjectItem(line.value, "kept"));
}

static void
parrot_refuse(HibPracticeCall *call, HibPracticeRefusal why, const char *message)
{
    static const int status[HIB_REFUSE_N] = {404, 400, 413, 401, 401, 401, 403, 429, 403, 422, 500};
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "parrot", message);
    hib_practice_json(call, status[why], out);
}

static void
parrot_rate(HibPracticeCall *call)
{
    hib_practice_header(call, "X-Parrot-Left", "%d", (int)(call->rate.limit - call->rate.used));
}

static void
say(HibPracticeCall *call)
{
    const char *text = hib_practice_field(call, "text");
    const HibPracticeAccount *account = hib_practice_account(call->face, "a.parrot");
    hib_practice_acts_for(call, account);
    if (!text) {
        hib_practice_refuse(call, HIB_REFUSE_BAD_REQUEST, "no %s", "text");
        return;
    }
    if (!hib_practice_take(call, HIB_REFUSE_RATE, "say", 5, HIB_HOUR, 1) ||
        !hib_practice_take(call, HIB_REFUSE_QUOTA, "month", 8, 30 * HIB_DAY, 1))
        return;
    HibPracticePost post = {.id = hib_practice_id(call), .account = account->id, .text = text};
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", hib_practice_post_add(call->face, &post)->id);
    hib_practice_json(call, 201, out);
}

static void
show(HibPracticeCall *call)
{
    const HibPracticePost *post = hib_practice_post(call->face, hib_practice_param(call, "id"));
    if (!post) {
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "no such post");
        return;
    }
    hib_practice_text(call, 200, "text/plain", post->text);
}

static void
listing(HibPracticeCall *call)
{
    const HibPracticePost *const *found = NULL;
    const char *next = NULL;
    const HibPracticeQuery query = {
        .account = "1", .cursor = hib_practice_query(call, "after"), .limit = 2};
    size_t n = hib_practice_posts(call->face, call->arena, &query, &found, &next);
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, "%s|", found[i]->text);
    g_string_append(out, next ? next : "end");
    hib_practice_text(call, 200, "text/plain", out->str);
}

static void
upload(HibPracticeCall *call)
{
    const HibPracticePart *part =
        call->n_parts > 0 ? hib_practice_part(call, "media") : &call->body;
    int64_t from = 0, to = 0, total = 0;
    bool has_range = hib_practice_content_range(call, &from, &to, &total);
    if (has_range && to + 1 < total) {
        hib_practice_header(call, "Range", "bytes=0-%" G_GINT64_FORMAT, to);
        hib_practice_empty(call, 308);
        return;
    }
    bool fails = false;
    HibInstant ready = hib_practice_ready_at(call, HIB_SECOND, &fails);
    g_autofree char *text = g_strdup_printf(
        "%s %s %" G_GINT64_FORMAT " %s %d %d", part->mime, part->file_name, part->size,
        part->sha256, (int)((ready - hib_practice_now(call->face)) / HIB_SECOND), fails);
    hib_practice_text(call, 200, "text/plain", text);
}

static void
note(HibPracticeCall *call)
{
    cJSON *line = cJSON_CreateObject();
    cJSON_AddBoolToObject(line, "kept", true);
    hib_practice_note(call->face, line);
    hib_practice_redirect(call, 302, "/elsewhere?a=b");
}

static void
echo(HibPracticeCall *call)
{
    const char *all[] = {hib_practice_param(call, "a"), hib_practice_param(call, "rest"),
                         hib_practice_query(call, "q"), hib_practice_query_at(call, "q", 1)};
    g_autoptr(GString) out = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_string_append_printf(out, "%s;", all[i] ? all[i] : "-");
    hib_practice_text(call, 200, "text/plain", out->str);
}

static void
happened(HibPracticeFace *face, const HibPracticeHappening *what)
{
    Parrot *parrot = hib_practice_state(face);
    HibComment *same = NULL;
    g_autoptr(HibArena) arena = hib_arena_new();
    parrot->n_likes += what->kind == HIB_CROWD_LIKE;
    parrot->n_without_post += what->kind == HIB_CROWD_LIKE && !what->post;
    if (what->kind != HIB_CROWD_COMMENT)
        return;
    parrot->is_comment_right =
        what->post && what->comment &&
        hib_practice_comments(face, what->post->id, what->comment->n, 1, arena, &same) == 1 &&
        !strcmp(same->text, what->comment->text) && !strcmp(same->handle, what->handle);
    parrot->n_comments++;
}

static const HibPracticeRoute routes[] = {
    {"POST", "/say", "publish", say, HIB_PRACTICE_EFFECT},
    {"GET", "/posts", "read", listing},
    {"GET", "/posts/{id}", "read", show},
    {"*", "/upload", "upload", upload, HIB_PRACTICE_UPLOAD},
    {"POST", "/note", "note", note, HIB_PRACTICE_NO_FAULT},
    {"GET", "/echo/{a}/fixed", "echo", echo},
    {"GET", "/echo/{a}/{rest*}", "echo", echo},
};

static const HibPracticeNetwork parrot = {.name = "parrot",
                                          .title = "Parrot",
                                          .routes = routes,
                                          .n_routes = G_N_ELEMENTS(routes),
                                          .open = parrot_open,
                                          .close = g_free,
                                          .replay = parrot_replay,
                                          .refuse = parrot_refuse,
                                          .rate_headers = parrot_rate,
                                          .happened = happened};

/* --- the world -------------------------------------------------------------------------------------------- */
typedef struct {
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    HibPracticeFace *face;
    int patience_ms; /* 0: a minute */
} World;

static const HibPracticeAccount accounts[] = {
    {.id = "1", .handle = "a.parrot", .name = "A", .password = "secret", .followers = 100},
    {.id = "2", .handle = "b.parrot", .name = "B", .password = "secret", .followers = 10},
};

static HibPracticeFace *
start(HibClock *clock, const char *journal)
{
    g_autoptr(GError) error = NULL;
    HibPracticeFace *face = hib_practice_start(&parrot,
                                               &(HibPracticeOptions){.accounts = accounts,
                                                                     .n_accounts = 2,
                                                                     .journal = journal,
                                                                     .clock = clock,
                                                                     .has_limits = true,
                                                                     .has_control = true},
                                               &error);
    g_assert_no_error(error);
    return face;
}

static World
world_new(const char *journal)
{
    World w = {.arena = hib_arena_new(),
               .http = hib_http_new(),
               .clock = hib_clock_manual_new(INT64_C(1795000000) * HIB_SECOND)};
    w.face = start(w.clock, journal);
    return w;
}

static void
world_free(World *w)
{
    hib_practice_stop(w->face);
    hib_http_free(w->http);
    hib_clock_free(w->clock);
    hib_arena_free(w->arena);
}

/* Status of the answer; 0: none came. */
static int
send(World *w, const char *method, const char *path, const char *mime, const void *body, size_t n,
     HibHttpReply *reply)
{
    const char *const no_headers[] = {NULL};
    HibHttpRequest request = {
        .method = method,
        .url = hib_arena_printf(w->arena, "%s%s", hib_practice_url(w->face), path),
        .headers = no_headers,
        .content_type = mime,
        .body = body,
        .n_body = n,
        .total_ms = w->patience_ms ? w->patience_ms : 60000};
    g_autoptr(GError) error = NULL;
    *reply = (HibHttpReply){0};
    return hib_http_do(w->http, w->arena, &request, reply, &error) ? reply->status : 0;
}

static int
post_text(World *w, const char *text, HibHttpReply *reply)
{
    g_autofree char *body = g_strdup_printf("text=%s", text);
    return send(w, "POST", "/say", "application/x-www-form-urlencoded", body, strlen(body), reply);
}

static HibPracticeCounts
counts(World *w)
{
    HibPracticeCounts out = {0};
    hib_practice_counts(w->face, NULL, &out);
    return out;
}

/* --- tests ------------------------------------------------------------------------------------------------ */
static void
routes_and_parameters(void)
{
    World w = world_new(NULL);
    HibHttpReply reply;
    g_assert_cmpint(send(&w, "GET", "/echo/x%20y/fixed?q=1&q=%E9%9F%BF", NULL, NULL, 0, &reply), ==,
                    200);
    g_assert_cmpstr(reply.body, ==, "x y;-;1;響;");
    g_assert_cmpint(send(&w, "GET", "/echo/x/b/c/d", NULL, NULL, 0, &reply), ==, 200);
    g_assert_cmpstr(reply.body, ==, "x;b/c/d;-;-;");
    g_assert_cmpint(send(&w, "GET", "/echo//fixed", NULL, NULL, 0, &reply), ==, 404);
    g_assert_cmpint(send(&w, "GET", "/nothing", NULL, NULL, 0, &reply), ==, 404);
    g_assert_cmpstr(reply.body, ==, "{\"parrot\":\"no route GET /nothing\"}");
    g_assert_cmpint(send(&w, "PUT", "/say", NULL, "x", 1, &reply), ==, 404);
    g_assert_cmpint(send(&w, "POST", "/note", NULL, "", 0, &reply), ==, 302);
    g_assert_cmpstr(hib_http_header(&reply, "location"), ==, "/elsewhere?a=b");
    world_free(&w);
}

static void
forms_json_and_films_come_in(void)
{
    World w = world_new(NULL);
    HibHttpReply reply;
    g_assert_cmpint(post_text(&w, "%E9%9F%BF+%26+b", &reply), ==, 201);
    g_assert_cmpint(hib_practice_count_text(w.face, "響 & b"), ==, 1);
    const char json[] = "{\"text\":\"from json\"}";
    g_assert_cmpint(send(&w, "POST", "/say", "application/json", json, strlen(json), &reply), ==,
                    201);
    g_assert_cmpint(hib_practice_count_text(w.face, "from json"), ==, 1);
    g_assert_cmpint(send(&w, "POST", "/say", "application/json", "{\"te", 4, &reply), ==, 400);
    const char form[] =
        "--xx\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a.jpg\"\r\n"
        "Content-Type: image/jpeg\r\n\r\nJPEG\r\n--xx--\r\n";
    g_assert_cmpint(
        send(&w, "POST", "/upload", "multipart/form-data; boundary=xx", form, strlen(form), &reply),
        ==, 200);
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, "JPEG", 4);
    g_autofree char *wanted = g_strdup_printf("image/jpeg a.jpg 4 %s 1 0", sum);
    g_assert_cmpstr(reply.body, ==, wanted);
    size_t n = 40 * 1024 * 1024;
    g_autofree char *film = g_malloc0(n);
    g_assert_cmpint(send(&w, "PUT", "/upload", "video/mp4", film, n, &reply), ==, 200);
    g_autofree char *film_sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guchar *)film, n);
    g_assert_nonnull(strstr(reply.body, film_sum));
    g_assert_cmpint(counts(&w).n_uploads, ==, 2);
    g_assert_cmpint(counts(&w).upload_bytes, ==, (int64_t)(n + strlen(form)));
    world_free(&w);
}

static void
a_body_over_the_limit_is_refused_and_a_range_goes_on(void)
{
    World w = world_new(NULL);
    HibHttpReply reply;
    size_t n = HIB_PRACTICE_BODY_MAX + 1;
    g_autofree char *film = g_malloc0(n);
    g_assert_cmpint(send(&w, "PUT", "/upload", "video/mp4", film, n, &reply), ==, 413);
    const char *const headers[] = {"Content-Range: bytes 0-3/8", NULL};
    HibHttpRequest request = {.method = "PUT",
                              .url =
                                  hib_arena_printf(w.arena, "%s/upload", hib_practice_url(w.face)),
                              .headers = headers,
                              .content_type = "video/mp4",
                              .body = "film",
                              .n_body = 4};
    g_assert_true(hib_http_do(w.http, w.arena, &request, &reply, NULL));
    g_assert_cmpint(reply.status, ==, 308);
    g_assert_cmpstr(hib_http_header(&reply, "range"), ==, "bytes=0-3");
    world_free(&w);
}

static void
windows_and_quotas(void)
{
    World w = world_new(NULL);
    HibHttpReply reply;
    for (int i = 0; i < 5; i++)
        g_assert_cmpint(post_text(&w, "a", &reply), ==, 201);
    g_assert_cmpint(post_text(&w, "a", &reply), ==, 429);
    g_assert_cmpstr(hib_http_header(&reply, "x-parrot-left"), ==, "0");
    hib_clock_manual_set(w.clock, hib_clock_now(w.clock) + HIB_HOUR);
    for (int i = 0; i < 3; i++)
        g_assert_cmpint(post_text(&w, "a", &reply), ==, 201);
    g_assert_cmpint(post_text(&w, "a", &reply), ==, 403); /* the month's eight */
    g_assert_cmpint(hib_practice_window(w.face, "month", 8, 30 * HIB_DAY).used, ==, 8);
    hib_practice_give_back(w.face, "month", 1);
    g_assert_cmpint(hib_practice_window(w.face, "month", 8, 30 * HIB_DAY).used, ==, 7);
    HibPracticeCounts n = counts(&w);
    g_assert_cmpint(n.n_created, ==, 8);
    g_assert_cmpint(n.n_twice_text, ==, 7);
    g_assert_cmpint(n.n_refused[HIB_REFUSE_RATE], ==, 1);
    g_assert_cmpint(n.n_refused[HIB_REFUSE_QUOTA], ==, 1);
    hib_practice_counts(w.face, "1", &n);
    g_assert_cmpint(n.n_effects, ==, 8);
    hib_practice_counts(w.face, "2", &n);
    g_assert_cmpint(n.n_effects + n.n_created, ==, 0);
    world_free(&w);
}

static void
pages_keep_their_place(void)
{
    World w = world_new(NULL);
    HibHttpReply reply;
    for (int i = 0; i < 5; i++) {
        char id[8], text[8];
        g_snprintf(id, sizeof id, "p%d", i);
        g_snprintf(text, sizeof text, "t%d", i);
        const HibPracticePost post = {.id = id, .account = "a.parrot", .text = text};
        g_assert_nonnull(hib_practice_post_add(w.face, &post));
        g_assert_null(hib_practice_post_add(w.face, &post)); /* the id is taken */
    }
    g_assert_cmpint(send(&w, "GET", "/posts", NULL, NULL, 0, &reply), ==, 200);
    g_auto(GStrv) first = g_strsplit(reply.body, "|", 3);
    g_assert_cmpstr(first[0], ==, "t4");
    g_assert_cmpstr(first[1], ==, "t3");
    g_assert_true(hib_practice_post_delete(w.face, "p3"));
    g_assert_false(hib_practice_post_delete(w.face, "p3"));
    g_autofree char *second = g_strconcat("/posts?after=", first[2], NULL);
    g_assert_cmpint(send(&w, "GET", second, NULL, NULL, 0, &reply), ==, 200);
    g_assert_true(g_str_has_prefix(reply.body, "t2|t1|"));
    const HibPracticePost changed = {.id = "p2", .account = "a.parrot", .text = "t1"};
    g_assert_true(hib_practice_post_change(w.face, &changed));
    g_assert_cmpint(hib_practice_count_text(w.face, "t1"), ==, 2);
    g_assert_cmpint(counts(&w).n_live, ==, 4);
    world_free(&w);
}

typedef struct {
    HibFault fault;
    int status, n_created, ms;
} Meeting;

static void
every_fault_spoils_one_call_and_its_effect_is_counted(void)
{
    static const Meeting meetings[] = {
        {HIB_FAULT_RATE_LIMITED, 429, 0, 60000},
        {HIB_FAULT_ERROR, 500, 0, 0},
        {HIB_FAULT_ERROR_AFTER, 500, 1, 0},
        {HIB_FAULT_CUT_BEFORE, 0, 0, 0},
        {HIB_FAULT_CUT_AFTER, 0, 1, 0},
        {HIB_FAULT_DELAY, 0, 1, 3000},
        {HIB_FAULT_STALL, 0, 0, 100},
        {HIB_FAULT_EXPIRED_TOKEN, 401, 0, 0},
        {HIB_FAULT_ENDED_GRANT, 401, 0, 0},
        {HIB_FAULT_REFUSED, 422, 0, 0},
        {HIB_FAULT_QUOTA, 403, 0, 0},
        {HIB_FAULT_NONSENSE, 200, 1, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(meetings); i++) {
        World w = world_new(NULL);
        HibHttpReply reply;
        const Meeting *m = &meetings[i];
        w.patience_ms = m->fault == HIB_FAULT_DELAY ? 1000 : 0;
        hib_practice_fault(w.face, &(HibPracticeFault){.fault = m->fault,
                                                       .at = i % 2 ? "publish" : "POST /s*",
                                                       .times = 1,
                                                       .ms = m->ms});
        g_assert_cmpint(send(&w, "GET", "/posts", NULL, NULL, 0, &reply), ==, 200); /* elsewhere */
        g_assert_cmpint(post_text(&w, "a", &reply), ==, m->status);
        g_assert_cmpint(counts(&w).n_created, ==, m->n_created);
        g_assert_cmpint(counts(&w).n_effects, ==, m->n_created);
        g_assert_cmpint(counts(&w).n_faults, ==, 1);
        w.patience_ms = 0;
        g_assert_cmpint(post_text(&w, "b", &reply), ==, 201); /* used up */
        world_free(&w);
    }
}

static void
processing_can_be_slow_or_fail_and_faults_by_share_hit_some(void)
{
    World w = world_new(NULL);
    HibHttpReply reply;
    hib_practice_fault(w.face, &(HibPracticeFault){HIB_FAULT_SLOW, "upload", 1, 0, 60000});
    g_assert_cmpint(send(&w, "PUT", "/upload", "video/mp4", "x", 1, &reply), ==, 200);
    g_assert_true(g_str_has_suffix(reply.body, " 61 0"));
    hib_practice_fault(w.face, &(HibPracticeFault){HIB_FAULT_PROCESSING_FAILED, "upload", 1, 0, 0});
    g_assert_cmpint(send(&w, "PUT", "/upload", "video/mp4", "x", 1, &reply), ==, 200);
    g_assert_true(g_str_has_suffix(reply.body, " 1 1"));
    hib_practice_fault(w.face, &(HibPracticeFault){HIB_FAULT_ERROR, "read", -1, 0.5, 0});
    int n_failed = 0;
    for (int i = 0; i < 100; i++)
        n_failed += send(&w, "GET", "/posts", NULL, NULL, 0, &reply) == 500;
    g_assert_cmpint(n_failed, >, 25);
    g_assert_cmpint(n_failed, <, 75);
    world_free(&w);
}

static void
the_control_door_says_and_does_the_same(void)
{
    World w = world_new(NULL);
    HibHttpReply reply;
    const char fault[] = "{\"fault\":\"error_after\",\"at\":\"publish\",\"times\":1}";
    g_assert_cmpint(
        send(&w, "POST", "/practice/fault", "application/json", fault, strlen(fault), &reply), ==,
        200);
    g_assert_cmpint(post_text(&w, "hello", &reply), ==, 500);
    g_assert_cmpint(send(&w, "POST", "/practice/fault", "application/json", "{}", 2, &reply), ==,
                    400);
    g_assert_cmpint(send(&w, "GET", "/practice/counts", NULL, NULL, 0, &reply), ==, 200);
    g_assert_nonnull(strstr(reply.body, "\"n_created\":1"));
    g_assert_cmpint(send(&w, "GET", "/practice/posts", NULL, NULL, 0, &reply), ==, 200);
    g_assert_nonnull(strstr(reply.body, "\"text\":\"hello\""));
    g_assert_cmpint(send(&w, "GET", "/practice/accounts", NULL, NULL, 0, &reply), ==, 200);
    g_assert_nonnull(strstr(reply.body, "\"handle\":\"b.parrot\""));
    const char gone[] = "{\"id\":\"nothing\"}";
    g_assert_cmpint(
        send(&w, "POST", "/practice/delete", "application/json", gone, strlen(gone), &reply), ==,
        404);
    g_assert_cmpint(send(&w, "GET", "/practice/no", NULL, NULL, 0, &reply), ==, 404);
    world_free(&w);
}

static void
what_the_audience_does_is_told_while_it_happens(void)
{
    World w = world_new(NULL);
    HibInstant now = hib_clock_now(w.clock);
    const HibPracticePost past = {
        .id = "past", .account = "1", .text = "before the start", .at = now - 5 * HIB_DAY};
    const HibPracticePost post = {.id = "p", .account = "1", .text = "hello"};
    g_assert_nonnull(hib_practice_post_add(w.face, &past));
    hib_practice_tick(w.face);
    const Parrot *told = hib_practice_state(w.face);
    g_assert_cmpint(told->n_likes, ==, 0); /* what was before is known by reading, not told */
    g_assert_cmpint(hib_practice_numbers(w.face, "past").views, >, 0);
    for (int i = 0; i < 40; i++) {
        char id[8];
        g_snprintf(id, sizeof id, "p%d", i);
        HibPracticePost one = post;
        one.id = id;
        one.at = now + i * 12 * HIB_HOUR;
        g_assert_nonnull(hib_practice_post_add(w.face, &one));
    }
    for (int hour = 1; hour <= 24 * 30; hour++) {
        hib_clock_manual_set(w.clock, now + hour * HIB_HOUR);
        hib_practice_tick(w.face);
    }
    int64_t n_likes = 0, n_comments = 0;
    for (int i = 0; i < 40; i++) {
        char id[8];
        g_snprintf(id, sizeof id, "p%d", i);
        n_likes += hib_practice_numbers(w.face, id).likes;
        n_comments += hib_practice_numbers(w.face, id).comments;
    }
    g_assert_cmpint(told->n_likes, >=, n_likes); /* some are of the past post's last days */
    g_assert_cmpint(told->n_without_post, ==, 0);
    g_assert_cmpint(n_comments, >, 0);
    g_assert_cmpint(told->n_comments, >=, n_comments);
    g_assert_true(told->is_comment_right);
    g_assert_cmpint(hib_practice_followers(w.face, "1"), >, 0);
    world_free(&w);
}

static void
posts_quotas_and_notes_outlive_a_restart_and_a_torn_last_line(void)
{
    g_autofree char *folder = g_dir_make_tmp("hibiki-parrot-XXXXXX", NULL);
    g_autofree char *journal = g_build_filename(folder, "parrot.journal", NULL);
    World w = world_new(journal);
    HibHttpReply reply;
    g_assert_cmpint(post_text(&w, "stays", &reply), ==, 201);
    g_autofree char *first = g_strdup(reply.body);
    g_assert_cmpint(post_text(&w, "goes", &reply), ==, 201);
    g_assert_cmpint(send(&w, "POST", "/note", NULL, "", 0, &reply), ==, 302);
    const HibPracticePost *const *found = NULL;
    size_t n =
        hib_practice_posts(w.face, w.arena, &(HibPracticeQuery){.account = "1"}, &found, NULL);
    g_assert_cmpuint(n, ==, 2);
    g_assert_true(hib_practice_post_delete(w.face, found[0]->id));
    hib_clock_manual_set(w.clock, hib_clock_now(w.clock) + 3 * HIB_DAY);
    size_t n_left =
        hib_practice_posts(w.face, w.arena, &(HibPracticeQuery){.account = "1"}, &found, NULL);
    g_assert_cmpuint(n_left, ==, 1);
    const char *id = hib_arena_strdup(w.arena, found[0]->id);
    const HibAudienceNumbers before = hib_practice_numbers(w.face, id);
    int64_t followers = hib_practice_followers(w.face, "1");
    hib_practice_stop(w.face);
    FILE *file = fopen(journal, "a");
    fputs("{\"op\":\"post\",\"is\":{\"id\":\"torn", file);
    fclose(file);
    w.face = start(w.clock, journal);
    g_assert_cmpint(hib_practice_count_text(w.face, "stays"), ==, 1);
    const HibAudienceNumbers after = hib_practice_numbers(w.face, id);
    g_assert_cmpint(before.views, >, 0);
    g_assert_cmpmem(&before, sizeof before, &after, sizeof after);
    g_assert_cmpint(hib_practice_followers(w.face, "1"), ==, followers);
    g_assert_cmpint(hib_practice_count_text(w.face, "goes"), ==, 0);
    g_assert_cmpint(counts(&w).n_live, ==, 1);
    g_assert_cmpint(counts(&w).n_created, ==, 0);
    g_assert_cmpint(((Parrot *)hib_practice_state(w.face))->n_notes, ==, 1);
    g_assert_cmpint(hib_practice_window(w.face, "month", 8, 30 * HIB_DAY).used, ==, 2);
    g_assert_cmpint(post_text(&w, "new", &reply), ==,
                    201); /* the clock stands still: the id is new all the same */
    g_assert_cmpstr(reply.body, !=, first);
    hib_practice_stop(w.face);
    file = fopen(journal, "a");
    fputs("damage\n{}\n", file);
    fclose(file);
    g_autoptr(GError) error = NULL;
    w.face = hib_practice_start(
        &parrot, &(HibPracticeOptions){.accounts = accounts, .n_accounts = 2, .journal = journal},
        &error);
    g_assert_null(w.face);
    g_assert_nonnull(error);
    g_unlink(journal);
    g_rmdir(folder);
    world_free(&w);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/practice/face/" #name, name)
    TEST(routes_and_parameters);
    TEST(forms_json_and_films_come_in);
    TEST(a_body_over_the_limit_is_refused_and_a_range_goes_on);
    TEST(windows_and_quotas);
    TEST(pages_keep_their_place);
    TEST(every_fault_spoils_one_call_and_its_effect_is_counted);
    TEST(processing_can_be_slow_or_fail_and_faults_by_share_hit_some);
    TEST(the_control_door_says_and_does_the_same);
    TEST(what_the_audience_does_is_told_while_it_happens);
    TEST(posts_quotas_and_notes_outlive_a_restart_and_a_torn_last_line);
    return g_test_run();
}
