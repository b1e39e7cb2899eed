// The IANA zones to choose from, the likely ones first.
export function zones(): string[] {
  const all = Intl.supportedValuesOf('timeZone');
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [...new Set(['Asia/Tokyo', own, ...all])];
}

export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
