import type { Slot } from './syntax.ts';

/** Unnamed groups first, then the named ones, from left to right. */
export function numberGroups(slots: readonly Slot[]): {
  names: Map<number, string>;
  byName: Map<string, number>;
} {
  const byName = new Map<string, number>([['0', 0]]);
  let next = 1;
  for (const slot of slots) {
    if (slot.name === null) slot.number = next++;
    else if (/^\d+$/.test(slot.name)) slot.number = Number(slot.name);
    else continue;
    byName.set(String(slot.number), slot.number);
  }
  const taken = new Set(byName.values());
  next = 1;
  for (const slot of slots) {
    if (slot.name === null || /^\d+$/.test(slot.name)) continue;
    const known = byName.get(slot.name);
    if (known === undefined) {
      while (taken.has(next)) next++;
      taken.add(next);
      byName.set(slot.name, next);
    }
    slot.number = known ?? next;
  }
  const entries = [...byName].map(([name, number]) => [number, name] as const);
  entries.sort((a, b) => a[0] - b[0]);
  return { names: new Map(entries), byName };
}
