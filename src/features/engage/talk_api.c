/* Talk over HTTP: what people said, and answering. */
#include "engage/desk.h"
#include "engage/engage.h"
#include "engage/engage_api.h"
#include "http/call.h"

/* --- as the contract has it ---------------------------------------------------------------------------------------------------- */
/* A place in the text, in UTF-16 units: what the page counts in. */
static int64_t
units(const char *text, int64_t bytes)
{
    int64_t n = 0;
    for (const char *c = text; *c && c - text < bytes; c = g_utf8_next_char(c))
        n += g_utf8_get_char(c) >= 0x10000 ? 2 : 1;
    return n;
}

HibApiTalkReading
hib_reading_as_api(HibArena *arena, const HibTalkReading *reading, const char *text)
{
    HibApiTalkReading out = {.sentiment = (int)reading->sentiment,
                             .intent = (int)reading->intent,
                             .likely_intent = (int)reading->likely_intent,
                             .probability = reading->probability,
                             .urgency = reading->urgency,
                             .from = units(text, reading->from),
                             .to = units(text, reading->to),
                             .is_corrected = reading->corrected_by != NULL};
    g_auto(GStrv) names = g_strsplit(reading->reasons ? reading->reasons : "", ",", -1);
    out.reasons = hib_arena_array(arena, const char *, g_strv_length(names) + 1);
    for (char **name = names; *name; name++)
        if (**name)
            out.reasons[out.n_reasons++] = hib_arena_strdup(arena, *name);
    return out;
}

static HibApiTalkFile
file_as_api(const HibTalkFile *in)
{
    return (HibApiTalkFile){.id = in->id,
                            .state = (int)in->state,
                            .name = in->name,
                            .shown = in->shown,
                            .has_shown = in->mime != NULL,
                            .mime = in->mime,
                            .has_mime = in->mime != NULL,
                            .bytes = in->bytes,
                            .has_bytes = in->mime != NULL,
                            .width = in->width,
                            .has_width = in->width > 0,
                            .height = in->height,
                            .has_height = in->height > 0,
                            .duration_ms = in->duration_ms,
                            .has_duration_ms = in->duration_ms > 0,
                            .has_thumbnail = in->has_thumb};
}

static HibApiTalkAttachment
attachment(const HibNetAttachment *in, const HibTalkFile *file)
{
    bool is_fetched = file && file->id;
    return (HibApiTalkAttachment){.file = is_fetched ? file_as_api(file) : (HibApiTalkFile){0},
                                  .has_file = is_fetched,
                                  .kind = (int)in->kind,
                                  .url = in->url,
                                  .has_url = in->url != NULL,
                                  .preview_url = in->preview_url,
                                  .has_preview_url = in->preview_url != NULL,
                                  .title = in->title,
                                  .has_title = in->title != NULL,
                                  .address = in->address,
                                  .has_address = in->address != NULL,
                                  .latitude = in->latitude,
                                  .has_latitude = in->has_place,
                                  .longitude = in->longitude,
                                  .has_longitude = in->has_place};
}

HibApiTalk
hib_talk_as_api(HibArena *arena, const HibTalk *talk)
{
    HibApiTalkAttachment *attachments =
        hib_arena_array(arena, HibApiTalkAttachment, talk->n_attachments + 1);
    for (size_t i = 0; i < talk->n_attachments; i++)
        attachments[i] = attachment(&talk->attachments[i], talk->files ? &talk->files[i] : NULL);
    return (HibApiTalk){.id = talk->id,
                        .thread_id = talk->thread_id,
                        .account_id = talk->account_id,
                        .network = talk->network,
                        .kind = (int)talk->kind,
                        .text = talk->text,
                        .author_handle = talk->author_handle,
                        .author_name = talk->author_name,
                        .url = talk->url,
                        .post_id = talk->post_id,
                        .has_post_id = talk->post_id && *talk->post_id,
                        .at = talk->at,
                        .is_own = talk->is_own,
                        .is_deleted = talk->is_deleted,
                        .is_hidden = talk->is_hidden,
                        .can_reply = talk->can_reply,
                        .can_hide = !talk->is_own && !talk->is_deleted &&
                                    hib_hide_can(talk->network, talk->kind),
                        .edited_at = talk->edited_at,
                        .has_edited_at = talk->edited_at != 0,
                        .free_until = talk->free_until,
                        .has_free_until = talk->free_until != 0,
                        .attachments = attachments,
                        .n_attachments = talk->n_attachments,
                        .has_attachments = talk->n_attachments > 0,
                        .reading = hib_reading_as_api(arena, &talk->reading, talk->text),
                        .has_reading = talk->reading.is_read,
                        .has_answer = talk->answer_id != NULL && talk->answer_text != NULL,
                        .answer = {.delivery_id = talk->answer_id,
                                   .text = talk->answer_text,
                                   .state = (int)talk->answer_state,
                                   .has_by = talk->answer_by != NULL,
                                   .by = talk->answer_by,
                                   .has_at = talk->answer_at != 0,
                                   .at = talk->answer_at}};
}

HibApiTalk *
hib_talks_as_api(HibArena *arena, const HibTalk *rows, size_t n)
{
    HibApiTalk *out = hib_arena_array(arena, HibApiTalk, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = hib_talk_as_api(arena, &rows[i]);
    return out;
}

bool
hib_on_list_talk(HibCall *call, const HibApiListTalkQuery *in, GError **error)
{
    HibTalk *rows;
    size_t n;
    const char *next;
    const HibTalkQuery query = {.post = in->has_post ? in->post : NULL,
                                .is_open = in->has_open && in->open,
                                .limit = in->has_limit ? (int)in->limit : 0,
                                .cursor = in->has_cursor ? in->cursor : NULL};
    if (!hib_engage_list(hib_call_db(call), &query, &rows, &n, &next, error))
        return false;
    const HibApiTalkPage page = {.talk = hib_talks_as_api(hib_call_arena(call), rows, n),
                                 .n_talk = n,
                                 .next_cursor = next,
                                 .has_next_cursor = next != NULL};
    return hib_reply_talk_page(call, 200, &page);
}

bool
hib_on_reply_to_talk(HibCall *call, const char *talk, const HibApiTalkReply *in, GError **error)
{
    HibTalk *after;
    if (!hib_engage_reply(hib_call_db(call), talk, in->text, in->has_again && in->again, &after,
                          error))
        return false;
    const HibApiTalk out = hib_talk_as_api(hib_call_arena(call), after);
    return hib_reply_talk(call, 200, &out);
}

bool
hib_on_correct_talk(HibCall *call, const char *talk, const HibApiTalkCorrection *in, GError **error)
{
    HibTalk *after;
    if (!hib_engage_correct(hib_call_db(call), talk,
                            in->has_sentiment ? (HibSentiment)in->sentiment : HIB_SENTIMENT_UNSURE,
                            in->has_intent ? (HibIntent)in->intent : HIB_INTENT_UNSURE, &after,
                            error))
        return false;
    const HibApiTalk out = hib_talk_as_api(hib_call_arena(call), after);
    return hib_reply_talk(call, 200, &out);
}
