import type { PolicyDocument, ServiceSchema } from '@lazuli/resources';
import { type CompileResult, compileDocument } from '../compile/compile-document.ts';
import type { CompileEnvironment } from '../compile/environment.ts';
import { assemblePipeline, type Pipeline } from '../pipeline/assemble.ts';
import { closeExchange, runPipeline } from '../pipeline/run.ts';
import type { Scope } from '../pipeline/step.ts';
import type { PolicyError } from '../policy-error.ts';
import type { PolicyDefinition } from '../schema/definition.ts';
import { type ExchangeForInit, exchangeFor, type TestExchange, type TraceEntry } from './exchange-for.ts';
import type { FakeRequest } from './fake-ports.ts';

export interface CompileForInit {
  readonly scope?: Scope;
  readonly namedValues?: Readonly<Record<string, string>>;
  /** Texts by fragment name. */
  readonly fragments?: Readonly<Record<string, string>>;
  readonly backends?: readonly string[];
  readonly loggers?: readonly string[];
  readonly certificateNames?: readonly string[];
  readonly schemas?: readonly ServiceSchema[];
  readonly allowUnsupported?: boolean;
  readonly format?: 'rawxml' | 'xml';
  /** Instead of all policies. */
  readonly policies?: readonly PolicyDefinition[];
}

export interface RunPolicyInit extends CompileForInit, ExchangeForInit {
  /** The global document; the default one (forward-request) when absent. */
  readonly global?: string;
  readonly builtInError?: PolicyError;
}

export interface PolicyRun {
  readonly status: number;
  readonly reason: string;
  /** Names in lower case; several values joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Null when nothing is answered. */
  readonly response: TestExchange['response'];
  readonly exchange: TestExchange;
  readonly backendRequests: readonly FakeRequest[];
  /** The last request that the backend got. */
  readonly backendRequest: FakeRequest | undefined;
  readonly traces: readonly TraceEntry[];
}

/** Sections by name, or the whole document. A section that is not given is `<base />`. */
export type PolicyText =
  | string
  | { readonly inbound?: string; readonly backend?: string; readonly outbound?: string; readonly onError?: string };

/**
 * Compiles a document (at API scope unless said otherwise), puts it before the global one, and sends a request through it
 * to a fake backend. Throws when the document has errors.
 */
export async function runPolicy(policy: PolicyText, init: RunPolicyInit = {}): Promise<PolicyRun> {
  const traces: TraceEntry[] = [];
  const exchange = exchangeFor(init, traces);
  await runPipeline(pipelineFor(policy, init), exchange, { builtInError: init.builtInError });
  const { response } = exchange;
  const bytes = response?.body ? await response.body.buffer(64 * 1024 * 1024) : new Uint8Array(0);
  closeExchange(exchange);
  const headers: Record<string, string> = {};
  for (const [name, value] of response?.headers.entries() ?? []) {
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  return {
    status: response?.status ?? 0,
    reason: response?.reason ?? '',
    headers,
    body: Buffer.from(bytes).toString(),
    response,
    exchange,
    backendRequests: exchange.ports.backendRequests,
    backendRequest: exchange.ports.backendRequests.at(-1),
    traces,
  };
}

/** The pipeline for several requests through the same policies (limits, caches). */
export function pipelineFor(policy: PolicyText, init: RunPolicyInit = {}): Pipeline {
  const scope = init.scope ?? 'api';
  const compiled = compiledOrThrow(compilePolicy(policy, init));
  const global =
    init.global === undefined ? null : compiledOrThrow(compilePolicy(init.global, { ...init, scope: 'global' }));
  return assemblePipeline(scope === 'global' ? [compiled] : [compiled, global]);
}

/** Compiles a document and gives its problems; nothing is thrown. */
export function compilePolicy(policy: PolicyText, init: CompileForInit = {}): CompileResult {
  const text = typeof policy === 'string' ? policy : documentOf(policy);
  return compileDocument(
    { file: 'policy.xml', format: init.format ?? 'rawxml', text },
    {
      kind: text.trimStart().startsWith('<fragment') ? 'fragment' : 'policies',
      scope: init.scope ?? 'api',
      environment: environmentFor(init),
      policies: init.policies,
    },
  );
}

/** The messages of a document's problems, for tests of what is refused. */
export function problemsOf(policy: PolicyText, init: CompileForInit = {}): readonly string[] {
  return compilePolicy(policy, init).problems.map((problem) => problem.message);
}

function compiledOrThrow({ compiled, problems }: CompileResult) {
  if (compiled) return compiled;
  throw new TypeError(`The policy does not compile:\n${problems.map((problem) => problem.message).join('\n')}`);
}

function documentOf({ inbound, backend, outbound, onError }: Exclude<PolicyText, string>): string {
  const base = '<base />';
  return `<policies><inbound>${inbound ?? base}</inbound><backend>${backend ?? base}</backend><outbound>${outbound ?? base}</outbound><on-error>${onError ?? base}</on-error></policies>`;
}

export function environmentFor(init: CompileForInit = {}): CompileEnvironment {
  const fragments = Object.entries(init.fragments ?? {}).map(([name, text]): [string, PolicyDocument] => [
    name,
    { file: `fragments/${name}.xml`, format: 'rawxml', text },
  ]);
  return {
    namedValues: new Map(Object.entries(init.namedValues ?? {})),
    fragments: new Map(fragments),
    backends: new Set(init.backends),
    loggers: new Set(init.loggers),
    certificates: new Set(init.certificateNames),
    schemas: new Map(init.schemas?.map((schema) => [schema.name, schema])),
    allowUnsupported: init.allowUnsupported ?? false,
  };
}
