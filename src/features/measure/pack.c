/* Differences as varints: seven bits a byte, low ones first; signs in the lowest bit. */
#include "measure/pack.h"
#include <string.h>

enum { STATE = 3, IS_SECONDS = 4, HAS_FETCHED = 8, IS_SAME_SET = 16 };

static void
put_byte(GByteArray *out, uint8_t byte)
{
    g_byte_array_append(out, &byte, 1);
}

static void
put_varint(GByteArray *out, int64_t value)
{
    uint64_t rest = ((uint64_t)value << 1) ^ (value < 0 ? ~(uint64_t)0 : 0);
    uint8_t bytes[10];
    guint n = 0;
    do {
        bytes[n] = (uint8_t)(rest & 127);
        rest >>= 7;
        bytes[n++] |= rest ? 128 : 0;
    } while (rest);
    g_byte_array_append(out, bytes, n);
}

typedef struct {
    const uint8_t *at, *end;
    bool is_bad;
} Cursor;

static Cursor
cursor_of(HibBytes bytes)
{
    const uint8_t *data = bytes.data;
    return (Cursor){data, data + bytes.n, false};
}

static uint8_t
take_byte(Cursor *c)
{
    if (c->at < c->end)
        return *c->at++;
    c->is_bad = true;
    return 0;
}

static int64_t
take_varint(Cursor *c)
{
    uint64_t value = 0;
    uint8_t byte = 128;
    for (unsigned shift = 0; (byte & 128) && shift < 70; shift += 7) {
        byte = take_byte(c);
        if (shift < 64)
            value |= (uint64_t)(byte & 127) << shift;
    }
    c->is_bad |= (byte & 128) != 0;
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

/* Differences wrap: what is said may be anything. */
static int64_t
minus(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a - (uint64_t)b);
}

static int64_t
plus(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

/* --- readings ---------------------------------------------------------------------------------------------------- */
static bool
is_one_record(const HibReading *a, const HibReading *b)
{
    return a->as_of == b->as_of && a->fetched_at == b->fetched_at && a->state == b->state &&
           a->metric != b->metric;
}

static bool
is_same_set(const HibPackEnd *end, const HibReading *readings, size_t n)
{
    if (end->n_metrics != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (end->metrics[i] != readings[i].metric)
            return false;
    return true;
}

static void
put_record(GByteArray *pack, HibPackEnd *end, const HibReading *readings, size_t n)
{
    const HibReading *first = readings;
    int64_t step = minus(first->as_of, end->as_of);
    const bool is_seconds = step % HIB_SECOND == 0, is_same = is_same_set(end, readings, n),
               has_fetched = first->fetched_at != first->as_of;
    put_byte(pack, (uint8_t)(first->state | (is_seconds ? IS_SECONDS : 0) |
                             (has_fetched ? HAS_FETCHED : 0) | (is_same ? IS_SAME_SET : 0)));
    put_varint(pack, is_seconds ? step / HIB_SECOND : step);
    if (has_fetched) {
        put_varint(pack, minus(first->fetched_at, end->fetched_at));
        end->fetched_at = first->fetched_at;
    }
    if (!is_same)
        put_byte(pack, (uint8_t)n);
    for (size_t i = 0; i < n && !is_same; i++)
        put_byte(pack, end->metrics[i] = readings[i].metric);
    for (size_t i = 0; i < n; i++) {
        int64_t *last = &end->values[readings[i].metric];
        put_varint(pack, minus(readings[i].value, *last));
        *last = readings[i].value;
    }
    end->as_of = first->as_of;
    end->n_metrics = n;
    end->n_readings += (int64_t)n;
}

void
hib_pack_add(GByteArray *pack, HibPackEnd *end, const HibReading *readings, size_t n)
{
    for (size_t i = 0, next; i < n; i = next) {
        for (next = i + 1;
             next < n && next - i < 255 && is_one_record(&readings[next - 1], &readings[next]);)
            next++;
        put_record(pack, end, readings + i, next - i);
    }
}

static void
take_record(Cursor *c, GArray *out, HibPackEnd *end)
{
    const uint8_t flags = take_byte(c);
    int64_t step = take_varint(c);
    end->as_of = plus(end->as_of,
                      flags & IS_SECONDS ? (int64_t)((uint64_t)step * (uint64_t)HIB_SECOND) : step);
    if (flags & HAS_FETCHED)
        end->fetched_at = plus(end->fetched_at, take_varint(c));
    if (!(flags & IS_SAME_SET)) {
        end->n_metrics = take_byte(c);
        for (size_t i = 0; i < end->n_metrics; i++)
            end->metrics[i] = take_byte(c);
    }
    c->is_bad |= !end->n_metrics;
    for (size_t i = 0; i < end->n_metrics && !c->is_bad; i++) {
        int64_t *last = &end->values[end->metrics[i]];
        *last = plus(*last, take_varint(c));
        const HibReading reading = {end->as_of, flags & HAS_FETCHED ? end->fetched_at : end->as_of,
                                    *last, end->metrics[i], flags & STATE};
        if (out && !c->is_bad)
            g_array_append_val(out, reading);
        end->n_readings++;
    }
}

bool
hib_pack_read(HibBytes pack, GArray *out, HibPackEnd *end)
{
    Cursor c = cursor_of(pack);
    memset(end, 0, sizeof *end);
    while (c.at < c.end && !c.is_bad)
        take_record(&c, out, end);
    return !c.is_bad;
}

/* --- newest numbers ------------------------------------------------------------------------------------------------ */
void
hib_numbers_write(GByteArray *out, const HibNumber numbers[256])
{
    HibInstant last = 0;
    for (int i = 0; i < 256; i++) {
        if (!numbers[i].is_known)
            continue;
        put_byte(out, (uint8_t)i);
        put_byte(out, numbers[i].state);
        put_varint(out, minus(numbers[i].as_of, last));
        put_varint(out, numbers[i].value);
        last = numbers[i].as_of;
    }
}

bool
hib_numbers_read(HibBytes bytes, HibNumber numbers[256])
{
    HibInstant last = 0;
    Cursor c = cursor_of(bytes);
    while (c.at < c.end && !c.is_bad) {
        HibNumber *number = &numbers[take_byte(&c)];
        number->state = take_byte(&c) & STATE;
        number->as_of = last = plus(last, take_varint(&c));
        number->value = take_varint(&c);
        number->is_known = !c.is_bad;
    }
    return !c.is_bad;
}

void
hib_numbers_forget(HibBytes bytes, HibNumber numbers[256])
{
    Cursor c = cursor_of(bytes);
    while (c.at < c.end && !c.is_bad) {
        numbers[take_byte(&c)] = (HibNumber){0};
        (void)take_byte(&c);
        (void)take_varint(&c);
        (void)take_varint(&c);
    }
}

/* --- days -------------------------------------------------------------------------------------------------------- */
void
hib_days_write(GByteArray *out, const HibDayChange *changes, size_t n)
{
    int64_t last = 0;
    for (size_t i = 0, next; i < n; i = next) {
        for (next = i + 1; next < n && next - i < 255 && changes[next].day == changes[i].day;)
            next++;
        put_varint(out, minus(changes[i].day, last));
        put_byte(out, (uint8_t)(next - i));
        for (size_t k = i; k < next; k++) {
            put_byte(out, changes[k].metric);
            put_varint(out, changes[k].change);
        }
        last = changes[i].day;
    }
}

bool
hib_days_read(HibBytes bytes, GArray *out)
{
    int64_t day = 0;
    Cursor c = cursor_of(bytes);
    while (c.at < c.end && !c.is_bad) {
        day = plus(day, take_varint(&c));
        for (int n = take_byte(&c); n > 0 && !c.is_bad; n--) {
            HibDayChange change = {.day = day, .metric = take_byte(&c)};
            change.change = take_varint(&c);
            if (!c.is_bad)
                g_array_append_val(out, change);
        }
    }
    return !c.is_bad;
}
