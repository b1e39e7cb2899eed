import { describe, expect, it } from 'vitest';
import { choiceOf, columnOf, isConfirmable, type MetricImport } from './imports.svelte';

describe('columns of a file of numbers', () => {
  it('are one choice each, there and back', () => {
    for (const choice of ['skip', 'id', 'at', 'metric:likes']) expect(choiceOf(columnOf(choice, undefined))).toBe(choice);
    expect(choiceOf(undefined)).toBe('skip');
  });
  it('keep the unit of a time when the metric changes', () => {
    expect(columnOf('metric:watch_ms', { role: 'metric', metric: 'x', unit: 'hours' })).toEqual({ role: 'metric', metric: 'watch_ms', unit: 'hours' });
  });
});

describe('a file of numbers', () => {
  const open = { state: 'open', mapping: { account_id: 'a' }, is_wrong: false, same_id: null, n_bad_rows: 0 } as unknown as MetricImport;
  it('may be stored when somebody said whose it is and nothing is wrong', () => {
    expect(isConfirmable(open, false)).toBe(true);
    expect(isConfirmable({ ...open, mapping: { ...open.mapping, account_id: null } }, true)).toBe(false);
    expect(isConfirmable({ ...open, is_wrong: true }, true)).toBe(false);
    expect(isConfirmable({ ...open, same_id: 'b' }, true)).toBe(false);
  });
  it('may be stored without its wrong rows only when that is said', () => {
    expect(isConfirmable({ ...open, n_bad_rows: 2 }, false)).toBe(false);
    expect(isConfirmable({ ...open, n_bad_rows: 2 }, true)).toBe(true);
  });
});
