/* What every connector leans on: words without tokens, forms, challenges, signatures, bodies in parts, and what no answer means. */
#include "base/error.h"
#include "base/secrets.h"
#include "networks/call.h"
#include "networks/test_wire.h"

#include "test_sending.h"

static HibArena *arena;

/* --- words ----------------------------------------------------------------------------------------------- */
static void
the_networks_words_hold_no_token(void)
{
    static const struct {
        const char *before, *secret, *after;
    } secrets[] = {
        {"bad token ", "eyJhbGciOi.eyJzdWIi.sig-nature_1", " seen"},
        {"token ", "EAABsbCS1iHgBAKZCZB0123456789abcdefghij", ""},
        {"", "ZA-Yj3aBD8U8Cm7lKUp-lm9O9BmDgdhHzDeqsY8tlL0", " was refused"},
        {"", "abcdefghijklmnopqrsTUVWXYZabcdefGHIJKLmnop", ""}, /* no digit, as some random ones */
        {"(", "abc/DEFG4567hijk8901lmnoPQRSTUVWXYZabcdefgh/h1=",
         ") refused"}, /* base64 hangs together */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(secrets); i++) {
        g_autofree char *stars = g_strnfill(strlen(secrets[i].secret), '*');
        g_assert_cmpstr(
            hib_net_clean(arena, hib_arena_printf(arena, "%s%s%s", secrets[i].before,
                                                  secrets[i].secret, secrets[i].after)),
            ==, hib_arena_printf(arena, "%s%s%s", secrets[i].before, stars, secrets[i].after));
    }
    static const struct {
        const char *said, *shown;
    } plain[] = {
        {NULL, ""},
        {"", ""},
        {"plain words", "plain words"},
        {"unaudited_client_can_only_post_to_private_accounts",
         "unaudited_client_can_only_post_to_private_accounts"},
        {"see https://developers.example.com/docs/errors/invalid-media-type now",
         "see https://developers.example.com/docs/errors/invalid-media-type now"},
        {"two\nlines\x01", "two lines "},
        {"\xff broken", ""},
        {"画像が大きすぎます", "画像が大きすぎます"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(plain); i++)
        g_assert_cmpstr(hib_net_clean(arena, plain[i].said), ==, plain[i].shown);
    g_autoptr(GString) text = g_string_new("seen ");
    for (int i = 0; i < 400; i++)
        g_string_append(text, "響");
    const char *cut = hib_net_clean(arena, text->str);
    g_assert_cmpuint(strlen(cut), <=, 500);
    g_assert_cmpuint(strlen(cut), >, 490);
    g_assert_true(g_utf8_validate(cut, -1, NULL));
}

static void
random_tokens_are_always_masked(void)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    HibSeeded dice;
    hib_seeded_init(&dice, 43);
    for (int i = 0; i < 20000; i++) {
        char token[44] = "";
        for (int c = 0; c < 43; c++)
            token[c] = digits[hib_seeded_below(&dice, 64)];
        g_autoptr(HibArena) own = hib_arena_new();
        const char *shown = hib_net_clean(own, hib_arena_printf(own, "token %s refused", token));
        if (strstr(shown, token))
            g_test_message("%s", token);
        g_assert_null(strstr(shown, token));
    }
}

static void
a_form_is_encoded_and_leaves_out_what_is_not_there(void)
{
    g_assert_cmpstr(hib_net_form(arena, "a", "1 2", "b", NULL, "c", "あ&=", NULL), ==,
                    "a=1%202&c=%E3%81%82%26%3D");
    g_assert_cmpstr(hib_net_form(arena, "a", NULL, NULL), ==, "");
    g_assert_cmpstr(hib_net_form(arena, "a", NULL, "b", "x", NULL), ==, "b=x");
}

static void
challenges_and_signatures_are_those_of_their_rfcs(void)
{
    /* RFC 7636, appendix B. */
    static const char verifier[] = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    g_assert_cmpstr(hib_net_challenge(arena, verifier, false), ==,
                    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    g_assert_cmpstr(hib_net_challenge(arena, verifier, true), ==,
                    "13d31e961a1ad8ec2f16b10c4c982e0876a878ad6df144566ee1894acb70f9c3");
    /* RFC 4231, test case 2; its base64 by openssl. */
    static const char data[] = "what do ya want for nothing?";
    g_assert_cmpstr(hib_net_hmac(arena, "Jefe", data, strlen(data), true), ==,
                    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    g_assert_cmpstr(hib_net_hmac(arena, "Jefe", data, strlen(data), false), ==,
                    "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
    g_assert_true(hib_net_same("abc", "abc"));
    g_assert_true(hib_net_same("", ""));
    g_assert_false(hib_net_same("abc", "abd"));
    g_assert_false(hib_net_same("abc", "abcd"));
    g_assert_false(hib_net_same(NULL, "abc"));
    g_assert_false(hib_net_same("abc", NULL));
    const char *uuid = hib_net_uuid(arena);
    g_assert_true(g_uuid_string_is_valid(uuid));
    g_assert_cmpint(uuid[14], ==, '4');
    g_assert_cmpstr(uuid, !=, hib_net_uuid(arena));
}

/* --- headers and addresses -------------------------------------------------------------------------------- */
static HibHttpReply
reply_with(const char *name, const char *value)
{
    GHashTable *headers = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_insert(headers, (void *)name, (void *)value);
    return (HibHttpReply){.status = 429, .body = "", .headers = headers};
}

static void
retry_after_is_seconds_or_a_date(void)
{
    const HibInstant now = INT64_C(1795000000) * HIB_SECOND; /* 2026-11-18T11:06:40Z */
    static const struct {
        const char *value;
        int64_t after_s; /* -1: it says nothing */
    } cases[] = {
        {"0", 0},
        {"120", 120},
        {"-5", -1},
        {"soon", -1},
        {"", -1},
        {"99999999999", -1},
        {"Wed, 18 Nov 2026 11:08:40 GMT", 120},
        {"Wed, 18 Nov 2026 10:00:00 GMT", 0}, /* over already */
        {"Wed, 18 Nov 2026 11:08:40 PST", -1},
        {"Wed, 32 Nov 2026 11:08:40 GMT", -1},
        {"Wed, 18 ovD 2026 11:08:40 GMT", -1},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        HibHttpReply reply = reply_with("retry-after", cases[i].value);
        g_test_message("%s", cases[i].value);
        g_assert_cmpint(hib_net_retry_after(&reply, now), ==,
                        cases[i].after_s < 0 ? 0 : now + cases[i].after_s * HIB_SECOND);
        g_hash_table_unref(reply.headers);
    }
    HibHttpReply reply = reply_with("x-left", "17");
    g_assert_cmpint(hib_net_header_int(&reply, "x-left", -1), ==, 17);
    g_assert_cmpint(hib_net_header_int(&reply, "x-right", -1), ==, -1);
    g_assert_cmpint(hib_net_retry_after(&reply, now), ==, 0);
    g_hash_table_unref(reply.headers);
}

static void
only_a_server_that_may_hear_a_secret_is_a_service(void)
{
    static const struct {
        const char *typed, *service, *private_too;
    } cases[] = {
        {"", "https://d.example", "https://d.example"},
        {"  ", "https://d.example", "https://d.example"},
        {"mstdn.example", "https://mstdn.example", "https://mstdn.example"},
        {" https://Mstdn.Example/ ", "https://mstdn.example", "https://mstdn.example"},
        {"https://mstdn.example:8443", "https://mstdn.example:8443", "https://mstdn.example:8443"},
        {"http://127.0.0.1:9", NULL, "http://127.0.0.1:9"},
        {"http://[::1]:9", NULL, "http://[::1]:9"},
        {"https://user:word@mstdn.example", NULL, NULL},
        {"https://mstdn.example/path", NULL, NULL},
        {"https://mstdn.example?x=", NULL, NULL},
        {"https://mstdn.example#x", NULL, NULL},
        {"ftp://mstdn.example", NULL, NULL},
        {"https://", NULL, NULL},
        {"file:///etc/passwd", NULL, NULL},
    };
    HibNetContext net = {.arena = arena};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].typed);
        net.may_be_private = false;
        g_assert_cmpstr(hib_net_service(&net, cases[i].typed, "https://d.example"), ==,
                        cases[i].service);
        net.may_be_private = true;
        g_assert_cmpstr(hib_net_service(&net, cases[i].typed, "https://d.example"), ==,
                        cases[i].private_too);
    }
    g_autofree char *longest = g_strnfill(301, 'a');
    g_assert_null(hib_net_service(&net, longest, NULL));
    const HibNetLimits limits = {.default_service = "https://d.example"};
    g_assert_cmpstr(hib_net_host(arena, &limits, "https://d.example", "https://up.example"), ==,
                    "https://up.example");
    g_assert_cmpstr(hib_net_host(arena, &limits, NULL, "https://up.example"), ==,
                    "https://up.example");
    g_assert_cmpstr(hib_net_host(arena, &limits, "http://127.0.0.1:9", "https://up.example"), ==,
                    "http://127.0.0.1:9");
}

/* --- bodies ------------------------------------------------------------------------------------------------ */
static char *
all_parts(const HibNetMultipart *body)
{
    GString *out = g_string_new(NULL);
    for (size_t i = 0; i < body->n_parts; i++) {
        const HibHttpPart *part = &body->parts[i];
        if (part->data) {
            g_string_append_len(out, part->data, (gssize)part->n);
            continue;
        }
        char bytes[8];
        int64_t at = 0, n;
        while (at < part->n &&
               (n = part->read(part->source, at, bytes, (size_t)MIN(3, part->n - at))) > 0) {
            g_string_append_len(out, bytes, n);
            at += n;
        }
        g_assert_cmpint(at, ==, part->n);
    }
    return g_string_free(out, FALSE);
}

static void
a_body_in_parts_has_its_fields_and_one_piece_of_the_medium(void)
{
    const HibNetMedia media = hib_test_medium(arena, "image/png", "0123456789", 10);
    const char *const pairs[] = {"description", "湯気\r\nX", "focus", NULL, "a\"b", "c", NULL};
    HibNetMultipart body = {0};
    hib_net_multipart(arena, pairs, "file", "p\"\r\n.png", &media, 2, 5, &body);
    g_autofree char *text = all_parts(&body);
    const char *boundary = strstr(body.content_type, "boundary=") + 9;
    const char *wanted = hib_arena_printf(
        arena,
        "--%s\r\nContent-Disposition: form-data; name=\"description\"\r\n\r\n湯気\r\nX\r\n"
        "--%s\r\nContent-Disposition: form-data; name=\"a%%22b\"\r\n\r\nc\r\n"
        "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p%%22%%0D%%0A.png\"\r\n"
        "Content-Type: image/png\r\n\r\n23456\r\n--%s--\r\n",
        boundary, boundary, boundary, boundary);
    g_assert_cmpstr(text, ==, wanted);
    g_assert_true(g_str_has_prefix(body.content_type, "multipart/form-data; boundary="));
    HibNetMultipart other = {0};
    hib_net_multipart(arena, NULL, "file", "p", &media, 0, 10, &other);
    g_assert_cmpstr(other.content_type, !=, body.content_type);
}

static void
progress_reads_back_and_damage_begins_anew(void)
{
    g_autoptr(cJSON) progress = hib_net_progress("{\"a\":\"x\",\"n\":1}");
    g_assert_cmpstr(hib_net_progress_get(arena, progress, "a"), ==, "x");
    g_assert_null(hib_net_progress_get(arena, progress, "n"));
    g_assert_null(hib_net_progress_get(arena, progress, "b"));
    g_assert_cmpstr(hib_net_progress_text(arena, progress), ==, "{\"a\":\"x\",\"n\":1}");
    static const char *const damaged[] = {NULL, "", "{", "[]", "7", "null"};
    for (size_t i = 0; i < G_N_ELEMENTS(damaged); i++) {
        g_autoptr(cJSON) fresh = hib_net_progress(damaged[i]);
        g_assert_cmpstr(hib_net_progress_text(arena, fresh), ==, "{}");
    }
}

/* --- answers and none ---------------------------------------------------------------------------------------- */
static void
no_answer_means_what_the_call_was_for(void)
{
    static const struct {
        HibErrorKind kind;
        HibNetClass effect, other;
    } cases[] = {
        {HIB_ERROR_UPSTREAM, HIB_NET_RETRY_SAME, HIB_NET_RETRY_SAME}, /* never left */
        {HIB_ERROR_UNCERTAIN, HIB_NET_RECONCILE, HIB_NET_RETRY_SAME},
        {HIB_ERROR_FORBIDDEN, HIB_NET_FATAL, HIB_NET_FATAL}, /* a private address */
        {HIB_ERROR_INVALID, HIB_NET_FATAL, HIB_NET_FATAL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        for (int kind = 0; kind < HIB_CALL_N; kind++) {
            g_autoptr(GError) error = NULL;
            hib_error_set(&error, cases[i].kind, "http.no_answer", "cut");
            HibNetResult said = hib_net_no_answer(arena, (HibNetCallKind)kind, error);
            g_assert_cmpint(said.class, ==,
                            kind == HIB_CALL_EFFECT ? cases[i].effect : cases[i].other);
            g_assert_cmpstr(said.code, ==, "http.no_answer");
            g_assert_cmpint(said.http_status, ==, 0);
            g_assert_cmpint(said.remaining, ==, -1);
        }
    for (int kind = 0; kind < HIB_CALL_N; kind++)
        g_assert_cmpint(
            hib_net_nonsense(hib_net_say(HIB_NET_OK, "", ""), (HibNetCallKind)kind, "x").class, ==,
            kind == HIB_CALL_EFFECT                             ? HIB_NET_RECONCILE
            : kind == HIB_CALL_PREPARE || kind == HIB_CALL_READ ? HIB_NET_RETRY_SAME
                                                                : HIB_NET_FATAL);
}

static void
read_any(HibArena *unused, HibNetCallKind kind, const HibHttpReply *reply, HibJson json,
         HibInstant now, HibNetResult *out)
{
    out->class = reply->status == 200 ? HIB_NET_OK : HIB_NET_FATAL;
    if (json.value)
        (void)hib_json_opt_text(json, "error", &out->code, NULL);
}

/* Plays four calls: taken, refused, answered by something in between, cut. */
typedef struct {
    int n;
    char *line, *token, *key, *accept;
} Heard;

static void
on_call(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    static const TestWireAnswer answers[] = {{.status = 200, .body = "{\"id\":7}"},
                                             {.status = 400, .body = "{\"error\":\"bad\"}"},
                                             {.status = 502, .body = "<html>"},
                                             {.is_cut = true}};
    Heard *heard = data;
    if (heard->n == 0) {
        heard->line = g_strdup_printf("%s %s %s", call->method, call->path, call->body);
        heard->token = g_strdup(g_hash_table_lookup(call->headers, "authorization"));
        heard->key = g_strdup(g_hash_table_lookup(call->headers, "idempotency-key"));
        heard->accept = g_strdup(g_hash_table_lookup(call->headers, "accept"));
    }
    g_assert_cmpint(heard->n, <, 4);
    *answer = answers[heard->n++];
}

static void
a_call_carries_what_it_is_given_and_hands_back_what_came(void)
{
    Heard heard = {0};
    TestWire *wire = test_wire_new(on_call, &heard);
    const char *url = hib_arena_strdup(arena, test_wire_url(wire));
    g_autoptr(HibHttp) http = hib_http_new();
    const HibNetContext net = {
        .http = http, .arena = arena, .clock = hib_clock_real(), .may_be_private = true};
    const char *const headers[] = {"Idempotency-Key: k1", NULL};
    HibNetRequest request = {.kind = HIB_CALL_EFFECT,
                             .method = "POST",
                             .url = hib_arena_printf(arena, "%s/things?x=1", url),
                             .bearer = "secret",
                             .headers = headers,
                             .content_type = "application/json",
                             .body = "{}",
                             .n_body = 2};
    HibJson json;
    HibHttpReply reply;
    int64_t id = 0;
    HibNetResult said = hib_net_call(&net, &request, read_any, &reply, &json);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_true(hib_json_int(json, "id", &id, NULL) && id == 7);
    const HibNetRequest get = {.kind = HIB_CALL_READ, .method = "GET", .url = url};
    said = hib_net_call(&net, &get, read_any, NULL, NULL);
    g_assert_cmpint(said.http_status, ==, 400);
    g_assert_cmpstr(said.code, ==, "bad");
    said = hib_net_call(&net, &get, read_any, &reply, &json);
    g_assert_cmpint(said.http_status, ==, 502);
    g_assert_null(json.value);
    g_assert_cmpstr(reply.body, ==, "<html>");
    said = hib_net_call(&net, &request, read_any, &reply, &json);
    g_assert_cmpint(said.class, ==, HIB_NET_RECONCILE);
    g_assert_null(json.value);

    const HibNetContext strict = {.http = http, .arena = arena, .clock = hib_clock_real()};
    g_assert_cmpint(hib_net_call(&strict, &get, read_any, NULL, NULL).class, ==, HIB_NET_FATAL);
    test_wire_free(wire);
    g_assert_cmpint(heard.n, ==, 4); /* the private address was not asked */
    g_assert_cmpstr(heard.line, ==, "POST /things?x=1 {}");
    g_assert_cmpstr(heard.token, ==, "Bearer secret");
    g_assert_cmpstr(heard.key, ==, "k1");
    g_assert_cmpstr(heard.accept, ==, "application/json");
    g_free(heard.line);
    g_free(heard.token);
    g_free(heard.key);
    g_free(heard.accept);
    g_assert_cmpint(hib_net_call(&net, &request, read_any, NULL, NULL).class, ==,
                    HIB_NET_RETRY_SAME); /* nobody listens: never sent */
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    arena = hib_arena_new();
    const struct {
        const char *name;
        GTestFunc run;
    } tests[] = {
        {"the_networks_words_hold_no_token", the_networks_words_hold_no_token},
        {"random_tokens_are_always_masked", random_tokens_are_always_masked},
        {"a_form_is_encoded_and_leaves_out_what_is_not_there",
         a_form_is_encoded_and_leaves_out_what_is_not_there},
        {"challenges_and_signatures_are_those_of_their_rfcs",
         challenges_and_signatures_are_those_of_their_rfcs},
        {"retry_after_is_seconds_or_a_date", retry_after_is_seconds_or_a_date},
        {"only_a_server_that_may_hear_a_secret_is_a_service",
         only_a_server_that_may_hear_a_secret_is_a_service},
        {"a_body_in_parts_has_its_fields_and_one_piece_of_the_medium",
         a_body_in_parts_has_its_fields_and_one_piece_of_the_medium},
        {"progress_reads_back_and_damage_begins_anew", progress_reads_back_and_damage_begins_anew},
        {"no_answer_means_what_the_call_was_for", no_answer_means_what_the_call_was_for},
        {"a_call_carries_what_it_is_given_and_hands_back_what_came",
         a_call_carries_what_it_is_given_and_hands_back_what_came},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_func(hib_arena_printf(arena, "/networks/call/%s", tests[i].name), tests[i].run);
    int status = g_test_run();
    hib_arena_free(arena);
    return status;
}
