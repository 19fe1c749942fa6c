import type { LocalFunctionStatement, TypeParameterSyntax } from '../syntax/ast.ts';
import type { Span } from '../syntax/problems.ts';
import type { Binder } from './binder.ts';
import type { BoundStatement, FunctionSymbol } from './bound.ts';
import { implicitConversion } from './conversions.ts';
import { bindFunctionBody, makeSymbol } from './local-functions.ts';
import { Scope } from './scope.ts';
import { resolveType } from './type-syntax.ts';
import { display, errorType, isNullable, isReferenceType, isValueType, type Type, TypeParameter } from './types.ts';

/** More instances than this are of a function that calls itself with ever new types. */
const mostInstances = 50;

/** A generic local function: its body is checked once with open types, and bound again for every list of type arguments. */
export interface GenericDeclaration {
  /** With open types. */
  readonly symbol: FunctionSymbol;
  /** Reports what is wrong with the body whatever the types are. */
  check(): void;
  /** The bodies of the instances that were asked for since the last time. */
  bindPending(): BoundStatement[];
}

export function declareGenericFunction(binder: Binder, statement: LocalFunctionStatement): GenericDeclaration {
  const declaring = binder.scope;
  const typeParameters = statement.typeParameters.map(({ name }) => new TypeParameter(name));
  const open = scopeOf(declaring, statement, typeParameters);
  statement.typeParameters.forEach((syntax, i) => {
    const parameter = typeParameters[i];
    if (!parameter) return;
    parameter.constraints = inScope(binder, open, () => constraintTypes(binder, syntax));
    parameter.keywords = syntax.constraints.filter((one) => typeof one === 'string');
  });
  const instances = new Map<string, FunctionSymbol>();
  let pending: { readonly symbol: FunctionSymbol; readonly scope: Scope }[] = [];

  const instantiate = (types: readonly Type[], at: Span): FunctionSymbol | undefined => {
    if (!checkConstraints(binder, statement, typeParameters, types, at)) return undefined;
    const key = types.map((type) => type.id).join();
    const known = instances.get(key);
    if (known) return known;
    if (++binder.instances > mostInstances) {
      binder.report('EXPR0004', `'${statement.name.text}' is called with too many different types.`, at);
      return undefined;
    }
    const scope = scopeOf(declaring, statement, types);
    const symbol = inScope(binder, scope, () => makeSymbol(binder, statement));
    instances.set(key, symbol);
    // A call in a generic body has open types still: its instances call what is needed.
    if (!types.some(isOpen)) pending.push({ symbol, scope });
    return symbol;
  };

  const generic = { typeParameters, instantiate };
  const symbol = inScope(binder, open, () => makeSymbol(binder, statement, generic));
  return {
    symbol,
    check: () => {
      bindFunctionBody(binder, statement, symbol, open);
    },
    bindPending: () => {
      const taken = pending;
      pending = [];
      return taken.map((instance) => bindFunctionBody(binder, statement, instance.symbol, instance.scope));
    },
  };
}

function scopeOf(within: Scope, statement: LocalFunctionStatement, types: readonly Type[]): Scope {
  const scope = new Scope(within);
  statement.typeParameters.forEach(({ name }, i) => {
    scope.addType(name, types[i] ?? errorType);
  });
  return scope;
}

function inScope<T>(binder: Binder, scope: Scope, body: () => T): T {
  const outer = binder.scope;
  binder.scope = scope;
  try {
    return body();
  } finally {
    binder.scope = outer;
  }
}

const constraintTypes = (binder: Binder, { constraints }: TypeParameterSyntax): Type[] =>
  constraints.flatMap((one) => (typeof one === 'string' ? [] : [resolveType(binder, one)]));

function isOpen(type: Type): boolean {
  switch (type.kind) {
    case 'parameter':
      return true;
    case 'array':
      return isOpen(type.element);
    case 'named':
      return type.args.some(isOpen);
    case 'pseudo':
      return false;
  }
}

function checkConstraints(
  binder: Binder,
  statement: LocalFunctionStatement,
  parameters: readonly TypeParameter[],
  types: readonly Type[],
  at: Span,
): boolean {
  return statement.typeParameters.every(({ name, constraints }, i) => {
    const type = types[i] ?? errorType;
    if (isOpen(type) || type === errorType) return true;
    const broken = constraints.find((one) => typeof one === 'string' && !keywordHolds(one, type));
    if (typeof broken === 'string') {
      const wanted = broken === 'class' ? 'a reference type' : 'a non-nullable value type';
      const [code, message] =
        broken === 'new'
          ? ['CS0310', `'${display(type)}' must be a type with a public parameterless constructor`]
          : [broken === 'class' ? 'CS0452' : 'CS0453', `The type '${display(type)}' must be ${wanted}`];
      binder.report(code, `${message} in order to use it as parameter '${name}' in '${statement.name.text}'`, at);
      return false;
    }
    const bounds = parameters[i]?.constraints ?? [];
    const missing = bounds.find((constraint) => !isOpen(constraint) && !implicitConversion(type, constraint));
    if (!missing) return true;
    binder.report(
      'CS0311',
      `The type '${display(type)}' cannot be used as type parameter '${name}' in '${statement.name.text}': there is no conversion to '${display(missing)}'`,
      at,
    );
    return false;
  });
}

function keywordHolds(keyword: 'class' | 'struct' | 'new', type: Type): boolean {
  switch (keyword) {
    case 'class':
      return isReferenceType(type);
    case 'struct':
      return isValueType(type) && !isNullable(type);
    case 'new':
      return (
        isValueType(type) ||
        (type.kind === 'named' &&
          type.definition.members('').some((m) => m.kind === 'constructor' && m.parameters.length === 0))
      );
  }
}
