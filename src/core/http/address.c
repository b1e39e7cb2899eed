/* Which network addresses are private: see address.h. Ranges are those of the IANA special-purpose address registries. */
#include "http/address.h"
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    uint32_t net;
    int bits;
} Range4;

static const Range4 private4[] = {
    {0x00000000, 8},  /* this network */
    {0x0A000000, 8},  /* private */
    {0x64400000, 10}, /* carrier-grade NAT */
    {0x7F000000, 8},  /* loopback */
    {0xA9FE0000, 16}, /* link-local, cloud metadata */
    {0xAC100000, 12}, /* private */
    {0xC0000000, 24}, /* IETF protocol assignments */
    {0xC0000200, 24}, /* documentation */
    {0xC0586300, 24}, /* 6to4 relay */
    {0xC0A80000, 16}, /* private */
    {0xC6120000, 15}, /* benchmarking */
    {0xC6336400, 24}, /* documentation */
    {0xCB007100, 24}, /* documentation */
    {0xE0000000, 4},  /* multicast */
    {0xF0000000, 4},  /* reserved, broadcast */
};

static bool
is_private4(uint32_t host)
{
    for (size_t i = 0; i < sizeof private4 / sizeof private4[0]; i++)
        if ((host >> (32 - private4[i].bits)) == (private4[i].net >> (32 - private4[i].bits)))
            return true;
    return false;
}

static uint32_t
embedded4(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static bool
is_private6(const uint8_t *a)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    static const uint8_t nat64[12] = {0x00, 0x64, 0xff, 0x9b};
    static const uint8_t zero[12] = {0};
    if (memcmp(a, mapped, 12) == 0 || memcmp(a, nat64, 12) == 0 || memcmp(a, zero, 12) == 0)
        return is_private4(
            embedded4(a + 12)); /* the last: ::, ::1 and IPv4-compatible (0.0.0.0/8 is private) */
    if (a[0] == 0x20 && a[1] == 0x02)
        return is_private4(embedded4(a + 2)); /* 6to4 */
    if (a[0] == 0x20 && a[1] == 0x01 && (a[2] & 0xfe) == 0)
        return true; /* 2001::/23: Teredo and other protocol assignments */
    if (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0d && a[3] == 0xb8)
        return true;              /* documentation */
    return (a[0] & 0xe0) != 0x20; /* only 2000::/3 is global unicast */
}

bool
hib_address_is_private(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        return is_private4(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        return is_private6(v6.sin6_addr.s6_addr);
    }
    return true;
}
