import type { Expression, IndexExpression, MemberExpression, NameExpression } from '../syntax/ast.ts';
import type { Span } from '../syntax/problems.ts';
import type { Binder } from './binder.ts';
import type { Bound, Candidate } from './bound.ts';
import { bindArguments } from './calls.ts';
import { asValue, convert, converts } from './convert.ts';
import { bindExpression, bindValue } from './expressions.ts';
import { findIndexers, findMethods, findProperty, lookupTypes, memberNames, refusalOf } from './member-lookup.ts';
import type { MethodSymbol } from './members.ts';
import { type BoundArgument, resolveOverload } from './overloads.ts';
import { isLong } from './primitives.ts';
import { resolveType } from './type-syntax.ts';
import {
  display,
  errorType,
  isDelegate,
  isNullable,
  isReferenceType,
  isTuple,
  isValueType,
  methodGroupType,
  type NamedType,
  namespaceType,
  nullType,
  special,
  substitute,
  type Type,
  typeNameType,
  voidType,
} from './types.ts';

/** What stands before `(`: a method group is welcome there. */
export function bindCallee(binder: Binder, syntax: Expression): Bound {
  if (syntax.kind === 'Name') return bindName(binder, syntax);
  if (syntax.kind === 'Member') return bindMember(binder, syntax, true);
  return bindExpression(binder, syntax);
}

export function bindName(binder: Binder, syntax: NameExpression): Bound {
  const { name, start, end } = syntax;
  const symbol = binder.scope.find(name);
  if (symbol?.kind === 'local') {
    if (syntax.typeArgs)
      return binder.fail('CS0307', `The variable '${name}' cannot be used with type arguments`, syntax);
    const { constant } = symbol;
    return {
      kind: 'Local',
      symbol,
      type: symbol.type.kind === 'pseudo' && symbol.type !== errorType ? errorType : symbol.type,
      start,
      end,
      ...(constant ? { constant } : {}),
    };
  }
  if (symbol?.kind === 'function') {
    return {
      kind: 'MethodGroup',
      type: methodGroupType,
      name,
      receiver: null,
      on: errorType,
      levels: [],
      typeArgs: null,
      function: symbol,
      nameSpan: syntax,
      start,
      end,
    };
  }
  if (name === 'context' && !syntax.typeArgs && binder.contextType) {
    return { kind: 'Context', type: binder.contextType, start, end };
  }
  const arity = syntax.typeArgs?.length ?? 0;
  const definition = binder.universe.find(name, arity);
  if (definition)
    return typeName(definition.construct((syntax.typeArgs ?? []).map((arg) => resolveType(binder, arg))), syntax);
  if (arity === 0 && binder.universe.isNamespace(name))
    return { kind: 'Namespace', type: namespaceType, name, start, end };
  if (arity === 0 && [...binder.universe.findAnyArity(name)].length > 0) {
    return binder.fail('CS0305', `Using the generic type '${name}' requires type arguments`, syntax);
  }
  const known = [...binder.scope.names(), 'context', ...binder.universe.shortNames];
  return binder.fail(
    'CS0103',
    `The name '${name}' does not exist in the current context.${binder.didYouMean(name, known)}`,
    syntax,
  );
}

function typeName(named: NamedType, at: Span): Bound {
  return { kind: 'TypeName', type: typeNameType, named, start: at.start, end: at.end };
}

export function bindMember(binder: Binder, syntax: MemberExpression, called = false): Bound {
  const target =
    syntax.target.kind === 'PredefinedType'
      ? typeName(binder.universe.keyword(syntax.target.type.parts[0]?.name ?? 'object'), syntax.target)
      : bindExpression(binder, syntax.target);
  if (target.type === errorType) return binder.error(syntax);
  const typeArgs = syntax.typeArgs?.map((arg) => resolveType(binder, arg)) ?? null;
  if (target.kind === 'Namespace') return namespaceMember(binder, target.name, syntax, typeArgs);
  if (target.kind === 'TypeName') return staticMember(binder, target.named, syntax, typeArgs, called);
  const receiver = asValue(binder, target);
  if (receiver.type === errorType) return binder.error(syntax);
  if (receiver.type === nullType || receiver.type === voidType) {
    return binder.fail(
      'CS0023',
      `Operator '.' cannot be applied to operand of type '${display(receiver.type)}'`,
      syntax,
    );
  }
  return instanceMember(binder, receiver, syntax, typeArgs, called);
}

function namespaceMember(binder: Binder, namespace: string, syntax: MemberExpression, typeArgs: Type[] | null): Bound {
  const full = `${namespace}.${syntax.name.text}`;
  const definition = binder.universe.find(full, typeArgs?.length ?? 0);
  if (definition) return typeName(definition.construct(typeArgs ?? []), syntax);
  if (binder.universe.isNamespace(full))
    return { kind: 'Namespace', type: namespaceType, name: full, start: syntax.start, end: syntax.end };
  return binder.fail(
    'CS0234',
    `The type or namespace name '${syntax.name.text}' does not exist in the namespace '${namespace}': policy expressions do not have it`,
    syntax.name,
  );
}

function staticMember(
  binder: Binder,
  type: Type,
  syntax: MemberExpression,
  typeArgs: Type[] | null,
  called: boolean,
): Bound {
  const { text } = syntax.name;
  const { start, end } = syntax;
  if (type.kind !== 'named') return binder.error(syntax);
  const value = type.definition.enumValue(text);
  if (value !== undefined && type.definition.kind === 'enum') return binder.constant(value, type, syntax);
  const types = lookupTypes(binder, type);
  const found = findProperty(types, text, true);
  if (found && !called) {
    const { property, substitution } = found;
    const propertyType = substitute(property.type, substitution);
    const bound: Bound = { kind: 'Property', type: propertyType, property, receiver: null, args: [], start, end };
    return property.isConst ? { ...bound, ...constantOf(property.get, propertyType) } : bound;
  }
  const levels = findMethods(types, text, true);
  if (levels.length > 0) {
    return {
      kind: 'MethodGroup',
      type: methodGroupType,
      name: text,
      receiver: null,
      on: type,
      levels,
      typeArgs,
      function: null,
      nameSpan: syntax.name,
      start,
      end,
    };
  }
  if (found) {
    const { property, substitution } = found;
    return {
      kind: 'Property',
      type: substitute(property.type, substitution),
      property,
      receiver: null,
      args: [],
      start,
      end,
    };
  }
  const nested = binder.universe.find(`${type.definition.fullName}.${text}`, typeArgs?.length ?? 0);
  if (nested) return typeName(nested.construct(typeArgs ?? []), syntax);
  if (findProperty(types, text, false) || findMethods(types, text, false).length > 0) {
    return binder.fail(
      'CS0120',
      `An object reference is required for the non-static member '${display(type)}.${text}'`,
      syntax.name,
    );
  }
  const reason = refusalOf(types, text);
  if (reason !== undefined)
    return binder.fail('EXPR0013', `'${display(type)}.${text}' is not available: ${reason}`, syntax.name);
  return binder.fail(
    'CS0117',
    `'${display(type)}' does not contain a definition for '${text}'.${binder.didYouMean(text, memberNames(types))}`,
    syntax.name,
  );
}

function constantOf(
  get: ((...args: never[]) => unknown) | null,
  type: Type,
): { constant?: { value: number | bigint | string | boolean } } {
  if (!get || special(type) === undefined || special(type) === 'decimal') return {};
  const value = get();
  if (typeof value !== 'number' && typeof value !== 'bigint' && typeof value !== 'string' && typeof value !== 'boolean')
    return {};
  return (typeof value === 'bigint') === isLong(special(type)) ? { constant: { value } } : {};
}

function instanceMember(
  binder: Binder,
  receiver: Bound,
  syntax: MemberExpression,
  typeArgs: Type[] | null,
  called: boolean,
): Bound {
  const { text } = syntax.name;
  const { start, end } = syntax;
  const { type } = receiver;
  const types = lookupTypes(binder, type);
  const element = tupleElement(receiver, text, syntax);
  if (element) return element;
  if (called && text === 'Invoke' && isDelegate(type)) return receiver;
  const found = findProperty(types, text, false);
  const levels = findMethods(types, text, false);
  // C#, "Member lookup": what cannot be invoked is not looked at in an invocation, so that list.Count() is LINQ's.
  const skipped =
    called && found && !isDelegate(found.property.type) && (levels.length > 0 || hasExtensions(binder, text));
  if (found && !typeArgs && !skipped) {
    const { property, substitution } = found;
    return {
      kind: 'Property',
      type: substitute(property.type, substitution),
      property,
      receiver,
      args: [],
      start,
      end,
    };
  }
  if (levels.length > 0 || hasExtensions(binder, text)) {
    const group: Bound = {
      kind: 'MethodGroup',
      type: methodGroupType,
      name: text,
      receiver,
      on: type,
      levels,
      typeArgs,
      function: null,
      nameSpan: syntax.name,
      start,
      end,
    };
    if (levels.length > 0 || extensionFits(binder, receiver, text)) return group;
  }
  return unknownMember(binder, type, types, syntax, called);
}

function unknownMember(
  binder: Binder,
  type: Type,
  types: readonly NamedType[],
  syntax: MemberExpression,
  called: boolean,
): Bound {
  const { text } = syntax.name;
  const reason = refusalOf(types, text);
  if (reason !== undefined)
    return binder.fail('EXPR0013', `'${display(type)}.${text}' is not available: ${reason}`, syntax.name);
  if (findProperty(types, text, true) || findMethods(types, text, true).length > 0) {
    return binder.fail(
      'CS0176',
      `Member '${display(type)}.${text}' cannot be accessed with an instance reference; qualify it with the type name instead`,
      syntax.name,
    );
  }
  const names = memberNames(types);
  if (called) for (const name of binder.universe.extensionNames) names.add(name);
  return binder.fail(
    'CS1061',
    `'${display(type)}' does not contain a definition for '${text}'.${binder.didYouMean(text, names)}`,
    syntax.name,
  );
}

function tupleElement(receiver: Bound, name: string, at: Span): Bound | undefined {
  const { type } = receiver;
  if (!isTuple(type)) return undefined;
  let index = type.names?.indexOf(name) ?? -1;
  if (index < 0) index = /^Item[1-9]$/.test(name) ? Number(name.slice(4)) - 1 : -1;
  const element = type.args[index];
  return element && { kind: 'TupleElement', type: element, tuple: receiver, index, start: at.start, end: at.end };
}

const hasExtensions = (binder: Binder, name: string) => binder.universe.extensions(name).length > 0;

/** The extension methods of the name as candidates. */
export function extensionLevels(binder: Binder, name: string): readonly (readonly Candidate[])[] {
  const methods = binder.universe.extensions(name);
  return methods.length === 0 ? [] : [methods.map((method) => ({ method, substitution: new Map() }))];
}

/** Could some extension method of the name take the receiver? */
function extensionFits(binder: Binder, receiver: Bound, name: string): boolean {
  return binder.universe.extensions(name).some((method: MethodSymbol) => {
    const [self] = method.parameters;
    if (!self) return false;
    if (method.typeParameters.length === 0) return converts(binder, receiver, self.type);
    if (self.type.kind === 'parameter') return true;
    const group = {
      name,
      levels: [[{ method: { ...method, parameters: [self] }, substitution: new Map() }]],
      typeArgs: null,
      at: receiver,
    };
    const result = resolveOverload(binder, group, [
      { name: null, mode: 'value', value: receiver, start: receiver.start, end: receiver.end },
    ]);
    return 'found' in result || (result.failure.code === 'CS0411' && receiverMatches(binder, receiver, self.type));
  });
}

/** The receiver has the shape of the parameter although not all type arguments follow from it alone. */
function receiverMatches(binder: Binder, receiver: Bound, parameter: Type): boolean {
  if (parameter.kind !== 'named') return parameter.kind === 'array' && receiver.type.kind === 'array';
  const { fullName } = parameter.definition;
  return lookupTypes(binder, receiver.type).some((type) => type.definition.fullName === fullName);
}

export function bindIndex(binder: Binder, syntax: IndexExpression): Bound {
  const target = bindValue(binder, syntax.target);
  const args = bindArguments(binder, syntax.args);
  if (target.type === errorType) return binder.error(syntax);
  return indexInto(binder, target, args, syntax);
}

export function indexInto(binder: Binder, target: Bound, args: readonly BoundArgument[], at: Span): Bound {
  const { start, end } = at;
  const [first] = args;
  if (target.type.kind === 'array') {
    if (!first || args.length !== 1) return binder.fail('CS0022', `Wrong number of indices inside []; expected 1`, at);
    const index = arrayIndex(binder, first.value);
    return { kind: 'Element', type: target.type.element, array: target, index, start, end };
  }
  const levels = findIndexers(lookupTypes(binder, target.type));
  if (levels.length === 0)
    return binder.fail(
      'CS0021',
      `Cannot apply indexing with [] to an expression of type '${display(target.type)}'`,
      at,
    );
  const candidates = levels.map((level) =>
    level.map(({ property, substitution }) => ({ method: asMethod(property), substitution })),
  );
  const resolved = resolveOverload(binder, { name: 'this', levels: candidates, typeArgs: null, at }, args);
  if ('failure' in resolved) {
    if (!args.some((arg) => arg.value.type === errorType))
      binder.report(resolved.failure.code, resolved.failure.message, resolved.failure.at);
    return binder.error(at);
  }
  const { candidate, substitution } = resolved.found;
  const property = levels.flat().find((found) => found.property.parameters === candidate.method.parameters)?.property;
  if (!property) return binder.error(at);
  const converted = property.parameters.map((p, i) => {
    const arg = args[resolved.found.taken[i]?.[0] ?? i];
    return arg ? convert(binder, arg.value, substitute(p.type, substitution), arg) : binder.error(at);
  });
  return {
    kind: 'Property',
    type: substitute(property.type, substitution),
    property,
    receiver: target,
    args: converted,
    start,
    end,
  };
}

function asMethod(property: {
  name: string;
  owner: MethodSymbol['owner'];
  parameters: MethodSymbol['parameters'];
  type: Type;
}): MethodSymbol {
  const { owner, parameters, type } = property;
  return {
    kind: 'method',
    name: 'this',
    owner,
    isStatic: false,
    isExtension: false,
    typeParameters: [],
    parameters,
    returnType: type,
    call: () => null,
    isGeneric: false,
  };
}

function arrayIndex(binder: Binder, index: Bound): Bound {
  for (const keyword of ['int', 'uint', 'long', 'ulong']) {
    const type = binder.universe.keyword(keyword);
    if (converts(binder, index, type)) return convert(binder, index, type);
  }
  return convert(binder, index, binder.int);
}

/** `a?.b`, `a?[i]`. */
export function bindConditionalAccess(binder: Binder, syntax: Expression & { kind: 'ConditionalAccess' }): Bound {
  const target = bindValue(binder, syntax.target);
  const { start, end } = syntax;
  if (target.type === errorType) return binder.error(syntax);
  const inner = isNullable(target.type) ? (target.type.args[0] ?? errorType) : target.type;
  if (inner === target.type && !isReferenceType(target.type)) {
    return binder.fail('CS0023', `Operator '?' cannot be applied to operand of type '${display(target.type)}'`, syntax);
  }
  const temp = binder.temp();
  const outer = binder.receiver;
  binder.receiver = { kind: 'Temp', temp, type: inner, start: target.start, end: target.end };
  const bound = bindExpression(binder, syntax.rest);
  binder.receiver = outer;
  if (bound.type === errorType) return bound;
  const rest = asValue(binder, bound);
  if (rest.type === errorType || rest.type === voidType)
    return { kind: 'ConditionalAccess', type: rest.type, target, temp, rest, start, end };
  const type = isValueType(rest.type) && !isNullable(rest.type) ? binder.universe.nullable(rest.type) : rest.type;
  return { kind: 'ConditionalAccess', type, target, temp, rest, start, end };
}
