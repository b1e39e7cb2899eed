/* The workspace's words over HTTP, and how a text counts on each network as it will be sent. */
#include "base/error.h"
#include "http/call.h"
#include "plan/plan_private.h"
#include "text/links.h"
#include <string.h>

/* --- out ---------------------------------------------------------------------------------------------------------- */
static HibApiTagSet
tag_set_out(HibArena *arena, const HibTagSet *set)
{
    HibApiTagSet out = {
        .id = set->id, .name = set->name, .updated_at = set->updated_at, .version = set->version};
    out.tags = hib_tags_split(arena, set->tags, '\n', &out.n_tags);
    return out;
}

static HibApiMention
mention_out(HibArena *arena, const HibMention *mention)
{
    HibApiHandle *handles = hib_arena_array(arena, HibApiHandle, mention->n_handles + 1);
    for (size_t i = 0; i < mention->n_handles; i++)
        handles[i] = (HibApiHandle){.network = mention->handles[i].network,
                                    .handle = mention->handles[i].handle};
    return (HibApiMention){.id = mention->id,
                           .name = mention->name,
                           .handles = handles,
                           .n_handles = mention->n_handles,
                           .updated_at = mention->updated_at,
                           .version = mention->version};
}

static HibApiLinkTags
links_out(HibArena *arena, const HibLinkTags *links)
{
    HibApiLinkCode *codes = hib_arena_array(arena, HibApiLinkCode, links->n_codes + 1);
    const char **hosts = hib_arena_array(arena, const char *, links->n_hosts + 1);
    for (size_t i = 0; i < links->n_codes; i++)
        codes[i] = (HibApiLinkCode){.campaign_id = links->codes[i].campaign_id,
                                    .code = links->codes[i].code};
    for (size_t i = 0; i < links->n_hosts; i++)
        hosts[i] = links->hosts[i];
    return (HibApiLinkTags){.is_on = links->is_on,
                            .hosts = hosts,
                            .n_hosts = links->n_hosts,
                            .medium = links->medium,
                            .codes = codes,
                            .n_codes = links->n_codes};
}

bool
hib_on_get_kit(HibCall *call, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibKit kit;
    const char *base;
    if (!hib_plan_kit(hib_call_db(call), &kit, error) ||
        !hib_links_base(hib_call_db(call), &base, error))
        return false;
    HibApiTagSet *sets = hib_arena_array(arena, HibApiTagSet, kit.n_tag_sets + 1);
    HibApiMention *mentions = hib_arena_array(arena, HibApiMention, kit.n_mentions + 1);
    for (size_t i = 0; i < kit.n_tag_sets; i++)
        sets[i] = tag_set_out(arena, &kit.tag_sets[i]);
    for (size_t i = 0; i < kit.n_mentions; i++)
        mentions[i] = mention_out(arena, &kit.mentions[i]);
    const HibApiKit out = {.tag_sets = sets,
                           .n_tag_sets = kit.n_tag_sets,
                           .mentions = mentions,
                           .n_mentions = kit.n_mentions,
                           .links = links_out(arena, &kit.links),
                           .short_base = base,
                           .has_short_base = base != NULL};
    return hib_reply_kit(call, 200, &out);
}

/* --- sets of hashtags ----------------------------------------------------------------------------------------------- */
static bool
put_tag_set(HibCall *call, int status, const char *id, int64_t version, const HibApiTagSetDraft *in,
            GError **error)
{
    HibTagSet set;
    if (!hib_plan_put_tag_set(hib_call_db(call), id, version, in->name,
                              (const char *const *)in->tags, in->n_tags, &set, error))
        return false;
    const HibApiTagSet out = tag_set_out(hib_call_arena(call), &set);
    return hib_reply_tag_set(call, status, &out);
}

bool
hib_on_create_tag_set(HibCall *call, const HibApiTagSetDraft *in, GError **error)
{
    return put_tag_set(call, 201, NULL, 0, in, error);
}

bool
hib_on_change_tag_set(HibCall *call, const char *tag_set, const HibApiTagSetUpdate *in,
                      GError **error)
{
    return put_tag_set(call, 200, tag_set, in->version, &in->tag_set, error);
}

bool
hib_on_delete_tag_set(HibCall *call, const char *tag_set, GError **error)
{
    return hib_plan_drop_tag_set(hib_call_db(call), tag_set, error) &&
           hib_call_reply_empty(call, 204);
}

/* --- mentions ----------------------------------------------------------------------------------------------------------- */
static bool
put_mention(HibCall *call, int status, const char *id, int64_t version,
            const HibApiMentionDraft *in, GError **error)
{
    HibMention mention;
    HibHandle *handles = hib_arena_array(hib_call_arena(call), HibHandle, in->n_handles + 1);
    for (size_t i = 0; i < in->n_handles; i++)
        handles[i] = (HibHandle){in->handles[i].network, in->handles[i].handle};
    if (!hib_plan_put_mention(hib_call_db(call), id, version, in->name, handles, in->n_handles,
                              &mention, error))
        return false;
    const HibApiMention out = mention_out(hib_call_arena(call), &mention);
    return hib_reply_mention(call, status, &out);
}

bool
hib_on_create_mention(HibCall *call, const HibApiMentionDraft *in, GError **error)
{
    return put_mention(call, 201, NULL, 0, in, error);
}

bool
hib_on_change_mention(HibCall *call, const char *mention, const HibApiMentionUpdate *in,
                      GError **error)
{
    return put_mention(call, 200, mention, in->version, &in->mention, error);
}

bool
hib_on_delete_mention(HibCall *call, const char *mention, GError **error)
{
    return hib_plan_drop_mention(hib_call_db(call), mention, error) &&
           hib_call_reply_empty(call, 204);
}

/* --- links ---------------------------------------------------------------------------------------------------------------- */
bool
hib_on_set_link_tags(HibCall *call, const HibApiLinkTags *in, GError **error)
{
    HibKit kit;
    HibLinkCode *codes = hib_arena_array(hib_call_arena(call), HibLinkCode, in->n_codes + 1);
    for (size_t i = 0; i < in->n_codes; i++)
        codes[i] = (HibLinkCode){in->codes[i].campaign_id, in->codes[i].code};
    const HibLinkTags tags = {.is_on = in->is_on,
                              .hosts = (const char *const *)in->hosts,
                              .n_hosts = in->n_hosts,
                              .medium = in->medium,
                              .codes = codes,
                              .n_codes = in->n_codes};
    if (!hib_plan_set_link_tags(hib_call_db(call), &tags, error) ||
        !hib_plan_kit(hib_call_db(call), &kit, error))
        return false;
    const HibApiLinkTags out = links_out(hib_call_arena(call), &kit.links);
    return hib_reply_link_tags(call, 200, &out);
}

/* --- counting --------------------------------------------------------------------------------------------------------------- */
static size_t
n_tags_of(HibArena *arena, const char *text)
{
    const HibLink *links = NULL;
    size_t n = hib_text_links(arena, text, &links), n_tags = 0;
    for (size_t i = 0; i < n; i++)
        n_tags += links[i].kind == HIB_LINK_TAG;
    return n_tags;
}

/* In the network's usual form where it has not the one asked for. */
static void
count_on(HibArena *arena, const HibNetwork *network, const HibWording *wording,
         const HibApiCountText *in, HibApiTextCount *out)
{
    HibNetFormat format = in->has_format ? (HibNetFormat)in->format : HIB_FORMAT_POST;
    const HibNetLimits *limits = network->limits();
    if (!hib_net_format(limits, format))
        format = limits->formats[0].format;
    const char *text = hib_plan_word_for(arena, wording, network->name, NULL, in->text);
    HibNetCount count = hib_net_count(network, format, text);
    *out = (HibApiTextCount){
        .network = network->name,
        .used = count.used,
        .max = count.max,
        .bytes = count.bytes,
        .max_bytes = count.max_bytes,
        .is_over = count.is_over,
        .hashtags = (int64_t)n_tags_of(arena, text),
        .max_hashtags = limits->max_hashtags,
        .text = text,
        .has_text = !g_str_equal(text, in->text),
    };
}

static size_t
n_networks(void)
{
    size_t n = 0;
    while (hib_networks[n])
        n++;
    return n;
}

/* Without `networks`: on each there is. */
bool
hib_on_count_text(HibCall *call, const HibApiCountText *in, GError **error)
{
    HibWording wording;
    size_t n = in->has_networks ? in->n_networks : n_networks();
    HibApiTextCount *rows = hib_arena_array(hib_call_arena(call), HibApiTextCount, n + 1);
    if (!hib_plan_wording(hib_call_db(call), in->has_campaign_id ? in->campaign_id : NULL, &wording,
                          error) ||
        (in->has_is_short && in->is_short &&
         !hib_links_base(hib_call_db(call), &wording.short_base, error)))
        return false;
    for (size_t i = 0; i < n; i++) {
        const HibNetwork *network =
            in->has_networks ? hib_network_find(in->networks[i]) : hib_networks[i];
        if (!network) {
            g_autofree char *at = g_strdup_printf("/networks/%zu", i);
            hib_error_set_at(error, HIB_ERROR_INVALID, "accounts.network_unknown", at,
                             "no network %s", in->networks[i]);
            return false;
        }
        count_on(hib_call_arena(call), network, &wording, in, &rows[i]);
    }
    const HibApiCountList out = {.counts = rows, .n_counts = n};
    return hib_reply_count_list(call, 200, &out);
}
