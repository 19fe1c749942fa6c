import { AmqpArray, AmqpMap, type AmqpValue, Described, Typed } from '@lazuli/amqp';
import { ServiceBusError } from '../errors.ts';

/** Members of a map in a request, checked: `BadRequest` says which one is wrong and what was expected. */
export class RequestBody {
  readonly #map: AmqpMap;

  constructor(map: AmqpMap) {
    this.#map = map;
  }

  text(name: string): string {
    return this.optionalText(name) ?? refuse(name, 'a string');
  }

  optionalText(name: string): string | undefined {
    const value = plain(this.#map.get(name));
    if (value === undefined || value === null) return undefined;
    return typeof value === 'string' ? value : refuse(name, 'a string');
  }

  number(name: string): number {
    return this.optionalNumber(name) ?? refuse(name, 'a whole number');
  }

  optionalNumber(name: string): number | undefined {
    const value = this.#map.get(name);
    if (value === undefined || value === null) return undefined;
    return wholeNumber(value) ?? refuse(name, 'a whole number');
  }

  /** Milliseconds since 1970. */
  optionalTime(name: string): number | undefined {
    return this.optionalNumber(name);
  }

  boolean(name: string): boolean {
    return this.#map.get(name) === true;
  }

  bytes(name: string): Buffer {
    return this.optionalBytes(name) ?? refuse(name, 'binary');
  }

  optionalBytes(name: string): Buffer | undefined {
    const value = this.#map.get(name);
    if (value === undefined || value === null) return undefined;
    return Buffer.isBuffer(value) ? value : refuse(name, 'binary');
  }

  numbers(name: string): number[] {
    return this.#items(name).map((item) => wholeNumber(item) ?? refuse(name, 'whole numbers'));
  }

  /** 16 bytes each. */
  uuids(name: string): Buffer[] {
    return this.#items(name).map((item) =>
      item instanceof Typed && item.type === 'uuid' && Buffer.isBuffer(item.value) ? item.value : refuse(name, 'uuids'),
    );
  }

  maps(name: string): RequestBody[] {
    return this.#items(name).map((item) =>
      item instanceof AmqpMap ? new RequestBody(item) : refuse(name, 'a list of maps'),
    );
  }

  optionalMap(name: string): AmqpMap | undefined {
    const value = this.#map.get(name);
    if (value === undefined || value === null) return undefined;
    return value instanceof AmqpMap ? value : refuse(name, 'a map');
  }

  /** Arrays and lists alike: clients send both. */
  #items(name: string): readonly AmqpValue[] {
    const value = this.#map.get(name);
    if (value instanceof AmqpArray) return value.items;
    if (Array.isArray(value)) return value;
    // An array of one is sent as the one thing by some.
    return value === undefined || value === null ? refuse(name, 'an array') : [value];
  }
}

function refuse(name: string, expected: string): never {
  throw new ServiceBusError('BadRequest', { reason: `'${name}' of the request must be ${expected}.` });
}

/** Undefined: it is none, or larger than can be counted with. */
export function wholeNumber(value: AmqpValue): number | undefined {
  if (!(value instanceof Typed)) return undefined;
  const number = Number(value.value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** Symbols as strings; what is described as what it describes. */
export function plain(value: AmqpValue | undefined): AmqpValue | undefined {
  if (value instanceof Described) return plain(value.value);
  if (value instanceof Typed && value.type === 'symbol') return String(value.value);
  return value;
}

/** Properties as senders give them: names that are strings or symbols. */
export function propertiesOf(map: AmqpMap | undefined): ReadonlyMap<string, AmqpValue> | undefined {
  if (map === undefined || map.size === 0) return undefined;
  const properties = new Map<string, AmqpValue>();
  for (const [key, value] of map.entries) {
    const name = plain(key);
    if (typeof name === 'string') properties.set(name, value);
  }
  return properties;
}
