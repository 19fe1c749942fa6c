import { PlainDate } from '@lazuli/expressions';

/** What `{{ }}` prints: texts and numbers as they are, arrays item after item, objects of a JSON body as JSON. */
export function printed(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(printed).join('');
  if (typeof value !== 'object' || value instanceof PlainDate) return String(value);
  if (Object.getPrototypeOf(value) !== Object.prototype) return String(value);
  return JSON.stringify(value, (_name, item: unknown) => (item instanceof PlainDate ? String(item) : item));
}
