import type { ExportedOperation } from './exported-api.ts';

/** Where an operation stands in a specification. */
export interface TemplatePlace {
  readonly path: string;
  /** Template parameters that stand in the query. */
  readonly query: ReadonlySet<string>;
  /** The query holds what no parameter can say (`soapAction=urn:a`): it stays in the path, below `x-ms-paths`. */
  readonly isExtended: boolean;
}

/** Splits `/orders/{id}?status={status}`. */
export function placeOf({ urlTemplate }: ExportedOperation): TemplatePlace {
  const template = urlTemplate.startsWith('/') ? urlTemplate : `/${urlTemplate}`;
  const mark = template.indexOf('?');
  if (mark === -1) return { path: template, query: new Set(), isExtended: false };
  const parts = template
    .slice(mark + 1)
    .split('&')
    .filter(Boolean);
  const names = parts.map((part) => /^([^={}]+)=\{([^{}*]+)\}$/.exec(part));
  if (names.some((found) => found === null || found[1] !== found[2]))
    return { path: template, query: new Set(), isExtended: true };
  return { path: template.slice(0, mark), query: new Set(names.map((found) => found?.[2] ?? '')), isExtended: false };
}

/** The methods that a specification can name; an operation of any other (`*`) cannot be exported. */
export const exportedMethods = new Set(['GET', 'PUT', 'POST', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'TRACE']);

/** Operations by their path and method, in the order in which the paths come first. */
export function byPath<T>(
  operations: readonly ExportedOperation[],
  write: (operation: ExportedOperation, place: TemplatePlace) => T,
): { readonly paths: Record<string, Record<string, T>>; readonly extended: Record<string, Record<string, T>> } {
  const paths: Record<string, Record<string, T>> = {};
  const extended: Record<string, Record<string, T>> = {};
  for (const operation of operations) {
    if (!exportedMethods.has(operation.method)) continue;
    const place = placeOf(operation);
    const method = operation.method.toLowerCase();
    // Two operations that differ in their query alone share a path.
    const isTaken = !place.isExtended && Object.hasOwn(paths[place.path] ?? {}, method);
    const found = isTaken ? { path: operation.urlTemplate, query: new Set<string>(), isExtended: true } : place;
    const target = found.isExtended ? extended : paths;
    target[found.path] = { ...target[found.path], [method]: write(operation, found) };
  }
  return { paths, extended };
}
