/* Every network × every way of posting on it × every step of that × every fault, by the real dispatcher and the real connector against the
 * practice network: out once, or failed with the network's own reason and what to do next, or unknown and then settled. fault_test.c asks
 * the same of the dispatcher alone, the faces' own tests of the connectors alone. */
#include "base/error.h"
#include "practice/fault.h"
#include "publish/faces_fixture_test.h"

#define ALONE "{\"privacy\":\"SELF_ONLY\"}"
#define PUBLIC "{\"privacy\":\"PUBLIC_TO_EVERYONE\"}"
#define TITLED .title = "一杯の時間", .options = "{\"made_for_kids\":false}"

static const HibTestForm forms[] = {
    {"bluesky", "words", HIB_FORMAT_POST},
    {"bluesky", "pictures", HIB_FORMAT_POST, .n_pictures = 2},
    {"bluesky", "thread", HIB_FORMAT_POST, .has_thread = true},
    {"x", "words", HIB_FORMAT_POST},
    {"x", "pictures", HIB_FORMAT_POST, .n_pictures = 2},
    {"x", "video", HIB_FORMAT_POST, .n_videos = 1},
    {"x", "thread", HIB_FORMAT_POST, .has_thread = true},
    {"instagram", "picture", HIB_FORMAT_POST, .n_pictures = 1},
    {"instagram", "carousel", HIB_FORMAT_POST, .n_pictures = 1, .n_videos = 1},
    {"instagram", "reel", HIB_FORMAT_REEL, .n_videos = 1},
    {"instagram", "story", HIB_FORMAT_STORY, .n_pictures = 1, .is_wordless = true},
    {"instagram", "first comment", HIB_FORMAT_POST, .n_pictures = 1, .has_comment = true},
    {"facebook", "words", HIB_FORMAT_POST},
    {"facebook", "pictures", HIB_FORMAT_POST, .n_pictures = 2},
    {"facebook", "video", HIB_FORMAT_VIDEO, .n_videos = 1},
    {"facebook", "reel", HIB_FORMAT_REEL, .n_videos = 1},
    {"facebook", "story", HIB_FORMAT_STORY, .n_pictures = 1, .is_wordless = true},
    {"facebook", "video story", HIB_FORMAT_STORY, .n_videos = 1, .is_wordless = true},
    {"facebook", "first comment", HIB_FORMAT_POST, .has_comment = true},
    {"threads", "words", HIB_FORMAT_POST},
    {"threads", "picture", HIB_FORMAT_POST, .n_pictures = 1},
    {"threads", "carousel", HIB_FORMAT_POST, .n_pictures = 1, .n_videos = 1},
    {"threads", "thread", HIB_FORMAT_POST, .has_thread = true},
    {"line", "words", HIB_FORMAT_BROADCAST},
    {"line", "picture", HIB_FORMAT_BROADCAST, .n_pictures = 1},
    {"line", "narrowcast", HIB_FORMAT_NARROWCAST, .options = "{\"audiences\":[\"4000001\"]}"},
    {"mastodon", "words", HIB_FORMAT_POST},
    {"mastodon", "pictures", HIB_FORMAT_POST, .n_pictures = 2},
    {"mastodon", "video", HIB_FORMAT_POST, .n_videos = 1},
    {"mastodon", "thread", HIB_FORMAT_POST, .has_thread = true},
    {"tiktok", "video", HIB_FORMAT_POST, .n_videos = 1, .options = ALONE, .rest = 2 * HIB_HOUR},
    {"tiktok", "public video", HIB_FORMAT_POST, .n_videos = 1, .options = PUBLIC,
     .rest = 2 * HIB_HOUR},
    {"tiktok", "photos", HIB_FORMAT_POST, .n_pictures = 2, .options = PUBLIC, .rest = 2 * HIB_HOUR},
    {"tiktok", "draft", HIB_FORMAT_POST, .n_videos = 1, .is_wordless = true,
     .options = "{\"draft\":true}", .rest = 5 * HIB_HOUR},
    {"youtube", "video", HIB_FORMAT_VIDEO, .n_videos = 1, TITLED},
    {"youtube", "short", HIB_FORMAT_SHORT, .n_videos = 1, TITLED},
    {"youtube", "thumbnail", HIB_FORMAT_VIDEO, .n_pictures = 1, .n_videos = 1, TITLED},
    {"youtube", "first comment", HIB_FORMAT_SHORT, .n_videos = 1, .has_comment = true, TITLED},
};
static const HibFault faults[] = {
    HIB_FAULT_RATE_LIMITED,      HIB_FAULT_ERROR,   HIB_FAULT_ERROR_AFTER, HIB_FAULT_CUT_BEFORE,
    HIB_FAULT_CUT_AFTER,         HIB_FAULT_STALL,   HIB_FAULT_SLOW,        HIB_FAULT_EXPIRED_TOKEN,
    HIB_FAULT_ENDED_GRANT,       HIB_FAULT_REFUSED, HIB_FAULT_QUOTA,       HIB_FAULT_NONSENSE,
    HIB_FAULT_PROCESSING_FAILED,
};

/* --- given up between two statements: see fault_test.c --------------------------------------------------------------------------------- */
static int places, give_up_at;

static bool
goes_on(GError **error)
{
    if (++places != give_up_at)
        return true;
    hib_error_set(error, HIB_ERROR_INTERNAL, "internal.unexpected", "given up at %d", places);
    return false;
}

#define GIVEN_UP(name, declared, passed)                                                           \
    bool __real_##name declared;                                                                   \
    bool __wrap_##name declared;                                                                   \
    bool __wrap_##name declared                                                                    \
    {                                                                                              \
        return goes_on(error) && __real_##name passed && goes_on(error);                           \
    }
GIVEN_UP(hib_deliver_keep,
         (HibDb * db, HibDeliverWork *work, const char *progress, const HibNetStep *step, bool *ret,
          GError **error),
         (db, work, progress, step, ret, error))
GIVEN_UP(hib_deliver_conclude,
         (HibDb * db, const HibDeliverWork *work, const HibDeliverOutcome *outcome, bool *ret,
          GError **error),
         (db, work, outcome, ret, error))
GIVEN_UP(hib_accounts_call,
         (HibDb * db, const HibServices *services, const char *account, HibAccountRun run,
          void *data, HibNetResult *ret, GError **error),
         (db, services, account, run, data, ret, error))

/* --- one row ------------------------------------------------------------------------------------------------------------------------------ */
/* Content can be refused for good, and a quota may last longer than a post stays of today; everything else comes right with time, or
 * with a person who signs in. */
static bool
may_fail(const HibTestFaultPlan *plan)
{
    return plan->fault == HIB_FAULT_REFUSED || plan->fault == HIB_FAULT_PROCESSING_FAILED ||
           plan->fault == HIB_FAULT_QUOTA;
}

static void
check_delivery(HibTestFaces *f, const HibDelivery *d, const char *text, int64_t n_out,
               bool may_have_failed)
{
    bool is_out = d->state == HIB_DELIVERY_PUBLISHED;
    bool is_explained =
        d->has_error && *d->error_message && /* Mastodon has no codes */
        (d->next == HIB_NEXT_EDIT || d->next == HIB_NEXT_RETRY || d->next == HIB_NEXT_RECONNECT);
    bool is_right = n_out == is_out &&
                    (is_out ? d->remote_id && *d->remote_id && !d->has_error
                            : may_have_failed && is_explained && d->state == HIB_DELIVERY_FAILED);
    f->n_published += is_out;
    f->n_failed += !is_out;
    f->n_wrong += !is_right;
    if (!is_out || !is_right)
        g_test_message("%s%s: state %d next %d, class %d status %d '%s' '%s', %d there",
                       is_right ? "" : "WRONG ", text, d->state, d->next,
                       d->has_error ? d->error_class : -1, d->error_status, d->error_code,
                       d->error_message, (int)n_out);
}

static void
check_row(HibTestFaces *f, const HibTestForm *form, const char *post, const char *text,
          int64_t n_before, bool may_have_failed)
{
    size_t n;
    HibDelivery *rows = hib_test_faces_deliveries(f, post, &n);
    g_assert_cmpuint(n, >=, 1);
    for (size_t i = 0; i < n; i++) {
        const char *own = rows[i].part ? hib_test_faces_second(f, text) : text;
        int64_t n_out =
            form->is_wordless ? hib_test_faces_created(f) - n_before : hib_test_faces_count(f, own);
        check_delivery(f, &rows[i], own, n_out, may_have_failed);
        if (rows[i].state == HIB_DELIVERY_PUBLISHED && (form->has_thread || form->has_comment))
            g_assert_cmpuint(n, ==, 2);
    }
    f->n_read_back += hib_test_faces_finds() > 0;
    f->n_rows++;
}

/* What failed and is tried again by a person goes out then, whatever the network kept of the first time. */
static void
try_again(HibTestFaces *f, const HibTestForm *form, const char *post, const char *text)
{
    size_t n;
    HibDelivery *rows = hib_test_faces_deliveries(f, post, &n);
    for (size_t i = 0; i < n; i++) {
        if (rows[i].state != HIB_DELIVERY_FAILED)
            continue;
        const char *own = rows[i].part ? hib_test_faces_second(f, text) : text;
        int64_t n_before = hib_test_faces_created(f);
        hib_test_faces_plan(f, &(HibTestFaultPlan){0});
        hib_test_faces_retry(f, post, rows[i].id);
        hib_test_faces_rest(f, form);
        HibDelivery *again = hib_test_faces_deliveries(f, post, &n);
        check_delivery(f, &again[i], own,
                       form->is_wordless ? hib_test_faces_created(f) - n_before
                                         : hib_test_faces_count(f, own),
                       false);
        return; /* of what follows it the next row tells */
    }
}

static void
run_row(HibTestFaces *f, const HibTestForm *form, const char *text, const HibTestFaultPlan *plan)
{
    int64_t n_before = hib_test_faces_created(f);
    hib_test_faces_plan(f, plan);
    const char *post = hib_test_faces_post(f, form, text, 0);
    hib_test_faces_settle(f, post);
    hib_test_faces_rest(f, form);
    check_row(f, form, post, text, n_before, may_fail(plan));
    try_again(f, form, post, text);
}

/* --- the table ----------------------------------------------------------------------------------------------------------------------------- */
static int
usual_steps(HibTestFaces *f, const HibTestForm *form, const char **ret_names)
{
    const char *const *names;
    run_row(f, form, hib_arena_printf(f->publish->arena, "%s ふつうに", form->what),
            &(HibTestFaultPlan){0});
    int n = hib_test_faces_steps(&names);
    for (int i = 0; i < n; i++)
        ret_names[i] = names[i];
    g_assert_cmpint(n, >, 0);
    return n;
}

/* A second text's steps only: those of the first are another row's. */
static void
run_form(HibTestFaces *f, const HibTestForm *form)
{
    HibArena *arena = f->publish->arena;
    const char *names[HIB_TEST_FACES_STEPS];
    int n = usual_steps(f, form, names);
    int from = form->has_thread || (form->has_comment && !form->n_pictures) ? n / 2 : 0;
    for (int at = from; at < n; at++)
        for (size_t i = 0; i < G_N_ELEMENTS(faults); i++)
            run_row(f, form,
                    hib_arena_printf(arena, "%s %d %s %s", form->what, at, names[at],
                                     hib_fault_name(faults[i])),
                    &(HibTestFaultPlan){.fault = faults[i], .at = at, .times = 1});
    for (size_t i = 0; i < G_N_ELEMENTS(faults); i++)
        run_row(
            f, form, hib_arena_printf(arena, "%s find %s", form->what, hib_fault_name(faults[i])),
            &(HibTestFaultPlan){
                .fault = HIB_FAULT_CUT_AFTER, .at = -1, .times = 1, .when_read_back = faults[i]});
}

static const HibTestForm *
first_form(const char *network)
{
    size_t i = 0;
    while (!g_str_equal(forms[i].network, network))
        i++;
    return &forms[i];
}

static const HibTestForm *
last_form(const char *network)
{
    size_t i = G_N_ELEMENTS(forms) - 1;
    while (!g_str_equal(forms[i].network, network))
        i--;
    return &forms[i];
}

/* --- the same words twice ------------------------------------------------------------------------------------------------------------------ */
/* A second apart, both cut: each settles on its own post. X takes no post twice: there the second is refused, and says so. */
static void
check_two(HibTestFaces *f, const HibTestForm *form, HibFault fault)
{
    HibArena *arena = f->publish->arena;
    const char *text = hib_arena_printf(arena, "同じ文 %s %s", form->what, hib_fault_name(fault));
    size_t n;
    int64_t n_published = 0;
    const char *seen = NULL;
    hib_test_faces_plan(f, &(HibTestFaultPlan){.fault = fault, .at = -1, .times = 1});
    const char *posts[2];
    for (size_t i = 0; i < 2; i++)
        posts[i] = hib_test_faces_post(f, form, text, (HibDuration)i * HIB_SECOND);
    for (size_t i = 0; i < 2; i++)
        hib_test_faces_settle(f, posts[i]);
    for (size_t i = 0; i < 2; i++) {
        const HibDelivery *d = hib_test_faces_deliveries(f, posts[i], &n);
        bool is_out = d->state == HIB_DELIVERY_PUBLISHED;
        g_test_message("%s %s, number %zu: state %d '%s' '%s'", f->network, text, i, d->state,
                       d->has_error ? d->error_code : "", d->has_error ? d->error_message : "");
        f->n_wrong += !(is_out || (d->state == HIB_DELIVERY_FAILED && *d->error_message &&
                                   g_str_equal(f->network, "x")));
        if (is_out) {
            g_assert_cmpstr(d->remote_id, !=, seen);
            seen = d->remote_id;
            n_published++;
        }
    }
    g_assert_cmpint(hib_test_faces_count(f, text), ==, n_published);
    g_assert_cmpint(n_published, >=, 1);
    hib_test_faces_rest(f, form);
}

/* --- given up ------------------------------------------------------------------------------------------------------------------------------------ */
/* The run ends at each place in turn, and the dispatcher with it; a new one finds what is left. */
static int
check_given_up(HibTestFaces *f, const HibTestForm *form)
{
    int at = 1;
    for (bool was_given_up = true; was_given_up; at++) {
        const char *text = hib_arena_printf(f->publish->arena, "%s 中断 %d", form->what, at);
        int64_t n_before = hib_test_faces_created(f);
        hib_test_faces_plan(f, &(HibTestFaultPlan){0});
        places = 0;
        give_up_at = at;
        const char *post = hib_test_faces_post(f, form, text, 0);
        hib_test_advance(f->publish, HIB_SECOND);
        hib_test_crash(f->publish);
        hib_test_faces_settle(f, post);
        was_given_up = places >= at;
        give_up_at = 0;
        hib_test_faces_rest(f, form);
        check_row(f, form, post, text, n_before, false);
    }
    return at - 2;
}

/* --- media out of reach ------------------------------------------------------------------------------------------------------------------ */
/* The server that the network fetches from is away for two minutes: the post is out afterwards. Away for hours: it failed with the network's
 * own reason, and goes out when it is tried again. */
static void
check_out_of_reach(HibTestFaces *f, const HibTestForm *form, bool is_for_long)
{
    const char *text = hib_arena_printf(f->publish->arena, "%s 届かない %s", form->what,
                                        is_for_long ? "ずっと" : "少し");
    int64_t n_before = hib_test_faces_created(f);
    hib_test_faces_plan(f, &(HibTestFaultPlan){0});
    hib_test_faces_serve_media(f, false);
    const char *post = hib_test_faces_post(f, form, text, 0);
    hib_test_advance(f->publish, is_for_long ? 3 * HIB_HOUR : 2 * HIB_MINUTE);
    size_t n;
    const HibDelivery *d = hib_test_faces_deliveries(f, post, &n);
    g_assert_cmpint(d->state, ==, is_for_long ? HIB_DELIVERY_FAILED : HIB_DELIVERY_WAITING);
    g_assert_cmpint(d->next, ==, is_for_long ? HIB_NEXT_EDIT : HIB_NEXT_WAIT);
    g_assert_cmpstr(d->error_message, !=, "");
    hib_test_faces_serve_media(f, true);
    if (is_for_long)
        try_again(f, form, post, text);
    hib_test_faces_settle(f, post);
    hib_test_faces_rest(f, form);
    check_row(f, form, post, text, n_before, false);
}

/* --- all of it, a network a test -------------------------------------------------------------------------------------------------------- */
static void
check_network(HibTestStore *test, const char *network)
{
    g_autoptr(HibTestFaces) f = hib_test_faces_new(test, network);
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
        if (g_str_equal(forms[i].network, network)) {
            int64_t n_twice = hib_test_faces_twice(f);
            run_form(f, &forms[i]);
            if (!forms[i].is_wordless) /* no words are all alike */
                g_assert_cmpint(hib_test_faces_twice(f), ==, n_twice);
            if (test->is_postgres) /* a sample */
                break;
        }
    static const HibFault cuts[] = {HIB_FAULT_CUT_AFTER, HIB_FAULT_CUT_BEFORE,
                                    HIB_FAULT_ERROR_AFTER};
    for (size_t i = 0; i < G_N_ELEMENTS(cuts); i++)
        check_two(f, first_form(network), cuts[i]);
    int n_given_up = check_given_up(f, last_form(network));
    bool fetches = g_str_equal(network, "instagram") || g_str_equal(network, "threads");
    for (size_t i = 0; fetches && i < G_N_ELEMENTS(forms); i++)
        if (g_str_equal(forms[i].network, network) && forms[i].n_pictures + forms[i].n_videos) {
            check_out_of_reach(f, &forms[i], false);
            check_out_of_reach(f, &forms[i], true);
        }
    g_test_message("%s: %d rows, %d published, %d failed with a reason, %d read back, %d signed in "
                   "again, given up at %d places",
                   network, (int)f->n_rows, (int)f->n_published, (int)f->n_failed,
                   (int)f->n_read_back, (int)f->n_reconnected, n_given_up);
    g_assert_cmpint(n_given_up, >=, 4);
    g_assert_cmpint(f->n_wrong, ==, 0);
}

#define NETWORK(name)                                                                              \
    static void every_fault_on_##name(HibTestStore *test)                                          \
    {                                                                                              \
        check_network(test, #name);                                                                \
    }
NETWORK(bluesky)
NETWORK(x)
NETWORK(instagram)
NETWORK(facebook)
NETWORK(threads)
NETWORK(line)
NETWORK(mastodon)
NETWORK(tiktok)
NETWORK(youtube)

/* The network, for the tests go side by side; without a word all of them. */
int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(network)                                                                               \
    if (argc < 2 || g_str_equal(argv[1], #network))                                                \
    hib_test_add_manual("/publish/faces/every_fault_on_" #network, every_fault_on_##network)
    ADD(bluesky);
    ADD(x);
    ADD(instagram);
    ADD(facebook);
    ADD(threads);
    ADD(line);
    ADD(mastodon);
    ADD(tiktok);
    ADD(youtube);
    return g_test_run();
}
