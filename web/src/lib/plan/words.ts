// What networks name in their own code, in words: a form, an option, a choice of it, a step. Unknown names are shown as they are.
import { t, type MessageKey } from '../shared/locale.svelte';

function word(key: string, otherwise: string): string {
  const text = t(key as MessageKey);
  return text === key ? otherwise : text;
}

const plain = (name: string) => name.replaceAll('_', ' ');

export const formatWord = (network: string, format: string) => word(`compose.formatOf.${network}_${format}`, word(`compose.format.${format}`, plain(format)));
export const optionWord = (name: string) => word(`compose.option.${name}`, plain(name));
export const choiceWord = (option: string, value: string) => word(`compose.choice.${option}_${value}`, plain(value));
export const quotaWord = (name: string) => word(`compose.quota.${name}`, plain(name));
export const stepWord = (name: string) => word(`queue.stepName.${name}`, plain(name));
export const detailWord = (detail: string) => word(`queue.stepDetail.${detail}`, detail);
