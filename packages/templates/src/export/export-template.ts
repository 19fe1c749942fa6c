import { TemplateError } from '../errors.ts';
import { copyJson } from '../json/reader.ts';
import { isObject, type JsonObject, type JsonValue, newObject, property } from '../json/values.ts';
import type { ErrorBody, ResourceDocument } from '../ports.ts';
import { type IdParts, splitId } from '../resources/ids.ts';

export interface ExportOptions {
  /** API version for a resource type. */
  readonly apiVersion: (type: string) => string;
  /** Names stay literal. */
  readonly skipResourceNameParameterization?: boolean;
  /** No parameters at all: names and ids stay literal. */
  readonly skipAllParameterization?: boolean;
  /** Parameters have the present value as default; default true. */
  readonly includeParameterDefaultValue?: boolean;
}

export interface ExportResult {
  readonly template: JsonObject;
  /** Set when something could not be exported; the rest stands in `template`. */
  readonly error?: ErrorBody;
}

/**
 * A template that deploys `resources`, as `az group export` makes one: names of top-level resources and ids of resources
 * outside are parameters, ids inside are `resourceId()`, children depend on their parents.
 */
export function exportTemplate(resources: readonly ResourceDocument[], options: ExportOptions): ExportResult {
  const writer = new Writer(resources, options);
  return writer.result();
}

interface Exported extends IdParts {
  readonly id: string;
  readonly document: ResourceDocument;
}

/** What a provider adds and a template does not send. */
const readOnly = new Set(['id', 'etag', 'systemdata', 'name', 'type', 'apiversion', 'createdtime', 'changedtime']);
const readOnlyProperties = new Set(['provisioningstate', 'createdatutc', 'targetprovisioningstate']);

class Writer {
  readonly #options: ExportOptions;
  readonly #exported: Exported[] = [];
  readonly #byId = new Map<string, Exported>();
  readonly #parameters = newObject();
  readonly #failed: ErrorBody[] = [];

  constructor(resources: readonly ResourceDocument[], options: ExportOptions) {
    this.#options = options;
    for (const document of resources) {
      const id = property(document, 'id');
      const parts = typeof id === 'string' ? splitId(id) : undefined;
      if (typeof id !== 'string' || parts === undefined) {
        const reason = new TemplateError('MissingTemplateProperty', { property: 'id', what: 'a resource to export' });
        this.#failed.push({ code: 'ExportTemplateProviderError', message: reason.message });
        continue;
      }
      const entry = { ...parts, id, document };
      this.#exported.push(entry);
      this.#byId.set(id.toLowerCase(), entry);
    }
  }

  result(): ExportResult {
    const resources = this.#exported.map((entry) => this.#resource(entry));
    const template = newObject();
    template.$schema = 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#';
    template.contentVersion = '1.0.0.0';
    template.parameters = this.#parameters;
    template.variables = newObject();
    template.resources = resources;
    if (this.#failed.length === 0) return { template };
    const message = 'The template export was completed, but some resources could not be exported.';
    return { template, error: { code: 'ExportTemplateCompletedWithErrors', message, details: this.#failed } };
  }

  #resource(entry: Exported): JsonObject {
    const resource = newObject();
    resource.type = entry.type;
    resource.apiVersion = this.#options.apiVersion(entry.type);
    resource.name = this.#name(entry);
    const parent = this.#parent(entry);
    if (parent) resource.dependsOn = [`[${this.#idExpression(parent)}]`];
    for (const [key, value] of Object.entries(entry.document)) {
      if (readOnly.has(key.toLowerCase())) continue;
      resource[key] = this.#value(key.toLowerCase() === 'properties' ? writable(value) : value, entry);
    }
    return resource;
  }

  /** The nearest exported resource above this one. */
  #parent(entry: Exported): Exported | undefined {
    const segments = entry.id.split('/');
    for (let length = segments.length - 2; length > 2; length -= 2) {
      const found = this.#byId.get(segments.slice(0, length).join('/').toLowerCase());
      if (found) return found;
    }
    return undefined;
  }

  #name(entry: Exported): string {
    const [first, ...rest] = this.#nameArguments(entry);
    if (!first!.startsWith('parameters(')) return escaped(entry.name);
    if (rest.length === 0) return `[${first}]`;
    return `[concat(${first}, ${quoted(`/${entry.name.split('/').slice(1).join('/')}`)})]`;
  }

  /** Each name segment as an expression: the first is the parameter of the top-level resource. */
  #nameArguments({ type, name }: Exported): string[] {
    const [first, ...rest] = name.split('/');
    const literal = this.#options.skipAllParameterization || this.#options.skipResourceNameParameterization;
    if (literal) return [quoted(first!), ...rest.map(quoted)];
    const parameter = this.#parameter(`${type.split('/')[1]}_${first}_name`, first!);
    return [parameter, ...rest.map(quoted)];
  }

  #idExpression(entry: Exported): string {
    return `resourceId(${[quoted(entry.type), ...this.#nameArguments(entry)].join(', ')})`;
  }

  #parameter(name: string, value: string): string {
    const safe = name.replace(/[^A-Za-z0-9_]/g, '_');
    const parameter = newObject();
    if (this.#options.includeParameterDefaultValue !== false) parameter.defaultValue = escaped(value);
    parameter.type = 'String';
    this.#parameters[safe] = parameter;
    return `parameters(${quoted(safe)})`;
  }

  #value(value: JsonValue, entry: Exported): JsonValue {
    if (typeof value === 'string') return this.#text(value, entry);
    if (Array.isArray(value)) return value.map((item) => this.#value(item, entry));
    if (!isObject(value)) return value;
    const copy = newObject();
    for (const [key, item] of Object.entries(value)) copy[key] = this.#value(item, entry);
    return copy;
  }

  /** Ids of resources become expressions; other text is escaped. */
  #text(value: string, entry: Exported): string {
    if (
      this.#options.skipAllParameterization ||
      !/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+(?:\/[^/]+\/[^/]+)+$/i.test(value)
    ) {
      return escaped(value);
    }
    const inside = this.#byId.get(value.toLowerCase());
    if (inside && inside.id !== entry.id) return `[${this.#idExpression(inside)}]`;
    const parts = splitId(value);
    if (inside || parts === undefined) return escaped(value);
    return `[${this.#parameter(`${parts.type.split('/').at(-1)}_${parts.name.split('/').at(-1)}_externalid`, value)}]`;
  }
}

function writable(properties: JsonValue): JsonValue {
  const copy = copyJson(properties);
  if (!isObject(copy)) return copy;
  for (const key of Object.keys(copy)) {
    if (readOnlyProperties.has(key.toLowerCase())) delete copy[key];
  }
  return copy;
}

/** A string that must not be taken for an expression. */
function escaped(value: string): string {
  return value.startsWith('[') && value.endsWith(']') ? `[${value}` : value;
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
