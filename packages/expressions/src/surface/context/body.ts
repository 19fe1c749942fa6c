import type { BodyView } from '../../context-host.ts';
import { charge, chargeMemory } from '../../runtime/budget.ts';
import { isReadOnlyDictionary } from '../../runtime/collection-protocol.ts';
import { stepThrough } from '../../runtime/enumerate.ts';
import { argumentNull, invalidOperation, NetException } from '../../runtime/exceptions.ts';
import { parseJson, type Wanted } from '../../runtime/json/reader.ts';
import { NetDictionary } from '../../runtime/net-dictionary.ts';
import { NetList } from '../../runtime/net-list.ts';
import { toStringOf } from '../../runtime/object.ts';
import type { Uniform } from '../../runtime/values.ts';
import { parseXml } from '../../runtime/xml/parse.ts';
import { queryPairs } from './dictionaries.ts';

/** `As<T>()`. Without `preserveContent` the body reads as empty from then on. Throws for a body that is not a T. */
export function readBody(body: BodyView, type: string, preserve: boolean): Uniform {
  const reader = readers[type];
  if (!reader) {
    throw invalidOperation(
      `The message body cannot be read as '${type}'. Use string, byte[], JObject, JToken, JArray, XNode, XElement or XDocument.`,
    );
  }
  const bytes = body.bytes();
  chargeMemory(bytes.length);
  charge(bytes.length / 64);
  const value = reader(bytes, body.charset);
  if (!preserve) body.consume();
  return value;
}

const json = (wanted: Wanted) => (bytes: Uint8Array, charset: string | null) =>
  explained('JSON', () => parseJson(decodeText(bytes, charset), wanted));

const readers: Readonly<Record<string, (bytes: Uint8Array, charset: string | null) => Uniform>> = {
  'System.String': decodeText,
  'System.Byte[]': (bytes) => new Uint8Array(bytes),
  'Newtonsoft.Json.Linq.JObject': json('JObject'),
  'Newtonsoft.Json.Linq.JArray': json('JArray'),
  'Newtonsoft.Json.Linq.JToken': json('JToken'),
  'System.Xml.Linq.XDocument': (bytes, charset) => explained('XML', () => parseXml(decodeText(bytes, charset))),
  'System.Xml.Linq.XElement': (bytes, charset) => explained('XML', () => parseXml(decodeText(bytes, charset)).root),
  'System.Xml.Linq.XNode': (bytes, charset) => explained('XML', () => parseXml(decodeText(bytes, charset)).root),
};

/** The text of a body: by its charset, UTF-8 without one or with one that is not known; a byte order mark is dropped. */
export function decodeText(bytes: Uint8Array, charset: string | null): string {
  return decoderFor(charset).decode(bytes);
}

function decoderFor(charset: string | null) {
  try {
    return new TextDecoder(charset ?? 'utf-8');
  } catch {
    return new TextDecoder('utf-8');
  }
}

function explained<T>(format: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof NetException)) throw error;
    throw new NetException(
      error.typeName,
      `The message body is not a valid ${format}. ${error.message}`,
      error,
      error.data,
    );
  }
}

/** `AsFormUrlEncodedContent()`. */
export function formPairs(body: BodyView, preserve: boolean): NetDictionary {
  const text = decodeText(body.bytes(), body.charset);
  const lists = new NetDictionary('System.String', 'System.Collections.Generic.IList<System.String>');
  for (const [name, value] of queryPairs(text)) {
    const list = lists.find(name);
    if (list instanceof NetList) list.append(value);
    else lists.put(name, new NetList('System.String', [value]));
  }
  if (!preserve) body.consume();
  return lists;
}

/** `name=value&...`, with `space` for a blank. */
export function formText(content: Uniform, space: '+' | '%20'): string {
  if (content === null) throw argumentNull('content');
  if (!isReadOnlyDictionary(content)) return '';
  const encode = (text: string) => encodeURIComponent(text.toWellFormed()).replaceAll('%20', space);
  const parts: string[] = [];
  for (const { key, value } of content.pairs()) {
    for (const item of stepThrough(value)) parts.push(`${encode(toStringOf(key))}=${encode(toStringOf(item))}`);
  }
  return parts.join('&');
}
