import type { PolicyCompiler, Value } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import { charsetOf } from '../exchange/message-views.ts';
import type { Exchange } from '../exchange.ts';
import { MessageBody } from '../http/body.ts';
import { peekBody } from '../http/peek-body.ts';
import { codingOf, decodeText, messageIn, type TextMessage, unpack } from '../message/body-text.ts';
import { mediaTypeOf } from '../message/media-type.ts';
import { messageOf } from '../message/response-of.ts';
import { PolicyError } from '../policy-error.ts';
import type { PolicyDefinition } from '../schema/definition.ts';
import { compileContentTypeMap, contentTypeMapElement } from '../validation/content-type-map.ts';
import { jsonProblem } from '../validation/json-body.ts';
import { schemaAt } from '../validation/schema-reference.ts';
import { UnusableSchema } from '../validation/schema-validator.ts';
import { representationOf } from '../validation/specified-content.ts';
import { actionAttribute, asAction, type ValidationError, ValidationErrors } from '../validation/validation-errors.ts';
import { xmlProblem } from '../validation/xml-body.ts';

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
    for (const content of compiler.children(element, 'content')) {
      const isJson = attributeOf(content, 'validate-as')?.value.text === 'json';
      for (const name of ['schema-ref', 'allow-additional-properties'])
        if (!isJson && compiler.has(content, name))
          compiler.report(content, `The attribute '${name}' can be used only with validate-as="json".`);
      if (!isJson && compiler.has(content, 'schema-id'))
        compiler.report(
          content,
          'Validating XML against an XML schema is not supported by this version of Lazuli: leave schema-id out to check that the body is well-formed.',
        );
    }
  },
  compile(element, compiler) {
    const unspecified = compiler.choice(element, 'unspecified-content-type-action');
    const maxSize = compiler.int(element, 'max-size');
    const sizeExceeded = compiler.choice(element, 'size-exceeded-action');
    const variable = compiler.string(element, 'errors-variable-name').constant ?? null;
    const mapped = compileContentTypeMap(compiler.child(element, 'content-type-map'), compiler);
    const rules = compiler.children(element, 'content').map((content) => compileRule(content, compiler));
    const which = messageOf(compiler.section);
    const type = which === 'request' ? 'RequestBody' : 'ResponseBody';

    return (exchange) => {
      const message = messageIn(exchange, which);
      if (!message?.body) return undefined;
      const limit = maxSize.get(exchange);
      const errors = new ValidationErrors(exchange, variable);
      const contentType = mapped(exchange, mediaTypeOf(message.headers.get('Content-Type')));
      const check = (content: Content): undefined => {
        if ('size' in content) {
          const size = content.size === null ? '' : `is ${content.size} bytes long and it `;
          const details = `${capital(which)}'s body ${size}exceeds the configured limit of ${limit} bytes.`;
          errors.add(asAction(sizeExceeded.get(exchange)), { name: '', type, rule: 'SizeLimit', details });
          errors.finish();
          return;
        }
        if (content.bytes.length === 0) return;
        checkContent(exchange, content.bytes);
      };

      const checkContent = (current: Exchange, bytes: Uint8Array): void => {
        const applying = rules.filter((rule) => rule.type === '' || rule.type === contentType);
        const representation = representationOf(current, which, contentType);
        if (!representation && !applying.some((rule) => rule.schemaId !== null))
          errors.add(asAction(unspecified.get(current)), {
            name: contentType,
            type,
            rule: 'Unspecified',
            details: `Unspecified content type ${contentType} is not allowed.`,
          });
        const text = decodeText(bytes, charsetOf(message.headers.get('Content-Type')));
        for (const rule of applying) {
          if (rule.type === '' && !representation && rule.schemaId === null) continue;
          const error = rule.check(current, text, representation?.schema ?? null, contentType, which);
          if (error) errors.add(asAction(rule.action.get(current)), error);
        }
        errors.finish();
      };

      return contentOf(message, limit).then(check);
    };
  },
  notes:
    'JSON is checked against the JSON Schema of the specification (2020-12, with formats), the first error is reported in the words of Json.NET Schema with its line and position. XML and SOAP are checked for being well-formed, not against an XML schema. schema-id names a schema of the API; schema-ref is a reference within it. Only parameters that the caller may know go to the caller: a response that is wrong is a 500 without details. case-insensitive-property-names knows the spellings of the whole specification.',
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

interface ContentRule {
  /** A media type, or empty: any that is specified. */
  readonly type: string;
  readonly schemaId: string | null;
  readonly action: Value<string>;
  check(
    exchange: Exchange,
    text: string,
    specified: unknown,
    contentType: string,
    which: 'request' | 'response',
  ): ValidationError | null;
}

function compileRule(content: PolicyElement, compiler: PolicyCompiler): ContentRule {
  const kind = compiler.choice(content, 'validate-as').constant;
  const schemaId = compiler.string(content, 'schema-id').constant ?? null;
  const schemaRef = compiler.string(content, 'schema-ref').constant ?? null;
  const additionalProperties = compiler.has(content, 'allow-additional-properties')
    ? (compiler.boolean(content, 'allow-additional-properties').constant ?? null)
    : null;
  const ignoreCase = compiler.boolean(content, 'case-insensitive-property-names').constant === true;
  return {
    type: mediaTypeOf(compiler.string(content, 'type').constant ?? ''),
    schemaId,
    action: compiler.choice(content, 'action'),
    check(exchange, text, specified, contentType, which) {
      const type = which === 'request' ? 'RequestBody' : 'ResponseBody';
      const wrong = (problem: string | null): ValidationError | null =>
        problem === null
          ? null
          : {
              name: contentType,
              type,
              rule: 'IncorrectMessage',
              details: `Body of the ${which} does not conform to the definition which is associated with the content type ${contentType}. ${problem}`,
            };
      if (kind !== 'json') return wrong(xmlProblem(text, kind === 'soap' ? 'soap' : 'xml'));
      const { schemas } = exchange.match.api;
      const schema =
        schemaId === null && schemaRef === null ? { value: specified } : schemaAt(schemas, schemaId, schemaRef);
      if (!schema) return unusable(contentType, schemaRef ?? schemaId ?? '');
      try {
        return wrong(jsonProblem(text, { schema: schema.value, schemas, ignoreCase, additionalProperties }));
      } catch (error) {
        if (!(error instanceof UnusableSchema)) throw error;
        exchange.ports.log.write('warn', "A schema of the API's specification cannot be used.", {
          api: exchange.match.api.name,
          operation: exchange.match.operation.name,
          error: error.message,
        });
        return unusable(contentType, schemaRef ?? schemaId ?? '');
      }
    },
  };
}

function unusable(contentType: string, definition: string): ValidationError {
  const details =
    definition === ''
      ? "API's schema does not exist or could not be resolved."
      : `API's schema does not contain definition ${definition}, which is associated with the content type ${contentType}.`;
  return { name: contentType, type: 'ApiSchema', rule: 'MissingDefinition', details };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
