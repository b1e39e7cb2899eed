/* The public link over HTTP: no session, no cookie, one answer for all that is wrong. */
#include "http/call.h"
#include "media/media_api.h"

/* Whoever stands between may keep it no longer than a moment: the link ends. */
#define SHORTLY "private, max-age=60"

bool
hib_on_get_public_media(HibCall *call, const char *link, GError **error)
{
    const char *sha256 = NULL, *mime = NULL;
    return hib_media_public_open(hib_call_db(call), hib_call_context(call), link, &sha256, &mime,
                                 error) &&
           hib_media_reply_blob(call, sha256, mime, "media", SHORTLY, error);
}

/* LINE asks for BASE/1040 and narrower ones; every width is answered with the whole picture, which its app scales. */
bool
hib_on_get_public_media_of_width(HibCall *call, const char *link, const char *width G_GNUC_UNUSED,
                                 GError **error)
{
    return hib_on_get_public_media(call, link, error);
}
