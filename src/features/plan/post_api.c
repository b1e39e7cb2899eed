/* Posts over HTTP. Changing, deleting and scheduling are publish/'s operations: they touch deliveries too. */
#include "http/call.h"
#include "plan/plan_private.h"

#define PAGE_USUAL 100

void
hib_plan_to_api(HibArena *arena, const HibPost *post, HibApiPost *out)
{
    HibApiPostVariant *variants = hib_arena_array(arena, HibApiPostVariant, post->n_variants);
    for (size_t i = 0; i < post->n_variants; i++)
        variants[i] = (HibApiPostVariant){.account_id = post->variants[i].account_id,
                                          .text = post->variants[i].text,
                                          .has_text = post->variants[i].text != NULL};
    HibApiPostImage *images = hib_arena_array(arena, HibApiPostImage, post->n_images);
    for (size_t i = 0; i < post->n_images; i++)
        images[i] =
            (HibApiPostImage){.media_id = post->images[i].media_id, .alt = post->images[i].alt};
    *out = (HibApiPost){
        .id = post->id,
        .state = (int)post->state,
        .text = post->text,
        .variants = variants,
        .n_variants = post->n_variants,
        .images = images,
        .n_images = post->n_images,
        .lang = post->lang,
        .has_lang = post->lang != NULL,
        .due_at = post->due_at,
        .has_due_at = post->has_due_at,
        .version = post->version,
        .created_at = post->created_at,
        .updated_at = post->updated_at,
        .created_by = post->created_by,
        .has_created_by = post->created_by != NULL,
        .created_by_name = post->created_by_name,
    };
}

static bool
reply(HibCall *call, int status, const HibPost *post)
{
    HibApiPost out;
    hib_plan_to_api(hib_call_arena(call), post, &out);
    return hib_reply_post(call, status, &out);
}

static HibPostContent
content_of(HibArena *arena, const HibApiPostDraft *in)
{
    HibPostVariant *variants = hib_arena_array(arena, HibPostVariant, in->n_variants);
    for (size_t i = 0; i < in->n_variants; i++)
        variants[i] =
            (HibPostVariant){.account_id = in->variants[i].account_id,
                             .text = in->variants[i].has_text ? in->variants[i].text : NULL};
    HibPostImage *images = hib_arena_array(arena, HibPostImage, in->n_images);
    for (size_t i = 0; i < in->n_images; i++)
        images[i] = (HibPostImage){.media_id = in->images[i].media_id, .alt = in->images[i].alt};
    return (HibPostContent){
        .text = in->text,
        .lang = in->has_lang ? in->lang : NULL,
        .variants = variants,
        .n_variants = in->n_variants,
        .images = images,
        .n_images = in->n_images,
        .due_at = in->has_due_at ? &in->due_at : NULL,
    };
}

bool
hib_on_create_post(HibCall *call, const HibApiPostDraft *in, GError **error)
{
    HibPost *post = NULL;
    const HibPostContent content = content_of(hib_call_arena(call), in);
    return hib_plan_create(hib_call_db(call), &content, &post, error) && reply(call, 201, post);
}

bool
hib_on_get_post(HibCall *call, const char *post, GError **error)
{
    HibPost *found = NULL;
    return hib_plan_get(hib_call_db(call), post, false, &found, error) && reply(call, 200, found);
}

bool
hib_on_restore_post(HibCall *call, const char *post, GError **error)
{
    HibPost *found = NULL;
    return hib_plan_restore(hib_call_db(call), post, &found, error) && reply(call, 200, found);
}

bool
hib_on_list_posts(HibCall *call, const HibApiListPostsQuery *query, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibPostState state = (HibPostState)query->state;
    const HibPostQuery asked = {
        .from = query->has_from ? &query->from : NULL,
        .to = query->has_to ? &query->to : NULL,
        .state = query->has_state ? &state : NULL,
        .limit = query->has_limit ? (int)query->limit : PAGE_USUAL,
        .cursor = query->has_cursor ? query->cursor : NULL,
    };
    HibPost *posts = NULL;
    size_t n = 0;
    const char *next = NULL;
    if (!hib_plan_list(hib_call_db(call), &asked, &posts, &n, &next, error))
        return false;
    HibApiPost *rows = hib_arena_array(arena, HibApiPost, n);
    for (size_t i = 0; i < n; i++)
        hib_plan_to_api(arena, &posts[i], &rows[i]);
    const HibApiPostList out = {
        .posts = rows, .n_posts = n, .next_cursor = next, .has_next_cursor = next != NULL};
    return hib_reply_post_list(call, 200, &out);
}
