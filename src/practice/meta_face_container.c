/* What the Graph fetches or is sent, processes for a while, and publishes once: containers of Instagram and Threads, uploads of videos. */
#include "practice/face_hook.h"
#include "practice/meta_face_private.h"
#include <string.h>

#define CONTAINER_LIFE HIB_DAY

/* --- fetching -------------------------------------------------------------------------------------------------------------------- */
static bool
is_loopback(const char *url)
{
    return g_str_has_prefix(url, "http://127.0.0.1:") || g_str_has_prefix(url, "http://127.0.0.1/");
}

/* The face stands still while it asks, so it never asks itself. */
bool
hib_meta_face_fetch(HibPracticeCall *call, const char *url, const char **ret_mime)
{
    const char *const headers[] = {"Range: bytes=0-1023", NULL};
    HibHttpReply reply;
    *ret_mime = NULL;
    if (!url || strlen(url) > 4096 || g_str_has_prefix(url, hib_practice_url(call->face)))
        return false;
    if (!is_loopback(url))
        return g_str_has_prefix(url, "https://");
    const HibHttpRequest request = {.method = "GET", .url = url, .headers = headers};
    if (!hib_practice_hook_ask(call->face, call->arena, &request, &reply) ||
        (reply.status != 200 && reply.status != 206))
        return false;
    *ret_mime = reply.content_type;
    return true;
}

/* --- containers ------------------------------------------------------------------------------------------------------------------- */
const char *
hib_meta_face_container_new(HibPracticeCall *call, const HibPracticeAccount *account, cJSON *facts,
                            HibDuration usual)
{
    const char *id = hib_practice_id(call);
    bool fails;
    HibInstant ready = hib_practice_ready_at(call, usual, &fails);
    hib_meta_face_set(facts, "account", account->id);
    hib_meta_face_set_int(facts, "made_at", hib_practice_now(call->face));
    hib_meta_face_set_int(facts, "ready_at", ready);
    hib_meta_face_set_int(facts, "fails", fails);
    hib_meta_face_keep(call->face, "container", id, facts);
    return id;
}

cJSON *
hib_meta_face_container(HibPracticeCall *call, const HibPracticeAccount *account, const char *id)
{
    cJSON *kept = id ? hib_meta_face_kept(call->face, "container", id) : NULL;
    return kept && g_strcmp0(hib_meta_face_text(kept, "account"), account->id) == 0 ? kept : NULL;
}

const char *
hib_meta_face_container_status(HibPracticeFace *face, const cJSON *container)
{
    HibInstant now = hib_practice_now(face);
    bool is_waiting =
        hib_meta_face_int(container, "resumable") && !hib_meta_face_int(container, "uploaded");
    if (hib_meta_face_text(container, "media"))
        return "PUBLISHED";
    if (now - hib_meta_face_int(container, "made_at") > CONTAINER_LIFE)
        return "EXPIRED";
    if (is_waiting || now < hib_meta_face_int(container, "ready_at"))
        return "IN_PROGRESS";
    return hib_meta_face_int(container, "fails") ? "ERROR" : "FINISHED";
}

static const char *
wrong_child(HibPracticeCall *call, const HibPracticeAccount *account, const cJSON *ids)
{
    const cJSON *id;
    cJSON_ArrayForEach(id, ids)
    {
        const cJSON *child =
            hib_meta_face_container(call, account, cJSON_IsString(id) ? id->valuestring : NULL);
        if (!child || !hib_meta_face_int(child, "is_item"))
            return "is no carousel item of this account";
        if (!g_str_equal(hib_meta_face_container_status(call->face, child), "FINISHED"))
            return "is not ready";
    }
    return NULL;
}

bool
hib_meta_face_children(HibPracticeCall *call, const HibPracticeAccount *account, int most,
                       cJSON **ret)
{
    g_auto(GStrv) ids = hib_meta_face_words(call, "children");
    *ret = cJSON_CreateStringArray((const char *const *)ids, (int)g_strv_length(ids));
    int n = cJSON_GetArraySize(*ret);
    const char *wrong = n >= 2 && n <= most ? wrong_child(call, account, *ret) : NULL;
    if (n >= 2 && n <= most && !wrong)
        return true;
    cJSON_Delete(*ret);
    if (wrong)
        hib_meta_face_error(call,
                            &(MetaError){.code = 9007,
                                         .subcode = 2207027,
                                         .message = "Media ID is not available",
                                         .title = "The media is not ready for publishing",
                                         .user_message = "The media is not ready for publishing, "
                                                         "please wait for a moment"});
    else
        hib_meta_face_error(call, &(MetaError){.code = 100,
                                               .subcode = 2207028,
                                               .message = "Invalid number of children",
                                               .title = "Invalid carousel",
                                               .user_message = hib_arena_printf(
                                                   call->arena,
                                                   "Your post won't work as a carousel. Carousels "
                                                   "need at least 2 and no more than %d items.",
                                                   most)});
    return false;
}

void
hib_meta_face_container_published(HibPracticeCall *call, const char *id, const char *media)
{
    cJSON *container = hib_meta_face_kept(call->face, "container", id);
    hib_meta_face_set(container, "media", media);
    hib_meta_face_keep(call->face, "container", id, container);
}

/* --- the upload server -------------------------------------------------------------------------------------------------------------- */
static void
refuse_upload(HibPracticeCall *call, const char *type, const char *message, bool is_retriable)
{
    cJSON *out = cJSON_CreateObject(), *in = cJSON_AddObjectToObject(out, "debug_info");
    cJSON_AddBoolToObject(in, "retriable", is_retriable);
    cJSON_AddStringToObject(in, "type", type);
    cJSON_AddStringToObject(in, "message", message);
    hib_practice_json(call, 400, out);
}

static int64_t
number_in(const HibPracticeCall *call, const char *name)
{
    const char *text = hib_practice_header_in(call, name);
    return text && g_ascii_isdigit(*text) ? g_ascii_strtoll(text, NULL, 10) : -1;
}

/* The offset goes on where the last byte arrived; the whole is processed when all are there. */
static void
take_bytes(HibPracticeCall *call, const char *kind, const char *id, cJSON *upload)
{
    int64_t offset = number_in(call, "offset"), size = number_in(call, "file_size");
    int64_t received = hib_meta_face_int(upload, "received");
    bool fails;
    if (size <= 0 || offset != received || offset + call->body.size > size) {
        refuse_upload(call, "OffsetInvalidError",
                      hib_arena_printf(call->arena, "the upload goes on at %d", (int)received),
                      true);
        return;
    }
    received += call->body.size;
    hib_meta_face_set_int(upload, "size", size);
    hib_meta_face_set_int(upload, "received", received);
    if (received == size) {
        hib_meta_face_set_int(upload, "uploaded", 1);
        hib_meta_face_set(upload, "sha256", call->body.sha256);
        hib_meta_face_set_int(upload, "ready_at",
                              hib_practice_ready_at(call, META_PROCESSING, &fails));
        hib_meta_face_set_int(upload, "fails", fails);
    }
    hib_meta_face_keep(call->face, kind, id, upload);
    hib_meta_face_success(call);
}

void
hib_meta_face_upload(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_practice_bearer(call, NULL);
    const char *id = hib_practice_param(call, "id");
    const char *const kinds[] = {"container", "video"};
    if (!account)
        return;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        cJSON *upload = hib_meta_face_kept(call->face, kinds[i], id);
        if (!upload || g_strcmp0(hib_meta_face_text(upload, "account"), account->id) != 0 ||
            !hib_meta_face_int(upload, "resumable"))
            continue;
        if (hib_meta_face_int(upload, "uploaded"))
            refuse_upload(call, "DuplicateUploadError", "the upload is complete", false);
        else
            take_bytes(call, kinds[i], id, upload);
        return;
    }
    refuse_upload(call, "PartialRequestError", "there is no such upload", false);
}
