import { createHash } from 'node:crypto';

/** The namespace in which Azure names its GUIDs. */
const namespace = '11fb06fb712d4ddd98c7e71bbd588830';

/** `guid()`: RFC 4122 version 5 (SHA-1) of the text in Azure's namespace. */
export function nameGuid(text: string): string {
  const hash = createHash('sha1').update(Buffer.from(namespace, 'hex')).update(text, 'utf8').digest();
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
