import {
  CipherMode,
  type CryptoTransform,
  PaddingMode,
  SymmetricAlgorithm,
  symmetricAlgorithm,
} from '../../runtime/crypto/symmetric.ts';
import { typeNameOf } from '../../runtime/values.ts';
import { declareType, type Implementation, type TypeDeclaration } from '../declare.ts';
import { crypto } from './hash.ts';

type Bytes = Uint8Array | null;

function concrete(name: string, base: string, algorithm: string): TypeDeclaration {
  return declareType({
    name: crypto + name,
    kind: 'class',
    base: crypto + base,
    test: (value) => typeNameOf(value) === crypto + algorithm,
    members: { 'new()': () => symmetricAlgorithm(algorithm) },
  });
}

function abstract(name: string, algorithm: string): TypeDeclaration {
  return declareType({
    name: crypto + name,
    kind: 'class',
    base: `${crypto}SymmetricAlgorithm`,
    test: (value) => typeNameOf(value) === crypto + algorithm,
    members: { [`static ${name} Create()`]: () => symmetricAlgorithm(algorithm) },
  });
}

export const symmetricTypes: readonly TypeDeclaration[] = [
  declareType({ name: `${crypto}CipherMode`, kind: 'enum', values: CipherMode }),
  declareType({ name: `${crypto}PaddingMode`, kind: 'enum', values: PaddingMode }),
  declareType({
    name: `${crypto}ICryptoTransform`,
    kind: 'interface',
    interfaces: ['IDisposable'],
    members: {
      'byte[] TransformFinalBlock(byte[] inputBuffer, int inputOffset, int inputCount)': (
        self: CryptoTransform,
        data: Bytes,
        offset: number,
        count: number,
      ) => self.final(data, offset, count),
      'int InputBlockSize { get; }': (self: CryptoTransform) => self.blockSize,
      'int OutputBlockSize { get; }': (self: CryptoTransform) => self.blockSize,
    },
    refused: { TransformBlock: 'give the whole message to TransformFinalBlock.' },
  }),
  declareType({
    name: `${crypto}SymmetricAlgorithm`,
    kind: 'class',
    interfaces: ['IDisposable'],
    test: (value) => value instanceof SymmetricAlgorithm,
    members: {
      'static SymmetricAlgorithm Create(string algName)': (name: string | null) => symmetricAlgorithm(name),
      'byte[] Key { get; set; }': {
        get: (self: SymmetricAlgorithm) => self.key,
        set: (self: SymmetricAlgorithm, key: Bytes) => {
          self.key = key;
        },
      },
      'byte[] IV { get; set; }': {
        get: (self: SymmetricAlgorithm) => self.iv,
        set: (self: SymmetricAlgorithm, iv: Bytes) => {
          self.iv = iv;
        },
      },
      'CipherMode Mode { get; set; }': {
        get: (self: SymmetricAlgorithm) => self.mode,
        set: (self: SymmetricAlgorithm, mode: number) => {
          self.mode = mode;
        },
      },
      'PaddingMode Padding { get; set; }': {
        get: (self: SymmetricAlgorithm) => self.padding,
        set: (self: SymmetricAlgorithm, padding: number) => {
          self.padding = padding;
        },
      },
      'int KeySize { get; set; }': {
        get: (self: SymmetricAlgorithm) => self.keySize,
        set: (self: SymmetricAlgorithm, bits: number) => {
          self.keySize = bits;
        },
      },
      'int BlockSize { get; }': (self: SymmetricAlgorithm) => self.blockSize,
      'void GenerateKey()': (self: SymmetricAlgorithm) => self.generateKey(),
      'void GenerateIV()': (self: SymmetricAlgorithm) => self.generateIv(),
      'void Clear()': (self: SymmetricAlgorithm) => self.dispose(),
      'ICryptoTransform CreateEncryptor()': (self: SymmetricAlgorithm) => self.transform(true),
      'ICryptoTransform CreateDecryptor()': (self: SymmetricAlgorithm) => self.transform(false),
      'ICryptoTransform CreateEncryptor(byte[] rgbKey, byte[] rgbIV)': (
        self: SymmetricAlgorithm,
        key: Bytes,
        iv: Bytes,
      ) => self.transform(true, key, iv),
      'ICryptoTransform CreateDecryptor(byte[] rgbKey, byte[] rgbIV)': (
        self: SymmetricAlgorithm,
        key: Bytes,
        iv: Bytes,
      ) => self.transform(false, key, iv),
    },
  }),
  abstract('Aes', 'Aes'),
  concrete('AesManaged', 'Aes', 'Aes'),
  concrete('AesCryptoServiceProvider', 'Aes', 'Aes'),
  abstract('Rijndael', 'Aes'),
  concrete('RijndaelManaged', 'Rijndael', 'Aes'),
  abstract('TripleDES', 'TripleDES'),
  concrete('TripleDESCryptoServiceProvider', 'TripleDES', 'TripleDES'),
];

/** Of CryptographyExtensions. */
export const symmetricExtensions: Readonly<Record<string, Implementation>> = {
  'static byte[] Encrypt(this byte[] input, string alg, byte[] key, byte[] iv)': (
    input: Bytes,
    name: string | null,
    key: Bytes,
    iv: Bytes,
  ) => symmetricAlgorithm(name).transform(true, key, iv).final(input),
  'static byte[] Decrypt(this byte[] input, string alg, byte[] key, byte[] iv)': (
    input: Bytes,
    name: string | null,
    key: Bytes,
    iv: Bytes,
  ) => symmetricAlgorithm(name).transform(false, key, iv).final(input),
  'static byte[] Encrypt(this byte[] input, SymmetricAlgorithm alg)': (input: Bytes, algorithm: SymmetricAlgorithm) =>
    algorithm.transform(true).final(input),
  'static byte[] Decrypt(this byte[] input, SymmetricAlgorithm alg)': (input: Bytes, algorithm: SymmetricAlgorithm) =>
    algorithm.transform(false).final(input),
  'static byte[] Encrypt(this byte[] input, SymmetricAlgorithm alg, byte[] key, byte[] iv)': (
    input: Bytes,
    algorithm: SymmetricAlgorithm,
    key: Bytes,
    iv: Bytes,
  ) => algorithm.transform(true, key, iv).final(input),
  'static byte[] Decrypt(this byte[] input, SymmetricAlgorithm alg, byte[] key, byte[] iv)': (
    input: Bytes,
    algorithm: SymmetricAlgorithm,
    key: Bytes,
    iv: Bytes,
  ) => algorithm.transform(false, key, iv).final(input),
};
