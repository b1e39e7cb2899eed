// Who follows an account, and what each group is called.
import { api, ask, type Schemas } from '../api/client';
import { sentenceOf } from '../shared/errors';
import { place, t } from '../shared/locale.svelte';
import { session } from '../team/session.svelte';

export type AudienceReply = Schemas['Audience'];
export type AudiencePart = Schemas['AudiencePart'];
type Part = AudiencePart['part'];

const PLAIN = ['female', 'male', 'other', 'unknown', 'ios', 'android', 'under_7', 'under_30', 'under_90', 'under_180', 'under_365', 'over_365'] as const;
type Plain = (typeof PLAIN)[number];

export function groupName(part: Part, name: string): string {
  if ((PLAIN as readonly string[]).includes(name)) return t(`audience.group.${name as Plain}`);
  if (part === 'age') return name.endsWith('+') ? t('audience.andOlder', { years: name.slice(0, -1) }) : t('audience.years', { years: name.replace('-', '–') });
  if (part === 'country' && /^[A-Z]{2}$/.test(name)) return new Intl.DisplayNames([place.locale], { type: 'region' }).of(name) ?? name;
  return name;
}

/** By age and by how long they are friends, in the order of time; all else as it came, the greatest first. */
export function inOrder(part: AudiencePart): AudiencePart['groups'] {
  const years = (name: string) => Number(/\d+/.exec(name)?.[0] ?? 999) + (name.endsWith('+') || name.startsWith('over') ? 0.5 : 0);
  return part.part === 'age' || part.part === 'friend_for' ? part.groups.toSorted((a, b) => years(a.name) - years(b.name)) : part.groups;
}

export class Audience {
  value = $state.raw<AudienceReply | null>(null);
  failure = $state('');
  #turn = 0;

  async load(account: string) {
    const turn = ++this.#turn;
    if (this.value?.account_id !== account) this.value = null;
    try {
      const value = await ask(api.GET('/api/v1/workspaces/{workspace}/accounts/{account}/audience', { params: { path: { ...session.path, account } } }));
      if (turn !== this.#turn) return;
      this.value = value;
      this.failure = '';
    } catch (error) {
      if (turn === this.#turn) this.failure = sentenceOf(error);
    }
  }
}
