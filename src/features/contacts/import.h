/* Inside contacts/ only: tables of contacts.
 *
 * A table is read and judged whole: each column as what the person says it is, each row as somebody new, somebody known or somebody who was deleted, and everything wrong is told. Nothing
 * is stored before it is confirmed and nothing is wrong; then all of it in one transaction, once. What it made, and only that, can be taken back. */
#pragma once
#include "contacts/address.h"
#include "contacts/import.sql.h"
#include "table/table.h"

#define HIB_CONTACT_ROWS 20000
#define HIB_CONTACT_COLUMNS 60
#define HIB_CONTACT_PROBLEMS 5000 /* that are told; all are counted */
/* Same order as the contract. */
typedef enum {
    HIB_ROLE_SKIP,
    HIB_ROLE_NAME,
    HIB_ROLE_EMAIL,
    HIB_ROLE_PHONE,
    HIB_ROLE_CODE,
    HIB_ROLE_HANDLE,
    HIB_ROLE_TAGS,
    HIB_ROLE_LANGUAGE,
    HIB_ROLE_CITY,
    HIB_ROLE_CONSENT,
    HIB_ROLE_CONSENT_AT,
    HIB_ROLE_CONSENT_SOURCE,
    HIB_ROLES
} HibImportRole;
typedef struct {
    HibImportRole role;
    const char *network; /* of handles; "" */
} HibImportColumn;
typedef struct {
    HibImportColumn *columns; /* as many as the table has; what is not said is skipped */
    size_t n;
    const char *channel, *purpose; /* of the consent column; "" */
    const char *source, *tag;      /* of all rows that say none; of all rows; "" */
    HibInstant at;                 /* the same; 0: none */
} HibImportMapping;

typedef struct {
    HibIdentityKind kind;
    const char *network, *key, *shown, *hash; /* hash: of addresses; NULL */
} HibImportIdentity;
#define HIB_IMPORT_IDENTITIES 12
typedef struct {
    size_t row; /* as a spreadsheet counts */
    const char *name, *language, *city;
    HibImportIdentity identities[HIB_IMPORT_IDENTITIES];
    size_t n_identities;
    const char **tags;
    size_t n_tags;
    bool has_consent, is_given;
    HibInstant at;
    const char *source;
    const char *contact; /* who it is; NULL: somebody new */
    bool is_gone;        /* somebody who was deleted: left out */
} HibImportRow;
typedef struct {
    size_t row;
    const char *column; /* as the head has it; NULL: the row as a whole */
    const char *reason, *detail;
} HibImportProblem;
typedef struct {
    HibTable table;
    HibImportMapping mapping;
    HibImportRow *rows;
    size_t n_rows;
    HibImportProblem *problems; /* the first of them */
    size_t n_problems, n_bad_rows, last_bad_row;
} HibImportTable;

/* --- import.c: what stands in a table; pure but for the key ------------------------------------------------------------- */
/* What the heads say, in either language. */
void hib_import_guess(HibArena *arena, const HibTable *table, HibImportMapping *ret);
const char *hib_import_mapping_print(HibArena *arena, const HibImportMapping *mapping);
bool hib_import_mapping_read(HibArena *arena, const char *json, HibImportMapping *ret,
                             GError **error);
typedef struct {
    HibArena *arena;
    HibKeys *keys;
    const HibZone *zone;
    const char *locale;
    HibInstant now;
} HibImportDesk;
/* `csv` (n bytes and a NUL, UTF-8) is written over. `mapping` NULL: as guessed. INVALID contact.import_empty, contact.import_rows. */
bool hib_import_read(const HibImportDesk *desk, char *csv, size_t n,
                     const HibImportMapping *mapping, HibImportTable *ret, GError **error);
/* One more that is wrong with a row. */
void hib_import_tell(const HibImportDesk *desk, HibImportTable *table, size_t row, int column,
                     const char *reason, const char *detail, const char *value);

/* --- import_store.c ----------------------------------------------------------------------------------------------------- */
typedef struct {
    const char *id, *name;
    int state;                      /* 0 open, 1 done, 2 undone */
    HibInstant created_at, done_at; /* 0: not */
    int64_t n_new, n_known, n_refused, n_kept;
    HibImportTable table; /* of an open one */
} HibContactImport;
/* INVALID table.encoding and hib_import_read's. */
bool hib_contact_import_add(HibDb *db, const HibServices *services, const char *locale,
                            const char *name, GBytes *file, HibContactImport *ret, GError **error);
/* NOT_FOUND import.unknown. */
bool hib_contact_import_get(HibDb *db, const HibServices *services, const char *locale,
                            const char *id, HibContactImport *ret, GError **error);
/* Another mapping of an open one. */
bool hib_contact_import_map(HibDb *db, const HibServices *services, const char *locale,
                            const char *id, const HibImportMapping *mapping, HibContactImport *ret,
                            GError **error);
/* CONFLICT import.has_errors. Twice: the second changes nothing. */
bool hib_contact_import_confirm(HibDb *db, const HibServices *services, const char *locale,
                                const char *id, HibContactImport *ret, GError **error);
/* An open one is forgotten; what a done one made goes again, but for contacts of whom more is known since. */
bool hib_contact_import_drop(HibDb *db, const char *id, GError **error);
/* The last 20 that were stored, without tables. */
bool hib_contact_import_list(HibDb *db, HibContactImport **ret, size_t *ret_n, GError **error);
