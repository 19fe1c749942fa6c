import { posix } from 'node:path';
import type { Diagnostic } from '../diagnostic.ts';
import { isObject, type ParsedDocument, parsePointer, valueAt } from '../documents/document.ts';
import { Cursor } from '../information/cursor.ts';
import { SpecificationNode } from './specification-node.ts';

/** Opens another document of the folder; null when there is none. */
export type OpenDocument = (path: string) => ParsedDocument | null;

/** Chains of references longer than this go round in a circle, or might as well. */
const maxChain = 64;

/** Follows `$ref`s inside a specification and into other files of the folder. Never leaves the folder. */
export class References {
  readonly #open: OpenDocument;
  readonly #diagnostics: Diagnostic[];
  readonly #reported = new Set<ParsedDocument>();

  constructor(open: OpenDocument, diagnostics: Diagnostic[]) {
    this.#open = open;
    this.#diagnostics = diagnostics;
  }

  /** The node itself, or what its `$ref` leads to in the end; null after reporting why it leads nowhere. */
  resolve(node: SpecificationNode): SpecificationNode | null {
    let current = node;
    for (let step = 0; step < maxChain; step++) {
      const reference = referenceOf(current);
      if (reference === null) return current;
      const target = this.target(current, reference);
      if (target === null) return null;
      current = target;
    }
    node.at.child('$ref').problem('CircularReference', { reference: referenceOf(node) ?? '' });
    return null;
  }

  /** What one reference points at, which may be a reference again. */
  target(from: SpecificationNode, reference: string): SpecificationNode | null {
    const at = from.at.child('$ref');
    const hash = reference.indexOf('#');
    const path = hash === -1 ? reference : reference.slice(0, hash);
    const pointer = parsePointer(decode(hash === -1 ? '' : reference.slice(hash + 1)));
    if (pointer === null) {
      at.problem('BrokenReference', { reference, reason: "what follows '#' is no JSON pointer" });
      return null;
    }
    const document = path === '' ? from.at.document : this.#file(path, reference, at);
    if (document === null) return null;
    const value = valueAt(document.value, pointer);
    if (value === undefined) {
      at.problem('BrokenReference', {
        reference,
        reason: `there is nothing at '#/${pointer.join('/')}' in ${document.file}`,
      });
      return null;
    }
    return new SpecificationNode(value, new Cursor(document, pointer, this.#diagnostics));
  }

  #file(path: string, reference: string, at: Cursor): ParsedDocument | null {
    if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(path)) {
      at.problem('RemoteReference', { reference });
      return null;
    }
    const decoded = decode(path);
    const file = posix.normalize(posix.join(posix.dirname(at.document.file), decoded));
    if (decoded.startsWith('/') || decoded.includes('\\') || file === '..' || file.startsWith('../')) {
      at.problem('ReferenceLeavesFolder', { reference });
      return null;
    }
    if (file === at.document.file) return at.document;
    const document = this.#open(file);
    if (document === null) {
      at.problem('BrokenReference', { reference, reason: `there is no file '${file}' that is JSON or YAML` });
      return null;
    }
    if (!this.#reported.has(document)) {
      this.#reported.add(document);
      this.#diagnostics.push(...document.diagnostics);
    }
    return document.value === undefined ? null : document;
  }
}

/** The `$ref` of an object, or null. A property that is merely called `$ref` (in `properties`) is not asked about. */
export function referenceOf(node: SpecificationNode): string | null {
  const reference = isObject(node.value) && Object.hasOwn(node.value, '$ref') ? node.value.$ref : null;
  return typeof reference === 'string' ? reference : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
