import type { Api, ServiceSchema } from '@lazuli/resources';
import type { PolicyCompiler, Value } from '../compile/policy-compiler.ts';
import { attributeOf, type PolicyElement } from '../document/element.ts';
import type { Exchange } from '../exchange.ts';
import { mediaTypeOf } from '../message/media-type.ts';
import { jsonProblem } from './json-body.ts';
import { schemaAt } from './schema-reference.ts';
import { UnusableSchema } from './schema-validator.ts';
import { storedJsonSchemas } from './stored-json-schemas.ts';
import type { ValidationError } from './validation-errors.ts';
import { type XmlSchemaSet, xmlSchemaSet } from './xml-schema/schema-set.ts';
import { xmlSchemaProblem } from './xml-schema/xml-schema-problem.ts';

/** A body that is to be checked. */
export interface CheckedContent {
  readonly text: string;
  readonly contentType: string;
  readonly which: 'request' | 'response';
  /** JSON Schema that the specification has for it, or null. */
  readonly specified: unknown;
}

/** One `content` element of `validate-content`. */
export interface ContentRule {
  /** A media type, or empty: any that is specified. */
  readonly type: string;
  readonly hasSchema: boolean;
  readonly action: Value<string>;
  check(exchange: Exchange, content: CheckedContent): Promise<ValidationError | null>;
}

/** Reports what a `content` element cannot have. */
export function validateContentRule(content: PolicyElement, compiler: PolicyCompiler): void {
  const kind = attributeOf(content, 'validate-as')?.value.text;
  const isJson = kind === 'json';
  for (const name of ['schema-ref', 'allow-additional-properties'])
    if (!isJson && compiler.has(content, name))
      compiler.report(content, `The attribute '${name}' can be used only with validate-as="json".`);
  const id = attributeOf(content, 'schema-id')?.value.text;
  const stored = id === undefined ? undefined : compiler.environment.schemas.get(id);
  if (stored && (stored.schemaType === 'json') !== isJson)
    compiler.report(
      content,
      `The schema '${id}' is ${stored.schemaType === 'json' ? 'a JSON' : 'an XML'} schema: it cannot be used with validate-as="${kind}".`,
    );
}

/** Compiles a `content` element. `schema-id` names a schema of the service, else one of the API. */
export function compileContentRule(content: PolicyElement, compiler: PolicyCompiler): ContentRule {
  const kind = compiler.choice(content, 'validate-as').constant;
  const check = kind === 'json' ? jsonCheck(content, compiler) : xmlCheck(content, compiler, kind === 'soap');
  return {
    type: mediaTypeOf(compiler.string(content, 'type').constant ?? ''),
    hasSchema: compiler.has(content, 'schema-id'),
    action: compiler.choice(content, 'action'),
    async check(exchange, checked) {
      try {
        const problem = await check(exchange.match.api, checked);
        return problem === null ? null : incorrect(checked, problem);
      } catch (error) {
        if (error instanceof MissingSchema) return unusable(checked.contentType, error.definition);
        if (!(error instanceof UnusableSchema)) throw error;
        exchange.ports.log.write('warn', 'A schema that a body is to be validated against cannot be used.', {
          api: exchange.match.api.name,
          operation: exchange.match.operation.name,
          error: error.message,
        });
        return unusable(checked.contentType, attributeOf(content, 'schema-id')?.value.text ?? '');
      }
    },
  };
}

type Check = (api: Api, content: CheckedContent) => string | null | Promise<string | null>;

class MissingSchema extends Error {
  readonly definition: string;
  constructor(definition: string) {
    super(`There is no schema '${definition}'.`);
    this.definition = definition;
  }
}

function jsonCheck(content: PolicyElement, compiler: PolicyCompiler): Check {
  const id = compiler.string(content, 'schema-id').constant ?? null;
  const reference = compiler.string(content, 'schema-ref').constant ?? null;
  const additionalProperties = compiler.has(content, 'allow-additional-properties')
    ? (compiler.boolean(content, 'allow-additional-properties').constant ?? null)
    : null;
  const ignoreCase = compiler.boolean(content, 'case-insensitive-property-names').constant === true;
  const stored = id !== null && compiler.environment.schemas.has(id) ? compiler.environment.schemas : null;
  return (api, { text, specified }) => {
    const schemas = stored ? storedJsonSchemas(stored) : api.schemas;
    const schema = id === null && reference === null ? { value: specified } : schemaAt(schemas, id, reference);
    if (!schema) throw new MissingSchema(reference ?? id ?? '');
    return jsonProblem(text, { schema: schema.value, schemas, ignoreCase, additionalProperties });
  };
}

function xmlCheck(content: PolicyElement, compiler: PolicyCompiler, isSoap: boolean): Check {
  const id = compiler.string(content, 'schema-id').constant ?? null;
  const { schemas } = compiler.environment;
  const kind = isSoap ? 'soap' : 'xml';
  const sets = new WeakMap<Api, SetOrFault>();
  return (api, { text }) => {
    const texts = textsOf(api, id, schemas);
    if (texts.size === 0) return xmlSchemaProblem(null, text, kind);
    let set = sets.get(api);
    if (!set) {
      set = setOrFault(texts, schemas);
      sets.set(api, set);
    }
    if (set instanceof UnusableSchema) throw set;
    return xmlSchemaProblem(set, text, kind);
  };
}

/** The XML schemas to check against: the one that is named, else all of the API; an API without any wants only XML. */
function textsOf(
  api: Api,
  id: string | null,
  schemas: ReadonlyMap<string, ServiceSchema>,
): ReadonlyMap<string, string> {
  if (id === null) return api.xmlSchemas;
  const stored = schemas.get(id);
  const text = stored?.schemaType === 'xml' ? stored.value : api.xmlSchemas.get(id);
  if (text === undefined) throw new MissingSchema(id);
  return new Map([[id, text]]);
}

type SetOrFault = XmlSchemaSet | UnusableSchema;

function setOrFault(texts: ReadonlyMap<string, string>, schemas: ReadonlyMap<string, ServiceSchema>): SetOrFault {
  try {
    return xmlSchemaSet(texts, schemas);
  } catch (error) {
    if (error instanceof UnusableSchema) return error;
    throw error;
  }
}

function incorrect({ contentType, which }: CheckedContent, problem: string): ValidationError {
  return {
    name: contentType,
    type: which === 'request' ? 'RequestBody' : 'ResponseBody',
    rule: 'IncorrectMessage',
    details: `Body of the ${which} does not conform to the definition which is associated with the content type ${contentType}. ${problem}`,
  };
}

function unusable(contentType: string, definition: string): ValidationError {
  const details =
    definition === ''
      ? "API's schema does not exist or could not be resolved."
      : `API's schema does not contain definition ${definition}, which is associated with the content type ${contentType}.`;
  return { name: contentType, type: 'ApiSchema', rule: 'MissingDefinition', details };
}
