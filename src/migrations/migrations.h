/* The numbered migrations of the whole program, embedded by tools/embed_migrations.py; given to hib_store_migrate at start. */
#pragma once
#include "store/store.h"

extern const HibMigration hib_migrations[];
extern const size_t hib_n_migrations;
