// The one place where a failure reaches the person: handleError() for what has no field, FormErrors for what has one.
import { Problem } from '../api/client';
import { t } from './locale.svelte';
import { toasts } from './toasts.svelte';

export function sentenceOf(error: unknown): string {
  if (error instanceof Problem) return error.message;
  return t('errors.unexpected');
}

export function handleError(error: unknown) {
  if (error instanceof DOMException && error.name === 'AbortError') return;
  if (!(error instanceof Problem)) console.error(error);
  if (error instanceof Problem && error.reason === 'auth.needed') return; // the sign-in page says it
  toasts.show(sentenceOf(error), { tone: 'danger' });
}
