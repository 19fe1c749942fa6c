import type { JsonValue } from '../json/values.ts';
import type { RuntimeValues } from '../plan.ts';
import type { ResourceIndex } from '../resources/index-of-resources.ts';

/** Where an expression stands: decides which functions it may call. */
export type Location =
  | 'parameter default'
  | 'variable'
  | 'resource name'
  | 'resource property'
  | 'output'
  | 'user function';

export interface CopyIndex {
  readonly name: string;
  /** `copyIndex()` without a name means the loop of the resource or output, not one of a property or variable inside it. */
  readonly of: 'resource' | 'output' | 'property';
  readonly index: number;
}

/** What an expression sees besides the template: loop indexes, lambda variables, resources, run-time values. */
export interface Bindings {
  readonly location: Location;
  /** Innermost last. */
  readonly copies: readonly CopyIndex[];
  readonly lambdaVariables: ReadonlyMap<string, JsonValue>;
  readonly resources: ResourceIndex | undefined;
  /** Undefined before the deployment: run-time functions then throw `NeedsRuntimeValue`. */
  readonly runtime: RuntimeValues | undefined;
  /** Parameters of the user function whose body this is. */
  readonly functionParameters?: ReadonlyMap<string, JsonValue>;
}

export function bindingsAt(location: Location): Bindings {
  return { location, copies: [], lambdaVariables: new Map(), resources: undefined, runtime: undefined };
}
