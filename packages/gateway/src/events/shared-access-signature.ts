import { createHmac } from 'node:crypto';

/**
 * A token for Service Bus and Event Hubs: `SharedAccessSignature sr=...&sig=...&se=...&skn=...`.
 * `expiresAt` in seconds since 1970. Source: "Authenticate access to Event Hubs resources using shared access signatures".
 */
export function sharedAccessSignature(resource: string, keyName: string, key: string, expiresAt: number): string {
  const uri = encodeURIComponent(resource);
  const signature = createHmac('sha256', key).update(`${uri}\n${expiresAt}`).digest('base64');
  return `SharedAccessSignature sr=${uri}&sig=${encodeURIComponent(signature)}&se=${expiresAt}&skn=${encodeURIComponent(keyName)}`;
}
