import { argumentNull, argumentOutOfRange } from '../../runtime/exceptions.ts';
import { htmlDecode, htmlEncode } from '../../runtime/net/html-entities.ts';
import { AddressFamily, IPAddress } from '../../runtime/net/ip-address.ts';
import { urlDecode, urlDecodeBytes, urlEncode, urlEncodeBytes } from '../../runtime/net/url-encode.ts';
import { toStringMember } from '../../runtime/object.ts';
import { declareType, type Out, type TypeDeclaration } from '../declare.ts';
import { HttpStatusCode } from './http-status-code.ts';

const keepingNull = (convert: (text: string) => string) => (text: string | null) =>
  text === null ? null : convert(text);

const httpUtility =
  'System.Web.HttpUtility is not among the .NET types that API Management allows; use System.Net.WebUtility, or context.Request.Url.Query for query strings.';

function part(bytes: Uint8Array, offset: number, count: number): Uint8Array {
  if (offset < 0 || offset > bytes.length) throw argumentOutOfRange('offset');
  if (count < 0 || offset + count > bytes.length) throw argumentOutOfRange('count');
  return bytes.subarray(offset, offset + count);
}

/** Namespace System.Net. */
export const netTypes: readonly TypeDeclaration[] = [
  declareType({
    name: 'System.Net.WebUtility',
    kind: 'static',
    members: {
      'static string UrlEncode(string value)': keepingNull(urlEncode),
      'static string UrlDecode(string encodedValue)': keepingNull(urlDecode),
      'static byte[] UrlEncodeToBytes(byte[] value, int offset, int count)': (
        bytes: Uint8Array | null,
        offset: number,
        count: number,
      ) => bytes && new Uint8Array(Buffer.from(urlEncodeBytes(part(bytes, offset, count)))),
      'static byte[] UrlDecodeToBytes(byte[] encodedValue, int offset, int count)': (
        bytes: Uint8Array | null,
        offset: number,
        count: number,
      ) => bytes && urlDecodeBytes(part(bytes, offset, count)),
      'static string HtmlEncode(string value)': keepingNull(htmlEncode),
      'static string HtmlDecode(string value)': keepingNull(htmlDecode),
    },
  }),
  declareType({ name: 'System.Net.HttpStatusCode', kind: 'enum', values: HttpStatusCode }),
  declareType({ name: 'System.Net.Sockets.AddressFamily', kind: 'enum', values: AddressFamily }),
  declareType({
    name: 'System.Net.IPAddress',
    kind: 'class',
    test: (value) => value instanceof IPAddress,
    members: {
      'new(byte[] address)': (bytes: Uint8Array | null) => {
        if (bytes === null) throw argumentNull('address');
        return new IPAddress(new Uint8Array(bytes));
      },
      'static IPAddress Any { get; }': () => new IPAddress(new Uint8Array(4)),
      'static IPAddress Loopback { get; }': () => IPAddress.parse('127.0.0.1'),
      'static IPAddress Broadcast { get; }': () => IPAddress.parse('255.255.255.255'),
      'static IPAddress None { get; }': () => IPAddress.parse('255.255.255.255'),
      'static IPAddress IPv6Any { get; }': () => IPAddress.parse('::'),
      'static IPAddress IPv6Loopback { get; }': () => IPAddress.parse('::1'),
      'AddressFamily AddressFamily { get; }': (self: IPAddress) =>
        self.isV4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6,
      'bool IsIPv4MappedToIPv6 { get; }': (self: IPAddress) => self.isV4Mapped,
      'bool IsIPv6LinkLocal { get; }': (self: IPAddress) =>
        !self.isV4 && self.bytes[0] === 0xfe && ((self.bytes[1] ?? 0) & 0xc0) === 0x80,
      'bool IsIPv6Multicast { get; }': (self: IPAddress) => !self.isV4 && self.bytes[0] === 0xff,
      'byte[] GetAddressBytes()': (self: IPAddress) => new Uint8Array(self.bytes),
      'IPAddress MapToIPv4()': (self: IPAddress) => self.toV4(),
      'IPAddress MapToIPv6()': (self: IPAddress) => self.toV6(),
      'override string ToString()': (self: IPAddress) => self[toStringMember](),
      'static bool IsLoopback(IPAddress address)': (address: IPAddress | null) => {
        if (address === null) throw argumentNull('address');
        return address.isLoopback;
      },
      'static IPAddress Parse(string ipString)': (text: string | null) => IPAddress.parse(text),
      'static bool TryParse(string ipString, out IPAddress address)': (
        text: string | null,
        address: Out<IPAddress | null>,
      ) => {
        address.value = IPAddress.tryParse(text);
        return address.value !== null;
      },
    },
  }),
  declareType({
    name: 'System.Web.HttpUtility',
    kind: 'static',
    refused: { '': httpUtility },
  }),
];
