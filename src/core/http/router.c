/* Routes as a tree of path parts: a literal part is preferred to a {name}; the parts of one request are not copied. */
#include "http/server_private.h"

#include <string.h>

#define MAX_PARTS 16

typedef struct Node {
    char *part; /* NULL: takes any */
    struct Node *children, *next;
    HibCompiled *routes;
    char *allow;
} Node;

struct HibRouter {
    Node root;
};

typedef struct {
    const char *at[MAX_PARTS];
    size_t n_at[MAX_PARTS], n;
} Parts;

static bool
split(const char *path, Parts *parts)
{
    parts->n = 0;
    for (const char *p = path; *p == '/';) {
        size_t n = strcspn(p + 1, "/");
        if (parts->n == MAX_PARTS)
            return false;
        parts->at[parts->n] = p + 1;
        parts->n_at[parts->n++] = n;
        p += n + 1;
    }
    return true;
}

static Node *
child_for(Node *node, const char *part, size_t n)
{
    bool takes_any = part[0] == '{';
    Node **link = &node->children;
    for (; *link != NULL; link = &(*link)->next) {
        const char *have = (*link)->part;
        if (takes_any ? have == NULL : (have && strlen(have) == n && strncmp(have, part, n) == 0))
            return *link;
    }
    Node *added = g_new0(Node, 1);
    added->part = takes_any ? NULL : g_strndup(part, n);
    if (takes_any) { /* last */
        *link = added;
        return added;
    }
    added->next = node->children;
    node->children = added;
    return added;
}

static void
add_route(HibRouter *router, const HibRoute *route)
{
    Parts parts;
    if (!split(route->path, &parts))
        return;
    HibCompiled *compiled = g_new0(HibCompiled, 1);
    compiled->route = route;
    Node *node = &router->root;
    for (size_t i = 0; i < parts.n; i++) {
        node = child_for(node, parts.at[i], parts.n_at[i]);
        if (node->part == NULL && compiled->n_names < HIB_MAX_PARAMS)
            compiled->names[compiled->n_names++] = g_strndup(parts.at[i] + 1, parts.n_at[i] - 2);
    }
    compiled->next = node->routes;
    node->routes = compiled;
    const char *with_head = strcmp(route->method, "GET") == 0 ? "GET, HEAD" : route->method;
    char *allow = node->allow ? g_strconcat(node->allow, ", ", with_head, NULL)
                              : g_strconcat("OPTIONS, ", with_head, NULL);
    g_free(node->allow);
    node->allow = allow;
}

HibRouter *
hib_router_new(const HibRoute *routes)
{
    HibRouter *router = g_new0(HibRouter, 1);
    for (; routes != NULL && routes->method != NULL; routes++)
        add_route(router, routes);
    return router;
}

static void
node_clear(Node *node)
{
    for (Node *child = node->children; child != NULL;) {
        Node *next = child->next;
        node_clear(child);
        g_free(child);
        child = next;
    }
    for (HibCompiled *compiled = node->routes; compiled != NULL;) {
        HibCompiled *next = compiled->next;
        for (size_t i = 0; i < compiled->n_names; i++)
            g_free(compiled->names[i]);
        g_free(compiled);
        compiled = next;
    }
    g_free(node->part);
    g_free(node->allow);
}

void
hib_router_free(HibRouter *router)
{
    if (router == NULL)
        return;
    node_clear(&router->root);
    g_free(router);
}

/* Depth: at most MAX_PARTS. */
static const Node *
descend(const Node *node, const Parts *parts, size_t i, size_t n_values, HibMatch *ret)
{
    if (i == parts->n)
        return node->routes != NULL ? node : NULL;
    for (const Node *child = node->children; child != NULL; child = child->next) {
        bool takes_any = child->part == NULL;
        if (takes_any && (parts->n_at[i] == 0 || n_values == HIB_MAX_PARAMS))
            continue;
        if (!takes_any && (strncmp(child->part, parts->at[i], parts->n_at[i]) != 0 ||
                           child->part[parts->n_at[i]] != '\0'))
            continue;
        if (takes_any) {
            ret->values[n_values] = parts->at[i];
            ret->n_value[n_values] = parts->n_at[i];
        }
        const Node *found = descend(child, parts, i + 1, n_values + (takes_any ? 1 : 0), ret);
        if (found != NULL)
            return found;
    }
    return NULL;
}

void
hib_router_match(const HibRouter *router, const char *method, const char *path, HibMatch *ret)
{
    Parts parts;
    *ret = (HibMatch){0};
    if (!split(path, &parts))
        return;
    const Node *node = descend(&router->root, &parts, 0, 0, ret);
    if (node == NULL)
        return;
    if (strcmp(method, "HEAD") == 0)
        method = "GET";
    for (const HibCompiled *c = node->routes; c != NULL; c = c->next) {
        if (strcmp(c->route->method, method) == 0)
            ret->found = c;
    }
    if (ret->found == NULL)
        ret->allow = node->allow;
}
