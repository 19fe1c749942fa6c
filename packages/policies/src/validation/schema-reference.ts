import type { Api } from '@lazuli/resources';

/**
 * A schema of the API by its name (`schema-id`) and a reference within it (`schema-ref`): `#/components/schemas/Order`,
 * `#/definitions/Order`, `#/properties/address`. Undefined when there is none.
 */
export function schemaAt(
  schemas: Api['schemas'],
  id: string | null,
  reference: string | null,
): { readonly value: unknown } | undefined {
  const steps = (reference ?? '#').replace(/^#\/?/, '').split('/').filter(Boolean).map(decodeStep);
  const isNamed = /^#\/(components\/schemas|definitions|schemas)\//.test(reference ?? '');
  if (isNamed) {
    const [name = '', ...rest] = steps.slice(reference?.startsWith('#/components/') ? 2 : 1);
    const own = id === null ? undefined : within(schemas.get(id), steps);
    return own ?? (schemas.has(name) ? within(schemas.get(name), rest) : undefined);
  }
  return id !== null && schemas.has(id) ? within(schemas.get(id), steps) : undefined;
}

function within(value: unknown, steps: readonly string[]): { readonly value: unknown } | undefined {
  let current = value;
  for (const step of steps) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = Object.entries(current).find(([name]) => name === step)?.[1];
  }
  return current === undefined ? undefined : { value: current };
}

function decodeStep(step: string): string {
  const text = step.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
