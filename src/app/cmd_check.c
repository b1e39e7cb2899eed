/* hibiki check FILE…: texts through the rules, without a server: for other tools and before a commit.
 *
 *   hibiki check [--industry cosme,food] [--network x] [--relation gifted] [--around disaster,election] [--rules FILE] [--format text|json|sarif] FILE… | -
 *
 * A FILE is one text. Exit code: 0 nothing that blocks or warns, 1 something does, 2 a file could not be read or the words are wrong. SARIF is version 2.1.0:
 * columns are UTF-16 units, as it says itself. */
#include "app/command.h"
#include "base/error.h"
#include "base/json.h"
#include "base/messages.h"
#include "check/check.h"

#include <stdio.h>
#include <string.h>

#define MOST_BYTES (1024 * 1024)

static const char *const valued[] = {"industry", "network", "relation", "around",
                                     "rules",    "format",  NULL};

typedef struct {
    const HibCommandCall *call;
    HibArena *arena;
    HibCheckHouse house;
    HibCheckSubject subject;
    const char *format;
    cJSON *out; /* results (sarif) or findings (json); NULL for text */
    HibCheckSeverity gravest;
    bool is_any; /* something was found */
} Checker;

static const char *
word_of(const Checker *c, const HibCheckText *text)
{
    return g_str_equal(c->call->locale, "ja") ? text->ja : text->en;
}

/* Line and column of a byte, from 1; columns in UTF-16 units. */
static void
place(const char *text, size_t byte, int *ret_line, int *ret_column)
{
    *ret_line = *ret_column = 1;
    for (size_t i = 0; i < byte; i++) {
        unsigned char ch = (unsigned char)text[i];
        if (ch == '\n') {
            ++*ret_line;
            *ret_column = 1;
        } else if ((ch & 0xc0) != 0x80) {
            *ret_column += ch >= 0xf0 ? 2 : 1;
        }
    }
}

static void
say_text(const Checker *c, const char *file, const char *text, const HibCheckFinding *f)
{
    int line, column;
    place(text, f->span.start, &line, &column);
    printf("%s:%d:%d: %s: %s: %s%s%s\n", file, line, column, hib_check_severity_name(f->severity),
           f->rule->id, *f->found ? f->found : "", *f->found ? ": " : "",
           word_of(c, &f->rule->message));
    const char *fix = word_of(c, &f->rule->fix), *better = f->replacement ? f->replacement : "";
    if (*fix || *better)
        printf("    → %s%s%s\n", better, *fix && *better ? ": " : "", fix);
    if (*f->rule->source) /* a house's own rules need none */
        printf("    %s (%s, %s%s)\n", word_of(c, &f->rule->law), f->rule->source, f->rule->as_of,
               f->is_stale ? hib_message(c->call->locale, "cli.check.stale") : "");
}

static void
say_json(const Checker *c, const char *file, const char *text, const HibCheckFinding *f)
{
    int line, column;
    place(text, f->span.start, &line, &column);
    cJSON *one = cJSON_CreateObject();
    cJSON_AddStringToObject(one, "file", file);
    cJSON_AddNumberToObject(one, "line", line);
    cJSON_AddNumberToObject(one, "column", column);
    cJSON_AddNumberToObject(one, "start", (double)f->span.start);
    cJSON_AddNumberToObject(one, "end", (double)f->span.end);
    cJSON_AddStringToObject(one, "rule", f->rule->id);
    cJSON_AddStringToObject(one, "severity", hib_check_severity_name(f->severity));
    cJSON_AddStringToObject(one, "found", f->found);
    if (f->replacement)
        cJSON_AddStringToObject(one, "replacement", f->replacement);
    cJSON_AddStringToObject(one, "message", word_of(c, &f->rule->message));
    cJSON_AddStringToObject(one, "fix", word_of(c, &f->rule->fix));
    cJSON_AddStringToObject(one, "law", word_of(c, &f->rule->law));
    cJSON_AddStringToObject(one, "source", f->rule->source);
    cJSON_AddStringToObject(one, "as_of", f->rule->as_of);
    cJSON_AddBoolToObject(one, "is_stale", f->is_stale);
    cJSON_AddItemToArray(c->out, one);
}

static cJSON *
sarif_text(const char *text)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "text", text);
    return out;
}

static const char *
sarif_level(HibCheckSeverity severity)
{
    return severity == HIB_CHECK_BLOCK ? "error" : severity == HIB_CHECK_WARN ? "warning" : "note";
}

static cJSON *
sarif_region(const char *text, size_t start, size_t end)
{
    int line, column, end_line, end_column;
    place(text, start, &line, &column);
    place(text, end, &end_line, &end_column);
    cJSON *region = cJSON_CreateObject();
    cJSON_AddNumberToObject(region, "startLine", line);
    cJSON_AddNumberToObject(region, "startColumn", column);
    cJSON_AddNumberToObject(region, "endLine", end_line);
    cJSON_AddNumberToObject(region, "endColumn", end_column);
    return region;
}

/* The file as a reference to a URI. */
static cJSON *
sarif_file(const char *file)
{
    g_autofree char *uri = g_uri_escape_string(file, "/", FALSE);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "uri", g_str_equal(file, "-") ? "stdin" : uri);
    return out;
}

/* What may stand in its place, as tools apply it. */
static cJSON *
sarif_fix(const Checker *c, const char *file, const char *text, const HibCheckFinding *f)
{
    cJSON *fix = cJSON_CreateObject(), *change = cJSON_CreateObject(),
          *replacement = cJSON_CreateObject();
    cJSON_AddItemToObject(fix, "description", sarif_text(word_of(c, &f->rule->fix)));
    cJSON_AddItemToArray(cJSON_AddArrayToObject(fix, "artifactChanges"), change);
    cJSON_AddItemToObject(change, "artifactLocation", sarif_file(file));
    cJSON_AddItemToArray(cJSON_AddArrayToObject(change, "replacements"), replacement);
    cJSON_AddItemToObject(replacement, "deletedRegion",
                          sarif_region(text, f->span.start, f->span.end));
    cJSON_AddItemToObject(replacement, "insertedContent", sarif_text(f->replacement));
    return fix;
}

static void
say_sarif(const Checker *c, const char *file, const char *text, const HibCheckFinding *f)
{
    cJSON *one = cJSON_CreateObject();
    cJSON_AddStringToObject(one, "ruleId", f->rule->id);
    cJSON_AddStringToObject(one, "level", sarif_level(f->severity));
    g_autofree char *message =
        g_strdup_printf("%s → %s", word_of(c, &f->rule->message), word_of(c, &f->rule->fix));
    cJSON_AddItemToObject(one, "message", sarif_text(message));
    cJSON_AddItemToArray(c->out, one);
    cJSON *locations = cJSON_AddArrayToObject(one, "locations");
    cJSON *at = cJSON_CreateObject();
    cJSON_AddItemToArray(locations, at);
    cJSON *physical = cJSON_AddObjectToObject(at, "physicalLocation");
    cJSON_AddItemToObject(physical, "artifactLocation", sarif_file(file));
    cJSON_AddItemToObject(physical, "region", sarif_region(text, f->span.start, f->span.end));
    if (f->replacement)
        cJSON_AddItemToArray(cJSON_AddArrayToObject(one, "fixes"), sarif_fix(c, file, text, f));
}

static void
check_text(Checker *c, const char *file, const char *text)
{
    HibCheckResult result;
    c->subject.text = text;
    hib_check(c->arena, &c->house, &c->subject, &result);
    for (size_t i = 0; i < result.n; i++) {
        const HibCheckFinding *f = &result.findings[i];
        c->gravest = MAX(c->gravest, f->severity);
        c->is_any = true;
        if (g_str_equal(c->format, "sarif"))
            say_sarif(c, file, text, f);
        else if (g_str_equal(c->format, "json"))
            say_json(c, file, text, f);
        else
            say_text(c, file, text, f);
    }
}

/* Bounded; NULL when it cannot be read, is too large or is not UTF-8. */
static char *
read_file(HibArena *arena, const char *name)
{
    FILE *in = g_str_equal(name, "-") ? stdin : fopen(name, "rb");
    if (!in)
        return NULL;
    char *text = hib_arena_take(arena, MOST_BYTES + 2);
    size_t n = fread(text, 1, MOST_BYTES + 1, in);
    bool is_bad = ferror(in) || n > MOST_BYTES || memchr(text, '\0', n) ||
                  !g_utf8_validate_len(text, n, NULL);
    if (in != stdin)
        fclose(in);
    return is_bad ? NULL : text;
}

static int
cannot_read(const HibCommandCall *call, const char *name)
{
    g_autoptr(GError) error = NULL;
    hib_error_set(&error, HIB_ERROR_INVALID, "cli.unreadable_text", "cannot read %s", name);
    hib_error_set_detail(error, "name", name);
    hib_command_fail(call, error);
    return 2;
}

/* "a,b" → list ended by NULL. */
static const char *const *
list_of(HibArena *arena, const char *words)
{
    g_auto(GStrv) parts = g_strsplit(words ? words : "", ",", -1);
    const char **all = hib_arena_array(arena, const char *, g_strv_length(parts) + 1);
    size_t n = 0;
    for (size_t i = 0; parts[i]; i++)
        if (*g_strstrip(parts[i]))
            all[n++] = hib_arena_strdup(arena, parts[i]);
    return all;
}

/* What the words of the call say; -1: go on, otherwise the exit code. */
static int
set_up(Checker *c, HibCheckRules **ret_own)
{
    const HibCommandCall *call = c->call;
    const char *relation = hib_command_option(call, "relation"),
               *rules = hib_command_option(call, "rules");
    const char *const *around = list_of(c->arena, hib_command_option(call, "around"));
    c->format = hib_command_option(call, "format");
    c->format = c->format ? c->format : call->is_json ? "json" : "text";
    c->subject =
        (HibCheckSubject){.industries = list_of(c->arena, hib_command_option(call, "industry")),
                          .networks = list_of(c->arena, hib_command_option(call, "network")),
                          .disclosure_at_ms = -1,
                          .disclosure_for_ms = -1,
                          .is_disaster = g_strv_contains(around, "disaster"),
                          .is_election = g_strv_contains(around, "election"),
                          .now = hib_clock_now(hib_clock_real())};
    bool is_known =
        g_strv_contains((const char *const[]){"text", "json", "sarif", NULL}, c->format) &&
        (!relation || hib_check_relation_of(relation, &c->subject.relation));
    if (!is_known || !hib_command_word(call, 0, valued)) {
        hib_command_say(call, "check.usage", NULL);
        return 2;
    }
    const char *text = rules ? read_file(c->arena, rules) : NULL;
    if (rules && !text)
        return cannot_read(call, rules);
    g_autoptr(GError) error = NULL;
    if (rules && !(*ret_own = hib_check_rules_parse(rules, text, strlen(text), &error))) {
        hib_command_fail(call, error);
        return 2;
    }
    c->house.own = *ret_own;
    return -1;
}

/* The rules that were broken, each once, in the order of their first finding. */
static cJSON *
sarif_rules(const Checker *c)
{
    cJSON *rules = cJSON_CreateArray(), *one;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    cJSON_ArrayForEach(one, c->out)
    {
        const char *id = cJSON_GetObjectItem(one, "ruleId")->valuestring;
        const HibCheckRule *rule = hib_check_rule(hib_check_rules(), id);
        rule = rule ? rule : hib_check_rule(c->house.own, id);
        gpointer index;
        if (g_hash_table_lookup_extended(seen, id, NULL, &index)) {
            cJSON_AddNumberToObject(one, "ruleIndex", GPOINTER_TO_INT(index));
            continue;
        }
        index = GINT_TO_POINTER(cJSON_GetArraySize(rules));
        g_hash_table_insert(seen, (gpointer)id, index);
        cJSON_AddNumberToObject(one, "ruleIndex", GPOINTER_TO_INT(index));
        cJSON *row = cJSON_CreateObject();
        cJSON_AddItemToArray(rules, row);
        cJSON_AddStringToObject(row, "id", id);
        cJSON_AddItemToObject(row, "shortDescription", sarif_text(word_of(c, &rule->message)));
        cJSON_AddItemToObject(row, "help", sarif_text(word_of(c, &rule->fix)));
        cJSON_AddStringToObject(cJSON_AddObjectToObject(row, "defaultConfiguration"), "level",
                                sarif_level(rule->severity));
        cJSON *more = cJSON_AddObjectToObject(row, "properties");
        cJSON_AddStringToObject(more, "law", word_of(c, &rule->law));
        cJSON_AddStringToObject(more, "source", rule->source);
        cJSON_AddStringToObject(more, "as_of", rule->as_of);
    }
    return rules;
}

static void
print_sarif(Checker *c)
{
    cJSON *log = cJSON_CreateObject();
    cJSON_AddStringToObject(log, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    cJSON_AddStringToObject(log, "version", "2.1.0");
    cJSON *run = cJSON_CreateObject();
    cJSON_AddItemToArray(cJSON_AddArrayToObject(log, "runs"), run);
    cJSON *driver = cJSON_AddObjectToObject(cJSON_AddObjectToObject(run, "tool"), "driver");
    cJSON_AddStringToObject(driver, "name", "hibiki check");
    cJSON_AddStringToObject(driver, "version", HIBIKI_VERSION);
    cJSON_AddItemToObject(driver, "rules", sarif_rules(c));
    cJSON_AddStringToObject(run, "columnKind", "utf16CodeUnits");
    cJSON_AddItemToObject(run, "results", g_steal_pointer(&c->out));
    puts(hib_json_print(c->arena, log));
}

int
hib_command_check(const HibCommandCall *call)
{
    g_autoptr(HibArena) arena = hib_arena_new();
    g_autoptr(HibCheckRules) own = NULL;
    Checker c = {.call = call, .arena = arena};
    int code = set_up(&c, &own);
    if (code >= 0)
        return code;
    c.out = cJSON_CreateArray();
    for (int i = 0; hib_command_word(call, i, valued); i++) {
        const char *file = hib_command_word(call, i, valued), *text = read_file(arena, file);
        if (!text) {
            code = cannot_read(call, file);
            continue;
        }
        check_text(&c, file, text);
    }
    if (g_str_equal(c.format, "sarif"))
        print_sarif(&c);
    else if (g_str_equal(c.format, "json"))
        puts(hib_json_print(arena, g_steal_pointer(&c.out)));
    else if (!c.is_any && code < 0)
        hib_command_say(call, "check.nothing", NULL);
    if (g_str_equal(c.format, "text") && c.is_any)
        hib_command_say(call, "check.screening", NULL);
    cJSON_Delete(c.out);
    return code > 0 ? code : c.gravest >= HIB_CHECK_WARN;
}
