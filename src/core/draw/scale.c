/* Numbers as people read them, and the ticks of an axis. Heckbert, "Nice numbers for graph labels", Graphics Gems (1990): steps of 1, 2 or 5 times a power of ten. Pure. */
#include "draw/draw.h"
#include "draw/draw_private.h"
#include <math.h>
#include <string.h>

static const char *
grouped(HibArena *arena, double value, int digits)
{
    char plain[64];
    g_ascii_formatd(plain, sizeof plain,
                    digits == 0   ? "%.0f"
                    : digits == 1 ? "%.1f"
                                  : "%.2f",
                    fabs(value));
    size_t whole = strcspn(plain, ".");
    g_autoptr(GString) out =
        g_string_new(value < 0 && strspn(plain, "0.") < strlen(plain) ? "-" : "");
    for (size_t i = 0; i < whole; i++) {
        if (i && (whole - i) % 3 == 0)
            g_string_append_c(out, ',');
        g_string_append_c(out, plain[i]);
    }
    g_string_append(out, plain + whole);
    return hib_arena_strndup(arena, out->str, out->len);
}

const char *
hib_number_text(HibArena *arena, double value)
{
    if (!isfinite(value) || fabs(value) > 1e15)
        return "–";
    bool is_whole = fabs(value - round(value)) < 1e-9;
    return grouped(arena, value, is_whole ? 0 : fabs(value) < 1 ? 2 : 1);
}

typedef struct {
    double divisor;
    const char *unit;
} Unit;

static Unit
unit_of(const char *locale, double size)
{
    bool is_english = g_str_equal(locale, "en");
    if (size >= 1e8)
        return is_english ? (Unit){1e6, "M"} : (Unit){1e8, "億"};
    if (size >= 1e6 && is_english)
        return (Unit){1e6, "M"};
    if (size >= 1e4)
        return is_english ? (Unit){1e3, "K"} : (Unit){1e4, "万"};
    return (Unit){1, ""};
}

const char *
hib_number_short(HibArena *arena, const char *locale, double value)
{
    const Unit unit = unit_of(locale, fabs(value));
    if (!isfinite(value) || unit.divisor <= 1)
        return hib_number_text(arena, value);
    double shown = value / unit.divisor;
    bool is_whole = fabs(shown - round(shown)) < 0.05;
    return hib_arena_printf(arena, "%s%s", grouped(arena, shown, is_whole ? 0 : 1), unit.unit);
}

HibScale
hib_scale_of(double low, double high, int most, const char *locale)
{
    if (!isfinite(low) || !isfinite(high) || high < low)
        low = high = 0;
    if (high <= low)
        high = low + (low == 0 ? 1 : fabs(low) * 0.1);
    double rough = (high - low) / MAX(most - 1, 1), ten = pow(10, floor(log10(rough)));
    static const double nice[] = {1, 2, 5, 10};
    double step = 10 * ten;
    for (size_t i = 0; i < G_N_ELEMENTS(nice); i++)
        if (nice[i] * ten >= rough * (1 - 1e-9)) {
            step = nice[i] * ten;
            break;
        }
    HibScale scale = {.step = step, .low = floor(low / step + 1e-9) * step};
    scale.n = (int)ceil((high - scale.low) / step - 1e-9) + 1;
    scale.high = scale.low + (scale.n - 1) * step;
    const Unit unit = unit_of(locale, MAX(fabs(scale.low), fabs(scale.high)));
    scale.divisor = unit.divisor;
    scale.unit = unit.unit;
    double shown = step / unit.divisor;
    while (scale.digits < 2 && fabs(shown - round(shown)) > 1e-6) {
        shown *= 10;
        scale.digits++;
    }
    return scale;
}

const char *
hib_scale_text(HibArena *arena, const HibScale *scale, int tick)
{
    double value = scale->low + tick * scale->step;
    if (fabs(value) < scale->step / 1e6)
        return "0";
    return hib_arena_printf(arena, "%s%s", grouped(arena, value / scale->divisor, scale->digits),
                            scale->unit);
}

double
hib_scale_at(const HibScale *scale, double value, double length)
{
    return (value - scale->low) / (scale->high - scale->low) * length;
}
