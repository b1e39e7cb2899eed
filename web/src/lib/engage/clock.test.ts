import { describe, expect, it } from 'vitest';
import { clockOf } from './clock';

const at = '2026-11-27T00:00:00Z';
const told = (minutes: number) => clockOf({ due_at: at, waiting_since: at, left_ms: minutes * 60_000 });

describe('the clock of a thread', () => {
  it('says nothing when nothing waits, and only that when nothing is promised', () => {
    expect(clockOf({ due_at: null, waiting_since: null, left_ms: 0 }).word).toBeNull();
    expect(clockOf({ due_at: null, waiting_since: at, left_ms: 0 })).toMatchObject({ word: 'waits', tone: 'ok' });
  });
  it('never promises more than is left, nor tells of less than it is late', () => {
    expect(told(59.5)).toEqual({ word: 'left', unit: 'minutes', amount: 60, tone: 'warn' });
    expect(told(61)).toEqual({ word: 'left', unit: 'hours', amount: 2, tone: 'ok' });
    expect(told(-0.2)).toEqual({ word: 'late', unit: 'minutes', amount: 1, tone: 'danger' });
    expect(told(-150)).toEqual({ word: 'late', unit: 'hours', amount: 2, tone: 'danger' });
    expect(told(60 * 24 * 3)).toEqual({ word: 'left', unit: 'days', amount: 3, tone: 'ok' });
  });
});
