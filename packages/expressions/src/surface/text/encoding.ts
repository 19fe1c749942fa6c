import { Encoding } from '../../runtime/encoding.ts';
import { argumentNull, argumentOutOfRange, NetException } from '../../runtime/exceptions.ts';
import { equalsOf, hashOf } from '../../runtime/object.ts';
import { fromChars, toCharArray } from '../../runtime/text.ts';
import type { Uniform } from '../../runtime/values.ts';
import { declareType, type TypeDeclaration } from '../declare.ts';

const ascii = new Encoding('us-ascii');
const utf8 = new Encoding('utf-8');
const unicode = new Encoding('utf-16');
const bigEndian = new Encoding('utf-16BE');
const utf32 = new Encoding('utf-32');
const latin1 = new Encoding('iso-8859-1');

const codePages: Readonly<Record<number, string>> = {
  65001: 'utf-8',
  20127: 'us-ascii',
  28591: 'iso-8859-1',
  1252: 'windows-1252',
  1200: 'utf-16',
  1201: 'utf-16BE',
  12000: 'utf-32',
};

function byCodePage(page: number): Encoding {
  const name = codePages[page];
  if (name !== undefined) return Encoding.byName(name);
  throw new NetException('System.NotSupportedException', `No data is available for encoding ${page}.`);
}

function checkRange(bytes: Uint8Array | null, index: number, count: number): void {
  if (bytes === null) throw argumentNull('bytes');
  if (index < 0 || count < 0) throw argumentOutOfRange(index < 0 ? 'index' : 'count', 'Non-negative number required.');
  if (index + count > bytes.length) {
    throw argumentOutOfRange('bytes', 'Index and count must refer to a location within the buffer.');
  }
}

const encodingType = declareType({
  name: 'System.Text.Encoding',
  kind: 'class',
  test: (value) => value instanceof Encoding,
  members: {
    'static Encoding ASCII { get; }': () => ascii,
    'static Encoding UTF8 { get; }': () => utf8,
    'static Encoding Unicode { get; }': () => unicode,
    'static Encoding BigEndianUnicode { get; }': () => bigEndian,
    'static Encoding UTF32 { get; }': () => utf32,
    'static Encoding Latin1 { get; }': () => latin1,
    'static Encoding Default { get; }': () => utf8,
    'static Encoding GetEncoding(string name)': (name: string | null) => Encoding.byName(name),
    'static Encoding GetEncoding(int codepage)': byCodePage,
    'static byte[] Convert(Encoding srcEncoding, Encoding dstEncoding, byte[] bytes)': (
      from: Encoding | null,
      to: Encoding | null,
      bytes: Uint8Array | null,
    ) => {
      if (from === null || to === null) throw argumentNull(from === null ? 'srcEncoding' : 'dstEncoding');
      return to.encode(from.decode(bytes));
    },
    'string EncodingName { get; }': (self: Encoding) => self.description.name,
    'string WebName { get; }': (self: Encoding) => self.description.codec,
    'string BodyName { get; }': (self: Encoding) => self.description.codec,
    'string HeaderName { get; }': (self: Encoding) => self.description.codec,
    'int CodePage { get; }': (self: Encoding) => self.description.codePage,
    'bool IsSingleByte { get; }': (self: Encoding) => /ascii|8859|1252/.test(self.description.codec),
    'byte[] GetPreamble()': (self: Encoding) => Uint8Array.from(self.hasPreamble ? self.description.preamble : []),
    'byte[] GetBytes(string s)': (self: Encoding, text: string | null) => self.encode(text),
    'byte[] GetBytes(char[] chars)': (self: Encoding, chars: readonly Uniform[] | null) =>
      self.encode(chars === null ? null : fromChars(chars), 'chars'),
    'int GetByteCount(string s)': (self: Encoding, text: string | null) => self.encode(text).length,
    'int GetByteCount(char[] chars)': (self: Encoding, chars: readonly Uniform[] | null) =>
      self.encode(chars === null ? null : fromChars(chars), 'chars').length,
    'string GetString(byte[] bytes)': (self: Encoding, bytes: Uint8Array | null) => self.decode(bytes),
    'string GetString(byte[] bytes, int index, int count)': (
      self: Encoding,
      bytes: Uint8Array | null,
      index: number,
      count: number,
    ) => {
      checkRange(bytes, index, count);
      return self.decode(bytes, index, count);
    },
    'int GetCharCount(byte[] bytes)': (self: Encoding, bytes: Uint8Array | null) => self.decode(bytes).length,
    'char[] GetChars(byte[] bytes)': (self: Encoding, bytes: Uint8Array | null) => toCharArray(self.decode(bytes)),
    'int GetMaxCharCount(int byteCount)': (_self: Encoding, count: number) => count + 1,
    'int GetMaxByteCount(int charCount)': (self: Encoding, count: number) =>
      self.description.codec === 'utf-8' ? (count + 1) * 3 : (count + 1) * 2,
    'bool Equals(object value)': (self: Encoding, other: Uniform) => equalsOf(self, other),
    'int GetHashCode()': (self: Encoding) => hashOf(self),
  },
  refused: { UTF7: 'UTF-7 is insecure and was removed from .NET: use Encoding.UTF8.' },
});

/** Encoding, and the classes that policies construct directly. */
export const encodingTypes: readonly TypeDeclaration[] = [
  encodingType,
  declareType({
    name: 'System.Text.UTF8Encoding',
    kind: 'class',
    base: 'System.Text.Encoding',
    test: (value) => value instanceof Encoding && value.description.codec === 'utf-8',
    members: {
      'new()': () => new Encoding('utf-8', false),
      'new(bool encoderShouldEmitUTF8Identifier)': (mark: boolean) => new Encoding('utf-8', mark),
    },
  }),
  declareType({
    name: 'System.Text.ASCIIEncoding',
    kind: 'class',
    base: 'System.Text.Encoding',
    test: (value) => value instanceof Encoding && value.description.codec === 'us-ascii',
    members: { 'new()': () => new Encoding('us-ascii') },
  }),
  declareType({
    name: 'System.Text.UnicodeEncoding',
    kind: 'class',
    base: 'System.Text.Encoding',
    test: (value) => value instanceof Encoding && value.description.codec.startsWith('utf-16'),
    members: {
      'new()': () => new Encoding('utf-16'),
      'new(bool bigEndian, bool byteOrderMark)': (big: boolean, mark: boolean) =>
        new Encoding(big ? 'utf-16BE' : 'utf-16', mark),
    },
  }),
];
