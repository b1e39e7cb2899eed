// Competitors: what they show in public, beside the own accounts.
import { api, ask, type Schemas } from '../api/client';
import { handleError, sentenceOf } from '../shared/errors';
import { t } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { session } from '../team/session.svelte';

export type RivalFigures = Schemas['RivalFigures'];
export type RivalList = Schemas['RivalList'];
export type RivalPostList = Schemas['RivalPostList'];
const RIVALS = '/api/v1/workspaces/{workspace}/rivals' as const;

export const readRivalPosts = (rival: string, days: number) => ask(api.GET(`${RIVALS}/{rival}/posts`, { params: { path: { ...session.path, rival }, query: { days } } }));

/** Own and others' accounts as one list, the most followed first; who does not tell stands last. */
export function ranked(list: Pick<RivalList, 'own' | 'rivals'>): RivalFigures[] {
  return [...list.own, ...list.rivals].toSorted((a, b) => (b.followers ?? -1) - (a.followers ?? -1));
}

/** As people write it; a channel without a handle is known by its id. */
export function at(network: string, handle: string): string {
  return network === 'youtube' && /^UC[\w-]{22}$/.test(handle) ? handle : `@${handle.replace(/^@/, '')}`;
}

/** What the network asks for looking at its accounts, and at so many that are there now; null: nothing. */
export function costOf(list: Pick<RivalList, 'costs' | 'rivals'>, network: string) {
  const cost = list.costs.find((one) => one.network === network);
  if (!cost) return null;
  const count = list.rivals.filter((one) => one.network === network).length;
  return { ...cost, count, now_micros: count * cost.most_micros };
}

export class Rivals {
  list = $state.raw<RivalList | null>(null);
  failure = $state('');
  #turn = 0;

  async load(days: number) {
    const turn = ++this.#turn;
    try {
      const list = await ask(api.GET(RIVALS, { params: { path: session.path, query: { days } } }));
      if (turn !== this.#turn) return;
      this.list = list;
      this.failure = '';
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    }
  }

  /** Throws what the form shows. */
  async add(network: string, handle: string) {
    const made = await ask(api.POST(RIVALS, { params: { path: session.path }, body: { network, handle } }));
    toasts.show(t('rival.added', { handle: made.handle }));
  }

  async remove(one: RivalFigures) {
    try {
      await ask(api.DELETE(`${RIVALS}/{rival}`, { params: { path: { ...session.path, rival: one.id ?? '' } } }));
      toasts.show(t('rival.removed', { handle: one.handle }));
    } catch (error) {
      handleError(error);
    }
  }
}
