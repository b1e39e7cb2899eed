/* Inside media/ only: what its handlers share. */
#pragma once
#include "api.gen.h"
#include "media/media_private.h"

/* The content of a blob from its file; what is said of its name is the caller's. */
bool hib_media_reply_file(HibCall *call, const char *sha256, const char *mime,
                          const char *cache_control, GError **error);
/* The content of a blob from its file, under a name of our own making. */
bool hib_media_reply_blob(HibCall *call, const char *sha256, const char *mime, const char *name,
                          const char *cache_control, GError **error);
