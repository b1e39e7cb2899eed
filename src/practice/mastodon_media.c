/* Mastodon's face: attachments. A video is processed for a while; what is not ready cannot be attached. */
#include "practice/mastodon_private.h"

#define PROCESSING (3 * HIB_SECOND)

cJSON *
hib_masto_face_medium_json(const char *id, const MastodonMedium *medium, bool is_ready)
{
    cJSON *out = cJSON_CreateObject();
    bool is_video = g_str_has_prefix(medium->mime, "video/");
    cJSON_AddStringToObject(out, "id", id);
    cJSON_AddStringToObject(out, "type",
                            is_video                                 ? "video"
                            : g_str_equal(medium->mime, "image/gif") ? "gifv"
                                                                     : "image");
    if (is_ready)
        cJSON_AddStringToObject(out, "url", "https://files.practice.invalid/original");
    else
        cJSON_AddNullToObject(out, "url");
    cJSON_AddStringToObject(out, "preview_url", "https://files.practice.invalid/small");
    cJSON_AddStringToObject(out, "description", medium->description ? medium->description : "");
    return out;
}

void
hib_masto_face_upload_media(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_masto_face_caller(call, "write:media");
    const HibPracticePart *file = hib_practice_part(call, "file");
    Mastodon *state = hib_practice_state(call->face);
    if (!account || !hib_practice_take(call, HIB_REFUSE_RATE,
                                       hib_arena_printf(call->arena, "media %s", account->id), 30,
                                       30 * HIB_MINUTE, 1))
        return;
    bool is_image = file && g_str_has_prefix(file->mime, "image/"),
         is_video = file && g_str_has_prefix(file->mime, "video/");
    if (!is_image && !is_video) {
        hib_practice_refuse(call, HIB_REFUSE_BAD_REQUEST, "%s",
                            "Validation failed: File content type is invalid, File is invalid");
        return;
    }
    if (file->size > (is_image ? MASTODON_IMAGE_BYTES : MASTODON_VIDEO_BYTES)) {
        hib_practice_refuse(call, HIB_REFUSE_BAD_REQUEST, "%s",
                            "Validation failed: File file size must be less than the limit");
        return;
    }
    MastodonMedium *medium = g_new0(MastodonMedium, 1);
    const char *id = hib_practice_id(call);
    HibInstant now = hib_practice_now(call->face);
    *medium = (MastodonMedium){.account = g_strdup(account->id),
                               .mime = g_strdup(file->mime),
                               .description = g_strdup(hib_practice_form(call, "description")),
                               .sha256 = g_strdup(file->sha256)};
    medium->ready_at = hib_practice_ready_at(call, is_video ? PROCESSING : 0, &medium->fails);
    g_hash_table_replace(state->media, g_strdup(id), medium);
    bool is_ready = medium->ready_at <= now && !medium->fails;
    hib_practice_json(call, is_ready ? 200 : 202, hib_masto_face_medium_json(id, medium, is_ready));
}

MastodonMedium *
hib_masto_face_own_medium(HibPracticeCall *call, const HibPracticeAccount *account, const char *id)
{
    const Mastodon *state = hib_practice_state(call->face);
    MastodonMedium *medium = g_hash_table_lookup(state->media, id);
    return medium && g_str_equal(medium->account, account->id) ? medium : NULL;
}

void
hib_masto_face_show_media(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_masto_face_caller(call, "write:media");
    const char *id = hib_practice_param(call, "id");
    MastodonMedium *medium = account ? hib_masto_face_own_medium(call, account, id) : NULL;
    if (!account)
        return;
    if (!medium) {
        hib_practice_refuse(call, HIB_REFUSE_NO_ROUTE, "%s", "no such media");
        return;
    }
    const char *description =
        g_str_equal(call->verb, "PUT") ? hib_practice_field(call, "description") : NULL;
    if (description) {
        g_free(medium->description);
        medium->description = g_strdup(description);
    }
    bool is_ready = medium->ready_at <= hib_practice_now(call->face);
    if (is_ready && medium->fails)
        hib_practice_refuse(call, HIB_REFUSE_BAD_REQUEST, "%s",
                            "Error processing thumbnail for uploaded media");
    else
        hib_practice_json(call, is_ready ? 200 : 206,
                          hib_masto_face_medium_json(id, medium, is_ready));
}
