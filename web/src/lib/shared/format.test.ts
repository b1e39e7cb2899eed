import { describe, expect, it } from 'vitest';
import { axis, bytes, change, compact, day, stamp, time, zoneName } from './format';

const NOON = '2026-11-23T00:00:00Z';

describe('numbers', () => {
  it('are exact below 10,000, then three digits with 万 and 億', () => {
    expect(compact(9_999, 'ja')).toBe('9,999');
    expect(compact(124_000, 'ja')).toBe('12.4万');
    expect(compact(123_400_000, 'ja')).toBe('1.23億');
    expect(compact(124_000, 'en')).toBe('124K');
    expect(compact(3.25, 'ja')).toBe('3.3');
  });
  it('share one unit along an axis', () => {
    expect(axis([0, 5_000, 10_000, 15_000], 'ja')).toEqual(['0', '0.5万', '1万', '1.5万']);
    expect(axis([0, 200, 400], 'ja')).toEqual(['0', '200', '400']);
    expect(axis([0, 10_000], 'en')).toEqual(['0', '10K']);
  });
  it('show a change with its sign', () => {
    expect(change(0.1234, 'ja')).toBe('+12.3%');
    expect(change(-0.05, 'en')).toBe('-5%');
    expect(change(0, 'en')).toBe('0%');
  });
  it('name sizes in MB and kB', () => {
    expect(bytes(2_000_000, 'en')).toBe('2 MB');
    expect(bytes(950_000, 'en')).toBe('950 kB');
  });
});

describe('dates', () => {
  it('read 11/23(月) 09:00 in the zone of the workspace', () => {
    expect(day(NOON, 'ja', 'Asia/Tokyo')).toBe('11/23(月)');
    expect(time(NOON, 'ja', 'Asia/Tokyo')).toBe('09:00');
    expect(stamp(NOON, 'ja', 'Asia/Tokyo', NOON)).toBe('11/23(月) 09:00');
    expect(stamp(NOON, 'en', 'Asia/Tokyo', NOON)).toBe('Mon 23 Nov 09:00');
    expect(stamp(NOON, 'ja', 'America/New_York', NOON)).toBe('11/22(日) 19:00');
  });
  it('carry the year when it is another one', () => {
    expect(stamp(NOON, 'ja', 'Asia/Tokyo', '2027-02-01T00:00:00Z')).toBe('2026/11/23(月) 09:00');
    expect(stamp(NOON, 'en', 'Asia/Tokyo', '2027-02-01T00:00:00Z')).toBe('Mon 23 Nov 2026 09:00');
  });
  it('call the zone what people call it', () => {
    expect(zoneName('Asia/Tokyo', 'ja')).toBe('日本時間');
    expect(zoneName('No/Where', 'ja')).toBe('No/Where');
  });
});
