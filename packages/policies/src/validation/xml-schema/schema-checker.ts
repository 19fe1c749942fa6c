import { Worker } from 'node:worker_threads';
import { UnusableSchema } from '../schema-validator.ts';
import type { XmlSchemaSet } from './schema-set.ts';

export interface SchemaQuestion {
  /** Of the schemas; null: the text need only be well-formed. */
  readonly key: string | null;
  /** Null when the thread has been given it before. */
  readonly set: XmlSchemaSet | null;
  readonly text: string;
  /** `soap`: each element in the body of the envelope is checked. */
  readonly kind: 'xml' | 'soap';
}

/** What is wrong, with line and position, or null. */
export type SchemaAnswer = { readonly problem: string | null } | { readonly unusable: string };

/** Checking took longer than it may, or too many bodies wait for it. */
export class SchemaCheckAborted extends Error {}

/** A schema is compiled once; a hostile one (nested repetitions) could take for ever. */
const compileMs = 10_000;
const checkMs = 5_000;
const mostWaiting = 256;
/** Compiled schemas that one thread keeps; a fresh thread begins without any. */
const mostSchemas = 100;

interface Job {
  readonly question: Omit<SchemaQuestion, 'set'>;
  readonly set: XmlSchemaSet | null;
  resolve(answer: SchemaAnswer): void;
  reject(error: Error): void;
}

/**
 * Checks XML against XML schemas in a thread of its own, one body at a time: the thread that serves requests never waits,
 * and a body or a schema that takes too long costs only that thread, which is replaced.
 */
export class SchemaChecker {
  readonly #limits: { readonly compileMs: number; readonly checkMs: number };
  readonly #waiting: Job[] = [];
  /** Schemas that could not be compiled in time: not tried again. */
  readonly #tooSlow = new Set<string>();
  #thread: Thread | null = null;
  #isBusy = false;

  constructor(limits: { readonly compileMs?: number; readonly checkMs?: number } = {}) {
    this.#limits = { compileMs, checkMs, ...limits };
  }

  /**
   * The first thing that is wrong with a text, with line and position, or null. Without schemas it must be well-formed XML,
   * or a SOAP envelope.
   * Rejects with {@link UnusableSchema} or {@link SchemaCheckAborted}.
   */
  async check(set: XmlSchemaSet | null, text: string, kind: 'xml' | 'soap'): Promise<string | null> {
    const key = set?.key ?? null;
    if (key !== null && this.#tooSlow.has(key)) throw new UnusableSchema('The schema takes too long to compile.');
    if (this.#waiting.length >= mostWaiting) throw new SchemaCheckAborted('Too many bodies wait to be validated.');
    const answer = await new Promise<SchemaAnswer>((resolve, reject) => {
      this.#waiting.push({ question: { key, text, kind }, set, resolve, reject });
      this.#next();
    });
    if ('unusable' in answer) throw new UnusableSchema(answer.unusable);
    return answer.problem;
  }

  /** Ends the thread. It starts again when it is needed. */
  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = null;
    await thread?.worker.terminate();
  }

  #next(): void {
    if (this.#isBusy) return;
    const job = this.#waiting.shift();
    if (!job) return;
    this.#isBusy = true;
    this.#run(job);
  }

  #run({ question, set, resolve, reject }: Job): void {
    const thread = this.#running();
    const isKnown = set === null || thread.keys.has(set.key);
    if (set) thread.keys.add(set.key);
    const finish = (): void => {
      clearTimeout(timer);
      thread.worker.unref();
      this.#isBusy = false;
      this.#next();
    };
    const abandon = (message: string, cause?: unknown): void => {
      thread.listener = null;
      if (this.#thread === thread) this.#thread = null;
      void thread.worker.terminate();
      finish();
      reject(new SchemaCheckAborted(message, { cause }));
    };
    const timer = setTimeout(
      () => {
        if (set && !isKnown) this.#tooSlow.add(set.key);
        abandon('Validating the body took too long.');
      },
      isKnown ? this.#limits.checkMs : this.#limits.compileMs,
    );
    thread.listener = {
      answered(answer) {
        thread.listener = null;
        finish();
        resolve(answer);
      },
      ended: (cause) => abandon('The body could not be validated.', cause),
    };
    thread.worker.ref();
    thread.worker.postMessage({ ...question, set: isKnown ? null : set } satisfies SchemaQuestion);
  }

  #running(): Thread {
    if (this.#thread && this.#thread.keys.size >= mostSchemas) void this.close();
    this.#thread ??= startThread();
    return this.#thread;
  }
}

interface Thread {
  readonly worker: Worker;
  /** Schemas that it has been given. */
  readonly keys: Set<string>;
  /** Who waits for its answer. */
  listener: { answered(answer: SchemaAnswer): void; ended(cause: unknown): void } | null;
}

function startThread(): Thread {
  const worker = new Worker(new URL('./schema-worker.ts', import.meta.url), { execArgv: [], env: {} });
  const thread: Thread = { worker, keys: new Set(), listener: null };
  worker.on('message', (answer: SchemaAnswer) => thread.listener?.answered(answer));
  worker.on('error', (error) => thread.listener?.ended(error));
  worker.on('exit', (code) => thread.listener?.ended(new Error(`The thread ended with ${code}.`)));
  return thread;
}
