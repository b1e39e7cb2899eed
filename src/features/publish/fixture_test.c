/* The workspace the tests of publish/ work in. */
#include "publish/fixture_test.h"
#include "base/error.h"
#include "practice/bluesky_face.h"
#include "team/team.h"
#include <glib/gstdio.h>

#define HANDLE "hibiki.practice"
#define SECOND "kissa.practice"
#define PASSWORD "aaaa-bbbb-cccc-dddd"

static void
start_jobs(HibTestPublish *t, bool has_threads)
{
    GError *error = NULL;
    const HibJobKind *kinds = t->kinds ? t->kinds : hib_publish.jobs;
    t->jobs = has_threads ? hib_jobs_start(t->test->store, kinds, NULL, &t->services, &error)
                          : hib_jobs_manual(t->test->store, kinds, &t->services, &error);
    g_assert_no_error(error);
}

static const char *
found_workspace(HibTestPublish *t)
{
    const HibTeamFounding founding = {.name = "花子",
                                      .email = "hanako@example.jp",
                                      .password = "kissa-hibiki-2026",
                                      .workspace_name = "喫茶ひびき",
                                      .zone = "Asia/Tokyo",
                                      .locale = "ja"};
    const char *workspace;
    GError *error = NULL;
    g_autoptr(HibDb) db = hib_db_open(t->test->store, t->arena, NULL);
    hib_assert_ok(hib_team_found(db, &founding, &workspace, &t->person, &error), error);
    return workspace;
}

static const char *
connect_account(HibTestPublish *t, const char *handle)
{
    HibAccount *account = NULL;
    GError *error = NULL;
    hib_assert_ok(hib_accounts_connect(t->db, &t->services, "bluesky", NULL, handle, PASSWORD,
                                       &account, &error),
                  error);
    return account->id;
}

static const char *
add_image(HibTestPublish *t)
{
    g_autofree char *path = g_build_filename(HIB_TEST_IMAGES, "baseline_40x30.jpg", NULL),
                    *data = NULL;
    gsize n;
    HibMedia *media;
    GError *error = NULL;
    g_assert_true(g_file_get_contents(path, &data, &n, NULL));
    g_autoptr(GBytes) content = g_bytes_new(data, n);
    hib_assert_ok(hib_media_add(t->db, &t->services, content, "", &media, &error), error);
    return media->id;
}

HibTestPublish *
hib_test_publish_new(HibTestStore *test, bool has_threads)
{
    GError *error = NULL;
    HibTestPublish *t = g_new0(HibTestPublish, 1);
    t->test = test;
    t->clock = test->clock;
    t->arena = hib_arena_new();
    t->directory = g_dir_make_tmp("hibiki-publish-XXXXXX", NULL);
    HibAudience audience = hib_audience_new(1, hib_clock_now(t->clock), 100);
    HibFaceAccount accounts[] = {{HANDLE, PASSWORD, "Hibiki", NULL, audience},
                                 {SECOND, PASSWORD, "Kissa", NULL, audience}};
    HibFaceOptions options = {.accounts = accounts, .n_accounts = 2, .clock = t->clock};
    t->face = hib_face_start(&options, &error);
    g_assert_no_error(error);
    g_autofree char *keys = g_build_filename(t->directory, "key", NULL),
                    *blobs = g_build_filename(t->directory, "blobs", NULL);
    t->services = (HibServices){.store = test->store,
                                .keys = hib_keys_open(keys, &error),
                                .blobs = hib_blobs_open(blobs, &error),
                                .http = hib_http_new(),
                                .version = "test",
                                .base_url = "http://127.0.0.1",
                                .bluesky_service = hib_face_url(t->face),
                                .media_workers = hib_media_workers_new(),
                                .may_connect_private = true};
    g_assert_no_error(error);
    hib_events_subscribe(test->store, hib_publish.subscriptions);
    t->db = hib_db_open(test->store, t->arena, found_workspace(t));
    t->account = connect_account(t, HANDLE);
    t->second = connect_account(t, SECOND);
    t->image = add_image(t);
    start_jobs(t, has_threads);
    return t;
}

static void
remove_all(const char *path)
{
    g_autoptr(GDir) directory = g_dir_open(path, 0, NULL);
    for (const char *name; directory && (name = g_dir_read_name(directory));) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        if (g_file_test(inner, G_FILE_TEST_IS_DIR))
            remove_all(inner);
        else
            g_unlink(inner);
    }
    g_rmdir(path);
}

void
hib_test_publish_free(HibTestPublish *t)
{
    hib_jobs_stop(t->jobs);
    hib_db_close(t->db);
    hib_media_workers_stop(t->services.media_workers);
    hib_media_workers_free(t->services.media_workers);
    hib_face_stop(t->face);
    hib_http_free(t->services.http);
    hib_blobs_close(t->services.blobs);
    hib_keys_free(t->services.keys);
    hib_arena_free(t->arena);
    remove_all(t->directory);
    g_free(t->directory);
    g_free(t);
}

/* Steps grow from a second to an hour: the first waits are short, the later ones long. */
void
hib_test_advance(HibTestPublish *t, HibDuration by)
{
    HibInstant now = hib_clock_now(t->clock), end = now + by;
    HibDuration step = HIB_SECOND;
    hib_jobs_run_due(t->jobs);
    while (now < end) {
        now = now + step < end ? now + step : end;
        hib_clock_manual_set(t->clock, now);
        hib_jobs_run_due(t->jobs);
        step = step * 5 / 4 < HIB_HOUR ? step * 5 / 4 : HIB_HOUR;
    }
}

void
hib_test_crash(HibTestPublish *t)
{
    hib_jobs_stop(t->jobs);
    start_jobs(t, false);
}

HibPost *
hib_test_draft(HibTestPublish *t, const char *text, size_t n_media, bool is_for_both)
{
    HibPostVariant variants[] = {{t->account, NULL}, {t->second, NULL}};
    HibPostMedia images[4] = {
        {t->image, "絵"}, {t->image, "絵"}, {t->image, "絵"}, {t->image, "絵"}};
    HibPostContent content = {.text = text,
                              .variants = variants,
                              .n_variants = is_for_both ? 2 : 1,
                              .media = images,
                              .n_media = n_media};
    HibPost *post = NULL;
    GError *error = NULL;
    hib_assert_ok(hib_plan_create(t->db, &content, &post, &error), error);
    return post;
}

const char *
hib_test_scheduled(HibTestPublish *t, const char *text, size_t n_media, HibDuration after)
{
    HibPost *post = hib_test_draft(t, text, n_media, false);
    GError *error = NULL;
    hib_assert_ok(
        hib_publish_schedule(t->db, post->id, NULL, hib_clock_now(t->clock) + after, &post, &error),
        error);
    g_assert_cmpint(post->state, ==, HIB_POST_SCHEDULED);
    return post->id;
}

HibPost *
hib_test_post(HibTestPublish *t, const char *id)
{
    HibPost *post = NULL;
    GError *error = NULL;
    hib_assert_ok(hib_plan_get(t->db, id, true, &post, &error), error);
    return post;
}

HibDelivery *
hib_test_delivery_of(HibTestPublish *t, const char *post, const char *account)
{
    HibDeliveryQuery query = {.post = post};
    HibDelivery *rows;
    size_t n;
    const char *next;
    GError *error = NULL;
    hib_assert_ok(hib_publish_list(t->db, &query, &rows, &n, &next, &error), error);
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(rows[i].account_id, account))
            return &rows[i];
    return NULL;
}

HibDelivery *
hib_test_delivery(HibTestPublish *t, const char *post)
{
    return hib_test_delivery_of(t, post, t->account);
}

int
hib_test_n_steps(HibTestPublish *t, const char *delivery, HibDid what)
{
    HibDeliveryStep *steps;
    size_t n;
    int found = 0;
    GError *error = NULL;
    hib_assert_ok(hib_publish_steps(t->db, delivery, &steps, &n, &error), error);
    for (size_t i = 0; i < n; i++)
        found += steps[i].what == what;
    return found;
}
