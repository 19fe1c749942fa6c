import type { Bound, BoundCall, BoundProperty } from '../bind/bound.ts';
import type { Parameter } from '../bind/members.ts';
import { errorType, isNullable, isReferenceType, special, type Type, voidType } from '../bind/types.ts';
import { throwNullReference } from '../runtime/operators.ts';
import { emitStore } from './emit-assignment.ts';
import { emitExpression } from './emit-expression.ts';
import { type Emitter, isUniformPosition } from './emitter.ts';

/** A call of a declared member or of a local function, with `out` and `ref` arguments in holders. */
export function emitCall(emitter: Emitter, node: BoundCall | (Bound & { kind: 'CallFunction' })): string {
  const parameters: readonly { readonly type: Type }[] =
    node.kind === 'Call' ? node.method.parameters : node.target.parameters;
  const holders: { name: string; target: Bound; open: Type }[] = [];
  const before: string[] = [];
  const args = node.args.map((arg, i) => {
    const open = parameters[i]?.type ?? errorType;
    if (arg.kind !== 'Reference') return emitArgument(emitter, arg, open);
    const name = emitter.extraTemp();
    const initial = arg.mode === 'ref' && arg.target ? emitArgument(emitter, arg.target, open) : 'null';
    before.push(`${name}={value:${initial}}`);
    if (arg.target) holders.push({ name, target: arg.target, open });
    return name;
  });
  const code = node.kind === 'Call' ? emitMethod(emitter, node, args) : `$f${node.target.id}(${args.join(',')})`;
  if (before.length === 0) return code;
  const stores = holders.map(({ name, target, open }) => {
    const value = isUniformPosition(open) ? emitter.fromUniform(target.type, `${name}.value`) : `${name}.value`;
    return emitStore(emitter, target, value);
  });
  if (node.type === voidType) return `(${[...before, code, ...stores].join(',')})`;
  const result = emitter.extraTemp();
  return `(${[...before, `${result}=${code}`, ...stores, result].join(',')})`;
}

function emitArgument(emitter: Emitter, arg: Bound, open: Type): string {
  const code = emitExpression(emitter, arg);
  return isUniformPosition(open) ? emitter.toUniform(arg.type, code) : code;
}

function emitMethod(emitter: Emitter, node: BoundCall, args: readonly string[]): string {
  const { method } = node;
  if (!isPure(method.owner.fullName)) emitter.reads.add('unfolded');
  const list = [...args];
  if (node.receiver) list.unshift(emitReceiver(emitter, node.receiver, method.owner.open));
  if (method.isGeneric) list.unshift(emitter.ref(typeList(emitter, node.typeArgs)));
  const call = `${emitter.ref(method.call)}(${list.join(',')})`;
  return method.kind !== 'constructor' && isUniformPosition(method.returnType)
    ? emitter.fromUniform(node.type, call)
    : constructed(emitter, node, call);
}

/** `new Nullable<T>(x)` gives a UNIFORM value, as every member of Nullable does. */
function constructed(emitter: Emitter, node: BoundCall, call: string): string {
  return node.method.kind === 'constructor' && isNullable(node.type) ? emitter.fromUniform(node.type, call) : call;
}

const typeLists = new WeakMap<object, Map<string, unknown>>();

/** The same list for the same types: it is a constant of the code. */
function typeList(emitter: Emitter, types: readonly Type[]): unknown {
  let lists = typeLists.get(emitter.types);
  if (!lists) {
    lists = new Map();
    typeLists.set(emitter.types, lists);
  }
  const key = types.map((type) => type.id).join();
  let list = lists.get(key);
  if (!list) {
    list = types.map((type) => emitter.types.of(type));
    if (lists.size < 5000) lists.set(key, list);
  }
  return list;
}

/** `self`: checked for null, and UNIFORM when the member is declared by a class or an interface. */
export function emitReceiver(emitter: Emitter, receiver: Bound, owner: Type): string {
  const code = emitExpression(emitter, receiver);
  if (isNullable(owner)) return emitter.toUniform(receiver.type, code);
  const value = isReferenceType(owner) && special(owner) !== 'string' ? emitter.toUniform(receiver.type, code) : code;
  return neverNull(receiver) ? value : `(${value}??${emitter.ref(throwNullReference)}())`;
}

/** Values that are there: no check. */
function neverNull(node: Bound): boolean {
  switch (node.kind) {
    case 'Context':
    case 'Concat':
    case 'Initialized':
    case 'Anonymous':
    case 'NewArray':
    case 'Tuple':
    case 'Lambda':
    case 'Typeof':
      return true;
    case 'Temp':
      // `x?.y` has tested it.
      return false;
    case 'Call':
      return node.method.kind === 'constructor' && !isNullable(node.type);
    default:
      if (node.constant) return node.constant.value !== null;
      return !isReferenceType(node.type) && !isNullable(node.type) && node.type.kind !== 'parameter';
  }
}

export function emitProperty(emitter: Emitter, node: BoundProperty): string {
  noteRead(emitter, node);
  const { property } = node;
  const args = node.args.map((arg, i) => emitArgument(emitter, arg, parameterType(property.parameters, i)));
  if (node.receiver) args.unshift(emitReceiver(emitter, node.receiver, property.owner.open));
  if (!isPure(property.owner.fullName)) emitter.reads.add('unfolded');
  const code = `${emitter.ref(property.get)}(${args.join(',')})`;
  return isUniformPosition(property.type) ? emitter.fromUniform(node.type, code) : code;
}

export const parameterType = (parameters: readonly Parameter[], index: number): Type =>
  parameters[index]?.type ?? errorType;

/** Types whose members depend on nothing but their arguments: an expression of these alone is a constant. */
function isPure(owner: string): boolean {
  return pure.has(owner);
}

const pure: ReadonlySet<string> = new Set(
  'String Char Boolean Byte SByte Int16 Int32 Int64 UInt16 UInt32 UInt64 Single Double Decimal Math Convert Object Nullable Enum Linq.Enumerable'
    .split(' ')
    .map((name) => `System.${name}`),
);

/** Which bodies must be there: `IRequest.Body`, and `IResponse.Body` of what may be `context.Response`. */
function noteRead(emitter: Emitter, node: BoundProperty): void {
  const { name, owner } = node.property;
  if (name === 'Body' && owner.shortName === 'IRequest') emitter.reads.add('requestBody');
  if (name === 'Body' && owner.shortName === 'IResponse') {
    if (node.receiver && isContextResponse(node.receiver)) emitter.reads.add('responseBody');
    else if (!isCast(node.receiver)) emitter.responseBodyElsewhere = true;
  }
  if (node.receiver && isContextResponse(node.receiver)) emitter.directResponses.add(node.receiver);
  if (isContextResponse(node) && !emitter.directResponses.has(node)) emitter.responseEscapes = true;
}

const isCast = (node: Bound | null) =>
  node?.kind === 'As' || (node?.kind === 'Convert' && node.conversion.kind === 'cast');

export const isContextResponse = (node: Bound): boolean =>
  node.kind === 'Property' &&
  node.property.name === 'Response' &&
  node.property.owner.shortName === 'IProxyRequestContext';
