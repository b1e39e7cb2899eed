// The dictionary of metrics, read once; names in the person's language, values in the metric's unit.
import { api, ask, type Schemas } from '../api/client';
import { fmt } from '../shared/fmt.svelte';
import { place } from '../shared/locale.svelte';
import { session } from '../team/session.svelte';

export type Metric = Schemas['Metric'];

class Metrics {
  list = $state.raw<Metric[]>([]);

  async use() {
    if (this.list.length) return;
    this.list = (await ask(api.GET('/api/v1/workspaces/{workspace}/metrics', { params: { path: session.path } }))).metrics;
  }
  find(slug: string): Metric | undefined {
    return this.list.find((metric) => metric.slug === slug);
  }
  name(slug: string): string {
    return this.find(slug)?.name[place.locale] ?? slug;
  }
  get ofPosts(): Metric[] {
    return this.list.filter((metric) => metric.is_of_posts);
  }
  /** Money is in minor units of whatever currency was told; it is shown as it was told. */
  show(slug: string, value: number): string {
    const unit = this.find(slug)?.unit;
    if (unit === 'rate') return fmt.percent(value);
    if (unit === 'percent') return fmt.percent(value / 100);
    if (unit === 'milliseconds') return `${fmt.exact(Math.round(value / 100) / 10)} s`;
    return Number.isInteger(value) ? fmt.exact(value) : fmt.exact(Math.round(value * 100) / 100);
  }
}
export const metrics = new Metrics();
