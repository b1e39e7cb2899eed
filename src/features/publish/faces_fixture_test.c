/* See faces_fixture_test.h. The connector is the real one: only its run_step and find are passed through here, to know which step is
 * next when a fault is set at the face. */
#include "publish/faces_fixture_test.h"
#include "base/error.h"
#include "practice/face_oauth.h"
#include "practice/face_posts.h"
#include "practice/world.h"
#include "test_made.h"
#include <string.h>

#define SLOW_MS (10 * 60 * 1000) /* of the face's clock */
#define STALL_MS 20              /* of the machine's */

static struct {
    HibTestFaces *faces;
    const HibNetwork *real;
    HibNetwork watched;
    HibTestFaultPlan plan;
    bool is_set, is_find_set;
    GHashTable *met; /* handles whose effect has met the fault */
    int n_done, n_finds;
    const char *names[HIB_TEST_FACES_STEPS];
} watch;

/* --- faults ------------------------------------------------------------------------------------------------------------------------- */
static void
set_fault(HibTestFaces *f, HibFault fault, int times)
{
    int ms = fault == HIB_FAULT_STALL ? STALL_MS : SLOW_MS;
    HibFace *bluesky = hib_world_bluesky(f->world);
    if (bluesky)
        hib_face_fault(bluesky, &(HibFaceFault){.fault = fault, .times = times, .ms = ms});
    else
        hib_practice_fault(hib_world_face(f->world, f->network),
                           &(HibPracticeFault){.fault = fault, .times = times, .ms = ms});
}

static HibNetResult
watched_step(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    const HibNetStep next = watch.real->next_step(sending);
    const HibTestFaultPlan *plan = &watch.plan;
    bool is_effect = next.kind == HIB_NET_STEP_EFFECT;
    bool is_here = plan->at < 0
                       ? is_effect && g_hash_table_add(watch.met, g_strdup(sending->handle))
                       : watch.n_done == plan->at && !watch.is_set;
    if (plan->fault != HIB_FAULT_NONE && is_here) {
        watch.is_set = true;
        set_fault(watch.faces, (HibFault)plan->fault, plan->times);
    }
    HibNetResult said = watch.real->run_step(net, grant, sending);
    if (said.class == HIB_NET_OK) {
        if (watch.n_done < HIB_TEST_FACES_STEPS)
            watch.names[watch.n_done] = next.name;
        watch.n_done++;
    }
    return said;
}

static HibNetResult
watched_find(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending,
             bool *ret_found)
{
    watch.n_finds++;
    if (watch.plan.when_read_back != HIB_FAULT_NONE && !watch.is_find_set) {
        watch.is_find_set = true;
        set_fault(watch.faces, HIB_FAULT_NONE, 0);
        set_fault(watch.faces, (HibFault)watch.plan.when_read_back, 1);
    }
    return watch.real->find(net, grant, sending, ret_found);
}

const HibNetwork *__real_hib_network_find(const char *name);
const HibNetwork *__wrap_hib_network_find(const char *name);
const HibNetwork *
__wrap_hib_network_find(const char *name)
{
    return watch.real && g_str_equal(name, watch.real->name) ? &watch.watched
                                                             : __real_hib_network_find(name);
}

void
hib_test_faces_plan(HibTestFaces *f, const HibTestFaultPlan *plan)
{
    set_fault(f, HIB_FAULT_NONE, 0);
    watch.plan = *plan;
    watch.is_set = watch.is_find_set = false;
    watch.n_done = watch.n_finds = 0;
    g_hash_table_remove_all(watch.met);
}

int
hib_test_faces_steps(const char *const **ret_names)
{
    *ret_names = watch.names;
    return MIN(watch.n_done, HIB_TEST_FACES_STEPS);
}

int
hib_test_faces_finds(void)
{
    return watch.n_finds;
}

/* --- the network and its account ------------------------------------------------------------------------------------------------- */
/* Videos need the picture that stands for them: media's jobs run too. */
static void
start_jobs(HibTestFaces *f)
{
    const HibJobKind *features[] = {hib_publish.jobs, hib_media.jobs};
    size_t n = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(features); i++)
        for (const HibJobKind *kind = features[i]; kind->kind; kind++) {
            g_assert_cmpuint(n + 1, <, G_N_ELEMENTS(f->kinds));
            f->kinds[n++] = *kind;
        }
    f->publish->kinds = f->kinds;
    hib_test_crash(f->publish);
}

static void
sign_in(HibTestFaces *f)
{
    HibTestPublish *t = f->publish;
    GError *error = NULL;
    const HibPracticeAccount account = hib_world_account(f->world, 0, 0);
    const HibNetwork *network = hib_network_find(f->network);
    hib_assert_ok(hib_accounts_connect_practice(
                      t->db, &t->services, f->network,
                      network->auth == HIB_NET_AUTH_CHANNEL ? account.id : account.handle,
                      account.password, &f->account, &error),
                  error);
}

HibTestFaces *
hib_test_faces_new(HibTestStore *test, const char *network)
{
    HibTestFaces *f = g_new0(HibTestFaces, 1);
    GError *error = NULL;
    const char *const networks[] = {network, NULL};
    f->network = network;
    f->publish = hib_test_publish_new(test, false);
    hib_db_set_actor(f->publish->db, HIB_ACTOR_PERSON, f->publish->person); /* who connects */
    f->world = hib_world_start(
        &(HibWorldOptions){
            .clock = test->clock, .seed = 8470, .has_control = true, .networks = networks},
        &error);
    g_assert_no_error(error);
    f->services[0] = (HibPracticeService){.network = network,
                                          .url = hib_world_url(f->world, network),
                                          .client_id = HIB_PRACTICE_CLIENT_ID,
                                          .client_secret = HIB_PRACTICE_CLIENT_SECRET};
    f->publish->services.practice = f->services;
    f->publish->services.base_url =
        "https://hibiki.example"; /* networks that fetch take only such */
    watch.faces = f;
    watch.real = __real_hib_network_find(network);
    watch.watched = *watch.real;
    watch.watched.run_step = watched_step;
    watch.watched.find = watched_find;
    watch.plan = (HibTestFaultPlan){0};
    watch.met = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    start_jobs(f);
    f->picture = hib_test_made_media(f->publish->db, &f->publish->services, f->publish->directory,
                                     "a.jpg", "width=640 height=640");
    f->video = hib_test_made_media(f->publish->db, &f->publish->services, f->publish->directory,
                                   "a.mp4", "width=540 height=960 fps=24 seconds=3 front=1");
    sign_in(f);
    /* These posts are meant to be alike. */
    hib_assert_ok(hib_check_tune(f->publish->db, "PLT-01", true, NULL, &error), error);
    return f;
}

static void
on_media(void *data, const TestWireCall *call G_GNUC_UNUSED, TestWireAnswer *answer)
{
    answer->is_cut = g_atomic_int_get((int *)data) != 0;
    answer->body = "bytes";
    answer->type = "application/octet-stream";
}

void
hib_test_faces_serve_media(HibTestFaces *f, bool is_there)
{
    g_atomic_int_set(&f->is_media_out, !is_there);
    if (!f->media)
        f->media = test_wire_new(on_media, &f->is_media_out);
    f->publish->services.base_url = test_wire_url(f->media);
}

void
hib_test_faces_free(HibTestFaces *f)
{
    g_clear_pointer(&f->media, test_wire_free);
    watch.real = NULL;
    g_hash_table_destroy(watch.met);
    hib_test_publish_free(f->publish);
    hib_world_stop(f->world);
    g_free(f);
}

int64_t
hib_test_faces_count(HibTestFaces *f, const char *text)
{
    HibFace *bluesky = hib_world_bluesky(f->world);
    return bluesky ? hib_face_count_text(bluesky, text)
                   : hib_practice_count_text(hib_world_face(f->world, f->network), text);
}

int64_t
hib_test_faces_created(HibTestFaces *f)
{
    HibFaceCounts bluesky = {0};
    HibPracticeCounts counts = {0};
    if (hib_world_bluesky(f->world))
        hib_face_counts(hib_world_bluesky(f->world), &bluesky);
    else
        hib_practice_counts(hib_world_face(f->world, f->network), NULL, &counts);
    return bluesky.n_created + counts.n_created;
}

int64_t
hib_test_faces_twice(HibTestFaces *f)
{
    HibFaceCounts bluesky = {0};
    HibPracticeCounts counts = {0};
    if (hib_world_bluesky(f->world))
        hib_face_counts(hib_world_bluesky(f->world), &bluesky);
    else
        hib_practice_counts(hib_world_face(f->world, f->network), NULL, &counts);
    return bluesky.n_twice_text + counts.n_twice_text;
}

/* --- a post ---------------------------------------------------------------------------------------------------------------------------- */
const char *
hib_test_faces_second(HibTestFaces *f, const char *text)
{
    return hib_arena_printf(f->publish->arena, "%s、つづき", text);
}

const char *
hib_test_faces_post(HibTestFaces *f, const HibTestForm *form, const char *text, HibDuration after)
{
    HibTestPublish *t = f->publish;
    GError *error = NULL;
    HibPost *post = NULL;
    HibPostMedia media[4] = {{0}};
    size_t n = 0;
    for (int i = 0; i < form->n_pictures; i++)
        media[n++] = (HibPostMedia){.media_id = f->picture, .alt = "湯気の立つ一杯"};
    for (int i = 0; i < form->n_videos; i++)
        media[n++] = (HibPostMedia){.media_id = f->video, .alt = ""};
    HibPostPart second = {.text = hib_test_faces_second(f, text)};
    const HibPostVariant variant = {.account_id = f->account,
                                    .format = form->format,
                                    .title = form->title,
                                    .options = form->options,
                                    .first_comment = form->has_comment ? second.text : NULL,
                                    .thread = &second,
                                    .n_thread = form->has_thread};
    const HibPostContent content = {.text = form->is_wordless ? "" : text,
                                    .variants = &variant,
                                    .n_variants = 1,
                                    .media = media,
                                    .n_media = n};
    hib_assert_ok(hib_plan_create(t->db, &content, &post, &error), error);
    HibInstant at = hib_clock_now(t->clock) + after;
    if (!hib_publish_schedule(t->db, post->id, NULL, at, &post, &error))
        g_test_message("%s %s: %s", form->network, form->what, hib_error_reason(error));
    g_assert_no_error(error);
    return post->id;
}

HibDelivery *
hib_test_faces_deliveries(HibTestFaces *f, const char *post, size_t *ret_n)
{
    const HibDeliveryQuery query = {.post = post};
    HibDelivery *rows;
    const char *next;
    GError *error = NULL;
    hib_assert_ok(hib_publish_list(f->publish->db, &query, &rows, ret_n, &next, &error), error);
    return rows;
}

static bool
is_open(const HibDelivery *d)
{
    return d->state == HIB_DELIVERY_WAITING || d->state == HIB_DELIVERY_SENDING ||
           (d->state == HIB_DELIVERY_UNKNOWN && d->next != HIB_NEXT_CHECK);
}

/* What is open waits for a time or for a person: nothing else. */
static bool
is_any_open(HibTestFaces *f, const char *post)
{
    size_t n;
    bool out = false;
    HibDelivery *rows = hib_test_faces_deliveries(f, post, &n);
    for (size_t i = 0; i < n; i++) {
        if (!is_open(&rows[i]))
            continue;
        out = true;
        g_assert_true(rows[i].has_next_at || rows[i].next == HIB_NEXT_RECONNECT ||
                      rows[i].next == HIB_NEXT_WAIT || !rows[i].has_error);
    }
    return out;
}

static void
sign_in_if_asked(HibTestFaces *f)
{
    HibAccount *account;
    GError *error = NULL;
    hib_assert_ok(hib_accounts_get(f->publish->db, f->account, &account, &error), error);
    if (account->state == HIB_ACCOUNT_OK)
        return;
    const char *before = f->account;
    sign_in(f);
    g_assert_cmpstr(f->account, ==, before);
    f->n_reconnected++;
}

void
hib_test_faces_settle(HibTestFaces *f, const char *post)
{
    HibDuration step = HIB_MINUTE, gone = 0;
    hib_test_advance(f->publish, HIB_SECOND);
    for (; is_any_open(f, post) && gone < 3 * HIB_DAY; gone += step) {
        sign_in_if_asked(f);
        hib_test_advance(f->publish, step);
        step = MIN(step * 2, 2 * HIB_HOUR);
    }
    sign_in_if_asked(f); /* for the next */
}

void
hib_test_faces_rest(HibTestFaces *f, const HibTestForm *form)
{
    HibDuration rest = form->rest ? form->rest : 15 * HIB_MINUTE;
    hib_clock_manual_set(f->publish->clock, hib_clock_now(f->publish->clock) + rest);
    hib_jobs_run_due(f->publish->jobs);
}

void
hib_test_faces_retry(HibTestFaces *f, const char *post, const char *delivery)
{
    HibDelivery *row;
    GError *error = NULL;
    hib_assert_ok(hib_publish_retry(f->publish->db, delivery, &row, &error), error);
    hib_test_faces_settle(f, post);
}
