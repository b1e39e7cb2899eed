/* YAML → a tree that knows its lines, by libyaml's events. JSON is read the same way. Everything that lets a small file become large (anchors, aliases)
 * is refused, as are tags: a rule is words, lists and maps. */
#include "check/check_private.h"

#include "base/error.h"
#include <string.h>
#include <yaml.h>

typedef struct {
    HibArena *arena;
    const char *name;
    yaml_parser_t parser;
    size_t n_nodes;
    GError **error;
} Reader;

static void *
bad(Reader *in, const char *reason, size_t line, const char *what)
{
    if (in->error && *in->error)
        return NULL;
    const char *at = hib_arena_printf(in->arena, "%zu", line);
    if (strcmp(reason, "check.too_many") == 0)
        hib_error_set(in->error, HIB_ERROR_INVALID, "check.too_many", "%s:%s: %s", in->name, at,
                      what);
    else
        hib_error_set(in->error, HIB_ERROR_INVALID, "check.bad_syntax", "%s:%s: %s", in->name, at,
                      what);
    if (in->error) {
        hib_error_set_detail(*in->error, "file", in->name);
        hib_error_set_detail(*in->error, "line", at);
        hib_error_set_detail(*in->error, "what", what);
    }
    return NULL;
}

static bool
next(Reader *in, yaml_event_t *event)
{
    if (yaml_parser_parse(&in->parser, event))
        return true;
    bad(in, "check.bad_syntax", in->parser.problem_mark.line + 1,
        in->parser.problem ? in->parser.problem : "it cannot be read");
    return false;
}

static HibCheckNode *
node_new(Reader *in, HibCheckNodeKind kind, const yaml_event_t *event)
{
    HibCheckNode *node = hib_arena_new0(in->arena, HibCheckNode);
    node->kind = kind;
    node->line = event->start_mark.line + 1;
    return node;
}

static HibCheckNode *read_node(Reader *in, const yaml_event_t *event, int depth);

static HibCheckNode *
read_scalar(Reader *in, const yaml_event_t *event)
{
    HibCheckNode *node = node_new(in, HIB_CHECK_SCALAR, event);
    const char *value = (const char *)event->data.scalar.value;
    if (strlen(value) != event->data.scalar.length)
        return bad(in, "check.bad_syntax", node->line, "a text holds a NUL character");
    node->text = hib_arena_strdup(in->arena, value);
    node->is_null = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
                    (!*value || strcmp(value, "~") == 0 || strcmp(value, "null") == 0);
    return node;
}

static HibCheckNode *
seal(Reader *in, HibCheckNode *node, const GPtrArray *items, const GPtrArray *keys,
     const GArray *lines)
{
    node->n = items->len;
    node->items = hib_arena_array(in->arena, HibCheckNode *, items->len + 1);
    if (items->len)
        memcpy(node->items, items->pdata, items->len * sizeof(gpointer));
    if (keys->len) {
        node->keys = hib_arena_array(in->arena, const char *, keys->len);
        memcpy(node->keys, keys->pdata, keys->len * sizeof(gpointer));
        node->key_lines = hib_arena_array(in->arena, size_t, keys->len);
        memcpy(node->key_lines, lines->data, lines->len * sizeof(size_t));
    }
    return node;
}

/* What follows the beginning of a list or map, up to its end. */
static HibCheckNode *
read_items(Reader *in, HibCheckNode *node, int depth)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new(), keys = g_ptr_array_new();
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(size_t));
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (bool is_key = node->kind == HIB_CHECK_MAP;;
         is_key = node->kind == HIB_CHECK_MAP && !is_key) {
        yaml_event_t event;
        if (!next(in, &event))
            return NULL;
        bool is_end = event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
        HibCheckNode *item = is_end ? NULL : read_node(in, &event, depth);
        size_t line = event.start_mark.line + 1;
        yaml_event_delete(&event);
        if (is_end)
            return seal(in, node, items, keys, lines);
        if (!item)
            return NULL;
        if (!is_key) {
            g_ptr_array_add(items, item);
            continue;
        }
        if (item->kind != HIB_CHECK_SCALAR)
            return bad(in, "check.bad_syntax", line, "a key that is not a word");
        if (!g_hash_table_add(seen, (gpointer)item->text))
            return bad(in, "check.bad_syntax", line, "a key that stands twice");
        g_ptr_array_add(keys, (gpointer)item->text);
        g_array_append_vals(lines, &line, 1);
    }
}

static HibCheckNode *
read_node(Reader *in, const yaml_event_t *event, int depth)
{
    size_t line = event->start_mark.line + 1;
    if (++in->n_nodes > HIB_CHECK_FILE_NODES || depth > HIB_CHECK_FILE_DEPTH)
        return bad(in, "check.too_many", line, "too much, or too deep");
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        if (event->data.scalar.anchor || event->data.scalar.tag)
            return bad(in, "check.bad_syntax", line, "anchors and tags are not used here");
        return read_scalar(in, event);
    case YAML_SEQUENCE_START_EVENT:
        if (event->data.sequence_start.anchor || event->data.sequence_start.tag)
            return bad(in, "check.bad_syntax", line, "anchors and tags are not used here");
        return read_items(in, node_new(in, HIB_CHECK_LIST, event), depth + 1);
    case YAML_MAPPING_START_EVENT:
        if (event->data.mapping_start.anchor || event->data.mapping_start.tag)
            return bad(in, "check.bad_syntax", line, "anchors and tags are not used here");
        return read_items(in, node_new(in, HIB_CHECK_MAP, event), depth + 1);
    default:
        return bad(in, "check.bad_syntax", line, "anchors and tags are not used here");
    }
}

/* The first node of the stream; nothing but ends may follow it. */
static HibCheckNode *
read_document(Reader *in)
{
    HibCheckNode *root = NULL;
    for (;;) {
        yaml_event_t event;
        if (!next(in, &event))
            return NULL;
        yaml_event_type_t type = event.type;
        bool is_frame = type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT ||
                        type == YAML_DOCUMENT_END_EVENT;
        size_t line = event.start_mark.line + 1;
        HibCheckNode *node = NULL;
        bool is_second = root && (type == YAML_DOCUMENT_START_EVENT ||
                                  (!is_frame && type != YAML_STREAM_END_EVENT));
        if (!is_frame && type != YAML_STREAM_END_EVENT && !root)
            node = read_node(in, &event, 0);
        yaml_event_delete(&event);
        if (is_second)
            return bad(in, "check.bad_syntax", line, "a second document");
        if (type == YAML_STREAM_END_EVENT)
            return root ? root : bad(in, "check.bad_syntax", line, "it is empty");
        if (!is_frame && !node)
            return NULL;
        if (node)
            root = node;
    }
}

HibCheckNode *
hib_check_read_tree(HibArena *arena, const char *name, const char *bytes, size_t n, GError **error)
{
    g_autoptr(GError) own = NULL;
    Reader in = {.arena = arena, .name = name, .error = error ? error : &own};
    if (n > HIB_CHECK_FILE_BYTES)
        return bad(&in, "check.too_many", 1, "it is larger than 1 MiB");
    if (!g_utf8_validate_len(bytes, n, NULL))
        return bad(&in, "check.bad_syntax", 1, "it is not UTF-8");
    if (!yaml_parser_initialize(&in.parser))
        return bad(&in, "check.bad_syntax", 1, "no memory");
    yaml_parser_set_encoding(&in.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&in.parser, (const unsigned char *)bytes, n);
    HibCheckNode *root = read_document(&in);
    yaml_parser_delete(&in.parser);
    return root;
}

const HibCheckNode *
hib_check_get(const HibCheckNode *map, const char *key)
{
    for (size_t i = 0; map && map->kind == HIB_CHECK_MAP && i < map->n; i++)
        if (strcmp(map->keys[i], key) == 0)
            return map->items[i]->is_null ? NULL : map->items[i];
    return NULL;
}
