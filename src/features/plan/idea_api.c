/* The board of ideas over HTTP. */
#include "http/call.h"
#include "plan/plan_private.h"

#define MOST 1000

void
hib_idea_to_api(HibArena *arena, const HibIdea *idea, HibApiIdea *out)
{
    const HibIdeaContent *content = &idea->content;
    *out = (HibApiIdea){
        .id = idea->id,
        .title = content->title,
        .note = content->note,
        .status = (int)content->status,
        .campaign_id = content->campaign_id,
        .has_campaign_id = content->campaign_id != NULL,
        .owner_id = content->owner_id,
        .has_owner_id = content->owner_id != NULL,
        .owner_name = idea->owner_name,
        .has_owner_name = idea->owner_name != NULL,
        .due_on = content->due_on,
        .has_due_on = content->due_on != NULL,
        .url = content->url,
        .has_url = content->url != NULL,
        .media_id = content->media_id,
        .has_media_id = content->media_id != NULL,
        .post_id = idea->post_id,
        .has_post_id = idea->post_id != NULL,
        .post_state = (int)idea->post_state,
        .has_post_state = idea->post_id != NULL,
        .created_at = idea->created_at,
        .updated_at = idea->updated_at,
        .created_by_name = idea->created_by_name,
        .version = idea->version,
    };
    out->tags = hib_tags_split(arena, content->tags, '\n', &out->n_tags);
}

static bool
reply(HibCall *call, int status, const HibIdea *idea)
{
    HibApiIdea out;
    hib_idea_to_api(hib_call_arena(call), idea, &out);
    return hib_reply_idea(call, status, &out);
}

static HibIdeaContent
content_of(HibArena *arena, const HibApiIdeaDraft *in)
{
    return (HibIdeaContent){
        .title = in->title,
        .note = in->note,
        .status = in->has_status ? (HibIdeaStatus)in->status : HIB_IDEA_NEW,
        .campaign_id = in->has_campaign_id ? in->campaign_id : NULL,
        .owner_id = in->has_owner_id ? in->owner_id : NULL,
        .due_on = in->has_due_on ? in->due_on : NULL,
        .url = in->has_url ? in->url : NULL,
        .media_id = in->has_media_id ? in->media_id : NULL,
        .tags = hib_tags_join(arena, in->tags, in->n_tags),
    };
}

/* One more is read than shown, so that a cut is told. */
bool
hib_on_list_ideas(HibCall *call, GError **error)
{
    HibIdea *rows;
    size_t n;
    if (!hib_ideas(hib_call_db(call), NULL, false, MOST + 1, &rows, &n, error))
        return false;
    HibApiIdea *out = hib_arena_array(hib_call_arena(call), HibApiIdea, n + 1);
    for (size_t i = 0; i < MIN(n, MOST); i++)
        hib_idea_to_api(hib_call_arena(call), &rows[i], &out[i]);
    const HibApiIdeaList list = {.ideas = out, .n_ideas = MIN(n, MOST), .is_cut = n > MOST};
    return hib_reply_idea_list(call, 200, &list);
}

bool
hib_on_get_idea(HibCall *call, const char *idea, GError **error)
{
    HibIdea *found;
    return hib_idea(hib_call_db(call), idea, &found, error) && reply(call, 200, found);
}

bool
hib_on_create_idea(HibCall *call, const HibApiIdeaDraft *in, GError **error)
{
    const char *id;
    HibIdea *made;
    const HibIdeaContent content = content_of(hib_call_arena(call), in);
    return hib_plan_add_idea(hib_call_db(call), &content, &id, error) &&
           hib_idea(hib_call_db(call), id, &made, error) && reply(call, 201, made);
}

bool
hib_on_change_idea(HibCall *call, const char *idea, const HibApiIdeaUpdate *in, GError **error)
{
    HibIdea *after;
    const HibIdeaContent content = content_of(hib_call_arena(call), &in->idea);
    return hib_idea_change(hib_call_db(call), idea, in->version, &content, &after, error) &&
           reply(call, 200, after);
}

bool
hib_on_move_idea(HibCall *call, const char *idea, const HibApiIdeaMove *in, GError **error)
{
    HibIdea *after;
    return hib_idea_move(hib_call_db(call), idea, (HibIdeaStatus)in->status,
                         in->has_below ? in->below : NULL, &after, error) &&
           reply(call, 200, after);
}

bool
hib_on_draft_idea(HibCall *call, const char *idea, GError **error)
{
    HibIdea *after;
    return hib_idea_draft(hib_call_db(call), idea, &after, error) && reply(call, 201, after);
}

bool
hib_on_delete_idea(HibCall *call, const char *idea, GError **error)
{
    return hib_idea_delete(hib_call_db(call), idea, error) && hib_call_reply_empty(call, 204);
}
