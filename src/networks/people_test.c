/* Who follows, reposted or liked: each network's own request, what its answer becomes, paging, and that what the network leaves out, refuses or garbles is unknown or an
 * error, never "did not". */
#include "networks/network_optional.h"
#include "networks/test_wire.h"

#include <string.h>

typedef struct {
    const char *network, *remote_id, *post;
    const char *people[4]; /* follows, does not, is left out by the network */
    const char *follows_request, *follows_answer;
    const char *reposts_request, *next_request, *reposts_answer, *link, *next;
    const char *likes_request, *likes_answer;
    const char *reposters[2], *liker;
} Case;

/* X's openapi.json (getUsersByIds, getPostsRepostedBy, getPostsLikingUsers); Bluesky's lexicons; Mastodon's schema.json. */
static const Case cases[] = {
    {.network = "x",
     .remote_id = "1",
     .post = "2123000000000000001",
     .people = {"7", "8", "9", NULL},
     .follows_request = "/2/users?ids=7,8,9&user.fields=connection_status",
     .follows_answer = "{\"data\":[{\"id\":\"8\",\"username\":\"b\",\"connection_status\":["
                       "\"following\"]},{\"id\":\"7\",\"username\":\"a\",\"connection_status\":["
                       "\"followed_by\"]}],\"errors\":[{\"value\":\"9\",\"title\":\"Not Found\"}]}",
     .reposts_request = "/2/tweets/2123000000000000001/retweeted_by?max_results=100",
     .next_request =
         "/2/tweets/2123000000000000001/retweeted_by?max_results=100&pagination_token=more",
     .reposts_answer = "{\"data\":[{\"id\":\"7\"},{\"id\":\"8\"}],\"meta\":{\"result_count\":2,"
                       "\"next_token\":\"more\"}}",
     .next = "more",
     .likes_request = "/2/tweets/2123000000000000001/liking_users?max_results=100",
     .likes_answer = "{\"data\":[{\"id\":\"9\"}],\"meta\":{\"result_count\":1}}",
     .reposters = {"7", "8"},
     .liker = "9"},
    {.network = "bluesky",
     .remote_id = "did:plc:me",
     .post = "at://did:plc:me/app.bsky.feed.post/1",
     .people = {"did:plc:a", "did:plc:b", "did:plc:gone", NULL},
     .follows_request = "/xrpc/app.bsky.graph.getRelationships?actor=did%3Aplc%3Ame&others="
                        "did%3Aplc%3Aa&others=did%3Aplc%3Ab&others=did%3Aplc%3Agone",
     .follows_answer =
         "{\"actor\":\"did:plc:me\",\"relationships\":[{\"$type\":\"app.bsky.graph.defs#"
         "relationship\",\"did\":\"did:plc:a\",\"followedBy\":\"at://did:plc:a/f/1\"},{\"did\":"
         "\"did:plc:b\",\"following\":\"at://did:plc:me/f/1\"},{\"$type\":\"app.bsky.graph.defs#"
         "notFoundActor\",\"actor\":\"did:plc:gone\",\"notFound\":true}]}",
     .reposts_request =
         "/xrpc/app.bsky.feed.getRepostedBy?uri=at%3A%2F%2Fdid%3Aplc%3Ame%2Fapp.bsky.feed."
         "post%2F1&limit=100",
     .next_request =
         "/xrpc/app.bsky.feed.getRepostedBy?uri=at%3A%2F%2Fdid%3Aplc%3Ame%2Fapp.bsky.feed."
         "post%2F1&limit=100&cursor=a%2Fb",
     .reposts_answer = "{\"uri\":\"at://x\",\"cursor\":\"a/b\",\"repostedBy\":[{\"did\":"
                       "\"did:plc:a\",\"handle\":\"a\"},{\"did\":\"did:plc:b\"}]}",
     .next = "a/b",
     .likes_request =
         "/xrpc/app.bsky.feed.getLikes?uri=at%3A%2F%2Fdid%3Aplc%3Ame%2Fapp.bsky.feed.post%2F1"
         "&limit=100",
     .likes_answer = "{\"uri\":\"at://x\",\"likes\":[{\"createdAt\":\"2026-11-18T10:00:00Z\","
                     "\"actor\":{\"did\":\"did:plc:gone\"}}]}",
     .reposters = {"did:plc:a", "did:plc:b"},
     .liker = "did:plc:gone"},
    {.network = "mastodon",
     .remote_id = "1",
     .post = "101",
     .people = {"7", "8", "9", NULL},
     .follows_request = "/api/v1/accounts/relationships?with_suspended=true&id[]=7&id[]=8&id[]=9",
     .follows_answer = "[{\"id\":\"7\",\"followed_by\":true},{\"id\":\"8\",\"followed_by\":false,"
                       "\"following\":true}]",
     .reposts_request = "/api/v1/statuses/101/reblogged_by?limit=80",
     .next_request = "/api/v1/statuses/101/reblogged_by?limit=80&max_id=55",
     .reposts_answer = "[{\"id\":\"7\",\"acct\":\"a\"},{\"id\":\"8\"}]",
     .link = "Link: <https://m.example/api/v1/statuses/101/reblogged_by?limit=80&max_id=55>; "
             "rel=\"next\", <https://m.example/api/v1/statuses/101/reblogged_by?since_id=99>; "
             "rel=\"prev\"\r\n",
     .next = "55",
     .likes_request = "/api/v1/statuses/101/favourited_by?limit=80",
     .likes_answer = "[{\"id\":\"9\"}]",
     .reposters = {"7", "8"},
     .liker = "9"},
};

typedef struct {
    int status;
    const char *body, *headers;
    bool is_cut;
    char *path;
    TestWire *wire;
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    HibNetContext net;
    HibGrant grant;
} World;

static void
on_call(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    World *w = data;
    answer->status = w->status;
    answer->body = w->body;
    answer->headers = w->headers;
    answer->is_cut = w->is_cut;
    g_free(w->path);
    w->path = g_strdup(call->path);
    g_assert_cmpstr(call->method, ==, "GET");
    g_assert_cmpstr(g_hash_table_lookup(call->headers, "authorization"), ==, "Bearer token");
}

static void
set_up(World *w)
{
    static const HibNetApp app = {.client_id = "app", .client_secret = "secret"};
    *w = (World){.arena = hib_arena_new(),
                 .http = hib_http_new(),
                 .clock = hib_clock_manual_new(INT64_C(1795000000) * HIB_SECOND)};
    w->wire = test_wire_new(on_call, w);
    w->net = (HibNetContext){
        .http = w->http, .arena = w->arena, .clock = w->clock, .app = &app, .may_be_private = true};
}

static void
tear_down(World *w)
{
    test_wire_free(w->wire);
    hib_http_free(w->http);
    hib_clock_free(w->clock);
    hib_arena_free(w->arena);
    g_free(w->path);
}

static const HibNetOptional *
asked(World *w, const Case *c, int status, const char *body)
{
    w->status = status;
    w->body = body;
    w->grant = (HibGrant){.service = test_wire_url(w->wire),
                          .remote_id = c->remote_id,
                          .handle = "hibiki",
                          .access = "token",
                          .refresh = "",
                          .extra = ""};
    return hib_net_optional(hib_network_find(c->network));
}

static HibNetResult
follows(World *w, const Case *c, int status, const char *body, HibNetDone ret[3])
{
    for (int i = 0; i < 3; i++)
        ret[i] = HIB_NET_DEED_DONE; /* spoiled: to be set */
    return asked(w, c, status, body)->follows(&w->net, &w->grant, c->people, 3, ret);
}

static void
who_follows_is_told_and_who_is_left_out_is_unknown(void)
{
    World w;
    set_up(&w);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const Case *c = &cases[i];
        HibNetDone done[3];
        g_assert_cmpint(follows(&w, c, 200, c->follows_answer, done).class, ==, HIB_NET_OK);
        g_assert_cmpstr(w.path, ==, c->follows_request);
        g_assert_cmpint(done[0], ==, HIB_NET_DEED_DONE);
        g_assert_cmpint(done[1], ==, HIB_NET_DEED_NO);
        g_assert_cmpint(done[2], ==, HIB_NET_DEED_UNKNOWN);
    }
    /* X leaves the field out of a grant without follows.read. */
    HibNetDone done[3];
    g_assert_cmpint(follows(&w, &cases[0], 200, "{\"data\":[{\"id\":\"7\"}]}", done).class, ==,
                    HIB_NET_OK);
    g_assert_cmpint(done[0], ==, HIB_NET_DEED_UNKNOWN);
    tear_down(&w);
}

static void
lists_come_page_by_page(void)
{
    World w;
    set_up(&w);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const Case *c = &cases[i];
        const char **rows, *next;
        size_t n;
        const HibNetOptional *net = asked(&w, c, 200, c->reposts_answer);
        w.headers = c->link;
        g_assert_cmpint(
            net->list_people(&w.net, &w.grant, HIB_NET_REPOSTED, c->post, NULL, &rows, &n, &next)
                .class,
            ==, HIB_NET_OK);
        g_assert_cmpstr(w.path, ==, c->reposts_request);
        g_assert_cmpuint(n, ==, 2);
        g_assert_cmpstr(rows[0], ==, c->reposters[0]);
        g_assert_cmpstr(rows[1], ==, c->reposters[1]);
        g_assert_cmpstr(next, ==, c->next);
        g_assert_cmpint(
            net->list_people(&w.net, &w.grant, HIB_NET_REPOSTED, c->post, next, &rows, &n, &next)
                .class,
            ==, HIB_NET_OK);
        g_assert_cmpstr(w.path, ==, c->next_request);
        w.body = c->likes_answer;
        w.headers = NULL;
        g_assert_cmpint(
            net->list_people(&w.net, &w.grant, HIB_NET_LIKED, c->post, NULL, &rows, &n, &next)
                .class,
            ==, HIB_NET_OK);
        g_assert_cmpstr(w.path, ==, c->likes_request);
        g_assert_cmpuint(n, ==, 1);
        g_assert_cmpstr(rows[0], ==, c->liker);
        g_assert_null(next);
    }
    tear_down(&w);
}

static const struct {
    const char *network;
    int status;
    const char *body;
    HibNetClass class;
} refusals[] = {
    {"x", 403, "{\"title\":\"Forbidden\",\"detail\":\"scope\"}", HIB_NET_FATAL},
    {"x", 429, "{\"title\":\"Too Many Requests\"}", HIB_NET_RETRY_AFTER},
    {"x", 402, "{\"title\":\"CreditsDepleted\"}", HIB_NET_QUOTA},
    {"x", 200, "{}", HIB_NET_FATAL},
    {"bluesky", 429, "{\"error\":\"RateLimitExceeded\"}", HIB_NET_RETRY_AFTER},
    {"bluesky", 400, "{\"error\":\"ExpiredToken\"}", HIB_NET_REFRESH_AUTH},
    {"bluesky", 200, "{}", HIB_NET_FATAL},
    {"mastodon", 429, "{\"error\":\"Too many requests\"}", HIB_NET_RETRY_AFTER},
    {"mastodon", 403, "{\"error\":\"This action is outside the authorized scopes\"}",
     HIB_NET_FATAL},
    {"mastodon", 200, "{}", HIB_NET_FATAL},
    {"x", 503, "down", HIB_NET_RETRY_SAME},
    {"bluesky", 503, "down", HIB_NET_RETRY_SAME},
    {"mastodon", 503, "down", HIB_NET_RETRY_SAME},
};

/* An empty list of what was never answered would make everybody one who did not repost. */
static void
a_refusal_or_silence_is_no_empty_list(void)
{
    World w;
    set_up(&w);
    const char **rows, *next;
    size_t n;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (size_t k = 0; k < G_N_ELEMENTS(refusals); k++) {
            if (strcmp(cases[i].network, refusals[k].network) != 0)
                continue;
            g_test_message("%s: %d %s", cases[i].network, refusals[k].status, refusals[k].body);
            HibNetResult said = asked(&w, &cases[i], refusals[k].status, refusals[k].body)
                                    ->list_people(&w.net, &w.grant, HIB_NET_REPOSTED, cases[i].post,
                                                  NULL, &rows, &n, &next);
            if (refusals[k].status == 200) /* not what was asked for */
                g_assert_cmpint(said.class, !=, HIB_NET_OK);
            else
                g_assert_cmpstr(hib_net_class_name(said.class), ==,
                                hib_net_class_name(refusals[k].class));
            g_assert_cmpuint(n, ==, 0);
        }
        w.is_cut = true;
        HibNetDone done[3];
        g_assert_cmpint(follows(&w, &cases[i], 200, "{}", done).class, ==, HIB_NET_RETRY_SAME);
        w.is_cut = false;
    }
    tear_down(&w);
}

static void
what_is_offered_has_its_rule(void)
{
    size_t n = 0;
    for (const HibNetwork *const *at = hib_networks; *at; at++) {
        const HibNetPeopleRule *rule = (*at)->limits()->people;
        const HibNetOptional *net = hib_net_optional(*at);
        g_assert_true((net->follows != NULL) == (rule != NULL));
        g_assert_true((net->list_people != NULL) == (rule != NULL));
        n += rule != NULL;
    }
    g_assert_cmpuint(n, ==, G_N_ELEMENTS(cases));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/networks/people/" #name, name)
    ADD(who_follows_is_told_and_who_is_left_out_is_unknown);
    ADD(lists_come_page_by_page);
    ADD(a_refusal_or_silence_is_no_empty_list);
    ADD(what_is_offered_has_its_rule);
    return g_test_run();
}
