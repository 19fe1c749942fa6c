import type { SpecificationNode } from './specification-node.ts';

/**
 * The backend address that a specification names: the first https server, else the first http one, as Azure's import
 * chooses; variables take their defaults. Relative servers name no backend. Null when there is none.
 */
export function serviceUrlOf(root: SpecificationNode): string | null {
  const urls = root.get('swagger') === null ? serverUrls(root) : swaggerUrls(root);
  return urls.find((url) => /^https:/i.test(url)) ?? urls.find((url) => /^http:/i.test(url)) ?? urls[0] ?? null;
}

function serverUrls(root: SpecificationNode): string[] {
  return root.itemsOf('servers').flatMap((server) => {
    const template = server.string('url');
    if (template === null) {
      if (server.get('url') === null)
        server.at.problem('MissingProperty', { property: 'url', expected: 'the address of the server' });
      return [];
    }
    const variables = new Map(
      server.entriesOf('variables').map(([name, variable]) => [name, variable.get('default')?.value]),
    );
    const url = template.replace(/\{([^{}]*)\}/g, (placeholder, name: string) =>
      String(variables.get(name) ?? placeholder),
    );
    return /^(https?|wss?):\/\//i.test(url) && URL.canParse(url) ? [url.replace(/\/+$/, '')] : [];
  });
}

function swaggerUrls(root: SpecificationNode): string[] {
  const host = root.string('host');
  if (host === null || host === '') return [];
  const schemes = root.strings('schemes');
  const basePath = (root.string('basePath') ?? '').replace(/\/+$/, '');
  return (schemes.length === 0 ? ['https'] : schemes).map(
    (scheme) => `${scheme}://${host}${basePath.startsWith('/') || basePath === '' ? '' : '/'}${basePath}`,
  );
}
