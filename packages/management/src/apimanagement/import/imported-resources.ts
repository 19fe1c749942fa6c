import { createHash } from 'node:crypto';
import type { JsonValue, Operation } from '@lazuli/store';
import { serviceType } from '../api-management-type.ts';

export type Json = { readonly [name: string]: JsonValue };

/** A parameter of an operation. */
export interface ImportedParameter {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly description?: string | undefined;
  readonly values?: readonly string[];
  readonly defaultValue?: string | undefined;
}

/** An operation as an importer makes it; what is not given is empty. */
export interface ImportedOperation {
  readonly name: string;
  readonly displayName: string;
  readonly method: string;
  readonly urlTemplate: string;
  readonly description?: string | undefined;
  readonly templateParameters?: readonly ImportedParameter[];
  readonly queryParameters?: readonly ImportedParameter[];
  readonly headers?: readonly ImportedParameter[];
  readonly requestRepresentations?: readonly Json[];
  readonly responses?: readonly Json[];
  /** A policy document in format `xml`. */
  readonly policy?: string | undefined;
}

/** The writes that make an operation, and its policy, of an API. */
export function putOperation(apiId: string, operation: ImportedOperation): Operation[] {
  const id = `${apiId}/operations/${operation.name}`;
  const { description, policy } = operation;
  const written = put(id, 'apis/operations', {
    displayName: operation.displayName.slice(0, 300),
    method: operation.method,
    urlTemplate: operation.urlTemplate,
    templateParameters: (operation.templateParameters ?? []).map(parameter),
    ...(description ? { description: description.slice(0, 1000) } : {}),
    request: {
      queryParameters: (operation.queryParameters ?? []).map(parameter),
      headers: (operation.headers ?? []).map(parameter),
      representations: [...(operation.requestRepresentations ?? [])],
    },
    responses: [...(operation.responses ?? [])],
  });
  if (policy === undefined) return [written];
  return [written, put(`${id}/policies/policy`, 'apis/operations/policies', { format: 'xml', value: policy })];
}

/** The write of a schema of an API. */
export function putSchema(apiId: string, schemaId: string, contentType: string, document: Json): Operation {
  return put(`${apiId}/schemas/${schemaId}`, 'apis/schemas', { contentType, document });
}

/** The name of a schema follows from what is in it. */
export const schemaIdOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 24);

function put(id: string, path: string, properties: Json): Operation {
  return { operation: 'put', id, type: `${serviceType}/${path}`, body: { properties } };
}

function parameter({ name, type, required, description, values, defaultValue }: ImportedParameter): Json {
  return {
    name,
    type,
    required,
    values: [...(values ?? [])],
    ...(description ? { description } : {}),
    ...(defaultValue === undefined ? {} : { defaultValue }),
  };
}
