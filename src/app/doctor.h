/* Parts of hibiki doctor. */
#pragma once
#include "app/command.h"
#include "store/store.h"

/* One line; `problem` (a message under cli.doctor) says what to do, NULL: all is well. How many problems that is. */
int hib_doctor_report(const HibCommandCall *call, const char *subject, const char *value,
                      const char *problem);
/* `store` NULL: a running server has it (`is_in_use`), or it is not there yet. */
int hib_doctor_clicks(const HibCommandCall *call, HibStore *store, bool is_in_use, GError **error);
