/* Contacts: one person across networks, what they agreed to, what was had to do with them.
 *
 * Contacts make themselves of what people say and whom networks tell of. Two that are one person are merged by a person, never by themselves: a merge only says that both
 * stand for the same, so taking it back restores exactly. Segments are counted from packed columns (columns.h's essay is in columns.c), deletion leaves a certificate.
 * View for other features' statements: contacts_v_identity. */
#pragma once
#include "http/services.h"
#include "store/feature.h"

extern const HibFeature hib_contacts;
extern const struct HibPeople
    hib_contacts_people; /* links/links.h: what its attribution is told of people */

/* The person who is called `author` by the account's network; *ret NULL: nobody yet. */
bool hib_contacts_find(HibDb *db, const char *account, const char *author, const char **ret,
                       GError **error);
/* Takes in what was said since the last time, at most some ten thousand; *ret_n: how many things said. */
bool hib_contacts_take(HibDb *db, size_t *ret_n, GError **error);

/* Events out: contact.changed, contact.merged, contact.forgotten (subject: the contact). In: talk.received, account.follow, link.clicked_by_contact. */
