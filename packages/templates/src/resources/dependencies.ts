import { TemplateError } from '../errors.ts';
import { evaluateJson, located } from '../evaluate/evaluate-json.ts';
import type { ExpressionScope } from '../evaluate/expression-scope.ts';
import { type JsonValue, property } from '../json/values.ts';
import type { ResourceInstance } from './expand.ts';
import { parentId, type ResourceEntry, type ResourceIndex } from './index-of-resources.ts';
import { runtimeReferences } from './runtime-references.ts';

/** For each resource the keys of those that come before it. */
export type Dependencies = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Order between resources: `dependsOn`, `reference()` and `list*()` by name, batches of serial loops. Where it makes no
 * cycle also references by id, and the parent of a child resource, which must exist in any case.
 */
export function dependencies(
  instances: readonly ResourceInstance[],
  index: ResourceIndex,
  scope: ExpressionScope,
  requested: ReadonlyMap<string, ReadonlySet<string>>,
): Dependencies {
  const edges = new Map(instances.map((instance) => [instance.key, new Set<string>()]));
  const soft: (readonly [from: string, to: string])[] = [];
  const own = new Set(instances.map(({ key }) => key));
  for (const instance of instances) {
    if (!instance.condition) continue;
    const before = edges.get(instance.key)!;
    for (const entry of explicit(instance, index, scope)) before.add(entry.key);
    const bindings = { ...instance.bindings, location: 'resource property', resources: index } as const;
    const targets = new Set([
      ...runtimeReferences(instance.raw, scope, bindings),
      ...(requested.get(instance.key) ?? []),
    ]);
    for (const target of targets) {
      for (const entry of liveEntries(index.find(target))) {
        if (entry.key === instance.key || !own.has(entry.key)) continue;
        if (target.startsWith('/')) soft.push([instance.key, entry.key]);
        else before.add(entry.key);
      }
    }
    const parent = parentId(instance.id);
    for (const entry of parent === undefined ? [] : liveEntries(index.find(parent)))
      soft.push([instance.key, entry.key]);
  }
  addBatches(instances, edges);
  for (const [from, to] of soft) {
    if (from !== to && !reaches(edges, to, from)) edges.get(from)!.add(to);
  }
  return edges;
}

function explicit(instance: ResourceInstance, index: ResourceIndex, scope: ExpressionScope): ResourceEntry[] {
  const raw = property(instance.raw, 'dependsOn');
  if (raw === undefined || raw === null) return [];
  return located(scope, instance.raw, 'dependsOn', () => {
    const bindings = { ...instance.bindings, location: 'resource name', resources: index } as const;
    return names(evaluateJson(raw, scope, bindings)).flatMap((name) => {
      const found = index.find(name);
      if (found.length === 0) throw new TemplateError('ResourceNotDefined', { name });
      const others = found.filter((entry) => entry.key !== instance.key);
      if (others.length === 0)
        throw new TemplateError('CircularDependency', { id: instance.id, path: `${instance.id} -> ${instance.id}` });
      return liveEntries(others);
    });
  });
}

function names(value: JsonValue): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(names);
  if (value === null) return [];
  throw new TemplateError('NotATemplate', {
    what: "'dependsOn'",
    actual: 'no list of names',
    expected: 'an array of strings',
  });
}

function liveEntries(entries: readonly ResourceEntry[]): ResourceEntry[] {
  return entries.filter((entry) => entry.condition);
}

/** Of a serial loop each batch waits for the whole batch before it that is deployed at all. */
function addBatches(instances: readonly ResourceInstance[], edges: Map<string, Set<string>>): void {
  const serial = instances.filter(({ copy, condition }) => copy?.mode === 'serial' && condition);
  for (const ofResource of Map.groupBy(serial, ({ raw }) => raw).values()) {
    // A loop inside another is a loop of its own for each index of the outer one.
    for (const loop of Map.groupBy(ofResource, outerIndexes).values()) {
      const batches = [...Map.groupBy(loop, ({ copy }) => Math.floor(copy!.index / (copy!.batchSize ?? 1))).values()];
      batches.forEach((batch, i) => {
        for (const { key } of batch) for (const earlier of batches[i - 1] ?? []) edges.get(key)!.add(earlier.key);
      });
    }
  }
}

function outerIndexes({ bindings }: ResourceInstance): string {
  return bindings.copies
    .slice(0, -1)
    .map(({ index }) => index)
    .join();
}

function reaches(edges: ReadonlyMap<string, ReadonlySet<string>>, from: string, to: string): boolean {
  const seen = new Set([from]);
  const open = [from];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (key === to) return true;
    for (const next of edges.get(key) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return false;
}
