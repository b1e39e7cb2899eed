// How long an answer is, in its network's unit: the server's count, asked for after a pause in typing.
import { api, ask, type Schemas } from '../api/client';
import { session } from '../team/session.svelte';

const PAUSE_MS = 300;

export class ReplyCount {
  value = $state.raw<Schemas['TextCount'] | null>(null);
  #asked = '';

  /** Made for `$effect(() => count.follow(…))`: asks again when the text changes, not when the count comes. */
  follow(text: string, network: string, isMessage: boolean): () => void {
    const timer = window.setTimeout(() => void this.#ask(text, network, isMessage), text ? PAUSE_MS : 0);
    return () => clearTimeout(timer);
  }

  async #ask(text: string, network: string, isMessage: boolean) {
    this.#asked = text;
    try {
      const body = { text, networks: [network], format: isMessage ? ('message' as const) : ('post' as const) };
      const reply = await ask(api.POST('/api/v1/workspaces/{workspace}/count', { params: { path: session.path }, body }));
      if (this.#asked === text) this.value = reply.counts.find((one) => one.network === network) ?? null;
    } catch {
      // Without a count the server still refuses what is too long.
    }
  }
}
