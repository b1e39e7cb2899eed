// What a rule's conditions may be asked of, and the choices each has; the others are words that are typed.
import type { Condition } from './desk.svelte';

export type Field = Condition['field'];
export const FIELDS: Field[] = ['text', 'sentiment', 'intent', 'urgency', 'author', 'author_new', 'network', 'account', 'kind', 'link', 'language', 'campaign'];
export const CHOICES = {
  sentiment: ['positive', 'neutral', 'negative', 'unsure'],
  intent: ['question', 'complaint', 'purchase', 'praise', 'request', 'spam', 'crisis', 'none', 'unsure'],
  kind: ['comment', 'mention', 'message'],
  language: ['ja', 'zh', 'ko', 'latin', 'other'],
  urgency: ['80', '50', '20'],
} as const;

export const isBare = (field: Field) => field === 'author_new' || field === 'link';
export const isTyped = (field: Field) => field === 'text' || field === 'author';

/** Words as they are typed: a line or a comma each. */
export function wordsOf(typed: string): string[] {
  return [...new Set(typed.split(/[\n,、]+/).map((one) => one.trim()).filter(Boolean))];
}
