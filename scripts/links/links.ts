export interface Page {
  /** Path from the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** A line for each relative link in Markdown that leads to no file, or to no heading of a page. */
export function deadLinks(pages: readonly Page[], exists: (path: string) => boolean): string[] {
  const headings = new Map(pages.map(({ path, text }) => [path, anchors(text)]));
  return pages.flatMap(({ path, text }) =>
    links(text).flatMap((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : resolve(path, file);
      if (!exists(target)) return [`${path}: ${link} leads to no file`];
      if (anchor && headings.has(target) && !headings.get(target)?.has(anchor))
        return [`${path}: ${link} leads to no heading`];
      return [];
    }),
  );
}

function links(text: string): string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link));
}

/** Anchors as GitHub makes them: lower case, without punctuation, blanks as hyphens; the second of a name gets `-1`. */
function anchors(text: string): Set<string> {
  const found = new Set<string>();
  for (const [, heading = ''] of text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#{1,6} (.+)$/gm)) {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const base = plain
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    let anchor = base;
    for (let n = 1; found.has(anchor); n++) anchor = `${base}-${n}`;
    found.add(anchor);
  }
  return found;
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
}

function resolve(from: string, to: string): string {
  return new URL(to, `file:///${from}`).pathname.slice(1);
}
