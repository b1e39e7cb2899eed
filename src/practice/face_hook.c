/* The queue of webhooks and the thread that sends them. See face_hook.h. */
#include "practice/face_hook.h"
#include "practice/face_private.h"

#include <string.h>

#define MOST_WAITING 10000 /* beyond it the oldest are given up: nobody listens */

static const int again_after_ms[] = {1000, 5000, 30000};

typedef struct {
    char *url, *body, *content_type;
    GStrv headers;
    int n_tried;
    int64_t due_us;
} Event;

struct FaceHooks {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    GQueue events;  /* Event, the next one first */
    Event *swapped; /* waits until another one has been queued */
    Event *sending;
    bool is_over;
    HibHttp *http;
    GThread *thread;
    HibPracticeFace *face;
};

static void
event_free(void *data)
{
    Event *event = data;
    g_free(event->url);
    g_free(event->body);
    g_free(event->content_type);
    g_strfreev(event->headers);
    g_free(event);
}

/* The first event whose time has come, taken out; else when to look again. */
static Event *
take_due(struct FaceHooks *hooks, int64_t now_us, int64_t *ret_next_us)
{
    *ret_next_us = INT64_MAX;
    for (GList *at = hooks->events.head; at; at = at->next) {
        Event *event = at->data;
        if (event->due_us <= now_us) {
            g_queue_delete_link(&hooks->events, at);
            return event;
        }
        *ret_next_us = MIN(*ret_next_us, event->due_us);
    }
    return NULL;
}

static bool
deliver(struct FaceHooks *hooks, const Event *event)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibHttpReply reply = {0};
    const HibHttpRequest request = {.method = "POST",
                                    .url = event->url,
                                    .headers = (const char *const *)event->headers,
                                    .content_type = event->content_type,
                                    .body = event->body,
                                    .n_body = strlen(event->body),
                                    .connect_ms = 3000,
                                    .total_ms = 10000};
    return hib_http_do(hooks->http, arena, &request, &reply, NULL) && reply.status >= 200 &&
           reply.status <= 299;
}

static void
count(HibPracticeFace *face, bool is_delivered)
{
    pthread_mutex_lock(&face->lock);
    if (is_delivered)
        face->counts.n_hooks_delivered++;
    else
        face->counts.n_hooks_failed++;
    pthread_mutex_unlock(&face->lock);
}

/* Sends outside the lock; an event that is not answered waits for its next try. */
static void
attempt(struct FaceHooks *hooks, Event *event)
{
    hooks->sending = event;
    pthread_mutex_unlock(&hooks->lock);
    bool is_delivered = deliver(hooks, event);
    bool is_given_up = !is_delivered && event->n_tried == (int)G_N_ELEMENTS(again_after_ms);
    if (is_delivered || is_given_up)
        count(hooks->face, is_delivered);
    pthread_mutex_lock(&hooks->lock);
    hooks->sending = NULL;
    if (is_delivered || is_given_up) {
        event_free(event);
    } else {
        event->due_us = hib_monotonic_us() + again_after_ms[event->n_tried++] * INT64_C(1000);
        g_queue_push_tail(&hooks->events, event);
    }
    pthread_cond_broadcast(&hooks->changed);
}

static void
wait_until(struct FaceHooks *hooks, int64_t at_us)
{
    const struct timespec at = {.tv_sec = at_us / 1000000, .tv_nsec = at_us % 1000000 * 1000};
    if (at_us == INT64_MAX)
        pthread_cond_wait(&hooks->changed, &hooks->lock);
    else
        pthread_cond_timedwait(&hooks->changed, &hooks->lock, &at);
}

static void *
run(void *data)
{
    struct FaceHooks *hooks = data;
    pthread_mutex_lock(&hooks->lock);
    while (!hooks->is_over) {
        int64_t next_us = 0;
        Event *event = take_due(hooks, hib_monotonic_us(), &next_us);
        if (event)
            attempt(hooks, event);
        else
            wait_until(hooks, next_us);
    }
    pthread_mutex_unlock(&hooks->lock);
    return NULL;
}

void
hib_face_hooks_open(HibPracticeFace *face)
{
    struct FaceHooks *hooks = g_new0(struct FaceHooks, 1);
    pthread_mutex_init(&hooks->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&hooks->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    hooks->http = hib_http_new();
    hooks->face = face;
    face->hooks = hooks;
}

void
hib_face_hooks_close(HibPracticeFace *face)
{
    struct FaceHooks *hooks = face->hooks;
    pthread_mutex_lock(&hooks->lock);
    hooks->is_over = true;
    pthread_cond_broadcast(&hooks->changed);
    pthread_mutex_unlock(&hooks->lock);
    if (hooks->thread)
        g_thread_join(hooks->thread);
    g_queue_clear_full(&hooks->events, event_free);
    if (hooks->swapped)
        event_free(hooks->swapped);
    hib_http_free(hooks->http);
    pthread_mutex_destroy(&hooks->lock);
    pthread_cond_destroy(&hooks->changed);
    g_free(hooks);
}

static Event *
event_new(const HibPracticeHook *hook, const char *url)
{
    Event *event = g_new0(Event, 1);
    event->url = g_strdup(url);
    event->body = g_strdup(hook->body);
    event->content_type = g_strdup(hook->content_type ? hook->content_type : "application/json");
    event->headers = g_strdupv((char **)(uintptr_t)hook->headers);
    return event;
}

void
hib_practice_hook(HibPracticeFace *face, const HibPracticeHook *hook)
{
    struct FaceHooks *hooks = face->hooks;
    pthread_mutex_lock(&face->lock);
    const char *url = hook->url ? hook->url : face->hook_url;
    bool is_twice = false, is_swapped = false;
    if (url) {
        is_twice = hib_face_fault_hooks(face, HIB_FAULT_HOOK_TWICE);
        is_swapped = hib_face_fault_hooks(face, HIB_FAULT_HOOK_SWAPPED);
        face->counts.n_hooks++;
        pthread_mutex_lock(&hooks->lock);
        Event *event = event_new(hook, url);
        if (is_twice)
            g_queue_push_tail(&hooks->events, event_new(hook, url));
        if (is_swapped && !hooks->swapped) {
            hooks->swapped = event;
        } else {
            g_queue_push_tail(&hooks->events, event);
            if (hooks->swapped)
                g_queue_push_tail(&hooks->events, g_steal_pointer(&hooks->swapped));
        }
        while (hooks->events.length > MOST_WAITING) {
            event_free(g_queue_pop_head(&hooks->events));
            face->counts.n_hooks_failed++;
        }
        if (!hooks->thread)
            hooks->thread = g_thread_new("face-hooks", run, hooks);
        pthread_cond_broadcast(&hooks->changed);
        pthread_mutex_unlock(&hooks->lock);
    }
    pthread_mutex_unlock(&face->lock);
}

bool
hib_practice_hooks_settle(HibPracticeFace *face, int ms)
{
    struct FaceHooks *hooks = face->hooks;
    int64_t end_us = hib_monotonic_us() + ms * INT64_C(1000);
    pthread_mutex_lock(&hooks->lock);
    if (hooks->swapped) /* nothing follows it any more */
        g_queue_push_tail(&hooks->events, g_steal_pointer(&hooks->swapped));
    pthread_cond_broadcast(&hooks->changed);
    while ((hooks->events.length > 0 || hooks->sending) && hib_monotonic_us() < end_us)
        wait_until(hooks, end_us);
    bool is_settled = hooks->events.length == 0 && !hooks->sending;
    pthread_mutex_unlock(&hooks->lock);
    return is_settled;
}

void
hib_practice_hook_url(HibPracticeFace *face, const char *url)
{
    pthread_mutex_lock(&face->lock);
    g_free(face->hook_url);
    face->hook_url = url && *url ? g_strdup(url) : NULL;
    cJSON *line = cJSON_CreateObject();
    cJSON_AddStringToObject(line, "url", url ? url : "");
    hib_face_note(face, "hook", line);
    pthread_mutex_unlock(&face->lock);
}

const char *
hib_practice_hook_url_of(HibPracticeFace *face, HibArena *arena)
{
    pthread_mutex_lock(&face->lock);
    const char *url = hib_arena_strdup(arena, face->hook_url);
    pthread_mutex_unlock(&face->lock);
    return url;
}

bool
hib_practice_hook_ask(HibPracticeFace *face, HibArena *arena, const HibHttpRequest *request,
                      HibHttpReply *ret)
{
    HibHttpRequest short_of_time = *request;
    short_of_time.connect_ms = 2000;
    short_of_time.total_ms = 5000;
    return hib_http_do(face->hooks->http, arena, &short_of_time, ret, NULL);
}

/* --- signatures ------------------------------------------------------------------------------------------- */
char *
hib_practice_hmac_hex(HibArena *arena, const char *key, const void *data, size_t n)
{
    g_autofree char *hex =
        g_compute_hmac_for_data(G_CHECKSUM_SHA256, (const guchar *)key, strlen(key), data, n);
    return hib_arena_strdup(arena, hex);
}

char *
hib_practice_hmac_base64(HibArena *arena, const char *key, const void *data, size_t n)
{
    uint8_t sum[32];
    gsize n_sum = sizeof sum;
    g_autoptr(GHmac) hmac = g_hmac_new(G_CHECKSUM_SHA256, (const guchar *)key, strlen(key));
    g_hmac_update(hmac, data, (gssize)n);
    g_hmac_get_digest(hmac, sum, &n_sum);
    g_autofree char *text = g_base64_encode(sum, n_sum);
    return hib_arena_strdup(arena, text);
}
