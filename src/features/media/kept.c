/* See kept.h. The heads of files are enough to tell what may be shown, what may only be saved and what is not taken at all. */
#include "media/kept.h"
#include "base/error.h"
#include "base/limits.h"
#include "media/kept.sql.h"
#include "media/media_api.h"
#include "media/media_private.h"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define HEAD_BYTES 512
#define LOOK_MS 20000
#define WAIT_MS 2000
#define THUMB_BYTES (512 * 1024)
#define MEMORY_MB 1536
#define KEEP "private, max-age=31536000, immutable"

/* --- what it is ------------------------------------------------------------------------------------------------------------------ */
typedef struct {
    size_t at;
    const char *bytes;
    size_t n;
    const char *mime; /* NULL: refused */
} Sign;
#define SIGN(at, bytes, mime)                                                                      \
    {                                                                                              \
        at, bytes, sizeof(bytes) - 1, mime                                                         \
    }

static const Sign sounds[] = {
    SIGN(4, "ftypM4A", "audio/mp4"),   SIGN(4, "ftypM4B", "audio/mp4"),
    SIGN(0, "ID3", "audio/mpeg"),      SIGN(0, "\xff\xfb", "audio/mpeg"),
    SIGN(0, "\xff\xf3", "audio/mpeg"), SIGN(0, "\xff\xf2", "audio/mpeg"),
    SIGN(0, "\xff\xf1", "audio/aac"),  SIGN(0, "\xff\xf9", "audio/aac"),
    SIGN(0, "OggS", "audio/ogg"),      SIGN(8, "WAVE", "audio/wav"),
    SIGN(0, "fLaC", "audio/flac"),     SIGN(0, "#!AMR", "audio/amr"),
};
static const Sign files[] = {
    SIGN(0, "%PDF-", "application/pdf"),
    SIGN(0, "PK\x03\x04", "application/zip"), /* office documents too */
    SIGN(0, "\xd0\xcf\x11\xe0", "application/x-ole-storage"),
    SIGN(0, "\x1f\x8b", "application/gzip"),
    SIGN(0, "7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    /* Programs and what browsers run. */
    SIGN(0, "MZ", NULL),
    SIGN(0,
         "\x7f"
         "ELF",
         NULL),
    SIGN(0, "\xca\xfe\xba\xbe", NULL),
    SIGN(0, "\xcf\xfa\xed\xfe", NULL),
    SIGN(0, "\xfe\xed\xfa", NULL),
    SIGN(0, "#!", NULL),
    SIGN(0, "L\0\0\0\x01\x14\x02", NULL),
};
static const char *const run_by_name[] = {
    ".exe", ".msi", ".com",  ".scr",   ".bat", ".cmd", ".ps1", ".vbs", ".vbe",  ".js",   ".jse",
    ".wsf", ".hta", ".jar",  ".apk",   ".lnk", ".reg", ".dll", ".app", ".dmg",  ".pkg",  ".sh",
    ".htm", ".svg", ".html", ".xhtml", ".mht", ".xml", ".iso", ".img", ".docm", ".xlsm", ".pptm"};

static const Sign *
find_sign(const Sign *signs, size_t n_signs, const unsigned char *head, size_t n)
{
    for (size_t i = 0; i < n_signs; i++)
        if (signs[i].at + signs[i].n <= n &&
            memcmp(head + signs[i].at, signs[i].bytes, signs[i].n) == 0)
            return &signs[i];
    return NULL;
}

/* Text that begins like a page or a script a browser would run. */
static bool
is_markup(const unsigned char *head, size_t n)
{
    size_t at = n >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    while (at < n && g_ascii_isspace(head[at]))
        at++;
    return at + 1 < n && head[at] == '<' &&
           (g_ascii_isalpha(head[at + 1]) || head[at + 1] == '!' || head[at + 1] == '?');
}

static bool
is_run_by_name(const char *name)
{
    g_autofree char *folded = g_ascii_strdown(name, -1);
    g_strchomp(folded);
    for (size_t i = 0; i < G_N_ELEMENTS(run_by_name); i++)
        if (g_str_has_suffix(folded, run_by_name[i]))
            return true;
    return false;
}

static bool
refuse(const char *reason, GError **error)
{
    hib_error_set(error, HIB_ERROR_INVALID, reason, "an attachment that is not taken");
    return false;
}

/* By its first bytes. False: refused. */
static bool
tell_kind(const unsigned char *head, size_t n, const char *name, HibKept *ret, GError **error)
{
    const Sign *sound = find_sign(sounds, G_N_ELEMENTS(sounds), head, n);
    const HibImageType type = hib_image_type(head, n);
    const char *seen = sound ? NULL : hib_image_mime(type);
    if (seen) {
        ret->kind = g_str_has_prefix(seen, "video/") ? HIB_KEPT_VIDEO : HIB_KEPT_PICTURE;
        ret->mime = seen;
        return true;
    }
    ret->kind = sound ? HIB_KEPT_SOUND : HIB_KEPT_FILE;
    const Sign *sign = sound ? sound : find_sign(files, G_N_ELEMENTS(files), head, n);
    ret->mime = sign ? sign->mime : "application/octet-stream";
    bool is_bad = !ret->mime || is_markup(head, n) || is_run_by_name(name);
    return !is_bad || refuse("media.type", error);
}

/* --- the look --------------------------------------------------------------------------------------------------------------------- */
static bool
run_child(const HibServices *services, const HibKept *kept, int in, HibBlobDraft *thumb,
          HibWorkReply *reply, GError **error)
{
    HibWork work = {.kind = HIB_WORK_LOOK,
                    .max_bytes = THUMB_BYTES,
                    .at_ms = 1000,
                    .cpu_s = LOOK_MS / 1000,
                    .memory_mb = MEMORY_MB};
    g_strlcpy(work.type, kept->mime, sizeof work.type);
    const HibChildTask task = {
        .work = &work, .in = in, .out = hib_blob_draft_fd(thumb), .deadline_ms = LOOK_MS};
    if (!hib_media_workers_take(services->media_workers, false, WAIT_MS)) {
        hib_error_set(error, HIB_ERROR_BUSY, "store.busy", "no media child is free");
        return false;
    }
    const bool is_seen = hib_child_run(services->media_workers, &task, reply, error);
    hib_media_workers_give(services->media_workers, false);
    return is_seen;
}

/* Its size, its length, its small picture. */
static bool
look_closer(HibDb *db, const HibServices *services, int in, HibKept *kept, GError **error)
{
    HibWorkReply reply;
    int64_t n;
    g_autoptr(HibBlobDraft) thumb = hib_blob_draft_open(services->blobs, NULL, error);
    if (!thumb)
        return false;
    if (!run_child(services, kept, in, thumb, &reply, error) ||
        !hib_blob_draft_keep(thumb, NULL, hib_db_arena(db), &kept->thumb_sha256, &n, error)) {
        hib_blob_draft_drop(thumb);
        return false;
    }
    if (hib_image_type_of(reply.mime) == HIB_IMAGE_NONE)
        return refuse("media.type", error);
    kept->mime = hib_arena_strdup(hib_db_arena(db), reply.mime);
    kept->kind = reply.is_video ? HIB_KEPT_VIDEO : HIB_KEPT_PICTURE;
    kept->width = (int)reply.width;
    kept->height = (int)reply.height;
    kept->duration_ms = reply.duration_ms;
    return true;
}

/* As people read it: one line, no path, no marks that turn the writing round. */
static const char *
tidy_name(HibArena *arena, const char *name)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const char *slash = strrchr(name, '/'), *back = strrchr(name, '\\');
    int n = 0;
    for (const char *c = MAX(MAX(name, slash ? slash + 1 : name), back ? back + 1 : name);
         *c && n < HIB_KEPT_NAME_CHARACTERS; c = g_utf8_next_char(c)) {
        const gunichar one = g_utf8_get_char(c);
        const GUnicodeType type = g_unichar_type(one);
        if (type == G_UNICODE_CONTROL || type == G_UNICODE_FORMAT || type == G_UNICODE_SURROGATE)
            continue;
        g_string_append_unichar(out, one);
        n++;
    }
    return hib_arena_strdup(arena, g_strstrip(out->str));
}

bool
hib_kept_look(HibDb *db, const HibServices *services, HibBlobDraft *draft, const char *name,
              bool wants_picture, HibKept *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    unsigned char head[HEAD_BYTES];
    const int fd = hib_blob_draft_fd(draft);
    const ssize_t n = pread(fd, head, sizeof head, 0);
    *ret = (HibKept){.id = hib_db_new_id(db), .name = tidy_name(arena, name ? name : "")};
    if (n <= 0)
        return refuse("media.not_an_image", error);
    if (!tell_kind(head, (size_t)n, ret->name, ret, error))
        return false;
    bool is_seen = ret->kind == HIB_KEPT_PICTURE || ret->kind == HIB_KEPT_VIDEO;
    if (wants_picture && !is_seen)
        return refuse("media.not_an_image", error);
    return (!is_seen || look_closer(db, services, fd, ret, error)) &&
           hib_blob_draft_keep(draft, NULL, arena, &ret->sha256, &ret->bytes, error);
}

/* --- the rows ---------------------------------------------------------------------------------------------------------------------- */
bool
hib_kept_add(HibDb *db, HibKept *kept, GError **error)
{
    return hib_sql_kept_add(db, kept->id, kept->kind, kept->sha256, kept->thumb_sha256, kept->name,
                            kept->mime, kept->bytes, kept->width, kept->height, kept->duration_ms,
                            hib_db_now(db), error);
}

bool
hib_kept_get(HibDb *db, const char *kept, HibKept **ret, GError **error)
{
    HibSqlKeptGet *row;
    if (!hib_sql_kept_get(db, kept, &row, error))
        return false;
    if (!row) {
        hib_error_set(error, HIB_ERROR_NOT_FOUND, "media.unknown", "no kept file %s", kept);
        return false;
    }
    *ret = hib_arena_new0(hib_db_arena(db), HibKept);
    **ret = (HibKept){.id = row->id,
                      .kind = (HibKeptKind)row->kind,
                      .sha256 = row->sha256,
                      .thumb_sha256 = row->thumb_sha256,
                      .name = row->name,
                      .mime = row->mime,
                      .bytes = row->bytes,
                      .width = (int)row->width,
                      .height = (int)row->height,
                      .duration_ms = row->duration_ms};
    return true;
}

bool
hib_kept_drop(HibDb *db, const char *kept, GError **error)
{
    return hib_sql_kept_drop(db, kept, error);
}

/* --- handing out --------------------------------------------------------------------------------------------------------------------- */
static bool
is_shown(const HibKept *kept)
{
    bool is_unseen = g_str_equal(kept->mime, "image/heic") ||
                     g_str_equal(kept->mime, "audio/amr"); /* browsers cannot */
    return kept->kind != HIB_KEPT_FILE && !is_unseen;
}

bool
hib_kept_reply(HibCall *call, const char *id, bool is_thumbnail, GError **error)
{
    HibKept *kept;
    HibArena *arena = hib_call_arena(call);
    if (!hib_kept_get(hib_call_db(call), id, &kept, error))
        return false;
    if (is_thumbnail && kept->thumb_sha256)
        return hib_media_reply_blob(call, kept->thumb_sha256, "image/jpeg", kept->id, KEEP, error);
    if (is_thumbnail) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "media.not_ready", "%s has none", id);
        return false;
    }
    if (is_shown(kept) && !*kept->name)
        return hib_media_reply_blob(call, kept->sha256, kept->mime, kept->id, KEEP, error);
    const char *name = *kept->name ? kept->name : kept->id;
    hib_call_set_header(call, "Content-Disposition",
                        hib_arena_printf(arena, "%s; filename*=UTF-8''%s",
                                         is_shown(kept) ? "inline" : "attachment",
                                         hib_url_escape(arena, name)));
    return hib_media_reply_file(call, kept->sha256, kept->mime, KEEP, error);
}
