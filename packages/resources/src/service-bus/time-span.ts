/** Years to seconds, with fractions of a second. .NET takes a year for 365 days and a month for 30 (`XmlConvert.ToTimeSpan`). */
const form =
  /^P(?:(\d{1,5})Y)?(?:(\d{1,6})M)?(?:(\d{1,8})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})(?:\.(\d{1,9}))?S)?)?$/;
/** `TimeSpan.MaxValue` of .NET, in milliseconds: from there on it is for ever. */
const longest = 922_337_203_685_477;

/** Milliseconds of an ISO 8601 duration as .NET writes a `TimeSpan`; `Infinity` for the longest; undefined where it is none. */
export function parseTimeSpan(text: string): number | undefined {
  const match = form.exec(text);
  if (match === null || text === 'P' || text.endsWith('T')) return undefined;
  const [, years = '0', months = '0', days = '0', hours = '0', minutes = '0', seconds = '0', fraction = '0'] = match;
  const allDays = Number(years) * 365 + Number(months) * 30 + Number(days);
  const whole = ((allDays * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  const milliseconds = whole * 1000 + Number(`0.${fraction}`) * 1000;
  return milliseconds >= longest - 1 ? Number.POSITIVE_INFINITY : milliseconds;
}
