/* engage.read asks an account's network what was said since the last time; engage.take stores what a webhook told, and begins reading
 * for an account that was just connected. */
#include "accounts/accounts.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "engage/engage.h"
#include "engage/engage_private.h"

#define EVERY (2 * HIB_MINUTE)
#define EVERY_DEMO (15 * HIB_SECOND)
#define HUMAN_LATER (6 * HIB_HOUR)

typedef struct {
    const char *const *posts;
    const char *cursor, *next;
    HibNetTalk *talk;
    size_t n;
    bool is_told_only; /* the network cannot be asked */
} Reading;

static HibNetResult
read_now(const HibNetContext *net, const HibNetwork *network, const HibGrant *grant, void *data)
{
    Reading *reading = data;
    reading->is_told_only = !network->read_talk;
    if (reading->is_told_only)
        return (HibNetResult){.class = HIB_NET_OK, .code = "", .message = "", .remaining = -1};
    return network->read_talk(net, grant, reading->posts, reading->cursor, &reading->talk,
                              &reading->n, &reading->next);
}

static HibDuration
wait_after(const HibServices *services, const HibNetResult *said, int64_t failures, HibInstant now)
{
    HibDuration usual = services->is_demo ? EVERY_DEMO : EVERY;
    if (said->class == HIB_NET_OK)
        return usual;
    if (said->class == HIB_NET_REAUTH_HUMAN || said->class == HIB_NET_BLOCKED)
        return HUMAN_LATER;
    HibDuration backed = MIN(HIB_HOUR, usual << MIN(failures, 8));
    return MAX(backed, said->retry_at - now);
}

bool
hib_engage_read_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                    HibInstant *ret_at, GError **error)
{
    const HibServices *services = context;
    HibTalkState state;
    Reading reading = {0};
    HibNetResult said;
    g_autoptr(GError) failure = NULL;
    HibInstant now = hib_db_now(db);
    *ret_end = HIB_JOB_DONE;
    if (!hib_talk_state_get(db, job->subject, &state, error) ||
        !hib_talk_own_posts(db, job->subject, &reading.posts, error))
        return false;
    reading.cursor = state.cursor;
    if (!hib_accounts_call(db, services, job->subject, read_now, &reading, &said, &failure)) {
        if (hib_error_is(failure, HIB_ERROR_NOT_FOUND))
            return true; /* disconnected: connecting again begins anew */
        g_propagate_error(error, g_steal_pointer(&failure));
        return false;
    }
    if (reading.is_told_only)
        return true;
    bool is_ok = said.class == HIB_NET_OK;
    if (is_ok)
        state =
            (HibTalkState){.cursor = reading.next ? reading.next : reading.cursor, .read_at = now};
    else {
        state.failures++;
        hib_log(HIB_WARN, "engage.not_read", "account", job->subject, "class",
                hib_net_class_name(said.class), NULL);
    }
    *ret_end = HIB_JOB_AGAIN;
    *ret_at = now + wait_after(services, &said, state.failures, now);
    return hib_talk_state_set(db, job->subject, &state, reading.talk, is_ok ? reading.n : 0, error);
}

static bool
take_webhook(HibDb *db, const char *account, HibJson payload, GError **error)
{
    HibJson data = {0};
    const char *id = NULL;
    HibAccountHookEvent *told;
    size_t n_new;
    if (!hib_json_opt_object(payload, "data", &data, error) || !data.value ||
        !hib_json_text(data, "hook_event", &id, error) ||
        !hib_accounts_hook_event(db, id, &told, error))
        return false;
    return !told || hib_engage_store(db, account, &told->event.talk, 1, &n_new, error);
}

bool
hib_engage_take_run(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *ret_end,
                    HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    HibJson payload;
    const char *event = "";
    *ret_end = HIB_JOB_DONE;
    if (!hib_json_parse(hib_db_arena(db), job->json, strlen(job->json), &payload, error) ||
        !hib_json_opt_text(payload, "event", &event, error))
        return false;
    if (g_str_equal(event, "account.talk"))
        return take_webhook(db, job->subject, payload, error);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx &&
           hib_job_add(db, HIB_JOB_TALK_READ, job->subject, job->subject, NULL, hib_db_now(db),
                       NULL, error) &&
           hib_tx_commit(tx, error);
}
