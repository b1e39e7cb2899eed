/* PostgreSQL behind the store's face: a pool of connections, prepared statements, transactions.
 *
 * A connection lost before the commit means that nothing happened (BUSY); lost while the commit was under way it means that
 * nobody knows (UNCERTAIN). A connection that died while idle is replaced before its first statement is reported as failed. */
#include "store/pg.h"
#include "base/error.h"
#include "base/secrets.h"
#include <string.h>
#include <unistd.h>

#define PIPELINE_ROWS 400
#define PLAN_US (10 * G_USEC_PER_SEC)

/* --- connections -------------------------------------------------------------------------------------------------------- */
static void
ignore_notice(void *data, const char *message)
{
}

PGconn *
hib_pg_connect(const HibPg *pg, GError **error)
{
    static const char *const names[] = {"dbname",
                                        "connect_timeout",
                                        "client_encoding",
                                        "application_name",
                                        "keepalives_idle",
                                        "tcp_user_timeout",
                                        NULL};
    const char *const values[] = {pg->url, "5", "UTF8", "hibiki", "30", "15000", NULL};
    g_autofree char *settings = g_strdup_printf("set lock_timeout = %d", pg->store->busy_ms);
    PGconn *conn = PQconnectdbParams(names, values, 1);
    PQsetNoticeProcessor(conn, ignore_notice, NULL);
    if (PQstatus(conn) != CONNECTION_OK)
        hib_error_set(error, HIB_ERROR_BUSY, "store.busy", "connect: %s", PQerrorMessage(conn));
    else if (hib_pg_exec(conn, settings, error))
        return conn;
    PQfinish(conn);
    return NULL;
}

static void
link_free(PgLink *link)
{
    PQfinish(link->conn);
    g_hash_table_unref(link->prepared);
    g_free(link);
}

PgLink *
hib_pg_take(HibPg *pg, GError **error)
{
    const int64_t deadline = hib_monotonic_us() + (int64_t)pg->store->busy_ms * 1000;
    hib_wait_lock(&pg->pool);
    while (pg->idle->len == 0 && pg->n_links >= pg->store->connections) {
        if (hib_wait_until(&pg->pool, deadline) || pg->idle->len > 0)
            continue;
        hib_wait_unlock(&pg->pool);
        hib_error_set(error, HIB_ERROR_BUSY, "store.busy", "all connections are busy");
        return NULL;
    }
    PgLink *link = pg->idle->len ? g_ptr_array_steal_index(pg->idle, pg->idle->len - 1) : NULL;
    pg->n_links += !link;
    hib_wait_unlock(&pg->pool);
    if (link)
        return link;
    PGconn *conn = hib_pg_connect(pg, error);
    if (conn) {
        link = g_new0(PgLink, 1);
        link->conn = conn;
        link->prepared = g_hash_table_new_full(NULL, NULL, NULL, g_free);
        link->planned_at = hib_monotonic_us();
        return link;
    }
    hib_wait_lock(&pg->pool);
    pg->n_links--;
    pthread_cond_signal(&pg->pool.cond);
    hib_wait_unlock(&pg->pool);
    return NULL;
}

void
hib_pg_give(HibPg *pg, PgLink *link)
{
    const bool is_good =
        PQstatus(link->conn) == CONNECTION_OK && PQtransactionStatus(link->conn) == PQTRANS_IDLE;
    if (!is_good)
        link_free(link);
    hib_wait_lock(&pg->pool);
    if (is_good)
        g_ptr_array_add(pg->idle, link);
    else
        pg->n_links--;
    pthread_cond_signal(&pg->pool.cond);
    hib_wait_unlock(&pg->pool);
}

/* --- statements -------------------------------------------------------------------------------------------------------- */
/* PostgreSQL keeps a statement's plan until somebody analyses its tables. One that was made while a table was empty takes any index for good enough and goes on reading all of it as it fills
 * (ten thousand posts were read for each that was written); so plans are made anew every few seconds, from the sizes of now. */
static void
drop_old_plans(PgLink *link)
{
    const int64_t now = hib_monotonic_us();
    if (now - link->planned_at < PLAN_US)
        return;
    link->planned_at = now;
    PQclear(PQexec(link->conn, "discard plans")); /* should it fail, so does what comes after it */
}

static const char *
prepare(PgLink *link, const HibStatement *statement, GError **error)
{
    drop_old_plans(link);
    const char *name = g_hash_table_lookup(link->prepared, statement);
    if (name)
        return name;
    g_autofree char *made = g_strdup_printf("s%u", g_hash_table_size(link->prepared));
    PGresult *result = PQprepare(link->conn, made, statement->postgres, 0, NULL);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        hib_pg_fail(link->conn, result, statement->name, error);
        return NULL;
    }
    PQclear(result);
    name = made;
    g_hash_table_insert(link->prepared, (void *)statement, g_steal_pointer(&made));
    return name;
}

static bool
run_on(PgLink *link, const HibStatement *statement, const HibValue *values, HibRows *rows,
       int64_t *changed, GError **error)
{
    const char *name = prepare(link, statement, error);
    if (!name)
        return false;
    PgValues printed;
    hib_pg_print(&printed, statement->params, values);
    PGresult *result = PQexecPrepared(link->conn, name, (int)strlen(statement->params),
                                      printed.values, printed.lengths, printed.formats, 0);
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return hib_pg_fail(link->conn, result, statement->name, error);
    const bool is_done = !rows || hib_pg_read(result, rows, error);
    if (changed && statement->is_write)
        *changed = g_ascii_strtoll(PQcmdTuples(result), NULL, 10);
    PQclear(result);
    return is_done;
}

static bool
pg_run(HibStore *store, void *in, const HibStatement *statement, const HibValue *values,
       HibRows *rows, int64_t *changed, GError **error)
{
    HibPg *pg = store->side;
    if (in)
        return run_on(in, statement, values, rows, changed, error);
    for (int attempt = 0;; attempt++) {
        GError *failure = NULL;
        PgLink *link = hib_pg_take(pg, error);
        if (!link)
            return false;
        const bool is_done = run_on(link, statement, values, rows, changed, &failure);
        const bool is_lost = PQstatus(link->conn) != CONNECTION_OK;
        hib_pg_give(pg, link);
        if (is_done)
            return true;
        /* Idle connections die together when the server restarts: each is dropped until a new one is made. */
        if (!is_lost || attempt > store->connections) {
            g_propagate_error(error, failure);
            return false;
        }
        g_clear_error(&failure);
        rows->n = 0;
    }
}

/* Reads the answers to `n` statements and the sync after them; the first failure is kept. */
static bool
read_pipeline(PgLink *link, const char *what, size_t n, GError **error)
{
    GError *failure = NULL;
    size_t n_synced = 0, n_answers = 0;
    while (!n_synced && n_answers <= 2 * n + 2) {
        PGresult *result = PQgetResult(link->conn);
        n_answers++;
        if (!result && PQstatus(link->conn) != CONNECTION_OK)
            break;
        const ExecStatusType status = PQresultStatus(result);
        n_synced += result && status == PGRES_PIPELINE_SYNC;
        if (result && (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE) && !failure)
            hib_pg_fail(link->conn, result, what, &failure);
        else
            PQclear(result);
    }
    if (!failure && !n_synced)
        hib_pg_fail(link->conn, NULL, what, &failure);
    if (!failure)
        return true;
    g_propagate_error(error, failure);
    return false;
}

static bool
send_chunk(PgLink *link, const HibStatement *statement, const char *name, const HibValue *values,
           size_t n_rows, const char *workspace, GError **error)
{
    const size_t n_params = MAX(strlen(statement->params), 1);
    bool is_sent = true;
    for (size_t i = 0; i < n_rows && is_sent; i++) {
        HibValue bound[HIB_STATEMENT_PARAMS];
        PgValues printed;
        memcpy(bound, values + i * n_params, sizeof(HibValue) * n_params);
        if (statement->workspace_at >= 0)
            bound[statement->workspace_at] = (HibValue){.text = workspace};
        hib_pg_print(&printed, statement->params, bound);
        is_sent = PQsendQueryPrepared(link->conn, name, (int)strlen(statement->params),
                                      printed.values, printed.lengths, printed.formats, 0) == 1;
    }
    if (is_sent && PQpipelineSync(link->conn) == 1)
        return read_pipeline(link, statement->name, n_rows, error);
    return hib_pg_fail(link->conn, NULL, statement->name, error);
}

static bool
pg_run_many(HibStore *store, void *in, const HibStatement *statement, const HibValue *values,
            size_t n_rows, const char *workspace, GError **error)
{
    PgLink *link = in;
    const size_t n_params = MAX(strlen(statement->params), 1);
    const char *name = prepare(link, statement, error);
    if (!name)
        return false;
    if (PQenterPipelineMode(link->conn) != 1)
        return hib_pg_fail(link->conn, NULL, statement->name, error);
    bool is_done = true;
    for (size_t i = 0; i < n_rows && is_done; i += PIPELINE_ROWS)
        is_done = send_chunk(link, statement, name, values + i * n_params,
                             MIN(n_rows - i, PIPELINE_ROWS), workspace, error);
    if (PQexitPipelineMode(link->conn) != 1 && is_done)
        return hib_pg_fail(link->conn, NULL, statement->name, error);
    return is_done;
}

static bool
pg_script(HibStore *store, void *link, const char *sql, GError **error)
{
    return hib_pg_exec(((PgLink *)link)->conn, sql, error);
}

/* --- transactions ------------------------------------------------------------------------------------------------------ */
static void *
pg_begin(HibStore *store, bool is_large G_GNUC_UNUSED, GError **error)
{
    HibPg *pg = store->side;
    for (int attempt = 0;; attempt++) {
        GError *failure = NULL;
        PgLink *link = hib_pg_take(pg, error);
        if (!link)
            return NULL;
        if (hib_pg_exec(link->conn, "begin", &failure))
            return link;
        const bool is_lost = PQstatus(link->conn) != CONNECTION_OK;
        hib_pg_give(pg, link);
        if (!is_lost || attempt > store->connections) {
            g_propagate_error(error, failure);
            return NULL;
        }
        g_clear_error(&failure);
    }
}

static bool
pg_commit(HibStore *store, void *in, const HibAfter *after, GError **error)
{
    HibPg *pg = store->side;
    PgLink *link = in;
    g_autofree char *notice = hib_pg_notice(pg, after);
    g_autofree char *sql = g_strconcat(notice ? notice : "", "commit", NULL);
    PGresult *result = PQexec(link->conn, sql);
    const bool is_stored =
        PQresultStatus(result) == PGRES_COMMAND_OK && strcmp(PQcmdStatus(result), "COMMIT") == 0;
    const bool is_lost = PQstatus(link->conn) != CONNECTION_OK;
    if (is_lost && after->has_written) {
        hib_error_set(error, HIB_ERROR_UNCERTAIN, "store.commit_unknown",
                      "the connection was lost while committing: %s", PQerrorMessage(link->conn));
        PQclear(result);
    } else if (!is_stored && PQresultStatus(result) == PGRES_COMMAND_OK) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed", "the transaction was rolled back");
        PQclear(result);
    } else if (!is_stored) {
        hib_pg_fail(link->conn, result, "commit", error);
        if (!is_lost)
            PQclear(PQexec(link->conn, "rollback"));
    } else {
        PQclear(result);
    }
    hib_pg_give(pg, link);
    if (!is_stored || (is_lost && after->has_written))
        return false;
    /* The events come back through the listener, in one order for all processes. */
    HibAfter own = *after;
    own.has_written |= own.events != NULL;
    own.events = NULL;
    hib_store_committed(store, &own);
    return true;
}

static void
pg_rollback(HibStore *store, void *in)
{
    PgLink *link = in;
    PQclear(PQexec(link->conn, "rollback"));
    hib_pg_give(store->side, link);
}

static bool
pg_serialise(HibStore *store, void *link, GError **error)
{
    return hib_pg_exec(((PgLink *)link)->conn, "select pg_advisory_xact_lock(1212760641, 0)",
                       error);
}

static bool
pg_check(HibStore *store, HibArena *arena, const HibStatement *statement, const char *const *large,
         HibPlanned *ret_plan, GError **error)
{
    PgLink *link = hib_pg_take(store->side, error);
    if (!link)
        return false;
    const char *name = prepare(link, statement, error);
    bool is_good = name != NULL;
    if (is_good) {
        PGresult *described = PQdescribePrepared(link->conn, name);
        is_good = hib_pg_check_types(described, statement, error);
        PQclear(described);
    }
    hib_pg_give(store->side, link);
    return is_good;
}

/* --- opening ------------------------------------------------------------------------------------------------------------ */
static void
pg_close(HibStore *store)
{
    HibPg *pg = store->side;
    hib_pg_stop_listening(pg);
    for (guint i = 0; i < pg->idle->len; i++)
        link_free(pg->idle->pdata[i]);
    g_ptr_array_unref(pg->idle);
    g_hash_table_unref(pg->owners);
    pthread_mutex_destroy(&pg->owners_mutex);
    hib_wait_clear(&pg->pool);
    g_free(pg->url);
    g_free(pg);
}

static const HibBackend pg_backend = {
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .run = pg_run,
    .run_many = pg_run_many,
    .script = pg_script,
    .serialise = pg_serialise,
    .check = pg_check,
    .is_owner_alive = hib_pg_is_owner_alive,
    .hold_owner = hib_pg_hold_owner,
    .drop_owner = hib_pg_drop_owner,
    .tell = hib_pg_tell,
    .close = pg_close,
};

static void
finish(void *conn)
{
    PQfinish(conn);
}

bool
hib_pg_open(HibStore *store, const char *url, GError **error)
{
    HibPg *pg = g_new0(HibPg, 1);
    unsigned char random[16];
    pg->store = store;
    pg->url = g_strdup(url);
    pg->idle = g_ptr_array_new();
    pg->owners = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, finish);
    pg->wake[0] = pg->wake[1] = -1;
    pthread_mutex_init(&pg->owners_mutex, NULL);
    hib_wait_init(&pg->pool);
    hib_random_bytes(random, sizeof(random));
    for (size_t i = 0; i < sizeof(random); i++)
        g_snprintf(pg->token + 2 * i, 3, "%02x", random[i]);
    store->backend = &pg_backend;
    store->side = pg;
    PgLink *first = hib_pg_take(pg, error);
    if (!first)
        return false;
    hib_pg_give(pg, first);
    return hib_pg_listen(pg, error);
}
