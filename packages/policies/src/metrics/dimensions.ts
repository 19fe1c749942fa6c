import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import type { ChildSchema } from '../schema/definition.ts';
import { oneOf } from '../schema/literals.ts';

/** Dimensions that need no value. */
const standard: Readonly<Record<string, (exchange: Exchange) => string>> = {
  'API ID': ({ match }) => match.api.name,
  'Operation ID': ({ match }) => match.operation.name,
  'Product ID': ({ match }) => match.product?.name ?? '',
  'User ID': ({ match }) => match.user?.name ?? '',
  'Subscription ID': ({ match }) => match.subscription?.name ?? '',
  Location: ({ gateway }) => gateway.region,
  'Gateway ID': ({ gateway }) => gateway.gatewayId,
  'Backend ID': ({ backendId, backend }) => backendId ?? (backend?.kind === 'entity' ? backend.backendId : ''),
};

const mostCustom = 5;

/** `dimension` of `emit-metric` and the token metrics. */
export const dimensionElement: ChildSchema = {
  name: 'dimension',
  min: 0,
  max: 10,
  element: {
    attributes: {
      name: { type: 'string', required: true, expression: false, nonEmpty: true },
      value: { type: 'string', expression: true },
    },
  },
};

export function validateDimensions(policy: PolicyElement, compiler: PolicyCompiler): void {
  const names = new Set<string>();
  let custom = 0;
  for (const dimension of compiler.children(policy, 'dimension')) {
    const name = attributeOf(dimension, 'name')?.value;
    if (!name) continue;
    if (names.has(name.text)) compiler.report(dimension, `The dimension '${name.text}' is given twice.`, name.at);
    names.add(name.text);
    if (compiler.has(dimension, 'value')) custom++;
    else if (!Object.hasOwn(standard, name.text))
      compiler.report(
        dimension,
        `The dimension '${name.text}' needs a value. Without one it can be ${oneOf(Object.keys(standard))}.`,
        name.at,
      );
  }
  if (custom > mostCustom)
    compiler.warn(policy, `Azure takes ${mostCustom} dimensions with a value at most; this policy has ${custom}.`);
}

export type Dimensions = readonly (readonly [string, string])[];

/**
 * Reads the values that the policy gives, now, and gives a function for those that the exchange knows when the metric is
 * emitted (the backend).
 */
export function compileDimensions(
  policy: PolicyElement,
  compiler: PolicyCompiler,
): (exchange: Exchange) => () => Dimensions {
  const dimensions = compiler.children(policy, 'dimension').map((element) => ({
    name: compiler.string(element, 'name').constant ?? '',
    value: compiler.has(element, 'value') ? compiler.string(element, 'value') : null,
  }));
  return (exchange) => {
    const given = dimensions.map(({ name, value }) => [name, value && (value.get(exchange) ?? '')] as const);
    return () => given.map(([name, value]) => [name, value ?? standard[name]?.(exchange) ?? '']);
  };
}
