/* What came with something said, over HTTP: only for who may read the inbox, never under the name its sender gave it as a page of ours. */
#include "engage/desk.h"
#include "engage/engage_api.h"
#include "media/media.h"

static bool
reply(HibCall *call, const char *file, bool is_thumbnail, GError **error)
{
    const char *kept;
    return hib_attached_kept(hib_call_db(call), file, &kept, error) &&
           hib_kept_reply(call, kept, is_thumbnail, error);
}

bool
hib_on_get_talk_file(HibCall *call, const char *talk_file, GError **error)
{
    return reply(call, talk_file, false, error);
}

bool
hib_on_get_talk_file_thumbnail(HibCall *call, const char *talk_file, GError **error)
{
    return reply(call, talk_file, true, error);
}

/* --- how long it is kept ---------------------------------------------------------------------------------------------------------------- */
static bool
reply_keep(HibCall *call, GError **error)
{
    HibApiTalkKeep out;
    return hib_keep_get(hib_call_db(call), &out.file_days, error) &&
           hib_reply_talk_keep(call, 200, &out);
}

bool
hib_on_get_talk_keep(HibCall *call, GError **error)
{
    return reply_keep(call, error);
}

bool
hib_on_set_talk_keep(HibCall *call, const HibApiTalkKeep *in, GError **error)
{
    return hib_keep_set(hib_call_db(call), in->file_days, error) && reply_keep(call, error);
}
