import type { Diagnostic } from '../diagnostic.ts';
import { problem } from '../errors.ts';
import type { ResourceFolder } from './folder-index.ts';
import { layoutOf, portalFile } from './layout.ts';

/** What may stand in the folder of a resource besides its information file, by kind. */
const read: Readonly<Partial<Record<ResourceFolder['kind'], RegExp>>> = {
  api: /^(policy\.xml|tags\.json|operations\/[^/]+\/(policy\.xml|operationInformation\.json)|diagnostics\/[^/]+\/diagnosticInformation\.json|tags\/[^/]+\/\w*Information\.json|schemas\/[^/]+\/schemaInformation\.json)$/,
  product: /^(policy\.xml|(apis|groups|tags)\.json|(apis|groups|tags)\/[^/]+\/\w*Information\.json)$/,
  tag: /^(apis|products)\/[^/]+\/\w*Information\.json$/,
  policyFragment: /^policy\.xml$/,
};

/** `operations` stands in the folder of an API and, for its tags, in that of a tag. */
const unsupported: readonly { readonly file: RegExp; readonly kind: string }[] = [
  { file: /^resolvers\//, kind: 'GraphQL resolvers' },
  { file: /^mcpServers\//, kind: 'MCP servers' },
  { file: /^operations\/[^/]+\/(tags\/|tagOperationInformation\.json$)/, kind: 'Tags of operations' },
];

/**
 * Reports files that look like a part of the service but stand where nothing reads them (a misspelt name, the wrong
 * folder). Other files, such as notes and what `$ref`s point at, are nobody's business.
 */
export function reportUnreadFiles(folder: ResourceFolder): Diagnostic[] {
  const information = layoutOf(folder.kind).informationFile;
  return folder.files.flatMap((file): Diagnostic[] => {
    const name = file.slice(file.lastIndexOf('/') + 1);
    if (file === information || read[folder.kind]?.test(file) === true || portalFile.test(name)) return [];
    if (!/(Information\.json|^policy\.xml)$/i.test(name)) return [];
    const place = { file: `${folder.directory}/${file}`, line: 0, column: 0 };
    const known = unsupported.find((each) => each.file.test(file));
    if (known !== undefined) return [problem('UnsupportedResource', place, { kind: known.kind })];
    return [
      problem('UnreadFile', place, {
        expected: `${information} or another file of the reference (docs/configuration.md)`,
      }),
    ];
  });
}
