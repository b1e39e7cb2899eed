/* The log: each line is built whole and written with one call, so lines of several threads never mix. */
#include "base/log.h"

#include "base/error.h"
#include "base/time.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define CONTEXT_FIELDS 8

typedef struct {
    const char *keys[CONTEXT_FIELDS];
    char *values[CONTEXT_FIELDS];
} Context;

static void
context_free(gpointer data)
{
    Context *context = data;
    for (int i = 0; i < CONTEXT_FIELDS; i++)
        g_free(context->values[i]);
    g_free(context);
}

static GPrivate context_of_thread = G_PRIVATE_INIT(context_free);
static gint least_level = HIB_INFO; /* atomic */

void
hib_log_set_level(HibLogLevel least)
{
    g_atomic_int_set(&least_level, (gint)least);
}

void
hib_log_context(const char *key, const char *value)
{
    Context *context = g_private_get(&context_of_thread);
    if (context == NULL) {
        if (value == NULL)
            return;
        context = g_new0(Context, 1);
        g_private_set(&context_of_thread, context);
    }
    int place = -1;
    for (int i = 0; i < CONTEXT_FIELDS; i++) {
        if (context->keys[i] != NULL && strcmp(context->keys[i], key) == 0) {
            place = i;
            break;
        }
        if (context->keys[i] == NULL && place < 0)
            place = i;
    }
    if (place < 0) /* more kinds of context than the product has: the oldest stay */
        return;
    char *copy = g_strdup(value);
    g_free(context->values[place]);
    context->values[place] = copy;
    context->keys[place] = copy != NULL ? key : NULL;
}

static void
append_text(GString *line, const char *text)
{
    if (text == NULL) {
        g_string_append(line, "null");
        return;
    }
    g_autofree char *repaired =
        g_utf8_validate(text, -1, NULL) ? NULL : g_utf8_make_valid(text, -1);
    g_string_append_c(line, '"');
    for (const char *at = repaired != NULL ? repaired : text; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        if (c == '"' || c == '\\')
            g_string_append_c(line, '\\');
        if (c < 0x20 || c == 0x7f)
            g_string_append_printf(line, "\\u%04x", c);
        else
            g_string_append_c(line, (char)c);
    }
    g_string_append_c(line, '"');
}

/* A net below the rule that nothing of the kind is passed here in the first place. */
static bool
names_a_secret(const char *key)
{
    static const char *const secret[] = {
        "password", "passwd", "token", "secret",  "authorization", "cookie", "session",
        "grant",    "totp",   "jwt",   "api_key", "refresh_token", "code"};
    for (size_t i = 0; i < G_N_ELEMENTS(secret); i++) {
        if (g_ascii_strcasecmp(key, secret[i]) == 0)
            return true;
    }
    return g_str_has_suffix(key, "_token") || g_str_has_suffix(key, "_password") ||
           g_str_has_suffix(key, "_secret");
}

static void
append_field(GString *line, const char *key, const char *value)
{
    g_string_append_c(line, ',');
    append_text(line, key);
    g_string_append_c(line, ':');
    append_text(line, value != NULL && names_a_secret(key) ? "[hidden]" : value);
}

static GString *
line_begin(HibLogLevel level, const char *event)
{
    static const char *const names[] = {"debug", "info", "warn", "alarm"};
    char now[HIB_INSTANT_TEXT];
    GString *line = g_string_sized_new(256);
    g_string_append_printf(line, "{\"at\":\"%s\",\"level\":\"%s\",\"event\":",
                           hib_instant_format(hib_clock_now(hib_clock_real()), now),
                           names[CLAMP((int)level, 0, 3)]);
    append_text(line, event);
    return line;
}

static void
line_fields(GString *line, va_list pairs)
{
    for (const char *key = va_arg(pairs, const char *); key != NULL;
         key = va_arg(pairs, const char *))
        append_field(line, key, va_arg(pairs, const char *));

    const Context *context = g_private_get(&context_of_thread);
    for (int i = 0; context != NULL && i < CONTEXT_FIELDS; i++) {
        if (context->keys[i] != NULL)
            append_field(line, context->keys[i], context->values[i]);
    }
}

static void
line_write(GString *line)
{
    g_string_append(line, "}\n");
    const char *at = line->str;
    size_t left = line->len;
    while (left > 0) {
        ssize_t n = write(STDERR_FILENO, at, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            break; /* nowhere left to say so */
        at += n;
        left -= (size_t)n;
    }
    g_string_free(line, TRUE);
}

void
hib_log(HibLogLevel level, const char *event, ...)
{
    if ((gint)level < g_atomic_int_get(&least_level))
        return;
    GString *line = line_begin(level, event);
    va_list pairs;
    va_start(pairs, event);
    line_fields(line, pairs);
    va_end(pairs);
    line_write(line);
}

void
hib_log_error(HibLogLevel level, const char *event, const GError *error, ...)
{
    if ((gint)level < g_atomic_int_get(&least_level))
        return;
    GString *line = line_begin(level, event);
    append_field(line, "error_kind", hib_error_kind_name(hib_error_kind(error)));
    append_field(line, "error_reason", hib_error_reason(error));
    append_field(line, "error_text", error != NULL ? error->message : NULL);
    if (hib_error_pointer(error) != NULL)
        append_field(line, "error_pointer", hib_error_pointer(error));
    va_list pairs;
    va_start(pairs, error);
    line_fields(line, pairs);
    va_end(pairs);
    line_write(line);
}
