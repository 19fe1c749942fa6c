import { completionText, type ReportedUsage, reportedUsage } from './usage.ts';

/** What a response turned out to have used. */
export interface ReadUsage {
  readonly reported: ReportedUsage | null;
  /** Tokens of the text that the model produced, counted; null when nothing was counted. */
  readonly counted: number | null;
}

/** Reads tokens out of a response while it passes. */
export interface UsageReader {
  data(text: string): void;
  end(): ReadUsage;
}

/** Texts that are counted together: more would have to be held, fewer would be counted wrongly at their seams. */
const heldText = 4_096;
/** A line of a stream, or a JSON document, beyond which nothing is read any more. */
const largestLine = 1024 * 1024;
const largestDocument = 4 * 1024 * 1024;

/**
 * Server-sent events, each read when it is complete. The usage that an event reports counts, the last one of each part;
 * until there is one, the text is counted.
 */
export function eventUsage(count: (text: string) => number): UsageReader {
  let line = '';
  let isTooLong = false;
  let prompt: number | null = null;
  let completion: number | null = null;
  let total: number | null = null;
  let isReported = false;
  let held = '';
  let counted = 0;

  const produced = (text: string) => {
    held += text;
    if (held.length < heldText) return;
    // A word that goes on stays.
    const cut = held.lastIndexOf(' ');
    const ready = cut > 0 ? cut : held.length;
    counted += count(held.slice(0, ready));
    held = held.slice(ready);
  };
  const event = (text: string) => {
    const data = /^data:\s?(.*)$/.exec(text)?.[1];
    if (data === undefined || data === '' || data === '[DONE]') return;
    let body: unknown;
    try {
      body = JSON.parse(data);
    } catch {
      return;
    }
    produced(completionText(body));
    const usage = reportedUsage(body);
    if (!usage) return;
    isReported = true;
    prompt = usage.prompt ?? prompt;
    completion = usage.completion ?? completion;
    total = usage.total ?? total;
  };

  return {
    data(text) {
      let start = 0;
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', start)) {
        if (!isTooLong) event((line + text.slice(start, at)).replace(/\r$/, ''));
        line = '';
        isTooLong = false;
        start = at + 1;
      }
      line = isTooLong ? '' : line + text.slice(start);
      if (line.length <= largestLine) return;
      line = '';
      isTooLong = true;
    },
    end() {
      if (line !== '') event(line);
      counted += held === '' ? 0 : count(held);
      return { reported: isReported ? { prompt, completion, total } : null, counted };
    },
  };
}

/** One JSON document, read when it is complete. One of more than 4 MB is not read. */
export function documentUsage(count: (text: string) => number): UsageReader {
  const pieces: string[] = [];
  let size = 0;
  return {
    data(text) {
      size += text.length;
      if (size > largestDocument) pieces.length = 0;
      else pieces.push(text);
    },
    end() {
      let body: unknown;
      try {
        body = JSON.parse(pieces.join(''));
      } catch {
        return { reported: null, counted: null };
      }
      const reported = reportedUsage(body);
      if (reported) return { reported, counted: null };
      const text = completionText(body);
      return { reported: null, counted: text === '' ? null : count(text) };
    },
  };
}
