// The campaigns' names, days and tags, for those who show or choose one by its id. Asked for once a workspace, and again when one is missing or changed.
import { api, ask, type Schemas } from '../api/client';
import { onEvents } from '../api/events';
import { session } from '../team/session.svelte';

/** What a campaign is called, when it runs, and its tags. */
export type Named = Pick<Schemas['Campaign'], 'id' | 'name' | 'ended_at' | 'starts_on' | 'ends_on' | 'tags'>;

class CampaignNames {
  list = $state.raw<Named[]>([]);
  #byId = $derived(new Map(this.list.map((one) => [one.id, one.name])));
  #asked = new Set<string>();
  #workspace = '';

  /** What a post may be put into: those that go on. */
  open = $derived(this.list.filter((one) => !one.ended_at));

  of(id: string): string {
    return this.#byId.get(id) ?? '';
  }

  /** Loads when needed; made for `$effect(() => campaignNames.use())`. */
  use(): () => void {
    if (this.#workspace !== session.path.workspace) {
      this.#workspace = session.path.workspace;
      this.list = [];
      this.#asked.clear();
      void this.all();
    }
    return onEvents(['campaign'], () => void this.all());
  }

  async need(ids: string[]) {
    const missing = ids.filter((id) => !this.#byId.has(id) && !this.#asked.has(id));
    if (!missing.length) return;
    for (const id of missing) this.#asked.add(id);
    await this.all();
  }

  async all() {
    try {
      this.list = (await ask(api.GET('/api/v1/workspaces/{workspace}/campaigns', { params: { path: session.path } }))).campaigns;
    } catch {
      // Those who show one say "a campaign" then.
    }
  }
}

export const campaignNames = new CampaignNames();
