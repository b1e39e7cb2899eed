/* Talk over HTTP: what people said, and answering. */
#include "engage/engage.h"
#include "engage/engage_private.h"
#include "http/call.h"

static HibApiTalk
to_api(const HibTalk *talk)
{
    return (HibApiTalk){.id = talk->id,
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
                        .can_reply = talk->can_reply,
                        .has_answer = talk->answer_id != NULL && talk->answer_text != NULL,
                        .answer = {.delivery_id = talk->answer_id,
                                   .text = talk->answer_text,
                                   .state = (int)talk->answer_state}};
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
    HibApiTalk *out = hib_arena_array(hib_call_arena(call), HibApiTalk, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = to_api(&rows[i]);
    const HibApiTalkPage page = {
        .talk = out, .n_talk = n, .next_cursor = next, .has_next_cursor = next != NULL};
    return hib_reply_talk_page(call, 200, &page);
}

bool
hib_on_reply_to_talk(HibCall *call, const char *talk, const HibApiTalkReply *in, GError **error)
{
    HibTalk *after;
    if (!hib_engage_reply(hib_call_db(call), talk, in->text, in->has_again && in->again, &after,
                          error))
        return false;
    const HibApiTalk out = to_api(after);
    return hib_reply_talk(call, 200, &out);
}
