import type { Operation } from '@lazuli/store';
import type { Imported, ImportRequest, ImportTarget } from './import-api.ts';
import { type ImportedParameter, type Json, putOperation, putSchema, schemaIdOf } from './imported-resources.ts';
import { operationNames } from './operation-names.ts';
import { withXmlProblems } from './with-xml-problems.ts';
import { writeElement } from './xml/write-xml.ts';
import { attributeOf, childrenOf, readXmlTree, textOf, type XmlElement, XmlProblem } from './xml/xml-tree.ts';

const wadl = 'http://wadl.dev.java.net/2009/02';
const deepest = 50;

export const wadlContentType = 'application/vnd.ms-azure-apim.wadl.grammars+xml';

/** WADL (the W3C submission of August 2009): every method of every resource is an operation. */
export function importWadl(text: string, _: ImportRequest, target: ImportTarget): Promise<Imported> {
  return withXmlProblems(async () => {
    const application = readXmlTree(text);
    if (application.local !== 'application' || application.namespace !== wadl)
      throw new XmlProblem(
        `The root element is '${application.local}' of '${application.namespace}': expected 'application' of '${wadl}'`,
        application.line,
        application.column,
      );
    const reader = new Reader(application, target.id);
    const resources = childrenOf(application, 'resources', wadl);
    for (const one of resources) reader.resources(one);
    const base = resources.map((one) => attributeOf(one, 'base')).find((one) => /^https?:\/\/[^/]/i.test(one ?? ''));
    const title = titleOf(application);
    return {
      properties: {
        ...(title === undefined ? {} : { displayName: title }),
        ...(base === undefined ? {} : { serviceUrl: base.replace(/\/+$/, '') }),
        type: 'http',
      },
      operations: [...grammarsOf(application, target.id), ...reader.operations],
      problems: [],
    };
  });
}

function grammarsOf(application: XmlElement, apiId: string): Operation[] {
  const [grammars] = childrenOf(application, 'grammars', wadl);
  if (!grammars || childrenOf(grammars).length === 0) return [];
  const value = writeElement(grammars);
  return [putSchema(apiId, schemaIdOf(value), wadlContentType, { value })];
}

class Reader {
  readonly operations: Operation[] = [];
  readonly #byId = new Map<string, XmlElement>();
  readonly #apiId: string;
  readonly #name = operationNames();
  readonly #seen = new Set<string>();

  constructor(application: XmlElement, apiId: string) {
    this.#apiId = apiId;
    for (const element of childrenOf(application, undefined, wadl)) {
      const id = attributeOf(element, 'id');
      if (id !== undefined) this.#byId.set(`${element.local}#${id}`, element);
    }
  }

  resources(element: XmlElement): void {
    for (const resource of childrenOf(element, 'resource', wadl)) this.#resource(resource, '', [], 0);
  }

  #resource(resource: XmlElement, above: string, inherited: readonly XmlElement[], depth: number): void {
    if (depth > deepest)
      throw new XmlProblem(`Resources are nested more than ${deepest} deep`, resource.line, resource.column);
    const path = `${above}/${(attributeOf(resource, 'path') ?? '').replace(/^\/+|\/+$/g, '')}`.replace(/\/+$/, '');
    const types = (attributeOf(resource, 'type') ?? '')
      .split(/\s+/)
      .filter(Boolean)
      .map((reference) => this.#target('resource_type', reference, resource));
    const sources = [resource, ...types];
    const parameters = [...inherited, ...sources.flatMap((one) => this.#all(one, 'param'))];
    for (const one of sources)
      for (const method of this.#all(one, 'method')) this.#method(method, path === '' ? '/' : path, parameters);
    for (const inner of childrenOf(resource, 'resource', wadl)) this.#resource(inner, path, parameters, depth + 1);
  }

  #method(method: XmlElement, path: string, inherited: readonly XmlElement[]): void {
    const verb = (attributeOf(method, 'name') ?? '').toUpperCase();
    if (!/^[A-Z]+$/.test(verb)) throw new XmlProblem('A method has no name', method.line, method.column);
    const [request] = childrenOf(method, 'request', wadl);
    const parameters = [...inherited, ...(request ? this.#all(request, 'param') : [])];
    const styled = (style: string) => parameters.filter((one) => attributeOf(one, 'style') === style);
    const declared = new Map(styled('template').map((one) => [attributeOf(one, 'name') ?? '', one]));
    // Templates of JAX-RS carry a pattern: {id: \d+}.
    const clean = path.replace(/\{\s*([^{}:\s]+)\s*(?::[^{}]*(?:\{[^{}]*\}[^{}]*)*)?\}/g, '{$1}');
    const inPath = [...clean.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? '');
    const query = styled('query').map(parameterOf);
    const needed = query.filter(({ name, required }) => required && !inPath.includes(name));
    const urlTemplate = `${clean}${needed.length === 0 ? '' : `?${needed.map(({ name }) => `${name}={${name}}`).join('&')}`}`;
    const id = attributeOf(method, 'id');
    const key = `${verb} ${urlTemplate}`;
    if (this.#seen.has(key))
      throw new XmlProblem(`The method ${key} stands twice in the document`, method.line, method.column);
    this.#seen.add(key);
    this.operations.push(
      ...putOperation(this.#apiId, {
        name: this.#name(id ?? `${verb}-${clean}`),
        displayName: titleOf(method) ?? id ?? `${verb} ${clean}`,
        description: docOf(method),
        method: verb,
        urlTemplate,
        templateParameters: [
          ...inPath.map((name) => {
            const param = declared.get(name);
            return param ? { ...parameterOf(param), required: true } : { name, type: 'string', required: true };
          }),
          ...needed,
        ],
        queryParameters: query.filter((one) => !needed.includes(one)),
        headers: styled('header').map(parameterOf),
        requestRepresentations: request ? this.#representations(request) : [],
        responses: childrenOf(method, 'response', wadl).flatMap((response) => this.#responses(response)),
      }),
    );
  }

  #responses(response: XmlElement): Json[] {
    const codes = (attributeOf(response, 'status') ?? '200').split(/\s+/).filter((code) => /^[1-5]\d\d$/.test(code));
    const description = docOf(response);
    return codes.map((code) => ({
      statusCode: Number(code),
      ...(description === undefined ? {} : { description }),
      headers: this.#all(response, 'param')
        .filter((one) => attributeOf(one, 'style') === 'header')
        .map((one): Json => ({ ...parameterOf(one), description: docOf(one) ?? '', values: [] })),
      representations: this.#representations(response),
    }));
  }

  #representations(owner: XmlElement): Json[] {
    return this.#all(owner, 'representation').map((one) => {
      const form = this.#all(one, 'param')
        .filter((param) => (attributeOf(param, 'style') ?? 'query') === 'query')
        .map(
          (param): Json => ({
            name: parameterOf(param).name,
            type: parameterOf(param).type,
            required: parameterOf(param).required,
            values: [],
          }),
        );
      return {
        contentType: attributeOf(one, 'mediaType') ?? 'application/xml',
        ...(form.length === 0 ? {} : { formParameters: form }),
      };
    });
  }

  /** Children of a name; those that only refer to another element are replaced by it. */
  #all(owner: XmlElement, local: string): XmlElement[] {
    return childrenOf(owner, local, wadl).map((one) => {
      const reference = attributeOf(one, 'href');
      return reference === undefined ? one : this.#target(local, reference, one);
    });
  }

  #target(local: string, reference: string, from: XmlElement): XmlElement {
    const found = reference.startsWith('#') ? this.#byId.get(`${local}${reference}`) : undefined;
    if (!found)
      throw new XmlProblem(
        `The reference '${reference.slice(0, 200)}' leads to no ${local} of this document`,
        from.line,
        from.column,
      );
    return found;
  }
}

function parameterOf(param: XmlElement): ImportedParameter {
  const name = attributeOf(param, 'name');
  if (name === undefined || name === '') throw new XmlProblem('A param has no name', param.line, param.column);
  return {
    name,
    type: typeOf(attributeOf(param, 'type') ?? 'xs:string'),
    required: attributeOf(param, 'required') === 'true',
    description: docOf(param),
    values: childrenOf(param, 'option', wadl).flatMap((option) => attributeOf(option, 'value') ?? []),
    defaultValue: attributeOf(param, 'default'),
  };
}

function typeOf(written: string): string {
  const local = written.replace(/^.*:/, '');
  if (/^(int|integer|long|short|byte|(unsigned|positive|nonNegative|negative|nonPositive).*)$/.test(local))
    return 'integer';
  if (/^(decimal|double|float)$/.test(local)) return 'number';
  return local === 'boolean' ? 'boolean' : 'string';
}

function titleOf(element: XmlElement): string | undefined {
  return childrenOf(element, 'doc', wadl).flatMap((doc) => attributeOf(doc, 'title') || [])[0];
}

function docOf(element: XmlElement): string | undefined {
  return childrenOf(element, 'doc', wadl).flatMap((doc) => textOf(doc) || [])[0];
}
