// A text tried out: looked at a moment after each key, as the composer does, but with everything beside the text chosen by hand.
import { api, ask, type Schemas } from '../api/client';
import { sentenceOf } from '../shared/errors';
import { session } from '../team/session.svelte';
import type { Industry, Relation } from './words';

type Report = Schemas['CheckReport'];
const PAUSE_MS = 300;

export class Trial {
  text = $state('');
  industries = $state<Industry[]>([]);
  network = $state('');
  relation = $state<Relation>('unsaid');
  around = $state<'' | 'is_disaster' | 'is_election'>('');
  media = $state<'' | 'has_image' | 'has_video'>('');
  report = $state.raw<Report | null>(null);
  failure = $state('');
  #timer = 0;
  #turn = 0;

  get request(): Schemas['CheckRequest'] {
    return {
      text: this.text, industries: [...this.industries], networks: this.network ? [this.network] : [], relation: this.relation,
      ...(this.around && { [this.around]: true }), ...(this.media && { [this.media]: true }),
    };
  }

  follow(request: Schemas['CheckRequest']) {
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    if (!request.text.trim()) this.report = null;
    else this.#timer = window.setTimeout(() => void this.#ask(request, turn), PAUSE_MS);
  }

  async #ask(request: Schemas['CheckRequest'], turn: number) {
    try {
      const report = await ask(api.POST('/api/v1/workspaces/{workspace}/check/text', { params: { path: session.path }, body: request }));
      if (turn !== this.#turn) return;
      this.report = report;
      this.failure = '';
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    }
  }
}
