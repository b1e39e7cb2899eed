/* Scheduling: what is refused and why, and that a person and the dispatcher never both win. */
#include "base/error.h"
#include "base/limits.h"
#include "practice/bluesky_face.h"
#include "publish/fixture_test.h"
#include "publish/schedule.h"
#include <pthread.h>

static size_t
problems(HibArena *arena, const HibPost *post, HibPostProblem rows[16])
{
    return hib_schedule_problems(arena, post, 0, hib_network_find("bluesky"), rows, 16);
}

static bool
passes(const HibPost *post)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibPostProblem rows[16];
    return problems(arena, post, rows) == 0;
}

static void
refused(const HibPost *post, const char *reason, const char *pointer)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibPostProblem rows[16];
    GError *error = NULL;
    g_assert_cmpint(problems(arena, post, rows), >, 0);
    hib_schedule_refuse(&rows[0], &error);
    g_assert_cmpstr(hib_error_reason(error), ==, reason);
    g_assert_cmpstr(hib_error_pointer(error), ==, pointer);
    g_assert_cmpstr(hib_error_detail(error, "network"), ==, "Bluesky");
    g_error_free(error);
}

static void
each_limit_is_refused_at_its_place(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibNetLimits *limits = hib_network_find("bluesky")->limits();
    g_autofree char *full = g_strnfill((gsize)limits->max_text, 'a'),
                    *over = g_strnfill((gsize)limits->max_text + 1, 'a');
    g_autofree char *long_alt = g_strnfill((gsize)limits->max_alt + 1, 'a');
    HibPostVariant variant = {.account_id = "account"};
    HibPostMedia images[5] = {
        [0 ... 4] = {.media_id = "m", .alt = "絵", .mime = "image/jpeg", .bytes = 1000}};
    HibPost post = {.text = full, .variants = &variant, .n_variants = 1};
    g_assert_true(passes(&post));
    post.text = over;
    refused(&post, "post.over_limit", "/variants/0/text");
    variant.text = full; /* the variant's own text counts */
    g_assert_true(passes(&post));
    variant.text = " \n\u3000";
    refused(&post, "post.empty", "/variants/0/text");
    variant.text = "\u200b\u2060 \ufeff\u3000\u200d\ufe0f\u3164"; /* nothing a reader would see */
    refused(&post, "post.empty", "/variants/0/text");
    post.media = images;
    post.n_media = (size_t)limits->formats[0].max_media;
    g_assert_true(passes(&post)); /* pictures speak for themselves */
    post.n_media++;
    refused(&post, "post.too_many_media", "/media/4");
    post.n_media = 2;
    images[1].bytes = limits->formats[0].image.max_bytes + 1;
    refused(&post, "post.media_too_large", "/media/1");
    images[1].bytes = 1;
    images[1].mime = "image/tiff";
    refused(&post, "post.media_type", "/media/1");
    images[1].mime = "image/png";
    images[0].alt = long_alt;
    refused(&post, "post.alt_too_long", "/media/0/alt");
}

/* Not only the first: the composer shows each at its place. */
static void
everything_wrong_is_told_at_its_place(void)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    const HibNetLimits *limits = hib_network_find("bluesky")->limits();
    g_autofree char *over = g_strnfill((gsize)limits->max_text + 1, 'a');
    HibPostMedia tiff = {.media_id = "m", .alt = "", .mime = "image/tiff", .bytes = 1};
    HibPostPart thread[] = {{.text = "二つ目"}, {.text = over, .media = &tiff, .n_media = 1}};
    HibPostVariant variant = {.account_id = "account",
                              .options = "{\"privacy\":\"public\"}",
                              .thread = thread,
                              .n_thread = 2};
    HibPost post = {.text = over, .variants = &variant, .n_variants = 1};
    static const char *const wanted[][2] = {{"post.over_limit", "/variants/0/text"},
                                            {"post.option_unknown", "/variants/0/options/privacy"},
                                            {"post.over_limit", "/variants/0/thread/1/text"},
                                            {"post.media_type", "/variants/0/thread/1/media/0"}};
    HibPostProblem rows[16];
    g_assert_cmpint(problems(arena, &post, rows), ==, G_N_ELEMENTS(wanted));
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
        g_assert_cmpstr(rows[i].reason, ==, wanted[i][0]);
        g_assert_cmpstr(rows[i].pointer, ==, wanted[i][1]);
        g_assert_cmpstr(rows[i].account_id, ==, "account");
    }
    g_assert_true(rows[0].limit == limits->max_text && rows[0].actual == limits->max_text + 1);
    g_assert_true(!rows[0].is_fittable && rows[3].is_fittable);
    variant = (HibPostVariant){.account_id = "account", .format = HIB_FORMAT_REEL};
    post.text = "短い動画";
    refused(&post, "post.format", "/variants/0/format");
}

static void
note_wrong(const char *reason, const char *pointer, double limit G_GNUC_UNUSED,
           double actual G_GNUC_UNUSED, void *data)
{
    g_string_append_printf(data, "%s %s\n", reason, pointer);
}

static void
every_kind_of_option_has_its_values(void)
{
    static const HibNetLimits limits = {
        .options =
            "[{\"name\":\"who\",\"kind\":\"choice\",\"values\":[\"all\",\"me\"]},"
            "{\"name\":\"os\",\"kind\":\"choices\",\"values\":[\"ios\",\"android\"]},"
            "{\"name\":\"groups\",\"kind\":\"choices\"},{\"name\":\"quiet\",\"kind\":\"flag\"},"
            "{\"name\":\"max\",\"kind\":\"number\",\"max\":9},"
            "{\"name\":\"quick\",\"kind\":\"list\",\"max\":2},"
            "{\"name\":\"rich\",\"kind\":\"object\"},{\"name\":\"name\",\"kind\":\"text\"}]"};
    static const char *const cases[][2] = {
        {"{\"who\":\"me\",\"os\":[\"ios\"],\"groups\":[\"12\"],\"quiet\":true,\"max\":9,"
         "\"quick\":[{},{}],\"rich\":{},\"name\":\"a\"}",
         ""},
        {"{\"os\":[]}", ""},
        {"{\"os\":[\"symbian\"]}", "post.option_value /options/os\n"},
        {"{\"os\":\"ios\"}", "post.option_value /options/os\n"},
        {"{\"groups\":[12]}", "post.option_value /options/groups\n"},
        {"{\"quick\":{}}", "post.option_value /options/quick\n"},
        {"{\"quick\":[{},{},{}]}", "post.option_too_long /options/quick\n"},
        {"{\"rich\":[]}", "post.option_value /options/rich\n"},
        {"{\"rich\":\"x\"}", "post.option_value /options/rich\n"},
        {"{\"max\":10}", "post.option_too_long /options/max\n"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(GString) wrong = g_string_new(NULL);
        hib_options_check(arena, &limits, HIB_FORMAT_POST, cases[i][0], note_wrong, wrong);
        g_assert_cmpstr(wrong->str, ==, cases[i][1]);
    }
}

static void
a_thread_longer_than_the_network_takes_is_refused(void)
{
    HibPostPart thread[HIB_LIMIT_POST_THREAD + 1];
    HibPostVariant variant = {.account_id = "account", .thread = thread};
    HibPost post = {.text = "一つ目", .variants = &variant, .n_variants = 1};
    for (size_t i = 0; i < G_N_ELEMENTS(thread); i++)
        thread[i] = (HibPostPart){.text = "続き"};
    variant.n_thread = (size_t)hib_network_find("bluesky")->limits()->max_thread - 1;
    g_assert_true(passes(&post));
    variant.n_thread++;
    refused(&post, "post.thread_too_long", "/variants/0/thread");
}

static void
a_refused_post_stays_a_draft_with_nothing_queued(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibPostContent nobody = {.text = "だれにも"};
    HibPost *post, *after;
    HibInstant now = hib_clock_now(t->clock);
    hib_assert_ok(hib_plan_create(t->db, &nobody, &post, &error), error);
    hib_assert_refused(hib_publish_schedule(t->db, post->id, NULL, now, &after, &error), error,
                       "post.no_account");
    post = hib_test_draft(t, "", 0, true);
    hib_assert_refused(hib_publish_schedule(t->db, post->id, NULL, now, &after, &error), error,
                       "post.empty");
    post = hib_test_draft(t, "昨日", 0, true);
    hib_assert_refused(hib_publish_schedule(t->db, post->id, NULL, now - HIB_HOUR, &after, &error),
                       error, "post.time_past");
    int64_t stale = post->version + 1;
    hib_assert_refused(hib_publish_schedule(t->db, post->id, &stale, now, &after, &error), error,
                       "post.edited");
    hib_assert_refused(hib_publish_unschedule(t->db, post->id, &after, &error), error,
                       "post.not_scheduled");
    g_assert_cmpint(hib_test_post(t, post->id)->state, ==, HIB_POST_DRAFT);
    g_assert_null(hib_test_delivery(t, post->id));
    hib_face_end_sessions(t->face); /* what the person sees before it is due */
    hib_test_scheduled(t, "気づかせる", 0, 0);
    hib_jobs_run_due(t->jobs);
    hib_assert_refused(hib_publish_schedule(t->db, post->id, NULL, now, &after, &error), error,
                       "accounts.needs_reconnect");
}

static void
a_post_is_moved_changed_and_taken_back(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibPost *post = hib_test_draft(t, "初稿", 0, true), *after;
    HibPostVariant variant = {t->second, NULL};
    HibPostContent content = {.text = "決定稿", .variants = &variant, .n_variants = 1};
    HibInstant now = hib_clock_now(t->clock);
    hib_assert_ok(hib_publish_schedule(t->db, post->id, NULL, now + HIB_HOUR, &after, &error),
                  error);
    hib_assert_ok(
        hib_publish_schedule(t->db, post->id, &after->version, now + 2 * HIB_HOUR, &after, &error),
        error);
    HibDelivery *d = hib_test_delivery(t, post->id);
    g_assert_cmpint(d->due_at, ==, now + 2 * HIB_HOUR);
    g_assert_cmpint(hib_test_n_steps(t, d->id, HIB_DID_MOVED), ==, 1);
    hib_assert_ok(hib_publish_update(t->db, post->id, after->version, &content, &after, &error),
                  error);
    g_assert_cmpint(after->state, ==, HIB_POST_SCHEDULED);
    g_assert_cmpint(after->due_at, ==, now + 2 * HIB_HOUR);
    g_assert_cmpint(hib_test_delivery(t, post->id)->state, ==,
                    HIB_DELIVERY_CANCELLED); /* its account was taken out */
    hib_test_advance(t, HIB_HOUR + HIB_MINUTE);
    g_assert_cmpint(hib_face_count_text(t->face, "初稿") + hib_face_count_text(t->face, "決定稿"),
                    ==, 0);
    hib_test_advance(t, HIB_HOUR);
    g_assert_cmpint(hib_face_count_text(t->face, "決定稿"), ==, 1);
    g_assert_cmpint(hib_test_post(t, post->id)->state, ==, HIB_POST_PUBLISHED);
    hib_assert_refused(hib_publish_unschedule(t->db, post->id, &after, &error), error,
                       "post.already_sending");
    hib_assert_refused(hib_publish_delete(t->db, post->id, &error), error, "post.already_sending");
    hib_assert_refused(hib_publish_update(t->db, post->id, hib_test_post(t, post->id)->version,
                                          &content, &after, &error),
                       error, "post.already_sending");
    hib_assert_refused(hib_publish_schedule(t->db, post->id, NULL, now + HIB_DAY, &after, &error),
                       error, "post.already_sending");
}

static void
a_deleted_or_unscheduled_post_never_goes_out(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibPost *after;
    const char *gone = hib_test_scheduled(t, "消す", 0, HIB_HOUR),
               *back = hib_test_scheduled(t, "戻す", 0, HIB_HOUR);
    hib_assert_ok(hib_publish_delete(t->db, gone, &error), error);
    hib_assert_ok(hib_publish_unschedule(t->db, back, &after, &error), error);
    g_assert_cmpint(after->state, ==, HIB_POST_DRAFT);
    hib_test_advance(t, 2 * HIB_HOUR);
    g_assert_cmpint(hib_face_count_text(t->face, "消す") + hib_face_count_text(t->face, "戻す"), ==,
                    0);
    hib_assert_ok(hib_plan_restore(t->db, gone, &after, &error), error);
    g_assert_cmpint(after->state, ==, HIB_POST_DRAFT);
    hib_assert_ok(hib_publish_schedule(t->db, gone, NULL, hib_clock_now(t->clock), &after, &error),
                  error);
    hib_test_advance(t, HIB_MINUTE);
    g_assert_cmpint(hib_face_count_text(t->face, "消す"), ==, 1);
}

static void
a_change_too_long_for_the_network_leaves_the_scheduled_post_as_it_was(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, false);
    GError *error = NULL;
    HibPost *after;
    g_autofree char *over = g_strnfill(400, 'a');
    HibPostVariant variant = {.account_id = t->account};
    HibPostContent content = {.text = over, .variants = &variant, .n_variants = 1};
    const char *post = hib_test_scheduled(t, "短い", 0, HIB_HOUR);
    int64_t version = hib_test_post(t, post)->version;
    hib_assert_refused(hib_publish_update(t->db, post, version, &content, &after, &error), error,
                       "post.over_limit");
    g_assert_cmpstr(hib_test_post(t, post)->text, ==, "短い");
    g_assert_cmpint(hib_test_post(t, post)->version, ==, version);
}

/* --- a person against the dispatcher --------------------------------------------------------------------------------------- */
#define N_RACES 120

typedef struct {
    HibTestPublish *t;
    const char *posts[N_RACES];
    int how; /* 0 take back, 1 move to tomorrow, 2 delete */
    int n_won, n_lost;
} Racer;

static void *
race(void *data)
{
    Racer *racer = data;
    for (int i = 0; i < N_RACES; i++) {
        g_autoptr(HibArena) arena = hib_arena_new();
        g_autoptr(HibDb) db =
            hib_db_open(racer->t->test->store, arena, hib_db_workspace(racer->t->db));
        g_autoptr(GError) error = NULL;
        HibPost *after;
        bool won;
        do {
            g_clear_error(&error);
            won = racer->how == 0   ? hib_publish_unschedule(db, racer->posts[i], &after, &error)
                  : racer->how == 1 ? hib_publish_schedule(db, racer->posts[i], NULL,
                                                           hib_db_now(db) + HIB_DAY, &after, &error)
                                    : hib_publish_delete(db, racer->posts[i], &error);
        } while (!won && hib_error_is(error, HIB_ERROR_BUSY));
        if (!won)
            g_assert_cmpstr(hib_error_reason(error), ==, "post.already_sending");
        racer->n_won += won;
        racer->n_lost += !won;
    }
    return NULL;
}

static void
settle(HibTestPublish *t, int n_published)
{
    int64_t counts[6] = {0};
    GError *error = NULL;
    for (int i = 0;
         i < 3000 && (counts[HIB_DELIVERY_PUBLISHED] < n_published || counts[HIB_DELIVERY_SENDING]);
         i++) {
        g_usleep(5000);
        hib_assert_ok(hib_publish_counts(t->db, counts, &error), error);
    }
    g_assert_cmpint(counts[HIB_DELIVERY_PUBLISHED], ==, n_published);
}

static void
a_person_and_the_dispatcher_never_both_win(HibTestStore *test)
{
    g_autoptr(HibTestPublish) t = hib_test_publish_new(test, true);
    Racer racers[3] = {{.t = t, .how = 0}, {.t = t, .how = 1}, {.t = t, .how = 2}};
    pthread_t threads[3];
    HibFaceCounts counts;
    for (int i = 0; i < N_RACES; i++)
        for (int k = 0; k < 3; k++)
            racers[k].posts[i] = hib_test_scheduled(t, hib_arena_printf(t->arena, "%d の %d", k, i),
                                                    0, 600 * HIB_MILLISECOND);
    g_usleep(250 * 1000);
    for (int k = 0; k < 3; k++)
        g_assert_cmpint(pthread_create(&threads[k], NULL, race, &racers[k]), ==, 0);
    int n_lost = 0;
    for (int k = 0; k < 3; k++) {
        pthread_join(threads[k], NULL);
        n_lost += racers[k].n_lost;
    }
    settle(t, n_lost);
    for (int k = 0; k < 3; k++)
        for (int i = 0; i < N_RACES; i++) {
            HibPost *post = hib_test_post(t, racers[k].posts[i]);
            HibPostState kept = k == 1 ? HIB_POST_SCHEDULED : HIB_POST_DRAFT;
            bool is_out = hib_face_count_text(t->face, post->text) == 1;
            g_assert_cmpint(post->state, ==, is_out ? HIB_POST_PUBLISHED : kept);
        }
    hib_face_counts(t->face, &counts);
    g_assert_cmpint(counts.n_created, ==, n_lost);
    g_assert_cmpint(counts.n_twice_text, ==, 0);
    g_test_message("%d of %d went out before the person", n_lost, 3 * N_RACES);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/publish/schedule/each_limit_is_refused_at_its_place",
                    each_limit_is_refused_at_its_place);
    g_test_add_func("/publish/schedule/everything_wrong_is_told_at_its_place",
                    everything_wrong_is_told_at_its_place);
    g_test_add_func("/publish/schedule/every_kind_of_option_has_its_values",
                    every_kind_of_option_has_its_values);
    g_test_add_func("/publish/schedule/a_thread_longer_than_the_network_takes_is_refused",
                    a_thread_longer_than_the_network_takes_is_refused);
    hib_test_add_manual("/publish/schedule/a_refused_post_stays_a_draft_with_nothing_queued",
                        a_refused_post_stays_a_draft_with_nothing_queued);
    hib_test_add_manual("/publish/schedule/a_post_is_moved_changed_and_taken_back",
                        a_post_is_moved_changed_and_taken_back);
    hib_test_add_manual("/publish/schedule/a_deleted_or_unscheduled_post_never_goes_out",
                        a_deleted_or_unscheduled_post_never_goes_out);
    hib_test_add_manual(
        "/publish/schedule/a_change_too_long_for_the_network_leaves_the_scheduled_post_as_it_was",
        a_change_too_long_for_the_network_leaves_the_scheduled_post_as_it_was);
    hib_test_add("/publish/schedule/a_person_and_the_dispatcher_never_both_win",
                 a_person_and_the_dispatcher_never_both_win);
    return g_test_run();
}
