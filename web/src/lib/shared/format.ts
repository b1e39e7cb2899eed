// How numbers and times read. Pure: everything comes in as an argument. Japanese counts in 万/億; one style for dates: 11/23(月) 09:00.
import type { Locale } from './locale.svelte';

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function numbers(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `n${locale}${JSON.stringify(options)}`;
  if (!cache.has(key)) cache.set(key, new Intl.NumberFormat(locale, options));
  return cache.get(key) as Intl.NumberFormat;
}

function dates(locale: Locale, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `d${locale}${JSON.stringify(options)}`;
  if (!cache.has(key)) cache.set(key, new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : 'ja', options));
  return cache.get(key) as Intl.DateTimeFormat;
}

/** Exact below 10,000, then three significant digits: 12.4万, 1.23億; 12.4K in English. */
export function compact(value: number, locale: Locale): string {
  if (Math.abs(value) < 10_000) return numbers(locale, { maximumFractionDigits: Math.abs(value) < 100 ? 1 : 0 }).format(value);
  return numbers(locale, { notation: 'compact', maximumSignificantDigits: 3 }).format(value);
}

export const exact = (value: number, locale: Locale) => numbers(locale, { maximumFractionDigits: 1 }).format(value);

/** 12.3% */
export const percent = (ratio: number, locale: Locale) => numbers(locale, { style: 'percent', maximumFractionDigits: 1 }).format(ratio);

/** +12.3% */
export const change = (ratio: number, locale: Locale) =>
  numbers(locale, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' }).format(ratio);

/** $0.015; prices of single calls are fractions of a cent. */
export const money = (amount: number, currency: string, locale: Locale) =>
  numbers(locale, { style: 'currency', currency, maximumFractionDigits: 3 }).format(amount);

/** One unit for a whole axis, taken from its largest tick: 0 / 0.5万 / 1万. */
export function axis(values: number[], locale: Locale): string[] {
  const top = Math.max(...values.map(Math.abs));
  const units: [number, string][] = locale === 'ja' ? [[1e8, '億'], [1e4, '万']] : [[1e9, 'B'], [1e6, 'M'], [1e4, 'K']];
  const unit = units.find(([size]) => top >= size);
  const divisor = unit ? (unit[1] === 'K' ? 1e3 : unit[0]) : 1;
  return values.map((value) =>
    value === 0 ? '0' : numbers(locale, { maximumFractionDigits: 2 }).format(value / divisor) + (unit?.[1] ?? ''));
}

const HM = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

export type At = string | number | Date;

/** 09:00 */
export const time = (at: At, locale: Locale, zone: string) => dates(locale, { timeZone: zone, ...HM }).format(new Date(at));

/** 11/23(月); Mon 23 Nov */
export function day(at: At, locale: Locale, zone: string): string {
  if (locale === 'en') return dates('en', { timeZone: zone, weekday: 'short', day: 'numeric', month: 'short' }).format(new Date(at)).replace(',', '');
  return dates('ja', { timeZone: zone, month: 'numeric', day: 'numeric', weekday: 'short' }).format(new Date(at));
}

/** 11月23日(月); Monday 23 November */
export function longDay(at: At, locale: Locale, zone: string): string {
  const length = locale === 'en' ? 'long' : 'short';
  return dates(locale, { timeZone: zone, month: 'long', day: 'numeric', weekday: length }).format(new Date(at)).replace(',', '');
}

/** 11/23(月) 09:00, with the year when it is not the current one */
export function stamp(at: At, locale: Locale, zone: string, now: At = Date.now()): string {
  const yearOf = (when: At) => dates('en', { timeZone: zone, year: 'numeric' }).format(new Date(when));
  const year = yearOf(at);
  const text = `${day(at, locale, zone)} ${time(at, locale, zone)}`;
  if (year === yearOf(now)) return text;
  return locale === 'en' ? text.replace(/ (\d\d:\d\d)$/, ` ${year} $1`) : `${year}/${text}`;
}

/** 2026年11月; November 2026 */
export function month(year: number, index: number, locale: Locale): string {
  return dates(locale, { timeZone: 'UTC', year: 'numeric', month: 'long' }).format(Date.UTC(year, index, 1));
}

export const weekdays = (locale: Locale) =>
  [2, 3, 4, 5, 6, 7, 8].map((date) => dates(locale, { weekday: 'short', timeZone: 'UTC' }).format(Date.UTC(2026, 10, date)));

/** 3分前, 2 hours ago */
export function ago(at: At, locale: Locale, now: At = Date.now()): string {
  const seconds = (new Date(at).getTime() - new Date(now).getTime()) / 1000;
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [['day', 86_400], ['hour', 3_600], ['minute', 60]];
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}

/** 日本時間; Japan Time */
export function zoneName(zone: string, locale: Locale, at: At = Date.now()): string {
  try {
    const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'longGeneric' }).formatToParts(new Date(at));
    // CLDR says 日本標準時 where people say 日本時間.
    return parts.find((part) => part.type === 'timeZoneName')?.value.replace('標準時', '時間') ?? zone;
  } catch {
    return zone;
  }
}

/** 1.2 MB */
export function bytes(value: number, locale: Locale): string {
  const unit = value >= 1e6 ? 'megabyte' : 'kilobyte';
  const size = value >= 1e6 ? 1e6 : 1e3;
  return numbers(locale, { style: 'unit', unit, maximumFractionDigits: 1 }).format(Math.max(value / size, 0.1));
}
