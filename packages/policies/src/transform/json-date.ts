const iso = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,7}))?(Z|[+-]\d\d:?\d\d)?$/;

/**
 * A text that Newtonsoft reads as a date, as it writes it to XML: ISO 8601 without zeros at the end of the fraction, an
 * offset turned to UTC (the gateway's time zone). Any other text as it is.
 */
export function xmlDate(text: string): string {
  const found = iso.exec(text);
  if (!found) return text;
  const [, year, month, day, hour, minute, second, fraction = '', zone = ''] = found;
  const clock = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const milliseconds = Date.parse(`${clock}Z`);
  if (Number.isNaN(milliseconds) || !new Date(milliseconds).toISOString().startsWith(clock)) return text;
  const digits = fraction.replace(/0+$/, '');
  const rest = digits === '' ? '' : `.${digits}`;
  if (zone === '' || zone === 'Z') return `${clock}${rest}${zone}`;
  const minutes = (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2))) * (zone.startsWith('-') ? -1 : 1);
  const utc = new Date(milliseconds - minutes * 60_000);
  return Number.isNaN(utc.getTime()) ? text : `${utc.toISOString().slice(0, 19)}${rest}+00:00`;
}
