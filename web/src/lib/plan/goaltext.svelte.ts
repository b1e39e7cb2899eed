// A goal in one line: what, how much, by when.
import { fmt } from '../shared/fmt.svelte';
import { place, t } from '../shared/locale.svelte';
import { dayStart } from '../shared/zone';
import { kpis, type Campaign } from './campaigns.svelte';
import { inUnit, type Unit } from './goal';

/** A value as its unit reads: 4.5%, ¥1,200, 3.2, 30分. */
export function amountText(stored: number, unit: Unit, currency: string): string {
  const value = inUnit(stored, unit, currency);
  switch (unit) {
    case 'rate': return `${fmt.exact(value)}%`;
    case 'money': return fmt.money(value, currency);
    case 'minutes': return t('campaign.minutes', { count: fmt.exact(value) });
    case 'multiple': return t('campaign.times', { count: fmt.exact(value) });
    default: return fmt.exact(value);
  }
}

export function goalText({ goal, budget }: Campaign): string {
  if (!goal) return '';
  const value = amountText(goal.target, kpis.unit(goal.metric), budget?.currency ?? 'JPY');
  const name = t(`kpi.name.${goal.metric}`);
  return goal.due_on ? t('campaign.goalBy', { name, value, day: fmt.day(dayStart(goal.due_on, place.zone)) }) : t('campaign.goalLine', { name, value });
}

export function budgetText({ budget }: Campaign): string {
  return budget ? amountText(budget.amount_minor, 'money', budget.currency) : '';
}
