import { descriptorCode, descriptors } from '../codec/descriptors.ts';
import { symbol, uint, ulong } from '../codec/typed.ts';
import type { AttachReply, CoordinatorTarget, Terminus } from '../contract.ts';
import { AmqpArray, AmqpMap, type AmqpValue, Described } from '../values.ts';
import { AmqpViolation } from '../violation.ts';
import { Fields } from './fields.ts';

/** Of `source` (3.5.3); undefined: null. @throws {AmqpViolation} */
export function sourceOf(value: AmqpValue): Terminus | undefined {
  if (value === null) return undefined;
  const fields = new Fields('source', listOf(value, descriptors.source, 'source'));
  return {
    address: fields.string(0, 'address'),
    durable: fields.number(1, 'durable', 'uint') ?? 0,
    expiryPolicy: fields.symbol(2, 'expiry-policy'),
    timeout: fields.number(3, 'timeout', 'uint') ?? 0,
    dynamic: fields.boolean(4, 'dynamic') ?? false,
    properties: fields.map(5, 'dynamic-node-properties'),
    filters: fields.map(7, 'filter'),
    capabilities: fields.symbols(10, 'capabilities'),
  };
}

/** Of `target` (3.5.4) or `coordinator` (4.5.1); undefined: null. @throws {AmqpViolation} */
export function targetOf(value: AmqpValue): Terminus | CoordinatorTarget | undefined {
  if (value === null) return undefined;
  if (value instanceof Described && descriptorCode(value.descriptor) === descriptors.coordinator) {
    const list = listOf(value, descriptors.coordinator, 'coordinator');
    return { isCoordinator: true, capabilities: new Fields('coordinator', list).symbols(0, 'capabilities') };
  }
  const fields = new Fields('target', listOf(value, descriptors.target, 'target'));
  return {
    address: fields.string(0, 'address'),
    durable: fields.number(1, 'durable', 'uint') ?? 0,
    expiryPolicy: fields.symbol(2, 'expiry-policy'),
    timeout: fields.number(3, 'timeout', 'uint') ?? 0,
    dynamic: fields.boolean(4, 'dynamic') ?? false,
    properties: fields.map(5, 'dynamic-node-properties'),
    filters: new AmqpMap(),
    capabilities: fields.symbols(6, 'capabilities'),
  };
}

function listOf(value: AmqpValue, descriptor: number, name: string): readonly AmqpValue[] {
  if (value instanceof Described && descriptorCode(value.descriptor) === descriptor && Array.isArray(value.value))
    return value.value;
  throw new AmqpViolation('amqp:decode-error', `A ${name} was expected.`);
}

/** The peer's source as it goes back: whole, with what the reply says. */
export function replySource(value: AmqpValue, reply: AttachReply): AmqpValue {
  const source = sourceOf(value);
  if (source === undefined) return null;
  const list = listOf(value, descriptors.source, 'source');
  return new Described(ulong(descriptors.source), [
    (source.dynamic ? reply.address : undefined) ?? source.address ?? null,
    uint(source.durable),
    symbol(source.expiryPolicy ?? 'session-end'),
    uint(source.timeout),
    source.dynamic,
    source.properties,
    list[6] ?? null,
    reply.filters ?? source.filters,
    list[8] ?? null,
    list[9] ?? null,
    symbols(source.capabilities),
  ]);
}

/** The peer's target as it goes back. */
export function replyTarget(value: AmqpValue, reply: AttachReply): AmqpValue {
  const target = targetOf(value);
  if (target === undefined) return null;
  if ('isCoordinator' in target) return new Described(ulong(descriptors.coordinator), [symbols(target.capabilities)]);
  return new Described(ulong(descriptors.target), [
    (target.dynamic ? reply.address : undefined) ?? target.address ?? null,
    uint(target.durable),
    symbol(target.expiryPolicy ?? 'session-end'),
    uint(target.timeout),
    target.dynamic,
    target.properties,
    symbols(target.capabilities),
  ]);
}

const symbols = (names: readonly string[]): AmqpValue =>
  names.length === 0 ? null : new AmqpArray('symbol', names.map(symbol));
