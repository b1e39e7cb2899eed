import { describe, expect, it } from 'vitest';
import { decimals, elapsed, inUnit, ofUnit, pace } from './goal';

describe('goals', () => {
  it('are typed in the unit people use and stored in the contract’s', () => {
    expect(inUnit(0.045, 'rate', 'JPY')).toBe(4.5);
    expect(ofUnit(4.5, 'rate', 'JPY')).toBe(0.045);
    expect(ofUnit(300_000, 'money', 'JPY')).toBe(300_000);
    expect(ofUnit(12.34, 'money', 'USD')).toBe(1234);
    expect(inUnit(1234, 'money', 'USD')).toBe(12.34);
    expect(ofUnit(3.5, 'multiple', 'JPY')).toBe(3.5);
  });
  it('keep their value there and back', () => {
    for (const value of [0.1, 0.3, 2.7, 33.3, 99.99]) expect(inUnit(ofUnit(value, 'rate', 'JPY'), 'rate', 'JPY')).toBe(value);
  });
  it('know how many decimals a currency has', () => {
    expect([decimals('JPY'), decimals('USD'), decimals('KWD'), decimals('not one')]).toEqual([0, 2, 3, 2]);
  });
});

describe('the days of a campaign', () => {
  it('pass from 0 to 1', () => {
    expect(elapsed('2026-12-01', '2026-12-10', '2026-11-30')).toBe(0);
    expect(elapsed('2026-12-01', '2026-12-10', '2026-12-01')).toBe(0);
    expect(elapsed('2026-12-01', '2026-12-10', '2026-12-06')).toBe(0.5);
    expect(elapsed('2026-12-01', '2026-12-10', '2027-01-01')).toBe(1);
    expect(elapsed(null, '2026-12-10', '2026-12-01')).toBeNull();
  });
});

describe('the pace towards a goal', () => {
  it('is told against the days that have passed', () => {
    expect([pace(0.5, 0.4), pace(0.3, 0.4), pace(1.2, 0.1), pace(0.5, null), pace(0, 0)]).toEqual(['onPace', 'behind', 'done', null, null]);
  });
});
