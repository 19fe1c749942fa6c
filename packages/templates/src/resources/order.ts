import { TemplateError } from '../errors.ts';
import type { Dependencies } from './dependencies.ts';

/** The items so that each comes after what it depends on, else in their order. Throws an error that names a cycle. */
export function topologicalOrder<T extends { readonly key: string; readonly id: string }>(
  items: readonly T[],
  before: Dependencies,
): T[] {
  const byKey = new Map(items.map((item) => [item.key, item]));
  const ordered: T[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const onPath = new Set<string>();
  // Depth-first without recursion: a chain may be as long as a template has resources.
  for (const item of items) {
    const open: { key: string; rest: Iterator<string> }[] = [];
    const enter = (key: string): void => {
      open.push({ key, rest: (before.get(key) ?? new Set<string>()).values() });
      path.push(key);
      onPath.add(key);
    };
    if (!done.has(item.key)) enter(item.key);
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const next = top.rest.next();
      if (next.done) {
        open.pop();
        path.pop();
        onPath.delete(top.key);
        done.add(top.key);
        ordered.push(byKey.get(top.key)!);
      } else if (onPath.has(next.value)) {
        const cycle = [...path.slice(path.indexOf(next.value)), next.value].map((key) => byKey.get(key)?.id ?? key);
        throw new TemplateError('CircularDependency', { id: cycle[0]!, path: cycle.join(' -> ') });
      } else if (!done.has(next.value) && byKey.has(next.value)) {
        enter(next.value);
      }
    }
  }
  return ordered;
}
