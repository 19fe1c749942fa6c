import { convertPolicyText } from '@lazuli/policies';
import type { JsonObject, JsonValue, ResourceRecord } from '@lazuli/store';
import { isJsonObject } from '../../json/json.ts';
import { propertiesOf } from '../../json/properties.ts';
import { type ArtifactLayout, artifactLayoutOf, directoryOf, namesBelow } from './layout.ts';

/** A file of a folder of artifacts: text, or an object that is written as JSON. */
export interface ArtifactFile {
  readonly path: string;
  readonly content: string | JsonObject;
}

/** The files of one resource; none for a type that is no artifact. Secrets that are given are written into them. */
export function artifactFiles(
  serviceId: string,
  record: ResourceRecord,
  secrets: ReadonlyMap<string, string> = new Map(),
): readonly ArtifactFile[] {
  const layout = artifactLayoutOf(record.type);
  if (!layout) return [];
  const [information, policy] = pathsIn(layout, serviceId, record.id);
  const files: ArtifactFile[] = [];
  if (information !== null)
    files.push({
      path: information,
      content: layout.isLink ? { properties: {} } : informationOf(layout, record, secrets),
    });
  if (policy !== null) files.push({ path: policy, content: policyOf(record) });
  return files;
}

/** Where the files of a resource stand. */
export function artifactPaths(serviceId: string, type: string, id: string): readonly string[] {
  const layout = artifactLayoutOf(type);
  return layout ? pathsIn(layout, serviceId, id).filter((path) => path !== null) : [];
}

function pathsIn(layout: ArtifactLayout, serviceId: string, id: string): readonly [string | null, string | null] {
  const directory = directoryOf(layout, namesBelow(serviceId, id));
  const inside = (file: string) => (directory === '' ? file : `${directory}/${file}`);
  return [layout.information === null ? null : inside(layout.information), layout.policy ? inside('policy.xml') : null];
}

function informationOf(
  layout: ArtifactLayout,
  record: ResourceRecord,
  secrets: ReadonlyMap<string, string>,
): JsonObject {
  const left = new Set(['provisioningState', 'builtIn', ...(layout.policy ? ['value', 'format'] : [])]);
  const kept = Object.entries(propertiesOf(record.body)).filter(
    (member): member is [string, JsonValue] => !left.has(member[0]) && member[1] !== undefined && member[1] !== null,
  );
  const properties = structuredClone(Object.fromEntries(kept));
  for (const [field, value] of secrets) write(properties, field.split('/').slice(1), value);
  return { properties };
}

function write(target: Record<string, JsonValue>, path: readonly string[], value: string): void {
  const [name, ...rest] = path;
  if (name === undefined || name === '__proto__') return;
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  const inner = target[name];
  const next: Record<string, JsonValue> = isJsonObject(inner) ? ({ ...inner } as Record<string, JsonValue>) : {};
  target[name] = next;
  write(next, rest, value);
}

/** In the form that people write: expressions as they are. */
function policyOf(record: ResourceRecord): string {
  const { value, format } = propertiesOf(record.body);
  return typeof value === 'string' ? convertPolicyText(value, format === 'rawxml' ? 'rawxml' : 'xml', 'rawxml') : '';
}
