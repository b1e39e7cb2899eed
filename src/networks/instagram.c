/* The Instagram connector: what a post becomes at Instagram. The steps are the containers' (meta_container.c), but for comments and direct
 * messages, which are one call. */
#include "networks/instagram.h"
#include "networks/instagram_limits.h"
#include "networks/instagram_private.h"

#include <string.h>

static const HibNetLimits *
limits(void)
{
    return &instagram_limits;
}

bool
hib_instagram_is_by_facebook(const HibGrant *grant)
{
    return grant->service && g_str_has_prefix(grant->service, "https://graph.facebook.com");
}

const char *
hib_instagram_host(const HibNetContext *net, const HibGrant *grant)
{
    const char *real =
        hib_instagram_is_by_facebook(grant) ? "https://graph.facebook.com" : HIB_INSTAGRAM_SERVICE;
    return hib_arena_printf(net->arena, "%s/%s", hib_meta_host(grant->service, real),
                            HIB_INSTAGRAM_GRAPH_VERSION);
}

const char *
hib_instagram_inbox(const HibNetContext *net, const HibGrant *grant)
{
    HibJson extra;
    const char *page = NULL;
    if (hib_instagram_is_by_facebook(grant) && grant->extra &&
        hib_json_parse(net->arena, grant->extra, strlen(grant->extra), &extra, NULL))
        page = hib_meta_text(extra, "page");
    return hib_arena_printf(net->arena, "%s/%s", hib_instagram_host(net, grant),
                            page ? page : grant->remote_id);
}

static const char *
new_handle(const HibNetContext *net)
{
    return hib_net_uuid(net->arena);
}

/* --- containers -------------------------------------------------------------------------------------------------------------------------- */
/* "@one, two" → ["one","two"], at most `most`. */
static const char *
as_list(HibArena *arena, const char *text, int most)
{
    if (!text)
        return NULL;
    g_auto(GStrv) parts = g_strsplit(text, ",", most + 1);
    cJSON *list = cJSON_CreateArray();
    for (int i = 0; parts[i] && i < most; i++) {
        const char *one = g_strstrip(parts[i]);
        one += *one == '@';
        if (*one)
            cJSON_AddItemToArray(list, cJSON_CreateString(one));
    }
    return hib_json_print(arena, list);
}

static const char *
trial_of(HibArena *arena, const HibNetPost *post)
{
    const char *trial = hib_meta_option(arena, post, "trial");
    if (!trial || !strcmp(trial, "off"))
        return NULL;
    return !strcmp(trial, "manual") ? "{\"graduation_strategy\":\"MANUAL\"}"
                                    : "{\"graduation_strategy\":\"SS_PERFORMANCE\"}";
}

static const char *
media_type(const HibNetPost *post, const HibNetMedia *media, bool is_part)
{
    bool is_video = media && media->kind == HIB_NET_VIDEO;
    if (is_part)
        return is_video ? "VIDEO" : NULL; /* a picture names no type */
    if (!media)
        return "CAROUSEL";
    if (post->format == HIB_FORMAT_STORY)
        return "STORIES";
    return is_video ? "REELS" : NULL; /* every single video is a reel since 2023-07 */
}

static const char *
share_to_feed(HibArena *arena, const HibNetPost *post)
{
    const char *said = hib_meta_option(arena, post, "share_to_feed");
    return post->format == HIB_FORMAT_POST || !said ? "true" : said;
}

/* What is shown and where it comes from. */
static const char *
media_form(HibArena *arena, const HibNetPost *post, const HibNetMedia *media, bool is_part,
           const char *children)
{
    bool is_video = media && media->kind == HIB_NET_VIDEO;
    bool has_alt = media && !is_video && post->format != HIB_FORMAT_STORY && media->alt;
    return hib_net_form(arena, "media_type", media_type(post, media, is_part), "is_carousel_item",
                        is_part ? "true" : NULL, "image_url",
                        media && !is_video ? media->url : NULL, "video_url",
                        is_video ? media->url : NULL, "upload_type",
                        media && hib_meta_is_uploaded(media) ? "resumable" : NULL, "children",
                        children, "alt_text", has_alt && *media->alt ? media->alt : NULL, NULL);
}

static const char *
reel_form(HibArena *arena, const HibNetPost *post, const HibNetMedia *media)
{
    const char *cover =
        media->cover_ms < 0 ? NULL : hib_arena_printf(arena, "%" G_GINT64_FORMAT, media->cover_ms);
    return hib_net_form(arena, "share_to_feed", share_to_feed(arena, post), "thumb_offset", cover,
                        "audio_name", hib_meta_option(arena, post, "audio_name"), "trial_params",
                        trial_of(arena, post), NULL);
}

/* What is said with it; a story shows no words. */
static const char *
words_form(HibArena *arena, const HibNetPost *post)
{
    const char *people = hib_meta_option(arena, post, "collaborators");
    if (post->format == HIB_FORMAT_STORY)
        return "";
    return hib_net_form(arena, "caption", *post->text ? post->text : NULL, "collaborators",
                        as_list(arena, people, HIB_INSTAGRAM_MAX_COLLABORATORS), "location_id",
                        hib_meta_option(arena, post, "location_id"), NULL);
}

static const char *
labels_form(HibArena *arena, const HibGrant *grant, const HibNetPost *post)
{
    const char *sponsors = hib_meta_option(arena, post, "sponsors");
    bool is_paid = post->disclosure.is_advertising && hib_instagram_is_by_facebook(grant);
    return hib_net_form(
        arena, "is_ai_generated", post->disclosure.is_ai_made ? "true" : NULL,
        "is_paid_partnership", is_paid ? "true" : NULL, "branded_content_sponsor_ids",
        is_paid ? as_list(arena, sponsors, HIB_INSTAGRAM_MAX_SPONSORS) : NULL, NULL);
}

static const char *
form(const HibNetContext *net, const HibGrant *grant, const HibNetPost *post, int part,
     const char *children)
{
    HibArena *arena = net->arena;
    const HibNetMedia *media = part >= 0 ? &post->media[part] : children ? NULL : &post->media[0];
    const char *shown = media_form(arena, post, media, part >= 0, children);
    if (part >= 0)
        return shown;
    bool is_reel = media && g_strcmp0(media_type(post, media, false), "REELS") == 0;
    const char *const more[] = {is_reel ? reel_form(arena, post, media) : "",
                                words_form(arena, post), labels_form(arena, grant, post)};
    g_autoptr(GString) all = g_string_new(shown);
    for (size_t i = 0; i < G_N_ELEMENTS(more); i++)
        g_string_append_printf(all, "%s%s", *more[i] && all->len ? "&" : "", more[i]);
    return hib_arena_strdup(arena, all->str);
}

static const char *
listed(const HibNetPost *post)
{
    return post->format == HIB_FORMAT_STORY ? "stories" : "media";
}

static const HibMetaContainers containers = {.create = "media",
                                             .publish = "media_publish",
                                             .status = "status_code",
                                             .why = "status",
                                             .text = "caption",
                                             .form = form,
                                             .host = hib_instagram_host,
                                             .listed = listed};

/* --- comments ---------------------------------------------------------------------------------------------------------------------------- */
/* Under the post itself, or under a comment on it (then the post is the root). */
static const char *
comments_url(const HibNetContext *net, const HibGrant *grant, const HibNetPost *post)
{
    bool is_answer = post->reply_root && strcmp(post->reply_root, post->reply_to) != 0;
    return hib_arena_printf(net->arena, "%s/%s/%s", hib_instagram_host(net, grant),
                            hib_url_escape(net->arena, post->reply_to),
                            is_answer ? "replies" : "comments");
}

static HibNetResult
comment(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    const HibMetaCall call = {.kind = HIB_CALL_EFFECT,
                              .method = "POST",
                              .url = comments_url(net, grant, sending->post),
                              .token = grant->access,
                              .form =
                                  hib_net_form(net->arena, "message", sending->post->text, NULL)};
    HibJson in;
    const char *body;
    HibNetResult said = hib_meta_call_text(net, &call, &in, &body);
    if (said.class != HIB_NET_OK)
        return hib_meta_twin(said, sending);
    const char *id = hib_meta_id(in, "id", body);
    if (!id)
        return hib_net_nonsense(said, HIB_CALL_EFFECT, "the network did not name the comment");
    sending->published = (HibNetPublished){.remote_id = id, .url = ""};
    sending->is_done = true;
    return said;
}

static bool
is_by_us(HibJson row, const HibGrant *grant)
{
    const char *name = hib_meta_text(row, "username"), *from = hib_meta_text(row, "from.id");
    return g_strcmp0(from, grant->remote_id) == 0 || g_strcmp0(name, grant->handle) == 0;
}

/* --- steps ---------------------------------------------------------------------------------------------------------------------------------- */
static bool
is_one_call(const HibNetPost *post)
{
    return post->format == HIB_FORMAT_MESSAGE || post->reply_to;
}

static HibNetStep
next_step(const HibNetSending *sending)
{
    return is_one_call(sending->post) ? (HibNetStep){HIB_NET_STEP_EFFECT, "publish", 0, 0}
                                      : hib_meta_container_step(sending);
}

static HibNetResult
run_step(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending)
{
    if (sending->post->format == HIB_FORMAT_MESSAGE)
        return hib_meta_send_message(
            net, grant,
            hib_arena_printf(net->arena, "%s/messages", hib_instagram_inbox(net, grant)), sending);
    if (sending->post->reply_to)
        return comment(net, grant, sending);
    return hib_meta_container_run(&containers, net, grant, sending);
}

static HibNetResult
find(const HibNetContext *net, const HibGrant *grant, HibNetSending *sending, bool *ret_found)
{
    const HibMetaRows comments = {.text = "text", .time = "timestamp", .is_ours = is_by_us};
    const HibNetPost *post = sending->post;
    hib_meta_mark_tried(net, sending);
    if (post->format == HIB_FORMAT_MESSAGE)
        return hib_meta_find_message(
            net, grant,
            hib_arena_printf(net->arena, "%s/conversations", hib_instagram_inbox(net, grant)),
            "instagram", grant->remote_id, sending, ret_found);
    if (post->reply_to)
        return hib_meta_find_in(net, grant, comments_url(net, grant, post),
                                "fields=id,text,timestamp,username,from&limit=50", &comments,
                                sending, ret_found);
    return hib_meta_container_find(&containers, net, grant, sending, ret_found);
}

static HibNetResult
take_back(const HibNetContext *net, const HibGrant *grant, const char *remote_id)
{
    HibJson in;
    if (!hib_meta_is_id(remote_id))
        return hib_net_say(HIB_NET_FATAL, "NotOurPost", "that is no id of Instagram");
    const HibMetaCall call = {
        .kind = HIB_CALL_REMOVE,
        .method = "DELETE",
        .url = hib_arena_printf(net->arena, "%s/%s", hib_instagram_host(net, grant), remote_id),
        .token = grant->access};
    return hib_meta_call(net, &call, &in);
}

static HibNetResult
hide(const HibNetContext *net, const HibGrant *grant, const char *remote_id, bool is_hidden)
{
    if (!hib_meta_is_id(remote_id))
        return hib_net_say(HIB_NET_FATAL, "NotOurPost", "that is no id of Instagram");
    const char *url =
        hib_arena_printf(net->arena, "%s/%s", hib_instagram_host(net, grant), remote_id);
    return hib_meta_hide(net, url, "hide", is_hidden, grant->access);
}

/* --- what only Instagram refuses ---------------------------------------------------------------------------------------------------------- */
static bool
check(const HibNetPost *post, const char **ret_reason, const char **ret_pointer)
{
    if (post->format == HIB_FORMAT_MESSAGE && !post->recipient)
        return hib_meta_refuse(ret_reason, ret_pointer, "post.recipient_missing", "/recipient");
    if (post->format == HIB_FORMAT_MESSAGE && strlen(post->text) > HIB_INSTAGRAM_MESSAGE_BYTES)
        return hib_meta_refuse(ret_reason, ret_pointer, "post.message_too_long", "/text");
    if (post->reply_to && post->n_media)
        return hib_meta_refuse(ret_reason, ret_pointer, "post.comment_media", "/media");
    if (post->format == HIB_FORMAT_STORY && *post->text)
        return hib_meta_refuse(ret_reason, ret_pointer, "post.text_unused", "/text");
    for (size_t i = 0; i < post->n_media; i++)
        if (!post->media[i].url && !hib_meta_is_uploaded(&post->media[i]))
            return hib_meta_refuse(ret_reason, ret_pointer, "post.media_unreachable",
                                   hib_meta_media_place(i));
    return true;
}

/* Webhooks name people by id only. */
static HibNetResult
read_author(const HibNetContext *net, const HibGrant *grant, const char *author_id, HibNetTalk *ret)
{
    if (!hib_meta_is_id(author_id))
        return hib_net_say(HIB_NET_FATAL, "NoAuthor", "that is no id of a person");
    return hib_meta_read_author(
        net, grant,
        hib_arena_printf(net->arena, "%s/%s", hib_instagram_host(net, grant), author_id),
        "name,username,profile_pic", ret);
}

static const char *
profile_url(HibArena *arena, const char *remote_id, const char *handle)
{
    (void)remote_id;
    return hib_arena_printf(arena, "https://www.instagram.com/%s/", handle);
}

const HibNetwork hib_instagram = {
    .name = "instagram",
    .title = HIB_INSTAGRAM_TITLE,
    .auth = HIB_NET_AUTH_OAUTH,
    .needs_url = true,
    .can_remove = true,
    .can_reply = true,
    .can_message = true,
    .limits = limits,
    .authorize_url = hib_instagram_authorize_url,
    .exchange = hib_instagram_exchange,
    .refresh = hib_instagram_refresh,
    .new_handle = new_handle,
    .next_step = next_step,
    .run_step = run_step,
    .find = find,
    .remove = take_back,
    .hide = hide,
    .check = check,
    .max_read = 10,
    .read_posts = hib_instagram_read_posts,
    .read_account = hib_instagram_read_account,
    .read_talk = hib_instagram_read_talk,
    .read_quota = hib_instagram_read_quota,
    .read_author = read_author,
    .hook = hib_meta_hook,
    .profile_url = profile_url,
};
