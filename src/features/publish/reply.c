/* An answer to somebody: a delivery behind which no post stands, due at once, brought out by the same machine. Checked before it is taken. */
#include "base/error.h"
#include "networks/check.h"
#include "publish/publish_private.h"
#include "publish/schedule.h"
#include "team/team.h"
#include "text/count.h"

static bool
check_reply(HibDb *db, const HibReplyDraft *draft, const HibAccount *account, GError **error)
{
    const HibNetwork *network = hib_network_find(account->network);
    HibNetPost post = {.format = draft->recipient ? HIB_FORMAT_MESSAGE : HIB_FORMAT_POST,
                       .text = draft->text,
                       .reply_to = draft->reply_to,
                       .reply_root = draft->reply_root,
                       .recipient = draft->recipient,
                       .reply_token = draft->reply_token};
    HibNetProblem wrong;
    if (!network || !(draft->recipient ? network->can_message : network->can_reply)) {
        hib_error_set(error, HIB_ERROR_INVALID, "publish.cannot_reply", "not on %s",
                      account->network);
        if (error)
            hib_error_set_detail(*error, "network", network ? network->title : account->network);
        return false;
    }
    if (!hib_net_check(hib_db_arena(db), network, &post, &wrong, 1))
        return true;
    hib_schedule_refuse(&(HibPostProblem){.reason = wrong.reason,
                                          .pointer = wrong.pointer,
                                          .limit = wrong.limit,
                                          .actual = wrong.actual,
                                          .network = network,
                                          .account_id = account->id},
                        error);
    return false;
}

bool
hib_publish_reply(HibDb *db, const HibReplyDraft *given, HibDelivery **ret, GError **error)
{
    HibReplyDraft draft = *given;
    HibAccount *account;
    HibInstant now = hib_db_now(db);
    bool done;
    draft.text = hib_text_nfc(hib_db_arena(db), given->text);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx || !hib_accounts_get(db, draft.account, &account, error))
        return false;
    if (account->state != HIB_ACCOUNT_OK) {
        hib_error_set(error, HIB_ERROR_CONFLICT, "accounts.needs_reconnect",
                      "account %s needs a person", account->id);
        return false;
    }
    if (!check_reply(db, &draft, account, error))
        return false;
    const HibNewDelivery new = {.id = hib_db_new_id(db),
                                .post_id = "",
                                .account_id = account->id,
                                .network = account->network,
                                .handle = account->handle,
                                .text = draft.text,
                                .kind = HIB_KIND_REPLY,
                                .format = draft.recipient ? HIB_FORMAT_MESSAGE : HIB_FORMAT_POST,
                                .reply_to = draft.reply_to,
                                .reply_root = draft.reply_root,
                                .reply_token = draft.reply_token,
                                .recipient = draft.recipient,
                                .due_at = now,
                                .late_from = now};
    return hib_deliver_add(db, &new, &done, error) &&
           hib_audit(db, "publish.reply", "delivery", new.id, NULL, NULL, error) &&
           hib_publish_get(db, new.id, ret, error) && hib_tx_commit(tx, error);
}
