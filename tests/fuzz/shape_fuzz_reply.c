/* The generated repliers stand in the same file as the shapes; here nobody replies. */
#include "http/call.h"

bool
hib_call_reply(HibCall *call, int status, const HibShape *shape, const void *value)
{
    return false;
}
