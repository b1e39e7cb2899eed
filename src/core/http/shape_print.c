/* Shapes, writing: the struct is printed straight into the reply's text.
 *
 * What left the store may hold a stray byte from a network; a reply is always valid UTF-8. */
#include "http/shape.h"

#include "http/shape_private.h"

#include <math.h>
#include <string.h>

static void
print_escaped(const char *text, GString *out)
{
    g_string_append_c(out, '"');
    const char *from = text;
    for (const char *p = text;; p++) {
        unsigned char c = (unsigned char)*p;
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        g_string_append_len(out, from, p - from);
        if (c == '\0')
            break;
        from = p + 1;
        if (c == '"' || c == '\\')
            g_string_append_printf(out, "\\%c", c);
        else if (c == '\n')
            g_string_append(out, "\\n");
        else
            g_string_append_printf(out, "\\u%04x", c);
    }
    g_string_append_c(out, '"');
}

void
hib_shape_print_text(const char *text, GString *out)
{
    if (text == NULL || g_utf8_validate(text, -1, NULL)) {
        print_escaped(text != NULL ? text : "", out);
        return;
    }
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    print_escaped(valid, out);
}

static void
print_real(double value, GString *out)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (!isfinite(value)) {
        g_string_append(out, "null");
        return;
    }
    g_ascii_formatd(text, sizeof text, "%.15g", value);
    if (g_ascii_strtod(text, NULL) != value)
        g_ascii_formatd(text, sizeof text, "%.17g", value);
    g_string_append(out, text);
}

static void
print_one(const HibField *f, const char *at, GString *out)
{
    char time[HIB_INSTANT_TEXT];
    switch (f->kind) {
    case HIB_OBJECT:
        hib_shape_print(f->sub, at, out);
        return;
    case HIB_BOOL:
        g_string_append(out, *(const bool *)at ? "true" : "false");
        return;
    case HIB_ENUM:
        hib_shape_print_text(f->names[*(const int *)at], out);
        return;
    case HIB_INT:
        g_string_append_printf(out, "%" G_GINT64_FORMAT, *(const int64_t *)at);
        return;
    case HIB_REAL:
        print_real(*(const double *)at, out);
        return;
    case HIB_TIME:
        g_string_append_printf(out, "\"%s\"", hib_instant_format(*(const HibInstant *)at, time));
        return;
    case HIB_ANY: {
        const char *json = *(const char *const *)at;
        g_string_append(out, json != NULL ? json : "{}");
        return;
    }
    default:
        hib_shape_print_text(*(const char *const *)at, out);
        return;
    }
}

static void
print_array(const HibField *f, const char *base, GString *out)
{
    const char *items = *(const char *const *)(base + f->at);
    size_t n = *(const size_t *)(base + f->n_at);
    size_t width = hib_shape_width(f);
    g_string_append_c(out, '[');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        print_one(f, items + i * width, out);
    }
    g_string_append_c(out, ']');
}

void
hib_shape_print(const HibShape *shape, const void *in, GString *out)
{
    const char *base = in;
    char before = '{';
    for (size_t i = 0; i < shape->n_fields; i++) {
        const HibField *f = &shape->fields[i];
        bool is_set = f->has_at == 0 || *(const bool *)(base + f->has_at);
        if (!is_set && !f->is_required)
            continue;
        g_string_append_c(out, before);
        before = ',';
        g_string_append_c(out, '"');
        g_string_append(out, f->name);
        g_string_append(out, "\":");
        if (!is_set)
            g_string_append(out, "null");
        else if (f->is_array)
            print_array(f, base, out);
        else
            print_one(f, base + f->at, out);
    }
    g_string_append(out, before == '{' ? "{}" : "}");
}

cJSON *
hib_shape_write(const HibShape *shape, const void *in)
{
    g_autoptr(GString) text = g_string_new(NULL);
    hib_shape_print(shape, in, text);
    return cJSON_ParseWithLength(text->str, text->len);
}
