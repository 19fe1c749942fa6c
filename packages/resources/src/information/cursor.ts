import type { Diagnostic } from '../diagnostic.ts';
import type { DocumentPath, ParsedDocument } from '../documents/document.ts';
import { type Place, problem, type ResourceErrorCode, type ResourceErrorDetails } from '../errors.ts';

/** A place in a document, where problems can be reported. */
export class Cursor {
  readonly document: ParsedDocument;
  readonly path: DocumentPath;
  readonly #diagnostics: Diagnostic[];

  constructor(document: ParsedDocument, path: DocumentPath, diagnostics: Diagnostic[]) {
    this.document = document;
    this.path = path;
    this.#diagnostics = diagnostics;
  }

  child(...keys: DocumentPath): Cursor {
    return new Cursor(this.document, [...this.path, ...keys], this.#diagnostics);
  }

  /** The place of the value, or of its key. */
  place(part: 'key' | 'value' = 'value'): Place {
    return { file: this.document.file, ...this.document.locate(this.path, part) };
  }

  problem<Code extends ResourceErrorCode>(
    code: Code,
    details: ResourceErrorDetails<Code>,
    part: 'key' | 'value' = 'value',
  ): void {
    this.#diagnostics.push(problem(code, this.place(part), details));
  }

  /** How messages call the value here: `'properties.tags[0]'`, or "the document". */
  get what(): string {
    if (this.path.length === 0) return 'The document';
    const written = this.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
    return `'${written.replace(/^\./, '')}'`;
  }
}
