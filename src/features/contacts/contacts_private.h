/* Inside contacts/ only. */
#pragma once
#include "accounts/accounts.h"
#include "contacts/contact.sql.h"
#include "contacts/contacts.h"
#include "contacts/forget.sql.h"
#include "contacts/merge.sql.h"
#include "contacts/segment.sql.h"

#define HIB_CONTACTS_HEAR "contacts.hear" /* an event */
#define HIB_CONTACTS_TAKE "contacts.take" /* the rest of it */
#define HIB_CONTACTS_PACK "contacts.pack"
#define HIB_CONTACTS_FORGET "contacts.forget"   /* subject: the deletion */
#define HIB_CONTACTS_RESULTS "contacts.results" /* conversions that came in */

typedef enum {
    HIB_IDENTITY_NETWORK,
    HIB_IDENTITY_EMAIL,
    HIB_IDENTITY_PHONE,
    HIB_IDENTITY_CODE
} HibIdentityKind;
/* Same order as the contract and the table. */
typedef enum {
    HIB_TOUCH_COMMENT,
    HIB_TOUCH_MENTION,
    HIB_TOUCH_MESSAGE,
    HIB_TOUCH_FOLLOW,
    HIB_TOUCH_UNFOLLOW,
    HIB_TOUCH_CLICK,
    HIB_TOUCH_CONVERSION,
    HIB_TOUCH_PURCHASE,
    HIB_TOUCH_COUPON,
    HIB_TOUCH_VISIT
} HibTouchKind;
typedef enum { HIB_SOURCE_TALK, HIB_SOURCE_FOLLOW, HIB_SOURCE_IMPORT } HibContactSource;

/* --- words.c: pure ------------------------------------------------------------------------------------------------ */
#define HIB_WORD_CHARS 12
/* Where a search for the text begins, ended by NULL: each word, and Japanese from each character on; folded. */
const char *const *hib_contact_words(HibArena *arena, const char *text);
/* What is looked for, and the first word behind those that begin so. NULL: nothing to look for. */
const char *hib_contact_sought(HibArena *arena, const char *text, const char **ret_upto);
/* What handles of different networks are compared by; "" where that says nothing. */
const char *hib_contact_core(HibArena *arena, const char *network, const char *handle);
/* Whether one id of an author holds for all of the workspace's accounts on the network. */
bool hib_contact_is_global(const char *network);

/* --- marks_store.c: what is true of a contact --------------------------------------------------------------------- */
/* Begins: makes the workspace's row where there is none and takes the claim. Inside a transaction, first of all. */
bool hib_contacts_begin(HibDb *db, GError **error);
/* The number of a mark, made where there is none; under the claim. */
bool hib_mark_of(HibDb *db, const char *kind, const char *ref, int64_t *ret, GError **error);
/* What changed is counted anew. */
bool hib_contact_dirty(HibDb *db, const int64_t *nums, size_t n, GError **error);
bool hib_contacts_words(HibDb *db, int64_t num, const char *const *texts, size_t n, bool drop,
                        GError **error);

/* --- take_store.c -------------------------------------------------------------------------------------------------- */
/* The same of clicks on links made for one person. */
bool hib_contacts_take_clicks(HibDb *db, size_t *ret_n, GError **error);
bool hib_contacts_take_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                           HibInstant *ret_at, GError **error);
bool hib_contacts_hear_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                           HibInstant *ret_at, GError **error);

/* The least id that is as old as this. */
const char *hib_contacts_id_at(HibArena *arena, HibInstant at);

/* --- result_store.c: conversions as touchpoints ------------------------------------------------------------------------ */
bool hib_contacts_take_results(HibDb *db, const HibServices *services, GError **error);
/* Those of an address that became known as the contact's; in the caller's transaction. */
bool hib_contact_take_results_of(HibDb *db, const char *contact, const char *address_hash,
                                 GError **error);
bool hib_contacts_results_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                              HibInstant *ret_at, GError **error);
/* conversion.recorded, …imported, …corrected, …undone. */
bool hib_contacts_hear_result(HibDb *db, const char *event, const char *subject, GError **error);

/* --- contact_store.c ----------------------------------------------------------------------------------------------- */
typedef struct {
    const char *channel, *purpose;
    bool is_given;
    HibInstant at;
    const char *source;
} HibContactConsent;
/* NOT_FOUND contact.unknown; a merged one is found under the person that stands for it. */
bool hib_contact_get(HibDb *db, const char *contact, HibSqlContactRow **ret, GError **error);
/* A person with all that stands of it. */
typedef struct {
    HibSqlContactRow *row;
    HibSqlMarksOf *marks;
    HibSqlIdentity *identities;
    HibSqlNotesOf *notes;
    HibSqlConsentsOf *consents; /* newest first */
    HibSqlMergesOf *merges;
    size_t n_marks, n_identities, n_notes, n_consents, n_merges;
} HibContactWhole;
bool hib_contact_whole(HibDb *db, const char *contact, HibContactWhole *ret, GError **error);
/* Only row and marks, for lists. */
bool hib_contact_brief(HibDb *db, const char *contact, HibContactWhole *ret, GError **error);
/* Writes into the log that a person's page was looked at: once a viewer and day. */
bool hib_contact_viewed(HibDb *db, const char *person, GError **error);
/* What was had to do with them, before a place (`ref` "" and the last instant: from the newest). */
bool hib_contact_touches(HibDb *db, const char *contact, HibInstant before, const char *ref,
                         size_t most, HibSqlTouchesOf **ret, size_t *ret_n, GError **error);
/* CONFLICT contact.edited; INVALID contact.no_name. `tags`: all it shall have. */
bool hib_contact_change(HibDb *db, const char *contact, int64_t version, const char *name,
                        const char *language, const char *city, const char *const *tags,
                        size_t n_tags, GError **error);
bool hib_contact_add_note(HibDb *db, const char *contact, const char *text, GError **error);
bool hib_contact_drop_note(HibDb *db, const char *contact, const char *note,
                           GError **error); /* NOT_FOUND contact.note_unknown */
/* INVALID contact.bad_time (in the future). */
bool hib_contact_consent(HibDb *db, const char *contact, const HibContactConsent *consent,
                         GError **error);

/* What was said last of the channel and purpose stands; in the caller's transaction. */
bool hib_contact_restate(HibDb *db, const char *person, const char *channel, const char *purpose,
                         GError **error);

typedef struct {
    const char *words, *segment, *cursor;
    int limit;
} HibContactQuery;
/* Whom was heard of last comes first. INVALID contact.bad_cursor; NOT_FOUND segment.unknown. *ret_total -1: not counted. */
bool hib_contact_list(HibDb *db, const HibContactQuery *query, HibSqlFoundPerson **ret_rows,
                      size_t *ret_n, const char **ret_next, int64_t *ret_total, GError **error);

/* --- merge_store.c ------------------------------------------------------------------------------------------------- */
/* CONFLICT contact.same when they are one already. *ret_merge: may be NULL. */
bool hib_contact_merge(HibDb *db, const char *contact, const char *other, GError **error);
/* NOT_FOUND contact.merge_unknown; CONFLICT contact.merge_undone, contact.merged_on. */
bool hib_contact_unmerge(HibDb *db, const char *merge, const char **ret_person, GError **error);
bool hib_contact_pairs(HibDb *db, size_t most, HibSqlPairList **ret, size_t *ret_n, GError **error);
bool hib_contact_apart(HibDb *db, const char *a, const char *b, GError **error);
/* Notes who may be the same as this newly seen identity; in the caller's transaction. */
bool hib_contact_suggest(HibDb *db, const char *contact, const char *network, const char *handle,
                         const char *name, GError **error);

/* --- rule.c: pure --------------------------------------------------------------------------------------------------- */
/* Same order as the contract. */
typedef enum {
    HIB_FIELD_TAG,
    HIB_FIELD_CONSENT,
    HIB_FIELD_NETWORK,
    HIB_FIELD_SENTIMENT,
    HIB_FIELD_INTENT,
    HIB_FIELD_LINK,
    HIB_FIELD_CAMPAIGN,
    HIB_FIELD_DID,
    HIB_FIELD_CITY,
    HIB_FIELD_LANGUAGE,
    HIB_FIELD_NOTE,
    HIB_FIELD_FIRST_SEEN,
    HIB_FIELD_LAST_SEEN,
    HIB_FIELD_MESSAGES,
    HIB_FIELD_CLICKS,
    HIB_FIELD_CONVERSIONS,
    HIB_FIELD_REVENUE,
    HIB_FIELD_N
} HibSegmentField;
typedef enum { HIB_OP_IS, HIB_OP_IS_NOT, HIB_OP_AT_LEAST, HIB_OP_AT_MOST } HibSegmentOp;
typedef struct {
    HibSegmentField field;
    HibSegmentOp op;
    const char *text; /* of what is named; "" of numbers */
    int64_t number;   /* of numbers; of times: days ago */
} HibCondition;
typedef struct HibSegmentRule {
    bool is_any; /* else all */
    HibCondition *conditions;
    size_t n_conditions;
    struct HibSegmentRule *groups;
    size_t n_groups;
} HibSegmentRule;
#define HIB_SEGMENT_DEPTH 3
#define HIB_SEGMENT_CONDITIONS 50
/* INVALID segment.bad_rule with the pointer: an operator that does not go with the field, a value missing, nothing in it, too deep, too many. */
bool hib_segment_rule_check(const HibSegmentRule *rule, GError **error);
const char *hib_segment_rule_print(HibArena *arena, const HibSegmentRule *rule);
bool hib_segment_rule_read(HibArena *arena, const char *json, HibSegmentRule **ret, GError **error);
/* Kind of the mark a field asks for; NULL: a number, or notes. */
const char *hib_segment_rule_mark(HibSegmentField field);

/* --- columns.c: bits and numbers of people -------------------------------------------------------------------------- */
typedef enum {
    HIB_COL_PEOPLE,
    HIB_COL_FIRST_AT,
    HIB_COL_LAST_AT,
    HIB_COL_MESSAGES,
    HIB_COL_CLICKS,
    HIB_COL_CONVERSIONS,
    HIB_COL_REVENUE,
    HIB_COL_MARKS = 16
} HibColumnKind;
typedef struct {
    size_t n;       /* people's numbers lie below */
    size_t n_words; /* 64 a word */
    uint64_t *bits;
} HibBits;
int64_t hib_bits_count(const HibBits *bits);
static inline bool
hib_bits_has(const HibBits *bits, int64_t num)
{
    return num >= 0 && (size_t)num < bits->n && (bits->bits[num / 64] >> (num % 64) & 1);
}
/* Who meets the rule. Memory of the result and of what is read on the way is the db's arena. */
bool hib_segment_rule_people(HibDb *db, const HibSegmentRule *rule, HibBits *ret, GError **error);
/* A number of each person, as packed and as changed since. */
bool hib_column_numbers(HibDb *db, HibColumnKind column, int64_t **ret, size_t *ret_n,
                        GError **error);
/* Packs what changed; *ret_n: how many contacts. */
bool hib_contacts_pack(HibDb *db, int64_t most, size_t *ret_n, GError **error);
bool hib_contacts_pack_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                           HibInstant *ret_at, GError **error);

/* --- segment_store.c ------------------------------------------------------------------------------------------------- */
bool hib_segment_get(HibDb *db, const char *segment, HibSqlSegmentRow **ret,
                     GError **error); /* NOT_FOUND segment.unknown */
/* `segment` NULL: a new one. INVALID segment.bad_rule; CONFLICT segment.edited. */
bool hib_segment_save(HibDb *db, const char *segment, int64_t version, const char *name,
                      const HibSegmentRule *rule, HibSqlSegmentRow **ret, GError **error);
bool hib_segment_list(HibDb *db, HibSqlSegmentRow **ret, size_t *ret_n, GError **error);
/* What is true of anybody, by which rules can ask. */
bool hib_segment_choices(HibDb *db, HibSqlMarkName **ret, size_t *ret_n, GError **error);
bool hib_segment_drop(HibDb *db, const char *segment, GError **error);

/* --- export_store.c ---------------------------------------------------------------------------------------------------- */
#define HIB_CONTACTS_EXPORT 50000 /* people of one file */
/* All there is of the person, as JSON a person can read. */
bool hib_contact_export(HibDb *db, const char *contact, const char **ret, GError **error);
/* Name, handles, tags, consents … of a segment's people, as CSV. INVALID segment.too_large. */
bool hib_segment_export(HibDb *db, const char *segment, const char *locale, GBytes **ret,
                        GError **error);

/* --- forget_store.c ---------------------------------------------------------------------------------------------------- */
/* Asks for it: a job does it, the certificate says when. CONFLICT contact.deleting. */
bool hib_contact_delete(HibDb *db, const char *contact, int reason, const char **ret_deletion,
                        GError **error);
bool hib_contact_deletion(HibDb *db, const char *deletion, HibSqlDeletionRow **ret, GError **error);
bool hib_contact_deletions(HibDb *db, size_t most, HibSqlDeletionRow **ret, size_t *ret_n,
                           GError **error);
bool hib_contacts_forget_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                             HibInstant *ret_at, GError **error);
