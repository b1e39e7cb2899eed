/* For tests of a connector against its practice face: an account connected as a person would, posts sent step by step as the dispatcher
 * sends them, one fault at one step. The rules are those of publish/deliver.c in their shortest form; the real dispatcher's own test
 * is in features/publish. */
#pragma once
#include "networks/network.h"
#include "practice/face_oauth.h"
#include "practice/face_posts.h"
#include "practice/face_run.h"
#include "test_sending.h"

typedef struct {
    const HibNetwork *network;
    HibPracticeFace *face;
    HibClock *clock;
    HibHttp *http;
    HibArena *arena;
    HibNetContext net;
    HibNetApp app;
    HibGrant grant;
    /* What a reader sees of a post, by which it is counted; NULL: its text (a story shows none). */
    const char *(*seen)(const HibNetPost *post);
} HibJourney;

#define HIB_JOURNEY_REDIRECT "http://127.0.0.1:9/connect/callback"
#define HIB_JOURNEY_VERIFIER "a-verifier-of-more-than-forty-three-characters-for-tests"

static inline void
hib_journey_pass(HibJourney *j, HibDuration by)
{
    hib_clock_manual_set(j->clock, hib_clock_now(j->clock) + by);
}

/* The network's page, answered by the practice account: the code in the address it sends back to; NULL when it sends none. */
static inline const char *
hib_journey_code(HibJourney *j, const char *handle)
{
    const char *url = j->network->authorize_url(
        &j->net, hib_practice_url(j->face), HIB_JOURNEY_REDIRECT, "st4te", HIB_JOURNEY_VERIFIER);
    const HibHttpRequest request = {
        .method = "GET", .url = hib_arena_printf(j->arena, "%s&practice_account=%s", url, handle)};
    HibHttpReply reply;
    if (!hib_http_do(j->http, j->arena, &request, &reply, NULL) || reply.status != 302)
        return NULL;
    const char *location = hib_http_header(&reply, "location");
    const char *at = location ? strstr(location, "code=") : NULL;
    if (!at || !strstr(location, "state=st4te"))
        return NULL;
    g_autofree char *code = g_strndup(at + 5, strcspn(at + 5, "&#"));
    g_autofree char *plain = g_uri_unescape_string(code, NULL);
    return hib_arena_strdup(j->arena, plain ? plain : code);
}

static inline void
hib_journey_connect(HibJourney *j, const HibPracticeAccount *account)
{
    HibGrant *grants = NULL;
    size_t n = 0;
    HibNetResult said;
    const char *service = hib_practice_url(j->face);
    if (j->network->auth == HIB_NET_AUTH_OAUTH) {
        if (j->network->register_app) {
            said = j->network->register_app(&j->net, service, HIB_JOURNEY_REDIRECT, &j->app);
            g_assert_cmpstr(hib_net_class_name(said.class), ==, "ok");
        }
        const char *code = hib_journey_code(j, account->handle);
        g_assert_nonnull(code);
        said = j->network->exchange(&j->net, service, HIB_JOURNEY_REDIRECT, code,
                                    HIB_JOURNEY_VERIFIER, &grants, &n);
        if (said.class != HIB_NET_OK)
            g_test_message("%s %d %s", said.code, said.http_status, said.message);
        g_assert_cmpstr(hib_net_class_name(said.class), ==, "ok");
        g_assert_cmpuint(n, >=, 1);
        j->grant = grants[0];
    } else {
        said = j->network->connect(&j->net, service, account->id, account->password, &j->grant);
        g_assert_cmpstr(hib_net_class_name(said.class), ==, "ok");
    }
    g_assert_cmpstr(j->grant.service, ==, service);
    g_assert_true(*j->grant.access != '\0');
}

static inline HibJourney *
hib_journey_new(const HibNetwork *network, const HibPracticeNetwork *practice, bool has_limits)
{
    static const HibPracticeAccount accounts[] = {
        {.id = "1001",
         .handle = "hibiki",
         .name = "喫茶ひびき",
         .password = "practice-password",
         .followers = 800},
        {.id = "1002",
         .handle = "nene",
         .name = "ねね",
         .password = "practice-password",
         .followers = 120},
    };
    GError *error = NULL;
    HibJourney *j = g_new0(HibJourney, 1);
    j->network = network;
    j->clock = hib_clock_manual_new(INT64_C(1796083200) * HIB_SECOND);
    j->http = hib_http_new();
    j->arena = hib_arena_new();
    j->app = (HibNetApp){HIB_PRACTICE_CLIENT_ID, HIB_PRACTICE_CLIENT_SECRET};
    const HibPracticeOptions options = {.accounts = accounts,
                                        .n_accounts = G_N_ELEMENTS(accounts),
                                        .clock = j->clock,
                                        .seed = 7,
                                        .has_limits = has_limits,
                                        .has_control = true};
    j->face = hib_practice_start(practice, &options, &error);
    g_assert_no_error(error);
    j->net = (HibNetContext){.http = j->http,
                             .arena = j->arena,
                             .clock = j->clock,
                             .app = &j->app,
                             .may_be_private = true,
                             .may_lead_private = true};
    hib_journey_connect(j, hib_practice_account_at(j->face, 0));
    return j;
}

static inline void
hib_journey_free(HibJourney *j)
{
    hib_practice_stop(j->face);
    hib_http_free(j->http);
    hib_arena_free(j->arena);
    hib_clock_free(j->clock);
    g_free(j);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibJourney, hib_journey_free)

/* POST to the face's control door; the answer's body. */
static inline const char *
hib_journey_control(HibJourney *j, const char *what, const char *json)
{
    const HibHttpRequest request = {
        .method = "POST",
        .url = hib_arena_printf(j->arena, "%s/practice/%s", hib_practice_url(j->face), what),
        .content_type = "application/json",
        .body = json,
        .n_body = strlen(json)};
    HibHttpReply reply;
    g_assert_true(hib_http_do(j->http, j->arena, &request, &reply, NULL));
    g_assert_cmpint(reply.status, ==, 200);
    return reply.body;
}

/* --- one post on its way ------------------------------------------------------------------------------------------------------- */
typedef struct {
    bool is_out; /* published, or found */
    bool was_read_back;
    HibNetResult last; /* what ended it, when it is not out */
    HibNetPublished published;
    int n_steps;   /* steps finished */
    int n_effects; /* effect calls made */
} HibJourneyEnd;

/* Whether it is there; waits for the network's settling time first, and while the network is still at it. */
static inline bool
hib_journey_find(HibJourney *j, HibNetSending *sending, HibJourneyEnd *end)
{
    end->was_read_back = true;
    hib_journey_pass(j, j->network->limits()->settling_ms * HIB_MILLISECOND + HIB_SECOND);
    for (int i = 0; i < 50; i++) {
        bool found = false;
        HibNetResult said = j->network->find(&j->net, &j->grant, sending, &found);
        if (said.class == HIB_NET_OK)
            return found;
        if (said.class == HIB_NET_REFRESH_AUTH)
            g_assert_cmpint(j->network->refresh(&j->net, &j->grant, &j->grant).class, ==,
                            HIB_NET_OK);
        HibInstant now = hib_clock_now(j->clock);
        hib_journey_pass(j, said.retry_at > now ? said.retry_at - now : 10 * HIB_SECOND);
    }
    g_assert_not_reached();
}

/* False: nothing more is to be done. */
static inline bool
hib_journey_answer(HibJourney *j, HibNetSending *sending, HibNetStepKind kind,
                   const HibNetResult *said, HibJourneyEnd *end)
{
    HibInstant now = hib_clock_now(j->clock);
    bool may_be_out = kind != HIB_NET_STEP_PREPARE;
    switch (said->class) {
    case HIB_NET_OK:
        end->n_steps++;
        return !sending->is_done;
    case HIB_NET_WAIT_ASYNC:
        hib_journey_pass(j, said->retry_at > now ? said->retry_at - now : 5 * HIB_SECOND);
        return true;
    case HIB_NET_REFRESH_AUTH: {
        HibNetResult fresh = j->network->refresh
                                 ? j->network->refresh(&j->net, &j->grant, &j->grant)
                                 : (HibNetResult){.class = HIB_NET_REAUTH_HUMAN};
        end->last = fresh;
        return fresh.class == HIB_NET_OK;
    }
    case HIB_NET_NEW_HANDLE:
        sending->handle = j->network->new_handle(&j->net);
        sending->progress = "{}";
        return true;
    case HIB_NET_RETRY_SAME:
    case HIB_NET_RETRY_AFTER:
    case HIB_NET_QUOTA:
        if (kind != HIB_NET_STEP_CONFIRM) {
            hib_journey_pass(j, said->retry_at > now ? said->retry_at - now + HIB_SECOND
                                                     : 5 * HIB_SECOND);
            return true;
        }
        break;
    case HIB_NET_RECONCILE:
        break;
    case HIB_NET_REAUTH_HUMAN: /* accepted already: looked for once the person has reconnected */
        if (kind == HIB_NET_STEP_CONFIRM)
            break;
        return false;
    default:
        return false;
    }
    if (!may_be_out)
        return true;
    end->is_out = hib_journey_find(j, sending, end);
    return !end->is_out;
}

/* Sends `post`; at the step number `at` (from 0) the fault hits the next call. */
static inline HibJourneyEnd
hib_journey_send(HibJourney *j, const HibNetPost *post, HibFault fault, int at)
{
    HibJourneyEnd end = {0};
    HibNetSending sending = {
        .handle = j->network->new_handle(&j->net), .progress = "{}", .post = post};
    bool is_set = false;
    for (int i = 0; i < 300; i++) {
        HibNetStep step = j->network->next_step(&sending);
        if (fault != HIB_FAULT_NONE && end.n_steps == at && !is_set) {
            hib_practice_fault(j->face, &(HibPracticeFault){.fault = fault, .times = 1, .ms = 100});
            is_set = true;
        }
        if (step.kind == HIB_NET_STEP_EFFECT) {
            end.n_effects++;
            sending.sent_at = sending.sent_at ? sending.sent_at : hib_clock_now(j->clock);
        }
        end.last = j->network->run_step(&j->net, &j->grant, &sending);
        if (!hib_journey_answer(j, &sending, step.kind, &end.last, &end))
            break;
    }
    hib_practice_fault(j->face, &(HibPracticeFault){.fault = HIB_FAULT_NONE});
    end.is_out = end.is_out || sending.is_done;
    end.published = sending.published;
    return end;
}

/* For every step × every fault: out once, or not at all with a reason. `make` gives a post with `text`; `n_steps`: of a send that meets no fault. */
typedef HibNetPost (*HibJourneyMake)(HibJourney *j, const char *text);
static inline void
hib_journey_faults(HibJourney *j, const char *what, HibJourneyMake make)
{
    static const HibFault faults[] = {
        HIB_FAULT_RATE_LIMITED,      HIB_FAULT_ERROR,
        HIB_FAULT_ERROR_AFTER,       HIB_FAULT_CUT_BEFORE,
        HIB_FAULT_CUT_AFTER,         HIB_FAULT_EXPIRED_TOKEN,
        HIB_FAULT_REFUSED,           HIB_FAULT_QUOTA,
        HIB_FAULT_NONSENSE,          HIB_FAULT_SLOW,
        HIB_FAULT_PROCESSING_FAILED,
    };
    HibNetPost plain = make(j, hib_arena_printf(j->arena, "%s:ふつうに", what));
    HibJourneyEnd usual = hib_journey_send(j, &plain, HIB_FAULT_NONE, 0);
    if (!usual.is_out)
        g_test_message("%s: %s %d %s %s", what, hib_net_class_name(usual.last.class),
                       usual.last.http_status, usual.last.code, usual.last.message);
    g_assert_true(usual.is_out);
    for (int at = 0; at < usual.n_steps; at++)
        for (size_t f = 0; f < G_N_ELEMENTS(faults); f++) {
            const char *text = hib_arena_printf(j->arena, "%s:%d番目の手順で%s", what, at,
                                                hib_fault_name(faults[f]));
            HibNetPost post = make(j, text);
            HibJourneyEnd end = hib_journey_send(j, &post, faults[f], at);
            int64_t n_there = hib_practice_count_text(j->face, j->seen ? j->seen(&post) : text);
            g_test_message("%s step %d %s: %s after %s %s, %d there", what, at,
                           hib_fault_name(faults[f]), end.is_out ? "out" : "not out",
                           hib_net_class_name(end.last.class), end.last.code, (int)n_there);
            g_assert_cmpint(n_there, ==, end.is_out); /* never twice, never silent */
            bool may_fail = faults[f] == HIB_FAULT_REFUSED ||
                            faults[f] == HIB_FAULT_PROCESSING_FAILED ||
                            end.last.class == HIB_NET_REAUTH_HUMAN || /* no refresh here */
                            end.last.class == HIB_NET_FATAL;
            g_assert_true(end.is_out || may_fail); /* never lost */
            if (!end.is_out)
                g_assert_true(*end.last.code || *end.last.message || end.last.http_status);
        }
    HibPracticeCounts counts;
    hib_practice_counts(j->face, NULL, &counts);
    g_assert_cmpint(counts.n_twice_text, ==, 0);
}

/* Hides what somebody said, twice, and shows it again; what is none of the network's is refused. */
static inline void
hib_journey_hide(HibJourney *j, const char *remote_id)
{
    static const bool wanted[] = {true, true, false};
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
        g_assert_cmpint(j->network->hide(&j->net, &j->grant, remote_id, wanted[i]).class, ==,
                        HIB_NET_OK);
    g_assert_cmpint(j->network->hide(&j->net, &j->grant, "no id of this network", true).class, ==,
                    HIB_NET_FATAL);
}
