/* For tests of connectors: a medium in memory, and single steps of publishing. */
#pragma once
#include "networks/network.h"
#include <cjson/cJSON.h>
#include <string.h>

typedef struct {
    const char *data;
    int64_t n;
} HibTestBytes;

static inline int64_t
hib_test_read_bytes(void *source, int64_t offset, void *into, size_t n)
{
    const HibTestBytes *bytes = source;
    int64_t most = CLAMP(bytes->n - offset, 0, (int64_t)n);
    memcpy(into, bytes->data + MIN(offset, bytes->n), (size_t)most);
    return most;
}

/* `data` must outlive it. */
static inline HibNetMedia
hib_test_medium(HibArena *arena, const char *mime, const void *data, size_t n)
{
    HibTestBytes *bytes = hib_arena_new0(arena, HibTestBytes);
    *bytes = (HibTestBytes){.data = data, .n = (int64_t)n};
    return (HibNetMedia){.kind = g_str_has_prefix(mime, "video/") ? HIB_NET_VIDEO : HIB_NET_IMAGE,
                         .mime = mime,
                         .alt = "",
                         .sha256 = "",
                         .bytes = (int64_t)n,
                         .read = hib_test_read_bytes,
                         .source = bytes,
                         .cover_ms = -1};
}

/* Where upload references stand in the progress of Bluesky and Mastodon: {"media":[…]}. */
static inline const char *
hib_test_progress(HibArena *arena, const char *const *refs, size_t n)
{
    g_autoptr(GString) out = g_string_new("{\"media\":[");
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(out, "%s%s", i ? "," : "", refs[i]);
    g_string_append(out, "]}");
    return hib_arena_strdup(arena, out->str);
}

/* Uploads one medium; *ret_ref: its reference. */
static inline HibNetResult
hib_test_upload(const HibNetwork *network, const HibNetContext *net, const HibGrant *grant,
                const HibNetMedia *one, const char **ret_ref)
{
    const HibNetPost post = {.text = "", .media = one, .n_media = 1};
    HibNetSending sending = {.handle = "3l2x", .progress = "{}", .post = &post};
    HibNetResult said = network->run_step(net, grant, &sending);
    cJSON *progress = cJSON_Parse(sending.progress);
    const cJSON *refs = cJSON_GetObjectItemCaseSensitive(progress, "media");
    char *text = refs ? cJSON_PrintUnformatted(cJSON_GetArrayItem(refs, 0)) : NULL;
    if (text)
        *ret_ref = hib_arena_strdup(net->arena, text);
    cJSON_free(text);
    cJSON_Delete(progress);
    return said;
}

/* The effect, with what was uploaded before (NULL: nothing). */
static inline HibNetResult
hib_test_publish_post(const HibNetwork *network, const HibNetContext *net, const HibGrant *grant,
                      const char *handle, const HibNetPost *post, const char *const *refs,
                      HibNetPublished *ret)
{
    HibNetSending sending = {.handle = handle,
                             .progress =
                                 hib_test_progress(net->arena, refs, refs ? post->n_media : 0),
                             .post = post};
    HibNetResult said = network->run_step(net, grant, &sending);
    if (sending.is_done)
        *ret = sending.published;
    return said;
}

static inline HibNetResult
hib_test_find(const HibNetwork *network, const HibNetContext *net, const HibGrant *grant,
              const char *handle, const HibNetPost *post, bool *ret_found, HibNetPublished *ret)
{
    HibNetSending sending = {.handle = handle, .progress = "{}", .post = post};
    HibNetResult said = network->find(net, grant, &sending, ret_found);
    if (*ret_found)
        *ret = sending.published;
    return said;
}
