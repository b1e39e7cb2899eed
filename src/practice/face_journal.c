/* A face's memory over a restart: one JSON line a change, read back in order. A last line cut off by a crash is left out; damage
 * anywhere else is said. Lines: post, change, delete, quota, open (the file was opened again), note (the network's own),
 * client, grant, turn, over (face_oauth.c). */
#include "practice/face_oauth_private.h"
#include "practice/face_private.h"

#include <errno.h>
#include <string.h>

void
hib_face_note(HibPracticeFace *face, const char *op, cJSON *owned)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    if (!face->journal || face->is_replaying) {
        cJSON_Delete(owned);
        return;
    }
    cJSON *line = cJSON_CreateObject();
    cJSON_AddStringToObject(line, "op", op);
    cJSON_AddItemToObject(line, "is", owned);
    fprintf(face->journal, "%s\n", hib_json_print(arena, line));
    fflush(face->journal);
}

void
hib_practice_note(HibPracticeFace *face, cJSON *owned)
{
    pthread_mutex_lock(&face->lock);
    hib_face_note(face, "note", owned);
    pthread_mutex_unlock(&face->lock);
}

static void
add_text(cJSON *out, const char *name, const char *text)
{
    if (text)
        cJSON_AddStringToObject(out, name, text);
}

cJSON *
hib_face_post_json(const HibPracticePost *post)
{
    cJSON *out = cJSON_CreateObject();
    add_text(out, "id", post->id);
    add_text(out, "account", post->account);
    add_text(out, "kind", post->kind);
    add_text(out, "text", post->text);
    add_text(out, "parent", post->parent);
    add_text(out, "media", post->media);
    add_text(out, "topic", post->topic);
    add_text(out, "extra", post->extra);
    cJSON_AddNumberToObject(out, "at", (double)post->at);
    cJSON_AddNumberToObject(out, "arrived", (double)post->arrived_at);
    cJSON_AddNumberToObject(out, "images", post->n_images);
    cJSON_AddNumberToObject(out, "length", (double)post->length);
    cJSON_AddBoolToObject(out, "hidden", post->is_hidden);
    return out;
}

static bool
read_post(HibJson in, HibPracticePost *ret)
{
    int64_t images = 0;
    bool is_read = hib_json_text(in, "id", &ret->id, NULL) &&
                   hib_json_text(in, "account", &ret->account, NULL) &&
                   hib_json_text(in, "kind", &ret->kind, NULL) &&
                   hib_json_text(in, "text", &ret->text, NULL) &&
                   hib_json_opt_text(in, "parent", &ret->parent, NULL) &&
                   hib_json_opt_text(in, "media", &ret->media, NULL) &&
                   hib_json_opt_text(in, "topic", &ret->topic, NULL) &&
                   hib_json_opt_text(in, "extra", &ret->extra, NULL) &&
                   hib_json_int(in, "at", &ret->at, NULL) &&
                   hib_json_int(in, "arrived", &ret->arrived_at, NULL) &&
                   hib_json_int(in, "images", &images, NULL) &&
                   hib_json_int(in, "length", &ret->length, NULL) &&
                   hib_json_bool(in, "hidden", &ret->is_hidden, NULL);
    ret->n_images = (int)images;
    return is_read;
}

static bool
replay_quota(HibPracticeFace *face, HibJson in)
{
    const char *key = NULL;
    int64_t n = 0;
    HibInstant began_at = 0;
    HibDuration length = 0;
    if (!hib_json_text(in, "key", &key, NULL) || !hib_json_int(in, "n", &n, NULL) ||
        !hib_json_int(in, "began", &began_at, NULL) || !hib_json_int(in, "length", &length, NULL))
        return false;
    hib_face_window_replay(face, key, n, began_at, length);
    return true;
}

/* The audience lives from the first start's first day on, whenever it is started again. */
static bool
replay_open(HibPracticeFace *face, HibJson in)
{
    HibInstant since = face->since;
    if (!hib_json_int(in, "n", &face->n_opened, NULL) ||
        !hib_json_opt_int(in, "since", &since, NULL))
        return false;
    if (since != face->since && g_hash_table_size(face->posts) == 0) {
        face->since = since;
        hib_face_crowds_open(face);
    }
    return true;
}

static bool
replay(HibPracticeFace *face, HibArena *arena, const char *text, size_t n)
{
    HibJson line = {0};
    HibJson in = {0};
    const char *op = NULL;
    const char *id = NULL;
    HibPracticePost post = {0};
    HibInstant at = 0;
    if (!hib_json_parse(arena, text, n, &line, NULL) || !hib_json_text(line, "op", &op, NULL) ||
        !hib_json_object(line, "is", &in, NULL))
        return false;
    if (!strcmp(op, "open"))
        return replay_open(face, in);
    if (!strcmp(op, "quota"))
        return replay_quota(face, in);
    if (!strcmp(op, "hook")) {
        if (!hib_json_text(in, "url", &id, NULL))
            return false;
        g_free(face->hook_url);
        face->hook_url = *id ? g_strdup(id) : NULL;
        return true;
    }
    if (!strcmp(op, "note"))
        return !face->network->replay || face->network->replay(face, in);
    if (!strcmp(op, "delete")) {
        if (!hib_json_text(in, "id", &id, NULL) || !hib_json_int(in, "at", &at, NULL))
            return false;
        (void)hib_face_post_delete(face, id, at); /* of an account no longer played: nothing */
        return true;
    }
    if (strcmp(op, "post") != 0 && strcmp(op, "change") != 0)
        return hib_face_oauth_replay(face, op, in);
    if (!read_post(in, &post))
        return false;
    if (!strcmp(op, "change"))
        (void)hib_practice_post_change(face, &post);
    else
        (void)hib_practice_post_add(face, &post);
    return true;
}

static bool
read_back(HibPracticeFace *face, const char *all, size_t n, size_t *ret_good, GError **error)
{
    size_t at = 0;
    while (at < n) {
        const char *end = memchr(all + at, '\n', n - at);
        if (!end)
            break; /* the process died while it wrote this line */
        g_autoptr(HibArena) arena = hib_arena_new();
        size_t length = (size_t)(end - (all + at));
        if (!replay(face, arena, all + at, length)) {
            hib_error_set(error, HIB_ERROR_CORRUPT, "practice.journal_damaged",
                          "the journal does not read at byte %zu", at);
            return false;
        }
        at += length + 1;
    }
    *ret_good = at;
    return true;
}

/* What was read back is not what happened in this run. */
static void
reset_counts(HibPracticeFace *face)
{
    face->counts = (HibPracticeCounts){.n_live = face->counts.n_live};
    for (size_t i = 0; i < face->n_accounts; i++)
        face->accounts[i].counts = (HibPracticeCounts){.n_live = face->accounts[i].counts.n_live};
}

static bool
open_journal(HibPracticeFace *face, const char *path, GError **error)
{
    g_autofree char *all = NULL;
    gsize n = 0;
    size_t good = 0;
    face->is_replaying = true;
    if (g_file_get_contents(path, &all, &n, NULL) && !read_back(face, all, n, &good, error))
        return false;
    face->is_replaying = false;
    reset_counts(face);
    if (good < n && !g_file_set_contents_full(path, all, (gssize)good,
                                              G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL)) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "practice.journal_unwritable", "cannot mend %s",
                      path);
        return false;
    }
    face->journal = fopen(path, "ae");
    if (!face->journal)
        hib_error_set(error, HIB_ERROR_INTERNAL, "practice.journal_unwritable",
                      "cannot write %s: %s", path, g_strerror(errno));
    return face->journal != NULL;
}

bool
hib_face_notes_open(HibPracticeFace *face, const char *path, GError **error)
{
    if (!open_journal(face, path, error)) {
        if (error && *error)
            hib_error_set_detail(*error, "path", path);
        return false;
    }
    cJSON *line = cJSON_CreateObject();
    cJSON_AddNumberToObject(line, "n", (double)++face->n_opened);
    cJSON_AddNumberToObject(line, "since", (double)face->since);
    hib_face_note(face, "open", line);
    return true;
}
