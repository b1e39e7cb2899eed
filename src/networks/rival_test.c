/* Somebody else's account: what a person types as its handle, and what each network shows of it, or says instead. */
#include "networks/mastodon_private.h"
#include "networks/network_optional.h"
#include "networks/rival.h"
#include "networks/test_canned.h"

#include <string.h>

static void
a_handle_is_read_as_it_is_typed_or_pasted(void)
{
    static const struct {
        const char *network, *typed, *handle;
    } cases[] = {
        {"bluesky", " @tonari.practice ", "tonari.practice"},
        {"bluesky", "tonari", "tonari.bsky.social"},
        {"bluesky", "https://bsky.app/profile/tonari.practice?x=1", "tonari.practice"},
        {"bluesky", "https://example.com/tonari", NULL},
        {"bluesky", "two words", NULL},
        {"bluesky", "", NULL},
        {"bluesky", "@", NULL},
        {"bluesky", "a@b", NULL},
        {"mastodon", "@tonari@mstdn.example", "tonari@mstdn.example"},
        {"mastodon", "tonari", "tonari"},
        {"mastodon", "https://mstdn.example/@tonari", "tonari@mstdn.example"},
        {"mastodon", "https://mstdn.example/@tonari@other.example/", "tonari@other.example"},
        {"mastodon", "https://mstdn.example/users/tonari", "tonari@mstdn.example"},
        {"mastodon", "https://mstdn.example", NULL},
        {"mastodon", "a@b@c", NULL},
        {"mastodon", "tonari@host/path", NULL},
        {"instagram", "https://www.instagram.com/tonari_coffee/", "tonari_coffee"},
        {"youtube", "https://www.youtube.com/@tonari", "@tonari"},
        {"youtube", "https://m.youtube.com/@tonari/videos?app=1", "@tonari"},
        {"youtube", "@となりの珈琲", "@となりの珈琲"},
        {"youtube", "https://www.youtube.com/@%E7%8F%88%E7%90%B2", "@珈琲"},
        {"youtube", "tonari", "@tonari"},
        {"youtube", "https://www.youtube.com/channel/UC0123456789012345678901/about",
         "UC0123456789012345678901"},
        {"youtube", "UC0123456789012345678901", "UC0123456789012345678901"},
        {"youtube", "https://www.youtube.com/channel/UCabc", NULL},
        {"youtube", "https://www.youtube.com/c/tonari", NULL},
        {"youtube", "https://www.youtube.com/@%FF", NULL},
        {"youtube", "となり の珈琲", NULL},
        {"youtube", "https://example.com/@tonari", NULL},
        {"x", "https://twitter.com/tonari", "@tonari"},
        {"x", "https://mobile.x.com/tonari", "@tonari"},
        {"x", "@20261127", "@20261127"},
        {"x", "tonari_no_kissaten", NULL},
        {"x", "tonari.cafe", NULL},
        {"x", "https://x.com/tonari/status/1", NULL},
    };
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpstr(hib_net_rival_handle(arena, cases[i].network, cases[i].typed), ==,
                        cases[i].handle);
}

static HibNetResult
look(const char *network, TestCanned *canned, const char *who, HibNetRival *ret)
{
    return hib_net_optional(hib_network_find(network))
        ->read_rival(&canned->net, &canned->grant, who, 0, ret);
}

#define PROFILE "GET /xrpc/app.bsky.actor.getProfile?actor=tonari.practice"
#define FEED "GET /xrpc/app.bsky.feed.getAuthorFeed?actor=did%3Aplc%3At&filter=posts_no_replies"
#define SHOP                                                                                       \
    "{\"did\":\"did:plc:t\",\"handle\":\"tonari.practice\",\"displayName\":\"となり\","         \
    "\"followersCount\":4200,\"postsCount\":320}"
#define POST(by, day, more)                                                                        \
    "{\"post\":{\"uri\":\"at://did:plc:" by "/app.bsky.feed.post/" day "\",\"author\":{\"did\":"   \
    "\"did:plc:" by "\"},\"record\":{\"createdAt\":\"2026-11-" day "T00:00:00Z\"},"                \
    "\"likeCount\":5,\"repostCount\":1}" more "}"

static void
bluesky_shows_a_profile_and_its_own_posts(void)
{
    const TestCannedRow rows[] = {
        {PROFILE, 200, SHOP},
        {FEED, 200,
         "{\"cursor\":\"x\",\"feed\":[" POST("t", "12", "") "," POST(
             "o", "01",
             ",\"reason\":{\"$type\":\"app.bsky.feed.defs#reasonRepost\"}") "," POST("t", "03",
                                                                                     "") ",{}]}"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    HibNetRival rival;
    HibInstant oldest;
    g_assert_true(hib_instant_parse("2026-11-03T00:00:00Z", &oldest));
    g_assert_cmpint(look("bluesky", canned, "tonari.practice", &rival).class, ==, HIB_NET_OK);
    g_assert_cmpint(rival.state, ==, HIB_RIVAL_FOUND);
    g_assert_cmpstr(rival.remote_id, ==, "did:plc:t");
    g_assert_cmpint(rival.followers, ==, 4200);
    g_assert_cmpuint(rival.n_recent, ==, 2);
    g_assert_cmpint(rival.recent[0].likes, ==, 5);
    g_assert_cmpint(rival.recent[0].quotes, ==, -1);
    g_assert_cmpint(rival.since, ==, oldest);
}

static void
who_is_not_there_is_unknown_and_a_broken_answer_is_not(void)
{
    const TestCannedRow gone[] = {
        {PROFILE, 400, "{\"error\":\"InvalidRequest\",\"message\":\"Profile not found\"}"},
        {NULL, 0, NULL}};
    const TestCannedRow broken[] = {{PROFILE, 200, "{}"}, {NULL, 0, NULL}};
    const TestCannedRow silent[] = {{PROFILE, 503, "{}"}, {NULL, 0, NULL}};
    g_autoptr(TestCanned) nobody = test_canned_new(gone);
    g_autoptr(TestCanned) nonsense = test_canned_new(broken);
    g_autoptr(TestCanned) down = test_canned_new(silent);
    HibNetRival rival;
    g_assert_cmpint(look("bluesky", nobody, "tonari.practice", &rival).class, ==, HIB_NET_OK);
    g_assert_cmpint(rival.state, ==, HIB_RIVAL_UNKNOWN);
    g_assert_cmpint(look("bluesky", nonsense, "tonari.practice", &rival).class, ==,
                    HIB_NET_RETRY_SAME);
    g_assert_cmpint(look("bluesky", down, "tonari.practice", &rival).class, ==, HIB_NET_RETRY_SAME);
}

static void
bluesky_says_who_is_suspended_deactivated_or_blocks_us(void)
{
    static const struct {
        const char *profile, *feed; /* answers; NULL: the usual */
        HibNetRivalState state;
    } cases[] = {
        {"{\"error\":\"AccountTakedown\",\"message\":\"Account has been suspended\"}", NULL,
         HIB_RIVAL_SUSPENDED},
        {"{\"error\":\"AccountDeactivated\",\"message\":\"Account is deactivated\"}", NULL,
         HIB_RIVAL_UNKNOWN},
        {NULL, "{\"error\":\"BlockedByActor\",\"message\":\"Requester is blocked\"}",
         HIB_RIVAL_PRIVATE},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const TestCannedRow rows[] = {
            {PROFILE, cases[i].profile ? 400 : 200, cases[i].profile ? cases[i].profile : SHOP},
            {FEED, 400, cases[i].feed},
            {NULL, 0, NULL}};
        g_autoptr(TestCanned) canned = test_canned_new(rows);
        HibNetRival rival;
        const HibNetResult said = look("bluesky", canned, "tonari.practice", &rival);
        g_assert_cmpint(said.class, ==, HIB_NET_OK); /* nothing is said of our own account */
        g_assert_cmpint(rival.state, ==, cases[i].state);
        g_assert_true(*said.message);
    }
}

#define DISCOVER "GET /v25.0/178?fields=business_discovery.username%28tonari%29%7B"

static void
instagram_discovers_professional_accounts_by_name(void)
{
    const TestCannedRow rows[] = {
        {DISCOVER, 200,
         "{\"business_discovery\":{\"id\":\"1784\",\"username\":\"tonari\",\"followers_count\":12,"
         "\"media_count\":2,\"media\":{\"data\":[{\"id\":\"9\",\"timestamp\":\"2026-11-12T00:00:00+"
         "0000\","
         "\"like_count\":7,\"comments_count\":1},{\"id\":\"8\",\"timestamp\":\"2026-11-02T00:00:00+"
         "0000\","
         "\"comments_count\":0}]}},\"id\":\"178\"}"},
        {NULL, 0, NULL}};
    const TestCannedRow unknown[] = {
        {DISCOVER, 400,
         "{\"error\":{\"message\":\"Invalid user id\",\"type\":\"OAuthException\",\"code\":110,"
         "\"error_subcode\":2207013}}"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    g_autoptr(TestCanned) nobody = test_canned_new(unknown);
    HibNetRival rival;
    g_assert_cmpint(look("instagram", canned, "tonari", &rival).class, ==, HIB_NET_OK);
    g_assert_cmpint(rival.followers, ==, 12);
    g_assert_cmpuint(rival.n_recent, ==, 2);
    g_assert_cmpint(rival.recent[0].likes, ==, 7);
    g_assert_cmpint(rival.recent[1].likes, ==, -1); /* hidden by the account */
    g_assert_cmpint(rival.since, ==, 0);
    g_assert_cmpint(look("instagram", nobody, "tonari", &rival).class, ==, HIB_NET_OK);
    g_assert_cmpint(rival.state, ==, HIB_RIVAL_UNKNOWN);
    canned->grant.service = "https://graph.instagram.com";
    g_assert_cmpint(look("instagram", canned, "tonari", &rival).class, ==, HIB_NET_FATAL);
}

static void
mastodon_looks_where_the_account_lives(void)
{
    const TestCannedRow rows[] = {
        {"GET /api/v1/accounts/lookup?acct=tonari", 200,
         "{\"id\":\"7\",\"acct\":\"tonari\",\"display_name\":\"となり\",\"url\":\"https://"
         "m.example/@tonari\",\"followers_count\":12,\"statuses_count\":3}"},
        {"GET /api/v1/accounts/7/statuses?exclude_replies=true&exclude_reblogs=true&limit=40", 200,
         "[{\"id\":\"1\",\"created_at\":\"2026-11-12T00:00:00.000Z\",\"favourites_count\":4,"
         "\"reblogs_count\":2,\"replies_count\":1}]"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    HibNetRival rival;
    g_assert_cmpint(look("mastodon", canned, "tonari", &rival).class, ==, HIB_NET_OK);
    g_assert_cmpint(rival.state, ==, HIB_RIVAL_FOUND);
    g_assert_cmpint(rival.followers, ==, 12);
    g_assert_cmpuint(rival.n_recent, ==, 1);
    g_assert_cmpint(rival.recent[0].reposts, ==, 2);
    g_assert_cmpint(rival.since, ==, 0);
    g_assert_true(g_str_has_prefix(rival.remote_id, "tonari@127.0.0.1:"));
    /* On another server it is asked there, without our token; such an address is not one of ours. */
    const guint before = (guint)canned->journal->len;
    HibNetResult said = look("mastodon", canned, "tonari@127.0.0.1", &rival);
    g_assert_cmpint(said.class, !=, HIB_NET_OK);
    g_assert_cmpuint(canned->journal->len, ==, before);
}

static void
another_server_of_mastodon_may_show_accounts_only_to_its_own(void)
{
    g_assert_cmpint(hib_mastodon_rival_state(200, false), ==, HIB_RIVAL_FOUND);
    g_assert_cmpint(hib_mastodon_rival_state(404, false), ==, HIB_RIVAL_UNKNOWN);
    g_assert_cmpint(hib_mastodon_rival_state(410, true), ==, HIB_RIVAL_UNKNOWN);
    g_assert_cmpint(hib_mastodon_rival_state(401, false), ==, HIB_RIVAL_PRIVATE);
    g_assert_cmpint(hib_mastodon_rival_state(403, false), ==, HIB_RIVAL_PRIVATE);
    g_assert_cmpint(hib_mastodon_rival_state(401, true), ==, HIB_RIVAL_FOUND); /* our own token */
    g_assert_cmpint(hib_mastodon_rival_state(503, false), ==, HIB_RIVAL_FOUND);
}

static void
mastodon_says_who_is_suspended(void)
{
    const TestCannedRow rows[] = {{"GET /api/v1/accounts/lookup?acct=tonari", 200,
                                   "{\"id\":\"7\",\"acct\":\"tonari\",\"suspended\":true}"},
                                  {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    HibNetRival rival;
    g_assert_cmpint(look("mastodon", canned, "tonari", &rival).class, ==, HIB_NET_OK);
    g_assert_cmpint(rival.state, ==, HIB_RIVAL_SUSPENDED);
}

/* --- X ------------------------------------------------------------------------------------------------------------------- */
#define X_USER "GET /2/users/by/username/tonari?user.fields=protected,public_metrics"
#define X_POSTS                                                                                    \
    "GET /2/users/42/tweets?exclude=replies,retweets&max_results=20&tweet.fields=created_at,"      \
    "public_metrics"
#define X_SHOP(more)                                                                               \
    "{\"data\":{\"id\":\"42\",\"name\":\"となり\",\"username\":\"tonari\"" more                    \
    ",\"public_metrics\":{\"followers_count\":4200,\"tweet_count\":320,\"following_count\":1,"     \
    "\"listed_count\":0}}}"
#define X_POST(id, day)                                                                            \
    "{\"id\":\"" id "\",\"text\":\"あ\",\"created_at\":\"2026-11-" day "T00:00:00.000Z\","         \
    "\"public_metrics\":{\"like_count\":5,\"retweet_count\":2,\"reply_count\":1,\"quote_count\":"  \
    "0,"                                                                                           \
    "\"impression_count\":90,\"bookmark_count\":0}}"
#define X_PROBLEM(title, detail, type)                                                             \
    "{\"errors\":[{\"value\":\"tonari\",\"detail\":\"" detail "\",\"title\":\"" title "\","        \
    "\"resource_type\":\"user\",\"type\":\"https://api.x.com/2/problems/" type "\"}]}"

static void
x_is_paid_for_each_account_and_post_it_reads(void)
{
    const TestCannedRow rows[] = {
        {X_USER, 200, X_SHOP("")},
        {X_POSTS, 200,
         "{\"data\":[" X_POST("9", "12") "," X_POST(
             "8", "03") ",{\"id\":\"7\"}],\"meta\":{\"next_token\":\"more\","
                        "\"result_count\":3}}"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    HibNetRival rival;
    HibInstant oldest;
    g_assert_true(hib_instant_parse("2026-11-03T00:00:00Z", &oldest));
    g_assert_cmpint(look("x", canned, "@tonari", &rival).class, ==, HIB_NET_OK);
    g_assert_cmpint(rival.state, ==, HIB_RIVAL_FOUND);
    g_assert_cmpstr(rival.remote_id, ==, "42");
    g_assert_cmpstr(rival.handle, ==, "tonari");
    g_assert_cmpint(rival.followers, ==, 4200);
    g_assert_cmpint(rival.posts, ==, 320);
    g_assert_cmpuint(rival.n_recent, ==, 2);
    g_assert_cmpint(rival.recent[0].likes, ==, 5);
    g_assert_cmpint(rival.recent[0].reposts, ==, 2);
    g_assert_cmpint(rival.since, ==, oldest);
    g_assert_cmpint(rival.n_accounts_read, ==, 1);
    g_assert_cmpint(rival.n_posts_read, ==, 3); /* what does not read was paid for too */
}

/* By its id, so that who is renamed is found; posts that are known are left out, and then all since are there. */
static void
x_is_asked_by_id_and_only_for_what_is_not_known(void)
{
    const TestCannedRow rows[] = {
        {"GET /2/users/42?user.fields=protected,public_metrics", 200, X_SHOP("")},
        {X_POSTS "&start_time=2026-11-20T00%3A00%3A00", 200, "{\"meta\":{\"result_count\":0}}"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    HibNetRival rival;
    HibInstant from;
    g_assert_true(hib_instant_parse("2026-11-20T00:00:00Z", &from));
    const HibNetResult said = hib_net_optional(hib_network_find("x"))
                                  ->read_rival(&canned->net, &canned->grant, "42", from, &rival);
    g_assert_cmpint(said.class, ==, HIB_NET_OK);
    g_assert_cmpint(rival.state, ==, HIB_RIVAL_FOUND);
    g_assert_cmpint(rival.since, ==, from);
    g_assert_cmpint(rival.n_posts_read, ==, 0);
}

static void
x_says_who_is_protected_suspended_or_not_there(void)
{
    static const struct {
        const char *user, *posts;
        int status;
        HibNetRivalState state;
        HibNetClass class;
    } cases[] = {
        {X_SHOP(",\"protected\":true"), "", 200, HIB_RIVAL_PRIVATE, HIB_NET_OK},
        {X_SHOP(""),
         X_PROBLEM("Authorization Error", "Sorry, you are not authorized to see the user",
                   "not-authorized-for-resource"),
         200, HIB_RIVAL_PRIVATE, HIB_NET_OK},
        {X_PROBLEM("Forbidden", "User has been suspended: [tonari].", "resource-not-found"), "",
         200, HIB_RIVAL_SUSPENDED, HIB_NET_OK},
        {X_PROBLEM("Not Found Error", "Could not find user with username: [tonari].",
                   "resource-not-found"),
         "", 200, HIB_RIVAL_UNKNOWN, HIB_NET_OK},
        {"{\"title\":\"Not Found\"}", "", 404, HIB_RIVAL_UNKNOWN, HIB_NET_OK},
        {"{}", "", 200, HIB_RIVAL_FOUND, HIB_NET_RETRY_SAME},
        {X_SHOP(""), "{\"data\":7}", 200, HIB_RIVAL_FOUND, HIB_NET_RETRY_SAME},
        {"{\"title\":\"CreditsDepleted\"}", "", 402, HIB_RIVAL_FOUND, HIB_NET_QUOTA},
        {"{\"title\":\"Too Many Requests\"}", "", 429, HIB_RIVAL_FOUND, HIB_NET_RETRY_AFTER},
        {"{}", "", 503, HIB_RIVAL_FOUND, HIB_NET_RETRY_SAME},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const TestCannedRow rows[] = {{X_USER, cases[i].status, cases[i].user},
                                      {X_POSTS, 200, cases[i].posts},
                                      {NULL, 0, NULL}};
        g_autoptr(TestCanned) canned = test_canned_new(rows);
        HibNetRival rival;
        g_assert_cmpint(look("x", canned, "@tonari", &rival).class, ==, cases[i].class);
        g_assert_cmpint(rival.state, ==, cases[i].state);
    }
}

/* --- YouTube --------------------------------------------------------------------------------------------------------------- */
#define CHANNEL "UC0123456789012345678901"
#define YT_CHANNEL                                                                                 \
    "GET /youtube/v3/channels?part=snippet,statistics,contentDetails&forHandle=%40tonari"
#define YT_UPLOADS                                                                                 \
    "GET /youtube/v3/playlistItems?part=contentDetails&maxResults=50&playlistId="                  \
    "UU0123456789012345678901"
#define YT_SHOP(subscribers)                                                                       \
    "{\"items\":[{\"id\":\"" CHANNEL "\",\"snippet\":{\"title\":\"となり\",\"customUrl\":"      \
    "\"@tonari\"},\"statistics\":{\"viewCount\":\"9\",\"videoCount\":\"2\"," subscribers           \
    "},\"contentDetails\":{\"relatedPlaylists\":{\"uploads\":\"UU0123456789012345678901\"}}}]}"
#define YT_ITEM(id, day)                                                                           \
    "{\"contentDetails\":{\"videoId\":\"" id "\",\"videoPublishedAt\":\"2026-11-" day              \
    "T00:00:00Z\"}}"

static void
youtube_shows_a_channel_and_its_newest_uploads(void)
{
    const TestCannedRow rows[] = {
        {YT_CHANNEL, 200, YT_SHOP("\"subscriberCount\":\"4220\",\"hiddenSubscriberCount\":false")},
        {YT_UPLOADS, 200,
         "{\"items\":[" YT_ITEM("aaaaaaaaaa1", "12") "," YT_ITEM(
             "aaaaaaaaaa2", "03") ",{\"contentDetails\":{\"videoId\":\"aaaaaaaaaa3\"}}]}"},
        {"GET /youtube/v3/videos?part=statistics&maxResults=50&id=aaaaaaaaaa1,aaaaaaaaaa2", 200,
         "{\"items\":[{\"id\":\"aaaaaaaaaa2\",\"statistics\":{\"viewCount\":\"900\","
         "\"likeCount\":\"7\"}},{\"id\":\"aaaaaaaaaa1\",\"statistics\":{\"likeCount\":\"5\","
         "\"commentCount\":\"2\"}}]}"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    HibNetRival rival;
    g_assert_cmpint(look("youtube", canned, "@tonari", &rival).class, ==, HIB_NET_OK);
    g_assert_cmpint(rival.state, ==, HIB_RIVAL_FOUND);
    g_assert_cmpstr(rival.remote_id, ==, CHANNEL);
    g_assert_cmpstr(rival.handle, ==, "tonari");
    g_assert_cmpint(rival.followers, ==, 4220);
    g_assert_false(rival.hides_followers);
    g_assert_cmpint(rival.posts, ==, 2);
    g_assert_cmpuint(rival.n_recent, ==, 2); /* one is not public any more */
    g_assert_cmpint(rival.recent[0].likes, ==, 5);
    g_assert_cmpint(rival.recent[0].replies, ==, 2);
    g_assert_cmpint(rival.recent[1].likes, ==, 7);
    g_assert_cmpint(rival.recent[1].replies, ==, -1); /* comments are switched off */
    g_assert_cmpint(rival.since, ==, 0);
}

static void
youtube_hides_subscribers_and_that_is_not_none(void)
{
    const TestCannedRow rows[] = {
        {YT_CHANNEL, 200, YT_SHOP("\"subscriberCount\":\"0\",\"hiddenSubscriberCount\":true")},
        {YT_UPLOADS, 404, "{\"error\":{\"errors\":[{\"reason\":\"playlistNotFound\"}]}}"},
        {NULL, 0, NULL}};
    g_autoptr(TestCanned) canned = test_canned_new(rows);
    HibNetRival rival;
    g_assert_cmpint(look("youtube", canned, "@tonari", &rival).class, ==, HIB_NET_OK);
    g_assert_cmpint(rival.state, ==, HIB_RIVAL_FOUND);
    g_assert_true(rival.hides_followers);
    g_assert_cmpint(rival.followers, ==, -1);
    g_assert_cmpuint(rival.n_recent, ==, 0);
    g_assert_cmpint(rival.since, ==, 0);
}

static void
youtube_lists_no_closed_channel_and_keeps_private_lists(void)
{
    static const struct {
        const char *channel, *uploads;
        int status, uploads_status;
        HibNetRivalState state;
        HibNetClass class;
    } cases[] = {
        {"{\"pageInfo\":{\"totalResults\":0}}", "", 200, 200, HIB_RIVAL_UNKNOWN, HIB_NET_OK},
        {YT_SHOP("\"subscriberCount\":\"12\""),
         "{\"error\":{\"errors\":[{\"reason\":\"playlistItemsNotAccessible\"}]}}", 200, 403,
         HIB_RIVAL_PRIVATE, HIB_NET_OK},
        {"{\"items\":[{\"id\":\"" CHANNEL "\"}]}", "", 200, 200, HIB_RIVAL_FOUND,
         HIB_NET_RETRY_SAME},
        {"{\"error\":{\"errors\":[{\"reason\":\"quotaExceeded\"}]}}", "", 403, 200, HIB_RIVAL_FOUND,
         HIB_NET_QUOTA},
        {YT_SHOP("\"subscriberCount\":\"12\""), "{}", 200, 503, HIB_RIVAL_FOUND,
         HIB_NET_RETRY_SAME},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const TestCannedRow rows[] = {{YT_CHANNEL, cases[i].status, cases[i].channel},
                                      {YT_UPLOADS, cases[i].uploads_status, cases[i].uploads},
                                      {NULL, 0, NULL}};
        g_autoptr(TestCanned) canned = test_canned_new(rows);
        HibNetRival rival;
        g_assert_cmpint(look("youtube", canned, "@tonari", &rival).class, ==, cases[i].class);
        g_assert_cmpint(rival.state, ==, cases[i].state);
    }
}

static void
a_post_is_found_by_its_id_where_the_network_says_how(void)
{
    static const struct {
        const char *network, *profile, *id, *url;
    } cases[] = {
        {"bluesky", "https://bsky.app/profile/tonari.practice",
         "at://did:plc:abc/app.bsky.feed.post/3k2",
         "https://bsky.app/profile/did:plc:abc/post/3k2"},
        {"bluesky", "https://bsky.app/profile/tonari.practice", "at://did:plc:abc/3k2", NULL},
        {"bluesky", "https://bsky.app/profile/tonari.practice",
         "at://did:plc:abc/app.bsky.feed.post/3k\" onclick", NULL},
        {"x", "https://x.com/tonari", "1790", "https://x.com/tonari/status/1790"},
        {"youtube", "https://www.youtube.com/channel/UC1", "a_b-c",
         "https://www.youtube.com/watch?v=a_b-c"},
        {"youtube", "https://www.youtube.com/channel/UC1", "a&b", NULL},
        {"mastodon", "https://social.example/@tonari", "11", "https://social.example/@tonari/11"},
        {"mastodon", "https://social.example/users/tonari", "11", NULL},
        {"mastodon", "", "11", NULL},
        {"instagram", "https://www.instagram.com/minato/", "1789", NULL},
    };
    g_autoptr(HibArena) arena = hib_arena_new();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpstr(
            hib_net_rival_post_url(arena, cases[i].network, cases[i].profile, cases[i].id), ==,
            cases[i].url);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/networks/rival/" #name, name)
    TEST(a_handle_is_read_as_it_is_typed_or_pasted);
    TEST(a_post_is_found_by_its_id_where_the_network_says_how);
    TEST(bluesky_shows_a_profile_and_its_own_posts);
    TEST(who_is_not_there_is_unknown_and_a_broken_answer_is_not);
    TEST(instagram_discovers_professional_accounts_by_name);
    TEST(mastodon_looks_where_the_account_lives);
    TEST(bluesky_says_who_is_suspended_deactivated_or_blocks_us);
    TEST(another_server_of_mastodon_may_show_accounts_only_to_its_own);
    TEST(mastodon_says_who_is_suspended);
    TEST(x_is_paid_for_each_account_and_post_it_reads);
    TEST(x_is_asked_by_id_and_only_for_what_is_not_known);
    TEST(x_says_who_is_protected_suspended_or_not_there);
    TEST(youtube_shows_a_channel_and_its_newest_uploads);
    TEST(youtube_hides_subscribers_and_that_is_not_none);
    TEST(youtube_lists_no_closed_channel_and_keeps_private_lists);
    return g_test_run();
}
