import { describe, expect, it } from 'vitest';
import { lastPeriod, moved } from './reports.svelte';

describe('a report', () => {
  it('is of the last whole month, also over the turn of a year', () => {
    expect(lastPeriod('monthly', '2026-11-26')).toEqual({ from: '2026-10-01', until: '2026-10-31' });
    expect(lastPeriod('monthly', '2027-01-01')).toEqual({ from: '2026-12-01', until: '2026-12-31' });
    expect(lastPeriod('monthly', '2028-03-31')).toEqual({ from: '2028-02-01', until: '2028-02-29' });
  });
  it('is of the last whole week from Monday to Sunday', () => {
    expect(lastPeriod('weekly', '2026-11-26')).toEqual({ from: '2026-11-16', until: '2026-11-22' });
    expect(lastPeriod('weekly', '2026-11-29')).toEqual({ from: '2026-11-16', until: '2026-11-22' });
    expect(lastPeriod('weekly', '2026-11-30')).toEqual({ from: '2026-11-23', until: '2026-11-29' });
  });
  it('has its sections moved one at a time, and stays as it is at the ends', () => {
    const rows = ['a', 'b', 'c'];
    expect(moved(rows, 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(rows, 2, 0)).toEqual(['c', 'a', 'b']);
    expect(moved(rows, 0, -1)).toBe(rows);
    expect(moved(rows, 2, 3)).toBe(rows);
  });
});
