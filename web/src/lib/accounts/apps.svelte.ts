// The developer apps registered with networks, and the addresses a network's console asks for. Read when a wizard opens; secrets never come back.
import { api, ask, type Schemas } from '../api/client';
import { handleError } from '../shared/errors';
import { session } from '../team/session.svelte';

export type App = Schemas['App'];

export class Apps {
  list = $state.raw<App[] | null>(null);
  redirectUrl = $state('');

  async load() {
    try {
      const found = await ask(api.GET('/api/v1/workspaces/{workspace}/apps', { params: { path: session.path } }));
      this.redirectUrl = found.redirect_url;
      this.list = found.apps;
    } catch (error) {
      handleError(error);
    }
  }

  of(network: string) {
    return this.list?.find((app) => app.network === network && !app.is_automatic);
  }

  async delete(app: App) {
    await ask(api.DELETE('/api/v1/workspaces/{workspace}/apps/{app}', { params: { path: { ...session.path, app: app.id } } }));
    this.list = (this.list ?? []).filter((one) => one.id !== app.id);
  }

  async set(draft: Schemas['AppDraft']) {
    const app = await ask(api.PUT('/api/v1/workspaces/{workspace}/apps', { params: { path: session.path }, body: draft }));
    this.list = [...(this.list ?? []).filter((one) => one.id !== app.id), app];
  }
}
