import { suggestion } from '../../documents/nearest-name.ts';
import { problem } from '../../errors.ts';
import { readInformation } from '../../information/information-file.ts';
import type { Operation } from '../../model/service.ts';
import { normaliseOperationName } from '../../openapi/operation-name.ts';
import type { SpecificationOperation } from '../../openapi/operations.ts';
import type { ResourceFolder } from '../folder-index.ts';
import type { Inputs } from '../inputs.ts';
import { operationInformation, toOperation } from './operation-information.ts';

interface Draft {
  readonly operation: Operation;
  readonly operationId: string | null;
  /** Where to report; null when the operation is described by a file of its own. */
  readonly report: SpecificationOperation['node'] | null;
  readonly file: string;
}

/**
 * The operations of an API: those of its specification, completed and corrected by `operations/{name}/operationInformation.json`,
 * each with the policy of its folder. A folder belongs to the operation whose operationId or normalised name it bears.
 */
export function readOperationFolders(
  folder: ResourceFolder,
  specified: readonly SpecificationOperation[],
  schemas: ReadonlyMap<string, unknown>,
  inputs: Inputs,
): Operation[] {
  const drafts: Draft[] = specified.map(({ operation, operationId, node }) => ({
    operation,
    operationId,
    report: node,
    file: node.at.document.file,
  }));
  const unmatched: string[] = [];
  for (const name of operationFolders(folder)) {
    const directory = `${folder.directory}/operations/${name}`;
    const policy = inputs.policy(`${directory}/policy.xml`);
    const index = findDraft(drafts, name);
    const described = readDescription(name, directory, schemas, inputs);
    const draft = drafts[index];
    if (draft !== undefined)
      drafts[index] = { ...draft, operation: { ...complete(draft.operation, described), name, policy } };
    else if (described !== null)
      drafts.push({
        operation: { ...described, policy },
        operationId: null,
        report: null,
        file: `${directory}/${operationInformation.name}`,
      });
    else if (policy !== null) unmatched.push(name);
  }
  for (const name of unmatched) {
    const place = { file: `${folder.directory}/operations/${name}/policy.xml`, line: 1, column: 1 };
    inputs.diagnostics.push(
      problem('UnknownOperation', place, {
        name,
        suggestion: suggestion(
          name,
          drafts.map(({ operation }) => operation.name),
        ),
      }),
    );
  }
  reportDuplicates(drafts, inputs);
  return drafts.map(({ operation }) => operation);
}

function operationFolders(folder: ResourceFolder): string[] {
  const names = folder.files.flatMap((file) => {
    const [first, name, file_] = file.split('/');
    return first === 'operations' && name !== undefined && file_ !== undefined ? [name] : [];
  });
  return [...new Set(names)];
}

function findDraft(drafts: readonly Draft[], name: string): number {
  const exact = drafts.findIndex(({ operation, operationId }) => operationId === name || operation.name === name);
  if (exact !== -1) return exact;
  const normalised = normaliseOperationName(name);
  return drafts.findIndex(
    ({ operation }) => operation.name === normalised || normaliseOperationName(operation.name) === normalised,
  );
}

function readDescription(
  name: string,
  directory: string,
  schemas: ReadonlyMap<string, unknown>,
  inputs: Inputs,
): Operation | null {
  const record = inputs.file(`${directory}/${operationInformation.name}`);
  if (record === null) return null;
  const information = readInformation(operationInformation, record.document, inputs.diagnostics);
  return information === null ? null : toOperation(name, information.values, schemas);
}

/** The file says what the operation is; the specification knows its bodies better (schemas, examples). */
function complete(specified: Operation, described: Operation | null): Operation {
  if (described === null) return specified;
  const { displayName, description, method, urlTemplate, templateParameters } = described;
  return {
    ...specified,
    displayName,
    description: description ?? specified.description,
    method,
    urlTemplate,
    templateParameters,
  };
}

function reportDuplicates(drafts: readonly Draft[], inputs: Inputs): void {
  const seen = new Map<string, string>();
  for (const { operation, report, file } of drafts) {
    const { method, urlTemplate, name } = operation;
    const key = `${method} ${urlTemplate.replace(/\{\*?[^{}]*\}/g, '{}')}`;
    const other = seen.get(key);
    if (other === undefined) {
      seen.set(key, name);
      continue;
    }
    const place = report === null ? { file, line: 1, column: 1 } : report.at.place('key');
    inputs.diagnostics.push(problem('DuplicateOperation', place, { other, method, urlTemplate }));
  }
}
