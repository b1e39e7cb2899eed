/* The library over HTTP. */
#include "http/call.h"
#include "plan/plan_private.h"

#define PAGE_USUAL 60

static HibApiMediaCard
card_out(const HibMediaCard *card)
{
    return (HibApiMediaCard){.version = card->version,
                             .title = card->title,
                             .note = card->note,
                             .alt = card->alt,
                             .tags = (const char **)card->tags,
                             .n_tags = card->n_tags,
                             .owner = card->owner,
                             .licence = (int)card->licence,
                             .terms = card->terms,
                             .source = card->source,
                             .expires_on = card->expires_on,
                             .has_expires_on = card->expires_on != NULL,
                             .consent = (int)card->consent,
                             .consent_until = card->consent_until,
                             .has_consent_until = card->consent_until != NULL,
                             .consent_paper = card->consent_paper};
}

static HibMediaCard
card_in(const HibApiMediaCard *in)
{
    return (HibMediaCard){.version = in->version,
                          .title = in->title,
                          .note = in->note,
                          .alt = in->alt,
                          .tags = (const char *const *)in->tags,
                          .n_tags = in->n_tags,
                          .owner = in->owner,
                          .licence = (HibLicence)in->licence,
                          .terms = in->terms,
                          .source = in->source,
                          .expires_on = in->has_expires_on ? in->expires_on : NULL,
                          .consent = (HibConsent)in->consent,
                          .consent_until = in->has_consent_until ? in->consent_until : NULL,
                          .consent_paper = in->consent_paper};
}

/* Names as the contract's enum, whose order is theirs. */
static int *
rights_out(HibArena *arena, const char *const *rights, size_t *ret_n)
{
    static const char *const names[] = {"expired", "consent_missing", "consent_ended", "unknown",
                                        "unsaid"};
    int *out = hib_arena_array(arena, int, G_N_ELEMENTS(names) + 1);
    *ret_n = 0;
    for (size_t i = 0; rights[i]; i++)
        for (size_t k = 0; k < G_N_ELEMENTS(names); k++)
            if (g_str_equal(names[k], rights[i]))
                out[(*ret_n)++] = (int)k;
    return out;
}

bool
hib_on_search_library(HibCall *call, const HibApiSearchLibraryQuery *in, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    const HibLibraryQuery query = {
        .words = in->has_q ? in->q : "",
        .tag = in->has_tag ? in->tag : NULL,
        .kind = in->has_kind ? hib_media_kind_name((HibMediaKind)in->kind) : NULL,
        .only = in->has_only ? (HibLibraryOnly)(in->only + 1) : HIB_LIBRARY_ALL,
        .limit = in->has_limit ? (int)in->limit : PAGE_USUAL,
        .cursor = in->has_cursor ? in->cursor : NULL};
    HibLibraryItem *items;
    const char *next;
    size_t n;
    if (!hib_library_search(hib_call_db(call), &query, &items, &n, &next, error))
        return false;
    HibApiLibraryItem *out = hib_arena_array(arena, HibApiLibraryItem, n + 1);
    for (size_t i = 0; i < n; i++) {
        out[i] = (HibApiLibraryItem){.media = hib_media_to_api(items[i].media),
                                     .card = card_out(items[i].card),
                                     .n_posts = items[i].n_posts,
                                     .n_alike = items[i].n_alike};
        out[i].rights = rights_out(arena, items[i].rights, &out[i].n_rights);
    }
    const HibApiLibrary reply = {
        .items = out, .n_items = n, .next_cursor = next, .has_next_cursor = next != NULL};
    return hib_reply_library(call, 200, &reply);
}

static HibApiMediaUse *
uses_out(HibArena *arena, const HibLibraryDetail *detail)
{
    HibApiMediaUse *out = hib_arena_array(arena, HibApiMediaUse, detail->n_uses + 1);
    for (size_t i = 0; i < detail->n_uses; i++)
        out[i] = (HibApiMediaUse){.post_id = detail->uses[i].post,
                                  .state = (int)detail->uses[i].state,
                                  .head = detail->uses[i].head,
                                  .due_at = detail->uses[i].due_at,
                                  .has_due_at = detail->uses[i].has_due_at,
                                  .is_following = detail->uses[i].is_following};
    return out;
}

static HibApiMediaAlike *
alike_out(HibArena *arena, const HibLibraryDetail *detail)
{
    HibApiMediaAlike *out = hib_arena_array(arena, HibApiMediaAlike, detail->n_alike + 1);
    for (size_t i = 0; i < detail->n_alike; i++)
        out[i] = (HibApiMediaAlike){.media = hib_media_to_api(detail->alike[i].media),
                                    .card = card_out(detail->alike[i].card),
                                    .is_same = detail->alike[i].distance <= HIB_MEDIA_SAME,
                                    .distance = detail->alike[i].distance,
                                    .n_posts = detail->alike[i].n_posts};
    return out;
}

static bool
reply(HibCall *call, const char *media, GError **error)
{
    HibArena *arena = hib_call_arena(call);
    HibLibraryDetail detail;
    if (!hib_library_get(hib_call_db(call), media, &detail, error))
        return false;
    HibApiMediaIdea *ideas = hib_arena_array(arena, HibApiMediaIdea, detail.n_ideas + 1);
    for (size_t i = 0; i < detail.n_ideas; i++)
        ideas[i] = (HibApiMediaIdea){detail.ideas[i].id, detail.ideas[i].title};
    HibApiMediaDetail out = {.media = hib_media_to_api(detail.media),
                             .card = card_out(detail.card),
                             .uses = uses_out(arena, &detail),
                             .n_uses = detail.n_uses,
                             .ideas = ideas,
                             .n_ideas = detail.n_ideas,
                             .alike = alike_out(arena, &detail),
                             .n_alike = detail.n_alike,
                             .is_cut = detail.is_cut};
    out.rights = rights_out(arena, detail.rights, &out.n_rights);
    return hib_reply_media_detail(call, 200, &out);
}

bool
hib_on_get_media_card(HibCall *call, const char *media, GError **error)
{
    return reply(call, media, error);
}

bool
hib_on_update_media_card(HibCall *call, const char *media, const HibApiMediaCard *in,
                         GError **error)
{
    const HibMediaCard card = card_in(in);
    return hib_media_set_card(hib_call_db(call), media, &card, error) && reply(call, media, error);
}

bool
hib_on_list_media_tags(HibCall *call, GError **error)
{
    HibMediaTagCount *tags;
    size_t n;
    if (!hib_media_tags(hib_call_db(call), &tags, &n, error))
        return false;
    HibApiMediaTag *out = hib_arena_array(hib_call_arena(call), HibApiMediaTag, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = (HibApiMediaTag){.tag = tags[i].tag, .n = tags[i].n};
    const HibApiMediaTagList list = {.tags = out, .n_tags = n};
    return hib_reply_media_tag_list(call, 200, &list);
}

bool
hib_on_tag_media(HibCall *call, const HibApiMediaTagging *in, GError **error)
{
    HibApiMediaTagged out = {0};
    return hib_media_tag(hib_call_db(call), (const char *const *)in->media_ids, in->n_media_ids,
                         (const char *const *)in->add, in->n_add, (const char *const *)in->remove,
                         in->n_remove, &out.n, error) &&
           hib_reply_media_tagged(call, 200, &out);
}
