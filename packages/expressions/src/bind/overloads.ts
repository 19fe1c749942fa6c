/** Overload resolution. C# specification, "Function members": applicability, better conversion, better member. */
import type { Identifier } from '../syntax/ast.ts';
import type { Span } from '../syntax/problems.ts';
import { countOf, mapArguments } from './argument-mapping.ts';
import { isBetter } from './better-overload.ts';
import type { Binder } from './binder.ts';
import type { Bound, Candidate } from './bound.ts';
import { converts } from './convert.ts';
import { inferTypes } from './inference.ts';
import type { Parameter } from './members.ts';
import { display, errorType, type Substitution, same, substitute, type Type, type TypeParameter } from './types.ts';

export interface BoundArgument extends Span {
  readonly name: Identifier | null;
  readonly mode: 'value' | 'ref' | 'out';
  readonly value: Bound;
}

export interface Applicable<C> {
  readonly candidate: C;
  readonly substitution: Substitution;
  /** For every parameter the arguments that it takes: one, none (its default), or those of `params`. */
  readonly taken: readonly (readonly number[])[];
  readonly expanded: boolean;
  /** The closed type that each argument is converted to. */
  readonly argumentTypes: readonly Type[];
}

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly at: Span;
  /** How far it came: the failure that came farthest is the one to tell. */
  readonly rank: number;
}

export interface Group {
  /** What messages call it. */
  readonly name: string;
  readonly levels: readonly (readonly Candidate[])[];
  readonly typeArgs: readonly Type[] | null;
  /** An extension method called on its first argument, which is not counted. */
  readonly receiverIsFirst?: boolean;
  readonly at: Span;
}

/** The best candidate of the first level that has an applicable one; else what is wrong. */
export function resolveOverload(
  binder: Binder,
  group: Group,
  args: readonly BoundArgument[],
): { found: Applicable<Candidate> } | { failure: Failure } {
  let worst: Failure | undefined;
  for (const strict of [true, false]) {
    for (const level of group.levels) {
      const applicable: Applicable<Candidate>[] = [];
      for (const candidate of level) {
        binder.step(group.at);
        const result = tryCandidate(binder, group, candidate, args, strict);
        if ('failure' in result) {
          if (!worst || result.failure.rank > worst.rank) worst = result.failure;
        } else applicable.push(...result.found);
      }
      if (applicable.length > 0) return best(binder, group, applicable, args);
    }
    if (!args.some((arg) => arg.value.kind === 'UnboundLambda')) break;
  }
  const count = group.levels.reduce((sum, level) => sum + level.length, 0);
  if (count > 1 && worst && worst.rank < 2) {
    return {
      failure: {
        ...worst,
        code: 'CS1501',
        message: `No overload for method '${group.name}' takes ${countOf(group, args)} arguments`,
        at: group.at,
      },
    };
  }
  return {
    failure: worst ?? {
      code: 'CS1501',
      message: `No overload for method '${group.name}' takes ${countOf(group, args)} arguments`,
      at: group.at,
      rank: 0,
    },
  };
}

function tryCandidate(
  binder: Binder,
  group: Group,
  candidate: Candidate,
  args: readonly BoundArgument[],
  strict: boolean,
): { found: Applicable<Candidate>[] } | { failure: Failure } {
  const { method } = candidate;
  const normal = tryForm(binder, group, candidate, args, false, strict);
  if (!('failure' in normal)) return { found: [normal] };
  if (!method.parameters.at(-1)?.isParams) return normal;
  const expanded = tryForm(binder, group, candidate, args, true, strict);
  if (!('failure' in expanded)) return { found: [expanded] };
  return expanded.failure.rank >= normal.failure.rank ? expanded : normal;
}

function tryForm(
  binder: Binder,
  group: Group,
  candidate: Candidate,
  args: readonly BoundArgument[],
  expanded: boolean,
  strict: boolean,
): Applicable<Candidate> | { failure: Failure } {
  const { method } = candidate;
  const mapped = mapArguments(group, method.parameters, args, expanded);
  if ('failure' in mapped) return mapped;
  const { taken, parameterOf } = mapped;
  const openTypes = args.map((_, index) => {
    const parameter = method.parameters[parameterOf[index] ?? -1];
    if (!parameter) return errorType;
    const type = substitute(parameter.type, candidate.substitution);
    return expanded && parameter.isParams ? elementOf(type) : type;
  });
  let { substitution } = candidate;
  if (method.typeParameters.length > 0 || group.typeArgs) {
    const types = typeArguments(binder, group, candidate, args, openTypes);
    if ('failure' in types) return types;
    substitution = new Map([...substitution, ...types.map]);
  }
  const argumentTypes = openTypes.map((type) => substitute(type, substitution));
  for (const [index, arg] of args.entries()) {
    const failure = checkArgument(
      binder,
      group,
      method.parameters,
      parameterOf[index] ?? -1,
      arg,
      index,
      argumentTypes[index] ?? errorType,
      strict,
    );
    if (failure) return { failure };
  }
  return { candidate, substitution, taken, expanded, argumentTypes };
}

function typeArguments(
  binder: Binder,
  group: Group,
  candidate: Candidate,
  args: readonly BoundArgument[],
  openTypes: readonly Type[],
): { map: ReadonlyMap<TypeParameter, Type> } | { failure: Failure } {
  const { typeParameters } = candidate.method;
  if (group.typeArgs) {
    if (group.typeArgs.length !== typeParameters.length) {
      return {
        failure: {
          code: typeParameters.length === 0 ? 'CS0308' : 'CS0305',
          message:
            typeParameters.length === 0
              ? `The non-generic method '${group.name}' cannot be used with type arguments`
              : `Using the generic method '${group.name}' requires ${typeParameters.length} type arguments`,
          at: group.at,
          rank: 1,
        },
      };
    }
    return { map: new Map(typeParameters.map((p, i) => [p, group.typeArgs?.[i] ?? errorType])) };
  }
  const pairs = args.map((arg, i) => ({ parameter: openTypes[i] ?? errorType, argument: arg.value }));
  const map = inferTypes(binder, typeParameters, pairs);
  if (map) return { map };
  return {
    failure: {
      code: 'CS0411',
      message: `The type arguments for method '${group.name}' cannot be inferred from the usage. Try specifying the type arguments explicitly.`,
      at: group.at,
      rank: args.some((arg) => arg.value.type === errorType) ? 5 : 2,
    },
  };
}

function checkArgument(
  binder: Binder,
  group: Group,
  parameters: readonly Parameter[],
  parameterIndex: number,
  arg: BoundArgument,
  index: number,
  type: Type,
  strict: boolean,
): Failure | undefined {
  const parameter = parameters[parameterIndex];
  const position = index + (group.receiverIsFirst ? 0 : 1);
  const wanted = parameter?.mode ?? 'value';
  if (wanted !== arg.mode) {
    const message =
      wanted === 'value'
        ? `Argument ${position} may not be passed with the '${arg.mode}' keyword`
        : `Argument ${position} must be passed with the '${wanted}' keyword`;
    return { code: wanted === 'value' ? 'CS1615' : 'CS1620', message, at: arg, rank: 2 };
  }
  if (arg.mode !== 'value') {
    if (
      arg.value.kind === 'OutVariable' ||
      arg.value.kind === 'Discard' ||
      arg.value.type === errorType ||
      same(arg.value.type, type)
    ) {
      if (
        arg.value.kind === 'OutVariable' &&
        arg.value.local &&
        arg.value.local.type !== errorType &&
        arg.value.local.type.kind !== 'pseudo' &&
        !same(arg.value.local.type, type)
      ) {
        return cannot(
          arg,
          position,
          `${arg.mode} ${display(arg.value.local.type)}`,
          `${arg.mode} ${display(type)}`,
          index,
        );
      }
      return undefined;
    }
    return cannot(arg, position, `${arg.mode} ${display(arg.value.type)}`, `${arg.mode} ${display(type)}`, index);
  }
  if (converts(binder, arg.value, type, strict)) return undefined;
  return cannot(
    arg,
    position,
    arg.value.kind === 'MethodGroup' ? 'method group' : display(arg.value.type),
    display(type),
    index,
  );
}

const cannot = (arg: Span, position: number, from: string, to: string, index: number): Failure => ({
  code: 'CS1503',
  message: `Argument ${position}: cannot convert from '${from}' to '${to}'${from === 'char' && to === 'string' ? ': strings are written in double quotes' : ''}`,
  at: arg,
  rank: 3 + index / 100,
});

export function best(
  binder: Binder,
  group: Group,
  applicable: readonly Applicable<Candidate>[],
  args: readonly BoundArgument[],
): { found: Applicable<Candidate> } | { failure: Failure } {
  const [first] = applicable;
  if (applicable.length === 1 && first) return { found: first };
  const winner = applicable.find((a) => applicable.every((b) => a === b || isBetter(binder, a, b, args)));
  if (winner) return { found: winner };
  if (args.some((arg) => arg.value.type === errorType) && first) return { found: first };
  const [a, b] = applicable.map((x) => describe(x.candidate));
  return {
    failure: {
      code: 'CS0121',
      message: `The call is ambiguous between the following methods: '${a}' and '${b}'`,
      at: group.at,
      rank: 9,
    },
  };
}

export function describe({ method }: Candidate): string {
  return `${display(method.owner.open)}.${method.name}(${method.parameters.map((p) => display(p.type)).join(', ')})`;
}

const elementOf = (type: Type): Type => (type.kind === 'array' ? type.element : errorType);
