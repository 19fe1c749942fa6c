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

/** Adds the metrics of policies up, and writes each to the log. */
export function metricPort(series: MetricPort, logger: Logger, level: 'debug' | 'info'): MetricPort {
  return {
    emit(metric) {
      series.emit(metric);
      if (logger.isLevelEnabled(level))
        logger[level]({ ...metric, dimensions: Object.fromEntries(metric.dimensions) }, 'metric');
    },
  };
}
