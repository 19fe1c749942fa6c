import { PolicyError } from '../policy-error.ts';

/** One fixed window of a quota. */
export interface QuotaWindow {
  /** Milliseconds since 1970. */
  readonly start: number;
  /** Null: never ends. */
  readonly end: number | null;
}

/** The window that `now` is in, when windows of `periodMs` follow each other from `origin`. A period of 0 never ends. */
export function quotaWindow(origin: number, periodMs: number, now: number): QuotaWindow {
  if (periodMs === 0) return { start: origin, end: null };
  const start = origin + Math.floor((now - origin) / periodMs) * periodMs;
  return { start, end: start + periodMs };
}

/** What is used up: calls or kilobytes. */
export type QuotaKind = 'call volume' | 'bandwidth';

/**
 * The 403 of a quota that is used up: `Out of call volume quota. Quota will be replenished in 00:30:02.` (captures), with
 * Retry-After in seconds. A quota that is never replenished says only that it is out.
 */
export function quotaExceeded(kind: QuotaKind, { end }: QuotaWindow, now: number): PolicyError {
  if (end === null)
    return new PolicyError('QuotaExceeded', `Out of ${kind} quota.`, {
      status: 403,
      message: `Out of ${kind} quota.`,
    });
  // Rounded up, so that whoever waits as long as told gets through.
  const seconds = Math.max(1, Math.ceil((end - now) / 1000));
  const message = `Out of ${kind} quota. Quota will be replenished in ${timeSpan(seconds)}.`;
  return new PolicyError('QuotaExceeded', message, {
    status: 403,
    headers: [['Retry-After', String(seconds)]],
    message,
  });
}

/** As .NET prints a TimeSpan: `00:30:02`, `2.12:00:00`. */
function timeSpan(seconds: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const clock = [Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return days > 0 ? `${days}.${clock}` : clock;
}
