// What the network takes for a post, from its price list (NetworkInfo.price): shown before it goes out.
import type { Schemas } from '../api/client';

const LINK = /https?:\/\/\S/i;

/** In millionths of the price's currency. A described picture takes a call of its own; a text with a link costs the link's price instead. */
export function costOf(price: Schemas['NetworkPrice'], texts: string[], replies: string[], described: number, isMessage = false): number {
  const one = (text: string, plain: number) => (price.link_micros && LINK.test(text) ? price.link_micros : plain);
  const sum = (list: string[], plain: number) => list.reduce((total, text) => total + one(text, plain), 0);
  if (isMessage) return price.message_micros * texts.length;
  return sum(texts, price.post_micros) + sum(replies, price.reply_micros) + described * price.alt_micros;
}
