import { randomBytes } from 'node:crypto';
import { chargeMemory } from '../../runtime/budget.ts';
import { digestName, HashAlgorithm } from '../../runtime/crypto/hash.ts';
import { argumentNull, argumentOutOfRange } from '../../runtime/exceptions.ts';
import { equalsMember, toStringMember } from '../../runtime/object.ts';
import { netType, typeNameOf, type Uniform } from '../../runtime/values.ts';
import { declareType, type Implementation, type TypeDeclaration } from '../declare.ts';

export const crypto = 'System.Security.Cryptography.';

const named = (...names: readonly string[]) => {
  const full = new Set(names.map((name) => crypto + name));
  return (value: unknown) => full.has(typeNameOf(value) ?? '');
};

/** A digest with its classes: the abstract one, `...Managed`, `...CryptoServiceProvider` and `...Cng`. */
function digest(name: string, managed: boolean): TypeDeclaration[] {
  const node = name.toLowerCase();
  const variants = [managed ? [`${name}Managed`] : [], [`${name}CryptoServiceProvider`, `${name}Cng`]].flat();
  const make = () => new HashAlgorithm(`${name}CryptoServiceProvider`, node);
  return [
    declareType({
      name: crypto + name,
      kind: 'class',
      base: `${crypto}HashAlgorithm`,
      test: named(name, ...variants),
      members: {
        [`static ${name} Create()`]: make,
        'static byte[] HashData(byte[] source)': (data: Uint8Array | null) => make().compute(data),
      },
    }),
    ...variants.map((variant) =>
      declareType({
        name: crypto + variant,
        kind: 'class',
        base: crypto + name,
        members: { 'new()': () => new HashAlgorithm(variant, node) },
      }),
    ),
  ];
}

function hmac(name: string): TypeDeclaration {
  const node = name.slice(4).toLowerCase();
  const make = (key: Uint8Array | null) => {
    if (key === null) throw argumentNull('key');
    return HashAlgorithm.keyed(name, node, new Uint8Array(key));
  };
  return declareType({
    name: crypto + name,
    kind: 'class',
    base: `${crypto}HMAC`,
    members: {
      'new()': () => HashAlgorithm.keyed(name, node),
      'new(byte[] key)': make,
      'static byte[] HashData(byte[] key, byte[] source)': (key: Uint8Array | null, data: Uint8Array | null) =>
        make(key).compute(data),
    },
  });
}

const names = ['MD5', 'SHA1', 'SHA256', 'SHA384', 'SHA512'] as const;
const isHash = (value: unknown) => value instanceof HashAlgorithm;
const isKeyed = (value: unknown) => value instanceof HashAlgorithm && value.key !== null;

export class HashAlgorithmName {
  get [netType](): string {
    return `${crypto}HashAlgorithmName`;
  }
  readonly name: string | null;
  constructor(name: string | null) {
    this.name = name;
  }
  get node(): string {
    return digestName(this.name);
  }
  [toStringMember](): string {
    return this.name ?? '';
  }
  [equalsMember](other: Uniform): boolean {
    return other instanceof HashAlgorithmName && other.name === this.name;
  }
}

const nameMembers: Record<string, Implementation> = Object.fromEntries(
  names.map((name) => [`static HashAlgorithmName ${name} { get; }`, () => new HashAlgorithmName(name)]),
);

export const hashTypes: readonly TypeDeclaration[] = [
  declareType({
    name: `${crypto}HashAlgorithm`,
    kind: 'class',
    interfaces: ['IDisposable'],
    test: isHash,
    members: {
      'byte[] ComputeHash(byte[] buffer)': (self: HashAlgorithm, data: Uint8Array | null) => self.compute(data),
      'byte[] ComputeHash(byte[] buffer, int offset, int count)': (
        self: HashAlgorithm,
        data: Uint8Array | null,
        offset: number,
        count: number,
      ) => self.compute(data, offset, count),
      'byte[] Hash { get; }': (self: HashAlgorithm) => self.hash,
      'int HashSize { get; }': (self: HashAlgorithm) => self.hashSize,
      'void Initialize()': (self: HashAlgorithm) => {
        self.hash = null;
      },
      'void Clear()': (self: HashAlgorithm) => self.dispose(),
      'static HashAlgorithm Create(string hashName)': (name: string | null) => {
        if (name === null) throw argumentNull('hashName');
        const plain = name.slice(name.lastIndexOf('.') + 1);
        if (/^HMAC/i.test(plain)) return HashAlgorithm.keyed(plain.toUpperCase(), digestName(plain.slice(4)));
        const node = digestName(name);
        return new HashAlgorithm(`${node.toUpperCase()}CryptoServiceProvider`, node);
      },
    },
  }),
  declareType({
    name: `${crypto}KeyedHashAlgorithm`,
    kind: 'class',
    base: `${crypto}HashAlgorithm`,
    test: isKeyed,
    members: {
      'byte[] Key { get; set; }': {
        get: (self: HashAlgorithm) => self.key,
        set: (self: HashAlgorithm, key: Uint8Array | null) => {
          if (key === null) throw argumentNull('value');
          self.key = new Uint8Array(key);
        },
      },
    },
  }),
  declareType({
    name: `${crypto}HMAC`,
    kind: 'class',
    base: `${crypto}KeyedHashAlgorithm`,
    test: isKeyed,
    members: { 'string HashName { get; }': (self: HashAlgorithm) => self.name.toUpperCase() },
  }),
  ...names.flatMap((name) => digest(name, name.startsWith('SHA'))),
  ...names.map((name) => hmac(`HMAC${name}`)),
  declareType({
    name: `${crypto}HashAlgorithmName`,
    kind: 'struct',
    test: (value) => value instanceof HashAlgorithmName,
    members: {
      'new(string name)': (name: string | null) => new HashAlgorithmName(name),
      'string Name { get; }': (self: HashAlgorithmName) => self.name,
      'static bool operator ==(HashAlgorithmName a, HashAlgorithmName b)': (
        a: HashAlgorithmName,
        b: HashAlgorithmName,
      ) => a.name === b.name,
      'static bool operator !=(HashAlgorithmName a, HashAlgorithmName b)': (
        a: HashAlgorithmName,
        b: HashAlgorithmName,
      ) => a.name !== b.name,
      ...nameMembers,
    },
  }),
  ...randomTypes(),
];

function randomTypes(): TypeDeclaration[] {
  const type = `${crypto}RNGCryptoServiceProvider`;
  const make = () => ({ [netType]: type, dispose: () => {} });
  const fill = (_self: object, data: Uint8Array | null) => {
    if (data === null) throw argumentNull('data');
    data.set(randomBytes(data.length));
  };
  return [
    declareType({
      name: `${crypto}RandomNumberGenerator`,
      kind: 'class',
      interfaces: ['IDisposable'],
      test: (value) => typeNameOf(value) === type,
      members: {
        'void GetBytes(byte[] data)': fill,
        'void GetNonZeroBytes(byte[] data)': (_self: object, data: Uint8Array | null) => {
          if (data === null) throw argumentNull('data');
          for (let i = 0; i < data.length; ) {
            const byte = randomBytes(1)[0] ?? 0;
            if (byte !== 0) data[i++] = byte;
          }
        },
        'static RandomNumberGenerator Create()': make,
        'static byte[] GetBytes(int count)': (count: number) => {
          if (count < 0) throw argumentOutOfRange('count', 'Non-negative number required.');
          chargeMemory(count);
          return new Uint8Array(randomBytes(count));
        },
      },
    }),
    declareType({ name: type, kind: 'class', base: `${crypto}RandomNumberGenerator`, members: { 'new()': make } }),
  ];
}
