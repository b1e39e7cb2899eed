/* Pictures over HTTP: what is uploaded raw comes back as it was, under a type of our own reading. */
#include "base/error.h"
#include "media/media_api.h"
#include "test_server.h"
#include <string.h>

static bool
run_get(HibCall *call, GError **error)
{
    const char *media = NULL;
    return hib_call_read_path(call, "media", HIB_UUID, 0, 0, &media, error) &&
           hib_on_get_media(call, media, error);
}

static bool
run_upload(HibCall *call, GError **error)
{
    const HibApiUploadMediaQuery nothing = {0};
    return hib_on_upload_media(call, &nothing, error);
}

#define W "/api/v1/workspaces/{workspace}"
static const HibRoute routes[] = {
    {"POST", W "/media", "uploadMedia", HIB_ROLE_OWNER, "write", false, true, .run = run_upload},
    {"GET", W "/media/{media}", "getMedia", HIB_ROLE_OWNER, "read", .run = run_get},
    {0},
};

static void
a_picture_goes_in_and_comes_out_with_its_hash_as_tag(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibServer) server = hib_test_server(&ws, routes);
    g_autoptr(GBytes) png = hib_test_png(12, 8);
    GError *error = NULL;
    HibHttpReply reply =
        hib_test_request(&ws, server,
                         &(HibTestRequest){.method = "POST",
                                           .path = "/media",
                                           .content_type = "image/svg+xml", /* a lie */
                                           .body = g_bytes_get_data(png, NULL),
                                           .n_body = g_bytes_get_size(png)});
    g_assert_cmpint(reply.status, ==, 201);
    const char *id = NULL, *mime = NULL, *sha256 = NULL;
    HibJson in = hib_test_json(&ws, &reply);
    hib_assert_ok(hib_json_text(in, "id", &id, &error), error);
    hib_assert_ok(hib_json_text(in, "mime", &mime, &error), error);
    hib_assert_ok(hib_json_text(in, "sha256", &sha256, &error), error);
    g_assert_cmpstr(mime, ==, "image/png");

    const char *path = hib_arena_printf(test->arena, "/media/%s", id);
    reply = hib_test_request(&ws, server, &(HibTestRequest){.method = "GET", .path = path});
    g_assert_cmpint(reply.status, ==, 200);
    g_assert_cmpstr(reply.content_type, ==, "image/png");
    g_assert_cmpuint(reply.n_body, ==, g_bytes_get_size(png));
    g_assert_true(memcmp(reply.body, g_bytes_get_data(png, NULL), reply.n_body) == 0);
    g_assert_cmpstr(hib_http_header(&reply, "x-content-type-options"), ==, "nosniff");
    g_assert_cmpstr(hib_http_header(&reply, "cache-control"), ==,
                    "private, max-age=31536000, immutable");
    g_assert_true(
        g_str_has_prefix(hib_http_header(&reply, "content-disposition"), "inline; filename="));
    const char *etag = hib_http_header(&reply, "etag");
    g_assert_cmpstr(etag, ==, hib_arena_printf(test->arena, "\"%s\"", sha256));

    const char *known = hib_arena_printf(test->arena, "If-None-Match: \"x\", %s", etag);
    reply = hib_test_request(&ws, server,
                             &(HibTestRequest){.method = "GET", .path = path, .header = known});
    g_assert_cmpint(reply.status, ==, 304);
    g_assert_cmpuint(reply.n_body, ==, 0);
    reply = hib_test_request(
        &ws, server,
        &(HibTestRequest){.method = "GET", .path = "/media/0190a0a0-0000-7000-8000-000000000001"});
    hib_test_problem(&ws, &reply, 404, "media.unknown", NULL);
}

static void
what_is_no_picture_is_refused_whatever_it_is_called(HibTestStore *test)
{
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibServer) server = hib_test_server(&ws, routes);
    HibHttpReply reply = hib_test_request(&ws, server,
                                          &(HibTestRequest){.method = "POST",
                                                            .path = "/media",
                                                            .content_type = "image/png",
                                                            .body = "<html>hello</html>"});
    hib_test_problem(&ws, &reply, 422, "media.not_an_image", NULL);
    reply = hib_test_request(&ws, server,
                             &(HibTestRequest){.method = "POST",
                                               .path = "/media",
                                               .content_type = "image/png",
                                               .body = "<svg onload='alert(1)'/>"});
    hib_test_problem(&ws, &reply, 422, "media.type", NULL);
}

typedef struct {
    const char *range; /* of ten bytes */
    int status;
    const char *body, *content_range;
} Range;

static const Range ranges[] = {
    {"Range: bytes=0-3", 206, "0123", "bytes 0-3/10"},
    {"Range: bytes=4-", 206, "456789", "bytes 4-9/10"},
    {"Range: bytes=9-100", 206, "9", "bytes 9-9/10"},
    {"Range: bytes=-3", 206, "789", "bytes 7-9/10"},
    {"Range: bytes=-30", 206, "0123456789", "bytes 0-9/10"},
    {"Range: bytes=10-", 200, "0123456789",
     NULL}, /* what is not served is ignored (RFC 9110, 14.2) */
    {"Range: bytes=5-4", 200, "0123456789", NULL},
    {"Range: bytes=0-1,3-4", 200, "0123456789", NULL},
    {"Range: bytes=-0", 200, "0123456789", NULL},
    {"Range: bytes=-", 200, "0123456789", NULL},
    {"Range: bytes=a-b", 200, "0123456789", NULL},
    {"Range: bytes=99999999999999999999-", 200, "0123456789", NULL},
    {"Range: lines=0-3", 200, "0123456789", NULL},
};

static bool
reply_digits(HibCall *call, GError **error)
{
    const HibServices *services = hib_call_context(call);
    const char *sha256 = NULL;
    return hib_blobs_put(services->blobs, hib_call_arena(call), "0123456789", 10, &sha256, error) &&
           hib_media_reply_blob(call, sha256, "video/mp4", "digits", "private", error);
}

static void
one_range_of_bytes_is_served_and_odd_ones_get_the_whole(HibTestStore *test)
{
    static const HibRoute digits[] = {
        {"GET", W "/digits", "getDigits", HIB_ROLE_OWNER, "read", .run = reply_digits}, {0}};
    g_auto(HibTestWorkspace) ws = {0};
    hib_test_workspace_open(&ws, test);
    g_autoptr(HibServer) server = hib_test_server(&ws, digits);
    for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++) {
        const Range *r = &ranges[i];
        HibHttpReply reply = hib_test_request(
            &ws, server, &(HibTestRequest){.method = "GET", .path = "/digits", .header = r->range});
        g_test_message("%s", r->range);
        g_assert_cmpint(reply.status, ==, r->status);
        g_assert_cmpuint(reply.n_body, ==, strlen(r->body));
        g_assert_true(memcmp(reply.body, r->body, reply.n_body) == 0);
        g_assert_cmpstr(hib_http_header(&reply, "content-range"), ==, r->content_range);
        g_assert_cmpstr(hib_http_header(&reply, "accept-ranges"), ==, "bytes");
        g_assert_cmpstr(reply.content_type, ==, "video/mp4");
        g_assert_cmpstr(hib_http_header(&reply, "content-security-policy"), ==,
                        "default-src 'none'; sandbox");
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) hib_test_add("/media_api/" #name, name)
    ADD(a_picture_goes_in_and_comes_out_with_its_hash_as_tag);
    ADD(what_is_no_picture_is_refused_whatever_it_is_called);
    ADD(one_range_of_bytes_is_served_and_odd_ones_get_the_whole);
    return g_test_run();
}
