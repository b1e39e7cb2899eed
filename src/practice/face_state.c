/* A face's own memory: accounts, clock, ids. */
#include "practice/face_oauth_private.h"
#include "practice/face_private.h"

#include <string.h>

static FaceAccountRow
account_row(const HibPracticeNetwork *network, HibArena *arena, size_t i, HibPracticeAccount about)
{
    if (network->account)
        network->account(arena, i, &about);
    return (FaceAccountRow){
        .about = {.id = g_strdup(about.id),
                  .handle = g_strdup(about.handle),
                  .name = g_strdup(about.name ? about.name : about.handle),
                  .password = g_strdup(about.password ? about.password : ""),
                  .followers = about.followers},
        .posts = hib_face_tree_new(),
    };
}

void
hib_face_crowds_open(HibPracticeFace *face)
{
    for (size_t i = 0; i < face->n_accounts; i++) {
        FaceAccountRow *row = &face->accounts[i];
        const HibAudience audience = hib_audience_new(face->seed ^ hib_audience_key(row->about.id),
                                                      face->since, row->about.followers);
        hib_crowd_free(row->crowd);
        row->crowd = hib_crowd_new(&audience);
    }
}

HibPracticeFace *
hib_face_new(const HibPracticeNetwork *network, const HibPracticeOptions *options)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibPracticeFace *face = g_new0(HibPracticeFace, 1);
    pthread_mutexattr_t again;
    pthread_mutexattr_init(&again);
    pthread_mutexattr_settype(&again, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&face->lock, &again);
    pthread_mutexattr_destroy(&again);
    face->network = network;
    face->clock = options->clock ? options->clock : hib_clock_real();
    face->has_limits = options->has_limits;
    face->has_control = options->has_control;
    face->seed = options->seed ^ hib_audience_key(network->name);
    face->since = options->since ? options->since : hib_practice_now(face) - 30 * HIB_DAY;
    hib_seeded_init(&face->dice, face->seed);
    hib_face_posts_open(face);
    hib_face_oauth_open(face);
    hib_face_hooks_open(face);
    face->windows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    face->n_accounts = options->n_accounts;
    face->accounts = g_new0(FaceAccountRow, MAX(options->n_accounts, 1));
    for (size_t i = 0; i < options->n_accounts; i++) {
        FaceAccountRow *row = &face->accounts[i];
        *row = account_row(network, arena, i, options->accounts[i]);
    }
    hib_face_crowds_open(face);
    return face;
}

void
hib_face_free(HibPracticeFace *face)
{
    for (size_t i = 0; i < face->n_accounts; i++) {
        FaceAccountRow *row = &face->accounts[i];
        const char *const texts[] = {row->about.id, row->about.handle, row->about.name,
                                     row->about.password};
        for (size_t t = 0; t < G_N_ELEMENTS(texts); t++)
            g_free((char *)(uintptr_t)texts[t]);
        g_tree_destroy(row->posts);
        hib_crowd_free(row->crowd);
        if (row->heard)
            g_array_free(row->heard, TRUE);
    }
    g_free(face->accounts);
    hib_face_posts_close(face);
    hib_face_oauth_close(face);
    g_hash_table_destroy(face->windows);
    hib_face_faults_clear(face);
    if (face->journal)
        fclose(face->journal);
    g_free(face->url);
    g_free(face->hook_url);
    pthread_mutex_destroy(&face->lock);
    g_free(face);
}

FaceAccountRow *
hib_face_account_row(HibPracticeFace *face, const char *id_or_handle)
{
    for (size_t i = 0; id_or_handle && i < face->n_accounts; i++)
        if (!strcmp(face->accounts[i].about.id, id_or_handle) ||
            !g_ascii_strcasecmp(face->accounts[i].about.handle, id_or_handle))
            return &face->accounts[i];
    return NULL;
}

const HibPracticeAccount *
hib_practice_account(HibPracticeFace *face, const char *id_or_handle)
{
    const FaceAccountRow *row = hib_face_account_row(face, id_or_handle); /* never changes */
    return row ? &row->about : NULL;
}

const HibPracticeAccount *
hib_practice_account_at(HibPracticeFace *face, size_t i)
{
    return i < face->n_accounts ? &face->accounts[i].about : NULL;
}

void
hib_practice_acts_for(HibPracticeCall *call, const HibPracticeAccount *account)
{
    call->inside->acts_for = account;
}

void *
hib_practice_state(HibPracticeFace *face)
{
    return face->state;
}

HibInstant
hib_practice_now(HibPracticeFace *face)
{
    return hib_clock_now(face->clock);
}

const char *
hib_practice_url(const HibPracticeFace *face)
{
    return face->url;
}

const HibPracticeNetwork *
hib_practice_network_of(const HibPracticeFace *face)
{
    return face->network;
}

/* Milliseconds since 2020, then a number of the run and one of the millisecond. */
const char *
hib_practice_id(HibPracticeCall *call)
{
    static const HibInstant start = INT64_C(1577836800) * HIB_SECOND;
    HibPracticeFace *face = call->face;
    HibInstant ms = MAX(hib_practice_now(face) - start, 0) / HIB_MILLISECOND;
    if (ms <= face->last_id_at && ++face->n_ids < 1 << 14)
        ms = face->last_id_at;
    else
        face->n_ids = 0;
    face->last_id_at = MAX(ms, face->last_id_at + (face->n_ids == 0));
    ms = face->last_id_at;
    uint64_t id =
        (uint64_t)ms << 22 | ((uint64_t)face->n_opened & 0xff) << 14 | (uint64_t)face->n_ids;
    return hib_arena_printf(call->arena, "%" PRIu64, id);
}
