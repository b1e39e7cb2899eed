/* What a person does to a post that is out: taking it from its network again, and changing its text where the network can. Both may be
 * repeated: removing what is gone is fine, and the same text twice is the same text. The row follows the network's word. */
#include "base/error.h"
#include "base/json.h"
#include "networks/check.h"
#include "publish/delivery.sql.h"
#include "publish/publish_private.h"
#include "publish/schedule.h"
#include "publish/work.sql.h"
#include "team/team.h"
#include "text/count.h"

typedef struct {
    const char *remote_id;
    const HibNetPost *post; /* NULL: remove */
    HibNetPublished now_at;
} Change;

static HibNetResult
call_network(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    Change *change = data;
    return change->post
               ? network->edit(net, grant, change->remote_id, change->post, &change->now_at)
               : network->remove(net, grant, change->remote_id);
}

/* The network's no, as the error of an operation. */
static bool
refuse(const HibNetwork *network, const HibNetResult *said, GError **error)
{
    GError *fault = NULL;
    if (said->class == HIB_NET_REAUTH_HUMAN || said->class == HIB_NET_BLOCKED)
        hib_error_set(&fault, HIB_ERROR_CONFLICT, "accounts.needs_reconnect", "%s", said->message);
    else if (said->class == HIB_NET_RETRY_AFTER || said->class == HIB_NET_QUOTA)
        hib_error_set(&fault, HIB_ERROR_TOO_MANY, "network.rate_limited", "%s", said->message);
    else if (!said->http_status)
        hib_error_set(&fault, HIB_ERROR_UPSTREAM, "accounts.unreachable", "%s", said->message);
    else
        hib_error_set(&fault, HIB_ERROR_UPSTREAM, "publish.network_refused", "%d %s: %s",
                      said->http_status, said->code, said->message);
    if (said->retry_at)
        hib_error_set_retry_at(fault, said->retry_at);
    hib_error_set_detail(fault, "network", network->title);
    hib_error_set_detail(fault, "message", *said->message ? said->message : said->code);
    g_propagate_error(error, fault);
    return false;
}

static bool
refuse_state(const char *reason, const HibNetwork *network, GError **error)
{
    GError *fault = NULL;
    hib_error_set(&fault, HIB_ERROR_CONFLICT, reason, "not possible now");
    hib_error_set_detail(fault, "network", network ? network->title : "");
    g_propagate_error(error, fault);
    return false;
}

/* The delivery, out and still there, and its network. */
static bool
find_out(HibDb *db, const char *id, HibDelivery **ret, const HibNetwork **ret_network,
         GError **error)
{
    if (!hib_publish_get(db, id, ret, error))
        return false;
    *ret_network = hib_network_find((*ret)->network);
    bool is_out = (*ret)->state == HIB_DELIVERY_PUBLISHED && (*ret)->remote_id &&
                  !(*ret)->has_removed_at && *ret_network;
    return is_out || refuse_state("publish.not_published", *ret_network, error);
}

static bool
tell(HibDb *db, const HibDelivery *delivery, HibDid did, const char *event, const char *action,
     const char *before, const char *after, GError **error)
{
    return hib_publish_did(db, delivery->id, hib_db_now(db), did, NULL, error) &&
           hib_deliver_emit(db, event, delivery->id, delivery->post_id, delivery->account_id,
                            error) &&
           hib_audit(db, action, "delivery", delivery->id, before, after, error);
}

bool
hib_publish_remove(HibDb *db, const HibServices *services, const char *id, HibDelivery **ret,
                   GError **error)
{
    HibDelivery *delivery;
    const HibNetwork *network;
    HibNetResult said;
    int64_t changed = 0;
    if (!find_out(db, id, &delivery, &network, error))
        return false;
    if (!network->can_remove || !network->remove)
        return refuse_state("publish.cannot_remove", network, error);
    Change change = {.remote_id = delivery->remote_id};
    if (!hib_accounts_call(db, services, delivery->account_id, call_network, &change, &said, error))
        return false;
    if (said.class != HIB_NET_OK)
        return refuse(network, &said, error);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_work_removed(db, id, hib_db_now(db), &changed, error))
        return false;
    if (changed && !tell(db, delivery, HIB_DID_REMOVED, "delivery.removed", "publish.remove", NULL,
                         NULL, error))
        return false;
    return hib_publish_get(db, id, ret, error) && hib_tx_commit(tx, error);
}

/* --- changing the text ------------------------------------------------------------------------------------------------------------ */
static bool
may_edit(HibDb *db, const HibDelivery *delivery, const HibNetwork *network, GError **error)
{
    int64_t edit_s = network->limits()->edit_s;
    if (!network->edit || !edit_s)
        return refuse_state("publish.cannot_edit", network, error);
    if (edit_s > 0 && hib_db_now(db) > delivery->published_at + edit_s * HIB_SECOND)
        return refuse_state("publish.edit_over", network, error);
    return true;
}

static bool
check_edit(HibDb *db, const HibNetwork *network, const HibDelivery *delivery, HibNetPost *post,
           GError **error)
{
    HibNetProblem wrong;
    if (!hib_net_check(hib_db_arena(db), network, post, &wrong, 1) || wrong.is_fittable)
        return true;
    hib_schedule_refuse(&(HibPostProblem){.reason = wrong.reason,
                                          .pointer = wrong.pointer,
                                          .limit = wrong.limit,
                                          .actual = wrong.actual,
                                          .network = network,
                                          .account_id = delivery->account_id},
                        error);
    return false;
}

static const char *
describe(HibDb *db, const char *text)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "text", text);
    return hib_json_print(hib_db_arena(db), json);
}

bool
hib_publish_edit(HibDb *db, const HibServices *services, const char *id, const char *text,
                 HibDelivery **ret, GError **error)
{
    HibDelivery *delivery;
    HibDeliverWork *work;
    const HibNetwork *network;
    HibNetPost post;
    HibNetSending sending;
    HibNetResult said;
    bool is_ready;
    int64_t changed = 0;
    if (!find_out(db, id, &delivery, &network, error) || !may_edit(db, delivery, network, error) ||
        !hib_deliver_load(db, id, &work, error) ||
        !hib_deliver_prepare(db, services, work, network, &post, &sending, error) ||
        !hib_deliver_media(db, services, work, network, false, &post, &is_ready, error))
        return false;
    post.text = hib_text_nfc(hib_db_arena(db), text);
    if (!check_edit(db, network, delivery, &post, error))
        return false;
    Change change = {.remote_id = delivery->remote_id,
                     .post = &post,
                     .now_at = {.remote_id = delivery->remote_id, .url = delivery->url}};
    if (!hib_accounts_call(db, services, delivery->account_id, call_network, &change, &said, error))
        return false;
    if (said.class != HIB_NET_OK)
        return refuse(network, &said, error);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_sql_work_edited(db, id, post.text, change.now_at.remote_id, change.now_at.url,
                                    &changed, error))
        return false;
    if (changed && !tell(db, delivery, HIB_DID_EDITED, "delivery.edited", "publish.edit",
                         describe(db, delivery->text), describe(db, post.text), error))
        return false;
    return hib_publish_get(db, id, ret, error) && hib_tx_commit(tx, error);
}
