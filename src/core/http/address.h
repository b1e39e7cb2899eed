/* Which network addresses are nobody's business of a URL that a person typed. Pure. */
#pragma once
#include <stdbool.h>
#include <sys/socket.h>

/* Loopback, private, shared, link-local, multicast, documentation and reserved ranges (IANA special-purpose registries, RFC 6890 and its updates), also where an IPv4
 * address hides in an IPv6 one (mapped, NAT64, 6to4). Unknown families count as private. */
bool hib_address_is_private(const struct sockaddr *address);
