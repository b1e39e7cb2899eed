/* TikTok's face: publishes, kept over a restart as they stand, and told to the app by webhooks when something became of them. */
#include "practice/face_hook.h"
#include "practice/tiktok_face_private.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t at;
} texts[] =
    {
        {"id", offsetof(TiktokPublish, id)},
        {"account", offsetof(TiktokPublish, account)},
        {"medium", offsetof(TiktokPublish, medium)},
        {"mode", offsetof(TiktokPublish, mode)},
        {"source", offsetof(TiktokPublish, source)},
        {"text", offsetof(TiktokPublish, text)},
        {"title", offsetof(TiktokPublish, title)},
        {"privacy", offsetof(TiktokPublish, privacy)},
        {"upload_token", offsetof(TiktokPublish, upload_token)},
        {"digest", offsetof(TiktokPublish, digest)},
        {"post_id", offsetof(TiktokPublish, post_id)},
        {"fail_reason", offsetof(TiktokPublish, fail_reason)},
},
  numbers[] = {
      {"size", offsetof(TiktokPublish, size)},
      {"chunk", offsetof(TiktokPublish, chunk)},
      {"n_chunks", offsetof(TiktokPublish, n_chunks)},
      {"n_images", offsetof(TiktokPublish, n_images)},
      {"received", offsetof(TiktokPublish, received)},
      {"n_received", offsetof(TiktokPublish, n_received)},
      {"began_at", offsetof(TiktokPublish, began_at)},
      {"ready_at", offsetof(TiktokPublish, ready_at)},
      {"public_at", offsetof(TiktokPublish, public_at)},
      {"n_told", offsetof(TiktokPublish, n_told)},
};

static char **
text_at(TiktokPublish *publish, size_t i)
{
    return (char **)(void *)((char *)publish + texts[i].at);
}

static int64_t *
number_at(TiktokPublish *publish, size_t i)
{
    return (int64_t *)(void *)((char *)publish + numbers[i].at);
}

void
hib_tiktok_face_free(void *publish)
{
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(*text_at(publish, i));
    g_free(publish);
}

TiktokPublish *
hib_tiktok_face_add(HibPracticeFace *face, TiktokPublish *owned)
{
    TiktokState *state = hib_practice_state(face);
    TiktokPublish *before = g_hash_table_lookup(state->publishes, owned->id);
    if (before) { /* read back: the later line counts */
        g_hash_table_remove(state->uploads, before->upload_token);
        g_ptr_array_remove(state->untold, before);
    }
    g_hash_table_replace(state->publishes, owned->id, owned);
    if (*owned->upload_token)
        g_hash_table_replace(state->uploads, owned->upload_token, owned);
    if (owned->n_told >= 0)
        g_ptr_array_add(state->untold, owned);
    return owned;
}

void
hib_tiktok_face_keep(HibPracticeFace *face, const TiktokPublish *publish)
{
    cJSON *line = cJSON_CreateObject();
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        cJSON_AddStringToObject(line, texts[i].name, *text_at((TiktokPublish *)publish, i));
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        cJSON_AddNumberToObject(line, numbers[i].name,
                                (double)*number_at((TiktokPublish *)publish, i));
    hib_practice_note(face, line);
}

bool
hib_tiktok_face_replay(HibPracticeFace *face, HibJson line)
{
    TiktokPublish *publish = g_new0(TiktokPublish, 1);
    bool is_whole = true;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        const char *text = "";
        is_whole = hib_json_text(line, texts[i].name, &text, NULL) && is_whole;
        *text_at(publish, i) = g_strdup(text);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        is_whole = hib_json_int(line, numbers[i].name, number_at(publish, i), NULL) && is_whole;
    if (is_whole)
        hib_tiktok_face_add(face, publish);
    else
        hib_tiktok_face_free(publish);
    return is_whole;
}

/* --- webhooks ------------------------------------------------------------------------------------------------------------ */
void
hib_tiktok_face_send(HibPracticeFace *face, HibArena *arena, const char *event, const char *account,
                     cJSON *content)
{
    int64_t now_s = hib_practice_now(face) / HIB_SECOND;
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "client_key", HIB_PRACTICE_CLIENT_ID);
    cJSON_AddStringToObject(out, "event", event);
    cJSON_AddNumberToObject(out, "create_time", (double)now_s);
    cJSON_AddStringToObject(out, "user_openid", account);
    cJSON_AddStringToObject(out, "content", hib_json_print(arena, content));
    const char *body = hib_json_print(arena, out);
    const char *covered = hib_arena_printf(arena, "%" G_GINT64_FORMAT ".%s", now_s, body);
    const char *headers[] = {
        hib_arena_printf(
            arena, "TikTok-Signature: t=%" G_GINT64_FORMAT ",s=%s", now_s,
            hib_practice_hmac_hex(arena, HIB_PRACTICE_CLIENT_SECRET, covered, strlen(covered))),
        NULL};
    hib_practice_hook(face, &(HibPracticeHook){.body = body, .headers = headers});
}

/* The next thing to tell of it; NULL: nothing yet. */
static const char *
event_of(const TiktokPublish *publish, HibInstant now)
{
    if (!publish->ready_at || now < publish->ready_at)
        return NULL;
    if (*publish->fail_reason)
        return "post.publish.failed";
    if (g_str_equal(publish->mode, "inbox"))
        return "post.publish.inbox_delivered";
    if (publish->n_told == 0)
        return "post.publish.complete";
    return now < publish->public_at ? NULL : "post.publish.publicly_available";
}

static void
tell_one(HibPracticeFace *face, TiktokPublish *publish, const char *event)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    bool is_public = g_str_has_suffix(event, "available"),
         is_complete = g_str_has_suffix(event, "complete");
    cJSON *content = cJSON_CreateObject();
    cJSON_AddStringToObject(content, "publish_id", publish->id);
    if (*publish->fail_reason)
        cJSON_AddStringToObject(content, "reason", publish->fail_reason);
    if (is_public)
        cJSON_AddStringToObject(content, "post_id", publish->post_id);
    cJSON_AddStringToObject(content, "publish_type",
                            g_str_equal(publish->mode, "inbox") ? "INBOX_SHARE" : "DIRECT_PUBLISH");
    hib_tiktok_face_send(face, arena, event, publish->account, content);
    publish->n_told = is_complete && publish->public_at ? 1 : -1; /* -1: all is told */
    hib_tiktok_face_keep(face, publish);
}

void
hib_tiktok_face_tell(HibPracticeFace *face)
{
    TiktokState *state = hib_practice_state(face);
    HibInstant now = hib_practice_now(face);
    for (guint i = 0; i < state->untold->len;) {
        TiktokPublish *publish = state->untold->pdata[i];
        const char *event = event_of(publish, now);
        if (event)
            tell_one(face, publish, event);
        if (publish->n_told < 0)
            g_ptr_array_remove_index(state->untold, i);
        else if (!event)
            i++;
    }
}
