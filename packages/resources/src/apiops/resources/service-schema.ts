import { isObject } from '../../documents/document.ts';
import type { InformationFile } from '../../information/information-file.ts';
import { optional, required } from '../../information/property-table.ts';
import { anything, oneOf, text } from '../../information/property-types.ts';
import type { ServiceSchema } from '../../model/service.ts';
import type { ResourceFolder } from '../folder-index.ts';
import type { Inputs } from '../inputs.ts';

const properties = {
  schemaType: required(oneOf('json', 'xml'), 'What the schema describes.'),
  description: optional(text(), 'What the schema is for.'),
  value: optional(anything, 'The XML schema as text. A JSON schema may stand here too, as text or as an object.'),
  document: optional(anything, 'The JSON schema.'),
};

export const schemaInformation: InformationFile<typeof properties> = {
  name: 'schemaInformation.json',
  properties,
  accepted: [],
};

/** Reads a schema of the service: XML from `value`, JSON from `document` or `value`. */
export function readServiceSchema(folder: ResourceFolder, inputs: Inputs): ServiceSchema | null {
  const information = inputs.information(folder, schemaInformation);
  if (information === null) return null;
  const { values, at } = information;
  const { name } = folder;
  const missing = (property: string, expected: string): null => {
    at.problem('MissingProperty', { property, expected });
    return null;
  };
  const given = values.document ?? values.value;
  if (values.schemaType === 'xml') {
    const value = isObject(given) ? given.value : given;
    return typeof value === 'string' && value.trim() !== ''
      ? { name, schemaType: 'xml', value }
      : missing('value', 'an XML schema as text');
  }
  const document = typeof given === 'string' ? parsedJson(given) : given;
  return isObject(document) || typeof document === 'boolean'
    ? { name, schemaType: 'json', document }
    : missing('document', 'a JSON schema');
}

function parsedJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
