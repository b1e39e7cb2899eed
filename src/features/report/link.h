/* Secret links, inside report/: a report, or the figures of the last days, for people without an account. */
#pragma once
#include "http/html.h"
#include "report/report_private.h"
#include "report/share.sql.h"

typedef struct {
    const char *report_id; /* NULL: figures */
    int n_days;            /* of figures */
    const char *account_id, *locale, *name;
    const char *password; /* NULL: none */
    int64_t valid_days;
    const char *id, *token; /* NULL: new ones */
} HibLinkDraft;
/* 256 random bits unless the draft names them; *ret_token is told once. NOT_FOUND report.unknown, accounts.unknown; INVALID report.nothing_to_share, team.weak_password. */
bool hib_report_link_add(HibDb *db, const HibServices *services, const HibLinkDraft *draft,
                         HibSqlReportShareRow **ret, const char **ret_token, GError **error);
bool hib_report_link_revoke(HibDb *db, const char *link, GError **error); /* report.link_unknown */

typedef struct {
    const char *workspace, *link, *report_id, *account_id, *locale, *name, *password_hash;
    int n_days;
    HibInstant expires_at;
} HibLinkOpen;
/* Of a token somebody brings; `db` is global. NOT_FOUND report.link_unknown (guesses get slower), GONE report.link_over. */
bool hib_report_link_open(HibDb *db, const char *token, const char *client, HibLinkOpen *ret,
                          GError **error);
/* Whether the password is right. Counted before it is looked at; TOO_MANY auth.throttled. */
bool hib_report_link_try(HibDb *db, const HibServices *services, const HibLinkOpen *link,
                         const char *password, const char *client, bool *ret_right, GError **error);
/* What a browser that knew the password brings along; another password, another word. */
const char *hib_report_link_word(HibArena *arena, const HibServices *services,
                                 const HibLinkOpen *link);
/* The report that the link shows; of figures one that nobody stored, until yesterday. `db` is of the link's workspace. */
bool hib_report_link_report(HibDb *db, const HibLinkOpen *link, HibReport **ret, GError **error);

/* --- the page (page.c: pure) ---------------------------------------------------------------------------------------- */
typedef struct {
    const HibReportDocument *document;
    const char *root;   /* "/shared/TOKEN" */
    const char *locale; /* of the page */
    bool has_files;     /* PDF and the others may be fetched */
    HibInstant expires_at;
} HibReportPage;
const char *hib_report_page_style(HibArena *arena, uint32_t accent);
void hib_report_page(HibArena *arena, HibHtml *html, const HibReportPage *page);
/* The form for the password; `is_wrong`: it was not the one. */
void hib_report_page_door(HibArena *arena, HibHtml *html, const char *root, const char *locale,
                          bool is_wrong);
