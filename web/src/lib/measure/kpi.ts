// Reading a Kpi: its change against the period before, where it comes from and how sure it is.
import type { Schemas } from '../api/client';
import { fmt } from '../shared/fmt.svelte';
import { t } from '../shared/locale.svelte';

export type Kpi = Schemas['Kpi'];

/** Relative change; null when there is nothing to compare with. */
export function changeOf(kpi: Pick<Kpi, 'value' | 'previous'>): number | null {
  if (kpi.value === null || kpi.previous === null || kpi.previous === 0) return null;
  return kpi.value / kpi.previous - 1;
}

const SOURCES = ['bluesky', 'practice', 'hibiki'] as const;
type Source = (typeof SOURCES)[number];

export function sourceName(source: string): string {
  return SOURCES.includes(source as Source) ? t(`measure.source.${source as Source}`) : source;
}

export function provenance(kpi: Kpi): string {
  const parts = [sourceName(kpi.source)];
  if (kpi.as_of) parts.push(t('measure.asOf', { at: fmt.stamp(kpi.as_of) }));
  parts.push(t(`measure.certainty.${kpi.certainty}`));
  return parts.filter(Boolean).join(' · ');
}
