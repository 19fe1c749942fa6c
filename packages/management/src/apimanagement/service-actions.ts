import { compileDocument } from '@lazuli/policies';
import type { ResourceAction } from '../contract.ts';
import { textOf } from '../json/properties.ts';
import { refusedAction } from '../refused/refused-action.ts';
import { compileEnvironmentOf } from './compile-environment.ts';
import { policyTypes } from './references.ts';
import { belowOf } from './revisions.ts';

/** POSTs on a service. */
export const serviceActions: readonly ResourceAction[] = [
  {
    name: 'validatePolicies',
    readOnly: true,
    async run({ resource, reader }) {
      if (!resource) return { body: {} };
      const environment = await compileEnvironmentOf(resource.id, reader);
      const found = await belowOf(resource.id, reader);
      const problems = found
        .filter((one) => policyTypes.some((type) => type.toLowerCase() === one.type.toLowerCase()))
        .flatMap((one) => {
          const format = textOf(one, 'format') === 'rawxml' ? 'rawxml' : 'xml';
          const document = { format, text: textOf(one, 'value') ?? '', file: one.id } as const;
          const kind = /policyFragments$/i.test(one.type) ? 'fragment' : 'policies';
          return compileDocument(document, { kind, scope: 'operation', environment }).problems.filter(
            ({ severity }) => severity === 'error',
          );
        });
      return {
        body: {
          status: problems.length === 0 ? 'Succeeded' : 'Failed',
          details: problems.map(({ file, message }) => ({ target: file, message })),
        },
      };
    },
  },
  refusedAction('applynetworkconfigurationupdates', 'Network configuration of an Azure region'),
  refusedAction('backup', "Backup by the management API ('lazuli store backup' does it)"),
  refusedAction('restore', "Restore by the management API ('lazuli store restore' does it)"),
  refusedAction('connectivityCheck', 'The connectivity check'),
  refusedAction('getssotoken', 'Signing in to the developer portal'),
  refusedAction('migrateToStv2', 'Migration between compute platforms of Azure'),
];
