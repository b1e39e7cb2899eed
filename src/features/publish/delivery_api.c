/* The queue over HTTP. */
#include "http/call.h"
#include "publish/publish.h"
#include "publish/publish_private.h"

#define PAGE_USUAL 100

void
hib_publish_to_api(const HibDelivery *d, HibApiDelivery *out)
{
    *out = (HibApiDelivery){
        .id = d->id,
        .post_id = d->post_id,
        .has_post_id = *d->post_id != '\0',
        .kind = (int)d->kind,
        .part = d->part,
        .parent_id = d->parent_id,
        .has_parent_id = d->parent_id != NULL,
        .format = (int)d->format,
        .title = d->title,
        .has_title = d->title != NULL,
        .account_id = d->account_id,
        .network = d->network,
        .handle = d->handle,
        .text = d->text,
        .state = (int)d->state,
        .is_held = d->is_held,
        .due_at = d->due_at,
        .sent_at = d->sent_at,
        .has_sent_at = d->has_sent_at,
        .published_at = d->published_at,
        .has_published_at = d->has_published_at,
        .removed_at = d->removed_at,
        .has_removed_at = d->has_removed_at,
        .lateness_ms = d->lateness_ms,
        .has_lateness_ms = d->has_lateness,
        .attempts = d->attempts,
        .next_at = d->next_at,
        .has_next_at = d->has_next_at,
        .url = d->url,
        .has_url = d->url != NULL,
        .has_error = d->has_error,
        .next_action = (int)d->next,
    };
    if (d->has_error)
        out->error = (HibApiDeliveryError){/* The contract's list starts behind "ok". */
                                           .class = d->error_class > 0 ? d->error_class - 1 : 0,
                                           .http_status = d->error_status,
                                           .code = d->error_code,
                                           .message = d->error_message,
                                           .at = d->error_at};
}

static bool
reply_one(HibCall *call, const HibDelivery *delivery)
{
    HibApiDelivery out;
    hib_publish_to_api(delivery, &out);
    return hib_reply_delivery(call, 200, &out);
}

bool
hib_on_list_deliveries(HibCall *call, const HibApiListDeliveriesQuery *query, GError **error)
{
    HibDeliveryState state = (HibDeliveryState)query->state;
    const HibDeliveryQuery asked = {
        .from = query->has_from ? &query->from : NULL,
        .to = query->has_to ? &query->to : NULL,
        .state = query->has_state ? &state : NULL,
        .post = query->has_post ? query->post : NULL,
        .is_newest_first =
            query->has_order && query->order == HIB_API_LIST_DELIVERIES_QUERY_ORDER_NEWEST,
        .limit = query->has_limit ? (int)query->limit : PAGE_USUAL,
        .cursor = query->has_cursor ? query->cursor : NULL,
    };
    HibDelivery *rows;
    size_t n;
    const char *next;
    if (!hib_publish_list(hib_call_db(call), &asked, &rows, &n, &next, error))
        return false;
    HibApiDelivery *list = hib_arena_array(hib_call_arena(call), HibApiDelivery, n + 1);
    for (size_t i = 0; i < n; i++)
        hib_publish_to_api(&rows[i], &list[i]);
    const HibApiDeliveryList out = {.deliveries = list,
                                    .n_deliveries = n,
                                    .next_cursor = next,
                                    .has_next_cursor = next != NULL};
    return hib_reply_delivery_list(call, 200, &out);
}

bool
hib_on_get_delivery(HibCall *call, const char *delivery, GError **error)
{
    HibDelivery *found;
    HibDeliveryStep *steps;
    size_t n;
    if (!hib_publish_get(hib_call_db(call), delivery, &found, error) ||
        !hib_publish_steps(hib_call_db(call), delivery, &steps, &n, error))
        return false;
    HibApiDeliveryStep *list = hib_arena_array(hib_call_arena(call), HibApiDeliveryStep, n + 1);
    for (size_t i = 0; i < n; i++)
        list[i] = (HibApiDeliveryStep){.at = steps[i].at,
                                       .what = (int)steps[i].what,
                                       .name = steps[i].name,
                                       .has_name = steps[i].name != NULL,
                                       .detail = steps[i].detail,
                                       .has_detail = steps[i].detail != NULL};
    HibApiDeliveryDetail out = {.steps = list, .n_steps = n};
    hib_publish_to_api(found, &out.delivery);
    return hib_reply_delivery_detail(call, 200, &out);
}

bool
hib_on_remove_delivery(HibCall *call, const char *delivery, GError **error)
{
    HibDelivery *found;
    return hib_publish_remove(hib_call_db(call), hib_call_context(call), delivery, &found, error) &&
           reply_one(call, found);
}

bool
hib_on_edit_delivery(HibCall *call, const char *delivery, const HibApiDeliveryEdit *in,
                     GError **error)
{
    HibDelivery *found;
    return hib_publish_edit(hib_call_db(call), hib_call_context(call), delivery, in->text, &found,
                            error) &&
           reply_one(call, found);
}

bool
hib_on_retry_delivery(HibCall *call, const char *delivery, GError **error)
{
    HibDelivery *found;
    return hib_publish_retry(hib_call_db(call), delivery, &found, error) && reply_one(call, found);
}
