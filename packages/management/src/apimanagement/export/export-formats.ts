import { stringify } from 'yaml';
import type { ExportedApi } from './exported-api.ts';
import { openApiDocument } from './openapi-document.ts';
import { swaggerDocument } from './swagger-document.ts';
import { wadlDocument } from './wadl-document.ts';
import { wsdlDocument } from './wsdl-document.ts';

export interface ExportFormat {
  /** What the answer calls the format. */
  readonly result: string;
  /** Answers the address of the document, not the document. */
  readonly isLink: boolean;
  readonly contentType: string;
  readonly extension: string;
  /** Null for an API that cannot be written so; `needs` says which can. */
  write(api: ExportedApi): string | null;
  readonly needs?: string;
}

const yaml = {
  contentType: 'application/yaml; charset=utf-8',
  extension: 'yaml',
  write: (api: ExportedApi) => stringify(openApiDocument(api), { lineWidth: 0, aliasDuplicateObjects: false }),
};
const json = {
  contentType: 'application/json; charset=utf-8',
  extension: 'json',
  write: (api: ExportedApi) => JSON.stringify(openApiDocument(api), null, 2),
};
const swagger = {
  contentType: 'application/json; charset=utf-8',
  extension: 'json',
  write: (api: ExportedApi) => JSON.stringify(swaggerDocument(api), null, 2),
};
const wadl = { contentType: 'application/xml; charset=utf-8', extension: 'wadl', write: wadlDocument };
const wsdl = {
  contentType: 'text/xml; charset=utf-8',
  extension: 'wsdl',
  write: wsdlDocument,
  needs: 'an API of type soap that was imported from WSDL',
};

/** Formats of `?export=true&format=`, by their names in lower case. */
export const exportFormats: Readonly<Record<string, ExportFormat>> = {
  'openapi-link': { ...yaml, result: 'openapi-link', isLink: true },
  'openapi+json-link': { ...json, result: 'openapi+json-link', isLink: true },
  'swagger-link': { ...swagger, result: 'swagger-link-json', isLink: true },
  'swagger-link-json': { ...swagger, result: 'swagger-link-json', isLink: true },
  'wadl-link': { ...wadl, result: 'wadl-link-json', isLink: true },
  'wadl-link-json': { ...wadl, result: 'wadl-link-json', isLink: true },
  'wsdl-link': { ...wsdl, result: 'wsdl-link+xml', isLink: true },
  openapi: { ...yaml, result: 'openapi', isLink: false },
  'openapi+json': { ...json, result: 'openapi+json', isLink: false },
  'swagger-json': { ...swagger, result: 'swagger-json', isLink: false },
  'wadl-xml': { ...wadl, result: 'wadl-xml', isLink: false },
  wsdl: { ...wsdl, result: 'wsdl', isLink: false },
};
