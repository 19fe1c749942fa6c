import { parseArmId } from '../ids/arm-id.ts';
import type { StringSchema } from './schema.ts';

/** What a string of this format should have been; undefined when it is. */
export function formatProblem(format: NonNullable<StringSchema['format']>, value: string): string | undefined {
  const { test, says } = formats[format];
  return test(value) ? undefined : says;
}

export function isGuid(value: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value);
}

const formats = {
  'date-time': {
    test: (value: string) =>
      /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/i.test(value) &&
      !Number.isNaN(Date.parse(value)),
    says: "a date and time of ISO 8601, such as '2026-01-31T12:00:00Z'",
  },
  duration: {
    test: (value: string) =>
      /^-?P(?=\d|T\d)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/i.test(value),
    says: "a duration of ISO 8601, such as 'PT1M30S'",
  },
  uri: {
    test: (value: string) => URL.canParse(value),
    says: 'an absolute URI',
  },
  guid: { test: isGuid, says: 'a GUID' },
  armId: {
    test: (value: string) => parseArmId(value) !== undefined,
    says: "the id of a resource, '/subscriptions/…'",
  },
} as const;
