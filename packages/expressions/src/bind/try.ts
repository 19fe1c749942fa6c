import type { CatchClause, Statement, TryStatement } from '../syntax/ast.ts';
import type { Binder } from './binder.ts';
import type { Bound, BoundStatement, BoundTry } from './bound.ts';
import { callGroup } from './calls.ts';
import { bindCondition, bindValue } from './expressions.ts';
import { derivesFrom } from './hierarchy.ts';
import { findMethods, lookupTypes } from './member-lookup.ts';
import { bindBlock, bindEmbedded, bindLocals } from './statements.ts';
import { resolveType } from './type-syntax.ts';
import { display, errorType, isReferenceType, methodGroupType, type Type, voidType } from './types.ts';

export function bindTry(binder: Binder, statement: TryStatement): BoundStatement {
  const { start, end } = statement;
  const body = bindBlock(binder, statement.body);
  const caught: Type[] = [];
  let all = false;
  const catches = statement.catches.map((clause) => {
    if (all) binder.report('CS1017', 'Catch clauses cannot follow the general catch clause of a try statement', clause);
    const bound = bindCatch(binder, clause);
    if (bound.type && caught.some((earlier) => bound.type && derivesFrom(bound.type, earlier))) {
      binder.report(
        'CS0160',
        `A previous catch clause already catches all exceptions of this or of a super type ('${display(bound.type)}')`,
        clause.type ?? clause,
      );
    }
    if (bound.type && !clause.filter && bound.type !== errorType) caught.push(bound.type);
    if (!clause.type && !clause.filter) all = true;
    return bound;
  });
  const last = statement.finally && bindFinally(binder, statement.finally);
  return { kind: 'Try', body, catches, finally: last, start, end };
}

function bindFinally(binder: Binder, block: NonNullable<TryStatement['finally']>): BoundStatement {
  const { finallyFloor, inFinally } = binder;
  binder.finallyFloor = binder.loops.length;
  binder.inFinally = true;
  const bound = bindBlock(binder, block);
  binder.finallyFloor = finallyFloor;
  binder.inFinally = inFinally;
  return bound;
}

function bindCatch(binder: Binder, clause: CatchClause): BoundTry['catches'][number] {
  return binder.inScope(() => {
    const exception = binder.universe.known('System.Exception');
    let type = clause.type ? resolveType(binder, clause.type) : null;
    if (type && type !== errorType && !derivesFrom(type, exception)) {
      binder.report('CS0155', 'The type caught or thrown must be derived from System.Exception', clause.type ?? clause);
      type = errorType;
    }
    const local = clause.name && binder.newLocal(clause.name.text, type ?? exception, { isParameter: true });
    if (local && clause.name) binder.declare(local, clause.name);
    const outer = binder.hoisted;
    binder.hoisted = [];
    const filter = clause.filter && bindCondition(binder, clause.filter);
    const hoisted = binder.hoisted;
    binder.hoisted = outer;
    binder.inCatch++;
    const body = bindBlock(binder, clause.body);
    binder.inCatch--;
    return { type, local, filter, hoisted, body };
  });
}

/** `using (...) body`: the body in a `try`, `Dispose` in its `finally`. */
export function bindUsing(binder: Binder, statement: Statement & { kind: 'Using' }): BoundStatement {
  const { start, end, resource } = statement;
  return binder.inScope(() => {
    const declared = resource.kind === 'Local' ? bindLocals(binder, resource) : [];
    const owned: Bound[] = declared.flatMap((s): Bound[] =>
      s.kind === 'Local' ? [{ kind: 'Local', symbol: s.local, type: s.local.type, start: s.start, end: s.end }] : [],
    );
    if (resource.kind === 'Expression') {
      const value = bindValue(binder, resource.value);
      const local = binder.newLocal('', value.type);
      declared.push({ kind: 'Local', local, value, start, end });
      owned.push({ kind: 'Local', symbol: local, type: value.type, start: value.start, end: value.end });
    }
    let body = bindEmbedded(binder, statement.body);
    for (const value of owned.reverse()) {
      const dispose: BoundStatement = { kind: 'Expression', value: disposal(binder, value), start, end };
      body = {
        kind: 'Try',
        body,
        catches: [],
        finally: { kind: 'Block', statements: [dispose], start, end },
        start,
        end,
      };
    }
    return { kind: 'Block', statements: [...declared, body], start, end };
  });
}

function disposal(binder: Binder, value: Bound): Bound {
  const { start, end, type } = value;
  if (type === errorType) return value;
  const levels = findMethods(lookupTypes(binder, type), 'Dispose', false);
  if (levels.length === 0) {
    return binder.fail(
      'CS1674',
      `'${display(type)}': type used in a using statement must be implicitly convertible to 'System.IDisposable'`,
      value,
    );
  }
  const temp = binder.temp();
  const receiver: Bound = isReferenceType(type) ? { kind: 'Temp', temp, type, start, end } : value;
  const group = {
    kind: 'MethodGroup',
    type: methodGroupType,
    name: 'Dispose',
    receiver,
    on: type,
    levels,
    typeArgs: null,
    function: null,
    nameSpan: value,
    start,
    end,
  } as const;
  const call = callGroup(binder, group, [], value);
  return isReferenceType(type)
    ? { kind: 'ConditionalAccess', type: voidType, target: value, temp, rest: call, start, end }
    : call;
}
