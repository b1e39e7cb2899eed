import { describe, expect, it } from 'vitest';
import { placed, type Column, type Idea } from './ideas.svelte';

const idea = (id: string, status: Column) => ({ id, status }) as Idea;
const shown = (ideas: Idea[], status: Column) => ideas.filter((one) => one.status === status).map((one) => one.id).join(' ');
const all = [idea('a', 'new'), idea('b', 'new'), idea('c', 'new'), idea('r', 'ready')];

describe('the board', () => {
  it('puts an idea above another, or at the foot', () => {
    expect(shown(placed(all, 'c', 'new', 'a'), 'new')).toBe('c a b');
    expect(shown(placed(all, 'a', 'new', null), 'new')).toBe('b c a');
    expect(shown(placed(all, 'a', 'ready', 'r'), 'ready')).toBe('a r');
    expect(shown(placed(all, 'a', 'ready', null), 'ready')).toBe('r a');
  });
  it('takes the foot when the other has gone to another column, and leaves what is put above itself', () => {
    expect(shown(placed(all, 'a', 'shaping', 'r'), 'shaping')).toBe('a');
    expect(placed(all, 'a', 'new', 'a')).toBe(all);
    expect(placed(all, 'none', 'new', 'a')).toBe(all);
  });
});
