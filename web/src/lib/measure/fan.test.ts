import { describe, expect, it } from 'vitest';
import { band, dayMarks, dayNumber, line, marks, scale } from './fan';

describe('marks', () => {
  it('are round and hold the span', () => {
    expect(marks({ low: 1030, high: 1390 })).toEqual([1000, 1100, 1200, 1300, 1400]);
    expect(marks({ low: 0, high: 7 })).toEqual([0, 2, 4, 6, 8]);
  });
  it('of a span without width are still two', () => {
    expect(marks({ low: 5, high: 5 }).length).toBeGreaterThan(1);
  });
});

describe('places', () => {
  it('larger values stand higher', () => {
    const y = scale({ low: 0, high: 10 }, 100, 0);
    expect([y(0), y(5), y(10)]).toEqual([100, 50, 0]);
    expect(scale({ low: 3, high: 3 }, 100, 0)(3)).toBe(100);
  });
  it('a band goes there above and back below', () => {
    expect(line([[0, 1], [2, 3]])).toBe('M0.0 1.0L2.0 3.0');
    expect(band([[0, 1], [2, 1]], [[0, 5], [2, 5]])).toBe('M0.0 1.0L2.0 1.0L2.0 5.0L0.0 5.0Z');
    expect(band([], [])).toBe('');
  });
  it('days are counted over months and summer time', () => {
    expect(dayNumber('2026-03-01') - dayNumber('2026-02-27')).toBe(2);
    expect(dayMarks(10, 20, 5)).toEqual([10, 12, 14, 16, 18, 20]);
    expect(dayMarks(10, 10, 5)).toEqual([10]);
  });
});
