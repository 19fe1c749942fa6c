import type { Exchange } from '../exchange.ts';
import { type BodySource, MessageBody } from '../http/body.ts';
import { peekBody } from '../http/peek-body.ts';
import { codingOf, decodeText, unpack } from '../message/body-text.ts';
import { isJsonType, mediaTypeOf } from '../message/media-type.ts';
import { checkSafety, failed, largestWindow, type SafetyRules, windowsOf } from './content-safety.ts';
import { gateEvents } from './gated-events.ts';
import { completionText } from './usage.ts';

export interface CompletionCheck {
  readonly rules: SafetyRules;
  /** Characters that are checked together, and those of them that are checked again with the next ones. */
  readonly size: number;
  readonly overlap: number;
}

/**
 * Checks the answer of a language model: JSON at once, a stream of events while it flows. Errors and other formats pass.
 * @throws {PolicyError} ContentSafetyCheckFailed, for a stream never: that ends.
 */
export async function checkCompletion(exchange: Exchange, check: CompletionCheck): Promise<void> {
  const { response } = exchange;
  if (!response?.body || response.status >= 400) return;
  const contentType = response.headers.get('Content-Type');
  if (mediaTypeOf(contentType) === 'text/event-stream') {
    gateResponse(exchange, check);
    return;
  }
  if (!isJsonType(contentType)) return;
  const text = completionText(await answerOf(exchange));
  await checkSafety(exchange, check.rules, windowsOf(text, check.size, check.overlap));
}

function gateResponse(exchange: Exchange, { rules, size, overlap }: CompletionCheck): void {
  const { response } = exchange;
  if (!response?.body) return;
  if (codingOf(response.headers) !== 'identity') throw failed('The stream is compressed: it cannot be checked.');
  const content = response.body.take();
  const source = content instanceof Uint8Array ? sourceOfBytes(content) : content;
  response.headers.remove('Content-Length');
  response.body = MessageBody.fromSource(
    gateEvents(source, {
      windowSize: size,
      overlap: Math.min(overlap, size - 1),
      // A window ends with an event: it may be longer than its size.
      check: (text) => checkSafety(exchange, rules, windowsOf(text, largestWindow, overlap)),
      refused: (error) =>
        exchange.ports.log.write('warn', 'A stream was ended: its text did not pass the content safety check.', {
          requestId: exchange.id,
          error: error instanceof Error ? error.message : String(error),
        }),
    }),
  );
}

function sourceOfBytes(bytes: Uint8Array): BodySource {
  return {
    length: bytes.length,
    start(sink) {
      sink.data(bytes);
      sink.end([]);
    },
    pause() {},
    resume() {},
    abort() {},
  };
}

/** The JSON of the response, which stays what is sent; null when it is none. */
async function answerOf(exchange: Exchange): Promise<unknown> {
  const { limits, response } = exchange;
  const content = response?.body?.take() ?? new Uint8Array(0);
  const peeked = content instanceof Uint8Array ? { bytes: content } : await peekBody(content, limits.policyBodyBytes);
  if (!response) return null;
  if ('source' in peeked) {
    response.body = MessageBody.fromSource(peeked.source);
    throw failed('The answer is too large to be checked.');
  }
  response.body = MessageBody.fromBytes(peeked.bytes);
  const coding = codingOf(response.headers);
  try {
    const plain = coding === 'identity' ? peeked.bytes : await unpack(peeked.bytes, coding, limits.policyBodyBytes);
    return JSON.parse(decodeText(plain, null));
  } catch (error) {
    throw failed('The answer cannot be read.', error);
  }
}
