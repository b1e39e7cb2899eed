/* Throttling: guessing a password or code gets slower with every failure, for the address written to and for where it comes from.
 *
 * An attempt is counted before it is looked at and taken back when it was right; so a hundred at the same time are a hundred.
 * From the fifth on the next must wait 1 s, 2 s, 4 s … 15 min. The counters are rows: a restart does not reset them. The
 * e-mail address is kept as a hash, since people type other things than addresses there. */
#include "team/team_private.h"
#include <arpa/inet.h>
#include <string.h>

#define FREE_FAILURES 5
#define LONGEST_WAIT (15 * HIB_MINUTE)
#define FORGOTTEN_AFTER HIB_HOUR
#define SUBJECTS 2

/* An IPv6 customer has a whole /64, so the first half stands for all of it. */
static const char *
client_of(HibArena *arena, const char *client)
{
    struct in6_addr address;
    if (!client || inet_pton(AF_INET6, client, &address) != 1 || IN6_IS_ADDR_V4MAPPED(&address))
        return client ? client : "";
    memset(address.s6_addr + 8, 0, 8);
    char text[INET6_ADDRSTRLEN];
    return hib_arena_strdup(arena, inet_ntop(AF_INET6, &address, text, sizeof text));
}

static void
subjects(HibArena *arena, const char *email, const char *client, const char *ret[SUBJECTS])
{
    const char *hash = hib_sha256_hex(arena, email, strlen(email));
    ret[0] = hib_arena_printf(arena, "email:%s", hash);
    ret[1] = hib_arena_printf(arena, "client:%s", client_of(arena, client));
}

static HibDuration
wait_after(int64_t failures)
{
    if (failures < FREE_FAILURES)
        return 0;
    int64_t doublings = failures - FREE_FAILURES;
    return doublings >= 10 ? LONGEST_WAIT : MIN(HIB_SECOND << doublings, LONGEST_WAIT);
}

static bool
count(HibDb *db, const char *const *subject, int n, GError **error)
{
    HibInstant now = hib_db_now(db), blocked_until = 0;
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    if (!tx)
        return false;
    for (int i = 0; i < n; i++) {
        HibSqlThrottleCount *row;
        if (!hib_sql_throttle_count(db, subject[i], now, now - FORGOTTEN_AFTER, &row, error))
            return false;
        HibDuration wait = wait_after(row->failures);
        if (row->blocked_until > now)
            blocked_until = MAX(blocked_until, row->blocked_until);
        else if (wait && !hib_sql_throttle_block(db, subject[i], now + wait, error))
            return false;
    }
    if (!blocked_until)
        return hib_tx_commit(tx, error);
    /* Rolled back: an attempt that was not looked at counts for neither. */
    GError *refusal = NULL;
    hib_error_set(&refusal, HIB_ERROR_TOO_MANY, "auth.throttled", "too many failed attempts");
    hib_error_set_retry_at(refusal, blocked_until);
    g_propagate_error(error, refusal);
    return false;
}

bool
hib_team_throttle_count(HibDb *db, const char *email, const char *client, GError **error)
{
    const char *subject[SUBJECTS];
    subjects(hib_db_arena(db), email, client, subject);
    return count(db, subject, SUBJECTS, error);
}

bool
hib_team_throttle_guess(HibDb *db, const char *what, const char *client, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    const char *subject = hib_arena_printf(arena, "%s:%s", what, client_of(arena, client));
    return count(db, &subject, 1, error);
}

bool
hib_team_throttle_forget(HibDb *db, const char *what, const char *client, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    return hib_sql_throttle_clear(
        db, hib_arena_printf(arena, "%s:%s", what, client_of(arena, client)), error);
}

bool
hib_team_throttle_undo(HibDb *db, const char *email, const char *client, GError **error)
{
    const char *subject[SUBJECTS];
    subjects(hib_db_arena(db), email, client, subject);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_sql_throttle_undo(db, subject[0], error) &&
           hib_sql_throttle_undo(db, subject[1], error) && hib_tx_commit(tx, error);
}

bool
hib_team_throttle_clear(HibDb *db, const char *email, const char *client, GError **error)
{
    const char *subject[SUBJECTS];
    subjects(hib_db_arena(db), email, client, subject);
    g_autoptr(HibTx) tx = hib_tx_begin(db, error);
    return tx && hib_sql_throttle_clear(db, subject[0], error) &&
           hib_sql_throttle_undo(db, subject[1], error) &&
           hib_sql_throttle_purge(db, hib_db_now(db) - HIB_DAY, error) && hib_tx_commit(tx, error);
}

bool
hib_team_throttle_failed(HibDb *db, const char *email, GError **error)
{
    const char *subject[SUBJECTS];
    subjects(hib_db_arena(db), email, NULL, subject);
    return hib_sql_throttle_seen(db, subject[0], hib_db_now(db), error);
}
