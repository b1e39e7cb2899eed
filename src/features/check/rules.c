/* A file of rules → what is run. Either Hibiki's own shape (docs/guide) or
 * prh's (`expected`, `pattern`), rule by rule; the first fault ends it, with
 * the line it stands on. A rule that does not find its own example is a fault
 * too. */
#include "check/check_private.h"

#include "base/error.h"
#include <string.h>

typedef struct {
    HibArena *arena; /* of the rules */
    const char *name, *category;
    HibCheckRules *rules;
    const HibCheckNode *sources, *lists;
    const char *as_of;
    GError **error;
} Loader;

/* --- faults
 * ------------------------------------------------------------------------------------------------------
 */
static bool
fault(Loader *in, size_t line, const char *key)
{
    const char *at = hib_arena_printf(in->arena, "%zu", line);
    hib_error_set(in->error, HIB_ERROR_INVALID, "check.bad_rule", "%s:%s: %s", in->name, at, key);
    if (in->error) {
        hib_error_set_detail(*in->error, "file", in->name);
        hib_error_set_detail(*in->error, "line", at);
        hib_error_set_detail(*in->error, "key", key);
    }
    return false;
}

static bool
pattern_fault(Loader *in, size_t line, const HibPatternFault *what)
{
    const char *at = hib_arena_printf(in->arena, "%zu", line);
    hib_error_set(in->error, HIB_ERROR_INVALID, "check.bad_pattern", "%s:%s: %s at character %zu",
                  in->name, at, what->what, what->at);
    if (in->error) {
        hib_error_set_detail(*in->error, "file", in->name);
        hib_error_set_detail(*in->error, "line", at);
        hib_error_set_detail(*in->error, "what", what->what);
        hib_error_set_detail(*in->error, "at", hib_arena_printf(in->arena, "%zu", what->at));
    }
    return false;
}

static bool
known_keys(Loader *in, const HibCheckNode *map, const char *const *keys)
{
    if (map->kind != HIB_CHECK_MAP)
        return fault(in, map->line, "{ }");
    for (size_t i = 0; i < map->n; i++)
        if (!g_strv_contains(keys, map->keys[i]))
            return fault(in, map->key_lines[i], map->keys[i]);
    return true;
}

/* --- values
 * ------------------------------------------------------------------------------------------------------
 */
static bool
text_of(Loader *in, const HibCheckNode *map, const char *key, bool is_needed, const char **ret)
{
    const HibCheckNode *node = hib_check_get(map, key);
    if (!node)
        return !is_needed || fault(in, map->line, key);
    if (node->kind != HIB_CHECK_SCALAR || !*node->text || strlen(node->text) > 2000)
        return fault(in, node->line, key);
    *ret = hib_arena_strdup(in->arena, node->text);
    return true;
}

/* One text, or { ja, en }. */
static bool
both_of(Loader *in, const HibCheckNode *map, const char *key, HibCheckText *ret)
{
    const HibCheckNode *node = hib_check_get(map, key);
    *ret = (HibCheckText){"", ""};
    if (!node)
        return true;
    const char *ja = NULL, *en = NULL;
    if (node->kind == HIB_CHECK_SCALAR) {
        if (!text_of(in, map, key, true, &ja))
            return false;
    } else if (!known_keys(in, node, (const char *const[]){"ja", "en", NULL}) ||
               !text_of(in, node, "ja", false, &ja) || !text_of(in, node, "en", false, &en)) {
        return false;
    }
    if (!ja && !en)
        return fault(in, node->line, key);
    *ret = (HibCheckText){ja ? ja : en, en ? en : ja};
    return true;
}

/* One text or a list of them, ended by NULL. */
static bool
texts_of(Loader *in, const HibCheckNode *map, const char *key, const char *const **ret)
{
    const HibCheckNode *node = hib_check_get(map, key);
    size_t n = node ? node->kind == HIB_CHECK_SCALAR ? 1 : node->n : 0;
    if (node && node->kind == HIB_CHECK_MAP)
        return fault(in, node->line, key);
    const char **all = hib_arena_array(in->arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        const HibCheckNode *item = node->kind == HIB_CHECK_SCALAR ? node : node->items[i];
        if (item->kind != HIB_CHECK_SCALAR || !*item->text || strlen(item->text) > 2000)
            return fault(in, item->line, key);
        all[i] = hib_arena_strdup(in->arena, item->text);
    }
    *ret = all;
    return true;
}

static bool
number_of(Loader *in, const HibCheckNode *map, const char *key, int64_t *ret)
{
    const HibCheckNode *node = hib_check_get(map, key);
    guint64 value = 0;
    if (!node || node->kind != HIB_CHECK_SCALAR ||
        !g_ascii_string_to_unsigned(node->text, 10, 0, 1000000000, &value, NULL))
        return fault(in, node ? node->line : map->line, key);
    *ret = (int64_t)value;
    return true;
}

static bool
day_of(Loader *in, const HibCheckNode *map, const char *key, const char **ret)
{
    HibInstant at;
    const char *day = NULL;
    if (!text_of(in, map, key, false, &day))
        return false;
    if (!day)
        return true;
    if (strlen(day) != 10 ||
        !hib_instant_parse(hib_arena_printf(in->arena, "%sT00:00:00Z", day), &at))
        return fault(in, hib_check_get(map, key)->line, key);
    *ret = day;
    return true;
}

static bool
one_pattern(Loader *in, const char *expression, size_t line, HibPattern **ret)
{
    HibPatternFault what;
    *ret = hib_pattern_new(expression, &what);
    if (!*ret)
        return pattern_fault(in, line, &what);
    hib_arena_defer(in->arena, (void (*)(void *))hib_pattern_free, *ret);
    return true;
}

/* --- terms
 * -------------------------------------------------------------------------------------------------------
 */
static void
add_meaning(Loader *in, int32_t term, HibCheckMeaningKind kind, const char *text)
{
    const HibCheckMeaning meaning = {.rule = in->rules->rules->len, .kind = kind, .text = text};
    g_assert((guint)term == in->rules->meanings->len);
    g_array_append_vals(in->rules->meanings, &meaning, 1);
}

static bool
add_term(Loader *in, const char *term, size_t line, HibCheckMeaningKind kind, const char *text)
{
    int32_t id = hib_terms_add(in->rules->terms, term, kind != HIB_CHECK_HIT);
    if (id < 0)
        return fault(in, line, term);
    add_meaning(in, id, kind, text);
    return true;
}

static bool
add_terms(Loader *in, const HibCheckNode *map, const char *key, HibCheckMeaningKind kind,
          const HibCheckNode *replace)
{
    const char *const *terms;
    if (!texts_of(in, map, key, &terms))
        return false;
    const HibCheckNode *node = hib_check_get(map, key);
    for (size_t i = 0; terms[i]; i++) {
        size_t line = node->kind == HIB_CHECK_LIST ? node->items[i]->line : node->line;
        const HibCheckNode *other = kind == HIB_CHECK_HIT ? hib_check_get(replace, terms[i]) : NULL;
        if (!add_term(in, terms[i], line, kind,
                      other ? hib_arena_strdup(in->arena, other->text) : NULL))
            return false;
    }
    return true;
}

/* The words of an expression lead to its being tried. */
static void
add_words(Loader *in, HibCheckCompiled *rule, const HibPattern *pattern, size_t bit)
{
    const HibPatternWord *words;
    size_t n = hib_pattern_words(pattern, &words);
    const HibCheckMeaning meaning = {
        .rule = in->rules->rules->len, .kind = HIB_CHECK_WORD, .bit = (uint32_t)1 << bit};
    rule->always |= n == 0 ? meaning.bit : 0;
    for (size_t i = 0; i < n; i++) {
        if (hib_terms_add_folded(in->rules->terms, words[i].chars, words[i].n) >= 0)
            g_array_append_vals(in->rules->meanings, &meaning, 1);
        else
            rule->always |= meaning.bit;
    }
}

/* `when` and `near`. */
static bool
pattern_of(Loader *in, const HibCheckNode *map, const char *key, HibCheckCompiled *rule, size_t bit,
           HibPattern **ret)
{
    const char *expression = NULL;
    if (!text_of(in, map, key, false, &expression))
        return false;
    if (!expression)
        return true;
    if (!one_pattern(in, expression, hib_check_get(map, key)->line, ret))
        return false;
    add_words(in, rule, *ret, bit);
    return true;
}

static bool
add_patterns(Loader *in, const HibCheckNode *map, const char *key, HibCheckCompiled *rule)
{
    const char *const *expressions;
    if (!texts_of(in, map, key, &expressions))
        return false;
    size_t n = g_strv_length((char **)(void *)expressions);
    const HibCheckNode *node = hib_check_get(map, key);
    if (n > HIB_CHECK_PATTERNS)
        return fault(in, node->line, key);
    rule->patterns = hib_arena_array(in->arena, HibPattern *, n + 1);
    for (size_t i = 0; i < n; i++) {
        size_t line = node->kind == HIB_CHECK_LIST ? node->items[i]->line : node->line;
        if (!one_pattern(in, expressions[i], line, &rule->patterns[i]))
            return false;
        add_words(in, rule, rule->patterns[i], rule->n_patterns++);
    }
    return true;
}

/* --- what is matched
 * ------------------------------------------------------------------------------------------------
 */
static bool
read_heads(Loader *in, const HibCheckNode *heads, HibCheckCompiled *rule)
{
    if (!heads || heads->kind != HIB_CHECK_MAP)
        return !heads || fault(in, heads->line, "heads");
    HibCheckHead *all = hib_arena_array(in->arena, HibCheckHead, heads->n + 1);
    for (size_t i = 0; i < heads->n; i++) {
        all[i].network = hib_arena_strdup(in->arena, heads->keys[i]);
        if (!number_of(in, heads, heads->keys[i], &all[i].graphemes))
            return false;
    }
    rule->heads = all;
    rule->n_heads = heads->n;
    return true;
}

static bool
read_match(Loader *in, const HibCheckNode *item, HibCheckCompiled *rule)
{
    static const char *const keys[] = {"any",      "read",   "re",    "missing",
                                       "always",   "late",   "heads", "latest_ms",
                                       "least_ms", "unseen", NULL};
    const HibCheckNode *match = hib_check_get(item, "match");
    if (!match)
        return fault(in, item->line, "match");
    if (!known_keys(in, match, keys))
        return false;
    const HibCheckNode *replace = hib_check_get(item, "replace");
    if (hib_check_get(match, "missing")) {
        rule->kind = HIB_CHECK_MISSES;
        return add_patterns(in, match, "missing", rule);
    }
    if (hib_check_get(match, "late")) {
        rule->kind = HIB_CHECK_IS_LATE;
        return add_patterns(in, match, "late", rule) &&
               read_heads(in, hib_check_get(match, "heads"), rule);
    }
    if (hib_check_get(match, "latest_ms")) {
        rule->kind = HIB_CHECK_IS_BRIEF;
        return number_of(in, match, "latest_ms", &rule->latest_ms) &&
               number_of(in, match, "least_ms", &rule->least_ms);
    }
    const HibCheckNode *unseen = hib_check_get(match, "unseen");
    if (unseen) {
        bool is_width = g_strcmp0(unseen->text, "width") == 0;
        rule->kind = HIB_CHECK_UNSEEN;
        rule->unseen = is_width ? HIB_UNSEEN_WIDTH : HIB_UNSEEN_DIRECTION;
        return is_width || g_strcmp0(unseen->text, "direction") == 0 ||
               fault(in, unseen->line, "unseen");
    }
    if (hib_check_get(match, "always")) {
        rule->kind = HIB_CHECK_ALWAYS;
        return true;
    }
    if (!hib_check_get(match, "any") && !hib_check_get(match, "re"))
        return fault(in, match->line, "match");
    return add_terms(in, match, "any", HIB_CHECK_HIT, replace) &&
           add_terms(in, match, "read", HIB_CHECK_HIT, NULL) && add_patterns(in, match, "re", rule);
}

/* Lists that several rules let go by: { name: { key: [terms] } } at the head of
 * the file. */
static bool
read_lists(Loader *in, const HibCheckNode *unless)
{
    const char *const *names;
    if (!texts_of(in, unless, "lists", &names))
        return false;
    for (size_t i = 0; names[i]; i++) {
        const HibCheckNode *list = hib_check_get(in->lists, names[i]);
        if (!list || list->kind != HIB_CHECK_MAP)
            return fault(in, unless->line, names[i]);
        for (size_t k = 0; k < list->n; k++)
            if (!add_terms(in, list, list->keys[k], HIB_CHECK_EXCEPT, NULL))
                return false;
    }
    return true;
}

static bool
read_unless(Loader *in, const HibCheckNode *item, HibCheckCompiled *rule)
{
    const HibCheckNode *unless = hib_check_get(item, "unless");
    if (!unless)
        return true;
    return known_keys(in, unless, (const char *const[]){"any", "near", "lists", NULL}) &&
           add_terms(in, unless, "any", HIB_CHECK_EXCEPT, NULL) && read_lists(in, unless) &&
           pattern_of(in, unless, "near", rule, HIB_CHECK_NEAR, &rule->near);
}

/* Names become bits, so that a rule is left out by one look; a set of rules
 * knows 64 of them. */
static bool
name_bits(Loader *in, const char *const *names, size_t line, uint64_t *ret)
{
    for (size_t i = 0; names[i]; i++) {
        guint bit = GPOINTER_TO_UINT(g_hash_table_lookup(in->rules->names, names[i]));
        if (!bit && (bit = g_hash_table_size(in->rules->names) + 1) <= 64)
            g_hash_table_insert(in->rules->names, (gpointer)names[i], GUINT_TO_POINTER(bit));
        if (bit > 64)
            return fault(in, line, names[i]);
        *ret |= (uint64_t)1 << (bit - 1);
    }
    return true;
}

static bool
read_conditions(Loader *in, const HibCheckNode *item, HibCheckCompiled *rule)
{
    const char *const *relations, *const *media, *const *facts;
    const char *unless_switched = NULL;
    if (!text_of(in, item, "switch", false, &unless_switched))
        return false;
    if (unless_switched && strcmp(unless_switched, "off") != 0)
        return fault(in, hib_check_get(item, "switch")->line, "switch");
    rule->is_unswitched = unless_switched != NULL;
    if (!texts_of(in, item, "facts", &facts) || !name_bits(in, facts, item->line, &rule->facts) ||
        !texts_of(in, item, "relations", &relations) || !texts_of(in, item, "media", &media) ||
        !pattern_of(in, item, "when", rule, HIB_CHECK_WHEN, &rule->when) ||
        !texts_of(in, item, "industries", &rule->rule.industries) ||
        !texts_of(in, item, "networks", &rule->rule.networks) ||
        !name_bits(in, rule->rule.industries, item->line, &rule->industries) ||
        !name_bits(in, rule->rule.networks, item->line, &rule->networks))
        return false;
    for (size_t i = 0; relations[i]; i++) {
        HibCheckRelation relation;
        if (!hib_check_relation_of(relations[i], &relation))
            return fault(in, hib_check_get(item, "relations")->line, relations[i]);
        rule->relations |= 1u << relation;
    }
    for (size_t i = 0; media[i]; i++) {
        if (strcmp(media[i], "image") != 0 && strcmp(media[i], "video") != 0)
            return fault(in, hib_check_get(item, "media")->line, media[i]);
        rule->needs_image |= *media[i] == 'i';
        rule->needs_video |= *media[i] == 'v';
    }
    return true;
}

/* { to: severity, in: disaster | election, near: expression }: when it is graver than by itself. */
static bool
read_raise(Loader *in, const HibCheckNode *item, HibCheckCompiled *rule)
{
    const HibCheckNode *raise = hib_check_get(item, "raise");
    const char *to = NULL, *when = NULL;
    if (!raise)
        return true;
    if (!known_keys(in, raise, (const char *const[]){"to", "in", "near", NULL}) ||
        !text_of(in, raise, "to", true, &to) || !text_of(in, raise, "in", false, &when) ||
        !pattern_of(in, raise, "near", rule, HIB_CHECK_RAISE, &rule->raises_near))
        return false;
    if (!hib_check_severity_of(to, &rule->raised))
        return fault(in, raise->line, "to");
    rule->raises_in_disaster = g_strcmp0(when, "disaster") == 0;
    rule->raises_in_election = g_strcmp0(when, "election") == 0;
    if (when && !rule->raises_in_disaster && !rule->raises_in_election)
        return fault(in, raise->line, "in");
    return true;
}

/* --- a rule
 * -------------------------------------------------------------------------------------------------------
 */
/* "S02 S20" → what those are called at the head of the file; words that are
 * none stand as they are. */
static bool
read_source(Loader *in, const HibCheckNode *item, HibCheckRule *rule)
{
    const char *codes = NULL;
    if (!text_of(in, item, "source", false, &codes))
        return false;
    rule->source = codes ? codes : "";
    if (!codes || !in->sources)
        return true;
    g_auto(GStrv) each = g_strsplit(codes, " ", -1);
    g_autoptr(GString) all = g_string_new("");
    for (size_t i = 0; each[i]; i++) {
        const HibCheckNode *title = hib_check_get(in->sources, each[i]);
        if (!title || title->kind != HIB_CHECK_SCALAR)
            return true;
        g_string_append_printf(all, "%s%s", all->len ? "; " : "", title->text);
    }
    rule->source = hib_arena_strdup(in->arena, all->str);
    return true;
}

static bool
is_id(const char *id)
{
    size_t n = strlen(id);
    return n >= 2 && n <= 40 &&
           strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz012345"
                      "6789-_.") == n;
}

/* When the day is over; G_MAXINT64: there is none. */
static HibInstant
end_of(const char *day)
{
    HibInstant at;
    g_autofree char *whole = g_strdup_printf("%sT23:59:59Z", day ? day : "");
    return hib_instant_parse(whole, &at) ? at : G_MAXINT64;
}

#define FRESH (180 * HIB_DAY) /* laws and networks have had time to change since */

static bool
keep(Loader *in, HibCheckCompiled *rule, size_t line)
{
    if (g_hash_table_contains(in->rules->by_id, rule->rule.id))
        return fault(in, line, rule->rule.id);
    HibInstant as_of =
        end_of(rule->rule.as_of); /* a house's own has none: it is as old as it wants */
    rule->rule.stale_at = as_of == G_MAXINT64 ? as_of : as_of + FRESH;
    rule->rule.ends_at = end_of(rule->rule.expires);
    g_array_append_vals(in->rules->rules, rule, 1);
    g_hash_table_insert(in->rules->by_id, (gpointer)rule->rule.id,
                        GUINT_TO_POINTER(in->rules->rules->len));
    return true;
}

static bool
read_rule(Loader *in, const HibCheckNode *item)
{
    static const char *const keys[] = {
        "id",     "industries", "networks", "severity", "match", "unless",  "when", "relations",
        "media",  "facts",      "law",      "switch",   "raise", "message", "fix",  "replace",
        "source", "as_of",      "expires",  "hit",      "pass",  NULL};
    HibCheckCompiled rule = {.rule = {.as_of = in->as_of, .category = in->category},
                             .line = item->line};
    const char *severity = NULL;
    if (!known_keys(in, item, keys) || !text_of(in, item, "id", true, &rule.rule.id) ||
        !text_of(in, item, "severity", true, &severity))
        return false;
    if (!is_id(rule.rule.id))
        return fault(in, hib_check_get(item, "id")->line, "id");
    if (!hib_check_severity_of(severity, &rule.rule.severity))
        return fault(in, hib_check_get(item, "severity")->line, "severity");
    if (!both_of(in, item, "law", &rule.rule.law) ||
        !both_of(in, item, "message", &rule.rule.message) ||
        !both_of(in, item, "fix", &rule.rule.fix))
        return false;
    if (!*rule.rule.message.ja)
        return fault(in, item->line, "message");
    if (!read_source(in, item, &rule.rule) || !day_of(in, item, "as_of", &rule.rule.as_of) ||
        !day_of(in, item, "expires", &rule.rule.expires))
        return false;
    if (!texts_of(in, item, "hit", &rule.rule.hit) || !texts_of(in, item, "pass", &rule.rule.pass))
        return false;
    return read_conditions(in, item, &rule) && read_match(in, item, &rule) &&
           read_unless(in, item, &rule) && read_raise(in, item, &rule) &&
           keep(in, &rule, item->line);
}

/* --- prh: what a house writes otherwise
 * -----------------------------------------------------------------------------
 */
/* "/regex/flags" is an expression, anything else a term. */
static bool
prh_pattern(Loader *in, const HibCheckNode *node, HibCheckCompiled *rule)
{
    if (node->kind != HIB_CHECK_SCALAR || !*node->text)
        return fault(in, node->line, "pattern");
    const char *end = strrchr(node->text, '/');
    if (*node->text != '/' || end == node->text)
        return add_term(in, node->text, node->line, HIB_CHECK_HIT, rule->expected);
    const char *expression =
        hib_arena_strndup(in->arena, node->text + 1, (size_t)(end - node->text - 1));
    if (!one_pattern(in, expression, node->line, &rule->patterns[rule->n_patterns]))
        return false;
    add_words(in, rule, rule->patterns[rule->n_patterns], rule->n_patterns);
    rule->n_patterns++;
    return true;
}

static bool
prh_patterns(Loader *in, const HibCheckNode *item, HibCheckCompiled *rule)
{
    const HibCheckNode *one = hib_check_get(item, "pattern"),
                       *many = hib_check_get(item, "patterns");
    const HibCheckNode *all = many ? many : one;
    size_t n = !all ? 0 : all->kind == HIB_CHECK_LIST ? all->n : 1;
    if (n > HIB_CHECK_PATTERNS)
        return fault(in, item->line, "patterns");
    rule->patterns = hib_arena_array(in->arena, HibPattern *, n + 1);
    if (!all) /* as prh does: the same letters, written otherwise */
        return add_term(in, rule->expected, item->line, HIB_CHECK_HIT, rule->expected);
    for (size_t i = 0; i < n; i++)
        if (!prh_pattern(in, all->kind == HIB_CHECK_LIST ? all->items[i] : all, rule))
            return false;
    return true;
}

/* `specs` of prh: from must be found. */
static bool
prh_specs(Loader *in, const HibCheckNode *item, HibCheckRule *rule)
{
    const HibCheckNode *specs = hib_check_get(item, "specs");
    size_t n = specs && specs->kind == HIB_CHECK_LIST ? specs->n : 0;
    const char **hit = hib_arena_array(in->arena, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!text_of(in, specs->items[i], "from", true, &hit[i]))
            return false;
    rule->hit = hit;
    rule->pass = hib_arena_array(in->arena, const char *, 1);
    return true;
}

static bool
read_prh(Loader *in, const HibCheckNode *item)
{
    static const char *const keys[] = {"expected",        "pattern",  "patterns",
                                       "specs",           "options",  "prh",
                                       "regexpMustEmpty", "severity", NULL};
    HibCheckCompiled rule = {.line = item->line,
                             .rule = {.as_of = in->as_of,
                                      .category = in->category,
                                      .severity = HIB_CHECK_WARN,
                                      .source = "",
                                      .law = {"", ""}}};
    const char *severity = NULL, *note = NULL;
    if (!known_keys(in, item, keys) || !text_of(in, item, "expected", true, &rule.expected) ||
        !text_of(in, item, "severity", false, &severity) || !text_of(in, item, "prh", false, &note))
        return false;
    if (strchr(rule.expected, '$')) /* a part of what was found: our expressions keep none */
        return fault(in, hib_check_get(item, "expected")->line, "expected");
    if (severity && !hib_check_severity_of(severity, &rule.rule.severity))
        return fault(in, hib_check_get(item, "severity")->line, "severity");
    rule.rule.industries = rule.rule.networks = hib_arena_array(in->arena, const char *, 1);
    rule.rule.id = hib_arena_printf(in->arena, "TERM-%u", in->rules->rules->len + 1);
    rule.rule.message =
        note ? (HibCheckText){note, note}
             : (HibCheckText){"この会社の表記と違います", "Not how this house writes it"};
    rule.rule.fix = (HibCheckText){hib_arena_printf(in->arena, "「%s」", rule.expected),
                                   hib_arena_printf(in->arena, "“%s”", rule.expected)};
    return prh_patterns(in, item, &rule) &&
           add_term(in, rule.expected, item->line, HIB_CHECK_EXACTLY, rule.expected) &&
           prh_specs(in, item, &rule.rule) && keep(in, &rule, item->line);
}

/* --- a file
 * ---------------------------------------------------------------------------------------------------------
 */
static bool
read_file(Loader *in, const HibCheckNode *root)
{
    if (!known_keys(in, root,
                    (const char *const[]){"version", "as_of", "sources", "lists", "rules", NULL}) ||
        !day_of(in, root, "as_of", &in->as_of))
        return false;
    in->as_of = in->as_of ? in->as_of : "";
    in->sources = hib_check_get(root, "sources");
    in->lists = hib_check_get(root, "lists");
    const HibCheckNode *rules = hib_check_get(root, "rules");
    if (!rules || rules->kind != HIB_CHECK_LIST)
        return fault(in, root->line, "rules");
    for (size_t i = 0; i < rules->n; i++) {
        if (in->rules->rules->len >= HIB_CHECK_RULES)
            return fault(in, rules->items[i]->line, "rules");
        bool is_prh = hib_check_get(rules->items[i], "expected") != NULL;
        if (!(is_prh ? read_prh(in, rules->items[i]) : read_rule(in, rules->items[i])))
            return false;
    }
    return true;
}

HibCheckRules *
hib_check_rules_new(void)
{
    HibCheckRules *rules = g_new0(HibCheckRules, 1);
    rules->refs = 1;
    rules->arena = hib_arena_new();
    rules->rules = g_array_new(FALSE, TRUE, sizeof(HibCheckCompiled));
    rules->terms = hib_terms_new();
    rules->meanings = g_array_new(FALSE, FALSE, sizeof(HibCheckMeaning));
    rules->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    rules->names = g_hash_table_new(g_str_hash, g_str_equal);
    return rules;
}

/* "drug.json" → "drug". */
static const char *
category_of(HibArena *arena, const char *name)
{
    const char *base = strrchr(name, '/'), *end;
    base = base ? base + 1 : name;
    end = strrchr(base, '.');
    return hib_arena_strndup(arena, base, end ? (size_t)(end - base) : strlen(base));
}

bool
hib_check_rules_add(HibCheckRules *rules, const char *name, const char *bytes, size_t n,
                    GError **error)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(GError) own = NULL;
    Loader in = {.arena = rules->arena,
                 .name = hib_arena_strdup(rules->arena, name),
                 .category = category_of(rules->arena, name),
                 .rules = rules,
                 .error = error ? error : &own};
    const HibCheckNode *root = hib_check_read_tree(arena, name, bytes, n, in.error);
    return root && read_file(&in, root);
}

void
hib_check_rules_free(HibCheckRules *rules)
{
    if (!rules || !g_atomic_int_dec_and_test(&rules->refs))
        return;
    hib_arena_free(rules->arena);
    g_array_unref(rules->rules);
    hib_terms_free(rules->terms);
    g_array_unref(rules->meanings);
    g_hash_table_unref(rules->by_id);
    g_hash_table_unref(rules->names);
    g_free(rules);
}

HibCheckRules *
hib_check_rules_ref(HibCheckRules *rules)
{
    g_atomic_int_inc(&rules->refs);
    return rules;
}

void
hib_check_rules_build(HibCheckRules *rules)
{
    hib_terms_build(rules->terms);
}

size_t
hib_check_n_rules(const HibCheckRules *rules)
{
    return rules->rules->len;
}

const HibCheckRule *
hib_check_rule_at(const HibCheckRules *rules, size_t i)
{
    return &HIB_CHECK_COMPILED(rules, i)->rule;
}

const HibCheckRule *
hib_check_rule(const HibCheckRules *rules, const char *id)
{
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(rules->by_id, id));
    return at ? hib_check_rule_at(rules, at - 1) : NULL;
}
