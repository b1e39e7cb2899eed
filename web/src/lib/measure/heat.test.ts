import { describe, expect, it } from 'vitest';
import { isEnough, scale, type HeatCell } from './heat';

const cell = (mean: number | null, n = 10): HeatCell => ({ weekday: 1, hour: 1, n, mean, low: null, high: null, is_apart: false });

describe('the heat map', () => {
  it('says nothing about fewer than five posts', () => {
    expect(isEnough(cell(3, 4))).toBe(false);
    expect(isEnough(cell(3, 5))).toBe(true);
    expect(isEnough(undefined)).toBe(false);
  });
  it('ranks, so that one outlier does not wash out the rest', () => {
    const step = scale([...Array.from({ length: 13 }, (_, at) => cell(at)), cell(10_000)]);
    expect(step(0)).toBe(0);
    expect(step(6)).toBe(3);
    expect(step(10_000)).toBe(6);
  });
  it('draws equal cells alike', () => {
    expect(scale([cell(4), cell(4)])(4)).toBe(0);
    expect(scale([])(4)).toBe(0);
  });
});
