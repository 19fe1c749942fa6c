import { SaxesParser } from 'saxes';

export interface ElementPlace {
  /** Of the start tag, both from 1. */
  readonly line: number;
  readonly position: number;
  /** Name of the element around it as `{namespace}local`, or null at the root. */
  readonly parent: string | null;
}

/**
 * Finds the element that libxml2's path names: `/p:a/*[2]/b[3]` counts siblings of the same prefixed name, `*` those of
 * any name (libxml2 writes it for names without prefix that are in a namespace). The text must be well-formed.
 */
export function placeOfElement(text: string, path: string): ElementPlace | null {
  const steps = path
    .replace(/\/@[^/]*$/, '')
    .split('/')
    .slice(1)
    .map(parseStep);
  const parser = new SaxesParser({ xmlns: true });
  let found: ElementPlace | null = null;
  /** Steps that the open elements satisfy, and what was counted among the children of the last of them. */
  const open: { readonly name: string; readonly matches: boolean; count: number }[] = [];
  const root = { count: 0, matches: true };
  let start = { line: 1, position: 1 };
  parser.on('opentagstart', ({ name }) => {
    start = { line: parser.line, position: Math.max(1, parser.column - name.length) };
  });
  parser.on('opentag', (tag) => {
    const parent = open.at(-1);
    const around = parent ?? root;
    const step = steps[open.length];
    let matches = false;
    if (around.matches && step && (step.name === '*' || step.name === tag.name)) {
      around.count += 1;
      matches = around.count === step.index;
    }
    if (matches && open.length === steps.length - 1) found ??= { ...start, parent: parent?.name ?? null };
    open.push({ name: tag.uri === '' ? tag.local : `{${tag.uri}}${tag.local}`, matches, count: 0 });
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(text).close();
  return found;
}

function parseStep(step: string): { readonly name: string; readonly index: number } {
  const match = /^(.*?)(?:\[(\d+)\])?$/s.exec(step);
  return { name: match?.[1] ?? step, index: Number(match?.[2] ?? 1) };
}
