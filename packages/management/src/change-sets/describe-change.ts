import type { JsonObject, JsonValue } from '@lazuli/store';
import { isJsonObject, sameJson } from '../json/json.ts';
import type { Registry } from '../registry/registry.ts';
import type { StagedChange } from './staged-store.ts';

/** Members that say when something was written, or that follow from the rest. */
const passedOver = new Set(['systemData', 'properties.provisioningState', 'properties.createdDate']);

/** Whether anything but the time of writing differs. */
export function isChanged({ before, after, secretFields }: StagedChange): boolean {
  if (!before || !after || secretFields.length > 0) return true;
  return differences(before.body, after.body).length > 0;
}

/** What a caller sees of a change. Values of secrets are not in it, only their names. */
export function describeChange(registry: Registry, change: StagedChange): { readonly [name: string]: JsonValue } {
  const { before, after, secretFields } = change;
  const record = after ?? before;
  const type = record?.type ?? '';
  const changeType = !before ? 'Create' : !after ? 'Delete' : isChanged(change) ? 'Modify' : 'NoChange';
  const delta = before && after ? differences(before.body, after.body) : [];
  const secrets = secretFields.map((field) => ({ path: field.replaceAll('/', '.'), isSecret: true }));
  return {
    resourceId: record?.id ?? '',
    resourceType: registry.type(type)?.type.type ?? type,
    changeType,
    ...(changeType === 'Modify' ? { delta: [...delta, ...secrets] } : {}),
  };
}

interface Difference {
  readonly [name: string]: JsonValue;
}

/** Members that differ, by their paths; arrays are compared as a whole. */
function differences(before: JsonObject, after: JsonObject, path = ''): Difference[] {
  const found: Difference[] = [];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const at = path === '' ? name : `${path}.${name}`;
    const [a, b] = [before[name], after[name]];
    if (passedOver.has(at) || sameJson(a, b) || isSameReference(a, b)) continue;
    if (isJsonObject(a) && isJsonObject(b)) found.push(...differences(a, b, at));
    else found.push({ path: at, before: a ?? null, after: b ?? null });
  }
  return found;
}

/** One resource, by its id or by what of it follows the id of the resource that both lie in: `/products/starter`. */
function isSameReference(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return typeof a === 'string' && typeof b === 'string' && inside(a) === inside(b);
}

function inside(text: string): string {
  return text.replace(/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+(?=\/[^/])/i, '');
}
