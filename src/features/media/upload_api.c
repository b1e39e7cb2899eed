/* Large uploads over HTTP: announced, sent part by part, finished. */
#include "http/call.h"
#include "media/media_api.h"

static bool
reply(HibCall *call, int status, const HibUpload *upload)
{
    const HibApiUpload out = {
        .id = upload->id,
        .name = upload->name,
        .bytes = upload->bytes,
        .received = upload->received,
        .created_at = upload->created_at,
    };
    return hib_reply_upload(call, status, &out);
}

bool
hib_on_begin_upload(HibCall *call, const HibApiUploadDraft *in, GError **error)
{
    HibUpload *upload = NULL;
    return hib_upload_begin(hib_call_db(call), hib_call_context(call), in->name, in->bytes,
                            in->has_sha256 ? in->sha256 : NULL, &upload, error) &&
           reply(call, 201, upload);
}

bool
hib_on_get_upload(HibCall *call, const char *upload, GError **error)
{
    HibUpload *found = NULL;
    return hib_upload_get(hib_call_db(call), upload, &found, error) && reply(call, 200, found);
}

bool
hib_on_put_upload_part(HibCall *call, const char *upload, const HibApiPutUploadPartQuery *query,
                       GError **error)
{
    HibUpload *found = NULL;
    return hib_upload_put(hib_call_db(call), hib_call_context(call), upload, query->from,
                          hib_call_body(call), &found, error) &&
           reply(call, 200, found);
}

bool
hib_on_cancel_upload(HibCall *call, const char *upload, GError **error)
{
    return hib_upload_cancel(hib_call_db(call), hib_call_context(call), upload, error) &&
           hib_call_reply_empty(call, 204);
}

bool
hib_on_finish_upload(HibCall *call, const char *upload, GError **error)
{
    HibMedia *media = NULL;
    if (!hib_upload_finish(hib_call_db(call), hib_call_context(call), upload, &media, error))
        return false;
    const HibApiMedia out = hib_media_to_api(media);
    return hib_reply_media(call, 201, &out);
}
