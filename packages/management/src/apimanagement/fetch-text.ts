/** What policies and specifications may weigh. */
const mostBytes = 4 * 1024 * 1024;
const timeoutMs = 30_000;

export type FetchedText =
  | { readonly text: string }
  /** `isReached`: the server answered, or nothing has to be asked to know. */
  | { readonly problem: string; readonly isReached: boolean };

/** Reads a text over http or https; says what went wrong instead of throwing. */
export async function fetchText(url: string): Promise<FetchedText> {
  const reached = (problem: string) => ({ problem, isReached: true });
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return reached('it is not an http or https URL.');
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), headers: { Accept: '*/*' } });
    if (!response.ok) {
      await response.body?.cancel();
      return reached(`the answer is ${response.status} ${response.statusText}.`);
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > mostBytes) return reached(`it is larger than ${mostBytes} bytes.`);
      chunks.push(chunk);
    }
    return {
      text: Buffer.concat(chunks)
        .toString('utf8')
        .replace(/^\ufeff/, ''),
    };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { problem: `${cause instanceof Error ? cause.message : String(cause)}.`, isReached: false };
  }
}
