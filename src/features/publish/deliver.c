/* The delivery state machine: what an answer of the network means for a delivery. Pure: no store, no network, no clock.
 *
 * The promise is: never twice, never lost, never silent.
 *
 *   waiting ──claim──▶ sending ──publish──▶ published
 *      ▲                │  │                 ▲    ▲
 *      │  nothing       │  └─outcome open──▶ unknown ──read back──▶ found
 *      └──happened──────┘                      │
 *      ▲                │                      ├─ not there, and the call can no longer arrive ──▶ waiting
 *      │                └─a final no──▶ failed └─ a day without an answer ──▶ stays unknown, a person looks
 *      └──────────── a person tries again ──┘
 *
 * A post goes out in steps (network.h): those before the effect may be repeated, the effect may not, and what follows it only asks
 * whether it is out. What a step learnt is stored before the next begins.
 *
 * Never twice. The claim writes the handle the effect will have on the network (Bluesky: the record key), the time the post will
 * carry and a fingerprint, and is durable before the first byte goes out. `is_dispatched` says that the publishing call may have been
 * made. From then on only confirming and reading back may follow: a run that starts and finds such a row (a crash, a lost lease) looks whether the
 * handle took effect. "Not there" counts only once the call can no longer arrive (the network's settling time), and what is then sent
 * again carries the same handle, so that even a call that arrives later falls onto the same record. A handle is given up only when
 * the network itself says that it expired without effect or that what it took has failed, or when nothing is out under it and its life
 * is over. Where the network
 * forgets handles (LINE's retry key), an outcome still open by then is never sent again: a person looks.
 *
 * Never taken for another. A post on the network belongs to one delivery of its account: reading back leaves out what others have
 * become, the store refuses a second owner, and what the network answered to a call wins over what was merely read back
 * (remote_store.c). So two posts of the same words a second apart, both cut, settle on two posts.
 *
 * Never lost. State and job change in one transaction; a crash leaves either both or none, and a job whose lease was lost runs again.
 * Waiting for the network (back-off, rate limit, quota, an account to be reconnected) ends a day after the post was due: a post of
 * yesterday is not sent by itself, a person decides.
 *
 * Never silent. Every waiting has its time and reason in the row, every end its error and what to do next; an outcome nobody can find
 * out stays "unknown" and asks a person to look.
 *
 * Held overlays all this before sending: the switch is asked in the statement that claims, and once more before the call of a
 * post whose pictures were still going up. Rate limits and quotas count as no failure: they would burn the back-off. */
#include "publish/publish_private.h"

static const int retry_waits_s[] = {5, 15, 60, 300, 900, 1800, 3600};
static const int read_waits_s[] = {5,   15,  30,   60,   120,  300,   300,
                                   600, 900, 1800, 3600, 7200, 14400, 28800};

static HibDuration
wait_of(const int *waits_s, size_t n, int count)
{
    size_t at = count < 0 ? 0 : (size_t)count;
    return waits_s[at < n ? at : n - 1] * HIB_SECOND;
}

static HibInstant
later(HibInstant a, HibInstant b)
{
    return a > b ? a : b;
}

bool
hib_deliver_is_too_late(HibInstant late_from, HibInstant now)
{
    return now > late_from + HIB_DELIVER_WINDOW;
}

static HibDeliverVerdict
verdict(const HibDeliverAsk *ask, HibDeliveryState state, HibDeliverGo go, HibInstant at)
{
    return (HibDeliverVerdict){
        .state = state, .go = go, .at = at, .failures = ask->failures, .reads = ask->reads};
}

static HibDeliverVerdict
too_late(const HibDeliverAsk *ask)
{
    HibDeliverVerdict v = verdict(ask, HIB_DELIVERY_FAILED, HIB_GO_END, 0);
    v.code = HIB_DELIVER_CODE_LATE;
    return v;
}

/* Nothing happened on the network: wait and try again, while the post is not yet yesterday's. */
static HibDeliverVerdict
back_off(const HibDeliverAsk *ask)
{
    HibInstant deadline = ask->late_from + HIB_DELIVER_WINDOW;
    if (ask->now >= deadline)
        return too_late(ask);
    HibInstant at = ask->now + wait_of(retry_waits_s, G_N_ELEMENTS(retry_waits_s), ask->failures);
    HibDeliverVerdict v =
        verdict(ask, HIB_DELIVERY_WAITING, HIB_GO_AGAIN, at < deadline ? at : deadline);
    v.failures++;
    return v;
}

/* The network named a time (or `otherwise` is taken): no failure of ours. */
static HibDeliverVerdict
until(const HibDeliverAsk *ask, HibDuration otherwise)
{
    HibInstant at =
        ask->retry_at ? later(ask->retry_at, ask->now + HIB_SECOND) : ask->now + otherwise;
    return at > ask->late_from + HIB_DELIVER_WINDOW
               ? too_late(ask)
               : verdict(ask, HIB_DELIVERY_WAITING, HIB_GO_AGAIN, at);
}

/* When the last call may have had its effect. What was found to be without one (a narrowcast that failed) has no such time any more: then
 * what is asked about it counts from when it was due. */
static HibInstant
sent_from(const HibDeliverAsk *ask)
{
    return ask->sent_at ? ask->sent_at : ask->late_from;
}

static HibDeliverVerdict
read_later(const HibDeliverAsk *ask, HibInstant not_before)
{
    HibInstant at =
        later(ask->now + wait_of(read_waits_s, G_N_ELEMENTS(read_waits_s), ask->reads), not_before);
    HibDeliverVerdict v = verdict(ask, HIB_DELIVERY_UNKNOWN, HIB_GO_READ, at);
    v.reads++;
    if (at > sent_from(ask) + HIB_DELIVER_WINDOW) {
        v.go = HIB_GO_END; /* a person looks */
        v.at = 0;
    }
    return v;
}

static HibDeliverVerdict
decide_found_out(const HibDeliverAsk *ask)
{
    if (ask->class == HIB_NET_WAIT_ASYNC) {
        HibDeliverVerdict v = read_later(ask, ask->retry_at);
        if (ask->state == HIB_DELIVERY_SENDING && v.go == HIB_GO_READ) {
            v.state = HIB_DELIVERY_SENDING;
            v.go = HIB_GO_AGAIN;
        }
        return v;
    }
    if (ask->class != HIB_NET_OK)
        return read_later(ask, ask->retry_at);
    if (ask->is_found)
        return verdict(ask, HIB_DELIVERY_PUBLISHED, HIB_GO_END, 0);
    HibInstant settled_at = ask->sent_at + ask->settling;
    if (ask->now < settled_at)
        return read_later(ask, settled_at);
    if (ask->handle_until && ask->now >= ask->handle_until) {
        HibDeliverVerdict v = verdict(ask, HIB_DELIVERY_UNKNOWN, HIB_GO_END, 0);
        v.code = HIB_DELIVER_CODE_HANDLE; /* sent again it would be a second post to the network */
        return v;
    }
    if (ask->now >= ask->late_from + HIB_DELIVER_WINDOW)
        return too_late(ask);
    /* Surely not there. The first time again at once; a call that keeps getting lost backs off. */
    HibDuration pause =
        ask->failures <= 1 ? 0
                           : wait_of(retry_waits_s, G_N_ELEMENTS(retry_waits_s), ask->failures - 1);
    HibDeliverVerdict v = verdict(ask, HIB_DELIVERY_WAITING, HIB_GO_AGAIN, ask->now + pause);
    v.reads = 0;
    return v;
}

static HibDeliverVerdict
decide_uncertain(const HibDeliverAsk *ask)
{
    if (ask->step == HIB_STEP_PREPARE) /* a picture nobody refers to harms nobody */
        return back_off(ask);
    HibDeliverVerdict v = read_later(ask, 0);
    v.failures++;
    return v;
}

static HibDeliverVerdict
decide_ok(const HibDeliverAsk *ask)
{
    return ask->is_done ? verdict(ask, HIB_DELIVERY_PUBLISHED, HIB_GO_END, 0)
                        : verdict(ask, HIB_DELIVERY_SENDING, HIB_GO_ON, ask->now);
}

/* Accepted, and asked whether it is out. It may be: only the network's own "no" ends it, everything else is asked again or read back. */
static HibDeliverVerdict
decide_confirm(const HibDeliverAsk *ask)
{
    switch (ask->class) {
    case HIB_NET_OK:
        return decide_ok(ask);
    case HIB_NET_FIX_CONTENT:
    case HIB_NET_FATAL: { /* nothing is out under the handle, and the network would only say so again */
        HibDeliverVerdict v = verdict(ask, HIB_DELIVERY_FAILED, HIB_GO_END, 0);
        v.is_new_handle = true;
        return v;
    }
    case HIB_NET_BLOCKED: /* maybe the question only */
        return verdict(ask, HIB_DELIVERY_FAILED, HIB_GO_END, 0);
    case HIB_NET_WAIT_ASYNC: {
        HibInstant at = later(ask->retry_at, ask->now + 5 * HIB_SECOND);
        if (at <= sent_from(ask) + HIB_DELIVER_WINDOW)
            return verdict(ask, HIB_DELIVERY_SENDING, HIB_GO_AGAIN, at);
        break;
    }
    default:
        break;
    }
    return read_later(ask, ask->retry_at);
}

HibDeliverVerdict
hib_deliver_decide(const HibDeliverAsk *ask)
{
    if (ask->step == HIB_STEP_FIND)
        return decide_found_out(ask);
    if (ask->step == HIB_STEP_CONFIRM)
        return decide_confirm(ask);
    switch (ask->class) {
    case HIB_NET_OK:
        return decide_ok(ask);
    case HIB_NET_RETRY_SAME:
    case HIB_NET_REFRESH_AUTH: /* refreshed already and still refused: the server has not caught up */
        return back_off(ask);
    case HIB_NET_RETRY_AFTER:
        return until(ask, HIB_MINUTE);
    case HIB_NET_QUOTA:
        return until(ask, HIB_HOUR);
    case HIB_NET_RECONCILE:
        return decide_uncertain(ask);
    case HIB_NET_REAUTH_HUMAN: /* looked at again when the account is reconnected, and given up at the deadline */
        if (ask->now >= ask->late_from + HIB_DELIVER_WINDOW)
            return too_late(ask);
        return verdict(ask, HIB_DELIVERY_WAITING, HIB_GO_AGAIN,
                       ask->late_from + HIB_DELIVER_WINDOW);
    case HIB_NET_WAIT_ASYNC: /* a container that is not ready has no effect yet; an effect that is under way is asked about */
        return ask->step == HIB_STEP_PREPARE ? until(ask, 5 * HIB_SECOND) : decide_confirm(ask);
    case HIB_NET_NEW_HANDLE: {
        HibDeliverVerdict v = back_off(ask);
        v.is_new_handle = true;
        return v;
    }
    case HIB_NET_FIX_CONTENT:
    case HIB_NET_BLOCKED:
    case HIB_NET_FATAL:
        break;
    }
    return verdict(ask, HIB_DELIVERY_FAILED, HIB_GO_END, 0);
}

HibDeliveryNext
hib_deliver_next(HibDeliveryState state, bool has_error, HibNetClass class, bool has_next_at)
{
    bool needs_person = has_error && (class == HIB_NET_REAUTH_HUMAN || class == HIB_NET_BLOCKED);
    switch (state) {
    case HIB_DELIVERY_WAITING:
        return needs_person ? HIB_NEXT_RECONNECT : has_error ? HIB_NEXT_WAIT : HIB_NEXT_NONE;
    case HIB_DELIVERY_SENDING:
        return HIB_NEXT_WAIT;
    case HIB_DELIVERY_FAILED:
        return has_error && class == HIB_NET_FIX_CONTENT ? HIB_NEXT_EDIT
               : needs_person                            ? HIB_NEXT_RECONNECT
                                                         : HIB_NEXT_RETRY;
    case HIB_DELIVERY_UNKNOWN:
        return !has_next_at ? HIB_NEXT_CHECK : needs_person ? HIB_NEXT_RECONNECT : HIB_NEXT_WAIT;
    case HIB_DELIVERY_PUBLISHED:
    case HIB_DELIVERY_CANCELLED:
        break;
    }
    return HIB_NEXT_NONE;
}

/* A post some of whose deliveries are out is past moving, even while the others still wait: "sending". */
HibPostState
hib_deliver_post_state(int64_t n_waiting, int64_t n_sending, int64_t n_published, int64_t n_failed,
                       int64_t n_unknown)
{
    int64_t n_over = n_published + n_unknown;
    if (n_sending || (n_waiting && n_over))
        return HIB_POST_SENDING;
    if (n_waiting)
        return HIB_POST_SCHEDULED;
    if (n_unknown)
        return HIB_POST_UNKNOWN;
    if (n_failed)
        return HIB_POST_FAILED;
    return n_published ? HIB_POST_PUBLISHED : HIB_POST_DRAFT;
}

/* By script alone: kana or Chinese characters read as Japanese here, Hangul as Korean; Latin letters could be many languages. */
const char *
hib_deliver_lang(const char *text)
{
    bool has_hangul = false;
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if ((c >= 0x3041 && c <= 0x30ff) || (c >= 0x4e00 && c <= 0x9fff))
            return "ja";
        has_hangul = has_hangul || (c >= 0xac00 && c <= 0xd7a3);
    }
    return has_hangul ? "ko" : NULL;
}
