/* Somebody else's account: what a person types as its handle, and what Bluesky and Mastodon show of it. */
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
        {"youtube", "https://www.youtube.com/@tonari", "tonari"},
        {"youtube", "https://www.youtube.com/channel/UCabc", "UCabc"},
        {"x", "https://twitter.com/tonari", "tonari"},
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
        ->read_rival(&canned->net, &canned->grant, who, ret);
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

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/networks/rival/" #name, name)
    TEST(a_handle_is_read_as_it_is_typed_or_pasted);
    TEST(bluesky_shows_a_profile_and_its_own_posts);
    TEST(who_is_not_there_is_unknown_and_a_broken_answer_is_not);
    TEST(instagram_discovers_professional_accounts_by_name);
    TEST(mastodon_looks_where_the_account_lives);
    return g_test_run();
}
