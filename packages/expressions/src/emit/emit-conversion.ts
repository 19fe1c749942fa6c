import type { Conversion } from '../bind/conversions.ts';
import type { MethodSymbol } from '../bind/members.ts';
import { isLong, isReal, widens } from '../bind/primitives.ts';
import { errorType, fullName, isNullable, special, type Type } from '../bind/types.ts';
import { invalidCast, NetException, nullReference } from '../runtime/exceptions.ts';
import { checker, nullableValue, realToInteger } from '../runtime/operators.ts';
import { NetTuple } from '../runtime/tuple.ts';
import { typeNameOf, unbox } from '../runtime/values.ts';
import { type Emitter, isUniformPosition } from './emitter.ts';

/** The code of `code` converted. */
export function emitConversion(emitter: Emitter, conversion: Conversion, code: string, checked: boolean): string {
  switch (conversion.kind) {
    case 'identity':
    case 'reference':
    case 'null':
      return code;
    case 'numeric':
      return emitNumeric(emitter, conversion.from, conversion.to, code, checked);
    case 'box':
      return emitter.toUniform(conversion.from, code);
    case 'unbox':
      return `${emitter.ref(unboxer(emitter, conversion.to))}(${code})`;
    case 'cast':
      return `${emitter.ref(caster(emitter, conversion.to))}(${code})`;
    case 'toNullable': {
      const inner = (value: string) => emitConversion(emitter, conversion.inner, value, checked);
      if (!conversion.lifted) return inner(code);
      if (conversion.inner.kind === 'identity') return code;
      const temp = emitter.extraTemp();
      return `((${temp}=${code})==null?null:${inner(temp)})`;
    }
    case 'fromNullable':
      return emitConversion(emitter, conversion.inner, `${emitter.ref(nullableValue)}(${code})`, checked);
    case 'user': {
      const before = emitConversion(emitter, conversion.before, code, checked);
      const result = callOperator(emitter, conversion.method, [[before, conversion.parameter]], conversion.result);
      return emitConversion(emitter, conversion.after, result, checked);
    }
    case 'tuple': {
      const temp = emitter.extraTemp();
      const items = conversion.parts.map((part, i) => {
        const from = conversion.from.args[i] ?? errorType;
        const item = emitter.fromUniform(from, `${temp}.items[${i}]`);
        return emitter.toUniform(conversion.to.args[i] ?? errorType, emitConversion(emitter, part, item, checked));
      });
      return `(${temp}=${code},new ${emitter.ref(NetTuple)}("System.ValueTuple",[${items.join(',')}]))`;
    }
  }
}

function callOperator(
  emitter: Emitter,
  method: MethodSymbol,
  args: readonly (readonly [string, Type])[],
  result: Type,
): string {
  const list = args.map(([code, type], i) =>
    isUniformPosition(method.parameters[i]?.type ?? errorType) ? emitter.toUniform(type, code) : code,
  );
  const call = `${emitter.ref(method.call)}(${list.join(',')})`;
  return isUniformPosition(method.returnType) ? emitter.fromUniform(result, call) : call;
}

function emitNumeric(emitter: Emitter, from: string, to: string, code: string, checked: boolean): string {
  if (from === to) return code;
  if (from === 'decimal' || to === 'decimal') return emitDecimal(emitter, from, to, code, checked);
  if (to === 'double') return isLong(from) ? `Number(${code})` : code;
  if (to === 'float') return `Math.fround(${isLong(from) ? `Number(${code})` : code})`;
  if (isReal(from)) return `${emitter.ref(realConverter(to, checked))}(${code})`;
  if (widens(from, to) && from !== 'char') return isLong(to) && !isLong(from) ? `BigInt(${code})` : code;
  if (checked && !widens(from, to)) return emitChecked(emitter, from, to, code);
  return emitWrapping(from, to, code);
}

function emitChecked(emitter: Emitter, from: string, to: string, code: string): string {
  const check = emitter.ref(checkerOf(to));
  if (isLong(to)) return isLong(from) ? `${check}(${code})` : `${check}(BigInt(${code}))`;
  return isLong(from) ? `Number(${check}(${code}))` : `${check}(${code})`;
}

function emitWrapping(from: string, to: string, code: string): string {
  if (isLong(to)) {
    const big = isLong(from) ? code : `BigInt(${code})`;
    return to === 'long' ? `BigInt.asIntN(64,${big})` : `BigInt.asUintN(64,${big})`;
  }
  const small = isLong(from) ? `Number(BigInt.asIntN(32,${code}))` : code;
  switch (to) {
    case 'sbyte':
      return `(${small}<<24>>24)`;
    case 'byte':
      return `(${small}&255)`;
    case 'short':
      return `(${small}<<16>>16)`;
    case 'ushort':
    case 'char':
      return `(${small}&65535)`;
    case 'uint':
      return `(${small}>>>0)`;
    default:
      return `(${small}|0)`;
  }
}

/** Conversions of decimal are operators that it declares; types that it does not name go through int, long or double. */
function emitDecimal(emitter: Emitter, from: string, to: string, code: string, checked: boolean): string {
  const other = from === 'decimal' ? to : from;
  for (const via of [other, 'int', 'long', 'double']) {
    const method = decimalOperator(emitter, from === 'decimal' ? 'decimal' : via, to === 'decimal' ? 'decimal' : via);
    if (!method) continue;
    const call = (value: string) => `${emitter.ref(method.call)}(${value})`;
    return from === 'decimal'
      ? emitNumeric(emitter, via, to, call(code), checked)
      : call(emitNumeric(emitter, from, via, code, checked));
  }
  throw new Error(`The surface does not declare a conversion between decimal and ${other}.`);
}

function decimalOperator(emitter: Emitter, from: string, to: string): MethodSymbol | undefined {
  const { definition } = emitter.universe.keyword('decimal');
  for (const member of [...definition.members('implicit'), ...definition.members('explicit')]) {
    if (member.kind !== 'implicit' && member.kind !== 'explicit') continue;
    const [parameter] = member.parameters;
    if (parameter && special(parameter.type) === from && special(member.returnType) === to) return member;
  }
  return undefined;
}

const checkers = new Map<string, (value: number | bigint) => number | bigint>();
export function checkerOf(kind: string): (value: number | bigint) => number | bigint {
  let check = checkers.get(kind);
  if (!check) {
    check = checker(kind);
    checkers.set(kind, check);
  }
  return check;
}

const realConverters = new Map<string, (value: number) => number | bigint>();
function realConverter(kind: string, checked: boolean): (value: number) => number | bigint {
  const key = `${kind} ${checked}`;
  let convert = realConverters.get(key);
  if (!convert) {
    convert = realToInteger(kind, checked);
    realConverters.set(key, convert);
  }
  return convert;
}

const unboxers = new WeakMap<object, (value: unknown) => unknown>();

/** UNIFORM `object` to a value type, checked. */
function unboxer(emitter: Emitter, to: Type): (value: unknown) => unknown {
  let made = unboxers.get(to);
  if (!made) {
    const inner = isNullable(to) ? to.args[0] : to;
    const { test } = emitter.types.of(inner);
    const nullable = inner !== to;
    made = (value) => {
      if (value === null || value === undefined) {
        if (nullable) return null;
        throw nullReference();
      }
      if (test(value)) return unbox(value);
      throw new NetException('System.InvalidCastException', 'Specified cast is not valid.');
    };
    unboxers.set(to, made);
  }
  return made;
}

const casters = new WeakMap<object, (value: unknown) => unknown>();

function caster(emitter: Emitter, to: Type): (value: unknown) => unknown {
  let made = casters.get(to);
  if (!made) {
    const { test } = emitter.types.of(to);
    made = (value) => {
      if (value === null || value === undefined) return null;
      if (test(value)) return value;
      throw invalidCast(typeNameOf(value) ?? 'System.Object', fullName(to));
    };
    casters.set(to, made);
  }
  return made;
}
