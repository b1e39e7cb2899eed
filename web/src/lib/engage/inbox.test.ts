import { describe, expect, it } from 'vitest';
import { queryOf, type Filters } from './inbox.svelte';

const none: Filters = { account: '', kind: '', intent: '', sentiment: '', words: '', order: 'urgent' };

describe('how the inbox is asked for', () => {
  it('says only what was chosen', () => {
    expect(queryOf('all', none, 'me')).toEqual({ order: 'urgent' });
    expect(queryOf('waiting', { ...none, words: '炎上', order: 'newest' }, 'me')).toEqual({ waiting: true, words: '炎上', order: 'newest' });
  });

  it('knows whose, what is done and what sleeps', () => {
    expect(queryOf('mine', none, 'me')).toEqual({ assignee: 'me', order: 'urgent' });
    expect(queryOf('done', { ...none, intent: 'complaint' }, 'me')).toEqual({ status: 'done', intent: 'complaint', order: 'urgent' });
    expect(queryOf('snoozed', none, undefined)).toEqual({ snoozed: true, order: 'urgent' });
  });
});
