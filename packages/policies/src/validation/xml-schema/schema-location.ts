/** The path that a location in a schema means. */
export function pathOf(location: string, known: { has(path: string): boolean }): string | undefined {
  if (known.has(location)) return location;
  const last =
    location
      .replace(/[?#].*$/s, '')
      .split('/')
      .at(-1) ?? '';
  const candidates = [last, last.replace(/\.xsd$/i, '')].map((name) => `/schemas/${name}`);
  return candidates.find((path) => known.has(path));
}
