// All rules with what the workspace made of them. Switching shows at once and can be undone; what the server refuses goes back.
import { api, ask, type Schemas } from '../api/client';
import { handleError, sentenceOf } from '../shared/errors';
import { t } from '../shared/locale.svelte';
import { toasts } from '../shared/toasts.svelte';
import { session } from '../team/session.svelte';
import { AREAS, isArea, type Area, type Rule } from './words';

type Tune = Schemas['CheckTune'];
export const KINDS = ['all', 'block', 'warn', 'info', 'off', 'changed', 'stale', 'false'] as const;
export type Kind = (typeof KINDS)[number];

const RULES = '/api/v1/workspaces/{workspace}/check/rules' as const;

export const gravity = (rule: Rule) => rule.tuned ?? rule.severity;

const IS: Record<Kind, (rule: Rule) => boolean> = {
  all: () => true,
  block: (rule) => !rule.is_off && gravity(rule) === 'block',
  warn: (rule) => !rule.is_off && gravity(rule) === 'warn',
  info: (rule) => !rule.is_off && gravity(rule) === 'info',
  off: (rule) => rule.is_off,
  changed: (rule) => rule.is_off || rule.tuned !== null,
  stale: (rule) => rule.is_stale,
  false: (rule) => rule.n_false > 0,
};

/** The rules of a kind that hold all the words somewhere: id, sentences, law, source, examples. */
export function chosen(rules: Rule[], kind: Kind, words: string): Rule[] {
  const parts = words.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean);
  return rules.filter((rule) => {
    if (!IS[kind](rule)) return false;
    const { id, message, fix, law, source, hit } = rule;
    const all = [id, message.ja, message.en, fix.ja, fix.en, law.ja, law.en, source, ...hit].join('\n').normalize('NFKC').toLowerCase();
    return parts.every((part) => all.includes(part));
  });
}

/** By area, own rules first; an area nobody knows stands last under `rules`. */
export function byArea(rules: Rule[]): { area: Area; rules: Rule[] }[] {
  const areaOf = (rule: Rule): Area => (isArea(rule.category) ? rule.category : 'rules');
  return AREAS.flatMap((area) => {
    const own = rules.filter((rule) => areaOf(rule) === area);
    return own.length ? [{ area, rules: own }] : [];
  });
}

export class RuleBook {
  list = $state.raw<Rule[] | null>(null);
  failure = $state('');
  kind = $state<Kind>('all');
  words = $state('');
  groups = $derived(byArea(chosen(this.list ?? [], this.kind, this.words)));
  counts = $derived(Object.fromEntries(KINDS.map((kind) => [kind, chosen(this.list ?? [], kind, '').length])) as Record<Kind, number>);

  async load() {
    try {
      this.list = (await ask(api.GET(RULES, { params: { path: session.path } }))).rules;
      this.failure = '';
    } catch (error) {
      this.failure = sentenceOf(error);
    }
  }

  async tune(rule: Rule, to: Tune, isUndo = false) {
    const before: Tune = { is_off: rule.is_off, severity: rule.tuned };
    this.#put({ ...rule, is_off: to.is_off, tuned: to.severity });
    try {
      const after = await ask(api.PUT(`${RULES}/{rule}`, { params: { path: { ...session.path, rule: rule.id } }, body: to }));
      this.#put(after);
      toasts.show(t(isUndo ? 'check.tuneUndone' : to.is_off === before.is_off ? 'check.tuned' : to.is_off ? 'check.switchedOff' : 'check.switchedOn', { rule: rule.id }),
        isUndo ? {} : { undo: () => void this.tune(after, before, true) });
    } catch (error) {
      this.#put(rule);
      handleError(error);
    }
  }

  #put(rule: Rule) {
    this.list = this.list?.map((one) => (one.id === rule.id ? rule : one)) ?? null;
  }
}
