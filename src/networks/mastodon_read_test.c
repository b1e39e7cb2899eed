/* Connecting to an instance, what it says of itself, and everything that is read from it or changed on it, answer by answer. */
#include "networks/mastodon_private.h"
#include "networks/test_wire.h"

#include <string.h>

#define NOW (INT64_C(1795000000) * HIB_SECOND) /* 2026-11-18T11:06:40Z */

/* A server that has one answer for each call; what has none is 404. */
typedef struct {
    const char *call; /* "GET /path", its beginning */
    int status;
    const char *body; /* SELF in it is the server's own address */
} Page;

static struct {
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    TestWire *wire;
    HibNetContext net;
    HibGrant grant;
    const Page *pages;
    size_t n_pages;
    GString *heard; /* "POST /path body\n" a call */
    char *token;    /* authorization of the last call */
} w;

static void
on_call(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    g_autofree char *line = g_strdup_printf("%s %s", call->method, call->path);
    g_string_append_printf(w.heard, "%s%s%s\n", line, call->n_body ? " " : "", call->body);
    g_free(w.token);
    w.token = g_strdup(g_hash_table_lookup(call->headers, "authorization"));
    answer->status = 404;
    answer->body = "{\"error\":\"Record not found\"}";
    for (size_t i = 0; i < w.n_pages; i++)
        if (g_str_has_prefix(line, w.pages[i].call)) {
            g_string_assign(answer->room, w.pages[i].body);
            g_string_replace(answer->room, "SELF", test_wire_url(w.wire), 0);
            answer->body = NULL;
            answer->status = w.pages[i].status;
            return;
        }
}

static void
serve(const Page *pages, size_t n)
{
    w.pages = pages;
    w.n_pages = n;
    g_string_truncate(w.heard, 0);
}
#define SERVE(pages) serve(pages, G_N_ELEMENTS(pages))

/* --- connecting ------------------------------------------------------------------------------------------------ */
#define NODEINFO                                                                                   \
    {                                                                                              \
        "GET /.well-known/nodeinfo", 200,                                                          \
            "{\"links\":[{\"rel\":\"x\",\"href\":\"https://elsewhere.example/nodeinfo/2.0\"},"     \
            "{\"rel\":\"http://nodeinfo.diaspora.software/ns/schema/2.0\",\"href\":\"SELF/"        \
            "nodeinfo/2.0\"}]}"                                                                    \
    }
#define TOKEN                                                                                      \
    {                                                                                              \
        "POST /oauth/token", 200,                                                                  \
            "{\"access_token\":\"t0ken\",\"token_type\":\"Bearer\",\"scope\":\"read\",\"created_"  \
            "at\":1}"                                                                              \
    }
#define ACCOUNT                                                                                    \
    {                                                                                              \
        "GET /api/v1/accounts/verify_credentials", 200,                                            \
            "{\"id\":\"7\",\"username\":\"hibiki\",\"acct\":\"hibiki\",\"display_name\":"          \
            "\"喫茶ひびき\","                                                                 \
            "\"avatar\":\"https://a.example/"                                                      \
            "a.png\",\"followers_count\":120,\"following_count\":3,"                               \
            "\"statuses_count\":45}"                                                               \
    }

static const char *
connect_to(const Page *pages, size_t n, HibGrant *ret)
{
    static const HibNetApp app = {"id", "secret"};
    HibGrant *grants = NULL;
    size_t n_grants = 0;
    HibNetContext net = w.net;
    net.app = &app;
    serve(pages, n);
    HibNetResult said =
        hib_mastodon.exchange(&net, test_wire_url(w.wire), "https://h.example/connect/callback",
                              "c0de", "verifier", &grants, &n_grants);
    if (said.class != HIB_NET_OK) {
        g_assert_cmpuint(n_grants, ==, 0);
        return hib_net_class_name(said.class);
    }
    g_assert_cmpuint(n_grants, ==, 1);
    *ret = grants[0];
    return "ok";
}

static void
an_app_is_made_and_a_person_is_sent_to_allow_it(void)
{
    static const Page made[] = {{"POST /api/v1/apps", 200,
                                 "{\"id\":\"1\",\"client_id\":\"cid\",\"client_secret\":\"sec\"}"}};
    static const Page refused[] = {
        {"POST /api/v1/apps", 422,
         "{\"error\":\"Validation failed: Redirect URI must be absolute\"}"}};
    static const Page empty[] = {
        {"POST /api/v1/apps", 200, "{\"client_id\":\"\",\"client_secret\":\"\"}"}};
    static const Page busy[] = {{"POST /api/v1/apps", 503, ""}};
    HibNetApp app = {0};
    const char *at = test_wire_url(w.wire), *back = "https://h.example/connect/callback";
    SERVE(made);
    g_assert_cmpint(hib_mastodon.register_app(&w.net, at, back, &app).class, ==, HIB_NET_OK);
    g_assert_cmpstr(app.client_id, ==, "cid");
    g_assert_cmpstr(app.client_secret, ==, "sec");
    g_assert_nonnull(
        strstr(w.heard->str, "redirect_uris=https%3A%2F%2Fh.example%2Fconnect%2Fcallback"));
    g_assert_nonnull(strstr(w.heard->str, "write%3Astatuses"));
    SERVE(refused);
    g_assert_cmpint(hib_mastodon.register_app(&w.net, at, back, &app).class, ==, HIB_NET_FATAL);
    SERVE(empty);
    g_assert_cmpint(hib_mastodon.register_app(&w.net, at, back, &app).class, ==, HIB_NET_FATAL);
    serve(NULL, 0); /* no such API there */
    g_assert_cmpint(hib_mastodon.register_app(&w.net, at, back, &app).class, ==, HIB_NET_FATAL);
    SERVE(busy);
    g_assert_cmpint(hib_mastodon.register_app(&w.net, at, back, &app).class, ==,
                    HIB_NET_RETRY_SAME);
    g_assert_cmpstr(app.client_id, ==, "cid"); /* unset by no failure */
    g_assert_cmpint(hib_mastodon.register_app(&w.net, "ftp://x", back, &app).class, ==,
                    HIB_NET_FATAL);

    HibNetContext net = w.net;
    net.app = &app;
    const char *url = hib_mastodon.authorize_url(&net, "Mstdn.example", back, "st",
                                                 "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    g_assert_true(g_str_has_prefix(
        url, "https://mstdn.example/oauth/authorize?response_type=code&client_id=cid&"));
    g_assert_nonnull(strstr(url, "&state=st&"));
    g_assert_nonnull(strstr(
        url,
        "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"));
    g_assert_null(hib_mastodon.authorize_url(&w.net, at, back, "st", "v")); /* without an app */
}

static void
a_code_becomes_a_grant_that_knows_its_instance(void)
{
    static const Page pages[] = {
        TOKEN,
        ACCOUNT,
        NODEINFO,
        {"GET /nodeinfo/2.0", 200, "{\"software\":{\"name\":\"Mastodon\",\"version\":\"4.5.1\"}}"},
        {"GET /api/v2/instance", 200,
         "{\"domain\":\"small.example\",\"configuration\":{\"statuses\":{\"max_characters\":1000,"
         "\"max_media_attachments\":6,\"characters_reserved_per_url\":23},\"media_attachments\":{"
         "\"supported_mime_types\":[\"image/jpeg\",\"image/png\",\"video/"
         "mp4\"],\"image_size_limit\":"
         "8388608,\"image_matrix_limit\":16777216,\"video_size_limit\":41943040,\"video_frame_rate_"
         "limit\":60,"
         "\"video_matrix_limit\":2304000,\"description_limit\":1500}}}"}};
    HibGrant grant = {0};
    g_assert_cmpstr(connect_to(pages, G_N_ELEMENTS(pages), &grant), ==, "ok");
    g_assert_nonnull(strstr(w.heard->str, "code=c0de"));
    g_assert_nonnull(strstr(w.heard->str, "code_verifier=verifier"));
    g_assert_null(strstr(w.heard->str, "elsewhere"));
    g_assert_cmpstr(grant.service, ==, test_wire_url(w.wire));
    g_assert_cmpstr(grant.remote_id, ==, "7");
    g_assert_cmpstr(grant.handle, ==, "hibiki@small.example");
    g_assert_cmpstr(grant.display_name, ==, "喫茶ひびき");
    g_assert_cmpstr(grant.access, ==, "t0ken");
    g_assert_cmpstr(grant.refresh, ==, "");
    g_assert_cmpint(grant.access_expires_at, ==, 0);
    g_assert_true(hib_mastodon_is_genuine(grant.extra));
    g_assert_true(hib_mastodon_has_batch(grant.extra));
    const HibNetLimits *limits = hib_mastodon.limits_of(w.arena, grant.extra);
    const HibNetFormatLimits *form = hib_net_format(limits, HIB_FORMAT_POST);
    g_assert_cmpint(limits->max_text, ==, 1000);
    g_assert_cmpint(form->max_text, ==, 1000);
    g_assert_cmpint(limits->unit, ==, HIB_UNIT_MASTODON);
    g_assert_cmpint(form->max_media, ==, 6);
    g_assert_cmpint(form->image.max_bytes, ==, 8388608);
    g_assert_cmpint(form->image.max_width, ==, 4096);
    g_assert_cmpint(form->video.max_bytes, ==, 41943040);
    g_assert_cmpint(form->video.max_width, ==, 2023); /* 16:9 of 2,304,000 pixels */
    g_assert_cmpfloat(form->video.max_fps, ==, 60);
    g_assert_cmpstr(form->image.types[0], ==, "image/jpeg");
    g_assert_cmpstr(form->image.types[1], ==, "image/png");
    g_assert_null(form->image.types[2]);
    g_assert_null(form->gif.types); /* not listed: not taken */
    g_assert_true(hib_net_limits_of(w.arena, &hib_mastodon, grant.extra)->max_text == 1000);
    g_assert_true(hib_net_limits_of(w.arena, &hib_mastodon, "") == hib_mastodon.limits());
}

static void
other_software_is_known_as_such_and_what_it_does_not_say_stays_usual(void)
{
    static const Page pages[] = {
        {"POST /oauth/token", 200,
         "{\"access_token\":\"t\",\"refresh_token\":\"r\",\"expires_in\":600}"},
        ACCOUNT,
        NODEINFO,
        {"GET /nodeinfo/2.0", 200, "{\"software\":{\"name\":\"pleroma\",\"version\":\"2.6.0\"}}"},
        {"GET /api/v1/instance", 200, "{\"uri\":\"https://pl.example/\",\"max_toot_chars\":5000}"}};
    static const Page bare[] = {TOKEN, ACCOUNT};
    HibGrant grant = {0};
    g_assert_cmpstr(connect_to(pages, G_N_ELEMENTS(pages), &grant), ==, "ok");
    g_assert_cmpstr(grant.handle, ==, "hibiki@pl.example");
    g_assert_cmpstr(grant.refresh, ==, "r");
    g_assert_cmpint(grant.access_expires_at, ==, NOW + 600 * HIB_SECOND);
    g_assert_false(hib_mastodon_is_genuine(grant.extra));
    g_assert_false(hib_mastodon_has_batch(grant.extra));
    const HibNetLimits *limits = hib_mastodon.limits_of(w.arena, grant.extra);
    g_assert_cmpint(limits->max_text, ==, 5000);
    g_assert_cmpint(limits->unit, ==, HIB_UNIT_CHARS);
    g_assert_cmpint(limits->formats[0].max_media, ==, 4);
    g_assert_cmpstr(connect_to(bare, 2, &grant), ==, "ok"); /* it tells nothing of itself */
    g_assert_true(g_str_has_prefix(grant.handle, "hibiki@127.0.0.1:"));
    g_assert_cmpstr(grant.extra, ==, "{}");
    limits = hib_mastodon.limits_of(w.arena, grant.extra);
    g_assert_cmpint(limits->max_text, ==, 500);
    g_assert_false(hib_mastodon_is_genuine(grant.extra));
    static const char *const odd[] = {
        "", "[]", "{\"software\":7,\"max_characters\":-1,\"types\":\"x\"}",
        "{\"max_characters\":1e300,\"max_media\":0}", "{\"version\":\"4.5\"}"};
    for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
        g_assert_cmpint(hib_mastodon_limits_of(w.arena, odd[i])->max_text, ==, 500);
        g_assert_false(hib_mastodon_is_genuine(odd[i]) || hib_mastodon_has_batch(odd[i]));
    }
    g_assert_false(hib_mastodon_has_batch("{\"software\":\"mastodon\",\"version\":\"4.2.10\"}"));
    g_assert_true(hib_mastodon_has_batch("{\"software\":\"mastodon\",\"version\":\"4.3.0-beta\"}"));
    g_assert_true(hib_mastodon_has_batch("{\"software\":\"mastodon\",\"version\":\"5.0\"}"));
}

static void
a_refused_code_and_an_empty_token_make_no_grant(void)
{
    static const struct {
        Page token, account;
        const char *class;
    } cases[] = {
        {{"POST /oauth/token", 400, "{\"error\":\"invalid_grant\"}"}, ACCOUNT, "reauth_human"},
        {{"POST /oauth/token", 401, "{\"error\":\"invalid_client\"}"}, ACCOUNT, "reauth_human"},
        {{"POST /oauth/token", 200, "{\"access_token\":\"\"}"}, ACCOUNT, "fatal"},
        {{"POST /oauth/token", 200, "{\"access_token\":\"a\\r\\nX: y\"}"}, ACCOUNT, "fatal"},
        {{"POST /oauth/token", 200, "[]"}, ACCOUNT, "fatal"},
        {{"POST /oauth/token", 502, ""}, ACCOUNT, "retry_same"},
        {TOKEN, {"GET /api/v1/accounts/verify", 401, "{\"error\":\"x\"}"}, "reauth_human"},
        {TOKEN, {"GET /api/v1/accounts/verify", 200, "{\"id\":\"\",\"username\":\"x\"}"}, "fatal"},
        {TOKEN,
         {"GET /api/v1/accounts/verify", 200, "{\"id\":\"1\",\"username\":\"a/b\"}"},
         "fatal"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        const Page pages[] = {cases[i].token, cases[i].account};
        HibGrant grant = {0};
        g_test_message("%zu", i);
        g_assert_cmpstr(connect_to(pages, 2, &grant), ==, cases[i].class);
    }
}

static void
a_renewal_brings_a_whole_grant_or_leaves_the_old_one(void)
{
    static const Page rotated[] = {
        {"POST /oauth/token", 200,
         "{\"access_token\":\"new\",\"refresh_token\":\"r2\",\"expires_in\":60}"}};
    static const Page kept[] = {{"POST /oauth/token", 200, "{\"access_token\":\"new\"}"}};
    static const Page empty[] = {{"POST /oauth/token", 200, "{\"access_token\":\"\"}"}};
    static const Page over[] = {{"POST /oauth/token", 400, "{\"error\":\"invalid_grant\"}"}};
    static const HibNetApp app = {"id", "secret"};
    HibNetContext net = w.net;
    net.app = &app;
    HibGrant old = w.grant, fresh = {0};
    old.refresh = "r1";
    SERVE(rotated);
    g_assert_cmpint(hib_mastodon.refresh(&net, &old, &fresh).class, ==, HIB_NET_OK);
    g_assert_cmpstr(fresh.access, ==, "new");
    g_assert_cmpstr(fresh.refresh, ==, "r2");
    g_assert_cmpstr(fresh.remote_id, ==, "7");
    g_assert_cmpstr(fresh.extra, ==, old.extra);
    SERVE(kept);
    g_assert_cmpint(hib_mastodon.refresh(&net, &old, &fresh).class, ==, HIB_NET_OK);
    g_assert_cmpstr(fresh.refresh, ==, "r1");
    HibGrant none = {0};
    SERVE(empty);
    g_assert_cmpint(hib_mastodon.refresh(&net, &old, &none).class, ==, HIB_NET_FATAL);
    SERVE(over);
    g_assert_cmpint(hib_mastodon.refresh(&net, &old, &none).class, ==, HIB_NET_REAUTH_HUMAN);
    g_assert_cmpint(hib_mastodon.refresh(&net, &w.grant, &none).class, ==, HIB_NET_REAUTH_HUMAN);
    g_assert_null(none.access);
}

/* --- reading ---------------------------------------------------------------------------------------------------- */
static void
html_reads_as_the_text_it_shows(void)
{
    static const struct {
        const char *html, *text;
    } cases[] = {
        {"", ""},
        {"<p>朝の一杯</p>", "朝の一杯"},
        {"<p>a<br>b<br />c</p><p>d</p>", "a\nb\nc\n\nd"},
        {"<p>1 &lt; 2 &amp;&amp; &quot;x&quot; &#39;y&#39; &#x3042;&nbsp;</p>",
         "1 < 2 && \"x\" 'y' あ\xc2\xa0"},
        {"&bogus; &#0; &#xd800; &#99999999999; & &#", "&bogus; &#0; &#xd800; &#99999999999; & &#"},
        {"<span class=\"h-card\"><a href=\"https://o.example/@a\">@<span>a</span></a></span> x",
         "@a x"},
        {"<a href=\"x\"><span class=\"invisible\">https://</span><span "
         "class=\"ellipsis\">o.example/ab</span><span class=\"invisible\">cd</span></a>",
         "https://o.example/abcd"},
        {"<ul><li>a</li><li>b</li></ul>", "a\nb"},
        {"a < b", "a < b"},
        {"<unclosed", "<unclosed"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpstr(hib_mastodon_plain(w.arena, cases[i].html), ==, cases[i].text);
}

static int64_t
metric(const HibNetReading *reading, const char *name)
{
    for (size_t i = 0; i < reading->n_metrics; i++)
        if (g_str_equal(reading->metrics[i].metric, name))
            return reading->metrics[i].value;
    return -1;
}

static void
numbers_are_read_in_one_call_and_what_is_missing_is_asked_for(void)
{
    static const Page pages[] = {
        {"GET /api/v1/statuses?id[]=1&id[]=2&id[]=3", 200,
         "[{\"id\":\"2\",\"favourites_count\":5,\"reblogs_count\":0,\"replies_count\":1,\"quotes_"
         "count\":2},"
         "{\"id\":\"1\",\"favourites_count\":9,\"reblogs_count\":3,\"replies_count\":0},7]"},
        {"GET /api/v1/statuses/1", 200, "{\"id\":\"1\",\"favourites_count\":1}"},
        {"GET /api/v1/statuses/3", 404, "{\"error\":\"Record not found\"}"},
        ACCOUNT};
    static const Page down[] = {{"GET /api/v1/statuses", 503, ""}};
    const char *const ids[] = {"1", "2", "3"};
    HibNetReading read[3];
    SERVE(pages);
    g_assert_cmpint(hib_mastodon.read_posts(&w.net, &w.grant, ids, 3, read).class, ==, HIB_NET_OK);
    g_assert_cmpint(metric(&read[0], "likes"), ==, 9);
    g_assert_cmpint(metric(&read[0], "reposts"), ==, 3);
    g_assert_cmpint(metric(&read[0], "quotes"), ==, -1); /* not said is not zero */
    g_assert_cmpint(metric(&read[1], "replies"), ==, 1);
    g_assert_cmpint(metric(&read[1], "quotes"), ==, 2);
    g_assert_true(!read[0].is_gone && !read[1].is_gone && read[2].is_gone);
    g_assert_cmpstr(w.token, ==, "Bearer t0ken");
    g_assert_cmpint(hib_mastodon.read_posts(&w.net, &w.grant, ids, 1, read).class, ==, HIB_NET_OK);
    g_assert_cmpint(metric(&read[0], "likes"), ==, 1);
    HibGrant other = w.grant; /* one by one where there is no list */
    other.extra = "{\"software\":\"snac\"}";
    SERVE(pages);
    g_assert_cmpint(hib_mastodon.read_posts(&w.net, &other, ids + 2, 1, read).class, ==,
                    HIB_NET_OK);
    g_assert_true(read[0].is_gone);
    g_assert_null(strstr(w.heard->str, "id[]"));
    g_assert_cmpint(hib_mastodon.read_account(&w.net, &w.grant, read).class, ==, HIB_NET_OK);
    g_assert_cmpint(metric(read, "followers"), ==, 120);
    g_assert_cmpint(metric(read, "posts"), ==, 45);
    SERVE(down);
    g_assert_cmpint(hib_mastodon.read_posts(&w.net, &w.grant, ids, 3, read).class, ==,
                    HIB_NET_RETRY_SAME);
    g_assert_cmpint(hib_mastodon.read_posts(&w.net, &other, ids, 1, read).class, ==,
                    HIB_NET_RETRY_SAME);
}

#define SAID(id, type, at, status, acct, more)                                                     \
    "{\"id\":\"" id "\",\"type\":\"" type "\",\"status\":{\"id\":\"" status                        \
    "\",\"created_at\":\"" at "\",\"content\":\"<p>" status                                        \
    " &amp; x</p>\",\"url\":\"https://o.example/" status                                           \
    "\",\"account\":{\"id\":\"9\",\"acct\":\"" acct "\",\"display_name\":\"アリス\"}" more "}}"

static void
what_people_say_is_told_apart_oldest_first(void)
{
    static const Page pages[] = {
        {"GET /api/v1/notifications?limit=80&types[]=mention&types[]=quote&min_id=40", 200, "[]"},
        {"GET /api/v1/notifications?limit=80&types[]=mention&types[]=quote", 200,
         "[" SAID(
             "44", "mention", "2026-11-18T10:00:00.000Z", "204", "alice@o.example",
             ",\"visibility\":\"direct\"") "," SAID("43", "mention", "2026-11-18T09:00:00.000Z",
                                                    "203", "bob",
                                                    ",\"visibility\":\"public\",\"in_reply_to_id\":"
                                                    "\"100\",\"in_reply_to_account_id\":"
                                                    "\"7\"") "," SAID("42", "quote",
                                                                      "2026-11-18T08:30:00.000Z",
                                                                      "202", "alice@o.example",
                                                                      "") "," SAID("41", "mention",
                                                                                   "2026-11-18T08:"
                                                                                   "00:00.000Z",
                                                                                   "201",
                                                                                   "alice@o."
                                                                                   "example",
                                                                                   ",\"in_reply_to_"
                                                                                   "id\":\"5\","
                                                                                   "\"in_reply_to_"
                                                                                   "account_id\":"
                                                                                   "\"11\"") ","
                                                                                             "{\"id"
                                                                                             "\":"
                                                                                             "\"40"
                                                                                             "\","
                                                                                             "\"typ"
                                                                                             "e\":"
                                                                                             "\"men"
                                                                                             "tion"
                                                                                             "\"},"
                                                                                             "7"
                                                                                             "," SAID(
                                                                                                 "1"
                                                                                                 "2",
                                                                                                 "m"
                                                                                                 "e"
                                                                                                 "n"
                                                                                                 "t"
                                                                                                 "i"
                                                                                                 "o"
                                                                                                 "n",
                                                                                                 "2"
                                                                                                 "0"
                                                                                                 "2"
                                                                                                 "6"
                                                                                                 "-"
                                                                                                 "1"
                                                                                                 "1"
                                                                                                 "-"
                                                                                                 "0"
                                                                                                 "1"
                                                                                                 "T"
                                                                                                 "0"
                                                                                                 "8"
                                                                                                 ":"
                                                                                                 "0"
                                                                                                 "0"
                                                                                                 ":"
                                                                                                 "0"
                                                                                                 "0"
                                                                                                 "."
                                                                                                 "0"
                                                                                                 "0"
                                                                                                 "0"
                                                                                                 "Z",
                                                                                                 "1"
                                                                                                 "5"
                                                                                                 "0",
                                                                                                 "o"
                                                                                                 "l"
                                                                                                 "d"
                                                                                                 "@"
                                                                                                 "o"
                                                                                                 "."
                                                                                                 "e"
                                                                                                 "x"
                                                                                                 "a"
                                                                                                 "m"
                                                                                                 "p"
                                                                                                 "l"
                                                                                                 "e",
                                                                                                 "") "]"}};
    HibNetTalk *talk = NULL;
    size_t n = 0;
    const char *cursor = NULL;
    SERVE(pages);
    g_assert_cmpint(hib_mastodon.read_talk(&w.net, &w.grant, NULL, NULL, &talk, &n, &cursor).class,
                    ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 4); /* the one of weeks ago is not news */
    g_assert_cmpstr(cursor, ==, "44");
    const HibNetTalk *mention = &talk[0], *quote = &talk[1], *comment = &talk[2],
                     *message = &talk[3];
    g_assert_cmpint(mention->kind, ==, HIB_TALK_MENTION);
    g_assert_cmpstr(mention->parent_id, ==, "5");
    g_assert_null(mention->post_id);
    g_assert_cmpint(quote->kind, ==, HIB_TALK_MENTION);
    g_assert_cmpint(comment->kind, ==, HIB_TALK_COMMENT);
    g_assert_cmpstr(comment->post_id, ==, "100");
    g_assert_null(comment->parent_id);
    g_assert_cmpstr(comment->author_handle, ==, "bob@small.example");
    g_assert_cmpint(message->kind, ==, HIB_TALK_MESSAGE);
    g_assert_cmpstr(message->conversation, ==, "alice@o.example");
    g_assert_cmpstr(message->remote_id, ==, "204");
    g_assert_cmpstr(message->text, ==, "204 & x");
    g_assert_cmpstr(message->author_name, ==, "アリス");
    g_assert_cmpstr(message->url, ==, "https://o.example/204");
    g_assert_cmpint(hib_mastodon.read_talk(&w.net, &w.grant, NULL, "40", &talk, &n, &cursor).class,
                    ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 0);
    g_assert_cmpstr(cursor, ==, "40");
}

/* --- changing ----------------------------------------------------------------------------------------------------- */
static void
a_change_keeps_pictures_and_choices_and_a_removal_may_come_twice(void)
{
    static const Page pages[] = {
        {"GET /api/v1/statuses/100", 200,
         "{\"id\":\"100\",\"spoiler_text\":\"新作\",\"sensitive\":true,\"language\":null,\"in_"
         "reply_to_account_id\":\"9\","
         "\"mentions\":[{\"id\":\"9\",\"acct\":\"bob\"}],\"media_attachments\":[{\"id\":\"m1\"},{"
         "\"id\":\"m2\"}],"
         "\"account\":{\"id\":\"7\"}}"},
        {"PUT /api/v1/statuses/100", 200,
         "{\"id\":\"100\",\"url\":\"https://s.example/100\",\"account\":{\"id\":\"7\"}}"},
        {"DELETE /api/v1/statuses/100", 200, "{\"id\":\"100\",\"text\":\"x\"}"}};
    const HibNetPost post = {.text = "直しました"};
    HibNetPublished out = {0};
    SERVE(pages);
    g_assert_cmpint(hib_mastodon.edit(&w.net, &w.grant, "100", &post, &out).class, ==, HIB_NET_OK);
    g_assert_cmpstr(out.remote_id, ==, "100");
    g_assert_nonnull(strstr(
        w.heard->str, "{\"status\":\"@bob@small.example 直しました\",\"spoiler_text\":\"新作\","
                      "\"sensitive\":true,\"media_ids\":[\"m1\",\"m2\"]}"));
    g_assert_cmpint(hib_mastodon.edit(&w.net, &w.grant, "404", &post, &out).class, ==,
                    HIB_NET_FATAL);
    g_assert_cmpint(hib_mastodon.remove(&w.net, &w.grant, "100").class, ==, HIB_NET_OK);
    g_assert_cmpint(hib_mastodon.remove(&w.net, &w.grant, "404").class, ==, HIB_NET_OK);
    g_assert_cmpint(hib_mastodon.remove(&w.net, &w.grant, "a/../b").class, ==, HIB_NET_OK);
    g_assert_nonnull(strstr(w.heard->str, "DELETE /api/v1/statuses/a%2F..%2Fb"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    w.arena = hib_arena_new();
    w.http = hib_http_new();
    w.clock = hib_clock_manual_new(NOW);
    w.heard = g_string_new(NULL);
    w.wire = test_wire_new(on_call, NULL);
    w.net =
        (HibNetContext){.http = w.http, .arena = w.arena, .clock = w.clock, .may_be_private = true};
    w.grant = (HibGrant){.service = test_wire_url(w.wire),
                         .remote_id = "7",
                         .handle = "hibiki@small.example",
                         .access = "t0ken",
                         .refresh = "",
                         .extra = "{\"software\":\"mastodon\",\"version\":\"4.5.1\"}"};
    const struct {
        const char *name;
        GTestFunc run;
    } tests[] = {
        {"an_app_is_made_and_a_person_is_sent_to_allow_it",
         an_app_is_made_and_a_person_is_sent_to_allow_it},
        {"a_code_becomes_a_grant_that_knows_its_instance",
         a_code_becomes_a_grant_that_knows_its_instance},
        {"other_software_is_known_as_such_and_what_it_does_not_say_stays_usual",
         other_software_is_known_as_such_and_what_it_does_not_say_stays_usual},
        {"a_refused_code_and_an_empty_token_make_no_grant",
         a_refused_code_and_an_empty_token_make_no_grant},
        {"a_renewal_brings_a_whole_grant_or_leaves_the_old_one",
         a_renewal_brings_a_whole_grant_or_leaves_the_old_one},
        {"html_reads_as_the_text_it_shows", html_reads_as_the_text_it_shows},
        {"numbers_are_read_in_one_call_and_what_is_missing_is_asked_for",
         numbers_are_read_in_one_call_and_what_is_missing_is_asked_for},
        {"what_people_say_is_told_apart_oldest_first", what_people_say_is_told_apart_oldest_first},
        {"a_change_keeps_pictures_and_choices_and_a_removal_may_come_twice",
         a_change_keeps_pictures_and_choices_and_a_removal_may_come_twice},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++)
        g_test_add_func(hib_arena_printf(w.arena, "/networks/mastodon-read/%s", tests[i].name),
                        tests[i].run);
    int status = g_test_run();
    test_wire_free(w.wire);
    g_string_free(w.heard, true);
    g_free(w.token);
    hib_clock_free(w.clock);
    hib_http_free(w.http);
    hib_arena_free(w.arena);
    return status;
}
