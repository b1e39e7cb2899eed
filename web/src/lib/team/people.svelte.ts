// Who can be asked to do something: the people of the workspace. Read once, and again when somebody joins or leaves.
import { api, ask, type Schemas } from '../api/client';
import { handleError } from '../shared/errors';
import { session } from './session.svelte';

class People {
  list = $state.raw<Schemas['Member'][]>([]);
  #workspace = '';

  /** Loads when needed; made for `$effect(() => people.use())`. */
  use() {
    if (this.#workspace === session.path.workspace) return;
    this.#workspace = session.path.workspace;
    this.list = [];
    ask(api.GET('/api/v1/workspaces/{workspace}/members', { params: { path: session.path } }))
      .then((reply) => (this.list = reply.members))
      .catch((error: unknown) => {
        this.#workspace = '';
        handleError(error);
      });
  }

  nameOf(id: string | null): string {
    return this.list.find((one) => one.person_id === id)?.name ?? '';
  }
}

export const people = new People();
