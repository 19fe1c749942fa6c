import { parentPort } from 'node:worker_threads';
import {
  ParseOption,
  XmlDocument,
  XmlElement,
  XmlLibError,
  XsdValidator,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';
import { envelopeProblem, xmlProblem } from '../xml-body.ts';
import { placeOfElement } from './element-place.ts';
import type { SchemaAnswer, SchemaQuestion } from './schema-checker.ts';
import { pathOf } from './schema-location.ts';
import { type SchemaProblem, schemaProblemText } from './schema-problem-text.ts';

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
    validators.set(set.key, compiled(set.entry));
    documents = new Map();
  }
  const validator = key === null ? null : validators.get(key);
  if (validator === undefined) return { unusable: 'The schema is not known.' };
  if (validator && 'unusable' in validator) return validator;
  return { problem: problemIn(validator, text, kind) };
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

function problemIn(validator: XsdValidator | null, text: string, kind: SchemaQuestion['kind']): string | null {
  let document: XmlDocument;
  try {
    document = XmlDocument.fromString(text, options);
  } catch (error) {
    if (!(error instanceof XmlLibError)) throw error;
    // The same words as for a body that is checked without a schema.
    return xmlProblem(text, kind) ?? worded(firstOf(error), text);
  }
  try {
    // What a DTD declares is not resolved: that reader refuses what uses it.
    const problem = document.dtd ? xmlProblem(text, kind) : null;
    if (problem !== null || !validator)
      return problem ?? (kind === 'soap' ? envelopeProblem(envelopeOf(document.root)) : null);
    if (kind === 'xml') {
      validator.validate(document);
      return null;
    }
    const wrong = envelopeProblem(envelopeOf(document.root));
    if (wrong !== null) return wrong;
    for (const part of contentOf(document.root)) validator.validate(part);
    return null;
  } catch (error) {
    if (error instanceof XmlLibError) return worded(firstOf(error), text);
    throw error;
  } finally {
    document.dispose();
  }
}

const envelopeOf = (root: XmlElement) => ({
  local: root.name,
  namespace: root.namespaceUri,
  children: [...elementsOf(root)].map(({ name, namespaceUri }) => ({ local: name, namespace: namespaceUri })),
});

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

function firstOf({ details, message }: XmlLibError): SchemaProblem {
  const [first] = details.filter(({ level }) => level > 1);
  return { message: (first?.message ?? message).trim(), line: first?.line ?? 1, path: first?.xpath ?? null };
}

/** Beyond this the place is the line only: finding it reads the text once more. */
const largestLocated = 1024 * 1024;

function worded(problem: SchemaProblem, text: string): string {
  const { line, path } = problem;
  const place = path === null || text.length > largestLocated ? null : placeOfElement(text, path);
  return `${schemaProblemText(problem, place?.parent ?? null)} Line: ${place?.line ?? line}, Position: ${place?.position ?? 1}`;
}
