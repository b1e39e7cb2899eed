import { describe, expect, it } from 'vitest';
import { addMonth, daysOf, shiftBetween, shifted, shiftTo, turned, spanOf } from './stretch';

const at = (text: string) => Date.parse(text);

describe('the days of a campaign among those shown', () => {
  const days = ['2026-12-01', '2026-12-02', '2026-12-03'];
  it('are where they overlap', () => {
    expect(spanOf('2026-12-02', '2026-12-02', days)).toEqual({ from: 1, to: 1, begins: true, ends: true });
    expect(spanOf('2026-11-20', '2026-12-01', days)).toEqual({ from: 0, to: 0, begins: false, ends: true });
    expect(spanOf('2026-12-03', null, days)).toEqual({ from: 2, to: 2, begins: true, ends: false });
    expect(spanOf(null, '2027-01-01', days)).toEqual({ from: 0, to: 2, begins: false, ends: false });
  });
  it('are none before, after or without days', () => {
    expect(spanOf('2026-12-04', null, days)).toBeNull();
    expect(spanOf(null, '2026-11-30', days)).toBeNull();
    expect(spanOf(null, null, days)).toBeNull();
  });
});

describe('the days shown', () => {
  it('are whole weeks from Monday in a month, its own days in a list, two weeks in lanes', () => {
    const days = daysOf('month', '2026-11-23');
    expect([days[0], days.at(-1), days.length]).toEqual(['2026-10-26', '2026-12-06', 42]);
    expect(daysOf('month', '2027-02-10')).toHaveLength(28);
    expect(daysOf('week', '2026-11-29')[0]).toBe('2026-11-23');
    expect(daysOf('day', '2026-11-29')).toEqual(['2026-11-29']);
    const list = daysOf('list', '2026-11-23');
    expect([list[0], list.at(-1), list.length]).toEqual(['2026-11-01', '2026-11-30', 30]);
    const lanes = daysOf('lanes', '2026-11-29');
    expect([lanes[0], lanes.length]).toEqual(['2026-11-23', 14]);
  });
  it('turn by months without skipping a short one, else by weeks and days', () => {
    expect(addMonth('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonth('2026-03-31', -1)).toBe('2026-02-28');
    expect(addMonth('2026-12-15', 1)).toBe('2027-01-15');
    expect(turned('week', '2026-12-29', 1)).toBe('2027-01-05');
    expect(turned('day', '2026-03-01', -1)).toBe('2026-02-28');
    expect(turned('list', '2026-03-31', -1)).toBe('2026-02-28');
  });
});

describe('a shift', () => {
  it('keeps the time of day over a clock change', () => {
    // New York: clocks go back on 2026-11-01.
    const before = at('2026-10-31T13:00:00Z');
    expect(new Date(shifted(before, { days: 1, minutes: 0 }, 'America/New_York')).toISOString()).toBe('2026-11-01T14:00:00.000Z');
  });
  it('goes over midnight in both directions', () => {
    const evening = at('2026-11-30T14:30:00Z'); // 23:30 in Tokyo
    expect(new Date(shifted(evening, { days: 0, minutes: 60 }, 'Asia/Tokyo')).toISOString()).toBe('2026-11-30T15:30:00.000Z');
    expect(new Date(shifted(evening, { days: 1, minutes: -24 * 60 }, 'Asia/Tokyo')).getTime()).toBe(evening);
  });
  it('to a day keeps the time, to an hour keeps the minute', () => {
    const from = at('2026-11-26T00:35:00Z'); // 9:35 in Tokyo
    expect(shiftTo(from, '2026-12-01', null, 'Asia/Tokyo')).toEqual({ days: 5, minutes: 0 });
    expect(shiftTo(from, '2026-11-25', 14, 'Asia/Tokyo')).toEqual({ days: -1, minutes: 300 });
    expect(shiftBetween(from, at('2026-11-27T15:00:00Z'), 'Asia/Tokyo')).toEqual({ days: 2, minutes: -575 });
  });
});
