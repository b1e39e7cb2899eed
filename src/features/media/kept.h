/* Kept files: what others sent (an attachment of a message), as blobs of the workspace beside the library.
 *
 * What a file is, its content says, never its sender. Pictures and videos are looked at by the child, which makes their small picture; sounds and other files
 * are never decoded here. Programs, pages and scripts are refused whatever they are called. Only pictures, videos and sounds are ever shown within a page. */
#pragma once
#include "http/call.h"
#include "http/services.h"
#include "store/store.h"

typedef enum { HIB_KEPT_PICTURE, HIB_KEPT_VIDEO, HIB_KEPT_SOUND, HIB_KEPT_FILE } HibKeptKind;
typedef struct {
    const char *id;
    HibKeptKind kind;
    const char *sha256, *thumb_sha256; /* thumb_sha256: JPEG, 480 px at most; NULL: none */
    const char *name, *mime;
    int64_t bytes;
    int width, height;
    int64_t duration_ms; /* 0: not known */
} HibKept;
#define HIB_KEPT_NAME_CHARACTERS 200

/* Looks at what was fetched into `draft` and puts it among the blobs; writes no row. `wants_picture`: its sender's network said that it is a picture or a
 * video, so nothing else is taken. INVALID media.not_an_image, media.type, media.damaged …: refused, nothing stays. BUSY store.busy: no child is free.
 * Never inside a HibTx. */
bool hib_kept_look(HibDb *db, const HibServices *services, HibBlobDraft *draft, const char *name,
                   bool wants_picture, HibKept *ret, GError **error);
/* The row that keeps it: in the caller's transaction; kept->id is set. */
bool hib_kept_add(HibDb *db, HibKept *kept, GError **error);
bool hib_kept_get(HibDb *db, const char *kept, HibKept **ret,
                  GError **error); /* NOT_FOUND media.unknown */
/* The row goes; its blob when no other row of any workspace names it, with the next sweep. None: fine. */
bool hib_kept_drop(HibDb *db, const char *kept, GError **error);
/* The content (one range is served), or its small picture: CONFLICT media.not_ready where it has none. What is no picture, video or sound a browser shows is
 * sent to be saved, never shown. */
bool hib_kept_reply(HibCall *call, const char *kept, bool is_thumbnail, GError **error);
