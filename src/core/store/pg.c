/* PostgreSQL behind the store's face. */
#include "base/error.h"
#include "store/store_private.h"

bool
hib_pg_open(HibStore *store, const char *url, GError **error)
{
    hib_error_set(error, HIB_ERROR_INTERNAL, "store.failed", "not built yet");
    return false;
}
