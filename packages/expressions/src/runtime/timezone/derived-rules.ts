import { charge } from '../budget.ts';
import { DateTime, kinds } from '../datetime.ts';
import { TimeSpan, ticksPerDay } from '../timespan.ts';
import { AdjustmentRule, daysInMonth, TransitionTime } from './adjustment-rule.ts';
import type { TimeZone } from './timezone.ts';

/** Years that are looked through: before, rules changed from place to place; after, nobody knows. */
const firstYear = 1970;
const lastYear = 2037;

/**
 * Adjustment rules of a zone of the time zone database, found from its offsets: consecutive years whose clocks change by
 * the same rule ("the last Sunday of March at 2:00") give one. A year that has not one change forward and one back
 * gives none. The first rule reaches back as Windows' does when there is but one, the last one reaches on for ever.
 */
export function derivedRules(zone: TimeZone): readonly AdjustmentRule[] {
  charge(50_000);
  const spans: Span[] = [];
  for (let year = firstYear; year <= lastYear; year++) {
    const found = changesOf(zone, year);
    if (!found) continue;
    const last = spans.at(-1);
    const joined = last && last.to === year - 1 ? join(last, found, year) : null;
    if (joined) spans[spans.length - 1] = joined;
    else spans.push({ from: year, to: year, ...found });
  }
  return spans.map((span, index) => {
    const from = spans.length === 1 ? DateTime.minValue : DateTime.of(span.from, 1, 1);
    const isLast = index === spans.length - 1 && span.to === lastYear;
    const to = isLast ? DateTime.of(9999, 12, 31) : DateTime.of(span.to, 12, 31);
    return new AdjustmentRule(from, to, span.delta, transition(span.start), transition(span.end));
  });
}

interface Changes {
  readonly delta: TimeSpan;
  readonly start: Change;
  readonly end: Change;
}
interface Span extends Changes {
  readonly from: number;
  readonly to: number;
}
interface Change {
  readonly month: number;
  readonly dayOfWeek: number;
  /** Weeks that the day may count as: the fourth Sunday may be the last one too. */
  readonly weeks: readonly number[];
  readonly timeOfDay: bigint;
}

/** The one change forward and the one back of a year, or null. */
function changesOf(zone: TimeZone, year: number): Changes | null {
  const forward: Found[] = [];
  const back: Found[] = [];
  for (let month = 1; month <= 12; month++) {
    const from = DateTime.of(year, month, 1, 0, 0, 0, 0, kinds.utc);
    const found = changeBetween(zone, from.ticks, from.ticks + BigInt(daysInMonth(year, month)) * ticksPerDay);
    if (found) (found.delta > 0n ? forward : back).push(found);
  }
  const [start] = forward;
  const [end] = back;
  if (!start || !end || forward.length + back.length !== 2 || start.delta !== -end.delta) return null;
  return { delta: new TimeSpan(start.delta), start: describe(start.clock), end: describe(end.clock) };
}

interface Found {
  /** By the clock before the change. */
  readonly clock: DateTime;
  readonly delta: bigint;
}

/** The change of the offset between two instants, to the second; null when it is the same at both. */
function changeBetween(zone: TimeZone, from: bigint, to: bigint): Found | null {
  const offset = (ticks: bigint) => zone.offsetAtUtc(new DateTime(ticks, kinds.utc)).ticks;
  const before = offset(from);
  const delta = offset(to) - before;
  if (delta === 0n) return null;
  let low = from;
  let high = to;
  while (high - low > second) {
    const middle = low + ((high - low) / 2n / second) * second;
    if (offset(middle) === before) low = middle;
    else high = middle;
  }
  return { clock: new DateTime(high + before), delta };
}
const second = 10_000_000n;

function describe(clock: DateTime): Change {
  const nth = Math.ceil(clock.day / 7);
  const isLast = clock.day + 7 > daysInMonth(clock.year, clock.month);
  const weeks = [...(nth < 5 ? [nth] : []), ...(isLast ? [5] : [])];
  return { month: clock.month, dayOfWeek: clock.dayOfWeek, weeks, timeOfDay: clock.ticks % ticksPerDay };
}

function join(span: Span, next: Changes, year: number): Span | null {
  const start = both(span.start, next.start);
  const end = both(span.end, next.end);
  return start && end && span.delta.ticks === next.delta.ticks ? { ...span, to: year, start, end } : null;
}

function both(a: Change, b: Change): Change | null {
  const weeks = a.weeks.filter((week) => b.weeks.includes(week));
  const same = a.month === b.month && a.dayOfWeek === b.dayOfWeek && a.timeOfDay === b.timeOfDay;
  return same && weeks.length > 0 ? { ...a, weeks } : null;
}

function transition({ month, dayOfWeek, weeks, timeOfDay }: Change): TransitionTime {
  return TransitionTime.floating(new DateTime(timeOfDay), month, weeks.at(-1) ?? 1, dayOfWeek);
}
