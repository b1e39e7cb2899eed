/* The log: one JSON line an event on standard error. An event has a stable name and key/value pairs; never a token, a
 * password, a message body. Context (request id, workspace, job) set with hib_log_context is added to each line of the
 * same thread. A value whose key is the name of a secret (password, token, authorization…) is printed as "[hidden]",
 * should one get here after all. Thread-safe. */
#pragma once
#include <glib.h>

typedef enum { HIB_DEBUG, HIB_INFO, HIB_WARN, HIB_ALARM } HibLogLevel;
/* `hib_log(HIB_WARN, "publish.unknown", "delivery", id, NULL)`: pairs of C strings ended by NULL; a NULL value prints null. */
void hib_log(HibLogLevel level, const char *event, ...) G_GNUC_NULL_TERMINATED;
/* The event with the error's kind, reason and text added. */
void hib_log_error(HibLogLevel level, const char *event, const GError *error,
                   ...) G_GNUC_NULL_TERMINATED;
void hib_log_set_level(HibLogLevel least);
/* Sets (value) or clears (NULL) one context field of this thread: key is a literal, value copied. */
void hib_log_context(const char *key, const char *value);
