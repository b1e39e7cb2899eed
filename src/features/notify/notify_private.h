/* Inside notify/ only: kinds, who hears what, and sending. */
#pragma once
#include "http/services.h"
#include "notify/notice.sql.h"
#include "notify/notify.h"

#define HIB_NOTIFY_TELL "notify.tell"
#define HIB_NOTIFY_SEND "notify.send"
#define HIB_NOTICE_KEEP (90 * HIB_DAY)

enum { HIB_WAY_APP = 1, HIB_WAY_MAIL = 2, HIB_WAY_HOOK = 4 };
typedef enum { HIB_HOOK_JSON, HIB_HOOK_SLACK, HIB_HOOK_LINE } HibHookFormat; /* as the contract */

/* --- kinds.c: pure ------------------------------------------------------------------------------------- */
unsigned hib_notice_usual(HibNoticeKind kind); /* the ways of who never chose */
typedef struct {
    const char *event, *word; /* word: the sentence notice.word */
    HibNoticeKind kind;
} HibNoticeEvent;
extern const HibNoticeEvent hib_notice_events[];           /* ended by {0} */
const HibNoticeEvent *hib_notice_event(const char *event); /* NULL: nobody hears it */
/* The sentence with its blanks filled. */
const char *hib_notice_sentence(HibArena *arena, const char *locale, const char *word,
                                const char *who, const char *what);
/* The beginning of a text on one line, `most` characters. */
const char *hib_notice_short(HibArena *arena, const char *text, long most);
/* Whether `text` calls `name` with an @ before it. */
bool hib_notice_mentions(const char *text, const char *name);
/* What goes to a webhook. */
const char *hib_hook_body(HibArena *arena, HibHookFormat format, const HibSqlNoticeRow *notice,
                          const char *sentence, const char *url, const char *recipient);
/* --- audience_store.c ------------------------------------------------------------------------------------ */
typedef struct {
    const char *person;
    HibNoticeKind kind;
    const char *word, *who, *what, *place;
} HibNotice;
/* Who hears of an event, and what; nobody when it no longer matters. */
bool hib_notice_audience(HibDb *db, const char *event, const char *subject, const char *data,
                         HibNotice **ret, size_t *ret_n, GError **error);

/* --- notice_store.c ---------------------------------------------------------------------------------------- */
bool hib_notice_tell_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                         HibInstant *ret_at, GError **error);
typedef struct {
    unsigned ways[HIB_NOTICE_KINDS];
} HibNoticeChoices;
bool hib_notice_choices(HibDb *db, const char *person, HibNoticeChoices *ret, GError **error);
bool hib_notice_choose(HibDb *db, const char *person, const HibNoticeChoices *choices,
                       GError **error);
/* `ids` NULL: all of them. */
bool hib_notice_read(HibDb *db, const char *person, const char *const *ids, size_t n,
                     GError **error);

/* --- send_store.c -------------------------------------------------------------------------------------------------- */
typedef struct {
    HibHookFormat format;
    const char *url, *secret, *recipient; /* secret NULL: one is made; recipient NULL: none */
} HibHookDraft;
/* INVALID notify.bad_url, notify.no_recipient (LINE), notify.no_secret (LINE). *ret_secret: what signs; told once. */
bool hib_hook_set(HibDb *db, const HibServices *services, const char *person,
                  const HibHookDraft *draft, const char **ret_secret, GError **error);
bool hib_hook_drop(HibDb *db, const char *person, GError **error);
/* Sends a notice one way. CONFLICT notify.no_mail (no server is set up), notify.no_hook; FORBIDDEN http.private; UPSTREAM notify.unreachable (may be repeated); INVALID notify.refused. */
bool hib_notice_send(HibDb *db, const HibServices *services, const HibSqlNoticeRow *notice,
                     unsigned way, GError **error);
bool hib_notice_send_run(HibDb *db, const HibJob *job, void *context, HibJobEnd *ret_end,
                         HibInstant *ret_at, GError **error);

/* forget.c: HibForget */
bool hib_notify_forget(HibDb *db, const HibForgotten *who, int64_t *ret_n, int64_t *ret_left,
                       GError **error);
