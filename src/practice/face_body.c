/* What comes in with a call: the body is counted and hashed whole and kept at its head only, so that a film of 64 MiB costs one; forms
 * are taken apart on the way by libmicrohttpd's reader. */
#include "practice/face_private.h"

#include <string.h>

#define KEPT_TEXT (8 * 1024 * 1024)
#define MAX_PARTS 256
#define FORM_BUFFER (64 * 1024)

struct FacePartIn {
    char *name, *file_name, *mime;
    GString *head;
    int64_t size;
    size_t keep;
    GChecksum *sum;
};

static FacePartIn *
part_new(const char *name, const char *file_name, const char *mime, size_t keep)
{
    FacePartIn *part = g_new0(FacePartIn, 1);
    part->name = g_strdup(name ? name : "");
    part->file_name = g_strdup(file_name ? file_name : "");
    part->mime = g_strdup(mime ? mime : "");
    part->head = g_string_new(NULL);
    part->keep = keep;
    part->sum = g_checksum_new(G_CHECKSUM_SHA256);
    return part;
}

static void
part_free(void *data)
{
    FacePartIn *part = data;
    g_free(part->name);
    g_free(part->file_name);
    g_free(part->mime);
    g_string_free(part->head, TRUE);
    g_checksum_free(part->sum);
    g_free(part);
}

static void
part_add(FacePartIn *part, const char *data, size_t n)
{
    part->size += (int64_t)n;
    g_checksum_update(part->sum, (const guchar *)data, (gssize)n);
    size_t room = part->keep - part->head->len;
    g_string_append_len(part->head, data, (gssize)MIN(n, room));
}

/* The part as handlers see it; its memory stays the call's. */
static HibPracticePart
part_seen(const FacePartIn *part)
{
    return (HibPracticePart){.name = part->name,
                             .file_name = part->file_name,
                             .mime = part->mime,
                             .head = part->head->str,
                             .n_head = part->head->len,
                             .size = part->size,
                             .sha256 = g_checksum_get_string(part->sum)};
}

static enum MHD_Result
on_form(void *data, enum MHD_ValueKind kind, const char *name, const char *file_name,
        const char *mime, const char *transfer, const char *bytes, uint64_t offset, size_t n)
{
    struct FaceInside *inside = data;
    if (offset == 0 && inside->parts->len >= MAX_PARTS) {
        inside->is_broken = true;
        return MHD_NO;
    }
    if (offset == 0)
        g_ptr_array_add(inside->parts, part_new(name, file_name, mime, HIB_PRACTICE_KEPT));
    if (inside->parts->len > 0)
        part_add(inside->parts->pdata[inside->parts->len - 1], bytes, n);
    return MHD_YES;
}

static char *
bare_mime(const char *header)
{
    g_auto(GStrv) words = g_strsplit(header ? header : "", ";", 2);
    return g_ascii_strdown(g_strstrip(words[0] ? words[0] : (char *)""), -1);
}

void
hib_face_body_begin(HibPracticeCall *call)
{
    struct FaceInside *inside = call->inside;
    const char *type =
        MHD_lookup_connection_value(inside->connection, MHD_HEADER_KIND, "Content-Type");
    g_autofree char *mime = type ? bare_mime(type) : g_strdup("");
    bool is_text = strstr(mime, "json") || !strcmp(mime, "application/x-www-form-urlencoded");
    inside->body = part_new("", "", mime, is_text ? KEPT_TEXT : HIB_PRACTICE_KEPT);
    inside->parts = g_ptr_array_new_with_free_func(part_free);
    if (type)
        inside->forms = MHD_create_post_processor(inside->connection, FORM_BUFFER, on_form, inside);
}

void
hib_face_body_more(HibPracticeCall *call, const char *data, size_t n)
{
    struct FaceInside *inside = call->inside;
    if (inside->body->size + (int64_t)n > HIB_PRACTICE_BODY_MAX)
        inside->is_too_large = true;
    if (inside->is_too_large)
        return; /* read and thrown away, so that the answer is heard */
    part_add(inside->body, data, n);
    if (inside->forms && !inside->is_broken && MHD_post_process(inside->forms, data, n) != MHD_YES)
        inside->is_broken = true;
}

void
hib_face_body_end(HibPracticeCall *call)
{
    struct FaceInside *inside = call->inside;
    if (inside->forms && MHD_destroy_post_processor(inside->forms) != MHD_YES)
        inside->is_broken = true;
    inside->forms = NULL;
    HibPracticePart *parts = hib_arena_array(call->arena, HibPracticePart, inside->parts->len + 1);
    for (guint i = 0; i < inside->parts->len; i++)
        parts[i] = part_seen(inside->parts->pdata[i]);
    call->parts = parts;
    call->n_parts = inside->parts->len;
    call->body = part_seen(inside->body);
    /* Clients that say nothing of what they send say "urlencoded": bytes that are no form are just bytes. */
    inside->is_broken &= g_str_has_prefix(call->body.mime, "multipart/");
    bool is_json =
        strstr(call->body.mime, "json") != NULL ||
        (call->n_parts == 0 && call->body.n_head > 0 && strchr("{[", *call->body.head) != NULL);
    if (is_json && call->body.size == (int64_t)call->body.n_head)
        (void)hib_json_parse(call->arena, call->body.head, call->body.n_head, &call->json, NULL);
}

void
hib_face_body_free(HibPracticeCall *call)
{
    struct FaceInside *inside = call->inside;
    if (inside->forms)
        MHD_destroy_post_processor(inside->forms);
    g_ptr_array_free(inside->parts, TRUE);
    part_free(inside->body);
}
