/* Segments over HTTP: rules come in typed, three groups deep, and are one tree from then on. */
#include "base/error.h"
#include "contacts/contacts_api.h"

/* --- in ------------------------------------------------------------------------------------------------------------------ */
static HibCondition *
conditions_in(HibArena *arena, const HibApiSegmentCondition *in, size_t n)
{
    HibCondition *out = hib_arena_array(arena, HibCondition, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = (HibCondition){.field = (HibSegmentField)in[i].field,
                                .op = (HibSegmentOp)in[i].op,
                                .text = in[i].text,
                                .number = in[i].number};
    return out;
}

static HibSegmentRule
group_in(HibArena *arena, const HibApiSegmentGroup *in)
{
    HibSegmentRule out = {.is_any = in->match == HIB_API_SEGMENT_GROUP_MATCH_ANY,
                          .conditions = conditions_in(arena, in->conditions, in->n_conditions),
                          .n_conditions = in->n_conditions,
                          .groups = hib_arena_array(arena, HibSegmentRule, in->n_groups + 1),
                          .n_groups = in->n_groups};
    for (size_t i = 0; i < in->n_groups; i++)
        out.groups[i] =
            (HibSegmentRule){.is_any = in->groups[i].match == HIB_API_SEGMENT_INNER_GROUP_MATCH_ANY,
                             .conditions = conditions_in(arena, in->groups[i].conditions,
                                                         in->groups[i].n_conditions),
                             .n_conditions = in->groups[i].n_conditions};
    return out;
}

static HibSegmentRule *
rule_in(HibArena *arena, const HibApiSegmentRule *in)
{
    HibSegmentRule *out = hib_arena_new0(arena, HibSegmentRule);
    *out = (HibSegmentRule){.is_any = in->match == HIB_API_SEGMENT_RULE_MATCH_ANY,
                            .conditions = conditions_in(arena, in->conditions, in->n_conditions),
                            .n_conditions = in->n_conditions,
                            .groups = hib_arena_array(arena, HibSegmentRule, in->n_groups + 1),
                            .n_groups = in->n_groups};
    for (size_t i = 0; i < in->n_groups; i++)
        out->groups[i] = group_in(arena, &in->groups[i]);
    return out;
}

/* --- out ----------------------------------------------------------------------------------------------------------------- */
static HibApiSegmentCondition *
conditions_out(HibArena *arena, const HibSegmentRule *rule)
{
    HibApiSegmentCondition *out =
        hib_arena_array(arena, HibApiSegmentCondition, rule->n_conditions + 1);
    for (size_t i = 0; i < rule->n_conditions; i++)
        out[i] = (HibApiSegmentCondition){.field = (int)rule->conditions[i].field,
                                          .op = (int)rule->conditions[i].op,
                                          .text = rule->conditions[i].text,
                                          .number = rule->conditions[i].number};
    return out;
}

static HibApiSegmentGroup
group_out(HibArena *arena, const HibSegmentRule *rule)
{
    HibApiSegmentGroup out = {
        .match = rule->is_any,
        .conditions = conditions_out(arena, rule),
        .n_conditions = rule->n_conditions,
        .groups = hib_arena_array(arena, HibApiSegmentInnerGroup, rule->n_groups + 1),
        .n_groups = rule->n_groups};
    for (size_t i = 0; i < rule->n_groups; i++)
        out.groups[i] =
            (HibApiSegmentInnerGroup){.match = rule->groups[i].is_any,
                                      .conditions = conditions_out(arena, &rule->groups[i]),
                                      .n_conditions = rule->groups[i].n_conditions};
    return out;
}

static bool
segment_out(HibDb *db, const HibSqlSegmentRow *row, HibApiSegment *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibSegmentRule *rule;
    HibBits bits;
    if (!hib_segment_rule_read(arena, row->rule, &rule, error) ||
        !hib_segment_rule_people(db, rule, &bits, error))
        return false;
    *ret = (HibApiSegment){
        .id = row->id,
        .name = row->name,
        .n = hib_bits_count(&bits),
        .updated_at = row->updated_at,
        .version = row->version,
        .rule = {.match = rule->is_any,
                 .conditions = conditions_out(arena, rule),
                 .n_conditions = rule->n_conditions,
                 .groups = hib_arena_array(arena, HibApiSegmentGroup, rule->n_groups + 1),
                 .n_groups = rule->n_groups}};
    for (size_t i = 0; i < rule->n_groups; i++)
        ret->rule.groups[i] = group_out(arena, &rule->groups[i]);
    return true;
}

static bool
reply(HibCall *call, int status, const HibSqlSegmentRow *row, GError **error)
{
    HibApiSegment out;
    return segment_out(hib_call_db(call), row, &out, error) &&
           hib_reply_segment(call, status, &out);
}

/* --- operations ------------------------------------------------------------------------------------------------------------ */
bool
hib_on_list_segments(HibCall *call, GError **error)
{
    HibSqlSegmentRow *rows;
    size_t n;
    if (!hib_segment_list(hib_call_db(call), &rows, &n, error))
        return false;
    HibApiSegment *out = hib_arena_array(hib_call_arena(call), HibApiSegment, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!segment_out(hib_call_db(call), &rows[i], &out[i], error))
            return false;
    const HibApiSegmentList list = {.segments = out, .n_segments = n};
    return hib_reply_segment_list(call, 200, &list);
}

bool
hib_on_create_segment(HibCall *call, const HibApiSegmentDraft *in, GError **error)
{
    HibSqlSegmentRow *row;
    return hib_segment_save(hib_call_db(call), NULL, 0, in->name,
                            rule_in(hib_call_arena(call), &in->rule), &row, error) &&
           reply(call, 201, row, error);
}

bool
hib_on_change_segment(HibCall *call, const char *segment, const HibApiSegmentUpdate *in,
                      GError **error)
{
    HibSqlSegmentRow *row;
    return hib_segment_save(hib_call_db(call), segment, in->version, in->name,
                            rule_in(hib_call_arena(call), &in->rule), &row, error) &&
           reply(call, 200, row, error);
}

bool
hib_on_delete_segment(HibCall *call, const char *segment, GError **error)
{
    return hib_segment_drop(hib_call_db(call), segment, error) && hib_call_reply_empty(call, 204);
}

bool
hib_on_count_segment(HibCall *call, const HibApiSegmentTrial *in, GError **error)
{
    HibBits bits;
    const HibSegmentRule *rule = rule_in(hib_call_arena(call), &in->rule);
    if (!hib_segment_rule_check(rule, error) ||
        !hib_segment_rule_people(hib_call_db(call), rule, &bits, error))
        return false;
    const HibApiSegmentCount out = {.n = hib_bits_count(&bits)};
    return hib_reply_segment_count(call, 200, &out);
}

bool
hib_on_get_segment_choices(HibCall *call, GError **error)
{
    HibSqlMarkName *rows;
    HibBits bits;
    size_t n;
    const HibSegmentRule everybody = {0};
    if (!hib_segment_choices(hib_call_db(call), &rows, &n, error) ||
        !hib_segment_rule_people(hib_call_db(call), &everybody, &bits, error))
        return false;
    HibApiSegmentChoice *out = hib_arena_array(hib_call_arena(call), HibApiSegmentChoice, n + 1);
    HibApiSegmentChoices all = {.choices = out, .people = hib_bits_count(&bits)};
    for (size_t i = 0; i < n; i++)
        if (!g_str_equal(rows[i].kind, "withdrawn"))
            out[all.n_choices++] = (HibApiSegmentChoice){
                .field = g_str_equal(rows[i].kind, "given") ? "consent" : rows[i].kind,
                .text = rows[i].ref};
    return hib_reply_segment_choices(call, 200, &all);
}

bool
hib_on_export_segment(HibCall *call, const char *segment, GError **error)
{
    g_autoptr(GBytes) bytes = NULL;
    if (!hib_segment_export(hib_call_db(call), segment, hib_call_locale(call), &bytes, error))
        return false;
    hib_call_set_header(call, "Content-Disposition", "attachment; filename=\"hibiki-people.csv\"");
    return hib_call_reply_bytes(call, 200, "text/csv; charset=utf-8", bytes, "private, no-store");
}
