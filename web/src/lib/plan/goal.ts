// Goals as people type and read them: 4.5 for a rate of 0.045, 300,000 for ¥300,000 in minor units. Pure.
import type { Schemas } from '../api/client';

export type Unit = Schemas['KpiDefinition']['unit'];

/** How many decimals a currency has: 0 for the yen, 2 for the dollar. */
export function decimals(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

const scale = (unit: Unit, currency: string) => (unit === 'rate' ? 0.01 : unit === 'money' ? 10 ** decimals(currency) : 1);

/** Stored → typed. */
export function inUnit(value: number, unit: Unit, currency: string): number {
  return Number((value / scale(unit, currency)).toPrecision(12));
}

/** Typed → stored; money is whole minor units. */
export function ofUnit(value: number, unit: Unit, currency: string): number {
  const stored = Number((value * scale(unit, currency)).toPrecision(12));
  return unit === 'money' ? Math.round(stored) : stored;
}

/** How much of the campaign's days have passed, 0..1; null when it has no end or has not begun to have days. */
export function elapsed(startsOn: string | null, endsOn: string | null, today: string): number | null {
  if (!startsOn || !endsOn) return null;
  const [from, to, now] = [startsOn, endsOn, today].map((day) => Date.parse(`${day}T00:00:00Z`));
  const length = to - from + 86_400_000;
  return Math.min(1, Math.max(0, (now - from) / length));
}

/** How a goal stands: reached, or for a number that grows over the days (`passed` of them, 0..1) on or behind an even pace; null when nothing can be told. */
export function pace(share: number, passed: number | null): 'done' | 'onPace' | 'behind' | null {
  if (share >= 1) return 'done';
  if (passed === null || passed <= 0) return null;
  return share >= passed ? 'onPace' : 'behind';
}
