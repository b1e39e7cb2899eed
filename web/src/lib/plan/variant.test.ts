import { describe, expect, it } from 'vitest';
import type { Network } from '../accounts/accounts.svelte';
import { bare, extraOf, hasComment, hasThread, hasTitle, optionsOf, variantOf } from './variant';

const form = (format: string, more = {}) => ({ format, needs_title: false, max_text: 100, ...more });
const youtube = {
  name: 'youtube', max_title: 100, max_thread: 1, can_reply: true,
  formats: [form('video', { needs_title: true }), form('short', { needs_title: true }), form('post')],
  options: [{ name: 'privacy', kind: 'choice', values: ['public'], formats: ['video', 'short'] }],
} as unknown as Network;
const x = { name: 'x', max_title: 0, max_thread: 25, can_reply: true, formats: [form('post'), form('message')], options: [] } as unknown as Network;

describe('variants', () => {
  it('begins with the network’s own first form', () => {
    expect(bare(youtube).format).toBe('video');
    expect(bare(x).format).toBe('post');
  });
  it('offers only what the form has', () => {
    expect([hasTitle(youtube, 'video'), hasTitle(youtube, 'post'), hasTitle(x, 'post')]).toEqual([true, false, false]);
    expect([hasThread(x, 'post'), hasThread(x, 'message'), hasThread(youtube, 'video')]).toEqual([true, false, false]);
    expect([hasComment(x, 'post'), hasComment(x, 'message')]).toEqual([true, false]);
    expect(optionsOf(youtube, 'post')).toEqual([]);
  });
  it('sends nothing empty and nothing the form does not take', () => {
    expect(variantOf('a', null, bare(x), x)).toEqual({ account_id: 'a', text: null, format: 'post' });
    const extra = { ...bare(youtube), format: 'post' as const, title: 'T', options: { privacy: 'public' }, comment: 'C' };
    expect(variantOf('a', 'own', extra, youtube)).toEqual({ account_id: 'a', text: 'own', format: 'post', first_comment: 'C' });
  });
  it('comes back as it was stored', () => {
    const stored = { account_id: 'a', text: null, format: 'post' as const, thread: [{ text: 'two' }], first_comment: 'three' };
    expect(variantOf('a', null, extraOf(stored, x), x)).toEqual(stored);
  });
});
