import {
  type CompiledDocument,
  type CompileEnvironment,
  compileDocument,
  type Scope,
  toDiagnostic,
} from '@lazuli/policies';
import type { Diagnostic, PolicyDocument, ServiceModel } from '@lazuli/resources';

interface Entry {
  readonly scope: Scope | 'fragment';
  /** What of the environment the document may depend on, as it was when it was compiled. */
  readonly dependencies: string;
  readonly compiled: CompiledDocument | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The documents of one snapshot, compiled. A document that was compiled for the snapshot before is taken from there when
 * it is the same object (readers keep what did not change) and nothing that it may refer to has changed.
 */
export class CompiledDocuments {
  readonly #environment: CompileEnvironment;
  #previous: ReadonlyMap<PolicyDocument, Entry> | undefined;
  readonly #entries = new Map<PolicyDocument, Entry>();
  readonly #parts: Readonly<Record<keyof typeof marks, string>>;

  constructor(environment: CompileEnvironment, previous?: CompiledDocuments) {
    this.#environment = environment;
    this.#previous = previous === undefined ? undefined : previous.#entries;
    this.#parts = partsOf(environment);
  }

  /** Compiles a document, or takes it from before; problems are in {@link diagnostics}. */
  add(document: PolicyDocument, scope: Scope | 'fragment'): void {
    const dependencies = this.#dependenciesOf(document.text);
    const known = this.#previous?.get(document);
    if (known && known.scope === scope && known.dependencies === dependencies) {
      this.#entries.set(document, known);
      return;
    }
    const { compiled, problems } = compileDocument(document, {
      kind: scope === 'fragment' ? 'fragment' : 'policies',
      scope: scope === 'fragment' ? 'global' : scope,
      environment: this.#environment,
    });
    this.#entries.set(document, { scope, dependencies, compiled, diagnostics: problems.map(toDiagnostic) });
  }

  /** All documents are added: lets go of those of the snapshot before. */
  complete(): void {
    this.#previous = undefined;
  }

  /**
   * Null for no document.
   * @throws {DocumentNotCompiled} A document that has errors must never pass for one that is not there.
   */
  get(document: PolicyDocument | null): CompiledDocument | null {
    if (document === null) return null;
    const compiled = this.#entries.get(document)?.compiled;
    if (!compiled) throw new DocumentNotCompiled(document.file);
    return compiled;
  }

  /** Problems of all documents; one that a fragment has in several documents is there once. */
  get diagnostics(): Diagnostic[] {
    const seen = new Set<string>();
    const all: Diagnostic[] = [];
    for (const { diagnostics } of this.#entries.values()) {
      for (const one of diagnostics) {
        const key = `${one.file}\n${one.line}\n${one.column}\n${one.message}`;
        if (seen.has(key)) continue;
        seen.add(key);
        all.push(one);
      }
    }
    return all;
  }

  #dependenciesOf(text: string): string {
    // A named value may hold anything, a fragment too: whoever uses one depends on everything.
    if (text.includes('{{') || text.includes('include-fragment')) return Object.values(this.#parts).join('\n');
    let dependencies = this.#parts.always;
    for (const [part, mark] of Object.entries(marks))
      if (mark !== '' && text.includes(mark)) dependencies += `\n${this.#parts[part as keyof typeof marks]}`;
    return dependencies;
  }
}

/** Somebody serves a snapshot whose diagnostics have errors. */
export class DocumentNotCompiled extends Error {
  constructor(file: string) {
    super(`The policy document '${file}' did not compile: nothing may run without it.`);
    this.name = 'DocumentNotCompiled';
  }
}

/** What in a document's text shows that it may depend on a part of the environment. */
const marks = {
  always: '',
  namedValues: '{{',
  fragments: 'include-fragment',
  backends: 'backend-id',
  loggers: 'logger-id',
  certificates: 'certificate',
  schemas: 'schema-id',
} as const;

function partsOf(environment: CompileEnvironment): Record<keyof typeof marks, string> {
  const names = (set: ReadonlySet<string>) => [...set].sort().join('\u0000');
  return {
    always: String(environment.allowUnsupported),
    namedValues: JSON.stringify([...environment.namedValues].sort()),
    fragments: JSON.stringify([...environment.fragments].map(([name, { text }]) => [name, text]).sort()),
    backends: names(environment.backends),
    loggers: names(environment.loggers),
    certificates: names(environment.certificates),
    schemas: JSON.stringify([...environment.schemas].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}

export function environmentOf(model: ServiceModel, allowUnsupported: boolean): CompileEnvironment {
  return {
    namedValues: new Map(model.namedValues.map(({ displayName, value }) => [displayName, value])),
    fragments: new Map(model.policyFragments.map(({ name, document }) => [name, document])),
    backends: new Set(model.backends.map(({ name }) => name)),
    loggers: new Set(model.loggers.map(({ name }) => name)),
    certificates: new Set(model.certificates.flatMap(({ name, thumbprint }) => [name, thumbprint])),
    schemas: new Map(model.schemas.map((schema) => [schema.name, schema])),
    allowUnsupported,
  };
}
