/* Hiding what others said, and showing it again: each network's own request, word by word as its description has it, and what its answers
 * and its silence mean. "Done" is said only when the network said so, or when there is nothing left to hide. */
#include "networks/facebook.h"
#include "networks/instagram.h"
#include "networks/test_wire.h"
#include "networks/threads.h"
#include "networks/x.h"
#include "networks/youtube.h"

#include <string.h>

#define NOW (INT64_C(1795000000) * HIB_SECOND)
#define FORM "application/x-www-form-urlencoded"

typedef struct {
    const HibNetwork *network;
    const char *id, *method;
    const char *type; /* of the body; NULL: there is none */
    struct {
        const char *path, *body, *answer;
    } ways[2]; /* show, hide */
    int status;
} Case;

/* Meta's specs: Comment and IGComment, "#update"; X's openapi.json: hidePostsReply; YouTube's discovery document:
 * comments.setModerationStatus. */
static const Case cases[] = {
    {&hib_facebook,
     "122_345",
     "POST",
     FORM,
     {{"/v25.0/122_345", "is_hidden=false", "{\"success\":true}"},
      {"/v25.0/122_345", "is_hidden=true", "{\"success\":true}"}},
     200},
    {&hib_instagram,
     "17858893269000001",
     "POST",
     FORM,
     {{"/v25.0/17858893269000001", "hide=false", "{\"success\":true}"},
      {"/v25.0/17858893269000001", "hide=true", "{\"success\":true}"}},
     200},
    {&hib_threads,
     "18044380000000001",
     "POST",
     FORM,
     {{"/v1.0/18044380000000001/manage_reply", "hide=false", "{\"success\":true}"},
      {"/v1.0/18044380000000001/manage_reply", "hide=true", "{\"success\":true}"}},
     200},
    {&hib_x,
     "2122900000000000001",
     "PUT",
     "application/json",
     {{"/2/tweets/2122900000000000001/hidden", "{\"hidden\":false}",
       "{\"data\":{\"hidden\":false}}"},
      {"/2/tweets/2122900000000000001/hidden", "{\"hidden\":true}",
       "{\"data\":{\"hidden\":true}}"}},
     200},
    {&hib_youtube,
     "UgxKREWxIgDrw8w2e_Z4AaABAg.9abc",
     "POST",
     NULL,
     {{"/youtube/v3/comments/setModerationStatus?id=UgxKREWxIgDrw8w2e_Z4AaABAg.9abc&"
       "moderationStatus=published",
       "", ""},
      {"/youtube/v3/comments/setModerationStatus?id=UgxKREWxIgDrw8w2e_Z4AaABAg.9abc&"
       "moderationStatus=heldForReview",
       "", ""}},
     204},
};

typedef struct {
    TestWireAnswer answer;
    int n_calls;
    char *method, *path, *body, *bearer, *type, *length;
    TestWire *wire;
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    HibNetContext net;
    HibGrant grant;
} World;

static void
keep(char **into, const char *text)
{
    g_free(*into);
    *into = g_strdup(text);
}

static void
on_call(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    World *w = data;
    w->n_calls++;
    keep(&w->method, call->method);
    keep(&w->path, call->path);
    keep(&w->body, call->body);
    keep(&w->bearer, g_hash_table_lookup(call->headers, "authorization"));
    keep(&w->type, g_hash_table_lookup(call->headers, "content-type"));
    keep(&w->length, g_hash_table_lookup(call->headers, "content-length"));
    answer->status = w->answer.status;
    answer->body = w->answer.body;
    answer->is_cut = w->answer.is_cut;
}

static void
set_up(World *w)
{
    static const HibNetApp app = {.client_id = "app", .client_secret = "secret"};
    *w = (World){
        .arena = hib_arena_new(), .http = hib_http_new(), .clock = hib_clock_manual_new(NOW)};
    w->wire = test_wire_new(on_call, w);
    w->net = (HibNetContext){
        .http = w->http, .arena = w->arena, .clock = w->clock, .app = &app, .may_be_private = true};
    w->grant = (HibGrant){.service = test_wire_url(w->wire),
                          .remote_id = "178",
                          .handle = "hibiki",
                          .access = "token",
                          .refresh = "",
                          .extra = ""};
}

static void
tear_down(World *w)
{
    test_wire_free(w->wire);
    hib_http_free(w->http);
    hib_arena_free(w->arena);
    hib_clock_free(w->clock);
    char *const kept[] = {w->method, w->path, w->body, w->bearer, w->type, w->length};
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
        g_free(kept[i]);
}

static HibNetResult
answered(World *w, const Case *c, bool is_hidden, int status, const char *body)
{
    w->answer = (TestWireAnswer){.status = status, .body = body};
    return c->network->hide(&w->net, &w->grant, c->id, is_hidden);
}

static void
check_class(const Case *c, HibNetResult said, HibNetClass wanted, const char *what)
{
    if (said.class != wanted)
        g_test_message("%s: %s", c->network->name, what);
    g_assert_cmpstr(hib_net_class_name(said.class), ==, hib_net_class_name(wanted));
}

static void
each_network_is_asked_in_its_own_words(void)
{
    World w;
    set_up(&w);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        for (int is_hidden = 0; is_hidden < 2; is_hidden++) {
            const Case *c = &cases[i];
            g_autofree char *length =
                g_strdup_printf("%u", (unsigned)strlen(c->ways[is_hidden].body));
            w.n_calls = 0;
            HibNetResult said = answered(&w, c, is_hidden, c->status, c->ways[is_hidden].answer);
            check_class(c, said, HIB_NET_OK, c->ways[is_hidden].path);
            g_assert_cmpint(w.n_calls, ==, 1);
            g_assert_cmpstr(w.method, ==, c->method);
            g_assert_cmpstr(w.path, ==, c->ways[is_hidden].path);
            g_assert_cmpstr(w.body, ==, c->ways[is_hidden].body);
            g_assert_cmpstr(w.bearer, ==, "Bearer token");
            g_assert_cmpstr(w.length, ==, length); /* Google refuses a POST without it: 411 */
            if (c->type)
                g_assert_cmpstr(w.type, ==, c->type);
        }
    tear_down(&w);
}

#define META(code) "{\"error\":{\"code\":" code ",\"message\":\"no\"}}"
#define META_GONE "{\"error\":{\"code\":100,\"error_subcode\":33,\"message\":\"no such object\"}}"
#define X_SAYS(title, detail)                                                                      \
    "{\"title\":\"" title "\",\"detail\":\"" detail "\",\"type\":\"about:blank\"}"
#define GOOGLE(reason) "{\"error\":{\"message\":\"no\",\"errors\":[{\"reason\":\"" reason "\"}]}}"

/* How Meta, X and YouTube refuse; `family` is the one letter of them. */
static const struct {
    char family;
    int status;
    const char *body;
    HibNetClass class;
    const char *code;
} refusals[] = {
    {'m', 400, META("190"), HIB_NET_REAUTH_HUMAN, "190"},
    {'m', 400, META("4"), HIB_NET_RETRY_AFTER, "4"},
    {'m', 400, META("368"), HIB_NET_BLOCKED, "368"},
    {'m', 403, META("200"), HIB_NET_FATAL, "200"},
    {'m', 400, META("10"), HIB_NET_FATAL, "10"},
    {'m', 400, META("100"), HIB_NET_FATAL, "100"},
    {'m', 400, META_GONE, HIB_NET_OK, "100/33"},
    {'m', 500, META("2"), HIB_NET_RETRY_SAME, "2"},
    {'m', 200, META("100"), HIB_NET_FATAL, "100"},
    {'m', 200, "{\"success\":false}", HIB_NET_FATAL, "NotDone"},
    {'m', 200, "<html>Sign in to the network</html>", HIB_NET_RETRY_SAME, "Unreadable"},
    {'x', 400, X_SAYS("Invalid Request", "bad"), HIB_NET_FATAL, "Invalid Request"},
    {'x', 401, X_SAYS("Unauthorized", "Unauthorized"), HIB_NET_REFRESH_AUTH, "Unauthorized"},
    {'x', 402, X_SAYS("CreditsDepleted", "no credits"), HIB_NET_QUOTA, "CreditsDepleted"},
    {'x', 403, X_SAYS("Forbidden", "You are not permitted to hide this reply."), HIB_NET_FATAL,
     "Forbidden"},
    {'x', 404, X_SAYS("Not Found Error", "gone"), HIB_NET_OK, "Not Found Error"},
    {'x', 429, X_SAYS("Too Many Requests", "wait"), HIB_NET_RETRY_AFTER, "Too Many Requests"},
    {'x', 503, X_SAYS("Service Unavailable", "down"), HIB_NET_RETRY_SAME, "Service Unavailable"},
    {'x', 200, "{\"errors\":[{\"title\":\"Forbidden\",\"detail\":\"not yours\"}]}", HIB_NET_FATAL,
     "NotDone"},
    {'x', 200, "{\"data\":{}}", HIB_NET_FATAL, "NotDone"},
    {'x', 200, "<html>Sign in to the network</html>", HIB_NET_RETRY_SAME, "Unreadable"},
    {'y', 400, GOOGLE("operationNotSupported"), HIB_NET_FATAL, "operationNotSupported"},
    {'y', 401, GOOGLE("authError"), HIB_NET_REFRESH_AUTH, "authError"},
    {'y', 403, GOOGLE("quotaExceeded"), HIB_NET_QUOTA, "quotaExceeded"},
    {'y', 403, GOOGLE("insufficientPermissions"), HIB_NET_REAUTH_HUMAN, "insufficientPermissions"},
    {'y', 403, GOOGLE("forbidden"), HIB_NET_FATAL, "forbidden"},
    {'y', 404, GOOGLE("commentNotFound"), HIB_NET_OK, "commentNotFound"},
    {'y', 503, GOOGLE("backendError"), HIB_NET_RETRY_SAME, "backendError"},
};

static void
a_refusal_has_its_class(void)
{
    World w;
    int n = 0;
    set_up(&w);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        for (size_t k = 0; k < G_N_ELEMENTS(refusals); k++) {
            const Case *c = &cases[i];
            char family = c->network == &hib_x ? 'x' : c->network == &hib_youtube ? 'y' : 'm';
            if (family != refusals[k].family)
                continue;
            HibNetResult said = answered(&w, c, k % 2, refusals[k].status, refusals[k].body);
            check_class(c, said, refusals[k].class, refusals[k].body);
            g_assert_cmpint(said.http_status, ==, refusals[k].status);
            g_assert_cmpstr(said.code, ==, refusals[k].code);
            if (said.class == HIB_NET_RETRY_AFTER || said.class == HIB_NET_QUOTA)
                g_assert_cmpint(said.retry_at, >, NOW);
            n++;
        }
    g_assert_cmpint(n, ==, 3 * 11 + 10 + 7);
    tear_down(&w);
}

/* X says what it now is: the contrary of what was asked is no success. */
static void
the_contrary_is_not_done(void)
{
    World w;
    set_up(&w);
    for (int is_hidden = 0; is_hidden < 2; is_hidden++) {
        const Case *c = &cases[3];
        HibNetResult said = answered(&w, c, is_hidden, 200, c->ways[!is_hidden].answer);
        check_class(c, said, HIB_NET_FATAL, "the contrary");
        g_assert_cmpstr(said.code, ==, "NotDone");
    }
    const char *why = "{\"errors\":[{\"detail\":\"The reply is in another's conversation.\"}]}";
    g_assert_cmpstr(answered(&w, &cases[3], true, 200, why).message, ==,
                    "The reply is in another's conversation.");
    tear_down(&w);
}

/* The call arrived and its answer did not; or nobody listens. Setting it twice is setting it once, so both are simply repeated. */
static void
silence_is_never_success(void)
{
    World w;
    set_up(&w);
    w.answer.is_cut = true;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        for (int is_hidden = 0; is_hidden < 2; is_hidden++) {
            w.n_calls = 0;
            HibNetResult said =
                cases[i].network->hide(&w.net, &w.grant, cases[i].id, is_hidden != 0);
            g_assert_cmpint(w.n_calls, >, 0);
            check_class(&cases[i], said, HIB_NET_RETRY_SAME, "cut");
            g_assert_cmpint(said.http_status, ==, 0);
        }
    g_autoptr(TestWire) closed = test_wire_new(on_call, &w);
    g_autofree char *nowhere = g_strdup(test_wire_url(closed));
    test_wire_free(g_steal_pointer(&closed));
    w.grant.service = nowhere;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        check_class(&cases[i], cases[i].network->hide(&w.net, &w.grant, cases[i].id, true),
                    HIB_NET_RETRY_SAME, "nobody listens");
    tear_down(&w);
}

static void
what_is_no_id_never_gets_into_an_address(void)
{
    static const char *const ids[] = {"", "../me", "1?hide=true", "dm:1 2", "1/2"};
    World w;
    set_up(&w);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        for (size_t k = 0; k < G_N_ELEMENTS(ids); k++) {
            HibNetResult said = cases[i].network->hide(&w.net, &w.grant, ids[k], true);
            check_class(&cases[i], said, HIB_NET_FATAL, ids[k]);
        }
    g_assert_cmpint(w.n_calls, ==, 0);
    tear_down(&w);
}

static void
only_these_five_can(void)
{
    static const char *const cannot[] = {"bluesky", "line", "mastodon", "tiktok"};
    size_t n_can = 0;
    for (const HibNetwork *const *at = hib_networks; *at; at++)
        n_can += (*at)->hide != NULL;
    g_assert_cmpuint(n_can, ==, G_N_ELEMENTS(cases));
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_nonnull(cases[i].network->hide);
    for (size_t i = 0; i < G_N_ELEMENTS(cannot); i++) {
        const HibNetwork *network = hib_network_find(cannot[i]);
        g_assert_nonnull(network);
        g_assert_null(network->hide);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/networks/hide/" #name, name)
    ADD(each_network_is_asked_in_its_own_words);
    ADD(a_refusal_has_its_class);
    ADD(the_contrary_is_not_done);
    ADD(silence_is_never_success);
    ADD(what_is_no_id_never_gets_into_an_address);
    ADD(only_these_five_can);
    return g_test_run();
}
