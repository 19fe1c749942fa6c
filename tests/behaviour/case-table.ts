import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { UpstreamAnswer } from '../kit/upstream.ts';

/** The shape of a behaviour file; `README.md` beside it says what each key means. */
export interface BehaviourFile {
  readonly policy: string;
  readonly cases: readonly BehaviourCase[];
}

export interface BehaviourCase {
  readonly name: string;
  readonly policies?: Partial<Record<'global' | 'product' | 'api' | 'operation', string>>;
  readonly inbound?: string;
  readonly backend?: string;
  readonly outbound?: string;
  readonly 'on-error'?: string;
  readonly upstream?: UpstreamAnswer;
  readonly upstreams?: readonly UpstreamAnswer[];
  readonly exchanges?: readonly (BehaviourExchange | { readonly advance: number })[];
  readonly operations?: readonly string[];
  readonly specification?: unknown;
  readonly subscription?: 'product' | 'api' | 'all';
  readonly namedValues?: Readonly<Record<string, string>>;
  readonly fragments?: Readonly<Record<string, string>>;
  readonly backends?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly problem?: string;
  readonly line?: number;
}

export interface BehaviourExchange {
  readonly send: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  readonly expect: {
    readonly status?: number;
    readonly reason?: string;
    readonly headers?: Readonly<Record<string, ExpectedHeader>>;
    readonly body?: string;
    readonly json?: unknown;
    readonly match?: string;
  };
  readonly received?: {
    readonly request?: string;
    readonly headers?: Readonly<Record<string, ExpectedHeader>>;
    readonly body?: string;
    readonly json?: unknown;
  } | null;
}

export type ExpectedHeader = string | number | null | readonly string[];

const keys: Readonly<Record<string, readonly string[]>> = {
  file: ['policy', 'cases'],
  case: [
    'name',
    'policies',
    'inbound',
    'backend',
    'outbound',
    'on-error',
    'upstream',
    'upstreams',
    'exchanges',
    'operations',
    'specification',
    'subscription',
    'namedValues',
    'fragments',
    'backends',
    'files',
    'problem',
    'line',
  ],
  exchange: ['send', 'headers', 'body', 'expect', 'received', 'advance'],
  expect: ['status', 'reason', 'headers', 'body', 'json', 'match'],
  received: ['request', 'headers', 'body', 'json'],
};

/** Every `*.yaml` in this folder. A misspelt key throws: a case that asserts nothing must not pass. */
export function readBehaviourFiles(): BehaviourFile[] {
  const folder = fileURLToPath(new URL('.', import.meta.url));
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  return files.sort().map((name) => {
    const file = parse(readFileSync(`${folder}/${name}`, 'utf8')) as BehaviourFile;
    only('file', file, name);
    for (const one of file.cases) {
      const where = `${name}, ${one.name}`;
      only('case', one, where);
      for (const exchange of one.exchanges ?? []) {
        only('exchange', exchange, where);
        if ('advance' in exchange) continue;
        only('expect', exchange.expect, where);
        if (exchange.received) only('received', exchange.received, where);
      }
      if (one.problem === undefined && !one.exchanges?.some((exchange) => 'send' in exchange))
        throw new Error(`${where}: neither an exchange nor a problem`);
    }
    return file;
  });
}

function only(kind: string, value: object, where: string): void {
  for (const key of Object.keys(value))
    if (!keys[kind]?.includes(key))
      throw new Error(`${where}: unknown key '${key}'; expected ${keys[kind]?.join(', ')}`);
}
