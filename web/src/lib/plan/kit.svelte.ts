// The words the workspace uses again: sets of hashtags, people and brands to name, how its links are marked. Read once, and again when somebody changed them.
import { api, ask, type Schemas } from '../api/client';
import { onEvents } from '../api/events';
import { session } from '../team/session.svelte';
import type { Wording } from './wording';

export type TagSet = Schemas['TagSet'];
export type Mention = Schemas['Mention'];
export type LinkTags = Schemas['LinkTags'];

const PATH = '/api/v1/workspaces/{workspace}' as const;

class KitState {
  value = $state.raw<Schemas['Kit'] | null>(null);
  #workspace = '';

  get tagSets(): TagSet[] {
    return this.value?.tag_sets ?? [];
  }

  get mentions(): Mention[] {
    return this.value?.mentions ?? [];
  }

  /** Loads when needed; made for `$effect(() => kit.use())`. Guests from outside have no part in it. */
  use(): () => void {
    if (!session.can('inside')) return () => {};
    if (this.#workspace !== session.path.workspace) {
      this.#workspace = session.path.workspace;
      this.value = null;
      void this.load();
    }
    return onEvents(['kit'], () => void this.load());
  }

  async load() {
    try {
      this.value = await ask(api.GET(`${PATH}/kit`, { params: { path: session.path } }));
    } catch {
      // The texts stay as they are written; what is sent is decided by the server.
    }
  }

  /** How texts of a post of that campaign are worded. */
  wordingOf(campaign: string | null, isShort = false): Wording {
    const links = this.value?.links;
    const code = links?.codes.find((one) => one.campaign_id === campaign)?.code;
    return { mentions: this.mentions, hosts: links?.is_on ? links.hosts : [], medium: links?.medium ?? '', campaign: code ?? campaign, short: isShort ? (this.value?.short_base ?? null) : null };
  }

  async putTagSet(before: TagSet | null, draft: Schemas['TagSetDraft']) {
    if (before) await ask(api.PUT(`${PATH}/tag-sets/{tag_set}`, { params: { path: { ...session.path, tag_set: before.id } }, body: { version: before.version, tag_set: draft } }));
    else await ask(api.POST(`${PATH}/tag-sets`, { params: { path: session.path }, body: draft }));
    await this.load();
  }

  async putMention(before: Mention | null, draft: Schemas['MentionDraft']) {
    if (before) await ask(api.PUT(`${PATH}/mentions/{mention}`, { params: { path: { ...session.path, mention: before.id } }, body: { version: before.version, mention: draft } }));
    else await ask(api.POST(`${PATH}/mentions`, { params: { path: session.path }, body: draft }));
    await this.load();
  }

  async dropTagSet(id: string) {
    await ask(api.DELETE(`${PATH}/tag-sets/{tag_set}`, { params: { path: { ...session.path, tag_set: id } } }));
    await this.load();
  }

  async dropMention(id: string) {
    await ask(api.DELETE(`${PATH}/mentions/{mention}`, { params: { path: { ...session.path, mention: id } } }));
    await this.load();
  }

  async setLinks(body: LinkTags) {
    await ask(api.PUT(`${PATH}/link-tags`, { params: { path: session.path }, body }));
    await this.load();
  }
}

export const kit = new KitState();
