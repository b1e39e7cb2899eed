// Until when a conversation sleeps: in an hour, tomorrow morning, Monday morning, in the workspace's zone.
import { addDays, dayOf, resolveWall, weekdayOf } from '../shared/zone';

export const SLEEPS = ['hour', 'morning', 'monday'] as const;
export type Sleep = (typeof SLEEPS)[number];
const HOUR_MS = 3_600_000;
const MORNING = 9;

function morningOf(day: string, zone: string): number {
  const [year, month, date] = day.split('-').map(Number);
  return resolveWall({ year, month, day: date, hour: MORNING, minute: 0 }, zone);
}

export function sleepUntil(choice: Sleep, now: number, zone: string): string {
  const today = dayOf(now, zone);
  const at = choice === 'hour' ? now + HOUR_MS : morningOf(addDays(today, choice === 'morning' ? 1 : 8 - weekdayOf(today)), zone);
  return new Date(at).toISOString();
}
