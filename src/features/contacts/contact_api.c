/* People over HTTP. */
#include "base/error.h"
#include "contacts/contacts_api.h"
#include <string.h>

/* --- what is replied ------------------------------------------------------------------------------------------------------ */
static const char **
marks_called(HibArena *arena, const HibSqlMarksOf *marks, size_t n, const char *kind, size_t *ret_n)
{
    const char **out = hib_arena_array(arena, const char *, n + 1);
    *ret_n = 0;
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(marks[i].kind, kind) &&
            (!*ret_n || !g_str_equal(out[*ret_n - 1], marks[i].ref)))
            out[(*ret_n)++] = marks[i].ref;
    return out;
}

static HibApiContactRow
row_of(HibArena *arena, const HibSqlContactRow *person, const HibSqlMarksOf *marks, size_t n)
{
    HibApiContactRow out = {.id = person->id,
                            .name = person->name,
                            .language = person->language,
                            .city = person->city,
                            .first_at = person->first_at,
                            .last_at = person->last_at,
                            .messages = person->n_messages,
                            .conversions = person->n_conversions,
                            .revenue_minor = person->revenue_minor,
                            .members = person->n_members};
    out.networks = marks_called(arena, marks, n, "network", &out.n_networks);
    out.tags = marks_called(arena, marks, n, "tag", &out.n_tags);
    return out;
}

bool
hib_contact_row_out(HibDb *db, const char *contact, HibApiContactRow *ret, GError **error)
{
    HibContactWhole of;
    if (!hib_contact_brief(db, contact, &of, error))
        return false;
    *ret = row_of(hib_db_arena(db), of.row, of.marks, of.n_marks);
    return true;
}

static void
identities_out(HibArena *arena, const HibContactWhole *of, HibApiContact *ret)
{
    ret->identities = hib_arena_array(arena, HibApiContactIdentity, of->n_identities + 1);
    ret->n_identities = of->n_identities;
    for (size_t i = 0; i < of->n_identities; i++)
        ret->identities[i] = (HibApiContactIdentity){.id = of->identities[i].id,
                                                     .contact_id = of->identities[i].contact_id,
                                                     .kind = (int)of->identities[i].kind,
                                                     .network = of->identities[i].network,
                                                     .handle = of->identities[i].handle,
                                                     .name = of->identities[i].name,
                                                     .first_at = of->identities[i].first_at};
}

static void
notes_out(HibArena *arena, const HibContactWhole *of, HibApiContact *ret)
{
    ret->notes = hib_arena_array(arena, HibApiContactNote, of->n_notes + 1);
    ret->n_notes = of->n_notes;
    for (size_t i = 0; i < of->n_notes; i++)
        ret->notes[i] =
            (HibApiContactNote){.id = of->notes[i].id,
                                .text = of->notes[i].text,
                                .at = of->notes[i].at,
                                .by_name = of->notes[i].by_name ? of->notes[i].by_name : ""};
}

static void
consents_out(HibArena *arena, const HibContactWhole *of, HibApiContact *ret)
{
    ret->consents = hib_arena_array(arena, HibApiConsent, of->n_consents + 1);
    ret->n_consents = of->n_consents;
    for (size_t i = 0; i < of->n_consents; i++) {
        const HibSqlConsentsOf *one = &of->consents[i];
        ret->consents[i] = (HibApiConsent){.id = one->id,
                                           .channel = hib_api_consent_channel_from(one->channel),
                                           .purpose = hib_api_consent_purpose_from(one->purpose),
                                           .state = one->is_given,
                                           .at = one->at,
                                           .source = one->source,
                                           .recorded_at = one->recorded_at,
                                           .by_name = one->by_name ? one->by_name : ""};
    }
}

static void
merges_out(HibArena *arena, const HibContactWhole *of, HibApiContact *ret)
{
    ret->merges = hib_arena_array(arena, HibApiContactMerge, of->n_merges + 1);
    ret->n_merges = of->n_merges;
    for (size_t i = 0; i < of->n_merges; i++)
        ret->merges[i] =
            (HibApiContactMerge){.id = of->merges[i].id,
                                 .other_id = of->merges[i].other_id,
                                 .other_name = of->merges[i].other_name,
                                 .at = of->merges[i].at,
                                 .by_name = of->merges[i].by_name ? of->merges[i].by_name : ""};
}

static bool
has_mark(const HibSqlMarksOf *marks, size_t n, const char *kind, const char *ref)
{
    for (size_t i = 0; i < n; i++)
        if (g_str_equal(marks[i].kind, kind) && g_str_equal(marks[i].ref, ref))
            return true;
    return false;
}

/* What stands now: withdrawn by any of the person's contacts counts for all. */
static void
facts_out(HibArena *arena, const HibSqlMarksOf *marks, size_t n, HibApiContact *ret)
{
    ret->facts = hib_arena_array(arena, HibApiContactFact, n + 1);
    ret->consents_now = hib_arena_array(arena, HibApiConsentNow, n + 1);
    for (size_t i = 0; i < n; i++) {
        const char *kind = marks[i].kind, *ref = marks[i].ref, *colon = strchr(ref, ':');
        const bool is_again =
            i && g_str_equal(marks[i - 1].kind, kind) && g_str_equal(marks[i - 1].ref, ref);
        const bool is_given = g_str_equal(kind, "given"),
                   is_withdrawn = g_str_equal(kind, "withdrawn");
        if (is_again || (is_given && has_mark(marks, n, "withdrawn", ref)))
            continue;
        if ((is_given || is_withdrawn) && colon)
            ret->consents_now[ret->n_consents_now++] =
                (HibApiConsentNow){.channel = hib_arena_strndup(arena, ref, (size_t)(colon - ref)),
                                   .purpose = colon + 1,
                                   .state = is_given};
        else if (g_str_equal(kind, "sentiment") || g_str_equal(kind, "intent"))
            ret->facts[ret->n_facts++] = (HibApiContactFact){.kind = kind, .value = ref};
    }
}

bool
hib_contact_out(HibDb *db, const char *contact, HibApiContact *ret, GError **error)
{
    HibArena *arena = hib_db_arena(db);
    HibContactWhole of;
    *ret = (HibApiContact){0};
    if (!hib_contact_whole(db, contact, &of, error))
        return false;
    ret->row = row_of(arena, of.row, of.marks, of.n_marks);
    ret->version = of.row->version;
    facts_out(arena, of.marks, of.n_marks, ret);
    identities_out(arena, &of, ret);
    notes_out(arena, &of, ret);
    consents_out(arena, &of, ret);
    merges_out(arena, &of, ret);
    return true;
}

static bool
reply(HibCall *call, int status, const char *contact, GError **error)
{
    HibApiContact out;
    return hib_contact_out(hib_call_db(call), contact, &out, error) &&
           hib_reply_contact(call, status, &out);
}

/* --- operations ------------------------------------------------------------------------------------------------------------- */
bool
hib_on_list_contacts(HibCall *call, const HibApiListContactsQuery *in, GError **error)
{
    HibSqlFoundPerson *rows;
    const char *next;
    int64_t total;
    size_t n;
    HibDb *db = hib_call_db(call);
    const HibContactQuery query = {.words = in->has_words ? in->words : NULL,
                                   .segment = in->has_segment ? in->segment : NULL,
                                   .cursor = in->has_cursor ? in->cursor : NULL,
                                   .limit = in->has_limit ? (int)in->limit : 0};
    if (!hib_contact_list(db, &query, &rows, &n, &next, &total, error))
        return false;
    HibApiContactRow *out = hib_arena_array(hib_call_arena(call), HibApiContactRow, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!hib_contact_row_out(db, rows[i].id, &out[i], error))
            return false;
    const HibApiContactPage page = {.contacts = out,
                                    .n_contacts = n,
                                    .next_cursor = next,
                                    .has_next_cursor = next != NULL,
                                    .total = total,
                                    .has_total = total >= 0};
    return hib_reply_contact_page(call, 200, &page);
}

bool
hib_on_find_contact(HibCall *call, const HibApiFindContactQuery *in, GError **error)
{
    HibDb *db = hib_call_db(call);
    HibAccount *account;
    const char *contact;
    HibApiContactFound out = {0};
    if (!hib_accounts_get(db, in->account, &account, error) ||
        !hib_contacts_find(db, in->account, in->author, &contact, error) ||
        (contact && !hib_contact_out(db, contact, &out.contact, error)))
        return false;
    out.has_contact = contact != NULL;
    return hib_reply_contact_found(call, 200, &out);
}

bool
hib_on_get_contact(HibCall *call, const char *contact, GError **error)
{
    HibApiContact out;
    HibDb *db = hib_call_db(call);
    return hib_contact_out(db, contact, &out, error) && hib_contact_viewed(db, out.row.id, error) &&
           hib_reply_contact(call, 200, &out);
}

bool
hib_on_change_contact(HibCall *call, const char *contact, const HibApiContactUpdate *in,
                      GError **error)
{
    return hib_contact_change(hib_call_db(call), contact, in->version, in->name, in->language,
                              in->city, in->tags, in->n_tags, error) &&
           reply(call, 200, contact, error);
}

bool
hib_on_add_contact_note(HibCall *call, const char *contact, const HibApiContactNoteDraft *in,
                        GError **error)
{
    return hib_contact_add_note(hib_call_db(call), contact, in->text, error) &&
           reply(call, 201, contact, error);
}

bool
hib_on_drop_contact_note(HibCall *call, const char *contact, const char *note, GError **error)
{
    return hib_contact_drop_note(hib_call_db(call), contact, note, error) &&
           hib_call_reply_empty(call, 204);
}

bool
hib_on_record_consent(HibCall *call, const char *contact, const HibApiConsentDraft *in,
                      GError **error)
{
    const HibContactConsent consent = {.channel = hib_api_consent_channel_names[in->channel],
                                       .purpose = hib_api_consent_purpose_names[in->purpose],
                                       .is_given = in->state,
                                       .at = in->at,
                                       .source = in->source};
    return hib_contact_consent(hib_call_db(call), contact, &consent, error) &&
           reply(call, 201, contact, error);
}

static bool
read_place(const char *cursor, HibInstant *at, const char **ref, GError **error)
{
    char *end = NULL;
    *at = INT64_MAX;
    *ref = "";
    if (!cursor)
        return true;
    *at = g_ascii_strtoll(cursor, &end, 10);
    *ref = end && *end == '.' ? end + 1 : "";
    if (**ref)
        return true;
    hib_error_set_at(error, HIB_ERROR_INVALID, "contact.bad_cursor", "?cursor", "no cursor");
    return false;
}

bool
hib_on_list_touchpoints(HibCall *call, const char *contact, const HibApiListTouchpointsQuery *in,
                        GError **error)
{
    HibDb *db = hib_call_db(call);
    HibSqlTouchesOf *rows;
    HibInstant at;
    const char *ref, *next = NULL;
    size_t n;
    const size_t most = in->has_limit ? (size_t)in->limit : 50;
    if (!read_place(in->has_cursor ? in->cursor : NULL, &at, &ref, error) ||
        !hib_contact_touches(db, contact, at, ref, most + 1, &rows, &n, error))
        return false;
    if (n > most) {
        n = most;
        next = hib_arena_printf(hib_call_arena(call), "%" G_GINT64_FORMAT ".%s", rows[n - 1].at,
                                rows[n - 1].ref);
    }
    HibApiTouchpoint *out = hib_arena_array(hib_call_arena(call), HibApiTouchpoint, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = (HibApiTouchpoint){.kind = (int)rows[i].kind,
                                    .at = rows[i].at,
                                    .network = rows[i].network,
                                    .account_id = rows[i].account_id,
                                    .has_account_id = rows[i].account_id != NULL,
                                    .text = rows[i].talk_text ? rows[i].talk_text : rows[i].text,
                                    .amount_minor = rows[i].amount_minor,
                                    .has_amount_minor = rows[i].has_amount_minor,
                                    .currency = rows[i].currency,
                                    .has_currency = rows[i].currency != NULL,
                                    .is_deleted = rows[i].has_talk_deleted && rows[i].talk_deleted,
                                    .url = rows[i].talk_url ? rows[i].talk_url : "",
                                    .thread_id = rows[i].thread_id,
                                    .has_thread_id = rows[i].thread_id != NULL};
    const HibApiTouchpointPage page = {.touchpoints = out,
                                       .n_touchpoints = n,
                                       .next_cursor = next,
                                       .has_next_cursor = next != NULL};
    return hib_reply_touchpoint_page(call, 200, &page);
}
