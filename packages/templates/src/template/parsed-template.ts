import { TemplateError } from '../errors.ts';
import { canonicalText, hashOf } from '../hashing/template-hash.ts';
import { Positions } from '../json/positions.ts';
import { copyJson, readJson } from '../json/reader.ts';
import { isObject, type JsonObject, type JsonValue, property, propertyKey, typeName } from '../json/values.ts';
import { limits } from '../limits.ts';

/** A template whose outline is right; nothing of it has been evaluated. */
export interface ParsedTemplate {
  readonly root: JsonObject;
  readonly positions: Positions;
  readonly contentVersion: string;
  /** Resources have symbolic names (languageVersion 2.0). */
  readonly symbolic: boolean;
  readonly hash: string;
}

/**
 * Reads a template from its text or from a document that was parsed before (`positions` then says where it stood).
 * Throws `TemplateError` when it is no template, too large, or uses what is not supported.
 */
export function parseTemplate(template: string | object, positions?: Positions): ParsedTemplate {
  const document =
    typeof template === 'string' ? readText(template) : { value: checkedCopy(template, positions), positions };
  const root = document.value;
  if (!isObject(root)) {
    throw new TemplateError('NotATemplate', {
      what: 'The template',
      actual: `of type '${typeName(root)}'`,
      expected: 'an object',
    });
  }
  const canonical = canonicalText(root);
  checkSize(canonical);
  checkOutline(root);
  const version = property(root, 'contentVersion');
  return {
    root,
    positions: document.positions ?? new Positions(),
    contentVersion: typeof version === 'string' ? version : '',
    symbolic: isObject(property(root, 'resources')),
    hash: hashOf(canonical),
  };
}

function readText(text: string) {
  checkSize(text);
  if (looksLikeBicep(text)) throw new TemplateError('TemplateIsBicep');
  return readJson(text);
}

function checkSize(text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= limits.templateBytes) return;
  throw new TemplateError('TemplateTooLarge', { actual: bytes, limit: limits.templateBytes });
}

/** A document of ours keeps its objects, for their positions hang on them. */
function checkedCopy(template: object, positions: Positions | undefined): JsonValue {
  if (positions && isObject(template) && Object.getPrototypeOf(template) === null) return template;
  return copyJson(template);
}

function looksLikeBicep(text: string): boolean {
  const start = text
    .slice(0, 20_000)
    .replace(/^\uFEFF|\/\*[\s\S]*?\*\/|\/\/[^\n]*|#[^\n]*/g, '')
    .trimStart();
  return /^(?:@\w+|(?:targetScope|param|var|resource|module|output|metadata|type|func|import|using|extension|provider)\b)/.test(
    start,
  );
}

/** What Azure has and this package has not; each is refused by name. */
const unsupported: readonly (readonly [property: string, reason: string])[] = [
  ['imports', ': extensible resource providers need a provider of their own'],
  ['extensions', ': Bicep extensions need a provider of their own'],
  ['extensionConfigs', ': Bicep extensions need a provider of their own'],
  ['apiProfile', ': give each resource its apiVersion'],
];
const counted = [
  ['parameters', limits.parameters],
  ['variables', limits.variables],
  ['outputs', limits.outputs],
] as const;

function checkOutline(root: JsonObject): void {
  for (const name of ['$schema', 'contentVersion', 'resources']) {
    if (propertyKey(root, name) === undefined)
      throw new TemplateError('MissingTemplateProperty', { property: name, what: 'the template' });
  }
  const schema = property(root, '$schema');
  if (typeof schema !== 'string' || !/deploymentTemplate\.json/i.test(schema)) {
    const actual = typeof schema === 'string' ? `'${schema}'` : `of type '${typeName(schema ?? null)}'`;
    throw new TemplateError('NotATemplate', {
      what: "The '$schema'",
      actual,
      expected: 'the schema of a deployment template',
    });
  }
  if (typeof property(root, 'contentVersion') !== 'string') {
    throw new TemplateError('NotATemplate', {
      what: "The 'contentVersion'",
      actual: 'no string',
      expected: "a version like '1.0.0.0'",
    });
  }
  for (const [name, reason] of unsupported) {
    const value = property(root, name);
    const empty =
      value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
    if (!empty) throw new TemplateError('UnsupportedTemplateFeature', { feature: name, reason });
  }
  for (const [name, limit] of counted) {
    const value = property(root, name);
    const actual = isObject(value) ? Object.keys(value).length : 0;
    if (actual > limit) throw new TemplateError('LimitExceeded', { what: name, limit, actual });
  }
}
