/* Inside contacts' tests: a workspace in which people say things. */
#pragma once
#include "contacts/contacts_private.h"
#include "networks/network.h"
#include "test_workspace.h"

typedef struct {
    HibTestWorkspace ws;
    HibDb *db;
    const char *account, *other_account;
    int n;
} Fixture;

void fixture_open(Fixture *f, HibTestStore *test);
void fixture_close(Fixture *f);
/* Says something and takes it in. */
void fixture_say(Fixture *f, const char *account, const char *author, const char *handle,
                 const char *name, const char *text);
/* The person, who must be there. */
const char *fixture_person(Fixture *f, const char *account, const char *author);
HibSqlContactRow *fixture_row(Fixture *f, const char *contact);
/* How many people meet a rule of one condition. */
int64_t fixture_count(Fixture *f, HibSegmentField field, HibSegmentOp op, const char *text,
                      int64_t number);
/* Names of those the search finds, a blank behind each. */
const char *fixture_found(Fixture *f, const char *words);
