/* Inside text only: an expression as a tree (pattern_parse.c) and what is learnt from the tree (pattern_words.c). */
#pragma once
#include "text/pattern.h"

typedef enum {
    HIB_NODE_EMPTY,
    HIB_NODE_CHAR,
    HIB_NODE_CLASS,
    HIB_NODE_BEGIN,
    HIB_NODE_END,
    HIB_NODE_CAT,   /* left, right */
    HIB_NODE_ALT,   /* left, right */
    HIB_NODE_REPEAT /* left, least…most; most -1: for ever */
} HibNodeKind;

typedef struct {
    uint32_t from, to; /* to included */
} HibRange;

typedef struct {
    bool is_negated;
    HibRange *ranges;
    size_t n;
} HibClass;

typedef struct HibNode HibNode;
struct HibNode {
    HibNodeKind kind;
    uint32_t c;
    HibClass class;
    HibNode *left, *right;
    int least, most;
};

#define HIB_PATTERN_DEPTH 60

/* The tree lives in the arena. As hib_pattern_new. */
HibNode *hib_pattern_parse(HibArena *arena, const char *expression, HibPatternFault *ret_fault);
bool hib_class_has(const HibClass *class, uint32_t c);
/* The words of hib_pattern_words; in the arena. */
GArray *
hib_pattern_find_words(HibArena *arena,
                       const HibNode *tree); /* of HibPatternWord; free with g_array_unref */
