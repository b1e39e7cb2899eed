/* Inside contacts/ only: what several of its resources reply. */
#pragma once
#include "api.gen.h"
#include "contacts/contacts_private.h"
#include "http/call.h"

/* NOT_FOUND contact.unknown. */
bool hib_contact_row_out(HibDb *db, const char *contact, HibApiContactRow *ret, GError **error);
bool hib_contact_out(HibDb *db, const char *contact, HibApiContact *ret, GError **error);
