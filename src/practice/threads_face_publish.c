/* Threads' face: containers and what they become, and how much of the day is left. */
#include "practice/threads_face_private.h"
#include "text/threads_count.h"
#include <string.h>

#define CHARACTERS 500
#define LINKS 5
#define CHILDREN 20
#define TOPIC 50
#define VIDEO_LENGTH (20 * HIB_SECOND) /* nothing is decoded */

static bool
refuse(HibPracticeCall *call, int code, int subcode, const char *message, const char *user)
{
    hib_meta_face_error(call, &(MetaError){.code = code,
                                           .subcode = subcode,
                                           .message = message,
                                           .title = message,
                                           .user_message = user});
    return false;
}

/* --- looking at what is asked for ----------------------------------------------------------------------------------------------------- */
static int
count_links(const char *text)
{
    int n = 0;
    for (const char *at = strstr(text, "http"); at; at = strstr(at + 4, "http"))
        n += g_str_has_prefix(at, "http://") || g_str_has_prefix(at, "https://");
    return n;
}

static bool
check_words(HibPracticeCall *call, const char *type)
{
    static const char *const audiences[] = {"everyone",       "accounts_you_follow",
                                            "mentioned_only", "parent_post_author_only",
                                            "followers_only", NULL};
    const char *text = hib_practice_field(call, "text"),
               *topic = hib_practice_field(call, "topic_tag"),
               *audience = hib_practice_field(call, "reply_control");
    const char *wrong = NULL;
    if (text && hib_text_threads(text) > CHARACTERS)
        wrong = "Param text must be at most 500 characters long.";
    else if (text && count_links(text) > LINKS)
        wrong = "The post contains more than 5 links.";
    else if (g_str_equal(type, "TEXT") && (!text || !*text))
        wrong = "The parameter text is required";
    else if (topic && (!*topic || g_utf8_strlen(topic, -1) > TOPIC || strpbrk(topic, ".&")))
        wrong = "Param topic_tag must be 1 to 50 characters long, without periods and ampersands.";
    else if (audience && !g_strv_contains(audiences, audience))
        wrong = "Param reply_control must be one of {EVERYONE, ACCOUNTS_YOU_FOLLOW, "
                "MENTIONED_ONLY, PARENT_POST_AUTHOR_ONLY, FOLLOWERS_ONLY}";
    else if (hib_practice_field(call, "link_attachment") && !g_str_equal(type, "TEXT"))
        wrong = "Param link_attachment is only for posts of text";
    if (wrong)
        hib_meta_face_invalid(call, wrong);
    return !wrong;
}

/* What is answered or quoted is there. */
static bool
check_place(HibPracticeCall *call, const HibPracticeAccount *account)
{
    const char *const names[] = {"reply_to_id", "quote_post_id"};
    MetaRow row;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *id = hib_practice_field(call, names[i]);
        if (id && !hib_meta_face_row(call, account, id, &row))
            return refuse(
                call, 24, 4279009, "The requested resource does not exist",
                hib_arena_printf(call->arena, "The media with id %s cannot be found.", id));
    }
    return true;
}

/* False after refusing. */
static bool
read_source(HibPracticeCall *call, const HibPracticeAccount *account, const char *type,
            cJSON *facts)
{
    bool is_image = g_str_equal(type, "IMAGE"), is_video = g_str_equal(type, "VIDEO");
    const char *url = hib_practice_field(call, is_video ? "video_url" : "image_url"), *mime;
    cJSON *children;
    if (g_str_equal(type, "CAROUSEL")) {
        if (!hib_meta_face_children(call, account, CHILDREN, &children))
            return false;
        cJSON_AddItemToObject(facts, "children", children);
    }
    if (!is_image && !is_video)
        return true;
    if (!url || !*url) {
        hib_meta_face_invalid(call, is_video ? "The parameter video_url is required"
                                             : "The parameter image_url is required");
        return false;
    }
    hib_meta_face_set(facts, "media_url", url);
    hib_meta_face_set_int(facts, "is_video", is_video);
    if (is_video || hib_meta_face_fetch(call, url, &mime))
        return true;
    return refuse(call, 1, 2207052, "An unknown error occurred",
                  "The media could not be fetched from this URI.");
}

void
hib_threads_face_create(HibPracticeCall *call)
{
    static const char *const known[] = {"TEXT", "IMAGE", "VIDEO", "CAROUSEL", NULL};
    static const char *const kept[] = {"text",          "alt_text",  "reply_to_id",
                                       "reply_control", "topic_tag", "link_attachment",
                                       "quote_post_id"};
    const HibPracticeAccount *account = hib_meta_face_own(call, "threads_content_publish");
    const char *type = hib_practice_field(call, "media_type"), *mime,
               *item = hib_practice_field(call, "is_carousel_item");
    if (!account)
        return;
    if (!type || !g_strv_contains(known, type)) {
        hib_meta_face_invalid(call,
                              "Param media_type must be one of {TEXT, IMAGE, VIDEO, CAROUSEL}");
        return;
    }
    if (!check_words(call, type) || !check_place(call, account))
        return;
    cJSON *facts = cJSON_CreateObject();
    if (!read_source(call, account, type, facts)) {
        cJSON_Delete(facts);
        return;
    }
    hib_meta_face_set(facts, "type", type);
    hib_meta_face_set_int(facts, "is_item", item && g_str_equal(item, "true"));
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
        hib_meta_face_set(facts, kept[i], hib_practice_field(call, kept[i]));
    bool is_video = g_str_equal(type, "VIDEO");
    const char *url = is_video ? hib_meta_face_text(facts, "media_url") : NULL;
    bool is_lost = url && !hib_meta_face_fetch(call, url, &mime);
    const char *id =
        hib_meta_face_container_new(call, account, facts, is_video ? META_PROCESSING : 0);
    if (is_lost) { /* a video is fetched afterwards: the container says so */
        hib_meta_face_set(facts, "why", "FAILED_DOWNLOADING_VIDEO");
        hib_meta_face_set_int(facts, "fails", 1);
        hib_meta_face_keep(call->face, "container", id, facts);
    }
    hib_meta_face_id(call, id);
}

cJSON *
hib_threads_face_container_json(HibPracticeCall *call, const char *id, const cJSON *container)
{
    const char *status = hib_meta_face_container_status(call->face, container),
               *why = hib_meta_face_text(container, "why");
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "id", id);
    cJSON_AddStringToObject(out, "status", status);
    hib_meta_face_add(out, "error_message",
                      !g_str_equal(status, "ERROR") ? NULL
                      : why                         ? why
                                                    : "FAILED_PROCESSING_VIDEO");
    return out;
}

/* --- publishing --------------------------------------------------------------------------------------------------------------------------- */
const char *
hib_threads_face_quota(HibPracticeCall *call, const HibPracticeAccount *account, const char *what)
{
    return hib_arena_printf(call->arena, "%s %s", what, account->id);
}

static cJSON *
part_json(const char *id, const cJSON *container)
{
    const char *type = hib_meta_face_text(container, "type");
    cJSON *out = cJSON_CreateObject();
    hib_meta_face_set(out, "id", id);
    hib_meta_face_set(out, "media_type",
                      g_str_equal(type, "TEXT")       ? "TEXT_POST"
                      : g_str_equal(type, "CAROUSEL") ? "CAROUSEL_ALBUM"
                                                      : type);
    hib_meta_face_set(out, "media_url", hib_meta_face_text(container, "media_url"));
    hib_meta_face_set(out, "alt_text", hib_meta_face_text(container, "alt_text"));
    return out;
}

static const char *
extra_of(HibPracticeCall *call, const cJSON *container)
{
    cJSON *out = part_json(NULL, container);
    const cJSON *children = cJSON_GetObjectItemCaseSensitive(container, "children"), *id;
    const char *audience = hib_meta_face_text(container, "reply_control");
    g_autofree char *shouted = g_ascii_strup(audience ? audience : "everyone", -1);
    hib_meta_face_set(out, "topic", hib_meta_face_text(container, "topic_tag"));
    hib_meta_face_set(out, "link", hib_meta_face_text(container, "link_attachment"));
    hib_meta_face_set(out, "quote", hib_meta_face_text(container, "quote_post_id"));
    hib_meta_face_set(out, "audience", shouted);
    cJSON *parts = children ? cJSON_AddArrayToObject(out, "children") : NULL;
    cJSON_ArrayForEach(id, children)
    {
        const cJSON *child = hib_meta_face_kept(call->face, "container", id->valuestring);
        cJSON_AddItemToArray(parts, part_json(id->valuestring, child));
    }
    return hib_json_print(call->arena, out);
}

void
hib_threads_face_publish(HibPracticeCall *call)
{
    const HibPracticeAccount *account = hib_meta_face_own(call, "threads_content_publish");
    const char *id = hib_practice_field(call, "creation_id");
    const cJSON *container = account ? hib_meta_face_container(call, account, id) : NULL;
    if (!account)
        return;
    bool is_ready = container && !hib_meta_face_int(container, "is_item") &&
                    g_str_equal(hib_meta_face_container_status(call->face, container), "FINISHED");
    if (!is_ready) { /* not ready, expired, published: Threads says the same of all */
        refuse(
            call, 24, 4279009, "The requested resource does not exist",
            hib_arena_printf(call->arena, "The media with id %s cannot be found.", id ? id : ""));
        return;
    }
    const char *parent = hib_meta_face_text(container, "reply_to_id"),
               *url = hib_meta_face_text(container, "media_url");
    if (!hib_practice_take(call, HIB_REFUSE_QUOTA,
                           hib_threads_face_quota(call, account, parent ? "reply" : "post"),
                           parent ? THREADS_REPLIES_A_DAY : THREADS_POSTS_A_DAY, HIB_DAY, 1))
        return;
    int n = cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(container, "children"));
    const HibPracticePost post = {.id = hib_practice_id(call),
                                  .account = account->id,
                                  .kind = parent ? "reply" : "post",
                                  .text = hib_meta_face_text(container, "text"),
                                  .parent = parent,
                                  .media = url,
                                  .extra = extra_of(call, container),
                                  .at = hib_practice_now(call->face),
                                  .n_images = n     ? n
                                              : url ? 1
                                                    : 0,
                                  .length =
                                      hib_meta_face_int(container, "is_video") ? VIDEO_LENGTH : 0};
    const char *media = hib_practice_post_add(call->face, &post)->id;
    hib_meta_face_container_published(call, id, media);
    hib_meta_face_id(call, media);
}

/* --- what is left of the day -------------------------------------------------------------------------------------------------------------- */
void
hib_threads_face_limit(HibPracticeCall *call)
{
    static const struct {
        const char *what, *usage, *config;
        int64_t total;
    } rows[] = {{"post", "quota_usage", "config", THREADS_POSTS_A_DAY},
                {"reply", "reply_quota_usage", "reply_config", THREADS_REPLIES_A_DAY},
                {"delete", "delete_quota_usage", "delete_config", THREADS_DELETES_A_DAY}};
    const HibPracticeAccount *account = hib_meta_face_own(call, "threads_basic");
    const char *fields = hib_practice_field(call, "fields");
    g_auto(GStrv) asked = g_strsplit(fields ? fields : "quota_usage", ",", 20);
    if (!account)
        return;
    cJSON *out = cJSON_CreateObject(), *one = cJSON_CreateObject();
    cJSON_AddItemToArray(cJSON_AddArrayToObject(out, "data"), one);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        HibPracticeWindow day =
            hib_practice_window(call->face, hib_threads_face_quota(call, account, rows[i].what),
                                rows[i].total, HIB_DAY);
        if (g_strv_contains((const char *const *)asked, rows[i].usage))
            hib_meta_face_add_int(one, rows[i].usage, day.used);
        if (!g_strv_contains((const char *const *)asked, rows[i].config))
            continue;
        cJSON *config = cJSON_AddObjectToObject(one, rows[i].config);
        hib_meta_face_add_int(config, "quota_total", rows[i].total);
        hib_meta_face_add_int(config, "quota_duration", HIB_DAY / HIB_SECOND);
    }
    hib_practice_json(call, 200, out);
}
