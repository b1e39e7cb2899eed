/* Searching public posts by a hashtag: each network's own request, word by word as its description has it, what its answer becomes, where the
 * next search goes on, and that a refusal, silence or nonsense is told, never taken for "nothing there". */
#include "networks/network_optional.h"
#include "networks/test_wire.h"

#include <string.h>

#define NOW (INT64_C(1795000000) * HIB_SECOND) /* 2026-11-18T11:06:40Z */

typedef struct {
    const char *network, *remote_id, *service; /* service NULL: the wire's */
    const char *first, *next; /* the request without a cursor, and with that of the answer */
    const char *answer;
    const char *found_id, *author, *handle, *url, *picture; /* of the older of the two found */
    const char *text, *cursor;
    const char *hashtag; /* answer to what is asked before (Instagram) */
} Case;

/* Lexicon app.bsky.feed.searchPosts; Mastodon's schema.json, timelines/tag; X's openapi.json, searchPostsRecent; Meta's ShadowIGHashtag and guide of hashtag
 * search; Threads' page "Keyword and Topic Tag Search"; YouTube's discovery document, search.list. */
static const Case cases[] = {
    {.network = "bluesky",
     .remote_id = "did:plc:me",
     .first = "/xrpc/app.bsky.feed.searchPosts?q=%23%E7%A7%8B&tag=%E7%A7%8B&sort=latest&limit=100"
              "&since=2026-11-11T11%3A06%3A40Z",
     .next = "/xrpc/app.bsky.feed.searchPosts?q=%23%E7%A7%8B&tag=%E7%A7%8B&sort=latest&limit=100"
             "&since=2026-11-18T09%3A50%3A00Z",
     .answer =
         "{\"posts\":[{\"uri\":\"at://did:plc:b/app.bsky.feed.post/2\",\"cid\":\"c\","
         "\"author\":{\"did\":\"did:plc:b\",\"handle\":\"b.example\"},\"record\":{\"text\":\"#秋 "
         "二\"},"
         "\"indexedAt\":\"2026-11-18T10:00:00.000Z\"},"
         "{\"uri\":\"at://did:plc:a/app.bsky.feed.post/1\",\"cid\":\"c\","
         "\"author\":{\"did\":\"did:plc:a\",\"handle\":\"a.example\",\"displayName\":\"A\"},"
         "\"record\":{\"text\":\"#秋 一\",\"embed\":{\"$type\":\"app.bsky.embed.images\","
         "\"images\":[{\"alt\":\"leaves\"}]}},\"embed\":{\"$type\":\"app.bsky.embed.images#view\","
         "\"images\":[{\"fullsize\":\"https://cdn.example/1.jpg\",\"thumb\":\"https://cdn.example/"
         "1s.jpg\",\"alt\":\"leaves\"}]},\"indexedAt\":\"2026-11-18T09:00:00.000Z\"}]}",
     .found_id = "at://did:plc:a/app.bsky.feed.post/1",
     .author = "did:plc:a",
     .handle = "a.example",
     .url = "https://bsky.app/profile/a.example/post/1",
     .picture = "https://cdn.example/1.jpg",
     .text = "#秋 一",
     .cursor = "2026-11-18T10:00:00Z"},
    {.network = "mastodon",
     .remote_id = "1",
     .first = "/api/v1/timelines/tag/%E7%A7%8B?limit=40",
     .next = "/api/v1/timelines/tag/%E7%A7%8B?limit=40&min_id=102",
     .answer =
         "[{\"id\":\"102\",\"content\":\"<p>#秋 二</p>\",\"created_at\":\"2026-11-18T10:00:00."
         "000Z\",\"visibility\":\"public\",\"url\":\"https://m.example/@b/102\",\"account\":{"
         "\"id\":\"8\",\"acct\":\"b\"}},{\"id\":\"101\",\"content\":\"<p>#秋 "
         "一</p>\",\"created_at\":\"2026-11-18T09:00:00.000Z\",\"visibility\":\"public\","
         "\"url\":\"https://m.example/@a/101\",\"account\":{\"id\":\"7\",\"acct\":\"a@m.example\","
         "\"display_name\":\"A\"},\"media_attachments\":[{\"type\":\"image\",\"url\":\"https://"
         "cdn.example/1.jpg\",\"preview_url\":null,\"description\":\"leaves\"}]}]",
     .found_id = "101",
     .author = "7",
     .handle = "a@m.example",
     .url = "https://m.example/@a/101",
     .picture = "https://cdn.example/1.jpg",
     .text = "#秋 一",
     .cursor = "102"},
#define X_WHAT                                                                                     \
    "&tweet.fields=created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,"    \
    "entities,note_tweet,attachments&expansions=author_id,attachments.media_keys&media.fields="    \
    "url,preview_image_url,alt_text,type&user.fields=name,username"
    {.network = "x",
     .remote_id = "1",
     .first = "/2/tweets/search/recent?query=%23%E7%A7%8B%20-is%3Aretweet&max_results=100" X_WHAT
              "&start_time=2026-11-11T12%3A06%3A40Z",
     .next = "/2/tweets/search/recent?query=%23%E7%A7%8B%20-is%3Aretweet&max_results=100" X_WHAT
             "&since_id=2123000000000000002",
     .answer =
         "{\"data\":[{\"id\":\"2123000000000000002\",\"text\":\"#秋 二\",\"author_id\":\"8\","
         "\"created_at\":\"2026-11-18T10:00:00.000Z\"},{\"id\":\"2123000000000000001\",\"text\":"
         "\"#秋 一\",\"author_id\":\"7\",\"created_at\":\"2026-11-18T09:00:00.000Z\","
         "\"attachments\":{\"media_keys\":[\"3_1\"]}}],\"includes\":{\"users\":[{\"id\":\"7\","
         "\"username\":\"a\",\"name\":\"A\"}],\"media\":[{\"media_key\":\"3_1\",\"type\":\"photo\","
         "\"url\":\"https://cdn.example/1.jpg\"}]},\"meta\":{\"next_token\":\"more\"}}",
     .found_id = "2123000000000000001",
     .author = "7",
     .handle = "a",
     .url = "https://x.com/a/status/2123000000000000001",
     .picture = "https://cdn.example/1.jpg",
     .text = "#秋 一",
     .cursor = "2123000000000000002"},
    {.network = "threads",
     .remote_id = "1",
     .first = "/v1.0/keyword_search?q=%E7%A7%8B&search_type=RECENT&search_mode=TAG&fields=id%2Ctext"
              "%2Cmedia_type%2Cmedia_url%2Cthumbnail_url%2Calt_text%2Cpermalink%2Ctimestamp"
              "%2Cusername&since=1794395200&limit=100",
     .next = "/v1.0/keyword_search?q=%E7%A7%8B&search_type=RECENT&search_mode=TAG&fields=id%2Ctext"
             "%2Cmedia_type%2Cmedia_url%2Cthumbnail_url%2Calt_text%2Cpermalink%2Ctimestamp"
             "%2Cusername&since=1794995400&limit=100",
     .answer =
         "{\"data\":[{\"id\":\"2\",\"text\":\"二\",\"username\":\"b\",\"permalink\":\"https://"
         "www.threads.com/@b/post/2\",\"timestamp\":\"2026-11-18T10:00:00+0000\"},{\"id\":"
         "\"1\",\"text\":\"一\",\"username\":\"a\",\"permalink\":\"https://www.threads.com/@a/"
         "post/1\",\"timestamp\":\"2026-11-18T09:00:00+0000\",\"media_type\":\"IMAGE\","
         "\"media_url\":\"https://cdn.example/1.jpg\"}]}",
     .found_id = "1",
     .author = "a",
     .handle = "a",
     .url = "https://www.threads.com/@a/post/1",
     .picture = "https://cdn.example/1.jpg",
     .text = "一",
     .cursor = "2026-11-18T10:00:00Z"},
    {.network = "instagram",
     .remote_id = "178",
     .first = "/v25.0/178411/recent_media?user_id=178&fields=id%2Ccaption%2Cmedia_type%2Cmedia_url"
              "%2Cpermalink%2Ctimestamp&limit=50",
     .next = "/v25.0/178411/recent_media?user_id=178&fields=id%2Ccaption%2Cmedia_type%2Cmedia_url"
             "%2Cpermalink%2Ctimestamp&limit=50",
     .hashtag = "{\"data\":[{\"id\":\"178411\"}]}",
     .answer = "{\"data\":[{\"id\":\"2\",\"caption\":\"#秋 二\",\"permalink\":\"https://"
               "www.instagram.com/p/2/\",\"timestamp\":\"2026-11-18T10:00:00+0000\"},{\"id\":\"1\","
               "\"caption\":\"#秋 一\",\"permalink\":\"https://www.instagram.com/p/1/\","
               "\"timestamp\":\"2026-11-18T09:00:00+0000\",\"media_type\":\"IMAGE\",\"media_url\":"
               "\"https://cdn.example/1.jpg\"}]}",
     .found_id = "1",
     .author = "",
     .handle = "",
     .url = "https://www.instagram.com/p/1/",
     .picture = "https://cdn.example/1.jpg",
     .text = "#秋 一",
     .cursor = "2026-11-18T10:00:00Z"},
    {.network = "youtube",
     .remote_id = "UCme",
     .first = "/youtube/v3/search?part=snippet&type=video&order=date&maxResults=50&q=%23%E7%A7%8B"
              "&publishedAfter=2026-11-11T11%3A06%3A40Z",
     .next = "/youtube/v3/search?part=snippet&type=video&order=date&maxResults=50&q=%23%E7%A7%8B"
             "&publishedAfter=2026-11-18T10%3A00%3A00Z",
     .answer =
         "{\"items\":[{\"id\":{\"videoId\":\"bbbbbbbbbbb\"},\"snippet\":{\"publishedAt\":"
         "\"2026-11-18T10:00:00Z\",\"channelId\":\"UCb\",\"title\":\"二 #秋\"}},{\"id\":{"
         "\"videoId\":\"aaaaaaaaaaa\"},\"snippet\":{\"publishedAt\":\"2026-11-18T09:00:00Z\","
         "\"channelId\":\"UCa\",\"channelTitle\":\"A\",\"title\":\"一\",\"description\":\"#秋\","
         "\"thumbnails\":{\"high\":{\"url\":\"https://cdn.example/1.jpg\"}}}}]}",
     .found_id = "aaaaaaaaaaa",
     .author = "UCa",
     .handle = "",
     .url = "https://www.youtube.com/watch?v=aaaaaaaaaaa",
     .picture = "https://www.youtube.com/watch?v=aaaaaaaaaaa",
     .text = "一\n#秋",
     .cursor = "2026-11-18T10:00:00Z"},
};

typedef struct {
    int status, n_calls;
    const char *body, *hashtag;
    bool is_cut;
    char *path, *bearer;
    TestWire *wire;
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    HibNetContext net;
    HibGrant grant;
    HibNetTalk *rows;
    size_t n;
    const char *cursor;
} World;

static void
on_call(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    World *w = data;
    w->n_calls++;
    answer->status = w->status;
    answer->is_cut = w->is_cut;
    answer->body = w->body;
    if (w->hashtag && strstr(call->path, "/ig_hashtag_search?")) {
        g_assert_cmpstr(call->path, ==, "/v25.0/ig_hashtag_search?user_id=178&q=%E7%A7%8B");
        answer->body = w->status == 200 ? w->hashtag : w->body;
    }
    g_free(w->path);
    g_free(w->bearer);
    w->path = g_strdup(call->path);
    w->bearer = g_strdup(g_hash_table_lookup(call->headers, "authorization"));
    g_assert_cmpstr(call->method, ==, "GET");
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
}

static void
tear_down(World *w)
{
    test_wire_free(w->wire);
    hib_http_free(w->http);
    hib_clock_free(w->clock);
    hib_arena_free(w->arena);
    g_free(w->path);
    g_free(w->bearer);
}

static HibNetResult
search(World *w, const Case *c, int status, const char *body, const char *cursor)
{
    const HibNetwork *network = hib_network_find(c->network);
    w->status = status;
    w->body = body;
    w->hashtag = c->hashtag;
    w->rows = NULL;
    w->n = 0;
    w->cursor = NULL;
    w->grant = (HibGrant){.service = c->service ? c->service : test_wire_url(w->wire),
                          .remote_id = c->remote_id,
                          .handle = "hibiki",
                          .access = "token",
                          .refresh = "",
                          .extra = ""};
    return hib_net_optional(network)->search_tag(&w->net, &w->grant, "秋", cursor, &w->rows, &w->n,
                                                 &w->cursor);
}

static void
each_network_is_asked_in_its_own_words_and_goes_on_where_it_was(void)
{
    World w;
    set_up(&w);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const Case *c = &cases[i];
        HibNetResult said = search(&w, c, 200, c->answer, NULL);
        g_test_message("%s: %s", c->network, w.path);
        g_assert_cmpint(said.class, ==, HIB_NET_OK);
        g_assert_true(g_str_has_prefix(w.path, c->first) || strstr(w.path, c->first));
        g_assert_cmpuint(w.n, ==, 2);
        const HibNetTalk *one = &w.rows[0];
        g_assert_cmpint(one->at, <, w.rows[1].at);
        g_assert_cmpstr(one->remote_id, ==, c->found_id);
        g_assert_cmpstr(one->author_id, ==, c->author);
        g_assert_cmpstr(one->author_handle, ==, c->handle);
        g_assert_cmpstr(one->url, ==, c->url);
        g_assert_cmpstr(one->text, ==, c->text);
        g_assert_cmpuint(one->n_attachments, ==, 1);
        g_assert_cmpstr(one->attachments[0].url, ==, c->picture);
        g_assert_false(one->is_own);
        g_assert_cmpstr(w.cursor, ==, c->cursor);
        said = search(&w, c, 200, c->answer, c->cursor);
        g_assert_cmpint(said.class, ==, HIB_NET_OK);
        g_assert_true(strstr(w.path, c->next) != NULL);
        g_assert_cmpstr(w.cursor, ==, c->cursor);
    }
    tear_down(&w);
}

/* Its posts are paid for: the same page is never read twice, and a page more is the next search's. */
static void
x_reads_one_page_and_none_it_has_read(void)
{
    World w;
    set_up(&w);
    const Case *x = &cases[2];
    search(&w, x, 200, x->answer, NULL);
    g_assert_cmpint(w.n_calls, ==, 1);
    search(&w, x, 200, x->answer, x->cursor);
    g_assert_cmpuint(w.n, ==, 0); /* since_id was not heeded: they are known all the same */
    /* A cursor older than X's seven days would be refused: the search begins anew. */
    search(&w, x, 200, "{\"meta\":{\"result_count\":0}}", "2000000000000000001");
    g_assert_nonnull(strstr(w.path, "start_time="));
    g_assert_null(strstr(w.path, "since_id="));
    g_assert_cmpuint(w.n, ==, 0);
    tear_down(&w);
}

static const struct {
    const char *networks;
    int status;
    const char *body;
    HibNetClass class;
} refusals[] = {
    {"bluesky", 400, "{\"error\":\"BadQueryString\",\"message\":\"no\"}", HIB_NET_FATAL},
    {"bluesky", 400, "{\"error\":\"ExpiredToken\",\"message\":\"old\"}", HIB_NET_REFRESH_AUTH},
    {"bluesky", 429, "{\"error\":\"RateLimitExceeded\"}", HIB_NET_RETRY_AFTER},
    {"mastodon", 429, "{\"error\":\"Too many requests\"}", HIB_NET_RETRY_AFTER},
    {"x", 402, "{\"title\":\"CreditsDepleted\",\"detail\":\"no credits\"}", HIB_NET_QUOTA},
    {"x", 429, "{\"title\":\"Too Many Requests\",\"detail\":\"wait\"}", HIB_NET_RETRY_AFTER},
    {"threads instagram", 400, "{\"error\":{\"code\":190,\"message\":\"old\"}}",
     HIB_NET_REAUTH_HUMAN},
    {"threads instagram", 400, "{\"error\":{\"code\":10,\"message\":\"not approved\"}}",
     HIB_NET_FATAL},
    {"instagram", 400, "{\"error\":{\"code\":18,\"error_subcode\":2207034,\"message\":\"30\"}}",
     HIB_NET_FATAL},
    {"youtube", 403, "{\"error\":{\"message\":\"no\",\"errors\":[{\"reason\":\"quotaExceeded\"}]}}",
     HIB_NET_QUOTA},
    {"bluesky mastodon x threads instagram youtube", 503, "down", HIB_NET_RETRY_SAME},
    {"bluesky x threads instagram", 200, "<html>Sign in to the network</html>", HIB_NET_OK},
};

static void
a_refusal_is_told(void)
{
    World w;
    int n = 0;
    set_up(&w);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        for (size_t k = 0; k < G_N_ELEMENTS(refusals); k++) {
            g_auto(GStrv) names = g_strsplit(refusals[k].networks, " ", -1);
            if (!g_strv_contains((const char *const *)names, cases[i].network))
                continue;
            HibNetResult said = search(&w, &cases[i], refusals[k].status, refusals[k].body, NULL);
            g_test_message("%s: %s → %s", cases[i].network, refusals[k].body,
                           hib_net_class_name(said.class));
            if (refusals[k].status == 200) /* not what was asked for */
                g_assert_cmpint(said.class, !=, HIB_NET_OK);
            else
                g_assert_cmpint(said.class, ==, refusals[k].class);
            g_assert_cmpuint(w.n, ==, 0);
            n++;
        }
    g_assert_cmpint(n, ==, 3 + 1 + 2 + 2 * 2 + 1 + 1 + 6 + 4);
    tear_down(&w);
}

static void
silence_is_not_nothing_found(void)
{
    World w;
    set_up(&w);
    w.is_cut = true;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(search(&w, &cases[i], 200, "{}", NULL).class, ==, HIB_NET_RETRY_SAME);
    tear_down(&w);
}

/* What does not read is left out; what does stays. */
static void
a_damaged_post_spoils_no_other(void)
{
    static const char *const damage[] = {
        "null", "7", "{}", "[]", "{\"id\":{}}", "{\"id\":\"x\",\"uri\":5,\"timestamp\":\"never\"}"};
    World w;
    set_up(&w);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        for (size_t k = 0; k < G_N_ELEMENTS(damage); k++) {
            const char *list = strchr(cases[i].answer, '[');
            g_autofree char *body = g_strdup_printf("%.*s[%s,%s", (int)(list - cases[i].answer),
                                                    cases[i].answer, damage[k], list + 1);
            HibNetResult said = search(&w, &cases[i], 200, body, NULL);
            g_test_message("%s: %s", cases[i].network, damage[k]);
            g_assert_cmpint(said.class, ==, HIB_NET_OK);
            g_assert_cmpuint(w.n, ==, 2);
        }
    tear_down(&w);
}

static void
instagram_needs_facebooks_login(void)
{
    World w;
    set_up(&w);
    Case c = cases[4];
    c.service = "https://graph.instagram.com";
    HibNetResult said = search(&w, &c, 200, c.answer, NULL);
    g_assert_cmpint(said.class, ==, HIB_NET_FATAL);
    g_assert_cmpstr(said.code, ==, "FacebookLogin");
    g_assert_cmpint(w.n_calls, ==, 0);
    tear_down(&w);
}

static void
what_is_offered_has_its_rule(void)
{
    size_t n = 0;
    for (const HibNetwork *const *at = hib_networks; *at; at++) {
        const HibNetSearchRule *rule = (*at)->limits()->search;
        g_assert_true((hib_net_optional(*at)->search_tag != NULL) == (rule != NULL));
        n += rule != NULL;
        if (rule && rule->calls) /* never more often than the network allows, for one hashtag */
            g_assert_cmpint(rule->calls_s / rule->every_s, <=, rule->calls);
    }
    g_assert_cmpuint(n, ==, G_N_ELEMENTS(cases));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/networks/search/" #name, name)
    ADD(each_network_is_asked_in_its_own_words_and_goes_on_where_it_was);
    ADD(x_reads_one_page_and_none_it_has_read);
    ADD(a_refusal_is_told);
    ADD(silence_is_not_nothing_found);
    ADD(a_damaged_post_spoils_no_other);
    ADD(instagram_needs_facebooks_login);
    ADD(what_is_offered_has_its_rule);
    return g_test_run();
}
