import { type Padding, Rsa, type RsaParameters } from '../../runtime/crypto/rsa.ts';
import { netType } from '../../runtime/values.ts';
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

export const rsaTypes: readonly TypeDeclaration[] = [
  declareType({
    name: `${crypto}AsymmetricAlgorithm`,
    kind: 'class',
    interfaces: ['IDisposable'],
    test: (value) => value instanceof Rsa,
    members: {
      'int KeySize { get; }': (self: Rsa) => self.keySize,
      'void Clear()': (self: Rsa) => self.dispose(),
    },
  }),
  declareType({
    name: `${crypto}RSA`,
    kind: 'class',
    base: `${crypto}AsymmetricAlgorithm`,
    test: (value) => value instanceof Rsa,
    members: {
      'static RSA Create()': () => new Rsa(),
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
    },
    refused: {
      SignHash: 'use SignData.',
      VerifyHash: 'use VerifyData.',
      FromXmlString: 'use ImportParameters.',
      ToXmlString: 'use ExportParameters.',
    },
  }),
  ...['RSACryptoServiceProvider', 'RSACng'].map((name) =>
    declareType({
      name: crypto + name,
      kind: 'class',
      base: `${crypto}RSA`,
      test: (value) => value instanceof Rsa,
      members: { 'new()': () => new Rsa() },
    }),
  ),
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
