// What the rules tell apart: industries, how one stands to what is praised, areas; in the order people look for them.
import type { Schemas } from '../api/client';

export type Industry = Schemas['Campaign']['industries'][number];
export type Relation = Schemas['Campaign']['relation'];
export type Finding = Schemas['CheckFinding'];
export type Rule = Schemas['CheckRule'];
export type Severity = Rule['severity'];

export const INDUSTRIES: Industry[] = ['food', 'alcohol', 'cosme', 'quasi', 'supp', 'ffc', 'drug', 'device', 'medical', 'treat', 'finance', 'realestate', 'recruit', 'ec', 'campaign'];
export const RELATIONS: Relation[] = ['unsaid', 'none', 'own_account', 'paid', 'gifted', 'loaned', 'discounted', 'affiliate', 'invited', 'ambassador', 'employee', 'reuse'];
export const SEVERITIES: Severity[] = ['block', 'warn', 'info'];
export const TONES = { block: 'danger', warn: 'warn', info: 'info' } as const;
export const AREAS = [
  'rules', 'terms', 'disclosure', 'representation', 'drug', 'medical', 'alcohol', 'finance', 'gambling', 'realestate', 'recruit', 'campaign', 'platform', 'rights', 'marks', 'privacy', 'quality', 'people', 'sensitive',
] as const;
export type Area = (typeof AREAS)[number];

export const isArea = (name: string): name is Area => (AREAS as readonly string[]).includes(name);

/** "told (https://…)" → its words and its addresses, in order. */
export function pieces(text: string): { text: string; isLink: boolean }[] {
  return text.split(/(https?:\/\/[^\s;()（）]+)/).flatMap((piece, at) => (piece ? [{ text: piece, isLink: at % 2 === 1 }] : []));
}
