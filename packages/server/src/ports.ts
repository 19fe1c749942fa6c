import { setTimeout as sleep } from 'node:timers/promises';
import type { ClockPort, LogPort, MetricPort } from '@lazuli/policies';
import type { Logger } from 'pino';

/** The machine's clock and randomness; `time` stands in for the clock in tests. */
export function systemClock(time: { now(): number } = Date): ClockPort {
  return {
    now: () => time.now(),
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    random: Math.random,
  };
}

export function logPort(logger: Logger): LogPort {
  return { write: (level, message, fields) => logger[level](fields, message) };
}

/** Metrics of policies go to the log until a metrics pipeline is configured. */
export function metricPort(logger: Logger): MetricPort {
  return { emit: (metric) => logger.info({ ...metric, dimensions: Object.fromEntries(metric.dimensions) }, 'metric') };
}
