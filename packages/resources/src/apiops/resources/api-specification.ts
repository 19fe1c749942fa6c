import { isObject, type ParsedDocument } from '../../documents/document.ts';
import { problem } from '../../errors.ts';
import { readSchemas } from '../../openapi/read-schemas.ts';
import { readSpecification, type Specification } from '../../openapi/read-specification.ts';
import type { ResourceFolder } from '../folder-index.ts';
import type { Inputs } from '../inputs.ts';

const formats: readonly { readonly file: RegExp; readonly unsupported: string | null }[] = [
  { file: /^specification\.(yaml|yml|json)$/, unsupported: null },
  { file: /^specification\.graphql$/, unsupported: 'GraphQL' },
  { file: /^specification\.(wsdl|xsd)$/, unsupported: 'WSDL' },
  { file: /^specification\.wadl$/, unsupported: 'WADL' },
];

/** The specification of an API, from `specification.yaml`, `.yml` or `.json`; null when there is none that can be read. */
export function readApiSpecification(
  folder: ResourceFolder,
  requiredQueryParameters: 'template' | 'query',
  inputs: Inputs,
): Specification | null {
  const readable: string[] = [];
  for (const file of folder.files) {
    const format = formats.find((each) => each.file.test(file));
    if (format === undefined) continue;
    const place = { file: `${folder.directory}/${file}`, line: 0, column: 0 };
    if (format.unsupported === null) readable.push(file);
    else inputs.diagnostics.push(problem('UnsupportedSpecification', place, { kind: format.unsupported }));
  }
  const [first, ...others] = readable;
  for (const other of others) {
    inputs.diagnostics.push(
      problem(
        'SeveralSpecifications',
        { file: `${folder.directory}/${other}`, line: 0, column: 0 },
        { other: first ?? '' },
      ),
    );
  }
  const record = first === undefined ? null : inputs.file(`${folder.directory}/${first}`);
  if (record === null) return null;
  return readSpecification(
    record.document,
    { open: (path) => openDocument(path, inputs), requiredQueryParameters },
    inputs.diagnostics,
  );
}

/** Schemas of `schemas/{id}/schemaInformation.json`, which an API without a specification has. */
export function readSchemaFolders(folder: ResourceFolder, inputs: Inputs): ReadonlyMap<string, unknown> {
  const schemas = new Map<string, unknown>();
  for (const file of folder.files) {
    if (!/^schemas\/[^/]+\/schemaInformation\.json$/.test(file)) continue;
    const document = inputs.file(`${folder.directory}/${file}`)?.document;
    if (document === undefined) continue;
    inputs.diagnostics.push(...document.diagnostics);
    const inner = schemaDocument(document);
    if (inner === null) continue;
    for (const [name, schema] of readSchemas(inner, (path) => openDocument(path, inputs), inputs.diagnostics))
      schemas.set(name, schema);
  }
  return schemas;
}

/** XML schemas of `schemas/{id}/schemaInformation.json` (content types of XSD and WSDL), by id. */
export function readXmlSchemas(folder: ResourceFolder, inputs: Inputs): ReadonlyMap<string, string> {
  const schemas = new Map<string, string>();
  for (const file of folder.files) {
    const id = /^schemas\/([^/]+)\/schemaInformation\.json$/.exec(file)?.[1];
    const root = id === undefined ? null : inputs.file(`${folder.directory}/${file}`)?.document.value;
    const value = xmlOf(isObject(root) && isObject(root.properties) ? root.properties : root);
    if (id !== undefined && value !== null) schemas.set(id, value);
  }
  return schemas;
}

/** Azure's content types end in `xsd+xml` or `wsdl+xml`; the text is in `document.value`, in old exports in `value`. */
function xmlOf(properties: unknown): string | null {
  if (!isObject(properties)) return null;
  const { contentType, document, value } = properties;
  if (typeof contentType === 'string' && !/xml/i.test(contentType)) return null;
  const text = isObject(document) ? document.value : (value ?? document);
  return typeof text === 'string' && text.trimStart().startsWith('<') ? text : null;
}

/** The `document` of a schema resource as a document of its own, so that its references start at its own root. */
function schemaDocument(document: ParsedDocument): ParsedDocument | null {
  const root = document.value;
  if (!isObject(root)) return null;
  const path = isObject(root.properties) ? ['properties', 'document'] : ['document'];
  const owner = isObject(root.properties) ? root.properties : root;
  if (!isObject(owner.document)) return null;
  return {
    file: document.file,
    value: owner.document,
    diagnostics: [],
    locate: (inside, part) => document.locate([...path, ...inside], part),
  };
}

function openDocument(path: string, inputs: Inputs): ParsedDocument | null {
  return /\.(json|ya?ml)$/i.test(path) ? (inputs.file(path)?.document ?? null) : null;
}
