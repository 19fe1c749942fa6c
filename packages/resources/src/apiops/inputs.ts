import type { Diagnostic } from '../diagnostic.ts';
import { suggestion } from '../documents/nearest-name.ts';
import { problem } from '../errors.ts';
import { FileRecord } from '../folder/file-record.ts';
import type { Answers } from '../folder/units.ts';
import type { Cursor } from '../information/cursor.ts';
import type { Information, InformationFile } from '../information/information-file.ts';
import { readInformation } from '../information/information-file.ts';
import type { PropertyTable } from '../information/property-table.ts';
import type { PolicyDocument } from '../model/service.ts';
import type { ResourceFolder } from './folder-index.ts';
import { layoutOf, type ResourceKind } from './layout.ts';

/** A reference as it was written, with its place. */
export interface Reference {
  readonly kind: ResourceKind;
  readonly name: string;
  readonly at: Cursor;
}

/** What reading one resource may look at. Everything asked here decides whether the result can be reused. */
export class Inputs {
  readonly #ask: Answers;
  readonly diagnostics: Diagnostic[];

  constructor(ask: Answers, diagnostics: Diagnostic[]) {
    this.#ask = ask;
    this.diagnostics = diagnostics;
  }

  file(path: string): FileRecord | null {
    const answer = this.#ask(`file:${path}`);
    return answer instanceof FileRecord ? answer : null;
  }

  /** True when the path is a directory. */
  isDirectory(path: string): boolean {
    return this.#ask(`files:${path}`) !== null;
  }

  /** The value of a secret from the environment or the secrets file; see `secrets.ts`. */
  secret(question: `env/${string}` | `file/${string}`): string | null {
    return text(this.#ask(`secret:${question}`));
  }

  /** Tags that the `tags` folder puts on an API or a product. */
  tagLinks(kind: 'api' | 'product', name: string): readonly string[] {
    const joined = text(this.#ask(`links:${kind}/${name.toLowerCase()}`));
    return joined === null ? [] : joined.split('\n');
  }

  /** The information file of a resource; reports when it is missing and returns null. */
  information<Table extends PropertyTable>(
    folder: ResourceFolder,
    kind: InformationFile<Table>,
    inherited: Readonly<Record<string, unknown>> = {},
  ): Information<Table> | null {
    const path = `${folder.directory}/${kind.name}`;
    const record = this.file(path);
    if (record !== null) return readInformation(kind, record.document, this.diagnostics, inherited);
    const place = { file: path, line: 0, column: 0 };
    if (folder.files.some((file) => file.startsWith(`${kind.name}/`)))
      this.diagnostics.push(problem('DirectoryInPlaceOfFile', place, {}));
    else
      this.diagnostics.push(
        problem('MissingInformationFile', place, {
          kind: layoutOf(folder.kind).title,
          name: folder.name,
          expected: kind.name,
        }),
      );
    return null;
  }

  /** The policy document at a path, as it stands there, or null when there is none. */
  policy(path: string): PolicyDocument | null {
    const record = this.file(path);
    if (record === null) {
      if (this.isDirectory(path))
        this.diagnostics.push(problem('DirectoryInPlaceOfFile', { file: path, line: 0, column: 0 }, {}));
      return null;
    }
    this.diagnostics.push(...record.text.diagnostics);
    return record.text.text === null ? null : { format: 'rawxml', text: record.text.text, file: path };
  }

  /** The name of a resource as its folder spells it; reports an unknown one and returns null. */
  resolve({ kind, name, at }: Reference): string | null {
    const canonical = this.canonicalName(kind, name);
    if (canonical === null)
      at.problem('UnknownReference', {
        kind: layoutOf(kind).title,
        name,
        suggestion: suggestion(name, this.names(kind)),
      });
    return canonical;
  }

  canonicalName(kind: ResourceKind, name: string): string | null {
    return text(this.#ask(`name:${kind}/${name.toLowerCase()}`));
  }

  names(kind: ResourceKind): readonly string[] {
    return (text(this.#ask(`names:${kind}`)) ?? '').split('\n');
  }
}

function text(answer: unknown): string | null {
  return typeof answer === 'string' ? answer : null;
}
