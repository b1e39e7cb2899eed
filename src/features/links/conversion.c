/* Conversions as they come in: read, checked, signed. Nothing here asks the store. */
#include "links/conversion.h"
#include "base/error.h"
#include "base/secrets.h"

#include <string.h>

static const char *const kinds[HIB_CONVERSION_KINDS] = {"purchase",    "sign_up", "reservation",
                                                        "store_visit", "coupon",  "other"};

int
hib_conversion_kind(const char *name)
{
    for (int i = 0; i < HIB_CONVERSION_KINDS; i++)
        if (g_str_equal(kinds[i], name))
            return i;
    return -1;
}

const char *
hib_conversion_kind_name(HibConversionKind kind)
{
    return kinds[kind];
}

/* --- money --------------------------------------------------------------------------------------------------------- */
static bool
is_among(const char *currency, const char *codes)
{
    return strlen(currency) == 3 && strstr(codes, currency) != NULL;
}

int
hib_currency_digits(const char *currency)
{
    if (is_among(currency, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"))
        return 0;
    return is_among(currency, "BHD IQD JOD KWD LYD OMR TND") ? 3 : 2;
}

bool
hib_currency_valid(const char *currency)
{
    return currency && strlen(currency) == 3 && g_ascii_isupper(currency[0]) &&
           g_ascii_isupper(currency[1]) && g_ascii_isupper(currency[2]);
}

bool
hib_conversion_amount(const char *text, const char *currency, int64_t *ret)
{
    static const char *const signs[] = {"¥", "￥", "$", "€", "£", "₩"};
    g_autofree char *plain = g_strstrip(g_utf8_normalize(text, -1, G_NORMALIZE_NFKC));
    const int digits = hib_currency_digits(currency);
    const char *at = plain;
    const bool is_negative = *at == '-' || g_str_has_prefix(at, "−") || g_str_has_prefix(at, "△");
    int64_t value = 0;
    int behind = -1; /* digits read behind the point; -1: before it */
    bool has_digit = false;
    if (is_negative)
        at = g_utf8_next_char(at);
    for (size_t i = 0; i < G_N_ELEMENTS(signs); i++)
        if (g_str_has_prefix(at, signs[i])) {
            at += strlen(signs[i]);
            break;
        }
    for (; *at; at++) {
        if (*at == ',' && has_digit && behind < 0)
            continue;
        if (*at == '.' && behind < 0) {
            behind = 0;
            continue;
        }
        if (!g_ascii_isdigit(*at))
            break;
        if (behind >= digits && *at != '0')
            return false;
        if (behind < digits) {
            value = value * 10 + (*at - '0');
            behind += behind >= 0;
        }
        has_digit = true;
        if (value > HIB_CONVERSION_MOST)
            return false;
    }
    if (g_str_equal(at, "円"))
        at += strlen("円");
    for (int i = MAX(behind, 0); i < digits && value <= HIB_CONVERSION_MOST; i++)
        value *= 10;
    *ret = is_negative ? -value : value;
    return has_digit && !*at && value <= HIB_CONVERSION_MOST;
}

/* --- one conversion -------------------------------------------------------------------------------------------------- */
static bool
is_hex(const char *text, size_t n)
{
    return strlen(text) == n && strspn(text, "0123456789abcdef") == n;
}

bool
hib_conversion_click(const char *text, int64_t *ret)
{
    guint64 value = 0;
    if (!*text || strspn(text, "0123456789abcdef") != strlen(text) || strlen(text) > 16 ||
        !g_ascii_string_to_unsigned(text, 16, 0, G_MAXUINT64, &value, NULL))
        return false;
    *ret = (int64_t)value;
    return true;
}

const char *
hib_conversion_contact(HibArena *arena, const char *text)
{
    g_autofree char *plain = g_strstrip(g_utf8_strdown(text, -1));
    const char *at = strchr(plain, '@');
    if (is_hex(plain, 64))
        return hib_arena_strdup(arena, plain);
    if (!at || at == plain || !at[1] || strlen(plain) > 254 || strpbrk(plain, " \t\r\n"))
        return NULL;
    return hib_sha256_hex(arena, plain, strlen(plain));
}

static bool
refuse(const char *reason, const char *pointer, const char *member, GError **error)
{
    g_autofree char *at = g_strdup_printf("%s/%s", pointer, member);
    hib_error_set_at(error, HIB_ERROR_INVALID, reason, at, "not as a conversion has it");
    return false;
}

bool
hib_conversion_check(const HibConversion *one, HibInstant now, const char *pointer, GError **error)
{
    const int64_t least = one->corrects ? -HIB_CONVERSION_MOST : 0;
    if (one->id && (!*one->id || strlen(one->id) > HIB_CONVERSION_ID))
        return refuse("conversion.bad_id", pointer, "id", error);
    if (one->corrects && (!one->id || !*one->corrects || strlen(one->corrects) > HIB_CONVERSION_ID))
        return refuse("conversion.bad_id", pointer, one->id ? "corrects" : "id", error);
    if (one->at < now - HIB_CONVERSION_OLDEST || one->at > now + HIB_HOUR)
        return refuse("conversion.bad_time", pointer, "at", error);
    if (one->value_minor < least || one->value_minor > HIB_CONVERSION_MOST ||
        (one->corrects && !one->has_value))
        return refuse("conversion.bad_value", pointer, "value_minor", error);
    if (one->currency && !hib_currency_valid(one->currency))
        return refuse("conversion.bad_currency", pointer, "currency", error);
    if (one->contact && !is_hex(one->contact, 64))
        return refuse("conversion.bad_contact", pointer, "contact", error);
    return true;
}

bool
hib_conversion_read(HibJson in, HibInstant now, HibConversion *ret, GError **error)
{
    const char *kind = NULL;
    const char *at = NULL;
    const char *click = NULL;
    *ret = (HibConversion){.at = now};
    int64_t value = INT64_MIN;
    if (!hib_json_text(in, "kind", &kind, error) || !hib_json_opt_text(in, "id", &ret->id, error) ||
        !hib_json_opt_text(in, "at", &at, error) ||
        !hib_json_opt_int(in, "value_minor", &value, error) ||
        !hib_json_opt_text(in, "currency", &ret->currency, error) ||
        !hib_json_opt_text(in, "click", &click, error) ||
        !hib_json_opt_text(in, "contact", &ret->contact, error) ||
        !hib_json_opt_text(in, "corrects", &ret->corrects, error))
        return false;
    const int known = hib_conversion_kind(kind);
    if (known < 0)
        return refuse("conversion.bad_kind", in.path, "kind", error);
    ret->kind = (HibConversionKind)known;
    ret->has_value = value != INT64_MIN;
    ret->value_minor = ret->has_value ? value : 0;
    if (at && !hib_instant_parse(at, &ret->at))
        return refuse("conversion.bad_time", in.path, "at", error);
    ret->has_click = click != NULL;
    if (click && !hib_conversion_click(click, &ret->click))
        return refuse("conversion.bad_click", in.path, "click", error);
    return hib_conversion_check(ret, now, in.path, error);
}

bool
hib_beacon_read(HibArena *arena, const char *body, size_t n, HibInstant now, HibBeacon *ret,
                GError **error)
{
    HibJson root;
    HibJson clicks;
    HibJson conversion;
    *ret = (HibBeacon){0};
    if (!hib_json_parse(arena, body, n, &root, error) ||
        !hib_json_text(root, "v", &ret->visitor, error) ||
        !hib_json_opt_array(root, "c", &clicks, error) ||
        !hib_json_opt_object(root, "e", &conversion, error))
        return false;
    if (!is_hex(ret->visitor, 32))
        return refuse("conversion.bad_contact", "", "v", error);
    if (clicks.value)
        for (HibJson e = hib_json_first(clicks); e.value && ret->n_clicks < HIB_BEACON_CLICKS;
             e = hib_json_next(clicks, e))
            if (!cJSON_IsString(e.value) ||
                !hib_conversion_click(e.value->valuestring, &ret->clicks[ret->n_clicks++]))
                return refuse("conversion.bad_click", "", "c", error);
    ret->has_conversion = conversion.value != NULL;
    return !conversion.value || hib_conversion_read(conversion, now, &ret->conversion, error);
}

bool
hib_server_call_read(HibArena *arena, const char *body, size_t n, HibInstant now,
                     HibServerCall *ret, GError **error)
{
    HibJson root;
    HibJson list;
    *ret = (HibServerCall){0};
    if (!hib_json_parse(arena, body, n, &root, error) ||
        !hib_json_opt_bool(root, "test", &ret->is_test, error) ||
        !hib_json_array(root, "conversions", &list, error))
        return false;
    const size_t count = hib_json_count(list);
    if (count == 0 || count > HIB_SERVER_CALL) {
        hib_error_set_at(error, HIB_ERROR_INVALID, "conversion.bad_count", "/conversions",
                         "%zu conversions", count);
        return false;
    }
    ret->rows = hib_arena_array(arena, HibConversion, count);
    for (HibJson e = hib_json_first(list); e.value; e = hib_json_next(list, e)) {
        HibConversion *one = &ret->rows[ret->n];
        if (!hib_conversion_read(e, now, one, error))
            return false;
        if (!one->id) /* a server knows the order's number; without it nothing could be idempotent */
            return refuse("conversion.bad_id", e.path, "id", error);
        ret->n++;
    }
    return true;
}

/* --- signatures -------------------------------------------------------------------------------------------------------- */
static char *
mac_of(const char *secret, const char *seconds, const void *body, size_t n)
{
    GHmac *mac =
        g_hmac_new(G_CHECKSUM_SHA256, (const guchar *)(const void *)secret, strlen(secret));
    g_hmac_update(mac, (const guchar *)(const void *)seconds, -1);
    g_hmac_update(mac, (const guchar *)".", 1);
    g_hmac_update(mac, body, (gssize)n);
    char *hex = g_strdup(g_hmac_get_string(mac));
    g_hmac_unref(mac);
    return hex;
}

const char *
hib_conversion_sign(HibArena *arena, const char *secret, HibInstant at, const void *body, size_t n)
{
    g_autofree char *seconds = g_strdup_printf("%" G_GINT64_FORMAT, at / HIB_SECOND);
    g_autofree char *hex = mac_of(secret, seconds, body, n);
    return hib_arena_printf(arena, "t=%s,v1=%s", seconds, hex);
}

bool
hib_conversion_verify(HibArena *arena, const char *secret, const char *header, HibInstant now,
                      const void *body, size_t n, GError **error)
{
    const char *comma = header ? strchr(header, ',') : NULL;
    const char *seconds = comma && g_str_has_prefix(header, "t=")
                              ? hib_arena_strndup(arena, header + 2, (size_t)(comma - header - 2))
                              : NULL;
    gint64 said = 0;
    bool is_ours = false;
    if (seconds && g_str_has_prefix(comma, ",v1=") && is_hex(comma + 4, 64) &&
        g_ascii_string_to_signed(seconds, 10, 0, (gint64)1 << 40, &said, NULL)) {
        g_autofree char *want = mac_of(secret, seconds, body, n);
        is_ours = hib_equal_secret(want, comma + 4);
    }
    if (!is_ours) {
        hib_error_set(error, HIB_ERROR_FORBIDDEN, "conversion.bad_signature", "not signed by us");
        return false;
    }
    if (said * HIB_SECOND < now - HIB_SIGNATURE_AGE ||
        said * HIB_SECOND > now + HIB_SIGNATURE_AGE) {
        hib_error_set(error, HIB_ERROR_FORBIDDEN, "conversion.stale", "signed at %" G_GINT64_FORMAT,
                      said);
        return false;
    }
    return true;
}

/* --- the script ----------------------------------------------------------------------------------------------------------- */
/* Before consent nothing is stored and nothing is sent: the click's id of the address waits in memory, and so do conversions. Taking consent back removes all. The visitor's number is
 * random, kept in the site's own storage; there is no cookie. hibiki(…) works before the script has come: the snippet keeps the calls. */
static const char SCRIPT[] =
    "(function(w,d){var u='%s/t/%s/beacon',k='hibiki',ok=%s,s=null,p=[],t=[],n=w.hibiki;"
    "function get(){try{s=JSON.parse(w.localStorage.getItem(k))}catch(e){}"
    "if(!s||!/^[0-9a-f]{32}$/.test(s.v)){var a=new Uint8Array(16);w.crypto.getRandomValues(a);"
    "s={v:[].map.call(a,function(b){return(b+256).toString(16).slice(1)}).join(''),c:[]}}}"
    "function put(){try{w.localStorage.setItem(k,JSON.stringify(s))}catch(e){}}"
    "function see(){var m=/[?&]hib_click=([0-9a-f]{1,16})(?=&|#|$)/.exec(w.location.href);"
    "if(m&&t.indexOf(m[1])<0)t.push(m[1])}"
    "function send(e){var b=JSON.stringify({v:s.v,c:s.c,e:e||null}),f=w.navigator.sendBeacon;"
    "if(!(f&&f.call(w.navigator,u,b)))w.fetch(u,{method:'POST',body:b,keepalive:true,"
    "mode:'no-cors',credentials:'omit'}).catch(function(){})}"
    "function flush(){if(!ok)return;if(!s)get();var a=false;"
    "t.forEach(function(c){if(s.c.indexOf(c)<0){s.c.push(c);a=true}});s.c=s.c.slice(-20);put();"
    "if(a&&!p.length)send();while(p.length)send(p.shift())}"
    "function hibiki(c,v){see();if(c==='consent'){ok=v===true;"
    "if(v===false){s=null;p=[];try{w.localStorage.removeItem(k)}catch(e){}}}"
    "else if(c==='convert'&&v)p.push(v);flush()}"
    "w.hibiki=hibiki;see();w.addEventListener('popstate',function(){see();flush()});"
    "if(n&&n.q)[].forEach.call(n.q,function(a){hibiki.apply(null,a)});flush()"
    "})(window,document);\n";

const char *
hib_conversion_script(HibArena *arena, const char *base_url, const char *key, bool asks_consent)
{
    GString *out = g_string_new(NULL);
    /* The base URL is our own setting; what would end the string all the same is left out. */
    g_autofree char *base = g_strdelimit(g_strdup(base_url ? base_url : ""), "'\\<>\n\r", '_');
    char *const parts[] = {base, (char *)(uintptr_t)key, asks_consent ? "false" : "true"};
    size_t part = 0;
    for (const char *at = SCRIPT; *at; at++) {
        if (at[0] == '%' && at[1] == 's' && part < G_N_ELEMENTS(parts)) {
            g_string_append(out, parts[part++]);
            at++;
        } else
            g_string_append_c(out, *at);
    }
    const char *text = hib_arena_strndup(arena, out->str, out->len);
    g_string_free(out, TRUE);
    return text;
}
