import type { Diagnostic } from '../diagnostic.ts';
import type { ParsedDocument } from '../documents/document.ts';
import { parseJsonDocument } from '../documents/json-document.ts';
import { decodeText } from '../documents/text.ts';
import { parseYamlDocument } from '../documents/yaml-document.ts';

/**
 * One file with one content. A file that changes gets a new record, so whoever holds the same record holds the same
 * content. Text and document are made when they are first asked for, and kept.
 */
export class FileRecord {
  readonly path: string;
  /** SHA-256 of the content. */
  readonly hash: string;
  #bytes: Uint8Array | null;
  #text: { readonly text: string | null; readonly diagnostics: readonly Diagnostic[] } | undefined;
  #document: ParsedDocument | undefined;

  constructor(path: string, hash: string, bytes: Uint8Array) {
    this.path = path;
    this.hash = hash;
    this.#bytes = bytes;
  }

  /** The content as it is. Only before the text has been asked for: the bytes are not kept beside it. */
  get bytes(): Uint8Array {
    return this.#bytes ?? new TextEncoder().encode(this.#text?.text ?? '');
  }

  get text(): { readonly text: string | null; readonly diagnostics: readonly Diagnostic[] } {
    if (this.#text === undefined) {
      this.#text = decodeText(this.path, this.bytes);
      this.#bytes = null;
    }
    return this.#text;
  }

  /** The file as JSON or YAML, by its name; YAML is read for `.yaml` and `.yml`. */
  get document(): ParsedDocument {
    if (this.#document === undefined) {
      const { text, diagnostics } = this.text;
      if (text === null) {
        this.#document = { file: this.path, value: undefined, diagnostics, locate: () => ({ line: 1, column: 1 }) };
      } else
        this.#document = /\.ya?ml$/i.test(this.path)
          ? parseYamlDocument(this.path, text)
          : parseJsonDocument(this.path, text);
    }
    return this.#document;
  }
}
