/* What the audience does, told to the network while it happens: a thread lets it live every half second, and what was heard is told
 * under the face's lock, as calls are answered. */
#include "practice/face_posts.h"
#include "practice/face_private.h"

#define EVERY_US 500000
#define MOST_HEARD                                                                                 \
    20000 /* between two ticks, when time runs fast; beyond it nobody could follow anyway */

struct FaceTick {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool is_over;
    GThread *thread;
    HibPracticeFace *face;
};

static void
hear(const HibCrowdEvent *event, void *data)
{
    FaceAccountRow *account = data;
    if (event->kind != HIB_CROWD_VIEW && event->at >= account->heard_from &&
        account->heard->len < MOST_HEARD)
        g_array_append_val(account->heard, *event);
}

static void
tell(HibPracticeFace *face, const FaceAccountRow *account, const HibCrowdEvent *event)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibComment *comment = NULL;
    const FacePostRow *row = g_hash_table_lookup(face->by_key, &event->key);
    HibPracticeHappening what = {.kind = event->kind,
                                 .at = event->at,
                                 .account = &account->about,
                                 .post = row ? &row->post : NULL};
    if (event->kind == HIB_CROWD_COMMENT &&
        hib_crowd_comments(account->crowd, event->key, event->at, event->n, 1, arena, &comment) ==
            1) {
        what.comment = comment;
        what.handle = comment->handle;
        what.name = comment->name;
    } else {
        hib_crowd_who(arena, event->who, &what.handle, &what.name);
    }
    face->network->happened(face, &what);
}

void
hib_practice_tick(HibPracticeFace *face)
{
    pthread_mutex_lock(&face->lock);
    for (size_t i = 0; i < face->n_accounts; i++) {
        FaceAccountRow *account = &face->accounts[i];
        hib_crowd_advance(account->crowd, hib_practice_now(face));
        if (!account->heard || account->heard->len == 0)
            continue;
        g_autoptr(GArray) heard = account->heard;
        account->heard = g_array_new(FALSE, FALSE, sizeof(HibCrowdEvent));
        for (guint e = 0; e < heard->len; e++)
            tell(face, account, &g_array_index(heard, HibCrowdEvent, e));
    }
    pthread_mutex_unlock(&face->lock);
}

static void *
run(void *data)
{
    struct FaceTick *tick = data;
    pthread_mutex_lock(&tick->lock);
    while (!tick->is_over) {
        pthread_mutex_unlock(&tick->lock);
        hib_practice_tick(tick->face);
        pthread_mutex_lock(&tick->lock);
        int64_t at_us = hib_monotonic_us() + EVERY_US;
        const struct timespec at = {.tv_sec = at_us / 1000000, .tv_nsec = at_us % 1000000 * 1000};
        if (!tick->is_over)
            pthread_cond_timedwait(&tick->changed, &tick->lock, &at);
    }
    pthread_mutex_unlock(&tick->lock);
    return NULL;
}

void
hib_face_tick_start(HibPracticeFace *face)
{
    if (!face->network->happened)
        return;
    for (size_t i = 0; i < face->n_accounts; i++) {
        FaceAccountRow *account = &face->accounts[i];
        account->heard = g_array_new(FALSE, FALSE, sizeof(HibCrowdEvent));
        account->heard_from = hib_practice_now(face);
        hib_crowd_hear(account->crowd, hear, account);
    }
    struct FaceTick *tick = face->tick = g_new0(struct FaceTick, 1);
    tick->face = face;
    pthread_mutex_init(&tick->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&tick->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    tick->thread = g_thread_new("face-tick", run, tick);
}

void
hib_face_tick_stop(HibPracticeFace *face)
{
    struct FaceTick *tick = face->tick;
    if (!tick)
        return;
    pthread_mutex_lock(&tick->lock);
    tick->is_over = true;
    pthread_cond_signal(&tick->changed);
    pthread_mutex_unlock(&tick->lock);
    g_thread_join(tick->thread);
    pthread_mutex_destroy(&tick->lock);
    pthread_cond_destroy(&tick->changed);
    g_free(tick);
}
