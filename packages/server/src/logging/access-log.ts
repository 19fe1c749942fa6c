import type { AccessRecord } from '@lazuli/gateway';
import { accessLine } from './access-line.ts';
import { type LineLog, openLineLog } from './line-log.ts';

export type AccessLogMode = 'off' | 'sampled' | 'all';
export const accessLogModes: readonly AccessLogMode[] = ['off', 'sampled', 'all'];

export interface AccessLog {
  /** What a finished request does to the log; null when the log is off. */
  readonly onComplete: ((record: AccessRecord) => void) | null;
  /** Writes what is still under way. */
  close(): Promise<void>;
}

/** One request in so many is logged when the mode is `sampled`; those that failed (an error, or status 500 and up) always are. */
const sampleEvery = 100;
const reportMs = 10_000;

export interface AccessLogOptions {
  readonly mode: AccessLogMode;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told, at most every ten seconds, how many lines were dropped so far because whoever reads the log is too slow. */
  readonly onDropped: (dropped: number) => void;
  /** Absent: standard error. */
  readonly lines?: LineLog;
}

/** The access log, one JSON object a line. A request never waits for whoever reads it. */
export function openAccessLog({ mode, now, onDropped, ...options }: AccessLogOptions): AccessLog {
  if (mode === 'off') return { onComplete: null, close: async () => {} };
  const lines = options.lines ?? openLineLog(2);
  let count = 0;
  let report: NodeJS.Timeout | null = null;
  return {
    onComplete(record) {
      const failed = record.responseCode >= 500 || record.lastErrorReason !== null;
      if (mode === 'sampled' && !failed && count++ % sampleEvery !== 0) return;
      if (lines.write(accessLine(record, now()))) return;
      report ??= setTimeout(() => {
        report = null;
        onDropped(lines.dropped);
      }, reportMs).unref();
    },
    close() {
      if (report) {
        clearTimeout(report);
        onDropped(lines.dropped);
      }
      return lines.close();
    },
  };
}
