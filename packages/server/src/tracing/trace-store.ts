import type { TraceDocument } from './trace-document.ts';

/** A trace that is being written, or is finished. */
export interface Trace {
  readonly traceId: string;
  /** Bytes, about. */
  readonly bytes: number;
  document(): TraceDocument;
}

export interface TraceStoreLimits {
  readonly traces: number;
  readonly bytes: number;
  readonly ageMs: number;
}

export const defaultTraceLimits: TraceStoreLimits = { traces: 1000, bytes: 64 * 1024 * 1024, ageMs: 3_600_000 };

interface Kept {
  readonly owner: string;
  readonly trace: Trace;
  readonly location: string | null;
  readonly until: number;
}

/** Traces of this process's gateways, in memory: for an hour, and the newest when there are too many. */
export class TraceStore {
  readonly #now: () => number;
  readonly #limits: TraceStoreLimits;
  /** By owner and trace id, oldest first. */
  readonly #traces = new Map<string, Kept>();
  readonly #locations = new Map<string, string>();

  constructor(now: () => number, limits: TraceStoreLimits = defaultTraceLimits) {
    this.#now = now;
    this.#limits = limits;
  }

  /** `owner`: id of the gateway; `location`: unguessable name under which whoever knows it may read the trace. */
  put(owner: string, trace: Trace, location: string | null): void {
    const key = keyOf(owner, trace.traceId);
    this.#traces.set(key, { owner, trace, location, until: this.#now() + this.#limits.ageMs });
    if (location !== null) this.#locations.set(location, key);
    this.#trim();
  }

  get(owner: string, traceId: string): TraceDocument | null {
    return this.#at(keyOf(owner, traceId));
  }

  at(location: string): TraceDocument | null {
    const key = this.#locations.get(location);
    return key === undefined ? null : this.#at(key);
  }

  #at(key: string): TraceDocument | null {
    const kept = this.#traces.get(key);
    return kept && kept.until > this.#now() ? kept.trace.document() : null;
  }

  #trim(): void {
    let bytes = 0;
    for (const { trace } of this.#traces.values()) bytes += trace.bytes;
    for (const [key, kept] of this.#traces) {
      const isOver = this.#traces.size > this.#limits.traces || bytes > this.#limits.bytes;
      if (!isOver && kept.until > this.#now()) break;
      bytes -= kept.trace.bytes;
      this.#traces.delete(key);
      if (kept.location !== null) this.#locations.delete(kept.location);
    }
  }
}

function keyOf(owner: string, traceId: string): string {
  return `${owner.toLowerCase()}\n${traceId.toLowerCase()}`;
}
