/* The practice network's Bluesky face: an XRPC server on loopback with the paths, fields, codes and rate headers of a real PDS, as
 * far as Hibiki's connector (and the official client) uses them. Numbers come from a simulated audience.
 *
 * It counts every effect, so a test can prove that a post came out once, and it can be told to fail in every way that matters. One
 * thread of its own serves; all functions here are thread-safe. Differences from the real thing: docs/networks/bluesky.md. */
#pragma once
#include "base/time.h"
#include "practice/audience.h"
#include "practice/fault.h"
#include <glib.h>
#include <stdbool.h>

typedef struct HibFace HibFace;

typedef struct {
    const char *handle, *password, *display_name; /* "hibiki.test" */
    const char *did;                              /* NULL: made from the handle */
    HibAudience audience;
} HibFaceAccount;

typedef struct {
    int port; /* 0: a free one */
    const HibFaceAccount *accounts;
    size_t n_accounts;
    const char *journal; /* path of a file that keeps posts over a restart; NULL: memory only */
    HibClock *clock;     /* NULL: the real one */
    int64_t rate_limit;  /* calls in 300 s an account; 0: no limit */
    bool has_control;    /* answers /practice/… (counts, posts, faults) too */
} HibFaceOptions;

/* UPSTREAM practice.port_taken, CORRUPT practice.journal_damaged, INTERNAL practice.journal_unwritable. */
HibFace *hib_face_start(const HibFaceOptions *options, GError **error);
void hib_face_stop(HibFace *face); /* waits for calls under way; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HibFace, hib_face_stop)
const char *hib_face_url(const HibFace *face);                     /* "http://127.0.0.1:PORT" */
const char *hib_face_did(const HibFace *face, const char *handle); /* NULL: no such account */

/* --- what happened -------------------------------------------------------------------------------------- */
typedef struct {
    int64_t n_calls;
    int64_t n_puts;      /* writes of a post that were accepted, repeats among them */
    int64_t n_created;   /* posts that came into being */
    int64_t n_unchanged; /* the same record under the same key again: no effect */
    int64_t n_changed;   /* another record under a used key */
    int64_t n_deleted;
    int64_t n_twice_key; /* keys that came into being more than once */
    int64_t
        n_twice_text; /* posts created while one with the same text was live: duplicates a reader would see */
    int64_t n_uploads, n_sign_ins, n_refreshes, n_faults;
    int64_t n_live; /* posts there now */
} HibFaceCounts;
void hib_face_counts(HibFace *face, HibFaceCounts *ret);
/* Live posts of all accounts with the exact text. */
int64_t hib_face_count_text(HibFace *face, const char *text);
/* Calls `each` for every live post, in no order; `arrived_at` is when the write that created it was accepted. Do not call back into the face. */
typedef void (*HibFaceEach)(const char *did, const char *rkey, const char *text,
                            HibInstant arrived_at, void *data);
void hib_face_each(HibFace *face, HibFaceEach each, void *data);
/* Puts a post there as if it had been published then, and deletes one as if its owner had; for histories and tests. */
bool hib_face_add_post(HibFace *face, const char *did, const char *rkey, const char *text,
                       HibInstant at, int n_images, const char *topic);
bool hib_face_delete_post(HibFace *face, const char *did, const char *rkey);

/* --- faults --------------------------------------------------------------------------------------------- */
/* Of the faults in fault.h: all but those of tokens that come empty, quotas, processing and webhooks, which Bluesky has none of. */
typedef struct {
    HibFault fault;
    const char *method; /* "com.atproto.repo.putRecord"; NULL: every call */
    int64_t times;      /* calls it hits; -1: until switched off */
    double share;       /* of the calls that fit; 0: all */
    int ms;             /* see HibFault */
} HibFaceFault;
/* Replaces the fault that was on; HIB_FAULT_NONE switches off. */
void hib_face_fault(HibFace *face, const HibFaceFault *fault);
/* All access tokens given so far are stale from now on: the next call answers ExpiredToken, refreshing helps. */
void hib_face_expire_tokens(HibFace *face);
/* All sessions are over: refreshing is refused too; only signing in again helps. */
void hib_face_end_sessions(HibFace *face);
/* Control over HTTP, when options.has_control: GET /practice/counts; GET /practice/posts; POST /practice/fault {"fault":"cut_after",
 * "method":… (or "at":"publish" as on every face),"times":1,"ms":0,"share":0}; POST /practice/expire; POST /practice/end; POST /practice/delete {"did":…,"rkey":…}. */
