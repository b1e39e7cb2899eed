/* Mastodon's face: what accounts and the instance look like, whole as Mastodon's own. */
#include "practice/mastodon_private.h"

static void
add_empty(cJSON *out, const char *name)
{
    cJSON_AddItemToObject(out, name, cJSON_CreateArray());
}

/* --- accounts -------------------------------------------------------------------------------------------------------- */
cJSON *
hib_masto_face_person_json(HibPracticeCall *call, const MastodonPerson *person)
{
    static const char *const pictures[] = {"avatar", "avatar_static", "header", "header_static"};
    static const char *const no[] = {"locked", "bot", "group", "indexable", "discoverable"};
    cJSON *out = cJSON_CreateObject();
    const char *origin = hib_practice_url(call->face);
    cJSON_AddStringToObject(out, "id", person->id);
    cJSON_AddStringToObject(out, "username", person->handle);
    cJSON_AddStringToObject(out, "acct", person->handle);
    cJSON_AddStringToObject(out, "display_name", person->name);
    for (size_t i = 0; i < G_N_ELEMENTS(no); i++)
        cJSON_AddBoolToObject(out, no[i], false);
    hib_masto_face_add_time(out, "created_at", HIB_SECOND * INT64_C(1700000000));
    cJSON_AddStringToObject(out, "note", "");
    cJSON_AddStringToObject(out, "url",
                            hib_arena_printf(call->arena, "%s/@%s", origin, person->handle));
    cJSON_AddStringToObject(out, "uri",
                            hib_arena_printf(call->arena, "%s/users/%s", origin, person->handle));
    for (size_t i = 0; i < G_N_ELEMENTS(pictures); i++)
        cJSON_AddStringToObject(out, pictures[i], "https://files.practice.invalid/missing.png");
    cJSON_AddNumberToObject(out, "followers_count", (double)person->followers);
    cJSON_AddNumberToObject(out, "following_count", 0);
    cJSON_AddNumberToObject(out, "statuses_count", (double)person->statuses);
    cJSON_AddNullToObject(out, "last_status_at");
    add_empty(out, "emojis");
    add_empty(out, "fields");
    return out;
}

cJSON *
hib_masto_face_account_json(HibPracticeCall *call, const HibPracticeAccount *account)
{
    const HibPracticePost *const *posts;
    const char *next;
    const HibPracticeQuery query = {.account = account->id};
    const MastodonPerson person = {
        .id = account->id,
        .handle = account->handle,
        .name = account->name,
        .followers = hib_practice_followers(call->face, account->id),
        .statuses = (int64_t)hib_practice_posts(call->face, call->arena, &query, &posts, &next)};
    return hib_masto_face_person_json(call, &person);
}

cJSON *
hib_masto_face_own_account_json(HibPracticeCall *call, const HibPracticeAccount *account)
{
    cJSON *out = hib_masto_face_account_json(call, account);
    cJSON *source = cJSON_AddObjectToObject(out, "source");
    cJSON_AddStringToObject(source, "privacy", "public");
    cJSON_AddBoolToObject(source, "sensitive", false);
    cJSON_AddBoolToObject(source, "indexable", false);
    cJSON_AddStringToObject(source, "language", "ja");
    cJSON_AddStringToObject(source, "note", "");
    cJSON_AddNumberToObject(source, "follow_requests_count", 0);
    add_empty(source, "fields");
    cJSON *role = cJSON_AddObjectToObject(out, "role"); /* everyone's */
    cJSON_AddStringToObject(role, "id", "-99");
    cJSON_AddStringToObject(role, "name", "");
    cJSON_AddStringToObject(role, "permissions", "65536");
    cJSON_AddStringToObject(role, "color", "");
    cJSON_AddBoolToObject(role, "highlighted", false);
    return out;
}

/* --- the instance ---------------------------------------------------------------------------------------------------------- */
static void
add_configuration(cJSON *out, bool is_second)
{
    static const char *const types[] = {"image/jpeg", "image/png",  "image/gif",
                                        "image/webp", "image/heic", "image/avif",
                                        "video/mp4",  "video/webm", "video/quicktime"};
    cJSON *config = cJSON_AddObjectToObject(out, "configuration");
    cJSON *accounts = cJSON_AddObjectToObject(config, "accounts");
    cJSON_AddNumberToObject(accounts, "max_featured_tags", 10);
    cJSON_AddNumberToObject(accounts, "max_pinned_statuses", 5);
    cJSON *statuses = cJSON_AddObjectToObject(config, "statuses");
    cJSON_AddNumberToObject(statuses, "max_characters", MASTODON_CHARACTERS);
    cJSON_AddNumberToObject(statuses, "max_media_attachments", MASTODON_MEDIA);
    cJSON_AddNumberToObject(statuses, "characters_reserved_per_url", 23);
    cJSON *media = cJSON_AddObjectToObject(config, "media_attachments");
    cJSON_AddItemToObject(media, "supported_mime_types",
                          cJSON_CreateStringArray(types, G_N_ELEMENTS(types)));
    cJSON_AddNumberToObject(media, "description_limit", 1500);
    cJSON_AddNumberToObject(media, "image_size_limit", MASTODON_IMAGE_BYTES);
    cJSON_AddNumberToObject(media, "image_matrix_limit", 33177600);
    cJSON_AddNumberToObject(media, "video_size_limit", MASTODON_VIDEO_BYTES);
    cJSON_AddNumberToObject(media, "video_frame_rate_limit", 120);
    cJSON_AddNumberToObject(media, "video_matrix_limit", 8294400);
    cJSON *polls = cJSON_AddObjectToObject(config, "polls");
    cJSON_AddNumberToObject(polls, "max_options", 4);
    cJSON_AddNumberToObject(polls, "max_characters_per_option", 50);
    cJSON_AddNumberToObject(polls, "min_expiration", 300);
    cJSON_AddNumberToObject(polls, "max_expiration", 2629746);
    if (!is_second)
        return;
    cJSON_AddObjectToObject(config, "urls");
    cJSON_AddBoolToObject(cJSON_AddObjectToObject(config, "translation"), "enabled", false);
}

static void
add_second(cJSON *out)
{
    cJSON_AddStringToObject(out, "domain", "practice.invalid");
    cJSON_AddStringToObject(out, "source_url", "https://github.com/mastodon/mastodon");
    cJSON_AddNumberToObject(cJSON_AddObjectToObject(out, "api_versions"), "mastodon", 7);
    cJSON *users = cJSON_AddObjectToObject(cJSON_AddObjectToObject(out, "usage"), "users");
    cJSON_AddNumberToObject(users, "active_month", 3);
    cJSON_AddStringToObject(cJSON_AddObjectToObject(out, "thumbnail"), "url",
                            "https://files.practice.invalid/thumbnail.png");
    cJSON *registrations = cJSON_AddObjectToObject(out, "registrations");
    cJSON_AddBoolToObject(registrations, "enabled", false);
    cJSON_AddBoolToObject(registrations, "approval_required", false);
    cJSON_AddStringToObject(cJSON_AddObjectToObject(out, "contact"), "email", "");
    add_empty(out, "icon");
}

static void
add_first(HibPracticeCall *call, cJSON *out)
{
    static const char *const no[] = {"registrations", "approval_required", "invites_enabled"};
    static const char *const counts[] = {"user_count", "status_count", "domain_count"};
    cJSON_AddStringToObject(out, "uri", "practice.invalid");
    cJSON_AddStringToObject(out, "short_description", "");
    cJSON_AddStringToObject(out, "email", "");
    for (size_t i = 0; i < G_N_ELEMENTS(no); i++)
        cJSON_AddBoolToObject(out, no[i], false);
    cJSON *stats = cJSON_AddObjectToObject(out, "stats");
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        cJSON_AddNumberToObject(stats, counts[i], 1);
    cJSON_AddStringToObject(cJSON_AddObjectToObject(out, "urls"), "streaming_api",
                            hib_practice_url(call->face));
}

void
hib_masto_face_instance(HibPracticeCall *call)
{
    bool is_second = g_str_has_prefix(call->path, "/api/v2/");
    static const char *const languages[] = {"ja"};
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "title", "Practice Mastodon");
    cJSON_AddStringToObject(out, "description", "");
    cJSON_AddStringToObject(out, "version", "4.5.0");
    cJSON_AddItemToObject(out, "languages", cJSON_CreateStringArray(languages, 1));
    add_empty(out, "rules");
    if (is_second)
        add_second(out);
    else
        add_first(call, out);
    add_configuration(out, is_second);
    hib_practice_json(call, 200, out);
}
