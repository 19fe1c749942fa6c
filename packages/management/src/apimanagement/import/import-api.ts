import type { JsonObject, JsonValue, Operation } from '@lazuli/store';
import type { BodyProblem } from '../../contract.ts';
import { fetchDocument } from './fetch-document.ts';
import { importGraphQlEndpoint } from './graphql.ts';
import { importGrpc } from './grpc.ts';
import { importOData } from './odata.ts';
import { importOpenApi } from './openapi.ts';
import { importWadl } from './wadl.ts';
import { importWsdl } from './wsdl.ts';

export interface ImportRequest {
  readonly format: string;
  /** The specification, or its URL. */
  readonly value: string;
  /** `soap` for WSDL that stays SOAP, `http` for WSDL that becomes REST. */
  readonly apiType: string;
  readonly wsdlSelector?: JsonValue | undefined;
  /** Where required query parameters go: `template` (default) or `query`. */
  readonly translateRequiredQueryParameters?: string | undefined;
  /** Where the specification was read: what it refers to is found from there. Absent when it is inline. */
  readonly url?: string | undefined;
}

/** The API that is imported into. */
export interface ImportTarget {
  readonly id: string;
  readonly properties: JsonObject;
}

export interface Imported {
  /** What the specification says of the API; members of the request go before. */
  readonly properties: JsonObject;
  /** Writes of operations and schemas. */
  readonly operations: readonly Operation[];
  readonly problems: readonly BodyProblem[];
}

export type Importer = (text: string, request: ImportRequest, target: ImportTarget) => Promise<Imported>;

/** Formats of `properties.format` and who reads them; the text of a link is fetched first. */
export const importers: Readonly<Record<string, { readonly isLink: boolean; readonly read: Importer }>> = {
  openapi: { isLink: false, read: importOpenApi },
  'openapi+json': { isLink: false, read: importOpenApi },
  'openapi-link': { isLink: true, read: importOpenApi },
  'openapi+json-link': { isLink: true, read: importOpenApi },
  'swagger-json': { isLink: false, read: importOpenApi },
  'swagger-link-json': { isLink: true, read: importOpenApi },
  wsdl: { isLink: false, read: importWsdl },
  'wsdl-link': { isLink: true, read: importWsdl },
  'wadl-xml': { isLink: false, read: importWadl },
  'wadl-link-json': { isLink: true, read: importWadl },
  odata: { isLink: false, read: importOData },
  'odata-link': { isLink: true, read: importOData },
  // The value is the endpoint, which is asked itself.
  'graphql-link': { isLink: false, read: importGraphQlEndpoint },
  grpc: { isLink: false, read: importGrpc },
  'grpc-link': { isLink: true, read: importGrpc },
};

/** Reads a specification; what is wrong with it is in the problems, with its line. */
export async function importApi(request: ImportRequest, target: ImportTarget): Promise<Imported> {
  const format = request.format.toLowerCase();
  const importer = Object.hasOwn(importers, format) ? importers[format] : undefined;
  if (!importer)
    return failed(
      'properties.format',
      `The format '${request.format}' cannot be imported: expected one of ${Object.keys(importers).join(', ')}.`,
    );
  if (!importer.isLink) return importer.read(request.value, request, target);
  const fetched = await fetchDocument(request.value);
  if ('problem' in fetched)
    return failed('properties.value', `Cannot read the specification at '${request.value}': ${fetched.problem}`);
  return importer.read(fetched.text, { ...request, url: request.value }, target);
}

export function failed(target: string, message: string): Imported {
  return { properties: {}, operations: [], problems: [{ target, message }] };
}

/** How Azure words that a specification is not correct. */
export const parsingError = (message: string): string => `Parsing error(s): ${message}`;
