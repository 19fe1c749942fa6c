/** Bytes of one document at most. */
const mostBytes = 8 * 1024 * 1024;
const timeoutMs = 30_000;

export type Fetched = { readonly text: string } | { readonly problem: string };

/** Reads a document over http or https and decodes it; says what went wrong instead of throwing. `json` is posted. */
export async function fetchDocument(url: string, json?: string, signal?: AbortSignal): Promise<Fetched> {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return { problem: 'it is not an http or https URL.' };
  try {
    const headers = { Accept: json === undefined ? '*/*' : 'application/json' };
    const response = await fetch(url, {
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]),
      ...(json === undefined
        ? { headers }
        : { method: 'POST', body: json, headers: { ...headers, 'Content-Type': 'application/json' } }),
    });
    if (!response.ok) {
      await response.body?.cancel();
      return { problem: `the answer is ${response.status} ${response.statusText}.` };
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > mostBytes) return { problem: `it is larger than ${mostBytes} bytes.` };
      chunks.push(chunk);
    }
    return decode(Buffer.concat(chunks), response.headers.get('Content-Type') ?? '');
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { problem: `${cause instanceof Error ? cause.message : String(cause)}.` };
  }
}

/** By the byte order mark, else what the document or its media type says, else UTF-8. */
export function decode(bytes: Uint8Array, contentType: string): Fetched {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const encoding =
    (head.startsWith('\xef\xbb\xbf') && 'utf-8') ||
    (head.startsWith('\xff\xfe') && 'utf-16le') ||
    (head.startsWith('\xfe\xff') && 'utf-16be') ||
    /^\s*<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)["']/.exec(head)?.[1] ||
    /;\s*charset\s*=\s*"?([\w.-]+)/i.exec(contentType)?.[1] ||
    'utf-8';
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch (error) {
    // RangeError: no such encoding; TypeError: bytes that it does not have.
    if (error instanceof RangeError) return { problem: `its encoding '${encoding}' is not known.` };
    return { problem: `it is not valid ${encoding.toUpperCase()}.` };
  }
}
