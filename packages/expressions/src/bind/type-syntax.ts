import type { NamedTypeSyntax, TypeSyntax } from '../syntax/ast.ts';
import type { Span } from '../syntax/problems.ts';
import type { Binder } from './binder.ts';
import { fullNameOfKeyword } from './primitives.ts';
import type { TypeDefinition } from './type-definition.ts';
import { arrayOf, display, errorType, isNullable, isValueType, type Type, voidType } from './types.ts';

/** Is it the `var` of a declaration (no type has that name)? */
export const isVar = (syntax: TypeSyntax): boolean =>
  syntax.kind === 'NamedType' && !syntax.predefined && syntax.parts.length === 1 && syntax.parts[0]?.name === 'var';

/** The type that the syntax names; reports CS0246 and the like. */
export function resolveType(binder: Binder, syntax: TypeSyntax): Type {
  switch (syntax.kind) {
    case 'ArrayType': {
      if (syntax.rank > 1) {
        binder.report(
          'EXPR0007',
          "Rectangular arrays ('[,]') are not available in policy expressions: use an array of arrays ('[][]')",
          syntax,
        );
        return errorType;
      }
      const element = resolveType(binder, syntax.element);
      return element === errorType ? errorType : arrayOf(element);
    }
    case 'NullableType': {
      const element = resolveType(binder, syntax.element);
      if (element === errorType) return errorType;
      if (isValueType(element) && !isNullable(element)) return binder.universe.nullable(element);
      if (isNullable(element)) {
        binder.report(
          'CS0453',
          `The type '${display(element)}' must be a non-nullable value type in order to use it as parameter 'T' in 'Nullable<T>'`,
          syntax,
        );
      } else {
        binder.report(
          'CS8107',
          `C# 8 nullable reference types ('${display(element)}?'): not available in policy expressions, which are C# 7`,
          syntax,
        );
      }
      return errorType;
    }
    case 'TupleType': {
      const types = syntax.elements.map((element) => resolveType(binder, element.type));
      if (types.includes(errorType)) return errorType;
      const tuple = binder.universe.tuple(
        types,
        syntax.elements.map((element) => element.name),
      );
      if (tuple) return tuple;
      binder.report('CS8179', `A tuple of ${types.length} elements is not available in policy expressions`, syntax);
      return errorType;
    }
    case 'NamedType':
      return resolveNamed(binder, syntax);
  }
}

function resolveNamed(binder: Binder, syntax: NamedTypeSyntax): Type {
  const [only] = syntax.parts;
  if (!only) return errorType;
  if (syntax.predefined) {
    if (only.name === 'void') return voidType;
    return fullNameOfKeyword(only.name) ? binder.universe.keyword(only.name) : errorType;
  }
  const parameter = syntax.parts.length === 1 && only.args.length === 0 ? binder.scope.findType(only.name) : undefined;
  if (parameter) return parameter;
  const args = syntax.parts.flatMap((part) => part.args);
  const name = syntax.parts.map((part) => part.name).join('.');
  const definition = binder.universe.find(name, args.length);
  const reason = definition?.refusal('');
  if (definition && reason !== undefined) {
    reportRefused(binder, definition, reason, syntax);
    return errorType;
  }
  if (!definition || definition.kind === 'static') {
    if (definition)
      binder.report(
        'CS0723',
        `'${display(definition.construct([]))}' is a static type and cannot be used here`,
        syntax,
      );
    else reportUnknown(binder, name, args.length, syntax);
    for (const arg of args) resolveType(binder, arg);
    return errorType;
  }
  const types = args.map((arg) => resolveType(binder, arg));
  if (types.includes(errorType)) return errorType;
  const [first] = types;
  if (definition.fullName === 'System.Nullable' && first && !isValueType(first)) {
    binder.report(
      'CS0453',
      `The type '${display(first)}' must be a non-nullable value type in order to use it as parameter 'T' in 'Nullable<T>'`,
      syntax,
    );
    return errorType;
  }
  return definition.construct(types);
}

/** A type that is declared only to say why expressions do without it. */
export function reportRefused(binder: Binder, definition: TypeDefinition, reason: string, at: Span): void {
  binder.problems.reportOnce('EXPR0013', `'${definition.shortName}' is not available: ${reason}`, at);
}

/** What stands where a type may and is no type. */
const words = ['return', 'foreach', 'throw', 'string', 'bool', 'int', 'double', 'decimal', 'object', 'var'];

function reportUnknown(binder: Binder, name: string, arity: number, at: TypeSyntax): void {
  if (name === 'dynamic') {
    binder.report('EXPR0012', "'dynamic' is not available in policy expressions: use JObject, or the type itself", at);
    return;
  }
  const [other] = binder.universe.findAnyArity(name);
  if (other) {
    const count = other.typeParameters.length;
    if (count === 0)
      binder.problems.reportOnce(
        'CS0308',
        `The non-generic type '${other.shortName}' cannot be used with type arguments`,
        at,
      );
    else
      binder.problems.reportOnce(
        'CS0305',
        `Using the generic type '${display(other.open)}' requires ${count} type arguments`,
        at,
      );
    return;
  }
  const shown = arity > 0 ? `${name}<${','.repeat(arity - 1)}>` : name;
  binder.problems.reportOnce(
    'CS0246',
    `The type or namespace name '${shown}' could not be found: policy expressions do not have it.${binder.didYouMean(name, [...binder.universe.shortNames, ...words])}`,
    at,
  );
}
