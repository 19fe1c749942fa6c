import type { Span } from '../syntax/problems.ts';
import type { Binder } from './binder.ts';
import type { Bound, Candidate } from './bound.ts';
import { buildCall } from './calls.ts';
import { baseTypes } from './hierarchy.ts';
import type { MethodSymbol } from './members.ts';
import { type BoundArgument, resolveOverload } from './overloads.ts';
import { isNullable, isReferenceType, type NamedType, special, substitutionOf, type Type } from './types.ts';

/** An operator that the type of an operand declares; undefined when none is applicable. */
export function userOperator(
  binder: Binder,
  operator: string,
  operands: readonly Bound[],
  at: Span,
): Bound | undefined {
  const candidates = operatorsOf(
    operands.map((operand) => operand.type),
    operator,
    operands.length,
  );
  if (candidates.length === 0) return undefined;
  const args = operands.map(
    (value): BoundArgument => ({ name: null, mode: 'value', value, start: value.start, end: value.end }),
  );
  const resolved = resolveOverload(
    binder,
    { name: `operator ${operator}`, levels: [candidates], typeArgs: null, at },
    args,
  );
  if ('failure' in resolved) return undefined;
  // A lifted operator compares a nullable with null; the declared one would be called with null.
  if (operands.some((operand) => isNullable(operand.type))) return undefined;
  return buildCall(binder, resolved.found, null, args, at);
}

function operatorsOf(types: readonly Type[], operator: string, count: number): Candidate[] {
  const found = new Map<NamedType, Candidate[]>();
  for (const type of types) {
    for (let t: NamedType | null = declaring(type); t; t = baseTypes(t)) {
      const named: NamedType = t;
      if (found.has(named)) break;
      const methods = named.definition.members(operator).filter((m): m is MethodSymbol => m.kind === 'operator');
      const matching = methods.filter((m) => m.parameters.length === count);
      found.set(
        named,
        matching.map((method) => ({ method, substitution: substitutionOf(named) })),
      );
    }
  }
  return [...found.values()].flat();
}

/** Strings and the primitive numbers have the language's own operators; decimal declares its own. */
function declaring(type: Type): NamedType | null {
  if (type.kind !== 'named' || isNullable(type)) return null;
  const keyword = special(type);
  if (keyword !== undefined && keyword !== 'decimal') return null;
  return isReferenceType(type) && type.definition.kind === 'interface' ? null : type;
}
