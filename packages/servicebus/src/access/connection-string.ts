import { ServiceBusError } from '../errors.ts';

/** What a connection string says. Either a key with the name of its rule, or a shared access signature, or neither. */
export interface ConnectionString {
  /** Lower case, without a port. */
  readonly hostName: string;
  readonly port: number | undefined;
  readonly sharedAccessKeyName: string | undefined;
  readonly sharedAccessKey: string | undefined;
  readonly sharedAccessSignature: string | undefined;
  readonly entityPath: string | undefined;
  readonly useDevelopmentEmulator: boolean;
}

const maxLength = 16 * 1024;
const names = [
  'Endpoint',
  'SharedAccessKeyName',
  'SharedAccessKey',
  'SharedAccessSignature',
  'EntityPath',
  'UseDevelopmentEmulator',
] as const;
type Name = (typeof names)[number];

/**
 * Reads `Endpoint=sb://host/;SharedAccessKeyName=…;SharedAccessKey=…;EntityPath=…`: names in any case and order, those that mean nothing
 * here are left out of account (`TransportType`, `OperationTimeout` of other clients).
 * @throws {ServiceBusError} `BadRequest`: names the part that is wrong, never its value
 */
export function parseConnectionString(text: string): ConnectionString {
  if (text.length > maxLength) throw refusal(`it is longer than ${maxLength} characters`);
  const parts = partsOf(text);
  const { hostName, port } = endpointOf(parts.get('Endpoint'));
  const sharedAccessKeyName = parts.get('SharedAccessKeyName');
  const sharedAccessKey = parts.get('SharedAccessKey');
  const sharedAccessSignature = parts.get('SharedAccessSignature');
  if ((sharedAccessKeyName === undefined) !== (sharedAccessKey === undefined)) {
    throw refusal('SharedAccessKeyName and SharedAccessKey go together');
  }
  if (sharedAccessKey !== undefined && sharedAccessSignature !== undefined) {
    throw refusal('it has both a SharedAccessKey and a SharedAccessSignature');
  }
  const emulator = parts.get('UseDevelopmentEmulator')?.toLowerCase() ?? 'false';
  if (emulator !== 'true' && emulator !== 'false') throw refusal('UseDevelopmentEmulator must be true or false');
  return {
    hostName,
    port,
    sharedAccessKeyName,
    sharedAccessKey,
    sharedAccessSignature,
    entityPath: parts.get('EntityPath')?.replace(/^\/+|\/+$/g, '') || undefined,
    useDevelopmentEmulator: emulator === 'true',
  };
}

function partsOf(text: string): Map<Name, string> {
  const parts = new Map<Name, string>();
  for (const part of text.split(';')) {
    if (part.trim() === '') continue;
    const equals = part.indexOf('=');
    if (equals < 0) throw refusal('every part must be Name=value');
    const given = part.slice(0, equals).trim().toLowerCase();
    const name = names.find((each) => each.toLowerCase() === given);
    const value = part.slice(equals + 1).trim();
    if (name === undefined || value === '') continue;
    if (parts.has(name)) throw refusal(`${name} is there twice`);
    parts.set(name, value);
  }
  return parts;
}

function endpointOf(endpoint: string | undefined): { readonly hostName: string; readonly port: number | undefined } {
  if (endpoint === undefined) throw refusal('Endpoint is missing: expected Endpoint=sb://host/');
  const [, host, port] =
    /^(?:sb|amqps?|https?):\/\/(\[[0-9a-f:.]+\]|[^\s/:@[\]?#]+)(?::(\d{1,5}))?\/?$/i.exec(endpoint) ?? [];
  if (host === undefined || Number(port ?? 1) > 65_535 || Number(port ?? 1) < 1) {
    throw refusal('Endpoint must be sb://host/ or sb://host:port/');
  }
  return { hostName: host.toLowerCase(), port: port === undefined ? undefined : Number(port) };
}

function refusal(what: string): ServiceBusError {
  return new ServiceBusError('BadRequest', { reason: `The connection string cannot be used: ${what}.` });
}
