import type { LocalFunctionStatement, Statement } from '../syntax/ast.ts';
import type { Binder } from './binder.ts';
import type { BoundStatement, FunctionParameterSymbol, FunctionSymbol } from './bound.ts';
import { convert } from './convert.ts';
import { bindExpression } from './expressions.ts';
import { declareGenericFunction, type GenericDeclaration } from './generic-functions.ts';
import { endReachable } from './reachability.ts';
import type { Scope } from './scope.ts';
import { bindBlock, bindStatementExpression } from './statements.ts';
import { resolveType } from './type-syntax.ts';
import { display, errorType, type Type, voidType } from './types.ts';

const declared = new WeakMap<LocalFunctionStatement, FunctionSymbol>();
const genericOnes = new WeakMap<LocalFunctionStatement, GenericDeclaration>();

/** Local functions are known in their whole block. */
export function declareLocalFunction(binder: Binder, statement: LocalFunctionStatement): void {
  let symbol: FunctionSymbol;
  if (statement.typeParameters.length > 0) {
    const generic = declareGenericFunction(binder, statement);
    genericOnes.set(statement, generic);
    symbol = generic.symbol;
  } else symbol = makeSymbol(binder, statement);
  binder.declare(symbol, statement.name);
  declared.set(statement, symbol);
}

/** The function with the types that its syntax names in the current scope. */
export function makeSymbol(
  binder: Binder,
  statement: LocalFunctionStatement,
  generic: FunctionSymbol['generic'] = null,
): FunctionSymbol {
  const returnType = resolveType(binder, statement.returnType);
  const parameters = statement.parameters.map((p): FunctionParameterSymbol => {
    const type = resolveType(binder, p.type);
    const mode = p.mode === 'ref' || p.mode === 'out' ? p.mode : 'value';
    if (p.mode === 'this') binder.report('CS1106', 'Extension methods must be defined in a static class', p);
    if (mode !== 'value' && statement.isIterator)
      binder.report('CS1623', 'Iterators cannot have ref or out parameters', p);
    const local = binder.newLocal(p.name, type, { isParameter: mode !== 'out', byReference: mode !== 'value' });
    return { name: p.name, type, mode, isParams: p.mode === 'params', defaultValue: p.defaultValue, local };
  });
  return { kind: 'function', name: statement.name.text, id: binder.id(), parameters, returnType, generic };
}

export function bindLocalFunction(binder: Binder, statement: LocalFunctionStatement): BoundStatement[] {
  const generic = genericOnes.get(statement);
  if (generic) {
    generic.check();
    return [];
  }
  const symbol = declared.get(statement);
  return symbol ? [bindFunctionBody(binder, statement, symbol, binder.scope)] : [];
}

/** The instances of the generic functions of a block: bound at its end, when all calls are known but those of instances. */
export function bindInstances(statements: readonly Statement[]): BoundStatement[] {
  const generics = statements.flatMap((statement) =>
    statement.kind === 'LocalFunction' ? (genericOnes.get(statement) ?? []) : [],
  );
  const bound: BoundStatement[] = [];
  for (let found = true; found; ) {
    const made = generics.flatMap((generic) => generic.bindPending());
    bound.push(...made);
    found = made.length > 0;
  }
  return bound;
}

/** Binds the body in a new scope in `within`. */
export function bindFunctionBody(
  binder: Binder,
  statement: LocalFunctionStatement,
  symbol: FunctionSymbol,
  within: Scope,
): BoundStatement {
  const { start, end } = statement;
  const yields = statement.isIterator ? yieldedType(binder, statement, symbol.returnType) : undefined;
  const body = binder.insideFunction(within, { returnType: symbol.returnType, yields, returns: [] }, () => {
    symbol.parameters.forEach((p, i) => {
      binder.declare(p.local, statement.parameters[i] ?? statement);
    });
    return bindBody(binder, statement, symbol);
  });
  return { kind: 'Function', symbol, body, isIterator: statement.isIterator, start, end };
}

function bindBody(binder: Binder, statement: LocalFunctionStatement, symbol: FunctionSymbol): BoundStatement {
  const { body } = statement;
  if (body.kind === 'Block') {
    const bound = bindBlock(binder, body);
    if (symbol.returnType !== voidType && !statement.isIterator && endReachable(bound)) {
      binder.report('CS0161', `'${symbol.name}': not all code paths return a value`, statement.name);
    }
    return bound;
  }
  const { start, end } = body;
  const bound: BoundStatement =
    symbol.returnType === voidType
      ? { kind: 'Expression', value: bindStatementExpression(binder, body), start, end }
      : { kind: 'Return', value: convert(binder, bindExpression(binder, body), symbol.returnType, body), start, end };
  return {
    kind: 'Block',
    statements: [{ kind: 'Declare', locals: binder.hoisted, start, end: start }, bound],
    start,
    end,
  };
}

/** The T of the IEnumerable<T> that an iterator returns. */
function yieldedType(binder: Binder, statement: LocalFunctionStatement, returnType: Type): Type {
  if (returnType.kind === 'named') {
    const { fullName } = returnType.definition;
    if (fullName === 'System.Collections.Generic.IEnumerable') return returnType.args[0] ?? errorType;
    if (fullName === 'System.Collections.IEnumerable') return binder.object;
  }
  if (returnType !== errorType)
    binder.report(
      'CS1624',
      `The body of '${statement.name.text}' cannot be an iterator block because '${display(returnType)}' is not IEnumerable<T>`,
      statement.name,
    );
  return errorType;
}
