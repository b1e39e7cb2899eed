// Reading a Kpi: its change against the period before, where it comes from and how sure it is.
import type { Schemas } from '../api/client';
import { fmt } from '../shared/fmt.svelte';
import { t } from '../shared/locale.svelte';
import { session } from '../team/session.svelte';

export type Kpi = Schemas['Kpi'];

/** Relative change; null when there is nothing to compare with. */
export function changeOf(kpi: Pick<Kpi, 'value' | 'previous'>): number | null {
  if (kpi.value === null || kpi.previous === null || kpi.previous === 0) return null;
  return kpi.value / kpi.previous - 1;
}

/** In a practice workspace the numbers were made up here, whatever interface they came through. */
export const sourceName = (source: string) =>
  source.includes('import:') ? [...new Set(source.split(', ').map(oneSource))].join(', ') : oneSource(source);
const oneSource = (source: string) => (source.startsWith('import:') ? t('numbers.source') : session.workspace?.is_practice && source !== 'Hibiki' ? t('shell.practice') : source);

export function provenance(kpi: Kpi): string {
  const parts = [sourceName(kpi.source)];
  if (kpi.as_of) parts.push(t('measure.asOf', { at: fmt.stamp(kpi.as_of) }));
  parts.push(t(`measure.certainty.${kpi.certainty}`));
  return parts.filter(Boolean).join(' · ');
}
