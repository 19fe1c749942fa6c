import type { Expression, MemberExpression, NameExpression } from '../syntax/ast.ts';
import type { Span } from '../syntax/problems.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { asValue } from './convert.ts';
import { bindExpression } from './expressions.ts';
import { extensionFits, hasExtensions } from './extension-methods.ts';
import { findMethods, findProperty, lookupTypes, memberNames, refusalOf } from './member-lookup.ts';
import { isLong } from './primitives.ts';
import type { TypeDefinition } from './type-definition.ts';
import { reportRefused, resolveType } from './type-syntax.ts';
import {
  display,
  errorType,
  isDelegate,
  isTuple,
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
      typeArgs: syntax.typeArgs?.map((arg) => resolveType(binder, arg)) ?? null,
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
  const parameter = arity === 0 ? binder.scope.findType(name) : undefined;
  if (parameter) return { kind: 'TypeName', type: typeNameType, named: parameter, start, end };
  const definition = binder.universe.find(name, arity);
  const reason = definition?.refusal('');
  if (definition && reason !== undefined) return refusedType(binder, definition, reason, syntax);
  if (definition)
    return typeName(definition.construct((syntax.typeArgs ?? []).map((arg) => resolveType(binder, arg))), syntax);
  if (arity === 0 && binder.universe.isNamespace(name))
    return { kind: 'Namespace', type: namespaceType, name, start, end };
  if (arity === 0 && [...binder.universe.findAnyArity(name)].length > 0) {
    return binder.fail('CS0305', `Using the generic type '${name}' requires type arguments`, syntax);
  }
  const known = [...binder.scope.names(), 'context', ...binder.universe.shortNames];
  binder.problems.reportOnce(
    'CS0103',
    `The name '${name}' does not exist in the current context.${binder.didYouMean(name, known)}`,
    syntax,
  );
  return binder.error(syntax);
}

function refusedType(binder: Binder, definition: TypeDefinition, reason: string, at: Span): Bound {
  reportRefused(binder, definition, reason, at);
  return binder.error(at);
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
  const reason = definition?.refusal('');
  if (definition && reason !== undefined) return refusedType(binder, definition, reason, syntax);
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
  if (type.kind === 'parameter')
    return binder.fail('CS0704', `'${type.name}' is a type parameter: it has no static members`, syntax.target);
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
  const hint = memberHint(binder, type, text) ?? binder.didYouMean(text, names);
  return binder.fail('CS1061', `'${display(type)}' does not contain a definition for '${text}'.${hint}`, syntax.name);
}

/** What people mean who take a JSON property for a member, an object for what it holds, or an array for its element. */
function memberHint(binder: Binder, type: Type, name: string): string | undefined {
  if (type.kind === 'array') {
    const has = memberNames(lookupTypes(binder, type.element)).has(name);
    return has
      ? ` Its elements have: take one, with [0] or First(). Of headers and queries GetValueOrDefault gives a string.`
      : undefined;
  }
  if (special(type) === 'object') return ` Cast it to its type first: ((string)value).${name}.`;
  const isJson = lookupTypes(binder, type).some((t) => t.definition.fullName === 'Newtonsoft.Json.Linq.JToken');
  const isMistyped = memberNames(lookupTypes(binder, type)).has(name[0]?.toUpperCase() + name.slice(1));
  return isJson && !isMistyped && /^[a-z_]/.test(name) ? ` Read the property with ["${name}"].` : undefined;
}

function tupleElement(receiver: Bound, name: string, at: Span): Bound | undefined {
  const { type } = receiver;
  if (!isTuple(type)) return undefined;
  let index = type.names?.indexOf(name) ?? -1;
  if (index < 0) index = /^Item[1-9]$/.test(name) ? Number(name.slice(4)) - 1 : -1;
  const element = type.args[index];
  return element && { kind: 'TupleElement', type: element, tuple: receiver, index, start: at.start, end: at.end };
}
