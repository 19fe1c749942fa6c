/** What policies and specifications may weigh. */
const mostBytes = 4 * 1024 * 1024;
const timeoutMs = 30_000;

/** Reads a text over http or https; says what went wrong instead of throwing. */
export async function fetchText(url: string): Promise<{ readonly text: string } | { readonly problem: string }> {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return { problem: 'it is not an http or https URL.' };
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), headers: { Accept: '*/*' } });
    if (!response.ok) return { problem: `the answer is ${response.status} ${response.statusText}.` };
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > mostBytes) return { problem: `it is larger than ${mostBytes} bytes.` };
      chunks.push(chunk);
    }
    return {
      text: Buffer.concat(chunks)
        .toString('utf8')
        .replace(/^\ufeff/, ''),
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { problem: `${cause instanceof Error ? cause.message : String(cause)}.` };
  }
}
