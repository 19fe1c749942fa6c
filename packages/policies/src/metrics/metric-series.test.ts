import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MetricSeries } from './metric-series.ts';
import { prometheusText } from './prometheus-text.ts';

const minute = 60_000;

function seriesAt(limits = {}) {
  const clock = { time: 1_000_000 * minute + 5_000, now: () => clock.time };
  const metrics = new MetricSeries(clock, limits);
  const emit = (
    value: number,
    dimensions: Readonly<Record<string, string>> = {},
    name = 'n',
    namespace = 'API Management',
  ) => metrics.emit({ namespace, name, value, dimensions: Object.entries(dimensions) });
  return { clock, metrics, emit };
}

describe('MetricSeries', () => {
  it('adds up what has the same name and dimensions', () => {
    const { metrics, emit } = seriesAt();
    emit(2, { a: '1' });
    emit(3, { a: '1' });
    emit(10, { a: '2' });
    expect(metrics.read()).toMatchObject([
      { namespace: 'API Management', name: 'n', dimensions: [['a', '1']], count: 2, sum: 5 },
      { dimensions: [['a', '2']], count: 1, sum: 10 },
    ]);
  });

  it('has minimum and maximum of the last whole minute', () => {
    const { clock, metrics, emit } = seriesAt();
    const last = () => metrics.read()[0]?.lastMinute;
    emit(2);
    emit(-3);
    expect(last()).toBeNull();
    clock.time += minute;
    expect(last()).toEqual({ start: 1_000_000 * minute, count: 2, sum: -1, min: -3, max: 2 });
    emit(7);
    expect(last()).toMatchObject({ count: 2 });
    clock.time += minute;
    expect(last()).toEqual({ start: 1_000_001 * minute, count: 1, sum: 7, min: 7, max: 7 });
    clock.time += minute;
    expect(last()).toBeNull();
  });

  it('puts what has no room into one series of the metric', () => {
    const { metrics, emit } = seriesAt({ series: 2 });
    for (let i = 0; i < 10; i++) emit(1, { i: String(i) });
    expect(metrics.read().map(({ dimensions, count }) => [dimensions, count])).toEqual([
      [[['i', '0']], 1],
      [[['i', '1']], 1],
      [[['overflow', 'true']], 8],
    ]);
  });

  it('lets series that were idle for twelve hours make room', () => {
    const { clock, metrics, emit } = seriesAt({ series: 2 });
    emit(1, { i: 'old' });
    clock.time += 12 * 3_600_000 + minute;
    emit(1, { i: 'a' });
    emit(1, { i: 'b' });
    expect(metrics.read().map(({ dimensions }) => dimensions[0]?.[1])).toEqual(['a', 'b']);
  });

  it('keeps only so many names', () => {
    const { metrics, emit } = seriesAt({ metrics: 2 });
    for (let i = 0; i < 5; i++) emit(1, {}, `n${i}`);
    expect(metrics.read().map(({ name, count }) => [name, count])).toEqual([
      ['Overflow', 3],
      ['n0', 1],
      ['n1', 1],
    ]);
  });

  it('leaves out what is no number, and cuts long texts', () => {
    const { metrics, emit } = seriesAt();
    emit(Number.NaN);
    emit(Number.POSITIVE_INFINITY);
    emit(1, { k: 'x'.repeat(1_000) });
    expect(metrics.read()).toHaveLength(1);
    expect(metrics.read()[0]?.dimensions[0]?.[1]).toHaveLength(256);
  });
});

describe('prometheusText', () => {
  it('writes summaries, and gauges of the last minute', () => {
    const { clock, metrics, emit } = seriesAt();
    emit(10, { 'API ID': 'orders', Color: 'a"b\\c\nd' }, 'Total Tokens');
    emit(5, { 'API ID': 'orders', Color: 'a"b\\c\nd' }, 'Total Tokens');
    emit(1, {}, '5xx', '');
    clock.time += minute;
    expect(prometheusText(metrics.read())).toBe(
      [
        '# HELP _5xx 5xx ()',
        '# TYPE _5xx summary',
        '_5xx_sum 1',
        '_5xx_count 1',
        '# HELP _5xx_minute_min 5xx (), minimum of the last whole minute',
        '# TYPE _5xx_minute_min gauge',
        '_5xx_minute_min 1',
        '# HELP _5xx_minute_max 5xx (), maximum of the last whole minute',
        '# TYPE _5xx_minute_max gauge',
        '_5xx_minute_max 1',
        '# HELP api_management_total_tokens Total Tokens (API Management)',
        '# TYPE api_management_total_tokens summary',
        'api_management_total_tokens_sum{api_id="orders",color="a\\"b\\\\c\\nd"} 15',
        'api_management_total_tokens_count{api_id="orders",color="a\\"b\\\\c\\nd"} 2',
        '# HELP api_management_total_tokens_minute_min Total Tokens (API Management), minimum of the last whole minute',
        '# TYPE api_management_total_tokens_minute_min gauge',
        'api_management_total_tokens_minute_min{api_id="orders",color="a\\"b\\\\c\\nd"} 5',
        '# HELP api_management_total_tokens_minute_max Total Tokens (API Management), maximum of the last whole minute',
        '# TYPE api_management_total_tokens_minute_max gauge',
        'api_management_total_tokens_minute_max{api_id="orders",color="a\\"b\\\\c\\nd"} 10',
        '',
      ].join('\n'),
    );
  });

  it('tells metrics and dimensions apart whose names become the same', () => {
    const { metrics, emit } = seriesAt();
    emit(1, { 'a b': '1', a_b: '2' }, 'x y', 'ns');
    emit(1, {}, 'x_y', 'ns');
    const text = prometheusText(metrics.read());
    expect(text).toContain('ns_x_y_count{metric_namespace="ns",metric_name="x y",a_b="1",a_b_2="2"} 1');
    expect(text).toContain('ns_x_y_count{metric_namespace="ns",metric_name="x_y"} 1');
    expect(text.match(/# TYPE ns_x_y summary/g)).toHaveLength(1);
  });

  it('writes lines that Prometheus can read, whatever the names', () => {
    const line =
      /^(# (HELP|TYPE) [a-z_][a-z0-9_]* .*|[a-z_][a-z0-9_]*(\{[a-z_][a-z0-9_]*="(?:[^"\\\n]|\\["\\n])*"(,[a-z_][a-z0-9_]*="(?:[^"\\\n]|\\["\\n])*")*\})? -?[0-9.e+-]+)$/;
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.string(),
            fc.string(),
            fc.double({ noNaN: true, noDefaultInfinity: true }),
            fc.dictionary(fc.string(), fc.string()),
          ),
        ),
        (values) => {
          const { clock, metrics, emit } = seriesAt();
          for (const [namespace, name, value, dimensions] of values) emit(value, dimensions, name, namespace);
          clock.time += minute;
          const text = prometheusText(metrics.read());
          for (const one of text.split('\n').slice(0, -1)) expect(one).toMatch(line);
        },
      ),
    );
  });
});
