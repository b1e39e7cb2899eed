// What is being typed, kept in this browser at every keystroke: survives a crash, a closed tab, a lost connection.
import type { Schemas } from '../api/client';
import type { Extra } from './variant';

export type Draft = {
  text: string;
  chosen: string[];
  ownTexts: Record<string, string>;
  extras: Record<string, Extra>;
  media: Schemas['PostMedia'][];
  disclosure: Schemas['PostDisclosure'];
  isShort?: boolean;
  wall: string;
  /** Of the stored post this began from; 0 for a new one. */
  version: number;
  at: number;
};

const KEEP_MS = 30 * 86_400_000;
const keyOf = (workspace: string, post: string | null) => `hibiki.draft.${workspace}.${post ?? 'new'}`;

export function readDraft(workspace: string, post: string | null): Draft | null {
  try {
    const text = localStorage.getItem(keyOf(workspace, post));
    const draft = text ? (JSON.parse(text) as Draft) : null;
    return draft && Date.now() - draft.at < KEEP_MS ? draft : null;
  } catch {
    return null;
  }
}

export function keepDraft(workspace: string, post: string | null, draft: Draft): boolean {
  try {
    localStorage.setItem(keyOf(workspace, post), JSON.stringify(draft));
    return true;
  } catch {
    return false; // a full or forbidden storage; the server's copy follows in a second
  }
}

export function dropDraft(workspace: string, post: string | null) {
  localStorage.removeItem(keyOf(workspace, post));
}

/** The accounts of the last post that was scheduled: where the next one most likely goes. */
export function lastChosen(workspace: string): string[] {
  return (localStorage.getItem(`hibiki.chosen.${workspace}`) ?? '').split(' ').filter(Boolean);
}

export function keepChosen(workspace: string, accounts: string[]) {
  localStorage.setItem(`hibiki.chosen.${workspace}`, accounts.join(' '));
}
