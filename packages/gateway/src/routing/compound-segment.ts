import { foldCase } from './case-folded-table.ts';
import type { TemplateSegment } from './url-template.ts';

export type CompoundSegment = Extract<TemplateSegment, { kind: 'compound' }>;

/**
 * The values of a compound segment's parameters, or null when the text does not fit. Each parameter takes at least one
 * character and as few as the text after it allows; the last takes what is left.
 */
export function matchCompound(segment: CompoundSegment, text: string): string[] | null {
  const folded = foldCase(text);
  const texts = segment.texts.map(foldCase);
  const first = texts[0] ?? '';
  const last = texts[texts.length - 1] ?? '';
  if (!folded.startsWith(first)) return null;
  const values: string[] = [];
  let at = first.length;
  for (let i = 1; i < texts.length - 1; i++) {
    const next = folded.indexOf(texts[i] ?? '', at + 1);
    if (next < 0) return null;
    values.push(text.slice(at, next));
    at = next + (texts[i] ?? '').length;
  }
  const end = text.length - last.length;
  if (end <= at || !folded.endsWith(last)) return null;
  values.push(text.slice(at, end));
  return values;
}

/** Characters that stand literally in the segment: more of them make it the closer match. */
export function literalLength(segment: CompoundSegment): number {
  return segment.texts.reduce((sum, text) => sum + text.length, 0);
}
