import type { Bound } from '../bind/bound.ts';
import { isIntegral, isLong } from '../bind/primitives.ts';
import { nullType, special } from '../bind/types.ts';
import { equalsOf, toStringOf } from '../runtime/object.ts';
import {
  concat,
  concatAll,
  divideInt,
  divideLong,
  divideUint,
  multiplyUint,
  remainderInt,
  remainderLong,
  remainderUint,
  shiftLeftLong,
  shiftLeftUlong,
  shiftRightLong,
} from '../runtime/operators.ts';
import { checkerOf } from './emit-conversion.ts';
import { emitExpression } from './emit-expression.ts';
import type { Emitter } from './emitter.ts';

export function emitBinary(emitter: Emitter, node: Bound & { kind: 'Binary' }): string {
  const { operator, operandKind } = node;
  // A comparison with null does not let `context.Response` out.
  if (operandKind === 'reference') for (const side of [node.left, node.right]) emitter.directResponses.add(side);
  const a = emitExpression(emitter, node.left);
  const b = emitExpression(emitter, node.right);
  switch (operator) {
    case '==':
    case '!=':
      return emitEquality(emitter, operator, operandKind, a, b);
    case '<':
    case '>':
    case '<=':
    case '>=':
      return `(${a}${operator}${b})`;
  }
  if (operandKind === 'bool') return operator === '^' ? `(${a}!==${b})` : `!!(${a}${operator}${b})`;
  if (operandKind === 'double') return `(${a}${operator}${b})`;
  if (operandKind === 'float') return `Math.fround(${a}${operator}${b})`;
  if (node.checked && ['+', '-', '*'].includes(operator) && isIntegral(operandKind))
    return emitCheckedArithmetic(emitter, operator, operandKind, a, b);
  if (isLong(operandKind)) return emitLong(emitter, operator, operandKind, a, b);
  return operandKind === 'uint' ? emitUint(emitter, operator, a, b) : emitInt(emitter, operator, a, b);
}

function emitEquality(emitter: Emitter, operator: '==' | '!=', kind: string, a: string, b: string): string {
  const not = operator === '!=' ? '!' : '';
  if (kind === 'equals') return `${not}${emitter.ref(equalsOf)}(${a},${b})`;
  // `== null` also takes a host's undefined for null.
  if (kind === 'reference') return `(${a}${operator}${b})`;
  return `(${a}${operator}=${b})`;
}

function emitCheckedArithmetic(emitter: Emitter, operator: string, kind: string, a: string, b: string): string {
  return `${emitter.ref(checkerOf(kind))}(${a}${operator}${b})`;
}

function emitInt(emitter: Emitter, operator: string, a: string, b: string): string {
  switch (operator) {
    case '+':
    case '-':
      return `(${a}${operator}${b}|0)`;
    case '*':
      return `Math.imul(${a},${b})`;
    case '/':
      return `${emitter.ref(divideInt)}(${a},${b})`;
    case '%':
      return `${emitter.ref(remainderInt)}(${a},${b})`;
    default:
      return `(${a}${operator}${b})`;
  }
}

function emitUint(emitter: Emitter, operator: string, a: string, b: string): string {
  switch (operator) {
    case '*':
      return `${emitter.ref(multiplyUint)}(${a},${b})`;
    case '/':
      return `${emitter.ref(divideUint)}(${a},${b})`;
    case '%':
      return `${emitter.ref(remainderUint)}(${a},${b})`;
    case '>>':
      return `(${a}>>>${b})`;
    default:
      return `((${a}${operator}${b})>>>0)`;
  }
}

function emitLong(emitter: Emitter, operator: string, kind: string, a: string, b: string): string {
  const signed = kind === 'long';
  switch (operator) {
    case '/':
      return `${emitter.ref(divideLong)}(${a},${b})`;
    case '%':
      return `${emitter.ref(remainderLong)}(${a},${b})`;
    case '<<':
      return `${emitter.ref(signed ? shiftLeftLong : shiftLeftUlong)}(${a},${b})`;
    case '>>':
      return `${emitter.ref(shiftRightLong)}(${a},${b})`;
    case '&':
    case '|':
    case '^':
      return `(${a}${operator}${b})`;
    default:
      return `BigInt.as${signed ? 'Int' : 'Uint'}N(64,${a}${operator}${b})`;
  }
}

export function emitUnary(emitter: Emitter, node: Bound & { kind: 'Unary' }): string {
  const a = emitExpression(emitter, node.operand);
  const { operator, operandKind } = node;
  if (operator === '!') return `!${a}`;
  if (operator === '~') {
    if (operandKind === 'uint') return `(~${a}>>>0)`;
    return operandKind === 'ulong' ? `BigInt.asUintN(64,~${a})` : `(~${a})`;
  }
  if (operandKind === 'double' || operandKind === 'float') return `(-${a})`;
  if (node.checked) return `${emitter.ref(checkerOf(operandKind))}(-${a})`;
  return operandKind === 'long' ? `BigInt.asIntN(64,-${a})` : `(-${a}|0)`;
}

export function emitLifted(emitter: Emitter, node: Bound & { kind: 'Lifted' }): string {
  const temps = node.temps.map((temp) => emitter.temp(temp));
  const assigns = node.operands.map((operand, i) => `${temps[i]}=${emitExpression(emitter, operand)}`);
  const missing = temps.map((temp) => `${temp}==null`);
  const body = emitExpression(emitter, node.body);
  const both = `${missing.join('&&')}`;
  const decides = (value: boolean) => `(${temps.map((temp) => `${temp}===${value}`).join('||')}?${value}:null)`;
  const whenNull = {
    null: 'null',
    false: 'false',
    equal: both,
    notEqual: `!(${both})`,
    '&': decides(false),
    '|': decides(true),
  }[node.whenNull];
  return `(${assigns.join(',')},${missing.join('||')}?${whenNull}:${body})`;
}

export function emitConcat(emitter: Emitter, parts: readonly Bound[]): string {
  const texts = parts.map((part) => emitText(emitter, part));
  const [a, b] = texts;
  if (texts.length === 1 && a !== undefined) return `(${a}??"")`;
  if (texts.length === 2) return `${emitter.ref(concat)}(${a},${b})`;
  return `${emitter.ref(concatAll)}([${texts.join(',')}])`;
}

/** A part of a concatenation as a string or null. */
function emitText(emitter: Emitter, part: Bound): string {
  const code = emitExpression(emitter, part);
  if (part.type === nullType) return 'null';
  switch (special(part.type)) {
    case 'string':
      return code;
    case 'int':
    case 'uint':
    case 'long':
    case 'ulong':
    case 'byte':
    case 'sbyte':
    case 'short':
    case 'ushort':
      return `(""+${code})`;
    case 'bool':
      return `(${code}?"True":"False")`;
    case 'char':
      return `String.fromCharCode(${code})`;
  }
  return `${emitter.ref(toStringOf)}(${emitter.toUniform(part.type, code)})`;
}
