import { describe, expect, it } from 'vitest';
import { withoutTime, withTime } from './slots.svelte';

describe('slots of a week', () => {
  it('are added to several days at once, none twice, in order', () => {
    const times = withTime([{ weekday: 2, time: '12:00' }], [1, 2, 3], '12:00');
    expect(times).toEqual([1, 2, 3].map((weekday) => ({ weekday, time: '12:00' })));
    expect(withTime(times, [1], '08:30')[0]).toEqual({ weekday: 1, time: '08:30' });
  });
  it('are taken out one by one', () => {
    expect(withoutTime([{ weekday: 1, time: '12:00' }, { weekday: 2, time: '12:00' }], { weekday: 1, time: '12:00' })).toEqual([{ weekday: 2, time: '12:00' }]);
  });
});
