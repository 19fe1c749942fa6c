/** The line in front of a chunk (RFC 9112 section 7.1). */
export function chunkSize(length: number): string {
  return `${length.toString(16)}\r\n`;
}

export const lastChunk = '0\r\n\r\n';

/** The end of a chunked body with trailer fields, which are valid already; flat. */
export function lastChunkWith(trailers: readonly string[]): string {
  if (trailers.length === 0) return lastChunk;
  let text = '0\r\n';
  for (let i = 0; i < trailers.length; i += 2) text += `${trailers[i]}: ${trailers[i + 1]}\r\n`;
  return `${text}\r\n`;
}
