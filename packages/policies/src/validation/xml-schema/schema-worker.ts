import { parentPort } from 'node:worker_threads';
import {
  ParseOption,
  XmlDocument,
  XmlElement,
  XmlLibError,
  XsdValidator,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';
import type { SchemaAnswer, SchemaQuestion } from './schema-checker.ts';
import { pathOf } from './schema-location.ts';

/** Runs in a thread of its own: checks one body after the other. Nothing is read but what the questions bring. */

const options = {
  option: ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_BIG_LINES,
};
const validators = new Map<string, XsdValidator | { readonly unusable: string }>();

/** What the schema that is being compiled may bring in. */
let documents = new Map<string, string>();
const open = new Map<number, { readonly bytes: Uint8Array; at: number }>();
let handles = 0;
xmlRegisterInputProvider({
  // Every address, so that none is looked for elsewhere.
  match: () => true,
  open(location) {
    const path = pathOf(location, documents);
    const text = path === undefined ? undefined : documents.get(path);
    if (text === undefined) return undefined;
    handles += 1;
    open.set(handles, { bytes: Buffer.from(text), at: 0 });
    return handles;
  },
  read(handle, target) {
    const file = open.get(handle);
    if (!file) return -1;
    const piece = file.bytes.subarray(file.at, file.at + target.byteLength);
    target.set(piece);
    file.at += piece.length;
    return piece.length;
  },
  close: (handle) => open.delete(handle),
});

parentPort?.on('message', (question: SchemaQuestion) => parentPort?.postMessage(answerTo(question)));

function answerTo({ key, set, text, kind }: SchemaQuestion): SchemaAnswer {
  if (set) {
    documents = new Map(set.documents);
    validators.set(key, compiled(set.entry));
    documents = new Map();
  }
  const validator = validators.get(key);
  if (!validator) return { unusable: 'The schema is not known.' };
  if ('unusable' in validator) return validator;
  try {
    return { problem: problemIn(validator, text, kind) };
  } catch (error) {
    if (error instanceof XmlLibError) return { problem: firstOf(error) };
    throw error;
  }
}

function compiled(entry: string): XsdValidator | { readonly unusable: string } {
  try {
    const document = XmlDocument.fromString(entry, { ...options, url: '/entry' });
    try {
      return XsdValidator.fromDoc(document);
    } finally {
      document.dispose();
    }
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error;
    return { unusable: error.details.map(({ message }) => message.trim()).join(' ') || error.message };
  }
}

function problemIn(validator: XsdValidator, text: string, kind: SchemaQuestion['kind']) {
  const document = XmlDocument.fromString(text, options);
  try {
    for (const part of kind === 'xml' ? [document] : contentOf(document.root)) {
      try {
        if (part instanceof XmlDocument) validator.validate(part);
        else validator.validate(part);
      } catch (error) {
        if (error instanceof XmlLibError) return firstOf(error);
        throw error;
      }
    }
    return null;
  } finally {
    document.dispose();
  }
}

/** What stands in the body of the envelope. A fault is the protocol's own: no schema has it. */
function* contentOf(envelope: XmlElement): Generator<XmlElement> {
  for (const body of elementsOf(envelope)) {
    if (body.name !== 'Body' || body.namespaceUri !== envelope.namespaceUri) continue;
    for (const content of elementsOf(body))
      if (content.name !== 'Fault' || content.namespaceUri !== envelope.namespaceUri) yield content;
  }
}

function* elementsOf(parent: XmlElement): Generator<XmlElement> {
  for (let node = parent.firstChild; node; node = node.next) if (node instanceof XmlElement) yield node;
}

function firstOf({ details, message }: XmlLibError) {
  const [first] = details.filter(({ level }) => level > 1);
  return { message: (first?.message ?? message).trim(), line: first?.line ?? 1, path: first?.xpath ?? null };
}
