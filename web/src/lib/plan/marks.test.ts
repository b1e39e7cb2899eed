import { describe, expect, it } from 'vitest';
import { isHoliday, marksOf } from './marks';

const mark = (id: string, kind: 'holiday' | 'season' | 'marketing' | 'sensitive', first: string, last = first, care: 'none' | 'soften' | 'hold' = 'none') =>
  ({ id, kind, care, name: id, note: null, category: null, first, last, moment: null, words: [], source: 's', as_of: '2026-11-26' });

describe('the marks of a day', () => {
  const all = [
    mark('summer', 'season', '2026-07-20', '2026-08-31'), mark('sale', 'marketing', '2026-08-15'), mark('end of the war', 'sensitive', '2026-08-15', '2026-08-15', 'hold'),
    mark('bon', 'season', '2026-08-13', '2026-08-15'), mark('mountain', 'holiday', '2026-08-11'),
  ];
  it('name the gravest first', () => {
    expect(marksOf(all, '2026-08-15', '2026-07-27').map((one) => one.id)).toEqual(['end of the war', 'sale', 'bon']);
  });
  it('name what lasts for weeks only where it begins or where the view does', () => {
    expect(marksOf(all, '2026-07-20', '2026-06-29').map((one) => one.id)).toEqual(['summer']);
    expect(marksOf(all, '2026-07-27', '2026-07-27').map((one) => one.id)).toEqual(['summer']);
    expect(marksOf(all, '2026-07-28', '2026-07-27')).toEqual([]);
  });
  it('tell a holiday', () => {
    expect(isHoliday(marksOf(all, '2026-08-11', '2026-07-27'))).toBe(true);
    expect(isHoliday(marksOf(all, '2026-08-15', '2026-07-27'))).toBe(false);
  });
});
