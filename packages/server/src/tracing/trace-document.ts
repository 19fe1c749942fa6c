import type { HeaderList } from '@lazuli/policies';
import { type Masker, maskHeader } from './masking.ts';

export type TraceSection = 'inbound' | 'backend' | 'outbound' | 'on-error';

/** One line of a trace, as Azure's `listTrace` shows it. */
export interface TraceEntry {
  readonly source: string;
  /** ISO 8601. */
  readonly timestamp: string;
  /** Since the request came: `00:00:00.0012345`. */
  readonly elapsed: string;
  readonly data: unknown;
}

export interface TraceDocument {
  readonly serviceName: string;
  readonly traceId: string;
  readonly traceEntries: Readonly<Record<TraceSection, readonly TraceEntry[]>>;
}

const entriesAtMost = 500;
const bytesAtMost = 512 * 1024;
const entryBytes = 16 * 1024;
const textAtMost = 8 * 1024;

/** Writes one trace: bounded in entries and bytes, and without secrets. */
export class TraceBuilder {
  readonly traceId: string;
  readonly #serviceName: string;
  readonly #masker: Masker;
  readonly #now: () => number;
  readonly #started = performance.now();
  readonly #entries: Record<TraceSection, TraceEntry[]> = { inbound: [], backend: [], outbound: [], 'on-error': [] };
  #count = 0;
  #bytes = 0;
  #isFull = false;

  constructor(traceId: string, serviceName: string, masker: Masker, now: () => number) {
    this.traceId = traceId;
    this.#serviceName = serviceName;
    this.#masker = masker;
    this.#now = now;
  }

  /** Bytes of the entries, about. */
  get bytes(): number {
    return this.#bytes;
  }

  add(section: TraceSection, source: string, data: unknown): void {
    if (this.#isFull) return;
    const text = this.#write(data);
    this.#count++;
    this.#bytes += text.length + 200;
    if (this.#count > entriesAtMost || this.#bytes > bytesAtMost) {
      this.#isFull = true;
      this.#push(section, 'api-inspector', { message: 'The trace is full: what followed was left out.' });
    } else this.#push(section, source, JSON.parse(text));
  }

  document(): TraceDocument {
    return { serviceName: this.#serviceName, traceId: this.traceId, traceEntries: this.#entries };
  }

  #push(section: TraceSection, source: string, data: unknown): void {
    const elapsed = performance.now() - this.#started;
    const timestamp = new Date(this.#now()).toISOString();
    this.#entries[section].push({
      source: this.#masker(source).slice(0, 256),
      timestamp,
      elapsed: timeSpan(elapsed),
      data,
    });
  }

  #write(data: unknown): string {
    let text: string | undefined;
    try {
      text = JSON.stringify(data, (_, value: unknown) => this.#plain(value));
    } catch {
      // A cycle: it is only named.
    }
    text ??= JSON.stringify(this.#plain(String(data)));
    if (text.length <= entryBytes) return text;
    return JSON.stringify({ message: 'The entry is too long to be kept whole.', beginning: text.slice(0, textAtMost) });
  }

  #plain(value: unknown): unknown {
    if (typeof value === 'string') {
      const masked = this.#masker(value);
      return masked.length > textAtMost ? `${masked.slice(0, textAtMost)}…` : masked;
    }
    if (typeof value === 'bigint') return String(value);
    if (value instanceof Map) return Object.fromEntries(value);
    if (value instanceof Set) return [...value];
    if (value instanceof Error) return { name: value.name, message: value.message };
    if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
    return value;
  }
}

/** As Azure's traces show headers; credentials are not shown. */
export function shownHeaders(headers: HeaderList): readonly { readonly name: string; readonly value: string }[] {
  return [...headers.entries()].map(([name, value]) => ({ name, value: maskHeader(name, value) }));
}

/** As .NET prints a TimeSpan, with seven digits of the second. */
function timeSpan(milliseconds: number): string {
  const ticks = Math.round(milliseconds * 10_000);
  const seconds = Math.floor(ticks / 10_000_000);
  const two = (value: number) => String(value).padStart(2, '0');
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${clock}.${String(ticks % 10_000_000).padStart(7, '0')}`;
}
