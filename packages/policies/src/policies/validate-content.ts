import { charsetOf } from '../exchange/message-views.ts';
import { MessageBody } from '../http/body.ts';
import { peekBody } from '../http/peek-body.ts';
import { codingOf, decodeText, messageIn, type TextMessage, unpack } from '../message/body-text.ts';
import { mediaTypeOf } from '../message/media-type.ts';
import { messageOf } from '../message/response-of.ts';
import { PolicyError } from '../policy-error.ts';
import type { PolicyDefinition } from '../schema/definition.ts';
import { compileContentRule, validateContentRule } from '../validation/content-rule.ts';
import { compileContentTypeMap, contentTypeMapElement } from '../validation/content-type-map.ts';
import { representationOf } from '../validation/specified-content.ts';
import { actionAttribute, asAction, ValidationErrors } from '../validation/validation-errors.ts';

/** The most that Azure lets a body have that is to be validated. */
const largestBody = 4 * 1024 * 1024;

/** Checks size and content of a body against the API's specification. */
export const validateContent: PolicyDefinition = {
  name: 'validate-content',
  sections: ['inbound', 'outbound', 'on-error'],
  scopes: ['global', 'workspace', 'product', 'api', 'operation'],
  element: {
    attributes: {
      'unspecified-content-type-action': actionAttribute,
      'max-size': { type: 'int', required: true, expression: true, min: 0, max: largestBody },
      'size-exceeded-action': actionAttribute,
      'errors-variable-name': { type: 'string', expression: false, nonEmpty: true },
    },
    children: {
      kind: 'sequence',
      items: [
        { name: 'content-type-map', min: 0, max: 1, element: contentTypeMapElement },
        {
          name: 'content',
          min: 0,
          max: Number.POSITIVE_INFINITY,
          element: {
            attributes: {
              'validate-as': { type: 'enum', values: ['json', 'xml', 'soap'], required: true, expression: false },
              type: { type: 'string', expression: false },
              action: actionAttribute,
              'schema-id': { type: 'string', expression: false },
              'schema-ref': { type: 'string', expression: false },
              'allow-additional-properties': { type: 'boolean', expression: false },
              'case-insensitive-property-names': { type: 'boolean', default: 'false', expression: false },
            },
          },
        },
      ],
    },
  },
  validate(element, compiler) {
    for (const content of compiler.children(element, 'content')) validateContentRule(content, compiler);
  },
  compile(element, compiler) {
    const unspecified = compiler.choice(element, 'unspecified-content-type-action');
    const maxSize = compiler.int(element, 'max-size');
    const sizeExceeded = compiler.choice(element, 'size-exceeded-action');
    const variable = compiler.string(element, 'errors-variable-name').constant ?? null;
    const mapped = compileContentTypeMap(compiler.child(element, 'content-type-map'), compiler);
    const rules = compiler.children(element, 'content').map((content) => compileContentRule(content, compiler));
    const which = messageOf(compiler.section);
    const type = which === 'request' ? 'RequestBody' : 'ResponseBody';

    return (exchange) => {
      const message = messageIn(exchange, which);
      if (!message?.body) return undefined;
      const limit = maxSize.get(exchange);
      const errors = new ValidationErrors(exchange, variable);
      const contentType = mapped(exchange, mediaTypeOf(message.headers.get('Content-Type')));
      const check = async (content: Content): Promise<undefined> => {
        if ('size' in content) {
          const size = content.size === null ? '' : `is ${content.size} bytes long and it `;
          const details = `${capital(which)}'s body ${size}exceeds the configured limit of ${limit} bytes.`;
          errors.add(asAction(sizeExceeded.get(exchange)), { name: '', type, rule: 'SizeLimit', details });
          errors.finish();
          return;
        }
        if (content.bytes.length === 0) return;
        const applying = rules.filter((rule) => rule.type === '' || rule.type === contentType);
        const representation = representationOf(exchange, which, contentType);
        if (!representation && !applying.some((rule) => rule.hasSchema))
          errors.add(asAction(unspecified.get(exchange)), {
            name: contentType,
            type,
            rule: 'Unspecified',
            details: `Unspecified content type ${contentType} is not allowed.`,
          });
        const text = decodeText(content.bytes, charsetOf(message.headers.get('Content-Type')));
        const specified = representation?.schema ?? null;
        for (const rule of applying) {
          if (rule.type === '' && !representation && !rule.hasSchema) continue;
          const error = await rule.check(exchange, { text, contentType, which, specified });
          if (error) errors.add(asAction(rule.action.get(exchange)), error);
        }
        errors.finish();
      };

      return contentOf(message, limit).then(check);
    };
  },
  notes:
    'JSON is checked against the JSON Schema of the specification (2020-12, with formats), the first error is reported in the words of Json.NET Schema with its line and position. XML, and what stands in the body of a SOAP envelope, is checked against XML schemas (XSD 1.0): those of the API, or the one that schema-id names; without any it must be well-formed. schema-id names a schema of the service, else one of the API; schema-ref is a reference within it. A SOAP fault is not checked. Only parameters that the caller may know go to the caller: a response that is wrong is a 500 without details. case-insensitive-property-names knows the spellings of all the schemas beside it.',
};

/** `size` null: more than is allowed, nobody knows how much. */
type Content = { readonly bytes: Uint8Array } | { readonly size: number | null };

/** The unpacked body; the message keeps what it had, also a stream that is too large. */
async function contentOf(message: TextMessage, limit: number): Promise<Content> {
  const bytes = await peek(message, limit);
  if (!(bytes instanceof Uint8Array)) return bytes;
  if (bytes.length > limit) return { size: bytes.length };
  const coding = codingOf(message.headers);
  if (coding === 'identity' || bytes.length === 0) return { bytes };
  try {
    return { bytes: await unpack(bytes, coding, Math.max(limit, 1)) };
  } catch (error) {
    if (error instanceof RangeError) return { size: null };
    // Not packed as it says: what is there fails the checks that follow.
    return { bytes };
  }
}

async function peek(message: TextMessage, limit: number): Promise<Uint8Array | { readonly size: number | null }> {
  const { body } = message;
  const here = body?.take() ?? new Uint8Array(0);
  if (here instanceof Uint8Array) return here;
  const { length } = here;
  const peeked = await peekBody(here, limit).catch((error: unknown) => {
    throw new PolicyError(
      'BackendConnectionFailure',
      'The connection was closed before the message was complete.',
      { status: 500, message: 'Internal server error', activityId: true },
      { cause: error },
    );
  });
  if ('source' in peeked) {
    message.body = MessageBody.fromSource(peeked.source);
    return { size: length };
  }
  message.body = MessageBody.fromBytes(peeked.bytes);
  return peeked.bytes;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
