import type { ForeachStatement } from '../syntax/ast.ts';
import { deconstruct, placeOfDesignation } from './assignments.ts';
import type { Binder } from './binder.ts';
import type { Bound, BoundForeach, BoundStatement, LocalSymbol } from './bound.ts';
import { convertExplicit } from './convert.ts';
import { bindValue } from './expressions.ts';
import { derivesFrom, instanceOf } from './hierarchy.ts';
import { bindEmbedded, inLoop } from './statements.ts';
import { isVar, resolveType } from './type-syntax.ts';
import { display, errorType, special, substitute, substitutionOf, type Type } from './types.ts';

export function bindForeach(binder: Binder, statement: ForeachStatement): BoundStatement {
  const { start, end, designation } = statement;
  const id = binder.id();
  const source = bindValue(binder, statement.source);
  const how = enumeration(binder, source, statement);
  const current = binder.temp();
  const read: Bound =
    how.elementType === errorType
      ? binder.error(designation)
      : { kind: 'Temp', temp: current, type: how.elementType, start: designation.start, end: designation.end };
  const outer = binder.hoisted;
  binder.hoisted = [];
  const bound = binder.inScope((): BoundForeach => {
    const declaredType = isVar(statement.type) ? null : resolveType(binder, statement.type);
    let local: LocalSymbol | null = null;
    let value: Bound;
    if (designation.kind === 'Single') {
      const type = declaredType ?? how.elementType;
      local = binder.newLocal(designation.name ?? '_', type, { readOnly: 'foreach iteration variable' });
      binder.declare(local, designation);
      value = declaredType ? convertExplicit(binder, read, declaredType, designation) : read;
    } else {
      const steps: Bound[] = [];
      deconstruct(binder, placeOfDesignation(designation, declaredType), read, steps);
      value = { kind: 'Sequence', type: read.type, temp: binder.temp(), value: read, steps, result: read, start, end };
    }
    const declared = binder.hoisted;
    binder.hoisted = [];
    const body = inLoop(binder, id, () => bindEmbedded(binder, statement.body));
    return { kind: 'Foreach', id, source, ...how, current, local, value, declared, body, start, end };
  });
  binder.hoisted = outer;
  return bound;
}

function enumeration(
  binder: Binder,
  source: Bound,
  statement: ForeachStatement,
): Pick<BoundForeach, 'through' | 'elementType'> & { readonly source?: Bound } {
  const { type } = source;
  if (type === errorType) return { through: 'enumerable', elementType: errorType };
  if (type.kind === 'array') {
    return { through: special(type.element) === 'byte' ? 'bytes' : 'array', elementType: type.element };
  }
  if (special(type) === 'string') return { through: 'characters', elementType: binder.universe.keyword('char') };
  const own = ownEnumerator(binder, source);
  if (own) return own;
  const element = elementTypeOf(binder, type);
  if (element) return { through: 'enumerable', elementType: element };
  binder.report(
    'CS1579',
    `foreach statement cannot operate on variables of type '${display(type)}' because '${display(type)}' is not enumerable`,
    statement.source,
  );
  return { through: 'enumerable', elementType: errorType };
}

/** A `GetEnumerator()` of a class comes before its interfaces: a JObject has two of those. An interface is enumerated itself. */
function ownEnumerator(
  binder: Binder,
  source: Bound,
): (Pick<BoundForeach, 'through' | 'elementType'> & { readonly source: Bound }) | undefined {
  const { type, start, end } = source;
  const isClass = type.kind === 'named' && type.definition.kind !== 'interface';
  const member = isClass ? type.definition.members('GetEnumerator')[0] : undefined;
  if (member?.kind !== 'method' || member.parameters.length > 0) return undefined;
  const returned = type.kind === 'named' ? substitute(member.returnType, substitutionOf(type)) : member.returnType;
  const elementType = returned.kind === 'named' ? (returned.args[0] ?? binder.object) : binder.object;
  const call: Bound = {
    kind: 'Call',
    method: member,
    receiver: source,
    args: [],
    typeArgs: [],
    type: returned,
    start,
    end,
  };
  return { through: 'enumerable', elementType, source: call };
}

function elementTypeOf(binder: Binder, type: Type): Type | undefined {
  const generic = instanceOf(type, 'System.Collections.Generic.IEnumerable');
  if (generic) return generic.args[0] ?? binder.object;
  const plain = binder.universe.find('System.Collections.IEnumerable', 0)?.construct([]);
  return plain && derivesFrom(type, plain) ? binder.object : undefined;
}
