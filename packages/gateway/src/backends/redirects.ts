/** What to send after a redirect, or null when the response is not one that can be followed. */
export interface Redirect {
  readonly method: string;
  readonly url: URL;
  readonly keepsBody: boolean;
}

/** How many redirects are followed before the last one is the answer. */
export const maxRedirects = 10;

/** RFC 9110 section 15.4: 303 (and, as everybody does, 301 and 302 of a POST) go on as GET; 307 and 308 keep method and body. */
export function redirectOf(
  status: number,
  location: string | undefined,
  method: string,
  from: string,
): Redirect | null {
  if (location === undefined || ![301, 302, 303, 307, 308].includes(status)) return null;
  let url: URL;
  try {
    url = new URL(location, from);
  } catch {
    return null;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  // As .NET's HttpClient: what was sent under TLS is not repeated without it.
  if (url.protocol === 'http:' && /^(?:https|wss):/.test(from)) return null;
  const toGet = (status === 303 && method !== 'HEAD') || ((status === 301 || status === 302) && method === 'POST');
  return { method: toGet ? 'GET' : method, url, keepsBody: !toGet };
}
