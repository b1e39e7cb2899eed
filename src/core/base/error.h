/* Errors: one domain for the whole product.
 *
 * A fallible function returns bool or a pointer and takes `GError **error` last. Callers branch on the kind;
 * people read the sentence that messages/{ja,en}.json keep under "error.<reason>" (what happened, what is
 * unharmed, what to do next). The GError's own text is English and for logs only: never a secret in it. */
#pragma once
#include "base/time.h"
#include <glib.h>
#include <stdbool.h>

typedef enum {
    HIB_ERROR_INVALID,         /* 422 the input cannot be accepted as it is */
    HIB_ERROR_UNAUTHENTICATED, /* 401 nobody is signed in */
    HIB_ERROR_FORBIDDEN,       /* 403 signed in, but not allowed */
    HIB_ERROR_NOT_FOUND,       /* 404 */
    HIB_ERROR_CONFLICT,        /* 409 the thing is in another state than the caller believed */
    HIB_ERROR_GONE,            /* 410 it was there and has expired or been withdrawn */
    HIB_ERROR_TOO_LARGE,       /* 413 */
    HIB_ERROR_TOO_MANY,        /* 429 slow down; retry_at says until when */
    HIB_ERROR_HELD,            /* 423 the hold switch is on */
    HIB_ERROR_BUSY,            /* 503 try again; nothing happened */
    HIB_ERROR_UPSTREAM,        /* 502 a network answered with a failure */
    HIB_ERROR_UNCERTAIN, /* 504 the effect may or may not have happened: read back before repeating */
    HIB_ERROR_CORRUPT,   /* 500 stored data does not read */
    HIB_ERROR_INTERNAL, /* 500 our own fault */
    HIB_ERROR_N
} HibErrorKind;

#define HIB_ERROR (hib_error_quark())
GQuark hib_error_quark(void);

/* Sets `*error`. `reason` is a slug "area.what" that stands in messages/ and is a literal (kept by pointer). */
void hib_error_set(GError **error, HibErrorKind kind, const char *reason, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* As above, with the JSON pointer of the faulty input ("/variants/0/text"), copied. */
void hib_error_set_at(GError **error, HibErrorKind kind, const char *reason, const char *pointer,
                      const char *format, ...) G_GNUC_PRINTF(5, 6);

/* Adds to an error of this domain; no effect on others. */
void hib_error_set_pointer(GError *error, const char *pointer);
void hib_error_set_retry_at(GError *error, HibInstant retry_at);
/* One named value for the sentence's {name} placeholder ("limit" → "300"); later calls add more. Copied. */
void hib_error_set_detail(GError *error, const char *name, const char *value);

/* Reads. A foreign error (GIOError…) reads as INTERNAL, reason "internal.unexpected", no pointer. */
HibErrorKind hib_error_kind(const GError *error);
const char *hib_error_reason(const GError *error);
const char *
hib_error_pointer(const GError *error); /* NULL where there is none; owned by the error */
bool hib_error_retry_at(const GError *error, HibInstant *ret_at);    /* false: no time known */
const char *hib_error_detail(const GError *error, const char *name); /* NULL where there is none */
bool hib_error_is(const GError *error, HibErrorKind kind);
int hib_error_status(HibErrorKind kind);            /* HTTP status, from the table above */
const char *hib_error_kind_name(HibErrorKind kind); /* "invalid", "not_found"…: for the log */
