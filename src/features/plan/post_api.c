/* Posts over HTTP. Changing, deleting and scheduling are publish/'s operations: they touch deliveries too. */
#include "http/call.h"
#include "plan/plan_private.h"

#define PAGE_USUAL 100

static HibApiMediaCrop *
crops_out(HibArena *arena, const HibPostMedia *media)
{
    HibApiMediaCrop *out = hib_arena_array(arena, HibApiMediaCrop, media->n_crops + 1);
    for (size_t i = 0; i < media->n_crops; i++)
        out[i] = (HibApiMediaCrop){media->crops[i].network, media->crops[i].x, media->crops[i].y,
                                   media->crops[i].width, media->crops[i].height};
    return out;
}

static HibApiPostMedia *
media_out(HibArena *arena, const HibPostMedia *media, size_t n)
{
    HibApiPostMedia *out = hib_arena_array(arena, HibApiPostMedia, n);
    for (size_t i = 0; i < n; i++)
        out[i] = (HibApiPostMedia){.media_id = media[i].media_id,
                                   .alt = media[i].alt,
                                   .focus_x = media[i].focus_x,
                                   .has_focus_x = media[i].has_focus,
                                   .focus_y = media[i].focus_y,
                                   .has_focus_y = media[i].has_focus,
                                   .cover_ms = media[i].cover_ms,
                                   .has_cover_ms = media[i].has_cover,
                                   .crops = crops_out(arena, &media[i]),
                                   .n_crops = media[i].n_crops,
                                   .has_crops = media[i].n_crops > 0};
    return out;
}

static HibApiPostVariant
variant_out(HibArena *arena, const HibPostVariant *variant)
{
    HibApiPostPart *thread = hib_arena_array(arena, HibApiPostPart, variant->n_thread);
    for (size_t i = 0; i < variant->n_thread; i++)
        thread[i] = (HibApiPostPart){
            .text = variant->thread[i].text,
            .media = media_out(arena, variant->thread[i].media, variant->thread[i].n_media),
            .n_media = variant->thread[i].n_media,
            .has_media = variant->thread[i].n_media > 0};
    return (HibApiPostVariant){.account_id = variant->account_id,
                               .text = variant->text,
                               .has_text = variant->text != NULL,
                               .format = (int)variant->format,
                               .has_format = true,
                               .title = variant->title,
                               .has_title = variant->title != NULL,
                               .options = variant->options,
                               .has_options = variant->options != NULL,
                               .recipient = variant->recipient,
                               .has_recipient = variant->recipient != NULL,
                               .first_comment = variant->first_comment,
                               .has_first_comment = variant->first_comment != NULL,
                               .thread = thread,
                               .n_thread = variant->n_thread,
                               .has_thread = variant->n_thread > 0};
}

void
hib_plan_to_api(HibArena *arena, const HibPost *post, HibApiPost *out)
{
    HibApiPostVariant *variants = hib_arena_array(arena, HibApiPostVariant, post->n_variants);
    for (size_t i = 0; i < post->n_variants; i++)
        variants[i] = variant_out(arena, &post->variants[i]);
    *out = (HibApiPost){
        .id = post->id,
        .state = (int)post->state,
        .text = post->text,
        .disclosure = {.is_advertising = post->disclosure.is_advertising,
                       .is_own_brand = post->disclosure.is_own_brand,
                       .is_ai_made = post->disclosure.is_ai_made},
        .is_short = post->is_short,
        .variants = variants,
        .n_variants = post->n_variants,
        .media = media_out(arena, post->media, post->n_media),
        .n_media = post->n_media,
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
        .campaign_id = post->campaign_id,
        .has_campaign_id = post->campaign_id != NULL,
    };
}

static bool
reply(HibCall *call, int status, const HibPost *post)
{
    HibApiPost out;
    hib_plan_to_api(hib_call_arena(call), post, &out);
    return hib_reply_post(call, status, &out);
}

static HibPostCrop *
crops_in(HibArena *arena, const HibApiPostMedia *media)
{
    HibPostCrop *out = hib_arena_array(arena, HibPostCrop, media->n_crops + 1);
    for (size_t i = 0; i < media->n_crops; i++)
        out[i] = (HibPostCrop){media->crops[i].network, media->crops[i].x, media->crops[i].y,
                               media->crops[i].width, media->crops[i].height};
    return out;
}

static HibPostMedia *
media_in(HibArena *arena, const HibApiPostMedia *media, size_t n)
{
    HibPostMedia *out = hib_arena_array(arena, HibPostMedia, n);
    for (size_t i = 0; i < n; i++)
        out[i] = (HibPostMedia){.media_id = media[i].media_id,
                                .alt = media[i].alt,
                                .has_focus = media[i].has_focus_x && media[i].has_focus_y,
                                .focus_x = media[i].focus_x,
                                .focus_y = media[i].focus_y,
                                .has_cover = media[i].has_cover_ms,
                                .cover_ms = media[i].cover_ms,
                                .crops = crops_in(arena, &media[i]),
                                .n_crops = media[i].n_crops};
    return out;
}

static HibPostVariant
variant_in(HibArena *arena, const HibApiPostVariant *in)
{
    HibPostPart *thread = hib_arena_array(arena, HibPostPart, in->n_thread);
    for (size_t i = 0; i < in->n_thread; i++)
        thread[i] =
            (HibPostPart){.text = in->thread[i].text,
                          .media = media_in(arena, in->thread[i].media, in->thread[i].n_media),
                          .n_media = in->thread[i].n_media};
    return (HibPostVariant){.account_id = in->account_id,
                            .text = in->has_text ? in->text : NULL,
                            .format = in->has_format ? (HibNetFormat)in->format : HIB_FORMAT_POST,
                            .title = in->has_title ? in->title : NULL,
                            .options = in->has_options ? in->options : NULL,
                            .recipient = in->has_recipient ? in->recipient : NULL,
                            .first_comment = in->has_first_comment ? in->first_comment : NULL,
                            .thread = thread,
                            .n_thread = in->n_thread};
}

HibPostContent
hib_plan_of_draft(HibArena *arena, const HibApiPostDraft *in)
{
    HibPostVariant *variants = hib_arena_array(arena, HibPostVariant, in->n_variants);
    for (size_t i = 0; i < in->n_variants; i++)
        variants[i] = variant_in(arena, &in->variants[i]);
    HibNetDisclosure told = {0};
    if (in->has_disclosure)
        told = (HibNetDisclosure){.is_advertising = in->disclosure.is_advertising,
                                  .is_own_brand = in->disclosure.is_own_brand,
                                  .is_ai_made = in->disclosure.is_ai_made};
    return (HibPostContent){
        .text = in->text,
        .lang = in->has_lang ? in->lang : NULL,
        .disclosure = told,
        .is_short = in->has_is_short && in->is_short,
        .variants = variants,
        .n_variants = in->n_variants,
        .media = media_in(arena, in->media, in->n_media),
        .n_media = in->n_media,
        .due_at = in->has_due_at ? &in->due_at : NULL,
    };
}

bool
hib_on_create_post(HibCall *call, const HibApiPostDraft *in, GError **error)
{
    HibPost *post = NULL;
    const HibPostContent content = hib_plan_of_draft(hib_call_arena(call), in);
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
        .campaign = query->has_campaign ? query->campaign : NULL,
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

/* Here and not in media/: only plan/ knows which posts still need it. */
bool
hib_on_delete_media(HibCall *call, const char *media, GError **error)
{
    return hib_plan_delete_media(hib_call_db(call), media, error) &&
           hib_call_reply_empty(call, 204);
}
