/* UTM: marking the links of own sites, and what a workspace lets their fields say. Pure. */
#include "base/error.h"
#include "links/links_private.h"
#include <string.h>

const char *const hib_utm_names[HIB_UTM_FIELDS] = {"utm_source", "utm_medium", "utm_campaign",
                                                   "utm_term", "utm_content"};

bool
hib_utm_is_own(const HibUtm *utm, const char *url)
{
    const char *host = strstr(url, "://");
    if (!host)
        return false;
    host += 3;
    size_t n = strcspn(host, "/?#:");
    for (size_t i = 0; i < utm->n_hosts; i++) {
        const char *own = utm->hosts[i];
        size_t own_n = strlen(own);
        if (n >= own_n && g_ascii_strncasecmp(host + n - own_n, own, own_n) == 0 &&
            (n == own_n || host[n - own_n - 1] == '.'))
            return true;
    }
    return false;
}

/* What somebody marked by hand stays as it is. */
bool
hib_utm_is_marked(const char *url)
{
    return strstr(url, "?utm_") || strstr(url, "&utm_");
}

static void
add(GString *out, const char *joint, HibUtmField field, const char *value)
{
    g_autofree char *escaped = g_uri_escape_string(value, NULL, FALSE);
    g_string_append_printf(out, "%s%s=%s", joint, hib_utm_names[field], escaped);
}

const char *
hib_utm_mark(HibArena *arena, const HibUtm *utm, const char *url, const char *source,
             const char *campaign)
{
    const char *host = strstr(url, "://") + 3;
    size_t before = strcspn(url, "#");
    bool has_query = memchr(url, '?', before) != NULL;
    bool is_bare = host[strcspn(host, "/?#")] != '/';
    bool is_open = has_query && (url[before - 1] == '?' || url[before - 1] == '&');
    g_autoptr(GString) out = g_string_new_len(url, (gssize)before);
    add(out, is_open ? "" : has_query ? "&" : is_bare ? "/?" : "?", HIB_UTM_SOURCE, source);
    add(out, "&", HIB_UTM_MEDIUM, utm->medium);
    if (campaign)
        add(out, "&", HIB_UTM_CAMPAIGN, campaign);
    g_string_append(out, url + before);
    return hib_arena_strdup(arena, out->str);
}

/* --- naming ------------------------------------------------------------------------------------------------------- */
static bool
refuse(GError **error, const char *reason, HibUtmField field, const char *value,
       const char *pointer)
{
    hib_error_set_at(error, HIB_ERROR_INVALID, reason, pointer, "%s: %s", hib_utm_names[field],
                     value ? value : "missing");
    if (error) {
        hib_error_set_detail(*error, "field", hib_utm_names[field]);
        hib_error_set_detail(*error, "value", value ? value : "");
    }
    return false;
}

static bool
is_lower(const char *value)
{
    for (const char *at = value; *at; at = g_utf8_next_char(at))
        if (g_unichar_isupper(g_utf8_get_char(at)))
            return false;
    return true;
}

bool
hib_utm_check_value(const HibUtm *utm, HibUtmField field, const char *value, const char *pointer,
                    GError **error)
{
    const HibUtmRule *rule = &utm->rules[field];
    if (!value || !*value)
        return !rule->is_required || refuse(error, "links.utm_missing", field, NULL, pointer);
    if (utm->is_lower && !is_lower(value))
        return refuse(error, "links.utm_case", field, value, pointer);
    bool is_allowed = !rule->n_allowed;
    for (size_t i = 0; i < rule->n_allowed && !is_allowed; i++)
        is_allowed = g_str_equal(rule->allowed[i], value);
    if (!is_allowed)
        return refuse(error, "links.utm_value", field, value, pointer);
    if (rule->pattern && !g_pattern_match_simple(rule->pattern, value))
        return refuse(error, "links.utm_pattern", field, value, pointer);
    return true;
}

/* The value as it was meant; the first one counts where a field stands twice. NULL: it does not stand there. */
static const char *
value_of(HibArena *arena, const char *url, HibUtmField field)
{
    const char *query = strchr(url, '?'), *end = url + strcspn(url, "#");
    size_t n_name = strlen(hib_utm_names[field]);
    for (const char *at = query; at && at < end; at = memchr(at, '&', (size_t)(end - at))) {
        at++;
        if (strncmp(at, hib_utm_names[field], n_name) != 0 || at[n_name] != '=')
            continue;
        g_autofree char *raw = g_strndup(at + n_name + 1, strcspn(at + n_name + 1, "&#"));
        g_strdelimit(raw, "+", ' ');
        g_autofree char *text = g_uri_unescape_string(raw, NULL);
        return hib_arena_strdup(arena, text && g_utf8_validate(text, -1, NULL) ? text : raw);
    }
    return NULL;
}

bool
hib_utm_check(HibArena *arena, const HibUtm *utm, const char *url, const char *pointer,
              GError **error)
{
    bool is_marked = hib_utm_is_marked(url);
    if (!is_marked && !hib_utm_is_own(utm, url))
        return true;
    for (HibUtmField i = 0; i < HIB_UTM_FIELDS; i++)
        if (!hib_utm_check_value(utm, i, value_of(arena, url, i), pointer, error))
            return false;
    return true;
}
