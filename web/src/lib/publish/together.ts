// One post that goes to several accounts at one time stands as one row, as long as all of it simply waits;
// what is being sent, failed or is out keeps its own row.
import type { Schemas } from '../api/client';

type Delivery = Schemas['Delivery'];
export type Row = { delivery: Delivery; others: Delivery[] };

const isPlain = (one: Delivery) => one.state === 'waiting' && one.attempts === 0 && one.error === null;

export function together(deliveries: Delivery[]): Row[] {
  const rows: Row[] = [];
  const heads = new Map<string, Row>();
  for (const delivery of deliveries) {
    const key = `${delivery.post_id} ${delivery.due_at} ${delivery.text} ${delivery.is_held}`;
    const head = isPlain(delivery) ? heads.get(key) : undefined;
    if (head) {
      head.others.push(delivery);
    } else {
      const row: Row = { delivery, others: [] };
      if (isPlain(delivery)) heads.set(key, row);
      rows.push(row);
    }
  }
  return rows;
}
