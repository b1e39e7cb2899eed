/* hibiki routes [--role ROLE]: what the API offers, or what one role can reach: the audit of the contract. */
#include "app/command.h"
#include "base/error.h"
#include "http/server.h"
#include <stdio.h>

extern const HibRoute hib_routes[];

int
hib_command_routes(const HibCommandCall *call)
{
    const char *role = hib_command_option(call, "role");
    unsigned bit = role ? hib_role_bit(role) : 0;
    if (role && !bit) {
        g_autoptr(GError) error = NULL;
        hib_error_set(&error, HIB_ERROR_INVALID, "cli.unknown_role", "no role %s", role);
        hib_error_set_detail(error, "name", role);
        return hib_command_fail(call, error);
    }
    for (const HibRoute *route = hib_routes; route->method; route++)
        if (!bit || route->roles & (bit | HIB_ROLE_ANY | HIB_ROLE_PUBLIC))
            printf("%-7s %-62s %-20s %s\n", route->method, route->path, route->operation,
                   *route->scope ? route->scope : "-");
    return 0;
}
