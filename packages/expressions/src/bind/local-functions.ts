import type { LocalFunctionStatement } from '../syntax/ast.ts';
import type { Binder } from './binder.ts';
import type { BoundStatement, FunctionParameterSymbol, FunctionSymbol } from './bound.ts';
import { convert } from './convert.ts';
import { bindExpression } from './expressions.ts';
import { endReachable } from './reachability.ts';
import { Scope } from './scope.ts';
import { bindBlock, bindStatementExpression } from './statements.ts';
import { resolveType } from './type-syntax.ts';
import { voidType } from './types.ts';

const declared = new WeakMap<LocalFunctionStatement, FunctionSymbol>();

/** Local functions are known in their whole block. */
export function declareLocalFunction(binder: Binder, statement: LocalFunctionStatement): void {
  const returnType = resolveType(binder, statement.returnType);
  const parameters = statement.parameters.map((p): FunctionParameterSymbol => {
    const type = resolveType(binder, p.type);
    const mode = p.mode === 'ref' || p.mode === 'out' ? p.mode : 'value';
    if (p.mode === 'this') binder.report('CS1106', 'Extension methods must be defined in a static class', p);
    const local = binder.newLocal(p.name, type, { isParameter: mode !== 'out', byReference: mode !== 'value' });
    return { name: p.name, type, mode, isParams: p.mode === 'params', defaultValue: p.defaultValue, local };
  });
  const symbol: FunctionSymbol = {
    kind: 'function',
    name: statement.name.text,
    id: binder.id(),
    parameters,
    returnType,
  };
  binder.declare(symbol, statement.name);
  declared.set(statement, symbol);
}

export function bindLocalFunction(binder: Binder, statement: LocalFunctionStatement): BoundStatement {
  const symbol = declared.get(statement);
  const { start, end, body } = statement;
  if (!symbol) return { kind: 'Empty', start, end };
  const { scope, current, hoisted, loops, switches, inCatch, finallyFloor, inFinally } = binder;
  binder.scope = new Scope(scope);
  binder.current = { returnType: symbol.returnType, returns: [], parent: current };
  binder.hoisted = [];
  binder.loops = [];
  binder.switches = [];
  binder.inCatch = 0;
  binder.finallyFloor = 0;
  binder.inFinally = false;
  symbol.parameters.forEach((p, i) => {
    binder.declare(p.local, statement.parameters[i] ?? statement);
  });
  let bound: BoundStatement;
  if (body.kind === 'Block') {
    bound = bindBlock(binder, body);
    if (symbol.returnType !== voidType && endReachable(bound)) {
      binder.report('CS0161', `'${symbol.name}': not all code paths return a value`, statement.name);
    }
  } else {
    bound = { kind: 'Return', value: null, start: body.start, end: body.end };
    if (symbol.returnType === voidType)
      bound = { kind: 'Expression', value: bindStatementExpression(binder, body), start: body.start, end: body.end };
    else bound = { ...bound, value: convert(binder, bindExpression(binder, body), symbol.returnType, body) };
    bound = {
      kind: 'Block',
      statements: [{ kind: 'Declare', locals: binder.hoisted, start, end: start }, bound],
      start,
      end,
    };
  }
  Object.assign(binder, { scope, current, hoisted, loops, switches, inCatch, finallyFloor, inFinally });
  return { kind: 'Function', symbol, body: bound, start, end };
}
