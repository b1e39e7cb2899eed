import { expect, test } from 'vitest';
import { byDay } from './links.svelte';

const count = (clicks: number, bots = 0, floods = 0) => ({ clicks, visitors: clicks, bots, floods });

test('clicks are put into the days of the workspace, days without any too', () => {
  const now = Date.parse('2026-11-26T03:00:00Z'); // noon in Tokyo
  const days = byDay([
    { at: '2026-11-25T14:00:00Z', count: count(3, 1) }, // 23 o'clock of the 25th there
    { at: '2026-11-25T15:00:00Z', count: count(2, 0, 4) }, // midnight of the 26th
    { at: '2026-10-01T00:00:00Z', count: count(9) }, // before
  ], now, 'Asia/Tokyo');
  expect(days).toHaveLength(30);
  expect(days.at(-1)).toEqual({ at: Date.parse('2026-11-25T15:00:00Z') / 1000, people: 2, programs: 4 });
  expect(days.at(-2)).toMatchObject({ people: 3, programs: 1 });
  expect(days.slice(0, -2).every((day) => day.people === 0 && day.programs === 0)).toBe(true);
});
