// The audit log in words: one sentence an action, and what changed as name, before, after. An action without a sentence shows its own name.
import type { Schemas } from '../api/client';
import { fmt } from '../shared/fmt.svelte';
import { place, t, type MessageKey } from '../shared/locale.svelte';
import { readAgent } from './agent';

export type Entry = Schemas['AuditEntry'];
export type Difference = { name: string; before: string | null; after: string | null };
type Values = Record<string, unknown>;

export const KINDS = ['post', 'delivery', 'media', 'account', 'person', 'invitation', 'token', 'workspace', 'campaign', 'idea', 'task', 'kit'] as const;

// What a person has no use for: counters and fingerprints.
const HIDDEN = ['version', 'sha256', 'service'];
const LONGEST = 34;

/** The message under `key`, or null when there is none: actions and fields come from the server. */
const maybe = (key: string): string | null => (key in place.messages ? t(key as MessageKey) : null);

export function agentText(agent: string): string {
  const { browser, system } = readAgent(agent);
  return system ? t('settings.agent', { browser, system }) : browser;
}

const short = (text: string) => ([...text].length > LONGEST ? `${[...text].slice(0, LONGEST).join('')}…` : text);

/** One value as a person would say it. */
function say(name: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return t('settings.auditNone');
  if (typeof value === 'boolean') return t(value ? 'settings.auditYes' : 'settings.auditNo');
  if (Array.isArray(value)) return t('settings.auditCount', { count: value.length });
  if (name === 'bytes') return fmt.bytes(Number(value));
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  switch (name) {
    case 'due_at': case 'expires_at': return fmt.stamp(text);
    case 'role': return maybe(`settings.role.${text}`) ?? text;
    case 'state': return maybe(`state.${text}`) ?? text;
    case 'locale': return maybe(`settings.languages.${text}`) ?? text;
    case 'theme': return maybe(`settings.theme${text.charAt(0).toUpperCase()}${text.slice(1)}`) ?? text;
    case 'status': return maybe(`campaign.status.${text}`) ?? maybe(`idea.status.${text}`) ?? text;
    case 'goal_metric': return maybe(`kpi.name.${text}`) ?? text;
    case 'why': return maybe(`settings.why.${text}`) ?? text;
    case 'scopes': return text.split(' ').map((scope) => maybe(`settings.scope.${scope}`) ?? scope).join(' · ');
    case 'agent': return agentText(text);
    default: return text;
  }
}

/** The changed fields only. */
export function differences(entry: Entry): Difference[] {
  const [before, after] = [entry.before, entry.after] as (Values | null)[];
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter((name) => !HIDDEN.includes(name));
  return names
    .filter((name) => JSON.stringify(before?.[name] ?? null) !== JSON.stringify(after?.[name] ?? null))
    .map((name) => ({
      name: maybe(`settings.field.${name}`) ?? maybe(`campaign.brief.${name.replace(/^brief_/, '')}`) ?? name,
      before: before && say(name, before[name]),
      after: after && say(name, after[name]),
    }));
}

/** What was done, with the names that belong into the sentence. */
export function sentence(entry: Entry): string {
  const key = `settings.action.${entry.action.replace('.', '_')}`;
  if (!(key in place.messages)) return entry.action;
  const facts = { ...entry.before, ...entry.after } as Values;
  const values = Object.fromEntries(
    ['name', 'email', 'handle', 'text'].map((name) => [name, typeof facts[name] === 'string' ? short(facts[name]) : t('settings.auditNone')]));
  return t(key as MessageKey, {
    ...values,
    role: say('role', facts.role), at: say('due_at', facts.due_at), agent: say('agent', facts.agent), client: say('client', facts.client),
  });
}
