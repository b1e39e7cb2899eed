import { describe, expect, it } from 'vitest';
import { Keyboard, keysOf, offer, offered, type Action } from './actions';

function setUp() {
  const done: string[] = [];
  const action = (id: string, shortcut: string, when = () => true): Action => ({ id, title: () => id, icon: null as never, shortcut, when, run: () => done.push(id) });
  const keyboard = new Keyboard(() => [action('new', 'n'), action('calendar', 'g c'), action('never', 'x', () => false)]);
  const press = (key: string, at = 0, target: Element = document.body, options: KeyboardEventInit = {}) => {
    const event = new KeyboardEvent('keydown', { key, ...options });
    Object.defineProperty(event, 'target', { value: target });
    return keyboard.press(event, at);
  };
  return { done, press };
}

describe('keys', () => {
  it('run an action, alone or as a sequence', () => {
    const { done, press } = setUp();
    press('n');
    press('g', 1_000);
    press('c', 1_500);
    expect(done).toEqual(['new', 'calendar']);
  });
  it('forget the start of a sequence after a moment', () => {
    const { done, press } = setUp();
    press('g', 0);
    press('c', 2_000);
    expect(done).toEqual([]);
  });
  it('never act while a person types, composes Japanese, or holds a modifier', () => {
    const { done, press } = setUp();
    press('n', 0, document.createElement('textarea'));
    press('n', 0, document.body, { isComposing: true });
    press('n', 0, document.body, { ctrlKey: true });
    press('x');
    expect(done).toEqual([]);
  });
});

describe('what a screen offers', () => {
  it('is there as long as the screen is', () => {
    const action: Action = { id: 'done', title: () => 'done', icon: null as never, shortcut: 'e', run: () => {} };
    const off = offer(() => [action]);
    expect(offered()).toEqual([action]);
    off();
    expect(offered()).toEqual([]);
  });

  it('shows its keys as they are pressed', () => {
    expect([keysOf('e'), keysOf('E'), keysOf('g c'), keysOf('Escape')]).toEqual([['E'], ['Shift', 'E'], ['G', 'C'], ['Esc']]);
  });

  it('is met from a box that is ticked, not from a field that is written in', () => {
    const { done, press } = setUp();
    const box = Object.assign(document.createElement('input'), { type: 'checkbox' });
    press('n', 0, document.createElement('input'));
    expect(done).toEqual([]);
    press('n', 0, box);
    expect(done).toEqual(['new']);
  });
});
