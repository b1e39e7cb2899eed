/* PostgreSQL: what the processes tell each other. One channel; each commit that changed a workspace sends one notice
 *
 *     TOKEN FIRST LAST DUE WORKSPACE      FIRST..LAST: numbers of its events (0 0: none); DUE: earliest job added (0: none)
 *     TOKEN ! JSON                        an event that is told and not stored
 *
 * inside its transaction, so it arrives exactly when the commit does, in the order of commits. Numbers grow in that order too
 * (hib_events_flush holds a lock), so the listener reads all numbers up to LAST and misses none, also after it had to connect again.
 * When the connection was lost, every change counter is bumped: what was told meanwhile is unknown. */
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "store/pg.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define NOTICE_MOST 7900 /* the server's limit is 8000 bytes */
#define OWNER_CLASS "1212760642"
#define FIRST_PAUSE_MS 100
#define LONGEST_PAUSE_MS 5000

/* --- sending ------------------------------------------------------------------------------------------------------------ */
char *
hib_pg_notice(const HibPg *pg, const HibAfter *after)
{
    const bool is_change = after->workspace && after->has_written;
    const guint n_events = after->events ? after->events->len : 0;
    if (!is_change && !n_events && after->job_due == HIB_NEVER)
        return NULL;
    const HibStoredEvent *first = n_events ? after->events->pdata[0] : NULL;
    const HibStoredEvent *last = n_events ? after->events->pdata[n_events - 1] : NULL;
    GString *sql = g_string_new("select pg_notify('" HIB_PG_CHANNEL "', '");
    g_string_append_printf(sql,
                           "%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " ",
                           pg->token, first ? first->number : 0, last ? last->number : 0,
                           after->job_due == HIB_NEVER ? 0 : after->job_due);
    for (const char *at = after->workspace ? after->workspace : ""; *at; at++)
        g_string_append(sql, *at == '\'' ? "''" : (char[]){*at, '\0'});
    g_string_append(sql, "'); ");
    return g_string_free(sql, FALSE);
}

void
hib_pg_tell(HibStore *store, const HibStoredEvent *event)
{
    HibPg *pg = store->side;
    g_autoptr(HibArena) arena = hib_arena_new();
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "workspace", event->workspace);
    cJSON_AddStringToObject(object, "kind", event->kind);
    if (event->subject)
        cJSON_AddStringToObject(object, "subject", event->subject);
    if (event->json)
        cJSON_AddStringToObject(object, "json", event->json);
    const char *payload =
        hib_arena_printf(arena, "%s ! %s", pg->token, hib_json_print(arena, object));
    PgLink *link = strlen(payload) <= NOTICE_MOST ? hib_pg_take(pg, NULL) : NULL;
    if (!link)
        return; /* progress only: the next one comes */
    PQclear(PQexecParams(link->conn, "select pg_notify('" HIB_PG_CHANNEL "', $1)", 1, NULL,
                         &payload, NULL, NULL, 0));
    hib_pg_give(pg, link);
}

/* --- receiving ---------------------------------------------------------------------------------------------------------- */
static void
hear_told(HibPg *pg, const char *text)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    HibJson root;
    const char *workspace = NULL, *kind = NULL, *subject = NULL, *json = NULL;
    g_autoptr(GError) failure = NULL;
    if (!hib_json_parse(arena, text, strlen(text), &root, &failure) ||
        !hib_json_text(root, "workspace", &workspace, &failure) ||
        !hib_json_text(root, "kind", &kind, &failure) ||
        !hib_json_opt_text(root, "subject", &subject, &failure) ||
        !hib_json_opt_text(root, "json", &json, &failure)) {
        hib_log_error(HIB_WARN, "store.notice_unreadable", failure, NULL);
        return;
    }
    g_autofree HibStoredEvent *event =
        hib_stored_event_new(0, workspace, kind, subject, json, hib_clock_now(pg->store->clock));
    hib_event_hub_push(pg->store->hub, event);
}

/* Tells the listeners the events up to `last`. */
static void
hear_events(HibPg *pg, int64_t first, int64_t last)
{
    const int64_t from = pg->last_number ? pg->last_number + 1 : first;
    if (last <= pg->last_number)
        return;
    if (hib_event_hub_has_listeners(pg->store->hub)) {
        g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GError) failure = NULL;
        if (!hib_events_read(pg->store, from, last, events, &failure)) {
            hib_log_error(HIB_WARN, "store.events_unread", failure, NULL);
            return;
        }
        for (guint i = 0; i < events->len; i++)
            hib_event_hub_push(pg->store->hub, events->pdata[i]);
    }
    pg->last_number = last;
}

static void
hear(HibPg *pg, const char *payload)
{
    const size_t n_token = strlen(pg->token);
    const bool is_own = strncmp(payload, pg->token, n_token) == 0;
    if (strlen(payload) < n_token + 2)
        return;
    const char *rest = payload + n_token + 1;
    if (g_str_has_prefix(rest, "! ")) {
        if (!is_own)
            hear_told(pg, rest + 2);
        return;
    }
    char *end;
    const int64_t first = g_ascii_strtoll(rest, &end, 10);
    const int64_t last = g_ascii_strtoll(end, &end, 10);
    const int64_t due = g_ascii_strtoll(end, &end, 10);
    const char *workspace = *end == ' ' ? end + 1 : end;
    if (!is_own && *workspace)
        hib_store_bump(pg->store, workspace);
    if (last)
        hear_events(pg, first, last);
    if (!is_own && due)
        hib_store_wake_jobs(pg->store, due);
}

static bool
is_ending(const HibPg *pg)
{
    return __atomic_load_n(&pg->is_ending, __ATOMIC_ACQUIRE);
}

/* Hears until the connection is lost or the store closes. */
static void
hear_all(HibPg *pg, PGconn *conn)
{
    while (!is_ending(pg)) {
        PGnotify *notice;
        while ((notice = PQnotifies(conn))) {
            hear(pg, notice->extra);
            PQfreemem(notice);
        }
        struct pollfd sources[] = {{.fd = PQsocket(conn), .events = POLLIN},
                                   {.fd = pg->wake[0], .events = POLLIN}};
        if (poll(sources, 2, -1) < 0 && errno != EINTR)
            return;
        if (sources[0].revents && PQconsumeInput(conn) != 1)
            return;
    }
}

static bool lock_owner(PGconn *conn, const char *owner, GError **error);

/* The server was away: its sessions are gone, so are the locks that say "I live". */
static void
hold_owners_again(HibPg *pg)
{
    GHashTableIter iter;
    void *owner, *conn;
    pthread_mutex_lock(&pg->owners_mutex);
    g_hash_table_iter_init(&iter, pg->owners);
    while (g_hash_table_iter_next(&iter, &owner, &conn)) {
        if (hib_pg_exec(conn, "select 1", NULL))
            continue;
        PQreset(conn);
        lock_owner(conn, owner, NULL);
    }
    pthread_mutex_unlock(&pg->owners_mutex);
}

static PGconn *
connect_and_listen(const HibPg *pg, GError **error)
{
    PGconn *conn = hib_pg_connect(pg, error);
    if (!conn || hib_pg_exec(conn, "listen " HIB_PG_CHANNEL, error))
        return conn;
    PQfinish(conn);
    return NULL;
}

/* The highest number so far; 0 when there is none, or no table yet. */
static int64_t
highest_number(PGconn *conn)
{
    PGresult *result = PQexec(conn, "select coalesce(max(number), 0) from store_event");
    const bool is_answered = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
    const int64_t number = is_answered ? g_ascii_strtoll(PQgetvalue(result, 0, 0), NULL, 10) : 0;
    PQclear(result);
    return number;
}

/* After a time without connection: what was missed cannot be known but for the events. */
static void
catch_up(HibPg *pg, PGconn *conn)
{
    hold_owners_again(pg);
    hib_store_bump_all(pg->store);
    hear_events(pg, 1, highest_number(conn));
    hib_store_wake_jobs(pg->store, 0);
}

static void *
listener_run(void *data)
{
    HibPg *pg = data;
    int pause_ms = FIRST_PAUSE_MS;
    for (;;) {
        g_autoptr(GError) failure = NULL;
        PGconn *conn = g_steal_pointer(&pg->first_conn);
        if (!conn && (conn = connect_and_listen(pg, &failure)))
            catch_up(pg, conn);
        if (conn) {
            pause_ms = FIRST_PAUSE_MS;
            hear_all(pg, conn);
            PQfinish(conn);
        }
        if (is_ending(pg))
            break;
        if (failure)
            hib_log_error(HIB_WARN, "store.not_connected", failure, NULL);
        else
            hib_log(HIB_WARN, "store.listener_lost", NULL);
        struct pollfd source = {.fd = pg->wake[0], .events = POLLIN};
        poll(&source, 1, pause_ms);
        pause_ms = MIN(pause_ms * 2, LONGEST_PAUSE_MS);
    }
    return NULL;
}

bool
hib_pg_listen(HibPg *pg, GError **error)
{
    pg->first_conn = connect_and_listen(pg, error);
    if (!pg->first_conn)
        return false;
    pg->last_number = highest_number(pg->first_conn);
    if (pipe2(pg->wake, O_CLOEXEC | O_NONBLOCK) == 0)
        pg->has_listener = pthread_create(&pg->listener, NULL, listener_run, pg) == 0;
    if (!pg->has_listener)
        hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed",
                      "the system gives no more threads");
    return pg->has_listener;
}

void
hib_pg_stop_listening(HibPg *pg)
{
    __atomic_store_n(&pg->is_ending, true, __ATOMIC_RELEASE);
    if (pg->has_listener) {
        while (write(pg->wake[1], "", 1) < 0 && errno == EINTR)
            ;
        pthread_join(pg->listener, NULL);
    }
    for (int i = 0; i < 2; i++)
        if (pg->wake[i] >= 0)
            close(pg->wake[i]);
    PQfinish(pg->first_conn);
}

/* --- owners ------------------------------------------------------------------------------------------------------------- */
/* A session holds an advisory lock named after the job runner: gone with the process, however it ends. */
static bool
lock_owner(PGconn *conn, const char *owner, GError **error)
{
    g_autofree char *sql =
        g_strdup_printf("select pg_advisory_lock(" OWNER_CLASS ", %d)", (int)g_str_hash(owner));
    return hib_pg_exec(conn, sql, error);
}

bool
hib_pg_hold_owner(HibStore *store, const char *owner, GError **error)
{
    HibPg *pg = store->side;
    PGconn *conn = hib_pg_connect(pg, error);
    if (!conn)
        return false;
    if (!lock_owner(conn, owner, error)) {
        PQfinish(conn);
        return false;
    }
    pthread_mutex_lock(&pg->owners_mutex);
    g_hash_table_replace(pg->owners, g_strdup(owner), conn);
    pthread_mutex_unlock(&pg->owners_mutex);
    return true;
}

void
hib_pg_drop_owner(HibStore *store, const char *owner)
{
    HibPg *pg = store->side;
    pthread_mutex_lock(&pg->owners_mutex);
    g_hash_table_remove(pg->owners, owner);
    pthread_mutex_unlock(&pg->owners_mutex);
}

bool
hib_pg_is_owner_alive(HibStore *store, const char *owner)
{
    HibPg *pg = store->side;
    PgLink *link = hib_pg_take(pg, NULL);
    if (!link)
        return true; /* not known: its leases run out by themselves */
    g_autofree char *sql =
        g_strdup_printf("select pg_try_advisory_lock(" OWNER_CLASS ", %d)", (int)g_str_hash(owner));
    PGresult *result = PQexec(link->conn, sql);
    const bool is_answered = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
    const bool is_taken = is_answered && PQgetvalue(result, 0, 0)[0] == 't';
    PQclear(result);
    if (is_taken)
        PQclear(PQexec(link->conn, "select pg_advisory_unlock_all()"));
    hib_pg_give(pg, link);
    return !is_taken;
}
