import type { PolicyCompiler } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import type { RouteMatch } from '../exchange.ts';

/** A limit of an element or of one of its `api` and `operation` children. */
export interface NestedLimit {
  readonly element: PolicyElement;
  /** `''` is the element itself. */
  readonly level: '' | 'api' | 'operation';
  appliesTo(match: RouteMatch): boolean;
  /** Names the counted resource in a counter's key. */
  subject(match: RouteMatch): string;
}

/** The limits of `quota`, narrowest first: the caller hears of the limit that is its own. */
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
