/* engage.read asks an account's network what was said since the last time; engage.take stores what webhooks told, many at once; engage.begin begins reading an
 * account that was just connected; engage.answered looks at a thread again when an answer is out or refused. */
#include "accounts/accounts.h"
#include "base/error.h"
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

/* --- what webhooks told ------------------------------------------------------------------------------------------------------ */
#define AT_ONCE 250

bool
hib_engage_take_run(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *ret_end,
                    HibInstant *ret_at, GError **error)
{
    HibAccountHeard *heard;
    size_t n, n_new;
    *ret_at = hib_db_now(db);
    if (!hib_accounts_heard(db, job->subject, AT_ONCE, &heard, &n, error))
        return false;
    *ret_end = n == AT_ONCE ? HIB_JOB_AGAIN : HIB_JOB_DONE;
    if (!n)
        return true;
    HibNetTalk *talk = hib_arena_array(hib_db_arena(db), HibNetTalk, n);
    for (size_t i = 0; i < n; i++)
        talk[i] = heard[i].talk;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_engage_store(db, job->subject, talk, n, &n_new, error) &&
           hib_accounts_heard_done(db, heard, n, error) && hib_tx_commit(tx, error);
}

/* An account was connected: reading it begins. */
bool
hib_engage_begin_run(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED, HibJobEnd *ret_end,
                     HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    *ret_end = HIB_JOB_DONE;
    return hib_job_add(db, HIB_JOB_TALK_READ, job->subject, job->subject, NULL, hib_db_now(db),
                       NULL, error);
}

bool
hib_engage_answered_run(HibDb *db, const HibJob *job, void *context G_GNUC_UNUSED,
                        HibJobEnd *ret_end, HibInstant *ret_at G_GNUC_UNUSED, GError **error)
{
    *ret_end = HIB_JOB_DONE;
    return hib_talk_answered(db, job->subject, error);
}
