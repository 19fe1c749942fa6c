import type { Diagnostic } from '../diagnostic.ts';
import { problem } from '../errors.ts';
import { LineIndex } from './line-index.ts';

/** A decoded text file; `text` is null when it is not valid UTF-8. */
export interface DecodedText {
  readonly text: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Decodes UTF-8, dropping a byte order mark. Invalid bytes and NUL characters are refused with their place. */
export function decodeText(file: string, bytes: Uint8Array): DecodedText {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const lossy = new TextDecoder('utf-8').decode(bytes);
    const place = new LineIndex(lossy).position(Math.max(0, lossy.indexOf('\uFFFD')));
    return { text: null, diagnostics: [problem('InvalidEncoding', { file, ...place }, {})] };
  }
  const nul = text.indexOf('\0');
  if (nul !== -1) {
    return { text: null, diagnostics: [problem('NulCharacter', { file, ...new LineIndex(text).position(nul) }, {})] };
  }
  return { text, diagnostics: [] };
}
