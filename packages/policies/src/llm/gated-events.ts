import type { BodySink, BodySource } from '../http/body.ts';
import { completionText } from './usage.ts';

export interface EventGate {
  /** Characters of text that are checked together. */
  readonly windowSize: number;
  /** Characters at the end of a window that are checked again with the next one. */
  readonly overlap: number;
  /** Resolves when the text may pass; rejects when it may not. */
  check(text: string): Promise<void>;
  /** Told why the stream ends early. */
  refused(error: unknown): void;
}

/** A stream that has more than this without an end of an event is none of a language model. */
const largestEvent = 1024 * 1024;

/**
 * Holds server-sent events back until the text in them has been checked. Events without text pass when nothing before them
 * is held. When a window may not pass, what is held is dropped and the stream ends there.
 */
export function gateEvents(source: BodySource, gate: EventGate): BodySource {
  let target: BodySink | null = null;
  const decoder = new TextDecoder();
  /** What came and was not looked at yet; its end may be no whole event. */
  let partial = '';
  /** Whole events that wait. */
  let held = '';
  let text = '';
  let unchecked = 0;
  let isChecking = false;
  let isOver = false;
  let isPaused = false;
  let end: readonly string[] | null = null;

  const flush = () => {
    if (held !== '') target?.data(Buffer.from(held));
    held = '';
  };
  const finish = (trailers: readonly string[]) => {
    isOver = true;
    target?.end(trailers);
  };
  const refuse = (error: unknown) => {
    if (isOver) return;
    held = '';
    source.abort(error instanceof Error ? error : new Error(String(error)));
    gate.refused(error);
    finish([]);
  };
  const checkWindow = () => {
    isChecking = true;
    source.pause();
    // What arrives meanwhile waits for the next window.
    const [passing, checked] = [held, text];
    held = '';
    text = gate.overlap > 0 ? checked.slice(-gate.overlap) : '';
    unchecked = 0;
    gate.check(checked).then(() => {
      isChecking = false;
      if (isOver) return;
      target?.data(Buffer.from(passing));
      proceed();
      if (!isPaused && !isChecking && !isOver) source.resume();
    }, refuse);
  };
  const take = (event: string) => {
    held += event;
    const produced = textOf(event);
    text += produced;
    unchecked += produced.length;
  };
  const proceed = () => {
    if (isOver || isChecking) return;
    for (let cut = eventEnd(partial); cut > 0 && unchecked < gate.windowSize; cut = eventEnd(partial)) {
      take(partial.slice(0, cut));
      partial = partial.slice(cut);
    }
    const isDrained = unchecked < gate.windowSize;
    if (isDrained && partial.length > largestEvent)
      return refuse(new RangeError('An event of the stream is too long.'));
    if (isDrained && end) {
      take(partial);
      partial = '';
    }
    if (unchecked === 0) flush();
    if (unchecked > 0 && (end || !isDrained)) checkWindow();
    else if (end && isDrained) finish(end);
  };

  return {
    length: null,
    start(sink) {
      target = sink;
      source.start({
        data(chunk) {
          if (isOver) return;
          partial += decoder.decode(chunk, { stream: true });
          proceed();
        },
        end(trailers) {
          if (isOver) return;
          partial += decoder.decode();
          end = trailers;
          proceed();
        },
        error(error) {
          if (isOver) return;
          isOver = true;
          sink.error(error);
        },
      });
    },
    pause() {
      isPaused = true;
      source.pause();
    },
    resume() {
      isPaused = false;
      if (!isChecking) source.resume();
    },
    abort(reason) {
      isOver = true;
      source.abort(reason);
    },
  };
}

/** Where the first event ends, behind its empty line; 0 when there is no whole one. */
function eventEnd(text: string): number {
  const match = /\r\n\r\n|\n\n|\r\r/.exec(text);
  return match ? match.index + match[0].length : 0;
}

function textOf(event: string): string {
  let text = '';
  for (const line of event.split(/\r\n|\n|\r/)) {
    const data = /^data:\s?(.*)$/.exec(line)?.[1];
    if (data === undefined || data === '[DONE]') continue;
    try {
      text += completionText(JSON.parse(data));
    } catch {
      // No JSON: whatever it is, a reader could show it.
      text += data;
    }
  }
  return text;
}
