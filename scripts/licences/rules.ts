/** What a library that Lazuli runs on may be licensed under (SPDX identifiers). */
const allowed = new Set(['MIT', 'Apache-2.0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD']);

/** Packages that may be there although the rule above refuses them, each with the reason. None so far. */
const exceptions: ReadonlyMap<string, string> = new Map();

export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  /** As its own package.json says; npm allows other forms than a string. */
  readonly license: unknown;
}

/** A line for each package whose licence is not allowed or not stated. */
export function licenceProblems(packages: readonly InstalledPackage[]): string[] {
  return packages.flatMap(({ name, version, license }) => {
    if (exceptions.has(name) || (typeof license === 'string' && isAllowed(license))) return [];
    const stated = license === undefined ? 'no licence' : `the licence ${JSON.stringify(license)}`;
    return [`${name} ${version} states ${stated}; allowed: ${[...allowed].join(', ')}`];
  });
}

/** `(MIT OR GPL-2.0)` leaves the choice; anything with AND must be allowed whole. */
function isAllowed(expression: string): boolean {
  const choices = expression.replace(/^\(|\)$/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((licence) => allowed.has(licence.trim())));
}

/** A line for each library that a package of Lazuli names and docs/adr/0004-libraries.md does not, and the other way round. */
export function libraryPageProblems(libraries: ReadonlySet<string>, page: string): string[] {
  const listed = new Set(
    [...page.matchAll(/^\| ([^|]+) \| /gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    ),
  );
  return [
    ...[...libraries]
      .filter((name) => !listed.has(name))
      .map((name) => `docs/adr/0004-libraries.md does not list ${name}`),
    ...[...listed]
      .filter((name) => !libraries.has(name))
      .map((name) => `docs/adr/0004-libraries.md lists ${name}, which no package uses`),
  ];
}
