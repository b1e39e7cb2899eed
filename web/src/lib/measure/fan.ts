// Where things stand in a picture of days: round marks for values, marks for days, and paths through points.
export type Span = { low: number; high: number };

/** Some four round values that hold the span. */
export function marks({ low, high }: Span, most = 4): number[] {
  const room = high - low || Math.max(Math.abs(high), 1);
  const raw = room / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= raw) ?? 10 * power;
  const first = Math.floor(low / step) * step;
  const all: number[] = [];
  for (let at = first; at < high + step; at += step) all.push(Math.round(at / step) * step);
  return all;
}

/** Values to pixels, larger ones higher. */
export const scale = ({ low, high }: Span, from: number, to: number) => (value: number) => from + ((value - low) / (high - low || 1)) * (to - from);

export const line = (points: [number, number][]) => points.map(([x, y], at) => `${at ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

/** The area between two lines over the same days. */
export const band = (upper: [number, number][], lower: [number, number][]) => (upper.length ? `${line(upper)}${line(lower.toReversed()).replace('M', 'L')}Z` : '');

/** A day's number, for distances. */
export const dayNumber = (day: string) => Date.parse(`${day}T00:00:00Z`) / 86_400_000;

/** Some days, evenly, with the first and the last. */
export function dayMarks(first: number, last: number, most: number): number[] {
  const step = Math.max(Math.ceil((last - first) / Math.max(most, 1)), 1);
  const all: number[] = [];
  for (let at = first; at <= last; at += step) all.push(at);
  return all;
}
