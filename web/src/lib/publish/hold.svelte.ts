// The hold switches: one press stops everything (or one account, or one campaign) that has not begun to go out. Holding is done at once and can be
// undone; releasing lets overdue posts out, so it asks first and says what will happen.
import { api, ask, type Schemas } from '../api/client';
import { handleError } from '../shared/errors';
import { t } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { session } from '../team/session.svelte';

export type Hold = Schemas['Hold'];
export type Switch = Schemas['HoldSwitch'];
/** What a press is about. `everything`: every workspace in which the person may publish. */
export type Subject = { scope: 'workspace' } | { scope: 'everything' } | { scope: 'disaster' } | { scope: 'account' | 'campaign'; id: string };

const idOf = (subject: Subject) => ('id' in subject ? subject.id : '');

class HoldState {
  value = $state.raw<Hold | null>(null);
  /** What is to be released once the person has read what that does. */
  asking = $state.raw<Subject | null>(null);
  /** Disaster mode is about to begin: it asks why. */
  isStarting = $state(false);

  get isHeld() {
    return this.value?.is_held ?? false;
  }

  /** The switches that are on besides the workspace's: for single accounts and campaigns, and disaster mode. */
  get parts(): Switch[] {
    return this.value?.switches.filter((one) => one.scope !== 'workspace') ?? [];
  }

  of(scope: Switch['scope'], id: string): Switch | undefined {
    return this.value?.switches.find((one) => one.scope === scope && one.subject_id === id);
  }

  async load() {
    try {
      this.value = await ask(api.GET('/api/v1/workspaces/{workspace}/hold', { params: { path: session.path } }));
    } catch (error) {
      handleError(error);
    }
  }

  async set(subject: Subject, isHeld: boolean, reason?: string) {
    const before = this.value;
    this.asking = null;
    this.isStarting = false;
    if (before) this.value = after(before, subject, isHeld, reason ?? null);
    const body = { is_held: isHeld, ...(reason ? { reason } : {}) };
    try {
      if (subject.scope === 'everything') {
        const { n_workspaces } = await ask(api.PUT('/api/v1/hold', { body }));
        toasts.show(t(isHeld ? 'hold.allHeld' : 'hold.allReleased', { count: n_workspaces }));
        await this.load();
      } else {
        const about = subject.scope === 'account' ? { account_id: subject.id } : subject.scope === 'campaign' ? { campaign_id: subject.id } : subject.scope === 'disaster' ? { is_disaster: true } : {};
        this.value = await ask(api.PUT('/api/v1/workspaces/{workspace}/hold', { params: { path: session.path }, body: { ...body, ...about } }));
      }
    } catch (error) {
      this.value = before;
      handleError(error);
    }
  }

  /** A switch: holds at once; asks before releasing. */
  toggle(subject: Subject) {
    const isOn = subject.scope === 'account' || subject.scope === 'campaign' ? this.of(subject.scope, subject.id) !== undefined : this.isHeld;
    if (isOn) this.asking = subject;
    else void this.set(subject, true);
  }
}

/** How it will stand, shown before the server has answered. */
function after(before: Hold, subject: Subject, isHeld: boolean, reason: string | null): Hold {
  const scope = subject.scope === 'everything' ? 'workspace' : subject.scope;
  const old = before.switches.find((one) => one.scope === scope && one.subject_id === idOf(subject));
  const since = old?.since ?? new Date().toISOString();
  const by = old?.by ?? session.person?.name ?? null;
  const others = before.switches.filter((one) => one !== old);
  const switches = isHeld ? [...others, { scope, subject_id: idOf(subject), reason, since, by }] : others;
  if (scope !== 'workspace') return { ...before, switches };
  return { ...before, switches, is_held: isHeld, reason, since: isHeld ? since : null, by: isHeld ? by : null };
}

export const hold = new HoldState();
