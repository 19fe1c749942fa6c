import type { Expression } from '../syntax/ast.ts';
import { bindAssignment, bindIncrement } from './assignments.ts';
import type { Binder } from './binder.ts';
import type { Bound } from './bound.ts';
import { bindCall } from './calls.ts';
import { bindConditionalAccess } from './conditional-access.ts';
import { explicitConversion } from './conversions.ts';
import { asValue, bestCommonType, convert, convertExplicit, converts } from './convert.ts';
import { bindAnonymous, bindArrayCreation } from './creations.ts';
import { bindIndex } from './element-access.ts';
import { bindInterpolated } from './interpolation.ts';
import { bindMember, bindName } from './member-access.ts';
import { bindNew } from './object-creation.ts';
import { bindBinary } from './operators.ts';
import { bindPattern } from './patterns.ts';
import { resolveType } from './type-syntax.ts';
import {
  defaultType,
  display,
  errorType,
  isNullable,
  isReferenceType,
  lambdaType,
  nullType,
  special,
  type Type,
  throwType,
  tupleLiteralType,
  typeNameType,
  voidType,
} from './types.ts';
import { bindUnary } from './unary-operators.ts';

/** Binds an expression that must have a value and a type of its own. */
export function bindValue(binder: Binder, syntax: Expression): Bound {
  const value = asValue(binder, bindExpression(binder, syntax));
  if (value.type !== voidType) return value;
  return binder.fail('CS8209', "A value of type 'void' cannot be used here", syntax);
}

/** Binds and converts implicitly to bool: a condition. */
export function bindCondition(binder: Binder, syntax: Expression): Bound {
  return convert(binder, bindExpression(binder, syntax), binder.bool, syntax);
}

export function bindExpression(binder: Binder, syntax: Expression): Bound {
  binder.step(syntax);
  const { start, end } = syntax;
  switch (syntax.kind) {
    case 'Literal': {
      const { type, value } = syntax.value;
      const named = binder.universe.keyword(type);
      return type === 'decimal'
        ? { kind: 'DecimalLiteral', type: named, digits: String(value), start, end }
        : binder.constant(value, named, syntax);
    }
    case 'Boolean':
      return binder.constant(syntax.value, binder.bool, syntax);
    case 'Null':
      return binder.constant(null, nullType, syntax);
    case 'Interpolated':
      return bindInterpolated(binder, syntax.parts, syntax);
    case 'Name':
      return bindName(binder, syntax);
    case 'Member':
      return bindMember(binder, syntax);
    case 'PredefinedType':
      return { kind: 'TypeName', type: typeNameType, named: resolveType(binder, syntax.type), start, end };
    case 'Index':
      return bindIndex(binder, syntax);
    case 'Call':
      return bindCall(binder, syntax);
    case 'ConditionalAccess':
      return bindConditionalAccess(binder, syntax);
    case 'Receiver':
      return binder.receiver ?? binder.error(syntax);
    case 'Unary':
      return bindUnary(binder, syntax);
    case 'Increment':
      return bindIncrement(binder, syntax);
    case 'Binary':
      return bindBinary(binder, syntax);
    case 'Assignment':
      return bindAssignment(binder, syntax);
    case 'Conditional':
      return bindConditional(binder, syntax);
    case 'Cast': {
      const type = resolveType(binder, syntax.type);
      return convertExplicit(binder, bindExpression(binder, syntax.operand), type, syntax);
    }
    case 'Is':
      return bindPattern(binder, syntax);
    case 'As':
      return bindAs(binder, syntax);
    case 'Lambda':
      return {
        kind: 'UnboundLambda',
        type: lambdaType,
        syntax,
        scope: binder.scope,
        checked: binder.checked,
        bodies: new Map(),
        start,
        end,
      };
    case 'New':
      return bindNew(binder, syntax);
    case 'NewAnonymous':
      return bindAnonymous(binder, syntax);
    case 'NewArray':
      return bindArrayCreation(binder, syntax);
    case 'ArrayInitializer':
      return binder.fail(
        'CS0622',
        'Can only use array initializer expressions to assign to array types. Try using a new expression instead.',
        syntax,
      );
    case 'Tuple':
      return bindTuple(binder, syntax);
    case 'Declaration':
      return binder.fail('CS8185', 'A declaration is not allowed in this context.', syntax);
    case 'Throw':
      return { kind: 'ThrowExpression', type: throwType, value: bindThrown(binder, syntax.value), start, end };
    case 'Typeof': {
      const named =
        syntax.type.kind === 'NamedType' && syntax.type.parts[0]?.name === 'void' && syntax.type.predefined
          ? voidType
          : resolveType(binder, syntax.type);
      if (named === errorType) return binder.error(syntax);
      return { kind: 'Typeof', type: binder.universe.known('System.Type'), named, start, end };
    }
    case 'Sizeof':
      return bindSizeof(binder, syntax);
    case 'Default': {
      if (!syntax.type) return { kind: 'DefaultLiteral', type: defaultType, start, end };
      const type = resolveType(binder, syntax.type);
      return convert(binder, { kind: 'DefaultLiteral', type: defaultType, start, end }, type);
    }
    case 'Checked':
      return bindChecked(binder, syntax);
  }
}

export function bindThrown(binder: Binder, syntax: Expression): Bound {
  const value = bindExpression(binder, syntax);
  const exception = binder.universe.known('System.Exception');
  if (value.type !== errorType && !converts(binder, value, exception)) {
    return binder.fail('CS0155', 'The type caught or thrown must be derived from System.Exception', syntax);
  }
  return convert(binder, value, exception);
}

function bindConditional(binder: Binder, syntax: Expression & { kind: 'Conditional' }): Bound {
  const condition = bindCondition(binder, syntax.condition);
  const whenTrue = bindExpression(binder, syntax.whenTrue);
  const whenFalse = bindExpression(binder, syntax.whenFalse);
  const { start, end } = syntax;
  if (whenTrue.type === errorType || whenFalse.type === errorType) return binder.error(syntax);
  const type = bestCommonType(binder, [whenTrue, whenFalse]);
  if (!type) {
    const [a, b] = [asValue(binder, whenTrue), asValue(binder, whenFalse)];
    if (a.type === errorType || b.type === errorType) return binder.error(syntax);
    return binder.fail(
      'CS0173',
      `Type of conditional expression cannot be determined because there is no implicit conversion between '${display(a.type)}' and '${display(b.type)}'`,
      syntax,
    );
  }
  const a = convert(binder, whenTrue, type);
  const b = convert(binder, whenFalse, type);
  const base: Bound = { kind: 'Conditional', type, condition, whenTrue: a, whenFalse: b, start, end };
  const chosen = condition.constant?.value === true ? a : condition.constant?.value === false ? b : undefined;
  return chosen?.constant && a.constant && b.constant ? { ...base, constant: chosen.constant } : base;
}

const isClassParameter = (type: Type) =>
  type.kind === 'parameter' && (type.keywords.includes('class') || type.constraints.length > 0);

function bindAs(binder: Binder, syntax: Expression & { kind: 'As' }): Bound {
  const operand = bindValue(binder, syntax.operand);
  const type = resolveType(binder, syntax.type);
  const { start, end } = syntax;
  if (operand.type === errorType || type === errorType) return binder.error(syntax);
  if (!isReferenceType(type) && !isNullable(type) && !isClassParameter(type)) {
    return binder.fail(
      'CS0077',
      `The as operator must be used with a reference type or nullable type ('${display(type)}' is a non-nullable value type)`,
      syntax,
    );
  }
  if (operand.type === nullType || converts(binder, operand, type)) {
    const conversion = explicitConversion(operand.type, type);
    if (operand.type === nullType || (conversion && conversion.kind !== 'user')) return convert(binder, operand, type);
  }
  const conversion = explicitConversion(operand.type, type);
  if (!conversion || conversion.kind === 'user' || conversion.kind === 'numeric') {
    return binder.fail(
      'CS0039',
      `Cannot convert type '${display(operand.type)}' to '${display(type)}' via a reference conversion, boxing conversion, unboxing conversion, wrapping conversion, or null type conversion`,
      syntax,
    );
  }
  return { kind: 'As', type, operand, start, end };
}

function bindTuple(binder: Binder, syntax: Expression & { kind: 'Tuple' }): Bound {
  const elements = syntax.elements.map((element) => bindExpression(binder, element.value));
  if (elements.some((element) => element.type === errorType)) return binder.error(syntax);
  const names = syntax.elements.map(
    ({ name, value }) =>
      name?.text ?? (value.kind === 'Name' ? value.name : value.kind === 'Member' ? value.name.text : null),
  );
  return { kind: 'TupleLiteral', type: tupleLiteralType, elements, names, start: syntax.start, end: syntax.end };
}

const sizes: Readonly<Record<string, number>> = {
  bool: 1,
  sbyte: 1,
  byte: 1,
  short: 2,
  ushort: 2,
  char: 2,
  int: 4,
  uint: 4,
  float: 4,
  long: 8,
  ulong: 8,
  double: 8,
  decimal: 16,
};

function bindSizeof(binder: Binder, syntax: Expression & { kind: 'Sizeof' }): Bound {
  const type = resolveType(binder, syntax.type);
  if (type === errorType) return binder.error(syntax);
  const size = sizes[special(type) ?? ''];
  if (size !== undefined) return binder.constant(size, binder.int, syntax);
  return binder.fail('CS0233', `'${display(type)}' does not have a predefined size`, syntax);
}

function bindChecked(binder: Binder, syntax: Expression & { kind: 'Checked' }): Bound {
  const { checked, uncheckedConstants } = binder;
  binder.checked = syntax.checked;
  binder.uncheckedConstants = !syntax.checked;
  try {
    return bindExpression(binder, syntax.operand);
  } finally {
    binder.checked = checked;
    binder.uncheckedConstants = uncheckedConstants;
  }
}
