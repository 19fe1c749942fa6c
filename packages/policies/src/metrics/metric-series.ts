import type { ClockPort, MetricPort } from '../ports/ports.ts';

/** What was measured in one minute. */
export interface MetricMinute {
  /** Milliseconds since 1970; a whole minute. */
  readonly start: number;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** One metric with one set of dimension values. */
export interface MetricSeriesState {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly (readonly [string, string])[];
  /** Since the process began. */
  readonly count: number;
  readonly sum: number;
  /** The last minute that is over, when something was measured in it; else null. */
  readonly lastMinute: MetricMinute | null;
}

export interface MetricSeriesLimits {
  /** Series that are kept; the values of others go into one series for each metric. */
  readonly series?: number;
  /** Names of metrics that are kept; others become one metric. */
  readonly metrics?: number;
}

/** Azure Monitor counts a series as active for twelve hours after its last value. */
const idleMs = 12 * 3_600_000;
const minuteMs = 60_000;
/** Azure Monitor's limit for names and values of dimensions. */
const longest = 256;
/** Dimensions of a series that holds what had no room. */
export const overflowDimensions = [['overflow', 'true']] as const;
/** Name of the metric that holds the values of metrics that had no room. */
const overflowName = 'Overflow';

interface Series {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly (readonly [string, string])[];
  count: number;
  sum: number;
  current: Minute;
  previous: Minute | null;
}

interface Minute extends MetricMinute {
  count: number;
  sum: number;
  min: number;
  max: number;
}

/**
 * Adds the values of `emit-metric` and the token metrics up in memory: count and sum of each series, with minimum and
 * maximum for each minute. Bounded: when there are as many series as may be, those that were idle for twelve hours make
 * room, and after that new ones share one series of their metric (`overflow="true"`).
 */
export class MetricSeries implements MetricPort {
  readonly #clock: Pick<ClockPort, 'now'>;
  readonly #mostSeries: number;
  readonly #mostMetrics: number;
  readonly #series = new Map<string, Series>();
  /** Series of each metric, by namespace and name. */
  readonly #metrics = new Map<string, number>();

  constructor(clock: Pick<ClockPort, 'now'>, { series = 10_000, metrics = 500 }: MetricSeriesLimits = {}) {
    this.#clock = clock;
    this.#mostSeries = series;
    this.#mostMetrics = metrics;
  }

  /** A value that is no finite number is left out. */
  emit({ namespace, name, value, dimensions }: Parameters<MetricPort['emit']>[0]): void {
    if (!Number.isFinite(value)) return;
    const now = this.#clock.now();
    const series = this.#seriesOf(
      cut(namespace),
      cut(name),
      dimensions.map(([key, text]) => [cut(key), cut(text)] as const),
      now,
    );
    const start = now - (now % minuteMs);
    if (series.current.start !== start) {
      series.previous = series.current;
      series.current = emptyMinute(start);
    }
    series.count += 1;
    series.sum += value;
    add(series.current, value);
  }

  /** Every series, by namespace, name and dimensions. */
  read(): readonly MetricSeriesState[] {
    const now = this.#clock.now();
    const last = now - (now % minuteMs) - minuteMs;
    const states = [...this.#series.values()].map(({ namespace, name, dimensions, count, sum, current, previous }) => ({
      namespace,
      name,
      dimensions,
      count,
      sum,
      lastMinute: [current, previous].find((minute) => minute?.start === last) ?? null,
    }));
    return states.sort((one, other) => (orderOf(one) < orderOf(other) ? -1 : 1));
  }

  #seriesOf(namespace: string, name: string, dimensions: Series['dimensions'], now: number): Series {
    const key = keyOf(namespace, name, dimensions);
    const known = this.#series.get(key);
    if (known) return known;
    if (this.#series.size >= this.#mostSeries) this.#dropIdle(now);
    const metric = keyOf(namespace, name, []);
    if (!this.#metrics.has(metric) && this.#metrics.size >= this.#mostMetrics)
      return this.#shared('API Management', overflowName, now);
    if (this.#series.size >= this.#mostSeries) return this.#shared(namespace, name, now);
    return this.#add(key, { namespace, name, dimensions }, now);
  }

  #shared(namespace: string, name: string, now: number): Series {
    const key = keyOf(namespace, name, overflowDimensions);
    return this.#series.get(key) ?? this.#add(key, { namespace, name, dimensions: overflowDimensions }, now);
  }

  #add(key: string, series: Pick<Series, 'namespace' | 'name' | 'dimensions'>, now: number): Series {
    const added = { ...series, count: 0, sum: 0, current: emptyMinute(now - (now % minuteMs)), previous: null };
    this.#series.set(key, added);
    const metric = keyOf(series.namespace, series.name, []);
    this.#metrics.set(metric, (this.#metrics.get(metric) ?? 0) + 1);
    return added;
  }

  #dropIdle(now: number): void {
    for (const [key, { namespace, name, current }] of this.#series) {
      if (now - current.start < idleMs) continue;
      this.#series.delete(key);
      const metric = keyOf(namespace, name, []);
      const left = (this.#metrics.get(metric) ?? 1) - 1;
      if (left === 0) this.#metrics.delete(metric);
      else this.#metrics.set(metric, left);
    }
  }
}

const cut = (text: string): string => (text.length > longest ? text.slice(0, longest) : text);

const keyOf = (namespace: string, name: string, dimensions: Series['dimensions']): string =>
  JSON.stringify([namespace, name, dimensions]);

const orderOf = ({ namespace, name, dimensions }: Pick<Series, 'namespace' | 'name' | 'dimensions'>): string =>
  keyOf(namespace, name, dimensions);

const emptyMinute = (start: number): Minute => ({
  start,
  count: 0,
  sum: 0,
  min: Number.POSITIVE_INFINITY,
  max: Number.NEGATIVE_INFINITY,
});

function add(minute: Minute, value: number): void {
  minute.count += 1;
  minute.sum += value;
  minute.min = Math.min(minute.min, value);
  minute.max = Math.max(minute.max, value);
}
