/* What a post said before, over HTTP. Bringing it back is publish/'s operation, as any change is. */
#include "http/call.h"
#include "plan/plan_private.h"

static HibApiPostVersionHead
head_of(const HibPostVersion *version)
{
    return (HibApiPostVersionHead){.version = version->version,
                                   .began_at = version->began_at,
                                   .saved_at = version->saved_at,
                                   .saved_by = version->saved_by,
                                   .has_saved_by = version->saved_by != NULL,
                                   .saved_by_name =
                                       version->saved_by_name ? version->saved_by_name : ""};
}

bool
hib_on_list_post_versions(HibCall *call, const char *post, GError **error)
{
    HibPostVersion *rows;
    size_t n;
    if (!hib_plan_versions(hib_call_db(call), post, &rows, &n, error))
        return false;
    HibApiPostVersionHead *out = hib_arena_array(hib_call_arena(call), HibApiPostVersionHead, n);
    for (size_t i = 0; i < n; i++)
        out[i] = head_of(&rows[i]);
    const HibApiPostVersionList list = {.versions = out, .n_versions = n};
    return hib_reply_post_version_list(call, 200, &list);
}

bool
hib_on_get_post_version(HibCall *call, const char *post, const char *version, GError **error)
{
    HibPostVersion found;
    HibApiPostVersion out = {0};
    if (!hib_plan_version(hib_call_db(call), post, version, &found, error) ||
        !hib_version_draft(hib_call_arena(call), &found, &out.content, error))
        return false;
    out.head = head_of(&found);
    return hib_reply_post_version(call, 200, &out);
}
