/* Annotations over HTTP. */
#include "days/days.h"
#include "http/call.h"
#include "measure/annotation.h"
#include "measure/measure_private.h"

enum { USUAL_DAYS = 366 };

static HibApiAnnotation
as_reply(HibArena *arena, const HibAnnotation *is)
{
    return (HibApiAnnotation){.id = is->id,
                              .starts_on = hib_measure_day_text(arena, is->content.first_day),
                              .ends_on = hib_measure_day_text(arena, is->content.last_day),
                              .kind = is->content.kind,
                              .text = is->content.text,
                              .account_id = is->content.account_id,
                              .has_account_id = is->content.account_id != NULL,
                              .by_name = is->by_name,
                              .has_by_name = is->by_name != NULL,
                              .created_at = is->created_at,
                              .updated_at = is->updated_at,
                              .is_removed = is->is_removed,
                              .version = is->version};
}

static bool
reply(HibCall *call, int status, const HibAnnotation *is, GError **error G_GNUC_UNUSED)
{
    const HibApiAnnotation out = as_reply(hib_call_arena(call), is);
    return hib_reply_annotation(call, status, &out);
}

static HibAnnotationContent
content_of(const HibApiAnnotationDraft *in)
{
    const int first = hib_day_number(in->starts_on);
    return (HibAnnotationContent){.first_day = first,
                                  .last_day = in->has_ends_on ? hib_day_number(in->ends_on) : first,
                                  .kind = (int)in->kind,
                                  .text = in->text,
                                  .account_id = in->has_account_id ? in->account_id : NULL};
}

bool
hib_on_list_annotations(HibCall *call, const HibApiListAnnotationsQuery *query, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibArena *arena = hib_call_arena(call);
    HibAnnotation *rows;
    size_t n;
    g_autoptr(HibZone) zone = hib_measure_zone(db, error);
    if (!zone)
        return false;
    const int days = query->has_days ? (int)query->days : USUAL_DAYS;
    const int64_t today = hib_measure_day(zone, hib_db_now(db));
    if (!hib_annotations(db, hib_measure_day_shift(today, 1 - days),
                         hib_measure_day_shift(today, USUAL_DAYS), &rows, &n, error))
        return false;
    HibApiAnnotationList list = {.annotations = hib_arena_array(arena, HibApiAnnotation, n + 1),
                                 .n_annotations = n};
    for (size_t i = 0; i < n; i++)
        list.annotations[i] = as_reply(arena, &rows[i]);
    return hib_reply_annotation_list(call, 200, &list);
}

bool
hib_on_create_annotation(HibCall *call, const HibApiAnnotationDraft *in, GError **error)
{
    const HibAnnotationContent content = content_of(in);
    HibAnnotation *made;
    return hib_annotation_add(hib_call_db(call), &content, &made, error) &&
           reply(call, 201, made, error);
}

bool
hib_on_change_annotation(HibCall *call, const char *annotation, const HibApiAnnotationUpdate *in,
                         GError **error)
{
    const HibAnnotationContent content = content_of(&in->annotation);
    HibAnnotation *after;
    return hib_annotation_change(hib_call_db(call), annotation, in->version, &content, &after,
                                 error) &&
           reply(call, 200, after, error);
}

bool
hib_on_remove_annotation(HibCall *call, const char *annotation, const HibApiAnnotationRemoval *in,
                         GError **error)
{
    HibAnnotation *after;
    return hib_annotation_remove(hib_call_db(call), annotation, in->is_removed, &after, error) &&
           reply(call, 200, after, error);
}
