/* A table of contacts, read: columns by what the person says they are, cells checked, every fault told with its row and column. Pure but for the key of the addresses' hashes. */
#include "contacts/import.h"
#include "base/error.h"
#include "base/json.h"
#include "base/messages.h"
#include "networks/network.h"
#include "text/count.h"
#include <string.h>

static const char *const role_names[HIB_ROLES] = {
    "skip", "name",     "email", "phone",   "code",       "handle",
    "tags", "language", "city",  "consent", "consent_at", "consent_source"};
enum { NAME_CHARS = 200, CITY_CHARS = 100, TAG_CHARS = 60, TAGS = 50, HANDLE_CHARS = 100 };

/* --- which column is what --------------------------------------------------------------------------------------------------- */
static bool
is_head(const char *head, const char *role)
{
    static const char *const locales[] = {"ja", "en"};
    g_autofree char *key = g_strconcat("contact.import.", role, NULL);
    if (hib_table_is_called(head, role))
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(locales); i++) {
        g_auto(GStrv) words = g_strsplit(hib_message(locales[i], key), "/", -1);
        for (char **word = words; *word; word++)
            if (hib_table_is_called(head, *word))
                return true;
    }
    return false;
}

void
hib_import_guess(HibArena *arena, const HibTable *table, HibImportMapping *ret)
{
    const HibTableRow *head = &table->rows[0];
    *ret = (HibImportMapping){.columns = hib_arena_array(arena, HibImportColumn, head->n + 1),
                              .n = head->n,
                              .channel = "",
                              .purpose = "",
                              .source = "",
                              .tag = ""};
    bool has[HIB_ROLES] = {0};
    for (size_t i = 0; i < head->n; i++) {
        HibImportColumn *column = &ret->columns[i];
        column->network = "";
        for (int role = HIB_ROLE_NAME; role < HIB_ROLES; role++)
            if (role != HIB_ROLE_HANDLE && !has[role] &&
                is_head(head->cells[i], role_names[role])) {
                column->role = (HibImportRole)role;
                has[role] = true;
                break;
            }
        for (size_t k = 0; column->role == HIB_ROLE_SKIP && hib_networks[k]; k++)
            if (hib_table_is_called(head->cells[i], hib_networks[k]->name))
                *column = (HibImportColumn){HIB_ROLE_HANDLE, hib_networks[k]->name};
    }
}

const char *
hib_import_mapping_print(HibArena *arena, const HibImportMapping *mapping)
{
    cJSON *out = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(out, "columns");
    for (size_t i = 0; i < mapping->n; i++) {
        cJSON *one = cJSON_CreateObject();
        cJSON_AddNumberToObject(one, "role", mapping->columns[i].role);
        cJSON_AddStringToObject(one, "network", mapping->columns[i].network);
        cJSON_AddItemToArray(list, one);
    }
    cJSON_AddStringToObject(out, "channel", mapping->channel);
    cJSON_AddStringToObject(out, "purpose", mapping->purpose);
    cJSON_AddStringToObject(out, "source", mapping->source);
    cJSON_AddStringToObject(out, "tag", mapping->tag);
    cJSON_AddNumberToObject(out, "at", (double)mapping->at);
    return hib_json_print(arena, out);
}

bool
hib_import_mapping_read(HibArena *arena, const char *json, HibImportMapping *ret, GError **error)
{
    HibJson root, list;
    size_t i = 0;
    *ret = (HibImportMapping){0};
    if (!hib_json_parse(arena, json, strlen(json), &root, error) ||
        !hib_json_array(root, "columns", &list, error) ||
        !hib_json_text(root, "channel", &ret->channel, error) ||
        !hib_json_text(root, "purpose", &ret->purpose, error) ||
        !hib_json_text(root, "source", &ret->source, error) ||
        !hib_json_text(root, "tag", &ret->tag, error) || !hib_json_int(root, "at", &ret->at, error))
        return false;
    ret->n = hib_json_count(list);
    ret->columns = hib_arena_array(arena, HibImportColumn, ret->n + 1);
    for (HibJson e = hib_json_first(list); e.value; e = hib_json_next(list, e), i++) {
        int64_t role = 0;
        if (!hib_json_int(e, "role", &role, error) ||
            !hib_json_text(e, "network", &ret->columns[i].network, error))
            return false;
        ret->columns[i].role = role > 0 && role < HIB_ROLES ? (HibImportRole)role : HIB_ROLE_SKIP;
    }
    return true;
}

/* --- what is wrong ------------------------------------------------------------------------------------------------------------ */
void
hib_import_tell(const HibImportDesk *desk, HibImportTable *table, size_t row, int column,
                const char *reason, const char *detail, const char *value)
{
    g_autoptr(GError) why = NULL;
    const HibTableRow *head = &table->table.rows[0];
    hib_error_set(&why, HIB_ERROR_INVALID, reason, "row %zu", row);
    if (detail)
        hib_error_set_detail(why, detail, value);
    if (table->last_bad_row != row)
        table->n_bad_rows++;
    table->last_bad_row = row;
    if (table->n_problems++ >= HIB_CONTACT_PROBLEMS)
        return;
    table->problems[table->n_problems - 1] = (HibImportProblem){
        .row = row,
        .column = column >= 0 && (size_t)column < head->n ? head->cells[column] : NULL,
        .reason = reason,
        .detail = hib_message_fill(desk->arena, desk->locale, why)};
}

/* --- a row -------------------------------------------------------------------------------------------------------------------- */
typedef struct {
    const HibImportDesk *desk;
    HibImportTable *out;
    GHashTable *seen; /* an identity → its row */
    size_t row;
    HibImportRow *one;
    bool has_somebody; /* an address or handle, be it wrong */
} Reader;

static const char *
cut(const Reader *reader, const char *text, long most)
{
    g_autofree char *plain = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
    return plain && g_utf8_strlen(plain, -1) <= most
               ? g_strstrip(hib_arena_strdup(reader->desk->arena, plain))
               : NULL;
}

static void
tell(Reader *reader, size_t column, const char *reason)
{
    hib_import_tell(reader->desk, reader->out, reader->row, (int)column, reason, NULL, NULL);
}

static void
add_identity(Reader *reader, size_t column, const HibImportIdentity *identity)
{
    HibImportRow *one = reader->one;
    char *name = hib_arena_printf(reader->desk->arena, "%d/%s/%s", (int)identity->kind,
                                  identity->network, identity->key);
    const size_t before = GPOINTER_TO_SIZE(g_hash_table_lookup(reader->seen, name));
    if (before && before != reader->row) {
        g_autofree char *first = g_strdup_printf("%zu", before);
        hib_import_tell(reader->desk, reader->out, reader->row, (int)column, "contact.import_twice",
                        "row", first);
        return;
    }
    if (before || one->n_identities == HIB_IMPORT_IDENTITIES)
        return;
    g_hash_table_insert(reader->seen, name, GSIZE_TO_POINTER(reader->row));
    one->identities[one->n_identities++] = *identity;
}

static void
read_address(Reader *reader, size_t column, HibIdentityKind kind, const char *text)
{
    static const char *const reasons[] = {"", "contact.import_email", "contact.import_phone",
                                          "contact.import_code"};
    HibArena *arena = reader->desk->arena;
    const char *address = hib_contact_address(arena, kind, text);
    if (!address) {
        tell(reader, column, reasons[kind]);
        return;
    }
    const char *hash = hib_contact_address_hash(arena, address);
    const HibImportIdentity identity = {
        .kind = kind,
        .network = "",
        .key = hib_contact_address_key(arena, reader->desk->keys, kind, hash),
        .shown = address,
        .hash = hash};
    add_identity(reader, column, &identity);
}

static void
read_handle(Reader *reader, size_t column, const char *network, const char *text)
{
    HibArena *arena = reader->desk->arena;
    const char *handle = cut(reader, *text == '@' ? text + 1 : text, HANDLE_CHARS);
    if (!handle || !*handle || strpbrk(handle, " \t\n@/") || !hib_network_find(network)) {
        tell(reader, column, "contact.import_handle");
        return;
    }
    g_autofree char *low = g_utf8_strdown(handle, -1);
    const HibImportIdentity identity = {.kind = HIB_IDENTITY_NETWORK,
                                        .network = hib_network_find(network)->name,
                                        .key = hib_arena_printf(arena, "@%s", low),
                                        .shown = handle};
    add_identity(reader, column, &identity);
}

static void
read_tags(Reader *reader, size_t column, const char *text)
{
    HibArena *arena = reader->desk->arena;
    HibImportRow *one = reader->one;
    g_autofree char *plain = g_strdup(text);
    for (const char *const *comma = (const char *const[]){"、", "，", ";", NULL}; *comma; comma++) {
        g_auto(GStrv) parts = g_strsplit(plain, *comma, -1);
        g_free(plain);
        plain = g_strjoinv(",", parts);
    }
    g_auto(GStrv) parts = g_strsplit(plain, ",", -1);
    if (g_strv_length(parts) > TAGS) {
        tell(reader, column, "contact.import_tags");
        return;
    }
    one->tags = hib_arena_array(arena, const char *, g_strv_length(parts) + 2);
    for (char **part = parts; *part; part++) {
        const char *tag = cut(reader, *part, TAG_CHARS);
        if (!tag)
            tell(reader, column, "contact.import_tags");
        else if (*tag)
            one->tags[one->n_tags++] = tag;
    }
}

static void
read_consent(Reader *reader, size_t column, const char *text)
{
    static const char *const words[] = {"withdrawn", "given"};
    for (int is_given = 0; is_given < 2; is_given++)
        if (is_head(text, words[is_given])) {
            reader->one->has_consent = true;
            reader->one->is_given = is_given;
            return;
        }
    tell(reader, column, "contact.import_answer");
}

static void
read_cell(Reader *reader, size_t column, const HibImportColumn *of, const char *text)
{
    HibImportRow *one = reader->one;
    const HibImportDesk *desk = reader->desk;
    switch (of->role) {
    case HIB_ROLE_NAME:
        if (!(one->name = cut(reader, text, NAME_CHARS)))
            tell(reader, column, "contact.import_long");
        return;
    case HIB_ROLE_EMAIL:
    case HIB_ROLE_PHONE:
    case HIB_ROLE_CODE:
        read_address(reader, column,
                     (HibIdentityKind)(HIB_IDENTITY_EMAIL + of->role - HIB_ROLE_EMAIL), text);
        return;
    case HIB_ROLE_HANDLE:
        read_handle(reader, column, of->network, text);
        return;
    case HIB_ROLE_TAGS:
        read_tags(reader, column, text);
        return;
    case HIB_ROLE_LANGUAGE:
        if (!(one->language = cut(reader, text, 8)))
            tell(reader, column, "contact.import_long");
        return;
    case HIB_ROLE_CITY:
        if (!(one->city = cut(reader, text, CITY_CHARS)))
            tell(reader, column, "contact.import_long");
        return;
    case HIB_ROLE_CONSENT:
        read_consent(reader, column, text);
        return;
    case HIB_ROLE_CONSENT_AT:
        if (!hib_table_time(desk->zone, text, &one->at) || one->at > desk->now + HIB_DAY)
            tell(reader, column, "contact.import_time");
        return;
    case HIB_ROLE_CONSENT_SOURCE:
        if (!(one->source = cut(reader, text, NAME_CHARS)))
            tell(reader, column, "contact.import_long");
        return;
    default:
        return;
    }
}

/* What the row as a whole must have. */
static void
finish_row(Reader *reader)
{
    HibImportRow *one = reader->one;
    const HibImportMapping *mapping = &reader->out->mapping;
    if (!one->at)
        one->at = MIN(mapping->at, reader->desk->now);
    if (!one->source || !*one->source)
        one->source = mapping->source;
    if (!reader->has_somebody)
        hib_import_tell(reader->desk, reader->out, one->row, -1, "contact.import_nobody", NULL,
                        NULL);
    else if (one->n_identities && (!one->name || !*one->name))
        one->name = one->identities[0].shown;
    if (one->has_consent && (!one->at || !*one->source))
        hib_import_tell(reader->desk, reader->out, one->row, -1, "contact.import_proof", NULL,
                        NULL);
    if (*mapping->tag) {
        if (!one->tags)
            one->tags = hib_arena_array(reader->desk->arena, const char *, 1);
        one->tags[one->n_tags++] = mapping->tag;
    }
}

static void
read_row(Reader *reader, size_t row, const HibTableRow *cells)
{
    HibImportRow *one = &reader->out->rows[reader->out->n_rows++];
    *one = (HibImportRow){.row = row};
    reader->row = row;
    reader->one = one;
    reader->has_somebody = false;
    for (size_t i = 0; i < MIN(cells->n, reader->out->mapping.n); i++) {
        const HibImportColumn *of = &reader->out->mapping.columns[i];
        const char *text =
            g_strstrip(hib_arena_strdup(reader->desk->arena, hib_table_unguard(cells->cells[i])));
        if (of->role == HIB_ROLE_SKIP || !*text)
            continue;
        reader->has_somebody |= of->role >= HIB_ROLE_EMAIL && of->role <= HIB_ROLE_HANDLE;
        read_cell(reader, i, of, text);
    }
    finish_row(reader);
}

/* --- the table ------------------------------------------------------------------------------------------------------------------- */
static bool
refuse(GError **error, const char *reason)
{
    hib_error_set(error, HIB_ERROR_INVALID, reason, "not as a table of contacts has it");
    return false;
}

/* A consent is for something: said once for the column. */
static void
check_consent(const HibImportDesk *desk, HibImportTable *table)
{
    const HibImportMapping *mapping = &table->mapping;
    for (size_t i = 0; i < mapping->n; i++)
        if (mapping->columns[i].role == HIB_ROLE_CONSENT &&
            (!*mapping->channel || !*mapping->purpose))
            hib_import_tell(desk, table, 1, (int)i, "contact.import_consent", NULL, NULL);
}

bool
hib_import_read(const HibImportDesk *desk, char *csv, size_t n, const HibImportMapping *mapping,
                HibImportTable *ret, GError **error)
{
    const HibTableLimits limits = {.most_rows = HIB_CONTACT_ROWS + 1,
                                   .most_columns = HIB_CONTACT_COLUMNS,
                                   .most_cell_bytes = 4000};
    *ret = (HibImportTable){0};
    if (!hib_table_read(desk->arena, csv, n, &limits, &ret->table))
        return refuse(error, "contact.import_rows");
    if (ret->table.n_rows < 2)
        return refuse(error, "contact.import_empty");
    if (mapping)
        ret->mapping = *mapping;
    else
        hib_import_guess(desk->arena, &ret->table, &ret->mapping);
    ret->problems = hib_arena_array(desk->arena, HibImportProblem, HIB_CONTACT_PROBLEMS);
    ret->rows = hib_arena_array(desk->arena, HibImportRow, ret->table.n_rows);
    for (size_t i = 0; i < ret->table.n_faults; i++) {
        g_autofree char *line = g_strdup_printf("%zu", ret->table.faults[i].line);
        hib_import_tell(desk, ret, ret->table.faults[i].row, -1, "contact.import_cell", "line",
                        line);
    }
    check_consent(desk, ret);
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    Reader reader = {.desk = desk, .out = ret, .seen = seen};
    for (size_t i = 1; i < ret->table.n_rows; i++)
        if (ret->table.rows[i].n)
            read_row(&reader, i + 1, &ret->table.rows[i]);
    return true;
}
