/* What came with something said is fetched into a file: what ended, what is too large, what does not fit, and addresses nobody may send us to. */
#include "networks/content.h"
#include "networks/test_wire.h"
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void
on_call(void *data G_GNUC_UNUSED, const TestWireCall *call, TestWireAnswer *answer)
{
    answer->body = "0123456789";
    answer->status = !strcmp(call->path, "/gone")    ? 404
                     : !strcmp(call->path, "/ended") ? 403
                     : !strcmp(call->path, "/busy")  ? 503
                     : !strcmp(call->path, "/odd")   ? 400
                                                     : 200;
}

typedef struct {
    TestWire *wire;
    HibArena *arena;
    HibHttp *http;
    HibClock *clock;
    HibNetContext net;
} World;

static void
world_start(World *w, bool is_near)
{
    *w = (World){.wire = test_wire_new(on_call, NULL),
                 .arena = hib_arena_new(),
                 .http = hib_http_new(),
                 .clock = hib_clock_manual_new(HIB_SECOND)};
    w->net = (HibNetContext){
        .http = w->http, .arena = w->arena, .clock = w->clock, .may_be_private = is_near};
}

static void
world_end(World *w)
{
    test_wire_free(w->wire);
    hib_http_free(w->http);
    hib_clock_free(w->clock);
    hib_arena_free(w->arena);
}

static HibNetResult
fetch(World *w, const char *path, int64_t most, HibNetContent *ret)
{
    *ret = (HibNetContent){.fd = memfd_create("content", MFD_CLOEXEC), .most = most};
    const char *service = test_wire_url(w->wire);
    HibNetResult said =
        hib_net_fetch(&w->net, service, hib_arena_printf(w->arena, "%s%s", service, path), ret);
    close(ret->fd);
    return said;
}

static void
each_answer_is_told_apart(void)
{
    World w;
    HibNetContent content;
    world_start(&w, true);
    g_assert_cmpint(fetch(&w, "/a", 100, &content).class, ==, HIB_NET_OK);
    g_assert_false(content.is_over || content.is_gone || content.is_full);
    g_assert_cmpint(fetch(&w, "/a", 9, &content).class, ==, HIB_NET_OK);
    g_assert_true(content.is_over);
    g_assert_cmpint(fetch(&w, "/gone", 100, &content).class, ==, HIB_NET_FATAL);
    g_assert_true(content.is_gone);
    g_assert_cmpint(fetch(&w, "/ended", 100, &content).class, ==, HIB_NET_FATAL);
    g_assert_true(content.is_gone); /* an address that was signed for a while */
    g_assert_cmpint(fetch(&w, "/odd", 100, &content).class, ==, HIB_NET_FATAL);
    g_assert_false(content.is_gone);
    g_assert_cmpint(fetch(&w, "/busy", 100, &content).class, ==, HIB_NET_RETRY_AFTER);
    world_end(&w);
}

static void
a_full_disk_is_no_fault_of_the_network(void)
{
    World w;
    world_start(&w, true);
    HibNetContent content = {.fd = open("/dev/full", O_WRONLY | O_CLOEXEC), .most = 100};
    const char *service = test_wire_url(w.wire);
    (void)hib_net_fetch(&w.net, service, hib_arena_printf(w.arena, "%s/a", service), &content);
    g_assert_true(content.is_full);
    close(content.fd);
    world_end(&w);
}

static void
addresses_of_others_never_lead_inside(void)
{
    static const char *const bad[] = {"file:///etc/passwd", "ftp://example.com/a", "/a", "",
                                      "http://example.com/a"};
    World w;
    HibNetContent content;
    world_start(&w, false); /* a network of the world: its service is not ours either */
    g_assert_cmpint(fetch(&w, "/a", 100, &content).class, ==, HIB_NET_FATAL);
    world_end(&w);
    world_start(&w, true);
    const char *service = test_wire_url(w.wire);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_cmpint(hib_net_fetch(&w.net, service, bad[i], &content).class, ==, HIB_NET_FATAL);
    /* Beside the service, on the same machine. */
    g_assert_cmpint(hib_net_fetch(&w.net, "http://127.0.0.1:1",
                                  hib_arena_printf(w.arena, "%s/a", service), &content)
                        .class,
                    ==, HIB_NET_FATAL);
    g_assert_cmpint(
        hib_net_fetch(&w.net, service, hib_arena_printf(w.arena, "%s0/a", service), &content).class,
        ==, HIB_NET_FATAL);
    g_assert_cmpint(hib_net_fetch(&w.net, service, "https://127.0.0.1:9/a", &content).class, ==,
                    HIB_NET_FATAL);
    world_end(&w);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/networks/content/" #name, name)
    TEST(each_answer_is_told_apart);
    TEST(a_full_disk_is_no_fault_of_the_network);
    TEST(addresses_of_others_never_lead_inside);
    return g_test_run();
}
