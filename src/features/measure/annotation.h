/* Days the team notes: a campaign began, TV told of us, the shop was down. Charts show them beside the numbers. */
#pragma once
#include "measure/measure.h"

#define HIB_ANNOTATIONS 2000 /* that stand; 409 beyond */
typedef struct {
    int first_day, last_day;       /* yyyymmdd */
    int kind;                      /* as in the contract */
    const char *text, *account_id; /* account NULL: of all */
} HibAnnotationContent;
typedef struct {
    const char *id;
    HibAnnotationContent content;
    const char *by_name; /* NULL: the system */
    HibInstant created_at, updated_at;
    bool is_removed;
    int64_t version;
} HibAnnotation;

/* Those that stand and touch the days; the latest first. */
bool hib_annotations(HibDb *db, int64_t from, int64_t until, HibAnnotation **ret, size_t *ret_n,
                     GError **error);
/* INVALID annotation.bad_days; NOT_FOUND accounts.unknown; CONFLICT annotation.too_many. */
bool hib_annotation_add(HibDb *db, const HibAnnotationContent *in, HibAnnotation **ret,
                        GError **error);
/* NOT_FOUND annotation.unknown; CONFLICT annotation.edited. */
bool hib_annotation_change(HibDb *db, const char *id, int64_t version,
                           const HibAnnotationContent *in, HibAnnotation **ret, GError **error);
/* Takes it off the charts, or back; twice is once. */
bool hib_annotation_remove(HibDb *db, const char *id, bool is_removed, HibAnnotation **ret,
                           GError **error);
