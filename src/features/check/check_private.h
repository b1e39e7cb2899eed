/* Inside check only: what a file of rules becomes. */
#pragma once
#include "check/check.h"
#include "text/pattern.h"
#include "text/terms.h"
#include "text/unseen.h"

/* --- rule_file.c: YAML (of which JSON is a part) as a tree that knows its
 * lines ------------------------------ */
typedef enum { HIB_CHECK_SCALAR, HIB_CHECK_LIST, HIB_CHECK_MAP } HibCheckNodeKind;
typedef struct HibCheckNode HibCheckNode;
struct HibCheckNode {
    HibCheckNodeKind kind;
    size_t line; /* from 1 */
    const char *text;
    bool is_null;
    size_t n;
    HibCheckNode **items; /* of a list; values of a map */
    const char **keys;
    size_t *key_lines;
};
#define HIB_CHECK_FILE_BYTES (1024 * 1024)
#define HIB_CHECK_FILE_NODES 200000
#define HIB_CHECK_FILE_DEPTH 12

/* INVALID check.bad_syntax ("file", "line", "what"), check.too_many ("file",
 * "line"). Anchors, tags and further documents are refused. */
HibCheckNode *hib_check_read_tree(HibArena *arena, const char *name, const char *bytes, size_t n,
                                  GError **error);
const HibCheckNode *hib_check_get(const HibCheckNode *map,
                                  const char *key); /* NULL: absent or null */

/* --- rules
 * ----------------------------------------------------------------------------------------------------
 */
typedef enum {
    HIB_CHECK_FINDS,    /* terms or expressions */
    HIB_CHECK_MISSES,   /* each of its expressions must stand in the text */
    HIB_CHECK_ALWAYS,   /* where its conditions hold */
    HIB_CHECK_IS_LATE,  /* its expression stands, but not where it is seen */
    HIB_CHECK_IS_BRIEF, /* the disclosure within a video */
    HIB_CHECK_UNSEEN    /* characters that no reader sees */
} HibCheckKind;

typedef struct {
    const char *network;
    int64_t graphemes; /* that are seen before "more" */
} HibCheckHead;

typedef struct {
    HibCheckRule rule;
    size_t line; /* of its file */
    HibCheckKind kind;
    HibPattern **patterns;
    size_t n_patterns;
    uint32_t always;               /* bits of its expressions of which no word is known: they
                       are always tried */
    HibPattern *when;              /* NULL: always; otherwise only a text that has it */
    HibPattern *near;              /* a text that has it is let go; NULL: none */
    uint64_t industries, networks; /* bits of their names (hib_check_bits); 0: any */
    uint64_t facts;                /* the same; 0: it is about texts */
    unsigned relations;            /* bits of HibCheckRelation; 0: any */
    bool needs_image, needs_video;
    const char *expected; /* a house's term; NULL: none */
    const HibCheckHead *heads;
    size_t n_heads;
    int64_t latest_ms, least_ms; /* IS_BRIEF */
    bool is_unswitched;          /* only where the network's own switch is off */
    /* Graver than itself in a disaster, an election, or beside words of its `raise`. */
    HibCheckSeverity raised;
    bool raises_in_disaster, raises_in_election;
    HibPattern *raises_near; /* NULL: none */
    HibUnseenKind unseen;    /* UNSEEN */
} HibCheckCompiled;

typedef enum {
    HIB_CHECK_HIT,
    HIB_CHECK_EXCEPT,
    HIB_CHECK_EXACTLY,
    HIB_CHECK_WORD
} HibCheckMeaningKind;
typedef struct {
    uint32_t rule;
    HibCheckMeaningKind kind;
    uint32_t bit;     /* WORD: of the expression that needs it */
    const char *text; /* EXACTLY: as it must stand; HIT: what may stand in its
                       place, or NULL */
} HibCheckMeaning;

struct HibCheckRules {
    gint refs;
    HibArena *arena;
    GArray *rules; /* HibCheckCompiled */
    HibTerms *terms;
    GArray *meanings; /* HibCheckMeaning, one a term */
    GHashTable *by_id;
    GHashTable *names; /* of industries and networks → which bit, from 1 */
};
#define HIB_CHECK_RULES 5000
#define HIB_CHECK_PATTERNS 29 /* of one rule: its own have the bits 0…28 */
#define HIB_CHECK_RAISE 29    /* `raise` has this one */
#define HIB_CHECK_WHEN 30     /* `when` has this one */
#define HIB_CHECK_NEAR 31     /* and `near` this one */
#define HIB_CHECK_COMPILED(set, i) (&g_array_index((set)->rules, HibCheckCompiled, (i)))

/* The steps that the expressions of one set of rules may take on one text. */
#define HIB_CHECK_STEPS 40000000

/* Empty; then one file after the other is added, then the terms are built.
 * INVALID check.bad_rule ("file", "line", "key"), check.bad_pattern ("file",
 * "line", "what", "at"), and those of hib_check_read_tree. */
HibCheckRules *hib_check_rules_new(void);
void hib_check_rules_build(HibCheckRules *rules);
HibCheckRules *hib_check_rules_ref(HibCheckRules *rules); /* hib_check_rules_free lets it go */
bool hib_check_rules_add(HibCheckRules *rules, const char *name, const char *bytes, size_t n,
                         GError **error);
/* hib_check with other rules than our own. */
void hib_check_with(HibArena *arena, const HibCheckRules *rules, const HibCheckHouse *house,
                    const HibCheckSubject *subject, HibCheckResult *ret);

/* --- logic.c
 * ---------------------------------------------------------------------------------------------------
 */
/* The bits of those names that rules ask for; others are no bit. */
uint64_t hib_check_bits(const HibCheckRules *rules, const char *const *names);
/* Whether the rule's conditions beside the text hold; the bits are the
 * subject's. */
bool hib_check_applies(const HibCheckCompiled *rule, const HibCheckSubject *subject,
                       uint64_t industries, uint64_t networks, uint64_t facts);
typedef struct {
    size_t start, end; /* characters of the folded text; both 0: the whole */
} HibCheckPlace;
/* A text on its way through the rules. */
typedef struct {
    const HibCheckSubject *subject;
    const HibFolded *text;
    int64_t *steps;
} HibCheckPass;
/* Rules that are not HIB_CHECK_FINDS: whether there is something to say, and
 * where. `seen`: bits of the rule's expressions of which a word was seen; the
 * others cannot be found. */
bool hib_check_logic(const HibCheckCompiled *rule, const HibCheckPass *pass, uint32_t seen,
                     HibCheckPlace *ret);
/* How grave the rule is for this text. */
HibCheckSeverity hib_check_severity_in(const HibCheckCompiled *rule, const HibCheckPass *pass,
                                       uint32_t seen);
/* Whether the rule's expression of that bit stands in the text. */
bool hib_check_has(const HibPattern *pattern, const HibCheckPass *pass, uint32_t seen, int bit);
