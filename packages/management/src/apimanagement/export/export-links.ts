import { createHmac, timingSafeEqual } from 'node:crypto';
import type { StoreReader } from '@lazuli/store';
import { lastSegment } from '../../json/properties.ts';
import { serviceIdOf } from '../service-id.ts';

/** Azure's links to exported documents last as long. */
const lifetimeMs = 5 * 60_000;

/** What a link leads to. */
export interface ExportLink {
  readonly apiId: string;
  readonly format: string;
}

/** First segment of the path of the links. */
export const exportSegment = 'api-exports';

/**
 * The address of a document for five minutes. It is signed with a key that follows from the service's all-access
 * subscription, so that every process serves it; a new primary key ends all links.
 */
export async function exportUrl(
  { apiId, format }: ExportLink,
  file: string,
  baseUrl: string,
  now: number,
  reader: StoreReader,
): Promise<string> {
  const link = Buffer.from(JSON.stringify([apiId, format])).toString('base64url');
  const expires = String(now + lifetimeMs);
  const signature = sign(link, expires, await keyOf(apiId, reader));
  return `${baseUrl}/${exportSegment}/${link}/${encodeURIComponent(file)}?se=${expires}&sig=${signature}`;
}

/** Where a link leads; null when it is not one of ours or its time is over. */
export async function readExportUrl(
  link: string,
  expires: string,
  signature: string,
  now: number,
  reader: StoreReader,
): Promise<ExportLink | null> {
  const found = parsed(link);
  if (found === null || !/^\d{1,15}$/.test(expires)) return null;
  const expected = Buffer.from(sign(link, expires, await keyOf(found.apiId, reader)));
  const given = Buffer.from(signature);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return Number(expires) < now ? null : found;
}

function parsed(link: string): ExportLink | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(link, 'base64url').toString());
    if (!Array.isArray(value)) return null;
    const [apiId, format] = value;
    const isOurs =
      typeof apiId === 'string' &&
      /^\/subscriptions\/.*\/providers\/Microsoft\.ApiManagement\/service\/[^/]+\/apis\/[^/]+$/i.test(apiId);
    return isOurs && typeof format === 'string' ? { apiId, format } : null;
  } catch {
    return null;
  }
}

function sign(link: string, expires: string, key: string): string {
  // Without a key nothing verifies: the service is not there.
  return createHmac('sha256', `export links ${key}`).update(`${link}\n${expires}`).digest('base64url');
}

async function keyOf(apiId: string, reader: StoreReader): Promise<string> {
  const secrets = await reader.readSecrets(`${serviceIdOf(apiId)}/subscriptions/master`);
  const key = secrets.get('properties/primaryKey');
  if (key === undefined || key === '')
    throw new MissingKey(`The all-access subscription of '${lastSegment(serviceIdOf(apiId))}' has no key.`);
  return key;
}

/** Links of a service without its all-access subscription cannot be signed or checked. */
export class MissingKey extends Error {}
