import type { AccessRecord } from '@lazuli/gateway';
import type { Logger } from 'pino';

export type AccessLogMode = 'off' | 'sampled' | 'all';
export const accessLogModes: readonly AccessLogMode[] = ['off', 'sampled', 'all'];

/** One request in so many is logged when the mode is `sampled`; those that failed (an error, or status 500 and up) always are. */
const sampleEvery = 100;

/** What a finished request does to the log; null when the access log is off. */
export function accessLog(logger: Logger, mode: AccessLogMode): ((record: AccessRecord) => void) | null {
  if (mode === 'off') return null;
  let count = 0;
  return (record) => {
    const failed = record.responseCode >= 500 || record.lastErrorReason !== null;
    if (mode === 'sampled' && !failed && count++ % sampleEvery !== 0) return;
    logger.info(record, 'request');
  };
}
