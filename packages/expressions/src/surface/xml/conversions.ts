import { DateTimeOffset } from '../../runtime/datetimeoffset.ts';
import { argumentNull, formatException } from '../../runtime/exceptions.ts';
import { Guid } from '../../runtime/guid.ts';
import { changeType } from '../../runtime/json/change-type.ts';
import { dateStyles, readDate, toDateTime } from '../../runtime/parse-date.ts';
import { TimeSpan, ticksPerMinute } from '../../runtime/timespan.ts';
import { unbox } from '../../runtime/values.ts';
import type { Implementation } from '../declare.ts';

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  bool: (text) => {
    const word = text.trim().toLowerCase();
    if (word === 'true' || word === '1') return true;
    if (word === 'false' || word === '0') return false;
    throw formatException(`The string '${text}' is not a valid Boolean value.`);
  },
  int: (text) => unbox(changeType(text, 'System.Int32')),
  uint: (text) => unbox(changeType(text, 'System.UInt32')),
  long: (text) => unbox(changeType(text, 'System.Int64')),
  ulong: (text) => unbox(changeType(text, 'System.UInt64')),
  float: (text) => unbox(changeType(text, 'System.Single')),
  double: (text) => unbox(changeType(text, 'System.Double')),
  decimal: (text) => changeType(text, 'System.Decimal'),
  DateTime: (text) => {
    const parsed = readDate(text);
    const date = parsed && toDateTime(parsed, dateStyles.roundtripKind);
    if (!date) throw formatException('String was not recognized as a valid DateTime.');
    return date;
  },
  DateTimeOffset: (text) => {
    const parsed = readDate(text);
    if (!parsed) throw formatException('String was not recognized as a valid DateTime.');
    return new DateTimeOffset(parsed.clock, new TimeSpan(BigInt(parsed.offset ?? 0) * ticksPerMinute));
  },
  Guid: (text) => Guid.parse(text),
};

/** The explicit operators of XElement and XAttribute: null gives null where the target may be null. */
export function xmlConversions(type: 'XElement' | 'XAttribute'): Readonly<Record<string, Implementation>> {
  const parameter = type === 'XElement' ? 'element' : 'attribute';
  type Valued = { readonly value: string } | null;
  const members: Record<string, Implementation> = {
    [`static explicit operator string(${type} ${parameter})`]: (self: Valued) => self?.value ?? null,
  };
  for (const [name, read] of Object.entries(readers)) {
    members[`static explicit operator ${name}(${type} ${parameter})`] = (self: Valued) => {
      if (self === null) throw argumentNull(parameter);
      return read(self.value);
    };
    members[`static explicit operator ${name}?(${type} ${parameter})`] = (self: Valued) =>
      self === null ? null : read(self.value);
  }
  return members;
}
