import type { QuotaWindow } from '../limits/quota-window.ts';

export const quotaPeriods = ['Indefinite', 'Hourly', 'Daily', 'Weekly', 'Monthly', 'Yearly'] as const;
export type QuotaPeriod = (typeof quotaPeriods)[number];

export const asQuotaPeriod = (text: string): QuotaPeriod =>
  quotaPeriods.find((period) => period === text) ?? 'Indefinite';

/** The window of a period that an instant is in: it begins where UTC's hour, day, week (on Monday), month or year does. */
export function quotaPeriodAt(period: QuotaPeriod, now: number): QuotaWindow {
  const date = new Date(now);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  switch (period) {
    case 'Indefinite':
      return { start: 0, end: null };
    case 'Hourly': {
      const start = Date.UTC(year, month, day, date.getUTCHours());
      return { start, end: start + 3_600_000 };
    }
    case 'Daily':
      return { start: Date.UTC(year, month, day), end: Date.UTC(year, month, day + 1) };
    case 'Weekly': {
      const monday = day - ((date.getUTCDay() + 6) % 7);
      return { start: Date.UTC(year, month, monday), end: Date.UTC(year, month, monday + 7) };
    }
    case 'Monthly':
      return { start: Date.UTC(year, month, 1), end: Date.UTC(year, month + 1, 1) };
    case 'Yearly':
      return { start: Date.UTC(year, 0, 1), end: Date.UTC(year + 1, 0, 1) };
  }
}
