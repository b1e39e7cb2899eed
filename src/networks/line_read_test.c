/* What is read from LINE: numbers that are there, numbers that are not, and what an account may not see. */
#include "networks/content.h"
#include "networks/line_private.h"
#include "networks/test_wire.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef struct {
    const char *path, *body;
    int status;
} Said;
typedef struct {
    const Said *said; /* ended by a NULL path */
    int n_calls;
    char token[100];
} Line;

static void
on_call(void *data, const TestWireCall *call, TestWireAnswer *answer)
{
    Line *line = data;
    line->n_calls++;
    const char *token = g_hash_table_lookup(call->headers, "authorization");
    g_strlcpy(line->token, token ? token : "", sizeof line->token);
    answer->status = 404;
    answer->body = "{\"message\":\"Not found\"}";
    for (const Said *one = line->said; one->path; one++)
        if (g_str_equal(call->path, one->path)) {
            answer->status = one->status;
            answer->body = one->body;
        }
}

typedef struct {
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    TestWire *wire;
    Line line;
    HibNetContext net;
    HibGrant grant;
} World;

static void
world_start(World *w, const Said *said)
{
    HibInstant now;
    g_assert_true(hib_instant_parse("2026-11-25T03:00:00Z", &now));
    *w = (World){.arena = hib_arena_new(),
                 .http = hib_http_new(),
                 .clock = hib_clock_manual_new(now),
                 .line = {.said = said}};
    w->wire = test_wire_new(on_call, &w->line);
    w->net = (HibNetContext){
        .http = w->http, .arena = w->arena, .clock = w->clock, .may_be_private = true};
    w->grant = (HibGrant){
        .service = test_wire_url(w->wire), .access = "tok", .remote_id = "Ubot", .extra = ""};
}

static void
world_end(World *w)
{
    test_wire_free(w->wire);
    hib_http_free(w->http);
    hib_clock_free(w->clock);
    hib_arena_free(w->arena);
}

static int64_t
value_of(const HibNetReading *reading, const char *metric)
{
    for (size_t i = 0; i < reading->n_metrics; i++)
        if (g_str_equal(reading->metrics[i].metric, metric))
            return reading->metrics[i].value;
    return -1;
}

static void
a_broadcast_has_its_numbers_and_no_others(void)
{
    static const Said said[] = {
        {"/v2/bot/insight/message/event?requestId=a-1",
         "{\"overview\":{\"requestId\":\"a-1\",\"timestamp\":1568214000,\"delivered\":320,"
         "\"uniqueImpression\":182,\"uniqueClick\":null,\"uniqueMediaPlayed\":null},\"messages\":["
         "{\"seq\":1,\"impression\":136},{\"seq\":2,\"impression\":null},{\"seq\":3,\"impression\":"
         "4}],"
         "\"clicks\":[{\"seq\":1,\"url\":\"https://line.me/\",\"click\":null}]}",
         200},
        {"/v2/bot/insight/message/event?requestId=b-2", "{\"overview\":{\"delivered\":null}}", 200},
        {"/v2/bot/message/progress/narrowcast?requestId=b-2",
         "{\"phase\":\"succeeded\",\"successCount\":41}", 200},
        {NULL}};
    static const char *const ids[] = {"broadcast:a-1", "narrowcast:b-2", "push:c",
                                      "broadcast:gone"};
    World w;
    HibNetReading out[4];
    world_start(&w, said);
    HibNetResult got = hib_line.read_posts(&w.net, &w.grant, ids, 4, out);
    g_assert_cmpint(got.class, ==, HIB_NET_OK);
    g_assert_cmpint(value_of(&out[0], "delivered"), ==, 320);
    g_assert_cmpint(value_of(&out[0], "reach"), ==, 182);
    g_assert_cmpint(value_of(&out[0], "impressions"), ==, 140);
    g_assert_cmpuint(out[0].n_metrics, ==, 3); /* what LINE does not say is not there */
    g_assert_cmpint(value_of(&out[1], "delivered"), ==, 41);
    g_assert_cmpuint(out[2].n_metrics, ==, 0);
    g_assert_cmpuint(out[3].n_metrics, ==, 0);
    g_assert_false(out[3].is_gone);
    g_assert_cmpint(w.line.n_calls, ==, 4); /* none for the push message */
    g_assert_cmpstr(w.line.token, ==, "Bearer tok");
    world_end(&w);
}

static void
friends_are_those_of_the_newest_finished_day(void)
{
    static const Said said[] = {
        {"/v2/bot/insight/followers?date=20261124", "{\"status\":\"unready\"}", 200},
        {"/v2/bot/insight/followers?date=20261123",
         "{\"status\":\"ready\",\"followers\":1200,\"targetedReaches\":900,\"blocks\":100}", 200},
        {NULL}};
    static const Said none[] = {
        {"/v2/bot/insight/followers?date=20261124", "{\"status\":\"unready\"}", 200},
        {"/v2/bot/insight/followers?date=20261123", "{\"status\":\"unready\"}", 200},
        {"/v2/bot/insight/followers?date=20261122", "{\"status\":\"out_of_service\"}", 200},
        {NULL}};
    World w;
    HibNetReading out;
    world_start(&w, said);
    g_assert_cmpint(hib_line.read_account(&w.net, &w.grant, &out).class, ==, HIB_NET_OK);
    g_assert_cmpint(value_of(&out, "followers"), ==, 1200);
    g_assert_cmpint(value_of(&out, "targeted_reach"), ==, 900);
    g_assert_cmpint(value_of(&out, "blocks"), ==, 100);
    world_end(&w);
    world_start(&w, none);
    g_assert_cmpint(hib_line.read_account(&w.net, &w.grant, &out).class, ==, HIB_NET_OK);
    g_assert_cmpuint(out.n_metrics, ==, 0);
    world_end(&w);
}

static const Said all[] = {
    {"/v2/bot/message/quota", "{\"type\":\"limited\",\"value\":5000}", 200},
    {"/v2/bot/message/quota/consumption", "{\"totalUsage\":4321}", 200},
    {"/v2/bot/insight/followers?date=20261124",
     "{\"status\":\"ready\",\"followers\":1200,\"targetedReaches\":900,\"blocks\":100}", 200},
    {"/v2/bot/audienceGroup/list?page=1&size=40",
     "{\"audienceGroups\":[{\"audienceGroupId\":5614991017776,\"type\":\"UPLOAD\",\"description\":"
     "\"常連\",\"status\":\"READY\",\"audienceCount\":300}],\"hasNextPage\":true}",
     200},
    {"/v2/bot/audienceGroup/list?page=2&size=40",
     "{\"audienceGroups\":[{\"audienceGroupId\":12,\"type\":\"CLICK\",\"status\":\"IN_PROGRESS\"},"
     "5],"
     "\"hasNextPage\":false}",
     200},
    {NULL}};

static void
the_months_messages_are_told(void)
{
    static const Said free_plan[] = {
        {"/v2/bot/message/quota", "{\"type\":\"none\"}", 200},
        {"/v2/bot/message/quota/consumption", "{\"totalUsage\":7}", 200},
        {NULL}};
    World w;
    HibNetQuota quotas[8];
    HibInstant month_end;
    size_t n = 0;
    world_start(&w, all);
    g_assert_true(hib_instant_parse("2026-11-30T15:00:00Z", &month_end));
    g_assert_cmpint(hib_line.read_quota(&w.net, &w.grant, quotas, &n).class, ==, HIB_NET_OK);
    g_assert_cmpuint(n, ==, 1);
    g_assert_cmpstr(quotas[0].name, ==, "messages");
    g_assert_cmpint(quotas[0].limit, ==, 5000);
    g_assert_cmpint(quotas[0].used, ==, 4321);
    g_assert_cmpint(quotas[0].resets_at, ==, month_end);
    world_end(&w);
    world_start(&w, free_plan);
    g_assert_cmpint(hib_line.read_quota(&w.net, &w.grant, quotas, &n).class, ==, HIB_NET_OK);
    g_assert_cmpint(quotas[0].limit, ==, -1);
    world_end(&w);
}

static void
audiences_friends_and_messages_are_there_to_choose_from(void)
{
    World w;
    const char *json = NULL;
    world_start(&w, all);
    g_assert_cmpint(hib_line.read_options(&w.net, &w.grant, &json).class, ==, HIB_NET_OK);
    g_assert_cmpstr(
        json, ==,
        "{\"audiences\":[{\"id\":\"5614991017776\",\"name\":\"常連\",\"type\":\"UPLOAD\","
        "\"status\":\"READY\",\"count\":300},{\"id\":\"12\",\"type\":\"CLICK\",\"status\":"
        "\"IN_PROGRESS\"}],\"followers\":{\"date\":\"20261124\",\"followers\":1200,"
        "\"targeted_reaches\":900,\"blocks\":100},\"recipients\":{\"broadcast\":1100},"
        "\"messages\":{\"used\":4321,\"limit\":5000}}");
    world_end(&w);
}

static void
what_an_account_may_not_see_is_left_out(void)
{
    static const Said said[] = {
        {"/v2/bot/message/quota", "{\"type\":\"none\"}", 200},
        {"/v2/bot/message/quota/consumption", "{\"totalUsage\":0}", 200},
        {"/v2/bot/audienceGroup/list?page=1&size=40",
         "{\"message\":\"Access to this API is not available for your account\"}", 403},
        {NULL}};
    World w;
    const char *json = NULL;
    world_start(&w, said);
    g_assert_cmpint(hib_line.read_options(&w.net, &w.grant, &json).class, ==, HIB_NET_OK);
    g_assert_cmpstr(json, ==, "{\"audiences\":[],\"messages\":{\"used\":0}}");
    world_end(&w);
}

static HibNetContent
an_empty_file(int64_t most)
{
    return (HibNetContent){.fd = memfd_create("content", MFD_CLOEXEC), .most = most};
}

static void
pictures_and_names_of_people_are_fetched(void)
{
    static const Said said[] = {
        {"/v2/bot/message/325708/content", "JPEG", 200},
        {"/v2/bot/message/325710/content", "{\"message\":\"gone\"}", 410},
        {"/v2/bot/message/325711/content", "{\"message\":\"no\"}", 401},
        {"/stickershop/v1/sticker/1988/android/sticker.png", "PNG!", 200},
        {"/stickershop/v1/sticker/7/android/sticker.png", "", 404},
        {"/v2/bot/profile/U1", "{\"displayName\":\"花子\",\"pictureUrl\":\"https://p.example/1\"}",
         200},
        {NULL}};
    World w;
    char bytes[8] = {0};
    HibNetContent content = an_empty_file(100), small = an_empty_file(3);
    HibNetTalk talk = {0};
    world_start(&w, said);
    g_assert_cmpint(hib_line.read_content(&w.net, &w.grant, "325708", &content).class, ==,
                    HIB_NET_OK);
    g_assert_cmpint(pread(content.fd, bytes, sizeof bytes, 0), ==, 4);
    g_assert_cmpstr(bytes, ==, "JPEG");
    g_assert_cmpint(hib_line.read_content(&w.net, &w.grant, "325708", &small).class, ==,
                    HIB_NET_OK);
    g_assert_true(small.is_over);
    g_assert_false(content.is_over || content.is_gone);
    g_assert_cmpint(hib_line.read_content(&w.net, &w.grant, "325710", &content).class, ==,
                    HIB_NET_FATAL);
    g_assert_true(content.is_gone);
    g_assert_cmpint(hib_line.read_content(&w.net, &w.grant, "325711", &content).class, ==,
                    HIB_NET_REFRESH_AUTH);
    g_assert_cmpint(hib_line.read_content(&w.net, &w.grant, "../../x", &content).class, ==,
                    HIB_NET_FATAL);
    HibNetContent sticker = an_empty_file(100), none = an_empty_file(100);
    g_assert_cmpint(hib_line.read_content(&w.net, &w.grant, "sticker:1988", &sticker).class, ==,
                    HIB_NET_OK);
    g_assert_cmpint(pread(sticker.fd, bytes, sizeof bytes, 0), ==, 4);
    g_assert_cmpstr(bytes, ==, "PNG!");
    g_assert_cmpint(hib_line.read_content(&w.net, &w.grant, "sticker:7", &none).class, ==,
                    HIB_NET_FATAL);
    g_assert_true(none.is_gone);
    g_assert_cmpint(hib_line.read_content(&w.net, &w.grant, "sticker:../x", &none).class, ==,
                    HIB_NET_FATAL);
    close(sticker.fd);
    close(none.fd);
    g_assert_cmpint(hib_line.read_author(&w.net, &w.grant, "U1", &talk).class, ==, HIB_NET_OK);
    g_assert_cmpstr(talk.author_name, ==, "花子");
    g_assert_cmpint(hib_line.read_author(&w.net, &w.grant, "U2", &talk).class, ==, HIB_NET_FATAL);
    g_assert_cmpint(w.line.n_calls, ==, 8);
    close(content.fd);
    close(small.fd);
    world_end(&w);
}

/* A video is made ready first; whether it ever will be is another call. */
static void
a_video_is_waited_for_unless_it_cannot_be_made_ready(void)
{
    static const Said said[] = {
        {"/v2/bot/message/1/content/transcoding", "{\"status\":\"processing\"}", 200},
        {"/v2/bot/message/1/content", "", 202},
        {"/v2/bot/message/2/content/transcoding", "{\"status\":\"failed\"}", 200},
        {"/v2/bot/message/2/content", "", 202},
        {NULL}};
    World w;
    HibNetContent content = an_empty_file(100);
    world_start(&w, said);
    HibNetResult out = hib_line.read_content(&w.net, &w.grant, "1", &content);
    g_assert_cmpint(out.class, ==, HIB_NET_WAIT_ASYNC);
    g_assert_cmpint(out.retry_at, >, hib_clock_now(w.net.clock));
    g_assert_false(content.is_spoilt);
    g_assert_cmpint(hib_line.read_content(&w.net, &w.grant, "2", &content).class, ==,
                    HIB_NET_FATAL);
    g_assert_true(content.is_spoilt);
    close(content.fd);
    world_end(&w);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/networks/line_read/" #name, name)
    TEST(a_broadcast_has_its_numbers_and_no_others);
    TEST(friends_are_those_of_the_newest_finished_day);
    TEST(the_months_messages_are_told);
    TEST(audiences_friends_and_messages_are_there_to_choose_from);
    TEST(what_an_account_may_not_see_is_left_out);
    TEST(pictures_and_names_of_people_are_fetched);
    TEST(a_video_is_waited_for_unless_it_cannot_be_made_ready);
    return g_test_run();
}
