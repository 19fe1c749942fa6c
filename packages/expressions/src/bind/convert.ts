import type { Span } from '../syntax/problems.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { foldConversion } from './constants.ts';
import { type Conversion, constantConversion, explicitConversion, implicitConversion } from './conversions.ts';
import { convertLambda, lambdaConverts } from './lambdas.ts';
import { convertMethodGroup, methodGroupConverts } from './method-groups.ts';
import { rangeOf } from './primitives.ts';
import {
  display,
  errorType,
  isDelegate,
  isNullable,
  isReferenceType,
  isTuple,
  nullType,
  special,
  type Type,
  voidType,
} from './types.ts';

/** Can the expression be converted implicitly? `strict`: a lambda whose body is wrong cannot. */
export function converts(binder: Binder, value: Bound, to: Type, strict = true): boolean {
  if (to === errorType || value.type === errorType) return true;
  switch (value.kind) {
    case 'UnboundLambda':
      return isDelegate(to) && lambdaConverts(binder, value, to, strict);
    case 'MethodGroup':
      return isDelegate(to) && methodGroupConverts(binder, value, to);
    case 'DefaultLiteral':
    case 'ThrowExpression':
    case 'OutVariable':
      return to !== voidType;
    case 'TupleLiteral':
      return tupleConverts(binder, value, to, strict);
    case 'TypeName':
    case 'Namespace':
    case 'Discard':
      return false;
    default:
      return conversionOf(value, to) !== undefined;
  }
}

/** The implicit conversion of a value that has a type. */
export function conversionOf(value: Bound, to: Type): Conversion | undefined {
  const conversion = implicitConversion(value.type, to);
  if (conversion || !value.constant) return conversion;
  return constantConversion(value.constant.value, value.type, to, rangeOf);
}

/** Converts implicitly, or reports why not (CS0029, CS0266 ...). */
export function convert(binder: Binder, value: Bound, to: Type, at: Span = value): Bound {
  if (to === errorType || value.type === errorType) return value;
  switch (value.kind) {
    case 'UnboundLambda':
      if (isDelegate(to)) return convertLambda(binder, value, to);
      return binder.fail(
        'CS1660',
        `Cannot convert lambda expression to type '${display(to)}' because it is not a delegate type`,
        at,
      );
    case 'MethodGroup':
      if (isDelegate(to)) return convertMethodGroup(binder, value, to);
      return binder.fail(
        'CS0428',
        `Cannot convert method group '${value.name}' to non-delegate type '${display(to)}'. Did you intend to invoke the method?`,
        at,
      );
    case 'DefaultLiteral':
      return { kind: 'Default', type: to, start: value.start, end: value.end, ...defaultConstant(to) };
    case 'ThrowExpression':
      return { kind: 'Throw', type: to, value: value.value, start: value.start, end: value.end };
    case 'TupleLiteral':
      return convertTuple(binder, value, to, at);
    case 'TypeName':
    case 'Namespace':
      return notAValue(binder, value, at);
    default: {
      const conversion = conversionOf(value, to);
      return conversion ? applyConversion(binder, value, to, conversion) : reportConversion(binder, value, to, at);
    }
  }
}

/** `(T)x`. */
export function convertExplicit(binder: Binder, value: Bound, to: Type, at: Span): Bound {
  if (to === errorType || value.type === errorType) return binder.error(at);
  if (converts(binder, value, to)) return { ...convert(binder, value, to, at), start: at.start, end: at.end };
  const conversion = value.type.kind === 'pseudo' ? undefined : explicitConversion(value.type, to);
  if (conversion) return { ...applyConversion(binder, value, to, conversion, at), start: at.start, end: at.end };
  if (value.type === nullType) {
    return binder.fail('CS0037', `Cannot convert null to '${display(to)}' because it is a non-nullable value type`, at);
  }
  if (value.kind === 'UnboundLambda' || value.kind === 'MethodGroup' || value.kind === 'TupleLiteral')
    return convert(binder, value, to, at);
  return binder.fail('CS0030', `Cannot convert type '${display(value.type)}' to '${display(to)}'`, at);
}

export function applyConversion(
  binder: Binder,
  value: Bound,
  to: Type,
  conversion: Conversion,
  at: Span = value,
): Bound {
  if (conversion.kind === 'identity' && value.type === to) return value;
  const { start, end } = value;
  if (conversion.kind === 'null') return { kind: 'Constant', type: to, constant: { value: null }, start, end };
  if (conversion.kind === 'numeric' && value.constant) {
    if (conversion.to === 'decimal')
      return { kind: 'DecimalLiteral', type: to, digits: String(value.constant.value), start, end };
    const folded = foldConversion(value.constant.value, conversion.to);
    if (folded.overflow && at !== value) {
      const shown = String(value.constant.value);
      if (!binder.uncheckedConstants) {
        return binder.fail(
          'CS0221',
          `Constant value '${shown}' cannot be converted to a '${display(to)}' (use 'unchecked' syntax to override)`,
          at,
        );
      }
    }
    return { kind: 'Constant', type: to, constant: { value: folded.value }, start, end };
  }
  return {
    kind: 'Convert',
    type: to,
    operand: value,
    conversion,
    checked: binder.checked,
    start,
    end,
    ...(conversion.kind === 'identity' && value.constant ? { constant: value.constant } : {}),
  };
}

function reportConversion(binder: Binder, value: Bound, to: Type, at: Span): Bound {
  const { type } = value;
  if (type === nullType) {
    return binder.fail('CS0037', `Cannot convert null to '${display(to)}' because it is a non-nullable value type`, at);
  }
  if (
    value.constant &&
    typeof value.constant.value !== 'string' &&
    rangeOf(special(to) ?? '') &&
    special(type) === 'int'
  ) {
    return binder.fail(
      'CS0031',
      `Constant value '${value.constant.value}' cannot be converted to a '${display(to)}'`,
      at,
    );
  }
  if (type.kind !== 'pseudo' && explicitConversion(type, to)) {
    return binder.fail(
      'CS0266',
      `Cannot implicitly convert type '${display(type)}' to '${display(to)}'. An explicit conversion exists (are you missing a cast?)`,
      at,
    );
  }
  return binder.fail('CS0029', `Cannot implicitly convert type '${display(type)}' to '${display(to)}'`, at);
}

function notAValue(binder: Binder, value: Bound, at: Span): Bound {
  if (value.kind === 'TypeName') {
    return binder.fail('CS0119', `'${display(value.named)}' is a type, which is not valid in the given context`, at);
  }
  return binder.fail(
    'CS0118',
    `'${value.kind === 'Namespace' ? value.name : '?'}' is a namespace but is used like a variable`,
    at,
  );
}

function tupleConverts(binder: Binder, value: Bound & { kind: 'TupleLiteral' }, to: Type, strict: boolean): boolean {
  const target = isNullable(to) ? to.args[0] : to;
  if (!target || !isTuple(target))
    return isReferenceType(to) && naturalTuple(binder, value) !== undefined && special(to) === 'object';
  if (target.args.length !== value.elements.length) return false;
  return value.elements.every((element, i) => converts(binder, element, target.args[i] ?? errorType, strict));
}

function convertTuple(binder: Binder, value: Bound & { kind: 'TupleLiteral' }, to: Type, at: Span): Bound {
  const target = isNullable(to) ? to.args[0] : to;
  if (!target || !isTuple(target) || target.args.length !== value.elements.length) {
    const natural = naturalTuple(binder, value);
    if (natural && natural.kind !== 'TupleLiteral' && conversionOf(natural, to))
      return convert(binder, natural, to, at);
    return binder.fail(
      'CS0029',
      `Cannot implicitly convert type '${natural ? display(natural.type) : 'tuple'}' to '${display(to)}'`,
      at,
    );
  }
  const elements = value.elements.map((element, i) => convert(binder, element, target.args[i] ?? errorType));
  const { start, end } = value;
  const tuple: Bound = { kind: 'Tuple', type: target, elements, start, end };
  return target === to ? tuple : convert(binder, tuple, to, at);
}

/** The tuple that a literal makes when its elements all have types. */
export function naturalTuple(binder: Binder, value: Bound & { kind: 'TupleLiteral' }): Bound | undefined {
  const elements = value.elements.map((element) => natural(binder, element));
  if (elements.some((element) => element.type.kind === 'pseudo')) return undefined;
  const type = binder.universe.tuple(
    elements.map((element) => element.type),
    value.names,
  );
  return type && { kind: 'Tuple', type, elements, start: value.start, end: value.end };
}

/** A tuple literal with elements that all have types becomes a tuple; everything else stays. */
function natural(binder: Binder, value: Bound): Bound {
  return value.kind === 'TupleLiteral' ? (naturalTuple(binder, value) ?? value) : value;
}

/** The value of an expression that must have a type of its own (an operand, a receiver, the value of a `var`). */
export function asValue(binder: Binder, value: Bound, at: Span = value): Bound {
  switch (value.kind) {
    case 'TypeName':
    case 'Namespace':
      return notAValue(binder, value, at);
    case 'TupleLiteral': {
      const tuple = naturalTuple(binder, value);
      return tuple ?? binder.fail('CS8129', 'A tuple of these elements has no type', at);
    }
    case 'MethodGroup':
      return binder.fail(
        'CS0119',
        `'${value.name}' is a method, which is not valid in the given context: call it with '()'`,
        value.nameSpan,
      );
    case 'UnboundLambda':
      return binder.fail('CS1660', 'A lambda expression is not valid here', at);
    case 'DefaultLiteral':
      return binder.fail('CS8716', "There is no target type for the default literal: write 'default(T)'", at);
    case 'ThrowExpression':
      return binder.fail('CS8115', 'A throw expression is not allowed in this context.', at);
    case 'OutVariable':
      return binder.fail('CS8185', 'A declaration is not allowed in this context.', at);
    case 'Discard':
      return binder.fail('CS0103', "The name '_' does not exist in the current context", at);
    default:
      return value;
  }
}

/** The first type to which all convert; undefined when there is none. */
export function bestCommonType(binder: Binder, values: readonly Bound[]): Type | undefined {
  const typed = values.map((value) => natural(binder, value));
  const candidates = new Set(typed.map((value) => value.type).filter((type) => type.kind !== 'pseudo'));
  for (const candidate of candidates) {
    if (typed.every((value) => converts(binder, value, candidate))) return candidate;
  }
  return undefined;
}

export function defaultConstant(type: Type): { constant?: { value: boolean | number | bigint | null } } {
  if (isReferenceType(type) || isNullable(type)) return { constant: { value: null } };
  const keyword = special(type);
  if (keyword === 'bool') return { constant: { value: false } };
  if (keyword === 'long' || keyword === 'ulong') return { constant: { value: 0n } };
  if (keyword === 'decimal') return {};
  if (keyword !== undefined || (type.kind === 'named' && type.definition.kind === 'enum'))
    return { constant: { value: 0 } };
  return {};
}
