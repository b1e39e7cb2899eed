/* See test_graph.h. */
#include "networks/test_graph.h"
#include "networks/meta.h"

#include <string.h>

#define NOW (INT64_C(1795000000) * HIB_SECOND)

typedef struct {
    TestGraph *graph;
    const TestWireCall *call;
    TestWireAnswer *answer;
    char *parts[6]; /* "v25.0" "178" "media" */
    GHashTable *query, *form;
} Call;

static const char *
field(const Call *call, const char *name)
{
    const char *value = call->form ? g_hash_table_lookup(call->form, name) : NULL;
    return value ? value : call->query ? g_hash_table_lookup(call->query, name) : NULL;
}

static int64_t
number(const Call *call, const char *name)
{
    const char *value = field(call, name);
    return value ? g_ascii_strtoll(value, NULL, 10) : 0;
}

static void
refuse(const Call *call, int status, int code, int subcode, const char *message)
{
    call->answer->status = status;
    g_string_printf(call->answer->room,
                    "{\"error\":{\"message\":\"%s\",\"type\":\"OAuthException\",\"code\":%d,"
                    "\"error_subcode\":%d,\"fbtrace_id\":\"A\"}}",
                    message, code, subcode);
}

static int
add_thing(TestGraph *graph, const char *form)
{
    int i = graph->n_things++;
    g_assert_cmpint(i, <, (int)G_N_ELEMENTS(graph->things));
    memset(&graph->things[i], 0, sizeof graph->things[i]);
    g_snprintf(graph->things[i].id, sizeof graph->things[i].id, "%d", 900 + i);
    g_strlcpy(graph->things[i].form, form, sizeof graph->things[i].form);
    return i;
}

static int
thing(const TestGraph *graph, const char *id)
{
    for (int i = 0; i < graph->n_things; i++)
        if (id && g_str_equal(graph->things[i].id, id))
            return i;
    return -1;
}

static const char *
put_out(TestGraph *graph, const char *of, const char *text, int n_media)
{
    TestGraphPost *post = &graph->posts[graph->n_posts++];
    g_assert_cmpint(graph->n_posts, <=, (int)G_N_ELEMENTS(graph->posts));
    graph->n_out++;
    g_snprintf(post->id, sizeof post->id, "178_%d", graph->n_posts);
    g_strlcpy(post->of, of, sizeof post->of);
    g_strlcpy(post->text, text ? text : "", sizeof post->text);
    post->at = hib_clock_now(graph->clock);
    post->n_media = n_media;
    return post->id;
}

/* --- containers --------------------------------------------------------------------------------------------------- */
static const char *
state_of(TestGraph *graph, int i)
{
    if (graph->things[i].is_out)
        return "PUBLISHED";
    if (strstr(graph->things[i].form, "upload_type=resumable") &&
        graph->things[i].got < graph->things[i].size)
        return "IN_PROGRESS";
    if (graph->things[i].n_asked < graph->n_slow)
        return "IN_PROGRESS";
    return graph->status ? graph->status : "FINISHED";
}

static void
make_container(const Call *call)
{
    TestGraph *graph = call->graph;
    int i = add_thing(graph, call->call->body);
    graph->things[i].size = 1; /* until the upload says */
    g_string_printf(call->answer->room, "{\"id\":\"%s\"", graph->things[i].id);
    if (strstr(call->call->body, "upload_type=resumable"))
        g_string_append_printf(call->answer->room,
                               ",\"uri\":\"https://rupload.facebook.com/ig-api-upload/v25.0/%s\"",
                               graph->things[i].id);
    g_string_append(call->answer->room, "}");
}

static void
publish_container(const Call *call, const char *listed)
{
    TestGraph *graph = call->graph;
    int i = thing(graph, field(call, "creation_id"));
    if (i < 0 || graph->things[i].is_out) {
        refuse(call, 400, 24, 2207008, "The container does not exist.");
        return;
    }
    if (graph->n_early > 0 || !g_str_equal(state_of(graph, i), "FINISHED")) {
        graph->n_early--;
        refuse(call, 400, 9007, 2207027, "The media is not ready for publishing.");
        return;
    }
    graph->things[i].is_out = true;
    g_autoptr(GHashTable) form =
        g_uri_parse_params(graph->things[i].form, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
    const char *children = g_hash_table_lookup(form, "children"), *of = listed;
    const char *text = g_hash_table_lookup(form, "caption");
    const char *type = g_hash_table_lookup(form, "media_type");
    g_auto(GStrv) ids = g_strsplit(children ? children : "1", ",", -1);
    if (g_strcmp0(type, "STORIES") == 0)
        of = "stories";
    if (g_hash_table_lookup(form, "reply_to_id"))
        of = "replies";
    const char *id = put_out(graph, of, text ? text : g_hash_table_lookup(form, "text"),
                             g_strcmp0(type, "TEXT") == 0 ? 0 : (int)g_strv_length(ids));
    g_string_printf(call->answer->room, "{\"id\":\"%s\"}", id);
}

static void
upload(const Call *call, const char *id)
{
    TestGraph *graph = call->graph;
    int i = thing(graph, id);
    const char *from = g_hash_table_lookup(call->call->headers, "offset");
    const char *size = g_hash_table_lookup(call->call->headers, "file_size");
    g_assert_cmpint(i, >=, 0);
    g_assert_cmpstr(g_hash_table_lookup(call->call->headers, "authorization"), ==, "OAuth token");
    g_assert_cmpint(g_ascii_strtoll(from, NULL, 10), ==, graph->things[i].got);
    graph->things[i].size = g_ascii_strtoll(size, NULL, 10);
    graph->things[i].got += (int64_t)call->call->n_body;
    g_assert_cmpint(graph->things[i].got, <=, graph->things[i].size);
    call->answer->body = "{\"success\":true,\"message\":\"Upload successful.\"}";
}

/* --- videos of pages ----------------------------------------------------------------------------------------------- */
static void
offsets(const Call *call, int i)
{
    int64_t from = call->graph->things[i].got, to = MIN(from + 1000, call->graph->things[i].size);
    g_string_append_printf(call->answer->room,
                           "\"start_offset\":\"%" G_GINT64_FORMAT
                           "\",\"end_offset\":\"%" G_GINT64_FORMAT "\"}",
                           from, to);
}

static void
finish_video(const Call *call, int i, const char *listed)
{
    TestGraph *graph = call->graph;
    g_assert_cmpint(graph->things[i].got, ==, graph->things[i].size);
    if (!graph->things[i].is_out)
        put_out(graph, listed, field(call, "description"), 1);
    graph->things[i].is_out = true;
    graph->things[i].n_asked = 0;
    call->answer->body = "{\"success\":true}";
}

static void
on_video(const Call *call, const char *edge)
{
    TestGraph *graph = call->graph;
    const char *phase = field(call, "upload_phase"), *session = field(call, "upload_session_id");
    bool is_long = g_str_equal(edge, "videos");
    if (!phase) { /* a multipart body: a piece */
        const char *at = strstr(call->call->body, "name=\"upload_session_id\"");
        g_assert_nonnull(at);
        at = strstr(at, "\r\n\r\n") + 4;
        g_autofree char *id = g_strndup(at, strcspn(at, "\r"));
        const char *start = strstr(call->call->body, "name=\"start_offset\"");
        int64_t from = g_ascii_strtoll(strstr(start, "\r\n\r\n") + 4, NULL, 10);
        int i = thing(graph, id);
        if (from != graph->things[i].got) {
            call->answer->status = 400;
            g_string_printf(call->answer->room, "{\"error\":{\"message\":\"Invalid offset\","
                                                "\"code\":6001,\"error_subcode\":1363037,"
                                                "\"error_data\":{");
            offsets(call, i);
            g_string_append(call->answer->room, "}}");
            return;
        }
        graph->things[i].got = MIN(from + 1000, graph->things[i].size);
        g_string_assign(call->answer->room, "{");
        offsets(call, i);
    } else if (g_str_equal(phase, "start")) {
        int i = add_thing(graph, call->call->body);
        const char *size = field(call, "file_size");
        graph->things[i].size = size ? g_ascii_strtoll(size, NULL, 10) : 1;
        g_string_printf(call->answer->room, "{\"video_id\":\"%s\",", graph->things[i].id);
        if (!is_long) {
            g_string_append_printf(
                call->answer->room,
                "\"upload_url\":\"https://rupload.facebook.com/video-upload/v25.0/%s\"}",
                graph->things[i].id);
            return;
        }
        g_string_append_printf(call->answer->room, "\"upload_session_id\":\"%s\",",
                               graph->things[i].id);
        offsets(call, i);
    } else {
        finish_video(call, thing(graph, is_long ? session : field(call, "video_id")), edge);
    }
}

/* --- reading -------------------------------------------------------------------------------------------------------- */
static void
list(const Call *call, const char *of)
{
    TestGraph *graph = call->graph;
    GString *room = call->answer->room;
    int n = graph->n_unlisted > 0 ? graph->n_posts - 1 : graph->n_posts;
    int64_t since = number(call, "since"), until = number(call, "until"),
            left = number(call, "limit");
    graph->n_unlisted--;
    left = left ? left : 25;
    g_string_assign(room, "{\"data\":[");
    for (int i = n - 1; i >= 0; i--) {
        const TestGraphPost *post = &graph->posts[i];
        char at[HIB_INSTANT_TEXT];
        if (!g_str_equal(post->of, of) || post->at < since * HIB_SECOND ||
            (until && post->at >= until * HIB_SECOND) || left-- <= 0)
            continue;
        hib_instant_format(post->at, at);
        at[strlen(at) - 1] = '\0';
        cJSON *text = cJSON_CreateString(post->text);
        char *quoted = cJSON_PrintUnformatted(text);
        g_string_append_printf(
            room,
            "%s{\"id\":\"%s\",\"caption\":%s,\"text\":%s,\"message\":%s,\"timestamp\":\"%s+0000\","
            "\"created_time\":\"%s+0000\",\"permalink\":\"https://p/%s\",\"username\":\"hibiki\","
            "\"permalink_url\":\"https://f/%s\",\"from\":{\"id\":\"178\",\"username\":\"hibiki\"},"
            "\"media_type\":\"%s\",\"media_id\":\"%s\",\"post_id\":\"%s\"",
            room->str[room->len - 1] == '[' ? "" : ",", post->id, quoted, quoted, quoted, at, at,
            post->id, post->id, post->n_media ? "IMAGE" : "TEXT_POST",
            graph->n_things ? graph->things[0].id : "", post->id);
        if (post->n_media)
            g_string_append(room, ",\"attachments\":{\"data\":[{\"media_type\":\"photo\"");
        for (int k = 0; k < post->n_media && post->n_media > 1; k++)
            g_string_append_printf(room, "%s{\"media_type\":\"photo\"}",
                                   k ? "," : ",\"subattachments\":{\"data\":[");
        g_string_append(room, post->n_media > 1 ? "]}" : "");
        g_string_append(room, post->n_media ? "}]}" : "");
        for (int k = 0; k < post->n_media && post->n_media > 1; k++)
            g_string_append_printf(room, "%s{\"id\":\"%d\"}", k ? "," : ",\"children\":{\"data\":[",
                                   k);
        g_string_append(room, post->n_media > 1 ? "]}}" : "}");
        cJSON_free(quoted);
        cJSON_Delete(text);
    }
    g_string_append(room, "]}");
}

static void
ask(const Call *call, const char *id)
{
    TestGraph *graph = call->graph;
    int i = thing(graph, id);
    if (i < 0) {
        g_string_printf(call->answer->room, "{\"id\":\"%s\",\"permalink\":\"https://p/%s\"}", id,
                        id);
        return;
    }
    bool is_ready = graph->things[i].n_asked >= graph->n_slow;
    const char *fields = field(call, "fields");
    if (g_str_equal(fields, "video_status")) {
        g_string_printf(
            call->answer->room,
            "{\"video_status\":{\"uploading_phase\":{\"bytes_transferred\":%" G_GINT64_FORMAT "}}}",
            graph->things[i].got);
    } else if (strstr(fields, "post_id") ||
               (g_str_equal(fields, "status") && strcmp(call->parts[0], "v1.0") != 0)) {
        const char *phase = !graph->things[i].is_out ? "not_started"
                            : is_ready               ? "complete"
                                                     : "in_progress";
        g_string_printf(call->answer->room,
                        "{\"status\":{\"video_status\":\"%s\",\"uploading_phase\":{\"status\":"
                        "\"x\",\"bytes_transfered\":%" G_GINT64_FORMAT "},\"processing_phase\":{"
                        "\"status\":\"not_started\"},\"publishing_phase\":{\"status\":\"%s\"}},"
                        "\"permalink_url\":\"/reel/%s/\",\"post_id\":\"77\",\"id\":\"%s\"}",
                        is_ready ? "ready" : "processing", graph->things[i].got, phase, id, id);
        graph->things[i].n_asked++;
    } else {
        g_string_printf(call->answer->room,
                        "{\"id\":\"%s\",\"status_code\":\"%s\",\"status\":\"%s\","
                        "\"error_message\":\"%s\"}",
                        id, state_of(graph, i),
                        strstr(fields, "status_code") && graph->why ? graph->why
                                                                    : state_of(graph, i),
                        graph->why ? graph->why : "");
        graph->things[i].n_asked++;
    }
}

/* --- what is asked ---------------------------------------------------------------------------------------------------- */
static void
feed(const Call *call)
{
    TestGraph *graph = call->graph;
    int n_photos = 0;
    for (const char *at = call->call->body; (at = strstr(at, "attached_media")); at++)
        n_photos++;
    g_string_printf(call->answer->room, "{\"id\":\"%s\"}",
                    put_out(graph, "published_posts", field(call, "message"), n_photos));
}

static void
converse(const Call *call)
{
    GString *inner = g_string_new(NULL);
    list(call, "messages");
    g_string_assign(inner, call->answer->room->str);
    g_string_printf(call->answer->room,
                    "{\"data\":[{\"id\":\"t_1\",\"participants\":{\"data\":[{\"id\":\"178\"},"
                    "{\"id\":\"55\",\"username\":\"mika\"}]},\"messages\":%s}]}",
                    inner->str);
    g_string_free(inner, true);
}

static void
answer_edge(const Call *call, const char *id, const char *edge, bool is_post)
{
    TestGraph *graph = call->graph;
    g_autofree char *under = g_strdup_printf("%s/comments", id);
    if (!strcmp(edge, "subscribed_apps"))
        call->answer->body = "{\"success\":true}";
    else if (is_post && (!strcmp(edge, "media") || !strcmp(edge, "threads")))
        make_container(call);
    else if (!strcmp(edge, "media_publish"))
        publish_container(call, "media");
    else if (!strcmp(edge, "threads_publish"))
        publish_container(call, "threads");
    else if (!strcmp(edge, "photos"))
        g_string_printf(call->answer->room, "{\"id\":\"%s\"}",
                        graph->things[add_thing(graph, "photo")].id);
    else if (!strcmp(edge, "feed"))
        feed(call);
    else if (is_post && (!strcmp(edge, "video_reels") || !strcmp(edge, "video_stories") ||
                         !strcmp(edge, "videos")))
        on_video(call, edge);
    else if (!strcmp(edge, "photo_stories"))
        g_string_printf(call->answer->room, "{\"success\":true,\"post_id\":\"%s\"}",
                        put_out(graph, "stories", "", 1));
    else if (is_post && (!strcmp(edge, "comments") || !strcmp(edge, "replies")))
        g_string_printf(call->answer->room, "{\"id\":\"%s\"}",
                        put_out(graph, under, field(call, "message"), 0));
    else if (is_post && !strcmp(edge, "messages")) {
        HibJson in;
        const char *message = field(call, "message");
        g_autoptr(HibArena) arena = hib_arena_new();
        g_assert_true(hib_json_parse(arena, message, strlen(message), &in, NULL));
        g_string_printf(call->answer->room, "{\"recipient_id\":\"55\",\"message_id\":\"%s\"}",
                        put_out(graph, "messages", hib_meta_text(in, "text"), 0));
    } else if (!strcmp(edge, "conversations"))
        converse(call);
    else if (!strcmp(edge, "comments") || (!strcmp(edge, "replies") && strcmp(id, "178") != 0))
        list(call, under);
    else
        list(call, edge);
}

static void
act(Call *call)
{
    const char *const *at = (const char *const *)call->parts;
    bool is_post = g_str_equal(call->call->method, "POST");
    if (at[0] && (!strcmp(at[0], "ig-api-upload") || !strcmp(at[0], "video-upload"))) {
        upload(call, at[2]);
        return;
    }
    const char *bearer = g_hash_table_lookup(call->call->headers, "authorization");
    g_assert_cmpstr(bearer, ==, "Bearer token");
    g_assert_null(strstr(call->call->path, "token"));
    if (at[2])
        answer_edge(call, at[1], at[2], is_post);
    else if (at[1])
        ask(call, at[1]);
    if (call->answer->body == NULL && call->answer->room->len == 0)
        refuse(call, 400, 100, 0, "Unknown path components");
}

static void
on_call(void *data, const TestWireCall *came, TestWireAnswer *answer)
{
    TestGraph *graph = data;
    TestGraphFault fault = ++graph->n_calls == graph->fault_at ? graph->fault : GRAPH_FINE;
    const char *mark = strchr(came->path, '?');
    g_autofree char *path =
        mark ? g_strndup(came->path, (gsize)(mark - came->path)) : g_strdup(came->path);
    g_auto(GStrv) parts = g_strsplit(path + 1, "/", 6);
    Call call = {.graph = graph, .call = came, .answer = answer};
    for (size_t i = 0; i < G_N_ELEMENTS(call.parts) - 1 && parts[i]; i++)
        call.parts[i] = parts[i];
    const char *type = g_hash_table_lookup(came->headers, "content-type");
    call.query = mark ? g_uri_parse_params(mark + 1, -1, "&", G_URI_PARAMS_WWW_FORM, NULL) : NULL;
    call.form = type && strstr(type, "urlencoded")
                    ? g_uri_parse_params(came->body, -1, "&", G_URI_PARAMS_WWW_FORM, NULL)
                    : NULL;
    g_strlcat(graph->journal, came->method, sizeof graph->journal);
    g_strlcat(graph->journal, " ", sizeof graph->journal);
    g_strlcat(graph->journal, path, sizeof graph->journal);
    g_strlcat(graph->journal, "\n", sizeof graph->journal);
    if (call.form)
        g_strlcpy(graph->last_form, came->body, sizeof graph->last_form);
    if (fault == GRAPH_FINE || fault == GRAPH_CUT_AFTER || fault == GRAPH_500_AFTER)
        act(&call);
    answer->is_cut = fault == GRAPH_CUT_BEFORE || fault == GRAPH_CUT_AFTER;
    if (fault >= GRAPH_500_BEFORE)
        answer->body = NULL;
    if (fault == GRAPH_500_BEFORE || fault == GRAPH_500_AFTER)
        refuse(&call, 500, 2, 0, "An unexpected error has occurred.");
    else if (fault == GRAPH_RATE)
        refuse(&call, 400, 4, 0, "Application request limit reached");
    else if (fault == GRAPH_TOKEN)
        refuse(&call, 400, 190, 463, "Error validating access token");
    g_clear_pointer(&call.query, g_hash_table_unref);
    g_clear_pointer(&call.form, g_hash_table_unref);
}

/* --- for the tests --------------------------------------------------------------------------------------------------------- */
TestGraph *
test_graph_new(void)
{
    TestGraph *graph = g_new0(TestGraph, 1);
    graph->arena = hib_arena_new();
    graph->http = hib_http_new();
    graph->clock = hib_clock_manual_new(NOW);
    graph->wire = test_wire_new(on_call, graph);
    return graph;
}

void
test_graph_free(TestGraph *graph)
{
    if (!graph)
        return;
    test_wire_free(graph->wire);
    hib_http_free(graph->http);
    hib_arena_free(graph->arena);
    hib_clock_free(graph->clock);
    g_free(graph);
}

TestDrive
test_graph_drive(TestGraph *graph, const HibNetwork *network, const HibNetPost *post)
{
    TestDrive drive = {.network = network,
                       .net = {.http = graph->http,
                               .arena = graph->arena,
                               .clock = graph->clock,
                               .may_be_private = true,
                               .may_lead_private = true},
                       .grant = {.service = test_wire_url(graph->wire),
                                 .remote_id = "178",
                                 .handle = "hibiki",
                                 .access = "token",
                                 .refresh = "",
                                 .extra = ""},
                       .post = *post};
    drive.post.created_at = NOW;
    drive.sending = (HibNetSending){.handle = "h", .progress = "{}"};
    return drive;
}

static int64_t
read_zeros(void *source, int64_t offset, void *into, size_t n)
{
    (void)source;
    (void)offset;
    memset(into, 0, n);
    return (int64_t)n;
}

void
test_graph_crowd(TestGraph *graph, int n)
{
    const TestGraphPost newest = graph->posts[graph->n_posts - 1];
    HibInstant at = hib_clock_now(graph->clock) + 90 * HIB_MINUTE;
    g_assert_cmpint(graph->n_posts + n, <=, (int)G_N_ELEMENTS(graph->posts));
    for (int i = 0; i < n; i++, at += HIB_MINUTE) {
        TestGraphPost *post = &graph->posts[graph->n_posts++];
        *post = newest;
        g_snprintf(post->id, sizeof post->id, "178_%d", graph->n_posts);
        g_snprintf(post->text, sizeof post->text, "another %d", i);
        post->at = at;
    }
    hib_clock_manual_set(graph->clock, at);
}

HibNetMedia
test_graph_medium(const char *mime, int64_t n, const char *url)
{
    return (HibNetMedia){.kind = g_str_has_prefix(mime, "video/") ? HIB_NET_VIDEO : HIB_NET_IMAGE,
                         .mime = mime,
                         .alt = "",
                         .sha256 = "",
                         .bytes = n,
                         .url = url,
                         .read = read_zeros,
                         .cover_ms = -1};
}

const char *
test_graph_form(const TestGraph *graph, int i)
{
    g_assert_cmpint(i, <, graph->n_things);
    return graph->things[i].form;
}

bool
test_graph_has(const char *form, const char *pair)
{
    g_autoptr(GHashTable) pairs = g_uri_parse_params(form, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
    const char *sign = strchr(pair, '=');
    g_autofree char *name = g_strndup(pair, (gsize)(sign - pair));
    return pairs && g_strcmp0(g_hash_table_lookup(pairs, name), sign + 1) == 0;
}
