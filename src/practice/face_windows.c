/* Rate windows and quotas: so many in so long, beginning with the first use. */
#include "practice/face_private.h"

static HibPracticeWindow
seen(HibPracticeFace *face, const char *key, int64_t limit, HibDuration length, FaceWindow **ret)
{
    FaceWindow *window = g_hash_table_lookup(face->windows, key);
    HibInstant now = hib_practice_now(face);
    if (window && now >= window->began_at + window->length) {
        g_hash_table_remove(face->windows, key);
        window = NULL;
    }
    *ret = window;
    return (HibPracticeWindow){.limit = limit,
                               .used = window ? window->used : 0,
                               .resets_at = (window ? window->began_at : now) + length,
                               .length = length};
}

static FaceWindow *
begin(HibPracticeFace *face, const char *key, HibInstant at, HibDuration length)
{
    FaceWindow *window = g_new0(FaceWindow, 1);
    *window = (FaceWindow){.began_at = at, .length = length};
    g_hash_table_insert(face->windows, g_strdup(key), window);
    return window;
}

static void
note(HibPracticeFace *face, const char *key, int64_t n, const FaceWindow *window)
{
    cJSON *line = cJSON_CreateObject();
    cJSON_AddStringToObject(line, "key", key);
    cJSON_AddNumberToObject(line, "n", (double)n);
    cJSON_AddNumberToObject(line, "began", (double)window->began_at);
    cJSON_AddNumberToObject(line, "length", (double)window->length);
    hib_face_note(face, "quota", line);
}

void
hib_face_window_replay(HibPracticeFace *face, const char *key, int64_t n, HibInstant began_at,
                       HibDuration length)
{
    FaceWindow *window = g_hash_table_lookup(face->windows, key);
    if (!window || window->began_at != began_at)
        window = begin(face, key, began_at, length);
    window->used += n;
    window->is_quota = true;
}

HibPracticeWindow
hib_practice_window(HibPracticeFace *face, const char *key, int64_t limit, HibDuration length)
{
    FaceWindow *window = NULL;
    pthread_mutex_lock(&face->lock);
    HibPracticeWindow out = seen(face, key, limit, length, &window);
    pthread_mutex_unlock(&face->lock);
    return out;
}

bool
hib_practice_take(HibPracticeCall *call, HibPracticeRefusal why, const char *key, int64_t limit,
                  HibDuration length, int64_t n)
{
    HibPracticeFace *face = call->face;
    FaceWindow *window = NULL;
    HibPracticeWindow now = seen(face, key, limit, length, &window);
    bool is_over = face->has_limits && now.used + n > limit;
    if (!is_over) {
        if (!window)
            window = begin(face, key, hib_practice_now(face), length);
        window->used += n;
        now.used += n;
        window->is_quota = why == HIB_REFUSE_QUOTA;
        if (window->is_quota)
            note(face, key, n, window);
    }
    if (face->has_limits)
        call->rate = now;
    if (is_over)
        hib_practice_refuse(call, why, "%s", key);
    return !is_over;
}

void
hib_practice_give_back(HibPracticeFace *face, const char *key, int64_t n)
{
    pthread_mutex_lock(&face->lock);
    FaceWindow *window = g_hash_table_lookup(face->windows, key);
    if (window) {
        n = MIN(n, window->used);
        window->used -= n;
        if (window->is_quota)
            note(face, key, -n, window);
    }
    pthread_mutex_unlock(&face->lock);
}
