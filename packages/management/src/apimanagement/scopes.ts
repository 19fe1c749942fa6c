import type { StoreReader } from '@lazuli/store';

/**
 * What is wrong with the scope of a subscription; null when it is `/`, `/apis`, `/apis/{id}` or `/products/{id}`, with or
 * without the id of the service before it, and what it names is there.
 */
export async function scopeProblem(
  scope: string,
  serviceId: string,
  reader: StoreReader,
): Promise<{ readonly message: string; readonly isReference?: boolean } | null> {
  const local = localScope(scope, serviceId);
  if (local === null)
    return {
      message: `The scope '${scope}' is not valid: expected '/', '/apis', '/apis/{id}' or '/products/{id}', with or without the id of the service before it.`,
    };
  const [, collection, name] = /^\/(apis|products)\/([^/]+)$/i.exec(local) ?? [];
  if (collection === undefined || name === undefined) return null;
  const target = `${serviceId}/${collection}/${name.replace(/;rev=.*$/i, '')}`;
  if (await reader.get(target)) return null;
  return { message: `The scope '${scope}' names nothing that is there.`, isReference: true };
}

/** A scope that begins with the id of another service is taken below this one, as Azure does: templates are copied. */
export function ownScope(scope: string, serviceId: string): string {
  const other =
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ApiManagement\/service\/[^/]+/i.exec(scope);
  return other === null ? scope : `${serviceId}${scope.slice(other[0].length)}`;
}

/** The scope below its service, with a leading slash and without one at the end; null when it has no valid form. */
export function localScope(scope: string, serviceId: string): string | null {
  const isFull = scope.toLowerCase().startsWith(serviceId.toLowerCase());
  const rest = (isFull ? scope.slice(serviceId.length) : scope).replace(/\/+$/, '');
  if (rest === '') return '/';
  return /^\/(apis|apis\/[^/]+|products\/[^/]+)$/i.test(rest) ? rest : null;
}
