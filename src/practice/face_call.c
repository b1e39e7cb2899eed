/* A call as its handler sees it: what it can ask of the request, and how it answers. */
#include "practice/face_private.h"

#include <stdarg.h>
#include <string.h>

const char *
hib_practice_param(const HibPracticeCall *call, const char *name)
{
    const GArray *params = call->inside->params;
    for (guint i = 0; i < params->len; i++)
        if (!strcmp(g_array_index(params, FacePair, i).name, name))
            return g_array_index(params, FacePair, i).value;
    return NULL;
}

typedef struct {
    const char *name, *found;
    int left;
} Search;

static enum MHD_Result
on_query(void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
    Search *search = data;
    if (strcmp(name, search->name) != 0 || search->left-- > 0)
        return MHD_YES;
    search->found = value ? value : "";
    return MHD_NO;
}

const char *
hib_practice_query_at(const HibPracticeCall *call, const char *name, int i)
{
    Search search = {.name = name, .left = i};
    MHD_get_connection_values(call->inside->connection, MHD_GET_ARGUMENT_KIND, on_query, &search);
    return search.found;
}

const char *
hib_practice_query(const HibPracticeCall *call, const char *name)
{
    return hib_practice_query_at(call, name, 0);
}

const HibPracticePart *
hib_practice_part(const HibPracticeCall *call, const char *name)
{
    for (size_t i = 0; i < call->n_parts; i++)
        if (!strcmp(call->parts[i].name, name))
            return &call->parts[i];
    return NULL;
}

const char *
hib_practice_form(const HibPracticeCall *call, const char *name)
{
    const HibPracticePart *part = hib_practice_part(call, name);
    return part && g_utf8_validate(part->head, (gssize)part->n_head, NULL) ? part->head : NULL;
}

static const char *
json_field(const HibPracticeCall *call, const char *name)
{
    const cJSON *value =
        call->json.value ? cJSON_GetObjectItemCaseSensitive(call->json.value, name) : NULL;
    if (cJSON_IsString(value))
        return value->valuestring;
    if (cJSON_IsBool(value))
        return cJSON_IsTrue(value) ? "true" : "false";
    if (!cJSON_IsNumber(value))
        return NULL;
    char *text = hib_arena_take(call->arena, G_ASCII_DTOSTR_BUF_SIZE);
    return g_ascii_formatd(text, G_ASCII_DTOSTR_BUF_SIZE, "%.17g", value->valuedouble);
}

const char *
hib_practice_field(const HibPracticeCall *call, const char *name)
{
    const char *found = hib_practice_query(call, name);
    if (!found)
        found = hib_practice_form(call, name);
    return found ? found : json_field(call, name);
}

const char *
hib_practice_header_in(const HibPracticeCall *call, const char *name)
{
    return MHD_lookup_connection_value(call->inside->connection, MHD_HEADER_KIND, name);
}

static bool
read_number(const char **at, int64_t *ret)
{
    char *end = NULL;
    if (!g_ascii_isdigit(**at))
        return false;
    *ret = g_ascii_strtoll(*at, &end, 10);
    *at = end;
    return *ret < INT64_MAX;
}

bool
hib_practice_content_range(const HibPracticeCall *call, int64_t *ret_from, int64_t *ret_to,
                           int64_t *ret_total)
{
    const char *at = hib_practice_header_in(call, "Content-Range");
    if (!at || !g_str_has_prefix(at, "bytes "))
        return false;
    at += strlen("bytes ");
    *ret_from = *ret_to = *ret_total = -1;
    if (*at == '*')
        at++;
    else if (!read_number(&at, ret_from) || *at++ != '-' || !read_number(&at, ret_to) ||
             *ret_to < *ret_from)
        return false;
    if (*at++ != '/')
        return false;
    if (!strcmp(at, "*"))
        return true;
    return read_number(&at, ret_total) && !*at && *ret_to < *ret_total;
}

/* --- answers ---------------------------------------------------------------------------------------------- */
static void
say(HibPracticeCall *call, int status, const char *mime, const void *reply, size_t n)
{
    call->inside->status = status;
    call->inside->mime = mime;
    call->inside->reply = reply;
    call->inside->n_reply = n;
}

void
hib_practice_json(HibPracticeCall *call, int status, cJSON *owned)
{
    const char *text = hib_json_print(call->arena, owned);
    say(call, status, "application/json; charset=utf-8", text, strlen(text));
}

void
hib_practice_text(HibPracticeCall *call, int status, const char *mime, const char *text)
{
    const char *copy = hib_arena_strdup(call->arena, text);
    say(call, status, hib_arena_strdup(call->arena, mime), copy, strlen(copy));
}

void
hib_practice_bytes(HibPracticeCall *call, int status, const char *mime, const void *bytes, size_t n)
{
    say(call, status, hib_arena_strdup(call->arena, mime), bytes, n);
}

void
hib_practice_content(HibPracticeCall *call, int status, const char *mime, GBytes *bytes)
{
    gsize n = 0;
    const void *data = g_bytes_get_data(bytes, &n);
    char *copy = hib_arena_take(call->arena, n + 1);
    if (n)
        memcpy(copy, data, n);
    say(call, status, hib_arena_strdup(call->arena, mime), copy, n);
}

void
hib_practice_empty(HibPracticeCall *call, int status)
{
    say(call, status, NULL, "", 0);
}

void
hib_practice_redirect(HibPracticeCall *call, int status, const char *url)
{
    hib_practice_header(call, "Location", "%s", url);
    hib_practice_empty(call, status);
}

void
hib_practice_header(HibPracticeCall *call, const char *name, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    g_autofree char *value = g_strdup_vprintf(format, values);
    va_end(values);
    if (strpbrk(value, "\r\n"))
        return; /* from input: no answer is split by it */
    const FacePair pair = {hib_arena_strdup(call->arena, name),
                           hib_arena_strdup(call->arena, value)};
    for (guint i = 0; i < call->inside->headers->len; i++)
        if (!g_ascii_strcasecmp(g_array_index(call->inside->headers, FacePair, i).name, name)) {
            g_array_index(call->inside->headers, FacePair, i) = pair;
            return;
        }
    g_array_append_val(call->inside->headers, pair);
}

void
hib_practice_refuse(HibPracticeCall *call, HibPracticeRefusal why, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    g_autofree char *message = g_strdup_vprintf(format, values);
    va_end(values);
    call->face->counts.n_refused[why]++;
    call->face->network->refuse(call, why, message);
}

HibInstant
hib_practice_ready_at(HibPracticeCall *call, HibDuration usual, bool *ret_fails)
{
    const HibPracticeFault *fault = &call->inside->fault;
    HibInstant out = hib_practice_now(call->face) + usual;
    if (fault->fault == HIB_FAULT_SLOW)
        out += fault->ms * HIB_MILLISECOND;
    *ret_fails = fault->fault == HIB_FAULT_PROCESSING_FAILED;
    return out;
}
