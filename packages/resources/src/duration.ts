/**
 * Milliseconds of an ISO 8601 duration with weeks, days, hours, minutes and seconds (`PT1M30S`, `P1DT12H`), or null when
 * it is none. Years and months have no fixed length and are refused, as .NET's TimeSpan conversion of them is a guess.
 */
export function parseDuration(text: string): number | null {
  const match =
    /^P(?:(\d{1,9})W|(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:[.,]\d{1,9})?)S)?)?)$/.exec(text);
  if (match === null || text === 'P' || text.endsWith('T')) return null;
  const [, weeks, days, hours, minutes, seconds] = match;
  const whole =
    Number(weeks ?? 0) * 604_800 + Number(days ?? 0) * 86_400 + Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60;
  return Math.round((whole + Number((seconds ?? '0').replace(',', '.'))) * 1000);
}
