import { createHash } from 'node:crypto';

/** What a self-hosted gateway serves: one consistent version of the part of a service that is assigned to it. */
export interface GatewayConfiguration {
  readonly gateway: { readonly id: string; readonly region: string };
  readonly service: { readonly name: string; readonly id: string };
  /** Key of debug credentials, in hexadecimal; null: none are accepted. */
  readonly debugKey: string | null;
  /** Artifacts by path. Holds secrets in clear. */
  readonly files: Readonly<Record<string, string>>;
}

export interface WrittenConfiguration {
  /** An entity tag, with its quotes. */
  readonly etag: string;
  readonly text: string;
}

/** The form in which a configuration goes over the wire and into the backup. */
export function writeConfiguration(configuration: GatewayConfiguration): WrittenConfiguration {
  const text = JSON.stringify({ format, ...configuration });
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` };
}

/** @throws {ConfigurationFormatError} */
export function readConfiguration(text: string): GatewayConfiguration {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationFormatError('The configuration is not JSON.', { cause });
  }
  if (!isObject(document)) throw new ConfigurationFormatError('The configuration is not an object.');
  if (document.format !== format)
    throw new ConfigurationFormatError(
      `The configuration has the format ${JSON.stringify(document.format)}; this version of Lazuli reads ${format}.`,
    );
  const { gateway, service, debugKey, files } = document;
  if (!isObject(gateway) || !isText(gateway.id) || !isText(gateway.region)) throw incomplete('gateway');
  if (!isObject(service) || !isText(service.id) || !isText(service.name)) throw incomplete('service');
  if (debugKey !== null && !isText(debugKey)) throw incomplete('debugKey');
  if (!isObject(files)) throw incomplete('files');
  const read: Record<string, string> = Object.create(null);
  for (const [path, content] of Object.entries(files)) {
    if (!isText(content)) throw incomplete(`files/${path}`);
    read[path] = content;
  }
  return {
    gateway: { id: gateway.id, region: gateway.region },
    service: { id: service.id, name: service.name },
    debugKey,
    files: read,
  };
}

/** What arrived, or stands in the backup, is no configuration that this version can read. */
export class ConfigurationFormatError extends Error {
  override readonly name = 'ConfigurationFormatError';
}

const format = 1;

function incomplete(member: string): ConfigurationFormatError {
  return new ConfigurationFormatError(`The configuration has no valid '${member}'.`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
