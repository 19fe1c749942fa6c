/** Layers of the house: a package imports packages of lower layers only, and each of those stands in its package.json. */
export const layers: Readonly<Record<string, number>> = {
  certificates: 0,
  amqp: 1,
  expressions: 1,
  resources: 1,
  templates: 1,
  policies: 2,
  store: 2,
  http: 3,
  http1: 4,
  gateway: 5,
  management: 5,
  servicebus: 5,
  server: 6,
  portal: 6,
  cli: 7,
};

export interface PackageManifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
}

export interface SourceFile {
  /** `packages/gateway/src/routing/router.ts` */
  readonly path: string;
  readonly text: string;
}

/** Every import in `file` that crosses a border it may not cross, as `path:line: what and why`. */
export function violations(file: SourceFile, manifests: ReadonlyMap<string, PackageManifest>): string[] {
  const owner = /^packages\/([^/]+)\//.exec(file.path)?.[1];
  const found: string[] = [];
  for (const { specifier, line } of importsOf(file.text)) {
    const problem =
      owner === undefined ? outside(specifier, manifests) : inside(owner, file.path, specifier, manifests);
    if (problem) found.push(`${file.path}:${line}: ${problem}`);
  }
  return found;
}

function inside(owner: string, path: string, specifier: string, manifests: ReadonlyMap<string, PackageManifest>) {
  if (specifier.startsWith('.')) {
    const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
    if (!target.startsWith(`packages/${owner}/`))
      return `'${specifier}' leaves the package; import its public face instead`;
    return undefined;
  }
  const target = /^@lazuli\/([^/]+)(\/.*)?$/.exec(specifier);
  if (!target) return undefined;
  const name = target[1] as string;
  const mine = layers[owner];
  const theirs = layers[name];
  if (mine === undefined) return `package '${owner}' has no layer in scripts/boundaries/rules.ts`;
  if (theirs === undefined) return `package '${name}' has no layer in scripts/boundaries/rules.ts`;
  if (theirs >= mine) return `'${owner}' (layer ${mine}) must not import '${name}' (layer ${theirs})`;
  const manifest = manifests.get(owner);
  const listed = manifest?.dependencies.includes(`@lazuli/${name}`);
  const forTests = path.endsWith('.test.ts') && manifest?.devDependencies.includes(`@lazuli/${name}`);
  if (!listed && !forTests) return `'@lazuli/${name}' is not in the dependencies of packages/${owner}/package.json`;
  return notExported(name, target[2], manifests);
}

function outside(specifier: string, manifests: ReadonlyMap<string, PackageManifest>) {
  if (/(^|\/)packages\/[^/]+\/src\//.test(specifier))
    return `'${specifier}' reaches into a package; import its public face`;
  const target = /^@lazuli\/([^/]+)(\/.*)?$/.exec(specifier);
  return target ? notExported(target[1] as string, target[2], manifests) : undefined;
}

function notExported(name: string, subpath: string | undefined, manifests: ReadonlyMap<string, PackageManifest>) {
  const exported = manifests.get(name)?.exports ?? {};
  return `.${subpath ?? ''}` in exported
    ? undefined
    : `'@lazuli/${name}${subpath ?? ''}' is not in that package's exports`;
}

const statement =
  /(?:^|\n)\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

function* importsOf(text: string): Generator<{ specifier: string; line: number }> {
  for (const match of text.matchAll(statement)) {
    const specifier = match[1] ?? match[2] ?? match[3];
    if (specifier === undefined) continue;
    const at = match.index + match[0].lastIndexOf(specifier);
    yield { specifier, line: text.slice(0, at).split('\n').length };
  }
}
