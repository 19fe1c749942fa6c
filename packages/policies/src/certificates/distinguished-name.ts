/** Type and value of each part of a name. */
export type NameParts = readonly (readonly [type: string, value: string])[];

/** Reads `C=US, O=Contoso, CN=client`, with quotes and backslashes as RFC 4514 and .NET write them. */
export function parseName(text: string): NameParts {
  const parts: [string, string][] = [];
  const pattern = /\s*([A-Za-z0-9.]+)\s*=\s*("(?:[^"]|"")*"|(?:\\.|[^,\\])*)\s*(?:,|$)/gy;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [, type = '', value = ''] = match;
    parts.push([
      typeOf(type),
      value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : unescaped(value.trim()),
    ]);
    if (pattern.lastIndex >= text.length) return parts;
  }
  return [];
}

/** From node:crypto's form: one part a line. */
export function partsOfLines(lines: string | undefined): NameParts {
  if (!lines) return [];
  return lines.split('\n').map((line) => {
    const equals = line.indexOf('=');
    return [typeOf(line.slice(0, equals)), unescaped(line.slice(equals + 1))] as const;
  });
}

/** Equal parts in the same order, or in the opposite one (.NET prints names the other way round); case does not matter. */
export function sameName(a: NameParts, b: NameParts): boolean {
  const equal = (x: NameParts, y: NameParts) =>
    x.every(([type, value], i) => type === y[i]?.[0] && value.toLowerCase() === y[i]?.[1].toLowerCase());
  return a.length > 0 && a.length === b.length && (equal(a, b) || equal(a, b.toReversed()));
}

const synonyms: Readonly<Record<string, string>> = { S: 'ST', E: 'EMAILADDRESS', G: 'GN', T: 'TITLE' };

function typeOf(name: string): string {
  const upper = name.toUpperCase();
  return synonyms[upper] ?? upper;
}

const unescaped = (text: string): string =>
  text.replace(/\\([0-9A-Fa-f]{2})|\\(.)/g, (_all, hex, plain) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : plain,
  );
