// Who is here: the signed-in person, the workspace in use, and what the person's role allows.
import { api, ask, onSignedOut, Problem, setCsrf, type Schemas } from '../api/client';
import { boot } from '../api/boot';
import { closeEvents, openEvents } from '../api/events';
import { guessLocale, place, type Locale } from '../shared/locale.svelte';
import { applyTheme, keptTheme, type Theme } from '../shared/theme';

export type Person = Schemas['Person'];
export type Membership = Schemas['Membership'];
export type Role = Membership['role'];
/** `inside`: everybody but clients, who see results and not the workshop. */
export type Power = 'manage' | 'edit' | 'desk' | 'inside' | 'vote';

const POWERS: Record<Power, Role[]> = { manage: ['owner', 'manager'], edit: ['owner', 'manager', 'editor'], desk: ['owner', 'manager', 'editor', 'approver'], inside: ['owner', 'manager', 'editor', 'approver', 'analyst'], vote: ['owner', 'manager', 'approver', 'client'] };
const WORKSPACE_KEY = 'hibiki.workspace';
// In the demo a visitor is signed in at once, but not again right after signing out.
const SIGNED_OUT_KEY = 'hibiki.signedOut';

class SessionState {
  about = $state.raw<Schemas['About'] | null>(null);
  person = $state.raw<Person | null>(null);
  workspaces = $state.raw<Membership[]>([]);
  workspace = $state.raw<Membership | null>(null);

  /** Path parameters of every call inside the workspace. */
  get path() {
    return { workspace: this.workspace?.workspace_id ?? '' };
  }

  can(power: Power): boolean {
    return this.workspace !== null && POWERS[power].includes(this.workspace.role);
  }

  async start() {
    onSignedOut(() => this.forget());
    const about = boot.about ?? (await ask(api.GET('/api/v1/about')));
    const session = boot.session ?? (boot.about ? null : await this.#fetch());
    applyTheme((session?.person.theme as Theme) ?? keptTheme());
    await place.use((session?.person.locale as Locale) ?? guessLocale());
    this.about = about;
    if (session) this.enter(session);
    else if (about.is_demo && !sessionStorage.getItem(SIGNED_OUT_KEY)) await this.signInDemo();
  }

  async #fetch() {
    try {
      return await ask(api.GET('/api/v1/session'));
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  }

  /** Takes over a session the server just gave: after setting up, signing in, accepting, changing the password. */
  enter(session: Schemas['Session']) {
    setCsrf(session.csrf);
    this.person = session.person;
    this.workspaces = session.workspaces;
    const kept = localStorage.getItem(WORKSPACE_KEY);
    const chosen = session.workspaces.find((one) => one.workspace_id === kept) ?? session.workspaces[0] ?? null;
    if (chosen) this.choose(chosen);
    if (this.about?.needs_setup) this.about = { ...this.about, needs_setup: false };
    this.takePerson(session.person);
  }

  takePerson(person: Person) {
    this.person = person;
    applyTheme(person.theme);
    if (place.locale !== person.locale) void place.use(person.locale);
  }

  choose(workspace: Membership) {
    const isNew = this.workspace?.workspace_id !== workspace.workspace_id;
    this.workspace = workspace;
    place.zone = workspace.zone;
    localStorage.setItem(WORKSPACE_KEY, workspace.workspace_id);
    if (isNew) openEvents(workspace.workspace_id);
  }

  /** After the workspace's name or zone changed. */
  takeWorkspace(changed: Schemas['Workspace']) {
    this.workspaces = this.workspaces.map((one) =>
      one.workspace_id === changed.id ? { ...one, name: changed.name, zone: changed.zone } : one);
    const current = this.workspaces.find((one) => one.workspace_id === this.workspace?.workspace_id);
    if (current) this.choose(current);
  }

  async signIn(draft: Schemas['SignIn']) {
    this.enter(await ask(api.POST('/api/v1/session', { body: draft })));
  }

  async signInDemo() {
    this.enter(await ask(api.POST('/api/v1/session/demo')));
  }

  async setUp(draft: Schemas['SetupDraft']) {
    this.enter(await ask(api.POST('/api/v1/setup', { body: draft })));
  }

  async signOut() {
    await ask(api.DELETE('/api/v1/session'));
    sessionStorage.setItem(SIGNED_OUT_KEY, '1');
    this.forget();
  }

  async changePerson(change: Schemas['PersonChange']) {
    this.takePerson(await ask(api.PATCH('/api/v1/me', { body: change })));
  }

  forget() {
    closeEvents();
    setCsrf('');
    this.person = null;
    this.workspace = null;
    this.workspaces = [];
  }
}

export const session = new SessionState();
