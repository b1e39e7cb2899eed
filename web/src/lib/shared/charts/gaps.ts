/** Places of values with nothing on either side: no line passes through them, so they are shown as dots. */
export const alone = (values: readonly (number | null)[]): number[] =>
  values.flatMap((value, at) => (value !== null && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null ? [at] : []));
