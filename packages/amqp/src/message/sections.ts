import { readDescriptor } from '../codec/descriptors.ts';
import { ValueReader } from '../codec/reader.ts';
import { skipValue } from '../codec/skip.ts';
import { decodeError } from '../violation.ts';

/** Descriptors of the sections of a message (3.2). */
export const section = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  properties: 0x73,
  applicationProperties: 0x74,
  data: 0x75,
  sequence: 0x76,
  value: 0x77,
  footer: 0x78,
} as const;

/**
 * Where the sections of a message lie in its bytes: from the first byte of the descriptor to the byte behind the value. Start and
 * end are equal (and at the place where it would be) where a section is absent.
 *
 * The bare message (3.2: what must not be changed on the way) is `propertiesStart` to `bodyEnd`.
 */
export class MessageSections {
  headerStart = 0;
  headerEnd = 0;
  deliveryAnnotationsStart = 0;
  deliveryAnnotationsEnd = 0;
  messageAnnotationsStart = 0;
  messageAnnotationsEnd = 0;
  propertiesStart = 0;
  propertiesEnd = 0;
  applicationPropertiesStart = 0;
  applicationPropertiesEnd = 0;
  /** All sections of the body. */
  bodyStart = 0;
  bodyEnd = 0;
  bodyKind: 'data' | 'sequence' | 'value' | undefined = undefined;
  bodyCount = 0;
  footerStart = 0;
  footerEnd = 0;
}

/**
 * Finds the sections of a message without decoding them; their order and number are checked.
 * @throws {AmqpViolation} `amqp:decode-error`
 */
export function scanSections(payload: Buffer, start = 0, end = payload.length): MessageSections {
  const sections = new MessageSections();
  let offset = start;
  let last = 0;
  // A section that is not there is an empty one behind that before it.
  while (offset < end) {
    const at = offset;
    let code: number;
    if (payload[at] === 0x00 && payload[at + 1] === 0x53 && at + 3 <= end) {
      code = payload[at + 2]!;
      offset = at + 3;
    } else {
      const reader = new ValueReader(payload, at, end);
      code = readDescriptor(reader);
      offset = reader.offset;
    }
    if (code < section.header || code > section.footer)
      throw decodeError(at, `a section of a message was expected, not a value described as 0x${code.toString(16)}`);
    const isMore = code === last && (code === section.data || code === section.sequence);
    if (!isMore && (code <= last || (last >= section.data && code < section.footer)))
      throw decodeError(at, `a section 0x${code.toString(16)} cannot follow a section 0x${last.toString(16)}`);
    checkConstructor(payload, offset, end, code);
    offset = skipValue(payload, offset, end);
    place(sections, code, at, offset, last);
    last = code;
  }
  fillGaps(sections, last, offset);
  return sections;
}

function place(sections: MessageSections, code: number, start: number, end: number, last: number): void {
  if (code !== last) fillGaps(sections, last, start, code);
  switch (code) {
    case section.header:
      sections.headerStart = start;
      sections.headerEnd = end;
      break;
    case section.deliveryAnnotations:
      sections.deliveryAnnotationsStart = start;
      sections.deliveryAnnotationsEnd = end;
      break;
    case section.messageAnnotations:
      sections.messageAnnotationsStart = start;
      sections.messageAnnotationsEnd = end;
      break;
    case section.properties:
      sections.propertiesStart = start;
      sections.propertiesEnd = end;
      break;
    case section.applicationProperties:
      sections.applicationPropertiesStart = start;
      sections.applicationPropertiesEnd = end;
      break;
    case section.footer:
      sections.footerStart = start;
      sections.footerEnd = end;
      break;
    default:
      if (sections.bodyCount++ === 0) sections.bodyStart = start;
      sections.bodyEnd = end;
      sections.bodyKind = code === section.data ? 'data' : code === section.sequence ? 'sequence' : 'value';
  }
}

/** Sets the places of absent sections between the last that was there and the next. */
function fillGaps(sections: MessageSections, last: number, at: number, next = section.footer + 1): void {
  if (last < section.header && next > section.header) sections.headerStart = sections.headerEnd = at;
  if (last < section.deliveryAnnotations && next > section.deliveryAnnotations)
    sections.deliveryAnnotationsStart = sections.deliveryAnnotationsEnd = at;
  if (last < section.messageAnnotations && next > section.messageAnnotations)
    sections.messageAnnotationsStart = sections.messageAnnotationsEnd = at;
  if (last < section.properties && next > section.properties) sections.propertiesStart = sections.propertiesEnd = at;
  if (last < section.applicationProperties && next > section.applicationProperties)
    sections.applicationPropertiesStart = sections.applicationPropertiesEnd = at;
  if (last < section.data && next > section.value) sections.bodyStart = sections.bodyEnd = at;
  if (last < section.footer && next > section.footer) sections.footerStart = sections.footerEnd = at;
}

/** Lists, maps, binaries where they must be; a null stands for an empty one. */
function checkConstructor(payload: Buffer, offset: number, end: number, code: number): void {
  if (code === section.value) return;
  const encoding = offset < end ? payload[offset]! : -1;
  const isRight =
    code === section.data
      ? encoding === 0xa0 || encoding === 0xb0
      : code === section.header || code === section.properties || code === section.sequence
        ? encoding === 0x45 || encoding === 0xc0 || encoding === 0xd0
        : encoding === 0xc1 || encoding === 0xd1 || encoding === 0x40;
  if (!isRight)
    throw decodeError(offset, `a section 0x${code.toString(16)} cannot hold a value 0x${encoding.toString(16)}`);
}
