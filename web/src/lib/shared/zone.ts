// Wall-clock time in an IANA zone: the browser's twin of core/base/time.h. An instant is milliseconds UTC; a day is "2026-11-23".
// Offsets are looked up once per quarter of an hour (no zone changes more finely), and where a day begins and ends with the same one, once for that day: 10,000 posts sort into days
// with a few Intl calls.

export type Wall = { year: number; month: number; day: number; hour: number; minute: number };

const QUARTER_MS = 15 * 60_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const readers = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, Map<number, number>>();

function reader(zone: string) {
  let found = readers.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23', era: 'short',
      year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    });
    readers.set(zone, found);
  }
  return found;
}

/** How far `zone` is ahead of UTC at `at`, in milliseconds. */
export function offsetAt(at: number, zone: string): number {
  const day = Math.floor(at / DAY_MS) * DAY_MS;
  const first = offsetIn(day, zone);
  return first === offsetIn(day + DAY_MS, zone) ? first : offsetIn(at, zone);
}

/** In the quarter of an hour that `at` is in. */
function offsetIn(at: number, zone: string): number {
  const quarter = Math.floor(at / QUARTER_MS);
  let known = offsets.get(zone);
  if (!known) offsets.set(zone, (known = new Map()));
  let offset = known.get(quarter);
  if (offset === undefined) {
    const start = quarter * QUARTER_MS;
    const parts = Object.fromEntries(reader(zone).formatToParts(start).map((part) => [part.type, part.value]));
    const wall = Date.UTC(+parts.year, +parts.month - 1, +parts.day, +parts.hour, +parts.minute, +parts.second);
    offset = wall - start;
    known.set(quarter, offset);
  }
  return offset;
}

export function wallAt(at: number, zone: string): Wall {
  const local = new Date(at + offsetAt(at, zone));
  return {
    year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate(),
    hour: local.getUTCHours(), minute: local.getUTCMinutes(),
  };
}

/** The instant a wall reading means. Skipped readings move forward by the gap, doubled ones mean the first. */
export function resolveWall(wall: Wall, zone: string): number {
  const local = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
  const before = offsetAt(local - DAY_MS, zone);
  const after = offsetAt(local + DAY_MS, zone);
  const fits = [before, after].map((offset) => local - offset).filter((at) => at + offsetAt(at, zone) === local);
  return fits.length ? Math.min(...fits) : local - before;
}

const two = (n: number) => String(n).padStart(2, '0');

/** "2026-11-23" */
export function dayOf(at: number, zone: string): string {
  return new Date(at + offsetAt(at, zone)).toISOString().slice(0, 10);
}

export function dayStart(day: string, zone: string): number {
  const [year, month, date] = day.split('-').map(Number);
  return resolveWall({ year, month, day: date, hour: 0, minute: 0 }, zone);
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Monday = 1 … Sunday = 7 */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

/** The same time of day on another day: what dragging in the calendar means. */
export function withDay(at: number, day: string, zone: string): number {
  const wall = wallAt(at, zone);
  const [year, month, date] = day.split('-').map(Number);
  return resolveWall({ ...wall, year, month, day: date }, zone);
}

/** "2026-11-23T09:00": the form of <input type=datetime-local> and of the contract's `wall`. */
export function wallText(at: number, zone: string): string {
  const wall = wallAt(at, zone);
  return `${dayOf(at, zone)}T${two(wall.hour)}:${two(wall.minute)}`;
}

export function parseWall(text: string): Wall | null {
  const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text);
  if (!found) return null;
  const [year, month, day, hour, minute] = found.slice(1).map(Number);
  return { year, month, day, hour, minute };
}

/** Next full ten minutes after `at`, as a starting value. */
export const nextTenMinutes = (at: number) => Math.ceil(at / (10 * MINUTE_MS)) * 10 * MINUTE_MS;
