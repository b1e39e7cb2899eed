/* Inside contacts/ only: addresses by which shops and lists know people (address.c); pure but for the key. */
#pragma once
#include "contacts/contacts_private.h"

/* An address as it is compared: e-mail in lower case, a phone number as +81…, a code without blanks around it. NULL: it is none. */
const char *hib_contact_address(HibArena *arena, HibIdentityKind kind, const char *text);
/* SHA-256 of it, as shops tell an address; and by that the key of its identity, which leads nowhere without our key file. */
const char *hib_contact_address_hash(HibArena *arena, const char *address);
const char *hib_contact_address_key(HibArena *arena, HibKeys *keys, HibIdentityKind kind,
                                    const char *hash);
/* By which who was deleted is known again. */
const char *hib_contact_gone_hash(HibDb *db, HibKeys *keys, HibIdentityKind kind,
                                  const char *network, const char *scope, const char *key);
