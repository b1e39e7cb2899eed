/* Notify: tells people what concerns them, in the app, by e-mail and by webhook, as each of them chooses.
 *
 * Nobody calls it to tell something: features emit events, it listens (kinds.c). Its own operations are over HTTP. */
#pragma once
#include "http/services.h"
#include "store/feature.h"

extern const HibFeature hib_notify;

/* What notices are about. Same order as the contract. */
typedef enum {
    HIB_NOTICE_ASKED,    /* an approval is asked of me */
    HIB_NOTICE_APPROVED, /* a post of mine was approved */
    HIB_NOTICE_CHANGES,  /* changes are asked for */
    HIB_NOTICE_COMMENT,
    HIB_NOTICE_MENTION,
    HIB_NOTICE_DELIVERY, /* a post or a report failed, or nobody can find out */
    HIB_NOTICE_ACCOUNT,  /* needs to be connected again, or will soon */
    HIB_NOTICE_HOLD,
    HIB_NOTICE_TASK,
    HIB_NOTICE_KINDS
} HibNoticeKind;

/* Events out: notice.created, notice.read (subject: person). In: see kinds.c. */

/* --- webhooks, for whoever sends one ------------------------------------------------------------------------- */
/* The host of an https address (http too where private ones are allowed); NULL when it is none. */
const char *hib_hook_host(HibArena *arena, const HibServices *services, const char *url);
/* "t=<seconds>,v1=<hmac-sha256 of "seconds.body">". */
const char *hib_hook_signature(HibArena *arena, const char *secret, HibInstant at,
                               const char *body);
/* Posts `json`, signed, with its id by which the receiver knows a second one. FORBIDDEN http.private; UPSTREAM notify.unreachable (may be repeated); INVALID notify.refused. */
bool hib_hook_send(HibDb *db, const HibServices *services, const char *url, const char *secret,
                   const char *id, const char *json, GError **error);
