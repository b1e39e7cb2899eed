// An action is one thing a person can do; a feature's list feeds buttons, the command palette and the keyboard.
import type { Component } from 'svelte';

export type Action = {
  id: string;
  title: () => string;
  icon: Component<{ size?: number; strokeWidth?: number }>;
  /** "n", or "g c" for a sequence. */
  shortcut?: string;
  /** Words the palette finds it by, besides the title. */
  words?: string;
  when?: () => boolean;
  run: () => void;
};

/** The keys of a shortcut as they are pressed: "g c" is G, then C; "E" is Shift and E; "Escape" is Esc. */
export const keysOf = (shortcut: string): string[] =>
  shortcut.split(' ').flatMap((key) => (key === 'Escape' ? ['Esc'] : /^[A-Z]$/.test(key) ? ['Shift', key] : [key.toUpperCase()]));

const offers = new Set<() => Action[]>();

/** What the screen in sight offers beside what is always there, and before it; made for `$effect(() => offer(…))`. */
export function offer(actions: () => Action[]): () => void {
  offers.add(actions);
  return () => offers.delete(actions);
}

export const offered = (): Action[] => [...offers].flatMap((actions) => actions());

const SEQUENCE_MS = 900;

/** Turns key presses into actions. Keys typed into a field and keys of an input method never count. */
export class Keyboard {
  #pending = '';
  #pendingAt = 0;

  constructor(private readonly actions: () => Action[]) {}

  press(event: KeyboardEvent, now = Date.now()): boolean {
    const target = event.target as Element | null;
    if (event.isComposing || event.metaKey || event.ctrlKey || event.altKey) return false;
    if (target?.closest?.('input:not([type=checkbox]), textarea, select, [contenteditable], dialog[open]')) return false;
    const sequence = this.#pending && now - this.#pendingAt < SEQUENCE_MS ? `${this.#pending} ${event.key}` : event.key;
    const available = this.actions().filter((action) => action.shortcut && (action.when?.() ?? true));
    const action = available.find((candidate) => candidate.shortcut === sequence);
    const opensSequence = available.some((candidate) => candidate.shortcut?.startsWith(`${event.key} `));
    this.#pending = !action && opensSequence ? event.key : '';
    this.#pendingAt = now;
    if (!action) return false;
    event.preventDefault();
    action.run();
    return true;
  }
}
