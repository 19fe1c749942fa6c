import { Ecdsa } from '../../runtime/crypto/ecdsa.ts';
import { digestName, HashAlgorithm } from '../../runtime/crypto/hash.ts';
import { type Padding, Rsa, type RsaParameters } from '../../runtime/crypto/rsa.ts';
import { fromRsaXml, toRsaXml } from '../../runtime/crypto/rsa-xml.ts';
import { argumentNull, argumentOutOfRange } from '../../runtime/exceptions.ts';
import { toStringOf } from '../../runtime/object.ts';
import { netType, type Uniform } from '../../runtime/values.ts';
import { declareType, type Implementation, type Out, type TypeDeclaration } from '../declare.ts';
import { crypto, type HashAlgorithmName } from './hash.ts';

class RsaPadding {
  readonly [netType]: string;
  readonly padding: Padding;
  readonly text: string;
  constructor(type: string, padding: Padding, text: string) {
    this[netType] = crypto + type;
    this.padding = padding;
    this.text = text;
  }
}

const signature = (kind: 'Pkcs1' | 'Pss') => new RsaPadding('RSASignaturePadding', { kind }, kind);
const signaturePkcs1 = signature('Pkcs1');
const signaturePss = signature('Pss');
const encryptionPkcs1 = new RsaPadding('RSAEncryptionPadding', { kind: 'Pkcs1' }, 'Pkcs1');
const oaep = Object.fromEntries(
  ['SHA1', 'SHA256', 'SHA384', 'SHA512'].map((hash) => [
    hash,
    new RsaPadding('RSAEncryptionPadding', { kind: 'Oaep', hash: hash.toLowerCase() }, `Oaep${hash}`),
  ]),
);

const fields = ['Modulus', 'Exponent', 'D', 'P', 'Q', 'DP', 'DQ', 'InverseQ'] as const;

class Parameters implements RsaParameters {
  get [netType](): string {
    return `${crypto}RSAParameters`;
  }
  Modulus: Uint8Array | null = null;
  Exponent: Uint8Array | null = null;
  D: Uint8Array | null = null;
  P: Uint8Array | null = null;
  Q: Uint8Array | null = null;
  DP: Uint8Array | null = null;
  DQ: Uint8Array | null = null;
  InverseQ: Uint8Array | null = null;
}

const parameterMembers: Record<string, Implementation> = Object.fromEntries(
  fields.map((field) => [
    `byte[] ${field} { get; set; }`,
    {
      get: (self: RsaParameters) => self[field],
      set: (self: RsaParameters, value: Uint8Array | null) => {
        self[field] = value;
      },
    },
  ]),
);

/** An `Import...(byte[] source, out int bytesRead)`. */
const importer =
  (type: 'pkcs1' | 'pkcs8' | 'spki', isPrivate: boolean) =>
  (self: Rsa, source: Uint8Array | null, read: Out<number>) => {
    read.value = self.importDer(source, type, isPrivate);
  };

function slice(data: Uint8Array | null, offset: number, count: number): Uint8Array {
  if (data === null) throw argumentNull('data');
  if (offset < 0 || offset > data.length) throw argumentOutOfRange('offset');
  if (count < 0 || count > data.length - offset) throw argumentOutOfRange('count');
  return data.subarray(offset, offset + count);
}

const hashMembers: Record<string, Implementation> = {
  'byte[] SignHash(byte[] hash, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)': (
    self: Rsa,
    hash: Uint8Array | null,
    algorithm: HashAlgorithmName,
    padding: RsaPadding | null,
  ) => self.signHash(hash, algorithm.node, (padding ?? signaturePkcs1).padding),
  'bool VerifyHash(byte[] hash, byte[] signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)': (
    self: Rsa,
    hash: Uint8Array | null,
    signed: Uint8Array | null,
    algorithm: HashAlgorithmName,
    padding: RsaPadding | null,
  ) => self.verifyHash(hash, signed, algorithm.node, (padding ?? signaturePkcs1).padding),
  'string ToXmlString(bool includePrivateParameters)': (self: Rsa, includePrivate: boolean) =>
    toRsaXml(self.exportParameters(includePrivate)),
  'void FromXmlString(string xmlString)': (self: Rsa, xml: string | null) => {
    if (xml === null) throw argumentNull('xmlString');
    self.importParameters(fromRsaXml(xml));
  },
};

/** `object halg`: the name of a hash, or an instance of it. */
function hashOf(algorithm: Uniform): string {
  if (algorithm === null) throw argumentNull('halg');
  return digestName(algorithm instanceof HashAlgorithm ? algorithm.name : toStringOf(algorithm));
}

/** What RSACryptoServiceProvider alone has: PKCS #1 signatures, and OAEP with SHA-1 or PKCS #1 for secrets. */
const providerMembers: Record<string, Implementation> = {
  'byte[] SignData(byte[] buffer, object halg)': (self: Rsa, data: Uint8Array | null, halg: Uniform) =>
    self.sign(data, hashOf(halg), signaturePkcs1.padding),
  'bool VerifyData(byte[] buffer, object halg, byte[] signature)': (
    self: Rsa,
    data: Uint8Array | null,
    halg: Uniform,
    signed: Uint8Array | null,
  ) => self.verify(data, signed, hashOf(halg), signaturePkcs1.padding),
  'byte[] SignHash(byte[] rgbHash, string str)': (self: Rsa, hash: Uint8Array | null, name: string | null) =>
    self.signHash(hash, digestName(name), signaturePkcs1.padding),
  'bool VerifyHash(byte[] rgbHash, string str, byte[] rgbSignature)': (
    self: Rsa,
    hash: Uint8Array | null,
    name: string | null,
    signed: Uint8Array | null,
  ) => self.verifyHash(hash, signed, digestName(name), signaturePkcs1.padding),
  'byte[] Encrypt(byte[] rgb, bool fOAEP)': (self: Rsa, data: Uint8Array | null, isOaep: boolean) =>
    self.encrypt(data, providerPadding(isOaep)),
  'byte[] Decrypt(byte[] rgb, bool fOAEP)': (self: Rsa, data: Uint8Array | null, isOaep: boolean) =>
    self.decrypt(data, providerPadding(isOaep)),
};

const providerPadding = (isOaep: boolean): Padding => (isOaep ? { kind: 'Oaep', hash: 'sha1' } : { kind: 'Pkcs1' });

export const rsaTypes: readonly TypeDeclaration[] = [
  declareType({
    name: `${crypto}AsymmetricAlgorithm`,
    kind: 'class',
    interfaces: ['IDisposable'],
    test: (value) => value instanceof Rsa || value instanceof Ecdsa,
    members: {
      'int KeySize { get; }': (self: Rsa | Ecdsa) => self.keySize,
      'void Clear()': (self: Rsa | Ecdsa) => self.dispose(),
    },
  }),
  declareType({
    name: `${crypto}RSA`,
    kind: 'class',
    base: `${crypto}AsymmetricAlgorithm`,
    test: (value) => value instanceof Rsa,
    members: {
      'static RSA Create()': () => new Rsa(),
      'static RSA Create(int keySizeInBits)': (bits: number) => Rsa.ofSize(bits),
      'static RSA Create(RSAParameters parameters)': (parameters: RsaParameters) => {
        const rsa = new Rsa();
        rsa.importParameters(parameters);
        return rsa;
      },
      'void ImportParameters(RSAParameters parameters)': (self: Rsa, parameters: RsaParameters) =>
        self.importParameters(parameters),
      'RSAParameters ExportParameters(bool includePrivateParameters)': (self: Rsa, includePrivate: boolean) =>
        Object.assign(new Parameters(), self.exportParameters(includePrivate)),
      'byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)': (
        self: Rsa,
        data: Uint8Array | null,
        hash: HashAlgorithmName,
        padding: RsaPadding | null,
      ) => self.sign(data, hash.node, (padding ?? signaturePkcs1).padding),
      'bool VerifyData(byte[] data, byte[] signature, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)': (
        self: Rsa,
        data: Uint8Array | null,
        signed: Uint8Array | null,
        hash: HashAlgorithmName,
        padding: RsaPadding | null,
      ) => self.verify(data, signed, hash.node, (padding ?? signaturePkcs1).padding),
      'byte[] SignData(byte[] data, int offset, int count, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)':
        (
          self: Rsa,
          data: Uint8Array | null,
          offset: number,
          count: number,
          hash: HashAlgorithmName,
          padding: RsaPadding | null,
        ) => self.sign(slice(data, offset, count), hash.node, (padding ?? signaturePkcs1).padding),
      'byte[] Encrypt(byte[] data, RSAEncryptionPadding padding)': (
        self: Rsa,
        data: Uint8Array | null,
        padding: RsaPadding | null,
      ) => self.encrypt(data, (padding ?? encryptionPkcs1).padding),
      'byte[] Decrypt(byte[] data, RSAEncryptionPadding padding)': (
        self: Rsa,
        data: Uint8Array | null,
        padding: RsaPadding | null,
      ) => self.decrypt(data, (padding ?? encryptionPkcs1).padding),
      'void ImportRSAPrivateKey(byte[] source, out int bytesRead)': importer('pkcs1', true),
      'void ImportPkcs8PrivateKey(byte[] source, out int bytesRead)': importer('pkcs8', true),
      'void ImportRSAPublicKey(byte[] source, out int bytesRead)': importer('pkcs1', false),
      'void ImportSubjectPublicKeyInfo(byte[] source, out int bytesRead)': importer('spki', false),
      'void ImportFromPem(string input)': (self: Rsa, pem: string | null) => self.importPem(pem),
      ...hashMembers,
    },
  }),
  declareType({
    name: `${crypto}RSACng`,
    kind: 'class',
    base: `${crypto}RSA`,
    test: (value) => value instanceof Rsa,
    members: { 'new()': () => new Rsa(), 'new(int keySize)': (bits: number) => Rsa.ofSize(bits) },
  }),
  declareType({
    name: `${crypto}RSACryptoServiceProvider`,
    kind: 'class',
    base: `${crypto}RSA`,
    test: (value) => value instanceof Rsa,
    members: { 'new()': () => new Rsa(), 'new(int dwKeySize)': (bits: number) => Rsa.ofSize(bits), ...providerMembers },
  }),
  declareType({
    name: `${crypto}RSAParameters`,
    kind: 'struct',
    test: (value) => value instanceof Parameters,
    members: { 'new()': () => new Parameters(), ...parameterMembers },
  }),
  declareType({
    name: `${crypto}RSASignaturePadding`,
    kind: 'class',
    members: {
      'static RSASignaturePadding Pkcs1 { get; }': () => signaturePkcs1,
      'static RSASignaturePadding Pss { get; }': () => signaturePss,
      'override string ToString()': (self: RsaPadding) => self.text,
    },
  }),
  declareType({
    name: `${crypto}RSAEncryptionPadding`,
    kind: 'class',
    members: {
      'static RSAEncryptionPadding Pkcs1 { get; }': () => encryptionPkcs1,
      ...Object.fromEntries(
        Object.entries(oaep).map(([hash, padding]) => [
          `static RSAEncryptionPadding Oaep${hash} { get; }`,
          () => padding,
        ]),
      ),
      'override string ToString()': (self: RsaPadding) => self.text,
    },
  }),
];
