/** Days to seconds, with fractions of a second; years and months have no fixed length. */
const form = /^P(?:(\d{1,8})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.(\d{1,9}))?S)?)?$/;
/** `TimeSpan.MaxValue` of .NET, in milliseconds: from there on it is for ever. */
const longest = 922_337_203_685_477;

/** Milliseconds of an ISO 8601 duration as .NET writes a `TimeSpan`; `Infinity` for the longest; undefined where it is none. */
export function parseTimeSpan(text: string): number | undefined {
  const match = form.exec(text);
  if (match === null || text === 'P' || text.endsWith('T')) return undefined;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match;
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  const milliseconds = whole * 1000 + Number(`0.${fraction}`) * 1000;
  return milliseconds >= longest - 1 ? Number.POSITIVE_INFINITY : milliseconds;
}
