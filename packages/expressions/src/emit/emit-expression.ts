import type { Bound, PatternTest } from '../bind/bound.ts';
import {
  errorType,
  fullName,
  isNullable,
  isReferenceType,
  isValueType,
  special,
  type Type,
  voidType,
} from '../bind/types.ts';
import { AnonymousObject } from '../runtime/anonymous-object.ts';
import { NetType } from '../runtime/net-type.ts';
import {
  arrayOfItems,
  bytesOfItems,
  elementAt,
  newArray,
  newBytes,
  throwException,
  throwNullReference,
} from '../runtime/operators.ts';
import { NetTuple } from '../runtime/tuple.ts';
import { emitAssign, emitUpdate } from './emit-assignment.ts';
import { emitCall, emitProperty } from './emit-call.ts';
import { emitConversion } from './emit-conversion.ts';
import { emitLambda } from './emit-function.ts';
import { emitBinary, emitConcat, emitLifted, emitUnary } from './emit-operator.ts';
import type { Emitter } from './emitter.ts';

/** The JavaScript of an expression; always a primary expression or in brackets. */
export function emitExpression(emitter: Emitter, node: Bound): string {
  if (node.constant) return emitter.literal(node.constant.value);
  switch (node.kind) {
    case 'Constant':
      throw new TypeError('A constant without a value was bound.');
    case 'DecimalLiteral':
      return emitter.ref(decimalOf(emitter, node.digits));
    case 'Default':
      return emitDefault(emitter, node.type);
    case 'Local':
      return emitter.local(node.symbol);
    case 'Context':
      emitter.reads.add('context');
      return '$c';
    case 'Temp':
      return emitter.temp(node.temp);
    case 'Convert':
      return emitConversion(emitter, node.conversion, emitExpression(emitter, node.operand), node.checked);
    case 'Call':
      return emitCall(emitter, node);
    case 'Property':
      return emitProperty(emitter, node);
    case 'Element': {
      const code = `${emitter.ref(elementAt)}(${emitExpression(emitter, node.array)},${emitExpression(emitter, node.index)})`;
      return special(node.type) === 'byte' ? code : emitter.fromUniform(node.type, code);
    }
    case 'Binary':
      return emitBinary(emitter, node);
    case 'Lifted':
      return emitLifted(emitter, node);
    case 'Logical':
      return `(${node.operands.map((operand) => emitExpression(emitter, operand)).join(node.operator)})`;
    case 'Concat':
      return emitConcat(emitter, node.parts);
    case 'Unary':
      return emitUnary(emitter, node);
    case 'Assign':
      return emitAssign(emitter, node, true);
    case 'Update':
      return emitUpdate(emitter, node, true);
    case 'Conditional':
      return `(${emitExpression(emitter, node.condition)}?${emitExpression(emitter, node.whenTrue)}:${emitExpression(emitter, node.whenFalse)})`;
    case 'Coalesce': {
      const left = emitExpression(emitter, node.left);
      if (node.whenNotNull.kind === 'Temp') return `(${left}??${emitExpression(emitter, node.right)})`;
      const temp = emitter.temp(node.temp);
      return `((${temp}=${left})!=null?${emitExpression(emitter, node.whenNotNull)}:${emitExpression(emitter, node.right)})`;
    }
    case 'ConditionalAccess': {
      const target = emitExpression(emitter, node.target);
      const temp = emitter.temp(node.temp);
      return `((${temp}=${target})==null?null:${emitExpression(emitter, node.rest)})`;
    }
    case 'Is': {
      const temp = emitter.temp(node.temp);
      const operand = emitExpression(emitter, node.operand);
      return operand === temp ? emitTest(emitter, node.test) : `(${temp}=${operand},${emitTest(emitter, node.test)})`;
    }
    case 'As': {
      const { test } = emitter.types.of(node.type);
      const temp = emitter.extraTemp();
      const uniform = emitter.toUniform(node.operand.type, emitExpression(emitter, node.operand));
      return `((${temp}=${uniform})!=null&&${emitter.ref(test)}(${temp})?${emitter.fromUniform(node.type, temp)}:null)`;
    }
    case 'Lambda':
      return emitLambda(emitter, node);
    case 'Initialized': {
      const temp = emitter.temp(node.temp);
      const steps = node.steps.map((step) => emitEffect(emitter, step));
      return `(${[`${temp}=${emitExpression(emitter, node.creation)}`, ...steps, temp].join(',')})`;
    }
    case 'Anonymous': {
      const values = node.values.map((value) => emitUniform(emitter, value));
      return `new ${emitter.ref(AnonymousObject)}(${emitter.ref(node.names)},[${values.join(',')}])`;
    }
    case 'NewArray':
      return emitNewArray(emitter, node);
    case 'Tuple':
      return `new ${emitter.ref(NetTuple)}("System.ValueTuple",[${node.elements.map((element) => emitUniform(emitter, element)).join(',')}])`;
    case 'TupleElement':
      return emitter.fromUniform(node.type, `${emitExpression(emitter, node.tuple)}.items[${node.index}]`);
    case 'Sequence': {
      const value = emitExpression(emitter, node.value);
      if (node.result.kind === 'Lambda') {
        // The lambda keeps the value: a parameter of its own, not a shared temporary.
        const name = `$t${node.temp.id}`;
        emitter.alias(node.temp, name);
        const guarded = isReferenceType(node.value.type) ? `(${value}??${emitter.ref(throwNullReference)}())` : value;
        return `((${name})=>${emitExpression(emitter, node.result)})(${guarded})`;
      }
      const temp = emitter.temp(node.temp);
      const steps = node.steps.map((step) => emitEffect(emitter, step));
      return `(${[`${temp}=${value}`, ...steps, emitExpression(emitter, node.result)].join(',')})`;
    }
    case 'Throw':
      return `${emitter.ref(throwException)}(${emitExpression(emitter, node.value)})`;
    case 'Typeof':
      return emitter.ref(netTypeOf(fullName(node.named)));
    case 'Invoke': {
      const target = `(${emitExpression(emitter, node.target)}??${emitter.ref(throwNullReference)}())`;
      const call = `${target}(${node.args.map((arg) => emitUniform(emitter, arg)).join(',')})`;
      return node.returns === voidType ? call : emitter.fromUniform(node.returns, call);
    }
    case 'CallFunction':
      return emitCall(emitter, node);
    case 'Reference':
    case 'Error':
    case 'UnboundLambda':
    case 'MethodGroup':
    case 'DefaultLiteral':
    case 'ThrowExpression':
    case 'TupleLiteral':
    case 'OutVariable':
    case 'Discard':
    case 'TypeName':
    case 'Namespace':
      throw new Error(`A '${node.kind}' node cannot be emitted.`);
  }
}

/** An expression whose value nobody wants. */
export function emitEffect(emitter: Emitter, node: Bound): string {
  if (node.kind === 'Assign') return emitAssign(emitter, node, false);
  if (node.kind === 'Update') return emitUpdate(emitter, node, false);
  return emitExpression(emitter, node);
}

export const emitUniform = (emitter: Emitter, node: Bound): string =>
  emitter.toUniform(node.type, emitExpression(emitter, node));

const netTypes = new Map<string, NetType>();
function netTypeOf(name: string): NetType {
  let type = netTypes.get(name);
  if (!type) {
    type = new NetType(name);
    if (netTypes.size < 1000) netTypes.set(name, type);
  }
  return type;
}

function emitDefault(emitter: Emitter, type: Type): string {
  const value = emitter.types.rawDefault(type);
  return typeof value === 'object' && value !== null ? emitter.ref(value) : emitter.literal(value);
}

/** Decimals are made by the declared type's own parser, once. */
function decimalOf(emitter: Emitter, digits: string): unknown {
  const { definition } = emitter.universe.keyword('decimal');
  for (const member of definition.members('Parse')) {
    if (member.kind !== 'method' || !member.isStatic) continue;
    const [first, second] = member.parameters;
    if (first && special(first.type) === 'string' && (!second || second.type === errorType)) {
      const parse: (...args: never[]) => unknown = member.call;
      return Reflect.apply(parse, undefined, [plainDigits(digits)]);
    }
  }
  throw new Error("The surface does not declare 'decimal Parse(string)'.");
}

/** `1e3` without the exponent, which Decimal.Parse does not take. */
function plainDigits(digits: string): string {
  const [mantissa = '', exponent] = digits.toLowerCase().split('e');
  if (exponent === undefined) return digits;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const point = whole.length + Number(exponent);
  const all = whole + fraction;
  if (Math.abs(point) > 64) return digits;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${all}`;
  return point >= all.length ? sign + all.padEnd(point, '0') : `${sign}${all.slice(0, point)}.${all.slice(point)}`;
}

function emitNewArray(emitter: Emitter, node: Bound & { kind: 'NewArray' }): string {
  const element = node.type.kind === 'array' ? node.type.element : errorType;
  if (special(element) === 'byte') {
    if (node.size && node.items.length === 0) return `${emitter.ref(newBytes)}(${emitExpression(emitter, node.size)})`;
    return `${emitter.ref(bytesOfItems)}([${node.items.map((item) => emitExpression(emitter, item)).join(',')}])`;
  }
  const name = emitter.ref(fullName(element));
  if (node.size && node.items.length === 0) {
    const initial = emitter.ref(emitter.types.uniformDefault(element));
    return `${emitter.ref(newArray)}(${name},${initial},${emitExpression(emitter, node.size)})`;
  }
  return `${emitter.ref(arrayOfItems)}(${name},[${node.items.map((item) => emitUniform(emitter, item)).join(',')}])`;
}

function emitTest(emitter: Emitter, test: PatternTest): string {
  switch (test.kind) {
    case 'constant':
      return emitExpression(emitter, test.condition);
    case 'any':
      return test.local ? `(${emitter.local(test.local)}=${emitExpression(emitter, test.value)},true)` : 'true';
    case 'type': {
      const check = emitTypeTest(emitter, test);
      if (!test.local) return check;
      return `(${check}&&(${emitter.local(test.local)}=${matchedValue(emitter, test)},true))`;
    }
  }
}

/** Does the value (a temporary of the operand's type) have the pattern's type? */
function emitTypeTest(emitter: Emitter, test: PatternTest & { kind: 'type' }): string {
  const { value } = test;
  const source = value.kind === 'Convert' ? value.operand : value;
  const code = emitExpression(emitter, source);
  const conversion = value.kind === 'Convert' ? value.conversion.kind : 'identity';
  if (conversion === 'unbox' || conversion === 'cast') {
    return `(${code}!=null&&${emitter.ref(emitter.types.of(test.type).test)}(${code}))`;
  }
  if (isValueType(source.type) && !isNullable(source.type)) return 'true';
  return `(${code}!=null)`;
}

/** Tested already: no second check. */
function matchedValue(emitter: Emitter, test: PatternTest & { kind: 'type' }): string {
  const { value } = test;
  if (value.kind === 'Convert' && (value.conversion.kind === 'unbox' || value.conversion.kind === 'cast')) {
    return emitter.fromUniform(test.type, emitExpression(emitter, value.operand));
  }
  return emitExpression(emitter, value);
}
