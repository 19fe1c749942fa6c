import { FormatError } from '../dotnet/composite-format.ts';
import { formatDate } from '../dotnet/date-format.ts';
import { parseDate } from '../dotnet/date-parse.ts';
import type { JsonValue } from '../json/values.ts';
import { integerArgument, stringArgument } from './arguments.ts';
import { eager, type FunctionCall, type FunctionGroup } from './definition.ts';

/** "Date functions for ARM templates" */
export const dateFunctions: FunctionGroup = {
  dateTimeAdd: eager(2, 3, dateTimeAdd),
  dateTimeFromEpoch: eager(1, 1, (args, call) => format(new Date(integerArgument(args, 0, call) * 1000), iso, call)),
  dateTimeToEpoch: eager(1, 1, (args, call) => Math.floor(date(args, 0, call).getTime() / 1000)),
  utcNow: eager(0, 1, utcNow),
};

const iso = 'yyyy-MM-ddTHH:mm:ssZ';

function dateTimeAdd(args: JsonValue[], call: FunctionCall): string {
  const base = date(args, 0, call).getTime();
  const duration = milliseconds(stringArgument(args, 1, call));
  if (duration === undefined) throw call.error(`the duration '${String(args[1])}' is not valid ISO 8601`);
  return format(new Date(base + duration), args.length > 2 ? stringArgument(args, 2, call) : iso, call);
}

/** ISO 8601 duration; a year counts 365 days and a month 30, as Azure documents. */
function milliseconds(text: string): number | undefined {
  const parts =
    /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (!parts || /[PT]$/.test(text)) return undefined;
  const [, sign, ...fields] = parts;
  const units = [365 * 86_400, 30 * 86_400, 7 * 86_400, 86_400, 3600, 60, 1];
  const seconds = units.reduce((sum, unit, i) => sum + unit * Number(fields[i] ?? 0), 0);
  return (sign ? -1 : 1) * Math.round(seconds * 1000);
}

function utcNow(args: JsonValue[], call: FunctionCall): string {
  if (call.bindings.location !== 'parameter default') {
    throw call.scope.notHere('utcNow', 'it is allowed only in the default value of a parameter');
  }
  return format(call.scope.facts.now, args.length > 0 ? stringArgument(args, 0, call) : 'yyyyMMddTHHmmssZ', call);
}

function date(args: JsonValue[], index: number, call: FunctionCall): Date {
  const text = stringArgument(args, index, call);
  const value = parseDate(text);
  if (value === undefined) throw call.error(`the date and time '${text}' is not valid`);
  return value;
}

function format(value: Date, pattern: string, call: FunctionCall): string {
  // .NET's range: the years 1 to 9999.
  if (!(value.getUTCFullYear() >= 1 && value.getUTCFullYear() <= 9999)) throw call.error('the date is out of range');
  try {
    return formatDate(value, pattern);
  } catch (error) {
    if (error instanceof FormatError) throw call.error(error.message);
    throw error;
  }
}
