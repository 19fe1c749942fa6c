import { isObject, nameOfType } from '../documents/document.ts';
import { suggestion } from '../documents/nearest-name.ts';
import { problem } from '../errors.ts';
import { Cursor } from '../information/cursor.ts';
import { parseApiName } from '../resource-id.ts';
import { linkedNames, type ResourceFolder } from './folder-index.ts';
import type { Inputs } from './inputs.ts';
import { layoutOf, type ResourceKind } from './layout.ts';

/**
 * What a resource is linked to, in either layout: folders `{collection}/{name}/…Information.json` (Azure/apiops), or a
 * file `{collection}.json` with an array of `{ "name": … }` or names (Azure/apiops-cli). Unknown names are reported.
 */
export function readLinks(folder: ResourceFolder, inputs: Inputs, collection: string, kind: ResourceKind): string[] {
  const names = new Set<string>();
  for (const name of linkedNames(folder, collection)) {
    const canonical = inputs.canonicalName(kind, baseOf(kind, name));
    if (canonical !== null) {
      names.add(canonical);
      continue;
    }
    const file = folder.files.find((path) => path.startsWith(`${collection}/${name}/`)) ?? collection;
    const place = { file: `${folder.directory}/${file}`, line: 1, column: 1 };
    inputs.diagnostics.push(
      problem('UnknownReference', place, {
        kind: layoutOf(kind).title,
        name,
        suggestion: suggestion(name, inputs.names(kind)),
      }),
    );
  }
  for (const { name, at } of listedNames(folder, inputs, collection)) {
    const canonical = inputs.resolve({ kind, name: baseOf(kind, name), at });
    if (canonical !== null) names.add(canonical);
  }
  return [...names];
}

function listedNames(folder: ResourceFolder, inputs: Inputs, collection: string): { name: string; at: Cursor }[] {
  const record = inputs.file(`${folder.directory}/${collection}.json`);
  if (record === null) return [];
  const { document } = record;
  inputs.diagnostics.push(...document.diagnostics);
  if (document.value === undefined) return [];
  const root = new Cursor(document, [], inputs.diagnostics);
  const expected = 'an array of objects with a name, or of names';
  if (!Array.isArray(document.value)) {
    root.problem('WrongType', { what: root.what, actual: nameOfType(document.value), expected });
    return [];
  }
  return document.value.flatMap((entry: unknown, index) => {
    const at = isObject(entry) ? root.child(index, 'name') : root.child(index);
    const name = isObject(entry) ? entry.name : entry;
    if (typeof name === 'string' && name !== '') return [{ name, at }];
    at.problem('WrongType', { what: at.what, actual: nameOfType(name), expected });
    return [];
  });
}

function baseOf(kind: ResourceKind, name: string): string {
  return kind === 'api' ? (parseApiName(name)?.api ?? name) : name;
}
