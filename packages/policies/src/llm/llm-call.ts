import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Exchange, ExchangeResponse } from '../exchange.ts';
import { onBackendResponse } from '../http/backend-response.ts';
import { MessageBody } from '../http/body.ts';
import { peekBody } from '../http/peek-body.ts';
import { type BodyWatcher, watchBody } from '../http/watch-body.ts';
import { codingOf } from '../message/body-text.ts';
import { isJsonType, mediaTypeOf } from '../message/media-type.ts';
import { type LlmRequest, readLlmRequest } from './llm-request.ts';
import { type Tokenizer, tokenizerFor } from './tokenizer.ts';
import type { Usage } from './usage.ts';
import { documentUsage, eventUsage, type ReadUsage, type UsageReader } from './usage-reader.ts';

/** Called when a backend's answer has gone through; null: it used nothing that could be found out (an error, another format). */
export type UsageListener = (usage: Usage | null) => void;

/** A call of a language model, shared by all policies that count its tokens. */
export interface LlmCall {
  readonly request: LlmRequest;
  /** Estimates the prompt's tokens; the same for everybody. */
  promptTokens(): number;
  onUsage(listener: UsageListener): void;
  /** The answer is to be read before outbound begins, unless it is a stream: its tokens are wanted in headers and variables. */
  wantEarly(): void;
}

/** The call that the exchange is. Reads the request's body, which stays for the backend. */
export async function llmCallOf(exchange: Exchange, promptType: LlmRequest['promptType']): Promise<LlmCall> {
  const known = exchange.notes.get(note);
  if (known instanceof Call) return known;
  const request = await readLlmRequest(exchange, promptType);
  const call = new Call(exchange, request, await tokenizerFor(request.model));
  exchange.notes.set(note, call);
  onBackendResponse(exchange, () => call.answered());
  return call;
}

const note = Symbol('call of a language model');
/** An answer that is wanted early is read up to here; a larger one flows, and is counted while it does. */
const largestEarly = 4 * 1024 * 1024;

class Call implements LlmCall {
  readonly request: LlmRequest;
  readonly #exchange: Exchange;
  readonly #tokenizer: Tokenizer;
  readonly #listeners: UsageListener[] = [];
  #isEarly = false;
  #promptTokens: number | null = null;

  constructor(exchange: Exchange, request: LlmRequest, tokenizer: Tokenizer) {
    this.#exchange = exchange;
    this.request = request;
    this.#tokenizer = tokenizer;
  }

  promptTokens(): number {
    this.#promptTokens ??= this.request.promptTokens(this.#tokenizer);
    return this.#promptTokens;
  }

  onUsage(listener: UsageListener): void {
    this.#listeners.push(listener);
  }

  wantEarly(): void {
    this.#isEarly = true;
  }

  async answered(): Promise<void> {
    const { response } = this.#exchange;
    if (!response) return;
    const isStream = mediaTypeOf(response.headers.get('Content-Type')) === 'text/event-stream';
    const isReadable = isStream || isJsonType(response.headers.get('Content-Type'));
    if (response.status >= 400 || !response.body || !isReadable) {
      this.#tell(null);
      return;
    }
    const count = (text: string) => this.#tokenizer.count(text);
    const reader = isStream ? eventUsage(count) : documentUsage(count);
    if (this.#isEarly && !isStream) await collect(response);
    const over = Promise.withResolvers<void>();
    response.body = watchBody(
      response.body,
      textWatcher(reader, codingOf(response.headers), (read) => {
        this.#tell(read && this.#usage(read));
        over.resolve();
      }),
    );
    if (response.body.buffered) await over.promise;
  }

  #usage({ reported, counted }: ReadUsage): Usage | null {
    if (!reported && counted === null) return null;
    const completion = reported?.completion ?? counted ?? 0;
    const prompt = reported?.prompt ?? restOf(reported, completion) ?? this.promptTokens();
    return { prompt, completion, total: reported?.total ?? prompt + completion };
  }

  #tell(usage: Usage | null): void {
    for (const listener of this.#listeners) {
      try {
        listener(usage);
      } catch (error) {
        this.#exchange.ports.log.write('error', 'The tokens of a response could not be counted.', {
          requestId: this.#exchange.id,
          error: error instanceof Error ? error.message : String(error),
        });
      }
    }
  }
}

/** The prompt's share of a total. */
function restOf(reported: ReadUsage['reported'], completion: number): number | null {
  return reported === null || reported.total === null ? null : Math.max(0, reported.total - completion);
}

/** Puts the body into memory when it is not too large; whatever breaks off shows when it is sent on. */
async function collect(response: ExchangeResponse): Promise<void> {
  const content = response.body?.take();
  if (!content || content instanceof Uint8Array) return;
  const peeked = await peekBody(content, largestEarly).catch((error: unknown) => failing(error));
  response.body = 'source' in peeked ? MessageBody.fromSource(peeked.source) : MessageBody.fromBytes(peeked.bytes);
}

/** A source that fails as the one that was read did. */
function failing(error: unknown) {
  const reason = error instanceof Error ? error : new Error(String(error));
  return {
    source: {
      length: null,
      start: (sink: { error(error: Error): void }) => queueMicrotask(() => sink.error(reason)),
      pause() {},
      resume() {},
      abort() {},
    },
  };
}

/** Gives a reader the text of a body that may be compressed. */
function textWatcher(reader: UsageReader, coding: string, then: (read: ReadUsage | null) => void): BodyWatcher {
  const decoder = new TextDecoder();
  if (coding === 'identity')
    return {
      data: (chunk) => reader.data(decoder.decode(chunk, { stream: true })),
      end: () => then(reader.end()),
    };
  const unpacking = unpackerOf(coding);
  if (!unpacking) return { data() {}, end: () => then(null) };
  let isOver = false;
  const finish = () => {
    if (isOver) return;
    isOver = true;
    then(reader.end());
  };
  unpacking.on('data', (chunk: Uint8Array) => reader.data(decoder.decode(chunk, { stream: true })));
  unpacking.on('end', finish);
  unpacking.on('error', finish);
  return { data: (chunk) => unpacking.write(chunk), end: () => unpacking.end() };
}

function unpackerOf(coding: string) {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'deflate':
      return createInflate();
    case 'br':
      return createBrotliDecompress();
    default:
      return null;
  }
}
