import type { TraceDocument, TraceEntry } from './trace-document.ts';
import type { Trace } from './trace-store.ts';

/** What a self-hosted gateway sends of a finished trace. */
export interface SentTrace {
  readonly location: string | null;
  readonly document: TraceDocument;
}

/** Null: it is no trace. */
export function readTrace(
  sent: Readonly<Record<string, unknown>> | null,
): (Trace & { readonly location: string | null }) | null {
  if (!sent || !isObject(sent.document)) return null;
  const { location, document } = sent;
  const { traceId, serviceName, traceEntries } = document;
  if (typeof traceId !== 'string' || typeof serviceName !== 'string' || !isObject(traceEntries)) return null;
  if (traceId.length > 64 || serviceName.length > 256) return null;
  if (location !== null && (typeof location !== 'string' || !/^[\w-]{32}$/.test(location))) return null;
  const read: TraceDocument = {
    serviceName,
    traceId,
    traceEntries: {
      inbound: entriesOf(traceEntries.inbound),
      backend: entriesOf(traceEntries.backend),
      outbound: entriesOf(traceEntries.outbound),
      'on-error': entriesOf(traceEntries['on-error']),
    },
  };
  return { traceId, location, bytes: JSON.stringify(read).length, document: () => read };
}

function entriesOf(value: unknown): readonly TraceEntry[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).map(({ source, timestamp, elapsed, data }) => ({
    source: String(source),
    timestamp: String(timestamp),
    elapsed: String(elapsed),
    data,
  }));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
