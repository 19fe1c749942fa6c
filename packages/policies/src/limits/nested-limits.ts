import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import type { RouteMatch } from '../exchange.ts';
import type { AttributeSchema, ElementSchema } from '../schema/definition.ts';

/** A limit of an element or of one of its `api` and `operation` children. */
export interface NestedLimit {
  readonly element: PolicyElement;
  /** `''` is the element itself. */
  readonly level: '' | 'api' | 'operation';
  appliesTo(match: RouteMatch): boolean;
  /** Names the counted resource in a counter's key. */
  subject(match: RouteMatch): string;
}

const unbounded = Number.POSITIVE_INFINITY;
const identity: AttributeSchema = { type: 'string', expression: false };

/** An element with limits of its own, and others for each `api` and `operation` inside it. */
export function nestedLimitElement(
  own: Readonly<Record<string, AttributeSchema>>,
  nested: Readonly<Record<string, AttributeSchema>> = own,
): ElementSchema {
  const attributes = { id: identity, name: identity, ...nested };
  const operation = { name: 'operation', min: 0, max: unbounded, element: { attributes } };
  const inside: ElementSchema = { attributes, children: { kind: 'sequence', items: [operation] } };
  const api = { name: 'api', min: 0, max: unbounded, element: inside };
  return { attributes: own, children: { kind: 'sequence', items: [api, operation] } };
}

/** Reports a nested limit that does not say what it limits. */
export function validateNestedLimit({ element, level }: NestedLimit, compiler: PolicyCompiler): void {
  if (level !== '' && !attributeOf(element, 'id') && !attributeOf(element, 'name'))
    compiler.report(element, "One of the attributes 'id' and 'name' is required.");
}

/** The limits of `rate-limit` or `quota`, narrowest first: the caller hears of the limit that is its own. */
export function nestedLimits(root: PolicyElement, compiler: PolicyCompiler): NestedLimit[] {
  const operations = (parent: PolicyElement, api: PolicyElement | null) =>
    compiler.children(parent, 'operation').map((operation) => limitOf(operation, api, operation));
  const apis = compiler.children(root, 'api');
  return [
    ...apis.flatMap((api) => operations(api, api)),
    ...operations(root, null),
    ...apis.map((api) => limitOf(api, api, null)),
    limitOf(root, null, null),
  ];
}

function limitOf(element: PolicyElement, api: PolicyElement | null, operation: PolicyElement | null): NestedLimit {
  return {
    element,
    level: operation ? 'operation' : api ? 'api' : '',
    appliesTo: (match) =>
      (!api || names(api, match.api.name, match.api.displayName)) &&
      (!operation || names(operation, match.operation.name, match.operation.displayName)),
    subject: (match) => {
      if (operation) return `${match.api.name}/${match.operation.name}`;
      return api ? match.api.name : '';
    },
  };
}

/** `id` beats `name`. */
function names(element: PolicyElement, resourceName: string, displayName: string): boolean {
  const id = attributeOf(element, 'id')?.value.text;
  if (id !== undefined) return id === resourceName;
  return attributeOf(element, 'name')?.value.text === displayName;
}
