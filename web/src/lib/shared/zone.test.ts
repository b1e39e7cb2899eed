import { describe, expect, it } from 'vitest';
import { addDays, dayOf, dayStart, parseWall, resolveWall, wallAt, wallText, weekdayOf, withDay } from './zone';

const wall = (text: string) => parseWall(text)!;
const utc = (at: number) => new Date(at).toISOString();

describe('wall-clock time in a zone', () => {
  it('reads and resolves Japanese time, which never changes its clocks', () => {
    const at = resolveWall(wall('2026-12-01T09:00'), 'Asia/Tokyo');
    expect(utc(at)).toBe('2026-12-01T00:00:00.000Z');
    expect(wallText(at, 'Asia/Tokyo')).toBe('2026-12-01T09:00');
  });

  it('moves a skipped reading forward by the gap, as the server does', () => {
    // New York, 2026-03-08: 02:00 → 03:00
    expect(utc(resolveWall(wall('2026-03-08T02:30'), 'America/New_York'))).toBe('2026-03-08T07:30:00.000Z');
    expect(wallText(resolveWall(wall('2026-03-08T02:30'), 'America/New_York'), 'America/New_York')).toBe('2026-03-08T03:30');
  });

  it('takes the first of a doubled reading', () => {
    // New York, 2026-11-01: 02:00 → 01:00
    expect(utc(resolveWall(wall('2026-11-01T01:30'), 'America/New_York'))).toBe('2026-11-01T05:30:00.000Z');
  });

  it('resolves what it read, over a year of hours in zones with odd changes', () => {
    for (const zone of ['America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Apia']) {
      for (let hour = 0; hour < 366 * 24; hour += 5) {
        const at = Date.UTC(2026, 0, 1, hour);
        const back = resolveWall(wallAt(at, zone), zone);
        // A doubled hour resolves to its first; everything else to itself.
        expect(back === at || (back < at && at - back <= 3_600_000 && wallText(back, zone) === wallText(at, zone))).toBe(true);
      }
    }
  });

  it('keeps the time of day when a post moves to another day over a clock change', () => {
    const at = resolveWall(wall('2026-03-07T09:00'), 'America/New_York');
    const moved = withDay(at, '2026-03-09', 'America/New_York');
    expect(wallText(moved, 'America/New_York')).toBe('2026-03-09T09:00');
    expect(moved - at).toBe(47 * 3_600_000);
  });

  it('counts days over months and knows their weekday', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
    expect(weekdayOf('2026-11-23')).toBe(1);
    expect(weekdayOf('2026-11-29')).toBe(7);
    expect(dayOf(Date.parse('2026-11-22T15:00:00Z'), 'Asia/Tokyo')).toBe('2026-11-23');
    expect(utc(dayStart('2026-11-23', 'Asia/Tokyo'))).toBe('2026-11-22T15:00:00.000Z');
  });

  it('reads no time from what is none', () => {
    expect(parseWall('')).toBeNull();
    expect(parseWall('2026-12-01')).toBeNull();
  });
});
