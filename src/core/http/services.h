/* What the program gives every handler and job: made once by app/, read-only afterwards, thread-safe members.
 * hib_call_context() of a call and the context of a job are both a HibServices. */
#pragma once
#include "base/secrets.h"
#include "http/client.h"
#include "http/mail.h"
#include "store/blobs.h"
#include "store/feature.h"
#include "store/store.h"

/* The practice world's face of a network: a server of ours on loopback that behaves like the real one. */
typedef struct {
    const char *network, *url;
    const char *client_id, *client_secret; /* an app it knows; NULL where none is needed */
} HibPracticeService;

typedef struct {
    HibStore *store;
    HibKeys *keys;
    HibBlobs *blobs;
    HibHttp *http;
    const HibMailServer *mail;         /* NULL or without url: no e-mail is sent */
    struct HibTeamCache *team_cache;   /* team/'s own: hib_team_cache_new; NULL works too */
    struct HibPlanLikes *plan_likes;   /* plan/'s own: hib_plan_likes_new; NULL works too */
    struct HibReportKeep *report_keep; /* report/'s own: hib_report_keep_new; NULL works too */
    struct HibMediaWorkers *
        media_workers; /* media/'s own: hib_media_workers_new; NULL: nothing is looked at or made */
    struct HibLinks
        *links; /* links/' own: hib_links_open; NULL: short links are made, not followed */
    const struct HibPeople
        *people; /* links/' own type, contacts/' hib_contacts_people; NULL: nobody is known */
    struct HibHooks
        *hooks; /* accounts/' own: hib_hooks_open; NULL: what networks tell waits in rows */
    const HibForgetKind
        *forgets; /* of all features, ended by {0}; NULL: nobody can be deleted, rather than half */
    /* plan/'s, for those below it: is there such a campaign in db's workspace? NULL: nobody is asked. */
    bool (*knows_campaign)(HibDb *db, const char *campaign, bool *ret, GError **error);
    const char *version;
    const char *base_url; /* what people type: links in invitations; no trailing slash */
    const char *
        public_url; /* the same where somebody set it, for files that outlive the day; NULL: nobody did */
    bool is_demo; /* signInDemo is open, everything is labelled practice data */
    const char *
        bluesky_service; /* default service of the connector; from configuration, so trusted to be private */
    bool
        may_connect_private; /* services typed by people may be private too (tests, practice networks) */
    const HibPracticeService *practice; /* ended by {0}; NULL: no practice world runs */
} HibServices;
