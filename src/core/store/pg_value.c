/* PostgreSQL: values in and out as text (bytes in binary), and what its error codes mean to us. */
#include "base/error.h"
#include "store/pg.h"
#include <string.h>

typedef struct {
    const char *state; /* SQLSTATE or its first letters */
    HibErrorKind kind;
    const char *reason;
} Meaning;

static const Meaning meanings[] = {
    {"23505", HIB_ERROR_CONFLICT, "store.duplicate"},
    {"40001", HIB_ERROR_BUSY, "store.busy"},
    {"40P01", HIB_ERROR_BUSY, "store.busy"},
    {"55P03", HIB_ERROR_BUSY, "store.busy"},
    {"57014", HIB_ERROR_BUSY, "store.busy"},
    {"57P0", HIB_ERROR_BUSY, "store.busy"},
    {"53300", HIB_ERROR_BUSY, "store.busy"},
    {"25P03", HIB_ERROR_BUSY, "store.busy"},
    {"08", HIB_ERROR_BUSY, "store.busy"},
    {"53100", HIB_ERROR_INTERNAL, "store.disk_full"},
    {"XX001", HIB_ERROR_CORRUPT, "store.failed"},
    {"XX002", HIB_ERROR_CORRUPT, "store.failed"},
};

bool
hib_pg_fail(PGconn *conn, PGresult *result, const char *what, GError **error)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *text = result && state ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)
                                       : PQerrorMessage(conn);
    const bool is_lost = PQstatus(conn) != CONNECTION_OK;
    HibErrorKind kind = is_lost ? HIB_ERROR_BUSY : HIB_ERROR_INTERNAL;
    const char *reason = is_lost ? "store.busy" : "store.failed";
    for (size_t i = 0; state && i < G_N_ELEMENTS(meanings); i++) {
        if (!g_str_has_prefix(state, meanings[i].state))
            continue;
        kind = meanings[i].kind;
        reason = meanings[i].reason;
        break;
    }
    hib_error_set(error, kind, reason, "%s: %s (%s)", what, text ? text : "no answer",
                  state ? state : "connection");
    PQclear(result);
    return false;
}

bool
hib_pg_exec(PGconn *conn, const char *sql, GError **error)
{
    PGresult *result = PQexec(conn, sql);
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return hib_pg_fail(conn, result, sql, error);
    PQclear(result);
    return true;
}

void
hib_pg_print(PgValues *to, const char *params, const HibValue *values)
{
    for (int i = 0; params[i]; i++) {
        const HibValue *value = &values[i];
        to->formats[i] = params[i] == 'y';
        to->lengths[i] = 0;
        to->values[i] = to->room[i];
        if (value->is_null || (params[i] == 't' && !value->text)) {
            to->values[i] = NULL;
        } else if (params[i] == 't') {
            to->values[i] = value->text;
        } else if (params[i] == 'y') {
            to->values[i] = value->bytes.n ? value->bytes.data : "";
            to->lengths[i] = (int)value->bytes.n;
        } else if (params[i] == 'b') {
            to->values[i] = value->i64 ? "t" : "f";
        } else if (params[i] == 'r') {
            g_ascii_dtostr(to->room[i], G_ASCII_DTOSTR_BUF_SIZE, value->f64);
        } else {
            g_snprintf(to->room[i], G_ASCII_DTOSTR_BUF_SIZE, "%" G_GINT64_FORMAT, value->i64);
        }
    }
}

static HibBytes
read_bytes(HibArena *arena, const char *text)
{
    size_t n = 0;
    unsigned char *plain = PQunescapeBytea((const unsigned char *)text, &n);
    char *copy = hib_arena_take(arena, n + 1);
    if (n)
        memcpy(copy, plain, n);
    PQfreemem(plain);
    return (HibBytes){copy, n};
}

static bool
read_value(HibRows *rows, PGresult *result, int row, int column, char *to, GError **error)
{
    const HibStatement *statement = rows->statement;
    const char *text = PQgetvalue(result, row, column);
    const size_t n = (size_t)PQgetlength(result, row, column);
    HibValue value = {0};
    char *end = NULL;
    if (PQgetisnull(result, row, column))
        return hib_row_set_null(statement, (size_t)column, error);
    switch (statement->columns[column]) {
    case 't':
        value.text = hib_arena_strndup(rows->arena, text, n);
        break;
    case 'y':
        value.bytes = read_bytes(rows->arena, text);
        break;
    case 'b':
        value.i64 = text[0] == 't' || text[0] == '1';
        break;
    case 'r':
        value.f64 = g_ascii_strtod(text, &end);
        break;
    default:
        value.i64 = g_ascii_strtoll(text, &end, 10);
        break;
    }
    if (end && (*end || end == text)) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed", "%s: column %d is no number",
                      statement->name, column + 1);
        return false;
    }
    hib_row_set(statement, to, (size_t)column, value);
    return true;
}

bool
hib_pg_read(PGresult *result, HibRows *rows, GError **error)
{
    const int n_columns = (int)strlen(rows->statement->columns), n_rows = PQntuples(result);
    if (n_columns == 0)
        return true;
    if (PQnfields(result) != n_columns) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed",
                      "%s: declares %d columns and has %d", rows->statement->name, n_columns,
                      PQnfields(result));
        return false;
    }
    for (int r = 0; r < n_rows; r++) {
        char *row = hib_rows_next(rows);
        for (int c = 0; c < n_columns; c++)
            if (!read_value(rows, result, r, c, row, error))
                return false;
    }
    return true;
}

/* The types of the catalogue (pg_type.oid), fixed for ever. */
static bool
is_type(Oid type, char letter)
{
    switch (letter) {
    case 't':
        return type == 25 || type == 1043 || type == 705;
    case 'i':
        return type == 20 || type == 21 || type == 23 || type == 1700;
    case 'r':
        return type == 700 || type == 701 || type == 1700;
    case 'b':
        return type == 16;
    default:
        return type == 17;
    }
}

bool
hib_pg_check_types(PGresult *described, const HibStatement *statement, GError **error)
{
    const int n_columns = (int)strlen(statement->columns);
    if (PQnfields(described) != n_columns ||
        PQnparams(described) != (int)strlen(statement->params)) {
        hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed",
                      "%s: %d columns, %d parameters, declared %d and %zu", statement->name,
                      PQnfields(described), PQnparams(described), n_columns,
                      strlen(statement->params));
        return false;
    }
    for (int c = 0; c < n_columns; c++) {
        if (is_type(PQftype(described, c), statement->columns[c]))
            continue;
        hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed",
                      "%s: column %d (%s) has another type than declared", statement->name, c + 1,
                      PQfname(described, c));
        return false;
    }
    return true;
}
