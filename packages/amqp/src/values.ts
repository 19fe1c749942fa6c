/**
 * AMQP values in JavaScript (part 1). What has a counterpart is itself; numbers and the rest keep their AMQP type, because
 * peers look at it (a `statusCode` must be an int) and filters compute with it.
 *
 * | AMQP | here |
 * |---|---|
 * | null, boolean, string, binary | `null`, `boolean`, `string`, `Buffer` |
 * | list | array |
 * | map | `AmqpMap` |
 * | ubyte … ulong, byte … long, float, double, decimals, char, timestamp, uuid, symbol | `Typed` |
 * | array | `AmqpArray` |
 * | described | `Described` |
 */
export type AmqpValue =
  | null
  | boolean
  | string
  | Buffer
  | readonly AmqpValue[]
  | AmqpMap
  | Typed
  | AmqpArray
  | Described;

export type TypeName =
  | 'ubyte'
  | 'ushort'
  | 'uint'
  | 'ulong'
  | 'byte'
  | 'short'
  | 'int'
  | 'long'
  | 'float'
  | 'double'
  | 'decimal32'
  | 'decimal64'
  | 'decimal128'
  | 'char'
  | 'timestamp'
  | 'uuid'
  | 'symbol';

/**
 * `ulong` and `long` hold a `bigint` where a number cannot hold them exactly, `timestamp` milliseconds since 1970, `uuid` and
 * decimals their bytes (RFC order), `char` its code point, `symbol` a string.
 */
export class Typed {
  readonly type: TypeName;
  readonly value: number | bigint | string | Buffer;
  constructor(type: TypeName, value: number | bigint | string | Buffer) {
    this.type = type;
    this.value = value;
  }
}

/** In the order in which the entries came; keys that are no strings or symbols are kept too. */
export class AmqpMap {
  readonly entries: readonly (readonly [key: AmqpValue, value: AmqpValue])[];
  constructor(entries: readonly (readonly [key: AmqpValue, value: AmqpValue])[] = []) {
    this.entries = entries;
  }

  /** The value under a string or a symbol; undefined where there is none. The last one counts. */
  get(name: string): AmqpValue | undefined {
    for (let index = this.entries.length - 1; index >= 0; index--) {
      const [key, value] = this.entries[index]!;
      if (key === name || (key instanceof Typed && key.value === name)) return value;
    }
    return undefined;
  }

  get size(): number {
    return this.entries.length;
  }
}

export class AmqpArray {
  readonly items: readonly AmqpValue[];
  /** Type of the items: it stands even where there are none. */
  readonly type: TypeName | 'string' | 'binary' | 'boolean' | 'list' | 'map' | 'array' | 'described' | 'null';
  constructor(type: AmqpArray['type'], items: readonly AmqpValue[]) {
    this.type = type;
    this.items = items;
  }
}

export class Described {
  readonly descriptor: AmqpValue;
  readonly value: AmqpValue;
  constructor(descriptor: AmqpValue, value: AmqpValue) {
    this.descriptor = descriptor;
    this.value = value;
  }
}
