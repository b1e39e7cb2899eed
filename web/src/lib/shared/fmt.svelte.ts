// format.ts bound to the person's language and the workspace's zone; reading it in a template follows both.
import * as format from './format';
import { place } from './locale.svelte';

export const fmt = {
  compact: (value: number) => format.compact(value, place.locale),
  exact: (value: number) => format.exact(value, place.locale),
  percent: (ratio: number) => format.percent(ratio, place.locale),
  change: (ratio: number) => format.change(ratio, place.locale),
  money: (amount: number, currency: string) => format.money(amount, currency, place.locale),
  time: (at: format.At) => format.time(at, place.locale, place.zone),
  day: (at: format.At) => format.day(at, place.locale, place.zone),
  longDay: (at: format.At) => format.longDay(at, place.locale, place.zone),
  stamp: (at: format.At) => format.stamp(at, place.locale, place.zone),
  ago: (at: format.At) => format.ago(at, place.locale),
  bytes: (value: number) => format.bytes(value, place.locale),
  weekdays: () => format.weekdays(place.locale),
  month: (year: number, index: number) => format.month(year, index, place.locale),
  zoneName: (zone = place.zone) => format.zoneName(zone, place.locale),
};
