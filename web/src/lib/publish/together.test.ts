import { describe, expect, it } from 'vitest';
import type { Schemas } from '../api/client';
import { together } from './together';

type Delivery = Schemas['Delivery'];
const one = (id: string, change: Partial<Delivery> = {}) =>
  ({ id, post_id: 'p', due_at: '2026-12-01T00:00:00Z', text: 'a', is_held: false, state: 'waiting', attempts: 0, error: null, ...change }) as Delivery;
const shape = (deliveries: Delivery[]) => together(deliveries).map(({ delivery, others }) => [delivery.id, ...others.map((other) => other.id)]);

describe('rows of the queue', () => {
  it('puts the accounts of one waiting post together', () => {
    expect(shape([one('1'), one('2'), one('3', { post_id: 'q' })])).toEqual([['1', '2'], ['3']]);
  });
  it('keeps apart what is said differently, goes at another time or needs a look', () => {
    expect(shape([one('1'), one('2', { text: 'b' }), one('3', { due_at: '2026-12-02T00:00:00Z' })])).toEqual([['1'], ['2'], ['3']]);
    expect(shape([one('1', { state: 'failed' }), one('2', { state: 'failed' }), one('3'), one('4', { attempts: 1 })])).toEqual([['1'], ['2'], ['3'], ['4']]);
  });
});
