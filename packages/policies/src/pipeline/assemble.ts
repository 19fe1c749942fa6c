import { compileDocument } from '../compile/compile-document.ts';
import type { CompiledDocument, PreflightHandler } from '../compile/compiled-document.ts';
import type { CompiledStep, Section } from './step.ts';

/** The policies in force for one operation (and product), flat: nothing is inherited while a request runs. */
export interface Pipeline {
  readonly sections: Readonly<Record<Section, readonly CompiledStep[]>>;
  /** Narrowest scope first: who is asked about a CORS preflight, in order. */
  readonly preflight: readonly PreflightHandler[];
}

/**
 * Resolves `<base />`: evaluation starts with the narrowest document. `chain` goes from the narrowest scope to the global
 * one. Null is a scope without a document: its sections are `<base />`; as the last one, the default global document,
 * which forwards the request. A section that a document does not have is empty and inherits nothing.
 */
export function assemblePipeline(chain: readonly (CompiledDocument | null)[]): Pipeline {
  const global = chain.at(-1) ?? defaultGlobalDocument();
  const documents = [...chain.slice(0, -1).filter((document) => document !== null), global];
  return {
    sections: {
      inbound: flatten(documents, 'inbound'),
      backend: flatten(documents, 'backend'),
      outbound: flatten(documents, 'outbound'),
      'on-error': flatten(documents, 'on-error'),
    },
    preflight: preflightHandlers(documents),
  };
}

/** What a service without a global document has: the request is forwarded. */
export const defaultGlobalText =
  '<policies><inbound /><backend><forward-request /></backend><outbound /><on-error /></policies>';

let defaultGlobal: CompiledDocument | null = null;

function defaultGlobalDocument(): CompiledDocument {
  if (defaultGlobal) return defaultGlobal;
  const { compiled, problems } = compileDocument(
    { format: 'rawxml', text: defaultGlobalText, file: 'default global policy' },
    {
      kind: 'policies',
      scope: 'global',
      environment: {
        namedValues: new Map(),
        fragments: new Map(),
        backends: new Set(),
        loggers: new Set(),
        certificates: new Set(),
        schemas: new Map(),
        allowUnsupported: false,
      },
    },
  );
  if (!compiled) throw new TypeError(`The default global policy does not compile: ${problems[0]?.message}`);
  defaultGlobal = compiled;
  return compiled;
}

function flatten(documents: readonly CompiledDocument[], section: Section): readonly CompiledStep[] {
  const [first, ...wider] = documents;
  if (!first) return [];
  return first.sections[section].flatMap((item) => (item === 'base' ? flatten(wider, section) : [item]));
}

/** A document's `cors` counts only when its inbound section is reached, that is while all narrower ones have `<base />`. */
function preflightHandlers(documents: readonly CompiledDocument[]): readonly PreflightHandler[] {
  const handlers: PreflightHandler[] = [];
  for (const document of documents) {
    handlers.push(...document.preflight);
    if (!document.sections.inbound.includes('base')) break;
  }
  return handlers;
}
