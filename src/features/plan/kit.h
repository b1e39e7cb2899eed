/* The words a workspace uses again, and what a post said before. A part of plan.h, through which others reach it. */
#pragma once
#include "api.gen.h"
#include "store/store.h"

#define HIB_MENTION_NAME 60 /* characters */

/* A set of hashtags: put into a text as a whole. */
typedef struct {
    const char *id, *name;
    const char *tags; /* without #, one a line */
    HibInstant updated_at;
    int64_t version;
} HibTagSet;
/* Somebody, and the name each network knows them by. A text calls them @{name}. */
typedef struct {
    const char *network, *handle; /* without @ */
} HibHandle;
typedef struct {
    const char *id, *name;
    const HibHandle *handles;
    size_t n_handles;
    HibInstant updated_at;
    int64_t version;
} HibMention;
/* How links to one's own sites are marked (UTM). */
typedef struct {
    const char *campaign_id, *code;
} HibLinkCode;
typedef struct {
    bool is_on;
    const char *const *hosts; /* own sites; their subdomains too */
    size_t n_hosts;
    const char *medium;       /* utm_medium */
    const HibLinkCode *codes; /* utm_campaign of a campaign; without one, its id */
    size_t n_codes;
} HibLinkTags;
typedef struct {
    HibTagSet *tag_sets;
    HibMention *mentions;
    size_t n_tag_sets, n_mentions;
    HibLinkTags links;
} HibKit;
bool hib_plan_kit(HibDb *db, HibKit *ret, GError **error);

/* id NULL: a new one. INVALID kit.bad_name, kit.bad_tag, kit.bad_handle, accounts.network_unknown (with pointer); NOT_FOUND kit.unknown;
 * CONFLICT kit.name_taken, kit.too_many, kit.edited (`version` is not the stored one). */
bool hib_plan_put_tag_set(HibDb *db, const char *id, int64_t version, const char *name,
                          const char *const *tags, size_t n, HibTagSet *ret, GError **error);
bool hib_plan_put_mention(HibDb *db, const char *id, int64_t version, const char *name,
                          const HibHandle *handles, size_t n, HibMention *ret, GError **error);
bool hib_plan_drop_tag_set(HibDb *db, const char *id, GError **error); /* NOT_FOUND kit.unknown */
bool hib_plan_drop_mention(HibDb *db, const char *id, GError **error); /* the same */
/* INVALID kit.bad_host; NOT_FOUND campaign.unknown (with pointer). */
bool hib_plan_set_link_tags(HibDb *db, const HibLinkTags *tags, GError **error);

/* --- what a post said before (version.c) ------------------------------------------------------------------ */
typedef struct {
    int64_t version;
    HibInstant began_at, saved_at; /* saves of one person within minutes are one state */
    const char *saved_by, *saved_by_name;
    const char *content; /* PostDraft as JSON; NULL in lists */
} HibPostVersion;
/* The newest first; the first one is what is stored. NOT_FOUND post.unknown. */
bool hib_plan_versions(HibDb *db, const char *post, HibPostVersion **ret, size_t *ret_n,
                       GError **error);
/* `version` as it stands in an address. NOT_FOUND post.unknown, version.unknown. */
bool hib_plan_version(HibDb *db, const char *post, const char *version, HibPostVersion *ret,
                      GError **error);
/* What is stored now stays a state of its own, however soon it is changed. NOT_FOUND post.unknown. */
bool hib_plan_close_version(HibDb *db, const char *post, GError **error);
/* Its content as the contract has it. */
bool hib_version_draft(HibArena *arena, const HibPostVersion *version, HibApiPostDraft *ret,
                       GError **error);
