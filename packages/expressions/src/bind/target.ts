import type { CompileOptions } from '../compile.ts';
import type { Source } from '../syntax/parse.ts';
import type { Binder } from './binder.ts';
import type { Bound, BoundStatement } from './bound.ts';
import { asValue, convert, converts } from './convert.ts';
import { bindExpression } from './expressions.ts';
import { endReachable } from './reachability.ts';
import { bindStatements } from './statements.ts';
import { display, errorType, nullType, same, special, type Type, voidType } from './types.ts';

export interface BoundSource {
  readonly statements: readonly BoundStatement[];
  /** Of the whole expression, before it is converted to what the policy wants. */
  readonly type: Type;
}

/** Binds the whole expression and converts what it returns to what the policy wants. */
export function bindSource(binder: Binder, source: Source, target: CompileOptions['target']): BoundSource {
  if (source.kind === 'expression') {
    const value = asValue(binder, bindExpression(binder, source.body));
    const returned: BoundStatement = {
      kind: 'Return',
      value: toTarget(binder, value, target),
      start: value.start,
      end: value.end,
    };
    const declare: BoundStatement = { kind: 'Declare', locals: binder.hoisted, start: 0, end: 0 };
    return { statements: [declare, returned], type: value.type };
  }
  const statements = binder.inScope(() => bindStatements(binder, source.body.statements));
  const { returns } = binder.current;
  if (statements.every(endReachable)) {
    binder.report('CS0161', 'Not all code paths return a value', {
      start: Math.max(0, source.body.end - 1),
      end: source.body.end,
    });
  }
  const types = new Set<Type>();
  for (const statement of returns) {
    if (!statement.value) {
      binder.report('CS0126', `An object of a type convertible to '${target}' is required`, statement);
      continue;
    }
    const value = asValue(binder, statement.value);
    if (value.type !== nullType && value.type !== errorType) types.add(value.type);
    statement.value = toTarget(binder, value, target);
  }
  const [only] = types;
  return { statements, type: types.size === 1 && only ? only : binder.object };
}

function toTarget(binder: Binder, value: Bound, target: CompileOptions['target']): Bound {
  if (value.type === errorType) return value;
  if (value.type === voidType)
    return binder.fail('CS0029', `Cannot implicitly convert type 'void' to '${target}'`, value);
  if (target === 'object') return convert(binder, value, binder.object);
  if (target === 'string') return special(value.type) === 'string' ? value : convert(binder, value, binder.object);
  const wanted = binder.universe.keyword(target);
  if (same(value.type, wanted) || converts(binder, value, wanted)) return convert(binder, value, wanted);
  // Only a value whose type is not known before it runs is left to be converted then.
  if (special(value.type) === 'object') return value;
  return binder.fail('CS0029', `Cannot implicitly convert type '${display(value.type)}' to '${target}'`, value);
}
