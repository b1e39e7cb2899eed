// Which days a view of the calendar shows, and how a post moves by wall-clock time. Pure.
import { addDays, dayOf, resolveWall, wallAt, weekdayOf } from '../shared/zone';

export type View = 'month' | 'week' | 'day' | 'list' | 'lanes';
export const VIEWS: View[] = ['month', 'week', 'day', 'list', 'lanes'];

const MINUTES_A_DAY = 1440;
const LANE_DAYS = 14;

const mondayOf = (day: string) => addDays(day, 1 - weekdayOf(day));
const run = (from: string, n: number) => Array.from({ length: n }, (_, at) => addDays(from, at));

/** Month: whole weeks from Monday; list: the month's own days; lanes: two weeks from Monday. */
export function daysOf(view: View, anchor: string): string[] {
  if (view === 'day') return [anchor];
  if (view === 'week') return run(mondayOf(anchor), 7);
  if (view === 'lanes') return run(mondayOf(anchor), LANE_DAYS);
  const first = `${anchor.slice(0, 7)}-01`;
  const nextMonth = `${addDays(first, 32).slice(0, 7)}-01`;
  const from = view === 'list' ? first : mondayOf(first);
  const to = view === 'list' || weekdayOf(nextMonth) === 1 ? nextMonth : addDays(mondayOf(nextMonth), 7);
  return run(from, Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000));
}

/** The same date a month on or back, or the month's last when it is shorter. */
export function addMonth(day: string, step: 1 | -1): string {
  const [year, month, date] = day.split('-').map(Number);
  const last = new Date(Date.UTC(year, month - 1 + step + 1, 0));
  const target = Math.min(date, last.getUTCDate());
  return `${last.toISOString().slice(0, 8)}${String(target).padStart(2, '0')}`;
}

/** The next stretch of the view, or the one before. */
export function turned(view: View, anchor: string, step: 1 | -1): string {
  if (view === 'day') return addDays(anchor, step);
  if (view === 'week' || view === 'lanes') return addDays(anchor, 7 * step);
  return addMonth(anchor, step);
}

/** Which of the days shown (in order, by their place) a campaign runs on, and whether it begins and ends there; null: on none. An open end goes on. */
export function spanOf(startsOn: string | null, endsOn: string | null, days: string[]): { from: number; to: number; begins: boolean; ends: boolean } | null {
  if ((!startsOn && !endsOn) || !days.length) return null;
  const from = days.findIndex((day) => !startsOn || day >= startsOn);
  const to = days.findLastIndex((day) => !endsOn || day <= endsOn);
  if (from < 0 || to < from) return null;
  return { from, to, begins: days[from] === startsOn, ends: days[to] === endsOn };
}

/** How far a post moves on the wall: whole days, and minutes of the day. */
export type Shift = { days: number; minutes: number };

const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

export function shiftBetween(from: number, to: number, zone: string): Shift {
  const a = wallAt(from, zone), b = wallAt(to, zone);
  return { days: daysBetween(dayOf(from, zone), dayOf(to, zone)), minutes: b.hour * 60 + b.minute - a.hour * 60 - a.minute };
}

/** To a day, and to an hour of it when one is given (the minute stays). */
export function shiftTo(from: number, day: string, hour: number | null, zone: string): Shift {
  return { days: daysBetween(dayOf(from, zone), day), minutes: hour === null ? 0 : (hour - wallAt(from, zone).hour) * 60 };
}

/** Clock changes between the two do not change the time of day. */
export function shifted(at: number, { days, minutes }: Shift, zone: string): number {
  const wall = wallAt(at, zone);
  const total = wall.hour * 60 + wall.minute + minutes;
  const over = Math.floor(total / MINUTES_A_DAY);
  const [year, month, day] = addDays(dayOf(at, zone), days + over).split('-').map(Number);
  const left = total - over * MINUTES_A_DAY;
  return resolveWall({ year, month, day, hour: Math.floor(left / 60), minute: left % 60 }, zone);
}
