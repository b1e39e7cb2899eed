/* What an instance is: its software decides how far a key holds and how texts count, its configuration what it takes. Read once, when an
 * account is connected, and kept as JSON in the grant's `extra`:
 * {"software":"mastodon","version":"4.5.0","max_characters":500,"max_media":4,"max_alt":1500,"types":["image/jpeg",…],
 *  "image_bytes":…,"image_pixels":…,"video_bytes":…,"video_pixels":…,"video_fps":…}. What the server did not say is not in it. */
#include "networks/mastodon_limits.h"
#include "networks/mastodon_private.h"

#include <math.h>
#include <string.h>

/* --- asking ----------------------------------------------------------------------------------------------------------------- */
static HibJson
ask(const HibNetContext *net, const char *service, const char *path)
{
    const MastodonRequest request = {.kind = HIB_CALL_READ, .method = "GET", .path = path};
    HibJson in;
    HibNetResult said = hib_mastodon_call(net, service, &request, &in);
    return said.class == HIB_NET_OK ? in : (HibJson){.arena = net->arena, .path = ""};
}

static HibJson
part(HibJson in, const char *key)
{
    HibJson out = {.arena = in.arena, .path = ""};
    if (in.value)
        (void)hib_json_opt_object(in, key, &out, NULL);
    return out;
}

/* Name and version of the software, which nodeinfo says plainly; a document elsewhere than on this server is not asked for. */
static void
ask_software(const HibNetContext *net, const char *service, cJSON *extra)
{
    HibJson links = {0}, well_known = ask(net, service, "/.well-known/nodeinfo");
    const char *own = hib_arena_printf(net->arena, "%s/", service), *found = NULL;
    if (!well_known.value || !hib_json_array(well_known, "links", &links, NULL))
        return;
    for (HibJson one = hib_json_first(links); one.value; one = hib_json_next(links, one)) {
        const char *href = NULL;
        if (cJSON_IsObject(one.value) && hib_json_text(one, "href", &href, NULL) &&
            g_str_has_prefix(href, own) && strlen(href) < 500)
            found = href;
    }
    if (!found)
        return;
    HibJson software = part(ask(net, service, found + strlen(service)), "software");
    const char *name = NULL, *version = NULL;
    if (!software.value || !hib_json_text(software, "name", &name, NULL) || strlen(name) > 50)
        return;
    g_autofree char *lower = g_ascii_strdown(name, -1);
    cJSON_AddStringToObject(extra, "software", lower);
    if (hib_json_text(software, "version", &version, NULL) && strlen(version) <= 100)
        cJSON_AddStringToObject(extra, "version", version);
}

static void
copy_number(HibJson in, const char *key, cJSON *extra, const char *as)
{
    int64_t value = 0;
    if (in.value && hib_json_opt_int(in, key, &value, NULL) && value > 0)
        cJSON_AddNumberToObject(extra, as, (double)value);
}

static void
copy_types(HibJson media, cJSON *extra)
{
    HibJson types = {0};
    if (!media.value || !hib_json_array(media, "supported_mime_types", &types, NULL))
        return;
    cJSON *out = cJSON_AddArrayToObject(extra, "types");
    for (HibJson one = hib_json_first(types); one.value && cJSON_GetArraySize(out) < 100;
         one = hib_json_next(types, one))
        if (cJSON_IsString(one.value) && strlen(one.value->valuestring) < 100)
            cJSON_AddItemToArray(out, cJSON_CreateString(one.value->valuestring));
}

/* "example.social" of "https://example.social/" too, as some software says it. */
static const char *
bare_domain(HibArena *arena, const char *said)
{
    const char *from = said && strstr(said, "://") ? strstr(said, "://") + 3 : said;
    size_t n = from ? strcspn(from, "/") : 0;
    return n > 0 && n < 254 && !strpbrk(from, " @\r\n?#") ? hib_arena_strndup(arena, from, n)
                                                          : NULL;
}

const char *
hib_mastodon_ask_instance(const HibNetContext *net, const char *service, const char **ret_domain)
{
    g_autoptr(cJSON) extra = cJSON_CreateObject();
    const char *domain = NULL;
    ask_software(net, service, extra);
    HibJson instance = ask(net, service, "/api/v2/instance");
    if (instance.value) {
        (void)hib_json_opt_text(instance, "domain", &domain, NULL);
        (void)hib_json_opt_text(instance, "account_domain", &domain, NULL); /* GoToSocial */
    } else if ((instance = ask(net, service, "/api/v1/instance")).value)
        (void)hib_json_opt_text(instance, "uri", &domain, NULL);
    *ret_domain = bare_domain(net->arena, domain);
    if (!*ret_domain)
        *ret_domain = bare_domain(net->arena, service);
    HibJson configuration = part(instance, "configuration");
    HibJson statuses = part(configuration, "statuses");
    HibJson media = part(configuration, "media_attachments");
    copy_number(statuses, "max_characters", extra, "max_characters");
    copy_number(statuses, "max_media_attachments", extra, "max_media");
    copy_number(media, "description_limit", extra, "max_alt");
    copy_number(media, "image_size_limit", extra, "image_bytes");
    copy_number(media, "image_matrix_limit", extra, "image_pixels");
    copy_number(media, "video_size_limit", extra, "video_bytes");
    copy_number(media, "video_matrix_limit", extra, "video_pixels");
    copy_number(media, "video_frame_rate_limit", extra, "video_fps");
    if (!cJSON_HasObjectItem(extra, "max_characters")) /* Pleroma's name for it */
        copy_number(instance, "max_toot_chars", extra, "max_characters");
    copy_types(media, extra);
    return hib_net_progress_text(net->arena, extra);
}

/* --- what is known ---------------------------------------------------------------------------------------------------------------- */
static const char *
known_text(const cJSON *extra, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(extra, key);
    return cJSON_IsString(item) ? item->valuestring : "";
}

static int64_t
known_number(const cJSON *extra, const char *key, int64_t otherwise)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(extra, key);
    return cJSON_IsNumber(item) && item->valuedouble >= 1 && item->valuedouble <= 1e12
               ? (int64_t)item->valuedouble
               : otherwise;
}

static bool
is_fork(const char *software)
{
    g_auto(GStrv) names = g_strsplit(HIB_MASTODON_FORKS, " ", -1);
    return *software && g_strv_contains((const char *const *)names, software);
}

bool
hib_mastodon_is_genuine(const char *extra)
{
    g_autoptr(cJSON) known = hib_net_progress(extra);
    return is_fork(known_text(known, "software"));
}

bool
hib_mastodon_has_batch(const char *extra)
{
    g_autoptr(cJSON) known = hib_net_progress(extra);
    char *dot = NULL;
    gint64 major = g_ascii_strtoll(known_text(known, "version"), &dot, 10);
    gint64 minor = dot && *dot == '.' ? g_ascii_strtoll(dot + 1, NULL, 10) : 0;
    return is_fork(known_text(known, "software")) &&
           (major > HIB_MASTODON_BATCH_MAJOR ||
            (major == HIB_MASTODON_BATCH_MAJOR && minor >= HIB_MASTODON_BATCH_MINOR));
}

/* --- limits ----------------------------------------------------------------------------------------------------------------------- */
/* Those of ours that the server lists; all of ours when it lists none. NULL: none is left. */
static const char *const *
shared_types(HibArena *arena, const cJSON *extra, const char *const *ours)
{
    const cJSON *listed = cJSON_GetObjectItemCaseSensitive(extra, "types");
    if (!cJSON_IsArray(listed) || !listed->child)
        return ours;
    size_t n = 0, most = 0;
    while (ours[most])
        most++;
    const char **out = hib_arena_array(arena, const char *, most + 1);
    for (size_t i = 0; i < most; i++)
        for (const cJSON *one = listed->child; one; one = one->next)
            if (cJSON_IsString(one) && g_str_equal(one->valuestring, ours[i])) {
                out[n++] = ours[i];
                break;
            }
    return n ? out : NULL;
}

static void
narrow(HibArena *arena, const cJSON *extra, const char *kind, double shape, HibNetMediaSpec *spec)
{
    g_autofree char *bytes = g_strconcat(kind, "_bytes", NULL);
    g_autofree char *pixels = g_strconcat(kind, "_pixels", NULL);
    if (!spec->types)
        return;
    spec->types = shared_types(arena, extra, spec->types);
    spec->max_bytes = known_number(extra, bytes, spec->max_bytes);
    int64_t matrix = known_number(extra, pixels, 0);
    if (matrix) /* the side that keeps a picture of that shape within the number of pixels */
        spec->max_width = spec->max_height = (int)MIN(floor(sqrt((double)matrix * shape)), 100000);
}

const HibNetLimits *
hib_mastodon_limits_of(HibArena *arena, const char *text)
{
    g_autoptr(cJSON) extra = hib_net_progress(text);
    HibNetLimits *out = hib_arena_new0(arena, HibNetLimits);
    HibNetFormatLimits *formats =
        hib_arena_array(arena, HibNetFormatLimits, G_N_ELEMENTS(mastodon_formats));
    *out = mastodon_limits;
    if (*known_text(extra, "software") && !is_fork(known_text(extra, "software")))
        out->unit = HIB_UNIT_CHARS; /* a link is as long as it is */
    out->max_text = (int)MIN(known_number(extra, "max_characters", out->max_text), 1000000);
    out->max_alt = (int)MIN(known_number(extra, "max_alt", out->max_alt), 1000000);
    for (size_t i = 0; i < G_N_ELEMENTS(mastodon_formats); i++) {
        HibNetFormatLimits *form = &formats[i];
        *form = mastodon_formats[i];
        form->max_text = out->max_text;
        form->max_media = (int)MIN(known_number(extra, "max_media", form->max_media), 100);
        form->video.max_fps =
            (double)known_number(extra, "video_fps", (int64_t)form->video.max_fps);
        narrow(arena, extra, "image", 1, &form->image);
        narrow(arena, extra, "video", 16.0 / 9, &form->video);
        form->gif.types = shared_types(arena, extra, form->gif.types);
        form->gif.max_bytes = form->image.max_bytes;
    }
    out->formats = formats;
    return out;
}
