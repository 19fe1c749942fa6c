import type { Exchange } from '../exchange.ts';
import { MessageBody } from '../http/body.ts';
import { peekBody } from '../http/peek-body.ts';
import { decodeText } from '../message/body-text.ts';
import { PolicyError } from '../policy-error.ts';
import { isRecord, type PromptType, promptTokens } from './prompt.ts';
import type { Tokenizer } from './tokenizer.ts';

/** What a request asks of a language model. */
export interface LlmRequest {
  /** The model or deployment; empty when the request does not say. */
  readonly model: string;
  /** Does it want its answer as a stream of events? */
  readonly isStream: boolean;
  readonly promptType: PromptType;
  promptTokens(tokenizer: Tokenizer): number;
}

/** A body that is too large to be read has about a token in four bytes. */
const bytesPerToken = 4;

/** Reads the request's body, which stays for the backend; one that is larger than policies may read only flows through. */
export async function readLlmRequest(exchange: Exchange, promptType: PromptType): Promise<LlmRequest> {
  const deployment = /\/deployments\/([^/?]+)/.exec(exchange.request.url.target)?.[1] ?? '';
  const content = await readRequestBody(exchange);
  if (!(content instanceof Uint8Array)) {
    const tokens = Math.ceil((content.length ?? exchange.limits.policyBodyBytes) / bytesPerToken);
    return { model: deployment, isStream: false, promptType, promptTokens: () => tokens };
  }
  const body = parsed(decodeText(content, null));
  const model = isRecord(body) && typeof body.model === 'string' ? body.model : deployment;
  return {
    model,
    isStream: isRecord(body) && body.stream === true,
    promptType,
    promptTokens: (tokenizer) => promptTokens(body, promptType, tokenizer),
  };
}

/** The request's body, which stays for the backend; one that is larger than policies may read is not read. */
export async function readRequestBody(exchange: Exchange): Promise<Uint8Array | { readonly length: number | null }> {
  const { request } = exchange;
  const content = request.body?.take() ?? new Uint8Array(0);
  if (content instanceof Uint8Array) return content;
  const peeked = await peekBody(content, exchange.limits.policyBodyBytes).catch((error: unknown) => {
    throw new PolicyError(
      'ClientConnectionFailure',
      'The client closed the connection before its request was complete.',
      { status: 400, message: 'Bad request' },
      { cause: error },
    );
  });
  if ('source' in peeked) {
    request.body = MessageBody.fromSource(peeked.source);
    return { length: content.length };
  }
  request.body = MessageBody.fromBytes(peeked.bytes);
  return peeked.bytes;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
